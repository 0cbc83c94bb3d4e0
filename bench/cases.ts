// What is measured, by group, with the goal of each group (time / NumPy's time, geometric mean). A case is one
// expression that all sides understand, or one for each where they differ. What a side does not have is left out.

import { type BenchCase, data, listed } from './case.ts';
import { fused } from './fused.ts';
import { linearAlgebra } from './linear_algebra.ts';
import { products } from './products.ts';

export const goals: Readonly<Record<string, number>> = {
  elementwise: 0.5,
  layouts: 0.7,
  reductions: 0.6,
  statistics: 0.6,
  sorting: 0.55,
  indexing: 0.7,
  manipulation: 0.8,
  fused: 0.2,
  products: 1,
  'linear algebra': 0.95,
  'linear algebra, small': 0.5,
  'linear algebra, stacks': 1,
  fft: 1,
  random: 1,
};

const sizes = [10, 1_000, 100_000, 10_000_000];

interface Op {
  readonly run: string;
  readonly dtypes: readonly string[];
  readonly range?: readonly [number, number];
  readonly inputs?: 1;
}
const numbers = ['float64', 'float32', 'int32', 'int64', 'uint8', 'complex128'];
const floats = ['float64', 'float32'];
const positive = [0.1, 100] as const;
const elementwiseOps: readonly Op[] = [
  { run: 'np.add(a, b)', dtypes: [...numbers, 'int16', 'float16'] },
  { run: 'np.multiply(a, b)', dtypes: numbers },
  { run: 'np.divide(a, b)', dtypes: [...floats, 'int32', 'complex128'], range: [1, 10] },
  { run: 'np.floor_divide(a, b)', dtypes: ['int32', 'float64'], range: [1, 10] },
  { run: 'np.maximum(a, b)', dtypes: [...floats, 'int32', 'uint8'] },
  { run: 'np.less(a, b)', dtypes: [...floats, 'int32'] },
  { run: 'np.logical_and(a, b)', dtypes: ['bool'], range: [0, 2] },
  { run: 'np.power(a, b)', dtypes: floats, range: [0.1, 5] },
  { run: 'np.arctan2(a, b)', dtypes: ['float64'] },
  { run: 'np.absolute(a)', dtypes: ['float64', 'int32', 'complex128'], inputs: 1 },
  ...['sqrt', 'exp', 'log', 'sin'].map(
    (f) => ({ run: `np.${f}(a)`, dtypes: floats, range: positive, inputs: 1 }) as const,
  ),
  { run: 'np.tanh(a)', dtypes: ['float64'], inputs: 1 },
  { run: 'np.rint(a)', dtypes: ['float64'], inputs: 1 },
  { run: "a.astype('float32')", dtypes: ['float64', 'int32'], inputs: 1 },
  { run: "a.astype('float64')", dtypes: ['int32', 'float32', 'uint8'], inputs: 1 },
  { run: "a.astype('int32')", dtypes: ['float64'], inputs: 1 },
];

function elementwise(): BenchCase[] {
  const out: BenchCase[] = [];
  for (const { run, dtypes, range, inputs } of elementwiseOps) {
    for (const dtype of dtypes) {
      for (const n of sizes) {
        if (n > 1e6 && /128/.test(dtype)) continue; // three arrays of 160 MB say nothing new
        const setup = {
          a: data(dtype, [n], ...(range ?? [])),
          ...(inputs !== 1 && { b: data(dtype, [n], ...(range ?? [])) }),
        };
        const quick = dtype === dtypes[0] && (n === 10 || n === 100_000) && /add|exp|sqrt/.test(run);
        out.push({ group: 'elementwise', name: `${run} ${dtype} ${n}`, setup, run, ...(quick && { quick }) });
      }
    }
  }
  return out;
}

function layouts(dtype: string, n: number): BenchCase[] {
  const setup = {
    a: data(dtype, [n, n]),
    b: data(dtype, [n, n]),
    row: data(dtype, [n]),
    column: data(dtype, [n, 1]),
    wide: data(dtype, [n, 2 * n]),
    every: { js: "wide.get('...', '::2')", py: 'wide[..., ::2]' },
    part: { js: `wide.get('...', ':${n}')`, py: `wide[..., :${n}]` },
    back: { js: "a.get('::-1', '::-1')", py: 'a[::-1, ::-1]' },
    other: data(dtype === 'float64' ? 'float32' : 'int16', [n, n]),
    out: data(dtype, [n, n]),
  };
  const of = `${dtype} ${n}×${n}`;
  return listed('layouts', setup, [
    [`a + row ${of}`, 'np.add(a, row)'],
    [`a + column ${of}`, 'np.add(a, column)'],
    [`row + column ${of}`, 'np.add(row, column)'],
    [`a + 2 ${of}`, 'np.add(a, 2)'],
    [`a.T + b ${of}`, 'np.add(a.T, b)'],
    [`a.T + b.T ${of}`, 'np.add(a.T, b.T)'],
    [`every second column ${of}`, 'np.multiply(every, b)'],
    [`left half ${of}`, 'np.add(part, b)'],
    [`reversed ${of}`, 'np.add(back, b)'],
    [`mixed dtypes ${of}`, 'np.add(a, other)'],
    [`into out ${of}`, 'np.add(a, b, { out: out })', 'np.add(a, b, out=out)'],
    [`in place ${of}`, 'np.add(out, b, { out: out })', 'np.add(out, b, out=out)'],
    [`copy of a transpose ${of}`, 'a.T.copy()'],
  ]);
}

function reductions(dtype: string): BenchCase[] {
  const setup = { a: data(dtype, [1000, 1000]), v: data(dtype, [1_000_000]), small: data(dtype, [1000]) };
  const names = ['sum', 'min', 'max', 'argmax', 'mean', 'std', 'cumsum', 'any', 'prod', 'median'];
  const many = names.filter((f) => dtype === 'float64' || ['sum', 'max', 'argmax', 'mean'].includes(f));
  return listed(
    'reductions',
    setup,
    many.flatMap((f) => [
      [`${f} of all ${dtype} 10^6`, `np.${f}(v)`] as const,
      [`${f} axis 0 ${dtype} 1000×1000`, `np.${f}(a, 0)`] as const,
      [`${f} axis 1 ${dtype} 1000×1000`, `np.${f}(a, 1)`] as const,
      ...(f === 'sum' ? [[`${f} of all ${dtype} 1000`, `np.${f}(small)`] as const] : []),
    ]),
  );
}

/** Joining, repeating, turning and padding an array of this shape, along its first axis (0) and its last (-1). */
function manipulation(dtype: string, shape: readonly number[]): BenchCase[] {
  const of = `${dtype} ${shape.join('×')}`;
  const setup = { a: data(dtype, shape), b: data(dtype, shape) };
  const along = (axis: number): (readonly [string, string] | readonly [string, string, string])[] => [
    [`concatenate, axis ${axis}, ${of}`, `np.concatenate([a, b], ${axis})`],
    [`stack, axis ${axis}, ${of}`, `np.stack([a, b], ${axis})`],
    [`repeat 3 times, axis ${axis}, ${of}`, `np.repeat(a, 3, ${axis})`],
    [`roll by 5, axis ${axis}, ${of}`, `np.roll(a, 5, ${axis})`],
  ];
  return listed('manipulation', setup, [
    ...along(0),
    ...along(-1),
    [`tile 3 times ${of}`, 'np.tile(a, 3)'],
    [`pad by 2 ${of}`, 'np.pad(a, 2)'],
    [`pad by 2, mirrored, ${of}`, "np.pad(a, 2, { mode: 'reflect' })", "np.pad(a, 2, mode='reflect')"],
  ]);
}

/** Quantiles, histograms, sets and comparisons of n elements. */
function statistics(n: number): BenchCase[] {
  const setup = {
    v: data('float64', [n]),
    w: data('float64', [n]),
    a: data('float64', [100, n / 100]),
    few: `${data('int32', [n], 0, 100)}.astype('int64')`,
    wide: `${data('int32', [n], -1e9, 1e9)}.astype('int64')`,
    whole: `np.rint(${data('float64', [n], 0, 100)})`,
    keys: data('float64', [1000]),
  };
  return listed('statistics', setup, [
    [`median ${n}`, 'np.median(v)'],
    [`median axis 0 ${n}`, 'np.median(a, 0)'],
    [`percentiles ${n}`, 'np.percentile(v, [25, 50, 75])'],
    [`nansum ${n}`, 'np.nansum(v)'],
    [`nanmean ${n}`, 'np.nanmean(v)'],
    [`nanvar ${n}`, 'np.nanvar(v)'],
    [`nanargmax ${n}`, 'np.nanargmax(v)'],
    [`average ${n}`, 'np.average(v, { weights: w })', 'np.average(v, weights=w)'],
    [`ptp ${n}`, 'np.ptp(v)'],
    [`histogram of 100 bins ${n}`, 'np.histogram(v, 100)'],
    [`histogram2d of 50×50 bins ${n}`, 'np.histogram2d(v, w, 50)'],
    [`bincount ${n}`, 'np.bincount(few)'],
    [`cov of 100 variables ${n}`, 'np.cov(a)'],
    [`isclose ${n}`, 'np.isclose(v, w)'],
    [`allclose ${n}`, 'np.allclose(v, v)'],
    [`unique float64, few, ${n}`, 'np.unique(whole)'],
    [`unique int64, few, ${n}`, 'np.unique(few)'],
    [`unique int64, many, ${n}`, 'np.unique(wide)'],
    [`unique, inverse, ${n}`, 'np.unique(wide, { return_inverse: true })', 'np.unique(wide, return_inverse=True)'],
    [`unique, counts, ${n}`, 'np.unique(wide, { return_counts: true })', 'np.unique(wide, return_counts=True)'],
    [`isin ${n}`, 'np.isin(v, keys)'],
    [`intersect1d ${n}`, 'np.intersect1d(wide, few)'],
    [`setdiff1d ${n}`, 'np.setdiff1d(wide, few)'],
  ]);
}

const vectors = (dtype: string, n: number) => ({
  v: data(dtype, [n], -1e6, 1e6),
  keys: `np.sort(${data(dtype, [1000], -1e6, 1e6)})`,
  few: data(dtype, [n], 0, 100),
  small: data(dtype, [1000], -1e6, 1e6),
  rows: data(dtype, [n / 100, 100], -1e6, 1e6),
  square: data(dtype, [1000, 1000], -1e6, 1e6),
});

const places = (n: number, shape: readonly number[] = [n]): string =>
  `data('int32', [${shape}], 0, ${n}).astype('int64')`;
const positioned = (dtype: string, n: number) => ({
  v: data(dtype, [n], 0, 100),
  w: data(dtype, [n], 0, 100),
  index: places(n),
  mask: `np.greater(${data('float64', [n])}, 0)`,
});
const planes = (dtype: string, n: number) => ({
  a: data(dtype, [n, n], 0, 100),
  index: places(n),
  across: places(n, [n, n]),
  low: `np.less(${data('float64', [n, n], 0, 100)}, 40)`,
  points: data(dtype, [n * n, 3], 0, 100),
  at: places(n * n),
});

export const cases: readonly BenchCase[] = [
  ...fused(),
  ...elementwise(),
  ...layouts('float64', 1000),
  ...layouts('float32', 1000),
  ...layouts('int32', 300),
  ...['float64', 'float32', 'int32', 'uint8'].flatMap(reductions),
  ...[10_000, 1_000_000].flatMap(statistics),
  ...['float64', 'float32', 'int32'].flatMap((d) =>
    listed('sorting', vectors(d, 1_000_000), [
      [`sort ${d} 10^6`, 'np.sort(v)'],
      [`argsort ${d} 10^6`, 'np.argsort(v)'],
      [`unique ${d} 10^6`, 'np.unique(v)'],
      [`searchsorted ${d} 10^6 in 1000`, 'np.searchsorted(keys, v)'],
      [`partition ${d} 10^6`, 'np.partition(v, 500000)'],
      [`lexsort ${d} 10^6, two keys`, 'np.lexsort([v, few])'],
      [`sort ${d} 1000`, 'np.sort(small)'],
      [`sort ${d} 10^4 rows of 100`, 'np.sort(rows, 1)'],
      [`argsort ${d} 10^4 rows of 100`, 'np.argsort(rows, 1)'],
      [`sort ${d} 1000×1000, axis 0`, 'np.sort(square, 0)'],
    ]),
  ),
  ...['float64', 'float32', 'int32', 'uint8'].flatMap((d) =>
    [1000, 100_000, 1_000_000, 10_000_000].flatMap((n) =>
      listed('indexing', positioned(d, n), [
        [`take ${d} ${n}`, 'np.take(v, index)'],
        [`mask ${d} ${n}`, 'v.get(mask)', 'v[mask]'],
        [`set under a mask ${d} ${n}`, 'v.set(mask, 3)', 'v.__setitem__(mask, 3)'],
        [`nonzero ${d} ${n}`, 'np.nonzero(mask)'],
        [`where ${d} ${n}`, 'np.where(mask, v, w)'],
      ]),
    ),
  ),
  ...['float64', 'uint8'].flatMap((d) =>
    [10, 1_000_000].flatMap((n) =>
      listed('indexing', positioned(d, n), [
        [`index array ${d} ${n}`, 'v.get(index)', 'v[index]'],
        [`set by index array ${d} ${n}`, 'v.set([index], w)', 'v.__setitem__(index, w)'],
        [`set under a mask from an array ${d} ${n}`, 'v.set(mask, w.get(mask))', 'v.__setitem__(mask, w[mask])'],
      ]),
    ),
  ),
  ...['float64', 'uint8'].flatMap((d) =>
    listed('indexing', planes(d, 1000), [
      [`take rows ${d} 1000×1000`, 'np.take(a, index, 0)'],
      [`take columns ${d} 1000×1000`, 'np.take(a, index, 1)'],
      [`index columns ${d} 1000×1000`, "a.get(':', index)", 'a[:, index]'],
      [`two columns ${d} 1000×1000`, "a.get(':', [2, 0])", 'a[:, [2, 0]]'],
      [`rows of three ${d} 10^6`, 'points.get(at)', 'points[at]'],
      [`open mesh ${d} 1000×1000`, "a.get(index.get(':', null), index)", 'a[index[:, None], index]'],
      [`take_along_axis ${d} 1000×1000`, 'np.take_along_axis(a, across, 1)'],
      [`nonzero of a matrix ${d} 1000×1000`, 'np.nonzero(low)'],
    ]),
  ),
  ...['float64', 'float32', 'uint8'].flatMap((d) => [
    ...[[1000], [30, 34], [100_000], [1000, 1000]].flatMap((shape) => manipulation(d, shape)),
    ...(d === 'float64' ? [[10_000_000], [500_000, 2]].flatMap((shape) => manipulation(d, shape)) : []),
  ]),
  ...products(),
  ...linearAlgebra(),
  ...[1024, 100_003, 1_048_576].flatMap((n) =>
    listed('fft', { c: data('complex128', [n]), r: data('float64', [n]) }, [
      [`fft ${n}`, 'np.fft.fft(c)'],
      [`rfft ${n}`, 'np.fft.rfft(r)'],
    ]),
  ),
  ...listed('random', { g: 'np.random.default_rng(1)' }, [
    ['random 10^6', 'g.random(1000000)'],
    ['standard_normal 10^6', 'g.standard_normal(1000000)'],
    ['integers 10^6', 'g.integers(0, 100, 1000000)'],
    ['shuffled 10^5', 'g.permutation(100000)'],
  ]),
];

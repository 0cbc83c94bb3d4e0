// The law of arrays in chunks: what operations give of blocks is what they give of the array in memory. Every operation over
// several grids and dtypes, with NaN, infinities, negative zeros, empty axes; and random chains of them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as np from '../../src/index.ts';

// Calls are chosen from tables, by name, of arrays and of what stands for them.
// biome-ignore lint/suspicious/noExplicitAny: as said above
type Any = any;
const eager = np as Any;
const chunked = np.chunked as Any;

const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1, -1, 2.5];
function sample(shape: readonly number[], dtype = 'float64', odd = false): np.NDArray {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Array.from({ length: size }, (_, i) => {
    if (odd && i % 5 === 3) return special[(i * 7) % special.length];
    return Math.round(Math.sin(i * i * 0.7 + 1) * 400) / (/int/.test(dtype) ? 50 : 64);
  });
  return eager
    .array(values)
    .astype(dtype === 'uint8' ? 'int32' : dtype)
    .astype(dtype)
    .reshape(shape);
}
const grids = (shape: readonly number[]): (number | readonly number[])[] => [
  1,
  100,
  shape.map((n, d) => (d % 2 === 0 ? 3 : Math.max(1, n))),
];

/** Shape and elements; -0 is told from 0 where bits are asked for. */
function textOf(x: Any): string {
  const a = eager.asarray(x);
  const list = [
    ...a
      .astype(a.dtype.kind === 'c' ? 'complex128' : a.dtype)
      .reshape(-1)
      .tolist(),
  ];
  return `[${a.shape}] ${list.map((v: unknown) => (Object.is(v, -0) ? '-0' : String(v))).join(' ')}`;
}

async function expectSame(got: Any, want: Any, tolerance: number, label: string): Promise<void> {
  const made = typeof got?.compute === 'function' ? await got.compute() : got;
  const [g, w] = [eager.asarray(made), eager.asarray(want)];
  if (tolerance === 0) return expect(textOf(g), label).toBe(textOf(w));
  expect(g.shape, label).toEqual(w.shape);
  expect(eager.allclose(g, w, { rtol: tolerance, atol: tolerance, equal_nan: true }), `${label}\n${g}\n${w}`).toBe(
    true,
  );
}

interface Case {
  readonly name: string;
  readonly of: (f: Any, x: Any, a: np.NDArray) => Any;
  /** Where the eager call is another. */
  readonly as?: (a: Any) => Any;
  readonly tolerance?: number;
  readonly dtypes?: readonly string[];
}
const numeric = ['float64', 'float32', 'int32', 'uint8', 'int64', 'complex128'];
const real = numeric.slice(0, -1);

// `f` is np for the array and np.chunked (or np, which hands over) for the chunks.
const both = (name: string): Any => (name in chunked ? chunked : eager)[name];
const named =
  (name: string, ...args: readonly unknown[]): Case['of'] =>
  (f, x) =>
    (f === eager ? eager[name] : both(name))(x, ...args);

const cases: readonly Case[] = [
  ...['min', 'max', 'any', 'all', 'count_nonzero'].flatMap((name) =>
    [undefined, 0, 1, [0, 1]].map((axis): Case => ({ name: `${name} ${axis}`, of: named(name, axis) })),
  ),
  ...['sum', 'prod', 'mean', 'var', 'std', 'nansum', 'nanmean', 'nanvar'].flatMap((name) =>
    [undefined, 0, [0, 1]].map((axis): Case => ({ name: `${name} ${axis}`, of: named(name, axis), tolerance: 1e-5 })),
  ),
  ...['argmin', 'argmax'].flatMap((name) =>
    [undefined, 0, 1].map((axis): Case => ({ name: `${name} ${axis}`, of: named(name, axis), dtypes: real })),
  ),
  ...['nanmin', 'nanmax', 'ptp'].map((name): Case => ({ name, of: named(name, 1), dtypes: real })),
  ...[[-1], [6, 4], [2, 2, 6], [4, 3, 2], [1, 24, 1]].map(
    (shape): Case => ({ name: `reshape ${shape}`, of: named('reshape', shape) }),
  ),
  { name: 'reshape F', of: (_, x) => eager.reshape(x, [8, 3], { order: 'F' }) },
  { name: 'reshape of a view', of: (_, x) => eager.reshape(x.T.get('::-1'), [-1]).get('3::2') },
  { name: 'flip', of: named('flip', 0) },
  { name: 'moveaxis', of: named('moveaxis', 0, 1) },
  { name: 'slices', of: (_, x) => x.get('::-2', null, '1:5').get(0) },
  { name: 'roll', of: named('roll', 3) },
  { name: 'roll along', of: named('roll', [1, -2], [0, 1]) },
  { name: 'tile', of: named('tile', [2, 1, 2]) },
  { name: 'repeat', of: named('repeat', 2, 1) },
  { name: 'repeat by counts', of: named('repeat', [1, 0, 2, 1], 0) },
  ...['constant', 'edge', 'wrap', 'reflect', 'symmetric'].map(
    (mode): Case => ({
      name: `pad ${mode}`,
      of: named(
        'pad',
        [
          [1, 2],
          [2, 0],
        ],
        mode,
      ),
    }),
  ),
  { name: 'take', of: named('take', [3, 0, 0, -1], 0) },
  { name: 'take far apart', of: named('take', [5, 0, 4, 1, 3, 2, 5, 0], 1) },
  {
    name: 'take of all',
    of: named('take', [
      [23, 0, 7],
      [12, 12, 1],
    ]),
  },
  { name: 'compress', of: (f, x) => f.compress([true, false, true, true], x, 0) },
  { name: 'concatenate', of: (f, x, a) => f.concatenate([x, a, x], 1) },
  { name: 'stack', of: (f, x) => f.stack([x, x], 1) },
  { name: 'vstack', of: (f, x, a) => f.vstack([x, a.get(0)]) },
  { name: 'hstack', of: (f, x) => f.hstack([x, x]) },
  { name: 'array_split', of: (f, x) => f.array_split(x, 4, 1)[1] },
  { name: 'where', of: (_, x) => eager.where(eager.greater(x, 1), x, 0), dtypes: real },
  { name: 'clip', of: (_, x) => eager.clip(x, 0, 3), dtypes: real },
  { name: 'broadcast', of: (_, x, a) => eager.add(x, a.get(0)) },
  { name: 'diff', of: named('diff', 1, 0), dtypes: real },
  ...['cumsum', 'cumprod'].flatMap((name) =>
    [0, 1, null].map((axis): Case => ({ name: `${name} ${axis}`, of: named(name, axis), tolerance: 1e-5 })),
  ),
  { name: 'cumsum of part', of: (f, x) => f.cumsum(x, 0).get('1:3', '2:'), tolerance: 1e-5 },
  { name: 'cummax', of: (f, x) => (f === eager ? eager.maximum.accumulate(x, 1) : f.cummax(x, 1)), dtypes: real },
  { name: 'matmul', of: (f, x, a) => f.matmul(x, a.T), tolerance: 1e-5 },
  { name: 'matmul from the left', of: (f, x, a) => f.matmul(a.T, x), tolerance: 1e-5 },
  { name: 'matvec', of: (f, x, a) => f.matmul(x, a.get(0)), tolerance: 1e-5 },
  { name: 'tensordot', of: (f, x, a) => f.tensordot(x, a, [[0], [0]]), tolerance: 1e-5 },
  { name: 'dot', of: (f, x, a) => f.dot(x, a.T), tolerance: 1e-5 },
  { name: 'inner', of: (f, x, a) => f.inner(x, a), tolerance: 1e-5 },
  { name: 'outer', of: (f, x, a) => f.outer(x, a.get(0)), dtypes: real },
  { name: 'cov', of: named('cov'), tolerance: 1e-4, dtypes: ['float64', 'int32'] },
  ...[0, 1, null].flatMap((axis) =>
    ['whole', 'merge'].flatMap((method): Case[] => [
      {
        name: `sort ${axis} ${method}`,
        of: (f, x) => (f === eager ? eager.sort(x, { axis }) : f.sort(x, { axis, method })),
        dtypes: real,
      },
      {
        name: `argsort ${axis} ${method}`,
        of: (f, x) => (f === eager ? eager.argsort(x, { axis, stable: true }) : f.argsort(x, { axis, method })),
        dtypes: real,
      },
    ]),
  ),
  { name: 'partition', of: (f, x) => f.partition(x, 2).get(':', 2), dtypes: ['float64', 'int32'] },
  { name: 'top_k', of: (f, x) => f.top_k(x, 3, { axis: 1 }).values, dtypes: real },
  { name: 'top_k positions', of: (f, x) => f.top_k(x, 2, { axis: 0, mode: 'smallest' }).indices, dtypes: real },
  {
    name: 'quantile',
    of: (f, x) => f.quantile(x, [0.1, 0.5], { axis: 0 }),
    tolerance: 1e-6,
    dtypes: ['float64', 'int32'],
  },
  {
    name: 'median',
    of: (f, x) => f.median(x, { axis: 1, keepdims: true }),
    tolerance: 1e-6,
    dtypes: ['float64', 'int32'],
  },
  {
    name: 'rolling',
    of: (f, x) =>
      f === eager ? eager.lib.stride_tricks.sliding_window_view(x, 2, 1).max(-1) : f.rolling(x, 2, 'max', 1),
    dtypes: real,
  },
  { name: 'histogram', of: (f, x) => f.histogram(x, 5)[0], dtypes: ['float64', 'int32', 'uint8'] },
  { name: 'histogram of edges', of: (f, x) => f.histogram(x, [-3, 0, 0.5, 4])[0], dtypes: ['float64', 'int32'] },
  { name: 'isclose', of: (f, x, a) => f.isclose(x, a), dtypes: real },
  {
    name: 'mapBlocks',
    of: (f, x) => (f === eager ? x.multiply(2) : f.mapBlocks((b: np.NDArray) => b.multiply(2), x, { dtype: x.dtype })),
    dtypes: ['float64', 'int32'],
  },
];

const shape = [4, 6];
test.each(cases)('$name', async ({ of, tolerance = 0, dtypes = numeric }) => {
  for (const dtype of dtypes) {
    const a = sample(shape, dtype);
    const want = of(eager, a, a);
    const near = tolerance === 0 || /int/.test(dtype) ? Math.min(tolerance, 1e-9) : tolerance;
    // All grids for one dtype, one that is uneven for the others.
    for (const chunks of dtype === 'float64' ? grids(shape) : grids(shape).slice(-1)) {
      await expectSame(of(chunked, chunked.from(a, { chunks }), a), want, near, `${dtype} in ${chunks}`);
    }
  }
});

test('NaN, infinities and zeros with a sign', async () => {
  const a = sample([5, 7], 'float64', true);
  for (const chunks of grids([5, 7])) {
    const x = chunked.from(a, { chunks });
    for (const name of [
      'min',
      'max',
      'argmin',
      'argmax',
      'nanmin',
      'nanmax',
      'nanargmin',
      'sort',
      'argsort',
      'median',
      'nanmedian',
    ]) {
      for (const axis of [0, 1]) {
        const options = name.endsWith('sort') ? { axis, stable: true } : { axis };
        await expectSame(
          both(name)(x, options),
          eager[name](a, options),
          name === 'sort' ? 1e-15 : 0,
          `${name} ${axis} in ${chunks}`,
        );
      }
    }
    await expectSame(eager.negative(x), eager.negative(a), 0, 'negative');
    await expectSame(chunked.sort(x, { axis: null, method: 'merge' }), eager.sort(a, { axis: null }), 1e-15, 'merged');
  }
});

test('no elements, no axes', async () => {
  const none = np.zeros([0, 3]);
  const x = chunked.from(none, { chunks: 2 });
  for (const f of [(v: Any) => eager.sum(v, 0), (v: Any) => eager.reshape(v, [3, 0]), (v: Any) => eager.add(v, 1)]) {
    await expectSame(f(x), f(none), 0, String(f));
  }
  await expectSame(chunked.concatenate([x, none]), none, 0, 'concatenate');
  await expectSame(chunked.cumsum(x, 0), none, 0, 'cumsum');
  await expectSame(chunked.sort(x, 0), none, 0, 'sort');
  await expectSame(chunked.matmul(x, np.ones([3, 2])), np.zeros([0, 2]), 0, 'matmul');
  await expectSame(chunked.matmul(x.T, none), np.zeros([3, 3]), 0, 'matmul over nothing');
  await expectSame(chunked.from(np.array(3)).add(1).reshape([1, 1]), [[4]], 0, 'no axes');
});

test('lines longer than a block are merged from sorted runs', async () => {
  const a = sample([500]);
  const ties = eager.floor(a);
  for (const chunks of [17, 130, 1000]) {
    for (const v of [a, ties, np.zeros([500])]) {
      const x = chunked.from(v, { chunks });
      await expectSame(chunked.sort(x, { method: 'merge' }), eager.sort(v), 0, `sort in ${chunks}`);
      await expectSame(
        chunked.argsort(x, { method: 'merge' }),
        eager.argsort(v, { stable: true }),
        0,
        `argsort in ${chunks}`,
      );
      await expectSame(
        chunked.sort(x, { method: 'merge' }).get('490:'),
        eager.sort(v).get('490:'),
        0,
        `part in ${chunks}`,
      );
      await expectSame(
        chunked.argsort(x, { method: 'merge', descending: true }),
        eager.argsort(v, { stable: true, descending: true }),
        0,
        `downwards in ${chunks}`,
      );
    }
  }
});

test('a sketch keeps its promise of ranks', async () => {
  for (const chunks of [3, 40, 1000]) {
    const a = sample([1000]);
    const q = [0, 0.1, 0.5, 0.99, 1];
    const made = await chunked.quantile(chunked.from(a, { chunks }), q, { method: 'sketch', error: 0.02 }).compute();
    const sorted = eager.sort(a).tolist() as number[];
    made.tolist().forEach((v: number, i: number) => {
      const below = sorted.filter((s) => s < v).length;
      const upTo = sorted.filter((s) => s <= v).length;
      expect(below / 1000 - 0.02, `${q[i]} in ${chunks}`).toBeLessThanOrEqual(q[i]);
      expect(upTo / 1000 + 0.02, `${q[i]} in ${chunks}`).toBeGreaterThanOrEqual(q[i]);
    });
  }
});

test('distinct values, occurrences, covariances, weights', async () => {
  const a = eager
    .floor(sample([60]).multiply(0.7))
    .add(6)
    .astype('int32');
  for (const chunks of [1, 7, 60]) {
    const x = chunked.from(a, { chunks });
    const [values, counts] = await chunked.unique(x, { return_counts: true, limit: 32 });
    const [v, c] = eager.unique(a, { return_counts: true });
    expect([textOf(values), textOf(counts)]).toEqual([textOf(v), textOf(c)]);
    await expectSame(chunked.bincount(x, { length: 20 }), eager.bincount(a, { minlength: 20 }), 0, 'bincount');
    await expectSame(chunked.average(x, { weights: a }), eager.average(a, { weights: a }), 1e-12, 'average');
    const [h, edges] = chunked.histogram(x, 4, { density: true });
    await expectSame(h, eager.histogram(a, 4, { density: true })[0], 1e-14, 'density');
    await expectSame(edges, eager.histogram(a, 4)[1], 0, 'edges');
  }
  await expect(chunked.unique(chunked.from(np.arange(100)), { limit: 8 })).rejects.toThrow('more than 8 distinct');
});

test('functions of blocks say where they failed', async () => {
  const x = chunked.from(np.arange(6), { chunks: 2 });
  const bad = chunked.mapBlocks((b: np.NDArray, { block }: Any) => (block[0] === 1 ? np.zeros([9]) : b), x, {
    dtype: 'float64',
  });
  await expect(bad.compute()).rejects.toThrow(/block \(1\), elements \[2:4\]: a result of shape/);
  await expectSame(
    chunked.mapOverlap((b: np.NDArray) => b.get('2:').subtract(b.get(':-2')), x, { depth: 1, boundary: 'edge' }),
    [1, 2, 2, 2, 2, 1],
    0,
    'overlap',
  );
  const halves = chunked.mapBlocks((b: np.NDArray) => b.get('::2'), x, { shape: [3], chunks: [1], dtype: 'float64' });
  await expectSame(halves, [0, 2, 4], 0, 'blocks of another shape');
  await expectSame(
    chunked.fromFunction(({ region }: Any) => np.full(region.shape, region.start[0]), [3, 2], { chunks: 2 }),
    [
      [0, 0],
      [0, 0],
      [2, 2],
    ],
    0,
    'fromFunction',
  );
});

test('what cannot be is refused when it is built', () => {
  const x = chunked.ones([4, 6], { chunks: 2 });
  const refused: readonly [string, () => unknown][] = [
    ['ShapeError', () => chunked.matmul(x, x)],
    ['ShapeError', () => x.reshape(5)],
    ['ShapeError', () => chunked.concatenate([x, np.zeros([4, 5])])],
    ['ShapeError', () => eager.add(x, np.zeros([5]))],
    ['AxisError', () => chunked.cumsum(x, 2)],
    ['AxisError', () => chunked.sort(x, 5)],
    ['IndexError', () => chunked.take(x, [4], 0)],
    ['ArgumentError', () => chunked.quantile(x, 1.5)],
    ['ArgumentError', () => chunked.top_k(x, 7, { axis: 1 })],
    ['ArgumentError', () => chunked.sort(x, { kind: 'none' })],
    ['ArgumentError', () => eager.sum(x, { out: np.zeros([]) })],
    ['ArgumentError', () => chunked.histogram(x, 'auto')],
    ['ArgumentError', () => chunked.rolling(x, 9, 'sum')],
  ];
  for (const [tag, build] of refused) expect(build, String(build)).toThrow(expect.objectContaining({ tag }));
});

const steps: readonly ((f: Any, x: Any) => Any)[] = [
  (_, x) => eager.add(x, 1),
  (_, x) => eager.multiply(x, x),
  (_, x) => x.T,
  (_, x) => x.get('::-1'),
  (_, x) => eager.expand_dims(x, 0),
  (_, x) => eager.reshape(x, [-1]),
  (_, x) => (x.shape.length > 1 ? eager.sum(x, 0) : x),
  (_, x) => (x.shape.length > 1 ? eager.max(x, -1) : x),
  (f, x) => f.cumsum(x, 0),
  (f, x) => f.concatenate([x, x]),
  (f, x) => f.roll(x, 1, 0),
  (f, x) => f.sort(x, 0),
  (f, x) => f.take(x, [0, 0], 0),
  (_, x) => eager.where(eager.greater(x, 2), x, 7),
];
test('random chains of operations', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(steps.length - 1), { maxLength: 6 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      async (list, m, n) => {
        const a = eager.remainder(np.arange(m * n, { dtype: 'int64' }).multiply(7n), 11n).reshape([m, n]);
        const run = (f: Any, x: Any): Any => list.reduce((v, i) => steps[i](f, v), x);
        const want = run(eager, a);
        await expectSame(run(chunked, chunked.from(a, { chunks: [2, 3] })), want, 0, list.join());
      },
    ),
    { numRuns: 30, seed: 7 },
  );
});

test('plans of all operations can be written down', async () => {
  const a = sample(shape);
  const x = chunked.from(a, { chunks: [2, 4] });
  const made = cases.filter((c) => c.name !== 'mapBlocks').map(({ name, of }) => ({ name, array: of(chunked, x, a) }));
  const text = JSON.stringify(chunked.toJSON(made.map((m) => m.array)));
  const back = await chunked.fromJSON(JSON.parse(text));
  const want = await chunked.compute(made.map((m) => m.array));
  const got = await chunked.compute(back);
  made.forEach(({ name }, i) => {
    expect(textOf(got[i]), name).toBe(textOf(want[i]));
  });
  expect(() => chunked.toJSON([x.mapBlocks((b: np.NDArray) => b)])).toThrow(/mapBlocks/);
});

test('arguments as NumPy has them: an axis or bins before the options; endless ranges are refused', async () => {
  const a = sample(shape);
  const x = chunked.from(a, { chunks: [2, 4] });
  expect((await chunked.median(x, 0).compute()).toString()).toBe(String(np.median(a, 0)));
  expect((await chunked.quantile(x, 0.25, 1, { keepdims: true }).compute()).toString()).toBe(
    String(np.quantile(a, 0.25, 1, { keepdims: true })),
  );
  const [counts] = chunked.histogram(x, { bins: 3, range: [-5, 5] });
  expect((await counts.compute()).toString()).toBe(String(np.histogram(a, { bins: 3, range: [-5, 5] })[0]));
  for (const [stop, step] of [
    [Number.POSITIVE_INFINITY, 1],
    [5, 0],
    [Number.NaN, 1],
  ]) {
    expect(() => chunked.arange(0, stop, step)).toThrow(np.ArgumentError);
  }
});

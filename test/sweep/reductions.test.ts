// The sweep over reductions: every row, dtype, axis and layout gives the bits of the documented tree; functions composed
// of reductions give the same bits for every layout.

import { describe, it } from 'vitest';
import { NDArray } from '../../src/array/ndarray.ts';
import { callReduction, type ReduceOptions } from '../../src/array/reductions.ts';
import { OrthantError } from '../../src/base/errors.ts';
import { type DType, dtypeList, dtypes } from '../../src/dtype/dtype.ts';
import { isScalar } from '../../src/dtype/scalars.ts';
import { ArrayBase } from '../../src/exec/array_base.ts';
import * as np from '../../src/index.ts';
import type { ReduceRow } from '../../src/ops/reduce/define.ts';
import { type ReductionName, reductions } from '../../src/ops/reduce/rows.ts';
import { gapsIntact, gather, type LayoutName, layoutNames, place } from './_layouts.ts';
import { scalarAt } from './_oracle.ts';
import { ReductionOracle, unsignedZeros } from './_reductions.ts';
import {
  draw,
  type Elements,
  edges,
  elementsOf,
  firstDifference,
  pick,
  sample,
  seeded,
  seedOf,
  take,
} from './_values.ts';
import { full, part, Verdict } from './_verdict.ts';

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Shapes with the axes to reduce: within a leaf, past one, in the middle, several at once, none left. */
const shapes: readonly (readonly [shape: readonly number[], axes: readonly (readonly number[])[]])[] = [
  ...[1, 2, 7, 15, 16, 17, 33, 255, 257].map((n) => [[n], [[0]]] as const),
  [
    [5, 7, 9],
    [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]],
  ],
  [
    [3, 600],
    [[0], [1], [0, 1]],
  ],
  [
    [530, 4],
    [[0], [1], [0, 1]],
  ],
  [
    [2, 3, 2, 5],
    [[0, 2], [1, 3], [3], [1]],
  ],
  [
    [0, 3],
    [[0], [1], [0, 1]],
  ],
  [
    [3, 0],
    [[0], [1]],
  ],
];

/** Mostly plain numbers, so that sums say something; a few edges on top where wanted. */
function values(d: DType, n: number, wild: boolean, seed: number): Elements {
  const random = seeded(seed);
  const e = edges(d);
  return elementsOf(
    d,
    Array.from({ length: n }, () => (wild && random() < 0.05 ? pick(random, e) : draw(d, random, [-10, 10]))),
  );
}

/** Result of a call as elements of `d`: reductions of all axes are scalars. */
function resultOf(made: unknown, d: DType): Elements {
  if (made instanceof ArrayBase) return gather(made);
  if (isScalar(made)) return elementsOf(d, [made]);
  throw new TypeError(`the call returned ${String(made)}`);
}

function compare(got: Elements, expected: Elements, zeros: boolean): string | undefined {
  if (got.d !== expected.d) return `dtype ${got.d.name}, not ${expected.d.name}`;
  if (got.n !== expected.n) return `${got.n} results, not ${expected.n}`;
  const k = zeros ? firstDifference(got, expected) : firstDifference(unsignedZeros(got), unsignedZeros(expected));
  return k < 0 ? undefined : `result ${k} is ${scalarAt(got, k)}, not ${scalarAt(expected, k)}`;
}

function sweepReduction(name: ReductionName, d: DType, v: Verdict): void {
  const row: ReduceRow = reductions[name];
  const call = (x: ArrayBase, options: ReduceOptions): unknown => callReduction(name, row, x as NDArray, options);
  const oracle = new ReductionOracle(row, d);
  const check = (got: unknown, expected: Elements) => compare(resultOf(got, oracle.result), expected, oracle.ordered);
  for (const [shape, axesList] of shapes) {
    const e = values(d, size(shape), size(shape) % 2 === 1, seedOf(`${name}${d.name}${shape}`));
    for (const axes of axesList) {
      const id = `${name}(${d.name}) shape ${shape} axis ${axes}`;
      if (!v.wants(id) && !id.startsWith(process.env.SWEEP ?? '')) continue;
      const nothing = axes.some((k) => shape[k] === 0) && !shape.some((n, k) => n === 0 && !axes.includes(k));
      if (nothing && row.empty === undefined) {
        v.run(id, () => refused(() => call(place(e, shape, 'contiguous').array, { axis: axes })));
        continue;
      }
      const expected = oracle.reduce(e, shape, axes);
      for (const layout of part(layoutNames, 3, id)) {
        // 64-bit results may not fit a JS number: those stay arrays.
        const scalar = axes.length === shape.length && oracle.result.itemsize < 8;
        const options = scalar ? {} : { axis: axes };
        v.run(`${id} ${layout}`, () => {
          if (size(shape) > 0 || layout === 'contiguous')
            return check(call(place(e, shape, layout).array, options), expected);
          return undefined;
        });
      }
    }
  }
  sweepOptions(name, row, d, oracle, v);
}

function refused(f: () => unknown): string | undefined {
  try {
    f();
  } catch (error) {
    if (error instanceof OrthantError) return undefined;
    throw error;
  }
  return 'reducing nothing returned';
}

const outLayouts: readonly LayoutName[] = ['contiguous', 'strided', 'reversed', 'host'];

function sweepOptions(name: ReductionName, row: ReduceRow, d: DType, oracle: ReductionOracle, v: Verdict): void {
  const id = `${name}(${d.name})`;
  const shape = [6, 35];
  const e = values(d, 210, false, seedOf(id));
  const array = () => place(e, shape, 'strided').array as NDArray; // the registered class
  const check = (got: Elements, expected: Elements) => compare(got, expected, oracle.ordered);
  for (const axis of [0, 1]) {
    const expected = oracle.reduce(e, shape, [axis]);
    v.run(`${id} keepdims ${axis}`, () => {
      const got = callReduction(name, row, array(), { axis, keepdims: true });
      if (!(got instanceof NDArray) || got.ndim !== 2 || got.shape[axis] !== 1) return 'shape';
      return check(gather(got), expected);
    });
    for (const layout of part(outLayouts, 2, `${id} ${axis}`)) {
      v.run(`${id} out ${axis} ${layout}`, () => {
        const out = place(sample(oracle.result, expected.n, 1), [expected.n], layout);
        const back = callReduction(name, row, array(), { axis, out: out.array });
        if (back !== out.array) return 'the result is not out';
        if (!gapsIntact(out)) return 'bytes outside out were written';
        return check(gather(out.array), expected);
      });
    }
    v.run(`${id} where ${axis}`, () => {
      const chosen = sample(dtypes.bool, 210, 3);
      const where = place(chosen, shape, 'fortran').array as NDArray; // as above
      const wanted = (i: number) => chosen.raw[i] === 1;
      if (row.empty === undefined) return refused(() => callReduction(name, row, array(), { axis, where }));
      const got = callReduction(name, row, array(), { axis, where });
      return check(resultOf(got, oracle.result), oracle.reduce(e, shape, [axis], wanted));
    });
  }
}

describe('every reduction row', () => {
  for (const name of Object.keys(reductions) as ReductionName[]) {
    // the keys of a const
    it(name, { timeout: 600_000 }, async () => {
      await new Promise(setImmediate); // the runner's own messages need a turn now and then
      const v = new Verdict();
      for (const d of dtypeList) sweepReduction(name, d, v);
      const long = full ? 65536 * 5 + 300 : 65536 + 300;
      const positions = Array.from({ length: long }, (_, i) => i % 997);
      for (const d of [dtypes.float16, dtypes.float32, dtypes.float64, dtypes.complex64]) {
        const row: ReduceRow = reductions[name];
        v.run(`${name}(${d.name}) long`, () => {
          const e = take(values(d, 997, false, 5), positions);
          const oracle = new ReductionOracle(row, d);
          if (!oracle.ordered) return undefined;
          const expected = oracle.reduce(e, [long], [0]);
          for (const layout of ['contiguous', 'strided', 'reversed'] as const) {
            const got = callReduction(name, row, place(e, [long], layout).array as NDArray, {}); // the registered class
            const wrong = compare(resultOf(got, oracle.result), expected, true);
            if (wrong !== undefined) return `${layout}: ${wrong}`;
          }
          return undefined;
        });
      }
      v.finish();
    });
  }
});

/** Functions of one array and an axis that are made of reductions; those that exist are swept. */
const composed = [
  'mean', 'std', 'var', 'argmin', 'argmax', 'cumsum', 'cumprod', 'ptp', 'median', 'average', 'nansum', 'nanprod',
  'nanmin', 'nanmax', 'nanmean', 'nanstd', 'nanvar', 'nanmedian', 'nanargmin', 'nanargmax', 'cumulative_sum',
  'cumulative_prod', 'nancumsum', 'nancumprod', 'sort', 'argsort', 'diff', 'gradient',
]; // biome-ignore format: a list of names
const published: Readonly<Record<string, unknown>> = { ...np };

describe('functions made of reductions: every layout gives the bits of the contiguous array', () => {
  for (const name of composed) {
    const f = published[name];
    if (typeof f !== 'function') continue;
    it(name, () => {
      const v = new Verdict();
      for (const d of dtypeList) sweepComposed(name, (x, axis) => f(x, { axis }), d, v);
      v.finish();
    });
  }
});

function sweepComposed(name: string, f: (x: ArrayBase, axis: number) => unknown, d: DType, v: Verdict): void {
  for (const [shape, axesList] of shapes) {
    if (size(shape) === 0) continue;
    const e = values(d, size(shape), size(shape) % 2 === 1, seedOf(`${name}${d.name}${shape}`));
    for (const [axis, more] of axesList) {
      if (more !== undefined) continue;
      let expected: unknown;
      try {
        expected = f(place(e, shape, 'contiguous').array, axis);
      } catch (error) {
        if (!(error instanceof OrthantError)) throw error;
        continue; // refused for this dtype or shape; NumPy's view of it is the differential run's business
      }
      for (const layout of part(layoutNames, 3, `${name}${d.name}${shape}`)) {
        v.run(`${name}(${d.name}) shape ${shape} axis ${axis} ${layout}`, () => {
          if (!(expected instanceof ArrayBase)) return `returned ${String(expected)}`;
          return compare(resultOf(f(place(e, shape, layout).array, axis), expected.dtype), gather(expected), true);
        });
      }
    }
  }
}

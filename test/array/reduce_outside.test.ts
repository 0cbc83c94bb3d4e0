// Reductions of arrays that lie outside of the heap, by tiles: to the bit what they give inside, for layouts, axes, masks
// and lengths around the tree's steps. Tiles are 2048 elements here.
import { describe, expect, test } from 'vitest';
import { frombuffer } from '../../src/array/creation.ts';
import type { NDArray } from '../../src/array/ndarray.ts';
import { heapCopy } from '../../src/exec/copy.ts';
import * as np from '../../src/index.ts';
import { heap } from '../../src/memory/allocate.ts';

heap({ maxPages: 512 });

let state = 12345;
const noise = (): number => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state / 2 ** 32 - 0.5) * 10 ** ((state >>> 8) % 7);
};
const outside = (n: number, dtype: 'float32' | 'float64' | 'int32' | 'complex64'): NDArray => {
  const made = { float32: Float32Array, float64: Float64Array, int32: Int32Array, complex64: Float32Array }[dtype];
  const values = new made(n * (dtype === 'complex64' ? 2 : 1));
  for (let i = 0; i < values.length; i++) values[i] = noise();
  return frombuffer(values, { dtype });
};

type Case = readonly [string, NDArray];
const cube = outside(5 * 300 * 7, 'float64').reshape([5, 300, 7]);
const tall = outside(4000 * 5, 'float32').reshape([4000, 5]);
const cases: readonly Case[] = [
  ...[2049, 140_001].map((n): Case => [`${n} in a row`, outside(n, 'float64')]),
  ['float32 in a row', outside(70_000, 'float32')],
  ['integers', outside(20_000, 'int32')],
  ['complex', outside(30_000, 'complex64')],
  ['a cube', cube],
  ['a cube turned', cube.transpose(2, 0, 1)],
  ['a cube with steps', cube.get('::-1', '::3', '1:')],
  ['tall', tall],
  ['wide', tall.T],
  ['many results', outside(12_000, 'float64').reshape([120, 100])],
  ['broadcast', np.broadcast_to(outside(300, 'float64'), [50, 300])],
];
const functions = { sum: np.sum, min: np.min, any: np.any, var: np.var, nansum: np.nansum, ptp: np.ptp };

const bits = (x: unknown): unknown =>
  x instanceof Object && 'tobytes' in x ? (x as NDArray).tobytes().join() : String(x);

describe.each(cases)('%s', (_, a) => {
  const inside = heapCopy(a) as NDArray;
  const axes = a.ndim === 1 ? [null] : [null, 0, -1, ...(a.ndim > 2 ? [1, [0, 2], [1, 2], [0, 1]] : [])];
  test.each(Object.entries(functions))('%s', (name, f) => {
    if (a.dtype.kind === 'c' && name === 'ptp') return;
    const call = f as (x: NDArray, axis: number | number[] | null) => unknown; // their overloads differ
    using _quiet = np.errstate({ all: 'ignore' });
    for (const axis of axes) expect(bits(call(a, axis)), `axis ${axis}`).toBe(bits(call(inside, axis)));
  });

  test('masks and norms', () => {
    const where = np.greater(inside, 0);
    for (const axis of axes) {
      expect(bits(np.sum(a, { axis, where }))).toBe(bits(np.sum(inside, { axis, where })));
    }
    expect(bits(np.linalg.norm(a.ravel()))).toBe(bits(np.linalg.norm(inside.ravel())));
  });
});

test('nothing of the array’s size is taken', () => {
  const a = frombuffer(new Float64Array(4_000_000)).reshape([4000, 1000]);
  np.sum(a);
  np.sum(a, 0);
  np.memory.peak({ reset: true });
  const { live } = np.memory.snapshot();
  for (const axis of [null, 0, 1]) np.sum(a, axis);
  expect(np.memory.peak() - live).toBeLessThan(6_000_000); // of 32 MB: slabs of every size
});

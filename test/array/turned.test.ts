// Transposed operands, which are turned tile by tile: the values of the same call on a contiguous copy.

import { expect, it } from 'vitest';
import * as np from '../../src/index.ts';

const shapes: readonly (readonly number[])[] = [
  [16, 16],
  [70, 33],
  [300, 20],
  [20, 1100],
  [3, 40, 50],
];

const same = (a: np.NDArray, b: np.NDArray): boolean => np.all(np.equal(a, b)) === true;

it.each(['float64', 'float32', 'int16', 'uint8', 'complex128', 'bool'] as const)('%s', (d) => {
  for (const shape of shapes) {
    const size = shape.reduce((a, b) => a * b, 1);
    const a = np
      .remainder(np.arange(size), 7)
      .astype(d)
      .reshape(...shape);
    const t = a.swapaxes(-1, -2);
    const order = Array.from({ length: size }, (_, i) => i);
    const flat = a.ravel().tolist() as readonly unknown[]; // one dimension
    const [m, n] = shape.slice(-2);
    const want = order.map((i) => flat[Math.floor(i / (m * n)) * m * n + (i % m) * n + (Math.floor(i / m) % n)]);
    const copy = t.copy();
    expect(copy.ravel().tolist()).toEqual(want);
    const b = np
      .remainder(np.arange(size), 5)
      .astype(d)
      .reshape(...t.shape);
    const out = np.empty(t.shape, { dtype: d });
    const plain = np.logical_or(copy, b);
    expect(same(np.maximum(t, b, { out }), np.maximum(copy, b))).toBe(true);
    expect(same(np.logical_or(t, b), plain)).toBe(true);
    const where = np.greater(a, 2).swapaxes(-1, -2);
    const kept = np.add(copy, b, { where: where.copy() });
    expect(same(np.add(t, b, { where }), kept)).toBe(true);
  }
});

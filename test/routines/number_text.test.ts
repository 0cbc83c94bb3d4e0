// Integers as text in another base, each row with NumPy's answer.
import { expect, test } from 'vitest';
import * as np from '../../src/index.ts';

test.each([
  [3, null, '11'],
  [-3n, null, '-11'],
  [3, 5, '00011'],
  [-3, 5, '11101'],
  [0, 3, '000'],
  [-1, 1, '1'],
  [-4, 3, '100'],
  [-8, 4, '1000'],
  [2n ** 64n - 1n, null, '1'.repeat(64)],
] as const)('binary_repr(%s, %s)', (n, width, want) => {
  expect(np.binary_repr(n, width)).toBe(want);
});

test.each([
  [[5], '101'],
  [[7, 5, 3], '00012'],
  [[-255, 16], '-FF'],
  [[0, 2, 3], '000'],
  [[-5n, 2, 2], '-00101'],
] as [[number | bigint, number?, number?], string][])('base_repr(%s)', (args, want) => {
  expect(np.base_repr(...args)).toBe(want);
});

test.each<[string, () => unknown]>([
  ['a fraction', () => np.binary_repr(0.5)],
  ['too few bits', () => np.binary_repr(-5, 3)],
  ['base 37', () => np.base_repr(5, 37)],
  ['base 1', () => np.base_repr(5, 1)],
])('refused: %s', (_, call) => {
  expect(call).toThrow(np.ArgumentError);
});

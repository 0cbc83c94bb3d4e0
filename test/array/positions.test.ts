// Positions of extremes against a plain loop: around blocks and groups of rows, ties, NaN, every kind of dtype, both
// orders of memory.

import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';

const functions = { argmin: np.argmin, argmax: np.argmax, nanargmin: np.nanargmin, nanargmax: np.nanargmax };
type Name = keyof typeof functions;
const names = Object.keys(functions) as Name[]; // exactly these

function first(name: Name, values: readonly number[]): number {
  let best = -1;
  values.forEach((x, i) => {
    const y = best < 0 ? Number.NaN : values[best];
    if (name.startsWith('nan')) {
      if (!Number.isNaN(x) && (best < 0 || (name === 'nanargmin' ? x < y : x > y))) best = i;
    } else if (best < 0 || (!Number.isNaN(y) && (Number.isNaN(x) || (name === 'argmin' ? x < y : x > y)))) best = i;
  });
  return best;
}

const shapes: readonly { readonly shape: readonly number[] }[] = [
  [1],
  [17],
  [2047],
  [2048],
  [2049],
  [5000],
  [3, 70],
  [70, 3],
  [9, 2100],
  [2100, 9],
  [4, 5, 6],
].map((shape) => ({ shape }));

describe.each(['float64', 'float32', 'float16', 'int64', 'int32', 'uint8', 'bool', 'complex128'] as const)(
  '%s',
  (d) => {
    it.each(shapes)('$shape', ({ shape }) => {
      const size = shape.reduce((a, b) => a * b, 1);
      for (const withNaN of /float|complex/.test(d) ? [false, true] : [false]) {
        let seed = size;
        const values = Array.from({ length: size }, () => {
          seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
          if (withNaN && seed % 97 === 0) return Number.NaN;
          return d === 'bool' ? (seed >>> 20) % 2 : (seed >>> 20) % 100;
        });
        const c = np
          .array(values)
          .astype(d)
          .reshape(...shape);
        const f = np
          .array(values)
          .astype(d)
          .reshape(...[...shape].reverse()).T;
        for (const [a, flat] of [
          [c, values],
          [f, f.ravel().astype('float64').tolist() as number[]],
        ] as const) {
          shape.forEach((n, axis) => {
            const inner = shape.slice(axis + 1).reduce((p, m) => p * m, 1);
            for (const name of names) {
              const want = Array.from({ length: size / n }, (_, k) => {
                const start = Math.floor(k / inner) * inner * n + (k % inner);
                return first(
                  name,
                  Array.from({ length: n }, (_x, i) => flat[start + i * inner]),
                );
              });
              if (want.includes(-1)) expect(() => functions[name](a, axis)).toThrow(np.ArgumentError);
              else expect(functions[name](a, axis).ravel().tolist(), `${name} axis ${axis}`).toEqual(want);
            }
          });
        }
      }
    });
  },
);

it('many elements, in pieces where there are threads', () => {
  const a = np.arange(1_200_000).get('::-1').copy();
  expect(np.argmax(a)).toBe(0);
  expect(np.argmin(a)).toBe(1_199_999);
  a.set([700_001], Number.NaN);
  expect(np.argmin(a)).toBe(700_001);
  expect(np.nanargmin(a)).toBe(1_199_999);
});

// Random arrays and views for the laws: any rank up to 4, empty dimensions, every kind of stride.
import fc from 'fast-check';
import * as np from '../../src/index.ts';

/** Shapes of up to four small dimensions, now and then an empty one. */
export const shapes = (min = 0): fc.Arbitrary<number[]> =>
  fc.array(
    fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 5 }) }, { weight: 1, arbitrary: fc.constant(0) }),
    {
      minLength: min,
      maxLength: 4,
    },
  );

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

const dtypes = ['float64', 'float32', 'int32', 'int8', 'uint16', 'int64', 'float16'] as const;
export const dtypeNames: fc.Arbitrary<(typeof dtypes)[number]> = fc.constantFrom(...dtypes);

/** 0, 1, 2 … modulo 97 in a shape: every dtype holds them. */
export function counted(shape: readonly number[], dtype: string): np.NDArray {
  return np
    .remainder(np.arange(sizeOf(shape)), 97)
    .astype(dtype)
    .reshape(shape);
}

/** One part of an index that is valid on an axis of length n. */
export function indexPart(n: number): fc.Arbitrary<string | number> {
  const end = fc.option(fc.integer({ min: -n - 2, max: n + 2 }), { nil: '' as const });
  const step = fc.constantFrom('', 1, 2, 3, -1, -2);
  const cut = fc.tuple(end, end, step).map(([a, b, s]) => `${a}:${b}:${s}`);
  return n === 0 ? cut : fc.oneof({ weight: 4, arbitrary: cut }, fc.integer({ min: -n, max: n - 1 }));
}

/** An index for every axis of a shape, with new axes now and then. */
export const indices = (shape: readonly number[]): fc.Arbitrary<(string | number | null)[]> =>
  fc.tuple(...shape.map(indexPart), fc.boolean(), fc.nat(shape.length)).map((parts) => {
    const at = parts.pop() as number; // the last two of the tuple
    const extra = parts.pop() as boolean;
    const list = parts as (string | number | null)[]; // the rest are index parts
    if (extra) list.splice(at, 0, null);
    return list;
  });

/** A view of a counted array: sliced, transposed, reversed or stretched. */
export const views: fc.Arbitrary<np.NDArray> = fc.tuple(shapes(), dtypeNames).chain(([shape, dtype]) =>
  fc.tuple(indices(shape), fc.boolean(), fc.boolean()).map(([index, turn, stretch]) => {
    let a = counted(shape, dtype).get(...index);
    if (turn) a = a.T;
    return stretch && a.ndim < 4 ? np.broadcast_to(a, [2, ...a.shape]) : a;
  }),
);

/** A shape that broadcasts with `shape`: dimensions dropped at the front or set to 1. */
export const broadcastable = (shape: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }))
    .map(([from, ones]) => shape.map((n, d) => (ones[d] ? 1 : n)).slice(from));

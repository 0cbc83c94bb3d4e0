// What the compiler knows of arrays. The compiler does the testing (`npm run types`): a wrong type fails to compile, and
// so does a line marked as an error that is none. The values are computed too, and their shapes and dtypes compared.
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { DTypeName, NDArray, Scalar } from '../../src/index.ts';
import * as np from '../../src/index.ts';

/** Holds the array to its type: the dtype's name and the shape, where the compiler knows them. */
function holds<D extends DTypeName, S extends readonly number[]>(
  a: NDArray<D, S>,
  dtype: D,
  shape: readonly [...S],
): void {
  expect([a.dtype.name, a.shape]).toEqual([dtype, shape]);
}

const a = np.ones([3, 1]);
const b = np.ones(4, { dtype: 'int8' });
const c = np.ones([2, 5], { dtype: 'int32' });
const plain: NDArray = np.ones([3, 4]);
const loose = (): np.ArrayLike => plain;

describe('a plain NDArray', () => {
  it('fits both ways', () => {
    const given: NDArray = a;
    const asked: NDArray<'float64', [3, 4]> = plain;
    expectTypeOf(plain.shape).toEqualTypeOf<readonly number[]>();
    expectTypeOf(asked.shape).toEqualTypeOf<[3, 4]>();
    // @ts-expect-error what is known is held to
    const wrong: NDArray<'float64', [3, 1]> = b;
    expect([given.ndim, asked.ndim, wrong.ndim]).toEqual([2, 2, 1]);
  });
  it('gives plain results', () => {
    expectTypeOf(np.add(plain, 1)).toEqualTypeOf<NDArray>();
    expectTypeOf(plain.sum()).toEqualTypeOf<Scalar>();
    expectTypeOf(np.add(loose(), loose())).toEqualTypeOf<NDArray | Scalar>();
    expect(np.add(plain, 1).shape).toEqual([3, 4]);
  });
});

describe('created', () => {
  it('knows dtype and shape', () => {
    expectTypeOf(a).toEqualTypeOf<NDArray<'float64', [3, 1]>>();
    expectTypeOf(b).toEqualTypeOf<NDArray<'int8', [4]>>();
    const sizes: number[] = [2];
    expectTypeOf(np.zeros(sizes)).toEqualTypeOf<NDArray<'float64'>>();
    expectTypeOf(np.array([[1, 2]])).toEqualTypeOf<NDArray<'float64', [number, number]>>();
    expectTypeOf(np.array(new BigUint64Array(2))).toEqualTypeOf<NDArray<'uint64', [number]>>();
    holds(np.full([2], true), 'bool', [2]);
    holds(np.zeros_like(c), 'int32', [2, 5]);
    holds(np.ones_like(c, { dtype: 'float32', shape: [1] }), 'float32', [1]);
    // @ts-expect-error misspelled options are seen
    expect(() => np.zeros([2], { dtpe: 'int8' })).toThrow(/dtpe/);
  });
});

describe('elementwise', () => {
  it('promotes and broadcasts', () => {
    holds(a.add(b), 'float64', [3, 4]);
    holds(np.add(b, 3), 'int8', [4]);
    holds(np.multiply(b, np.ones(4, { dtype: 'uint8' })), 'int16', [4]);
    holds(np.less(b, c.get(':', 0).reshape(2, 1)), 'bool', [2, 4]);
    holds(np.sin(b), 'float16', [4]);
    holds(np.divide(b, 2), 'float64', [4]);
    holds(np.absolute(np.ones([2], { dtype: 'complex64' })), 'float32', [2]);
    holds(np.add(a, 1, { dtype: 'float32' }), 'float32', [3, 1]);
    expectTypeOf(np.add(a, 1, { out: plain.get(':', ':1') })).toEqualTypeOf<NDArray>();
    expectTypeOf(np.add(1, 2)).toEqualTypeOf<number>();
    expectTypeOf(np.less(1, 2)).toEqualTypeOf<boolean>();
    const sum: number = np.add(1, 2);
    const wide: NDArray<'float64', [3, 1]> = np.add(a, sum);
    const total: number = np.sum(wide);
    expect(total).toBe(12);
  });
  it('refuses what does not broadcast', () => {
    const d = np.ones([3, 4]);
    // @ts-expect-error cannot broadcast dimension 4 with 5
    expect(() => d.add(np.ones([3, 5]))).toThrow(np.ShapeError);
    // @ts-expect-error the same of the function
    expect(() => np.add(d, np.ones([3, 5]))).toThrow(np.ShapeError);
  });
});

describe('reductions', () => {
  it('leave out their axes', () => {
    expectTypeOf(np.sum(a)).toEqualTypeOf<number>();
    expectTypeOf(c.any()).toEqualTypeOf<boolean>();
    expectTypeOf(c.sum([0, 1])).toEqualTypeOf<NDArray<'int64'>>();
    holds(np.sum(c, 0), 'int64', [5]);
    holds(np.sum(b, { axis: -1, keepdims: true }), 'int64', [1]);
    holds(c.mean(1), 'float64', [2]);
    holds(c.max({ keepdims: true }), 'int32', [1, 1]);
    holds(c.sum(0, { dtype: 'float32' }), 'float32', [5]);
    holds(c.argmax(-2), 'int32', [5]);
    holds(c.std(0, { ddof: 1 }), 'float64', [5]);
    // @ts-expect-error misspelled options are seen
    expect(() => c.sum(0, { keepdim: true })).toThrow(/keepdim/);
  });
});

describe('views, items and products', () => {
  it('follow shapes', () => {
    holds(c.T, 'int32', [5, 2]);
    holds(np.transpose(np.ones([2, 3, 4])), 'float64', [4, 3, 2]);
    holds(c.get(0), 'int32', [5]);
    holds(c.get(':', null, -1), 'int32', [2, 1]);
    expectTypeOf(c.get('1:')).toEqualTypeOf<NDArray<'int32', [number, 5]>>();
    expectTypeOf(c.reshape(-1, 2)).toEqualTypeOf<NDArray<'int32', [number, 2]>>();
    holds(c.reshape([5, 2]), 'int32', [5, 2]);
    holds(np.broadcast_to(1, [2, 3]), 'float64', [2, 3]);
    holds(c.astype('float16'), 'float16', [2, 5]);
    expectTypeOf(c.item(0, 1)).toEqualTypeOf<number>();
    expectTypeOf(c.data).toExtend<Int32Array>();
    expect(c.item(0, 1)).toBe(1);
  });
  it('multiply matrices', () => {
    holds(np.matmul(c, np.ones([5, 3])), 'float64', [2, 3]);
    holds(np.matmul(np.ones([7, 2, 5]), np.ones(5)), 'float64', [7, 2]);
    // @ts-expect-error cannot multiply matrices: 5 columns against 2 rows
    expect(() => np.matmul(c, c)).toThrow(np.ShapeError);
  });
});

// Functions as ufunc objects: what every function made from a row carries beside its call. The members stand once on a
// prototype of all of them and find their row through `ufunc`.

import type { DType } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import type { UfuncOptions } from '../../exec/call.ts';
import type { ArrayLike } from '../../exec/coerce.ts';
import type { Ufunc } from '../../exec/ufunc.ts';
import type { Index } from '../indexing.ts';
import type { NDArray } from '../ndarray.ts';
import type { Axis, ReduceOptions } from '../reductions.ts';
import { at } from './at.ts';
import { outer } from './outer.ts';
import { type AccumulateOptions, accumulate, reduce } from './reduce.ts';
import { reduceat } from './reduceat.ts';
import { type OperandType, resolveDTypes } from './resolve.ts';

/** What a ufunc is and does beside being called. */
export interface UfuncObject {
  /** The operation behind the function. */
  readonly ufunc: Ufunc;
  /** Number of operands. */
  readonly nin: number;
  /** Number of results. */
  readonly nout: number;
  /** Operands and results together. */
  readonly nargs: number;
  /** Number of loops. */
  readonly ntypes: number;
  /** The dtypes of every loop, 'dd->d', in the order in which one is looked for. */
  readonly types: readonly string[];
  /** Result of reducing nothing; null where there is none. */
  readonly identity: number | boolean | null;
  /** Core dimensions: null, as a ufunc works element by element. */
  readonly signature: null;

  /**
   * Folds the elements along the first axis, those named, or all for `axis: null`. Where the order matters (subtract) from
   * left to right and along one axis; else by the tree of all reductions. Small integers are added and multiplied in 64 bits.
   * @throws ArgumentError unless it takes two operands of one kind; AxisError; ShapeError for nothing without identity.
   * @example np.multiply.reduce([[1, 2], [3, 4]]) // array([3., 8.])
   * @see https://numpy.org/doc/stable/reference/generated/numpy.ufunc.reduce.html
   */
  reduce(x: ArrayLike, axis: number | readonly number[], options?: ReduceOptions): NDArray;
  reduce(x: ArrayLike, options: ReduceOptions & { readonly keepdims: true }): NDArray;
  reduce(x: ArrayLike, axis?: null | ReduceOptions, options?: ReduceOptions): NDArray | Scalar;
  /**
   * The results of folding ever more elements along an axis, the first where none is named; from left to right.
   * @throws as `reduce`; AxisError for an array without dimensions.
   * @example np.subtract.accumulate([10, 1, 2]) // array([10.,  9.,  7.])
   * @see https://numpy.org/doc/stable/reference/generated/numpy.ufunc.accumulate.html
   */
  accumulate(x: ArrayLike, axis?: number | AccumulateOptions, options?: AccumulateOptions): NDArray;
  /**
   * Folds stretches of an axis: a[indices[i] … indices[i + 1] - 1], or a[indices[i]] alone where the next index is not
   * greater; the last one to the end.
   * @throws as `accumulate`; IndexError for an index outside the axis.
   * @example np.add.reduceat([1, 2, 3, 4, 5], [0, 3]) // array([6., 9.])
   * @see https://numpy.org/doc/stable/reference/generated/numpy.ufunc.reduceat.html
   */
  reduceat(x: ArrayLike, indices: ArrayLike, axis?: number | AccumulateOptions, options?: AccumulateOptions): NDArray;
  /**
   * Every element of `a` with every element of `b`: the result has the shape of `a`, then that of `b`.
   * @example np.multiply.outer([1, 2], [10, 20, 30]) // array([[10., 20., 30.], [20., 40., 60.]])
   * @see https://numpy.org/doc/stable/reference/generated/numpy.ufunc.outer.html
   */
  outer(a: ArrayLike, b: ArrayLike, options?: UfuncOptions): NDArray;
  /**
   * Changes `a` in place at the positions of an index, one after the other: a position that comes twice is changed twice.
   * A list of whole numbers indexes the first axis, any other list has an index per axis.
   * @throws IndexError outside the array; CastError where results do not fit the array's dtype.
   * @see https://numpy.org/doc/stable/reference/generated/numpy.ufunc.at.html
   */
  at(a: NDArray, index: Index | readonly Index[], b?: ArrayLike): void;
  /**
   * The dtypes a call computes in, operands then results; `Number`, `BigInt`, `Boolean` stand for scalars, null for results.
   * @throws DTypeError where no loop takes them.
   * @example String(np.add.resolve_dtypes(['float32', Number, null])) // 'float32,float32,float32'
   * @see https://numpy.org/doc/stable/reference/generated/numpy.ufunc.resolve_dtypes.html
   */
  resolve_dtypes(dtypes: readonly (OperandType | null)[], options?: Pick<UfuncOptions, 'dtype' | 'signature'>): DType[];
}

type Members = Omit<UfuncObject, 'ufunc'>;

/** A function's own prototype: that of functions, with the members above. */
export const ufuncPrototype: object = Object.create(Function.prototype, {
  ...Object.getOwnPropertyDescriptors({
    get nin() {
      return ufuncOf(this).nin;
    },
    get nout() {
      return ufuncOf(this).nout;
    },
    get nargs() {
      return ufuncOf(this).nin + ufuncOf(this).nout;
    },
    get ntypes() {
      return ufuncOf(this).types.length;
    },
    get types() {
      return ufuncOf(this).types;
    },
    get identity() {
      return ufuncOf(this).row.identity ?? null;
    },
    get signature() {
      return null;
    },
    reduce(x: ArrayLike, axis?: Axis | ReduceOptions, options?: ReduceOptions) {
      return reduce(ufuncOf(this), x, axis, options) as NDArray; // or a scalar: the signatures say when
    },
    accumulate(x: ArrayLike, axis?: number | AccumulateOptions, options?: AccumulateOptions) {
      return accumulate(ufuncOf(this), x, axis, options);
    },
    reduceat(x: ArrayLike, indices: ArrayLike, axis?: number | AccumulateOptions, options?: AccumulateOptions) {
      return reduceat(ufuncOf(this), x, indices, axis, options);
    },
    outer(a: ArrayLike, b: ArrayLike, options?: UfuncOptions) {
      return outer(ufuncOf(this), a, b, options) as NDArray; // of two scalars a scalar, as any call
    },
    at(a: NDArray, index: unknown, b?: ArrayLike) {
      at(ufuncOf(this), a, index, b);
    },
    resolve_dtypes(dtypes: readonly (OperandType | null)[], options?: UfuncOptions) {
      return resolveDTypes(ufuncOf(this), dtypes, options);
    },
  } satisfies Members),
});

const ufuncOf = (f: object): Ufunc => (f as { readonly ufunc: Ufunc }).ufunc; // every function with this prototype has one

// The function objects of the namespace: call signatures by number of operands and outputs, and the factories that
// bind a Ufunc to them. A call goes straight to exec/ without collecting arguments.

import type { Scalar } from '../dtype/scalars.ts';
import type { UfuncOptions } from '../exec/call.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { callBinary, callUnary } from '../exec/direct.ts';
import type { Ufunc } from '../exec/ufunc.ts';
import type { NDArray } from './ndarray.ts';
import type {
  ArrayData,
  AskedDType,
  AskedOut,
  BinaryResult,
  Fitting,
  ResultRule,
  TypedOptions,
  UnaryResult,
} from './types.ts';
import { type UfuncObject, ufuncPrototype } from './ufunc/object.ts';

/** A function of one operand; of a number it returns `R`, of an array one whose dtype follows by `Rule`. */
export interface Unary<R, Rule extends ResultRule> extends UfuncObject {
  <A extends ArrayLike, L extends AskedDType = undefined, O extends AskedOut = undefined>(
    x: A,
    options?: TypedOptions<L, O>,
  ): UnaryResult<A, L, O, R, Rule>;
}

/** A function of two operands; of two numbers it returns `R`, else as Unary. */
export interface Binary<R, Rule extends ResultRule> extends UfuncObject {
  <A extends ArrayLike, B extends ArrayLike, L extends AskedDType = undefined, O extends AskedOut = undefined>(
    a: A,
    b: Fitting<A, B>,
    options?: TypedOptions<L, O>,
  ): BinaryResult<A, B, L, O, R, Rule>;
}

/** A function of one operand with two results. */
export interface UnaryPair extends UfuncObject {
  (x: number): [number, number];
  (x: Scalar): [Scalar, Scalar];
  (x: ArrayData, options?: UfuncOptions): [NDArray, NDArray];
  (x: ArrayLike, options?: UfuncOptions): [NDArray, NDArray] | [Scalar, Scalar];
}

/** A function of two operands with two results. */
export interface BinaryPair extends UfuncObject {
  (a: number, b: number): [number, number];
  (a: Scalar, b: Scalar): [Scalar, Scalar];
  (a: ArrayData, b: ArrayLike, options?: UfuncOptions): [NDArray, NDArray];
  (a: ArrayLike, b: ArrayData, options?: UfuncOptions): [NDArray, NDArray];
  (a: ArrayLike, b: ArrayLike, options?: UfuncOptions): [NDArray, NDArray] | [Scalar, Scalar];
}

/** A function as the ufunc object of `ufunc`. */
export function bind<F extends UfuncObject>(f: (...operands: never[]) => unknown, ufunc: Ufunc): F {
  Object.defineProperty(f, 'name', { value: ufunc.name });
  return Object.assign(Object.setPrototypeOf(f, ufuncPrototype), { ufunc }) as F; // exec/ returns by operands what the signatures say
}

/** The function of one operand that runs `ufunc`. */
export const unary = <F extends UfuncObject>(ufunc: Ufunc): F =>
  bind((x: unknown, options?: UfuncOptions) => callUnary(ufunc, x, options), ufunc);

/** The function of two operands that runs `ufunc`. */
export const binary = <F extends UfuncObject>(ufunc: Ufunc): F =>
  bind((a: unknown, b: unknown, options?: UfuncOptions) => callBinary(ufunc, a, b, options), ufunc);

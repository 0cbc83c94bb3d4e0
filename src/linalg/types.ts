// What the compiler knows of results of linear algebra: the dtype that is computed in, and shapes that follow from those of
// the operands. No values.

import type { NDArray } from '../array/ndarray.ts';
import type { DimsOf, NameOf, ScalarOf } from '../array/types.ts';
import type { DTypeName, DTypeRows } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { RealName } from '../dtype/types.ts';
import type { Dynamic, IsDynamic } from '../shape/types.ts';

type Floating<D> =
  IsDynamic<D> extends true
    ? Dynamic
    : D extends DTypeName
      ? DTypeRows[D]['kind'] extends 'f' | 'c'
        ? D
        : 'float64'
      : Dynamic;
/** The dtype that an operand is computed in: its own, float64 for integers and booleans. */
export type Computed<X> = Floating<NameOf<X>>;
/** An array of the operand's shape. */
export type SameShape<X> = NDArray<Computed<X>, DimsOf<X>>;

type PerMatrix<X, D> =
  IsDynamic<DimsOf<X>> extends true
    ? Scalar | NDArray<D extends DTypeName ? D : Dynamic>
    : DimsOf<X> extends readonly [unknown, unknown]
      ? ScalarOf<D>
      : NDArray<D extends DTypeName ? D : Dynamic>;
/** A number for each matrix of the operand: of one a scalar, of a stack an array. */
export type OfEach<X> = PerMatrix<X, Computed<X>>;
/** A real number for each. */
export type RealOfEach<X> = PerMatrix<X, Computed<X> extends infer D extends DTypeName ? RealName<D> : Dynamic>;

type Same<A, B> = [A, B] extends [B, A] ? A : Dynamic;
/** Solutions of a·x = b: b's shape where `a` is one matrix. */
export type Solved<A, B> = NDArray<
  Same<Computed<A>, Computed<B>> extends infer D extends DTypeName ? D : Dynamic,
  DimsOf<A> extends readonly [unknown, unknown] ? DimsOf<B> : Dynamic
>;

// What the compiler knows of operands and results: dtype and shape of whatever a function takes, the signatures of
// elementwise functions over them. The twins of promotion and broadcasting are in dtype/types.ts and shape/types.ts;
// here they meet arrays, typed arrays, lists and scalars. No values.

import type { DTypeName, DTypeRows, TypedArray } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { DTypeNameOf, Promote, ScalarDType, WeakPromote } from '../dtype/types.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import type { UfuncOptions } from '../exec/call.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import type { Broadcast, BroadcastMistake, Dynamic, IsDynamic } from '../shape/types.ts';
import type { NDArray } from './ndarray.ts';

/** Anything array-like that is not a single number. */
export type ArrayData = Exclude<ArrayLike, Scalar>;

// A typed array says its own name: 'Float64Array', 'BigInt64Array'.
type TypedName<X> = X extends { readonly [Symbol.toStringTag]: `${'' | 'Big'}${infer Name}Array` }
  ? Extract<Lowercase<Name>, DTypeName>
  : never;

type ListDims<X, Depth extends unknown[] = []> = Depth['length'] extends 8
  ? Dynamic
  : X extends Scalar
    ? []
    : X extends readonly (infer E)[]
      ? ListDims<E, [...Depth, 0]> extends infer Inner extends readonly unknown[]
        ? IsDynamic<Inner> extends true
          ? Dynamic
          : [number, ...Inner]
        : Dynamic
      : Dynamic;
type Leaf<X> = X extends readonly (infer E)[] ? Leaf<E> : X;

/** The shape of an operand. */
export type DimsOf<X> =
  IsDynamic<X> extends true
    ? Dynamic
    : X extends NDArray<infer _, infer S>
      ? S
      : X extends Scalar
        ? []
        : X extends TypedArray
          ? [number]
          : X extends ArrayBase
            ? Dynamic
            : ListDims<X>;

/** The dtype of an operand. */
export type NameOf<X> =
  IsDynamic<X> extends true
    ? Dynamic
    : X extends NDArray<infer D, infer _>
      ? D
      : X extends TypedArray
        ? TypedName<X>
        : X extends ArrayBase
          ? Dynamic
          : [Leaf<X>] extends [Scalar]
            ? ScalarDType<Leaf<X>>
            : Dynamic;

/** The dtype in which operands meet: scalars are weak. */
export type Meeting<A, B> =
  IsDynamic<NameOf<A>> extends true
    ? Dynamic
    : IsDynamic<NameOf<B>> extends true
      ? Dynamic
      : A extends Scalar
        ? B extends Scalar
          ? Promote<NameOf<A>, NameOf<B>>
          : WeakPromote<NameOf<B>, A>
        : B extends Scalar
          ? WeakPromote<NameOf<A>, B>
          : Promote<NameOf<A>, NameOf<B>>;

/** How the result's dtype follows from the one computed in; rows tell, see tools/generate.ts. */
export interface ResultRules<D extends DTypeName> {
  same: D;
  bool: 'bool';
  inexact: DTypeRows[D]['kind'] extends 'f' | 'c' ? D : 'float64';
  other: Dynamic;
}
export type ResultRule = keyof ResultRules<DTypeName>;
type Ruled<D, Rule extends ResultRule> =
  IsDynamic<D> extends true
    ? Rule extends 'bool'
      ? 'bool'
      : Dynamic
    : D extends DTypeName
      ? ResultRules<D>[Rule]
      : Dynamic;

/** The dtype that options ask for, or else `D`. */
type Chosen<L, D> = [L] extends [undefined]
  ? D
  : DTypeNameOf<L> extends infer N
    ? DTypeName extends N
      ? Dynamic
      : N
    : never;

/** Options whose dtype the compiler follows. */
export type TypedOptions<L, O = UfuncOptions> = O & { readonly dtype?: L };

/** The second operand, or the reason why it does not broadcast with the first. */
export type Fitting<A, B> = [BroadcastMistake<DimsOf<A>, DimsOf<B>>] extends [never]
  ? B
  : BroadcastMistake<DimsOf<A>, DimsOf<B>>;

/** Scalars give a scalar, arrays an array; what may be either gives either. */
type Result<A, B, R, Made> = [A | B] extends [number]
  ? R
  : [A | B] extends [Scalar]
    ? Scalar
    : [ArrayLike] extends [A | B]
      ? [Extract<A, Scalar>] extends [never]
        ? Made
        : [Extract<B, Scalar>] extends [never]
          ? Made
          : Made | Scalar
      : Made;

export type UnaryResult<A, L, R, Rule extends ResultRule> = Result<
  A,
  A,
  R,
  NDArray<Chosen<L, Ruled<NameOf<A>, Rule>>, DimsOf<A>>
>;
export type BinaryResult<A, B, L, R, Rule extends ResultRule> = Result<
  A,
  B,
  R,
  NDArray<Chosen<L, Ruled<Meeting<A, B>, Rule>>, Broadcast<DimsOf<A>, DimsOf<B>>>
>;

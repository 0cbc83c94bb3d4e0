// What the compiler knows of operands and results: dtype and shape of whatever a function takes, the signatures of
// elementwise functions over them. The twins of promotion and broadcasting are in dtype/types.ts and shape/types.ts;
// here they meet arrays, typed arrays, lists and scalars. No values.

import type { DTypeLike, DTypeName, DTypeRows, RawView, TypedArray } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { DTypeNameOf, ElementOf, FloatName, Promote, RealName, ScalarDType, WeakPromote } from '../dtype/types.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import type { UfuncOptions } from '../exec/call.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import type { Broadcast, BroadcastMistake, Dynamic, IsDynamic, Product, ProductMistake } from '../shape/types.ts';
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
type Leaf<X, Depth extends unknown[] = []> = Depth['length'] extends 8
  ? never
  : X extends readonly (infer E)[]
    ? Leaf<E, [...Depth, 0]>
    : X;

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

/** What one element of an array of dtype D is in JavaScript. */
export type ScalarOf<D> = IsDynamic<D> extends true ? Scalar : D extends DTypeName ? ElementOf<D> : Scalar;
/** The typed array over the elements. */
export type RawOf<D> = IsDynamic<D> extends true ? TypedArray : D extends DTypeName ? RawView<D> : TypedArray;

type Kinds = { [N in DTypeName]: DTypeRows[N]['kind'] };
type IsInexact<D extends DTypeName> = Kinds[D] extends 'f' | 'c' ? true : false;

/** How a result's dtype follows from the one in which the operands meet. tools/generate.ts finds each row's rule. */
interface After<D extends DTypeName> {
  same: D;
  bool: 'bool';
  uint8: 'uint8';
  inexact: IsInexact<D> extends true ? D : 'float64';
  float: D;
  numeric: D extends 'bool' ? 'int8' : D;
  real: RealName<D>;
  other: Dynamic;
}
export type ResultRule = keyof After<DTypeName>;
// What stands for an operand's dtype before they meet.
type Before<D, Rule extends ResultRule> =
  IsDynamic<D> extends true ? Dynamic : Rule extends 'float' ? (D extends DTypeName ? FloatName<D> : Dynamic) : D;

type Ruled<D, Rule extends ResultRule> = Rule extends 'bool' | 'uint8'
  ? Rule
  : IsDynamic<D> extends true
    ? Dynamic
    : D extends DTypeName
      ? After<D>[Rule]
      : Dynamic;

/** The dtype in which operands meet: scalars are weak. */
type Meeting<A, B, Rule extends ResultRule> = true extends IsDynamic<NameOf<A>> | IsDynamic<NameOf<B>>
  ? Dynamic
  : A extends Scalar
    ? B extends Scalar
      ? Promote<ScalarDType<A>, ScalarDType<B>>
      : Before<WeakPromote<NameOf<B>, A>, Rule>
    : B extends Scalar
      ? Before<WeakPromote<NameOf<A>, B>, Rule>
      : Promote<Before<NameOf<A>, Rule>, Before<NameOf<B>, Rule>>;

/** Dtype and target that options name; undefined where they name none. */
export type AskedDType = DTypeLike | undefined;
export type AskedOut = UfuncOptions['out'];
/** Options whose dtype and target the compiler follows. */
export type TypedOptions<L, O> = UfuncOptions & { readonly dtype?: L; readonly out?: O };

// NoInfer: what the result is assigned to must not decide what the options were.
/** The dtype that options ask for, or else `D`. */
export type Chosen<L, D> = [NoInfer<L>] extends [undefined]
  ? D
  : DTypeName extends DTypeNameOf<L>
    ? Dynamic
    : DTypeNameOf<L>;
/** The target that options name, or else what is made. */
export type Delivered<O, Made> = [NoInfer<O>] extends [undefined]
  ? Made
  : NoInfer<O> extends NDArray
    ? NoInfer<O>
    : NDArray;

/** The second operand, or the reason why it does not broadcast with the first. */
export type Fitting<A, B> = [BroadcastMistake<DimsOf<A>, DimsOf<B>>] extends [never]
  ? B
  : BroadcastMistake<DimsOf<A>, DimsOf<B>>;

/** The second factor, or the reason why the first has no matrix product with it. */
export type Multiplying<A, B> = [ProductMistake<DimsOf<A>, DimsOf<B>>] extends [never]
  ? B
  : ProductMistake<DimsOf<A>, DimsOf<B>>;
export type ProductResult<A, B, L, O> = Delivered<
  O,
  NDArray<Chosen<L, Meeting<A, B, 'same'>>, Product<DimsOf<A>, DimsOf<B>>>
>;

/** Scalars give a scalar, arrays an array; what may be either gives either. */
type Result<A, B, R, Made> = [A | B] extends [number]
  ? R
  : [A | B] extends [Scalar]
    ? Scalar
    : [Exclude<A, Scalar>] extends [never]
      ? [Extract<B, Scalar>] extends [never]
        ? Made
        : Made | Scalar
      : [Extract<A, Scalar>] extends [never]
        ? Made
        : [Exclude<B, Scalar>] extends [never]
          ? Made | Scalar
          : [Extract<B, Scalar>] extends [never]
            ? Made
            : Made | Scalar;

export type UnaryResult<A, L, O, R, Rule extends ResultRule> = Delivered<
  O,
  Result<A, A, R, NDArray<Chosen<L, Ruled<Before<NameOf<A>, Rule>, Rule>>, DimsOf<A>>>
>;
export type BinaryResult<A, B, L, O, R, Rule extends ResultRule> = Delivered<
  O,
  Result<A, B, R, NDArray<Chosen<L, Ruled<Meeting<A, B, Rule>, Rule>>, Broadcast<DimsOf<A>, DimsOf<B>>>>
>;

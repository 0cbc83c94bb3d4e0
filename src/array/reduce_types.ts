// Signatures of reductions, as functions and as methods: which shape an axis and keepdims leave, which dtype the result
// has, and when it is a scalar. No values. How elementwise functions are typed is in types.ts.

import type { DTypeName, DTypeRows } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { RealName } from '../dtype/types.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import type { Dynamic, IsDynamic, Reduced } from '../shape/types.ts';
import type { NDArray } from './ndarray.ts';
import type { AskedDType, Chosen, Delivered, DimsOf, NameOf, ScalarOf } from './types.ts';

export type Axis = number | readonly number[] | null;
type SomeAxis = number | readonly number[];
type AskedArray = ArrayBase | undefined;

interface MeanName {
  f: 'same';
  c: 'same';
  b: 'float64';
  i: 'float64';
  u: 'float64';
}
type Mean<D extends DTypeName> = MeanName[DTypeRows[D]['kind']] extends 'same' ? D : 'float64';

/** How the dtype of a result follows from that of the elements. */
interface Rules<D extends DTypeName> {
  same: D;
  bool: 'bool';
  wide: { b: 'int64'; i: 'int64'; u: 'uint64'; f: D; c: D }[DTypeRows[D]['kind']];
  mean: Mean<D>;
  spread: RealName<Mean<D>>;
  int32: 'int32';
  int64: 'int64';
  other: Dynamic;
}
export type ReduceRule = keyof Rules<DTypeName>;
type Ruled<D, Rule extends ReduceRule> = Rule extends 'bool' | 'int32' | 'int64'
  ? Rule
  : IsDynamic<D> extends true
    ? Dynamic
    : D extends DTypeName
      ? Rules<D>[Rule]
      : Dynamic;

type Made<D, S, L, Rule extends ReduceRule, A, K> = NDArray<Chosen<L, Ruled<D, Rule>>, Reduced<S, A, K>>;

/** Options whose keepdims, dtype and target the compiler follows. */
type Asking<O, K, L, T> = O & { readonly keepdims?: K; readonly dtype?: L; readonly out?: T };

/** A reduction as a function: a scalar of all elements, an array where an axis, keepdims or out asks for one. */
export interface Reducing<O, Rule extends ReduceRule = 'other'> {
  <
    X extends ArrayLike,
    const A extends SomeAxis,
    K extends boolean = false,
    L extends AskedDType = undefined,
    T extends AskedArray = undefined,
  >(
    x: X,
    axis: A,
    options?: Asking<O, K, L, T>,
  ): Delivered<T, Made<NameOf<X>, DimsOf<X>, L, Rule, A, K>>;
  <
    X extends ArrayLike,
    const A extends SomeAxis,
    K extends boolean = false,
    L extends AskedDType = undefined,
    T extends AskedArray = undefined,
  >(
    x: X,
    options: Asking<O, K, L, T> & { readonly axis: A },
  ): Delivered<T, Made<NameOf<X>, DimsOf<X>, L, Rule, A, K>>;
  <X extends ArrayLike, L extends AskedDType = undefined, T extends AskedArray = undefined>(
    x: X,
    options: Asking<O, true, L, T> & { readonly keepdims: true },
  ): Delivered<T, Made<NameOf<X>, DimsOf<X>, L, Rule, null, true>>;
  <T extends ArrayBase>(x: ArrayLike, options: O & { readonly out: T }): Delivered<T, NDArray>;
  <X extends ArrayLike, L extends AskedDType = undefined>(
    x: X,
    axis?: null | Asking<O, false, L, undefined>,
    options?: Asking<O, false, L, undefined>,
  ): ScalarOf<Chosen<L, Ruled<NameOf<X>, Rule>>>;
  (x: ArrayLike, axis?: Axis | O, options?: O): NDArray | Scalar;
}

/** The same as a method of an array of dtype D and shape S. */
export interface ReduceMethod<D, S, O, Rule extends ReduceRule> {
  <
    const A extends SomeAxis,
    K extends boolean = false,
    L extends AskedDType = undefined,
    T extends AskedArray = undefined,
  >(
    axis: A,
    options?: Asking<O, K, L, T>,
  ): Delivered<T, Made<D, S, L, Rule, A, K>>;
  <
    const A extends SomeAxis,
    K extends boolean = false,
    L extends AskedDType = undefined,
    T extends AskedArray = undefined,
  >(
    options: Asking<O, K, L, T> & { readonly axis: A },
  ): Delivered<T, Made<D, S, L, Rule, A, K>>;
  <L extends AskedDType = undefined, T extends AskedArray = undefined>(
    options: Asking<O, true, L, T> & { readonly keepdims: true },
  ): Delivered<T, Made<D, S, L, Rule, null, true>>;
  <T extends ArrayBase>(options: O & { readonly out: T }): Delivered<T, NDArray>;
  <L extends AskedDType = undefined>(
    axis?: null | Asking<O, false, L, undefined>,
    options?: Asking<O, false, L, undefined>,
  ): ScalarOf<Chosen<L, Ruled<D, Rule>>>;
  (axis?: Axis | O, options?: O): NDArray | Scalar;
}

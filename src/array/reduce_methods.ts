// Reductions as methods: a.sum(0), a.max({ axis: 1, keepdims: true }). Each is the function of the same name with the
// array as its first argument; documentation and checks are there.

import type { Scalar } from '../dtype/scalars.ts';
import { NDArray } from './ndarray.ts';
import { argmax, argmin, type PositionOptions } from './positions.ts';
import { all, any, count_nonzero, max, min, prod, sum } from './reduce_functions.ts';
import type { Axis, ReduceOptions } from './reductions.ts';
import { cumprod, cumsum, type RunningOptions } from './running.ts';
import { type MeanOptions, mean, std, type VarianceOptions, var as variance } from './statistics.ts';

/** A reduction of the array itself: an array where an axis or keepdims is given, else a scalar. */
export interface ReduceMethod<O> {
  (axis: number | readonly number[], options?: O): NDArray;
  (options: O & ({ readonly axis: number | readonly number[] } | { readonly keepdims: true })): NDArray;
  (axis?: null | O, options?: O): Scalar;
}

/** A position of the array itself. */
export interface PositionMethod {
  (axis: number, options?: PositionOptions): NDArray;
  (options: PositionOptions & ({ readonly axis: number } | { readonly keepdims: true })): NDArray;
  (axis?: null | PositionOptions): number;
}

type RunningMethod = (axis?: number | null | RunningOptions, options?: RunningOptions) => NDArray;

interface Methods {
  sum: ReduceMethod<ReduceOptions>;
  prod: ReduceMethod<ReduceOptions>;
  min: ReduceMethod<ReduceOptions>;
  max: ReduceMethod<ReduceOptions>;
  any: ReduceMethod<ReduceOptions>;
  all: ReduceMethod<ReduceOptions>;
  count_nonzero: ReduceMethod<ReduceOptions>;
  mean: ReduceMethod<MeanOptions>;
  var: ReduceMethod<VarianceOptions>;
  std: ReduceMethod<VarianceOptions>;
  argmin: PositionMethod;
  argmax: PositionMethod;
  cumsum: RunningMethod;
  cumprod: RunningMethod;
}

declare module './ndarray.ts' {
  interface NDArray<D, S> extends Methods {}
}

const functions: Record<keyof Methods, (x: NDArray, axis?: never, options?: never) => unknown> = {
  sum,
  prod,
  min,
  max,
  any,
  all,
  count_nonzero,
  mean,
  var: variance,
  std,
  argmin,
  argmax,
  cumsum,
  cumprod,
};
for (const [name, f] of Object.entries(functions)) {
  const value = function (this: NDArray, axis?: Axis | object, options?: object): unknown {
    return f(this, axis as never, options as never); // checked by the function itself
  };
  Object.defineProperty(value, 'name', { value: name });
  Object.defineProperty(NDArray.prototype, name, { value, writable: true, configurable: true });
}

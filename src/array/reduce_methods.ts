// Reductions as methods: a.sum(0), a.max({ axis: 1, keepdims: true }). Each is the function of the same name with the
// array as its first argument; documentation and checks are there.

import type { Reduced } from '../shape/types.ts';
import { NDArray } from './ndarray.ts';
import { argmax, argmin, type PositionOptions } from './positions.ts';
import { all, any, count_nonzero, max, min, prod, sum } from './reduce_functions.ts';
import type { Axis, ReduceMethod } from './reduce_types.ts';
import type { ReduceOptions } from './reductions.ts';
import { cumprod, cumsum, type RunningOptions } from './running.ts';
import { type MeanOptions, mean, std, type VarianceOptions, var as variance } from './statistics.ts';

/** A position of the array itself. */
export interface PositionMethod<S> {
  <const A extends number, K extends boolean = false>(
    axis: A,
    options?: PositionOptions & { readonly keepdims?: K },
  ): NDArray<'int32', Reduced<S, A, K>>;
  (options: PositionOptions & ({ readonly axis: number } | { readonly keepdims: true })): NDArray<'int32'>;
  (axis?: null | PositionOptions): number;
}

type RunningMethod = (axis?: number | null | RunningOptions, options?: RunningOptions) => NDArray;

interface Methods<D, S> {
  sum: ReduceMethod<D, S, ReduceOptions, 'wide'>;
  prod: ReduceMethod<D, S, ReduceOptions, 'wide'>;
  min: ReduceMethod<D, S, ReduceOptions, 'same'>;
  max: ReduceMethod<D, S, ReduceOptions, 'same'>;
  any: ReduceMethod<D, S, ReduceOptions, 'bool'>;
  all: ReduceMethod<D, S, ReduceOptions, 'bool'>;
  count_nonzero: ReduceMethod<D, S, ReduceOptions, 'int64'>;
  mean: ReduceMethod<D, S, MeanOptions, 'mean'>;
  var: ReduceMethod<D, S, VarianceOptions, 'spread'>;
  std: ReduceMethod<D, S, VarianceOptions, 'spread'>;
  argmin: PositionMethod<S>;
  argmax: PositionMethod<S>;
  cumsum: RunningMethod;
  cumprod: RunningMethod;
}

declare module './ndarray.ts' {
  interface NDArray<D, S> extends Methods<D, S> {}
}

/** The reductions that are methods of arrays, and of what stands for one. */
export const reducing = {
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
};

const functions: Record<keyof Methods<never, never>, (x: NDArray, axis?: never, options?: never) => unknown> = {
  ...reducing,
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

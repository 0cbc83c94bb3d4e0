// The methods that everything standing for an array has: elementwise operations, reductions and views, made from the rows
// and from the functions of the same name. What an operation does is the subclass's: expressions in memory (lazy.ts),
// arrays in chunks (chunked/array.ts).

import type { PositionOptions } from '../array/positions.ts';
import { reducing } from '../array/reduce_methods.ts';
import type { ReduceOptions } from '../array/reductions.ts';
import { clip, round } from '../array/rounding.ts';
import type { MeanOptions, VarianceOptions } from '../array/statistics.ts';
import { ufuncs } from '../array/ufuncs.ts';
import { broadcast_to, reshape, shapeArguments, squeeze, swapaxes, transpose } from '../array/views.ts';
import { IndexError } from '../base/errors.ts';
import { asDType, type DTypeLike } from '../dtype/dtype.ts';
import type { Casting } from '../dtype/promotion.ts';
import type { UfuncOptions } from '../exec/call.ts';
import { Deferred } from '../exec/deferred.ts';
import { Options } from '../exec/options.ts';
import { elementwiseNames } from '../ops/rows.ts';
import { sizeOf } from '../shape/strides.ts';

const astypeOptions = new Options('casting', 'copy');

/** What stands for an array; operations give another of the same kind, `Self`. */
export abstract class DeferredArray<Self> extends Deferred {
  get ndim(): number {
    return this.shape.length;
  }
  get size(): number {
    return sizeOf(this.shape);
  }
  get length(): number {
    if (this.ndim === 0) throw new IndexError('a 0-d array has no length', 'use size', {});
    return this.shape[0];
  }

  // What a function gave for this: another of the same class.
  #made(x: unknown): Self {
    if (x instanceof this.constructor) return x as Self; // the subclass names itself
    throw new TypeError('a function did not hand an expression over');
  }

  /** The elements in another dtype. */
  astype(dtype: DTypeLike, options: { casting?: Casting; copy?: boolean } = {}): Self {
    astypeOptions.check(options, 'astype');
    return this.#made(this.converted(asDType(dtype), options.casting ?? 'unsafe'));
  }
  get T(): Self {
    return this.#made(transpose(this as never)); // a function takes whatever stands for an array, here and below
  }
  get mT(): Self {
    return this.swapaxes(-1, -2);
  }
  reshape(...shape: (number | readonly number[])[]): Self {
    return this.#made(reshape(this as never, ...shapeArguments(shape)));
  }
  ravel(): Self {
    return this.reshape(-1);
  }
  flatten(): Self {
    return this.reshape(-1);
  }
  transpose(...axes: (number | readonly number[])[]): Self {
    return this.#made(transpose(this as never, axes.length === 0 ? undefined : (axes.flat() as number[]))); // flat() of numbers
  }
  swapaxes(a: number, b: number): Self {
    return this.#made(swapaxes(this as never, a, b));
  }
  squeeze(axis?: number | readonly number[]): Self {
    return this.#made(squeeze(this as never, axis));
  }
  broadcast_to(shape: readonly number[]): Self {
    return this.#made(broadcast_to(this as never, shape));
  }
  clip(min?: unknown, max?: unknown, options?: UfuncOptions): Self {
    return this.#made(clip(this as never, min as never, max as never, options)); // checked there
  }
  round(decimals?: number): Self {
    return this.#made(round(this as never, decimals));
  }
}

/** Reductions that are methods, and what each takes. */
export type ReductionMethod = keyof typeof reducing;
export type ReductionOptions<K extends ReductionMethod> = K extends 'mean'
  ? MeanOptions
  : K extends 'var' | 'std'
    ? VarianceOptions
    : K extends 'argmin' | 'argmax'
      ? PositionOptions
      : ReduceOptions;

const define = (name: string, value: (...args: never[]) => unknown): void => {
  Object.defineProperty(DeferredArray.prototype, name, { value, writable: true, configurable: true });
};
for (const name of elementwiseNames) {
  const ufunc = ufuncs[name];
  const method = function (this: Deferred, ...args: unknown[]): unknown {
    return this.applied(ufunc, [this, ...args.slice(0, ufunc.nin - 1)], args[ufunc.nin - 1] as UfuncOptions); // checked there
  };
  for (const key of [name, ...(ufunc.row.aliases ?? [])]) define(key, method);
}
const functions: Readonly<Record<string, (x: never, axis?: never, options?: never) => unknown>> = reducing;
for (const [name, f] of Object.entries(functions)) {
  define(name, function (this: Deferred, axis?: never, options?: never) {
    return f(this as never, axis, options);
  });
}

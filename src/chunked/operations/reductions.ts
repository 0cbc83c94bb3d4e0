// The reductions as rows of trees: those whose partial results are combined by the reduction itself, and the moments, from
// counts, means and squared deviations of blocks. Source of the latter: Chan, Golub, LeVeque (1979), "Updating formulae and a
// pairwise algorithm for computing sample variances".

import { all, any, count_nonzero, max, min, prod, sum } from '../../array/reduce_functions.ts';
import { where } from '../../array/select.ts';
import { realOf } from '../../dtype/category.ts';
import { asDType, type DType, type DTypeName, dtypes } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { type Lazy, lazy } from '../../lazy/lazy.ts';
import { nanmax, nanmin, nanprod, nansum } from '../../routines/nan_reductions.ts';
import type { TreeRow } from './tree.ts';

const keep = (axes: readonly number[]) => ({ axis: axes, keepdims: true as const });

/** Reductions whose partial results are reduced in the same way again, or by another. */
export const again = {
  sum: 'sum',
  prod: 'prod',
  min: 'min',
  max: 'max',
  nansum: 'sum',
  nanprod: 'prod',
  nanmin: 'nanmin',
  nanmax: 'nanmax',
  any: 'any',
  all: 'all',
  count_nonzero: 'sum',
} as const;
export type AgainName = keyof typeof again;

export interface Again {
  readonly name: AgainName;
  readonly dtype: DTypeName | undefined;
  readonly initial: Scalar | undefined;
  /** Needed by operands without an identity, under a mask. */
  readonly masked: boolean;
}

const typed = (p: Again, axes: readonly number[]) =>
  p.dtype === undefined ? keep(axes) : { ...keep(axes), dtype: p.dtype };

export const againRow: TreeRow<Again> = {
  text: (p) => p.name,
  partial(p, [x, mask], axes) {
    const options = { ...typed(p, axes), ...(p.masked && { where: mask }) };
    const { initial } = p;
    // Extremes under a mask need a start: the user's, taken once more without harm.
    return [reduced(p.name, x, { ...options, ...(p.masked && initial !== undefined && { initial }) })];
  },
  combine: (p, [state], axes) => [reduced(again[p.name], state, keep(axes))],
  finish(p, [state], axes) {
    if (p.initial === undefined || (p.masked && /m(in|ax)$/.test(p.name))) return state;
    return reduced(again[p.name], state, { ...keep(axes), initial: p.initial });
  },
};
type Reduce = (options: object) => Lazy;

const functions = { sum, prod, min, max, any, all, count_nonzero, nansum, nanprod, nanmin, nanmax };
/** A reduction of an expression by its name. */
export const reduced = (name: keyof typeof functions, x: Lazy, options: object): Lazy =>
  (functions[name] as (x: unknown, options: object) => unknown)(x, options) as Lazy; // functions take expressions

export interface Moment {
  readonly name: 'mean' | 'var' | 'std';
  readonly ddof: number;
  /** Of the result. */
  readonly dtype: DTypeName;
  readonly masked: boolean;
}

const wide = (d: DType): DType => (d.kind === 'c' ? dtypes.complex128 : dtypes.float64);
const squared = (x: Lazy): Lazy =>
  x.dtype.kind === 'c' ? x.multiply(x.conjugate()).astype(dtypes.float64) : x.square();

/** States: elements, mean, and sum of squared deviations (not for means). */
export const momentRow: TreeRow<Moment> = {
  text: (p) => p.name,
  partial(p, [x, mask], axes) {
    const to = wide(x.dtype);
    const some = axes.reduce((n, d) => n * x.shape[d], 1);
    const shape = x.shape.map((n, d) => (axes.includes(d) ? 1 : n));
    if (!p.masked) {
      const options = { ...keep(axes), dtype: to };
      const count = lazy(some).broadcast_to(shape);
      const mean = (x.mean as unknown as Reduce)(options);
      // The variance is the reduction that divides once, and not per element, by the count.
      return p.name === 'mean' ? [count, mean] : [count, mean, (x.var as unknown as Reduce)(options).multiply(some)];
    }
    const options = { ...keep(axes), where: mask };
    const count = sum(mask.astype(dtypes.float64) as never, keep(axes)) as unknown as Lazy; // functions take expressions
    const total = (x.sum as unknown as Reduce)({ ...options, dtype: to });
    const mean = total.divide(count.maximum(1));
    if (p.name === 'mean') return [count, mean];
    const away = squared(x.astype(to).subtract(mean));
    return [count, mean, (away.sum as unknown as Reduce)(options)];
  },
  combine(p, [count, mean, squares], axes) {
    const add = (a: Lazy): Lazy => (a.sum as unknown as Reduce)(keep(axes));
    const total = add(count);
    const center = add(mean.multiply(count)).divide(total.maximum(1));
    if (p.name === 'mean') return [total, center];
    return [total, center, add(squares.add(squared(mean.subtract(center)).multiply(count)))];
  },
  finish(p, [count, mean, squares]) {
    const d = asDType(p.dtype);
    if (p.name === 'mean') return orNaN(count, mean).astype(d);
    const variance = squares.divide(count.subtract(p.ddof).maximum(0));
    return (p.name === 'std' ? variance.sqrt() : variance).astype(realOf(d));
  },
};

// The mean of nothing is NaN.
const orNaN = (count: Lazy, mean: Lazy): Lazy =>
  where(count.greater(0) as never, mean as never, Number.NaN) as unknown as Lazy; // functions take expressions

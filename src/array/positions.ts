// Positions of extremes: argmin, argmax. The first extreme wins, the first NaN before all. How they are found is in
// exec/positions.ts; here are options, shapes and errors.

import { ArgumentError, ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { type ArrayBase, rawView, reinterpret } from '../exec/array_base.ts';
import { checkOut } from '../exec/call.ts';
import { type ArrayLike, readAt } from '../exec/coerce.ts';
import { contiguousIn, copyInto } from '../exec/copy.ts';
import { Deferred } from '../exec/deferred.ts';
import { Options } from '../exec/options.ts';
import { NONE, positionsAlong } from '../exec/positions.ts';
import { atHome, liesElsewhere } from '../exec/tiles.ts';
import { timed } from '../exec/timed.ts';
import type { ExtremeName } from '../ops/reduce/extremes.ts';
import { splitAxes } from '../shape/reduction.ts';
import { contiguousStrides, formatShape, normalizeAxis } from '../shape/strides.ts';
import type { Reduced } from '../shape/types.ts';
import { type NDArray, nd } from './ndarray.ts';
import { reduceOptions, residentArray, standingIn } from './reductions.ts';
import type { DimsOf } from './types.ts';
import { ravel } from './views.ts';

export interface PositionOptions {
  readonly axis?: number | null;
  readonly keepdims?: boolean;
  readonly out?: ArrayBase;
}

const positionOptions = new Options('axis', 'keepdims', 'out');

/** Which extreme; those with 'nan' before them pass over NaN. */
export type Extreme = ExtremeName;

function allNaN(name: Extreme): never {
  throw new ArgumentError(
    `np.${publicName(name)}: nothing but NaN along the axis`,
    `use np.${name} to find such places`,
    {
      name,
    },
  );
}

/** @throws ShapeError where there are results, each of no elements. */
export function requireElements(shape: readonly number[], axis: number, where: string): void {
  if (shape[axis] !== 0 || splitAxes(shape, [axis]).keptShape.includes(0)) return;
  throw new ShapeError(
    `${where} of an empty sequence (shape ${formatShape(shape)}, axis ${axis})`,
    'check the size first',
    { shape, axis },
  );
}

const skips = (name: Extreme): boolean => name.startsWith('nan');
const publicName = (name: Extreme): string => (skips(name) ? `nanarg${name.slice(3)}` : `arg${name}`);

/** The public functions of this file; those that pass over NaN are offered by routines/. */
export function position(
  name: Extreme,
  x: ArrayLike,
  axisOrOptions: number | null | PositionOptions | undefined,
  more: PositionOptions | undefined,
): NDArray | number {
  if (events.timing) return timed(publicName(name), position, name, x, axisOrOptions, more);
  const where = `np.${publicName(name)}`;
  const options = reduceOptions(axisOrOptions, more, positionOptions, where);
  if (x instanceof Deferred) return standingIn(x.located(name, options));
  if (liesElsewhere(x)) return atHome([x], () => position(name, x, options, undefined));
  const given = residentArray(x, where);
  const flat = options.axis === undefined || options.axis === null;
  const a = flat ? contiguousIn(ravel(given)) : given;
  const axis = flat ? 0 : normalizeAxis(options.axis ?? 0, a.ndim, where);
  requireElements(a.shape, axis, where);
  const result = positionsAlong(name, a, axis);
  if (skips(name) && a.size > 0 && rawView(result).includes(NONE as never)) allNaN(name); // int32
  if (options.out !== undefined || options.keepdims === true) {
    const kept = flat ? given.shape.map(() => 1) : a.shape.map((m, d) => (d === axis ? 1 : m));
    const shaped =
      options.keepdims === true ? reinterpret(result, result.offset, kept, contiguousStrides(kept, 4)) : result;
    if (options.out === undefined) return nd(shaped);
    checkOut(publicName(name), options.out, shaped.shape, shaped.dtype, 'same_kind');
    copyInto(shaped, options.out);
    return nd(options.out);
  }
  return flat ? Number(readAt(result, result.offset)) : nd(result);
}

export interface Position {
  <X extends ArrayLike, const A extends number, K extends boolean = false>(
    x: X,
    axis: A,
    options?: PositionOptions & { readonly keepdims?: K },
  ): NDArray<'int32', Reduced<DimsOf<X>, A, K>>;
  (
    x: ArrayLike,
    options: PositionOptions & ({ readonly axis: number } | { readonly keepdims: true }),
  ): NDArray<'int32'>;
  (x: ArrayLike, axis?: null | PositionOptions): number;
}

/**
 * Position of the least element, of the first where several are; the first NaN counts as least. int32 along an axis.
 * @example np.argmin([3, 1, 1]) // 1
 */
export const argmin = ((x: ArrayLike, axis?: number | null | PositionOptions, options?: PositionOptions) =>
  position('min', x, axis, options)) as Position; // the overloads say which result comes when
/** Position of the greatest element, of the first where several are; the first NaN counts as greatest. */
export const argmax = ((x: ArrayLike, axis?: number | null | PositionOptions, options?: PositionOptions) =>
  position('max', x, axis, options)) as Position;

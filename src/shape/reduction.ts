// Which dimensions a reduction keeps and which it folds, and the shapes that follow. No arithmetic on elements.

import { normalizeAxes, type Shape } from './strides.ts';

export interface SplitAxes {
  /** Dimensions that stay, and those reduced over, both ascending. */
  readonly kept: number[];
  readonly reduced: number[];
  readonly keptShape: number[];
  readonly reducedShape: number[];
  /** The result's shape with keepdims: 1 for every reduced dimension. */
  readonly keepdimsShape: number[];
}

/**
 * Splits the dimensions of `shape` by the axes of a reduction; undefined or null reduces all, [] none.
 * @throws AxisError for an axis out of range or named twice.
 * @example splitAxes([2, 3, 4], -1).keptShape // [2, 3]
 */
export function splitAxes(shape: Shape, axes?: number | readonly number[] | null, where = 'axis'): SplitAxes {
  const ndim = shape.length;
  const chosen = normalizeAxes(axes, ndim, where);
  const kept: number[] = [];
  const reduced: number[] = [];
  const keptShape: number[] = [];
  const reducedShape: number[] = [];
  const keepdimsShape: number[] = [];
  for (let d = 0; d < ndim; d++) {
    if (chosen.includes(d)) {
      reduced.push(d);
      reducedShape.push(shape[d]);
      keepdimsShape.push(1);
    } else {
      kept.push(d);
      keptShape.push(shape[d]);
      keepdimsShape.push(shape[d]);
    }
  }
  return { kept, reduced, keptShape, reducedShape, keepdimsShape };
}

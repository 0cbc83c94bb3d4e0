// Rectangles that are asked of an array outside of memory: checked against its shape, values against the rectangle.

import type { NDArray } from '../array/ndarray.ts';
import { DTypeError, IndexError, ShapeError } from '../base/errors.ts';
import type { DType } from '../dtype/dtype.ts';
import { requireUsable } from '../exec/array_base.ts';
import { formatShape, sameShape } from '../shape/strides.ts';
import type { Region } from './store.ts';

interface Outside {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** @throws IndexError for a rectangle that is not inside the array. */
export function requireRegion({ name, shape }: Outside, region: Region): void {
  const { start, shape: extents } = region;
  const whole = (n: number): boolean => Number.isInteger(n) && n >= 0;
  const inside = (n: number, d: number): boolean => whole(start[d]) && whole(extents[d]) && start[d] + extents[d] <= n;
  if (start.length === shape.length && extents.length === shape.length && shape.every(inside)) return;
  throw new IndexError(
    `${name}: there is no region of shape ${formatShape(extents)} at ${formatShape(start)} in an array of shape ${formatShape(shape)}`,
    'ask for a region inside the array, with a start and an extent per axis',
    { start, extents, shape },
  );
}

/** @throws IndexError, and ShapeError or DTypeError for values that do not fit the rectangle. */
export function requireValues(to: Outside, region: Region, values: NDArray): void {
  requireRegion(to, region);
  requireUsable(values, to.name);
  if (!sameShape(values.shape, region.shape)) {
    throw new ShapeError(
      `${to.name}: values of shape ${formatShape(values.shape)} for a region of shape ${formatShape(region.shape)}`,
      'pass values of the shape of the region; broadcast_to makes them',
      { values: values.shape, region: region.shape },
    );
  }
  if (values.dtype !== to.dtype) {
    throw new DTypeError(
      `${to.name}: values of ${values.dtype.name} for an array of ${to.dtype.name}`,
      `convert them first: values.astype('${to.dtype.name}')`,
      { values: values.dtype.name, dtype: to.dtype.name },
    );
  }
}

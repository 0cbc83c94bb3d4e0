// Reshaping without a copy where strides allow it, and the -1 of a new shape.
// Method: walk old and new dimensions together in groups of equal element counts; a group can change its form exactly
// when its old dimensions follow each other without gaps.

import { ShapeError } from '../base/errors.ts';
import { checkShape, contiguousStrides, formatShape, MAX_NDIM, type Order, type Shape } from './strides.ts';

/**
 * Strides of the view that reads the same elements as `newShape`, or null when only a copy can.
 * Sizes must agree (see `inferShape`). `order` says how both shapes enumerate the elements.
 * @example reshapeStrides([2, 3], [24, 8], [6], 'C', 8) // [8]
 */
export function reshapeStrides(
  shape: Shape,
  strides: readonly number[],
  newShape: Shape,
  order: Order,
  itemsize: number,
): number[] | null {
  // Old dimensions that matter, innermost first whatever the order is.
  const dims: number[] = [];
  const steps: number[] = [];
  const n = shape.length;
  for (let k = 0; k < n; k++) {
    const i = order === 'C' ? n - 1 - k : k;
    if (shape[i] === 0) return contiguousStrides(newShape, itemsize, order);
    if (shape[i] !== 1) {
      dims.push(shape[i]);
      steps.push(strides[i]);
    }
  }

  const m = newShape.length;
  const out = new Array<number>(m);
  let from = 0;
  let k = 0;
  let step = itemsize; // of the next new dimension; kept for dimensions of size 1 past the last group
  while (k < m || from < dims.length) {
    if (from === dims.length) {
      // Only ones can be left: the sizes agree.
      out[order === 'C' ? m - 1 - k : k] = step;
      k++;
      continue;
    }
    // A group starts at old dimension `from` and new dimension k, and grows on the side with fewer elements.
    step = steps[from];
    let oldCount = dims[from];
    let reach = step * oldCount;
    let newCount = 1;
    from++;
    while (newCount !== oldCount) {
      if (newCount < oldCount && k < m) {
        const i = order === 'C' ? m - 1 - k : k;
        out[i] = step;
        step *= newShape[i];
        newCount *= newShape[i];
        k++;
      } else {
        if (from === dims.length || steps[from] !== reach) return null;
        reach *= dims[from];
        oldCount *= dims[from];
        from++;
      }
    }
  }
  return out;
}

/**
 * A new shape with its -1, if any, filled in so that it has `size` elements.
 * @throws ShapeError for two -1, an indivisible size, another element count, or an invalid dimension.
 * @example inferShape([-1, 2], 6) // [3, 2]
 */
export function inferShape(newShape: Shape, size: number, where = 'reshape'): number[] {
  if (!Array.isArray(newShape) || newShape.length > MAX_NDIM) checkShape(newShape, where); // refuses it
  const out = new Array<number>(newShape.length);
  let unknown = -1;
  let known = 1;
  for (let i = 0; i < newShape.length; i++) {
    const dim = newShape[i];
    if (dim === -1) {
      if (unknown >= 0) {
        throw new ShapeError(`${where}: ${formatShape(newShape)} has more than one -1`, 'give all dimensions but one', {
          shape: newShape,
        });
      }
      unknown = i;
      continue;
    }
    if (!Number.isInteger(dim) || dim < 0) {
      throw new ShapeError(
        `${where}: dimension ${i} of ${formatShape(newShape)} is ${String(dim)}`,
        'dimensions are integers from 0 on, and one of them may be -1',
        { shape: newShape, dimension: i },
      );
    }
    out[i] = dim + 0;
    known *= dim;
  }
  if (unknown >= 0 && known !== 0 && size % known === 0) out[unknown] = size / known;
  else if (unknown >= 0 || known !== size) {
    const problem =
      unknown < 0
        ? `${known} elements`
        : known === 0
          ? 'nothing to tell -1 by (0 elements)'
          : `a multiple of ${known} elements`;
    throw new ShapeError(
      `${where}: ${size} elements do not fit shape ${formatShape(newShape)}, which has ${problem}`,
      `choose dimensions whose product is ${size}`,
      { size, shape: newShape },
    );
  }
  return out;
}

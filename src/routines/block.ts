// block: an array assembled from nested lists of blocks, each copied once, straight into its place.

import { type NDArray, nd } from '../array/ndarray.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { promoteAll } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { ArrayBase, newArray, reinterpret } from '../exec/array_base.ts';
import { decidingDTypes } from '../exec/call.ts';
import { type ArrayLike, arrayFrom, operandOf } from '../exec/coerce.ts';
import { copyInto } from '../exec/copy.ts';
import { formatShape } from '../shape/strides.ts';

/** Blocks: an array, or a list of blocks that all nest equally deep. */
export type Blocks = ArrayLike | readonly Blocks[];

interface Leaf {
  readonly operand: ArrayBase | Scalar;
  readonly array: ArrayBase;
  /** Position of its first element in the result. */
  readonly start: number[];
}

function depthOf(blocks: Blocks, path: string): number {
  if (!Array.isArray(blocks)) return 0;
  if (blocks.length === 0) {
    throw new ArgumentError(`np.block: the list at arrays${path} is empty`, 'leave out empty lists', { path });
  }
  const depths = blocks.map((b, i) => depthOf(b, `${path}[${i}]`));
  const odd = depths.findIndex((d) => d !== depths[0]);
  if (odd < 0) return 1 + depths[0];
  throw new ArgumentError(
    `np.block: arrays${path}[${odd}] is nested ${depths[odd]} deep, arrays${path}[0] ${depths[0]} deep`,
    'nest all blocks equally deep',
    { path },
  );
}

/**
 * An array from nested lists of blocks: those of the innermost lists are joined along the last axis, those of the lists
 * around them along the axis before it, and so on. Blocks of fewer dimensions get leading axes of length 1.
 * @throws ArgumentError for empty lists or uneven nesting, ShapeError for blocks that do not fit together.
 * @example np.block([[np.ones([2, 2]), np.zeros([2, 1])]]).shape // [2, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.block.html
 */
export function block(arrays: Blocks): NDArray {
  const depth = depthOf(arrays, '');
  const leaves: Leaf[] = [];
  let ndim = depth;
  const collect = (blocks: Blocks): void => {
    if (Array.isArray(blocks)) {
      for (const b of blocks) collect(b);
      return;
    }
    const operand = operandOf(blocks, 'np.block');
    const array = operand instanceof ArrayBase ? operand : arrayFrom(operand, undefined, 'np.block');
    ndim = Math.max(ndim, array.ndim);
    leaves.push({ operand, array, start: [] });
  };
  collect(arrays);
  const dtype = promoteAll(decidingDTypes(leaves.map((l) => l.operand)));

  let next = 0;
  // Places the blocks of one list and gives the shape they fill; starts count from that list's own corner.
  const assemble = (blocks: Blocks, level: number): number[] => {
    if (!Array.isArray(blocks)) {
      const leaf = leaves[next++];
      const lead = ndim - leaf.array.ndim;
      leaf.start.push(...new Array<number>(ndim).fill(0));
      return [...new Array<number>(lead).fill(1), ...leaf.array.shape];
    }
    const axis = ndim - depth + level;
    let shape: number[] | undefined;
    for (const b of blocks) {
      const from = next;
      const part = assemble(b, level + 1);
      if (shape === undefined) {
        shape = part;
        continue;
      }
      const whole = shape;
      if (part.some((n, d) => d !== axis && n !== whole[d])) {
        throw new ShapeError(
          `np.block: a block of shape ${formatShape(part)} does not fit ${formatShape(whole)} along axis ${axis}`,
          'all dimensions but the joined one must agree',
          { shapes: [whole, part], axis },
        );
      }
      for (let i = from; i < next; i++) leaves[i].start[axis] += whole[axis];
      whole[axis] += part[axis];
    }
    if (shape === undefined) throw new TypeError('empty lists were refused');
    return shape;
  };
  const shape = assemble(arrays, 0);
  const out = newArray(shape, dtype);
  for (const { array, start } of leaves) {
    if (array.size === 0) continue;
    const at = start.reduce((sum, x, d) => sum + x * out.strides[d], out.offset);
    copyInto(
      array,
      reinterpret(out, at, [...new Array<number>(ndim - array.ndim).fill(1), ...array.shape], out.strides),
    );
  }
  return nd(out);
}

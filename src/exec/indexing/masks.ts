// Masks: how many elements are true, where, which elements of an array they select, and values put under them.

import { dtypes } from '../../dtype/dtype.ts';
import { kernelOf } from '../../kernel/compile.ts';
import { addCoordinates, addCount, addPack, addPositions, addUnpack } from '../../kernel/indexing/masks.ts';
import { keepAlive, primarySegment } from '../../memory/allocate.ts';
import { contiguousStrides } from '../../shape/strides.ts';
import { type ArrayBase, newArray, reinterpret, viewOf } from '../array_base.ts';
import { execute } from '../call.ts';
import { bits, contiguousIn, identity } from '../copy.ts';
import { SLICE } from '../run.ts';

const addressOf = (a: ArrayBase): number => a.storage.ptr + a.offset;

/** A mask as bytes one after another in the heap; other dtypes count as true where they are not zero. */
export const settledMask = (mask: ArrayBase): ArrayBase => contiguousIn(mask, dtypes.bool);

/** True elements of a settled mask. */
export function countTrue(mask: ArrayBase): number {
  const { run } = kernelOf('mask:count', addCount).at(primarySegment());
  const at = addressOf(mask);
  let total = 0;
  for (let done = 0; done < mask.size; done += SLICE) total += run(Math.min(SLICE, mask.size - done), at + done);
  keepAlive(mask.storage);
  return total;
}

/** Flat positions of the `count` true elements of a settled mask, int32. */
export function positionsOf(mask: ArrayBase, count: number): ArrayBase {
  const out = newArray([count], dtypes.int32);
  const { run } = kernelOf('mask:positions', addPositions).at(primarySegment());
  const at = addressOf(mask);
  const end = out.storage.ptr + 4 * count;
  let to = out.storage.ptr;
  for (let done = 0; done < mask.size && to < end; done += SLICE) {
    to = run(Math.min(SLICE, mask.size - done), at + done, to, done, end) >>> 0;
  }
  keepAlive(mask.storage);
  return out;
}

/** The `count` elements of a contiguous array that a settled mask over all of it selects. */
export function packed(a: ArrayBase, mask: ArrayBase, count: number): ArrayBase {
  const out = newArray([count], a.dtype);
  const item = a.dtype.itemsize;
  const { run } = kernelOf(`mask:pack:${item}`, (module, tableAddress) => addPack(module, item, tableAddress)).at(
    primarySegment(),
  );
  const [bytes, from] = [addressOf(mask), addressOf(a)];
  const end = out.storage.ptr + item * count;
  let to = out.storage.ptr;
  for (let done = 0; done < mask.size && to < end; done += SLICE) {
    to = run(Math.min(SLICE, mask.size - done), bytes + done, from + done * item, to, end) >>> 0;
  }
  keepAlive(mask.storage);
  keepAlive(a.storage);
  return out;
}

/** Puts one value after another under the true elements of a settled mask; there are as many. All contiguous. */
export function unpack(values: ArrayBase, mask: ArrayBase, to: ArrayBase): void {
  const item = to.dtype.itemsize;
  const { run } = kernelOf(`mask:unpack:${item}`, (module) => addUnpack(module, item)).at(primarySegment());
  const [bytes, target] = [addressOf(mask), addressOf(to)];
  let from = addressOf(values);
  for (let done = 0; done < mask.size; done += SLICE) {
    from = run(Math.min(SLICE, mask.size - done), bytes + done, target + done * item, from) >>> 0;
  }
  for (const a of [values, mask, to]) keepAlive(a.storage);
}

/** Overwrites the elements under a mask of the target's shape by those of `from`, of its dtype, at the same places. */
export function copyWhere(from: ArrayBase, to: ArrayBase, mask: ArrayBase): void {
  const d = bits[to.dtype.itemsize];
  const raw = (a: ArrayBase): ArrayBase => viewOf(a.storage, a.offset, a.shape, a.strides, d);
  execute(identity(d), [raw(from)], mask, [raw(to)], to.shape, []);
}

/** Flat positions in an array of this shape, ascending or not, as one row of coordinates per dimension: int32, (ndim, count). */
export function coordinates(positions: ArrayBase, shape: readonly number[]): ArrayBase {
  const count = positions.size;
  const out = newArray([shape.length, count], dtypes.int32);
  const row = (d: number): number => out.storage.ptr + 4 * count * d;
  const { run } = kernelOf('mask:coordinates', addCoordinates).at(primarySegment());
  let from = addressOf(positions);
  for (let d = shape.length - 1; d > 0; d--) {
    run(count, from, shape[d], row(d - 1), row(d), 4);
    from = row(d - 1);
  }
  if (shape.length === 1) primarySegment().copy(row(0), from, 4 * count);
  keepAlive(positions.storage);
  return out;
}

/** Row `d` of a matrix as a 1-d array. */
export const rowOf = (a: ArrayBase, d: number): ArrayBase =>
  reinterpret(a, a.offset + d * a.strides[0], [a.shape[1]], contiguousStrides([a.shape[1]], a.itemsize));

// Masks: how many elements are true, where, which elements of an array they select, and values put under them.

import { dtypes } from '../../dtype/dtype.ts';
import { type Kernel, kernelOf } from '../../kernel/compile.ts';
import { addCoordinates, addCount, addPack, addPositions, addUnpack } from '../../kernel/indexing/masks.ts';
import { ifKnown, keepAlive, primarySegment } from '../../memory/allocate.ts';
import { contiguousStrides } from '../../shape/strides.ts';
import { type ArrayBase, newArray, reinterpret, viewOf } from '../array_base.ts';
import { execute } from '../call.ts';
import { bits, contiguousIn, identity } from '../copy.ts';
import { SLICE } from '../run.ts';
import { pool } from '../threads/pool.ts';

const addressOf = (a: ArrayBase): number => a.storage.ptr + a.offset;

/** A mask as bytes one after another in the heap; other dtypes count as true where they are not zero. */
export const settledMask = (mask: ArrayBase): ArrayBase => contiguousIn(mask, dtypes.bool);

/** True elements of a mask: of all of it, and of each stretch of SLICE elements. */
export interface Counted {
  readonly total: number;
  readonly slices: readonly number[];
}

/** Counts the true elements of a settled mask. */
export function countTrue(mask: ArrayBase): Counted {
  return ifKnown(
    [mask.storage],
    () => counted(mask),
    () => ({ total: mask.size, slices: [] }),
  );
}

function counted(mask: ArrayBase): Counted {
  const { run } = kernelOf('mask:count', addCount).at(primarySegment());
  const at = addressOf(mask);
  const slices: number[] = [];
  let total = 0;
  for (let done = 0; done < mask.size; done += SLICE) {
    const count = run(Math.min(SLICE, mask.size - done), at + done);
    slices.push(count);
    total += count;
  }
  keepAlive(mask.storage);
  return { total, slices };
}

/** From how many elements on threads pay. */
const SHARED_FROM = 2 ** 19;

/** Runs a kernel over the slices of a mask; `args` are those after the mask, by elements and true elements before it. */
function eachSlice(
  kernel: Kernel,
  mask: ArrayBase,
  { slices }: Counted,
  args: (done: number, chosen: number, count: number) => number[],
): void {
  const segment = primarySegment();
  const { size } = mask;
  const at = addressOf(mask);
  const visit = (call: (all: number[]) => unknown): void => {
    let chosen = 0;
    for (let k = 0; k < slices.length; k++) {
      const done = k * SLICE;
      if (slices[k] > 0) call([Math.min(SLICE, size - done), at + done, ...args(done, chosen, slices[k])]);
      chosen += slices[k];
    }
  };
  const { run } = kernel.at(segment);
  if (size < SHARED_FROM || pool().threadsFor(segment, size) === 1) visit((all) => run(...all));
  else pool().job(kernel, segment, 'run', (job) => visit((all) => job.add(all)));
  keepAlive(mask.storage);
}

/** Flat positions of the true elements of a settled mask, int32. */
export function positionsOf(mask: ArrayBase, counted: Counted): ArrayBase {
  const out = newArray([counted.total], dtypes.int32);
  const { ptr } = out.storage;
  eachSlice(kernelOf('mask:positions', addPositions), mask, counted, (done, chosen, count) => {
    const to = ptr + 4 * chosen;
    return [to, done, to + 4 * count];
  });
  return out;
}

/** The elements of a contiguous array that a settled mask over all of it selects. */
export function packed(a: ArrayBase, mask: ArrayBase, counted: Counted): ArrayBase {
  const out = newArray([counted.total], a.dtype);
  const item = a.dtype.itemsize;
  const from = addressOf(a);
  const { ptr } = out.storage;
  const kernel = kernelOf(`mask:pack:${item}`, (module, tableAddress) => addPack(module, item, tableAddress));
  eachSlice(kernel, mask, counted, (done, chosen, count) => {
    const to = ptr + item * chosen;
    return [from + item * done, to, to + item * count];
  });
  keepAlive(a.storage);
  return out;
}

/** Puts one value after another under the true elements of a settled mask; there are as many. All contiguous. */
export function unpack(values: ArrayBase, mask: ArrayBase, counted: Counted, to: ArrayBase): void {
  const item = to.dtype.itemsize;
  const [from, target] = [addressOf(values), addressOf(to)];
  const kernel = kernelOf(`mask:unpack:${item}`, (module) => addUnpack(module, item));
  eachSlice(kernel, mask, counted, (done, chosen) => [target + item * done, from + item * chosen]);
  keepAlive(values.storage);
  keepAlive(to.storage);
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

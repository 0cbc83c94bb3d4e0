// Repeats the elements of an array along an axis, each as often as one count or a list of counts says. One element after
// another goes through a kernel of its own (kernel/wasm/repeat.ts); whole rows repeated equally often are a broadcast
// copy; rows with counts of their own are copied by a second kernel.

import { type Kernel, kernelOf } from '../kernel/compile.ts';
import { addRepeat, addRepeatRows, type RepeatWidth, repeatWidths } from '../kernel/wasm/repeat.ts';
import { keepAlive, primarySegment, scratch } from '../memory/allocate.ts';
import { coalesce } from '../shape/coalesce.ts';
import { sizeOf } from '../shape/strides.ts';
import { type ArrayBase, newArray, reinterpret } from './array_base.ts';
import { contiguousIn, copyInto, isResident } from './copy.ts';
import { canInterleave, interleave } from './interleave.ts';
import { eachOuter, runLong } from './run.ts';

const isWidth = (bytes: number): bytes is RepeatWidth => repeatWidths.includes(bytes);

const elementKernel = (width: RepeatWidth): Kernel => kernelOf(`repeat:${width}`, (module) => addRepeat(module, width));
const rowKernel = (): Kernel => kernelOf('repeat:rows', addRepeatRows);

/** From this many bytes per element on, a run of copies is as fast as it gets. */
const WIDE = 4096;

/** Every element `count` times, one after the other along `axis`: a new C-contiguous array. */
export function repeatEach(a: ArrayBase, count: number, axis: number): ArrayBase {
  const { shape, strides, dtype } = a;
  const out = newArray(
    shape.map((n, d) => (d === axis ? n * count : n)),
    dtype,
  );
  if (out.size === 0) return out;
  const inserted = <T>(list: readonly T[], x: T): T[] => [...list.slice(0, axis + 1), x, ...list.slice(axis + 1)];
  const single = sizeOf(shape.slice(axis + 1)) === 1;
  if (!single || !isResident(a) || count * dtype.itemsize > WIDE) {
    const to = out.strides.slice();
    to[axis] *= count;
    copyInto(
      reinterpret(a, a.offset, inserted(shape, count), inserted(strides, 0)),
      reinterpret(out, 0, inserted(shape, count), inserted(to, out.strides[axis])),
    );
    return out;
  }
  if (count === 2 && canInterleave(a, a, out)) {
    interleave(a, a, out);
    return out;
  }
  const { itemsize } = dtype;
  // In units of elements of `a`, the result is as contiguous as can be: its runs are those of `a`.
  const steps = out.strides.map((s, d) => (d === axis ? s * count : s));
  const loops = coalesce(shape, [strides, steps]);
  const last = loops.shape.length - 1;
  const kernel = elementKernel(itemsize as RepeatWidth); // every itemsize is one
  const inner = [loops.strides[0][last], loops.strides[1][last]];
  if (inner[1] !== count * itemsize && loops.shape[last] > 1) throw new TypeError('the result is not in C order');
  const mark = scratch.mark();
  try {
    const counts = scratch.take(primarySegment(), 4);
    primarySegment().i32[counts >>> 2] = count;
    const places = [a.storage.ptr + a.offset, out.storage.ptr];
    eachOuter(loops.shape, loops.strides, last, places, (at) => {
      runLong(kernel, loops.shape[last], at, inner, [counts, 0, inner[0], 0]);
    });
  } finally {
    scratch.release(mark);
  }
  keepAlive(a.storage);
  return out;
}

/**
 * Every element along `axis` as often as `counts` says there: an int32 vector as long as the axis, in the heap, with no
 * negative number, whose sum is `total`.
 */
export function repeatCounted(given: ArrayBase, counts: ArrayBase, total: number, axis: number): ArrayBase {
  const a = contiguousIn(given);
  const n = a.shape[axis];
  const out = newArray(
    a.shape.map((k, d) => (d === axis ? total : k)),
    a.dtype,
  );
  if (out.size === 0) return out;
  const bytes = sizeOf(a.shape.slice(axis + 1)) * a.dtype.itemsize;
  const blocks = sizeOf(a.shape.slice(0, axis));
  const element = isWidth(bytes);
  const { run } = (element ? elementKernel(bytes) : rowKernel()).at(primarySegment());
  const at = counts.storage.ptr + counts.offset;
  for (let b = 0; b < blocks; b++) {
    const from = a.storage.ptr + a.offset + b * n * bytes;
    const to = out.storage.ptr + b * total * bytes;
    if (element) run(n, from, to, at, total, bytes, 4);
    else run(n, from, to, at, bytes);
  }
  keepAlive(a.storage);
  keepAlive(counts.storage);
  return out;
}

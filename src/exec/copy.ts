// Copies between arrays of any layout and dtype: the kernel that does nothing. Brings host bytes into the heap, writes
// results back, makes contiguous copies, casts.

import { type DType, dtypeList, dtypes } from '../dtype/dtype.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { typedView } from '../memory/storage.ts';
import { complex, real } from '../ops/define.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { coalesce, type Loops } from '../shape/coalesce.ts';
import { extent } from '../shape/overlap.ts';
import { type ArrayBase, computable, newArray, requireWriteable, viewOf } from './array_base.ts';
import { layoutOf, runLoops } from './run.ts';
import { Loop, layoutCodes, operandCode } from './ufunc.ts';

// Copies that change nothing move bits: the dtype of the same width that costs least to move.
export const bits: Readonly<Record<number, DType>> = {
  1: dtypes.uint8,
  2: dtypes.uint16,
  4: dtypes.uint32,
  8: dtypes.uint64,
  16: dtypes.complex128,
};

const identities: (Loop | undefined)[] = new Array(dtypeList.length);

// The loop that computes in `d` and returns its argument: with an input of another dtype it converts.
export function identity(d: DType): Loop {
  const known = identities[d.id];
  if (known !== undefined) return known;
  const rule = d.parts === 2 ? complex((a) => a) : real('all', (a) => a);
  const made = new Loop('copy', { ins: [d], outs: [d], body: rule.body });
  identities[d.id] = made;
  return made;
}

/** Are the array's bytes where kernels run? */
export const isResident = (a: ArrayBase): boolean => a.storage.segment === primarySegment();

/** The array's bytes in the primary segment with the same strides. */
function resident(a: ArrayBase): ArrayBase {
  if (isResident(a)) return a;
  const [lo, hi] = a.size === 0 ? [0, 0] : extent(a.offset, a.shape, a.strides, a.dtype.itemsize);
  const storage = computable(hi - lo, false);
  const from = typedView(a.storage, lo, hi - lo, Uint8Array);
  typedView(storage, 0, hi - lo, Uint8Array).set(from);
  return viewOf(storage, a.offset - lo, a.shape, a.strides, a.dtype);
}

/** Writes `from`, broadcast to `to`'s shape and cast to its dtype, into `to`; they must not overlap. */
export function copyInto(from: ArrayBase, to: ArrayBase): void {
  if (!to.writeable) requireWriteable(to, 'copy');
  if (to.size === 0) return;
  if (!isResident(to)) {
    writeBack(from, to);
    return;
  }
  const source = resident(from);
  const strides = broadcastStrides(source.shape, source.strides, to.shape);
  const place = (a: ArrayBase): number => a.storage.ptr + a.offset;
  convertBox(
    to.shape,
    { dtype: source.dtype, address: place(source), strides },
    { dtype: to.dtype, address: place(to), strides: to.strides },
  );
  keepAlive(source.storage);
}

interface Box {
  readonly address: number;
  readonly strides: readonly number[];
}

/** Copies a box of elements between two places of the heap that do not overlap. */
export function moveBox(dtype: DType, shape: readonly number[], from: Box, to: Box): void {
  convertBox(shape, { dtype, ...from }, { dtype, ...to });
}

function convertBox(shape: readonly number[], from: Box & { dtype: DType }, to: Box & { dtype: DType }): void {
  const loops = coalesce(shape, [from.strides, to.strides]);
  const last = loops.shape.length - 1;
  const short = last > 0 && loops.shape[last] < SHORT && loops.shape[last - 1] > 2 * loops.shape[last];
  if (!short) copyLoops(loops, from, to);
  else {
    for (const { loops: turned, skip } of turn(loops)) {
      copyLoops(turned, { ...from, address: from.address + skip[0] }, { ...to, address: to.address + skip[1] });
    }
  }
}

/** An innermost loop below this length changes places with the one around it: the call per run costs more than strides. */
const SHORT = 8;
/** Elements of the new innermost loop: what it skips over is still in the first cache when the next pass comes. */
const STRETCH = 512;

// The two innermost loops exchanged, in stretches; `skip` is where the loops start.
function turn({ shape, strides }: Loops): { loops: Loops; skip: number[] }[] {
  const last = shape.length - 1;
  const [length, short] = [shape[last - 1], shape[last]];
  const outer = shape.slice(0, last - 1);
  const whole = Math.floor(length / STRETCH);
  const rest = length % STRETCH;
  const part = (count: number, n: number): Loops => ({
    shape: [...outer, count, short, n],
    strides: strides.map((s) => [...s.slice(0, last - 1), s[last - 1] * STRETCH, s[last], s[last - 1]]),
  });
  const parts: { loops: Loops; skip: number[] }[] = [];
  if (whole > 0) parts.push({ loops: part(whole, STRETCH), skip: strides.map(() => 0) });
  if (rest > 0) parts.push({ loops: part(1, rest), skip: strides.map((s) => s[last - 1] * STRETCH * whole) });
  return parts;
}

function copyLoops(loops: Loops, from: Box & { dtype: DType }, to: Box & { dtype: DType }): void {
  const segment = primarySegment();
  const last = loops.shape.length - 1;
  const n = loops.shape[last];
  const itemsizes = [from.dtype.itemsize, to.dtype.itemsize];
  const codes = itemsizes.map((size, k) => layoutOf(loops.strides[k][last], size, n));
  const same = from.dtype === to.dtype;
  if (same && last === 0 && codes[0] === layoutCodes.contiguous && codes[1] === layoutCodes.contiguous) {
    segment.copy(to.address, from.address, n * to.dtype.itemsize);
    return;
  }
  const target = same ? bits[to.dtype.itemsize] : to.dtype;
  const origin = same ? target : from.dtype;
  const kernel = identity(target).kernel([operandCode(origin, codes[0]), operandCode(target, codes[1])], false);
  runLoops(kernel, segment, loops, { addresses: [from.address, to.address], itemsizes, codes }, []);
}

// The target is host memory: its bytes come into the heap, are changed there and go back.
function writeBack(from: ArrayBase, to: ArrayBase): void {
  const staged = resident(to);
  copyInto(from, staged);
  const [lo, hi] = extent(to.offset, to.shape, to.strides, to.dtype.itemsize);
  typedView(to.storage, lo, hi - lo, Uint8Array).set(typedView(staged.storage, 0, hi - lo, Uint8Array));
}

/** A new C-contiguous heap array with the same elements, cast to `dtype`. */
export function heapCopy(a: ArrayBase, dtype: DType = a.dtype): ArrayBase {
  const out = newArray(a.shape, dtype);
  copyInto(a, out);
  return out;
}

/** The array itself where it is C-contiguous, of this dtype and in the heap; else a copy that is. */
export function contiguousIn(a: ArrayBase, dtype: DType = a.dtype): ArrayBase {
  return a.contiguous && a.dtype === dtype && isResident(a) ? a : heapCopy(a, dtype);
}

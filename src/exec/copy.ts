// Copies between arrays of any layout and dtype: the kernel that does nothing. Brings what lies elsewhere (host bytes,
// other segments) to where kernels run, tile by tile, writes results back, makes contiguous copies, casts.

import { type DType, dtypeList, dtypes } from '../dtype/dtype.ts';
import { kernelOf } from '../kernel/compile.ts';
import { addCopyRows, WORD } from '../kernel/wasm/copy_rows.ts';
import { allocateHere, estimating, isHere, keepAlive, primarySegment, within } from '../memory/allocate.ts';
import { readBytes, typedView, writeBytes } from '../memory/storage.ts';
import { complex, real } from '../ops/define.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { coalesce, type Loops } from '../shape/coalesce.ts';
import { extent } from '../shape/overlap.ts';
import { type ArrayBase, newArray, newResult, reinterpret, requireWriteable, viewOf } from './array_base.ts';
import { isShort, turned, widened } from './copy_loops.ts';
import { isKnown, known } from './known.ts';
import { layoutOf, runLoops } from './run.ts';
import { eachTile } from './tiles.ts';
import { copyTurned, isTurned } from './turned.ts';
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

/** Are the array's bytes where kernels run now? */
export const isResident = (a: ArrayBase): boolean => isHere(a.storage);

/** Writes `from`, broadcast to `to`'s shape and cast to its dtype, into `to`; they must not overlap. */
export function copyInto(from: ArrayBase, to: ArrayBase): void {
  if (!to.writeable) requireWriteable(to, 'copy');
  if (to.size === 0) return;
  if (!isResident(to) || !isResident(from)) {
    copyAcross(from, to);
    return;
  }
  const strides = broadcastStrides(from.shape, from.strides, to.shape);
  const place = (a: ArrayBase): number => a.storage.ptr + a.offset;
  convertBox(
    to.shape,
    { dtype: from.dtype, address: place(from), strides },
    { dtype: to.dtype, address: place(to), strides: to.strides },
  );
  keepAlive(from.storage);
}

/** Reads what lies elsewhere, tile by tile, and writes it where it belongs: kernels run where the target is, or the source. */
function copyAcross(from: ArrayBase, to: ArrayBase): void {
  within(to.storage.segment ?? from.storage.segment ?? primarySegment(), () => {
    if (isResident(from) && isResident(to)) {
      copyInto(from, to);
      return;
    }
    eachTile(to.shape, isResident(to) ? [from, to] : [to, from], (tile) => {
      const [target, source] = [tile(to), tile(from)];
      if (isResident(target)) {
        const staged = brought(source);
        copyInto(staged, target);
        staged.storage.dispose();
      } else if (isResident(source)) sendBack(source, target);
      else {
        const staged = brought(source);
        sendBack(staged, target);
        staged.storage.dispose();
      }
    });
  });
}

/** Bytes between the elements of a tile that are moved along rather than gathered one by one. */
const GAPS = 2 ** 20;

/** The bytes that a small array spans, from its storage's start. */
const span = (a: ArrayBase): [number, number] => extent(a.offset, a.shape, a.strides, a.dtype.itemsize);

/** A tile of what lies elsewhere, in the segment that kernels run in now; whoever asks disposes of it. */
export function brought(a: ArrayBase): ArrayBase {
  if (a.size === 0) return newArray(a.shape, a.dtype);
  const [lo, hi] = span(a);
  const { segment } = a.storage;
  const sparse = hi - lo > 2 * a.nbytes && hi - lo > GAPS;
  if (sparse && segment !== null) {
    const packed = within(segment, () => heapCopy(a));
    const here = brought(packed);
    packed.storage.dispose();
    return here;
  }
  if (sparse) {
    const out = newArray(a.shape, a.dtype);
    for (const half of halves(a)) copyInto(half(a), half(out));
    return out;
  }
  const storage = allocateHere(hi - lo, false);
  if (!estimating()) readBytes(a.storage, lo, typedView(storage, 0, hi - lo, Uint8Array));
  return viewOf(storage, a.offset - lo, a.shape, a.strides, a.dtype);
}

/** Writes a tile into host memory: its bytes come into the heap, are changed there and go back. */
function sendBack(from: ArrayBase, to: ArrayBase): void {
  const [lo, hi] = span(to);
  if (hi - lo > 2 * to.nbytes && hi - lo > GAPS) {
    const whole = broadcastStrides(from.shape, from.strides, to.shape);
    const source = reinterpret(from, from.offset, to.shape, whole);
    for (const half of halves(to)) sendBack(half(source), half(to));
    return;
  }
  const storage = allocateHere(hi - lo, false);
  const inside = typedView(storage, 0, hi - lo, Uint8Array);
  if (hi - lo > to.nbytes && !estimating()) readBytes(to.storage, lo, inside);
  copyInto(from, viewOf(storage, to.offset - lo, to.shape, to.strides, to.dtype));
  if (!estimating()) writeBytes(to.storage, lo, inside);
  storage.dispose();
}

/** Cuts arrays of this one's shape in two, where it steps furthest. */
function halves({ shape, strides }: ArrayBase): ((a: ArrayBase) => ArrayBase)[] {
  let along = 0;
  const reach = (d: number): number => (shape[d] > 1 ? Math.abs(strides[d]) : -1);
  for (let d = 1; d < shape.length; d++) if (reach(d) > reach(along)) along = d;
  const middle = Math.floor(shape[along] / 2);
  return [
    [0, middle],
    [middle, shape[along]],
  ].map(([start, end]) => (a) => {
    const part = a.shape.map((n, d) => (d === along ? end - start : n));
    return reinterpret(a, a.offset + start * a.strides[along], part, a.strides);
  });
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
  if (from.dtype === to.dtype) moveLoops(loops, from.dtype.itemsize, from.address, to.address);
  else {
    inParts(loops, from.address, to.address, (part, source, target) =>
      copyLoops(part, from.dtype, to.dtype, source, target),
    );
  }
}

// Elements of any dtype, as bits.
function moveLoops(given: Loops, size: number, from: number, to: number): void {
  const { shape, strides } = given;
  if (shape.length === 1 && strides[0][0] === size && strides[1][0] === size) {
    copyRun(shape[0] * size, from, to);
    return;
  }
  if (moveRows(given, size, from, to)) return;
  const { loops, itemsize } = widened(given, size);
  if (loops.strides[1][loops.shape.length - 1] === itemsize && isTurned(loops, loops.strides[0], itemsize)) {
    copyTurned(primarySegment(), loops, [from, to], itemsize);
    return;
  }
  const d = bits[itemsize];
  inParts(loops, from, to, (part, source, target) => copyLoops(part, d, d, source, target));
}

// From here on threads help, and beyond the caches plain stores are faster than memory.copy (measured: 64 MB in 5.4 ms
// against 9.1).
const LARGE = 2 ** 20;

// Bytes that lie one after another on both sides.
function copyRun(bytes: number, from: number, to: number): void {
  const width = 8;
  if (bytes < LARGE || bytes % width !== 0) {
    primarySegment().copy(to, from, bytes);
    return;
  }
  const d = bits[width];
  copyLoops({ shape: [bytes / width], strides: [[width], [width]] }, d, d, from, to);
}

/** Rows of this many bytes are copied by memory.copy, row by row. */
const LONG_ROW = 256;

// Rows that lie in one piece on both sides, in words and what is left of them; false where there are none worth it.
function moveRows({ shape, strides }: Loops, size: number, from: number, to: number): boolean {
  const last = shape.length - 1;
  const bytes = shape[last] * size;
  if (bytes < LONG_ROW || strides[0][last] !== size || strides[1][last] !== size) return false;
  const row = (n: number, item: number): Loops => ({
    shape: [...shape.slice(0, last), n],
    strides: strides.map((s) => [...s.slice(0, last), item]),
  });
  const words = Math.floor(bytes / WORD);
  const kernel = kernelOf('copy:rows', addCopyRows);
  const codes = [layoutCodes.contiguous, layoutCodes.contiguous];
  const operands = { addresses: [from, to], itemsizes: [WORD, WORD], codes };
  runLoops(kernel, primarySegment(), row(words, WORD), operands, []);
  const done = words * WORD;
  if (done < bytes) moveLoops(row((bytes - done) / size, size), size, from + done, to + done);
  return true;
}

function inParts(
  loops: Loops,
  from: number,
  to: number,
  copy: (part: Loops, source: number, target: number) => void,
): void {
  if (!isShort(loops)) copy(loops, from, to);
  else for (const { loops: part, skip } of turned(loops)) copy(part, from + skip[0], to + skip[1]);
}

function copyLoops(loops: Loops, from: DType, to: DType, source: number, target: number): void {
  const last = loops.shape.length - 1;
  const n = loops.shape[last];
  const itemsizes = [from.itemsize, to.itemsize];
  const codes = itemsizes.map((size, k) => layoutOf(loops.strides[k][last], size, n));
  const kernel = identity(to).kernel([operandCode(from, codes[0]), operandCode(to, codes[1])], false);
  runLoops(kernel, primarySegment(), loops, { addresses: [source, target], itemsizes, codes }, []);
}

/** A new C-contiguous array, where kernels run now, with the same elements, cast to `dtype`. */
export function heapCopy(a: ArrayBase, dtype: DType = a.dtype): ArrayBase {
  if (isKnown([a])) return known(() => heapCopy(a, dtype));
  const out = newArray(a.shape, dtype);
  copyInto(a, out);
  return out;
}

/** The same in whatever segment there is room: for copies that are results. */
export function copyOf(a: ArrayBase, dtype: DType = a.dtype): ArrayBase {
  const out = newResult(a.shape, dtype);
  copyInto(a, out);
  return out;
}

/** The array itself where it is C-contiguous, of this dtype and where kernels run now; else a copy that is. */
export function contiguousIn(a: ArrayBase, dtype: DType = a.dtype): ArrayBase {
  return a.contiguous && a.dtype === dtype && isResident(a) ? a : heapCopy(a, dtype);
}

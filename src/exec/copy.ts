// Copies between arrays of any layout and dtype: the kernel that does nothing. Brings host bytes into the heap, writes
// results back, makes contiguous copies, casts.

import { type DType, dtypeList, dtypes } from '../dtype/dtype.ts';
import { kernelOf } from '../kernel/compile.ts';
import { addCopyRows, WORD } from '../kernel/wasm/copy_rows.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { typedView } from '../memory/storage.ts';
import { complex, real } from '../ops/define.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { coalesce, type Loops } from '../shape/coalesce.ts';
import { extent } from '../shape/overlap.ts';
import { type ArrayBase, computable, newArray, requireWriteable, viewOf } from './array_base.ts';
import { isShort, turned, widened } from './copy_loops.ts';
import { layoutOf, runLoops } from './run.ts';
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

// The embedded matrix-vector product and dot product on addresses: by rows or by columns, as the matrix lies, for the
// threads in strips of rows, of a dot product in spans. Neither changes bits. No arrays or dtypes here (../matmul.ts).

import { type Pool, pool } from '../../exec/threads/pool.ts';
import { type Kernel, kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { ALIGNMENT } from '../../memory/sizes.ts';
import { addColumnKernel } from './column_kernel.ts';
import { type ElementName, type ElementRow, elements, itemBytes } from './elements.ts';
import type { MatrixAt, Update } from './gemm.ts';
import { addRowKernel, rowScratch, SPAN } from './row_kernel.ts';
import { addSignedCopy } from './signs.ts';

/** A vector operand: address of its first element, bytes from one to the next. */
export interface VectorAt {
  readonly ptr: number;
  readonly stride: number;
  /** Its elements are conjugated on the way; real ones stay. */
  readonly conj?: boolean;
}

/** Bytes of operands from which threads pay: what takes about 100 µs alone. */
const SHARED_FROM = 2 ** 20;
/** Bytes that take as long as an addition of two elements, the unit in which the pool counts work. */
const BYTES_PER_ELEMENT = 8;
const SLICES_PER_THREAD = 4;

const threadsFor = (segment: Segment, bytes: number): number =>
  bytes < SHARED_FROM ? 1 : pool().threadsFor(segment, bytes / BYTES_PER_ELEMENT);

/** Whether a conjugated matrix is one for gemv: by rows it is, sums of conjugated columns are not. */
export const takesConjugate = (e: ElementRow, a: MatrixAt): boolean => !isByColumns(e, a);

const isByColumns = (e: ElementRow, a: MatrixAt): boolean => {
  const item = itemBytes(e);
  return a.rowStride === item && a.columnStride !== item;
};

/**
 * y = A·x, y += A·x or y −= A·x (the last for floats), with A m × k and x of any strides, y of m neighbouring elements that
 * overlap neither. A vector times a matrix is this with A's strides exchanged. Where rows of A lie side by side sums run in
 * order of k, otherwise by spans of SPAN elements; the number of rows changes no bits. A is conjugated only where it does
 * not lie by columns.
 */
export function gemv(
  segment: Segment,
  name: ElementName,
  m: number,
  k: number,
  a: MatrixAt,
  x: VectorAt,
  y: number,
  update: Update = 0,
): void {
  const e = elements[name];
  const item = itemBytes(e);
  if (m === 0) return;
  if (k === 0) {
    if (update === 0) segment.fill(y, m * item, 0);
    return;
  }
  const conj = x.conj === true && e.parts === 2;
  if (update !== -1 && !conj) {
    run(segment, name, m, k, a, x, y, update);
    return;
  }
  const mark = scratch.mark();
  try {
    const at = scratch.take(segment, k * item + 32);
    const { run: copy } = kernelOf(`gemv.signed.${name}`, (module) => addSignedCopy(module, e)).at(segment);
    copy(k, x.ptr, x.stride, at, (update === -1 ? 3 : 0) ^ (conj ? 2 : 0));
    run(segment, name, m, k, a, { ptr: at, stride: item }, y, update === 0 ? 0 : 1);
  } finally {
    scratch.release(mark);
  }
}

function run(
  segment: Segment,
  name: ElementName,
  m: number,
  k: number,
  a: MatrixAt,
  x: VectorAt,
  y: number,
  add: 0 | 1,
): void {
  const e = elements[name];
  const item = itemBytes(e);
  const threads = threadsFor(segment, m * k * item);
  const grain = 64 / item; // no two threads write to one cache line
  const rows = threads === 1 ? m : Math.ceil(m / (threads * SLICES_PER_THREAD * grain)) * grain;
  if (isByColumns(e, a)) {
    const kernel = kernelOf(`gemv.columns.${name}`, (module) => addColumnKernel(module, e));
    const part = (i: number): number[] => {
      const from = a.ptr + i * a.rowStride;
      return [Math.min(rows, m - i), k, from, a.columnStride, x.ptr, x.stride, y + i * item, add];
    };
    inStrips(segment, kernel, m, rows, part, -1, 0);
    return;
  }
  const kernel = rowKernel(name, a.conj === true);
  const size = a.columnStride === item && x.stride === item ? 0 : alignedScratch(k, e);
  const mark = scratch.mark();
  try {
    const work = size === 0 ? 0 : scratch.take(segment, size * threads);
    const part = (i: number): number[] => {
      const from = a.ptr + i * a.rowStride;
      const count = Math.min(rows, m - i);
      return [count, k, from, a.rowStride, a.columnStride, x.ptr, x.stride, y + i * item, work, add];
    };
    inStrips(segment, kernel, m, rows, part, 8, size);
  } finally {
    scratch.release(mark);
  }
}

const alignedScratch = (k: number, e: ElementRow): number => Math.ceil(rowScratch(k, e) / ALIGNMENT) * ALIGNMENT;

function rowKernel(name: ElementName, conjugate: boolean): Kernel {
  const e = elements[name];
  const conj = conjugate && e.parts === 2;
  return kernelOf(`gemv.rows.${name}${conj ? '.conjugate' : ''}`, (module) => addRowKernel(module, e, conj));
}

/** Calls of a kernel for rows in strips; for a single strip without the pool. */
function inStrips(
  segment: Segment,
  kernel: Kernel,
  m: number,
  rows: number,
  part: (i: number) => number[],
  own: number,
  ownBytes: number,
): void {
  if (rows >= m) {
    kernel.at(segment).run(...part(0));
    return;
  }
  const fill = (job: Pool): void => {
    for (let i = 0; i < m; i += rows) job.add(part(i));
  };
  pool().job(kernel, segment, 'run', fill, own, ownBytes);
}

/** y = Σ a·x over n elements, of complex types Σ conj(a)·x when asked; y is an address that overlaps neither. */
export function dot(
  segment: Segment,
  name: ElementName,
  n: number,
  a: VectorAt,
  x: VectorAt,
  y: number,
  conjugate = false,
): void {
  const e = elements[name];
  const item = itemBytes(e);
  if (n === 0) {
    segment.fill(y, item, 0);
    return;
  }
  const threads = threadsFor(segment, 2 * n * item);
  if (threads === 1) {
    run(segment, name, 1, n, { ptr: a.ptr, rowStride: 0, columnStride: a.stride, conj: conjugate }, x, y, 0);
    return;
  }
  const kernel = rowKernel(name, conjugate);
  const spans = Math.ceil(n / SPAN);
  const slice = Math.ceil(spans / (threads * SLICES_PER_THREAD)) * SPAN;
  const size = alignedScratch(SPAN, e);
  const mark = scratch.mark();
  try {
    const sums = scratch.take(segment, spans * item);
    const work = scratch.take(segment, size * threads);
    const fill = (job: Pool): void => {
      for (let i = 0; i < n; i += slice) {
        const from = [a.ptr + i * a.stride, a.stride, x.ptr + i * x.stride, x.stride];
        job.add([Math.min(slice, n - i), ...from, sums + (i / SPAN) * item, work]);
      }
    };
    pool().job(kernel, segment, 'nest', fill, 6, size);
    kernel.at(segment).columns(spans, sums, y);
  } finally {
    scratch.release(mark);
  }
}

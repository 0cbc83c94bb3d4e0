// Puts elements into memory in every layout, with known bytes in the gaps, and reads them back without the library's
// own copies: strides are walked here in plain JavaScript.

import type { DType } from '../../src/dtype/dtype.ts';
import { type ArrayBase, viewOf } from '../../src/exec/array_base.ts';
import { allocate } from '../../src/memory/allocate.ts';
import { type Storage, typedView, wrapHost } from '../../src/memory/storage.ts';
import { blank, type Elements } from './_values.ts';

interface Plan {
  readonly strides: number[];
  readonly offset: number;
  readonly nbytes: number;
  readonly host?: true;
}

const JUNK = 0xa5;
const PAD = 64;

function dense(shape: readonly number[], itemsize: number, order: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = itemsize;
  for (const d of order) {
    strides[d] = step;
    step *= Math.max(1, shape[d]);
  }
  return strides;
}

const axes = (shape: readonly number[]): number[] => shape.map((_, d) => d);
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const c = (shape: readonly number[], itemsize: number): number[] => dense(shape, itemsize, axes(shape).reverse());

/** How a shape may lie in memory. */
export const layouts = {
  contiguous: (shape, itemsize) => ({ strides: c(shape, itemsize), offset: 0, nbytes: sizeOf(shape) * itemsize }),
  /** Starts one element into a block: not aligned for SIMD. */
  shifted: (shape, itemsize) => ({
    strides: c(shape, itemsize),
    offset: itemsize,
    nbytes: (sizeOf(shape) + 1) * itemsize,
  }),
  reversed: (shape, itemsize) => {
    const strides = c(shape, itemsize);
    const offset = shape.reduce((at, n, d) => at + Math.max(0, n - 1) * strides[d], 0);
    return { strides: strides.map((s) => -s), offset, nbytes: sizeOf(shape) * itemsize };
  },
  /** Every third element of wider rows. */
  strided: (shape, itemsize) => {
    const wide = shape.map((n, d) => (d === shape.length - 1 ? 3 * n + 1 : n));
    const strides = c(wide, itemsize);
    if (shape.length > 0) strides[shape.length - 1] *= 3;
    return { strides, offset: 0, nbytes: sizeOf(wide) * itemsize };
  },
  fortran: (shape, itemsize) => ({
    strides: dense(shape, itemsize, axes(shape)),
    offset: 0,
    nbytes: sizeOf(shape) * itemsize,
  }),
  /** Rows of a wider matrix: contiguous inside, gaps between. */
  rows: (shape, itemsize) => {
    const wide = shape.map((n, d) => (d === shape.length - 1 ? n + 3 : n));
    return { strides: c(wide, itemsize), offset: 0, nbytes: sizeOf(wide) * itemsize };
  },
  /** In a JavaScript buffer, at an address that is no multiple of anything. */
  host: (shape, itemsize) => ({
    strides: c(shape, itemsize),
    offset: 1,
    nbytes: sizeOf(shape) * itemsize + 1,
    host: true,
  }),
} as const satisfies Record<string, (shape: readonly number[], itemsize: number) => Plan>;

export type LayoutName = keyof typeof layouts;
export const layoutNames = Object.keys(layouts) as readonly LayoutName[]; // keys of the const above

/** Byte offsets of all elements in C order. */
function* offsets(a: { offset: number; shape: readonly number[]; strides: readonly number[] }): Generator<number> {
  const { shape, strides } = a;
  const index = new Array<number>(shape.length).fill(0);
  const size = sizeOf(shape);
  let at = a.offset;
  for (let i = 0; i < size; i++) {
    yield at;
    for (let d = shape.length - 1; d >= 0; d--) {
      at += strides[d];
      if (++index[d] < shape[d]) break;
      at -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
}

const bytesOf = (storage: Storage, length: number): Uint8Array =>
  typedView(storage, 0, length, Uint8Array) as Uint8Array;

/** An array in memory together with the bytes around its elements. */
export interface Placed {
  readonly array: ArrayBase;
  /** Bytes of the block, elements and gaps. */
  readonly nbytes: number;
}

/** A new array of these elements (C order) in a layout. */
export function place(e: Elements, shape: readonly number[], layout: LayoutName): Placed {
  const plan: Plan = layouts[layout](shape, e.d.itemsize);
  const nbytes = plan.nbytes + PAD;
  const storage = plan.host ? wrapHost(new Uint8Array(nbytes)) : allocate(nbytes, false);
  const block = bytesOf(storage, nbytes);
  block.fill(JUNK);
  const array = viewOf(storage, plan.offset, shape, plan.strides, e.d);
  const from = new Uint8Array(e.raw.buffer, e.raw.byteOffset, e.raw.byteLength);
  let i = 0;
  for (const at of offsets(array)) {
    for (let b = 0; b < e.d.itemsize; b++) block[at + b] = from[i + b];
    i += e.d.itemsize;
  }
  return { array, nbytes };
}

/** The elements of an array in C order. */
export function gather(a: ArrayBase): Elements {
  const out = blank(a.dtype, a.size);
  if (a.size === 0) return out;
  const to = new Uint8Array(out.raw.buffer);
  let [lo, hi] = [a.offset, a.offset];
  a.shape.forEach((n, d) => {
    const reach = (n - 1) * a.strides[d];
    if (reach < 0) lo += reach;
    else hi += reach;
  });
  const from = typedView(a.storage, lo, hi - lo + a.dtype.itemsize, Uint8Array);
  const { itemsize } = a.dtype;
  let i = 0;
  for (const at of offsets(a)) {
    for (let b = 0; b < itemsize; b++) to[i + b] = Number(from[at - lo + b]);
    i += itemsize;
  }
  return out;
}

/** Were bytes outside the elements written? */
export function gapsIntact({ array, nbytes }: Placed): boolean {
  const copy = bytesOf(array.storage, nbytes).slice();
  for (const at of offsets(array)) copy.fill(JUNK, at, at + array.dtype.itemsize);
  return copy.every((b) => b === JUNK);
}

/** An array over the elements `start` … of one block, for outputs that overlap inputs. */
export function window(block: ArrayBase, start: number, n: number): ArrayBase {
  const { itemsize } = block.dtype;
  return viewOf(block.storage, block.offset + start * itemsize, [n], [itemsize], block.dtype);
}

export const describeDType = (ds: readonly DType[]): string => ds.map((d) => d.name).join(',');

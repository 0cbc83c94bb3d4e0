// From an n-dimensional traversal of several operands to as few nested loops as their strides allow.
// Only the set of index tuples is kept, not their order; strides keep their sign. Pairs of addresses stay together.
// Method: the dimension sorting and merging every strided iterator does, deterministic here: largest |stride| outermost,
// the output's stride deciding first, then the inputs' in turn, ties in the order of the dimensions.

import type { Shape } from './strides.ts';

export interface Loops {
  /** Outermost first; at least one entry. */
  readonly shape: number[];
  /** Per operand, per loop, in bytes. */
  readonly strides: number[][];
}

export interface CoalesceOptions {
  /** Merge neighbours but do not reorder, for callers whose order of visit matters. */
  readonly keepOrder?: boolean;
}

/**
 * The loops that visit every element of `shape` once, for operands with these strides (the output last).
 * An empty traversal gives shape [0], a single element [1].
 * @example coalesce([2, 3], [[24, 8], [24, 8]]) // { shape: [6], strides: [[8], [8]] }
 */
export function coalesce(shape: Shape, strides: readonly (readonly number[])[], options?: CoalesceOptions): Loops {
  const operands = strides.length;
  const outShape: number[] = [];
  const outStrides = new Array<number[]>(operands);
  for (let k = 0; k < operands; k++) outStrides[k] = [];

  const dims: number[] = [];
  for (let d = 0; d < shape.length; d++) {
    const n = shape[d];
    if (n === 0) return single(0, outShape, outStrides);
    if (n !== 1) dims.push(d);
  }
  if (dims.length === 0) return single(1, outShape, outStrides);
  if (options?.keepOrder !== true) sortOutermostFirst(dims, strides);

  for (let i = 0; i < dims.length; i++) {
    const d = dims[i];
    const n = shape[d];
    const last = outShape.length - 1;
    let merges = last >= 0;
    for (let k = 0; merges && k < operands; k++) merges = outStrides[k][last] === n * strides[k][d];
    if (merges) {
      outShape[last] *= n;
      for (let k = 0; k < operands; k++) outStrides[k][last] = strides[k][d];
    } else {
      outShape.push(n);
      for (let k = 0; k < operands; k++) outStrides[k].push(strides[k][d]);
    }
  }
  return { shape: outShape, strides: outStrides };
}

function single(n: number, shape: number[], strides: number[][]): Loops {
  shape.length = 0;
  shape.push(n);
  for (let k = 0; k < strides.length; k++) strides[k] = [0];
  return { shape, strides };
}

/** Insertion sort: stable, few dimensions, and one pass when they are in order, which is the usual case. */
function sortOutermostFirst(dims: number[], strides: readonly (readonly number[])[]): void {
  for (let i = 1; i < dims.length; i++) {
    const d = dims[i];
    let j = i;
    while (j > 0 && belongsOutside(d, dims[j - 1], strides)) {
      dims[j] = dims[j - 1];
      j--;
    }
    dims[j] = d;
  }
}

function belongsOutside(a: number, b: number, strides: readonly (readonly number[])[]): boolean {
  const output = strides.length - 1;
  for (let k = output; k >= 0; k--) {
    const s = strides[k === output ? output : output - 1 - k];
    const x = Math.abs(s[a]);
    const y = Math.abs(s[b]);
    if (x !== y) return x > y;
  }
  return false;
}

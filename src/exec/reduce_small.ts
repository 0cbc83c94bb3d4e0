// The short path of reductions along one axis of a small array: the run kernel under the odometer, in one call, whatever
// the strides. Same tree, so the same bits, as exec/reduce.ts; the sweep holds the two against each other.

import type { KernelExports } from '../kernel/compile.ts';
import { foldScratch } from '../kernel/wasm/fold.ts';
import { keepAlive, primarySegment, Standing } from '../memory/allocate.ts';
import { ArrayBase, newArray } from './array_base.ts';
import type { Reducer } from './monoid.ts';
import { layoutOf, nest } from './run.ts';
import { layoutCodes, operandCode } from './ufunc.ts';

/** Most elements, and most results: beyond them the choice of a strategy pays. */
const MOST = 4096;
const RESULTS = 32;
const DIMS = 4;

const workspace = new Standing(foldScratch({ lane: 'f64', parts: 2, layout: 'contiguous' }));

/** Can `reduceAlong` take it? */
export const isSmall = (x: unknown, axis: unknown): x is ArrayBase =>
  x instanceof ArrayBase &&
  Number.isInteger(axis) &&
  Number(axis) >= -x.shape.length &&
  Number(axis) < x.shape.length &&
  x.shape.length <= DIMS &&
  x.size > 0 &&
  x.size <= MOST &&
  x.size <= RESULTS * x.shape[Number(axis) < 0 ? Number(axis) + x.shape.length : Number(axis)] &&
  x.storage.owner !== null &&
  x.storage.segment === primarySegment();

/** More than there are codes of operands. */
const CODES = 64;

const kernels = new WeakMap<Reducer, (KernelExports | undefined)[]>();

function kernelOf(reducer: Reducer, code: number): KernelExports {
  let known = kernels.get(reducer);
  if (known === undefined) {
    known = [];
    kernels.set(reducer, known);
  }
  const place = primarySegment().id * CODES + code;
  let found = known[place];
  if (found === undefined) {
    found = reducer.rows([code]).at(primarySegment());
    known[place] = found;
  }
  return found;
}

/** The states of a small array along an axis, C-contiguous; with `keepdims` the axis stays with length 1. */
export function reduceAlong(reducer: Reducer, a: ArrayBase, axis: number, keepdims: boolean): ArrayBase {
  const { shape, strides, dtype, storage } = a;
  const along = axis < 0 ? axis + shape.length : axis;
  const n = shape[along];
  const step = strides[along];
  const { state } = reducer.monoid;
  const kept: number[] = [];
  const from: number[] = [];
  const resultShape: number[] = [];
  for (let d = 0; d < shape.length; d++) {
    if (d === along) {
      if (keepdims) resultShape.push(1);
      continue;
    }
    resultShape.push(shape[d]);
    if (shape[d] === 1) continue;
    kept.push(shape[d]);
    from.push(strides[d]);
  }
  const out = newArray(resultShape, state);
  const layout = layoutOf(step, dtype.itemsize, n);
  const code = kernelOf(reducer, operandCode(dtype, layout));
  const at = [storage.ptr + a.offset, out.storage.ptr];
  if (kept.length === 0) {
    if (layout === layoutCodes.strided) code.run(n, at[0], at[1], step, workspace.ptr);
    else code.run(n, at[0], at[1], workspace.ptr);
  } else {
    const to = new Array<number>(kept.length);
    let item = state.itemsize;
    for (let d = kept.length - 1; d >= 0; d--) {
      to[d] = item;
      item *= kept[d];
    }
    nest(code, kept, [from, to], kept.length, at, [step, 0], n, [workspace.ptr]);
  }
  keepAlive(storage);
  return out;
}

// Reductions over stretches of one axis (reduceat): each stretch is a reduction of its own. Along memory one kernel call
// per stretch; across memory every stretch is a reduction of many columns.

import { foldScratch, RUN } from '../kernel/wasm/fold.ts';
import { keepAlive, primarySegment, scratch } from '../memory/allocate.ts';
import { type ArrayBase, reinterpret } from './array_base.ts';
import type { Reducer } from './monoid.ts';
import { reduceStates } from './reduce.ts';
import { eachOuter, layoutOf } from './run.ts';
import { scanInto } from './scan.ts';
import { layoutCodes, operandCode } from './ufunc.ts';

/**
 * Reduces a[starts[i] … starts[i + 1] - 1] along `axis` to position i of `out` (resident, of the state's dtype), a[starts[i]]
 * alone where the next start is not greater; the last stretch goes to the end. From left to right unless `free`.
 */
export function reduceStretches(
  reducer: Reducer,
  free: boolean,
  a: ArrayBase,
  axis: number,
  starts: readonly number[],
  out: ArrayBase,
): void {
  if (out.size === 0) return;
  const lengths = starts.map((start, i) =>
    Math.max(1, (i + 1 < starts.length ? starts[i + 1] : a.shape[axis]) - start),
  );
  const step = Math.abs(a.strides[axis]);
  const along = a.strides.every((s, d) => d === axis || a.shape[d] === 1 || Math.abs(s) >= step);
  if (along && lengths.every((n) => n <= RUN)) runs(reducer, free, a, axis, starts, lengths, out);
  else for (let i = 0; i < starts.length; i++) one(reducer, free, a, axis, starts[i], lengths[i], i, out);
}

const without = (list: readonly number[], axis: number): number[] => list.filter((_, d) => d !== axis);

function one(
  reducer: Reducer,
  free: boolean,
  a: ArrayBase,
  axis: number,
  start: number,
  n: number,
  i: number,
  out: ArrayBase,
): void {
  const shape = a.shape.map((m, d) => (d === axis ? n : m));
  const from = reinterpret(a, a.offset + start * a.strides[axis], shape, a.strides);
  const at = out.offset + i * out.strides[axis];
  if (free) {
    reduceStates(
      reducer,
      [from],
      shape,
      [axis],
      reinterpret(out, at, without(shape, axis), without(out.strides, axis)),
    );
    return;
  }
  const still = out.strides.map((s, d) => (d === axis ? 0 : s));
  scanInto(reducer, from, axis, reinterpret(out, at, shape, still));
}

function runs(
  reducer: Reducer,
  free: boolean,
  a: ArrayBase,
  axis: number,
  starts: readonly number[],
  lengths: readonly number[],
  out: ArrayBase,
): void {
  const segment = primarySegment();
  const { state } = reducer.monoid;
  const step = a.strides[axis];
  // Stretches differ in length, so one of length one may not choose the kernel.
  const code = layoutOf(step, a.dtype.itemsize, 2);
  const codes = [operandCode(a.dtype, code)];
  const { run } = (free ? reducer.rows(codes) : reducer.scans(codes, 1)).at(segment);
  const mark = scratch.mark();
  try {
    const rest = code === layoutCodes.strided ? [step] : [];
    // A scan's output that does not move keeps the last state; a fold wants scratch.
    rest.push(
      free ? scratch.take(segment, foldScratch({ lane: state.lane, parts: state.parts, layout: 'contiguous' })) : 0,
    );
    const addresses = [a.storage.ptr + a.offset, out.storage.ptr + out.offset];
    const others = without(a.shape, axis);
    const strides = [without(a.strides, axis), without(out.strides, axis)];
    eachOuter(others, strides, others.length, addresses, ([from, to]) => {
      for (let i = 0; i < starts.length; i++) {
        const at = from + starts[i] * step;
        const into = to + i * out.strides[axis];
        if (rest.length === 1) run(lengths[i], at, into, rest[0]);
        else run(lengths[i], at, into, rest[0], rest[1]);
      }
    });
  } finally {
    scratch.release(mark);
  }
  keepAlive(a.storage);
}

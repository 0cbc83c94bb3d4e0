// Reduces arrays along axes with a monoid: chooses between runs (one result at a time, along memory), columns (many
// results at once, across memory) and staged runs (logical order gathered into scratch). The choice never shows in the
// bits: all three compute the tree of kernel/wasm/fold.ts over the elements in C order of the reduced axes.

import type { DType } from '../dtype/dtype.ts';
import type { Kernel, KernelExports } from '../kernel/compile.ts';
import { foldScratch, RUN } from '../kernel/wasm/fold.ts';
import { keepAlive, primarySegment, scratch } from '../memory/allocate.ts';
import type { Segment } from '../memory/segment.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { coalesce, type Loops } from '../shape/coalesce.ts';
import { permute } from '../shape/permute.ts';
import { splitAxes } from '../shape/reduction.ts';
import { type ArrayBase, newArray } from './array_base.ts';
import { type ReduceOperand, reduceColumns, reduceStraight } from './columns.ts';
import { isResident, moveBox } from './copy.ts';
import type { Reducer } from './monoid.ts';
import { reduceOutside } from './reduce_outside.ts';
import { eachOuter, layoutOf, nest, nestInBoxes } from './run.ts';
import { Boxes, piecesFor, sharedFoldFrom } from './threads/cut.ts';
import { pool } from './threads/pool.ts';
import { layoutCodes, operandCode } from './ufunc.ts';

/** Below this many elements per result, many results are faster together. */
const SHORT = 64;
const MANY = 8;

interface Job {
  readonly reducer: Reducer;
  readonly segment: Segment;
  readonly kept: Loops;
  readonly reduced: Loops;
  readonly operands: readonly ReduceOperand[];
  readonly out: { readonly address: number; readonly strides: readonly number[] };
  readonly count: number;
}

/**
 * The states of `operands` (broadcast to `shape`) reduced over `axes`, as a C-contiguous array of the state's dtype and
 * the kept shape; `into` is used for it if given (resident, same dtype and shape). Operands that lie elsewhere are
 * brought tile by tile. The reduced extent must not be 0.
 */
export function reduceStates(
  reducer: Reducer,
  operands: readonly ArrayBase[],
  shape: readonly number[],
  axes: readonly number[],
  into?: ArrayBase,
): ArrayBase {
  const { keptShape, kept, reduced, reducedShape } = splitAxes(shape, axes);
  const { state, ordered } = reducer.monoid;
  const result = into ?? newArray(keptShape, state);
  if (result.size === 0) return result;
  for (let k = 0; k < operands.length; k++) {
    if (isResident(operands[k])) continue;
    reduceOutside(reducer, operands, shape, axes, result, (parts, box) =>
      reduceStates(reducer, parts, box, [box.length - 1]),
    );
    return result;
  }
  const strides = operands.map((a) => broadcastStrides(a.shape, a.strides, shape));
  const keptLoops = coalesce(keptShape, [...strides.map((s) => permute(s, kept)), result.strides]);
  const reducedLoops = coalesce(
    reducedShape,
    strides.map((s) => permute(s, reduced)),
    { keepOrder: ordered },
  );
  const job: Job = {
    reducer,
    segment: primarySegment(),
    kept: keptLoops,
    reduced: reducedLoops,
    operands: operands.map((a, k) => ({
      dtype: a.dtype,
      address: a.storage.ptr + a.offset,
      kept: keptLoops.strides[k],
      reduced: reducedLoops.strides[k],
    })),
    out: { address: result.storage.ptr + result.offset, strides: keptLoops.strides[operands.length] },
    count: reducedLoops.shape.reduce((a, b) => a * b, 1),
  };
  const mark = scratch.mark();
  try {
    run(job, result.size);
  } finally {
    scratch.release(mark);
  }
  for (const a of operands) keepAlive(a.storage);
  return result;
}

function run(job: Job, results: number): void {
  const { kept, reduced, operands, count } = job;
  const straight = reduced.shape.length === 1;
  const along = Math.abs(operands[0].reduced[reduced.shape.length - 1]);
  const across = Math.abs(operands[0].kept[kept.shape.length - 1]);
  const acrossWins = across < along && kept.shape[kept.shape.length - 1] >= MANY;
  if (results >= MANY && (count < SHORT || acrossWins || (!straight && results * 16 > count))) {
    const last = kept.shape.length - 1;
    const { reducer, segment, out } = job;
    if (straight && kept.shape[last] >= MANY && out.strides[last] === reducer.monoid.state.itemsize) {
      reduceStraight(reducer, segment, kept.shape, count, operands, out);
    } else reduceColumns(reducer, segment, kept.shape, reduced.shape, operands, out);
  } else if (straight) rows(job);
  else staged(job);
}

// Arguments of a fold's `run`: n, pointers (the state's last), strides of the strided inputs, scratch.
function runArgs(
  n: number,
  at: readonly number[],
  codes: readonly number[],
  steps: readonly number[],
  work: number,
): number[] {
  const args = [n, ...at];
  for (let k = 0; k < steps.length; k++) if (codes[k] === layoutCodes.strided) args.push(steps[k]);
  args.push(work);
  return args;
}

/** A run of `count` elements of any length: whole subtrees of RUN elements, then their states in pairs. */
function longRun(
  job: Job,
  code: KernelExports,
  at: readonly number[],
  codes: readonly number[],
  steps: readonly number[],
  work: number,
  gather?: (start: number, n: number) => void,
): void {
  const { segment, count } = job;
  const { state } = job.reducer.monoid;
  const out = at[at.length - 1];
  if (count <= RUN) {
    gather?.(0, count);
    code.run(...runArgs(count, at, codes, steps, work));
    return;
  }
  const mark = scratch.mark();
  const parts = Math.ceil(count / RUN);
  const partials = scratch.take(segment, parts * state.itemsize);
  const moved = at.slice();
  for (let p = 0; p < parts; p++) {
    const start = p * RUN;
    const n = Math.min(RUN, count - start);
    if (gather !== undefined) gather(start, n);
    else for (let k = 0; k < steps.length; k++) moved[k] = at[k] + start * steps[k];
    moved[steps.length] = partials + p * state.itemsize;
    code.run(...runArgs(n, moved, codes, steps, work));
  }
  code.pairs(parts, partials);
  segment.copy(out, partials, state.itemsize);
  scratch.release(mark);
}

function rows(job: Job): void {
  const { reducer, segment, kept, operands, count, out } = job;
  const steps = operands.map((o) => o.reduced[0]);
  const codes = operands.map((o, k) => layoutOf(steps[k], o.dtype.itemsize, count));
  const kernel = reducer.rows(operands.map((o, k) => operandCode(o.dtype, codes[k])));
  const code = kernel.at(segment);
  const { lane, parts } = reducer.monoid.state;
  const workBytes = Math.ceil(foldScratch({ lane, parts, layout: 'contiguous' }) / 64) * 64;
  const addresses = [...operands.map((o) => o.address), out.address];
  const strides = [...operands.map((o) => o.kept), out.strides];
  const elements = kept.shape.reduce((a, b) => a * b, count);
  const threads = elements < sharedFoldFrom(kernel) ? 1 : pool().threadsFor(segment, elements);
  const work = scratch.take(segment, threads * workBytes);
  if (threads > 1) {
    if (count > RUN) sharedRuns(job, kernel, addresses, strides, codes, steps, work, workBytes);
    else {
      const body = (to: ReturnType<typeof pool>): void => {
        const boxes = new Boxes(to, segment, [work]);
        const inner = [...steps, 0];
        nestInBoxes(boxes, kept.shape, strides, kept.shape.length, addresses, inner, count, piecesFor(threads));
      };
      pool().job(kernel, segment, 'nest', body, 1, workBytes);
    }
  } else if (count > RUN) {
    eachOuter(kept.shape, strides, kept.shape.length, addresses, (at) => longRun(job, code, at, codes, steps, work));
  } else if (kept.shape.length === 1 && kept.shape[0] === 1) code.run(...runArgs(count, addresses, codes, steps, work));
  else nest(code, kept.shape, strides, kept.shape.length, addresses, [...steps, 0], count, [work]);
}

// Every result's subtrees of RUN elements are slices, whoever runs them; main joins their states.
function sharedRuns(
  job: Job,
  kernel: Kernel,
  addresses: readonly number[],
  strides: readonly (readonly number[])[],
  codes: readonly number[],
  steps: readonly number[],
  work: number,
  workBytes: number,
): void {
  const { segment, kept, count, reducer } = job;
  const { itemsize } = reducer.monoid.state;
  const parts = Math.ceil(count / RUN);
  const outs: number[] = [];
  const partials = scratch.take(segment, kept.shape.reduce((a, b) => a * b, parts) * itemsize);
  const own = runArgs(0, addresses, codes, steps, work).length - 1;
  const fill = (to: ReturnType<typeof pool>): void => {
    let state = partials;
    eachOuter(kept.shape, strides, kept.shape.length, addresses, (at) => {
      outs.push(at[steps.length]);
      const moved = at.slice();
      for (let start = 0; start < count; start += RUN) {
        for (let k = 0; k < steps.length; k++) moved[k] = at[k] + start * steps[k];
        moved[steps.length] = state;
        to.add(runArgs(Math.min(RUN, count - start), moved, codes, steps, work));
        state += itemsize;
      }
    });
  };
  pool().job(kernel, segment, 'run', fill, own, workBytes);
  const { pairs } = kernel.at(segment);
  outs.forEach((out, i) => {
    const first = partials + i * parts * itemsize;
    pairs(parts, first);
    segment.copy(out, first, itemsize);
  });
}

// Gathers the elements of one result into scratch, in logical order, a run at a time.
function staged(job: Job): void {
  const { reducer, segment, kept, reduced, operands, count, out } = job;
  const { state } = reducer.monoid;
  const still = operands.map((o) => o.reduced.every((s) => s === 0));
  const codes = still.map((s) => (s ? layoutCodes.uniform : layoutCodes.contiguous));
  const code = reducer.rows(operands.map((o, k) => operandCode(o.dtype, codes[k]))).at(segment);
  const work = scratch.take(segment, foldScratch({ lane: state.lane, parts: state.parts, layout: 'contiguous' }));
  const buffers = operands.map((o, k) =>
    still[k] ? 0 : scratch.take(segment, Math.min(count, RUN) * o.dtype.itemsize),
  );
  const steps = operands.map(() => 0); // buffers are contiguous, the rest does not move
  const strides = [...operands.map((o) => o.kept), out.strides];
  eachOuter(kept.shape, strides, kept.shape.length, [...operands.map((o) => o.address), out.address], (at) => {
    const from = operands.map((_, k) => (still[k] ? at[k] : buffers[k]));
    longRun(job, code, [...from, at[operands.length]], codes, steps, work, (start, n) => {
      operands.forEach((o, k) => {
        if (!still[k]) gather(o.dtype, reduced.shape, o.reduced, at[k], start, start + n, buffers[k]);
      });
    });
  });
}

/** Copies logical elements start … end-1 of a box to consecutive places. */
function gather(
  dtype: DType,
  shape: readonly number[],
  strides: readonly number[],
  address: number,
  start: number,
  end: number,
  to: number,
): void {
  if (start >= end) return;
  const inner = shape.slice(1).reduce((a, b) => a * b, 1);
  const step = dtype.itemsize;
  const contiguous = (box: readonly number[]): number[] => {
    const out = new Array<number>(box.length);
    let s = step;
    for (let d = box.length - 1; d >= 0; d--) {
      out[d] = s;
      s *= box[d];
    }
    return out;
  };
  let at = start;
  const row = Math.floor(at / inner);
  if (at % inner !== 0) {
    const stop = Math.min(end, (row + 1) * inner);
    gather(
      dtype,
      shape.slice(1),
      strides.slice(1),
      address + row * strides[0],
      at - row * inner,
      stop - row * inner,
      to,
    );
    at = stop;
  }
  const first = Math.floor(at / inner);
  const whole = Math.floor(end / inner) - first;
  if (whole > 0) {
    const box = [whole, ...shape.slice(1)];
    moveBox(
      dtype,
      box,
      { address: address + first * strides[0], strides },
      { address: to + (at - start) * step, strides: contiguous(box) },
    );
    at += whole * inner;
  }
  if (at < end) {
    const last = Math.floor(at / inner);
    gather(dtype, shape.slice(1), strides.slice(1), address + last * strides[0], 0, end - at, to + (at - start) * step);
  }
}

// Runs a kernel over coalesced loops: picks each operand's layout, walks outer dimensions in WebAssembly, cuts long
// runs into slices so that freshly compiled code is replaced by optimized code, and blocks transposed pairs of
// dimensions for the cache. Operands are addresses in one segment. Large ones are cut into slices for the worker pool.

import type { Kernel, KernelExports } from '../kernel/compile.ts';
import { nestWords } from '../kernel/wasm/nest.ts';
import { primarySegment, Standing } from '../memory/allocate.ts';
import type { Segment } from '../memory/segment.ts';
import type { Loops } from '../shape/coalesce.ts';
import { checkpoint } from './threads/checkpoint.ts';
import { Boxes, cutOf, describeNest, piecesFor, SHARED_FROM_LEAST, sharedFrom, sliceLength } from './threads/cut.ts';
import { pool } from './threads/pool.ts';
import { layoutCodes } from './ufunc.ts';

/** Most elements of one call into WebAssembly: a loop that is running is never replaced by faster code. */
export const SLICE = 65536;

/** Square blocks for operands that run against each other (a + b.T): 64 × 64 elements keep both in the first cache. */
const BLOCK = 64;

const DESCRIPTOR_BYTES = 16 * 1024;
const descriptor = new Standing(DESCRIPTOR_BYTES);

/** Layout code of an operand from its stride in the innermost loop. */
export function layoutOf(stride: number, itemsize: number, n: number): number {
  if (n === 1 || stride === itemsize) return layoutCodes.contiguous;
  return stride === 0 ? layoutCodes.uniform : layoutCodes.strided;
}

/** What `runLoops` needs to know of each kernel operand, in the kernel's order. */
export interface Operands {
  /** Address of element 0 of each. */
  readonly addresses: readonly number[];
  /** Bytes of an element of each. */
  readonly itemsizes: readonly number[];
  /** Layout code of each in the inner loop. */
  readonly codes: readonly number[];
}

type Args = (number | bigint)[];

// Arguments of `run`: n, pointers, strides of the strided, parameters.
function runArgs(
  n: number,
  at: readonly number[],
  inner: readonly number[],
  codes: readonly number[],
  params: Args,
): Args {
  const args: Args = [n];
  for (let k = 0; k < at.length; k++) args.push(at[k]);
  for (let k = 0; k < at.length; k++) if (codes[k] === layoutCodes.strided) args.push(inner[k]);
  for (let k = 0; k < params.length; k++) args.push(params[k]);
  return args;
}

function runSlices(
  run: KernelExports['run'],
  n: number,
  at: readonly number[],
  inner: readonly number[],
  codes: readonly number[],
  params: Args,
): number {
  if (n <= SLICE) return run(...runArgs(n, at, inner, codes, params));
  const args = runArgs(SLICE, at, inner, codes, params);
  let seen = 0;
  for (let done = 0; done < n; done += SLICE) {
    checkpoint();
    args[0] = Math.min(SLICE, n - done);
    for (let k = 0; k < at.length; k++) args[1 + k] = at[k] + done * inner[k];
    seen |= run(...args);
  }
  return seen;
}

/**
 * One long run of a kernel: n elements at `at`, operand k moving by steps[k] bytes per element; `rest` are the arguments
 * after the addresses. In slices, on every thread that helps; `weight` is how much more than a common kernel it does per
 * element. Returns the bits that the kernel returned (0: no watch).
 */
export function runLong(
  kernel: Kernel,
  n: number,
  at: readonly number[],
  steps: readonly number[],
  rest: readonly (number | bigint)[],
  weight = 1,
): number {
  const segment = primarySegment();
  const { run } = kernel.at(segment);
  const threads = n * weight < sharedFrom(kernel) ? 1 : pool().threadsFor(segment, n * weight);
  const args: Args = [n, ...at, ...rest];
  if (threads === 1 && n <= SLICE) return run(...args);
  if (threads > 1) {
    const length = sliceLength(n, threads, SLICE);
    return pool().job(kernel, segment, 'run', (job) => eachSlice(args, n, at, steps, length, () => job.add(args)));
  }
  let seen = 0;
  eachSlice(args, n, at, steps, SLICE, () => {
    checkpoint();
    seen |= run(...args);
  });
  return seen;
}

// Sets the count and the addresses in `args` for every slice of a run.
function eachSlice(
  args: Args,
  n: number,
  at: readonly number[],
  steps: readonly number[],
  length: number,
  visit: () => void,
): void {
  for (let done = 0; done < n; done += length) {
    args[0] = Math.min(length, n - done);
    for (let k = 0; k < at.length; k++) args[1 + k] = at[k] + done * steps[k];
    visit();
  }
}

/**
 * Runs a kernel of `map` kind over loops; `loops.strides` are those of the kernel's operands, in order. `inOrder` where
 * one element reads what an earlier one wrote. Returns the bits that the kernel returned (0: no watch).
 */
export function runLoops(
  kernel: Kernel,
  segment: Segment,
  loops: Loops,
  operands: Operands,
  params: Args,
  inOrder = false,
): number {
  const { shape, strides } = loops;
  const dims = shape.length;
  const n = shape[dims - 1];
  if (n === 0) return 0;
  const code = kernel.at(segment);
  const { addresses, codes, itemsizes } = operands;
  const count = addresses.length;
  const inner = new Array<number>(count);
  for (let k = 0; k < count; k++) inner[k] = codes[k] === layoutCodes.contiguous ? itemsizes[k] : strides[k][dims - 1];
  let elements = n;
  for (let d = 0; d < dims - 1; d++) elements *= shape[d];
  if (elements >= SHARED_FROM_LEAST && !inOrder && elements >= sharedFrom(kernel)) {
    const threads = pool().threadsFor(segment, elements);
    if (threads > 1) return share(kernel, segment, loops, operands, inner, params, elements, threads);
  }
  if (dims === 1) return runSlices(code.run, n, addresses, inner, codes, params);
  let seen = 0;
  if (n > SLICE) {
    eachOuter(shape, strides, dims - 1, addresses, (at) => {
      seen |= runSlices(code.run, n, at, inner, codes, params);
    });
    return seen;
  }
  if (isTransposed(loops, operands)) {
    eachOuter(shape, strides, dims - 2, addresses, (at) => {
      seen |= blocks(code, loops, at, inner, params);
    });
    return seen;
  }
  return nest(code, shape, strides, dims - 1, addresses, inner, n, params);
}

// The same on several threads.
function share(
  kernel: Kernel,
  segment: Segment,
  loops: Loops,
  operands: Operands,
  inner: readonly number[],
  params: Args,
  elements: number,
  threads: number,
): number {
  const { shape, strides } = loops;
  const { addresses, codes } = operands;
  const outer = shape.length - 1;
  const n = shape[outer];
  if (outer === 0 || n > SLICE) {
    const length = sliceLength(elements, threads, SLICE);
    const args = runArgs(n, addresses, inner, codes, params);
    return pool().job(kernel, segment, 'run', (job) => {
      eachOuter(shape, strides, outer, addresses, (at) => eachSlice(args, n, at, inner, length, () => job.add(args)));
    });
  }
  return pool().job(kernel, segment, 'nest', (job) => {
    const boxes = new Boxes(job, segment, params);
    if (isTransposed(loops, operands)) strips(boxes, loops, addresses, inner, piecesFor(threads));
    else nestInBoxes(boxes, shape, strides, outer, addresses, inner, n, piecesFor(threads));
  });
}

/** The call that `nest` makes, as about `pieces` calls. */
export function nestInBoxes(
  boxes: Boxes,
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  outer: number,
  addresses: readonly number[],
  inner: readonly number[],
  n: number,
  pieces: number,
): void {
  const { at: d, extent } = cutOf(shape, outer, pieces);
  const moved = addresses.slice();
  eachOuter(shape, strides, d, addresses, (at) => {
    for (let start = 0; start < shape[d]; start += extent) {
      for (let k = 0; k < at.length; k++) moved[k] = at[k] + start * strides[k][d];
      boxes.add(shape, strides, d, outer, Math.min(extent, shape[d] - start), moved, inner, n);
    }
  });
}

// Strips of BLOCK rows, or parts of them where there are few: block after block in one call, then the narrow rest.
function strips(
  boxes: Boxes,
  { shape, strides }: Loops,
  addresses: readonly number[],
  inner: readonly number[],
  pieces: number,
): void {
  const i = shape.length - 2;
  const [rows, columns] = [shape[i], shape[i + 1]];
  let perStrip = pieces / Math.ceil(rows / BLOCK);
  for (let d = 0; d < i; d++) perStrip /= shape[d];
  const across = Math.floor(columns / BLOCK);
  const blocksAtOnce = Math.max(1, Math.floor(across / Math.max(1, perStrip)));
  const blockStrides = strides.map((s, k) => [inner[k] * BLOCK, s[i]]);
  const moved = addresses.slice();
  eachOuter(shape, strides, i, addresses, (at) => {
    for (let r = 0; r < rows; r += BLOCK) {
      const box = [across, Math.min(BLOCK, rows - r)];
      const place = (column: number): void => {
        for (let k = 0; k < at.length; k++) moved[k] = at[k] + r * strides[k][i] + column * inner[k];
      };
      for (let b = 0; b < across; b += blocksAtOnce) {
        place(b * BLOCK);
        boxes.add(box, blockStrides, 0, 2, Math.min(blocksAtOnce, across - b), moved, inner, BLOCK);
      }
      if (columns % BLOCK === 0) continue;
      place(across * BLOCK);
      boxes.add(box, blockStrides, 1, 2, box[1], moved, inner, columns % BLOCK);
    }
  });
}

/** Calls back with the addresses of every position of the dimensions before `upTo`. */
export function eachOuter(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  upTo: number,
  addresses: readonly number[],
  visit: (at: number[]) => void,
): void {
  const at = addresses.slice();
  if (upTo === 0) {
    visit(at);
    return;
  }
  const counter = new Array<number>(upTo).fill(0);
  for (;;) {
    visit(at);
    let d = upTo - 1;
    for (; d >= 0; d--) {
      counter[d]++;
      for (let k = 0; k < at.length; k++) at[k] += strides[k][d];
      if (counter[d] < shape[d]) break;
      for (let k = 0; k < at.length; k++) at[k] -= strides[k][d] * shape[d];
      counter[d] = 0;
    }
    if (d < 0) return;
  }
}

/** One call: dimensions 0 … outer-1 around runs of n elements. */
export function nest(
  code: KernelExports,
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  outer: number,
  at: readonly number[],
  inner: readonly number[],
  n: number,
  params: Args,
): number {
  const count = at.length;
  if (nestWords(outer, count) * 4 > DESCRIPTOR_BYTES)
    throw new RangeError('too many operands and dimensions for one call');
  const { ptr } = descriptor;
  describeNest(primarySegment().i32, ptr >>> 2, shape, strides, 0, outer, shape[0], at, inner, n);
  return code.nest(ptr, ...params);
}

// Does some operand run along the dimension before the innermost while others run along the innermost?
function isTransposed({ shape, strides }: Loops, { itemsizes, codes }: Operands): boolean {
  const j = shape.length - 1;
  if (shape[j] < BLOCK / 4 || shape[j - 1] < BLOCK / 4) return false;
  for (let k = 0; k < codes.length; k++) {
    if (codes[k] !== layoutCodes.strided) continue;
    if (Math.abs(strides[k][j - 1]) === itemsizes[k] && Math.abs(strides[k][j]) >= 4 * itemsizes[k]) return true;
  }
  return false;
}

function blocks(
  code: KernelExports,
  loops: Loops,
  base: readonly number[],
  inner: readonly number[],
  params: Args,
): number {
  const { shape, strides } = loops;
  const count = base.length;
  const i = shape.length - 2;
  const [rows, columns] = [shape[i], shape[i + 1]];
  const rowStrides = strides.map((s) => [s[i]]);
  const at = new Array<number>(count);
  let seen = 0;
  for (let r = 0; r < rows; r += BLOCK) {
    for (let c = 0; c < columns; c += BLOCK) {
      for (let k = 0; k < count; k++) at[k] = base[k] + r * strides[k][i] + c * inner[k];
      seen |= nest(code, [Math.min(BLOCK, rows - r)], rowStrides, 1, at, inner, Math.min(BLOCK, columns - c), params);
    }
  }
  return seen;
}

// Where work is cut: from how many elements on threads pay, how long slices are, and how a box of outer dimensions
// falls into boxes that are each one `nest` call with a descriptor of its own (descriptors are used up by the call).

import type { Kernel } from '../../kernel/compile.ts';
import { nestWords } from '../../kernel/wasm/nest.ts';
import { Standing } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import type { Pool } from './pool.ts';

/** Slices per thread: the fast take more of them. */
const PER_THREAD = 4;
/** Slices start at multiples of this many elements, so that no two threads write to one cache line. */
const GRAIN = 256;
const SHORTEST_SLICE = 4096;

// Elements from which sharing pays, by bytes of code, which follow the work per element closely enough (docs/design/
// threads.md has the measurements): what takes about 100 µs alone. Waking a sleeping worker costs some 40 µs.
const mapGrades = [
  { bytes: 1000, from: 3 * 2 ** 16 },
  { bytes: 1700, from: 2 ** 16 },
  { bytes: Number.POSITIVE_INFINITY, from: 2 ** 15 },
];
const foldGrades = [
  { bytes: 3000, from: 2 ** 19 },
  { bytes: Number.POSITIVE_INFINITY, from: 2 ** 17 },
];

type Grades = typeof mapGrades;
function fromOf(kernel: Kernel, grades: Grades): number {
  let i = 0;
  while (kernel.bytes >= grades[i].bytes) i++;
  return grades[i].from;
}

/** Elements from which threads pay for an elementwise kernel; it must have been instantiated. */
export const sharedFrom = (kernel: Kernel): number => fromOf(kernel, mapGrades);

/** The same for a kernel that reduces. */
export const sharedFoldFrom = (kernel: Kernel): number => fromOf(kernel, foldGrades);

/** The least that `sharedFrom` can be: below it nothing needs to be looked up. */
export const SHARED_FROM_LEAST: number = 2 ** 15;

/** Elements of a slice. */
export function sliceLength(elements: number, threads: number, longest: number): number {
  const even = Math.ceil(elements / (threads * PER_THREAD * GRAIN)) * GRAIN;
  return Math.max(SHORTEST_SLICE, Math.min(longest, even));
}

export const piecesFor = (threads: number): number => threads * PER_THREAD;

/** Writes the descriptor of a nest over dimensions from … outer-1 at word `w`; `extent` stands for shape[from]. */
export function describeNest(
  words: Int32Array,
  at: number,
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  from: number,
  outer: number,
  extent: number,
  address: readonly number[],
  inner: readonly number[],
  n: number,
): void {
  const count = address.length;
  let w = at;
  words[w++] = outer - from;
  words[w++] = n;
  for (let k = 0; k < count; k++) words[w++] = address[k];
  for (let k = 0; k < count; k++) words[w++] = inner[k];
  for (let d = outer - 1; d >= from; d--) {
    const size = d === from ? extent : shape[d];
    words[w++] = size;
    words[w++] = 0;
    for (let k = 0; k < count; k++) words[w++] = strides[k][d];
    for (let k = 0; k < count; k++) words[w++] = strides[k][d] * size;
  }
}

const AREA_BYTES = 64 * 1024;
const area = new Standing(AREA_BYTES);

/** Nest calls as slices of one job. */
export class Boxes {
  readonly #job: Pool;
  readonly #segment: Segment;
  readonly #args: (number | bigint)[];
  readonly #area: number;
  #used = 0;

  constructor(job: Pool, segment: Segment, params: readonly (number | bigint)[]) {
    this.#job = job;
    this.#segment = segment;
    this.#args = [0, ...params];
    this.#area = area.ptr;
  }

  /** One call over dimensions from … outer-1, of which the first has this extent, around runs of n elements. */
  add(
    shape: readonly number[],
    strides: readonly (readonly number[])[],
    from: number,
    outer: number,
    extent: number,
    address: readonly number[],
    inner: readonly number[],
    n: number,
  ): void {
    const bytes = Math.ceil((nestWords(outer - from, address.length) * 4) / 64) * 64;
    if (this.#used + bytes > AREA_BYTES) {
      this.#job.flush();
      this.#used = 0;
    }
    const ptr = this.#area + this.#used;
    this.#used += bytes;
    describeNest(this.#segment.i32, ptr >>> 2, shape, strides, from, outer, extent, address, inner, n);
    this.#args[0] = ptr;
    this.#job.add(this.#args);
  }
}

/** Where a box is cut into about `pieces`: whole positions before dimension `at`, stretches of `extent` along it. */
export function cutOf(shape: readonly number[], outer: number, pieces: number): { at: number; extent: number } {
  let before = 1;
  for (let at = 0; at < outer; at++) {
    if (before * shape[at] >= pieces || at === outer - 1) {
      return { at, extent: Math.max(1, Math.floor(shape[at] / Math.ceil(pieces / before))) };
    }
    before *= shape[at];
  }
  return { at: 0, extent: 1 };
}

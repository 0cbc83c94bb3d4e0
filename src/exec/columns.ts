// Reductions of many results at once, across the runs of memory: rows of elements are added to 16 accumulators that
// stay in the cache, tile by tile, with elementwise kernels. Same tree as kernel/wasm/fold.ts, so the same bits.

import type { DType } from '../dtype/dtype.ts';
import { columnScratch } from '../kernel/wasm/columns.ts';
import { LANES } from '../kernel/wasm/fold.ts';
import { scratch } from '../memory/allocate.ts';
import type { Segment } from '../memory/segment.ts';
import type { Loops } from '../shape/coalesce.ts';
import type { Reducer } from './monoid.ts';
import { eachOuter, layoutOf, runLoops } from './run.ts';
import { piecesFor, sharedFoldFrom } from './threads/cut.ts';
import { pool } from './threads/pool.ts';
import { Loop, layoutCodes, operandCode } from './ufunc.ts';

/** Accumulators of a tile, in bytes: half a first-level cache. */
const ACCUMULATORS = 16 * 1024;
const LARGEST_TILE = 4096;

/** An operand of a reduction: where it is and how it moves along kept and reduced loops. */
export interface ReduceOperand {
  readonly dtype: DType;
  readonly address: number;
  /** Stride per kept loop. */
  readonly kept: readonly number[];
  /** Stride per reduced loop. */
  readonly reduced: readonly number[];
}

interface Strided {
  readonly dtype: DType;
  readonly address: number;
  readonly strides: readonly number[];
}

// Runs an elementwise loop over a box; operands are inputs, then the output.
function overBox(loop: Loop, segment: Segment, shape: readonly number[], operands: readonly Strided[]): void {
  // merge what merges, in order: boxes are small and few
  const dims: number[] = [];
  const strides: number[][] = operands.map(() => []);
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] === 1) continue;
    const last = dims.length - 1;
    let merges = last >= 0;
    for (let k = 0; merges && k < operands.length; k++) merges = strides[k][last] === shape[d] * operands[k].strides[d];
    if (merges) {
      dims[last] *= shape[d];
      for (let k = 0; k < operands.length; k++) strides[k][last] = operands[k].strides[d];
    } else {
      dims.push(shape[d]);
      for (let k = 0; k < operands.length; k++) strides[k].push(operands[k].strides[d]);
    }
  }
  if (dims.length === 0) {
    dims.push(1);
    for (const s of strides) s.push(0);
  }
  const loops: Loops = { shape: dims, strides };
  const last = dims.length - 1;
  const codes = operands.map((o, k) => layoutOf(strides[k][last], o.dtype.itemsize, dims[last]));
  const kernel = loop.kernel(
    operands.map((o, k) => operandCode(o.dtype, codes[k])),
    false,
  );
  runLoops(
    kernel,
    segment,
    loops,
    { addresses: operands.map((o) => o.address), itemsizes: operands.map((o) => o.dtype.itemsize), codes },
    [],
    true, // accumulators are read and written over and over
  );
}

/** Columns reduced together: their 16 rows of accumulators fill half a second-level cache at most. */
const COLUMN_BYTES = 128 * 1024;

/** The same for one straight reduced loop: the whole walk is WebAssembly, columns along the innermost kept loop. */
export function reduceStraight(
  reducer: Reducer,
  segment: Segment,
  kept: readonly number[],
  count: number,
  operands: readonly ReduceOperand[],
  out: { readonly address: number; readonly strides: readonly number[] },
): void {
  const { state } = reducer.monoid;
  const last = kept.length - 1;
  const m = kept[last];
  const spec = { lane: state.lane, parts: state.parts, layout: 'contiguous' } as const;
  const perRow = state.itemsize * Math.min(LANES, count);
  const across = operands.map((o) => o.kept[last]);
  const codes = operands.map((o, k) => layoutOf(across[k], o.dtype.itemsize, m));
  const kernel = reducer.columns(operands.map((o, k) => operandCode(o.dtype, codes[k])));
  const { columns } = kernel.at(segment);
  const elements = kept.reduce((a, b) => a * b, count);
  const threads = elements < sharedFoldFrom(kernel) ? 1 : pool().threadsFor(segment, elements);
  const positions = kept.reduce((a, b) => a * b, 1) / m;
  let tile = Math.max(16, Math.min(m, Math.floor(COLUMN_BYTES / perRow)));
  let rows = count;
  if (threads > 1) {
    // Where there are few tiles, rows are cut, between complete subtrees: narrower tiles would read memory in shreds.
    const missing = piecesFor(threads) / (positions * Math.ceil(m / tile));
    const { leaf } = reducer;
    if (missing > 1 && count >= 2 * leaf) rows = leaf * 2 ** Math.floor(Math.log2(Math.max(1, count / missing / leaf)));
    else if (missing > 1) tile = Math.max(256, Math.min(tile, Math.ceil(tile / missing / 64) * 64));
  }
  const parts = Math.ceil(count / rows);
  const bytes = Math.ceil(columnScratch(spec, rows, tile) / 64) * 64;
  const mark = scratch.mark();
  try {
    const base = scratch.take(segment, threads * bytes);
    const rowBytes = m * state.itemsize;
    const states = parts > 1 ? scratch.take(segment, positions * parts * rowBytes) : 0;
    const strides = [...operands.map((o) => o.kept), out.strides];
    const rest = [
      ...operands.map((o) => o.reduced[0]),
      ...across.filter((_, k) => codes[k] === layoutCodes.strided),
      base,
    ];
    const own = 2 + operands.length + rest.length - 1; // `base`: scratch of each thread's own
    const addresses = [...operands.map((o) => o.address), out.address];
    const outs: number[] = [];
    const each = (visit: (args: number[]) => void): void => {
      eachOuter(kept, strides, last, addresses, (at) => {
        const to = parts > 1 ? states + outs.length * parts * rowBytes : at[operands.length];
        if (parts > 1) outs.push(at[operands.length]);
        for (let part = 0; part < parts; part++) {
          for (let start = 0; start < m; start += tile) {
            const args = [Math.min(rows, count - part * rows), Math.min(tile, m - start)];
            operands.forEach((o, k) => {
              args.push(at[k] + part * rows * o.reduced[0] + start * across[k]);
            });
            visit([...args, ...rest, to + part * rowBytes + start * state.itemsize]);
          }
        }
      });
    };
    if (threads > 1) pool().job(kernel, segment, 'columns', (job) => each((args) => job.add(args)), own, bytes);
    else each((args) => columns(...args));
    outs.forEach((address, i) => {
      joinRows(reducer, segment, states + i * parts * rowBytes, parts, m);
      segment.copy(address, states + i * parts * rowBytes, rowBytes);
    });
  } finally {
    scratch.release(mark);
  }
}

// Joins rows of m states in pairs of neighbours, level by level, into the first: the upper levels of the tree.
function joinRows(reducer: Reducer, segment: Segment, first: number, rows: number, m: number): void {
  const { state } = reducer.monoid;
  const row = m * state.itemsize;
  for (let left = rows; left > 1; left = Math.ceil(left / 2)) {
    const pairs = left >> 1;
    const at = (address: number, step: number): Strided => ({ dtype: state, address, strides: [step, state.itemsize] });
    overBox(reducer.join, segment, [pairs, m], [at(first, 2 * row), at(first + row, 2 * row), at(first, row)]);
    if (left & 1) segment.copy(first + pairs * row, first + (left - 1) * row, row);
  }
}

/**
 * Reduces every position of the kept loops; results, one state each, go to `out` (strides per kept loop).
 * @param kept extents of the kept loops, outermost first.
 * @param reduced extents of the reduced loops in logical order; their product is at least 1.
 */
export function reduceColumns(
  reducer: Reducer,
  segment: Segment,
  kept: readonly number[],
  reduced: readonly number[],
  operands: readonly ReduceOperand[],
  out: { readonly address: number; readonly strides: readonly number[] },
): void {
  const { state } = reducer.monoid;
  const count = reduced.reduce((a, b) => a * b, 1);
  const lanes = Math.min(LANES, count);
  const goal = Math.max(16, Math.min(LARGEST_TILE, Math.floor(ACCUMULATORS / (lanes * state.itemsize))));
  // The tile: whole inner kept loops, and a stretch of the next one.
  let inner = kept.length;
  let tile = 1;
  while (inner > 0 && tile * kept[inner - 1] <= goal) tile *= kept[--inner];
  const stretch = inner > 0 ? Math.max(1, Math.floor(goal / tile)) : 1;
  const whole = kept.slice(inner);
  const mark = scratch.mark();
  const columns: Columns = { reducer, segment, reduced, count, tileSize: tile * stretch, base: 0, box: whole };
  columns.base = scratch.take(segment, columns.tileSize * state.itemsize * (LANES + levels(count, reducer.leaf) + 1));
  const all = [...operands.map((o) => o.address), out.address];
  const outer = inner > 0 ? inner - 1 : 0;
  const keptStrides = [...operands.map((o) => o.kept), out.strides];
  try {
    eachOuter(kept, keptStrides, outer, all, (at) => {
      const extent = inner > 0 ? kept[inner - 1] : 1;
      for (let start = 0; start < extent; start += stretch) {
        const rows = Math.min(stretch, extent - start);
        const moved = at.map((a, k) => (inner > 0 ? a + start * keptStrides[k][inner - 1] : a));
        const strides = keptStrides.map((s) => (inner > 0 ? s.slice(inner - 1) : s.slice(inner)));
        columns.box = inner > 0 ? [rows, ...whole] : whole;
        reduceTile(columns, operands, moved, strides);
      }
    });
  } finally {
    scratch.release(mark);
  }
}

interface Columns {
  readonly reducer: Reducer;
  readonly segment: Segment;
  readonly reduced: readonly number[];
  readonly count: number;
  readonly tileSize: number;
  base: number;
  box: readonly number[];
}

const levels = (count: number, leaf: number): number => Math.ceil(Math.log2(Math.max(2, Math.ceil(count / leaf)))) + 1;

function boxStrides(box: readonly number[], itemsize: number): number[] {
  const out = new Array<number>(box.length);
  let step = itemsize;
  for (let d = box.length - 1; d >= 0; d--) {
    out[d] = step;
    step *= box[d];
  }
  return out;
}

function reduceTile(
  c: Columns,
  operands: readonly ReduceOperand[],
  at: readonly number[],
  strides: readonly (readonly number[])[],
): void {
  const { reducer, segment, box, count, reduced } = c;
  const { state } = reducer.monoid;
  const size = box.reduce((a, b) => a * b, 1);
  const bytes = size * state.itemsize;
  const inBox = boxStrides(box, state.itemsize);
  const flat: readonly number[] = [state.itemsize];
  const accumulator = (lane: number): number => c.base + lane * bytes;
  const stack = (level: number): number => c.base + (LANES + level) * bytes;
  const target = { dtype: state, address: at[operands.length], strides: strides[operands.length] };
  const leaves = Math.ceil(count / reducer.leaf);
  const join = (a: number, b: number, to: Strided | number, elements: number): void => {
    if (typeof to === 'number') {
      overBox(
        reducer.join,
        segment,
        [elements],
        [a, b, to].map((address) => ({ dtype: state, address, strides: flat })),
      );
    } else {
      overBox(reducer.join, segment, box, [
        { dtype: state, address: a, strides: inBox },
        { dtype: state, address: b, strides: inBox },
        to,
      ]);
    }
  };
  const walk = new Walk(reduced, operands, at);
  for (let leaf = 0; leaf < leaves; leaf++) {
    const rows = Math.min(reducer.leaf, count - leaf * reducer.leaf);
    const last = leaf === leaves - 1;
    const single = leaves === 1;
    // one row alone is the result
    if (rows === 1 && single) {
      overBox(reducer.value, segment, box, [...walk.operands(strides), target]);
      return;
    }
    addRows(c, walk, strides, rows, bytes, inBox);
    let lanes = Math.min(LANES, rows);
    for (let h = LANES / 2; h >= 1; h /= 2) {
      if (lanes <= h) continue;
      const final = h === 1 && single;
      join(accumulator(0), accumulator(h), final ? target : accumulator(0), (lanes - h) * size);
      lanes = h;
    }
    if (single) return;
    // binary counter over leaves: equal subtrees are joined as soon as there are two
    let level = 0;
    for (; (leaf >> level) & 1; level++) join(stack(level), accumulator(0), accumulator(0), size);
    if (!last) segment.copy(stack(level), accumulator(0), bytes);
    else {
      const above: number[] = [];
      for (let left = level; 1 << left <= leaf; left++) if ((leaf >> left) & 1) above.push(left);
      if (above.length === 0) {
        overBox(moveOf(state), segment, box, [{ dtype: state, address: accumulator(0), strides: inBox }, target]);
      }
      above.forEach((l, i) => {
        join(stack(l), accumulator(0), i === above.length - 1 ? target : accumulator(0), size);
      });
    }
  }
}

// The loop that copies states unchanged.
const moves = new Map<DType, Loop>();
function moveOf(state: DType): Loop {
  let loop = moves.get(state);
  if (loop === undefined) {
    loop = new Loop('move', { ins: [state], outs: [state], body: (x) => x[0] });
    moves.set(state, loop);
  }
  return loop;
}

// Position in the reduced loops, in logical order.
class Walk {
  readonly shape: readonly number[];
  readonly #operands: readonly ReduceOperand[];
  readonly #at: number[];
  readonly #counter: number[];
  constructor(shape: readonly number[], operands: readonly ReduceOperand[], at: readonly number[]) {
    this.shape = shape;
    this.#operands = operands;
    this.#at = at.slice(0, operands.length);
    this.#counter = new Array<number>(shape.length).fill(0);
  }
  /** The operands at the present row, with strides over the box; `rows` adds a leading dimension along the run. */
  operands(strides: readonly (readonly number[])[], ...lead: number[]): Strided[] {
    return this.#operands.map((o, k) => ({
      dtype: o.dtype,
      address: this.#at[k],
      strides:
        lead.length === 0 ? strides[k] : [...lead.map((step) => step * o.reduced[o.reduced.length - 1]), ...strides[k]],
    }));
  }
  /** Rows that lie at equal distances from here. */
  get run(): number {
    const d = this.shape.length - 1;
    return d < 0 ? 1 : this.shape[d] - this.#counter[d];
  }
  advance(rows: number): void {
    let d = this.shape.length - 1;
    if (d < 0) return;
    this.#counter[d] += rows;
    this.#operands.forEach((o, k) => {
      this.#at[k] += rows * o.reduced[d];
    });
    for (; d > 0 && this.#counter[d] >= this.shape[d]; d--) {
      this.#counter[d] = 0;
      this.#counter[d - 1]++;
      this.#operands.forEach((o, k) => {
        this.#at[k] += o.reduced[d - 1] - this.shape[d] * o.reduced[d];
      });
    }
  }
}

// Adds `rows` rows of a leaf to the accumulators, row i to lane i mod 16.
function addRows(
  c: Columns,
  walk: Walk,
  strides: readonly (readonly number[])[],
  rows: number,
  bytes: number,
  inBox: readonly number[],
): void {
  const { reducer, segment, box } = c;
  const { state } = reducer.monoid;
  let done = 0;
  while (done < rows) {
    const lane = done % LANES;
    const fresh = done < LANES;
    const run = Math.min(walk.run, rows - done);
    const to = { dtype: state, address: c.base + lane * bytes, strides: inBox };
    let take: number;
    if (fresh) {
      take = Math.min(run, LANES - done);
      overBox(
        reducer.value,
        segment,
        [take, ...box],
        [...walk.operands(strides, 1), { ...to, strides: [bytes, ...inBox] }],
      );
    } else if (lane === 0 && run >= LANES) {
      const groups = Math.floor(run / LANES);
      take = groups * LANES;
      const acc = { ...to, strides: [0, bytes, ...inBox] };
      overBox(reducer.step, segment, [groups, LANES, ...box], [acc, ...walk.operands(strides, LANES, 1), acc]);
    } else {
      take = Math.min(run, LANES - lane);
      const acc = { ...to, strides: [bytes, ...inBox] };
      overBox(reducer.step, segment, [take, ...box], [acc, ...walk.operands(strides, 1), acc]);
    }
    walk.advance(take);
    done += take;
  }
}

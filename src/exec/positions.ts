// Positions of extremes along one axis. Along memory one kernel reduces a run by blocks and searches the best; across
// memory whole rows go through one kernel, several at a time, that carries the extreme and its position per column.

import { dtypes } from '../dtype/dtype.ts';
import type { Expr, ExprValue } from '../kernel/builder.ts';
import { positionScratch } from '../kernel/wasm/position.ts';
import { keepAlive, primarySegment, scratch } from '../memory/allocate.ts';
import { asReal } from '../ops/define.ts';
import { isFloating } from '../ops/reduce/define.ts';
import { type Extreme, type ExtremeName, extremeOf } from '../ops/reduce/extremes.ts';
import { isNaNValue } from '../ops/reduce/nan.ts';
import { coalesce, type Loops } from '../shape/coalesce.ts';
import { type ArrayBase, newArray } from './array_base.ts';
import { generate } from './generate.ts';
import { Reducer } from './monoid.ts';
import { layoutOf, nest, nestInBoxes, runLoops } from './run.ts';
import { Boxes, piecesFor, sharedFoldFrom, sliceLength } from './threads/cut.ts';
import { pool } from './threads/pool.ts';
import { Loop, layoutCodes, operandCode } from './ufunc.ts';

/** The position where there is nothing but what is passed over. */
export const NONE = -1;

/** Runs shorter than this are faster together, where there are as many. */
const SHORT = 16;
/** Rows that go through the kernel at once. */
const ROWS = 4;
/** Columns at once: the extremes so far and their positions stay in the first cache. */
const COLUMNS = 2048;

/** One extreme made executable. */
class Finder {
  readonly extreme: Extreme;
  readonly reducer: Reducer;
  /** (best, position, number of the row, its element …) → (best, position), for one row and for several. */
  #none: Loop | undefined;
  readonly #trackers = new Map<number, Loop>();

  constructor(extreme: Extreme) {
    this.extreme = extreme;
    this.reducer = new Reducer(extreme.monoid);
  }

  /** (best, position) → position, NONE where the best is NaN. */
  get noneWhereNaN(): Loop {
    const { name, monoid } = this.extreme;
    const body = ([best, position]: readonly ExprValue[]): Expr =>
      isNaNValue(best).select(asReal(position).like(NONE), asReal(position));
    this.#none ??= new Loop(`arg${name}:none`, { ins: [monoid.state, dtypes.int32], outs: [dtypes.int32], body });
    return this.#none;
  }

  tracker(rows: number): Loop {
    let loop = this.#trackers.get(rows);
    if (loop === undefined) {
      const { monoid, better, same, name } = this.extreme;
      const { ins, state, value, combine, several } = monoid;
      const body = ([best, position, number, ...elements]: readonly ExprValue[]): ExprValue[] => {
        const row = asReal(number);
        const values = elements.map((x) => value([x]));
        const next =
          several?.(
            best,
            elements.map((x) => [x]),
          ) ?? values.reduce((a, b) => combine(a, b), best);
        let place = row.add(rows - 1);
        for (let r = rows - 2; r >= 0; r--) {
          const here = same.map((is) => is(values[r], next)).reduce((a, b) => a.or(b));
          place = here.select(row.add(r), place);
        }
        // Once most rows have passed, hardly any brings something better.
        return [next, better(best, next).rare(place, asReal(position))];
      };
      const types = [state, dtypes.int32, dtypes.int32, ...Array.from({ length: rows }, () => ins[0])];
      loop = new Loop(`arg${name}:${rows}`, { ins: types, outs: [state, dtypes.int32], body });
      this.#trackers.set(rows, loop);
    }
    return loop;
  }
}

const finders = new Map<string, Finder>();
function finderOf(name: ExtremeName, a: ArrayBase): Finder {
  const key = `${name}:${a.dtype.char}`;
  let found = finders.get(key);
  if (found === undefined) {
    found = new Finder(extremeOf(name, a.dtype));
    finders.set(key, found);
  }
  return found;
}

/**
 * Positions of an extreme of a resident array along `axis`, whose extent is not 0: int32, C-contiguous, of the kept
 * shape; NONE where an extreme that passes over NaN finds nothing else.
 */
export function positionsAlong(name: ExtremeName, a: ArrayBase, axis: number): ArrayBase {
  const rest = (list: readonly number[]): number[] => list.filter((_, d) => d !== axis);
  const out = newArray(rest(a.shape), dtypes.int32);
  if (out.size === 0) return out;
  const finder = finderOf(name, a);
  const others = coalesce(rest(a.shape), [rest(a.strides), out.strides]);
  const last = others.shape.length - 1;
  const [n, along] = [a.shape[axis], a.strides[axis]];
  const mark = scratch.mark();
  try {
    const far = Math.abs(along) > Math.abs(others.strides[0][last]);
    if (n > 1 && ((far && others.shape[last] >= 4) || (n < SHORT && others.shape[last] >= SHORT)))
      acrossRows(finder, a, n, along, others, out);
    else alongRuns(finder, a, n, along, others, out);
  } finally {
    scratch.release(mark);
  }
  keepAlive(a.storage);
  return out;
}

function alongRuns(finder: Finder, a: ArrayBase, n: number, along: number, others: Loops, out: ArrayBase): void {
  const segment = primarySegment();
  const { state } = finder.extreme.monoid;
  const code = layoutOf(along, a.dtype.itemsize, n);
  const kernel = finder.reducer.positions(operandCode(a.dtype, code), finder.extreme);
  const exports = kernel.at(segment);
  const workBytes = Math.ceil(positionScratch({ lane: state.lane, parts: state.parts, layout: 'uniform' }) / 64) * 64;
  const elements = others.shape.reduce((p, m) => p * m, n);
  const threads = elements < sharedFoldFrom(kernel) ? 1 : pool().threadsFor(segment, elements);
  const work = scratch.take(segment, threads * workBytes);
  const addresses = [a.storage.ptr + a.offset, out.storage.ptr + out.offset];
  const { shape, strides } = others;
  const dims = shape.length;
  const step = code === layoutCodes.strided ? [along] : [];
  if (threads === 1) {
    if (out.size === 1) exports.run(n, ...addresses, ...step, work);
    else nest(exports, shape, strides, dims, addresses, [along, 0], n, [work]);
    return;
  }
  if (out.size > 1) {
    const fill = (job: ReturnType<typeof pool>): void => {
      nestInBoxes(new Boxes(job, segment, [work]), shape, strides, dims, addresses, [along, 0], n, piecesFor(threads));
    };
    pool().job(kernel, segment, 'nest', fill, 1, workBytes);
    return;
  }
  // One run in pieces: the extreme of the pieces' extremes, in order.
  const length = sliceLength(n, threads, n);
  const pieces = Math.ceil(n / length);
  const places = scratch.take(segment, pieces * 4);
  const at = (piece: number): number => addresses[0] + piece * length * along;
  const fill = (job: ReturnType<typeof pool>): void => {
    for (let p = 0; p < pieces; p++) job.add([Math.min(length, n - p * length), at(p), places + p * 4, ...step, work]);
  };
  pool().job(kernel, segment, 'run', fill, 3 + step.length, workBytes);
  const { itemsize } = a.dtype;
  const candidates = scratch.take(segment, pieces * itemsize);
  for (let p = 0; p < pieces; p++) {
    const place = Math.max(0, segment.i32[(places >>> 2) + p]);
    segment.copy(candidates + p * itemsize, at(p) + place * along, itemsize);
  }
  const contiguous = finder.reducer.positions(operandCode(a.dtype, layoutCodes.contiguous), finder.extreme);
  contiguous.at(segment).run(pieces, candidates, addresses[1], work);
  const result = addresses[1] >>> 2;
  const piece = segment.i32[result];
  if (piece !== NONE) segment.i32[result] = piece * length + segment.i32[(places >>> 2) + piece];
}

function acrossRows(finder: Finder, a: ArrayBase, n: number, along: number, others: Loops, out: ArrayBase): void {
  const segment = primarySegment();
  const { extreme, reducer } = finder;
  const { state } = extreme.monoid;
  const last = others.shape.length - 1;
  const numbers = generate(n, dtypes.int32, { name: 'number', params: [], of: dtypes.int32, body: (i) => i }, []);
  const bests = newArray(out.shape, state);
  // A fresh C-contiguous array of the states walks as the positions do, by its own bytes.
  const stateStrides = others.strides[1].map((s) => (s / 4) * state.itemsize);
  const [from, to] = [a.storage.ptr + a.offset, out.storage.ptr + out.offset];
  const best = bests.storage.ptr + bests.offset;
  const columns = others.shape[last];
  const code = layoutOf(others.strides[0][last], a.dtype.itemsize, columns);
  const element = operandCode(a.dtype, code);

  // the first row
  const first = { shape: others.shape, strides: [others.strides[0], stateStrides] };
  const value = reducer.value.kernel([element, operandCode(state, layoutCodes.contiguous)], false);
  const sizes = [a.dtype.itemsize, state.itemsize];
  const plain = layoutCodes.contiguous;
  runLoops(value, segment, first, { addresses: [from, best], itemsizes: sizes, codes: [code, plain] }, []);
  segment.u8.fill(0, to, to + out.size * 4);

  const pass = (start: number, groups: number, rows: number): void => {
    const kernel = finder
      .tracker(rows)
      .kernel(
        [
          operandCode(state, plain),
          operandCode(dtypes.int32, plain),
          operandCode(dtypes.int32, layoutCodes.uniform),
          ...Array.from({ length: rows }, () => element),
          operandCode(state, plain),
          operandCode(dtypes.int32, plain),
        ],
        false,
      );
    const repeat = <T>(x: T): T[] => Array.from({ length: rows }, () => x);
    const codes = [plain, plain, layoutCodes.uniform, ...repeat(code), plain, plain];
    const itemsizes = [state.itemsize, 4, 4, ...repeat(a.dtype.itemsize), state.itemsize, 4];
    const outer = (s: readonly number[], step: number): number[] => [...s.slice(0, last), step, s[last]];
    const still = others.shape.map(() => 0);
    const strides = [
      outer(stateStrides, 0),
      outer(others.strides[1], 0),
      outer(still, rows * 4),
      ...repeat(outer(others.strides[0], rows * along)),
      outer(stateStrides, 0),
      outer(others.strides[1], 0),
    ];
    for (let c = 0; c < columns; c += COLUMNS) {
      const shape = [...others.shape.slice(0, last), groups, Math.min(COLUMNS, columns - c)];
      const [states, places] = [best + c * state.itemsize, to + c * 4];
      const elements = Array.from({ length: rows }, (_, r) => from + (start + r) * along + c * others.strides[0][last]);
      const number = numbers.storage.ptr + numbers.offset + start * 4;
      const addresses = [states, places, number, ...elements, states, places];
      runLoops(kernel, segment, { shape, strides }, { addresses, itemsizes, codes }, [], true);
    }
  };
  const groups = Math.floor((n - 1) / ROWS);
  if (groups > 0) pass(1, groups, ROWS);
  const left = n - 1 - groups * ROWS;
  if (left > 0) pass(1 + groups * ROWS, left, 1);
  if (extreme.skips && isFloating(a.dtype)) {
    const flat = { shape: [out.size], strides: [[state.itemsize], [4], [4]] };
    const kernel = finder.noneWhereNaN.kernel(
      [state, dtypes.int32, dtypes.int32].map((d) => operandCode(d, plain)),
      false,
    );
    runLoops(
      kernel,
      segment,
      flat,
      { addresses: [best, to, to], itemsizes: [state.itemsize, 4, 4], codes: [plain, plain, plain] },
      [],
    );
  }
  keepAlive(numbers.storage);
  keepAlive(bests.storage);
}

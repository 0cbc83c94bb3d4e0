// Histograms of resident arrays over given edges: one pass over the samples, whatever their dtypes and layouts.
// Choosing edges, densities and what users pass is in routines/histogram*.ts.

import { type DType, dtypeList, dtypes } from '../dtype/dtype.ts';
import { floatLimits } from '../dtype/limits.ts';
import { Expr, type ExprValue, konst, load, param } from '../kernel/builder.ts';
import { kernelOf } from '../kernel/compile.ts';
import { castValue, decode } from '../kernel/element.ts';
import type { Node } from '../kernel/ir.ts';
import { addHistogram } from '../kernel/table/histogram.ts';
import { addMarked, addMarks, addTally, COPIES } from '../kernel/table/tally.ts';
import { addFind } from '../kernel/wasm/find.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import type { Monoid } from '../ops/reduce/define.ts';
import { reductions } from '../ops/reduce/rows.ts';
import { contiguousStrides, sizeOf } from '../shape/strides.ts';
import { type ArrayBase, newArray, reinterpret } from './array_base.ts';
import { readAt } from './coerce.ts';
import { reducerOf } from './monoid.ts';
import { reduceStates } from './reduce.ts';
import { specsOf, visit } from './visit.ts';

/** Edges of one axis. */
export interface Edges {
  /** Ascending, contiguous and resident: float64, int64 or uint64, in which the samples are compared. */
  readonly at: ArrayBase;
  /** The samples' dtype on the way to that of the edges, where their precision is less. */
  readonly through: DType;
  /** Equally wide bins. */
  readonly uniform: boolean;
}

/** Most counters per copy of a counting table: four of them still fit the first cache. */
const COPIED_UP_TO = 2048;

const real = (v: ExprValue): Expr => {
  if (v instanceof Expr) return v;
  throw new TypeError('a sample is complex');
};

/**
 * How many of the samples (one array per axis, of one shape) lie in each bin, as int64; or the sums of their weights, as
 * float64 or complex128.
 */
export function histogramCounts(
  samples: readonly ArrayBase[],
  edges: readonly Edges[],
  weights?: ArrayBase,
): ArrayBase {
  const bins = edges.map((e) => e.at.size - 1);
  const added = weights === undefined ? undefined : weights.dtype.parts === 2 ? dtypes.complex128 : dtypes.float64;
  const kernelFor = (codes: readonly number[]) => {
    const kinds = edges.map((e) => `${e.at.dtype.char}${e.through.char}${Number(e.uniform)}`);
    return kernelOf(`histogram:${kinds}:${added?.char ?? ''}:${codes}`, (module, tableAddress) => {
      const value = (k: number): ExprValue => decode(k, dtypeList[codes[k] >> 2]);
      const axes = edges.map((e, k) => {
        const through = castValue(value(k), dtypeList[codes[k] >> 2], e.through);
        return { value: real(castValue(through, e.through, e.at.dtype)), uniform: e.uniform };
      });
      const k = edges.length;
      const weight = added && castValue(value(k), dtypeList[codes[k] >> 2], added);
      addHistogram(module, { inputs: specsOf(codes), axes, weight, tableAddress });
    });
  };
  const params = edges.flatMap(({ at, through, uniform }, k) => {
    const [low, high] = [at.offset, at.offset + bins[k] * 8].map((o) =>
      readAt(at, o, at.dtype.kind === 'f' ? 'number' : 'bigint'),
    );
    const place = [at.storage.ptr + at.offset, bins[k], low, high] as (number | bigint)[]; // edges are real
    if (!uniform) return place;
    const perUnit = bins[k] / (Number(high) - Number(low));
    // Where edges are: to their own precision, and with the rounding of the position itself.
    const size = Math.max(Math.abs(Number(low)), Math.abs(Number(high)));
    const near = bins[k] * 2 ** -48 + 4 * floatLimits(through).eps * size * perUnit;
    return [...place, perUnit, near];
  });
  const operands = weights === undefined ? samples : [...samples, weights];
  if (added !== undefined) {
    const table = newArray(bins, added, true);
    visit(kernelFor, operands, samples[0].shape, [...params, table.storage.ptr + table.offset]);
    for (const e of edges) keepAlive(e.at.storage);
    return table;
  }
  const counts = countTable(bins, (at, copyBytes) => {
    visit(kernelFor, operands, samples[0].shape, [...params, at, copyBytes]);
  });
  for (const e of edges) keepAlive(e.at.storage);
  return counts;
}

/** An int64 array of counters, counted by `fill` in a zeroed 32-bit table: its address, and the bytes of each copy of it. */
export function countTable(shape: readonly number[], fill: (address: number, copyBytes: number) => void): ArrayBase {
  const size = sizeOf(shape);
  const copies = size <= COPIED_UP_TO ? COPIES : 1;
  const length = copies === 1 ? size : 2 ** Math.ceil(Math.log2(Math.max(1, size)));
  const table = newArray([copies, length], dtypes.uint32, true);
  fill(table.storage.ptr, copies === 1 ? 0 : length * 4);
  const sum = reducerOf('sum:l', () => reductions.sum.of(dtypes.int64).monoid);
  const counts = reduceStates(sum, [table], table.shape, [0]);
  keepAlive(table.storage);
  return reinterpret(counts, 0, shape, contiguousStrides(shape, 8));
}

// The number of an integer's place in a table, given the parameter with the least of them.
const place = (code: number, least: number): Node => {
  const d = dtypeList[code >> 2];
  return real(castValue(decode(0, d), d, dtypes.int64))
    .sub(param(least, 'i64'))
    .to('i32').node;
};

/**
 * How often each integer from `least` on occurs, all of them below `least + size`, as int64; or the sums of its weights
 * as float64.
 */
export function tally(a: ArrayBase, size: number, weights?: ArrayBase, least = 0n): ArrayBase {
  const kernelFor = (codes: readonly number[]) =>
    kernelOf(`tally:${codes}`, (module, tableAddress) => {
      const values = [place(codes[0], codes.length === 1 ? 2 : 1)];
      const w = dtypeList[codes[codes.length - 1] >> 2];
      if (codes.length > 1) values.push(real(castValue(decode(1, w), w, dtypes.float64)).node);
      addTally(module, { inputs: specsOf(codes), values, tableAddress });
    });
  if (weights === undefined)
    return countTable([size], (at, bytes) => visit(kernelFor, [a], a.shape, [at, bytes, least]));
  const sums = newArray([size], dtypes.float64, true);
  visit(kernelFor, [a, weights], a.shape, [sums.storage.ptr, least], true);
  keepAlive(sums.storage);
  return sums;
}

/** Which integers from `least` on occur, all of them below `least + size`: bool. */
export function marks(a: ArrayBase, size: number, least: bigint): ArrayBase {
  const table = newArray([size], dtypes.bool, true);
  const kernelFor = (codes: readonly number[]) =>
    kernelOf(`marks:${codes}`, (module, tableAddress) => {
      addMarks(module, { inputs: specsOf(codes), values: [place(codes[0], 1)], tableAddress });
    });
  visit(kernelFor, [a], a.shape, [table.storage.ptr, least]);
  keepAlive(table.storage);
  return table;
}

/** The bits that occur in integers: at least the greatest where none is negative, and less than twice that plus one. */
export function occurringBits(a: ArrayBase): bigint {
  const states = reduceStates(
    reducerOf('or.bits', () => orBits),
    [a],
    a.shape,
    a.shape.map((_, d) => d),
  );
  return BigInt(readAt(states, states.offset, 'bigint') as bigint); // as asked for
}

const orBits: Monoid = {
  name: 'or.bits',
  ins: [dtypes.int64],
  state: dtypes.int64,
  value: ([x]) => x,
  combine: (a, b) => real(a).or(real(b)),
  identity: [0n],
  ordered: false,
};

/** Elements of an int64 array up to the last that is not 0. */
export function lengthUsed(counts: ArrayBase): number {
  const { run } = kernelOf('find:used', (module, tableAddress) => {
    const inputs = [{ lane: 'i64', parts: 1, layout: 'strided' }] as const;
    addFind(module, { inputs, params: [], condition: load(0, 0, 'i64').ne(0).node, tableAddress });
  }).at(primarySegment());
  const end = counts.storage.ptr + counts.offset + (counts.size - 1) * 8;
  const unused = run(counts.size, end, -8);
  keepAlive(counts.storage);
  return counts.size - unused;
}

/**
 * For every integer whether a table of marks has it (inverted: has it not): bool, C-contiguous. The table is of integers
 * of dtype `of`, from `least` on.
 */
export function marked(a: ArrayBase, table: ArrayBase, of: DType, least: bigint, invert: boolean): ArrayBase {
  const out = newArray(a.shape, dtypes.bool);
  // Bits beyond 2^63 are other numbers on either side, where only one is unsigned.
  const mixed = a.dtype !== of && [a.dtype, of].includes(dtypes.uint64);
  const kernelFor = (codes: readonly number[]) =>
    kernelOf(`marked:${mixed}:${codes}`, (module, tableAddress) => {
      const d = dtypeList[codes[0] >> 2];
      const element = real(castValue(decode(0, d), d, dtypes.int64));
      const comparable = mixed ? element.ge(0) : konst('bool', true);
      addMarked(module, { inputs: specsOf(codes), element, comparable, tableAddress });
    });
  visit(kernelFor, [a, out], a.shape, [table.storage.ptr, table.size, least, Number(invert)]);
  keepAlive(table.storage);
  keepAlive(out.storage);
  return out;
}

// Counts elements into bins of one or more axes. Bins are half open but for the last; elements outside all of them, and
// NaN, are passed over. Uniform bins are found by one multiplication, corrected by the edges themselves; any others by
// a search without branches (Khuong, Morin, "Array layouts for comparison-based searching", 2017, section 3).

import type { ExprValue } from '../builder.ts';
import { ComplexExpr, Expr, param } from '../builder.ts';
import type { Node, ValueType } from '../ir.ts';
import type { Routine, Value, Variable } from '../wasm/assembler.ts';
import type { ModuleCode } from '../wasm/encoder.ts';
import type { OperandSpec } from '../wasm/operands.ts';
import { addVisit } from '../wasm/visit.ts';
import { type Adding, COPIES, tallyParams, tallyTables, writeTally } from './tally.ts';

/** One axis of a histogram. */
export interface BinAxis {
  /** The element, in the type it is compared with the edges in. */
  readonly value: Expr;
  readonly uniform: boolean;
}

export interface HistogramSpec {
  readonly inputs: readonly OperandSpec[];
  readonly axes: readonly BinAxis[];
  readonly weight?: ExprValue;
  readonly tableAddress: (id: number) => number;
}

/**
 * Parameters of an axis: edges' address, number of bins, first and last edge; where uniform, bins per unit and how near
 * to a whole number a position in bins must be for the edges to be asked.
 */
const axisParams = ({ value, uniform }: BinAxis): ValueType[] => {
  const { type } = value;
  return uniform ? ['i32', 'i32', type, type, 'f64', 'f64'] : ['i32', 'i32', type, type];
};

type Compare = (a: Value, b: Value) => Value;
const lessIn = (t: ValueType): Compare => (t === 'i64' ? (a, b) => a.lessSigned(b) : (a, b) => a.lt(b)); // floats, and unsigned as such

/** Adds the kernel: run(n, pointers, strides, parameters of every axis, those of the tally). */
export function addHistogram(module: ModuleCode, spec: HistogramSpec): void {
  const { axes, weight } = spec;
  const params: ValueType[] = [];
  const first: number[] = [];
  const nodes: Node[] = [];
  for (const axis of axes) {
    first.push(params.length);
    params.push(...axisParams(axis));
    nodes.push(axis.value.node);
    if (!axis.uniform) continue;
    const f64 = axis.value.to('f64');
    const at = first[first.length - 1];
    const place = f64.sub(param(at + 2, axis.value.type).to('f64')).mul(param(at + 4, 'f64'));
    nodes.push(
      place.to('i32').node,
      place
        .sub(place.nearest())
        .abs()
        .lt(param(at + 5, 'f64')).node,
    );
  }
  const parts = weight === undefined ? [] : weight instanceof ComplexExpr ? [weight.re, weight.im] : [weight];
  const adding: Adding = parts.length === 0 ? 'count' : parts.length === 1 ? 'weight' : 'complex';
  for (const p of parts) if (p instanceof Expr) nodes.push(p.node);
  const tallyAt = params.length;
  params.push(...tallyParams(adding));
  const step = (r: Routine, values: readonly Variable[], given: readonly Variable[], turn: number): void => {
    const linear = r.local('i32');
    const tables = given.slice(params.length);
    r.block((skip) => {
      let next = 0;
      axes.forEach((axis, k) => {
        const [edges, bins, low, high] = given.slice(first[k]);
        const x = values[next++];
        const less = lessIn(axis.value.type);
        // Not "x < low": that is false for NaN.
        const inside = axis.value.type === 'f64' ? low.le(x).and(x.le(high)) : less(x, low).or(less(high, x)).isZero();
        skip.when(inside.isZero());
        const bin = axis.uniform
          ? uniformBin(r, [values[next++], values[next++]], x, edges, bins)
          : searchedBin(r, x, edges, bins, less, axis.value.type);
        r.set(linear, k === 0 ? bin : linear.mul(bins).add(bin));
      });
      writeTally(r, adding, linear, values.slice(next), tables[turn % tables.length]);
    });
  };
  addVisit(module, {
    inputs: spec.inputs,
    params,
    values: nodes,
    tableAddress: spec.tableAddress,
    unroll: axes.length === 1 && axes[0].uniform ? COPIES : 1,
    prepare: (r, given) => [...given, ...tallyTables(r, adding, given.slice(tallyAt))],
    step,
  });
}

const edgeAt = (edges: Value, i: Value): Value => edges.add(i.shl(3));

function uniformBin(r: Routine, [guess, near]: readonly Variable[], x: Variable, edges: Value, bins: Value): Value {
  const last = bins.sub(1);
  r.if(near, () => {
    r.set(guess, guess.lt(bins).select(guess, last));
    r.set(guess, guess.sub(x.lt(r.load('f64', edgeAt(edges, guess)))));
    r.set(guess, guess.add(r.load('f64', edgeAt(edges, guess), 8).le(x).and(guess.ne(last))));
  });
  return guess;
}

// The last of the first `bins` edges that is not above x.
function searchedBin(r: Routine, x: Variable, edges: Value, bins: Value, less: Compare, type: ValueType): Value {
  const low = r.let(edges);
  const left = r.let(bins);
  const half = r.local('i32');
  const middle = r.local('i32');
  r.while(half.tee(left.shr(1)), () => {
    r.set(middle, edgeAt(low, half));
    r.set(low, less(x, r.load(type === 'f64' ? 'f64' : 'i64', middle)).select(low, middle));
    r.set(left, left.sub(half));
  });
  return low.sub(edges).shr(3);
}

// What sums and products of many elements met on the way. Looked at afterwards: a result that is finite, or an operand
// that brought its NaN or infinity along, settles it. Integer results are held against the same reduction in float64,
// which is exact enough to tell multiples of 2^64 apart.

import { Complex } from '../dtype/complex.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { floatLimits, integerLimits } from '../dtype/limits.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, newArray, rawView, reinterpret } from '../exec/array_base.ts';
import { readAt } from '../exec/coerce.ts';
import { indexOf, valueOf } from '../exec/errstate/locate.ts';
import { report, type Where } from '../exec/errstate/report.ts';
import { currentErrors } from '../exec/errstate/state.ts';
import { evaluate, loopOf } from '../exec/formula.ts';
import type { Reducer } from '../exec/monoid.ts';
import { reduceStates } from '../exec/reduce.ts';
import { isWhole, reduceWhole } from '../exec/reduce_whole.ts';
import { ComplexExpr, type Expr, type ExprValue, konst } from '../kernel/builder.ts';
import { Conditions, type FaultKind, faultBits } from '../kernel/faults.ts';
import { asReal, type ElementwiseRow } from '../ops/define.ts';
import { either, isFloating, type Monoid, type ReduceRow } from '../ops/reduce/define.ts';
import { reducerFor } from './masked_reducer.ts';

const INF = 1;
const NAN = 2;
const floating = faultBits.over | faultBits.invalid;

const isNaNOf = (v: ExprValue): Expr => (v instanceof ComplexExpr ? v.isNaN() : asReal(v).isNaN());
const isInfOf = (v: ExprValue): Expr =>
  v instanceof ComplexExpr
    ? v.re.abs().eq(Number.POSITIVE_INFINITY).or(v.im.abs().eq(Number.POSITIVE_INFINITY))
    : asReal(v).abs().eq(Number.POSITIVE_INFINITY);

/** Which elements that are not finite took part: bits INF and NAN. */
const brought = (d: DType): Monoid => ({
  name: 'brought',
  ins: [d],
  state: dtypes.uint8,
  value: ([x]) =>
    isNaNOf(x)
      .select(konst('u8', NAN), 0)
      .or(isInfOf(x).select(konst('u8', INF), 0)),
  combine: either(
    (a, b) => a.or(b),
    (a) => a,
  ),
  identity: [0],
  ordered: false,
});

/** The reducer of what elements brought along. */
export const broughtBy = (d: DType, masked: boolean): Reducer => reducerFor(`brought:${d.char}`, brought(d), masked);

/** Bits of the faults of a float result, from the result and what its elements brought. */
export const broughtFaults = (d: DType) =>
  loopOf('reduction.faults', [d, dtypes.uint8], dtypes.uint8, ([r, b]) => {
    const nothing = asReal(b).eq(0);
    const invalid = isNaNOf(r).and(asReal(b).and(NAN).eq(0));
    const over = isInfOf(r).and(nothing).or(invalid.and(nothing)); // finite elements make NaN through infinity
    return over.select(konst('u8', faultBits.over), 0).or(invalid.select(konst('u8', faultBits.invalid), 0));
  });

/** The same of an integer result: is it a multiple of 2^bits away from the result in float64? */
export const overflowed = (d: DType) =>
  loopOf('reduction.overflow', [d, dtypes.float64], dtypes.uint8, ([r, f]) => {
    const apart = asReal(f).sub(asReal(r).to('f64')).abs();
    // A product of zeros and infinities is NaN in float64; it is 0 as it should be.
    return apart.ge(2 ** (integerLimits(d).bits - 1)).select(konst('u8', faultBits.integer), 0);
  });

function unusual(x: Scalar): boolean {
  if (x instanceof Complex) return !Number.isFinite(x.re) || !Number.isFinite(x.im);
  return typeof x === 'number' && !Number.isFinite(x);
}

/** Must the result of a short reduction be looked into by `reductionFaults`? */
export function mayBeFaulty(a: ArrayBase, state: Scalar): boolean {
  const { wanted } = currentErrors();
  if (!isFloating(a.dtype)) return (wanted & faultBits.integer) !== 0;
  if ((wanted & floating) === 0) return false;
  if (a.dtype.half && Math.abs(Number(state)) > floatLimits(a.dtype).max) return true; // float16 is carried in float32
  if (!unusual(state)) return false;
  const came = Number(reduceWhole(broughtBy(a.dtype, false), a));
  const isNumber = state instanceof Complex ? !Number.isNaN(state.re) && !Number.isNaN(state.im) : !Number.isNaN(state);
  return isNumber ? came === 0 : (came & NAN) === 0;
}

/** The same of many results, which may look into more than is needed: some element elsewhere may have been NaN. */
export function someMayBeFaulty(a: ArrayBase, states: ArrayBase): boolean {
  const { wanted } = currentErrors();
  if (!isFloating(a.dtype)) return (wanted & faultBits.integer) !== 0;
  return (wanted & floating) !== 0 && (a.dtype.half || anyUnusual(states));
}

/** A reduction that ran. */
export interface Reduced {
  readonly op: string;
  readonly row: ReduceRow;
  /** Dtype that elements were cast to. */
  readonly working: DType;
  readonly operands: readonly ArrayBase[];
  readonly shape: readonly number[];
  readonly axes: readonly number[];
  readonly states: ArrayBase;
}

/**
 * Tells of the faults of a sum or product.
 * @throws FloatingPointError where the error state says so.
 */
export function reductionFaults(r: Reduced): void {
  const { row, working, operands, shape, axes, states } = r;
  const { wanted } = currentErrors();
  const masked = operands.length > 1;
  let codes: ArrayBase;
  if (isFloating(working)) {
    if ((wanted & floating) === 0 || !anyUnusual(states)) return;
    const came = reduceStates(broughtBy(working, masked), operands, shape, axes);
    codes = evaluate(broughtFaults(states.dtype), [states, came], states.shape);
  } else {
    if ((wanted & faultBits.integer) === 0) return;
    const { monoid } = row.of(dtypes.float64);
    const inFloats = reduceStates(reducerFor(`${monoid.name}:d`, monoid, masked), operands, shape, axes);
    codes = evaluate(overflowed(states.dtype), [states, inFloats], states.shape);
  }
  reportCodes(r.op, codes, states);
}

/** A running sum or product that ran: `row` is the operation between a state and the next element. */
export interface Accumulated {
  readonly op: string;
  readonly row: ElementwiseRow;
  readonly working: DType;
  readonly a: ArrayBase;
  readonly axis: number;
  readonly states: ArrayBase;
}

/**
 * Tells of the faults of a running sum or product: those of the operation between each state and the next element.
 * @throws FloatingPointError where the error state says so.
 */
export function runningFaults({ op, row, working, a, axis, states }: Accumulated): void {
  const { wanted } = currentErrors();
  const looking = isFloating(working) ? floating : faultBits.integer;
  if ((wanted & looking) === 0 || states.shape[axis] < 2 || (isFloating(working) && !anyUnusual(states))) return;
  const state = states.dtype;
  const { faults } = row;
  const loop = loopOf(`running.faults:${op}`, [state, state, state], dtypes.uint8, ([before, x, after]) => {
    const conditions = new Conditions(looking);
    if (isFloating(state)) {
      if (faults?.floats !== undefined) conditions.addFloat(faults.floats, [before, x], [after], [state]);
    } else conditions.addIntegers(faults?.ints ?? {}, [asReal(before), asReal(x)], [asReal(after)]);
    return conditions.code();
  });
  const shape = states.shape.map((n, d) => (d === axis ? n - 1 : n));
  const part = (b: ArrayBase, from: number): ArrayBase =>
    reinterpret(b, b.offset + from * b.strides[axis], shape, b.strides);
  const after = part(states, 1);
  reportCodes(op, evaluate(loop, [part(states, 0), part(a, 1), after], shape), after, axis);
}

/**
 * Tells of what `codes`, the bits of the faults of every result, say. Along the axis `after` there is one more in front.
 * @throws FloatingPointError where the error state says so.
 */
export function reportCodes(op: string, codes: ArrayBase, results: ArrayBase, after?: number): void {
  const bytes = rawView(codes);
  let bits = 0;
  for (let i = 0; i < bytes.length; i++) bits |= Number(bytes[i]);
  if (bits !== 0) report(op, bits, (kind) => whereIn(bytes, results, kind, after));
}

function whereIn(
  codes: ArrayLike<number | bigint>,
  results: ArrayBase,
  kind: FaultKind,
  after: number | undefined,
): Where | undefined {
  let count = 0;
  let position = -1;
  for (let i = 0; i < codes.length; i++) {
    if ((Number(codes[i]) & faultBits[kind]) === 0) continue;
    if (count++ === 0) position = i;
  }
  if (count === 0) return undefined;
  const index = indexOf(position, results.shape);
  const at = index.reduce((offset, i, d) => offset + i * results.strides[d], results.offset);
  if (after !== undefined) index[after]++;
  return { count, position, index, operands: [], results: [valueOf(reinterpret(results, at, [], []))] };
}

/** Is some element of a contiguous array not finite? */
export function anyUnusual(states: ArrayBase): boolean {
  const reducer = broughtBy(states.dtype, false);
  const { shape, size } = states;
  if (isWhole(states)) return reduceWhole(reducer, states) !== 0;
  if (size === 0) return false;
  const all = reduceStates(reducer, [states], shape, [...shape.keys()], newArray([], dtypes.uint8));
  return readAt(all, 0) !== 0;
}

// How an elementwise operation is described: a row of names, loops per dtype category and documentation. From the row
// come the function, the method, every dtype's kernel, the docs, the sweep and the benchmark. Nothing here runs.

import { DTypeError } from '../base/errors.ts';
import { type Category, categories, inCategory, realOf } from '../dtype/category.ts';
import { type DType, type DTypeName, dtypeList, dtypes } from '../dtype/dtype.ts';
import { canCast, promoteAll } from '../dtype/promotion.ts';
import { ComplexExpr, Expr, type ExprValue } from '../kernel/builder.ts';
import {
  bitsOfKinds,
  type Conditions,
  type FaultKind,
  type FloatFaults,
  type IntegerFaults,
} from '../kernel/faults.ts';
import type { ReductionName } from './reduce/rows.ts';

/** Dtype of an output, from the loop's dtype: itself, its real part's, or always the same. */
export type OutRule = 'same' | 'real' | DTypeName;

/** What a row's loops can meet beside their results (docs/design/errstate.md); a loop in bools meets nothing. */
export interface RowFaults {
  readonly floats?: FloatFaults;
  /** Left out: as floats. */
  readonly complexes?: FloatFaults;
  readonly ints?: IntegerFaults;
}

/** What a loop is defined on: a category, or one dtype. */
export type LoopDomain = Category | DTypeName;

/** One body for all dtypes of a category. */
export interface LoopRule {
  readonly on: LoopDomain;
  readonly body: (x: readonly ExprValue[], d: DType) => ExprValue | readonly ExprValue[];
  /** One rule per output; left out: 'same' for each. */
  readonly outs?: readonly OutRule[];
}

export interface RowDoc {
  /** One sentence. */
  readonly summary: string;
  /** An expression over `np` and what it prints. */
  readonly example: readonly [call: string, prints: string];
  /** Paper, standard or page; left out: the function's page in NumPy's reference. */
  readonly source?: string;
}

/** Numbers of operands or results: a digit each in the keys of kernels, with a mask. */
type More = 2 | 3 | 4 | 5 | 6;

export interface ElementwiseRow extends RowDoc {
  readonly nin: 1 | More;
  readonly nout?: More;
  readonly loops: readonly LoopRule[];
  /** Bool and integer operands are computed in this dtype (divide). */
  readonly exactAs?: DTypeName;
  /** Inputs with a dtype of their own that takes no part in promotion: position → dtype (ldexp's exponent). */
  readonly fixed?: Readonly<Record<number, DTypeName>>;
  /** What to use instead of bools, which are not accepted. */
  readonly refusesBool?: string;
  /** Operands of any dtype are read as truth values (≠ 0). */
  readonly truth?: true;
  /** The body for uint64 with a signed integer, which have no common dtype: sees u64 and i64, in the operands' order. */
  readonly mixedSigns?: LoopRule;
  /** Elements of one operand that a loop must not see; looked for before it runs. */
  readonly refuses?: Refusal;
  /** Which faults loops can meet; left out: none. */
  readonly faults?: RowFaults;
  /** Other names of the same function. */
  readonly aliases?: readonly string[];
  /** Result of reducing nothing. */
  readonly identity?: number | boolean;
  /**
   * Where the order of a reduction is free: the reduction row that it is, or what is neutral for a dtype. Left out: from
   * left to right.
   */
  readonly folds?: ReductionName | ((d: DType) => number | bigint);
  /** Budget in units in the last place per computing lane, checked by the sweep; 0 = exact. */
  readonly ulp?: { readonly f32: number; readonly f64: number };
  /** Operand values the sweep and the benchmark should draw from, where not every value makes sense. */
  readonly domain?: readonly [low: number, high: number];
}

export interface Refusal {
  /** Dtypes in which the loop must compute for the check to apply. */
  readonly on: Category;
  readonly operand: number;
  readonly when: (x: Expr) => Expr;
  readonly what: string;
  readonly fix: string;
}

/** A body's value that must be real. */
export const asReal = (v: ExprValue): Expr => {
  if (v instanceof Expr) return v;
  throw new TypeError('a real body got a complex value');
};
/** A body's value that must be complex. */
export const asComplex = (v: ExprValue): ComplexExpr => {
  if (v instanceof ComplexExpr) return v;
  throw new TypeError('a complex body got a real value');
};

type Real = (a: Expr, b: Expr, c: Expr, d: DType) => ExprValue | readonly ExprValue[];
type ComplexBody = (a: ComplexExpr, b: ComplexExpr, c: ComplexExpr) => ExprValue | readonly ExprValue[];

/** A loop over dtypes that bodies see as one expression (all but complex). */
export const real = (on: LoopDomain, body: Real, ...outs: OutRule[]): LoopRule => ({
  on,
  body: (x, d) => body(asReal(x[0]), x[1] as Expr, x[2] as Expr, d), // absent operands are never touched by the body
  ...(outs.length > 0 && { outs }),
});

/** A loop over the complex dtypes. */
export const complex = (body: ComplexBody, ...outs: OutRule[]): LoopRule => ({
  on: 'complexes',
  body: (x) => body(asComplex(x[0]), x[1] as ComplexExpr, x[2] as ComplexExpr), // as above
  ...(outs.length > 0 && { outs }),
});

/** A row's computation for one dtype: what its inputs are cast to, what its outputs are. */
export interface LoopTypes {
  readonly ins: readonly DType[];
  readonly outs: readonly DType[];
  readonly body: LoopRule['body'];
  readonly faults?: RowFaults;
  /** A body of several operations: what each of them can meet. */
  readonly steps?: FusedFaults;
}

/** The faults of a body that is several operations in one: bits of the kinds, and their conditions. */
export interface FusedFaults {
  readonly bits: number;
  readonly add: (to: Conditions, x: readonly ExprValue[]) => void;
}

/** What a loop in floats or complex numbers can meet. */
export const floatFaults = ({ ins, faults }: LoopTypes): FloatFaults | undefined =>
  ins[0].kind === 'f' ? faults?.floats : ins[0].kind === 'c' ? (faults?.complexes ?? faults?.floats) : undefined;

/** Bits of the faults that a loop can meet. */
export function possibleFaults(types: LoopTypes): number {
  const { ins, faults, steps } = types;
  if (steps !== undefined) return steps.bits;
  const { kind } = ins[0];
  if (kind === 'f' || kind === 'c') return bitsOfKinds(floatFaults(types)?.kinds ?? []);
  return kind === 'b' ? 0 : bitsOfKinds(Object.keys(faults?.ints ?? {}) as FaultKind[]); // its keys
}

const isExact = (d: DType): boolean => d.kind === 'b' || d.kind === 'i' || d.kind === 'u';

const isCategory = (x: LoopDomain): x is Category => (categories as readonly string[]).includes(x); // to look x up
const covers = ({ on }: LoopRule, d: DType): boolean => on === d.name || (isCategory(on) && inCategory(d, on));

function outDType(rule: OutRule, d: DType): DType {
  return rule === 'same' ? d : rule === 'real' ? realOf(d) : dtypes[rule];
}

const outsOf = (row: ElementwiseRow, rule: LoopRule, d: DType): DType[] =>
  Array.from({ length: row.nout ?? 1 }, (_, i) => outDType(rule.outs?.[i] ?? 'same', d));

function typesOf(row: ElementwiseRow, rule: LoopRule, d: DType): LoopTypes {
  const ins = Array.from({ length: row.nin }, (_, i) => {
    const own = row.fixed?.[i];
    return own === undefined ? d : dtypes[own];
  });
  return { ins, outs: outsOf(row, rule, d), body: rule.body, ...(row.faults && { faults: row.faults }) };
}

/** The dtypes in the order in which a loop is looked for: by kind, then size, signed before unsigned. */
const searchOrder = dtypeList.slice().sort((a, b) => rank(a) - rank(b));
function rank(d: DType): number {
  const kinds = { b: 0, i: 1, u: 1, f: 2, c: 3 };
  return kinds[d.kind] * 1000 + d.itemsize * 10 + (d.kind === 'u' ? 1 : 0);
}

const ruleFor = (row: ElementwiseRow, d: DType): LoopRule | undefined => row.loops.find((r) => covers(r, d));

/** Every loop of a row, in search order. */
export function loopsOf(row: ElementwiseRow): LoopTypes[] {
  const out: LoopTypes[] = [];
  for (const d of searchOrder) {
    const rule = ruleFor(row, d);
    if (rule !== undefined) out.push(typesOf(row, rule, d));
  }
  return out;
}

const describe = (row: ElementwiseRow): string => [...new Set(row.loops.map((r) => r.on))].join(', ');

/** uint64 beside a signed integer: what they become depends on the row and on configuration. */
export const signsClash = (operands: readonly DType[]): boolean =>
  operands.some((d) => d.kind === 'u' && d.itemsize === 8) && operands.some((d) => d.kind === 'i');

/**
 * The loop for operands of these dtypes (those that take part in promotion): the first to which all cast safely.
 * @throws DTypeError when there is none, and as `promote` for uint64 with a signed integer where the row computes
 *   integers as integers.
 */
export function findLoop(name: string, row: ElementwiseRow, operands: readonly DType[]): LoopTypes {
  if (row.truth) return typesOf(row, row.loops[0], dtypes.bool);
  const exact = operands.every(isExact);
  if (row.refusesBool !== undefined && operands.every((d) => d.kind === 'b')) {
    throw new DTypeError(`np.${name} does not take bool`, row.refusesBool, { op: name, dtype: 'bool' });
  }
  let wanted = operands;
  if (exact && row.exactAs !== undefined) wanted = [dtypes[row.exactAs]];
  else if (exact && signsClash(operands)) {
    if (row.mixedSigns !== undefined) {
      const ins = operands.map((d) => (d.kind === 'i' ? dtypes.int64 : dtypes.uint64));
      return { ins, outs: outsOf(row, row.mixedSigns, ins[0]), body: row.mixedSigns.body };
    }
    if (ruleFor(row, dtypes.uint64) !== undefined) wanted = [promoteAll(operands)];
  }
  for (const candidate of searchOrder) {
    if (!wanted.every((d) => canCast(d, candidate, 'safe'))) continue;
    const rule = ruleFor(row, candidate);
    if (rule !== undefined) return typesOf(row, rule, candidate);
  }
  const given = operands.map((d) => d.name).join(', ');
  throw new DTypeError(
    `np.${name} is not defined for ${given}`,
    `convert with astype to one of its kinds: ${describe(row)}`,
    { op: name, dtypes: operands.map((d) => d.name) },
  );
}

/** The loop whose first output has the dtype asked for with `dtype:`. */
export function loopWithOutput(name: string, row: ElementwiseRow, wanted: DType, complex = false): LoopTypes {
  const found = loopsOf(row).filter((loop) => loop.outs[0] === wanted);
  // The absolute value of a complex number is real: there two loops have the same output.
  const chosen = found.find((loop) => (loop.ins[0].kind === 'c') === complex) ?? found[0];
  if (chosen !== undefined) return chosen;
  throw new DTypeError(
    `np.${name} has no loop with output ${wanted.name}`,
    `leave dtype out, or use one that it computes in: ${[...new Set(loopsOf(row).map((l) => l.outs[0].name))].join(', ')}`,
    { op: name, dtype: wanted.name },
  );
}

/** Closes a table of rows: keeps the literal names, checks the shape. */
export const defineRows = <R extends Record<string, ElementwiseRow>>(rows: R): R => rows;

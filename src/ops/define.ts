// How an elementwise operation is described: a row of names, loops per dtype category and documentation. From the row
// come the function, the method, every dtype's kernel, the docs, the sweep and the benchmark. Nothing here runs.

import { DTypeError } from '../base/errors.ts';
import { type Category, category, realOf } from '../dtype/category.ts';
import { type DType, type DTypeName, dtypeList, dtypes } from '../dtype/dtype.ts';
import { canCast } from '../dtype/promotion.ts';
import { ComplexExpr, Expr, type ExprValue } from '../kernel/builder.ts';

/** Dtype of an output, from the loop's dtype: itself, its real part's, or always the same. */
export type OutRule = 'same' | 'real' | DTypeName;

/** One body for all dtypes of a category. */
export interface LoopRule {
  readonly on: Category;
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

export interface ElementwiseRow extends RowDoc {
  readonly nin: 1 | 2 | 3;
  readonly nout?: 2;
  readonly loops: readonly LoopRule[];
  /** Bool and integer operands are computed in this dtype (divide). */
  readonly exactAs?: DTypeName;
  /** Inputs with a dtype of their own that takes no part in promotion: position → dtype (ldexp's exponent). */
  readonly fixed?: Readonly<Record<number, DTypeName>>;
  /** Why bool is not accepted, and what to use. */
  readonly refusesBool?: string;
  /** Other names of the same function. */
  readonly aliases?: readonly string[];
  /** Result of reducing nothing. */
  readonly identity?: number | boolean;
  /** Budget in units in the last place per computing lane, checked by the sweep; 0 = exact. */
  readonly ulp?: { readonly f32: number; readonly f64: number };
  /** Operand values the sweep and the benchmark should draw from, where not every value makes sense. */
  readonly domain?: readonly [low: number, high: number];
}

const isExpr = (v: ExprValue): Expr => {
  if (v instanceof Expr) return v;
  throw new TypeError('a real body got a complex value');
};
const isComplex = (v: ExprValue): ComplexExpr => {
  if (v instanceof ComplexExpr) return v;
  throw new TypeError('a complex body got a real value');
};

type Real = (a: Expr, b: Expr, c: Expr) => ExprValue | readonly ExprValue[];
type ComplexBody = (a: ComplexExpr, b: ComplexExpr, c: ComplexExpr) => ExprValue | readonly ExprValue[];

/** A loop over dtypes that bodies see as one expression (all but complex). */
export const real = (on: Category, body: Real, ...outs: OutRule[]): LoopRule => ({
  on,
  body: (x) => body(isExpr(x[0]), x[1] as Expr, x[2] as Expr), // absent operands are never touched by the body
  ...(outs.length > 0 && { outs }),
});

/** A loop over the complex dtypes. */
export const complex = (body: ComplexBody, ...outs: OutRule[]): LoopRule => ({
  on: 'complexes',
  body: (x) => body(isComplex(x[0]), x[1] as ComplexExpr, x[2] as ComplexExpr), // as above
  ...(outs.length > 0 && { outs }),
});

/** A row's computation for one dtype: what its inputs are cast to, what its outputs are. */
export interface LoopTypes {
  readonly ins: readonly DType[];
  readonly outs: readonly DType[];
  readonly body: LoopRule['body'];
}

function outDType(rule: OutRule, d: DType): DType {
  return rule === 'same' ? d : rule === 'real' ? realOf(d) : dtypes[rule];
}

function typesOf(row: ElementwiseRow, rule: LoopRule, d: DType): LoopTypes {
  const ins = Array.from({ length: row.nin }, (_, i) => {
    const own = row.fixed?.[i];
    return own === undefined ? d : dtypes[own];
  });
  const outs = Array.from({ length: row.nout ?? 1 }, (_, i) => outDType(rule.outs?.[i] ?? 'same', d));
  return { ins, outs, body: rule.body };
}

/** The dtypes in the order in which a loop is looked for: by kind, then size, signed before unsigned. */
const searchOrder = dtypeList.slice().sort((a, b) => rank(a) - rank(b));
function rank(d: DType): number {
  const kinds = { b: 0, i: 1, u: 1, f: 2, c: 3 };
  return kinds[d.kind] * 1000 + d.itemsize * 10 + (d.kind === 'u' ? 1 : 0);
}

/** Every loop of a row, in search order. */
export function loopsOf(row: ElementwiseRow): LoopTypes[] {
  const out: LoopTypes[] = [];
  for (const d of searchOrder) {
    const rule = row.loops.find((r) => category(r.on).includes(d));
    if (rule !== undefined) out.push(typesOf(row, rule, d));
  }
  return out;
}

const describe = (row: ElementwiseRow): string => [...new Set(row.loops.map((r) => r.on))].join(', ');

/**
 * The loop that computes operands of common dtype `common`: that dtype's own, or the first that it casts to safely.
 * @throws DTypeError when there is none.
 */
export function findLoop(name: string, row: ElementwiseRow, common: DType): LoopTypes {
  let d = common;
  if (row.exactAs !== undefined && (d.kind === 'b' || d.kind === 'i' || d.kind === 'u')) d = dtypes[row.exactAs];
  if (d.kind === 'b' && row.refusesBool !== undefined) {
    throw new DTypeError(`np.${name} does not take bool`, row.refusesBool, { op: name, dtype: 'bool' });
  }
  for (const candidate of [d, ...searchOrder]) {
    if (candidate !== d && !canCast(d, candidate, 'safe')) continue;
    const rule = row.loops.find((r) => category(r.on).includes(candidate));
    if (rule !== undefined) return typesOf(row, rule, candidate);
  }
  throw new DTypeError(
    `np.${name} is not defined for ${common.name}`,
    `convert with astype to one of its kinds: ${describe(row)}`,
    { op: name, dtype: common.name },
  );
}

/** The loop whose first output has the dtype asked for with `dtype:`. */
export function loopWithOutput(name: string, row: ElementwiseRow, wanted: DType): LoopTypes {
  for (const loop of loopsOf(row)) if (loop.outs[0] === wanted) return loop;
  throw new DTypeError(
    `np.${name} has no loop with output ${wanted.name}`,
    `leave dtype out, or use one that it computes in: ${[...new Set(loopsOf(row).map((l) => l.outs[0].name))].join(', ')}`,
    { op: name, dtype: wanted.name },
  );
}

/** Closes a table of rows: keeps the literal names, checks the shape. */
export const defineRows = <R extends Record<string, ElementwiseRow>>(rows: R): R => rows;

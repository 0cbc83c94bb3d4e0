// The operands and intermediate results of a formula that is compiled: `Term` has every operation of the namespace as a
// method, with the dtypes that arrays would have, but computes nothing; the expression it builds becomes one kernel.
// float16 rounds after every step, as it does in arrays, so that a compiled formula gives the bits of its steps.

import { ArgumentError, DTypeError } from '../base/errors.ts';
import { inCategory } from '../dtype/category.ts';
import { Complex } from '../dtype/complex.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../dtype/dtype.ts';
import { promoteAll } from '../dtype/promotion.ts';
import { checkScalar, isScalar, type Scalar, scalarDType, weakPromote } from '../dtype/scalars.ts';
import { ComplexExpr, type Expr, type ExprValue, konst } from '../kernel/builder.ts';
import { castValue, computeType, settled } from '../kernel/element.ts';
import { asReal, type ElementwiseRow, findLoop } from '../ops/define.ts';
import { type ElementwiseName, elementwise } from '../ops/rows.ts';
import { describe } from './options.ts';
import { choose, paramValue } from './ufunc.ts';

/** What an operation of a formula takes: a term, or a scalar that joins weakly. */
export type TermLike = Term | Scalar;

/** One value of a formula: an expression and its dtype. */
export class TermBase {
  readonly value: ExprValue;
  readonly dtype: DType;

  constructor(value: ExprValue, dtype: DType) {
    this.value = value;
    this.dtype = dtype;
  }

  /** `a` where this is true (not zero), else `b`; they meet in one dtype. */
  select(a: TermLike, b: TermLike): Term {
    const d = meeting([a, b], 'select');
    const condition = asReal(castValue(this.value, this.dtype, dtypes.bool));
    return term(choose(condition, valueIn(a, d, 'select'), valueIn(b, d, 'select')), d);
  }
  /** The value converted to another dtype, unsafely as `astype` of arrays. */
  astype(dtype: DTypeLike): Term {
    const d = asDType(dtype);
    return term(castValue(this.value, this.dtype, d), d);
  }
  /** The real part; of a real value itself. */
  get real(): Term {
    const { value, dtype } = this;
    return value instanceof ComplexExpr ? term(value.re, realPart(dtype)) : term(value, dtype);
  }
  /** The imaginary part; of a real value zero. */
  get imag(): Term {
    const { value, dtype } = this;
    return value instanceof ComplexExpr ? term(value.im, realPart(dtype)) : term(constant(0, dtype), dtype);
  }
  /** Terms are no numbers: `x + y` in a formula is a mistake. */
  [Symbol.toPrimitive](): never {
    throw new DTypeError('operators do not work on the operands of a formula', 'use methods: x.add(y), x.less(y)', {});
  }
}

type Rows = typeof elementwise;
type Made<R> = R extends { readonly nout: 2 } ? [Term, Term] : Term;
type Operation<R> = R extends { readonly nin: 1 } ? () => Made<R> : (b: TermLike) => Made<R>;

/** A value of a formula, with every elementwise operation as a method of the same name. */
export type Term = TermBase & { readonly [K in ElementwiseName]: Operation<Rows[K]> };

const realPart = (d: DType): DType => (d.lane === 'f32' ? dtypes.float32 : dtypes.float64);
const bare = (value: ExprValue, d: DType): Term => new TermBase(value, d) as Term; // the prototype has the rest
const term = (value: ExprValue, d: DType): Term => bare(settled(value, d), d);

let typesOnly = false;

/** Runs a formula for its dtypes alone: operations give stand-ins, since bodies are long and dtypes many. */
export function forTypes<T>(run: () => T): T {
  typesOnly = true;
  try {
    return run();
  } finally {
    typesOnly = false;
  }
}

/** The operand of a formula that a body sees as `value`. */
export const operandTerm = term;

function constant(x: Scalar, d: DType): ExprValue {
  const v = checkScalar(x, d, 'formula');
  const t = computeType(d);
  if (v instanceof Complex) return new ComplexExpr(konst(t, v.re), konst(t, v.im));
  if (d.parts === 2) return new ComplexExpr(konst(t, Number(v)), konst(t, 0));
  return konst(t, v);
}

const isTerm = (x: unknown): x is Term => x instanceof TermBase;

// The dtype in which terms and scalars meet.
function meeting(given: readonly unknown[], where: string): DType {
  const terms: DType[] = [];
  for (const x of given) {
    if (isTerm(x)) terms.push(x.dtype);
    else if (!isScalar(x)) {
      throw new ArgumentError(
        `${where}: ${describe(x)} cannot take part in a formula`,
        'use the operands of the body, what follows from them, and numbers',
        { where },
      );
    }
  }
  const scalars = given.filter(isScalar);
  if (terms.length === 0) return promoteAll(scalars.map(scalarDType));
  return scalars.reduce<DType>(weakPromote, promoteAll(terms));
}

const valueIn = (x: TermLike, d: DType, where: string): ExprValue => {
  if (isTerm(x)) return castValue(x.value, x.dtype, d);
  meeting([x], where);
  return constant(x, d);
};

/** Any value as a term; scalars take the dtype given. */
export const termOf = (x: unknown, d: DType, where: string): Term =>
  isTerm(x) ? x : term(valueIn(x as Scalar, d, where), d); // refused where it is none

/** What a row makes of terms and scalars, as arrays of their dtypes would. */
export function applyRow(name: string, row: ElementwiseRow, given: readonly TermLike[]): Term | Term[] {
  const where = `np.${name}`;
  const sharing = row.fixed === undefined ? given : given.filter((_, i) => row.fixed?.[i] === undefined);
  const terms = sharing.filter(isTerm);
  const weak = terms.length < sharing.length;
  const { ins, outs, body } = findLoop(name, row, weak ? [meeting(sharing, where)] : terms.map((t) => t.dtype));
  const values = given.map((x, i) =>
    row.truth && !isTerm(x) ? constant(Number(x) !== 0, dtypes.bool) : valueIn(x, ins[i], where),
  );
  refuse(where, row, values, ins);
  if (typesOnly) return oneOrAll(outs.map((d) => bare(paramValue(d, 0).value, d)));
  const made = body(values, ins[0]);
  return oneOrAll((Array.isArray(made) ? made : [made]).map((v: ExprValue, i) => term(v, outs[i])));
}

const oneOrAll = (results: Term[]): Term | Term[] => (results.length === 1 ? results[0] : results);

// A formula cannot look at its operands first, so what a row refuses must be seen not to occur.
function refuse(where: string, { refuses }: ElementwiseRow, values: readonly ExprValue[], ins: readonly DType[]): void {
  if (refuses === undefined || !inCategory(ins[refuses.operand], refuses.on)) return;
  const test: Expr = refuses.when(asReal(values[refuses.operand]));
  if (test.node.op === 'const' && test.node.imm === false) return;
  throw new DTypeError(
    `${where} in a formula: ${refuses.what}, which is not known of an operand`,
    "convert it with astype('float64'), or pass a constant",
    { where },
  );
}

for (const [name, row] of Object.entries(elementwise as Readonly<Record<string, ElementwiseRow>>)) {
  const value = function (this: Term, ...others: TermLike[]): Term | Term[] {
    return applyRow(name, row, [this, ...others]);
  };
  for (const key of [name, ...(row.aliases ?? [])]) {
    Object.defineProperty(TermBase.prototype, key, { value, writable: true, configurable: true });
  }
}

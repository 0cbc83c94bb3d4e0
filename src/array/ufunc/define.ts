// Ufuncs of the user's own: a formula over terms, traced once per dtype into a row, and from there like any other.

import { ArgumentError, OrthantError } from '../../base/errors.ts';
import { type Category, categories, category } from '../../dtype/category.ts';
import { asDType, type DType, type DTypeLike, type DTypeName, dtypeList } from '../../dtype/dtype.ts';
import { checkScalar, type Scalar } from '../../dtype/scalars.ts';
import { callUfunc, type UfuncOptions } from '../../exec/call.ts';
import type { ArrayLike } from '../../exec/coerce.ts';
import { describe, Options } from '../../exec/options.ts';
import { forTypes, operandTerm, type Term, termOf } from '../../exec/term.ts';
import { paramValue, Ufunc } from '../../exec/ufunc.ts';
import type { ExprValue } from '../../kernel/builder.ts';
import type { ElementwiseRow, LoopRule } from '../../ops/define.ts';
import { binary, bind, unary } from '../callable.ts';
import type { NDArray } from '../ndarray.ts';
import type { UfuncObject } from './object.ts';

/** What a body may return: one result, or a list of several. */
export type Formula = Term | Scalar | readonly (Term | Scalar)[];

export interface UfuncDefinition<P extends readonly Term[], R extends Formula> {
  /** What it is called in messages; the body's name by default. */
  readonly name?: string;
  /** The formula. It is traced with stand-ins for elements: it may not look at values. */
  readonly body: (...operands: P) => R;
  /** Number of operands; by default the number of the body's parameters. */
  readonly nin?: number;
  /** Dtypes it computes in: a category or a list; by default all in which the formula is defined. */
  readonly dtypes?: Category | readonly DTypeLike[];
  /** Operands with a dtype of their own, which takes no part in promotion: position → dtype. */
  readonly fixed?: Readonly<Record<number, DTypeName>>;
  /** Result of reducing nothing. */
  readonly identity?: number | boolean;
  /** Is it associative and commutative, so that a reduction may run in any order? Needs an identity. */
  readonly reorderable?: boolean;
}

type Arrays<P extends readonly unknown[]> = { -readonly [K in keyof P]: ArrayLike };
type Results<R> = R extends readonly unknown[] ? { -readonly [K in keyof R]: NDArray } : NDArray;

/** A ufunc made of a formula; of scalars alone it returns scalars. */
export interface FormulaUfunc<P extends readonly Term[], R extends Formula> extends UfuncObject {
  (...operands: [...Arrays<P>, options?: UfuncOptions]): Results<R>;
}

const definitionOptions = new Options('name', 'body', 'nin', 'dtypes', 'fixed', 'identity', 'reorderable');
/** Operands, results and a mask have a digit each in the keys of kernels. */
const MOST = 8;

let made = 0;

function domainOf(asked: Category | readonly DTypeLike[] | undefined): readonly DType[] {
  if (asked === undefined) return dtypeList;
  if (typeof asked !== 'string') return asked.map(asDType);
  if ((categories as readonly string[]).includes(asked)) return category(asked);
  return [asDType(asked)];
}

/**
 * A ufunc from a formula over its operands, compiled to SIMD code for every dtype. Operands have the methods of arrays
 * (`x.multiply(y).add(1)`, `x.less(0).select(a, b)`), numbers join weakly, and a list of results makes several outputs. What
 * comes back is called like `np.add` and has its methods: broadcasting, `out`, `where`, `dtype`, `casting`, `reduce`, `at` …
 * @throws ArgumentError for a body without operands, or more than eight operands and results; DTypeError where the formula
 *   is not defined for a dtype that was asked for.
 * @example np.ufunc({ body: (x, y) => x.multiply(y).add(1) })([1, 2], 10) // array([11., 21.])
 * @see https://numpy.org/doc/stable/reference/ufuncs.html
 */
export function ufunc<const P extends readonly Term[], const R extends Formula>(
  definition: UfuncDefinition<P, R>,
): FormulaUfunc<P, R> {
  if (definition === undefined) {
    throw new ArgumentError('np.ufunc: no definition', 'pass { body: (x, y) => x.add(y) }', {});
  }
  definitionOptions.check(definition, 'np.ufunc');
  const { body, identity, fixed } = definition;
  if (typeof body !== 'function') {
    throw new ArgumentError(`np.ufunc: body is ${describe(body)}`, 'pass { body: (x, y) => x.add(y) }', {});
  }
  const name = definition.name ?? (body.name === 'body' || body.name === '' ? 'formula' : body.name);
  const nin = definition.nin ?? body.length;
  if (nin < 1) throw new ArgumentError(`np.${name}: the body takes no operands`, 'write body: (x, y) => …', { nin });
  const { loops, nout } = loopsOfBody(definition, name, nin);
  if (nin + nout >= MOST) {
    throw new ArgumentError(
      `np.${name}: ${nin} operands and ${nout} results`,
      `use fewer than ${MOST} of them together`,
      { nin, nout },
    );
  }
  if (definition.reorderable === true && identity === undefined) {
    throw new ArgumentError(`np.${name} is reorderable without an identity`, 'pass its identity', {});
  }
  const row: ElementwiseRow = {
    nin: nin as ElementwiseRow['nin'], // within the bound above
    ...(nout > 1 && { nout: nout as 2 }),
    summary: name,
    example: ['', ''],
    loops,
    ...(fixed && { fixed }),
    ...(identity !== undefined && { identity }),
    ...(definition.reorderable === true && { folds: neutralOf(identity ?? 0) }),
  };
  made++;
  return callableOf(new Ufunc(name, row, `${name}#${made}`)) as FormulaUfunc<P, R>; // it takes what the body takes
}

const neutralOf =
  (identity: number | boolean) =>
  (d: DType): number | bigint => {
    const v = checkScalar(identity, d, 'np.ufunc identity');
    return typeof v === 'bigint' ? v : Number(v);
  };

// One loop per dtype in which the formula is defined, in the order in which dtypes are looked for.
function loopsOfBody<P extends readonly Term[], R extends Formula>(
  { body, dtypes, fixed }: UfuncDefinition<P, R>,
  name: string,
  nin: number,
): { loops: LoopRule[]; nout: number } {
  const trace = (values: readonly ExprValue[], d: DType): Term[] => {
    const operands = values.map((v, i) => operandTerm(v, fixed?.[i] === undefined ? d : asDType(fixed[i])));
    const given: Formula = body(...(operands as never as P)); // as many terms as the body has parameters
    const results = Array.isArray(given) ? given : [given];
    return results.map((r) => termOf(r, d, `np.${name}`));
  };
  const loops: LoopRule[] = [];
  let nout = 0;
  let refused: unknown;
  for (const d of domainOf(dtypes)) {
    const placeholders = Array.from({ length: nin }, (_, i) => {
      const own = fixed?.[i];
      return paramValue(own === undefined ? d : asDType(own), 2 * i).value;
    });
    let results: Term[];
    try {
      results = forTypes(() => trace(placeholders, d));
    } catch (error) {
      if (dtypes !== undefined || !(error instanceof OrthantError)) throw error;
      refused = error; // this dtype is left to a wider one
      continue;
    }
    if (nout !== 0 && results.length !== nout) {
      throw new ArgumentError(
        `np.${name}: the body gives ${nout} results or ${results.length}`,
        'give as many always',
        {},
      );
    }
    nout = results.length;
    loops.push({
      on: d.name,
      outs: results.map((r) => r.dtype.name),
      body: (values) => {
        const made = trace(values, d).map((r) => r.value);
        return made.length === 1 ? made[0] : made;
      },
    });
  }
  if (loops.length > 0) return { loops, nout };
  throw refused ?? new ArgumentError(`np.${name}: no dtypes`, 'leave dtypes out', {});
}

/** The function that runs a ufunc. */
export function callableOf(u: Ufunc): UfuncObject {
  if (u.nin === 1) return unary(u);
  if (u.nin === 2) return binary(u);
  const call = (...given: unknown[]): unknown => {
    if (given.length === u.nin || given.length === u.nin + 1) {
      return callUfunc(u, given.slice(0, u.nin), given[u.nin] as UfuncOptions); // checked there
    }
    throw new ArgumentError(
      `np.${u.name} takes ${u.nin} operands and options, not ${given.length} arguments`,
      'pass the operands, then what you mean by name: { out, where }',
      { op: u.name, nin: u.nin },
    );
  };
  return bind(call, u);
}

// Checks arrays against contracts: dtype, dimensions with the lengths bound so far, and what else a clause asks of the
// values. Everything wrong with a value is said at once, in one ContractError.

import { isfinite, isnan } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { all, any, max, min } from '../array/reduce_functions.ts';
import { ArgumentError, ContractError } from '../base/errors.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { formatShape } from '../shape/strides.ts';
import { type Dimension, dimensionText, type Spec, specOf } from './spec.ts';

/** What an array must be: a text, or a text with demands on the values. */
export type Clause = string | ArrayClause;
export interface ArrayClause {
  /** Dtype and dimensions: 'float32[batch, 3]'. */
  readonly array: string;
  /** Bounds of every element, both allowed; NaN is within none. */
  readonly min?: number;
  readonly max?: number;
  /** false: no NaN. */
  readonly nan?: boolean;
  /** false: neither NaN nor infinities. */
  readonly inf?: boolean;
  /** 'C': rows one after another; 'F': columns. */
  readonly order?: 'C' | 'F';
}

/** Lengths of the named dimensions so far, and where each was met. */
export class Bindings {
  readonly #bound = new Map<string, { readonly length: number; readonly from: string }>();

  get(name: string): number | undefined {
    return this.#bound.get(name)?.length;
  }
  /** Why a dimension does not fit a length; undefined when it does, and its name is bound then. */
  refusal(d: Dimension, length: number, where: string): string | undefined {
    if (d.kind === 'any') return undefined;
    if (d.name === null) return length === d.plus ? undefined : `${length} instead of ${d.plus}`;
    const bound = this.#bound.get(d.name);
    if (bound !== undefined) {
      const wanted = d.times * bound.length + d.plus;
      if (length === wanted) return undefined;
      return `${length} instead of ${dimensionText(d)} = ${wanted} (${d.name} = ${bound.length} from ${bound.from})`;
    }
    const n = (length - d.plus) / d.times;
    if (!Number.isSafeInteger(n) || n < 0) return `${length} is not ${dimensionText(d)} for any ${d.name}`;
    this.#bound.set(d.name, { length: n, from: where });
    return undefined;
  }
  all(): Record<string, number> {
    return Object.fromEntries([...this.#bound].map(([name, { length }]) => [name, length]));
  }
}

const clauseKeys = new Set(['array', 'min', 'max', 'nan', 'inf', 'order']);

/** A clause whose text and demands can be read. */
export function readClause(clause: Clause, where: string): { readonly spec: Spec; readonly clause: ArrayClause } {
  const full: ArrayClause = typeof clause === 'string' ? { array: clause } : clause;
  if (typeof full !== 'object' || full === null || typeof full.array !== 'string') {
    throw new ArgumentError(
      `${where}: a clause is a text or an object with 'array'`,
      "write 'float64[n, d]' or { array: 'float64[n, d]', min: 0 }",
      { where },
    );
  }
  for (const key of Object.keys(full)) {
    if (!clauseKeys.has(key)) {
      throw new ArgumentError(`${where}: a clause has no '${key}'`, `use ${[...clauseKeys].join(', ')}`, {
        where,
        key,
      });
    }
  }
  return { spec: specOf(full.array), clause: full };
}

function dtypeProblem(a: NDArray, spec: Spec): string[] {
  if (spec.dtypes.has(a.dtype)) return [];
  return [`dtype ${a.dtype.name} instead of ${spec.text.split('[')[0].trim()}`];
}

function shapeProblems(a: NDArray, spec: Spec, bindings: Bindings, name: string): string[] {
  const { dims, rest } = spec;
  if (dims === null) return [];
  if (rest < 0 ? a.ndim !== dims.length : a.ndim < dims.length) {
    return [`${a.ndim} dimensions ${formatShape(a.shape)} instead of ${rest < 0 ? '' : 'at least '}${dims.length}`];
  }
  const found: string[] = [];
  dims.forEach((d, i) => {
    const at = rest < 0 || i < rest ? i : a.ndim - dims.length + i;
    const why = bindings.refusal(d, a.shape[at], `${name}, dimension ${at}`);
    if (why !== undefined) found.push(`dimension ${at} is ${why}`);
  });
  return found;
}

function valueProblems(a: NDArray, clause: ArrayClause): string[] {
  const found: string[] = [];
  const floating = a.dtype.kind === 'f' || a.dtype.kind === 'c';
  if (floating && clause.inf === false && all(isfinite(a)) !== true) found.push('NaN or infinities among its elements');
  else if (floating && clause.nan === false && any(isnan(a)) === true) found.push('NaN among its elements');
  const bounded = clause.min !== undefined || clause.max !== undefined;
  if (bounded && a.dtype.kind === 'c') return [...found, 'bounds do not apply to complex elements'];
  if (!bounded || a.size === 0) return found;
  const exact = a.dtype.kind === 'i' || a.dtype.kind === 'u'; // no number holds all 64-bit integers
  const [least, most] = [min, max].map((f) => {
    const found: NDArray = nd(f(a, { keepdims: true })).ravel();
    const x = exact ? found.item({ as: 'bigint' }) : found.item();
    return typeof x === 'bigint' ? x : Number(x);
  });
  const said = (what: string, x: unknown, bound: number): string => `${what} element ${x}, the bound is ${bound}`;
  if (clause.min !== undefined && !(least >= clause.min)) found.push(said('least', least, clause.min));
  if (clause.max !== undefined && !(most <= clause.max)) found.push(said('greatest', most, clause.max));
  return found;
}

/** Everything about a value that is not as the clause says. */
export function violations(
  a: NDArray,
  { spec, clause }: { readonly spec: Spec; readonly clause: ArrayClause },
  bindings: Bindings,
  name: string,
): string[] {
  const formal = [...dtypeProblem(a, spec), ...shapeProblems(a, spec, bindings, name)];
  if (clause.order === 'C' && !a.flags.c_contiguous) formal.push('not C-contiguous');
  if (clause.order === 'F' && !a.flags.f_contiguous) formal.push('not F-contiguous');
  return formal.length > 0 ? formal : valueProblems(a, clause);
}

/** A value as an array: arrays as they are, lists and typed arrays converted. */
export const valueOf = (value: unknown, where: string): NDArray => nd(toArray(value as ArrayLike, where)); // refused there

export function contractError(where: string, found: readonly Violation[], dims: Record<string, number>): ContractError {
  const lines = found.map(({ name, clause, problems }) => `${name} (${clause}): ${problems.join('; ')}`);
  return new ContractError(
    `${where}: ${lines.join('\n  ')}`,
    'pass what the contract asks for, or change the contract',
    { where, violations: found, dims },
  );
}

export interface Violation {
  readonly name: string;
  readonly clause: string;
  readonly problems: readonly string[];
}

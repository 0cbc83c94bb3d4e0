// Checks arrays against contracts: dtype, dimensions with the lengths bound so far, memory order. Everything wrong with
// a value is said at once, in one ContractError. What a clause asks of the elements is in values.ts.

import { type NDArray, nd } from '../array/ndarray.ts';
import { ArgumentError, ContractError } from '../base/errors.ts';
import type { DType } from '../dtype/dtype.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { formatShape } from '../shape/strides.ts';
import { type Dimension, dimensionText, type Spec, specOf } from './spec.ts';
import { ValueWatch } from './values.ts';

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

export interface ReadClause {
  readonly spec: Spec;
  readonly clause: ArrayClause;
}

const number = { is: (x: unknown): boolean => typeof x === 'number' && !Number.isNaN(x), what: 'a number' };
const flag = { is: (x: unknown): boolean => typeof x === 'boolean', what: 'true or false' };
/** What the demands of a clause are. */
const kinds = {
  min: number,
  max: number,
  nan: flag,
  inf: flag,
  order: { is: (x: unknown): boolean => x === 'C' || x === 'F', what: "'C' or 'F'" },
};
const clauseKeys = new Set(['array', ...Object.keys(kinds)]);

/** A clause whose text and demands can be read. */
export function readClause(clause: Clause, where: string): ReadClause {
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
  for (const [key, { is, what }] of Object.entries(kinds)) {
    const value: unknown = full[key as keyof ArrayClause]; // of the rows above
    if (value === undefined || is(value)) continue;
    throw new ArgumentError(`${where}: '${key}' is ${JSON.stringify(value)}`, `write ${what}`, { where, key, value });
  }
  return { spec: specOf(full.array), clause: full };
}

/** What is known of an array without its elements. */
export interface Form {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Whether the elements lie in this order. */
  lies(order: 'C' | 'F'): boolean;
}

function dtypeProblem({ dtype }: Form, spec: Spec): string[] {
  if (spec.dtypes.has(dtype)) return [];
  return [`dtype ${dtype.name} instead of ${spec.text.split('[')[0].trim()}`];
}

function shapeProblems({ shape }: Form, spec: Spec, bindings: Bindings, name: string): string[] {
  const { dims, rest } = spec;
  if (dims === null) return [];
  if (rest < 0 ? shape.length !== dims.length : shape.length < dims.length) {
    return [`${shape.length} dimensions ${formatShape(shape)} instead of ${rest < 0 ? '' : 'at least '}${dims.length}`];
  }
  const found: string[] = [];
  dims.forEach((d, i) => {
    const at = rest < 0 || i < rest ? i : shape.length - dims.length + i;
    const why = bindings.refusal(d, shape[at], `${name}, dimension ${at}`);
    if (why !== undefined) found.push(`dimension ${at} is ${why}`);
  });
  return found;
}

/** Everything about dtype, dimensions and order that is not as the clause says; the lengths are bound. */
export function formalProblems(form: Form, { spec, clause }: ReadClause, bindings: Bindings, name: string): string[] {
  const found = [...dtypeProblem(form, spec), ...shapeProblems(form, spec, bindings, name)];
  const { order } = clause;
  if (order !== undefined && !form.lies(order)) found.push(`not ${order}-contiguous`);
  return found;
}

/** Everything about a value that is not as the clause says. Values are looked at only when the form is right. */
export function violations(a: NDArray, read: ReadClause, bindings: Bindings, name: string): string[] {
  const { dtype, shape, flags } = a;
  const lies = (order: 'C' | 'F'): boolean => (order === 'C' ? flags.c_contiguous : flags.f_contiguous);
  const formal = formalProblems({ dtype, shape, lies }, read, bindings, name);
  if (formal.length > 0) return formal;
  const watch = new ValueWatch(read.clause, dtype);
  watch.add(a);
  return watch.problems();
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

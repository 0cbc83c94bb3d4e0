// np.check, np.contract, np.contractFrom: contracts of arrays at the edges of a service, around a function, or from a
// JSON file. What a contract says is in spec.ts, how it is checked in check.ts.

import type { NDArray } from '../array/ndarray.ts';
import { ArgumentError } from '../base/errors.ts';
import { type StoredArray, storedArray } from '../io/blocks.ts';
import type { ArrayStore } from '../io/store.ts';
import {
  Bindings,
  type Clause,
  contractError,
  type ReadClause,
  readClause,
  type Violation,
  valueOf,
  violations,
} from './check.ts';
import { storedProblems } from './stored.ts';
import type { Described, DescribedList } from './types.ts';

export type { ArrayClause, Clause } from './check.ts';
export type { Described } from './types.ts';

/**
 * Checks one value against a contract and returns it as an array (lists and typed arrays become one).
 * Shapes: as the clause says; names stand for any length, equal names for equal lengths.
 * @throws ContractError that says everything that is wrong; ArgumentError for a clause that cannot be read.
 * @example np.check([[1, 2, 3]], 'float64[batch, 3]').shape // [1, 3]
 */
export function check<const C extends Clause>(value: unknown, clause: C, name = 'the value'): Described<C> {
  const bindings = new Bindings();
  const read = readClause(clause, 'np.check');
  const a = valueOf(value, `np.check: ${name}`);
  const problems = violations(a, read, bindings, name);
  if (problems.length === 0) return a as Described<C>; // checked just now
  throw contractError('np.check', [{ name, clause: read.spec.text, problems }], bindings.all());
}

type Clauses = Readonly<Record<string, Clause>>;

/** What a contract of several arrays can do. */
export interface Contract {
  /**
   * Checks arrays by name; all that the contract names must be there.
   * @throws ContractError; ArgumentError for a name that the contract does not have, or that is missing.
   */
  check(values: Readonly<Record<string, unknown>>): Record<string, NDArray>;
  /** The lengths of the named dimensions that these values bind. */
  dims(values: Readonly<Record<string, unknown>>): Record<string, number>;
  /**
   * Checks arrays outside of memory, of any size: elements are read in blocks, and only where the contract asks for
   * bounds, NaN or infinities.
   * @throws ContractError, ArgumentError as `check`; what reading throws.
   */
  checkStored(values: Readonly<Record<string, ArrayStore | StoredArray>>): Promise<void>;
}

type ReadClauses = ReadonlyMap<string, ReadClause>;

function refuseUnknown(clauses: ReadClauses, values: object, where: string): void {
  for (const name of Object.keys(values)) {
    if (clauses.has(name)) continue;
    throw new ArgumentError(`${where}: the contract has no '${name}'`, `it has ${[...clauses.keys()].join(', ')}`, {
      name,
    });
  }
}

const missing = (name: string, { spec }: ReadClause): Violation => ({ name, clause: spec.text, problems: ['missing'] });

function checkAll(
  clauses: ReadClauses,
  values: Readonly<Record<string, unknown>>,
  bindings: Bindings,
  where: string,
): Record<string, NDArray> {
  refuseUnknown(clauses, values, where);
  const found: Violation[] = [];
  const arrays: Record<string, NDArray> = {};
  for (const [name, read] of clauses) {
    if (!Object.hasOwn(values, name)) {
      found.push(missing(name, read));
      continue;
    }
    arrays[name] = valueOf(values[name], `${where}: ${name}`);
    const problems = violations(arrays[name], read, bindings, name);
    if (problems.length > 0) found.push({ name, clause: read.spec.text, problems });
  }
  if (found.length > 0) throw contractError(where, found, bindings.all());
  return arrays;
}

async function checkStored(
  clauses: ReadClauses,
  values: Readonly<Record<string, ArrayStore | StoredArray>>,
  where: string,
): Promise<void> {
  refuseUnknown(clauses, values, where);
  const bindings = new Bindings();
  const found: Violation[] = [];
  for (const [name, read] of clauses) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      found.push(missing(name, read));
      continue;
    }
    const problems = await storedProblems(storedArray(value), read, bindings, name);
    if (problems.length > 0) found.push({ name, clause: read.spec.text, problems });
  }
  if (found.length > 0) throw contractError(where, found, bindings.all());
}

const readAll = (clauses: Clauses, where: string) =>
  new Map(Object.entries(clauses).map(([name, clause]) => [name, readClause(clause, `${where}: ${name}`)]));

type Result = Clause | readonly Clause[];
type DescribedResult<R> = R extends readonly unknown[] ? DescribedList<R> : Described<R>;

/** Parameters in the order in which the contract names them. */
type Parameters<I extends Clauses> = { [K in keyof I]: Described<I[K]> };

/**
 * Puts a function under contract: its arguments, by name, and what it returns (one array, or a list of them). Dimensions
 * that are bound by an argument hold for the others and for the result. The function takes one object of arrays.
 * @throws ContractError from the wrapped function, which is not called when its arguments are wrong; ArgumentError for
 * clauses that cannot be read.
 * @example
 * np.contract({ x: 'float64[n, d]', w: 'float64[d, k]' }, 'float64[n, k]')(({ x, w }) => np.matmul(x, w))({
 *   x: np.ones([2, 3]),
 *   w: np.ones([3, 4]),
 * }).shape // [2, 4]
 */
export function contract<const I extends Clauses, const R extends Result>(
  inputs: I,
  result: R,
): (
  fn: (values: Parameters<I>) => DescribedResult<R> | NDArray | readonly NDArray[],
) => (values: { readonly [K in keyof I]: unknown }) => DescribedResult<R> {
  const where = 'np.contract';
  const clauses = readAll(inputs, where);
  const list: readonly Clause[] = isList(result) ? result : [result];
  const results = list.map((clause, i) => readClause(clause, `${where}: result ${i}`));
  return (fn) => {
    const called = `contract of ${fn.name || 'the function'}`;
    return (values) => {
      const bindings = new Bindings();
      const given = fn(checkAll(clauses, values, bindings, called) as Parameters<I>); // checked
      const made: readonly unknown[] = Array.isArray(given) ? given : [given];
      const found: Violation[] = [];
      if (made.length !== results.length) {
        throw new ArgumentError(
          `${called}: it returned ${made.length} arrays, the contract has ${results.length}`,
          'return what the contract says',
          { returned: made.length, expected: results.length },
        );
      }
      results.forEach((read, i) => {
        const name = results.length === 1 ? 'the result' : `result ${i}`;
        const problems = violations(valueOf(made[i], `${called}: ${name}`), read, bindings, name);
        if (problems.length > 0) found.push({ name, clause: read.spec.text, problems });
      });
      if (found.length > 0) throw contractError(called, found, bindings.all());
      return given as DescribedResult<R>; // checked
    };
  };
}

const isList = (x: Result): x is readonly Clause[] => Array.isArray(x);

/**
 * A contract from JSON: `{ "version": 1, "arrays": { "x": "float64[n, d]", "w": { "array": "float64[d]", "nan": false } } }`.
 * @throws ArgumentError that says what cannot be read.
 * @example np.contractFrom({ version: 1, arrays: { x: 'float64[n]' } }).dims({ x: [1, 2, 3] }) // {"n":3}
 */
export function contractFrom(json: unknown): Contract {
  const where = 'np.contractFrom';
  const given = json as { readonly version?: unknown; readonly arrays?: unknown } | null; // looked at below
  const arrays = typeof given === 'object' && given !== null ? given.arrays : undefined;
  if (given?.version !== 1 || typeof arrays !== 'object' || arrays === null || Array.isArray(arrays)) {
    throw new ArgumentError(
      `${where}: not a contract of version 1`,
      'pass { version: 1, arrays: { name: clause } }, for example from JSON.parse of its file',
      { version: given?.version },
    );
  }
  const clauses = readAll(arrays as Clauses, where); // each is read, and refused where it is none
  const run = (values: Readonly<Record<string, unknown>>) => {
    const bindings = new Bindings();
    return { arrays: checkAll(clauses, values, bindings, 'contract'), bindings };
  };
  return {
    check: (values) => run(values).arrays,
    dims: (values) => run(values).bindings.all(),
    checkStored: (values) => checkStored(clauses, values, 'contract'),
  };
}

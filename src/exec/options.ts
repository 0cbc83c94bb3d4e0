// The options of public functions: each name has one meaning and one check everywhere. A misspelt name, a value of the
// wrong kind or something that is no options object is refused before anything is computed. What needs the operands
// (does `out` have the shape, does the axis exist) is checked where they are known; dtypes by asDType.

import { ArgumentError } from '../base/errors.ts';
import { isScalar } from '../dtype/scalars.ts';
import { ArrayBase, requireWriteable } from './array_base.ts';

/** What an option's value must be: a test, and the words for it. */
interface Row {
  readonly fits: (value: unknown) => boolean;
  readonly is: string;
}

const flag: Row = { fits: (v) => typeof v === 'boolean', is: 'true or false' };
const oneOf = (...names: readonly string[]): Row => ({
  fits: (v) => typeof v === 'string' && names.includes(v),
  is: names.map((n) => `'${n}'`).join(' or '),
});
const integer: Row = { fits: Number.isSafeInteger, is: 'an integer' };
const count: Row = { fits: (v) => Number.isSafeInteger(v) && Number(v) >= 0, is: 'an integer from 0' };
const number: Row = { fits: (v) => typeof v === 'number' && !Number.isNaN(v), is: 'a number' };
const anything: Row = { fits: () => true, is: '' }; // checked by whoever knows more

const rows = {
  UPLO: oneOf('L', 'U'),
  body: anything,
  dtypes: anything,
  fixed: anything,
  identity: { fits: (v) => typeof v === 'number' || typeof v === 'boolean', is: 'a number or boolean' },
  M: count,
  as: oneOf('number', 'bigint', 'auto'),
  axis: {
    fits: (v) => v === null || typeof v === 'number' || (Array.isArray(v) && v.every((a) => typeof a === 'number')),
    is: 'a number, a list of numbers or null',
  },
  base: number,
  bitorder: oneOf('big', 'little'),
  casting: oneOf('no', 'equiv', 'safe', 'same_kind', 'unsafe'),
  copy: flag,
  copyOrder: oneOf('C', 'F', 'K'),
  correction: number,
  count,
  ddof: number,
  descending: flag,
  device: { fits: (v) => v === null || v === 'cpu', is: "'cpu', the only device" },
  dtype: anything,
  edge_order: { fits: (v) => v === 1 || v === 2, is: '1 or 2' },
  endpoint: flag,
  flag,
  include_initial: flag,
  increasing: flag,
  indexing: oneOf('xy', 'ij'),
  initial: { fits: isScalar, is: 'a number, bigint, boolean or Complex' },
  integer,
  indexMode: oneOf('raise', 'wrap', 'clip'),
  k: integer,
  keepdims: flag,
  mapMode: oneOf('r', 'r+', 'w+', 'c'),
  mode: oneOf('full', 'same', 'valid'),
  name: { fits: (v) => typeof v === 'string', is: 'a string' },
  ndmin: { fits: (v) => Number.isSafeInteger(v) && Number(v) >= 0 && Number(v) <= 64, is: 'an integer from 0 to 64' },
  number,
  nin: count,
  num: anything,
  offset: count,
  order: oneOf('C', 'F'),
  out: { fits: (v) => v instanceof ArrayBase, is: 'an array' },
  outs: {
    fits: (v) =>
      v instanceof ArrayBase || (Array.isArray(v) && v.every((o) => o === undefined || o instanceof ArrayBase)),
    is: 'an array, or a list with one array or undefined per output',
  },
  reorderable: flag,
  resultOrder: oneOf('C', 'F', 'A', 'K'),
  retstep: flag,
  right: flag,
  shape: anything,
  tolerance: anything,
  selectKind: oneOf('introselect'),
  side: oneOf('left', 'right'),
  sortKind: oneOf('quicksort', 'mergesort', 'heapsort', 'stable'),
  sorter: anything,
  signature: anything,
  sparse: flag,
  stable: flag,
  topMode: oneOf('largest', 'smallest'),
  storeMode: oneOf('r', 'r+'),
  value: anything,
  where: anything,
} as const satisfies Record<string, Row>;

/** An option of some function. */
export type OptionName = keyof typeof rows;

const remedies: Partial<Record<OptionName, string>> = {
  out: 'allocate it with np.empty(shape, { dtype })',
  outs: 'allocate it with np.empty(shape, { dtype })',
};

/** The options a function takes: names, and for some the row they are checked by where that is another one. */
export class Options {
  readonly #known: ReadonlyMap<string, OptionName>;

  constructor(...known: readonly (OptionName | readonly [string, OptionName])[]) {
    this.#known = new Map(known.map((k) => (typeof k === 'string' ? [k, k] : k)));
  }

  /**
   * Refuses options that the function called `where` does not take; undefined ones do not count.
   * @throws ArgumentError for an unknown name or a value that does not fit; DisposedError for an `out` without bytes.
   */
  check(options: unknown, where: string): void {
    if (options === undefined) return;
    if (!isPlain(options)) throw notOptions(options, where, [...this.#known.keys()]);
    for (const name in options) {
      const value = (options as Record<string, unknown>)[name]; // a key of the object itself
      if (value === undefined) continue;
      const row = this.#known.get(name);
      if (row === undefined) throw unknownOption(name, where, [...this.#known.keys()]);
      if (!rows[row].fits(value)) throw unfit(name, row, value, where);
      if (row === 'out' || row === 'outs') usable(value, where);
    }
  }
}

function usable(out: unknown, where: string): void {
  for (const o of Array.isArray(out) ? out : [out]) if (o instanceof ArrayBase) requireWriteable(o, `${where} out`);
}

function isPlain(x: unknown): x is object {
  return (
    typeof x === 'object' && x !== null && !Array.isArray(x) && !ArrayBuffer.isView(x) && !(x instanceof ArrayBase)
  );
}

/** What was given, in a word or two. */
export function describe(x: unknown): string {
  if (x === null) return 'null';
  if (typeof x === 'string') return `'${x}'`;
  if (typeof x === 'function') return 'a function';
  if (typeof x !== 'object') return typeof x === 'bigint' ? `${x}n` : String(x);
  if (x instanceof ArrayBase) return `an array of ${x.dtype.name}`;
  return Array.isArray(x) ? `[${x.map(describe).join(', ')}]`.slice(0, 40) : (x.constructor?.name ?? 'an object');
}

function notOptions(given: unknown, where: string, known: readonly string[]): ArgumentError {
  return new ArgumentError(
    `${where}: ${describe(given)} is not an options object`,
    known.length === 0 ? 'leave it out' : `name what you mean: { ${known.join(', ')} }, all of them optional`,
    { where, known },
  );
}

function unknownOption(name: string, where: string, known: readonly string[]): ArgumentError {
  const near = known.find((k) => distance(k.toLowerCase(), name.toLowerCase()) <= 2);
  return new ArgumentError(
    `${where}: there is no option '${name}'`,
    `${near === undefined ? '' : `did you mean '${near}'? `}the options are ${known.join(', ')}`,
    { where, option: name, known },
  );
}

function unfit(name: string, row: OptionName, value: unknown, where: string): ArgumentError {
  return new ArgumentError(
    `${where}: ${name} is ${describe(value)}`,
    remedies[row] ?? `${name} must be ${rows[row].is}`,
    { where, option: name, value: describe(value) },
  );
}

// Edits between two short words (Wagner and Fischer, 1974).
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}

/** An integer argument. */
export function checkInteger(x: unknown, name: string, where: string, least = Number.MIN_SAFE_INTEGER): void {
  if (Number.isSafeInteger(x) && Number(x) >= least) return;
  throw new ArgumentError(
    `${where}: ${name} is ${describe(x)}`,
    `${name} must be an integer${least > Number.MIN_SAFE_INTEGER ? ` from ${least}` : ''}`,
    { where, [name]: describe(x) },
  );
}

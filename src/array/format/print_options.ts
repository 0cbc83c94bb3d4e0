// How arrays print: the options, their checks, and the scopes in which they hold. The names are NumPy's.
// The state is one cell per scope: set_printoptions changes the innermost one, leaving a scope forgets its cell.
import { ContextVariable } from '../../base/context.ts';
import { ArgumentError } from '../../base/errors.ts';
import type { Scalar } from '../../dtype/scalars.ts';

const floatModes = ['fixed', 'unique', 'maxprec', 'maxprec_equal'] as const;
/** Digits of floats: exactly, or at most, `precision`; each shortest; or all as many as the longest one needs. */
export type FloatMode = (typeof floatModes)[number];

const signs = ['-', '+', ' '] as const;
/** Sign of positive numbers: none, '+', or a space. */
export type Sign = (typeof signs)[number];

const formatterKeys = [
  'all',
  'int_kind',
  'float_kind',
  'complex_kind',
  'bool',
  'int',
  'float',
  'complexfloat',
] as const;
/** One element as text, instead of the built-in way; later keys in the list win. 64-bit integers come as bigints. */
export type Formatter = { readonly [K in (typeof formatterKeys)[number]]?: (x: Scalar) => string };

/** All printing options; the defaults are NumPy's. */
export interface PrintOptions {
  /** Digits after the point. */
  readonly precision: number;
  /** Arrays of more elements are shortened to their edges. */
  readonly threshold: number;
  /** Elements shown at either end of a shortened axis. */
  readonly edgeitems: number;
  /** Characters per line. */
  readonly linewidth: number;
  /** Never use scientific notation for small numbers. */
  readonly suppress: boolean;
  readonly nanstr: string;
  readonly infstr: string;
  readonly sign: Sign;
  readonly floatmode: FloatMode;
  readonly formatter: Formatter | null;
}

const defaults: PrintOptions = Object.freeze({
  precision: 8,
  threshold: 1000,
  edgeitems: 3,
  linewidth: 75,
  suppress: false,
  nanstr: 'nan',
  infstr: 'inf',
  sign: '-',
  floatmode: 'maxprec',
  formatter: null,
});

const count = (least: number) => ({
  accepts: `a whole number from ${least}`,
  is: (x: unknown) => typeof x === 'number' && Number.isInteger(x) && x >= least && x <= 5000,
});
const text = { accepts: 'a string', is: (x: unknown) => typeof x === 'string' };
const oneOf = (words: readonly string[]) => ({
  accepts: words.map((word) => `'${word}'`).join(', '),
  is: (x: unknown) => typeof x === 'string' && words.includes(x),
});

const checks = {
  precision: count(0),
  threshold: { accepts: 'a number, Infinity for never', is: (x: unknown) => typeof x === 'number' && x === x },
  edgeitems: count(0),
  linewidth: { accepts: 'a number of characters', is: (x: unknown) => typeof x === 'number' && x === x },
  suppress: { accepts: 'true or false', is: (x: unknown) => typeof x === 'boolean' },
  nanstr: text,
  infstr: text,
  sign: oneOf(signs),
  floatmode: oneOf(floatModes),
  formatter: {
    accepts: `an object of functions with keys ${formatterKeys.join(', ')}`,
    is: (x: unknown) =>
      typeof x === 'object' &&
      x !== null &&
      Object.entries(x).every(([key, fn]) => typeof fn === 'function' && oneOf(formatterKeys).is(key)),
  },
} as const satisfies Record<keyof PrintOptions, { accepts: string; is: (x: unknown) => boolean }>;

/** `base` with `changes` over it; undefined and null leave an option as it is. ArgumentError for anything invalid. */
export function changedOptions(base: PrintOptions, changes: Partial<PrintOptions>, where: string): PrintOptions {
  if (typeof changes !== 'object' || changes === null) {
    throw new ArgumentError(`${where}: ${String(changes)} is not an options object`, 'pass { precision: 3 }', {});
  }
  const made: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(checks, name)) {
      throw new ArgumentError(
        `${where}: no printing option '${name}'`,
        `use one of ${Object.keys(checks).join(', ')}`,
        {
          option: name,
        },
      );
    }
    if (value === undefined || value === null) continue;
    const check = checks[name as keyof PrintOptions]; // hasOwn has just said so
    if (!check.is(value)) {
      throw new ArgumentError(`${where}: ${name} cannot be ${String(value)}`, `pass ${check.accepts}`, {
        option: name,
        value,
      });
    }
    made[name] = value;
  }
  return made as unknown as PrintOptions; // every key came from base or passed its check
}

interface Cell {
  options: PrintOptions;
}
const cells = new ContextVariable<Cell>('printoptions', { options: defaults });

/** The printing options in force. */
export function get_printoptions(): PrintOptions {
  return cells.get().options;
}

/**
 * Changes printing options, for the scope of the innermost `printoptions` or, outside of one, for the process.
 * @throws ArgumentError for an unknown option or an invalid value; nothing is changed then.
 * @example set_printoptions({ precision: 3, suppress: true })
 */
export function set_printoptions(changes: Partial<PrintOptions>): void {
  const cell = cells.get();
  cell.options = changedOptions(cell.options, changes, 'set_printoptions');
}

/**
 * Printing options for a block (`using _ = printoptions({ precision: 3 })`) or for a callback and what it starts.
 * @throws ArgumentError as set_printoptions.
 * @example printoptions({ precision: 3 }, () => String(a))
 */
export function printoptions(changes: Partial<PrintOptions>): Disposable;
export function printoptions<R>(changes: Partial<PrintOptions>, fn: () => R): R;
export function printoptions<R>(changes: Partial<PrintOptions>, fn?: () => R): R | Disposable {
  const cell: Cell = { options: changedOptions(get_printoptions(), changes, 'printoptions') };
  return fn === undefined ? cells.enter(cell) : cells.run(cell, fn);
}

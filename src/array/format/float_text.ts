// One float as text, positional or scientific: sign, point, trimmed zeros, padding. The digits come from decimal.ts.
// Rules and names as NumPy's format_float_positional and format_float_scientific, found by experiment.

import { ArgumentError } from '../../base/errors.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../../dtype/dtype.ts';
import { requireNumber } from '../../exec/arguments.ts';
import { type Decimal, type DigitRules, decimalOf } from './decimal.ts';

/** 'k' keeps trailing zeros, '.' trims them, '0' trims all but one, '-' trims the point as well. */
export type Trim = 'k' | '.' | '0' | '-';

/** What both notations share. */
export interface FloatTextOptions {
  /** The float dtype the value has: decides what "shortest" means. Default float64. */
  dtype?: DTypeLike;
  /** Most digits after the point (positional, `fractional: false`: most digits in all). */
  precision?: number | null;
  /** Shortest digits that identify the value, cut at `precision`; otherwise the exact value rounded there. */
  unique?: boolean;
  trim?: Trim;
  /** Write '+' before positive values. */
  sign?: boolean;
  /** Pad with spaces until so many characters, the sign among them, stand left of the point. */
  pad_left?: number | null;
  /** Least digits after the point, past the unique ones when need be. */
  min_digits?: number | null;
}

export interface PositionalOptions extends FloatTextOptions {
  /** `precision` and `min_digits` count digits after the point; false: significant digits. */
  fractional?: boolean;
  /** Pad with spaces until so many characters stand right of the point. */
  pad_right?: number | null;
}

export interface ScientificOptions extends FloatTextOptions {
  /** Least digits of the exponent, 2 by default, 5 at most. */
  exp_digits?: number | null;
}

/** Checked options: what the printing of arrays builds directly. */
export interface Layout extends DigitRules {
  readonly trim: Trim;
  readonly sign: boolean;
  readonly padLeft: number;
  /** Undefined differs from 0: padding makes room for a trimmed point. */
  readonly padRight: number | undefined;
  readonly expDigits: number;
}

/**
 * The value in positional notation.
 * @throws ArgumentError for a negative precision, `min_digits` above `precision`, or an unknown trim.
 * @example format_float_positional(Math.PI, { precision: 3 }) // '3.142'
 */
export function format_float_positional(x: number, options: PositionalOptions = {}): string {
  requireNumber(x, 'x', 'format_float_positional');
  const { fractional = true } = options;
  const where = 'format_float_positional';
  if (!fractional && options.precision === 0) {
    throw new ArgumentError(`${where}: precision 0 leaves no significant digit`, 'pass a precision of 1 or more', {});
  }
  const d = floatDType(options.dtype, where);
  return specialText(x, options.sign ?? false) ?? positional(x, d, layout(options, fractional, where));
}

/**
 * The value in scientific notation.
 * @throws ArgumentError as format_float_positional.
 * @example format_float_scientific(1234.5, { precision: 2, exp_digits: 3 }) // '1.23e+003'
 */
export function format_float_scientific(x: number, options: ScientificOptions = {}): string {
  requireNumber(x, 'x', 'format_float_scientific');
  const where = 'format_float_scientific';
  const d = floatDType(options.dtype, where);
  return specialText(x, options.sign ?? false) ?? scientific(x, d, layout(options, true, where));
}

function floatDType(dtype: DTypeLike | undefined, where: string): DType {
  const d = dtype === undefined ? dtypes.float64 : asDType(dtype);
  if (d.kind === 'f') return d;
  throw new ArgumentError(`${where}: ${d.name} is not a float dtype`, 'pass float16, float32 or float64', { dtype: d });
}

function layout(options: PositionalOptions & ScientificOptions, fractional: boolean, where: string): Layout {
  const count = (name: keyof typeof options): number | undefined => {
    const n = options[name];
    if (n === undefined || n === null) return undefined;
    if (typeof n === 'number' && Number.isInteger(n) && n >= 0 && n <= 5000) return n;
    throw new ArgumentError(`${where}: ${name} is ${n}`, `pass ${name} as a whole number from 0 to 5000`, {
      [name]: n,
    });
  };
  const { unique = true, trim = 'k', sign = false } = options;
  const max = count('precision');
  const min = count('min_digits');
  if (!['k', '.', '0', '-'].includes(trim)) {
    throw new ArgumentError(`${where}: trim '${trim}' is unknown`, `pass trim as 'k', '.', '0' or '-'`, { trim });
  }
  if (max !== undefined && min !== undefined && min > max) {
    throw new ArgumentError(`${where}: min_digits ${min} is above precision ${max}`, 'raise precision to min_digits', {
      precision: max,
      min_digits: min,
    });
  }
  if (max === undefined && !unique) {
    throw new ArgumentError(`${where}: unique: false needs a precision`, 'pass precision, or leave unique true', {});
  }
  return {
    unique,
    count: fractional ? 'fraction' : 'total',
    max,
    min,
    trim,
    sign,
    padLeft: count('pad_left') ?? 0,
    padRight: count('pad_right'),
    expDigits: count('exp_digits') ?? 2,
  };
}

/** 'nan' and 'inf' take a sign but no padding. */
export function specialText(x: number, sign: boolean): string | undefined {
  if (x !== x) return 'nan';
  if (Math.abs(x) === Number.POSITIVE_INFINITY) return x < 0 ? '-inf' : sign ? '+inf' : 'inf';
  return undefined;
}

const ZERO: Decimal = { digits: '0', exponent: 0 };

function signOf(x: number, plus: boolean): string {
  return x < 0 || Object.is(x, -0) ? '-' : plus ? '+' : '';
}

/** Zeros behind the fraction up to what was asked for, or fewer, as `trim` has it. */
function trimmed(fraction: string, wanted: number, trim: Trim): string {
  if (trim === 'k') return `.${fraction.padEnd(wanted, '0')}`;
  const short = fraction.replace(/0+$/, '');
  if (short !== '') return `.${short}`;
  return trim === '.' ? '.' : trim === '0' ? '.0' : '';
}

/** A finite value, with options already checked. */
export function positional(x: number, d: DType, it: Layout): string {
  const a = Math.abs(x);
  const { digits, exponent } = a === 0 ? ZERO : decimalOf(a, d, it);
  const whole = exponent < 0 ? '0' : digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = exponent < 0 ? '0'.repeat(-exponent - 1) + digits : digits.slice(exponent + 1);
  const counted = (it.unique ? it.min : it.max) ?? 0;
  const body = trimmed(fraction, it.count === 'fraction' ? counted : counted - whole.length, it.trim);
  const left = (signOf(x, it.sign) + whole).padStart(it.padLeft);
  return left + (it.padRight === undefined ? body : body.padEnd(it.padRight + 1));
}

/** A finite value, with options already checked; `max` and `min` count the fraction's digits. */
export function scientific(x: number, d: DType, it: Layout): string {
  const a = Math.abs(x);
  const max = it.max === undefined ? undefined : it.max + 1;
  const rules: DigitRules = {
    unique: it.unique,
    count: 'total',
    max,
    min: it.min === undefined ? undefined : it.min + 1,
  };
  const { digits, exponent } = a === 0 ? ZERO : decimalOf(a, d, rules);
  const fraction = digits.slice(1);
  // With '-' the point goes only when there were no digits behind it to trim.
  const trim = it.trim === '-' && fraction !== '' ? '.' : it.trim;
  const body = trimmed(fraction, (it.unique ? it.min : it.max) ?? 0, trim);
  const places = String(Math.abs(exponent)).padStart(Math.min(it.expDigits, 5), '0');
  const left = (signOf(x, it.sign) + digits[0]).padStart(it.padLeft);
  return `${left}${body}e${exponent < 0 ? '-' : '+'}${places}`;
}

// printf-style formats, as Python's % writes them: %d %i %u %e %f %g %s %x %o with flags, width and precision. Digits are
// exact and ties go to even; what has no meaning for a value is refused.
import { decimalOf } from '../array/format/decimal.ts';
import { scalarText } from '../array/format/repr.ts';
import { ArgumentError } from '../base/errors.ts';
import { Complex } from '../dtype/complex.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';

interface Conversion {
  readonly type: string;
  readonly left: boolean;
  readonly zero: boolean;
  readonly plus: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly precision: number | undefined;
  readonly text: string;
}

/** Literal text and conversions in turn. */
export interface Format {
  readonly source: string;
  readonly parts: readonly (string | Conversion)[];
  /** How many values it takes. */
  readonly count: number;
}

const PATTERN = /%([-+ #0]*)(\d*)(?:\.(\d*))?([a-zA-Z%])/y;
const TYPES = 'diueEfFgGsxXo';

/** Reads a format. ArgumentError for a conversion there is not. */
export function parseFormat(source: string, where: string): Format {
  const parts: (string | Conversion)[] = [];
  let at = 0;
  let count = 0;
  while (at < source.length) {
    const next = source.indexOf('%', at);
    if (next !== at) {
      parts.push(source.slice(at, next < 0 ? source.length : next));
      if (next < 0) break;
    }
    PATTERN.lastIndex = next;
    const [text, flags = '', width = '', precision, type = ''] = PATTERN.exec(source) ?? [''];
    if (text === '%%') parts.push('%');
    else if (text === '' || !TYPES.includes(type) || Number(width) > 10000 || Number(precision ?? 0) > 1000) {
      throw new ArgumentError(
        `${where}: '${source.slice(next, next + 12)}' is no conversion, in '${source}'`,
        `use ${[...TYPES].map((t) => `%${t}`).join(' ')} with width and precision ('%10.3f'), and %% for a percent sign`,
        { format: source, at: next },
      );
    } else {
      count++;
      parts.push({
        type,
        left: flags.includes('-'),
        zero: flags.includes('0'),
        plus: flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '',
        alternate: flags.includes('#'),
        width: Number(width),
        precision: precision === undefined ? undefined : Number(precision),
        text,
      });
    }
    at = next + Math.max(text.length, 1);
  }
  return { source, parts, count };
}

/** The format with `values` in it, elements of dtype `d`, from `first` on. */
export function formatted(
  { parts }: Format,
  values: readonly Scalar[],
  first: number,
  d: DType,
  where: string,
): string {
  let text = '';
  let i = first;
  for (const part of parts) text += typeof part === 'string' ? part : convert(part, values[i++], d, where);
  return text;
}

function convert(it: Conversion, x: Scalar, d: DType, where: string): string {
  if (it.type === 's') {
    const text = scalarText(x, d);
    return padded(it.precision === undefined ? text : text.slice(0, it.precision), it);
  }
  if (x instanceof Complex) {
    throw new ArgumentError(
      `${where}: '${it.text}' cannot write the complex number ${x}`,
      "use '%s', or write re and im",
      {
        format: it.text,
      },
    );
  }
  if ('xXo'.includes(it.type) || 'diu'.includes(it.type)) return integer(it, x, d, where);
  const value = Number(x);
  const body = Number.isFinite(value) ? floating(it, Math.abs(value)) : value !== value ? 'nan' : 'inf';
  return signed(it.type < 'a' ? body.toUpperCase() : body, value < 0 || Object.is(value, -0), it);
}

function signed(body: string, negative: boolean, it: Conversion, prefix = ''): string {
  const sign = (negative ? '-' : it.plus) + prefix;
  if (it.zero && !it.left) return sign + body.padStart(it.width - sign.length, '0');
  return padded(sign + body, it);
}

const padded = (text: string, { left, width }: Conversion): string =>
  left ? text.padEnd(width) : text.padStart(width);

function integer(it: Conversion, x: number | bigint | boolean, d: DType, where: string): string {
  const decimal = 'diu'.includes(it.type);
  const value = typeof x === 'bigint' ? x : Number(x);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ArgumentError(
      `${where}: '${it.text}' cannot write ${value}`,
      "use '%g', or replace NaN and infinities first",
      {
        format: it.text,
        value,
      },
    );
  }
  if (!decimal && (d.kind === 'f' || d.kind === 'b')) {
    throw new ArgumentError(
      `${where}: '${it.text}' cannot write ${d.name}`,
      "use '%d', or convert with astype('int64')",
      {
        format: it.text,
        dtype: d.name,
      },
    );
  }
  const whole = typeof value === 'bigint' ? value : BigInt(Math.trunc(value));
  const base = decimal ? 10 : it.type === 'o' ? 8 : 16;
  const digits = (whole < 0n ? -whole : whole).toString(base).padStart(it.precision ?? 0, '0');
  const prefix = it.alternate && !decimal ? `0${it.type.toLowerCase()}` : '';
  const upper = (text: string) => (it.type === 'X' ? text.toUpperCase() : text);
  return signed(upper(digits), whole < 0n, it, upper(prefix));
}

function floating(it: Conversion, x: number): string {
  const precision = it.precision ?? 6;
  switch (it.type.toLowerCase()) {
    case 'f':
      return fixed(x, precision) + (it.alternate && precision === 0 ? '.' : '');
    case 'e':
      return exponential(x, precision, it.alternate);
    default:
      return general(x, precision === 0 ? 1 : precision, it.alternate);
  }
}

/** Exact digits after the point, ties to even, which toFixed rounds up. */
function fixed(x: number, places: number): string {
  const shifted = x * 2 ** (places + 1); // odd when the value has one binary place too many: exactly then it is a tie
  const tie = places < 60 && Number.isInteger(shifted) && shifted % 2 === 1;
  if (!tie && x < 1e21 && places <= 100) return x.toFixed(places);
  if (x === 0) return (0).toFixed(Math.min(places, 100)).padEnd(places + 2, '0');
  const rules = { unique: false, count: 'fraction', max: places, min: undefined } as const;
  const { digits, exponent } = decimalOf(x, dtypes.float64, rules);
  const whole = exponent < 0 ? '0' : digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = exponent < 0 ? '0'.repeat(-exponent - 1) + digits : digits.slice(exponent + 1);
  return places === 0 ? whole : `${whole}.${fraction.padEnd(places, '0')}`;
}

/** Digits and exponent of a value rounded to `n` digits, ties to even. */
function rounded(x: number, n: number): { digits: string; exponent: number } {
  if (x === 0) return { digits: '0'.repeat(n), exponent: 0 };
  if (n <= 99) {
    // toExponential is exact but rounds ties up; one digit more decides all but a 5, which may be a tie or rounded to.
    const more = x.toExponential(n);
    const e = more.indexOf('e');
    const next = more.charCodeAt(e - 1) - 48;
    const last = more.charCodeAt(n === 1 ? 0 : n) - 48;
    if (next !== 5 && (next < 5 || last < 9)) {
      const kept = n === 1 ? '' : more[0] + more.slice(2, n);
      return { digits: kept + (next < 5 ? last : last + 1), exponent: Number(more.slice(e + 1)) };
    }
  }
  const { digits, exponent } = decimalOf(x, dtypes.float64, { unique: false, count: 'total', max: n, min: undefined });
  return { digits: digits.padEnd(n, '0'), exponent };
}

function exponential(x: number, places: number, alternate: boolean): string {
  const { digits, exponent } = rounded(x, places + 1);
  const point = places > 0 || alternate ? '.' : '';
  return `${digits[0]}${point}${digits.slice(1)}${exponentText(exponent)}`;
}

const exponentText = (e: number): string => `e${e < 0 ? '-' : '+'}${String(Math.abs(e)).padStart(2, '0')}`;

function general(x: number, n: number, alternate: boolean): string {
  const { digits, exponent } = rounded(x, n);
  const kept = alternate ? digits : digits.replace(/0+$/, '').padEnd(1, '0');
  if (exponent < -4 || exponent >= n) {
    const point = kept.length > 1 || alternate ? '.' : '';
    return `${kept[0]}${point}${kept.slice(1)}${exponentText(exponent)}`;
  }
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${kept}`;
  const fraction = kept.slice(exponent + 1);
  return kept.slice(0, exponent + 1).padEnd(exponent + 1, '0') + (fraction !== '' || alternate ? `.${fraction}` : '');
}

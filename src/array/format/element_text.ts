// One element as text, aligned with its neighbours: a formatter is made from all elements that will be shown, so that
// they share width, digits and notation. Not for lone scalars (scalar_text.ts) nor for lines and brackets
// (array2string.ts). The rules are NumPy's, found by experiment.
import { Complex } from '../../dtype/complex.ts';
import { type DType, dtypes } from '../../dtype/dtype.ts';
import { roundToHalf } from '../../dtype/half.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { type Layout, positional, scientific } from './float_text.ts';
import type { PrintOptions, Sign } from './print_options.ts';

export type ElementText = (x: Scalar) => string;

/** A formatter for elements of dtype `d`; `shown` are those that will be printed, `lone` says the array is 0-d. */
export function elementText(shown: readonly Scalar[], d: DType, options: PrintOptions, lone: boolean): ElementText {
  return customText(d, options) ?? builtInText(shown, d, options, lone);
}

function customText(d: DType, { formatter }: PrintOptions): ElementText | undefined {
  if (formatter === null) return undefined;
  switch (d.kind) {
    case 'b':
      return formatter.bool ?? formatter.all;
    case 'f':
      return formatter.float ?? formatter.float_kind ?? formatter.all;
    case 'c':
      return formatter.complexfloat ?? formatter.complex_kind ?? formatter.all;
    default:
      return formatter.int ?? formatter.int_kind ?? formatter.all;
  }
}

function builtInText(shown: readonly Scalar[], d: DType, options: PrintOptions, lone: boolean): ElementText {
  switch (d.kind) {
    case 'b':
      return (x) => (x ? (lone ? 'True' : ' True') : 'False');
    case 'f': {
      const text = floatText(shown as readonly number[], d, options, options.sign); // floats are read as numbers
      return (x) => text(x as number);
    }
    case 'c':
      return complexText(shown as readonly Complex[], d, options); // and complex elements as Complex
    default:
      return integerText(shown, options.sign);
  }
}

const isNegative = (x: Scalar): boolean => (typeof x === 'number' || typeof x === 'bigint') && x < 0;

function integerText(shown: readonly Scalar[], sign: Sign): ElementText {
  const plus = sign === '-' || (sign === ' ' && shown.some(isNegative)) ? '' : sign;
  const signed = (x: Scalar) => (isNegative(x) ? String(x) : plus + String(x));
  let width = 0;
  for (const x of shown) width = Math.max(width, signed(x).length);
  return (x) => signed(x).padStart(width);
}

function complexText(shown: readonly Complex[], d: DType, options: PrintOptions): ElementText {
  const part = d === dtypes.complex64 ? dtypes.float32 : dtypes.float64;
  const re = floatText(shown.map(realPart), part, options, options.sign);
  const im = floatText(shown.map(imaginaryPart), part, options, '+');
  return (x) => {
    if (!(x instanceof Complex)) return String(x);
    const text = im(x.im);
    const end = text.trimEnd().length;
    return `${re(x.re)}${text.slice(0, end)}j${text.slice(end)}`;
  };
}

const realPart = (x: Complex): number => x.re;
const imaginaryPart = (x: Complex): number => x.im;

/** The largest values printed without exponent: 10^8, but no more than the digits a dtype has. */
const largest = (d: DType): number => (d.half ? 1e3 : d === dtypes.float32 ? 1e6 : 1e8);

function roundedIn(x: number, d: DType): number {
  return d.half ? roundToHalf(x) : d === dtypes.float32 ? Math.fround(x) : x;
}

function needsExponent(finite: readonly number[], d: DType, suppress: boolean): boolean {
  let max = 0;
  let min = Number.POSITIVE_INFINITY;
  for (const x of finite) {
    const a = Math.abs(x);
    if (a === 0) continue;
    if (a > max) max = a;
    if (a < min) min = a;
  }
  if (max === 0) return false;
  if (max >= largest(d)) return true;
  // Compared and divided as the dtype itself would: 0.0001 in float32 is not below 0.0001 rounded to float32.
  return !suppress && (min < roundedIn(1e-4, d) || roundedIn(max / min, d) > 1000);
}

function floatText(shown: readonly number[], d: DType, options: PrintOptions, sign: Sign): (x: number) => string {
  const finite = shown.filter(Number.isFinite);
  const exponent = needsExponent(finite, d, options.suppress);
  const layout = exponent ? scientificLayout(finite, d, options, sign) : positionalLayout(finite, d, options, sign);
  const padLeft = leftWidth(layout.padLeft, layout.padRight ?? 0, shown, finite, options, sign);
  const width = padLeft + (layout.padRight ?? 0) + 1;
  const final: Layout = { ...layout, padLeft };
  return (x) => {
    if (!Number.isFinite(x)) return nonFinite(x, options, sign).padStart(width);
    return exponent ? scientific(x, d, final) : positional(x, d, final);
  };
}

function nonFinite(x: number, { nanstr, infstr }: PrintOptions, sign: Sign): string {
  const plus = sign === '+' ? '+' : '';
  return x !== x ? plus + nanstr : (x < 0 ? '-' : plus) + infstr;
}

/** First pass: print everything unpadded, to learn how wide each side of the point gets. */
function draft(options: PrintOptions, sign: Sign): Layout {
  const fixed = options.floatmode === 'fixed';
  return {
    unique: !fixed,
    count: 'fraction',
    max: options.floatmode === 'unique' ? undefined : options.precision,
    min: undefined,
    trim: fixed ? 'k' : '.',
    sign: sign === '+',
    padLeft: 0,
    padRight: undefined,
    expDigits: 2,
  };
}

function scientificLayout(finite: readonly number[], d: DType, options: PrintOptions, sign: Sign): Layout {
  const first = draft(options, sign);
  let padLeft = 0;
  let fraction = 0;
  let expDigits = 0;
  for (const x of finite) {
    const text = scientific(x, d, first);
    const point = text.indexOf('.');
    const e = text.indexOf('e');
    padLeft = Math.max(padLeft, point);
    fraction = Math.max(fraction, e - point - 1);
    expDigits = Math.max(expDigits, text.length - e - 2);
  }
  return {
    ...first,
    max: fraction,
    min: fraction,
    trim: 'k',
    padLeft,
    padRight: expDigits + 2 + fraction,
    expDigits,
  };
}

function positionalLayout(finite: readonly number[], d: DType, options: PrintOptions, sign: Sign): Layout {
  const first = draft(options, sign);
  let padLeft = 0;
  let padRight = 0;
  for (const x of finite) {
    const text = positional(x, d, first);
    const point = text.indexOf('.');
    padLeft = Math.max(padLeft, point);
    padRight = Math.max(padRight, text.length - point - 1);
  }
  const equal = finite.length > 0 && (options.floatmode === 'fixed' || options.floatmode === 'maxprec_equal');
  return {
    ...first,
    max: equal ? padRight : first.max,
    min: equal ? padRight : 0,
    trim: equal ? 'k' : '.',
    padLeft,
    padRight,
  };
}

/** Room left of the point for a leading space and for nan and inf, which use the digits' room too. */
function leftWidth(
  padLeft: number,
  padRight: number,
  shown: readonly number[],
  finite: readonly number[],
  { nanstr, infstr }: PrintOptions,
  sign: Sign,
): number {
  let width = padLeft;
  const negative = (x: number) => x < 0 || Object.is(x, -0);
  if (sign === ' ' && !finite.some(negative)) width++;
  if (finite.length === shown.length) return width;
  const signed = sign !== '-' || shown.includes(Number.NEGATIVE_INFINITY) ? 1 : 0;
  return Math.max(width, nanstr.length - padRight - 1, infstr.length + signed - padRight - 1);
}

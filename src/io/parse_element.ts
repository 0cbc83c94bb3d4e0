// Text to elements, one field at a time and straight into a typed view, without making strings on the way: up to 15
// digits and small powers of ten are put together exactly (Clinger 1990), the rest goes to the engine's own parser.
import { type DType, dtypes, type TypedArray } from '../dtype/dtype.ts';
import { numberToHalf } from '../dtype/half.ts';
import { integerLimits } from '../dtype/limits.ts';

/** Writes the field `text[start, end)` as element `i`; false when it is none of this dtype. */
export type ElementParser = (view: TypedArray, i: number, text: string, start: number, end: number) => boolean;

export const isBlank = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || (code >= 28 && code <= 31) || code === 0x85 || code === 0xa0;

const powers = Float64Array.from({ length: 23 }, (_, i) => 10 ** i);

/** A number in text, with a flag instead of an exception: fields that are none are common in some files. */
class NumberParser {
  /** Whether the last field was a number. */
  ok = false;

  float(text: string, from: number, to: number): number {
    let start = from;
    let end = to;
    while (start < end && isBlank(text.charCodeAt(start))) start++;
    while (start < end && isBlank(text.charCodeAt(end - 1))) end--;
    this.ok = true;
    let i = start;
    let c = text.charCodeAt(i);
    const negative = c === 45;
    if (negative || c === 43) c = text.charCodeAt(++i);
    if (i < end && (c | 32) > 96) return this.word(text.slice(i, end), negative);
    let mantissa = 0;
    let digits = 0; // significant ones
    let seen = 0;
    let exponent = 0;
    for (; i < end; i++) {
      c = text.charCodeAt(i) - 48;
      if (c < 0 || c > 9) break;
      seen++;
      if (digits > 0 || c > 0) digits++;
      if (digits <= 15) mantissa = mantissa * 10 + c;
    }
    if (i < end && text.charCodeAt(i) === 46) {
      for (i++; i < end; i++) {
        c = text.charCodeAt(i) - 48;
        if (c < 0 || c > 9) break;
        seen++;
        if (digits > 0 || c > 0) digits++;
        if (digits <= 15) {
          mantissa = mantissa * 10 + c;
          exponent--;
        }
      }
    }
    if (seen === 0) return this.none();
    if (i < end) {
      if ((text.charCodeAt(i) | 32) !== 101) return this.none();
      c = text.charCodeAt(++i);
      const down = c === 45;
      if (down || c === 43) i++;
      if (i >= end) return this.none();
      let power = 0;
      for (; i < end; i++) {
        c = text.charCodeAt(i) - 48;
        if (c < 0 || c > 9) return this.none();
        if (power < 10000) power = power * 10 + c;
      }
      exponent += down ? -power : power;
    }
    if (digits > 15 || exponent < -22 || exponent > 22) return Number(text.slice(start, end));
    const value = exponent < 0 ? mantissa / powers[-exponent] : mantissa * powers[exponent];
    return negative ? -value : value;
  }

  private word(text: string, negative: boolean): number {
    const word = text.toLowerCase();
    if (word === 'nan') return Number.NaN;
    if (word === 'inf' || word === 'infinity') return negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return this.none();
  }

  private none(): number {
    this.ok = false;
    return 0;
  }
}

const numbers = new NumberParser();
const INTEGER = /^[+-]?\d+$/;

/** The integer, or undefined; exact at any length. */
function integer(text: string, start: number, end: number): number | bigint | undefined {
  const field = text.slice(start, end).trim();
  if (!INTEGER.test(field)) return undefined;
  return field.length <= 15 ? Number(field) : BigInt(field);
}

const floatParser =
  (store: (x: number) => number): ElementParser =>
  (view, i, text, start, end) => {
    view[i] = store(numbers.float(text, start, end));
    return numbers.ok;
  };
const same = (x: number): number => x;

function integerParser(d: DType): ElementParser {
  const { min, max, bits } = integerLimits(d);
  return (view, i, text, start, end) => {
    const x = integer(text, start, end);
    if (x === undefined || x < min || x > max) return false;
    view[i] = (bits === 64 ? BigInt(x) : Number(x)) as never; // the lane of the dtype
    return true;
  };
}

const boolParser: ElementParser = (view, i, text, start, end) => {
  const x = integer(text, start, end);
  if (x === undefined) return false;
  view[i] = Number(BigInt(x) !== 0n) as never;
  return true;
};

const PART = '[+-]?(?:\\d+\\.?\\d*(?:[eE][+-]?\\d+)?|\\.\\d+(?:[eE][+-]?\\d+)?|nan|inf(?:inity)?)';
const COMPLEX = new RegExp(`^(${PART})?(?:(${PART}|[+-])?([jJ]))?$`, 'i');

/** `loose` takes Python's forms too: 'j', '-j', '1+j'. */
const complexParser =
  (loose: boolean): ElementParser =>
  (view, i, text, start, end) => {
    let field = text.slice(start, end).trim();
    if (field.startsWith('(') && field.endsWith(')')) field = field.slice(1, -1).trim();
    if (field === '') return false;
    // A lone imaginary part matches as the real part of the pattern, with nothing before the j.
    const match = COMPLEX.exec(field);
    if (match === null) return false;
    let [, re = '', im = ''] = match;
    const j = match[3] !== undefined;
    if (j && im === '') [re, im] = ['', re];
    // Two parts need a sign between them.
    if (re !== '' && im !== '' && !/^[+-]/.test(im)) return false;
    const unit = im === '' || im === '+' || im === '-';
    if (j && unit && !loose) return false;
    view[2 * i] = re === '' ? 0 : numbers.float(re, 0, re.length);
    view[2 * i + 1] = !j ? 0 : unit ? (im === '-' ? -1 : 1) : numbers.float(im, 0, im.length);
    return true;
  };

const wordParser: ElementParser = (view, i, text, start, end) => {
  const word = text.slice(start, end).trim().toLowerCase();
  view[i] = (word === 'true' ? 1 : 0) as never;
  return word === 'true' || word === 'false';
};

/** The parser of a dtype. With `words`, bools are True and False instead of integers, and complex takes 'j' alone. */
export function elementParser(d: DType, words: boolean): ElementParser {
  switch (d.kind) {
    case 'b':
      return words ? wordParser : boolParser;
    case 'c':
      return complexParser(words);
    case 'f':
      return d === dtypes.float16 ? floatParser(numberToHalf) : floatParser(same); // a float32 view rounds by itself
    default:
      return integerParser(d);
  }
}

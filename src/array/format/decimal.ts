// Decimal digits of a binary float: the shortest that read back, or the exact expansion cut at a place, ties to even.
// Not text: signs, points and padding are in float_text.ts. The exact path is Steele and White's free-format algorithm
// ("How to Print Floating-Point Numbers Accurately", 1990) in bigints; the fast path starts from the engine's shortest
// digits and is taken only where it provably gives the same.
import { type DType, dtypes } from '../../dtype/dtype.ts';

/** The value digits[0].digits[1]… × 10^exponent. Trailing zeros count: they say how far the expansion was carried. */
export interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

/** How many digits to make. */
export interface DigitRules {
  /** Stop at the digits that identify the value; otherwise expand the exact value up to `max`. */
  readonly unique: boolean;
  /** Whether `max` and `min` count digits after the point or all digits. */
  readonly count: 'fraction' | 'total';
  readonly max: number | undefined;
  /** Makes digits past the unique ones; undefined never does, while 0 after the point still asks for all before it. */
  readonly min: number | undefined;
}

export const SHORTEST: DigitRules = { unique: true, count: 'total', max: undefined, min: undefined };

/**
 * Digits of a positive finite value that is exact in the float dtype `d`.
 * @example decimalOf(0.1, dtypes.float64, SHORTEST) // { digits: '1', exponent: -1 }
 */
export function decimalOf(x: number, d: DType, rules: DigitRules): Decimal {
  const fast = d === dtypes.float64 || d === dtypes.float32;
  if (!fast || x < 2 ** (1 - (d.float?.emax ?? 0))) return exactDecimal(x, d, rules); // subnormals are short of digits
  const short = d === dtypes.float64 ? parse(x.toExponential()) : shortestSingle(x);
  return (short && fromShortest(x, short, d === dtypes.float64 ? 15 : 6, rules)) ?? exactDecimal(x, d, rules);
}

function parse(text: string): Decimal {
  const at = text.indexOf('e');
  return { digits: text[0] + text.slice(2, at), exponent: Number(text.slice(at + 1)) };
}

/** Shortest digits of a float32 by trial; undefined where the trial could be wrong. */
function shortestSingle(x: number): Decimal | undefined {
  for (let n = 6; n <= 9; n++) {
    const text = x.toExponential(n - 1);
    const y = Number(text);
    if (Math.fround(y) !== x) continue;
    // Just below a power of two the interval is lopsided, and a double in the middle of two singles may have been
    // rounded there, and toExponential rounds ties up: all three are left to exact arithmetic.
    if (n > 6 && (isPowerOfTwo(x) || isMiddle(x, y) || isTie(x, n))) return undefined;
    const { digits, exponent } = parse(text);
    return { digits: digits.replace(/0+$/, ''), exponent };
  }
  return undefined;
}

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

function isPowerOfTwo(x: number): boolean {
  single[0] = x;
  return (bits[0] & 0x7fffff) === 0;
}

function isMiddle(x: number, y: number): boolean {
  single[0] = x;
  bits[0] += y > x ? 1 : -1;
  return y - x === single[0] - y;
}

/** The value has exactly one digit more than n, a 5. */
function isTie(x: number, n: number): boolean {
  const text = x.toExponential(n);
  return text[n + 1] === '5' && Number(text) === x;
}

/** The rules applied to shortest digits; undefined when only the exact value decides. Decimals of up to `safe` digits
 * survive the way into the dtype and back, so they may be padded with zeros. */
function fromShortest(x: number, short: Decimal, safe: number, rules: DigitRules): Decimal | undefined {
  const { digits, exponent } = short;
  const whole = rules.count === 'fraction' ? exponent + 1 : 0;
  const max = rules.max === undefined ? Number.POSITIVE_INFINITY : whole + rules.max;
  const n = digits.length;
  if (n > max) return cut(short, max);
  if (rules.unique) {
    const min = rules.min === undefined ? 0 : whole + rules.min;
    if (n >= min) return short;
    return min <= safe ? { digits: padded(digits, min, x, rules), exponent } : undefined;
  }
  // The exact value has more digits than the shortest, unless all that are asked for are zeros.
  return rules.count === 'fraction' && max <= safe ? short : undefined;
}

/** Zeros up to `n` digits; none when they come from nines by a carry, which counts where all digits are counted. */
function padded(digits: string, n: number, x: number, rules: DigitRules): string {
  const zeros = digits.padEnd(n, '0');
  if (rules.count === 'fraction') return zeros;
  const exact = x.toExponential(60); // the first digits that differ come long before: 15 digits against 53 bits
  return exact[0] + exact.slice(2, n + 1) === zeros ? zeros : digits;
}

/**
 * Rounds to `n` digits. The exact value lies on the same side of every shorter decimal as its shortest digits do (a
 * decimal between them would have been the shortest), so only a lone 5 behind the cut is undecided.
 */
function cut({ digits, exponent }: Decimal, n: number): Decimal | undefined {
  if (n < 0) return { digits: '0', exponent: exponent - n + 1 };
  const rest = digits.slice(n);
  if (rest === '5') return undefined;
  const kept = n === 0 ? '0' : digits.slice(0, n);
  return settle(kept, n === 0 ? exponent + 1 : exponent, rest >= '5');
}

/** Applies a rounding; a carry drops the nines it passed, as the exact algorithm does. */
function settle(digits: string, exponent: number, up: boolean): Decimal {
  if (!up) return { digits, exponent };
  const kept = digits.replace(/9+$/, '');
  if (kept === '') return { digits: '1', exponent: exponent + 1 };
  return { digits: kept.slice(0, -1) + (Number(kept[kept.length - 1]) + 1), exponent };
}

const float = new DataView(new ArrayBuffer(8));

/** x = m × 2^e with m and e as in the dtype's own format; `lopsided` when the neighbour below is only half as far. */
function decompose(x: number, d: DType): { m: bigint; e: number; lopsided: boolean } {
  const { digits: p, emax } = d.float ?? { digits: 53, emax: 1023 };
  const least = 1 - emax - (p - 1);
  float.setFloat64(0, x);
  const e = Math.max(((float.getUint32(0) >>> 20) & 0x7ff) - 1023 - (p - 1), least);
  // Two factors: 2**-e alone overflows for the smallest doubles.
  const half = Math.trunc(-e / 2);
  const m = x * 2 ** half * 2 ** (-e - half);
  return { m: BigInt(m), e, lopsided: m === 2 ** (p - 1) && e > least };
}

/** The exact path: always right, microseconds per value. Exported for the test that holds the fast path against it. */
export function exactDecimal(x: number, d: DType, rules: DigitRules): Decimal {
  const { m, e, lopsided } = decompose(x, d);
  // value = v / scale; the reading interval reaches `low` below and `high` above. All doubled, so that halves are whole.
  let high = 1n << BigInt(Math.max(e, 0) + (lopsided ? 1 : 0));
  let low = lopsided ? high >> 1n : high;
  let v = (m << BigInt(Math.max(e, 0))) * (lopsided ? 4n : 2n);
  let scale = (lopsided ? 4n : 2n) << BigInt(Math.max(-e, 0));

  let place = Math.floor(Math.log10(x)) + 1; // 10^place is to be the first power above the value
  if (rules.count === 'fraction' && rules.max !== undefined) place = Math.max(place, 1 - rules.max);
  if (place > 0) scale *= 10n ** BigInt(place);
  else {
    const factor = 10n ** BigInt(-place);
    v *= factor;
    low *= factor;
    high *= factor;
  }
  // log10 may be one off either way, but a place raised by the fraction's limit stays.
  const raised = rules.count === 'fraction' && rules.max !== undefined && place === 1 - rules.max;
  if (v >= scale) {
    scale *= 10n;
    place++;
  } else if (v * 10n < scale && !raised) {
    v *= 10n;
    low *= 10n;
    high *= 10n;
    place--;
  }
  v *= 10n;
  low *= 10n;
  high *= 10n;

  const origin = rules.count === 'total' ? place : 0;
  const last = rules.max === undefined ? Number.NEGATIVE_INFINITY : origin - rules.max;
  const first = rules.min === undefined ? place : origin - rules.min;
  const even = (m & 1n) === 0n;
  let digits = '';
  let at = place;
  for (;;) {
    at--;
    const digit = v / scale;
    v %= scale;
    digits += digit;
    let below = false;
    let above = false;
    if (rules.unique) {
      below = even ? v <= low : v < low;
      above = even ? v + high >= scale : v + high > scale;
    }
    const done = rules.unique ? (below || above) && at <= first : v === 0n;
    if (done || at === last) {
      const twice = v * 2n;
      const up = below === above ? twice > scale || (twice === scale && (digit & 1n) === 1n) : above;
      return settle(digits, place - 1, up);
    }
    v *= 10n;
    low *= 10n;
    high *= 10n;
  }
}

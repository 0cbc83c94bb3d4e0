// By which digits a long row is sorted: decided by the range of its keys and by a sample. Where keys spread evenly few
// leading digits tell nearly all elements apart, and floats are better told apart by value than by their bits, most of
// which are exponents. Heavy tails and clusters show in the sample; then more digits of the bits are used. A wrong
// guess costs time only: `finish` sees what is left.

import type { Keys } from '../kernel/sort/keys.ts';
import { linearPrefix, type Prefix } from '../kernel/sort/radix.ts';
import { primarySegment } from '../memory/allocate.ts';

/** What is known of a row: least and greatest key, and whether it is in order. */
export interface Survey {
  readonly least: bigint;
  readonly greatest: bigint;
  readonly known: number;
}

/** A radix sort's digits: `count` of `width` bits from bit `shift` of a prefix. */
export interface Digits {
  readonly prefix: Prefix;
  /** Arguments of the prefix. */
  readonly params: readonly (number | bigint)[];
  /** Significant bits of the prefix. */
  readonly bits: number;
  readonly width: number;
  readonly count: number;
  readonly shift: number;
  /** Equal digits mean equal keys. */
  readonly exact: boolean;
}

/** Digits by the bytes of what is moved: large elements have fewer places in the cache to go to. */
const narrow = { width: 11, leading: 22, most: 33 } as const;
const wide = { width: 8, leading: 24, most: 32 } as const;

/** Elements of one prefix, on average, that the insertions at the end may meet. */
const CROWD = 4;

const bitsOf = ({ least, greatest }: Survey): number => Math.max(1, (greatest - least).toString(2).length);

/** Keys as kernels take them: numbers of 32 bits, bigints of 64. */
const keyParam = (prefix: Prefix, key: bigint): number | bigint =>
  prefix.type === 'i64' ? BigInt.asIntN(64, key) : Number(BigInt.asIntN(32, key));

/** All digits of the keys. */
export function allDigits(keys: Keys, prefix: Prefix, survey: Survey): Digits {
  const { width } = keys.bytes > 4 ? wide : narrow;
  const bits = bitsOf(survey);
  const count = Math.ceil(bits / width);
  return { prefix, params: [keyParam(prefix, survey.least)], bits, width, count, shift: 0, exact: true };
}

/** Where a row's elements are; of complex ones the real part decides. */
interface Place {
  readonly n: number;
  readonly at: number;
  readonly parts: 1 | 2;
}

/** Digits for a row whose records of `moved` bytes are sorted. */
export function digitsFor(keys: Keys, byKey: Prefix, moved: number, survey: Survey, place: Place): Digits {
  const { width, leading, most } = moved > 4 ? wide : narrow;
  const bits = bitsOf(survey);
  const digits = (sorted: number): Digits => {
    const count = Math.ceil(Math.min(bits, sorted) / width);
    const shift = Math.max(0, bits - count * width);
    return { ...allDigits(keys, byKey, survey), width, count, shift, exact: shift === 0 };
  };
  if (bits <= leading) return digits(leading);
  const [low, high] = [keys.valueOf(survey.least), keys.valueOf(survey.greatest)];
  if (keys.kind.lane !== 'f32' && keys.kind.lane !== 'f64') {
    return digits(spreads(keys, place, low, 2 ** (leading - bits)) ? leading : most);
  }
  const scale = (2 ** leading - 8) / (high - low);
  const linear = Number.isFinite(scale) && Math.max(Math.abs(low), Math.abs(high)) * Math.abs(scale) < 2 ** 50;
  if (!linear || !spreads(keys, place, low, Math.abs(scale))) return digits(most);
  // prefixes begin at 2, so that roundings cannot make one negative
  const params = [scale, 1.5 * 2 ** 52 + 2 - low * scale];
  const prefix = linearPrefix(keys, byKey.bytes);
  return { prefix, params, bits: leading, width, count: leading / width, shift: 0, exact: false };
}

/** Does a sample say that few elements share a prefix, the value past `low` times `scale`? */
function spreads(keys: Keys, { n, at, parts }: Place, low: number, scale: number): boolean {
  const size = Math.min(1024, Math.floor(n / 256));
  const view = primarySegment()[keys.kind.lane];
  const first = at / view.BYTES_PER_ELEMENT;
  const step = Math.floor(n / size);
  const sample = new Float64Array(size);
  for (let i = 0; i < size; i++) sample[i] = Number(view[first + (i * step + ((i * 40503) % step)) * parts]);
  sample.sort();
  let shared = 0;
  let previous = Math.floor(Math.abs(sample[0] - low) * scale);
  for (let i = 1; i < size; i++) {
    const prefix = Math.floor(Math.abs(sample[i] - low) * scale);
    if (prefix === previous && (parts === 2 || sample[i] !== sample[i - 1])) shared++;
    previous = prefix;
  }
  return shared <= (CROWD * size * size) / (2 * n);
}

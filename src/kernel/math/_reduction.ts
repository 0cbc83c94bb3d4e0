// Arguments of sin, cos and tan reduced to |r| <= pi/4 plus a quadrant. Three ranges: small (Cody and Waite 1980, exact
// products in three steps), medium (four steps), and any size (Payne and Hanek 1983, in base 2^24 so that all sums of
// products are exact in doubles). Tables hold the digits of 2/pi.

import { type Expr, table } from '../builder.ts';
import { registerTable } from '../tables.ts';
import { twoOverPi } from './_coefficients.ts';
import { fastTwoSum, mulPair } from './_double.ts';
import { beyond, formatOf } from './_format.ts';
import { parts } from './_polynomial.ts';

/** x = n pi/2 + r - tail; t holds n mod 4 in its low bits. The tail has this sign so that sin(-0) comes out as -0. */
export interface Quadrant {
  readonly t: Expr;
  readonly r: Expr;
  readonly tail: Expr;
}

/** Magnitude to which `reduceSmall` is right. */
export const smallLimit = { f64: 12800, f32: 1600 } as const;
const mediumLimit = 1.6e6;

/** The magnitude test, true for NaN as well. */
export const beyondSmall = (x: Expr): Expr => beyond(x, smallLimit[formatOf(x).lane]);

function nearestQuarter(x: Expr): { t: Expr; n: Expr } {
  const f = formatOf(x);
  const t = x.mul(2 / Math.PI).add(f.magic);
  return { t, n: t.sub(f.magic) };
}

/** Reduction for |x| <= smallLimit. */
export function reduceSmall(x: Expr): Quadrant {
  const { t, n } = nearestQuarter(x);
  const p = parts('halfPi', x);
  if (formatOf(x).lane === 'f32') {
    const r = x.sub(n.mul(p[0])).sub(n.mul(p[1])).sub(n.mul(p[2])).sub(n.mul(p[3]));
    return { t, r, tail: x.like(0) };
  }
  const a = x.sub(n.mul(p[0]));
  const b = n.mul(p[1]);
  const top = a.sub(b);
  const rest = n.mul(p[2]).sub(a.sub(top).sub(b));
  const r = top.sub(rest);
  return { t, r, tail: r.sub(top).add(rest) };
}

function reduceMedium(x: Expr): Quadrant {
  const { t, n } = nearestQuarter(x);
  const p = parts('halfPiMedium', x);
  const a = x.sub(n.mul(p[0]));
  const b = n.mul(p[1]);
  const top = a.sub(b);
  const c = n.mul(p[2]);
  const second = top.sub(c);
  const lost = a.sub(top).sub(b).add(top.sub(second).sub(c));
  const rest = n.mul(p[3]).sub(lost);
  const r = second.sub(rest);
  return { t, r, tail: r.sub(second).add(rest) };
}

const digitBits = 24;
const base = 2 ** digitBits;
// Four zeros in front, so that the window of a small exponent exists.
const lead = 4;
const digitTable = registerTable(
  'math.twoOverPi',
  'f64',
  Float64Array.from([...new Array<number>(lead).fill(0), ...twoOverPi]),
);
const lastWindow = 40;

/** Reduction of any finite x in f64; NaN for infinities. */
function reduceHuge(x: Expr): Quadrant {
  const f = formatOf(x);
  const magnitude = x.abs();
  // magnitude = X 2^(24 q), 2^52 <= X < 2^76 an integer: multiplying 2/pi by 2^(24 q) moves a window over its digits.
  const exponent = magnitude
    .bits('u64')
    .shrk(52)
    .or(0x4330000000000000n)
    .bits('f64')
    .sub(2 ** 52 + 1023 + 52);
  const q = exponent
    .mul(1 / digitBits)
    .floor()
    .pmax(-3)
    .pmin(lastWindow);
  const scaling = q.mul(-digitBits).add(f.magic);
  const x0 = magnitude.mul(
    scaling
      .bits('u64')
      .shlk(52)
      .add(1023n << 52n)
      .bits('f64'),
  );
  const pieces: Expr[] = [];
  let left = x0;
  for (let i = 3; i >= 0; i--) {
    const weight = base ** i;
    const piece = left.mul(1 / weight).floor();
    pieces[i] = piece;
    left = left.sub(piece.mul(weight));
  }
  const index = q.add(lead).to('i32');
  const digit = new Map<number, Expr>();
  // The digit of weight 2^(-24 j) after the shift by q.
  const at = (j: number): Expr => {
    const found = digit.get(j) ?? table(digitTable, index.add(j - 1), 'f64');
    digit.set(j, found);
    return found;
  };
  // Columns of weight 2^(-24 k); columns before k = 0 are multiples of 4.
  const columns: Expr[] = [];
  for (let k = 0; k <= 6; k++) {
    let sum = pieces[0].mul(at(k));
    for (let i = 1; i < 4; i++) sum = sum.add(pieces[i].mul(at(k + i)));
    columns.push(sum);
  }
  for (let k = 6; k > 0; k--) {
    const carry = columns[k].mul(1 / base).floor();
    columns[k] = columns[k].sub(carry.mul(base));
    columns[k - 1] = columns[k - 1].add(carry);
  }
  const whole = columns[0].sub(columns[0].mul(0.25).floor().mul(4));
  const up = columns[1].ge(base / 2);
  const d = columns.map((c) => up.select(c.sub(base - 1), c)); // the fraction less one, digit by digit
  d[6] = up.select(columns[6].sub(base), columns[6]);
  const pair = (k: number): Expr => d[k].mul(base ** -k).add(d[k + 1].mul(base ** -(k + 1)));
  const top = fastTwoSum(pair(1), pair(3));
  const fraction = fastTwoSum(top.hi, top.lo.add(pair(5)));
  const [high, low] = parts('piOver2', x);
  const r = mulPair(fraction, { hi: x.like(high), lo: x.like(low) });
  const n = up.select(whole.add(1), whole);
  const negative = x.lt(0);
  const finite = magnitude.lt(Infinity);
  return {
    t: negative.select(n.neg(), n).add(f.magic),
    r: finite.select(negative.select(r.hi.neg(), r.hi), x.like(NaN)),
    tail: negative.select(r.lo, r.lo.neg()),
  };
}

/** Reduction for |x| > smallLimit in f64, where some lanes may be smaller, infinite or NaN. */
export function reduceLarge(x: Expr, use: (q: Quadrant) => Expr): Expr {
  return beyond(x, mediumLimit).rare(use(reduceHuge(x)), use(reduceMedium(x)));
}

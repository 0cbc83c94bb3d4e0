// Arithmetic on the coefficients of a series in one of the bases, lowest degree first: a few numbers, in JavaScript, as
// complex numbers throughout. What is evaluated at arrays of points is evaluate.ts.
// Source: Clenshaw, "A note on the summation of Chebyshev series", Math. Comp. 9, 1955 (products are such sums too).

import type { Basis } from './bases.ts';

/** A complex coefficient. */
export type Coefficient = readonly [re: number, im: number];
export type Series = readonly Coefficient[];

const zero: Coefficient = [0, 0];
export const constant = (re: number, im = 0): Series => [[re, im]];

const plus = ([a, b]: Coefficient, [c, d]: Coefficient): Coefficient => [a + c, b + d];
const times = ([a, b]: Coefficient, [c, d]: Coefficient): Coefficient => [a * c - b * d, a * d + b * c];
const by = ([a, b]: Coefficient, s: number): Coefficient => [a * s, b * s];
function over([a, b]: Coefficient, [c, d]: Coefficient): Coefficient {
  if (d === 0) return [a / c, b / c];
  const size = c * c + d * d;
  return [(a * c + b * d) / size, (b * c - a * d) / size];
}

/** Without zeros of the highest degrees, but for one coefficient. */
export function trimmed(s: Series, tolerance = 0): Series {
  let n = s.length;
  const small = ([re, im]: Coefficient): boolean =>
    (re === 0 && im === 0) || (tolerance > 0 && Math.sqrt(re * re + im * im) <= tolerance);
  while (n > 1 && small(s[n - 1])) n--;
  return n === 0 ? [zero] : s.slice(0, n);
}

export const add = (s: Series, t: Series): Series =>
  trimmed(Array.from({ length: Math.max(s.length, t.length) }, (_, k) => plus(s[k] ?? zero, t[k] ?? zero)));
export const scale = (s: Series, factor: Coefficient): Series => s.map((c) => times(c, factor));
export const negated = (s: Series): Series => scale(s, [-1, 0]);

/** The series times x. */
export function timesX(basis: Basis, s: Series): Series {
  const out: Coefficient[] = Array.from({ length: s.length + 1 }, () => zero);
  s.forEach((c, k) => {
    const [a, b, d] = basis.times(k);
    out[k + 1] = plus(out[k + 1], by(c, a));
    if (b !== 0) out[k] = plus(out[k], by(c, b));
    if (k > 0 && d !== 0) out[k - 1] = plus(out[k - 1], by(c, d));
  });
  return trimmed(out);
}

/** Σ sₖ·Pₖ(z) · start, by Clenshaw's recurrence: `multiplied` is multiplication by z. */
function clenshaw(basis: Basis, s: Series, start: Series, multiplied: (x: Series) => Series): Series {
  let [first, second]: [Series, Series] = [[zero], [zero]];
  for (let k = s.length - 1; k >= 0; k--) {
    const [a, b] = basis.times(k);
    const [next, , c] = basis.times(k + 1);
    const moved = add(multiplied(first), scale(first, [-b, 0]));
    const sum = add(scale(moved, [1 / a, 0]), scale(second, [-c / next, 0]));
    [first, second] = [add(scale(start, s[k]), sum), first];
  }
  return first;
}

export const multiply = (basis: Basis, s: Series, t: Series): Series => clenshaw(basis, s, t, (x) => timesX(basis, x));

/** A whole power, by squares. */
export function raised(basis: Basis, s: Series, power: number): Series {
  let [result, square]: [Series, Series] = [constant(1), s];
  for (let left = power; left > 0; left >>= 1) {
    if (left % 2 === 1) result = multiply(basis, result, square);
    if (left > 1) square = multiply(basis, square, square);
  }
  return trimmed(result);
}

/** The series off + slope·x. */
export function line(basis: Basis, off: number, slope: number): Series {
  const [a, b] = basis.times(0);
  return slope === 0
    ? constant(off)
    : [
        [off + slope * b, 0],
        [slope * a, 0],
      ];
}

/** The series at off + slope·x, in another basis. */
export const composed = (from: Basis, s: Series, to: Basis, off: number, slope: number): Series =>
  clenshaw(from, s, constant(1), (x) => add(scale(timesX(to, x), [slope, 0]), scale(x, [off, 0])));

/** Quotient and remainder; the divisor's last coefficient is not 0. */
export function divided(basis: Basis, s: Series, divisor: Series): [Series, Series] {
  const d = trimmed(divisor);
  let rest = trimmed(s);
  const quotient: Coefficient[] = Array.from({ length: Math.max(1, rest.length - d.length + 1) }, () => zero);
  for (let k = rest.length - d.length; k >= 0; k--) {
    if (rest.length < d.length + k) continue;
    const member: Series = Array.from({ length: k + 1 }, (_, i) => (i === k ? [1, 0] : zero));
    const product = multiply(basis, member, d);
    const factor = over(rest[d.length + k - 1], product[d.length + k - 1]);
    quotient[k] = factor;
    // the highest term is gone, whatever rounding leaves of it
    rest = trimmed(add(rest, scale(product, [-factor[0], -factor[1]])).slice(0, d.length + k - 1));
  }
  return [trimmed(quotient), rest];
}

/** An antiderivative. */
export function integrated(basis: Basis, s: Series): Series {
  const out: Coefficient[] = Array.from({ length: s.length + 1 }, () => zero);
  s.forEach((c, k) => {
    for (const [degree, factor] of basis.integral(k)) out[degree] = plus(out[degree], by(c, factor));
  });
  return out;
}

/** The derivative: what the series is an antiderivative of, from the highest degree down. */
export function derived(basis: Basis, s: Series): Series {
  const rest = [...s];
  const out: Coefficient[] = [];
  for (let n = s.length - 1; n > 0; n--) {
    const [[, leading], ...others] = basis.integral(n - 1);
    const c = by(rest[n], 1 / leading);
    out[n - 1] = c;
    for (const [degree, factor] of others) rest[degree] = plus(rest[degree], by(c, -factor));
  }
  return out.length === 0 ? [zero] : out;
}

/** Product of x − r over the zeros, in halves. */
export function fromZeros(basis: Basis, zeros: Series): Series {
  if (zeros.length === 0) return constant(1);
  if (zeros.length === 1) return add(line(basis, 0, 1), [by(zeros[0], -1)]);
  const half = zeros.length >> 1;
  return multiply(basis, fromZeros(basis, zeros.slice(0, half)), fromZeros(basis, zeros.slice(half)));
}

/** Multiplication by x modulo the series, by rows: its eigenvalues are the zeros. */
export function companion(basis: Basis, s: Series): Series[] {
  const n = s.length - 1;
  const rows: Coefficient[][] = Array.from({ length: n }, () => Array.from({ length: n }, () => zero));
  for (let k = 0; k < n; k++) {
    const [a, b, c] = basis.times(k);
    rows[k][k] = plus(rows[k][k], [b, 0]);
    if (k > 0) rows[k - 1][k] = plus(rows[k - 1][k], [c, 0]);
    if (k < n - 1) rows[k + 1][k] = [a, 0];
    else for (let i = 0; i < n; i++) rows[i][k] = plus(rows[i][k], by(over(s[i], s[n]), -a));
  }
  return rows;
}

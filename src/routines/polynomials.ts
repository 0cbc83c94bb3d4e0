// Polynomials as lists of coefficients, the highest power first: polyval, poly and their arithmetic. Values are computed
// four coefficients per pass over the arguments; products are convolutions.
// Source: Horner's scheme; Knuth, "The Art of Computer Programming", volume 2, 4.6.1 (division).

import { negative } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { arange } from '../array/ranges.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { Complex } from '../dtype/complex.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { promote } from '../dtype/promotion.ts';
import { isScalar, type Scalar, weakPromote } from '../dtype/scalars.ts';
import { ArrayBase, newArray, reinterpret, requireUsable } from '../exec/array_base.ts';
import { scalarParams } from '../exec/call.ts';
import { type ArrayLike, elements, operandOf, readAt, toArray } from '../exec/coerce.ts';
import { contiguousIn, copyInto, heapCopy } from '../exec/copy.ts';
import { execute } from '../exec/execute.ts';
import { loopOf } from '../exec/formula.ts';
import { describe, Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import type { ExprValue } from '../kernel/builder.ts';
import { eigvals } from '../linalg/eig.ts';
import { squareOperand } from '../linalg/stacks.ts';
import { product, sum } from '../ops/bodies.ts';
import { formatShape } from '../shape/strides.ts';
import { convolve } from './convolve.ts';

/** Coefficients as an array of one dimension; a scalar is a constant. */
function coefficients(p: ArrayLike, where: string): NDArray {
  const a = toArray(p, where);
  requireUsable(a, where);
  if (a.ndim > 1) {
    throw new ShapeError(`${where}: coefficients of shape ${formatShape(a.shape)}`, 'pass one list of coefficients', {
      shape: a.shape,
    });
  }
  return nd(a.ndim === 1 ? a : reinterpret(a, a.offset, [1], [a.dtype.itemsize]));
}

const PER_PASS = 4;

/** y = (…(y·x + c₀)·x + …) + cₙ for up to four coefficients. */
function horner(y: ArrayBase, x: ArrayBase, c: readonly Scalar[]): void {
  const d = y.dtype;
  const loop = loopOf(`polyval.${c.length}`, [d, d, ...c.map(() => d)], d, ([sumSoFar, at, ...terms]) =>
    terms.reduce((s: ExprValue, term) => sum(product(s, at), term), sumSoFar),
  );
  const params = c.flatMap((v) => scalarParams(v, d, 'np.polyval'));
  execute(loop, [y, x, ...c.map(() => undefined)], undefined, [y], y.shape, params);
}

/**
 * Values of a polynomial at `x`, by Horner's scheme. Of a scalar a scalar.
 * @throws ShapeError for coefficients of more than one dimension.
 * @example np.polyval([3, 0, 1], [5, 2]) // array([76., 13.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.polyval.html
 */
export function polyval(p: ArrayLike, x: number): Scalar;
export function polyval(p: ArrayLike, x: Exclude<ArrayLike, Scalar>): NDArray;
export function polyval(p: ArrayLike, x: ArrayLike): NDArray | Scalar;
export function polyval(p: ArrayLike, x: ArrayLike): NDArray | Scalar {
  const where = 'np.polyval';
  const c = coefficients(p, where);
  const given = operandOf(x, where);
  const dtype: DType = given instanceof ArrayBase ? promote(c.dtype, given.dtype) : weakPromote(c.dtype, given);
  const at = contiguousIn(given instanceof ArrayBase ? given : toArray(given, where, dtype), dtype);
  const out = newArray(at.shape, dtype, true);
  const list = [...elements(heapCopy(c, dtype))];
  for (let i = 0; i < list.length; i += PER_PASS) horner(out, at, list.slice(i, i + PER_PASS));
  return given instanceof ArrayBase ? nd(out) : readAt(out, out.offset);
}

/** Both lists at the same length, zeros in front of the shorter one. */
function aligned(p: ArrayLike, q: ArrayLike, where: string): [NDArray, NDArray] {
  const [a, b] = [coefficients(p, where), coefficients(q, where)];
  const n = Math.max(a.size, b.size);
  const extended = (c: NDArray): NDArray => {
    if (c.size === n) return c;
    const out = newArray([n], c.dtype, true);
    copyInto(c, reinterpret(out, (n - c.size) * c.dtype.itemsize, [c.size], [c.dtype.itemsize]));
    return nd(out);
  };
  return [extended(a), extended(b)];
}

/**
 * Sum of two polynomials.
 * @example np.polyadd([1, 2], [9, 5, 4]) // array([9., 6., 6.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.polyadd.html
 */
export function polyadd(a1: ArrayLike, a2: ArrayLike): NDArray {
  const [a, b] = aligned(a1, a2, 'np.polyadd');
  return nd(a.add(b));
}

/**
 * Difference of two polynomials.
 * @example np.polysub([2, 10, -2], [3, 10, -4]) // array([-1.,  0.,  2.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.polysub.html
 */
export function polysub(a1: ArrayLike, a2: ArrayLike): NDArray {
  const [a, b] = aligned(a1, a2, 'np.polysub');
  return nd(a.subtract(b));
}

/** Without leading zeros, but for the last coefficient. */
function trimmed(c: NDArray): NDArray {
  const set = [...elements(c.not_equal(0))];
  const first = set.indexOf(true);
  return c.get(`${first < 0 ? Math.max(0, c.size - 1) : first}:`);
}

/**
 * Product of two polynomials, without leading zeros.
 * @throws ShapeError for no coefficients.
 * @example np.polymul([1, 2, 3], [9, 5, 1]) // array([ 9., 23., 38., 17.,  3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.polymul.html
 */
export const polymul = (a1: ArrayLike, a2: ArrayLike): NDArray =>
  convolve(trimmed(coefficients(a1, 'np.polymul')), trimmed(coefficients(a2, 'np.polymul')));

/** In floats: integers do not divide. */
const inFloats = (c: NDArray): NDArray =>
  c.dtype.kind === 'f' || c.dtype.kind === 'c' ? c : nd(heapCopy(c, dtypes.float64));

/**
 * Quotient and remainder of two polynomials; leading zeros of the remainder are left out.
 * @throws ArgumentError for a divisor whose highest coefficient is 0.
 * @example np.polydiv([3, 5, 2], [2, 1]) // [array([1.5 , 1.75]), array([0.25])]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.polydiv.html
 */
export function polydiv(u: ArrayLike, v: ArrayLike): [quotient: NDArray, remainder: NDArray] {
  const where = 'np.polydiv';
  const [given, by] = [inFloats(coefficients(u, where)), inFloats(coefficients(v, where))];
  const dtype = promote(given.dtype, by.dtype);
  const [rest, divisor] = [nd(heapCopy(given, dtype)), nd(heapCopy(by, dtype))];
  const lead = divisor.get('0:1');
  if (divisor.size === 0 || lead.equal(0).item() === true) {
    throw new ArgumentError(`${where}: the highest coefficient of the divisor is 0`, 'leave leading zeros out', {});
  }
  const steps = Math.max(0, rest.size - divisor.size + 1);
  const quotient = nd(newArray([Math.max(1, steps)], dtype, true));
  for (let k = 0; k < steps; k++) {
    const factor = rest.get(`${k}:${k + 1}`).divide(lead);
    quotient.set(`${k}:${k + 1}`, factor);
    const part = rest.get(`${k}:${k + divisor.size}`);
    part.subtract(divisor.multiply(factor), { out: part });
  }
  return [quotient, withoutLeadingZeros(rest, Math.min(steps, Math.max(0, rest.size - 1)))];
}

/** The coefficients from the first that is not about 0 (as by isclose), at least the last. */
function withoutLeadingZeros(c: NDArray, from: number): NDArray {
  const near = [...elements(nd(c.abs()).less_equal(1e-8) as ArrayBase)];
  let first = 0;
  while (first < c.size - 1 && (near[first] === true || first < from)) first++;
  return nd(heapCopy(c.get(`${first}:`)));
}

/** The powers n … 1, which derivatives multiply by. */
const powers = (n: number, dtype: DType): NDArray => arange(n, 0, -1).astype(dtype);

/** The dtype of coefficients times powers, which are int64: uint64 stays, and wraps as all integers do. */
const withPowers = (d: DType): DType => (d === dtypes.uint64 ? d : promote(d, dtypes.int64));

export interface DerivativeOptions {
  /** The order of the derivative or integral. */
  readonly m?: number;
}
const derivativeOptions = new Options(['m', 'count']);

/**
 * The derivative of a polynomial of order `m` (1).
 * @throws ArgumentError for an order below 0.
 * @example np.polyder([1, 1, 1, 1]) // array([3., 2., 1.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.polyder.html
 */
export function polyder(p: ArrayLike, m?: number | DerivativeOptions): NDArray {
  const where = 'np.polyder';
  const o = byName<DerivativeOptions>(['m'], [m], derivativeOptions, where);
  let c = coefficients(p, where);
  if (o.m === 0) return nd(heapCopy(c));
  c = nd(heapCopy(c, withPowers(c.dtype)));
  for (let i = 0; i < (o.m ?? 1); i++) {
    const n = Math.max(0, c.size - 1);
    c = nd(c.get(`:${n}`).multiply(powers(n, c.dtype)));
  }
  return c;
}

export interface IntegralOptions extends DerivativeOptions {
  /** The constants of integration, from the first integral to the last; one for all. */
  readonly k?: Scalar | readonly Scalar[] | null;
}
const integralOptions = new Options(['m', 'count'], ['k', 'value']);

/**
 * An antiderivative of a polynomial of order `m` (1), with constants `k` (0).
 * @throws ArgumentError for an order below 0 or another number of constants than one or m.
 * @example np.polyint([1, 1, 1]) // array([0.33333333, 0.5       , 1.        , 0.        ])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.polyint.html
 */
export function polyint(
  p: ArrayLike,
  m?: number | IntegralOptions,
  k?: Scalar | readonly Scalar[] | null | IntegralOptions,
  options?: IntegralOptions,
): NDArray {
  const where = 'np.polyint';
  const o = byName<IntegralOptions>(['m', 'k'], [m, k, options], integralOptions, where);
  const order = o.m ?? 1;
  const constants: readonly unknown[] = Array.isArray(o.k) ? o.k : new Array(order).fill(o.k ?? 0);
  if (constants.length !== order || !constants.every(isScalar)) {
    throw new ArgumentError(`${where}: k is ${describe(o.k)}`, `pass one constant, or a list of ${order}`, { order });
  }
  const given = coefficients(p, where);
  if (order === 0) return nd(heapCopy(given));
  let c = inFloats(nd(heapCopy(given, withPowers(given.dtype))));
  for (const constant of constants) {
    const dtype = weakPromote(c.dtype, constant);
    const n = c.size;
    const out = nd(newArray([n + 1], dtype));
    if (n > 0) out.set(`:${n}`, c.divide(powers(n, dtype)));
    out.itemset(n, constant);
    c = out;
  }
  return c;
}

/**
 * The polynomial with these zeros, its highest coefficient 1; of a square matrix its characteristic polynomial. Where
 * complex zeros come with their conjugates the coefficients are real.
 * @throws ShapeError for more dimensions, LinAlgError for a matrix that is not square.
 * @example np.poly([0, 0, 2]) // array([ 1., -2.,  0.,  0.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.poly.html
 */
export function poly(zeros: ArrayLike): NDArray {
  const given = toArray(zeros, 'np.poly');
  const roots = inFloats(coefficients(given.ndim === 2 ? eigvals(squareOperand(given, 'np.poly')) : given, 'np.poly'));
  let c = nd(newArray([1], roots.dtype));
  c.itemset(0, 1);
  const factor = nd(newArray([2], roots.dtype));
  factor.itemset(0, 1);
  for (let i = 0; i < roots.size; i++) {
    factor.set('1:', negative(roots.get(`${i}:${i + 1}`)));
    c = convolve(c, factor);
  }
  if (c.dtype.kind !== 'c') return c;
  const order = (z: NDArray): string =>
    [...elements(z)]
      .map((v) => (v instanceof Complex ? `${v.re},${v.im + 0}` : String(v))) // + 0: zeros of one sign
      .sort()
      .join();
  return order(roots) === order(nd(roots.conj())) ? nd(heapCopy(c.real)) : c;
}

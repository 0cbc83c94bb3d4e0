// Matrices by pattern: eye, identity, the triangles, diagonals, Vandermonde.

import { ShapeError } from '../base/errors.ts';
import type { DTypeLike } from '../dtype/dtype.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { checkInteger, Options } from '../exec/options.ts';
import { type CreateOptions, fresh, ones, zeros } from './creation.ts';
import { greater_equal } from './functions.generated.ts';
import { assign } from './indexing.ts';
import type { NDArray } from './ndarray.ts';
import { arange } from './ranges.ts';
import { cumprod } from './running.ts';
import { where } from './select.ts';
import { asNDArray, broadcast_to, diagonal, flip, ravel, reshape } from './views.ts';

export interface EyeOptions extends CreateOptions {
  /** Columns; as many as rows by default. */
  readonly M?: number;
  /** Which diagonal: above the main one if positive. */
  readonly k?: number;
}

const eyeOptions = new Options('dtype', 'order', 'M', 'k');
const triOptions = new Options('dtype', 'M', 'k');
const vanderOptions = new Options('dtype', 'increasing');

// `f(N)`, `f(N, M)`, `f(N, M, k)`, each with options last → the options, checked.
function settle(
  known: Options,
  where: string,
  N: number,
  M: number | null | EyeOptions | undefined,
  k: number | EyeOptions | undefined,
  options: EyeOptions | undefined,
): Required<Pick<EyeOptions, 'M' | 'k'>> & CreateOptions {
  const positional: EyeOptions = {
    ...(typeof M === 'number' && { M }),
    ...(typeof k === 'number' && { k }),
  };
  const named = [M, k, options].filter((x) => x !== undefined && x !== null && typeof x !== 'number');
  for (const x of named) known.check(x, where);
  known.check(positional, where);
  return Object.assign({ M: N, k: 0 }, ...named, positional);
}

/**
 * Zeros with ones on a diagonal: N rows, M columns (as many unless given), the k-th diagonal above the main one.
 * @example np.eye(2) // array([[1., 0.],\n       [0., 1.]])
 */
export function eye(
  N: number,
  M?: number | null | EyeOptions,
  k?: number | EyeOptions,
  options?: CreateOptions,
): NDArray {
  const { M: columns, k: at, ...rest } = settle(eyeOptions, 'eye', N, M, k, options);
  const out = fresh([N, columns], rest, true, 'eye');
  const line = diagonal(out, at);
  if (line.size > 0) assign(line, out.dtype.kind === 'b' ? true : 1, 'eye');
  return out;
}

/** The n × n identity matrix. */
export const identity = (n: number, options: CreateOptions = {}): NDArray => eye(n, options);

// true on and below the k-th diagonal
function lower(n: number, m: number, k: number): NDArray {
  const rows = reshape(arange(k, n + k), [n, 1]);
  return greater_equal(rows, arange(m));
}

/** Ones on and below the k-th diagonal, zeros above; arguments as for eye. */
export function tri(
  N: number,
  M?: number | null | EyeOptions,
  k?: number | EyeOptions,
  options?: CreateOptions,
): NDArray {
  checkInteger(N, 'N', 'tri', 0);
  const { M: columns, k: at, dtype = 'float64' } = settle(triOptions, 'tri', N, M, k, options);
  return lower(N, columns, at).astype(dtype);
}

function triangle(x: ArrayLike, k: number, keepLower: boolean, name: string): NDArray {
  const a = asNDArray(x, name);
  checkInteger(k, 'k', name);
  const m = a.ndim === 1 ? broadcast_to(a, [a.size, a.size]) : a;
  if (m.ndim < 2) throw new ShapeError(`${name} needs at least one dimension`, 'pass a matrix', { shape: a.shape });
  const [rows, columns] = m.shape.slice(-2);
  const nothing = zeros([], { dtype: m.dtype });
  return keepLower ? where(lower(rows, columns, k), m, nothing) : where(lower(rows, columns, k - 1), nothing, m);
}

/** Copy with the elements above the k-th diagonal of the last two axes zeroed. */
export const tril = (x: ArrayLike, k = 0): NDArray => triangle(x, k, true, 'tril');
/** Copy with the elements below the k-th diagonal of the last two axes zeroed. */
export const triu = (x: ArrayLike, k = 0): NDArray => triangle(x, k, false, 'triu');

/**
 * A copy of the k-th diagonal of a matrix, or the matrix with a vector on its k-th diagonal.
 * @example np.diag([1, 2]).shape // [2, 2]
 */
export function diag(x: ArrayLike, k = 0): NDArray {
  const a = asNDArray(x, 'diag');
  checkInteger(k, 'k', 'diag');
  if (a.ndim === 2) return diagonal(a, k).copy();
  if (a.ndim !== 1)
    throw new ShapeError(`diag of ${a.ndim} dimensions`, 'pass a vector or a matrix, or use diagonal', {
      shape: a.shape,
    });
  const n = a.size + Math.abs(k);
  const out = zeros([n, n], { dtype: a.dtype });
  if (a.size > 0) assign(diagonal(out, k), a, 'diag');
  return out;
}

/** The flattened input on the k-th diagonal of a matrix. */
export const diagflat = (x: ArrayLike, k = 0): NDArray => diag(ravel(x), k);

/** Matrix of powers of a vector: columns x^(N-1) … x^0, or ascending with `increasing`. */
export function vander(x: ArrayLike, N?: number, options: { increasing?: boolean; dtype?: DTypeLike } = {}): NDArray {
  const a = asNDArray(x, 'vander');
  vanderOptions.check(options, 'vander');
  if (N !== undefined) checkInteger(N, 'N', 'vander', 0);
  if (a.ndim !== 1) throw new ShapeError(`vander of ${a.ndim} dimensions`, 'pass a vector', { shape: a.shape });
  const columns = N ?? a.size;
  const out = ones([a.size, columns], { dtype: options.dtype ?? a.dtype });
  if (columns > 1) assign(out.get(':', '1:'), reshape(a, [-1, 1]), 'vander');
  const powers = columns > 0 && a.size > 0 ? cumprod(out, 1) : out;
  return options.increasing === true ? powers : flip(powers, 1);
}

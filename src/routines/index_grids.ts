// Grids and joined vectors from ranges written as text (mgrid, ogrid, r_, c_), open meshes of indices (ix_), and indices
// as values (s_, index_exp). JavaScript has no brackets with slices, so that these are functions of texts.

import { empty } from '../array/creation.ts';
import { assign, type Index } from '../array/indexing.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { flatnonzero } from '../array/nonzero.ts';
import { linspace } from '../array/ranges.ts';
import { asNDArray, reshape, transpose } from '../array/views.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { dtypes } from '../dtype/dtype.ts';
import { promoteAll } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { decidingDTypes } from '../exec/call.ts';
import { type ArrayLike, arrayFrom, operandOf } from '../exec/coerce.ts';
import { parseIndex } from '../shape/slicing.ts';
import { concatenate } from './join.ts';
import { parseRange, pointsOf, type Range } from './range_text.ts';

/** The points of each range, in one dtype for all. */
function axesOf(texts: readonly string[], where: string): { ranges: Range[]; lines: NDArray[] } {
  if (texts.length === 0) throw new ArgumentError(`${where} of no ranges`, "pass texts such as '0:5'", {});
  const ranges = texts.map((text) => parseRange(text, where));
  const dtype = promoteAll(ranges.map((r) => r.dtype));
  return { ranges, lines: ranges.map((r) => pointsOf(r, dtype)) };
}

/** A vector along axis d of `ndim`, of length 1 along the others. */
const along = (line: NDArray, d: number, ndim: number): NDArray =>
  reshape(
    line,
    Array.from({ length: ndim }, (_, k) => (k === d ? line.size : 1)),
  );

/**
 * Coordinates of a grid, one array per range along a new first axis: np.mgrid[0:2, 0:3] is written
 * `np.mgrid('0:2', '0:3')`. A single range gives its points.
 * @throws ArgumentError for a text that is no range.
 * @example np.mgrid('0:2', '0:1:3j').shape // [2, 2, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.mgrid.html
 */
export function mgrid(...texts: string[]): NDArray {
  const { lines } = axesOf(texts, 'np.mgrid');
  if (lines.length === 1) return lines[0];
  const shape = lines.map((line) => line.size);
  const out = empty([lines.length, ...shape], { dtype: lines[0].dtype });
  lines.forEach((line, d) => {
    assign(out.get(d), along(line, d, lines.length), 'np.mgrid');
  });
  return out;
}

/**
 * Coordinates of a grid as one array per range that broadcast to it.
 * @throws ArgumentError for a text that is no range.
 * @example np.ogrid('0:2', '0:3').map((a) => a.shape) // [[2, 1], [1, 3]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.ogrid.html
 */
export function ogrid(...texts: string[]): NDArray[] {
  const { lines } = axesOf(texts, 'np.ogrid');
  return lines.map((line, d) => along(line, d, lines.length));
}

/** What r_ and c_ join: ranges as text, numbers, arrays. */
export type Piece = string | ArrayLike;

interface Joining {
  readonly axis: number;
  readonly ndmin: number;
  /** Where the dimensions of arrays of fewer dimensions go. */
  readonly place: number;
}

function joinPieces(pieces: readonly Piece[], usual: Joining, where: string): NDArray {
  const [first, ...others] = pieces;
  const directive = typeof first === 'string' && !first.includes(':') ? first : undefined;
  const { axis, ndmin, place } = directive === undefined ? usual : joiningOf(directive, usual, where);
  const parts = directive === undefined ? pieces : others;
  const operands = parts.map((p): ArrayBase | Scalar => {
    if (typeof p !== 'string') return operandOf(p, where);
    const range = parseRange(p, where);
    return range.counted ? linspace(range.start, range.stop, range.count) : pointsOf(range, range.dtype);
  });
  if (operands.length === 0) throw new ArgumentError(`${where} of nothing`, "pass ranges such as '0:5', or arrays", {});
  const dtype = promoteAll(decidingDTypes(operands));
  const arrays = operands.map((x) => {
    const a = nd(x instanceof ArrayBase ? x : arrayFrom(x, dtype, where));
    if (a.ndim >= ndmin) return a;
    const missing = ndmin - a.ndim;
    const grown = reshape(a, [...new Array<number>(missing).fill(1), ...a.shape]);
    if (place === -1 || !(x instanceof ArrayBase)) return grown;
    const at = place < 0 ? place + missing + 1 : place;
    const all = Array.from({ length: ndmin }, (_, d) => d);
    return transpose(grown, [...all.slice(0, at), ...all.slice(missing), ...all.slice(at, missing)]);
  });
  return concatenate(arrays, axis, { dtype });
}

// 'axis', 'axis,ndmin' or 'axis,ndmin,place'.
function joiningOf(text: string, usual: Joining, where: string): Joining {
  const numbers = text.split(',').map(Number);
  if (numbers.length > 3 || !numbers.every(Number.isInteger)) {
    throw new ArgumentError(
      `${where}: '${text}' is neither a range nor a way to join`,
      "write ranges as '0:5', and 'axis', 'axis,ndmin' or 'axis,ndmin,place' first",
      { text },
    );
  }
  const [axis, ndmin = usual.ndmin, place = usual.place] = numbers;
  return { axis, ndmin, place };
}

/**
 * Ranges, numbers and arrays joined along the first axis: np.r_[1:4, 0, x] is written `np.r_('1:4', 0, x)`. A first text
 * 'axis,ndmin,place' says another axis, a least number of dimensions and where the given ones go among them.
 * @throws ArgumentError for a text that is no range; ShapeError as for concatenate.
 * @example np.r_('1:4', 0, '0:1:3j') // array([1. , 2. , 3. , 0. , 0. , 0.5, 1. ])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.r_.html
 */
export const r_ = (...pieces: Piece[]): NDArray => joinPieces(pieces, { axis: 0, ndmin: 1, place: -1 }, 'np.r_');

/**
 * Ranges and vectors as the columns of a matrix: np.c_[x, y] is written `np.c_(x, y)`.
 * @throws ArgumentError for a text that is no range; ShapeError as for concatenate.
 * @example np.c_('1:3', [7, 8]).tolist() // [[1, 7], [2, 8]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.c_.html
 */
export const c_ = (...pieces: Piece[]): NDArray => joinPieces(pieces, { axis: -1, ndmin: 2, place: 0 }, 'np.c_');

const settled = (item: Index): Index => (typeof item === 'string' ? parseIndex(item) : item);

/**
 * An index as a list of its parts, to be kept and spread: `a.get(...np.index_exp('1:3', null))`. Texts are parsed once.
 * @throws IndexError for a text that is no index.
 * @example np.index_exp('1:3', 0).length // 2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.index_exp.html
 */
export const index_exp = (...items: Index[]): Index[] => items.map(settled);

/**
 * An index as a value: one part alone as itself, several as a list.
 * @throws IndexError for a text that is no index.
 * @example String(np.s_('1:3')) // '1:3'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.s_.html
 */
export const s_ = (...items: Index[]): Index | Index[] => (items.length === 1 ? settled(items[0]) : items.map(settled));

/**
 * Vectors of indices (or masks) as an open mesh: `a.get(...np.ix_([0, 2], [1, 3]))` takes rows 0 and 2 of columns 1 and 3.
 * Numbers that are integers become int64, masks their positions.
 * @throws ShapeError for anything but vectors.
 * @example np.ix_([0, 1], [2, 4]).map((a) => a.shape) // [[2, 1], [1, 2]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.ix_.html
 */
export function ix_(...vectors: ArrayLike[]): NDArray[] {
  return vectors.map((v, d) => {
    const list = Array.isArray(v) && v.every((x) => typeof x === 'number' && Number.isSafeInteger(x));
    const given = list ? nd(arrayFrom(v, dtypes.int64, 'np.ix_')) : asNDArray(v, 'np.ix_');
    if (given.ndim !== 1) {
      throw new ShapeError(`np.ix_: argument ${d} has ${given.ndim} dimensions`, 'pass vectors', {
        shape: given.shape,
      });
    }
    return along(given.dtype === dtypes.bool ? flatnonzero(given) : given, d, vectors.length);
  });
}

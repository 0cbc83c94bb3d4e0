// Linear interpolation in one dimension: interp. The search and the arithmetic are one routine (kernel/wasm/interp.ts).

import { remainder } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { argsort } from '../array/sorting.ts';
import { ArgumentError, DTypeError, ShapeError } from '../base/errors.ts';
import { Complex } from '../dtype/complex.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { isScalar, type Scalar } from '../dtype/scalars.ts';
import { ArrayBase, newArray, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, operandOf, readAt, toArray } from '../exec/coerce.ts';
import { contiguousIn } from '../exec/copy.ts';
import { describe, Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import { runLong } from '../exec/run.ts';
import { kernelOf } from '../kernel/compile.ts';
import { addInterp } from '../kernel/wasm/interp.ts';
import { keepAlive } from '../memory/allocate.ts';
import { formatShape } from '../shape/strides.ts';
import { concatenate } from './join.ts';

export interface InterpOptions {
  /** The value below the first point; that of the first point by default. */
  readonly left?: Scalar | null;
  /** The value above the last point; that of the last point by default. */
  readonly right?: Scalar | null;
  /** Period of the coordinates: points need no order then, and there is no outside. */
  readonly period?: number | null;
}

const interpOptions = new Options(['left', 'value'], ['right', 'value'], ['period', 'value']);
const WHERE = 'np.interp';

/** A list of points as contiguous float64, or complex128. */
function points(x: ArrayLike, name: string, dtype: DType): ArrayBase {
  const a = toArray(x, WHERE);
  requireUsable(a, WHERE);
  if (a.ndim !== 1) {
    throw new ShapeError(`${WHERE}: ${name} has shape ${formatShape(a.shape)}`, `pass ${name} with one dimension`, {
      shape: a.shape,
    });
  }
  return contiguousIn(real(a, name, dtype), dtype);
}

function real(a: ArrayBase, name: string, dtype: DType): ArrayBase {
  if (a.dtype.kind !== 'c' || dtype.kind === 'c') return a;
  throw new DTypeError(`${WHERE}: ${name} is complex`, 'pass real coordinates; only fp may be complex', { name });
}

/** The parts of the value outside the points, by default those of a point at the edge. */
function edge(given: Scalar | null | undefined, name: string, fp: ArrayBase, i: number): number[] {
  const v = given ?? readAt(fp, fp.offset + i * fp.dtype.itemsize);
  if (!isScalar(v) || (v instanceof Complex && fp.dtype.kind !== 'c')) {
    throw new ArgumentError(`${WHERE}: ${name} is ${describe(v)}`, `pass ${name} as a scalar of the kind of fp`, {
      [name]: describe(v),
    });
  }
  if (fp.dtype.kind !== 'c') return [Number(v)];
  return v instanceof Complex ? [v.re, v.im] : [Number(v), 0];
}

/**
 * Values at `x` on the lines between the points `(xp, fp)`, whose coordinates must increase. Below and above them the
 * values are `left` and `right`. The result is float64, or complex128 where fp is complex; of a scalar a scalar.
 * @throws ShapeError for points of other than one dimension or different lengths; ArgumentError for no points or a
 *   period that is no number other than 0; DTypeError for complex coordinates.
 * @example np.interp([0, 1.5, 4], [1, 2, 3], [3, 2, 0]) // array([3. , 2.5, 0. ])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.interp.html
 */
export function interp(
  x: number,
  xp: ArrayLike,
  fp: ArrayLike,
  left?: Scalar | null | InterpOptions,
  right?: Scalar | null | InterpOptions,
  options?: InterpOptions,
): Scalar;
export function interp(
  x: Exclude<ArrayLike, Scalar>,
  xp: ArrayLike,
  fp: ArrayLike,
  left?: Scalar | null | InterpOptions,
  right?: Scalar | null | InterpOptions,
  options?: InterpOptions,
): NDArray;
export function interp(
  x: ArrayLike,
  xp: ArrayLike,
  fp: ArrayLike,
  left?: Scalar | null | InterpOptions,
  right?: Scalar | null | InterpOptions,
  options?: InterpOptions,
): NDArray | Scalar {
  const o = byName<InterpOptions>(['left', 'right'], [left, right, options], interpOptions, WHERE);
  const values = toArray(fp, WHERE);
  const dtype = values.dtype.kind === 'c' ? dtypes.complex128 : dtypes.float64;
  let [at, of] = [points(xp, 'xp', dtypes.float64), points(values, 'fp', dtype)];
  if (at.size !== of.size || at.size === 0) {
    throw at.size === of.size
      ? new ArgumentError(`${WHERE} in no points`, 'pass at least one point', {})
      : new ShapeError(`${WHERE}: ${at.size} coordinates and ${of.size} values`, 'pass one value per coordinate', {
          xp: at.size,
          fp: of.size,
        });
  }
  const given = operandOf(x, WHERE);
  let where = real(toArray(given, WHERE), 'x', dtypes.float64);
  if (o.period !== undefined && o.period !== null) {
    const period = periodOf(o.period);
    [at, of] = wrapped(at, of, period);
    where = remainder(nd(contiguousIn(where, dtypes.float64)), period);
  }
  const source = contiguousIn(where, dtypes.float64);
  const out = newArray(where.shape, dtype);
  const kernel = kernelOf(`interp:${dtype.char}`, (module) => addInterp(module, dtype.parts));
  const address = (a: ArrayBase): number => a.storage.ptr + a.offset;
  runLong(
    kernel,
    source.size,
    [address(source), address(out)],
    [8, dtype.itemsize],
    [address(at), address(of), at.size, ...edge(o.left, 'left', of, 0), ...edge(o.right, 'right', of, of.size - 1)],
  );
  for (const a of [source, at, of, out]) keepAlive(a.storage);
  return given instanceof ArrayBase ? nd(out) : readAt(out, out.offset);
}

function periodOf(given: unknown): number {
  if (typeof given === 'number' && Number.isFinite(given) && given !== 0) return Math.abs(given);
  throw new ArgumentError(`${WHERE}: period is ${describe(given)}`, 'pass a number other than 0', {
    period: describe(given),
  });
}

/** The points within one period, in order, with the last one before them and the first one behind them again. */
function wrapped(xp: ArrayBase, fp: ArrayBase, period: number): [ArrayBase, ArrayBase] {
  const within = remainder(nd(xp), period);
  const order = argsort(within);
  const [at, of] = [within.get(order), nd(fp).get(order)];
  const around = (a: NDArray): NDArray => concatenate([a.get('-1:'), a, a.get('0:1')]);
  const placed = around(at);
  placed.set('0:1', placed.get('0:1').subtract(period));
  placed.set('-1:', placed.get('-1:').add(period));
  return [placed, around(of)];
}

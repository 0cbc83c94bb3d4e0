// Joining arrays along an axis: concatenate, stack and their relatives. Each array is copied straight into its box of
// the result; nothing of full size is made in between. Nested assemblies are in block.ts.

import { type NDArray, nd } from '../array/ndarray.ts';
import { reduceOptions } from '../array/reductions.ts';
import { ArgumentError, CastError, ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { asDType, type DType, type DTypeLike } from '../dtype/dtype.ts';
import { type Casting, canCast, promoteAll } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { requireList } from '../exec/arguments.ts';
import { ArrayBase, arranged, newResult, reinterpret, requireUsable } from '../exec/array_base.ts';
import { checkOut, decidingDTypes } from '../exec/call.ts';
import { type ArrayLike, arrayFrom, operandOf } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { clashes } from '../exec/execute.ts';
import { canInterleave, interleave } from '../exec/interleave.ts';
import { describe, Options } from '../exec/options.ts';
import { timed } from '../exec/timed.ts';
import { contiguousStrides, formatShape, isContiguous, normalizeAxis } from '../shape/strides.ts';
import { raised } from './at_least.ts';

export interface JoinOptions {
  /** The axis to join along; null joins the flattened arrays. */
  readonly axis?: number | null;
  readonly out?: ArrayBase;
  readonly dtype?: DTypeLike;
  /** Which casts to `dtype` or `out` are allowed; default same_kind. */
  readonly casting?: Casting;
}
export type StackOptions = Omit<JoinOptions, 'axis'>;

const NO_OPTIONS: JoinOptions = {};
const joinOptions = new Options('axis', 'out', 'dtype', 'casting');
const stackOptions = new Options('out', 'dtype', 'casting');

/** A list of arrays, or an array whose first axis is one. */
export type ArrayList = readonly ArrayLike[] | ArrayBase;

/** The members of a list of arrays, and the dtype they meet in: scalars join weakly. */
export function membersOf(list: ArrayList, where: string): { arrays: ArrayBase[]; dtype: DType } {
  const given = list instanceof ArrayBase ? subarrays(list, where) : list;
  if (!Array.isArray(given)) {
    throw new ArgumentError(`${where}: ${describe(given)} is not a list of arrays`, 'pass [a, b, …]', { where });
  }
  if (given.length === 0) {
    throw new ArgumentError(`${where} of no arrays`, 'pass a list of at least one array', { where });
  }
  const operands: (ArrayBase | Scalar)[] = [];
  const arrays: ArrayBase[] = [];
  let common: DType | undefined;
  let alike = true;
  for (let i = 0; i < given.length; i++) {
    const x = operandOf(given[i], where);
    const a = x instanceof ArrayBase ? x : arrayFrom(x, undefined, where);
    operands.push(x);
    arrays.push(a);
    common ??= a.dtype;
    alike &&= a === x && a.dtype === common;
  }
  return { arrays, dtype: alike && common !== undefined ? common : promoteAll(decidingDTypes(operands)) };
}

function subarrays(a: ArrayBase, where: string): ArrayBase[] {
  requireUsable(a, where);
  if (a.ndim === 0) throw new ShapeError(`${where} of a 0-d array`, 'pass a list of arrays', { where });
  const shape = a.shape.slice(1);
  const strides = a.strides.slice(1);
  return Array.from({ length: a.shape[0] }, (_, i) => reinterpret(a, a.offset + i * a.strides[0], shape, strides));
}

/** The array that a join writes to: `out` if it fits, else a fresh one in the memory order that the members share. */
export function targetOf(
  where: string,
  shape: readonly number[],
  arrays: readonly ArrayBase[],
  common: DType,
  options: StackOptions,
): ArrayBase {
  const { out } = options;
  if (out !== undefined && options.dtype !== undefined) {
    throw new ArgumentError(`${where} takes out or dtype, not both`, 'leave dtype out: out has one', { where });
  }
  const dtype = out?.dtype ?? (options.dtype === undefined ? common : asDType(options.dtype));
  const casting = options.casting ?? 'same_kind';
  for (let i = 0; i < arrays.length; i++) {
    const a = arrays[i];
    if (a.dtype === dtype || canCast(a.dtype, dtype, casting)) continue;
    throw new CastError(
      `${where}: cannot cast ${a.dtype.name} to ${dtype.name} with casting '${casting}'`,
      `convert first with astype('${dtype.name}'), or allow it with casting: 'unsafe'`,
      { where, from: a.dtype.name, to: dtype.name, casting },
    );
  }
  if (out !== undefined) {
    checkOut(where.slice(3), out, shape, dtype, casting);
    return out;
  }
  const target = newResult(shape, dtype);
  const fortran = shape.length > 1 && arrays.every((a) => !a.contiguous && isFortran(a));
  return fortran ? arranged(target, shape, contiguousStrides(shape, dtype.itemsize, 'F')) : target;
}

const isFortran = (a: ArrayBase): boolean => isContiguous(a.shape, a.strides, a.dtype.itemsize, 'F');

/** Copies `arrays` one after another along `axis` into `target`, each seen in the shape of its box. */
function fillAlong(target: ArrayBase, arrays: readonly ArrayBase[], axis: number, out: boolean): void {
  const step = target.strides[axis];
  let at = target.offset;
  const pairs = !out && axis === target.ndim - 1 && arrays.length === 2 && target.shape[axis] === 2;
  if (pairs && arrays[0].shape[axis] === 1 && target.size > 0 && canInterleave(arrays[0], arrays[1], target)) {
    interleave(arrays[0], arrays[1], target);
    return;
  }
  for (let i = 0; i < arrays.length; i++) {
    const a = arrays[i];
    if (a.size > 0)
      copyInto(out && clashes(a, target) ? heapCopy(a) : a, reinterpret(target, at, a.shape, target.strides));
    at += a.shape[axis] * step;
  }
}

/**
 * The arrays one after another along an axis that they have (default 0); flattened with `axis: null`. Dtypes promote.
 * @throws ShapeError unless all other dimensions agree, CastError for a `dtype` or `out` that `casting` does not allow.
 * @example np.concatenate([[1, 2], [3]]) // array([1., 2., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.concatenate.html
 */
export function concatenate(arrays: ArrayList, axis?: number | null | JoinOptions, options?: JoinOptions): NDArray {
  if (events.timing) return timed('concatenate', concatenate, arrays, axis, options);
  const where = 'np.concatenate';
  if (options === undefined && (axis === undefined || typeof axis === 'number')) {
    const { arrays: members, dtype } = membersOf(arrays, where);
    return joinAlong(where, members, dtype, axis ?? 0, NO_OPTIONS);
  }
  return join(where, arrays, reduceOptions(axis, options, joinOptions, where));
}
/** The standard's name of {@link concatenate}. */
export const concat: typeof concatenate = concatenate;

function join(where: string, list: ArrayList, options: JoinOptions): NDArray {
  const { arrays, dtype } = membersOf(list, where);
  if (options.axis === null) return joinFlat(where, arrays, dtype, options);
  return joinAlong(where, arrays, dtype, options.axis ?? 0, options);
}

function joinAlong(
  where: string,
  arrays: readonly ArrayBase[],
  dtype: DType,
  along: number,
  options: StackOptions,
): NDArray {
  const first = arrays[0].shape;
  if (first.length === 0) {
    throw new ShapeError(`${where}: 0-d arrays cannot be joined`, 'use stack, or reshape them to one dimension', {
      where,
    });
  }
  const axis = normalizeAxis(along, first.length, where);
  const shape = first.slice();
  for (let i = 1; i < arrays.length; i++) {
    const other = arrays[i].shape;
    let fits = other.length === first.length;
    for (let d = 0; fits && d < first.length; d++) fits = d === axis || other[d] === first[d];
    if (!fits) throw mismatch(where, arrays, i, axis);
    shape[axis] += other[axis];
  }
  const target = targetOf(where, shape, arrays, dtype, options);
  fillAlong(target, arrays, axis, options.out !== undefined);
  return nd(target);
}

function mismatch(where: string, arrays: readonly ArrayBase[], i: number, axis: number): ShapeError {
  return new ShapeError(
    `${where}: array ${i} has shape ${formatShape(arrays[i].shape)}, which does not fit ${formatShape(arrays[0].shape)} beside axis ${axis}`,
    'all dimensions but the joined one must agree; reshape or pad the arrays',
    { where, shapes: arrays.map((a) => a.shape), axis },
  );
}

// Every array is written in C order to its stretch of the one-dimensional result.
function joinFlat(where: string, arrays: readonly ArrayBase[], dtype: DType, options: StackOptions): NDArray {
  const n = arrays.reduce((sum, a) => sum + a.size, 0);
  const target = targetOf(where, [n], arrays, dtype, options);
  const step = target.strides[0];
  let at = target.offset;
  for (const a of arrays) {
    if (a.size > 0) {
      const from = options.out !== undefined && clashes(a, target) ? heapCopy(a) : a;
      copyInto(from, reinterpret(target, at, a.shape, contiguousStrides(a.shape, step)));
    }
    at += a.size * step;
  }
  return nd(target);
}

/**
 * Arrays of one shape along a new axis, at this position of the result (default 0).
 * @throws ShapeError unless all shapes are the same; CastError as for concatenate.
 * @example np.stack([[1, 2], [3, 4]], 1).tolist() // [[1, 3], [2, 4]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.stack.html
 */
export function stack(arrays: ArrayList, axis?: number | JoinOptions, options?: JoinOptions): NDArray {
  if (events.timing) return timed('stack', stack, arrays, axis, options);
  const where = 'np.stack';
  const o = axis === undefined && options === undefined ? {} : reduceOptions(axis, options, joinOptions, where);
  const { arrays: members, dtype } = membersOf(arrays, where);
  const { shape } = members[0];
  for (let i = 1; i < members.length; i++) {
    const other = members[i].shape;
    let fits = other.length === shape.length;
    for (let d = 0; fits && d < shape.length; d++) fits = other[d] === shape[d];
    if (fits) continue;
    throw new ShapeError(
      `${where}: array ${i} has shape ${formatShape(other)}, the first ${formatShape(shape)}`,
      'stack takes arrays of one shape; use concatenate, or broadcast_arrays first',
      { where, shapes: members.map((a) => a.shape) },
    );
  }
  const at = normalizeAxis(o.axis ?? 0, shape.length + 1, where);
  return joinAlong(
    where,
    members.map((a) => withAxis(a, at)),
    dtype,
    at,
    o,
  );
}

/** The array with a new axis of length 1 before its axis `at`. */
export function withAxis(a: ArrayBase, at: number): ArrayBase {
  const shape = a.shape.slice();
  const strides = a.strides.slice();
  shape.splice(at, 0, 1);
  strides.splice(at, 0, 0);
  return reinterpret(a, a.offset, shape, strides);
}

/** Joins along an axis after giving every member at least `ndim` dimensions. */
function stacked(name: string, list: ArrayList, ndim: number, axis: number, options: StackOptions): NDArray {
  const where = `np.${name}`;
  stackOptions.check(options, where);
  const { arrays, dtype } = membersOf(list, where);
  return joinAlong(
    where,
    arrays.map((a) => raised(a, ndim)),
    dtype,
    axis,
    options,
  );
}

/**
 * Rows under one another: vectors become rows, other arrays are joined along their first axis.
 * @throws ShapeError unless all other dimensions agree; CastError as for concatenate.
 * @example np.vstack([[1, 2], [3, 4]]).shape // [2, 2]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.vstack.html
 */
export const vstack = (arrays: ArrayList, options: StackOptions = {}): NDArray =>
  stacked('vstack', arrays, 2, 0, options);

/**
 * Arrays side by side: vectors end to end, others along their second axis.
 * @throws ShapeError unless all other dimensions agree; CastError as for concatenate.
 * @example np.hstack([[1, 2], [3]]) // array([1., 2., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.hstack.html
 */
export function hstack(arrays: ArrayList, options: StackOptions = {}): NDArray {
  if (!(arrays instanceof ArrayBase)) requireList(arrays, 'arrays', 'np.hstack');
  const list = arrays instanceof ArrayBase ? arrays.ndim - 1 : operandOf(arrays[0] ?? 0, 'np.hstack');
  const ndim = typeof list === 'number' ? list : list instanceof ArrayBase ? list.ndim : 0;
  return stacked('hstack', arrays, 1, ndim > 1 ? 1 : 0, options);
}

/**
 * Arrays behind one another, along the third axis: vectors of length n count as (1, n, 1), matrices as (m, n, 1).
 * @throws ShapeError unless all other dimensions agree; CastError as for concatenate.
 * @example np.dstack([[1, 2], [3, 4]]).tolist() // [[[1, 3], [2, 4]]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.dstack.html
 */
export const dstack = (arrays: ArrayList, options: StackOptions = {}): NDArray =>
  stacked('dstack', arrays, 3, 2, options);

/**
 * Vectors as the columns of a matrix; matrices keep theirs.
 * @throws ShapeError unless the numbers of rows agree.
 * @example np.column_stack([[1, 2], [3, 4]]).tolist() // [[1, 3], [2, 4]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.column_stack.html
 */
export function column_stack(arrays: ArrayList): NDArray {
  const where = 'np.column_stack';
  const { arrays: members, dtype } = membersOf(arrays, where);
  const columns = members.map((a) => (a.ndim < 2 ? withAxis(raised(a, 1), 1) : a));
  return joinAlong(where, columns, dtype, 1, {});
}

/**
 * The values behind the array: both flattened, or joined along `axis`. Each call copies everything: to collect many
 * values, gather them in a JavaScript list and make an array of it once.
 * @throws ShapeError with an axis, unless all other dimensions agree.
 * @example np.append([1, 2], 3) // array([1., 2., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.append.html
 */
export const append = (x: ArrayLike, values: ArrayLike, axis: number | null = null): NDArray =>
  join('np.append', [x, values], { axis });

// Truth values as bits: packbits, unpackbits. The work is in kernel/wasm/bit_packing.ts, on rows along the last axis.

import { type NDArray, nd } from '../array/ndarray.ts';
import { moveaxis, ravel } from '../array/views.ts';
import { DTypeError, ShapeError } from '../base/errors.ts';
import { dtypes } from '../dtype/dtype.ts';
import { type ArrayBase, newArray, reinterpret, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { contiguousIn, heapCopy } from '../exec/copy.ts';
import { Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import { kernelOf } from '../kernel/compile.ts';
import { addPackBits, addUnpackBits, type BitOrder } from '../kernel/wasm/bit_packing.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { contiguousStrides, normalizeAxis, sizeOf } from '../shape/strides.ts';

export interface PackOptions {
  /** The axis to pack along; the flattened array without one. */
  readonly axis?: number | null;
  /** Is the first element of eight the highest bit ('big', the default) or the lowest? */
  readonly bitorder?: BitOrder;
}

export interface UnpackOptions extends PackOptions {
  /** Elements per row: the first ones, or zeros added; below 0 that many left out at the end. All without it. */
  readonly count?: number | null;
}

const axisRow = ['axis', 'value'] as const;
const packOptions = new Options(axisRow, 'bitorder');
const unpackOptions = new Options(axisRow, ['count', 'value'], 'bitorder');

interface Rows {
  /** Rows along the last axis, one after another. */
  readonly a: ArrayBase;
  readonly axis: number;
}

function rowsOf(x: ArrayBase, axis: number | null | undefined, where: string): Rows {
  const flat = axis === undefined || axis === null;
  const given = flat || x.ndim === 0 ? ravel(nd(x)) : nd(x);
  const along = flat ? 0 : normalizeAxis(axis, given.ndim, where);
  return { a: moveaxis(given, along, -1), axis: along };
}

/** Runs rows of `from` into rows of `n` bytes of a new array, whose axis goes back to its place. */
function convert(name: 'pack' | 'unpack', order: BitOrder, { a, axis }: Rows, read: number, bytes: number): NDArray {
  const outer = a.shape.slice(0, -1);
  const length = a.shape[a.ndim - 1];
  const out = newArray([...outer, bytes], dtypes.uint8, name === 'unpack' && read < bytes);
  const rows = sizeOf(outer);
  const kernel = kernelOf(`${name}bits:${order}`, (module) =>
    (name === 'pack' ? addPackBits : addUnpackBits)(module, order),
  );
  const { run } = kernel.at(primarySegment());
  const [from, to] = [a.storage.ptr + a.offset, out.storage.ptr + out.offset];
  const written = name === 'pack' ? bytes : read;
  if (read > 0 && written === bytes) run(rows, read, from, length, to);
  else if (read > 0) for (let i = 0; i < rows; i++) run(1, read, from + i * length, length, to + i * bytes);
  keepAlive(a.storage);
  keepAlive(out.storage);
  return moveaxis(nd(reinterpret(out, 0, [...outer, bytes], contiguousStrides([...outer, bytes], 1))), -1, axis);
}

/**
 * Bools, or integers by whether they are 0, as bits: eight to a byte along an axis, zeros behind the last.
 * @throws DTypeError for floats and complex numbers; ShapeError for an axis of a 0-d array.
 * @example np.packbits([true, false, true]) // array([160], dtype=uint8)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.packbits.html
 */
export function packbits(
  x: ArrayLike,
  axis?: number | null | PackOptions,
  bitorder?: BitOrder | PackOptions,
  options?: PackOptions,
): NDArray {
  const where = 'np.packbits';
  const o = byName<PackOptions>(['axis', 'bitorder'], [axis, bitorder, options], packOptions, where);
  const given = toArray(x, where);
  requireUsable(given, where);
  if (given.dtype.kind === 'f' || given.dtype.kind === 'c') {
    throw new DTypeError(`${where} of ${given.dtype.name}`, "pass bools or integers: compare, or astype('bool')", {
      dtype: given.dtype.name,
    });
  }
  const rows = rowsOf(given, o.axis, where);
  const bytes = given.dtype.itemsize === 1 ? rows.a : heapCopy(rows.a, dtypes.bool);
  const a = contiguousIn(bytes);
  const n = a.shape[a.ndim - 1];
  return convert('pack', o.bitorder ?? 'big', { a, axis: rows.axis }, n, Math.ceil(n / 8));
}

/**
 * The bits of bytes as zeros and ones, eight for each along an axis, or `count` per row.
 * @throws DTypeError for another dtype than uint8; ShapeError for a negative count that leaves out more than there is.
 * @example np.unpackbits(np.array([160], { dtype: 'uint8' }), { count: 3 }) // array([1, 0, 1], dtype=uint8)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.unpackbits.html
 */
export function unpackbits(
  x: ArrayLike,
  axis?: number | null | UnpackOptions,
  count?: number | null | UnpackOptions,
  bitorder?: BitOrder | UnpackOptions,
  options?: UnpackOptions,
): NDArray {
  const where = 'np.unpackbits';
  const o = byName<UnpackOptions>(
    ['axis', 'count', 'bitorder'],
    [axis, count, bitorder, options],
    unpackOptions,
    where,
  );
  const given = toArray(x, where);
  requireUsable(given, where);
  if (given.dtype !== dtypes.uint8) {
    throw new DTypeError(`${where} of ${given.dtype.name}`, "pass bytes: astype('uint8')", { dtype: given.dtype.name });
  }
  const rows = rowsOf(given, o.axis, where);
  const a = contiguousIn(rows.a);
  const all = 8 * a.shape[a.ndim - 1];
  const asked = o.count ?? all;
  if (typeof asked !== 'number' || !Number.isSafeInteger(asked) || asked < -all) {
    throw new ShapeError(`${where}: count is ${String(asked)} of ${all} bits`, `pass an integer from ${-all}`, {
      count: asked,
    });
  }
  const length = asked < 0 ? all + asked : asked;
  return convert('unpack', o.bitorder ?? 'big', { a, axis: rows.axis }, Math.min(all, length), length);
}

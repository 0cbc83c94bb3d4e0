// The short paths: one contiguous index array on the first axis of a contiguous heap array, and one mask over all of it.
// They look up a kernel by small numbers and run it; what they do not know they leave alone, and the random lines against
// NumPy (test/differential) hold both ways against each other.

import { type DType, dtypeList, dtypes } from '../../dtype/dtype.ts';
import type { Kernel } from '../../kernel/compile.ts';
import { keepAlive, primarySegment } from '../../memory/allocate.ts';
import { type ArrayBase, newArray } from '../array_base.ts';
import { scalarParams } from '../call.ts';
import { identity } from '../copy.ts';
import { runLong, SLICE } from '../run.ts';
import { layoutCodes, operandCode } from '../ufunc.ts';
import { flag, inBounds, moveKernel, refused, WIDEST } from './moves.ts';

/** Up to so many positions are one call. */
const SHORT = 16384;
/** Work per element as a multiple of a common kernel's: memory is read out of order. */
const WEIGHT = 3;

/** Are its elements side by side in the heap, and still there? */
export const isReady = (a: ArrayBase): boolean =>
  a.contiguous && a.storage.segment === primarySegment() && a.storage.owner !== null;

const codes = [layoutCodes.contiguous, layoutCodes.uniform, layoutCodes.contiguous];
const rowKernel = (d: DType, bytes: number, stores: boolean): Kernel => moveKernel(bytes, stores, [d], codes);

/** Bytes of what one position along the first axis selects; 0 where the short path is not for it. */
function rowBytes(a: ArrayBase, positions: ArrayBase): number {
  const { kind } = positions.dtype;
  if ((kind !== 'i' && kind !== 'u') || a.ndim === 0 || positions.ndim === 0) return 0;
  if (!isReady(a) || !isReady(positions) || a.shape[0] === 0) return 0;
  const bytes = (a.size / a.shape[0]) * a.dtype.itemsize;
  return bytes <= WIDEST ? bytes : 0;
}

/** a[positions] as a new array; undefined where that takes more. */
export function takeRows(a: ArrayBase, positions: ArrayBase, where: string): ArrayBase | undefined {
  const bytes = rowBytes(a, positions);
  if (bytes === 0) return undefined;
  const out = newArray(a.ndim === 1 ? positions.shape : [...positions.shape, ...a.shape.slice(1)], a.dtype);
  const at = flag();
  const from = positions.storage.ptr + positions.offset;
  const { size, dtype } = positions;
  const kernel = rowKernel(dtype, bytes, false);
  const [base, to, rows] = [a.storage.ptr + a.offset, out.storage.ptr, a.shape[0]];
  if (size <= SHORT) kernel.at(primarySegment()).run(size, from, base, to, rows, bytes, at);
  else runLong(kernel, size, [from, base, to], [dtype.itemsize, 0, bytes], [rows, bytes, at], WEIGHT);
  keepAlive(positions.storage);
  keepAlive(a.storage);
  if (primarySegment().i32[at >>> 2] !== 0) refused(positions, rows, where);
  return out;
}

/** a[positions] = values, for as many rows of values of the same dtype that are apart from both; else false. */
export function putRows(a: ArrayBase, positions: ArrayBase, values: ArrayBase, where: string): boolean {
  const bytes = values.dtype === a.dtype && isReady(values) ? rowBytes(a, positions) : 0;
  if (bytes === 0 || values.size * a.dtype.itemsize !== bytes * positions.size) return false;
  if (a.ndim !== 1 || positions.ndim !== 1 || values.ndim !== 1) return false;
  if (values.storage === a.storage || positions.storage === a.storage) return false;
  const [size] = a.shape;
  if (!inBounds({ array: positions, strides: positions.strides, axis: 0, size, step: bytes })) {
    refused(positions, size, where);
  }
  const from = positions.storage.ptr + positions.offset;
  const { run } = rowKernel(positions.dtype, bytes, true).at(primarySegment());
  const [base, source] = [a.storage.ptr + a.offset, values.storage.ptr + values.offset];
  const step = positions.dtype.itemsize;
  const at = flag();
  // one slice after another: of several values for one place the last stays
  for (let done = 0; done < positions.size; done += SLICE) {
    const n = Math.min(SLICE, positions.size - done);
    run(n, from + done * step, base, source + done * bytes, size, bytes, at);
  }
  for (const x of [a, positions, values]) keepAlive(x.storage);
  return true;
}

const fills: (Kernel | undefined)[] = new Array(dtypeList.length);

/** a[mask] = x for a scalar that has been checked, a mask of the same shape; false where that takes more. */
export function fillWhere(
  a: ArrayBase,
  mask: ArrayBase,
  x: Parameters<typeof scalarParams>[0],
  where: string,
): boolean {
  const d = a.dtype;
  if (!isReady(a) || !isReady(mask) || mask.dtype !== dtypes.bool || mask.storage === a.storage) return false;
  let kernel = fills[d.id];
  if (kernel === undefined) {
    const { contiguous, parameter } = layoutCodes;
    const codes = [operandCode(d, parameter), operandCode(d, contiguous), operandCode(dtypes.bool, contiguous)];
    kernel = identity(d).kernel(codes, true);
    fills[d.id] = kernel;
  }
  const to = a.storage.ptr + a.offset;
  const step = d.itemsize;
  runLong(kernel, a.size, [mask.storage.ptr + mask.offset, to, to], [1, step, step], scalarParams(x, d, where));
  keepAlive(a.storage);
  keepAlive(mask.storage);
  return true;
}

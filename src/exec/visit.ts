// Runs a visiting kernel (kernel/wasm/visit.ts) over arrays of any layout, on this thread, in an order that follows
// memory unless the caller needs C order.

import { dtypeList } from '../dtype/dtype.ts';
import type { Kernel } from '../kernel/compile.ts';
import type { Layout, OperandSpec } from '../kernel/wasm/operands.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { coalesce } from '../shape/coalesce.ts';
import type { ArrayBase } from './array_base.ts';
import { layoutOf, runLoops } from './run.ts';
import { operandCode } from './ufunc.ts';

const layouts: readonly Layout[] = ['contiguous', 'strided', 'uniform'];

/** Operands of a kernel by their codes (dtype and layout). */
export const specsOf = (codes: readonly number[]): OperandSpec[] =>
  codes.map((c) => ({ lane: dtypeList[c >> 2].lane, parts: dtypeList[c >> 2].parts, layout: layouts[c & 3] }));

/** Visits every element of `arrays` (resident, broadcast to `shape`); `kernelFor` is given the operands' codes. */
export function visit(
  kernelFor: (codes: readonly number[]) => Kernel,
  arrays: readonly ArrayBase[],
  shape: readonly number[],
  params: (number | bigint)[],
  keepOrder = false,
): void {
  const strides = arrays.map((a) => broadcastStrides(a.shape, a.strides, shape));
  const loops = coalesce(shape, strides, { keepOrder });
  const last = loops.shape.length - 1;
  const codes = arrays.map((a, k) => layoutOf(loops.strides[k][last], a.dtype.itemsize, loops.shape[last]));
  const kernel = kernelFor(arrays.map((a, k) => operandCode(a.dtype, codes[k])));
  const addresses = arrays.map((a) => a.storage.ptr + a.offset);
  const itemsizes = arrays.map((a) => a.dtype.itemsize);
  runLoops(kernel, primarySegment(), loops, { addresses, itemsizes, codes }, params, true);
  for (const a of arrays) keepAlive(a.storage);
}

// A matrix times its own transpose: the result is symmetric to the bit, so that half of it is computed, by halving as
// lapack/rank_update.ts does, and the other half copied over.

import { type ArrayBase, reinterpret } from '../exec/array_base.ts';
import { copyInto } from '../exec/copy.ts';
import { primarySegment } from '../memory/allocate.ts';
import type { ElementName } from './gemm/elements.ts';
import type { MatrixAt } from './gemm/gemm.ts';
import { gemm } from './provider/gemm.ts';

/** Rows of the squares on the diagonal, which are computed whole. */
const BLOCK = 128;

/** Is B the transpose of A, element for element, and large enough for that to pay? */
export const isOwnTranspose = (m: number, n: number, a: MatrixAt, b: MatrixAt): boolean =>
  a.ptr === b.ptr && m === n && m > BLOCK && a.rowStride === b.columnStride && a.columnStride === b.rowStride;

/** C = A·Aᵀ, A of C's rows and k columns; C is a C-contiguous array apart from A. */
export function symmetricProduct(name: ElementName, k: number, a: MatrixAt, c: ArrayBase): void {
  const segment = primarySegment();
  const [ldc, item] = c.strides;
  const part = (i: number, j: number, m: number, n: number, turned: boolean): ArrayBase =>
    reinterpret(c, c.offset + i * ldc + j * item, [m, n], turned ? [item, ldc] : [ldc, item]);
  const product = (i: number, m: number, j: number, n: number): void => {
    const { rowStride, columnStride } = a;
    const left = { ptr: a.ptr + i * rowStride, rowStride, columnStride };
    const right = { ptr: a.ptr + j * rowStride, rowStride: columnStride, columnStride: rowStride };
    gemm(segment, name, m, n, k, left, right, c.storage.ptr + c.offset + i * ldc + j * item, ldc);
  };
  const square = (at: number, n: number): void => {
    if (n <= BLOCK) {
      product(at, n, at, n);
      return;
    }
    const h = Math.ceil(n / (2 * BLOCK)) * BLOCK;
    product(at + h, n - h, at, h);
    copyInto(part(at + h, at, h, n - h, true), part(at, at + h, h, n - h, false));
    square(at, h);
    square(at + h, n - h);
  };
  square(0, c.shape[0]);
}

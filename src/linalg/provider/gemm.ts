// Who multiplies matrices: the system's BLAS where there is one and the product is large, else the embedded kernel. The
// choice follows from settings, size, dtype and strides alone, so that equal calls have equal bits in one process.
import { dtypes } from '../../dtype/dtype.ts';
import { gemm as embedded, type MatrixAt } from '../gemm/gemm.ts';
import { offsetsOf, single } from '../gemm/stack.ts';
import { nativeGemm, wantsNative } from './native_gemm.ts';

/** C = A·B, C += A·B or C −= A·B for every product of the stack, as gemm/gemm.ts describes it. */
export const gemm: typeof embedded = (segment, name, m, n, k, a, b, c, ldc, stack = single, update = 0) => {
  if (wantsNative(segment, name, m * n * k)) {
    const { itemsize } = dtypes[name];
    const moved = (x: MatrixAt, by: number): MatrixAt => ({ ...x, ptr: x.ptr + by });
    const [as, bs] = [offsetsOf(stack, 0), offsetsOf(stack, 1)];
    const done = offsetsOf(stack, 2).every((by, s) =>
      nativeGemm(segment, name, itemsize, m, n, k, moved(a, as[s]), moved(b, bs[s]), c + by, ldc, update),
    );
    if (done) return; // else the strides are none that BLAS takes: the first product said so, for all of them
  }
  embedded(segment, name, m, n, k, a, b, c, ldc, stack, update);
};

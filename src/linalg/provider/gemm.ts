// Who multiplies matrices: the system's BLAS where there is one and the product is large, else the embedded kernel. The
// choice follows from settings, size, dtype and strides alone, so that equal calls have equal bits in one process.
import { gemm as embedded } from '../gemm/gemm.ts';
import { single } from '../gemm/stack.ts';
import { nativeGemm } from './native_gemm.ts';

/** C = A·B, C += A·B or C −= A·B for every product of the stack, as gemm/gemm.ts describes it. */
export const gemm: typeof embedded = (segment, name, m, n, k, a, b, c, ldc, stack = single, update = 0) => {
  if (nativeGemm(segment, name, m, n, k, a, b, c, ldc, stack, update)) return;
  embedded(segment, name, m, n, k, a, b, c, ldc, stack, update);
};

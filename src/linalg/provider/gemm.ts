// Who multiplies matrices: the system's BLAS where there is one and the product is large, else the embedded kernel. The
// choice follows from settings, size, dtype and strides alone, so that equal calls have equal bits in one process.
import { dtypes } from '../../dtype/dtype.ts';
import { gemm as embedded, type MatrixAt, type Stack } from '../gemm/gemm.ts';
import { nativeGemm, wantsNative } from './native_gemm.ts';

const single: Stack = { a: [0], b: [0], c: [0] };

/** C = A·B, C += A·B or C −= A·B for every product of the stack, as gemm/gemm.ts describes it. */
export const gemm: typeof embedded = (segment, name, m, n, k, a, b, c, ldc, stack = single, update = 0) => {
  if (wantsNative(segment, name, m * n * k)) {
    const { itemsize } = dtypes[name];
    const moved = (x: MatrixAt, by: number): MatrixAt => ({ ...x, ptr: x.ptr + by });
    const done = stack.c.every((by, s) =>
      nativeGemm(segment, name, itemsize, m, n, k, moved(a, stack.a[s]), moved(b, stack.b[s]), c + by, ldc, update),
    );
    if (done) return; // else the strides are none that BLAS takes: the first product said so, for all of them
  }
  embedded(segment, name, m, n, k, a, b, c, ldc, stack, update);
};

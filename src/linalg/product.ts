// One matrix product of arrays: operands coerced, dtypes settled, stacks broadcast, `out` checked, host bytes brought
// into the heap, and the kernel chosen by the shape alone. What matmul, dot and inner share; their shape rules are in
// matmul.ts, the arithmetic in gemm/.

import { CastError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { type Casting, canCast } from '../dtype/promotion.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import { checkOut } from '../exec/call.ts';
import { castCopy, castInto } from '../exec/cast.ts';
import { heapCopy, isResident } from '../exec/copy.ts';
import { timed } from '../exec/timed.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { coalesce } from '../shape/coalesce.ts';
import { solveOverlap } from '../shape/overlap.ts';
import { sizeOf } from '../shape/strides.ts';
import { elementOf } from './gemm/elements.ts';
import { dot } from './gemm/gemv.ts';
import { lookedFor, mayThrow, productFaults } from './product_faults.ts';
import { gemm } from './provider/gemm.ts';
import { gemv } from './provider/gemv.ts';
import { isOwnTranspose, symmetricProduct } from './symmetric_product.ts';

/** A product to do: what the names in an error are, the shapes, and where the result goes. */
export interface Product {
  readonly op: string;
  /** Shape of the stack of products; [] for one. */
  readonly stack: readonly number[];
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Shape of the result array: the stack, then what remains of m and n. */
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly casting: Casting;
  readonly out?: ArrayBase;
  /** Conjugate the first operand; for products of two vectors only. */
  readonly conjugate?: boolean;
}

/** An operand as a stack of matrices: bytes between rows and columns, and along the stack's dimensions. */
export interface Factor {
  readonly array: ArrayBase;
  /** The dimensions of `array` that are the stack's, the rows and the columns; -1 where it has none. */
  readonly stackDims: number;
  readonly rowDim: number;
  readonly columnDim: number;
}

const layout = (a: ArrayBase) => ({
  offset: a.storage.ptr + a.offset,
  shape: a.shape,
  strides: a.strides,
  itemsize: a.dtype.itemsize,
});

const overlaps = (a: ArrayBase, b: ArrayBase): boolean =>
  a.storage.segment === b.storage.segment && solveOverlap(layout(a), layout(b));

/** The operand in the heap and in the dtype that the kernels compute in. */
function stage(op: string, a: ArrayBase, dtype: DType, computing: DType, casting: Casting): ArrayBase {
  if (!canCast(a.dtype, dtype, casting)) {
    throw new CastError(
      `np.${op}: cannot cast an operand from ${a.dtype.name} to ${dtype.name} with casting '${casting}'`,
      `convert it first with astype('${dtype.name}'), or allow it with casting: 'unsafe'`,
      { op, from: a.dtype.name, to: dtype.name, casting },
    );
  }
  if (a.dtype !== dtype && computing !== dtype) return heapCopy(heapCopy(a, dtype), computing);
  return computing === a.dtype && isResident(a) ? a : heapCopy(a, computing);
}

/** Computes C = A·B for every matrix of the stack; the result is `out` or a new C-contiguous array. */
export function multiply(p: Product, a: Factor, b: Factor): ArrayBase {
  if (events.timing) return timed(p.op, multiply, p, a, b);
  const { op, m, n, k, dtype, casting } = p;
  const name = elementOf[dtype.name];
  // Signed and unsigned integers of one size have the same products; other elements are computed in a wider dtype.
  const computing = dtypes[name].itemsize === dtype.itemsize && !dtype.half ? dtype : dtypes[name];
  if (p.out !== undefined) checkOut(op, p.out, p.shape, dtype, casting);
  if (events.active['exec.call']) {
    const names = [a.array.dtype, b.array.dtype, dtype].map((d) => d.name);
    events.emit('exec.call', { op, dtypes: names, shape: p.shape });
  }
  const x = stage(op, a.array, dtype, computing, casting);
  const y = stage(op, b.array, dtype, computing, casting);
  const { out } = p;
  const direct =
    out !== undefined &&
    out.dtype === computing &&
    out.contiguous &&
    isResident(out) &&
    !mayThrow(dtype) &&
    !overlaps(x, out) &&
    !overlaps(y, out);
  const target = direct ? out : newArray(p.shape, computing);
  const item = computing.itemsize;
  const stride = (of: ArrayBase, dim: number): number => (dim < 0 ? 0 : of.strides[dim]);
  const A = {
    ptr: x.storage.ptr + x.offset,
    rowStride: stride(x, a.rowDim),
    columnStride: stride(x, a.columnDim),
  };
  const B = {
    ptr: y.storage.ptr + y.offset,
    rowStride: stride(y, b.rowDim),
    columnStride: stride(y, b.columnDim),
  };
  const c = target.storage.ptr + target.offset;
  const segment = primarySegment();
  if (p.stack.length === 0 && (m === 1 || n === 1)) {
    if (m === 1 && n === 1) {
      const [left, right] = [
        { ptr: A.ptr, stride: A.columnStride },
        { ptr: B.ptr, stride: B.rowStride },
      ];
      dot(segment, name, k, left, right, c, p.conjugate);
    } else if (n === 1) gemv(segment, name, m, k, A, { ptr: B.ptr, stride: B.rowStride }, c);
    else {
      const turned = { ptr: B.ptr, rowStride: B.columnStride, columnStride: B.rowStride };
      gemv(segment, name, n, k, turned, { ptr: A.ptr, stride: A.columnStride }, c);
    }
  } else if (p.stack.length === 0 && isOwnTranspose(m, n, A, B)) symmetricProduct(name, k, A, target);
  else if (p.stack.length === 0) gemm(segment, name, m, n, k, A, B, c, n * item);
  else if (b.stackDims === 0 && x.contiguous && a.stackDims + 2 === x.ndim) {
    // One matrix on the right of a dense stack: the stack is one tall matrix.
    const tall = { ...A, rowStride: k * item, columnStride: item };
    const rows = m * sizeOf(p.stack);
    if (n === 1) gemv(segment, name, rows, k, tall, { ptr: B.ptr, stride: B.rowStride }, c);
    else gemm(segment, name, rows, n, k, tall, B, c, n * item);
  } else {
    const along = (of: ArrayBase, dims: number): readonly number[] =>
      broadcastStrides(of.shape.slice(0, dims), of.strides.slice(0, dims), p.stack);
    const inC = p.stack.map((_, d) => sizeOf(p.stack.slice(d + 1)) * m * n * item);
    const stack = coalesce(p.stack, [along(x, a.stackDims), along(y, b.stackDims), inC], { keepOrder: true });
    gemm(segment, name, m, n, k, A, B, c, n * item, stack);
  }
  keepAlive(x.storage);
  keepAlive(y.storage);
  // Integers computed wider wrap, which productFaults tells of; only float16 can overflow in this cast.
  const narrowed = dtype.half ? castCopy : heapCopy;
  const result = computing === dtype ? target : narrowed(target, dtype);
  if (lookedFor(dtype) !== 0) {
    productFaults(op, { ...a, array: x }, { ...b, array: y }, result, () =>
      multiply({ ...p, dtype: dtypes.float64, casting: 'unsafe', out: undefined }, a, b),
    );
  }
  if (out === undefined) return result;
  if (result !== out) castInto(result, out, true);
  return out;
}

// The short path of np.matmul: two small matrices of one float dtype that lie in the heap, nothing asked for. What
// product.ts does for every product is left out where it would change nothing; the bits are the same, as both ways run
// one kernel. All else goes there.

import { events } from '../base/events.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import { currentErrors } from '../exec/errstate/state.ts';
import { currentGuard } from '../exec/guard.ts';
import { fitsKernel } from '../exec/small.ts';
import { faultBits } from '../kernel/faults.ts';
import { keepAlive, primarySegment, scratch } from '../memory/allocate.ts';
import { directKernel, MOST_TERMS_COPIED } from './gemm/direct.ts';
import { directScratch } from './gemm/direct_kernel.ts';
import { elements, itemBytes } from './gemm/elements.ts';
import { allowsFused } from './gemm/gemm.ts';

/** Elements of a result that are looked at one by one. */
const MOST_RESULTS = 1024;
const names = ['float32', 'float64', 'complex64', 'complex128'] as const;

/** The product of two matrices, or undefined where the call needs more than this. */
export function smallProduct(a: ArrayBase, b: ArrayBase): ArrayBase | undefined {
  const { dtype } = a;
  if (a.ndim !== 2 || b.ndim !== 2 || b.dtype !== dtype || events.watched || currentGuard() !== undefined)
    return undefined;
  const name = names.find((n) => n === dtype.name);
  const [m, k] = a.shape;
  const n = b.shape[1];
  const e = name === undefined ? undefined : elements[name];
  // With one row or column matrix times vector is defined otherwise.
  if (name === undefined || e === undefined || m < 2 || n < 2 || k === 0 || b.shape[0] !== k) return undefined;
  if (m * n * k * e.parts > MOST_TERMS_COPIED || m * n > MOST_RESULTS || !fitsKernel(a) || !fitsKernel(b))
    return undefined;
  const errors = currentErrors();
  if (errors.raising !== 0) return undefined;
  const segment = primarySegment();
  const item = itemBytes(e);
  const result = newArray([m, n], dtype);
  const { b: panels, tile, total } = directScratch(m, n, k, e, a.strides[1] !== item);
  const mark = scratch.mark();
  const work = scratch.take(segment, total);
  const { run } = directKernel(name, allowsFused(e)).at(segment);
  const left = a.storage.ptr + a.offset;
  const right = b.storage.ptr + b.offset;
  const at = result.storage.ptr;
  const [rsa, csa] = a.strides;
  const [rsb, csb] = b.strides;
  run(m, n, k, left, rsa, csa, right, rsb, csb, at, n * item, work, panels, tile, 0, 1, 0, 0, 0);
  scratch.release(mark);
  keepAlive(a.storage);
  keepAlive(b.storage);
  if ((errors.wanted & (faultBits.over | faultBits.invalid)) === 0) return result;
  // What is not finite may have to be told of.
  const view = e.width === 8 ? segment.f64 : segment.f32;
  const from = at / e.width;
  let zero = 0;
  for (let i = from; i < from + m * n * e.parts; i++) zero += view[i] * 0;
  return zero === 0 ? result : undefined;
}

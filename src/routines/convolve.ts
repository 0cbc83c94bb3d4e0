// Products of sequences: convolve and correlate, computed directly. The part where the sequences overlap whole is read
// in place; only the ends of long sequences are padded with zeros, in buffers of the shorter one's length.

import { conjugate } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import type { DType } from '../dtype/dtype.ts';
import { dtypes } from '../dtype/dtype.ts';
import { promote } from '../dtype/promotion.ts';
import { type ArrayBase, newArray, reinterpret, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { contiguousIn, copyInto, heapCopy } from '../exec/copy.ts';
import { Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import { runLong } from '../exec/run.ts';
import { timed } from '../exec/timed.ts';
import { kernelOf } from '../kernel/compile.ts';
import { elementOf, elements } from '../linalg/gemm/elements.ts';
import { addSliding } from '../linalg/gemm/sliding.ts';
import { keepAlive } from '../memory/allocate.ts';
import { formatShape } from '../shape/strides.ts';

export type ConvolveMode = 'full' | 'same' | 'valid';

export interface ConvolveOptions {
  /**
   * Which overlaps count: 'full' all, 'same' as many in the middle as the longer sequence has elements, 'valid' those
   * where the shorter one lies whole within the longer.
   */
  readonly mode?: ConvolveMode;
}

const convolveOptions = new Options('mode');

function sequence(x: ArrayLike, where: string): ArrayBase {
  const a = toArray(x, where);
  requireUsable(a, where);
  if (a.ndim > 1) {
    throw new ShapeError(`${where}: a sequence has shape ${formatShape(a.shape)}`, 'pass sequences of one dimension', {
      shape: a.shape,
    });
  }
  if (a.size === 0) throw new ShapeError(`${where} of an empty sequence`, 'pass sequences of at least one element', {});
  return a.ndim === 1 ? a : reinterpret(a, a.offset, [1], [a.dtype.itemsize]);
}

const backwards = (a: ArrayBase): ArrayBase =>
  reinterpret(a, a.offset + (a.size - 1) * a.strides[0], a.shape, [-a.strides[0]]);
const part = (a: ArrayBase, from: number, length: number): ArrayBase =>
  reinterpret(a, a.offset + from * a.strides[0], [length], a.strides);

/** Weights at once: they and the elements they meet stay in the nearest cache, whoever shares it. */
const WEIGHTS = 256;

/** out[i] = Σ v[j] · a[i + j] on contiguous arrays of one dtype. */
function slide(a: ArrayBase, v: ArrayBase, out: ArrayBase): void {
  const name = elementOf[a.dtype.name];
  const kernel = kernelOf(`sliding:${name}`, (module) => addSliding(module, elements[name]));
  const address = (x: ArrayBase): number => x.storage.ptr + x.offset;
  const item = a.dtype.itemsize;
  for (let j = 0; j < v.size; j += WEIGHTS) {
    const count = Math.min(WEIGHTS, v.size - j);
    runLong(
      kernel,
      out.size,
      [address(a) + j * item, address(out)],
      [item, item],
      [address(v) + j * item, count, j > 0 ? 1 : 0],
      1 + count / 8,
    );
  }
  for (const x of [a, v, out]) keepAlive(x.storage);
}

/** Elements up to which padding the whole sequence costs less than three calls. */
const SHORT = 2048;

/** Overlaps of a long sequence with a shorter one of weights: `before` partial ones, the whole ones, `after` partial ones. */
function overlaps(a: ArrayBase, v: ArrayBase, before: number, after: number): ArrayBase {
  const [n, k] = [a.size, v.size];
  const whole = n - k + 1;
  const out = newArray([before + whole + after], a.dtype);
  if (n <= SHORT && before + after > 0) {
    const padded = newArray([before + n + after], a.dtype, true);
    copyInto(a, part(padded, before, n));
    slide(padded, v, out);
    return out;
  }
  slide(a, v, part(out, before, whole));
  if (before > 0) {
    const padded = newArray([before + k - 1], a.dtype, true);
    copyInto(part(a, 0, k - 1), part(padded, before, k - 1));
    slide(padded, v, part(out, 0, before));
  }
  if (after > 0) {
    const padded = newArray([after + k - 1], a.dtype, true);
    copyInto(part(a, n - k + 1, k - 1), part(padded, 0, k - 1));
    slide(padded, v, part(out, before + whole, after));
  }
  return out;
}

/** c[i] = Σ a[i + j] · v[j]; `turned` where the weights belong to the sequence that was given first. */
function products(a: ArrayBase, v: ArrayBase, mode: ConvolveMode): ArrayBase {
  const dtype = promote(a.dtype, v.dtype);
  const computing: DType = dtypes[elementOf[dtype.name]];
  const [x, w] = [a, v].map((s) => contiguousIn(s.dtype === dtype ? s : heapCopy(s, dtype), computing));
  const turned = x.size < w.size;
  const [long, short] = turned ? [w, x] : [x, w];
  const rest = short.size - 1;
  // Of an even number of weights the middle lies before the half.
  const left = mode === 'full' ? rest : mode === 'same' ? short.size >> 1 : 0;
  const right = mode === 'full' ? rest : mode === 'same' ? rest - left : 0;
  const out = overlaps(long, short, left, right);
  const result = computing === dtype ? out : heapCopy(out, dtype);
  return turned ? contiguousIn(backwards(result)) : result;
}

/**
 * Convolution of two sequences: Σ a[j] · v[i − j]. Integers wrap, of bools it is any(and).
 * @throws ShapeError for empty sequences or more than one dimension; ArgumentError for another mode.
 * @example np.convolve([1, 2, 3], [0, 1, 0.5]) // array([0. , 1. , 2.5, 4. , 1.5])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.convolve.html
 */
export function convolve(a: ArrayLike, v: ArrayLike, mode?: ConvolveMode | ConvolveOptions): NDArray {
  if (events.timing) return timed('convolve', convolve, a, v, mode);
  const o = byName<ConvolveOptions>(['mode'], [mode], convolveOptions, 'np.convolve');
  const [x, w] = [sequence(a, 'np.convolve'), sequence(v, 'np.convolve')];
  const [long, short] = w.size > x.size ? [w, x] : [x, w];
  return nd(products(long, backwards(short), o.mode ?? 'full'));
}

/**
 * Cross-correlation of two sequences: Σ a[i + j] · conj(v[j]). Integers wrap, of bools it is any(and).
 * @throws ShapeError for empty sequences or more than one dimension; ArgumentError for another mode.
 * @example np.correlate([1, 2, 3], [0, 1, 0.5]) // array([3.5])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.correlate.html
 */
export function correlate(a: ArrayLike, v: ArrayLike, mode?: ConvolveMode | ConvolveOptions): NDArray {
  const o = byName<ConvolveOptions>(['mode'], [mode], convolveOptions, 'np.correlate');
  const [x, w] = [sequence(a, 'np.correlate'), sequence(v, 'np.correlate')];
  return nd(products(x, w.dtype.kind === 'c' ? conjugate(nd(w)) : w, o.mode ?? 'valid'));
}

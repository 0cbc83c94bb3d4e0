// np.linalg.qr: the front of the factorization, its modes and results. The algorithm is a provider's.

import { type NDArray, nd } from '../array/ndarray.ts';
import { ArgumentError } from '../base/errors.ts';
import { type ArrayBase, arranged, newArray } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { type Named, named } from '../exec/named.ts';
import { describe, Options } from '../exec/options.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { sizeOf } from '../shape/strides.ts';
import { clearTriangle } from './lapack/clear_triangle.ts';
import type { Field } from './lapack/language.ts';
import { smallQr } from './lapack/qr.ts';
import { run } from './provider/run.ts';
import { isSmall, lying } from './small.ts';
import {
  addressOf,
  byColumns,
  dtypeOf,
  fieldOf,
  fromColumns,
  jobOf,
  linalgOperand,
  newColumns,
  stackShape,
} from './stacks.ts';
import type { Computed } from './types.ts';

const modes = ['reduced', 'complete', 'r', 'raw'] as const;
/** What is wanted: Q with min(m, n) columns, or square; R alone; or the reflectors as LAPACK leaves them. */
export type QRMode = (typeof modes)[number];
/** Q with orthonormal columns, R upper triangular. */
export type QRResult<X = NDArray> = Named<{ Q: NDArray<Computed<X>>; R: NDArray<Computed<X>> }>;
/** Reflectors (transposed: […, n, m]) and their factors. */
export type QRRaw = Named<{ h: NDArray; tau: NDArray }>;
export interface QROptions<M extends QRMode = QRMode> {
  readonly mode?: M;
}

/** The longer side of small matrices, whose scratch is short. */
const LONGEST = 64;

const qrOptions = new Options(['mode', 'value']);

/** The first `count` columns of a stack by columns; a view where it has more. */
function firstColumns(work: ArrayBase, count: number): ArrayBase {
  const shape = [...work.shape];
  shape[shape.length - 2] = count;
  return arranged(work, shape, work.strides);
}

/** The first `rows` rows of the factored matrices, zeros below the diagonal, by rows. */
function upperOf(work: ArrayBase, rows: number, field: Field, count: number): NDArray {
  const n = work.shape[work.ndim - 2];
  const [shape, strides] = [[...work.shape], [...work.strides]];
  const last = shape.length - 1;
  [shape[last - 1], shape[last]] = [rows, n];
  [strides[last - 1], strides[last]] = [work.strides[last], work.strides[last - 1]];
  const r = heapCopy(arranged(work, shape, strides));
  // By rows, so below the diagonal is above that of the transpose.
  const { segment } = r.storage;
  if (segment !== null) clearTriangle(segment, field, count, addressOf(r), n, rows, 'above');
  return nd(r);
}

/**
 * QR factors of matrices […, m, n]: Q with orthonormal columns and R upper triangular, a = Q·R. With k = min(m, n), Q is
 * m × k and R k × n; mode 'complete': m × m and m × n; 'r': R alone; 'raw': the Householder reflectors { h, tau } of
 * LAPACK's geqrf. Signs are LAPACK's: R's diagonal may be negative. Integers give float64.
 * @throws LinAlgError for fewer than two dimensions; ArgumentError for another mode; DTypeError for float16.
 * @example
 * const { Q, R } = np.linalg.qr([[3, 0], [4, 5]]);
 * np.matmul(Q, R).round(12).tolist() // [[3, 0], [4, 5]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.qr.html
 */
export function qr<X extends ArrayLike>(
  a: X,
  mode?: 'reduced' | 'complete' | QROptions<'reduced' | 'complete'>,
): QRResult<X>;
export function qr<X extends ArrayLike>(a: X, mode: 'r' | QROptions<'r'>): NDArray<Computed<X>>;
export function qr(a: ArrayLike, mode: 'raw' | QROptions<'raw'>): QRRaw;
export function qr(a: ArrayLike, mode?: QRMode | QROptions): QRResult | NDArray | QRRaw {
  const where = 'np.linalg.qr';
  const wanted = modeOf(mode, where);
  const given = linalgOperand(a, where);
  const field = fieldOf(given);
  const stack = stackShape(given);
  const [m, n] = given.shape.slice(-2);
  const k = Math.min(m, n);
  const square = wanted === 'complete' && m > n;
  const columns = square ? m : k;
  if (wanted !== 'raw' && isSmall('qr', k) && Math.max(m, n) <= LONGEST) {
    const x = lying(given, field);
    const dtype = dtypeOf(field);
    const R = newArray([...stack, columns, n], dtype);
    const Q = wanted === 'r' ? undefined : newArray([...stack, m, columns], dtype);
    const out = {
      columns: Q === undefined ? 0 : columns,
      rows: columns,
      r: addressOf(R),
      q: Q === undefined ? 0 : addressOf(Q),
    };
    smallQr(primarySegment(), field, sizeOf(stack), m, n, x, x.step, out);
    keepAlive(x.array.storage);
    return Q === undefined ? nd(R) : named({ Q: nd(Q), R: nd(R) });
  }
  const work = byColumns(given, field);
  const tau = newArray([...stack, k], dtypeOf(field));
  const { base } = jobOf(field, stack);
  const [at, factors] = [addressOf(work), addressOf(tau)];
  run('qr', { ...base, m, n, a: at, tau: factors });
  keepAlive(work.storage);
  if (wanted === 'raw') return named({ h: nd(work), tau: nd(tau) });
  const R = upperOf(work, columns, field, base.count);
  if (wanted === 'r') return R;
  let q = work;
  if (columns !== n) {
    q = newColumns(stack, m, columns, dtypeOf(field));
    copyInto(firstColumns(work, k), firstColumns(q, k));
  }
  run('formQ', { ...base, m, columns, k, a: addressOf(q), tau: factors });
  keepAlive(tau.storage);
  return named({ Q: fromColumns(q), R });
}

function modeOf(mode: QRMode | QROptions | undefined, where: string): QRMode {
  if (typeof mode === 'object') qrOptions.check(mode, where);
  const wanted = (typeof mode === 'object' ? mode?.mode : mode) ?? 'reduced';
  if (modes.includes(wanted)) return wanted;
  throw new ArgumentError(
    `${where}: mode is ${describe(wanted)}`,
    `mode must be ${modes.map((x) => `'${x}'`).join(', ')}`,
    {
      where,
      mode: describe(wanted),
    },
  );
}

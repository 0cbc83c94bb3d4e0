// Membership: which elements of one array are among those of another. Integers in a small range by a table, others by a
// hash table of the second array's elements, complex numbers by search.

import { type NDArray, nd } from '../array/ndarray.ts';
import { residentArray } from '../array/reductions.ts';
import { ArgumentError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { promote } from '../dtype/promotion.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { contiguousIn, heapCopy } from '../exec/copy.ts';
import { contains, hashLane, hashSet } from '../exec/hash_set.ts';
import { marked, marks } from '../exec/histogram.ts';
import { Options } from '../exec/options.ts';
import { searchRow, sortRows } from '../exec/sort.ts';
import { timed } from '../exec/timed.ts';
import { integerRange } from './distinct.ts';

export interface IsinOptions {
  /** No element occurs twice in either array: taken note of, nothing is faster for it. */
  readonly assume_unique?: boolean;
  /** Which are not among them. */
  readonly invert?: boolean;
  /** 'table' insists on a table, for integers; 'sort' forbids it. */
  readonly kind?: 'sort' | 'table' | null;
}

const isinOptions = new Options(['assume_unique', 'keepdims'], ['invert', 'keepdims'], ['kind', 'value']);

const isInteger = (d: DType): boolean => d.kind === 'b' || d.kind === 'i' || d.kind === 'u';

/**
 * For every element of `element` whether it is among `test_elements`, in the shape of the former; NaN never is.
 * @throws ArgumentError for kind 'table' where the elements are no integers or their range is too wide for a table.
 * @example np.isin([1, 2, 5], [5, 1]) // array([ True, False,  True])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.isin.html
 */
export function isin(element: ArrayLike, test_elements: ArrayLike, options: IsinOptions = {}): NDArray {
  if (events.timing) return timed('isin', isin, element, test_elements, options);
  const where = 'np.isin';
  isinOptions.check(options, where);
  const { invert = false, kind = null } = options;
  if (kind !== null && kind !== 'sort' && kind !== 'table') {
    throw new ArgumentError(`${where}: kind is '${kind}'`, "use 'sort', 'table' or null", { kind });
  }
  return among(residentArray(element, where), residentArray(test_elements, where), invert, kind);
}

/** isin on resident arrays. */
export function among(a: ArrayBase, b: ArrayBase, invert: boolean, kind: 'sort' | 'table' | null = null): NDArray {
  const integers = isInteger(a.dtype) && isInteger(b.dtype);
  if (kind === 'table' && !integers) {
    throw new ArgumentError('np.isin: a table needs integers', 'leave kind out', {
      dtypes: [a.dtype.name, b.dtype.name],
    });
  }
  if (b.size === 0 || a.size === 0) return nd(filled(a, invert));
  if (integers && kind !== 'sort') {
    const [low, high] = integerRange(b);
    const most = kind === 'table' ? 2 ** 31 - 1 : Math.max(1024, 6 * (a.size + b.size));
    if (high - low < BigInt(most)) {
      const table = marks(b, Number(high - low) + 1, low);
      return nd(marked(a, table, b.dtype, low, invert));
    }
    if (kind === 'table') {
      throw new ArgumentError(`np.isin: a range from ${low} to ${high} is too wide for a table`, 'leave kind out', {
        low,
        high,
      });
    }
  }
  const clash = a.dtype !== b.dtype && [a.dtype, b.dtype].includes(dtypes.uint64) && integers;
  const common = clash ? dtypes.float64 : promote(a.dtype, b.dtype);
  const d = common.half ? dtypes.float32 : common.itemsize < 4 ? dtypes.int32 : common;
  const lane = hashLane(d);
  const [x, y] = [contiguousIn(a, d), contiguousIn(b, d)];
  if (lane !== undefined) return nd(contains(hashSet(y, lane), x, invert));
  return searched(x, y, invert);
}

function filled(a: ArrayBase, value: boolean): ArrayBase {
  const out = newArray(a.shape, dtypes.bool, true);
  if (value) nd(out).set('...', true);
  return out;
}

function searched(a: ArrayBase, b: ArrayBase, invert: boolean): NDArray {
  const row = nd(b).reshape(-1);
  const sorted = nd(newArray(row.shape, row.dtype));
  sortRows(row, sorted);
  const keys = nd(heapCopy(a)).reshape(-1);
  const at = nd(searchRow(sorted, keys, false)).minimum(sorted.size - 1);
  const found = sorted.get(at as NDArray).equal(keys);
  return (invert ? found.logical_not() : found).reshape([...a.shape]);
}

// Quantiles of weighted elements: the first element, in order, at which the running sum of weights reaches the part
// asked for.

import { type NDArray, nd } from '../array/ndarray.ts';
import { all } from '../array/reduce_functions.ts';
import { residentArray } from '../array/reductions.ts';
import { cumsum } from '../array/running.ts';
import { where as choose } from '../array/select.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { dtypes } from '../dtype/dtype.ts';
import { type ArrayBase, newArray, reinterpret } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { applyRows, orderRows, searchRow } from '../exec/sort.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { permute } from '../shape/permute.ts';
import { formatShape, sameShape } from '../shape/strides.ts';
import type { Rows } from './ordered_rows.ts';

// The weights in the rows' arrangement, float64 [rows, n].
function weightRows(given: ArrayLike, { source, split, rows, n }: Rows, where: string): NDArray {
  const w = residentArray(given, `${where} weights`);
  const order = [...split.kept, ...split.reduced];
  const whole = sameShape(w.shape, source.shape);
  if (!whole && !(split.reduced.length === 1 && sameShape(w.shape, split.reducedShape))) {
    throw new ShapeError(
      `${where}: weights of shape ${formatShape(w.shape)} for an array of shape ${formatShape(source.shape)}`,
      'pass weights of the same shape, or an axis and weights along it',
      { weights: w.shape, shape: source.shape },
    );
  }
  const shape = permute(source.shape, order);
  const strides = whole ? permute(w.strides, order) : broadcastStrides(w.shape, w.strides, shape);
  const out = newArray(shape, dtypes.float64);
  copyInto(reinterpret(w, w.offset, shape, strides), out);
  if (!all(nd(out).greater_equal(0))) {
    throw new ArgumentError(`${where}: weights below zero, or NaN`, 'pass weights from 0', {});
  }
  return nd(out).reshape(rows, n);
}

/** The quantiles of every row, [rows, places], in the elements' dtype. */
export function weightedQuantile(
  rows: Rows,
  q: NDArray,
  given: ArrayLike,
  skipsNaN: boolean,
  where: string,
): ArrayBase {
  const { n } = rows;
  const elements = nd(heapCopy(rows.view)).reshape(rows.rows, n);
  const isFloat = elements.dtype.kind === 'f';
  const raw = weightRows(given, rows, where);
  const weights = skipsNaN && isFloat ? nd(heapCopy(choose(elements.isnan(), 0, raw))) : raw;
  const order = orderRows(elements);
  applyRows(elements, order, elements);
  applyRows(weights, order, weights);
  const result = newArray([rows.rows, q.size], elements.dtype);
  for (let r = 0; r < rows.rows; r++) {
    const row = elements.get(r);
    const target = reinterpret(result, r * result.strides[0], [q.size], [result.itemsize]);
    const last = n === 0 || (isFloat && Number.isNaN(Number(row.item(n - 1))));
    if (isFloat && (n === 0 || (last && (!skipsNaN || Number.isNaN(Number(row.item(0))))))) {
      nd(target).set('...', Number.NaN);
      continue;
    }
    const sums = cumsum(weights.get(r));
    const total = Number(sums.item(n - 1));
    if (!(total > 0 && total < Number.POSITIVE_INFINITY)) {
      throw new ArgumentError(`${where}: weights that add up to ${total}`, 'pass finite weights, not all of them 0', {
        total,
      });
    }
    // What has no weight comes before every place, the place 0 included.
    const shares = sums.divide(total);
    const places = searchRow(choose(shares.equal(0), -1, shares), q, false);
    copyInto(row.get(nd(places).minimum(n - 1)), target);
  }
  return result;
}

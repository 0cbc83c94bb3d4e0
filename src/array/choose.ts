// One of several arrays element by element: choose by number, select by conditions. Both are copies under masks, one array
// after another.

import { ArgumentError, IndexError, ShapeError } from '../base/errors.ts';
import { dtypes } from '../dtype/dtype.ts';
import { promoteAll } from '../dtype/promotion.ts';
import { checkScalar, type Scalar } from '../dtype/scalars.ts';
import { requireList } from '../exec/arguments.ts';
import { ArrayBase, newArray, reinterpret, viewOf } from '../exec/array_base.ts';
import { callUfunc, checkOut, decidingDTypes } from '../exec/call.ts';
import { type ArrayLike, arrayFrom, operandOf } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { broadcastOperands } from '../exec/guard.ts';
import { copyWhere, settledMask } from '../exec/indexing/masks.ts';
import { inBounds } from '../exec/indexing/moves.ts';
import { positionsGiven } from '../exec/indexing/select.ts';
import { Options } from '../exec/options.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { assign } from './indexing.ts';
import { type NDArray, nd } from './ndarray.ts';
import { type IndexMode, positionsWithin } from './take.ts';
import { ufuncs } from './ufuncs.ts';
import { asNDArray } from './views.ts';

export interface ChooseOptions {
  readonly mode?: IndexMode;
  readonly out?: ArrayBase;
}

const chooseOptions = new Options(['mode', 'indexMode'], 'out');

const stretched = (a: ArrayBase, shape: readonly number[], where: string): ArrayBase =>
  reinterpret(a, a.offset, shape, broadcastStrides(a.shape, a.strides, shape, where));

/** Arrays of one dtype, that of all operands; scalars are weak. */
function alike(given: readonly ArrayLike[], where: string): ArrayBase[] {
  const operands = given.map((x) => operandOf(x, where));
  const d = promoteAll(decidingDTypes(operands));
  return operands.map((x) => (x instanceof ArrayBase ? heapCopyTo(x, d) : scalarOf(x, d, where)));
}

const heapCopyTo = (x: ArrayBase, d: ArrayBase['dtype']): ArrayBase => (x.dtype === d ? x : heapCopy(x, d));
const scalarOf = (x: Scalar, d: ArrayBase['dtype'], where: string): ArrayBase =>
  arrayFrom(checkScalar(x, d, where), d, where);

/**
 * Element by element that of the array whose number stands in `a`: choices[a[i]][i]. All broadcast, dtypes promote.
 * @param choices a list of arrays, or one array whose first axis counts them.
 * @throws IndexError for a number that no choice has, unless `mode` is 'wrap' or 'clip'.
 * @example np.choose([1, 0, 1], [[1, 2, 3], [10, 20, 30]]) // array([10., 2., 30.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.choose.html
 */
export function choose(a: ArrayLike, choices: ArrayBase | readonly ArrayLike[], options: ChooseOptions = {}): NDArray {
  const where = 'np.choose';
  chooseOptions.check(options, where);
  const list: readonly ArrayLike[] = Array.isArray(choices) ? choices : [...asNDArray(choices, where)];
  if (list.length === 0) throw new ArgumentError(`${where}: there are no choices`, 'pass at least one', {});
  const arrays = alike(list, where);
  const given = positionsGiven(a, where);
  const numbers = positionsWithin(given, list.length, options.mode ?? 'raise', where);
  requireNumbers(numbers, list.length, where);
  const shape = broadcastOperands([numbers.shape, ...arrays.map((c) => c.shape)], where, arrays[0].dtype.itemsize);
  const { out } = options;
  if (out !== undefined) checkOut('choose', out, shape, arrays[0].dtype, 'same_kind');
  const result = newArray(shape, arrays[0].dtype);
  arrays.forEach((choice, i) => {
    const from = stretched(choice, shape, where);
    const mask = i === 0 ? undefined : callUfunc(ufuncs.equal, [numbers, i]);
    if (mask instanceof ArrayBase) copyWhere(from, result, mask);
    else if (mask === undefined || mask === true) copyInto(from, result);
  });
  if (out === undefined) return nd(result);
  copyInto(result, out);
  return nd(out);
}

// Numbers of choices do not count from the end: read as unsigned, negative ones are too large.
function requireNumbers(numbers: ArrayBase, count: number, where: string): void {
  const unsigned = { 1: dtypes.uint8, 2: dtypes.uint16, 4: dtypes.uint32, 8: dtypes.uint64 }[numbers.itemsize];
  if (unsigned === undefined) throw new TypeError('positions are integers');
  const raw = viewOf(numbers.storage, numbers.offset, numbers.shape, numbers.strides, unsigned);
  if (inBounds({ array: raw, strides: raw.strides, axis: 0, size: count, step: 0 })) return;
  throw new IndexError(
    `${where}: a number is not that of a choice`,
    `number the ${count} choices from 0 to ${count - 1}, or pass mode: 'clip' or 'wrap'`,
    { choices: count },
  );
}

/**
 * Element by element that of the first array whose condition is true, else `fallback`. All broadcast, dtypes promote.
 * @throws ShapeError for lists of different lengths.
 * @example np.select([[true, false, false], [true, true, false]], [[1, 2, 3], [10, 20, 30]], -1) // array([ 1., 20., -1.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.select.html
 */
export function select(
  condlist: readonly ArrayLike[],
  choicelist: readonly ArrayLike[],
  fallback: ArrayLike = 0,
): NDArray {
  const where = 'np.select';
  requireList(condlist, 'condlist', where);
  requireList(choicelist, 'choicelist', where);
  if (condlist.length !== choicelist.length || condlist.length === 0) {
    throw new ShapeError(
      `${where}: ${condlist.length} conditions and ${choicelist.length} choices`,
      'pass one choice for each condition, and at least one',
      { conditions: condlist.length, choices: choicelist.length },
    );
  }
  const arrays = alike([...choicelist, fallback], where);
  const masks = condlist.map((c) => settledMask(asNDArray(c, where)));
  const shapes = [...masks, ...arrays].map((c) => c.shape);
  const shape = broadcastOperands(shapes, where, arrays[0].dtype.itemsize);
  const result = newArray(shape, arrays[0].dtype);
  assign(result, arrays[arrays.length - 1], where);
  for (let i = masks.length - 1; i >= 0; i--) copyWhere(stretched(arrays[i], shape, where), result, masks[i]);
  return nd(result);
}

// Lists of integers as arguments (shifts, counts, positions, widths): from numbers, nested lists and integer arrays.
// For short lists that steer a call; arrays of indices that are data go through kernels.

import { ArgumentError } from '../base/errors.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { type ArrayLike, elements, operandOf } from '../exec/coerce.ts';
import { describe } from '../exec/options.ts';

/**
 * A number, bigint, list or integer array, flattened, as JavaScript numbers.
 * @throws ArgumentError for fractions and for arrays of floats.
 * @example integersOf([1, [2n]], 'shift', 'np.roll') // [1, 2]
 */
export function integersOf(x: ArrayLike, name: string, where: string): number[] {
  if (typeof x === 'number' && Number.isSafeInteger(x)) return [x + 0];
  const list = Array.isArray(x) ? x.flatMap((v) => integersOf(v, name, where)) : undefined;
  if (list !== undefined) return list;
  const v = operandOf(x, where);
  const fits = v instanceof ArrayBase ? 'iu'.includes(v.dtype.kind) || v.size === 0 : typeof v === 'bigint';
  if (!fits) {
    throw new ArgumentError(`${where}: ${name} is ${describe(x)}`, `${name} must be an integer or a list of integers`, {
      where,
      [name]: describe(x),
    });
  }
  return v instanceof ArrayBase ? Array.from(elements(v), Number) : [Number(v)];
}

// Positions given to ufunc methods: whole numbers in lists, typed arrays or arrays, as int32 in the heap. The general index
// of `at` (slices, masks, several axes) is what it selects from the numbers of the elements.

import { IndexError } from '../../base/errors.ts';
import { inCategory } from '../../dtype/category.ts';
import { dtypes } from '../../dtype/dtype.ts';
import { type ArrayBase, newArray, rawView, reinterpret } from '../../exec/array_base.ts';
import { firstOutside } from '../../exec/at.ts';
import { toArray } from '../../exec/coerce.ts';
import { contiguousIn, heapCopy } from '../../exec/copy.ts';
import { generate, type Pattern } from '../../exec/generate.ts';
import { describe } from '../../exec/options.ts';
import { contiguousStrides } from '../../shape/strides.ts';
import { getItem, type Index } from '../indexing.ts';

type IntegerList = readonly (number | bigint)[];

const isIntegers = (x: unknown): x is IntegerList =>
  Array.isArray(x) && x.every((v) => typeof v === 'number' || typeof v === 'bigint');

function fromList(list: IntegerList, where: string): ArrayBase {
  const out = newArray([list.length], dtypes.int32);
  const view = rawView(out);
  for (let i = 0; i < list.length; i++) {
    const v = Number(list[i]);
    if (!Number.isInteger(v)) throw notPosition(list[i], where);
    view[i] = Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, v)); // what does not fit is out of bounds anyway
  }
  return out;
}

const notPosition = (x: unknown, where: string): IndexError =>
  new IndexError(`${where}: ${describe(x)} is not a position`, 'pass whole numbers, or an array of an integer dtype', {
    where,
  });

/** Whole numbers as contiguous int32, refused outside [-length, length) or, for `least` 0, [0, length). */
export function positionsIn(x: unknown, length: number, where: string, least = -length): ArrayBase {
  let out: ArrayBase;
  if (isIntegers(x)) out = fromList(x, where);
  else {
    const a = toArray(x, where);
    if (!inCategory(a.dtype, 'ints'))
      throw notPosition(a.size === 0 && Array.isArray(x) ? 'an empty list of floats' : a, where);
    // 64 bits saturate on the way through floats instead of wrapping.
    const narrow = a.dtype.itemsize < 4 || a.dtype === dtypes.int32;
    out = contiguousIn(narrow ? a : heapCopy(a, dtypes.float64), dtypes.int32);
  }
  const bad = firstOutside(out, least, length);
  if (bad === out.size) return out;
  const index = Number(rawView(out)[bad]);
  throw new IndexError(
    `${where}: index ${index} is out of bounds for axis 0 with size ${length}`,
    `use integers from ${least} to ${length - 1}`,
    { index, position: bad, size: length },
  );
}

const numbers: Pattern = { name: 'numbers', params: [], of: dtypes.int32, body: (i) => i };

/** Flat positions (C order) of the elements that an index selects, in the shape of the selection. */
export function selected(a: ArrayBase, index: unknown, where: string): ArrayBase {
  const single = isIntegers(index) || !Array.isArray(index);
  const positions = single && (Array.isArray(index) || typeof index === 'object') && index !== null;
  if (positions && a.ndim === 1) {
    const shaped = Array.isArray(index) ? undefined : toArray(index, where);
    if (shaped === undefined || inCategory(shaped.dtype, 'ints')) {
      const found = positionsIn(index, a.size, where);
      return shaped === undefined
        ? found
        : reinterpret(found, found.offset, shaped.shape, contiguousStrides(shaped.shape, 4));
    }
  }
  const all = generate(a.size, dtypes.int32, numbers, []);
  const items = (single ? [index] : index) as readonly Index[]; // refused by getItem where they are not
  return getItem(reinterpret(all, 0, a.shape, contiguousStrides(a.shape, 4)), items);
}

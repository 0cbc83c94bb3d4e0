// `a.flat`: the elements of an array as one row in C order, whatever its layout: to loop over, to read and to assign.

import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, reinterpret } from '../exec/array_base.ts';
import { elements } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { reshapeStrides } from '../shape/reshape.ts';
import { contiguousStrides } from '../shape/strides.ts';
import { getItem, type Index, setItem } from './indexing.ts';
import type { NDArray } from './ndarray.ts';

/** A one-dimensional look at an array. Loops give scalars; `get` gives arrays (copies), `set` writes into the array. */
export class FlatIterator implements Iterable<Scalar> {
  readonly #a: ArrayBase;
  constructor(a: ArrayBase) {
    this.#a = a;
  }
  /** The array. */
  get base(): NDArray {
    return this.#a as NDArray; // made by NDArray.flat
  }
  get length(): number {
    return this.#a.size;
  }
  [Symbol.iterator](): Iterator<Scalar> {
    return elements(this.#a);
  }
  /**
   * Elements at flat positions: an integer, a slice, positions or a mask.
   * @throws IndexError for positions out of bounds.
   */
  get(index: Index): NDArray {
    const found = getItem(this.#row(), [index]);
    return found.base === null ? found : (heapCopy(found) as NDArray); // of an NDArray
  }
  /**
   * Assigns to flat positions; the value broadcasts.
   * @throws IndexError for positions out of bounds, CastError and PrecisionError for values that do not fit.
   */
  set(index: Index, value: unknown): void {
    const a = this.#a;
    const row = this.#row();
    setItem(row, [index], value);
    if (row.storage === a.storage) return;
    const strides = contiguousStrides(a.shape, a.dtype.itemsize);
    copyInto(reinterpret(row, row.offset, a.shape, strides), a);
  }

  /** The elements as one dimension: a view where strides allow, else a copy. */
  #row(): ArrayBase {
    const a = this.#a;
    const strides = reshapeStrides(a.shape, a.strides, [a.size], 'C', a.dtype.itemsize);
    if (strides !== null) return reinterpret(a, a.offset, [a.size], strides);
    const copy = heapCopy(a);
    return reinterpret(copy, 0, [a.size], [a.dtype.itemsize]);
  }
}

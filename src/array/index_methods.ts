// Indexing functions as methods: a.take(indices, 0), a.nonzero(), a.diagonal(). Each is the function of the same name with
// the array in its place among the arguments; documentation and checks are there.

import type { ArrayLike } from '../exec/coerce.ts';
import { type ChooseOptions, choose } from './choose.ts';
import { NDArray } from './ndarray.ts';
import { nonzero } from './nonzero.ts';
import { put } from './put.ts';
import { compress, type IndexMode, type TakeOptions, take } from './take.ts';
import { diagonal } from './views.ts';

interface Methods {
  /** Elements at positions along an axis; without one, of the flat array. */
  take(indices: ArrayLike, axis?: number | null | TakeOptions, options?: TakeOptions): NDArray;
  /** Stores values at flat positions. */
  put(indices: ArrayLike, values: ArrayLike, options?: { readonly mode?: IndexMode }): void;
  /** Slices along an axis for which the condition is true. */
  compress(condition: ArrayLike, axis?: number | null | TakeOptions, options?: TakeOptions): NDArray;
  /** The array's elements as numbers of choices. */
  choose(choices: NDArray | readonly ArrayLike[], options?: ChooseOptions): NDArray;
  /** Positions of the elements that are not zero, one int32 array per dimension. */
  nonzero(): NDArray[];
  /** View of a diagonal. */
  diagonal(offset?: number, axis1?: number, axis2?: number): NDArray;
}

declare module './ndarray.ts' {
  interface NDArray<D, S> extends Methods {}
}

const methods: { [K in keyof Methods]: (this: NDArray, ...args: Parameters<Methods[K]>) => unknown } = {
  take(indices, axis, options) {
    return take(this, indices, axis, options);
  },
  put(indices, values, options) {
    put(this, indices, values, options);
  },
  compress(condition, axis, options) {
    return compress(condition, this, axis, options);
  },
  choose(choices, options) {
    return choose(this, choices, options);
  },
  nonzero() {
    return nonzero(this);
  },
  diagonal(offset, axis1, axis2) {
    return diagonal(this, offset, axis1, axis2);
  },
};
for (const [name, value] of Object.entries(methods)) {
  Object.defineProperty(NDArray.prototype, name, { value, writable: true, configurable: true });
}

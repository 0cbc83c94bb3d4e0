// Sorting and searching as methods: a.sort() and a.partition(k) change the array itself, the others are the functions of
// the same name with the array as their first argument; documentation and checks are there.

import type { ArrayLike } from '../exec/coerce.ts';
import type { Dims } from '../shape/types.ts';
import { NDArray } from './ndarray.ts';
import { type SearchArguments, searchsorted } from './searching.ts';
import {
  argpartition,
  argsort,
  type PartitionArguments,
  partitionInPlace,
  type SortArguments,
  sortInPlace,
} from './sorting.ts';
import type { ArrayData, DimsOf } from './types.ts';

interface Methods<S extends Dims> {
  /** Sorts the array itself along an axis, the last one by default. */
  sort(...args: SortArguments): void;
  /** Partitions the array itself around positions. */
  partition(kth: number | readonly number[], ...args: PartitionArguments): void;
  argsort(...args: SortArguments): NDArray<'int32', S>;
  argpartition(kth: number | readonly number[], ...args: PartitionArguments): NDArray<'int32', S>;
  searchsorted<V extends ArrayData>(keys: V, ...args: SearchArguments): NDArray<'int32', DimsOf<V>>;
  searchsorted(key: number | bigint | boolean, ...args: SearchArguments): number;
}

declare module './ndarray.ts' {
  interface NDArray<D, S> extends Methods<S> {}
}

const functions = {
  sort: sortInPlace,
  partition: partitionInPlace,
  argsort,
  argpartition,
  searchsorted,
} satisfies Record<keyof Methods<never>, unknown>;

for (const [name, f] of Object.entries(functions)) {
  const value = function (this: NDArray, ...args: ArrayLike[]): unknown {
    return (f as (a: NDArray, ...args: ArrayLike[]) => unknown)(this, ...args); // checked by the function itself
  };
  Object.defineProperty(value, 'name', { value: name });
  Object.defineProperty(NDArray.prototype, name, { value, writable: true, configurable: true });
}

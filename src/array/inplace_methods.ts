// In-place operators as methods: a.iadd(b) is a += b. Each is the ufunc with the array as its `out`, so that the array keeps
// its dtype, and results must fit it with casting 'same_kind'. Truth and membership, which are operators too, are here.

import { ShapeError } from '../base/errors.ts';
import type { UfuncOptions } from '../exec/call.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { callBinary } from '../exec/direct.ts';
import type { ElementwiseName } from '../ops/rows.ts';
import { formatShape } from '../shape/strides.ts';
import { NDArray } from './ndarray.ts';
import { any } from './reduce_functions.ts';
import { ufuncs } from './ufuncs.ts';

/** In-place operators by the operation that they assign; Python's names without underscores. */
const assigning = {
  iadd: 'add',
  isub: 'subtract',
  imul: 'multiply',
  idiv: 'divide',
  itruediv: 'divide',
  ifloordiv: 'floor_divide',
  imod: 'remainder',
  ipow: 'power',
  ilshift: 'left_shift',
  irshift: 'right_shift',
  iand: 'bitwise_and',
  ior: 'bitwise_or',
  ixor: 'bitwise_xor',
} as const satisfies Record<string, ElementwiseName>;

/** Options of an in-place operator: those of the operation, whose `out` and dtype are the array's. */
export type InPlaceOptions = Pick<UfuncOptions, 'where' | 'casting'>;

type InPlace = {
  /** The operation with the array as `out`; returns the array. */
  readonly [K in keyof typeof assigning]: (b: ArrayLike, options?: InPlaceOptions) => NDArray;
};

interface Operators extends InPlace {
  /**
   * Is some element equal to `value`? Python's `in`.
   * @example np.array([1, 2, 3]).has(2) // true
   */
  has(value: ArrayLike): boolean;
  /**
   * The truth value of an array of one element: is it not zero?
   * @throws ShapeError for any other number of elements: use all() or any().
   * @example np.array([[0]]).bool() // false
   */
  bool(): boolean;
}

declare module './ndarray.ts' {
  interface NDArray<D, S> extends Operators {}
}

function define(name: string, value: (this: NDArray, ...args: never[]) => unknown): void {
  Object.defineProperty(value, 'name', { value: name });
  Object.defineProperty(NDArray.prototype, name, { value, writable: true, configurable: true });
}

for (const [name, operation] of Object.entries(assigning)) {
  const ufunc = ufuncs[operation];
  define(name, function (b: unknown, options?: InPlaceOptions): NDArray {
    callBinary(ufunc, this, b, options === undefined ? { out: this } : { ...options, out: this });
    return this;
  });
}

define('has', function (value: ArrayLike): boolean {
  return any(callBinary(ufuncs.equal, this, value) as NDArray) === true; // with an array, an array
});

define('bool', function (): boolean {
  if (this.size === 1) return any(this) === true;
  throw new ShapeError(
    `bool: an array of shape ${formatShape(this.shape)} has no truth value of its own`,
    'ask for a.any() or a.all()',
    { shape: this.shape },
  );
});

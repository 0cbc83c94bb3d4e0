// What an array is made of: storage, offset, shape, strides, dtype; all immutable. exec/ computes with it and makes
// results through it; array/ extends it with methods and registers its class here, the one seam between the two.
// Whether elements may be written is the one thing that can change (`setflags`).

import { ArgumentError, EstimateError } from '../base/errors.ts';
import type { DType, TypedArray } from '../dtype/dtype.ts';
import { allocateHere, allocateRoomy, estimating } from '../memory/allocate.ts';
import { requireLive, type Storage, typedView } from '../memory/storage.ts';
import { contiguousStrides, isContiguous, sizeOf } from '../shape/strides.ts';

/** Metadata of an n-dimensional array over a storage. Strides and offset are in bytes. */
export class ArrayBase {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  /** Elements lie one after another in C order. */
  readonly contiguous: boolean;
  /** The array whose memory this one is a view of; null for an array of its own. */
  readonly base: ArrayBase | null;
  /** May functions write into the elements? Views made later inherit it. */
  writeable: boolean;

  constructor(
    storage: Storage,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
    dtype: DType,
    size: number,
    contiguous: boolean,
    base: ArrayBase | null = null,
  ) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
    this.dtype = dtype;
    this.size = size;
    this.contiguous = contiguous;
    this.base = base === null ? null : (base.base ?? base);
    this.writeable = base === null || base.writeable;
  }

  get ndim(): number {
    return this.shape.length;
  }
  get itemsize(): number {
    return this.dtype.itemsize;
  }
  /** Bytes of the elements (not of the storage behind a view). */
  get nbytes(): number {
    return this.size * this.dtype.itemsize;
  }
}

type ArrayClass = new (...args: ConstructorParameters<typeof ArrayBase>) => ArrayBase;
let arrayClass: ArrayClass = ArrayBase;

/** Called once by array/ with the class that results are made of. */
export function registerArrayClass(made: ArrayClass): void {
  arrayClass = made;
}

/** A new C-contiguous array in the heap; `strides` may be passed where the caller has them. */
export function newArray(
  shape: readonly number[],
  dtype: DType,
  zeroed = false,
  strides?: readonly number[],
): ArrayBase {
  const size = sizeOf(shape);
  return new arrayClass(
    allocateHere(size * dtype.itemsize, zeroed),
    0,
    shape,
    strides ?? contiguousStrides(shape, dtype.itemsize),
    dtype,
    size,
    true,
  );
}

/**
 * A new C-contiguous array for whoever can write to it wherever it lies (`execute`, `copyInto`): in another segment where
 * it would leave kernels no room.
 */
export function newResult(shape: readonly number[], dtype: DType, zeroed = false): ArrayBase {
  const size = sizeOf(shape);
  const storage = allocateRoomy(size * dtype.itemsize, zeroed);
  return new arrayClass(storage, 0, shape, contiguousStrides(shape, dtype.itemsize), dtype, size, true);
}

/** Like `newArray` for a caller that knows the size and the strides. */
export function newLike(shape: readonly number[], strides: readonly number[], dtype: DType, size: number): ArrayBase {
  return new arrayClass(allocateHere(size * dtype.itemsize, false), 0, shape, strides, dtype, size, true);
}

/** An array over existing storage; `base` is the array it is a view of. */
export function viewOf(
  storage: Storage,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
  dtype: DType,
  base: ArrayBase | null = null,
): ArrayBase {
  const contiguous = isContiguous(shape, strides, dtype.itemsize);
  const size = sizeOf(shape);
  // An index along a full axis of an empty array may point past the end of its storage.
  return new arrayClass(storage, size === 0 ? 0 : offset, shape, strides, dtype, size, contiguous, base);
}

/** Another arrangement of the same storage: a view of `a`. */
export function reinterpret(
  a: ArrayBase,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): ArrayBase {
  return viewOf(a.storage, offset, shape, strides, a.dtype, a);
}

/** A fresh array with its elements arranged otherwise: not a view, because nobody else has it. */
export function arranged(fresh: ArrayBase, shape: readonly number[], strides: readonly number[]): ArrayBase {
  return viewOf(fresh.storage, fresh.offset, shape, strides, fresh.dtype);
}

/** Raw typed view of a C-contiguous array's elements (complex: two numbers per element). */
export function rawView(a: ArrayBase): TypedArray {
  return typedView(a.storage, a.offset, a.size * a.dtype.parts, a.dtype.array);
}

/** Refuses arrays whose bytes are gone. */
export function requireUsable(a: ArrayBase, where: string): void {
  if (a.storage.segment?.ghost === true && !estimating()) refuseGhost(where, 'the estimate is over');
  if (a.storage.owner === null || a.storage.host !== null) requireLive(a.storage, where);
}

/** Refuses to show elements that were never computed. */
export function requireKnown(a: ArrayBase, where: string): void {
  if (a.storage.segment?.ghost === true) refuseGhost(where, 'an estimate computes no elements');
}

function refuseGhost(where: string, why: string): never {
  throw new EstimateError(
    `${where}: ${why}`,
    'read elements outside the function that is estimated, and let what it does depend on shapes and dtypes alone',
    { where },
  );
}

/** Refuses to write into an array that is read-only, or whose bytes are gone. */
export function requireWriteable(a: ArrayBase, where: string): void {
  requireUsable(a, where);
  if (a.writeable) return;
  throw new ArgumentError(
    `${where}: the array is read-only`,
    'write into a copy(), or allow it with setflags({ write: true }) where the memory is yours',
    { where, shape: a.shape },
  );
}

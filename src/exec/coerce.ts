// From what users pass to arrays: nested JS arrays, typed arrays, scalars, arrays. The dtype comes from the JavaScript
// types met, never from values; shapes must be regular.

import { ArgumentError, DTypeError, ShapeError } from '../base/errors.ts';
import { Complex } from '../dtype/complex.ts';
import { type DType, dtypes, type TypedArray, typedArrayDType } from '../dtype/dtype.ts';
import { promoteAll } from '../dtype/promotion.ts';
import {
  castScalar,
  checkScalar,
  isScalar,
  readElement,
  type Scalar,
  scalarDType,
  writeElement,
} from '../dtype/scalars.ts';
import { readBytes, typedView, wrapHost } from '../memory/storage.ts';
import { contiguousStrides, MAX_NDIM } from '../shape/strides.ts';
import { ArrayBase, newArray, rawView, requireUsable, viewOf } from './array_base.ts';
import { Deferred } from './deferred.ts';
import { isKnown, known } from './known.ts';

/** Nested arrays of scalars, typed arrays and arrays. */
export type Nested = Scalar | ArrayBase | TypedArray | Uint8ClampedArray | readonly Nested[];
/** Whatever a function takes where NumPy takes array_like. */
export type ArrayLike = Nested;

/** A typed array's bytes as an array, without a copy. */
export function wrapTyped(view: ArrayBufferView, where: string): ArrayBase {
  const dtype = typedArrayDType(view);
  if (dtype === undefined) {
    throw new DTypeError(
      `${where}: ${view.constructor.name} has no dtype`,
      'pass an Int8Array … Float64Array, or use frombuffer with a dtype',
      { where },
    );
  }
  const n = view.byteLength / dtype.itemsize;
  return viewOf(wrapHost(view), 0, [n], contiguousStrides([n], dtype.itemsize), dtype);
}

interface Found {
  readonly shape: number[];
  readonly dtypes: Set<DType>;
  /** Depth at which scalars were met, -1 before the first. */
  leaf: number;
}

const isList = (x: unknown): x is readonly unknown[] => Array.isArray(x);

function refuse(x: unknown, where: string): never {
  const kind = x === null ? 'null' : typeof x === 'object' ? x.constructor?.name : typeof x;
  throw new ArgumentError(
    `${where}: cannot make an array of ${kind}`,
    'pass numbers, bigints, booleans, Complex, typed arrays, arrays, or nested JavaScript arrays of these',
    { where, kind },
  );
}

/** Shape and dtypes of nested data; a list's elements must all have the first one's shape. */
function explore(x: unknown, where: string, depth: number, found: Found, path: string): void {
  if (isList(x)) {
    expectLength(x.length, depth, found, where, path);
    if (x.length === 0) {
      found.shape.length = Math.max(found.shape.length, depth + 1);
      return;
    }
    for (let i = 0; i < x.length; i++) explore(x[i], where, depth + 1, found, `${path}[${i}]`);
    return;
  }
  const shape = x instanceof ArrayBase ? x.shape : ArrayBuffer.isView(x) ? wrapTyped(x, where).shape : [];
  if (x instanceof ArrayBase) found.dtypes.add(x.dtype);
  else if (ArrayBuffer.isView(x)) found.dtypes.add(wrapTyped(x, where).dtype);
  else if (isScalar(x)) found.dtypes.add(scalarDType(x));
  else refuse(x, where);
  for (let d = 0; d < shape.length; d++) expectLength(shape[d], depth + d, found, where, path);
  const ndim = depth + shape.length;
  if (found.leaf < 0) found.leaf = ndim;
  else if (found.leaf !== ndim) ragged(where, path, found);
}

function expectLength(n: number, depth: number, found: Found, where: string, path: string): void {
  if (depth >= MAX_NDIM)
    throw new ShapeError(`${where}: nesting deeper than ${MAX_NDIM}`, 'pass flatter data', { where });
  if (found.leaf >= 0 && depth >= found.leaf) ragged(where, path, found);
  if (found.shape.length <= depth) found.shape.push(n);
  else if (found.shape[depth] !== n) ragged(where, path, found);
}

function ragged(where: string, path: string, found: Found): never {
  throw new ShapeError(
    `${where}: ragged nesting: element ${path || 'at the top'} does not have the shape of those before it (${found.shape.join(', ')})`,
    'make all nested lists of one depth equally long, or pad them',
    { where, path },
  );
}

// A loop, because `every` passes over holes.
function areNumbers(list: readonly unknown[]): list is readonly number[] {
  for (let i = 0; i < list.length; i++) if (typeof list[i] !== 'number') return false;
  return true;
}

// A flat list of numbers, the everyday case.
function fromNumbers(list: readonly number[]): ArrayBase {
  const out = newArray([list.length], dtypes.float64);
  const { storage } = out;
  if (storage.segment === null) throw new TypeError('a new array is not in the heap');
  storage.segment.f64.set(list, storage.ptr / 8);
  return out;
}

// One scalar as a 0-d array: assignments of a number come here.
function fromScalar(x: Scalar, dtype: DType | undefined, where: string): ArrayBase {
  const to = dtype ?? scalarDType(x);
  const value = checkScalar(x, to, where);
  const out = newArray([], to);
  const { segment, ptr } = out.storage;
  if (segment === null) throw new TypeError('a new array is not in the heap');
  writeElement(segment[to.lane], ptr / to.itemsize, to, value);
  return out;
}

/** A new heap array with the contents of anything array-like. */
export function arrayFrom(x: unknown, dtype: DType | undefined, where: string): ArrayBase {
  if (isKnown([])) return known(() => arrayFrom(x, dtype, where));
  if (isList(x) && (dtype === undefined || dtype === dtypes.float64) && x.length > 0 && areNumbers(x))
    return fromNumbers(x);
  if (isScalar(x)) return fromScalar(x, dtype, where);
  const found: Found = { shape: [], dtypes: new Set(), leaf: -1 };
  explore(x, where, 0, found, '');
  const to = dtype ?? (found.dtypes.size === 0 ? dtypes.float64 : promoteAll([...found.dtypes]));
  const out = newArray(found.shape, to);
  if (out.size > 0) fill(x, rawView(out), 0, to, where);
  return out;
}

// Writes nested data to consecutive elements from `at`; returns the next position.
function fill(x: unknown, view: TypedArray, at: number, to: DType, where: string): number {
  if (isList(x)) {
    let next = at;
    if (to === dtypes.float64 && view instanceof Float64Array) {
      for (let i = 0; i < x.length; i++) {
        const v = x[i];
        if (typeof v === 'number') view[next++] = v;
        else next = fill(v, view, next, to, where);
      }
      return next;
    }
    for (let i = 0; i < x.length; i++) next = fill(x[i], view, next, to, where);
    return next;
  }
  if (x instanceof ArrayBase || ArrayBuffer.isView(x)) {
    const a = x instanceof ArrayBase ? x : wrapTyped(x, where);
    let next = at;
    for (const v of elements(a)) writeElement(view, next++, to, castScalar(v, a.dtype, to));
    return next;
  }
  if (!isScalar(x)) refuse(x, where);
  writeElement(view, at, to, checkScalar(x, to, where));
  return at + 1;
}

/** Elements of an array in C order as scalars (64-bit integers may be bigint): for small arrays and printing. */
export function* elements(a: ArrayBase): Generator<Scalar> {
  requireUsable(a, 'iteration');
  const index = new Array<number>(a.shape.length).fill(0);
  for (let count = 0; count < a.size; count++) {
    let at = a.offset;
    for (let d = 0; d < index.length; d++) at += index[d] * a.strides[d];
    yield readAt(a, at);
    for (let d = index.length - 1; d >= 0; d--) {
      if (++index[d] < a.shape[d]) break;
      index[d] = 0;
    }
  }
}

/** The element at a byte offset of the array's storage; 64-bit integers as `auto`. */
export function readAt(a: ArrayBase, offset: number, as: 'number' | 'bigint' | 'auto' = 'auto'): Scalar {
  const { dtype, storage } = a;
  const at = storage.ptr + offset;
  if (storage.segment !== null && storage.owner !== null && at % dtype.itemsize === 0) {
    return readElement(storage.segment[dtype.lane], at / dtype.itemsize, dtype, as); // the segment's own view: no garbage
  }
  return readElement(aligned(a, offset), 0, dtype, as);
}

// A typed array over one element; bytes that are not aligned for it, or may go away, are copied.
function aligned(a: ArrayBase, offset: number): TypedArray {
  const { dtype, storage } = a;
  const isAligned = (storage.ptr + offset) % dtype.array.BYTES_PER_ELEMENT === 0;
  if (isAligned && storage.owner?.backing === undefined) return typedView(storage, offset, dtype.parts, dtype.array);
  const bytes = new Uint8Array(dtype.itemsize);
  readBytes(storage, offset, bytes);
  return new dtype.array(bytes.buffer, 0, dtype.parts);
}

/** Anything array-like as an array or, for scalars, the scalar itself. */
export function operandOf(x: unknown, where: string): ArrayBase | Scalar {
  if (x instanceof ArrayBase) {
    requireUsable(x, where);
    return x;
  }
  if (isScalar(x)) return x;
  if (x instanceof Complex) return x;
  if (ArrayBuffer.isView(x)) return wrapTyped(x, where);
  if (isList(x)) return arrayFrom(x, undefined, where);
  if (x instanceof Deferred) return operandOf(x.values(where), where);
  return refuse(x, where);
}

/** Anything array-like as an array; scalars become 0-d arrays of their own dtype. */
export function toArray(x: unknown, where: string, dtype?: DType): ArrayBase {
  const v = operandOf(x, where);
  return v instanceof ArrayBase ? v : arrayFrom(v, dtype, where);
}

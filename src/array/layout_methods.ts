// Methods about an array's memory: flags, flat, view, byteswap, fill, getfield and their like.

import { ArgumentError, ShapeError } from '../base/errors.ts';
import { dtypeOf } from '../dtype/category.ts';
import { asDType, type DType, type DTypeLike } from '../dtype/dtype.ts';
import { type ArrayBase, newArray, requireUsable, requireWriteable, viewOf } from '../exec/array_base.ts';
import { evaluate, loopOf } from '../exec/formula.ts';
import { checkInteger } from '../exec/options.ts';
import { Expr } from '../kernel/builder.ts';
import { Flags, setFlags } from './flags.ts';
import { FlatIterator } from './flat.ts';
import { assign } from './indexing.ts';
import { NDArray } from './ndarray.ts';

interface Methods {
  /**
   * A view of the same memory as another dtype, or as the same one. With elements of another size the last axis gets as
   * many as its bytes hold, and must be contiguous.
   */
  view(dtype?: DTypeLike): NDArray;
  /** Bytes of every element in reverse order (of every part, for complex): a copy, or the array itself with `inplace`. */
  byteswap(inplace?: boolean): NDArray;
  /** Sets all elements to a value that fits the dtype. */
  fill(value: unknown): void;
  /** A view of a field of every element: a dtype at a byte offset. */
  getfield(dtype: DTypeLike, offset?: number): NDArray;
  /** Sets a field of every element. */
  setfield(value: unknown, dtype: DTypeLike, offset?: number): void;
  /** Allows or forbids writing into the array; views made later inherit it. */
  setflags(options?: { readonly write?: boolean; readonly align?: boolean }): void;
}

declare module './ndarray.ts' {
  interface NDArray<D, S> extends Methods {
    /** What can be said of the array's memory. */
    readonly flags: Flags;
    /** The elements as one row in C order. */
    readonly flat: FlatIterator;
  }
}

/** A view as a dtype of the same or another size. */
function viewAs(a: ArrayBase, dtype: DType): ArrayBase {
  const [from, to] = [a.dtype.itemsize, dtype.itemsize];
  if (from === to) return viewOf(a.storage, a.offset, a.shape, a.strides, dtype, a);
  const last = a.ndim - 1;
  const refuse = (why: string, fix: string): never => {
    throw new ShapeError(`a.view('${dtype.name}') of ${a.dtype.name}: ${why}`, fix, { from, to, shape: a.shape });
  };
  if (last < 0) return refuse('a 0-d array has no axis to change', 'reshape it to one dimension first');
  const n = a.shape[last];
  if (n !== 1 && a.strides[last] !== from) {
    return refuse('the last axis is not contiguous', 'take a copy() first');
  }
  if ((n * from) % to !== 0) {
    return refuse(`the last axis has ${n * from} bytes, no multiple of ${to}`, 'choose another dtype or cut the axis');
  }
  const shape = [...a.shape.slice(0, last), (n * from) / to];
  return viewOf(a.storage, a.offset, shape, [...a.strides.slice(0, last), to], dtype, a);
}

/** Bytes of unsigned integers of `bits` bits reversed. */
function reversed(x: Expr, bits: number): Expr {
  let out = x.shlk(bits - 8).or(x.shrk(bits - 8));
  for (let byte = 1; byte < bits / 8 - 1; byte++) {
    const moved = x.shrk(8 * byte).and(0xff);
    out = out.or(moved.shlk(bits - 8 - 8 * byte));
  }
  return out;
}

function swapped(a: ArrayBase, inplace: boolean): ArrayBase {
  const out = inplace ? a : newArray(a.shape, a.dtype);
  for (let part = 0; part < a.dtype.parts; part++) {
    const size = a.dtype.itemsize / a.dtype.parts;
    const bits = dtypeOf('u', size);
    if (bits === undefined) throw new TypeError('every part is as wide as an unsigned integer');
    const component = (x: ArrayBase): ArrayBase =>
      viewOf(x.storage, x.offset + part * size, x.shape, x.strides, bits, x);
    const loop = loopOf('byteswap', [bits], bits, ([x]) => {
      if (!(x instanceof Expr)) throw new TypeError('a part is real');
      return size === 1 ? x : reversed(x, 8 * size);
    });
    if (a.size > 0) evaluate(loop, [component(a)], a.shape, component(out));
  }
  return out;
}

function field(a: ArrayBase, like: DTypeLike, offset: number): ArrayBase {
  const dtype = asDType(like);
  checkInteger(offset, 'offset', 'a.getfield', 0);
  if (offset + dtype.itemsize > a.dtype.itemsize) {
    throw new ArgumentError(
      `a.getfield: ${dtype.name} at byte ${offset} does not fit an element of ${a.dtype.itemsize} bytes`,
      'choose a smaller dtype or offset',
      { offset, dtype: dtype.name },
    );
  }
  return viewOf(a.storage, a.offset + offset, a.shape, a.strides, dtype, a);
}

const methods: { [K in keyof Methods]: (this: NDArray, ...args: Parameters<Methods[K]>) => unknown } = {
  view(dtype) {
    requireUsable(this, 'a.view');
    return viewAs(this, dtype === undefined ? this.dtype : asDType(dtype));
  },
  byteswap(inplace = false) {
    if (inplace) requireWriteable(this, 'a.byteswap');
    else requireUsable(this, 'a.byteswap');
    return swapped(this, inplace);
  },
  fill(value) {
    requireWriteable(this, 'a.fill');
    assign(this, value, 'a.fill');
  },
  getfield(dtype, offset = 0) {
    requireUsable(this, 'a.getfield');
    return field(this, dtype, offset);
  },
  setfield(value, dtype, offset = 0) {
    requireWriteable(this, 'a.setfield');
    assign(field(this, dtype, offset), value, 'a.setfield');
  },
  setflags(options = {}) {
    setFlags(this, options);
  },
};
for (const [name, value] of Object.entries(methods)) {
  Object.defineProperty(NDArray.prototype, name, { value, writable: true, configurable: true });
}
Object.defineProperties(NDArray.prototype, {
  flags: {
    get(this: NDArray) {
      return new Flags(this);
    },
    configurable: true,
  },
  flat: {
    get(this: NDArray) {
      return new FlatIterator(this);
    },
    configurable: true,
  },
});

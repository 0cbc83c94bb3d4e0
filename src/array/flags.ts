// What can be said of an array's memory, as NumPy's flags say it; derived from strides and storage, but for `writeable`.

import { ArgumentError } from '../base/errors.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import { describe, Options } from '../exec/options.ts';
import { isContiguous } from '../shape/strides.ts';

/** The flags of an array at the time of asking. `writeable` can be set; the others follow from the layout. */
export class Flags {
  readonly #a: ArrayBase;
  constructor(a: ArrayBase) {
    this.#a = a;
  }
  /** The elements lie one after another, the last index running fastest. */
  get c_contiguous(): boolean {
    return this.#a.contiguous;
  }
  /** The elements lie one after another, the first index running fastest. */
  get f_contiguous(): boolean {
    const { shape, strides, dtype } = this.#a;
    return isContiguous(shape, strides, dtype.itemsize, 'F');
  }
  /** The memory is the array's own: it is no view, neither of an array nor of a typed array. */
  get owndata(): boolean {
    return this.#a.base === null && this.#a.storage.host === null;
  }
  /** Functions may write into the elements. */
  get writeable(): boolean {
    return this.#a.writeable;
  }
  set writeable(write: boolean) {
    setWriteable(this.#a, write);
  }
  /** Every element begins at a multiple of its size (of a part's size, for complex). */
  get aligned(): boolean {
    const { storage, offset, shape, strides, dtype } = this.#a;
    const unit = dtype.itemsize / dtype.parts;
    return (storage.ptr + offset) % unit === 0 && strides.every((s, d) => shape[d] <= 1 || s % unit === 0);
  }
  get contiguous(): boolean {
    return this.c_contiguous;
  }
  get fortran(): boolean {
    return this.f_contiguous;
  }
  /** F-contiguous and not C-contiguous. */
  get fnc(): boolean {
    return this.f_contiguous && !this.c_contiguous;
  }
  /** Contiguous in either order. */
  get forc(): boolean {
    return this.f_contiguous || this.c_contiguous;
  }
  /** Aligned and writeable. */
  get behaved(): boolean {
    return this.aligned && this.writeable;
  }
  get carray(): boolean {
    return this.behaved && this.c_contiguous;
  }
  get farray(): boolean {
    return this.behaved && this.fnc;
  }

  toJSON(): Readonly<Record<'c_contiguous' | 'f_contiguous' | 'owndata' | 'writeable' | 'aligned', boolean>> {
    const { c_contiguous, f_contiguous, owndata, writeable, aligned } = this;
    return { c_contiguous, f_contiguous, owndata, writeable, aligned };
  }
  toString(): string {
    return Object.entries(this.toJSON())
      .map(([name, value]) => `  ${name.toUpperCase()} : ${value}`)
      .join('\n');
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const flagOptions = new Options(['write', 'copy'], ['align', 'copy']);

/** Allows or forbids writing; a view of a read-only array stays read-only. */
function setWriteable(a: ArrayBase, write: boolean): void {
  if (typeof write !== 'boolean') {
    throw new ArgumentError(`writeable is ${describe(write)}`, 'use true or false', {});
  }
  if (write && a.storage.owner?.backing?.writeable === false) {
    throw new ArgumentError(
      'this array is over a file that is open for reading only',
      "open the file with mode 'r+' or 'c'",
      {
        shape: a.shape,
      },
    );
  }
  if (write && a.base !== null && !a.base.writeable) {
    throw new ArgumentError(
      'this array is a view of a read-only array and cannot be made writeable',
      'allow writing to the array that it is a view of (its base), or take a copy()',
      { shape: a.shape },
    );
  }
  a.writeable = write;
}

/** `a.setflags({ write })`; `align` is derived and may only say what is so. */
export function setFlags(a: ArrayBase, options: { readonly write?: boolean; readonly align?: boolean }): void {
  flagOptions.check(options, 'a.setflags');
  const { write, align } = options;
  if (align !== undefined && align !== new Flags(a).aligned) {
    throw new ArgumentError(`a.setflags: align is ${align}, which is not so`, 'leave align out', {});
  }
  if (write !== undefined) setWriteable(a, write);
}

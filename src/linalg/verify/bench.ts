// Where a check runs one routine: matrices go to the heap by columns, results come back. One provider at a time.

import { dtypes } from '../../dtype/dtype.ts';
import { type ArrayBase, newArray } from '../../exec/array_base.ts';
import { keepAlive, primarySegment } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { type Field, fields } from '../lapack/language.ts';
import type { Routines } from '../provider/routines.ts';
import { Matrix } from './matrix.ts';

/** A provider, a field, and memory for one check. */
export class CheckBench {
  readonly run: Routines;
  readonly field: Field;
  readonly segment: Segment;
  readonly #held: ArrayBase[] = [];

  constructor(run: Routines, field: Field) {
    this.run = run;
    this.field = field;
    this.segment = primarySegment();
  }

  /** What every job has; info is at `info`. */
  get job() {
    return { segment: this.segment, field: this.field, count: 1 };
  }
  get real(): Field {
    return fields[this.field.width === 4 ? 'float32' : 'float64'];
  }
  get complex(): Field {
    return fields[this.field.width === 4 ? 'complex64' : 'complex128'];
  }

  /** Memory for so many elements; at least one. */
  space(elements: number, field: Field = this.field): number {
    return this.#take(newArray([Math.max(1, elements)], dtypes[field.name], true));
  }
  integers(count: number): number {
    return this.#take(newArray([Math.max(1, count)], dtypes.int32, true));
  }
  #take(array: ArrayBase): number {
    this.#held.push(array);
    return array.storage.ptr;
  }
  integer(address: number, index = 0): number {
    return this.segment.i32[address / 4 + index];
  }

  #view(): Float64Array | Float32Array {
    return this.field.width === 8 ? this.segment.f64 : this.segment.f32;
  }
  /** The matrix in the heap; its values are rounded to the field's first. */
  put(a: Matrix): number {
    const address = this.space(a.m * a.n);
    const [view, parts] = [this.#view(), this.field.complex ? 2 : 1];
    for (let k = 0; k < a.re.length; k++) {
      const at = address / this.field.width + k * parts;
      view[at] = a.re[k];
      if (parts === 2) view[at + 1] = a.im[k];
    }
    return address;
  }
  /** m × n numbers of the heap's, by columns. */
  get(address: number, m: number, n: number, field: Field = this.field): Matrix {
    const view = this.#view();
    const parts = field.complex ? 2 : 1;
    const out = new Matrix(m, n);
    for (let k = 0; k < m * n; k++) {
      const at = address / field.width + k * parts;
      out.re[k] = view[at];
      if (parts === 2) out.im[k] = view[at + 1];
    }
    return out;
  }
  /** The matrix as the field has it. */
  rounded(a: Matrix): Matrix {
    return this.get(this.put(a), a.m, a.n);
  }

  /** Memory is given back only from here on. */
  done(): void {
    for (const { storage } of this.#held) keepAlive(storage);
  }
}

// Calls of LAPACK on the heap: scalars are written into a block of the heap's, addresses become the process's, and
// workspace is asked for and taken from scratch. Which argument is which is in src/native/lapack.ts.

import { LinAlgError } from '../../base/errors.ts';
import { Standing, scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { type Blas, baseOf } from '../../native/blas.ts';
import { type LapackName, lapackRoutine } from '../../native/lapack.ts';
import type { Field } from '../lapack/language.ts';

const SLOT = 8; // bytes of a scalar
const SLOTS = 16;
/** Scalars by address: a slot per argument. */
const slots = new Standing(SLOT * SLOTS);

/** One workspace: elements of this many bytes, at least so many; more when the routine asks for more. */
export interface Workspace {
  readonly bytes: number;
  readonly least: number;
}

/** LAPACK on one segment in one field. Arguments are numbers (addresses in the segment among them) and letters. */
export class Fortran {
  readonly segment: Segment;
  readonly field: Field;
  readonly blas: Blas;
  readonly #base: number;

  constructor(blas: Blas, segment: Segment, field: Field) {
    this.blas = blas;
    this.segment = segment;
    this.field = field;
    this.#base = segment.ghost ? 0 : baseOf(segment.buffer);
  }

  /**
   * Calls a routine; what it says in `info`.
   * @throws LinAlgError when an argument is none that it takes, which is a mistake of ours.
   */
  call(name: LapackName, ...values: readonly (number | string)[]): number {
    const routine = lapackRoutine(this.blas, name, this.field.name);
    if (routine === undefined) throw new TypeError(`${this.blas.file} has no ${name}`); // provider/run.ts asked before
    const { takes, call } = routine;
    const { segment } = this;
    if (segment.ghost) return 0;
    const from = slots.ptr;
    const passed: number[] = [];
    let texts = 0;
    for (let i = 0; i < takes.length; i++) {
      const value = values[i] ?? 0; // info has none
      const at = from + SLOT * i;
      switch (takes[i]) {
        case 'p':
          passed.push(this.#base + Number(value));
          continue;
        case 'c':
          segment.u8[at] = String(value).charCodeAt(0);
          texts++;
          break;
        case 'r':
          if (this.field.width === 8) segment.f64[at / 8] = Number(value);
          else segment.f32[at / 4] = Number(value);
          break;
        default: // integers of either size: the high half says the sign
          segment.i32[at / 4] = Number(value);
          segment.i32[at / 4 + 1] = Number(value) < 0 ? -1 : 0;
      }
      passed.push(this.#base + at);
    }
    for (let i = 0; i < texts; i++) passed.push(1);
    call(...passed);
    const info = segment.i32[(from + SLOT * (takes.length - 1)) / 4];
    if (info >= 0) return info;
    throw new LinAlgError(
      `${name} of ${this.blas.file} refuses its argument ${-info} for ${this.field.name}`,
      "report this, and set blas to 'embedded' until it is mended",
      { routine: name, dtype: this.field.name, argument: -info, values, library: this.blas.file },
    );
  }

  /** An integer of the library's at an address. */
  integer(address: number): number {
    return this.segment.i32[address / 4];
  }

  /** Takes scratch for a number of the field's real or whole elements. */
  take(nbytes: number): number {
    return scratch.take(this.segment, Math.max(8, Math.ceil(nbytes)));
  }

  /** The real number at an address: where a routine that was asked says how much workspace it wants. */
  real(address: number): number {
    return this.field.width === 8 ? this.segment.f64[address / 8] : this.segment.f32[address / 4];
  }
}

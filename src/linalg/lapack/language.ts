// The language in which decompositions are written: numbers, real or complex alike, matrices by columns, counted loops,
// over the assembler (kernel/wasm/assembler.ts). One text gives the four element types. Every operation on numbers is
// written where it stands and its value kept in a local, so that a number may be used any number of times.
// Complex division: Baudin, Smith, "A robust complex division in Scilab", 2012, without its rarest branches.

import { type Callee, constant, type Label, Routine, type Value, type Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';

/** One of the four element types of linear algebra. */
export interface Field {
  readonly name: FieldName;
  /** Lane and machine type of its real and imaginary parts. */
  readonly lane: 'f32' | 'f64';
  /** Bytes of a part, and of an element. */
  readonly width: 4 | 8;
  readonly bytes: 4 | 8 | 16;
  readonly complex: boolean;
  /** Distance from 1 to the next number, and the least normal number. */
  readonly eps: number;
  readonly tiny: number;
}

const single = { lane: 'f32', width: 4, eps: 2 ** -23, tiny: 2 ** -126 } as const;
const double = { lane: 'f64', width: 8, eps: 2 ** -52, tiny: 2 ** -1022 } as const;

export const fields = {
  float32: { name: 'float32', ...single, bytes: 4, complex: false },
  float64: { name: 'float64', ...double, bytes: 8, complex: false },
  complex64: { name: 'complex64', ...single, bytes: 8, complex: true },
  complex128: { name: 'complex128', ...double, bytes: 16, complex: true },
} as const satisfies Record<string, Omit<Field, 'name'> & { name: string }>;
export type FieldName = keyof typeof fields;

/** What arithmetic takes: a number of the routine, or a constant. */
export type Term = Num | number;

/** A number in locals; `im` is missing in a real one, also where the elements are complex. */
export class Num {
  readonly in: NumberRoutine;
  readonly re: Variable;
  readonly im: Variable | undefined;

  constructor(routine: NumberRoutine, re: Variable, im?: Variable) {
    this.in = routine;
    this.re = re;
    this.im = im;
  }

  #made(re: Value, im?: Value): Num {
    const r = this.in;
    return new Num(r, r.let(re), im === undefined ? undefined : r.let(im));
  }
  #other(x: Term): Num {
    return typeof x === 'number' ? this.in.number(x) : x;
  }

  add(x: Term): Num {
    const y = this.#other(x);
    const im = this.im === undefined ? y.im : y.im === undefined ? this.im : this.im.add(y.im);
    return this.#made(this.re.add(y.re), im);
  }
  sub(x: Term): Num {
    const y = this.#other(x);
    const im = this.im === undefined ? y.im?.neg() : y.im === undefined ? this.im : this.im.sub(y.im);
    return this.#made(this.re.sub(y.re), im);
  }
  mul(x: Term): Num {
    const y = this.#other(x);
    if (this.im === undefined) return this.#made(this.re.mul(y.re), y.im === undefined ? undefined : this.re.mul(y.im));
    if (y.im === undefined) return this.#made(this.re.mul(y.re), this.im.mul(y.re));
    return this.#made(this.re.mul(y.re).sub(this.im.mul(y.im)), this.re.mul(y.im).add(this.im.mul(y.re)));
  }
  /** Quotient; of complex numbers without overflow on the way. */
  div(x: Term): Num {
    const y = this.#other(x);
    if (y.im === undefined) return this.#made(this.re.over(y.re), this.im?.over(y.re));
    const r = this.in;
    const [re, im] = [r.local(this.re.type), r.local(this.re.type)];
    const [c, d] = [y.re, y.im];
    const b = this.im ?? constant(this.re.type, 0);
    // Smith: divide by the greater part first.
    r.if(
      d.abs().le(c.abs()),
      () => {
        const q = r.let(d.over(c));
        const t = r.let(constant(q.type, 1).over(c.add(d.mul(q))));
        r.set(re, this.re.add(b.mul(q)).mul(t));
        r.set(im, b.sub(this.re.mul(q)).mul(t));
      },
      () => {
        const q = r.let(c.over(d));
        const t = r.let(constant(q.type, 1).over(c.mul(q).add(d)));
        r.set(re, this.re.mul(q).add(b).mul(t));
        r.set(im, b.mul(q).sub(this.re).mul(t));
      },
    );
    return new Num(r, re, im);
  }
  neg(): Num {
    return this.#made(this.re.neg(), this.im?.neg());
  }
  conj(): Num {
    return this.im === undefined ? this : new Num(this.in, this.re, this.in.let(this.im.neg()));
  }
  real(): Num {
    return new Num(this.in, this.re);
  }
  imag(): Num {
    return this.im === undefined ? this.in.number(0) : new Num(this.in, this.im);
  }
  /** Square root of a real number. */
  sqrt(): Num {
    return this.#made(this.re.sqrt());
  }
  /** Magnitude: of a complex number √(re² + im²) without overflow on the way. */
  abs(): Num {
    if (this.im === undefined) return this.#made(this.re.abs());
    const r = this.in;
    const [a, b] = [r.let(this.re.abs()), r.let(this.im.abs())];
    const more = r.let(a.lt(b).select(b, a));
    const less = r.let(a.lt(b).select(a, b));
    const result = r.let(more.add(less)); // right where either is 0, infinite or NaN
    r.if(less.le(0).isZero().and(more.lt(Number.POSITIVE_INFINITY)), () => {
      const q = r.let(less.over(more));
      r.set(result, more.mul(q.mul(q).add(1).sqrt()));
    });
    return new Num(r, result);
  }
  /** |re| + |im|, the measure of LAPACK's pivoting. */
  abs1(): Num {
    return this.#made(this.im === undefined ? this.re.abs() : this.re.abs().add(this.im.abs()));
  }
  /** re² + im². */
  square(): Num {
    return this.#made(this.im === undefined ? this.re.mul(this.re) : this.re.mul(this.re).add(this.im.mul(this.im)));
  }
  /** Magnitude of this real number, sign of another. */
  copysign(x: Num): Num {
    return this.#made(this.re.copysign(x.re));
  }
  /** The greater of two real numbers; this one where they do not compare. */
  max(x: Term): Num {
    const y = this.#other(x);
    return this.#made(this.re.lt(y.re).select(y.re, this.re));
  }
  min(x: Term): Num {
    const y = this.#other(x);
    return this.#made(y.re.lt(this.re).select(y.re, this.re));
  }
  /** Conditions on real numbers. */
  lt(x: Term): Value {
    return this.re.lt(typeof x === 'number' ? x : x.re);
  }
  le(x: Term): Value {
    return this.re.le(typeof x === 'number' ? x : x.re);
  }
  /** Both parts are equal. */
  eq(x: Term): Value {
    const y = this.#other(x);
    const re = this.re.eq(y.re);
    if (this.im === undefined && y.im === undefined) return re;
    const zero = constant(this.re.type, 0);
    return re.and((this.im ?? zero).eq(y.im ?? zero));
  }
}

/** A number that changes. */
export class NumVariable extends Num {
  set(x: Term): void {
    const y = typeof x === 'number' ? this.in.number(x) : x;
    this.in.set(this.re, y.re);
    if (this.im !== undefined) this.in.set(this.im, y.im ?? 0);
    else if (y.im !== undefined) throw new TypeError('a real variable cannot hold a complex number');
  }
}

/** A matrix by columns: address of its first element, bytes from column to column. */
export interface Columns {
  readonly ptr: Value;
  readonly ld: Value;
}

/** A routine over the numbers of one field. */
export class NumberRoutine extends Routine {
  readonly field: Field;
  constructor(field: Field, params: readonly WasmType[], results: readonly WasmType[] = []) {
    super(params, results);
    this.field = field;
  }

  /** A real constant. */
  number(x: number): Num {
    return new Num(this, this.let(constant(this.field.lane, x)));
  }
  /** A real expression as a number. */
  real(x: Value): Num {
    return new Num(this, this.let(x));
  }
  complex(re: Num, im: Num): Num {
    return new Num(this, re.re, im.re);
  }
  /** A parameter or a pair of parameters of this routine as a number. */
  numberOf(re: Variable, im?: Variable): Num {
    return new Num(this, re, im);
  }
  /** A variable of the field (or a real one) with a first value. */
  variable(x: Term, kind: 'field' | 'real' = 'field'): NumVariable {
    const lane = this.field.lane;
    const complex = this.field.complex && kind === 'field';
    const made = new NumVariable(this, this.local(lane), complex ? this.local(lane) : undefined);
    made.set(x);
    return made;
  }
  /** The element at an address. */
  get(address: Value, offset = 0): Num {
    const { lane, width, complex } = this.field;
    const at = this.#pointer(address);
    const re = this.let(this.load(lane, at, offset));
    return new Num(this, re, complex ? this.let(this.load(lane, at, offset + width)) : undefined);
  }
  /** The real number at an address, whatever the field. */
  getReal(address: Value, offset = 0): Num {
    return new Num(this, this.let(this.load(this.field.lane, address, offset)));
  }
  /** Writes an element; the imaginary part of a real number is 0. */
  put(address: Value, x: Term, offset = 0): void {
    const { lane, width, complex } = this.field;
    const y = typeof x === 'number' ? this.number(x) : x;
    const at = complex ? this.#pointer(address) : address;
    this.store(lane, at, y.re, offset);
    if (complex) this.store(lane, at, y.im ?? 0, offset + width);
  }
  putReal(address: Value, x: Term, offset = 0): void {
    this.store(this.field.lane, address, (typeof x === 'number' ? this.number(x) : x).re, offset);
  }
  // An address is used once per part.
  #pointer(address: Value): Value {
    return this.field.complex ? this.let(address) : address;
  }

  /** Address of element (i, j), or of element i of column 0. */
  at(a: Columns, i: Value, j?: Value): Value {
    const down = a.ptr.add(i.mul(this.field.bytes));
    return j === undefined ? down : down.add(j.mul(a.ld));
  }
  /** i = from, from + 1, … below `to`, which is taken once; nothing where `to` is not greater (signed). */
  range(from: Value, to: Value, body: (i: Variable, leave: Label) => void): void {
    const i = this.let(from);
    const end = this.let(to);
    this.block((leave) => {
      this.loop((again) => {
        leave.when(i.lessSigned(end).isZero());
        body(i, leave);
        this.bump(i, 1);
        again();
      });
    });
  }
  /** i = from − 1, … down to `to`; nothing where `from` is not greater (signed). */
  downward(from: Value, to: Value, body: (i: Variable, leave: Label) => void): void {
    const i = this.let(from);
    const end = this.let(to);
    this.block((leave) => {
      this.loop((again) => {
        leave.when(end.lessSigned(i).isZero());
        this.bump(i, -1);
        body(i, leave);
        again();
      });
    });
  }
  int(x: number): Value {
    return constant('i32', x);
  }
  /** The number that a function of numbers returned: of a complex field a vector with both parts in front. */
  numberFrom(x: Value): Num {
    if (x.type !== 'v128') return new Num(this, this.let(x));
    const v = this.let(x);
    const { lane } = this.field;
    return new Num(this, this.let(v.extract(lane, 0)), this.let(v.extract(lane, 1)));
  }
  /** Arguments that pass a number of the field. */
  argument(x: Num): Value[] {
    if (!this.field.complex) return [x.re];
    return [x.re, x.im ?? constant(this.field.lane, 0)];
  }
}

/** Parameters that pass one number of the field. */
export const numberParams = (field: Field): WasmType[] => (field.complex ? [field.lane, field.lane] : [field.lane]);

/** Parameters that are addresses, lengths and flags. */
export const i32s = (count: number): WasmType[] => new Array<WasmType>(count).fill('i32');

/** Adds a function over numbers of a field to a module; exported where it has a name. */
export function defineNumeric(
  module: ModuleCode,
  field: Field,
  params: readonly WasmType[],
  result: WasmType | undefined,
  write: (r: NumberRoutine, ...params: Variable[]) => void,
  exportAs?: string,
): Callee {
  const r = new NumberRoutine(field, params, result === undefined ? [] : [result]);
  write(r, ...r.params);
  return { index: module.add(r.f, exportAs), result };
}

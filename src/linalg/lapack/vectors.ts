// Functions on columns (unit stride) that decompositions call inside WebAssembly: the vector and matrix-vector work of
// BLAS levels 1 and 2, written once for the four fields, in SIMD. Sums run in a fixed order that the length alone
// decides. Each function is added to the module that asks for it.
// Source: Lawson et al., "Basic linear algebra subprograms", TOMS 5(3), 1979; scaled norms as in LAPACK's nrm2.

import { type Callee, constant, type Value, type Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, type Num, type NumberRoutine, numberParams } from './language.ts';

/** Reals of one vector register. */
const lanesOf = (field: Field): number => 16 / field.width;

const swapParts: Record<4 | 8, number[]> = {
  4: [4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11],
  8: [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7],
};

/** A factor of the field in registers: `times(x)` is the product with a vector of elements. */
export class VectorFactor {
  readonly #r: NumberRoutine;
  readonly #re: Variable;
  readonly #im: Variable | undefined;

  constructor(r: NumberRoutine, x: Num) {
    this.#r = r;
    this.#re = r.let(x.re.splat());
    if (x.im === undefined) return;
    // (−im, im): times the element with its parts exchanged
    const { width } = r.field;
    const pair = width === 8 ? [24, 25, 26, 27, 28, 29, 30, 31] : [20, 21, 22, 23];
    const own = width === 8 ? [0, 1, 2, 3, 4, 5, 6, 7] : [0, 1, 2, 3];
    const one = [...own, ...pair];
    const both = width === 8 ? one : [...one, ...one];
    this.#im = r.let(x.im.neg().splat().shuffle(r.let(x.im.splat()), both));
  }

  times(x: Value): Value {
    const { lane, width } = this.#r.field;
    if (this.#im === undefined) return this.#re.lanes('mul', lane, x);
    const v = this.#r.let(x);
    const turned = v.shuffle(v, swapParts[width]);
    return this.#re.lanes('mul', lane, v).lanes('add', lane, this.#im.lanes('mul', lane, turned));
  }
}

/**
 * Goes through columns of `n` elements side by side: `vector(offset)` for registers, with addresses in `pointers` that
 * move on, then `scalar` for each element that is left.
 */
export function alongColumns(
  r: NumberRoutine,
  n: Value,
  columns: readonly Value[],
  vector: (pointers: readonly Variable[], offset: number) => void,
  scalar: (pointers: readonly Variable[]) => void,
  unroll = 2,
): void {
  const { bytes } = r.field;
  const pointers = columns.map((c) => r.let(c));
  const left = r.let(n.mul(bytes)); // in bytes
  const forward = (by: number): void => {
    for (const p of pointers) r.bump(p, by);
    r.set(left, left.sub(by));
  };
  const piece = 16 * unroll;
  r.while(left.lt(piece).isZero(), () => {
    for (let u = 0; u < unroll; u++) vector(pointers, 16 * u);
    forward(piece);
  });
  if (unroll > 1) {
    r.while(left.lt(16).isZero(), () => {
      vector(pointers, 0);
      forward(16);
    });
  }
  if (bytes === 16) return;
  r.while(left.ne(0), () => {
    scalar(pointers);
    forward(bytes);
  });
}

/** The functions of one module, each added at its first use. */
export class Vectors {
  readonly #module: ModuleCode;
  readonly #field: Field;
  readonly #made = new Map<string, Callee>();

  constructor(module: ModuleCode, field: Field) {
    this.#module = module;
    this.#field = field;
  }

  #function(
    name: string,
    params: readonly WasmType[],
    result: WasmType | undefined,
    write: (r: NumberRoutine, ...params: Variable[]) => void,
  ): Callee {
    let made = this.#made.get(name);
    if (made === undefined) {
      made = defineNumeric(this.#module, this.#field, params, result, write);
      this.#made.set(name, made);
    }
    return made;
  }
  /** Parameters of a number first, then these. */
  #withNumber(
    name: string,
    rest: readonly WasmType[],
    write: (r: NumberRoutine, x: Num, rest: Variable[]) => void,
    real = false,
  ): Callee {
    const field = this.#field;
    const params = real ? [field.lane] : numberParams(field);
    return this.#function(name, [...params, ...rest], undefined, (r, ...all) => {
      const [re, im] = all;
      write(r, r.numberOf(re, params.length > 1 ? im : undefined), all.slice(params.length));
    });
  }

  /** axpy(a, n, x, y): y += a·x */
  get axpy(): Callee {
    const { lane } = this.#field;
    return this.#withNumber('axpy', ['i32', 'i32', 'i32'], (r, a, [n, x, y]) => {
      const factor = new VectorFactor(r, a);
      alongColumns(
        r,
        n,
        [x, y],
        ([p, q], o) => {
          const sum = r.loadVector(q, o).lanes('add', lane, factor.times(r.loadVector(p, o)));
          r.storeVector(q, r.let(sum), o);
        },
        ([p, q]) => r.put(q, r.get(q).add(a.mul(r.get(p)))),
        4,
      );
    });
  }

  /** scale(a, n, x): x *= a */
  get scale(): Callee {
    return this.#withNumber('scale', ['i32', 'i32'], (r, a, [n, x]) => this.#scaled(r, a, n, x));
  }
  /** scaleReal(s, n, x): x *= s, s real */
  get scaleReal(): Callee {
    return this.#withNumber('scaleReal', ['i32', 'i32'], (r, a, [n, x]) => this.#scaled(r, a, n, x), true);
  }
  #scaled(r: NumberRoutine, a: Num, n: Value, x: Value): void {
    const factor = new VectorFactor(r, a);
    alongColumns(
      r,
      n,
      [x],
      ([p], o) => r.storeVector(p, r.let(factor.times(r.loadVector(p, o))), o),
      ([p]) => r.put(p, r.get(p).mul(a)),
    );
  }

  /** swap(n, x, y) */
  get swap(): Callee {
    return this.#function('swap', ['i32', 'i32', 'i32'], undefined, (r, n, x, y) => {
      alongColumns(
        r,
        n,
        [x, y],
        ([p, q], o) => {
          const [a, b] = [r.let(r.loadVector(p, o)), r.let(r.loadVector(q, o))];
          r.storeVector(p, b, o);
          r.storeVector(q, a, o);
        },
        ([p, q]) => {
          const [a, b] = [r.get(p), r.get(q)];
          r.put(p, b);
          r.put(q, a);
        },
      );
    });
  }

  /** rotate(c, s, n, x, y): (x, y) = (c·x + s·y, c·y − s·x), c and s real */
  get rotate(): Callee {
    const { lane } = this.#field;
    return this.#function('rotate', [lane, lane, 'i32', 'i32', 'i32'], undefined, (r, c, s, n, x, y) => {
      const [cs, sn] = [r.let(c.splat()), r.let(s.splat())];
      const [cn, sN] = [r.numberOf(c), r.numberOf(s)];
      alongColumns(
        r,
        n,
        [x, y],
        ([p, q], o) => {
          const [a, b] = [r.let(r.loadVector(p, o)), r.let(r.loadVector(q, o))];
          r.storeVector(p, cs.lanes('mul', lane, a).lanes('add', lane, sn.lanes('mul', lane, b)), o);
          r.storeVector(q, cs.lanes('mul', lane, b).lanes('sub', lane, sn.lanes('mul', lane, a)), o);
        },
        ([p, q]) => {
          const [a, b] = [r.get(p), r.get(q)];
          r.put(p, a.mul(cn).add(b.mul(sN)));
          r.put(q, b.mul(cn).sub(a.mul(sN)));
        },
      );
    });
  }

  /** dot(n, x, y): Σ x·y; read the result with `numberFrom`. */
  get dot(): Callee {
    return this.#dot('dot', false);
  }
  /** dotConjugated(n, x, y): Σ conj(x)·y; `dot` of a real field. */
  get dotConjugated(): Callee {
    return this.#field.complex ? this.#dot('dotConjugated', true) : this.dot;
  }
  #dot(name: string, conjugated: boolean): Callee {
    const field = this.#field;
    return this.#function(name, ['i32', 'i32', 'i32'], field.complex ? 'v128' : field.lane, (r, n, x, y) => {
      const sums = new DotSums(r, 2);
      const rest = r.variable(0);
      let turn = 0;
      alongColumns(
        r,
        n,
        [x, y],
        ([p, q], o) => sums.add(r.let(r.loadVector(p, o)), r.let(r.loadVector(q, o)), turn++ % 2),
        ([p, q]) => {
          const [a, b] = [r.get(p), r.get(q)];
          rest.set(rest.add((conjugated ? a.conj() : a).mul(b)));
        },
      );
      const total = sums.total(conjugated).add(rest);
      r.return(vectorOf(r, total));
    });
  }

  /** norm(n, x): √Σ|x|², without overflow or underflow on the way; NaN and ∞ as they come. */
  get norm(): Callee {
    const field = this.#field;
    return this.#function('norm', ['i32', 'i32'], field.lane, (r, n, x) => {
      const parts = field.complex ? 2 : 1;
      // The plain sum first: it is right unless it overflowed or may have lost small squares.
      const sum = r.variable(0, 'real');
      const sums = [r.local('v128'), r.local('v128')];
      let turn = 0;
      alongColumns(
        r,
        n,
        [x],
        ([p], o) => {
          const s = sums[turn++ % 2];
          const v = r.let(r.loadVector(p, o));
          r.set(s, s.lanes('add', field.lane, v.lanes('mul', field.lane, v)));
        },
        ([p]) => sum.set(sum.add(r.get(p).square())),
      );
      const all = r.let(sums[0].lanes('add', field.lane, sums[1]));
      for (let l = 0; l < lanesOf(field); l++) sum.set(sum.add(r.real(all.extract(field.lane, l))));
      const tooSmall = field.tiny / field.eps ** 2;
      r.if(r.number(tooSmall).le(sum).and(sum.lt(Number.POSITIVE_INFINITY)), () => r.return(sum.sqrt().re));
      // Again, scaled by the greatest part.
      const most = r.variable(0, 'real');
      const p = r.let(x);
      r.range(r.int(0), n.mul(parts), () => {
        const a = r.getReal(p).abs();
        most.set(most.max(a));
        r.if(a.re.eq(a.re).isZero(), () => r.return(a.re)); // NaN
        r.bump(p, field.width);
      });
      r.if(most.eq(0).or(most.re.eq(Number.POSITIVE_INFINITY)), () => r.return(most.re));
      sum.set(0);
      r.set(p, x);
      r.range(r.int(0), n.mul(parts), () => {
        const a = r.getReal(p).div(most);
        sum.set(sum.add(a.mul(a)));
        r.bump(p, field.width);
      });
      r.return(most.mul(sum.sqrt()).re);
    });
  }

  /** greatest(n, x): index of the first element with the greatest |re| + |im|; NaN counts as greatest. */
  get greatest(): Callee {
    return this.#function('greatest', ['i32', 'i32'], 'i32', (r, n, x) => {
      const best = r.variable(-1, 'real');
      const found = r.local('i32');
      const p = r.let(x);
      r.range(r.int(0), n, (i) => {
        const a = r.get(p).abs1();
        r.if(a.le(best).isZero().and(best.re.eq(best.re)), () => {
          best.set(a);
          r.set(found, i);
        });
        r.bump(p, this.#field.bytes);
      });
      r.return(found);
    });
  }

  /** addColumns(a, m, n, A, ld, x, xStep, y): y += a·A·x; the elements of x lie `xStep` bytes apart. */
  get addColumns(): Callee {
    const { lane, bytes } = this.#field;
    const rest: WasmType[] = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'];
    return this.#withNumber('addColumns', rest, (r, a, [m, n, matrix, ld, x, step, y]) => {
      const column = r.let(matrix);
      const from = r.let(x);
      const left = r.let(n);
      const by = (count: number): void => {
        const xs = Array.from({ length: count }, (_, j) => a.mul(r.get(from.add(step.mul(j)))));
        const factors = xs.map((v) => new VectorFactor(r, v));
        const columns = xs.map((_, j) => (j === 0 ? column : column.add(ld.mul(j))));
        alongColumns(
          r,
          m,
          [y, ...columns],
          ([q, ...ps], o) => {
            const sum = factors.reduce<Value>(
              (s, f, j) => s.lanes('add', lane, f.times(r.loadVector(ps[j], o))),
              r.loadVector(q, o),
            );
            r.storeVector(q, r.let(sum), o);
          },
          ([q, ...ps]) => {
            let sum = r.get(q);
            xs.forEach((v, j) => {
              sum = sum.add(v.mul(r.get(ps[j])));
            });
            r.put(q, sum);
          },
          1,
        );
        r.bump(column, ld.mul(count));
        r.bump(from, step.mul(count));
        r.set(left, left.sub(count));
      };
      if (bytes < 16) r.while(r.int(3).lessSigned(left), () => by(4));
      r.while(r.int(1).lessSigned(left), () => by(2));
      r.if(r.int(0).lessSigned(left), () => by(1));
    });
  }

  /** addDots(a, m, n, A, ld, x, y, yStep): yⱼ += a·Σ Aᵢⱼ·xᵢ for each column j; the elements of y lie `yStep` bytes apart. */
  get addDots(): Callee {
    return this.#addDots('addDots', false);
  }
  /** addDotsConjugated: the same with conj(A). */
  get addDotsConjugated(): Callee {
    return this.#field.complex ? this.#addDots('addDotsConjugated', true) : this.addDots;
  }
  #addDots(name: string, conjugated: boolean): Callee {
    const rest: WasmType[] = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'];
    return this.#withNumber(name, rest, (r, a, [m, n, matrix, ld, x, y, step]) => {
      const column = r.let(matrix);
      const to = r.let(y);
      const left = r.let(n);
      const by = (count: number): void => {
        const sums = new DotSums(r, count);
        const rests = Array.from({ length: count }, () => r.variable(0));
        const columns = rests.map((_, j) => (j === 0 ? column : column.add(ld.mul(j))));
        alongColumns(
          r,
          m,
          [x, ...columns],
          ([q, ...ps], o) => {
            const v = r.let(r.loadVector(q, o));
            ps.forEach((p, j) => {
              sums.add(r.let(r.loadVector(p, o)), v, j);
            });
          },
          ([q, ...ps]) => {
            const v = r.get(q);
            ps.forEach((p, j) => {
              const e = r.get(p);
              rests[j].set(rests[j].add((conjugated ? e.conj() : e).mul(v)));
            });
          },
          1,
        );
        rests.forEach((s, j) => {
          const at = r.let(to.add(step.mul(j)));
          r.put(at, r.get(at).add(a.mul(sums.one(j, conjugated).add(s))));
        });
        r.bump(column, ld.mul(count));
        r.bump(to, step.mul(count));
        r.set(left, left.sub(count));
      };
      r.while(r.int(3).lessSigned(left), () => by(4));
      r.while(r.int(0).lessSigned(left), () => by(1));
    });
  }

  /** addOuter(a, m, n, x, y, yStep, A, ld): A += a·x·yᵀ; the elements of y lie `yStep` bytes apart. */
  get addOuter(): Callee {
    return this.#addOuter('addOuter', false);
  }
  /** addOuterConjugated: A += a·x·yᴴ. */
  get addOuterConjugated(): Callee {
    return this.#field.complex ? this.#addOuter('addOuterConjugated', true) : this.addOuter;
  }
  #addOuter(name: string, conjugated: boolean): Callee {
    const { axpy } = this;
    const rest: WasmType[] = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'];
    return this.#withNumber(name, rest, (r, a, [m, n, x, y, step, matrix, ld]) => {
      const column = r.let(matrix);
      const from = r.let(y);
      r.range(r.int(0), n, () => {
        const v = r.get(from);
        const factor = a.mul(conjugated ? v.conj() : v);
        r.run(axpy, ...r.argument(factor), m, x, column);
        r.bump(column, ld);
        r.bump(from, step);
      });
    });
  }
}

/** Sums of products of registers: of a complex field the products with both parts are kept apart until the end. */
export class DotSums {
  readonly #r: NumberRoutine;
  readonly #straight: Variable[];
  readonly #crossed: Variable[];

  constructor(r: NumberRoutine, count: number) {
    this.#r = r;
    const fresh = (): Variable[] => Array.from({ length: count }, () => r.let(constant(r.field.lane, 0).splat()));
    this.#straight = fresh();
    this.#crossed = r.field.complex ? fresh() : [];
  }
  /** Adds x·y to sum `j`. */
  add(x: Variable, y: Variable, j: number): void {
    const r = this.#r;
    const { lane, width } = r.field;
    const s = this.#straight[j];
    r.set(s, s.lanes('add', lane, x.lanes('mul', lane, y)));
    const c = this.#crossed[j];
    if (c !== undefined) r.set(c, c.lanes('add', lane, x.lanes('mul', lane, y.shuffle(y, swapParts[width]))));
  }
  #number(straight: Value, crossed: Value | undefined, conjugated: boolean): Num {
    const r = this.#r;
    const { lane } = r.field;
    const s = r.let(straight);
    const lanes = lanesOf(r.field);
    const sum = (v: Value, from: number, step: number): Num => {
      let total = r.real(v.extract(lane, from));
      for (let l = from + step; l < lanes; l += step) total = total.add(r.real(v.extract(lane, l)));
      return total;
    };
    if (crossed === undefined) return sum(s, 0, 1);
    const c = r.let(crossed);
    // x·y: straight (re·re, im·im), crossed (re·im, im·re)
    const [rr, ii] = [sum(s, 0, 2), sum(s, 1, 2)];
    const [ri, ir] = [sum(c, 0, 2), sum(c, 1, 2)];
    return conjugated ? r.complex(rr.add(ii), ri.sub(ir)) : r.complex(rr.sub(ii), ri.add(ir));
  }
  one(j: number, conjugated: boolean): Num {
    return this.#number(this.#straight[j], this.#crossed[j], conjugated);
  }
  total(conjugated: boolean): Num {
    const { lane } = this.#r.field;
    const sum = (all: readonly Value[]): Value => all.reduce((s, x) => s.lanes('add', lane, x));
    return this.#number(sum(this.#straight), this.#crossed.length > 0 ? sum(this.#crossed) : undefined, conjugated);
  }
}

/** A number as a function of numbers returns it. */
function vectorOf(r: NumberRoutine, x: Num): Value {
  if (x.im === undefined) return x.re;
  const { width } = r.field;
  const bytes = Array.from({ length: 16 }, (_, i) => (i % (2 * width) < width ? i % width : 16 + (i % width)));
  return x.re.splat().shuffle(x.im.splat(), bytes);
}

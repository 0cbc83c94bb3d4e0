// Kernels of the Hermitian eigenproblem: small matrices from start to end in one call for a stack, and the reduction
// of one large matrix. Matrices whose norm is near the limits of the field are scaled, as LAPACK's syev does.

import type { Callee, Value, Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, type Num, type NumberRoutine, type NumVariable } from './language.ts';
import { Reflectors } from './reflector.ts';
import { implicitQlOf } from './symmetric_ql.ts';
import { REDUCTION_SCRATCH, tridiagonalReductionOf } from './tridiagonal_reduction.ts';
import { Vectors } from './vectors.ts';

const i32s = (n: number): WasmType[] => new Array<WasmType>(n).fill('i32');

/** Bytes of scratch of one small problem of order n: off-diagonals, factors, vectors of the reduction, reflectors. */
export const symmetricScratch = (n: number, { bytes, width }: Field): number =>
  16 + n * width + bytes * (n * (1 + REDUCTION_SCRATCH) + n * n);

/** Where norms must lie so that squares of what counts neither overflow nor vanish. */
const safeRange = ({ tiny, eps }: Field): readonly [number, number] => [
  Math.sqrt(tiny) / eps ** 2,
  Math.sqrt(eps / (2 * tiny)),
];

/** A power of two, so that no digit is lost, that brings a norm into the safe range; 1 for most, 0 for NaN and infinities. */
export function scalingOf(r: NumberRoutine, greatest: NumVariable): NumVariable {
  const [least, most] = safeRange(r.field);
  const factor = r.variable(1, 'real');
  const exponent = r.field.width === 8 ? 0x7ff0000000000000n : 0x7f800000;
  const power = (x: Num): Num => r.real(x.re.bits().and(exponent).bits());
  r.if(greatest.lt(least).and(r.number(0).lt(greatest)), () => {
    factor.set(power(r.number(least).div(greatest.max(r.field.tiny))).mul(2));
  });
  r.if(r.number(most).lt(greatest), () => factor.set(power(r.number(most).div(greatest))));
  r.if(greatest.lt(Number.POSITIVE_INFINITY).isZero(), () => factor.set(0));
  return factor;
}

/** Turns `most` into the greatest of it and the parts of n elements; NaN stays. */
export function measure(r: NumberRoutine, most: NumVariable, n: Value, at: Value): void {
  const p = r.let(at);
  r.range(r.int(0), n.mul(r.field.complex ? 2 : 1), () => {
    const x = r.getReal(p).abs();
    r.if(x.le(most).isZero(), () => {
      r.if(most.re.eq(most.re), () => most.set(x));
    });
    r.bump(p, r.field.width);
  });
}

/**
 * prepare(n, A, ld, lower): brings the given triangle below the diagonal and its norm into the safe range. Returns the
 * factor it was scaled by; 0 for a matrix with NaN or infinities.
 */
function prepareOf(module: ModuleCode, field: Field, { scaleReal }: Vectors): Callee {
  const { bytes, lane } = field;
  return defineNumeric(module, field, i32s(4), lane, (r, n, a, ld, lower) => {
    const greatest = r.variable(0, 'real');
    const column = r.let(a);
    r.range(r.int(0), n, (j) => {
      const diagonal = r.let(column.add(j.mul(bytes)));
      r.if(lower.isZero(), () => {
        const across = r.let(diagonal);
        r.range(j, n, (i) => {
          r.put(diagonal.add(i.sub(j).mul(bytes)), r.get(across).conj());
          r.bump(across, ld);
        });
      });
      r.put(diagonal, r.get(diagonal).real());
      measure(r, greatest, n.sub(j), diagonal);
      r.bump(column, ld);
    });
    const factor = scalingOf(r, greatest);
    r.if(factor.eq(1).isZero(), () => {
      r.set(column, a);
      r.range(r.int(0), n, (j) => {
        r.run(scaleReal, factor.re, n.sub(j), column.add(j.mul(bytes)));
        r.bump(column, ld);
      });
    });
    r.return(factor.re);
  });
}

/** form(n, A, ld, tau, S): A becomes Q = H₁⋯H_{n−1}; S is room for the n × n reflectors. */
function formOf(module: ModuleCode, field: Field, { applyLeft }: Reflectors): Callee {
  const { bytes } = field;
  return defineNumeric(module, field, i32s(5), undefined, (r, n, a, ld, tau, s) => {
    const bytesPerColumn = r.let(n.mul(bytes));
    const [from, to] = [r.let(a), r.let(s)];
    r.range(r.int(0), n, (j) => {
      r.copy(to, from, bytesPerColumn);
      r.fill(from, 0, bytesPerColumn);
      r.put(from.add(j.mul(bytes)), 1);
      r.bump(from, ld);
      r.bump(to, bytesPerColumn);
    });
    r.downward(n.sub(1), r.int(0), (k) => {
      const first = r.let(k.add(1));
      const m = r.let(n.sub(first));
      const v = s.add(k.mul(bytesPerColumn)).add(first.add(1).mul(bytes));
      r.run(applyLeft, m, m, v, tau.add(k.mul(bytes)), a.add(first.mul(ld.add(bytes))), ld);
    });
  });
}

/** Where the scratch of a problem lies. */
interface Places {
  readonly e: Variable;
  readonly tau: Variable;
  readonly work: Variable;
  readonly reflectors: Variable;
}
function places(r: NumberRoutine, n: Value, scratch: Value): Places {
  const { bytes, width } = r.field;
  const e = r.let(scratch);
  const tau = r.let(e.add(n.mul(width).add(15).and(-16)));
  const work = r.let(tau.add(n.mul(bytes)));
  return { e, tau, work, reflectors: r.let(work.add(n.mul(bytes * REDUCTION_SCRATCH))) };
}

/** run(count, a, w, info, n, lower, vectors, scratch): eigenvalues and vectors of a stack of small matrices. */
export function addSymmetric(module: ModuleCode, field: Field): void {
  const { bytes, width, lane } = field;
  const vectors = new Vectors(module, field);
  const reflectors = new Reflectors(module, field, vectors);
  const prepare = prepareOf(module, field, vectors);
  const reduce = tridiagonalReductionOf(module, field, vectors, reflectors);
  const form = formOf(module, field, reflectors);
  const ql = implicitQlOf(module, field, vectors);
  const one = defineNumeric(module, field, i32s(6), 'i32', (r, n, a, w, lower, wanted, scratch) => {
    const ld = r.let(n.mul(bytes));
    const factor = r.real(r.call(prepare, n, a, ld, lower));
    r.if(factor.eq(0), () => r.return(n));
    const at = places(r, n, scratch);
    r.run(reduce, n, a, ld, w, at.e, at.tau, at.work);
    r.if(wanted, () => r.run(form, n, a, ld, at.tau, at.reflectors));
    const info = r.let(r.call(ql, n, w, at.e, wanted.select(a, r.int(0)), ld, n));
    r.if(factor.eq(1).isZero(), () => {
      r.range(r.int(0), n, (i) => {
        const p = r.let(w.add(i.mul(width)));
        r.store(lane, p, r.getReal(p).div(factor).re);
      });
    });
    r.return(info);
  });
  defineNumeric(
    module,
    field,
    i32s(8),
    undefined,
    (r, count, a, w, info, n, lower, wanted, scratch) => {
      r.range(r.int(0), count, () => {
        r.store('i32', info, r.call(one, n, a, w, lower, wanted, scratch));
        r.bump(a, n.mul(n).mul(bytes));
        r.bump(w, n.mul(width));
        r.bump(info, 4);
      });
    },
    'run',
  );
}

/** run(n, a, lower, d, e, tau, work): one matrix to tridiagonal form; returns what it was scaled by, 0 where not finite. */
export function addReduction(module: ModuleCode, field: Field): void {
  const vectors = new Vectors(module, field);
  const prepare = prepareOf(module, field, vectors);
  const reduce = tridiagonalReductionOf(module, field, vectors, new Reflectors(module, field, vectors));
  defineNumeric(
    module,
    field,
    i32s(7),
    field.lane,
    (r, n, a, lower, d, e, tau, work) => {
      const ld = r.let(n.mul(field.bytes));
      const factor = r.real(r.call(prepare, n, a, ld, lower));
      r.if(factor.eq(0).isZero(), () => r.run(reduce, n, a, ld, d, e, tau, work));
      r.return(factor.re);
    },
    'run',
  );
}

/** run(n, d, e, z, ld, rows): the tridiagonal problem of reals; returns how many off-diagonals did not vanish. */
export function addQl(module: ModuleCode, field: Field): void {
  const ql = implicitQlOf(module, field, new Vectors(module, field));
  defineNumeric(module, field, i32s(6), 'i32', (r, ...all) => r.return(r.call(ql, ...all)), 'run');
}

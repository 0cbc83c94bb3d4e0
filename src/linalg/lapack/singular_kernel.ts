// Kernels of the singular value decomposition: small matrices from start to end in one call for a stack, and parts of
// that for large ones. Matrices whose norm is near the limits of the field are scaled, as LAPACK's gesvd does.

import type { Callee, Value } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';
import { bidiagonalQrOf } from './bidiagonal_qr.ts';
import { bidiagonalReductionOf, bidiagonalScratch } from './bidiagonal_reduction.ts';
import { defineNumeric, type Field, type NumberRoutine } from './language.ts';
import { Reflectors } from './reflector.ts';
import { measure, scalingOf } from './symmetric_kernel.ts';
import { Vectors } from './vectors.ts';

const i32s = (n: number): WasmType[] => new Array<WasmType>(n).fill('i32');

/** Bytes of scratch of one small problem. */
export const singularScratch = (m: number, n: number, field: Field): number =>
  16 + n * field.width + field.bytes * (2 * n + 2 * n * n) + bidiagonalScratch(m, n, field);

/** prepare(m, n, A): scales a dense matrix into the safe range; returns the factor, 0 for NaN or infinities. */
function prepareOf(module: ModuleCode, field: Field, { scaleReal }: Vectors): Callee {
  return defineNumeric(module, field, i32s(3), field.lane, (r, m, n, a) => {
    const greatest = r.variable(0, 'real');
    measure(r, greatest, m.mul(n), a);
    const factor = scalingOf(r, greatest);
    r.if(factor.eq(1).isZero(), () => r.run(scaleReal, factor.re, m.mul(n), a));
    r.return(factor.re);
  });
}

/**
 * form(m, columns, k, first, V, tau, Q): Q (m × columns, dense) becomes the first columns of H₁⋯H_k, whose vectors lie in
 * the m × k matrix V, that of column j from row j + first on.
 */
function formOf(module: ModuleCode, field: Field, { applyLeft }: Reflectors): Callee {
  const { bytes } = field;
  return defineNumeric(module, field, i32s(7), undefined, (r, m, columns, k, first, v, tau, q) => {
    const ld = r.let(m.mul(bytes));
    r.fill(q, 0, columns.mul(ld));
    r.range(r.int(0), columns, (j) => r.put(q.add(j.mul(ld.add(bytes))), 1));
    r.downward(k, r.int(0), (j) => {
      const row = r.let(j.add(first));
      const at = v.add(j.mul(ld)).add(row.add(1).mul(bytes));
      const corner = q.add(row.mul(ld.add(bytes)));
      r.run(applyLeft, m.sub(row), columns.sub(row), at, tau.add(j.mul(bytes)), corner, ld);
    });
  });
}

/** adjoint(m, n, from, to): the conjugate transpose of a dense m × n matrix. */
function adjointOf(module: ModuleCode, field: Field): Callee {
  const { bytes } = field;
  return defineNumeric(module, field, i32s(4), undefined, (r, m, n, from, to) => {
    const ld = r.let(n.mul(bytes));
    r.range(r.int(0), n, (j) => {
      const at = r.let(to.add(j.mul(bytes)));
      r.range(r.int(0), m, () => {
        r.put(at, r.get(from).conj());
        r.bump(from, bytes);
        r.bump(at, ld);
      });
    });
  });
}

/** values(n, s, factor): s /= factor, unless that is 1. */
function restore(r: NumberRoutine, n: Value, s: Value, factor: ReturnType<NumberRoutine['real']>): void {
  r.if(factor.eq(1).isZero(), () => {
    r.range(r.int(0), n, (i) => {
      const p = r.let(s.add(i.mul(r.field.width)));
      r.putReal(p, r.getReal(p).div(factor));
    });
  });
}

/** run(count, a, s, u, vt, info, m, n, columns of u (0: no vectors), scratch): a stack of small matrices. */
export function addSingular(module: ModuleCode, field: Field): void {
  const { bytes, width } = field;
  const vectors = new Vectors(module, field);
  const reflectors = new Reflectors(module, field, vectors);
  const prepare = prepareOf(module, field, vectors);
  const reduce = bidiagonalReductionOf(module, field, vectors, reflectors);
  const form = formOf(module, field, reflectors);
  const adjoint = adjointOf(module, field);
  const qr = bidiagonalQrOf(module, field, vectors);
  const one = defineNumeric(module, field, i32s(8), 'i32', (r, a, s, u, vt, m, n, columns, scratch) => {
    const factor = r.real(r.call(prepare, m, n, a));
    r.if(factor.eq(0), () => r.return(n));
    const e = r.let(scratch);
    const tauQ = r.let(e.add(n.mul(width).add(15).and(-16)));
    const tauP = r.let(tauQ.add(n.mul(bytes)));
    const v = r.let(tauP.add(n.mul(bytes)));
    const p = r.let(v.add(n.mul(n).mul(bytes)));
    const work = r.let(p.add(n.mul(n).mul(bytes)));
    r.run(reduce, m, n, a, m.mul(bytes), s, e, tauQ, tauP, v, work);
    const info = r.local('i32');
    r.if(
      columns,
      () => {
        r.run(form, m, columns, n, r.int(0), a, tauQ, u);
        r.run(form, n, n, n.sub(1), r.int(1), v, tauP, p);
        r.set(info, r.call(qr, n, s, e, u, m.mul(bytes), m, p, n.mul(bytes), n, r.int(0)));
        r.run(adjoint, n, n, p, vt);
      },
      () => {
        const none = r.int(0);
        r.set(info, r.call(qr, n, s, e, none, none, none, none, none, none, none));
      },
    );
    restore(r, n, s, factor);
    r.return(info);
  });
  defineNumeric(
    module,
    field,
    i32s(10),
    undefined,
    (r, count, a, s, u, vt, info, m, n, columns, scratch) => {
      r.range(r.int(0), count, () => {
        r.store('i32', info, r.call(one, a, s, u, vt, m, n, columns, scratch));
        r.bump(a, m.mul(n).mul(bytes));
        r.bump(s, n.mul(width));
        r.bump(u, m.mul(columns).mul(bytes));
        r.if(columns, () => r.bump(vt, n.mul(n).mul(bytes)));
        r.bump(info, 4);
      });
    },
    'run',
  );
}

/** run(m, n, a): scales a dense matrix into the safe range; returns the factor, 0 for NaN or infinities. */
export function addPreparation(module: ModuleCode, field: Field): void {
  const prepare = prepareOf(module, field, new Vectors(module, field));
  defineNumeric(module, field, i32s(3), field.lane, (r, ...all) => r.return(r.call(prepare, ...all)), 'run');
}

/** run(m, n, a, d, e, tauQ, tauP, v, work): one matrix to bidiagonal form. */
export function addBidiagonal(module: ModuleCode, field: Field): void {
  const vectors = new Vectors(module, field);
  const reduce = bidiagonalReductionOf(module, field, vectors, new Reflectors(module, field, vectors));
  defineNumeric(
    module,
    field,
    i32s(9),
    undefined,
    (r, m, n, a, ...rest) => r.run(reduce, m, n, a, m.mul(field.bytes), ...rest),
    'run',
  );
}

/** run(n, d, e, u, ldU, rowsU, v, ldV, rowsV, extra): the bidiagonal problem of reals. */
export function addBidiagonalQr(module: ModuleCode, field: Field): void {
  const qr = bidiagonalQrOf(module, field, new Vectors(module, field));
  defineNumeric(module, field, i32s(10), 'i32', (r, ...all) => r.return(r.call(qr, ...all)), 'run');
}

/** run(m, n, from, to): conjugate transpose of a dense m × n matrix. */
export function addAdjoint(module: ModuleCode, field: Field): void {
  const adjoint = adjointOf(module, field);
  defineNumeric(module, field, i32s(4), undefined, (r, ...all) => r.run(adjoint, ...all), 'run');
}

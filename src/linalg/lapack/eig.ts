// General eigenvalues and eigenvectors: balancing, Hessenberg form, QR steps to the Schur form, its vectors, and back. All
// steps are in one kernel; small matrices take them in one call per stack, large ones one by one with products between.
// Source: Golub, Van Loan, "Matrix Computations", chapter 7; the parts cite their own.

import { type Kernel, kernelOf } from '../../kernel/compile.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import type { EigJob } from '../provider/routines.ts';
import { balanceOf, rangeFactor, unbalanceOf } from './balance.ts';
import { finishOf, multiplyTriangleOf } from './eigenvectors.ts';
import { formOf, reduceOf } from './hessenberg.ts';
import { defineNumeric, type Field } from './language.ts';
import { overStack } from './over_stack.ts';
import { Reflectors } from './reflector.ts';
import { complexSchurOf } from './schur_complex.ts';
import { realSchurOf } from './schur_real.ts';
import { schurVectorsOf } from './schur_vectors.ts';
import { Vectors } from './vectors.ts';

/** Room of one matrix beside its own: Schur vectors, then lists of n numbers, then what balancing says. */
const LISTS = { tau: 0, work: 1, factors: 2, sums: 3 } as const;
const SPAN_BYTES = 16;
const scratchBytes = (n: number, { bytes }: Field, vectors: boolean): number =>
  n * bytes * ((vectors ? n : 0) + Object.keys(LISTS).length) + SPAN_BYTES;

/** run(count, a, v, w, info, n, vectors, work) */
function addEig(module: ModuleCode, field: Field): void {
  const { bytes, width } = field;
  const vectors = new Vectors(module, field);
  const reflectors = new Reflectors(module, field, vectors);
  const balance = balanceOf(module, field, vectors);
  const unbalance = unbalanceOf(module, field);
  const reduce = reduceOf(module, field, reflectors);
  const form = formOf(module, field, reflectors);
  const schur = field.complex ? complexSchurOf(module, field) : realSchurOf(module, field, vectors);
  const schurVectors = schurVectorsOf(module, field, vectors);
  const multiply = multiplyTriangleOf(module, field, vectors);
  const finish = finishOf(module, field, vectors);
  const { greatest, scaleReal } = vectors;
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  defineNumeric(
    module,
    field,
    params,
    undefined,
    (r, count, a, v, w, info, n, wanted, work) => {
      const ld = r.let(n.mul(bytes));
      const size = r.let(n.mul(n));
      const lists = r.let(work.add(wanted.mul(size).mul(bytes)));
      const list = (name: keyof typeof LISTS) => r.let(lists.add(ld.mul(LISTS[name])));
      const [tau, line, factors, sums] = [list('tau'), list('work'), list('factors'), list('sums')];
      const span = r.let(lists.add(ld.mul(Object.keys(LISTS).length)));
      const q = r.let(wanted.select(work, 0));
      r.range(r.int(0), count, () => {
        const largest = r.get(a.add(r.call(greatest, size, a).mul(bytes))).abs1();
        const factor = rangeFactor(r, largest);
        r.if(factor.eq(1).isZero(), () => r.run(scaleReal, factor.re, size, a));
        r.run(balance, n, a, ld, factors, span, line);
        const [first, end] = [r.let(r.load('i32', span)), r.let(r.load('i32', span, 4))];
        r.run(reduce, n, a, ld, first, end, tau, line);
        r.run(form, n, a, ld, first, end, tau, q);
        const failed = r.let(r.call(schur, n, a, ld, first, end, w, q, ld));
        r.store('i32', info, failed);
        r.if(wanted.and(failed.eq(0)), () => {
          r.run(schurVectors, n, a, ld, w, v, sums);
          r.run(multiply, n, q, v, a);
          r.run(unbalance, n, n, a, ld, factors, span);
          r.run(finish, n, a, w, v);
        });
        r.if(factor.eq(1).isZero(), () => {
          const back = r.number(1).div(factor);
          const parts = field.complex ? 1 : 2;
          r.run(scaleReal, back.re, n.mul(parts), w);
        });
        r.bump(a, size.mul(bytes));
        r.bump(v, size.mul(2 * width));
        r.bump(w, n.mul(2 * width));
        r.bump(info, 4);
      });
    },
    'run',
  );
}

const kernelFor = (field: Field): Kernel => kernelOf(`eig.${field.name}`, (module) => addEig(module, field));

/** The embedded `eig` of providers. */
export function eig({ segment, field, count, n, a, v, w, info, vectors }: EigJob): void {
  const { bytes, width } = field;
  const operands = [
    [a, n * n * bytes],
    [v, vectors ? n * n * 2 * width : 0],
    [w, n * 2 * width],
    [info, 4],
  ] as const;
  const terms = (vectors ? 25 : 10) * n ** 3 * (field.complex ? 4 : 1);
  overStack(segment, kernelFor(field), count, terms, operands, [n, vectors ? 1 : 0], scratchBytes(n, field, vectors));
}

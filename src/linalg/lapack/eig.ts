// General eigenvalues and eigenvectors: balancing, Hessenberg form, QR steps to the Schur form, its vectors, and back. All
// steps are in one kernel; small matrices take them in one call per stack, large ones one by one with products between.
// Source: Golub, Van Loan, "Matrix Computations", chapter 7; the parts cite their own.

import { type Kernel, kernelOf } from '../../kernel/compile.ts';
import type { Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { scratch } from '../../memory/allocate.ts';
import type { EigJob } from '../provider/routines.ts';
import { balanceOf, rangeFactor, unbalanceOf } from './balance.ts';
import { finishOf, multiplyTriangleOf } from './eigenvectors.ts';
import { formOf, reduceOf } from './hessenberg.ts';
import { defineNumeric, type Field } from './language.ts';
import { byColumns, multiplyInto } from './level3.ts';
import { overStack } from './over_stack.ts';
import { Reflectors } from './reflector.ts';
import { complexSchurOf } from './schur_complex.ts';
import { realSchurOf } from './schur_real.ts';
import { schurVectorsOf } from './schur_vectors.ts';
import { Vectors } from './vectors.ts';

/** Room of one matrix beside its own: Schur vectors, then lists of n numbers, then what balancing says. */
const LISTS = { tau: 0, work: 1, factors: 2, sums: 3 } as const;
const LIST_COUNT = Object.keys(LISTS).length;
/** After the lists: the rows balanced (two i32), and the factor of the whole matrix. */
const SPAN_BYTES = 16;
const SCALE = 8;
const scratchBytes = (n: number, { bytes }: Field, vectors: boolean): number =>
  n * bytes * ((vectors ? n : 0) + LIST_COUNT) + SPAN_BYTES;

/** The steps of a call. */
const steps = { reduce: 1, multiply: 2, finish: 4 } as const;
const ALL = steps.reduce | steps.multiply | steps.finish;
/** From this order on the Schur vectors are multiplied by a product of matrices between the other steps. */
const LARGE = 96;

/** run(count, a, v, w, info, n, vectors, steps, work): what was not done is in `work`, of one matrix, between calls. */
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
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  defineNumeric(
    module,
    field,
    params,
    undefined,
    (r, count, a, v, w, info, n, wanted, asked, work) => {
      const ld = r.let(n.mul(bytes));
      const size = r.let(n.mul(n));
      const lists = r.let(work.add(wanted.mul(size).mul(bytes)));
      const list = (name: keyof typeof LISTS): Variable => r.let(lists.add(ld.mul(LISTS[name])));
      const [tau, line, factors, sums] = [list('tau'), list('work'), list('factors'), list('sums')];
      const span = r.let(lists.add(ld.mul(LIST_COUNT)));
      const q = r.let(wanted.select(work, 0));
      const reduced = (): void => {
        const largest = r.get(a.add(r.call(greatest, size, a).mul(bytes))).abs1();
        const factor = rangeFactor(r, largest);
        r.putReal(span, factor, SCALE);
        r.if(factor.eq(1).isZero(), () => r.run(scaleReal, factor.re, size, a));
        r.run(balance, n, a, ld, factors, span, line);
        const [first, end] = [r.let(r.load('i32', span)), r.let(r.load('i32', span, 4))];
        r.run(reduce, n, a, ld, first, end, tau, line);
        r.run(form, n, a, ld, first, end, tau, q);
        const failed = r.let(r.call(schur, n, a, ld, first, end, w, q, ld));
        r.store('i32', info, failed);
        r.if(wanted.and(failed.eq(0)), () => r.run(schurVectors, n, a, ld, w, v, sums));
      };
      const finished = (): void => {
        r.if(wanted, () => {
          r.run(unbalance, n, n, a, ld, factors, span);
          r.run(finish, n, a, w, v);
        });
        const factor = r.getReal(span, SCALE);
        r.if(factor.eq(1).isZero(), () => {
          const parts = field.complex ? 1 : 2;
          r.run(scaleReal, r.number(1).div(factor).re, n.mul(parts), w);
        });
      };
      r.range(r.int(0), count, () => {
        r.if(asked.and(steps.reduce), reduced);
        r.if(r.load('i32', info).isZero(), () => {
          r.if(asked.and(steps.multiply).and(wanted.shl(1)), () => r.run(multiply, n, q, v, a));
          r.if(asked.and(steps.finish), finished);
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
export function eig(job: EigJob): void {
  const { segment, field, count, n, a, v, w, info, vectors } = job;
  const { bytes, width } = field;
  if (vectors && n >= LARGE) {
    for (let i = 0; i < count; i++) {
      const at = {
        a: a + i * n * n * bytes,
        v: v + i * n * n * 2 * width,
        w: w + i * n * 2 * width,
        info: info + 4 * i,
      };
      large({ ...job, ...at });
    }
    return;
  }
  const operands = [
    [a, n * n * bytes],
    [v, vectors ? n * n * 2 * width : 0],
    [w, n * 2 * width],
    [info, 4],
  ] as const;
  const terms = (vectors ? 25 : 10) * n ** 3 * (field.complex ? 4 : 1);
  const rest = [n, vectors ? 1 : 0, ALL];
  overStack(segment, kernelFor(field), count, terms, operands, rest, scratchBytes(n, field, vectors));
}

/** One matrix with its vectors: a = q·x by a product of matrices, which has all threads. */
function large({ segment, field, n, a, v, w, info }: EigJob): void {
  const mark = scratch.mark();
  try {
    const work = scratch.take(segment, scratchBytes(n, field, true));
    const { run } = kernelFor(field).at(segment);
    run(1, a, v, w, info, n, 1, steps.reduce, work);
    if (segment.i32[info / 4] !== 0) return;
    const [q, x, made] = [work, v, a].map((ptr) => byColumns(field.name, ptr, n));
    multiplyInto(segment, field.name, n, n, n, q, x, made);
    run(1, a, v, w, info, n, 1, steps.finish, work);
  } finally {
    scratch.release(mark);
  }
}

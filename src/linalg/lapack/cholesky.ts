// Cholesky factors of Hermitian positive definite matrices: small ones column by column in one call for the whole stack,
// large ones by halving, so that nearly all of the work is triangular solves and products of matrices.
// Sources: Golub, Van Loan, "Matrix Computations", 4.2; Gustavson, "Recursion leads to automatic variable blocking",
// IBM J. R&D 41(6), 1997.

import type { Kernel } from '../../kernel/compile.ts';
import type { Value, Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import type { Segment } from '../../memory/segment.ts';
import type { CholeskyJob } from '../provider/routines.ts';
import { addClear } from './clear_triangle.ts';
import { defineNumeric, type Field, type FieldName, fields, i32s, type NumberRoutine } from './language.ts';
import { adjoint, byColumns, from, type MatrixAt } from './level3.ts';
import { type Along, overStack } from './over_stack.ts';
import { perField } from './per_field.ts';
import { rankUpdate } from './rank_update.ts';
import { addTransfer } from './transfer.ts';
import { adjointTriangle } from './triangle.ts';
import { triangularSolve, triangularSolveRight } from './triangular_solve.ts';
import { writtenCholesky } from './unrolled.ts';
import { Vectors } from './vectors.ts';

/** Order up to which a matrix is factored column by column. */
const SMALL = 32;

/** factor(n, a, ld) of one matrix: 0, or the order of the first minor that is not positive. */
function addFactor(module: ModuleCode, field: Field, lower: boolean) {
  const { axpy, scaleReal, dotConjugated } = new Vectors(module, field);
  const { bytes } = field;
  return defineNumeric(module, field, ['i32', 'i32', 'i32'], 'i32', (r, n, a, ld) => {
    /** The root of the diagonal element at `at`, less `taken`; leaves where there is none. */
    const root = (r: NumberRoutine, at: Value, taken: number | ReturnType<NumberRoutine['real']>, j: Value) => {
      const square = r.get(at).real().sub(taken);
      r.if(square.le(0), () => r.return(j.add(1))); // NaN goes on, as in OpenBLAS
      const d = square.sqrt();
      r.put(at, d);
      return d;
    };
    const diagonal = r.let(a);
    r.range(r.int(0), n, (j) => {
      if (lower) {
        const below = r.let(n.sub(j).sub(1));
        const d = root(r, diagonal, 0, j);
        const x = r.let(diagonal.add(bytes));
        r.run(scaleReal, r.number(1).div(d).re, below, x);
        // What is left of each column to the right, from its diagonal on.
        r.range(r.int(0), below, (k) => {
          const at = r.let(x.add(k.mul(bytes)));
          const to = diagonal.add(k.add(1).mul(ld.add(bytes)));
          r.run(axpy, ...r.argument(r.get(at).conj().neg()), below.sub(k), at, to);
        });
      } else {
        const column = r.let(a.add(j.mul(ld)));
        const other = r.let(a);
        r.range(r.int(0), j, (i) => {
          const at = r.let(column.add(i.mul(bytes)));
          const sum = r.numberFrom(r.call(dotConjugated, i, other, column));
          r.put(
            at,
            r
              .get(at)
              .sub(sum)
              .div(r.get(other.add(i.mul(bytes))).real()),
          );
          r.bump(other, ld);
        });
        const squares = r.numberFrom(r.call(dotConjugated, j, column, column)).real();
        root(r, diagonal, squares, j);
      }
      r.bump(diagonal, ld.add(bytes));
    });
    r.return(0);
  });
}

/** run(count, a, info, n, ld, bytes from matrix to matrix, work): every matrix of a stack, info as LAPACK's potrf. */
const kernelOfTriangle = (lower: boolean) =>
  perField(`cholesky.${lower ? 'lower' : 'upper'}`, (module, field) => {
    const factor = addFactor(module, field, lower);
    const write = (r: NumberRoutine, ...params: Variable[]): void => {
      const [count, a, info, n, ld, step] = params;
      r.range(r.int(0), count, () => {
        r.store('i32', info, r.call(factor, n, a, ld));
        r.bump(a, step);
        r.bump(info, 4);
      });
    };
    defineNumeric(module, field, i32s(7), undefined, write, 'run');
  });

/**
 * run(count, a, out, n, row, column, a's step, out's step, work): factors by rows of matrices as they lie; 1 where one is
 * not positive definite. By columns the factor by rows is the transpose, of the other triangle.
 */
const smallKernelOfTriangle = (lower: boolean) =>
  perField(`small.cholesky.${lower ? 'lower' : 'upper'}`, (module, field) => {
    const factor = addFactor(module, field, !lower);
    const transfer = addTransfer(module, field);
    const clear = addClear(module, field);
    const write = (r: NumberRoutine, ...params: Variable[]): void => {
      const [count, a, out, n, row, column, step, outStep] = params;
      const ld = r.let(n.mul(field.bytes));
      const failed = r.local('i32');
      r.range(r.int(0), count, () => {
        r.run(transfer, n, n, a, column, row, out, r.int(field.bytes), ld);
        r.set(failed, failed.or(r.call(factor, n, out, ld)));
        r.run(clear, out, n, n, r.int(lower ? 0 : 1));
        r.bump(a, step);
        r.bump(out, outStep);
      });
      r.return(failed.ne(0));
    };
    defineNumeric(module, field, i32s(9), 'i32', write, 'run');
  });

const [lowerKernel, upperKernel] = [true, false].map(kernelOfTriangle);
const [smallLower, smallUpper] = [true, false].map(smallKernelOfTriangle);
const kernelFor = (field: Field, lower: boolean): Kernel => (lower ? lowerKernel : upperKernel)(field);

/** Factors by rows of `count` small matrices as they lie, `step` bytes from one to the next; whether all are there. */
export function smallCholesky(
  segment: Segment,
  field: Field,
  count: number,
  n: number,
  lower: boolean,
  a: MatrixAt,
  step: number,
  out: number,
): boolean {
  const size = n * n * field.bytes;
  const operands: Along[] = [
    [a.ptr, step],
    [out, size],
  ];
  const kernel = writtenCholesky(field, n, lower) ?? (lower ? smallLower : smallUpper)(field);
  return overStack(segment, kernel, count, n ** 3 / 6, operands, [n, a.rowStride, a.columnStride, step, size]) === 0;
}

/** One large matrix; `info` is room for an int32. */
function halve(segment: Segment, name: FieldName, n: number, a: MatrixAt, lower: boolean, info: number): number {
  if (n <= SMALL) {
    const field = fields[name];
    kernelFor(field, lower).at(segment).run(1, a.ptr, info, n, a.columnStride, 0, 0);
    return segment.i32[info / 4];
  }
  const h = Math.ceil(n / (2 * SMALL)) * SMALL;
  const first = halve(segment, name, h, a, lower, info);
  if (first !== 0) return first;
  const rest = n - h;
  const diagonal = adjointTriangle({ ...a, lower });
  const second = from(a, h, h);
  if (lower) {
    const below = from(a, h, 0);
    triangularSolveRight(segment, name, rest, h, diagonal, below);
    rankUpdate(segment, name, rest, h, [[below, below]], second, true, -1);
  } else {
    const right = from(a, 0, h);
    triangularSolve(segment, name, h, rest, diagonal, right);
    rankUpdate(segment, name, rest, h, [[adjoint(right), adjoint(right)]], second, false, -1);
  }
  const failed = halve(segment, name, rest, second, lower, info);
  return failed === 0 ? 0 : h + failed;
}

/** The embedded potrf. */
export function cholesky({ segment, field, count, info, n, a, lower }: CholeskyJob): void {
  const step = n * n * field.bytes;
  if (n <= SMALL) {
    const operands = [
      [a, step],
      [info, 4],
    ] as const;
    overStack(segment, kernelFor(field, lower), count, (n * n * n) / 6, operands, [n, n * field.bytes, step]);
    return;
  }
  for (let i = 0; i < count; i++) {
    const matrix = byColumns(field.name, a + i * step, n);
    const failed = halve(segment, field.name, n, matrix, lower, info + 4 * i);
    segment.i32[info / 4 + i] = failed;
  }
}

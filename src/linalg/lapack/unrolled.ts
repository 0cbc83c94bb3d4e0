// The smallest matrices, written out: all elements in locals, no loops over rows and columns. The same operations in the
// same order as the loops of lu_kernel.ts and cholesky.ts would do, but for divisions in place of reciprocals.

import type { Kernel } from '../../kernel/compile.ts';
import { constant, type Value, type Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, i32s, type Num, type NumberRoutine, type NumVariable } from './language.ts';
import { perField } from './per_field.ts';

/** Greatest order that is written out. */
const WRITTEN = 4;

type Matrix = readonly (readonly NumVariable[])[];

/** The n × n matrix at an address with these strides. */
export function loaded(r: NumberRoutine, n: number, a: Value, row: Value, column: Value): Matrix {
  const line = r.let(a);
  return Array.from({ length: n }, (_, i) => {
    if (i > 0) r.bump(line, row);
    const at = r.let(line);
    return Array.from({ length: n }, (__, j) => {
      if (j > 0) r.bump(at, column);
      return r.variable(r.get(at));
    });
  });
}

function exchange(r: NumberRoutine, x: readonly NumVariable[], y: readonly NumVariable[]): void {
  x.forEach((a, j) => {
    const [re, im] = [r.let(a.re), a.im === undefined ? undefined : r.let(a.im)];
    a.set(y[j]);
    y[j].set(im === undefined ? r.numberOf(re) : r.numberOf(re, im));
  });
}

/** What elimination leaves besides L and U: the row of each pivot, and the first column without one, from 1. */
interface Factored {
  readonly pivots: readonly Variable[];
  readonly info: Variable;
}

/** L and U in place, with partial pivoting. */
export function factor(r: NumberRoutine, a: Matrix): Factored {
  const n = a.length;
  const info = r.let(constant('i32', 0));
  const pivots: Variable[] = [];
  for (let j = 0; j < n; j++) {
    const pivot = r.let(constant('i32', j));
    pivots.push(pivot);
    const best = r.variable(a[j][j].abs1(), 'real');
    for (let i = j + 1; i < n; i++) {
      const size = a[i][j].abs1();
      const greater = r.let(size.le(best).isZero().and(best.re.eq(best.re)));
      best.set(r.real(greater.select(size.re, best.re)));
      r.set(pivot, greater.select(constant('i32', i), pivot));
    }
    for (let i = j + 1; i < n; i++) r.if(pivot.eq(i), () => exchange(r, a[j], a[i]));
    r.if(info.isZero().and(best.eq(0)), () => r.set(info, j + 1));
    for (let i = j + 1; i < n; i++) {
      r.if(best.eq(0).isZero(), () => a[i][j].set(a[i][j].div(a[j][j])));
      for (let k = j + 1; k < n; k++) a[i][k].set(a[i][k].sub(a[i][j].mul(a[j][k])));
    }
  }
  return { pivots, info };
}

/** x of L·U·x = b in place; elements of b before `first` are 0. */
function substitute(a: Matrix, b: readonly NumVariable[], first = 0): void {
  const n = a.length;
  for (let j = first; j < n; j++) for (let i = j + 1; i < n; i++) b[i].set(b[i].sub(a[i][j].mul(b[j])));
  for (let j = n - 1; j >= 0; j--) {
    b[j].set(b[j].div(a[j][j]));
    for (let i = 0; i < j; i++) b[i].set(b[i].sub(a[i][j].mul(b[j])));
  }
}

/** Does the exchanges of the pivots on other things that there is one of per row. */
function exchanged(r: NumberRoutine, { pivots }: Factored, swap: (j: number, i: number) => void): void {
  pivots.forEach((pivot, j) => {
    for (let i = j + 1; i < pivots.length; i++) r.if(pivot.eq(i), () => swap(j, i));
  });
}

type Write = (r: NumberRoutine, n: number, params: readonly Variable[], module: ModuleCode) => void;

/** A kernel per field and order from 1 to WRITTEN. */
export function written(key: string, params: number, write: Write): (field: Field, n: number) => Kernel | undefined {
  const kernels = Array.from({ length: WRITTEN }, (_, i) =>
    perField(`${key}.${i + 1}`, (module: ModuleCode, field) => {
      defineNumeric(module, field, i32s(params), 'i32', (r, ...all) => write(r, i + 1, all, module), 'run');
    }),
  );
  return (field, n) => kernels[n - 1]?.(field);
}

/** As smallInverseKernel of lu_kernel.ts. */
export const writtenInverse = written('written.inverse', 9, (r, n, params) => {
  const [count, from, out, , row, column, step, outStep] = params;
  const { bytes } = r.field;
  const failed = r.local('i32');
  r.range(r.int(0), count, () => {
    const a = loaded(r, n, from, row, column);
    const done = factor(r, a);
    r.set(failed, failed.or(done.info));
    // Column c of (L·U)⁻¹ is the column of the inverse that stood at row c before the exchanges.
    const places = a.map((_, c) => r.let(out.add(c * bytes)));
    exchanged(r, done, (j, i) => {
      const before = r.let(places[j]);
      r.set(places[j], places[i]);
      r.set(places[i], before);
    });
    places.forEach((place, c) => {
      const x = a.map((_, i) => r.variable(i === c ? 1 : 0));
      substitute(a, x, c);
      for (const [i, element] of x.entries()) r.put(place, element, i * n * bytes);
    });
    r.bump(from, step);
    r.bump(out, outStep);
  });
  r.return(failed.ne(0));
});

/** As smallSolveKernel of lu_kernel.ts. */
export const writtenSolve = written('written.solve', 14, (r, n, params) => {
  const [count, from, right, out, , columns, row, column, step, rowB, columnB, stepB, outStep] = params;
  const { bytes } = r.field;
  const failed = r.local('i32');
  r.range(r.int(0), count, () => {
    const a = loaded(r, n, from, row, column);
    const done = factor(r, a);
    r.set(failed, failed.or(done.info));
    const [b, to] = [r.let(right), r.let(out)];
    const down = r.let(columns.mul(bytes));
    r.range(r.int(0), columns, () => {
      const at = r.let(b);
      const x = a.map((_, i) => {
        if (i > 0) r.bump(at, rowB);
        return r.variable(r.get(at));
      });
      exchanged(r, done, (j, i) => exchange(r, [x[j]], [x[i]]));
      substitute(a, x);
      r.set(at, to);
      for (const element of x) {
        r.put(at, element);
        r.bump(at, down);
      }
      r.bump(b, columnB);
      r.bump(to, bytes);
    });
    r.bump(from, step);
    r.bump(right, stepB);
    r.bump(out, outStep);
  });
  r.return(failed.ne(0));
});

/** The factor by rows, zeros beside it; whether a pivot was not positive. */
function choleskyOf(r: NumberRoutine, n: number, lower: boolean, params: readonly Variable[]): void {
  const [count, from, out, , row, column, step, outStep] = params;
  const failed = r.local('i32');
  r.range(r.int(0), count, () => {
    // Where U is wanted, of the transpose, whose L is U's transpose.
    const a = lower ? loaded(r, n, from, row, column) : loaded(r, n, from, column, row);
    for (let j = 0; j < n; j++) {
      let square: Num = a[j][j].real();
      for (let k = 0; k < j; k++) square = square.sub(a[j][k].square());
      r.set(failed, failed.or(square.le(0)));
      const d = square.sqrt();
      a[j][j].set(d);
      for (let i = j + 1; i < n; i++) {
        let sum: Num = a[i][j];
        for (let k = 0; k < j; k++) sum = sum.sub(a[i][k].mul(a[j][k].conj()));
        a[i][j].set(sum.div(d));
        a[j][i].set(0);
      }
    }
    const { bytes } = r.field;
    for (const [i, line] of a.entries()) {
      for (const [j, x] of line.entries()) r.put(out, x, (lower ? i * n + j : j * n + i) * bytes);
    }
    r.bump(from, step);
    r.bump(out, outStep);
  });
  r.return(failed.ne(0));
}
const choleskyKernels = {
  lower: written('written.cholesky.lower', 9, (r, n, params) => choleskyOf(r, n, true, params)),
  upper: written('written.cholesky.upper', 9, (r, n, params) => choleskyOf(r, n, false, params)),
};
/** As the kernels of small matrices in cholesky.ts. */
export const writtenCholesky = (field: Field, n: number, lower: boolean): Kernel | undefined =>
  choleskyKernels[lower ? 'lower' : 'upper'](field, n);

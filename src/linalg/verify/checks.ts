// What is right for each routine: a residual in units of n·ε·‖A‖, taken from the definition of the decomposition, and
// the numbers that every provider must agree on. Source: LAPACK Working Note 41, "Installation guide", test ratios.

import type { RoutineName } from '../provider/routines.ts';
import type { CheckBench } from './bench.ts';
import { hermitian } from './cases.ts';
import { Matrix } from './matrix.ts';

/** How a routine did on one matrix. */
export interface Outcome {
  /** ‖what should be 0‖, in units of the larger dimension times ε times the matrix's size. */
  readonly residual: number;
  readonly info: number;
  /** Numbers that do not depend on who computed them, where the problem has one answer. */
  readonly answer: Matrix;
}

type Check = (on: CheckBench, a: Matrix) => Outcome;

const none = new Matrix(0, 0);
/** Residuals together: the greatest, and NaN when one is. */
const worst = (...all: readonly number[]): number => all.reduce((x, y) => (y <= x ? x : y), 0);

function unitsOf(on: CheckBench, a: Matrix): number {
  return Math.max(a.m, a.n) * on.field.eps * Math.max(a.greatest(), on.field.tiny);
}
/** ‖Qᴴ·Q − 1‖ in units of n·ε. */
function lossOfOrthogonality(on: CheckBench, q: Matrix): number {
  const gram = q.adjoint().times(q);
  return gram.minus(Matrix.identity(q.n)).greatest() / (Math.max(q.m, q.n) * on.field.eps);
}
const difference = (on: CheckBench, a: Matrix, x: Matrix, y: Matrix): number => x.minus(y).greatest() / unitsOf(on, a);

/** L·U with the rows back in place. */
function unpivoted(on: CheckBench, packed: Matrix, pivots: number): Matrix {
  const { m, n } = packed;
  const k = Math.min(m, n);
  const product = packed.corner(m, k).triangle(true, true).times(packed.corner(k, n).triangle(false));
  for (let i = k - 1; i >= 0; i--) {
    const other = on.integer(pivots, i) - 1;
    for (let j = 0; j < n; j++) {
      const [upper, lower] = [product.at(i, j), product.at(other, j)];
      product.put(i, j, lower);
      product.put(other, j, upper);
    }
  }
  return product;
}

const lu: Check = (on, a) => {
  const [at, pivots, info] = [on.put(a), on.integers(Math.min(a.m, a.n)), on.integers(1)];
  on.run.lu({ ...on.job, m: a.m, n: a.n, a: at, pivots, info });
  const packed = on.get(at, a.m, a.n);
  return { residual: difference(on, a, unpivoted(on, packed, pivots), a), info: on.integer(info), answer: packed };
};

/** Solutions grow with the condition of the matrix, and so may what is left of the equation. */
const relativeTo = (x: Matrix): number => Math.max(1, x.greatest());

const solve: Check = (on, a) => {
  const right = on.rounded(Matrix.of(a.m, 3, (i, j) => [1 + ((i * 3 + j) % 5), 0]));
  const [at, b, info] = [on.put(a), on.put(right), on.integers(1)];
  on.run.solve({ ...on.job, n: a.n, columns: 3, a: at, b, info });
  if (on.integer(info) > 0) return { residual: 0, info: on.integer(info), answer: none };
  const x = on.get(b, a.n, 3);
  return { residual: difference(on, a, a.times(x), right) / relativeTo(x), info: 0, answer: x };
};

const inverse: Check = (on, a) => {
  const [at, info] = [on.put(a), on.integers(1)];
  on.run.inverse({ ...on.job, n: a.n, a: at, info });
  if (on.integer(info) > 0) return { residual: 0, info: on.integer(info), answer: none };
  const x = on.get(at, a.n, a.n);
  const left = difference(on, a, x.times(a), Matrix.identity(a.n));
  return { residual: left / relativeTo(x), info: 0, answer: x };
};

const cholesky =
  (lower: boolean): Check =>
  (on, a) => {
    // A·Aᴴ + 1 is positive definite, whatever A is.
    const product = a.times(a.adjoint());
    const positive = on.rounded(hermitian(product.minus(Matrix.of(a.m, a.m, (i, j) => [i === j ? -1 : 0, 0]))));
    const [at, info] = [on.put(positive), on.integers(1)];
    on.run.cholesky({ ...on.job, n: a.m, a: at, lower, info });
    const factor = on.get(at, a.m, a.m).triangle(lower);
    const back = lower ? factor.times(factor.adjoint()) : factor.adjoint().times(factor);
    return { residual: difference(on, positive, back, positive), info: on.integer(info), answer: factor };
  };

const qr: Check = (on, a) => {
  const k = Math.min(a.m, a.n);
  const [at, tau] = [on.put(a), on.space(k)];
  on.run.qr({ ...on.job, m: a.m, n: a.n, a: at, tau });
  const upper = on.get(at, a.m, a.n).corner(k, a.n).triangle(false);
  on.run.formQ({ ...on.job, m: a.m, columns: k, k, a: at, tau });
  const q = on.get(at, a.m, k);
  return { residual: worst(difference(on, a, q.times(upper), a), lossOfOrthogonality(on, q)), info: 0, answer: upper };
};

const eigh =
  (lower: boolean): Check =>
  (on, given) => {
    const a = on.rounded(hermitian(given));
    const [at, w, info] = [on.put(a), on.space(a.n, on.real), on.integers(1)];
    on.run.eigh({ ...on.job, n: a.n, a: at, w, lower, vectors: true, info });
    const vectors = on.get(at, a.n, a.n);
    const values = on.get(w, a.n, 1, on.real);
    const scaled = vectors.times(Matrix.of(a.n, a.n, (i, j) => (i === j ? values.at(i, 0) : [0, 0])));
    const other = on.put(a);
    const alone = on.space(a.n, on.real);
    on.run.eigh({ ...on.job, n: a.n, a: other, w: alone, lower, vectors: false, info: on.integers(1) });
    const residual = worst(
      difference(on, a, a.times(vectors), scaled),
      lossOfOrthogonality(on, vectors),
      difference(on, a, values, on.get(alone, a.n, 1, on.real)),
    );
    return { residual, info: on.integer(info), answer: values };
  };

const svd =
  (kind: 'thin' | 'full'): Check =>
  (on, a) => {
    const k = Math.min(a.m, a.n);
    const [left, right] = kind === 'full' ? [a.m, a.n] : [k, k];
    const [at, s, info] = [on.put(a), on.space(k, on.real), on.integers(1)];
    const [u, vt] = [on.space(a.m * left), on.space(right * a.n)];
    on.run.svd({ ...on.job, m: a.m, n: a.n, a: at, s, vectors: kind, u, vt, info });
    const [U, Vt] = [on.get(u, a.m, left), on.get(vt, right, a.n)];
    const values = on.get(s, k, 1, on.real);
    const alone = on.space(k, on.real);
    const job = { ...on.job, m: a.m, n: a.n, a: on.put(a), s: alone, u: 0, vt: 0, info: on.integers(1) };
    on.run.svd({ ...job, vectors: 'none' });
    const diagonal = Matrix.of(left, right, (i, j) => (i === j ? values.at(i, 0) : [0, 0]));
    const residual = worst(
      difference(on, a, U.times(diagonal).times(Vt), a),
      lossOfOrthogonality(on, U),
      lossOfOrthogonality(on, Vt.adjoint()),
      difference(on, a, values, on.get(alone, k, 1, on.real)),
    );
    return { residual, info: on.integer(info), answer: values };
  };

const eig: Check = (on, a) => {
  const [at, w, v, info] = [on.put(a), on.space(a.n, on.complex), on.space(a.n * a.n, on.complex), on.integers(1)];
  on.run.eig({ ...on.job, n: a.n, a: at, w, vectors: true, v, info });
  const values = on.get(w, a.n, 1, on.complex);
  const vectors = on.get(v, a.n, a.n, on.complex);
  const scaled = vectors.times(Matrix.of(a.n, a.n, (i, j) => (i === j ? values.at(i, 0) : [0, 0])));
  let unit = 0;
  for (let j = 0; j < a.n; j++) {
    let sum = 0;
    for (let i = 0; i < a.n; i++) sum += vectors.at(i, j).reduce((s, x) => s + x * x, 0);
    unit = worst(unit, Math.abs(Math.sqrt(sum) - 1) / (a.n * on.field.eps));
  }
  // The sum of the eigenvalues is the trace, in whatever order they come.
  const sum = new Matrix(1, 1);
  for (let i = 0; i < a.n; i++) sum.put(0, 0, [sum.re[0] + values.re[i], sum.im[0] + values.im[i]]);
  return { residual: worst(difference(on, a, a.times(vectors), scaled), unit), info: on.integer(info), answer: sum };
};

const leastSquares: Check = (on, a) => {
  const [k, tall] = [Math.min(a.m, a.n), Math.max(a.m, a.n)];
  const right = on.rounded(Matrix.of(a.m, 2, (i, j) => [1 + ((i * 2 + j) % 7), 0]));
  const [at, s, rank, info] = [on.put(a), on.space(k, on.real), on.integers(1), on.integers(1)];
  const b = on.put(Matrix.of(tall, 2, (i, j) => (i < a.m ? right.at(i, j) : [0, 0])));
  const rcond = tall * on.field.eps;
  on.run.leastSquares({ ...on.job, m: a.m, n: a.n, columns: 2, a: at, b, s, rank, rcond, info });
  const x = on.get(b, tall, 2).corner(a.n, 2);
  const left = a.times(x).minus(right);
  const scale = unitsOf(on, a) * Math.max(1, x.greatest()) * Math.max(1, a.greatest()) * tall;
  // What is left is orthogonal to the columns, as far as they count: those of small singular values do not.
  return { residual: a.adjoint().times(left).greatest() / scale, info: on.integer(info), answer: x };
};

/** One line of the report: a routine in one of its forms. */
export interface CheckRow {
  readonly name: string;
  readonly routine: RoutineName;
  readonly check: Check;
  /** Shapes of the matrices: n × n, m × n with m ≥ n, or any. */
  readonly shapes: 'square' | 'tall' | 'any';
}

export const checks: readonly CheckRow[] = [
  { name: 'lu', routine: 'lu', check: lu, shapes: 'any' },
  { name: 'solve', routine: 'solve', check: solve, shapes: 'square' },
  { name: 'inverse', routine: 'inverse', check: inverse, shapes: 'square' },
  { name: 'cholesky, lower', routine: 'cholesky', check: cholesky(true), shapes: 'square' },
  { name: 'cholesky, upper', routine: 'cholesky', check: cholesky(false), shapes: 'square' },
  { name: 'qr', routine: 'qr', check: qr, shapes: 'any' },
  { name: 'eigh, lower', routine: 'eigh', check: eigh(true), shapes: 'square' },
  { name: 'eigh, upper', routine: 'eigh', check: eigh(false), shapes: 'square' },
  { name: 'svd, thin', routine: 'svd', check: svd('thin'), shapes: 'tall' },
  { name: 'svd, full', routine: 'svd', check: svd('full'), shapes: 'tall' },
  { name: 'eig', routine: 'eig', check: eig, shapes: 'square' },
  { name: 'leastSquares', routine: 'leastSquares', check: leastSquares, shapes: 'any' },
];

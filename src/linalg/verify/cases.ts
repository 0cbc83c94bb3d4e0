// The matrices that providers are checked on: a kind is a formula, the same in every process. Sizes are small on purpose:
// what goes wrong in a library (a wrong symbol, integers of the wrong size, a broken kernel) shows in them.

import { Matrix } from './matrix.ts';

/** Numbers in (−1, 1) that look random, by three integers. */
function noise(i: number, j: number, seed: number): number {
  const x = Math.imul(i * 1_000_003 + j * 8_191 + seed * 131, 0x9e3779b1) >>> 0;
  const y = Math.imul(x ^ (x >>> 15), 0x85ebca6b) >>> 0;
  return ((y ^ (y >>> 13)) >>> 0) / 2 ** 31 - 1;
}

/** A kind of matrix: its elements, and whether equations with it have one solution that rounding does not spoil. */
export interface MatrixKind {
  readonly name: string;
  readonly regular: boolean;
  /** Worth its time in large matrices too. */
  readonly large?: true;
  readonly element: (i: number, j: number, complex: boolean) => readonly [number, number];
}

const random = (i: number, j: number, complex: boolean): readonly [number, number] => [
  noise(i, j, 1),
  complex ? noise(i, j, 2) : 0,
];

export const kinds: readonly MatrixKind[] = [
  {
    name: 'regular',
    regular: true,
    large: true,
    element: (i, j, complex) => {
      const [re, im] = random(i, j, complex);
      return [re + (i === j ? 8 : 0), im];
    },
  },
  { name: 'random', regular: false, large: true, element: random },
  {
    name: 'graded',
    regular: false,
    large: true,
    element: (i, j, complex) => {
      const [re, im] = random(i, j, complex);
      const scale = 2 ** -((i + j) % 24);
      return [re * scale, im * scale];
    },
  },
  { name: 'rank 2', regular: false, element: (i, j) => [(i + 1) * 0.25 + ((i % 3) - 1) * (j + 1) * 0.125, 0] },
  { name: 'identity', regular: true, element: (i, j) => [i === j ? 1 : 0, 0] },
  { name: 'zero', regular: false, element: () => [0, 0] },
  { name: 'Hilbert', regular: false, element: (i, j) => [1 / (i + j + 1), 0] },
];

export const matrixOf = (kind: MatrixKind, m: number, n: number, complex: boolean): Matrix =>
  Matrix.of(m, n, (i, j) => kind.element(i, j, complex));

/** Half the sum of a matrix and its adjoint. */
export function hermitian(a: Matrix): Matrix {
  const b = a.adjoint();
  return Matrix.of(a.m, a.n, (i, j) => {
    const [[x, y], [u, v]] = [a.at(i, j), b.at(i, j)];
    return [(x + u) / 2, (y + v) / 2];
  });
}

// Cases of linear algebra: products and decompositions of large matrices, of single small ones, and of stacks. A run
// measures one provider (`--blas native`, `--blas embedded`); the goals differ by provider.

import { type BenchCase, data, listed } from './case.ts';

/** Goal of large matrices by the setting `blas`; small ones are embedded either way. */
export const goalOf = (blas: string | undefined): number => (blas === 'embedded' ? 3 : 0.95);

const square = (dtype: string, n: number) => ({
  a: data(dtype, [n, n]),
  b: data(dtype, [n, n]),
  x: data(dtype, [n]),
  // positive definite, symmetric
  gram: 'np.matmul(a, a.T)',
  one: { js: `np.eye(${n}, { dtype: '${dtype}' })`, py: `np.eye(${n}, dtype='${dtype}')` },
  p: 'np.add(gram, one)',
});
const stacked = (dtype: string, count: number, n: number) => ({
  a: data(dtype, [count, n, n]),
  b: data(dtype, [count, n, n]),
});

const products = (dtype: string, n: number): BenchCase[] =>
  listed('linear algebra', square(dtype, n), [
    [`matmul ${dtype} ${n}`, 'np.matmul(a, b)'],
    [`matrix-vector ${dtype} ${n}`, 'np.matmul(a, x)'],
    ...(dtype === 'float64'
      ? ([
          [`matmul, transposed right ${n}`, 'np.matmul(a, b.T)'],
          [`a @ a.T ${n}`, 'np.matmul(a, a.T)'],
          [`vector-matrix ${n}`, 'np.matmul(x, a)'],
        ] as const)
      : []),
  ]);

/** Routines, the order of their matrices, and the call. */
const routines: readonly (readonly [string, number, string])[] = [
  ['solve', 500, 'np.linalg.solve(a, x)'],
  ['inv', 500, 'np.linalg.inv(a)'],
  ['det', 500, 'np.linalg.det(a)'],
  ['cholesky', 500, 'np.linalg.cholesky(p)'],
  ['qr', 500, 'np.linalg.qr(a)'],
  ['eigh', 300, 'np.linalg.eigh(p)'],
  ['eigvalsh', 300, 'np.linalg.eigvalsh(p)'],
  ['svd', 300, 'np.linalg.svd(a)'],
  ['pinv', 200, 'np.linalg.pinv(a)'],
  ['eig', 200, 'np.linalg.eig(a)'],
  ['eigvals', 200, 'np.linalg.eigvals(a)'],
];
const leastSquares = { a: data('float64', [500, 100]), x: data('float64', [500]) };

const small = ['solve', 'inv', 'det', 'cholesky', 'eigh', 'svd'];

const smallCases = (n: number): BenchCase[] =>
  listed('linear algebra, small', square('float64', n), [
    [`matmul ${n}×${n}`, 'np.matmul(a, b)'],
    ...small.map((name) => {
      const operand = name === 'cholesky' || name === 'eigh' ? 'p' : 'a';
      return [`${name} ${n}×${n}`, `np.linalg.${name}(${operand}${name === 'solve' ? ', x' : ''})`] as const;
    }),
  ]);

const stackCases = (dtype: string, count: number, n: number): BenchCase[] =>
  listed('linear algebra, stacks', stacked(dtype, count, n), [
    [`matmul ${dtype} ${count}×${n}×${n}`, 'np.matmul(a, b)'],
    ...['inv', 'det', 'eigh', 'svd'].map(
      (name) => [`${name} ${dtype} ${count}×${n}×${n}`, `np.linalg.${name}(a)`] as const,
    ),
    [`solve ${dtype} ${count}×${n}×${n}`, 'np.linalg.solve(a, b)'],
  ]);

export const linearAlgebra = (): BenchCase[] => [
  ...['float64', 'float32'].flatMap((dtype) => [64, 128, 256, 512, 1024].flatMap((n) => products(dtype, n))),
  ...['float64', 'float32'].flatMap((dtype) =>
    routines
      .filter(([, n]) => dtype === 'float64' || n === 500)
      .flatMap(([name, n, run]) => listed('linear algebra', square(dtype, n), [[`${name} ${dtype} ${n}`, run]])),
  ),
  ...listed('linear algebra', leastSquares, [
    ['lstsq float64 500×100', 'np.linalg.lstsq(a, x)', 'np.linalg.lstsq(a, x, rcond=None)'],
  ]),
  ...[2, 4, 8, 16].flatMap(smallCases),
  ...stackCases('float64', 1000, 4),
  ...stackCases('float32', 1000, 4),
  ...stackCases('float64', 100, 32),
];

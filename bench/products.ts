// Cases of products that have ways of their own: stacks of small matrices, few rows or columns, matrix times vector, dot
// products, einsum. Plain large products are linear_algebra.ts's.

import { type BenchCase, data, listed } from './case.ts';

const pair = (dtype: string, n: number) => ({
  a: data(dtype, [n, n]),
  b: data(dtype, [n, n]),
  x: data(dtype, [n]),
  few: data(dtype, [4, n]),
});
const stack = (n: number) => ({ a: data('float64', [1000, n, n]), b: data('float64', [1000, n, n]) });
const tensors = (dtype: string) => ({
  s: data(dtype, [20, 50, 60]),
  t: data(dtype, [20, 60, 40]),
  u: data(dtype, [50, 50]),
});

export const products = (): BenchCase[] => [
  ...[2, 3, 8, 16].flatMap((n) => listed('products', stack(n), [[`matmul 1000 of ${n}×${n}`, 'np.matmul(a, b)']])),
  ...['float64', 'float32'].flatMap((d) => [
    ...[100, 1000].flatMap((n) =>
      listed('products', pair(d, n), [
        [`matmul ${d} 4×${n} by ${n}×${n}`, 'np.matmul(few, a)'],
        [`matmul ${d} ${n}×${n} by ${n}×4`, 'np.matmul(a, few.T)'],
        [`matmul ${d} ${n}, both transposed`, 'np.matmul(a.T, b.T)'],
        [`vector-matrix ${d} ${n}`, 'np.matmul(x, a)'],
        [`vdot ${d} ${n * n}`, 'np.vdot(a, b)'],
        [`tensordot ${d} ${n}`, 'np.tensordot(a, b, 1)'],
        [`einsum ij,jk->ik ${d} ${n}`, "np.einsum('ij,jk->ik', a, b)"],
        [`einsum ij,ij->i ${d} ${n}`, "np.einsum('ij,ij->i', a, b)"],
        [`einsum i,ij,j-> ${d} ${n}`, "np.einsum('i,ij,j->', x, a, x)"],
        [`einsum ii ${d} ${n}`, "np.einsum('ii', a)"],
      ]),
    ),
    ...listed('products', tensors(d), [
      [`einsum bij,bjk->bik ${d}`, "np.einsum('bij,bjk->bik', s, t)"],
      [`einsum bij,bjk,il->lk ${d}`, "np.einsum('bij,bjk,il->lk', s, t, u)"],
    ]),
  ]),
];

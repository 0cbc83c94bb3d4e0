// What the compiler knows of equations and factorizations: dtypes and shapes as they come out. The assignments are the
// test; a wrong one does not compile.
import { expect, it } from 'vitest';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';

it('dtypes and shapes follow the operand', () => {
  const a = np.eye(2).reshape([2, 2]);
  const single = np.zeros([3, 2, 2], { dtype: 'float32' }).add(np.eye(2, { dtype: 'float32' }));
  const whole = np.zeros([2, 2], { dtype: 'int32' });
  const number: number = np.linalg.det([
    [1, 2],
    [3, 4],
  ]);
  const { sign, logabsdet }: { sign: number; logabsdet: number } = np.linalg.slogdet([[2]]);
  const inverse: NDArray<'float64', [2, 2]> = np.linalg.inv(a as NDArray<'float64', [2, 2]>); // eye says less
  const stack: NDArray<'float32'> = np.linalg.inv(single);
  const of: number = np.linalg.det(whole);
  const { Q }: { Q: NDArray<'float64'> } = np.linalg.qr(whole);
  const x: NDArray<'float64'> = np.linalg.solve([[2]], [1]);
  const plain: NDArray = np.linalg.cholesky(a as NDArray);
  expect([number, sign, logabsdet, of].map((v) => typeof v)).toEqual(['number', 'number', 'number', 'number']);
  expect([inverse, stack, Q, x, plain].map((v) => v.dtype.name)).toEqual([
    'float64',
    'float32',
    'float64',
    'float64',
    'float64',
  ]);
});

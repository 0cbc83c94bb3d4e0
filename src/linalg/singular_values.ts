// Singular values of stacks of matrices, descending, for what is made of them: norms. The algorithm is a provider's.

import { type NDArray, nd } from '../array/ndarray.ts';
import { LinAlgError } from '../base/errors.ts';
import { newArray } from '../exec/array_base.ts';
import { keepAlive } from '../memory/allocate.ts';
import { run } from './provider/run.ts';
import { addressOf, byColumns, fieldOf, jobOf, realDType, stackShape } from './stacks.ts';

/** The singular values […, min(m, n)] of matrices […, m, n]. */
export function singularValues(a: NDArray): NDArray {
  const field = fieldOf(a);
  const stack = stackShape(a);
  const [m, n] = a.shape.slice(-2);
  const s = newArray([...stack, Math.min(m, n)], realDType(field));
  if (s.size === 0) return nd(s);
  const work = byColumns(a, field);
  const { base, failed } = jobOf(field, stack);
  run('svd', { ...base, m, n, a: addressOf(work), s: addressOf(s), vectors: 'none', u: 0, vt: 0 });
  keepAlive(work.storage);
  const failure = failed();
  if (failure === undefined) return nd(s);
  throw new LinAlgError('singular values did not converge', 'remove NaN and infinities first', failure);
}

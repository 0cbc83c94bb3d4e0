// The error of an iteration that came to no end: which matrix of a stack, how many values.

import { LinAlgError } from '../base/errors.ts';

/** `what` did not converge, `count` of them, in matrix `index` of a stack. */
export function notConverged(
  where: string,
  what: string,
  { index, info }: { readonly index: number; readonly info: number },
  shape: readonly number[],
): LinAlgError {
  const which = shape.length === 2 ? 'the matrix' : `matrix ${index} of the stack`;
  return new LinAlgError(
    `${where}: ${what} did not converge: ${info} of ${which}`,
    'look for NaN and infinities: np.isfinite(a).all()',
    { where, index, unconverged: info, shape },
  );
}

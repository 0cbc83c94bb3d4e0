// Iterations over a stack of matrices, and the error of one that came to no end: which matrix, how many values.

import { LinAlgError } from '../base/errors.ts';
import { primarySegment, scratch } from '../memory/allocate.ts';
import type { Segment } from '../memory/segment.ts';
import { sizeOf } from '../shape/strides.ts';
import type { Field } from './lapack/language.ts';

/** What the jobs of iterations have in common. */
export interface IterationJob {
  readonly segment: Segment;
  readonly field: Field;
  readonly count: number;
  readonly info: number;
}

/**
 * Calls `run` with a job for a stack of that shape; `what` are the values sought, in matrices of `shape`.
 * @throws LinAlgError for the first matrix whose values did not converge.
 */
export function iterate(
  field: Field,
  stack: readonly number[],
  what: string,
  shape: readonly number[],
  where: string,
  run: (job: IterationJob) => void,
): void {
  const segment = primarySegment();
  const count = sizeOf(stack);
  const mark = scratch.mark();
  try {
    const info = scratch.take(segment, 4 * Math.max(1, count));
    segment.fill(info, 4 * count, 0);
    run({ segment, field, count, info });
    const { i32 } = segment;
    for (let i = 0; i < count; i++) {
      if (i32[info / 4 + i] !== 0) throw notConverged(where, what, i, i32[info / 4 + i], shape);
    }
  } finally {
    scratch.release(mark);
  }
}

function notConverged(
  where: string,
  what: string,
  index: number,
  values: number,
  shape: readonly number[],
): LinAlgError {
  const which = shape.length === 2 ? 'the matrix' : `matrix ${index} of the stack`;
  return new LinAlgError(
    `${where}: ${what} did not converge: ${values} of ${which}`,
    'look for NaN and infinities: np.isfinite(a).all()',
    { where, index, unconverged: values, shape },
  );
}

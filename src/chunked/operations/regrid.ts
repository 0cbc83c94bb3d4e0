// Other blocks for the same elements. Its operand is read in rectangles that may cross blocks; whether it is worth an
// intermediate copy in a third grid is decided by the plan.

import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';

export const regridRow: OperationRow<{ readonly chunks: readonly number[] }> = {
  name: 'rechunk',
  rereads: true,
  needs: (_, region) => [region],
  apply: (_, values) => values,
  text: (p) => `rechunk to (${p.chunks.join(', ')})`,
};

/** The same elements on another grid. */
export const regrid = (input: Node, chunks: readonly number[]): OpNode =>
  resultsOf(operation(regridRow, { chunks }, [input]), [{ shape: input.shape, dtype: input.dtype }], chunks)[0];

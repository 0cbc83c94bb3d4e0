// Computing arrays in chunks: plan, check of the memory that it takes, run, results.

import type { NDArray } from '../array/ndarray.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { Options } from '../exec/options.ts';
import type { Node, OpNode } from './node.ts';
import { regrid } from './operations/regrid.ts';
import { planOf } from './plan.ts';
import { ArrayTarget, runPlan, type Target } from './run.ts';

export interface ComputeOptions {
  /** Ends the run: rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

const computeOptions = new Options(['signal', 'value']);

/** What is to be computed: a file or an array in memory is copied by an operation of its own. */
export const resultNode = (n: Node): OpNode => (n.kind === 'op' ? n : regrid(n, n.chunks));

/** The values of several arrays, computed together. */
export async function computeAll(nodes: readonly Node[], options: ComputeOptions): Promise<(NDArray | Scalar)[]> {
  computeOptions.check(options, 'compute');
  const results = nodes.map(resultNode);
  const targets = new Map<OpNode, ArrayTarget>(results.map((n) => [n, new ArrayTarget(n)]));
  await runPlan(planOf(results), targets as ReadonlyMap<OpNode, Target>, { signal: options.signal, ahead: 2 });
  return results.map((n) => {
    const { array } = targets.get(n) as ArrayTarget; // made just above
    return n.weak ? (array.item() as Scalar) : array;
  });
}

// Runs a plan here: stage after stage, block after block, with the reads of the next blocks and the writes of the last ones
// under way while a block is computed on all cores. Order and grid decide the result, never what finishes first.

import { empty } from '../array/creation.ts';
import { setItem } from '../array/indexing.ts';
import type { NDArray } from '../array/ndarray.ts';
import type { ArrayStore, Region } from '../io/store.ts';
import { type BlockWork, workOf } from './block.ts';
import { regionOf } from './grid.ts';
import { Kept, slicesOf } from './kept.ts';
import type { Node, OpNode } from './node.ts';
import type { Plan, Stage } from './plan.ts';
import { MemoryShelf } from './shelf.ts';

/** Where a result goes. */
export type Target = Pick<ArrayStore, 'write' | 'writeMemory'>;

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Blocks that are read ahead of the one that is computed. */
  readonly ahead: number;
}

/** A result in memory. */
export class ArrayTarget implements Target {
  readonly array: NDArray;
  constructor(node: OpNode) {
    this.array = empty(node.shape, { dtype: node.dtype });
  }
  async write(region: Region, values: NDArray): Promise<void> {
    setItem(
      this.array,
      region.start.length === 0
        ? []
        : slicesOf(
            region,
            region.start.map(() => 0),
          ),
      values,
    );
  }
  writeMemory(): number {
    return 0;
  }
}

interface Ready {
  readonly work: BlockWork;
  readonly regions: readonly Region[];
  readonly arrays: Promise<NDArray[]>;
}

/** Computes all stages; results go to their targets. */
export async function runPlan(plan: Plan, targets: ReadonlyMap<OpNode, Target>, options: RunOptions): Promise<void> {
  const kept = new Map<Node, Kept>();
  const readers = new Map<Stage, number>();
  for (const stage of plan.stages) for (const s of stage.after) readers.set(s, (readers.get(s) ?? 0) + 1);
  try {
    for (const stage of plan.stages) {
      await runStage(plan, stage, kept, targets, options);
      for (const s of stage.after) {
        const left = (readers.get(s) ?? 0) - 1;
        readers.set(s, left);
        if (left === 0) for (const n of s.roots) await forget(kept, n);
      }
    }
  } finally {
    for (const n of [...kept.keys()]) await forget(kept, n);
  }
}

async function forget(kept: Map<Node, Kept>, n: Node): Promise<void> {
  await kept.get(n)?.shelf.drop();
  kept.delete(n);
}

async function runStage(
  plan: Plan,
  stage: Stage,
  kept: Map<Node, Kept>,
  targets: ReadonlyMap<OpNode, Target>,
  { signal, ahead }: RunOptions,
): Promise<void> {
  const read = (n: Node, region: Region): Promise<NDArray> => {
    if (n.kind === 'source') return n.store.read(region, { signal });
    const from = kept.get(n);
    if (from === undefined) throw new TypeError('a stage reads what no stage has kept');
    return from.read(region);
  };
  const begin = (block: number): Ready => {
    const regions = stage.grids.map((g) => regionOf(g, block));
    const work = workOf(stage.roots, regions, stage.leafOf);
    const arrays = Promise.all(work.reads.map(({ node, region }) => read(node, region)));
    arrays.catch(() => undefined); // it is waited for below, maybe after another failure
    return { work, regions, arrays };
  };
  stage.roots.forEach((n, i) => {
    if (plan.stages.some((s) => s.leaves.includes(n))) kept.set(n, new Kept(n, stage.grids[i], new MemoryShelf()));
  });
  const queue: Ready[] = [];
  let next = 0;
  for (let block = 0; block < stage.blocks; block++) {
    while (next < stage.blocks && queue.length <= ahead) queue.push(begin(next++));
    signal?.throwIfAborted();
    const { work, regions, arrays } = queue.shift() as Ready; // one was begun just above
    const made = work.evaluate(await arrays);
    for (let i = 0; i < made.length; i++) {
      const n = stage.roots[i];
      await targets.get(n)?.write?.(regions[i], made[i]);
      await kept.get(n)?.shelf.put(block, made[i]);
    }
  }
}

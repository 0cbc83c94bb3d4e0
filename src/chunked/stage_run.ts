// The blocks of one stage, one after another: those that come next are being read, and those before are being written, while
// one is computed on all cores. As many at a time as were projected. Order and grid decide the result, never what is done first.

import type { NDArray } from '../array/ndarray.ts';
import { scope } from '../array/scope.ts';
import { OrthantError } from '../base/errors.ts';
import { leaseOf, withLease } from '../exec/threads/lease.ts';
import type { Region } from '../io/store.ts';
import { type BlockWork, type Leaf, type Tables, workOf } from './block.ts';
import { placeOf, regionOf, regionText } from './grid.ts';
import type { OpNode } from './node.ts';
import type { Stage } from './plan.ts';
import { Programs } from './program.ts';
import type { Overlap } from './projection.ts';
import type { Taken } from './workspace.ts';

/** What a stage needs of its run. */
export interface Surroundings extends Overlap {
  readonly signal?: AbortSignal | undefined;
  readonly tables: Tables;
  read(leaf: Leaf, region: Region): Promise<Taken>;
  /** Takes the blocks of all roots over. */
  deliver(block: number, made: readonly Made[]): Promise<void>;
}

/** A computed rectangle of a result. */
export interface Made {
  readonly node: OpNode;
  readonly region: Region;
  readonly values: NDArray;
}

interface Ready {
  readonly block: number;
  readonly work: BlockWork;
  readonly regions: readonly Region[];
  readonly taken: Promise<Taken[]>;
}

/** Milliseconds of work after which the event loop has its turn. */
const TURN = 8;

/** Computes blocks of a stage. When this ends, however it does, nothing is under way and nothing is held. */
export async function runBlocks(stage: Stage, blocks: Iterable<number>, around: Surroundings): Promise<void> {
  const { ahead, behind, signal, tables } = around;
  const programs = new Programs();
  const rest = blocks[Symbol.iterator]();
  const queue: Ready[] = [];
  const writes = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const begin = (block: number): Ready => {
    const regions = stage.grids.map((g) => regionOf(g, block));
    const work = workOf(stage.roots, regions, stage.leafOf, tables);
    return { block, work, regions, taken: all(work.reads.map((r) => reading(stage, block, r, around))) };
  };
  const write = (block: number, made: readonly Made[]): Promise<void> => {
    const under: Promise<void> = around
      .deliver(block, made)
      .catch((error: unknown) => {
        for (const { values } of made) values.storage.dispose();
        failure ??= { error: inBlock(error, stage, block, 'writing it') };
      })
      .finally(() => writes.delete(under));
    writes.add(under);
    return under;
  };
  const alone = leaseOf(1, 'a block that is computed while others are read');
  // Milliseconds of the last block: waiting for what it reads, computing it.
  let waited = 0;
  let worked = Number.POSITIVE_INFINITY;
  let since = performance.now();
  try {
    for (;;) {
      while (queue.length <= ahead) {
        const next = rest.next();
        if (next.done === true) break;
        queue.push(begin(next.value));
      }
      const ready = queue[0];
      if (ready === undefined) break;
      const asked = performance.now();
      const taken = await ready.taken;
      waited = performance.now() - asked;
      queue.shift();
      const claimed = new Set<NDArray>(); // arrays that were read and are results
      try {
        if (performance.now() - since > TURN) {
          await new Promise<void>((go) => setImmediate(go));
          since = performance.now();
        }
        signal?.throwIfAborted();
        if (failure !== undefined) throw failure.error;
        // Where reading is the slower part, the processors are left to it but for one.
        const compute = (): Made[] => computed(stage, ready, taken, programs);
        const begun = performance.now();
        const made = ahead > 0 && waited > worked ? withLease(alone, compute) : compute();
        worked = performance.now() - begun;
        for (const { values } of made) claimed.add(values);
        while (behind > 0 && writes.size >= behind) await Promise.race(writes);
        write(ready.block, made);
        if (behind === 0) await Promise.all(writes);
      } finally {
        for (const t of taken) if (!claimed.has(t.array)) t.release();
      }
    }
    await Promise.all(writes);
    if (failure !== undefined) throw failure.error;
  } finally {
    for (const { taken } of queue) {
      await taken.then(
        (those) => {
          for (const t of those) t.release();
        },
        () => undefined,
      );
    }
    await Promise.all(writes);
  }
}

/** All of them, or none: what was taken before another failed is given back. */
function all(takings: readonly Promise<Taken>[]): Promise<Taken[]> {
  const made = Promise.allSettled(takings).then((outcomes) => {
    const failed = outcomes.find((o) => o.status === 'rejected');
    const taken = outcomes.flatMap((o) => (o.status === 'fulfilled' ? [o.value] : []));
    if (failed === undefined) return taken;
    for (const t of taken) t.release();
    throw failed.reason;
  });
  made.catch(() => undefined); // it is waited for later, maybe after another failure
  return made;
}

async function reading(
  stage: Stage,
  block: number,
  { node, region }: BlockWork['reads'][number],
  around: Surroundings,
): Promise<Taken> {
  try {
    return await around.read(node, region);
  } catch (error) {
    if (around.signal?.aborted === true) throw error;
    const from = node.kind === 'source' ? node.store.name : `'${node.op.text}'`;
    throw inBlock(error, stage, block, `reading [${regionText(region)}] of ${from}`);
  }
}

/** The blocks of all roots, each an array of its own. */
function computed(stage: Stage, { block, work, regions }: Ready, taken: readonly Taken[], programs: Programs): Made[] {
  let results: NDArray[];
  try {
    // What else was made on the way is given back at once: no block is held up by what is left of the one before.
    results = scope({ tag: `block of ${stage.text}` }, () =>
      programs.evaluate(
        work,
        taken.map((t) => t.array),
      ),
    );
  } catch (error) {
    throw inBlock(error, stage, block, 'computing it');
  }
  return results.map((values, i) => ({ node: stage.roots[i], region: regions[i], values }));
}

/** The error with where it came from: stage, block, what was under way. Aborts and defects stay as they are. */
function inBlock(error: unknown, stage: Stage, block: number, doing: string): unknown {
  const at = `${stage.text}, block (${placeOf(stage.grids[0], block).join(', ')}), ${doing}`;
  const facts = { operation: stage.text, stage: stage.id, block, doing };
  if (error instanceof OrthantError) {
    if ('operation' in error.facts && 'block' in error.facts) return error; // told already
    const made = error.constructor as new (...args: ConstructorParameters<typeof OrthantError>) => OrthantError;
    return new made(`${at}: ${error.what}`, error.fix, { ...error.facts, ...facts }, { cause: error });
  }
  const { code, message } = error as { code?: unknown; message?: string };
  if (typeof code !== 'string') return error;
  return new OrthantError(
    `${at}: ${message ?? code}`,
    'look at the file or the connection, and run it again; with { workspace, resume: true } finished blocks are kept',
    { ...facts, code },
    { cause: error },
  );
}

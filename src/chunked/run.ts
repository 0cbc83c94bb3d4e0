// Runs a plan here, stage after stage, within the memory that was projected: what is kept in between, when it goes, where
// results go, and that nothing is left when the run ends, however it does. The blocks of a stage are stage_run.ts.

import type { NDArray } from '../array/ndarray.ts';
import { scope } from '../array/scope.ts';
import type { FileSystem } from '../io/source.ts';
import type { Region } from '../io/store.ts';
import { type Leaf, withTables } from './block.ts';
import { diskFull } from './block_file.ts';
import { fingerprint } from './fingerprint.ts';
import { regionOf, wholeOf } from './grid.ts';
import { Journal, type Payloads } from './journal.ts';
import { BlocksResult, blockFile, type Kept, keptWhole, nbytesOf, WholeResult } from './kept.ts';
import type { Operation, OpNode } from './node.ts';
import type { Plan, Stage } from './plan.ts';
import { type Progress, Reporter } from './progress.ts';
import { type Projection, readLater } from './projection.ts';
import { retried } from './retry.ts';
import { type Made, runBlocks } from './stage_run.ts';
import type { Targets } from './target.ts';
import { type Taken, Workspace } from './workspace.ts';

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** How often a read that failed is tried again. */
  readonly retries?: number | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Directory of intermediate results that memory has no room for. */
  readonly workspace?: string | undefined;
  /** Finished blocks stay there until the run is done, and are not computed again by the same run after this one was ended. */
  readonly resume?: boolean | undefined;
  /** Has the blocks of a stage computed by others, into the workspace; what they leave out is computed here. */
  readonly handed?: ((stage: Stage) => Promise<void>) | undefined;
  /** @internal Another file system for it, for tests. */
  readonly fs?: FileSystem | undefined;
}

/** Blocks of a stage, by number: from the first to before the last. */
export interface BlockRange {
  readonly stage: number;
  readonly from: number;
  readonly to: number;
}

/** What a run did. */
export interface Outcome {
  readonly computed: number;
  /** Blocks that an earlier run had finished. */
  readonly resumed: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly spilled: number;
}

const RETRIES = 3;

class Run {
  readonly #plan: Plan;
  readonly #targets: Targets;
  readonly #projection: Projection;
  readonly #options: RunOptions;
  readonly #workspace: Workspace;
  readonly #reporter: Reporter;
  readonly #kept = new Map<Leaf, Kept>();
  readonly #readLater: ReadonlySet<OpNode>;
  readonly #journal: Journal | undefined;
  /** Blocks of earlier runs. */
  readonly #done = new Map<Stage, ReadonlyMap<number, Payloads>>();

  constructor(plan: Plan, targets: Targets, projection: Projection, options: RunOptions) {
    this.#plan = plan;
    this.#targets = targets;
    this.#projection = projection;
    this.#options = options;
    const { workspace: directory, fs, resume: durable } = options;
    this.#workspace = new Workspace({ budget: 0, directory, fs, durable });
    if (durable) this.#journal = new Journal(this.#workspace.fs, this.#workspace.directory);
    this.#reporter = new Reporter(plan, projection, options.onProgress);
    this.#readLater = readLater(plan);
  }

  async run(): Promise<Outcome> {
    const { signal } = this.#options;
    const readers = new Map<Stage, number>();
    for (const { after } of this.#plan.stages) for (const s of after) readers.set(s, (readers.get(s) ?? 0) + 1);
    let finished = false;
    try {
      this.#journal?.open(fingerprint(this.#plan, this.#workspace.fs), false);
      const needed = await this.#needed();
      for (const stage of this.#plan.stages) {
        signal?.throwIfAborted();
        if (needed.has(stage)) await this.#stage(stage);
        for (const s of stage.after) {
          const left = (readers.get(s) ?? 0) - 1;
          readers.set(s, left);
          if (left === 0) for (const n of s.roots) this.#forget(n, this.#targets.has(n));
        }
      }
      for (const target of this.#targets.values()) await target.flush?.();
      this.#reporter.end();
      finished = true;
    } finally {
      for (const n of [...this.#kept.keys()]) this.#forget(n, !finished);
      this.#journal?.close();
      this.#workspace.close(finished);
    }
    const { computed, resumed, bytesRead, bytesWritten } = this.#reporter;
    return { computed, resumed, bytesRead, bytesWritten, spilled: this.#workspace.spilled };
  }

  // Stages with results, and those whose blocks an unfinished stage reads.
  async #needed(): Promise<ReadonlySet<Stage>> {
    const { stages } = this.#plan;
    if (this.#journal === undefined) return new Set(stages);
    const needed = new Set<Stage>(stages.filter((s) => s.roots.some((n) => this.#targets.has(n))));
    for (const s of [...stages].reverse()) {
      if (!needed.has(s)) continue;
      const done = await this.#whole(s, this.#journal);
      this.#done.set(s, done);
      if (done.size < s.blocks) for (const from of s.after) needed.add(from);
    }
    return needed;
  }

  // The blocks of a stage that an earlier run has finished, and that are as it has left them.
  async #whole(stage: Stage, journal: Journal): Promise<ReadonlyMap<number, Payloads>> {
    const whole = new Map<number, Payloads>();
    for (const [block, payloads] of journal.finished(stage.id)) {
      if (block >= stage.blocks || payloads.length !== stage.roots.length) continue;
      const checks = stage.roots.map((n, i) => {
        const nbytes = nbytesOf({ shape: regionOf(stage.grids[i], block).shape, dtype: n.dtype });
        if (keptWhole(n)) return payloads[i].byteLength === nbytes;
        return this.#workspace.isWhole(blockFile(resultName(stage, i), block), nbytes);
      });
      if ((await Promise.all(checks)).every((is) => is)) whole.set(block, payloads);
    }
    return whole;
  }

  // What an earlier run has finished of a stage: taken over by what is kept, and handed to the targets.
  async #resumed(stage: Stage): Promise<ReadonlyMap<number, Payloads>> {
    const done = this.#done.get(stage) ?? new Map<number, Payloads>();
    for (const [block, payloads] of done) {
      for (const [i, n] of stage.roots.entries()) {
        this.#kept.get(n)?.found(block, payloads[i]);
        const target = this.#targets.get(n);
        if (target === undefined) continue;
        const region = regionOf(stage.grids[i], block);
        const taken = await this.#read(n, region);
        try {
          await target.write(region, taken.array);
        } finally {
          taken.release();
        }
      }
      this.#reporter.block(true);
    }
    return done;
  }

  async #stage(stage: Stage): Promise<void> {
    this.#reporter.begin(stage);
    this.#keep(stage);
    let done = await this.#resumed(stage);
    const { handed } = this.#options;
    if (handed !== undefined && this.#journal !== undefined && done.size < stage.blocks) {
      await handed(stage);
      const before = done;
      const all = await this.#whole(stage, this.#journal);
      this.#done.set(stage, new Map([...all].filter(([block]) => !before.has(block))));
      done = new Map([...before, ...(await this.#resumed(stage))]);
    }
    if (done.size < stage.blocks) await this.#compute(stage, numbers(0, stage.blocks, done));
  }

  // Somewhere to keep the results of a stage, where somebody reads them later.
  #keep(stage: Stage): void {
    stage.roots.forEach((n, i) => {
      if (!this.#readLater.has(n) && this.#journal === undefined) return;
      const grid = stage.grids[i];
      const name = resultName(stage, i);
      this.#kept.set(
        n,
        keptWhole(n) ? new WholeResult(n, grid) : new BlocksResult(n, grid, this.#partsOf(n), this.#workspace, name),
      );
    });
  }

  /** Computes some blocks of a stage, of what other processes have put into the workspace; how many were not there. */
  async range({ stage: id, from, to }: BlockRange): Promise<number> {
    const journal = this.#journal;
    const stage = this.#plan.stages[id];
    if (journal === undefined || stage === undefined) throw new TypeError('a range is of a stage, and in a workspace');
    try {
      journal.open(fingerprint(this.#plan, this.#workspace.fs), true);
      for (const s of stage.after) {
        this.#keep(s);
        for (const [block, payloads] of await this.#whole(s, journal)) {
          for (const [i, n] of s.roots.entries()) this.#kept.get(n)?.found(block, payloads[i]);
        }
      }
      this.#reporter.begin(stage);
      this.#keep(stage);
      const blocks = numbers(from, Math.min(to, stage.blocks), await this.#whole(stage, journal));
      await this.#compute(stage, blocks);
      return this.#reporter.computed;
    } finally {
      for (const n of [...this.#kept.keys()]) this.#forget(n, true);
      journal.close();
      this.#workspace.close(false);
    }
  }

  async #compute(stage: Stage, blocks: Iterable<number>): Promise<void> {
    const { ahead, behind, room } = this.#projection.stages[stage.id];
    const { signal } = this.#options;
    await this.#workspace.allow(room);
    const tables = new Map<Operation, readonly NDArray[]>();
    const held: Taken[] = [];
    try {
      for (const op of withTables(stage.roots, stage.leafOf)) {
        const those = await Promise.all(op.tables.map((n) => this.#read(stage.leafOf(n) ?? n, wholeOf(n.shape))));
        held.push(...those);
        tables.set(
          op,
          those.map((t) => t.array),
        );
      }
      await runBlocks(stage, blocks, {
        ahead,
        behind,
        signal,
        tables,
        read: (leaf, region) => this.#read(leaf, region),
        deliver: (block, made) => this.#deliver(stage, block, made),
      });
    } finally {
      for (const t of held) t.release();
    }
  }

  // Extents of the pieces in which readers want a result: the least of all stages, as the plan says.
  #partsOf(n: OpNode): readonly number[] {
    const reader = this.#plan.stages.find((s) => s.leaves.includes(n));
    return reader?.partsOf(n) ?? n.chunks;
  }

  async #read(n: Parameters<Stage['leafOf']>[0], region: Region): Promise<Taken> {
    const { signal, retries = RETRIES } = this.#options;
    if (n.kind === 'source') {
      const { store } = n;
      const array = await retried(store.name, () => store.read(region, { signal }), { retries, signal });
      this.#reporter.bytesRead += store.readBytes(region);
      return { array, release: () => array.storage.dispose() };
    }
    if (n.kind === 'held') throw new TypeError('what is held in memory is not read');
    const from = this.#kept.get(n);
    if (from === undefined) throw new TypeError('a stage reads what no stage has kept');
    return from.read(region);
  }

  async #deliver(stage: Stage, block: number, made: readonly Made[]): Promise<void> {
    for (const { node, region, values } of made) {
      const target = this.#targets.get(node);
      if (target !== undefined) {
        try {
          await target.write(region, values);
        } catch (error) {
          throw diskFull(error, this.#workspace.fs, target.name, values.nbytes);
        }
        if (target.inMemory !== true) this.#reporter.bytesWritten += values.nbytes;
      }
      const kept = this.#kept.get(node);
      if (kept !== undefined) await kept.put(block, values);
      else values.storage.dispose();
    }
    const payloads = (): Uint8Array[] => made.map(({ node }) => this.#kept.get(node)?.elementsOf(block) ?? NOTHING);
    this.#journal?.record(stage.id, block, payloads());
    this.#reporter.block();
  }

  #forget(n: Leaf, keep: boolean): void {
    this.#kept.get(n)?.drop(keep);
    this.#kept.delete(n);
  }
}

const resultName = (stage: Stage, root: number): string => `${stage.id}-${root}`;

const NOTHING = new Uint8Array(0);

function* numbers(from: number, to: number, without: ReadonlyMap<number, unknown>): Generator<number> {
  for (let i = from; i < to; i++) if (!without.has(i)) yield i;
}

/**
 * Computes all stages; results go to their targets. Everything is charged to what is allowed, so that a projection that
 * was too low ends the run, and never takes more.
 */
export async function runPlan(
  plan: Plan,
  targets: Targets,
  projection: Projection,
  options: RunOptions = {},
): Promise<Outcome> {
  const work = async (): Promise<readonly [Outcome, readonly NDArray[]]> => {
    const outcome = await new Run(plan, targets, projection, options).run();
    return [outcome, [...targets.values()].flatMap((t) => t.array ?? [])]; // results outlive the scope
  };
  return (await scope({ memory: projection.allowed.bytes, tag: 'plan over blocks' }, work))[0];
}

/** Computes a range of blocks into a workspace that others share; how many were not there. */
export const runRange = (plan: Plan, projection: Projection, range: BlockRange, options: RunOptions): Promise<number> =>
  scope({ memory: projection.allowed.bytes, tag: 'plan over blocks' }, () =>
    new Run(plan, new Map(), projection, options).range(range),
  );

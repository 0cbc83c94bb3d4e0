// Computing arrays in chunks: plan, check of the memory that it takes, run, results.

import type { NDArray } from '../array/ndarray.ts';
import { ArgumentError, MemoryError } from '../base/errors.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { describe, Options } from '../exec/options.ts';
import { type Allowed, allowedMemory } from './allowed.ts';
import type { Executor, Job } from './executor.ts';
import { type ChunkedExplanation, explainPlan } from './explain.ts';
import type { Node, OpNode } from './node.ts';
import { regrid } from './operations/regrid.ts';
import { type Plan, planOf, type Stage } from './plan.ts';
import type { Progress } from './progress.ts';
import { type Projection, project } from './projection.ts';
import type { RunOptions } from './run.ts';
import { ArrayTarget, type Target, type Targets } from './target.ts';
import { written } from './written.ts';

export interface ComputeOptions {
  /** Most bytes that the run may take: a number, or '256MB'; what is left of the scope's budget and the process's limit. */
  readonly memory?: number | string;
  /** Ends the run: rejected with the signal's reason, and nothing is left behind. */
  readonly signal?: AbortSignal;
  /** How often a read that failed for a moment is tried again; 3. */
  readonly retries?: number;
  /** Told a few times a second how far the run is. */
  readonly onProgress?: (progress: Progress) => void;
  /** Directory for intermediate results that memory has no room for; the system's for temporary files. */
  readonly workspace?: string;
  /**
   * Finished blocks are kept in the workspace until all is done, so that the same call goes on where a process that was
   * killed has stopped. Needs a workspace; removed when the run is done.
   */
  readonly resume?: boolean;
  /** Who computes the blocks; this process if not said. Needs a workspace that all who compute share. */
  readonly executor?: Executor;
}

const computeOptions = new Options(
  ['memory', 'value'],
  ['signal', 'value'],
  ['retries', 'value'],
  ['onProgress', 'value'],
  ['workspace', 'value'],
  ['resume', 'value'],
  ['executor', 'value'],
);

/** Options of a run, checked. */
export function runOptions(options: ComputeOptions, where: string): RunOptions {
  computeOptions.check(options, where);
  const { retries, onProgress, workspace, signal, resume, executor } = options;
  const refuse = (name: string, value: unknown, fix: string): never => {
    throw new ArgumentError(`${where}: ${name} is ${describe(value)}`, fix, { [name]: value });
  };
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0)) {
    refuse('retries', retries, 'pass how often a failed read is tried again: 0, 1, 2 …');
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    refuse('onProgress', onProgress, 'pass a function: ({ done, blocks, eta }) => …');
  }
  if (workspace !== undefined && typeof workspace !== 'string') {
    refuse('workspace', workspace, 'pass the path of a directory');
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    refuse('signal', signal, 'pass the signal of an AbortController');
  }
  if (resume !== undefined && typeof resume !== 'boolean') refuse('resume', resume, 'pass true or false');
  if (resume === true && workspace === undefined) {
    refuse('resume', resume, 'pass the directory too in which finished blocks are kept: { workspace, resume: true }');
  }
  if (executor !== undefined && (typeof executor?.run !== 'function' || workspace === undefined)) {
    refuse('executor', executor, 'pass an object { name, jobs, run }, and the workspace that all who compute share');
  }
  return { retries, onProgress, workspace, signal, resume: resume || executor !== undefined };
}

/** What is to be computed: a file or an array in memory is copied by an operation of its own. */
export const resultNode = (n: Node): OpNode => (n.kind === 'op' ? n : regrid(n, n.chunks));

/** Plans, checks the memory, runs. */
export async function runAll(targets: ReadonlyMap<OpNode, Target>, options: ComputeOptions, where: string) {
  const checked = runOptions(options, where);
  options.signal?.throwIfAborted();
  const allowed = allowedMemory(options.memory, where);
  const plan = planOf([...targets.keys()], allowed.bytes);
  const { executor, workspace = '', signal } = options;
  const handed = executor && handing(executor, plan, { memory: allowed.bytes, workspace }, signal);
  const projection = project(plan, targets as Targets, allowed);
  const { runPlan } = await import('./run.ts'); // what runs plans is loaded when one does
  return runPlan(plan, targets as Targets, projection, { ...checked, handed });
}

// Cuts stages into jobs, and waits for all of a stage.
function handing(
  executor: Executor,
  plan: Plan,
  job: Pick<Job, 'memory' | 'workspace'>,
  signal: AbortSignal | undefined,
): (stage: Stage) => Promise<void> {
  const text = written(plan.results);
  return ({ id: stage, blocks }) => {
    const each = Math.ceil(blocks / Math.max(1, Math.min(executor.jobs, blocks)));
    const jobs: Job[] = [];
    for (let from = 0; from < blocks; from += each) {
      jobs.push({ ...job, plan: text, stage, from, to: Math.min(blocks, from + each) });
    }
    return executor.run(jobs, { signal });
  };
}

// A plan that would be refused is explained as if there were no end of memory.
function fitted(plan: Plan, allowed: Allowed): Projection {
  try {
    return project(plan, new Map(), allowed);
  } catch (error) {
    if (!(error instanceof MemoryError)) throw error;
    return project(plan, new Map(), { bytes: Number.POSITIVE_INFINITY, source: 'nobody' });
  }
}

/** What computing several arrays together would do; the results in memory. */
export function explainAll(nodes: readonly Node[], { memory }: Pick<ComputeOptions, 'memory'>): ChunkedExplanation {
  const allowed = allowedMemory(memory, 'explain');
  const plan = planOf(nodes.map(resultNode), allowed.bytes);
  const { stages } = fitted(plan, allowed);
  return explainPlan(plan, allowed.bytes, (stage) => stages[stage.id].projected);
}

/** The values of several arrays, computed together. */
export async function computeAll(nodes: readonly Node[], options: ComputeOptions): Promise<(NDArray | Scalar)[]> {
  const results = nodes.map(resultNode);
  const targets = new Map<OpNode, ArrayTarget>(results.map((n) => [n, new ArrayTarget(n)]));
  try {
    await runAll(targets, options, 'compute');
  } catch (error) {
    for (const target of targets.values()) target.dispose();
    throw error;
  }
  return results.map((n) => {
    const { array } = targets.get(n) as ArrayTarget; // made just above
    return n.weak ? (array.item() as Scalar) : array;
  });
}

// Who computes the blocks of a stage: this process, or whoever is handed ranges of them. A range is named by plan, stage and
// two numbers, may be computed twice without harm, and leaves its blocks in the shared workspace; a stage begins when all ranges
// of the one before are done. What a range costs in messages does not depend on its blocks.

import { allowedMemory } from './allowed.ts';
import { resultNode } from './compute.ts';
import { planOf } from './plan.ts';
import { project } from './projection.ts';
import { fromWritten, type WrittenPlan } from './written.ts';

/** Some blocks of a stage, and all that is needed to compute them elsewhere: plain data. */
export interface Job {
  readonly plan: WrittenPlan;
  /** Bytes that the run may take; plans depend on it. */
  readonly memory: number;
  /** A directory that all who work at the plan share. */
  readonly workspace: string;
  readonly stage: number;
  /** Numbers of the first block, and of the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** Hands jobs to whoever computes them. */
export interface Executor {
  /** For messages and events. */
  readonly name: string;
  /** Jobs that a stage is cut into. */
  readonly jobs: number;
  /** Settles when all jobs are done: `runJob` has run for each, somewhere, at least once. */
  run(jobs: readonly Job[], options: { readonly signal?: AbortSignal | undefined }): Promise<void>;
}

/** Computes the blocks of a job, those that are not there yet. How many it has computed. */
export async function runJob(job: Job, options: { readonly signal?: AbortSignal } = {}): Promise<number> {
  const allowed = allowedMemory(job.memory, 'runJob');
  const results = (await fromWritten(job.plan)).map(resultNode);
  const plan = planOf(results, job.memory);
  const projection = project(plan, new Map(), allowed);
  const { workspace, stage, from, to } = job;
  const { runRange } = await import('./run.ts');
  return runRange(plan, projection, { stage, from, to }, { ...options, workspace, resume: true });
}

/** Runs jobs here, one after another: what every executor must be equal to. */
export const inline: Executor = {
  name: 'inline',
  jobs: 1,
  async run(jobs, { signal }) {
    for (const job of jobs) await runJob(job, signal === undefined ? {} : { signal });
  },
};

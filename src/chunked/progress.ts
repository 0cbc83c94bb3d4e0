// How far a run is: blocks, bytes, and when it may be done, told a few times a second to whoever asked and to listeners of
// events. The time left follows from bytes and blocks of all stages together.

import { type EventMap, events } from '../base/events.ts';
import type { Plan, Stage } from './plan.ts';
import type { Projection } from './projection.ts';

export type Progress = EventMap['chunked.progress'];

/** Milliseconds between two reports. */
const EVERY = 100;
/** Bytes that stand for the work of a block that reads none. */
const BLOCK = 2 ** 16;

export class Reporter {
  bytesRead = 0;
  bytesWritten = 0;
  /** Blocks that were there from an earlier run. */
  resumed = 0;
  computed = 0;
  readonly #tell: ((progress: Progress) => void) | undefined;
  readonly #weights = new Map<Stage, number>();
  readonly #stages: number;
  #stage: Stage | undefined;
  #done = 0;
  /** Work in all, done now, and done by earlier runs. */
  #all = 0;
  #behind = 0;
  #given = 0;
  #told = 0;
  readonly #begun = performance.now();

  constructor(plan: Plan, { stages }: Projection, tell: ((progress: Progress) => void) | undefined) {
    this.#tell = tell;
    this.#stages = plan.stages.length;
    for (const { stage, moved, arrays, results } of stages) {
      const weight = Math.max(moved, arrays) + results + BLOCK;
      this.#weights.set(stage, weight);
      this.#all += weight * stage.blocks;
    }
  }

  begin(stage: Stage): void {
    this.#stage = stage;
    this.#done = 0;
    if (events.active['chunked.stage']) {
      const { id, text, blocks } = stage;
      events.emit('chunked.stage', { stage: id, stages: this.#stages, text, blocks });
    }
    this.#report(true);
  }
  /** A block is done; or was, before this run. */
  block(before = false): void {
    this.#done++;
    const weight = this.#stage === undefined ? 0 : (this.#weights.get(this.#stage) ?? 0);
    this.#behind += weight;
    if (before) {
      this.#given += weight;
      this.resumed++;
    } else this.computed++;
    this.#report(false);
  }
  end(): void {
    this.#report(true);
  }

  #report(always: boolean): void {
    const stage = this.#stage;
    if (stage === undefined || (this.#tell === undefined && !events.active['chunked.progress'])) return;
    const now = performance.now();
    if (!always && now - this.#told < EVERY) return;
    this.#told = now;
    const elapsed = (now - this.#begun) / 1000;
    const here = this.#behind - this.#given;
    const progress: Progress = {
      stage: stage.id,
      stages: this.#stages,
      done: this.#done,
      blocks: stage.blocks,
      bytesRead: this.bytesRead,
      bytesWritten: this.bytesWritten,
      elapsed,
      eta: here > 0 ? (elapsed * (this.#all - this.#behind)) / here : undefined,
    };
    this.#tell?.(progress);
    if (events.active['chunked.progress']) events.emit('chunked.progress', progress);
  }
}

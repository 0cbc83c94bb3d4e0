// The workers of a pool: how many there may be, when they are started, when they go home, what happens when one is lost,
// and the control block they share with main. What they work on is pool.ts; how one is started is start.ts.
import { events } from '../../base/events.ts';
import { allocateForGood, homeSegment } from '../../memory/allocate.ts';
import type { Storage } from '../../memory/storage.ts';
import { CELLS, CONTROL_BYTES, WORDS, word } from './control.ts';
import type { ThreadCount } from './size.ts';
import type { StartWorker } from './start.ts';

/** What a crew is made with. */
export interface CrewOptions {
  readonly count: () => ThreadCount;
  readonly start: StartWorker;
}

/** Elements of work seen before workers are started: they cost main some milliseconds. */
const START_AFTER = 2 ** 21;
/** Workers started by one call at most, so that no single call pays for many. */
const STARTS_PER_CALL = 4;
/** Workers that had nothing to do for so long, or twice that, go home. */
const IDLE_MS = 15_000;
/** How often quotas and affinity are looked up again. */
const REFRESH_MS = 30_000;

/** The workers of one pool. */
export class Crew {
  /** The control block, as words and as the argument table in two readings. */
  words: Int32Array = new Int32Array(0);
  cells: Float64Array = new Float64Array(0);
  bigs: BigInt64Array = new BigInt64Array(0);
  /** Whether main may sleep until a word changes; a browser's main thread may not. */
  canWait = false;
  /** Workers started since they last went home. */
  started = 0;
  /** Why workers are no longer used. */
  lost: string | undefined;
  /** Times that workers went home because there was nothing to do. */
  rests = 0;
  readonly #options: CrewOptions;
  readonly #jobs: () => number;
  #count: ThreadCount | undefined;
  #countedAt = 0;
  #control: Storage | undefined;
  #startedAt = 0;
  #announced = false;
  #elementsSeen = 0;
  #leaving: { control: Storage; words: Int32Array; workers: number }[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  #jobsSeen = -1;
  #takenBefore = 0;

  /** `jobs` tells how many jobs there have been: where it stands still workers are idle. */
  constructor(options: CrewOptions, jobs: () => number) {
    this.#options = options;
    this.#jobs = jobs;
  }

  /** Threads there are, main included, and what bounds them; looked up again every so often. */
  get count(): ThreadCount {
    const now = performance.now();
    if (this.#count === undefined || now - this.#countedAt > REFRESH_MS) {
      this.#count = this.#options.count();
      this.#countedAt = now;
    }
    return this.#count;
  }

  /** Looks up at the next use how many threads there are. */
  refresh(): void {
    this.#count = undefined;
  }

  /**
   * Whether there are `wanted` workers, or some of them, now that so many more elements of work have come by; starts them
   * when that has been enough.
   */
  has(wanted: number, elements: number): boolean {
    if (this.started >= wanted) return true;
    this.#elementsSeen += elements;
    if (this.#elementsSeen < START_AFTER) return false;
    this.#start(wanted);
    return this.lost === undefined;
  }

  #start(wanted: number): void {
    if (this.#control === undefined) this.#open();
    const upTo = Math.min(wanted, this.started + STARTS_PER_CALL);
    const { memory } = homeSegment();
    const control = this.#control;
    const address = control?.ptr ?? 0;
    while (this.started < upTo) {
      const number = this.started++;
      try {
        this.#options.start({ memory, address, number }, (reason) => {
          if (this.#control === control) this.lose(number, reason);
        });
      } catch (error) {
        this.lose(number, error instanceof Error ? error.message : String(error));
        return;
      }
    }
  }

  #open(): void {
    // Workers that were sent home read their control block until the last of them has left.
    this.#leaving = this.#leaving.filter(({ control, words, workers }) => {
      const gone = Atomics.load(words, word.gone) === workers;
      if (gone) control.dispose();
      return !gone;
    });
    this.#startedAt = performance.now();
    const control = allocateForGood(CONTROL_BYTES, true);
    const { buffer } = homeSegment();
    this.#control = control;
    this.words = new Int32Array(buffer, control.ptr, WORDS);
    this.cells = new Float64Array(buffer, control.ptr + WORDS * 4, CELLS);
    this.bigs = new BigInt64Array(buffer, control.ptr + WORDS * 4, CELLS);
    try {
      Atomics.wait(this.words, word.active, -1, 0);
      this.canWait = true;
    } catch {
      this.canWait = false; // main looks until workers are done
    }
    this.#timer = setInterval(() => this.#lookIdle(), IDLE_MS);
    this.#timer.unref?.(); // a number in browsers
  }

  #lookIdle(): void {
    const jobs = this.#jobs();
    if (jobs === this.#jobsSeen) this.rest();
    this.#jobsSeen = jobs;
  }

  /** Sends the workers home; others are started when there is work for them again. */
  rest(): void {
    clearInterval(this.#timer);
    if (this.#control === undefined || this.lost !== undefined) return;
    this.rests++;
    this.#takenBefore += Atomics.load(this.words, word.taken);
    this.#dismiss();
    this.#leaving.push({ control: this.#control, words: this.words, workers: this.started });
    this.#control = undefined;
    this.started = 0;
    this.#elementsSeen = 0;
    this.#announced = false;
  }

  #dismiss(): void {
    Atomics.store(this.words, word.quit, 1);
    Atomics.add(this.words, word.sequence, 1);
    Atomics.notify(this.words, word.sequence);
  }

  /** Tells, once, that all have come up. */
  announce(): void {
    if (this.#announced || Atomics.load(this.words, word.ready) < this.started) return;
    this.#announced = true;
    if (!events.active['threads.start']) return;
    events.emit('threads.start', {
      threads: this.started + 1,
      milliseconds: performance.now() - this.#startedAt,
    });
  }

  /** Gives all workers up because of one of them; -1 where nobody knows which. */
  lose(worker: number, reason: string): void {
    if (this.lost !== undefined) return;
    this.lost = reason;
    this.stop();
    if (events.active['threads.lost']) events.emit('threads.lost', { worker, reason });
  }

  /** Sends all workers home for good; main works alone from here. */
  stop(): void {
    this.lost ??= 'stopped';
    clearInterval(this.#timer);
    if (this.#control !== undefined) this.#dismiss();
  }

  /** Workers that came up. */
  get ready(): number {
    return this.#tally(word.ready);
  }

  /** Slices that workers ran. */
  get taken(): number {
    return this.#takenBefore + this.#tally(word.taken);
  }

  #tally(at: number): number {
    return this.#control === undefined ? 0 : Atomics.load(this.words, at);
  }
}

// The pool: runs the slices of one job on the main thread and on workers that take slices from the same counter. Main
// is synchronous throughout and never waits for a worker that has not come: while workers start, are busy elsewhere or
// are missing, it does the work itself. What may be cut into slices is the caller's business (exec/run.ts, reduce.ts);
// how both sides talk is in control.ts.

import { KernelError } from '../../base/errors.ts';
import { events } from '../../base/events.ts';
import type { Kernel, KernelExports, KernelFunction } from '../../kernel/compile.ts';
import { allocateForGood, homeSegment } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import type { Storage } from '../../memory/storage.ts';
import { checkpoint } from './checkpoint.ts';
import { CELLS, type ExportName, exportNames, word } from './control.ts';
import { Crew, type CrewOptions } from './crew.ts';
import { leasedThreads } from './lease.ts';
import { threadsHere } from './size.ts';
import { startWorker } from './start.ts';
import { notThrottled, type ThrottleWatch, type Throttling, throttleWatch } from './throttle.ts';

export interface PoolOptions extends CrewOptions {
  /** Leaves workers alone for a while when they kept main waiting; default true. */
  readonly yields?: boolean;
  /** Threads that may be used at this moment, however many there are; default all. */
  readonly share?: () => number;
  /** Told of the time jobs took; default nobody. */
  readonly throttle?: ThrottleWatch;
}

/** What the pool is and did. */
export interface ThreadFigures {
  /** Threads an operation may use, main included, and what bounds them. */
  readonly size: number;
  readonly source: string;
  /** Workers started, and of those the ones that came up. */
  readonly started: number;
  readonly ready: number;
  readonly jobs: number;
  /** Slices of all jobs, and of those the ones that workers ran. */
  readonly slices: number;
  readonly taken: number;
  /** Times that workers went home because there was nothing to do. */
  readonly rests: number;
  /** What the cgroup took away while operations ran. */
  readonly throttled: Throttling;
  /** Why workers are no longer used. */
  readonly lost: string | undefined;
}

/** Looks at a word before sleeping on it: about 20 µs. */
const LOOKS = 2000;
/** A worker that is this late with a slice is taken for dead. */
const PATIENCE_SECONDS = 60;

// A worker that lost its processor in the middle of a slice keeps main waiting, for milliseconds. When the wait was
// longer than WAIT_MS and than half of main's own work, main works alone for ALONE times as long as it waited: on a busy
// machine no more than a sixteenth of the time goes into waiting.
const WAIT_MS = 0.2;
const ALONE = 16;

/** Where a kernel's binary lies for the workers. */
interface Posted {
  readonly id: number;
  readonly binary: Storage;
  readonly length: number;
}

export class Pool {
  readonly #options: PoolOptions;
  readonly #crew: Crew;
  readonly #posted = new Map<Kernel, Posted>();
  #jobs = 0;
  #slices = 0;
  #aloneUntil = 0;
  // the job being filled in
  #kernel: Kernel | undefined;
  #run: KernelFunction | undefined;
  #entry = 0;
  #width = 0;
  #rows = 0;
  #own = -1;
  #ownStep = 0;
  #bits = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#crew = new Crew(options, () => this.#jobs);
  }

  /** Threads an operation may use, main included. */
  get size(): number {
    return this.#crew.lost === undefined ? this.#usable() : 1;
  }

  /** Threads there are, whatever leases and executors make of them. */
  get ownSize(): number {
    return this.#crew.count.threads;
  }

  #usable(): number {
    const share = this.#options.share?.() ?? Number.POSITIVE_INFINITY;
    return Math.max(1, Math.min(this.ownSize, leasedThreads(), share));
  }

  /** Looks up at the next use how many threads there are. */
  refresh(): void {
    this.#crew.refresh();
  }

  /**
   * Threads that work of so many elements over this segment should be cut for; 1 when main does it alone. Starts
   * workers when enough work has come by.
   */
  threadsFor(segment: Segment, elements: number): number {
    if (segment.ghost) return this.size; // the scratch of as many is counted
    if (this.#crew.lost !== undefined || this.#kernel !== undefined || !segment.shared) return 1;
    checkpoint();
    const threads = this.#usable();
    if (threads === 1 || segment !== homeSegment()) return 1;
    if (this.#aloneUntil > 0 && performance.now() < this.#aloneUntil) return 1;
    return this.#crew.has(threads - 1, elements) ? threads : 1;
  }

  /**
   * One job: an export of a kernel, called once for each of the slices that `fill` adds. Returns when all have run;
   * argument number `own` is scratch and moves by `ownStep` bytes per thread. Only after `threadsFor` said more than 1.
   * Returns the bits that the slices returned.
   */
  job(kernel: Kernel, segment: Segment, entry: ExportName, fill: (job: Pool) => void, own = -1, ownStep = 0): number {
    if (segment.ghost) return 0;
    const exports: KernelExports = kernel.at(segment);
    this.#run = exports[entry];
    this.#entry = exportNames.indexOf(entry);
    this.#own = own;
    this.#ownStep = ownStep;
    this.#rows = 0;
    this.#bits = 0;
    this.#kernel = kernel;
    try {
      fill(this);
      this.flush();
      return this.#bits;
    } finally {
      this.#kernel = undefined;
      this.#run = undefined;
    }
  }

  /** One slice. Runs what has been collected when the table is full. */
  add(args: readonly (number | bigint)[]): void {
    if (this.#rows === 0) this.#shape(args);
    else if ((this.#rows + 1) * this.#width > CELLS) this.flush();
    const { cells, bigs } = this.#crew;
    const at = this.#rows++ * this.#width;
    for (let i = 0; i < this.#width; i++) {
      const x = args[i];
      if (typeof x === 'bigint') bigs[at + i] = x;
      else cells[at + i] = x;
    }
  }

  #shape(args: readonly (number | bigint)[]): void {
    this.#width = args.length;
    let bigs = 0;
    for (let i = 0; i < args.length; i++) if (typeof args[i] === 'bigint') bigs |= 1 << i;
    this.#crew.words[word.bigs] = bigs;
  }

  /** Runs the slices collected so far; what they read may be written anew after it. */
  flush(): void {
    const slices = this.#rows;
    const kernel = this.#kernel;
    const run = this.#run;
    if (slices === 0 || kernel === undefined || run === undefined) return;
    const { words } = this.#crew;
    const posted = this.#post(kernel);
    words[word.kernel] = posted.id;
    words[word.address] = posted.binary.ptr;
    words[word.length] = posted.length;
    words[word.entry] = this.#entry;
    words[word.slices] = slices;
    words[word.width] = this.#width;
    words[word.own] = this.#own;
    words[word.ownStep] = this.#ownStep;
    words[word.limit] = this.size - 1;
    words[word.failed] = 0;
    words[word.seen] = 0;
    this.#jobs++;
    this.#slices += slices;
    Atomics.store(words, word.next, 0);
    Atomics.store(words, word.open, 1);
    Atomics.add(words, word.sequence, 1);
    Atomics.notify(words, word.sequence, Math.min(slices - 1, this.#crew.started));
    const start = performance.now();
    let taken = start;
    try {
      this.#take(run, slices);
      taken = performance.now();
    } finally {
      // Nobody takes another slice, nobody is left in this one: only then is the table ours again.
      Atomics.store(words, word.next, slices);
      Atomics.store(words, word.open, 0);
      this.#settle();
      this.#rows = 0;
    }
    this.#options.throttle?.note(taken - start, this.size);
    this.#bits |= Atomics.load(words, word.seen);
    if (Atomics.load(words, word.failed) !== 0) this.#fail(kernel);
    if (this.#options.yields ?? true) this.#judge(taken - start, performance.now() - taken);
    this.#crew.announce();
  }

  #take(run: KernelFunction, slices: number): void {
    const { words, cells, bigs } = this.#crew;
    const width = this.#width;
    const isBig = words[word.bigs];
    const args = new Array<number | bigint>(width);
    for (;;) {
      checkpoint();
      const slice = Atomics.add(words, word.next, 1);
      if (slice >= slices) return;
      const row = slice * width;
      for (let i = 0; i < width; i++) args[i] = (isBig >> i) & 1 ? bigs[row + i] : cells[row + i];
      this.#bits |= run(...args);
    }
  }

  #judge(worked: number, waited: number): void {
    this.#aloneUntil = waited > WAIT_MS && waited > worked / 2 ? performance.now() + ALONE * waited : 0;
  }

  // Until no worker is inside the job.
  #settle(): void {
    const { words } = this.#crew;
    for (let i = 0; i < LOOKS; i++) if (Atomics.load(words, word.active) === 0) return;
    const end = performance.now() + PATIENCE_SECONDS * 1000;
    let rounds = 0;
    for (;;) {
      const inside = Atomics.load(words, word.active);
      if (inside === 0) return;
      if (this.#crew.canWait) {
        if (rounds++ === PATIENCE_SECONDS) break;
        Atomics.wait(words, word.active, inside, 1000);
      } else if (performance.now() > end) break;
    }
    this.#crew.lose(-1, `a worker did not finish its part within ${PATIENCE_SECONDS} seconds`);
    throw new KernelError(
      `a worker thread did not finish its part of an operation within ${PATIENCE_SECONDS} seconds`,
      'set threads to 1 (ORTHANT_NUM_THREADS=1) and report this',
      { figures: this.figures() },
    );
  }

  #fail(kernel: Kernel): never {
    const { words } = this.#crew;
    const worker = words[word.failed];
    const length = words[word.messageLength];
    const reason = String.fromCharCode(...words.subarray(word.message, word.message + length));
    Atomics.store(words, word.failed, 0);
    throw new KernelError(
      `kernel ${kernel.key} failed in worker ${worker}: ${reason}`,
      'report this: kernels are checked before they run and must not trap',
      { kernel: kernel.key, worker },
    );
  }

  #post(kernel: Kernel): Posted {
    const known = this.#posted.get(kernel);
    if (known !== undefined) return known;
    const segment = homeSegment();
    const bytes = kernel.binary(segment);
    const posted = { id: this.#posted.size, binary: allocateForGood(bytes.length, false), length: bytes.length };
    segment.u8.set(bytes, posted.binary.ptr);
    this.#posted.set(kernel, posted);
    return posted;
  }

  /** Sends the workers home; others are started when there is work for them again. */
  rest(): void {
    this.#crew.rest();
  }

  /** Sends all workers home for good; main works alone from here. */
  stop(): void {
    this.#crew.stop();
  }

  figures(): ThreadFigures {
    const { count, started, ready, taken, rests, lost } = this.#crew;
    return {
      size: this.size,
      source: count.source,
      started,
      ready,
      jobs: this.#jobs,
      slices: this.#slices,
      taken,
      rests,
      throttled: this.#options.throttle?.figures() ?? notThrottled,
      lost,
    };
  }
}

/** Threads that are left to this thread's own operations while executors are at work. */
export const sharedOut = { left: Number.POSITIVE_INFINITY };

let current: Pool | undefined;

/** The pool of this process. */
export function pool(): Pool {
  if (current === undefined) {
    const made = new Pool({
      count: threadsHere,
      start: startWorker,
      share: () => sharedOut.left,
      throttle: throttleWatch(),
    });
    events.on('config.change', ({ name }) => {
      if (name === 'threads') made.refresh();
    });
    current = made;
  }
  return current;
}

/** Puts another pool in place; the one there was, for tests to put back. */
export function usePool(other: Pool): Pool {
  const before = pool();
  current = other;
  return before;
}

/** What the pool is and did: size and its source, workers, jobs, slices. */
export const threadFigures = (): ThreadFigures => pool().figures();

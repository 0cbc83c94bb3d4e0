// What the monitor shows, as data: one tick is what happened since the one before and what holds now. Everything in it is
// plain, so that it goes to a thread, to a page and to a terminal as it is. Made in figures.ts, gathered in window.ts.

/** Memory that one scope's tag or one line of code holds, in arrays of more than 32 KiB. */
export interface Holding {
  readonly name: string;
  readonly nbytes: number;
  readonly arrays: number;
}

/** Calls of one operation. */
export interface OperationCount {
  readonly op: string;
  readonly calls: number;
  readonly milliseconds: number;
  /** The longest of them. */
  readonly most: number;
}

/** One call that took long. */
export interface SlowCall {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  readonly op: string;
  readonly milliseconds: number;
  /** 'float64 (1000, 1000)': the largest array that took part. */
  readonly array: string;
  /** File, line and column in the user's code, where it took long enough to look for it. */
  readonly site: string | undefined;
}

/** Something that happened, in words. */
export interface Happening {
  readonly at: number;
  /** The event's name: 'memory.refuse'. */
  readonly type: string;
  readonly text: string;
}

export interface MemoryFiguresNow {
  /** Bytes of arrays; freed and kept; the process's; the limit and whose it is. */
  readonly live: number;
  readonly pooled: number;
  readonly committed: number;
  readonly peak: number;
  readonly rss: number;
  readonly javascript: number;
  readonly limit: number;
  readonly limitSource: string;
  /** Collections under pressure since the last tick, their time, and what they gave back. */
  readonly reclaims: number;
  readonly reclaimMilliseconds: number;
  readonly reclaimed: number;
  /** Arrays of more than 32 KiB, and the bytes of all others. */
  readonly arrays: number;
  readonly small: number;
  readonly tags: readonly Holding[];
  /** By call site; empty while no allocation is traced. */
  readonly sites: readonly Holding[];
  readonly tracing: boolean;
}

export interface ThreadFiguresNow {
  readonly size: number;
  readonly source: string;
  readonly workers: number;
  /** Shared jobs since the last tick, slices of them, and those that workers ran. */
  readonly jobs: number;
  readonly slices: number;
  readonly taken: number;
  /** Periods and milliseconds that the cgroup took since the last tick, and the number of threads to use instead. */
  readonly throttledPeriods: number;
  readonly throttledMilliseconds: number;
  readonly advised: number | undefined;
  readonly lost: string | undefined;
  /** Processors used, by all of the process, on average since the last tick. */
  readonly processors: number;
  /** Part of the time for which the event loop was busy; NaN where the engine does not tell. */
  readonly loop: number;
  /** Calls of np.async that run and that wait. */
  readonly running: number;
  readonly waiting: number;
}

export interface Tick {
  /** Milliseconds since 1970, and since the last tick. */
  readonly at: number;
  readonly milliseconds: number;
  readonly memory: MemoryFiguresNow;
  readonly operations: readonly OperationCount[];
  readonly slow: readonly SlowCall[];
  readonly threads: ThreadFiguresNow;
  readonly kernels: { readonly kernels: number; readonly compiled: number; readonly milliseconds: number };
  readonly happenings: readonly Happening[];
  /** What making the tick took, in milliseconds. */
  readonly cost: number;
}

/** Who is watched: stays as it is. */
export interface Subject {
  readonly pid: number;
  readonly title: string;
  readonly runtime: string;
  readonly version: string;
  readonly interval: number;
  readonly startedAt: number;
}

/** One moment of the past, for the curves. */
export interface Point {
  readonly at: number;
  readonly live: number;
  readonly pooled: number;
  readonly rss: number;
  readonly limit: number;
  /** Operations per second, and the part of the time that they took. */
  readonly calls: number;
  readonly busy: number;
  readonly processors: number;
  readonly threads: number;
  /** Milliseconds per second. */
  readonly throttled: number;
  readonly reclaiming: number;
}

/** What a page or a terminal is sent at every tick. */
export interface View {
  readonly tick: Tick;
  readonly point: Point;
  /** Of the last minute, the most time first. */
  readonly operations: readonly OperationCount[];
  /** Of the last five minutes, the slowest first. */
  readonly slow: readonly SlowCall[];
}

/** What a page is sent first. */
export interface Welcome {
  readonly subject: Subject;
  readonly points: readonly Point[];
  readonly happenings: readonly Happening[];
  readonly view: View | undefined;
}

/** Sent while the watched thread is inside one operation, or in code of its own, and makes no ticks. */
export interface Silence {
  /** Since the last tick. */
  readonly milliseconds: number;
  /** The operation that runs; '' for none. */
  readonly op: string;
  readonly rss: number;
}

// Makes ticks: counts what events tell between two of them, and looks at the heap, the pool and the process when one is
// due. It runs in the watched thread and is all that the monitor does there. Nothing is counted before it is made or after
// it is closed.

import { entry } from '../../base/call_site.ts';
import { type EventMap, events, type Subscription } from '../../base/events.ts';
import { platform } from '../../base/platform.ts';
import { kernelFigures } from '../../kernel/compile.ts';
import { heap, memoryFigures } from '../../memory/allocate.ts';
import { type LiveBlock, readable } from '../../memory/refusal.ts';
import { tracing } from '../../memory/tracing.ts';
import { formatShape } from '../../shape/strides.ts';
import { type AllThreadFigures, threads } from '../threads.ts';
import type { Happening, Holding, MemoryFiguresNow, OperationCount, SlowCall, ThreadFiguresNow, Tick } from './tick.ts';

/** Slowest calls noted per tick; names of tags and sites shown. */
const MOST_SLOW = 8;
const MOST_NAMES = 12;
/** From here on it is worth looking up where a call came from: a stack takes about 0.2 ms. */
const SITE_FROM_MS = 10;
/** Happenings of one tick; a loop may refuse or reclaim thousands of times. */
const MOST_HAPPENINGS = 20;
/** The part of the time that listing arrays may take, and the milliseconds after which they are listed all the same. */
const LIST_SHARE = 0.02;
const LIST_AGAIN_MS = 5000;

interface Usage {
  process?: {
    cpuUsage?(): { user: number; system: number };
    memoryUsage?(): { rss: number; heapUsed: number; external: number };
  };
}
const host: Usage = globalThis; // absent in browsers
type Loop = ReturnType<typeof import('node:perf_hooks')['performance']['eventLoopUtilization']>;

class Count {
  calls = 0;
  milliseconds = 0;
  most = 0;
}

const processorTime = (): number => {
  const { user, system } = host.process?.cpuUsage?.() ?? { user: 0, system: 0 };
  return (user + system) / 1000;
};

/** Bytes and arrays by name, the most first; what has no name is left out. */
export function holdings(blocks: readonly LiveBlock[], nameOf: (b: LiveBlock) => string | undefined): Holding[] {
  const sums = new Map<string, { nbytes: number; arrays: number }>();
  for (const block of blocks) {
    const name = nameOf(block);
    if (name === undefined) continue;
    const sum = sums.get(name) ?? { nbytes: 0, arrays: 0 };
    sum.nbytes += block.nbytes;
    sum.arrays++;
    sums.set(name, sum);
  }
  const all = [...sums].map(([name, sum]) => ({ name, ...sum })).sort((a, b) => b.nbytes - a.nbytes);
  return all.slice(0, MOST_NAMES);
}

const tagOf = ({ tag, escaped }: LiveBlock): string =>
  tag === undefined ? 'no scope' : `${tag}${escaped ? ' (ended)' : ''}`;

const ms = (x: number): string => `${x < 10 ? x.toFixed(1) : Math.round(x)} ms`;

/** Events of the log, in words; what comes in great numbers is counted instead. */
const told: { readonly [T in keyof EventMap]?: (event: EventMap[T]) => string } = {
  'memory.refuse': (e) =>
    `${readable(e.nbytes)} refused: ${readable(e.live)} of ${readable(e.limit)} in use (${e.source})`,
  'memory.trim': (e) => `${readable(e.nbytes)} handed back to the system`,
  'native.load': (e) => `loaded ${e.path}`,
  'threads.start': (e) => `${e.threads} threads ready after ${ms(e.milliseconds)}`,
  'threads.lost': (e) => `worker ${e.worker} lost: ${e.reason}`,
  'threads.throttled': (e) =>
    `stopped for ${ms(e.milliseconds)} in ${e.periods} periods with ${e.threads} threads: use ${e.advised} (${e.source})`,
  'config.change': (e) => `${e.name} is now ${String(e.value)}`,
};

/** What there is to tell since the last tick, and now. */
export class Figures {
  readonly #subscriptions: Subscription[];
  #counts = new Map<string, Count>();
  #slow: SlowCall[] = [];
  #happenings: Happening[] = [];
  #left = 0;
  #reclaims = { count: 0, milliseconds: 0, freed: 0 };
  #compiled = { count: 0, milliseconds: 0 };
  #lastAt = performance.now();
  #lastProcessor = processorTime();
  #lastThreads: AllThreadFigures = threads.figures();
  #lastLoop: Loop | undefined;
  #listed: readonly LiveBlock[] = [];
  #listAgainAt = 0;
  readonly #loop = platform.builtin<typeof import('node:perf_hooks')>('node:perf_hooks')?.performance;

  /** `each` is called after every operation. */
  constructor(each: () => void = () => undefined) {
    this.#lastLoop = this.#loop?.eventLoopUtilization?.();
    this.#subscriptions = [
      events.on('exec.done', (e) => {
        this.#note(e);
        each();
      }),
      events.on('memory.reclaim', ({ milliseconds, freed }) => {
        this.#reclaims.count++;
        this.#reclaims.milliseconds += milliseconds;
        this.#reclaims.freed += Math.max(0, freed);
      }),
      events.on('kernel.compile', ({ milliseconds }) => {
        this.#compiled.count++;
        this.#compiled.milliseconds += milliseconds;
      }),
      ...(Object.keys(told) as (keyof typeof told)[]).map((type) => this.#log(type)),
    ];
  }

  #log<T extends keyof EventMap>(type: T): Subscription {
    return events.on(type, (event) => {
      const text = told[type]?.(event);
      if (text === undefined) return;
      if (this.#happenings.length < MOST_HAPPENINGS) this.#happenings.push({ at: Date.now(), type, text });
      else this.#left++;
    });
  }

  #note({ op, milliseconds, dtype, shape }: EventMap['exec.done']): void {
    let count = this.#counts.get(op);
    if (count === undefined) {
      count = new Count();
      this.#counts.set(op, count);
    }
    count.calls++;
    count.milliseconds += milliseconds;
    if (milliseconds <= count.most) return; // the slowest call of each operation will do
    count.most = milliseconds;
    const slow = this.#slow;
    const known = slow.findIndex((s) => s.op === op);
    if (known < 0 && slow.length === MOST_SLOW && milliseconds <= slow[MOST_SLOW - 1].milliseconds) return;
    const array = dtype === undefined || shape === undefined ? '' : `${dtype} ${formatShape(shape)}`;
    const site = milliseconds >= SITE_FROM_MS ? entry().site : undefined;
    slow.splice(known < 0 ? MOST_SLOW - 1 : known, 1);
    slow.push({ at: Date.now(), op, milliseconds, array, site });
    slow.sort((a, b) => b.milliseconds - a.milliseconds);
  }

  /** Milliseconds since the last tick. */
  get age(): number {
    return performance.now() - this.#lastAt;
  }

  /** The next tick. */
  tick(): Tick {
    const now = performance.now();
    const milliseconds = now - this.#lastAt;
    this.#lastAt = now;
    const operations: OperationCount[] = [...this.#counts].map(([op, count]) => ({ op, ...count }));
    const happenings = this.#happenings;
    if (this.#left > 0) happenings.push({ at: Date.now(), type: 'more', text: `and ${this.#left} more like these` });
    const { count, milliseconds: took, freed } = this.#reclaims;
    if (count > 0) {
      const text = `${count === 1 ? 'a collection' : `${count} collections`} in ${ms(took)}, ${readable(freed)} freed`;
      happenings.push({ at: Date.now(), type: 'memory.reclaim', text });
    }
    const { count: compiled, milliseconds: compiling } = this.#compiled;
    const tick = {
      at: Date.now(),
      milliseconds,
      memory: this.#memory(now),
      operations,
      slow: this.#slow,
      threads: this.#threads(milliseconds),
      kernels: { kernels: kernelFigures().kernels, compiled, milliseconds: compiling },
      happenings,
      cost: performance.now() - now,
    };
    this.#counts = new Map();
    this.#slow = [];
    this.#happenings = [];
    this.#left = 0;
    this.#reclaims = { count: 0, milliseconds: 0, freed: 0 };
    this.#compiled = { count: 0, milliseconds: 0 };
    return tick;
  }

  // Listing arrays takes time with their number: so many that it would be felt are listed less often.
  #blocks(now: number): readonly LiveBlock[] {
    if (now < this.#listAgainAt) return this.#listed;
    this.#listed = heap().liveBlocks();
    this.#listAgainAt = now + Math.min(LIST_AGAIN_MS, (performance.now() - now) / LIST_SHARE);
    return this.#listed;
  }

  #memory(now: number): MemoryFiguresNow {
    const { live, pooled, committed, peak, limit, limitSource } = memoryFigures();
    const blocks = this.#blocks(now);
    let large = 0;
    for (const { nbytes } of blocks) large += nbytes;
    const usage = host.process?.memoryUsage?.();
    const { count, milliseconds, freed } = this.#reclaims;
    return {
      live,
      pooled,
      committed,
      peak,
      rss: usage?.rss ?? Number.NaN,
      javascript: usage?.heapUsed ?? Number.NaN,
      limit,
      limitSource,
      reclaims: count,
      reclaimMilliseconds: milliseconds,
      reclaimed: freed,
      arrays: blocks.length,
      small: Math.max(0, live - large),
      tags: holdings(blocks, tagOf),
      sites: holdings(blocks, (b) => b.site),
      tracing: tracing.active,
    };
  }

  #threads(milliseconds: number): ThreadFiguresNow {
    const before = this.#lastThreads;
    const now = threads.figures();
    this.#lastThreads = now;
    const used = processorTime();
    const processors = (used - this.#lastProcessor) / milliseconds;
    this.#lastProcessor = used;
    const { size, source, ready, lost, throttled } = now;
    const loop = this.#loop?.eventLoopUtilization?.();
    const busy = loop === undefined ? undefined : this.#loop?.eventLoopUtilization(loop, this.#lastLoop).utilization;
    this.#lastLoop = loop;
    return {
      size,
      source,
      workers: ready,
      jobs: now.jobs - before.jobs,
      slices: now.slices - before.slices,
      taken: now.taken - before.taken,
      throttledPeriods: throttled.periods - before.throttled.periods,
      throttledMilliseconds: throttled.milliseconds - before.throttled.milliseconds,
      advised: throttled.advised,
      lost,
      processors,
      loop: busy ?? Number.NaN,
      running: now.async.running,
      waiting: now.async.waiting,
    };
  }

  /** Ends all listening. */
  close(): void {
    for (const off of this.#subscriptions) off();
  }
}

// Gathers ticks into what pages and terminals are sent: curves of the past, operations of the last minute, the slowest
// calls of the last five, the log. Runs in the monitor's own thread; knows no sockets.

import type { Happening, OperationCount, Point, SlowCall, Subject, Tick, View, Welcome } from './tick.ts';

/** Points of the curves, happenings and slow calls that are kept. */
const MOST_POINTS = 600;
const MOST_HAPPENINGS = 200;
const MOST_SLOW = 20;
const MOST_OPERATIONS = 40;
/** Milliseconds for which operations and slow calls count. */
const OPERATIONS_MS = 60_000;
const SLOW_MS = 300_000;

/** One point of the curves. */
export function pointOf({ at, milliseconds, memory, operations, threads }: Tick): Point {
  let calls = 0;
  let took = 0;
  for (const o of operations) {
    calls += o.calls;
    took += o.milliseconds;
  }
  const { live, pooled, rss, limit, reclaimMilliseconds } = memory;
  const perSecond = 1000 / milliseconds;
  return {
    at,
    live,
    pooled,
    rss,
    limit,
    calls: calls * perSecond,
    busy: Math.min(1, took / milliseconds),
    processors: threads.processors,
    threads: threads.size,
    throttled: threads.throttledMilliseconds * perSecond,
    reclaiming: reclaimMilliseconds * perSecond,
  };
}

/** Counts of several ticks added up, the most time first. */
export function addedUp(counts: Iterable<readonly OperationCount[]>): OperationCount[] {
  const sums = new Map<string, { calls: number; milliseconds: number; most: number }>();
  for (const list of counts) {
    for (const { op, calls, milliseconds, most } of list) {
      const sum = sums.get(op) ?? { calls: 0, milliseconds: 0, most: 0 };
      sum.calls += calls;
      sum.milliseconds += milliseconds;
      sum.most = Math.max(sum.most, most);
      sums.set(op, sum);
    }
  }
  return [...sums].map(([op, sum]) => ({ op, ...sum })).sort((a, b) => b.milliseconds - a.milliseconds);
}

/** What a monitor knows of its process. */
export class Window {
  readonly #subject: Subject;
  readonly #points: Point[] = [];
  #counts: { readonly at: number; readonly operations: readonly OperationCount[] }[] = [];
  #slow: SlowCall[] = [];
  #happenings: Happening[] = [];
  #view: View | undefined;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /** Takes a tick in; what to send of it. */
  add(tick: Tick): View {
    const { at } = tick;
    const point = pointOf(tick);
    this.#points.push(point);
    if (this.#points.length > MOST_POINTS) this.#points.shift();
    this.#counts.push({ at, operations: tick.operations });
    this.#counts = this.#counts.filter((c) => at - c.at < OPERATIONS_MS);
    this.#slow = [...this.#slow.filter((s) => at - s.at < SLOW_MS), ...tick.slow]
      .sort((a, b) => b.milliseconds - a.milliseconds)
      .slice(0, MOST_SLOW);
    this.#happenings = [...this.#happenings, ...tick.happenings].slice(-MOST_HAPPENINGS);
    const operations = addedUp(this.#counts.map((c) => c.operations)).slice(0, MOST_OPERATIONS);
    this.#view = { tick, point, operations, slow: this.#slow };
    return this.#view;
  }

  /** The last view; undefined before the first tick. */
  get view(): View | undefined {
    return this.#view;
  }

  /** What somebody who comes now is sent first. */
  get welcome(): Welcome {
    return { subject: this.#subject, points: this.#points, happenings: this.#happenings, view: this.#view };
  }
}

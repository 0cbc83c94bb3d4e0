// Whether the cgroup stopped this process while its operations ran: nr_throttled and the time taken in `cpu.stat`
// (versions 1 and 2, every ancestor), looked at after every tenth of a second of shared work and at no other time. It
// reports and advises; it never changes the number of threads.

import { events } from '../../base/events.ts';
import { platform } from '../../base/platform.ts';
import { cgroupFolders } from '../../memory/machine.ts';
import { cgroupQuotas } from './size.ts';

/** What was taken away since the first look. */
export interface Throttling {
  /** Periods of the scheduler in which the process was stopped. */
  readonly periods: number;
  readonly milliseconds: number;
  /** Threads with which it would not have been, by the last time; undefined while it never happened. */
  readonly advised: number | undefined;
}
export const notThrottled: Throttling = { periods: 0, milliseconds: 0, advised: undefined };

type Read = (path: string) => string | undefined;

/** Milliseconds of shared work between two looks. */
const LOOK_EVERY_MS = 100;

interface Stat {
  readonly source: string;
  readonly periods: number;
  /** Microseconds for which threads were stopped, summed over processors. */
  readonly stopped: number;
  /** Microseconds of processor time that the whole group used; NaN where the file does not say (version 1). */
  readonly used: number;
}

/** The counters of every cgroup that this process is in and that counts. */
export function cpuStats(read: Read): Stat[] {
  const stats: Stat[] = [];
  for (const { folder, v2 } of cgroupFolders(read, 'cpu')) {
    const source = `${folder}/cpu.stat`;
    const fields = new Map((read(source) ?? '').split('\n').map((line) => [line.split(' ')[0], line.split(' ')[1]]));
    const number = (name: string): number => Number.parseInt(fields.get(name) ?? '', 10);
    const periods = number('nr_throttled');
    const stopped = v2 ? number('throttled_usec') : number('throttled_time') / 1000;
    if (periods >= 0 && stopped >= 0) stats.push({ source, periods, stopped, used: number('usage_usec') });
  }
  return stats;
}

/** What the watch asks of its surroundings. */
export interface ThrottleSources {
  readonly read: Read;
  /** Milliseconds. */
  readonly now: () => number;
  /** Microseconds of processor time this process used. */
  readonly own: () => number;
}

export class ThrottleWatch {
  readonly #sources: ThrottleSources;
  #worked = LOOK_EVERY_MS; // the first job looks, so that the second look has something to compare with
  #last: readonly Stat[] = [];
  #lastAt = 0;
  #lastOwn = 0;
  #figures: Throttling = notThrottled;

  constructor(sources: ThrottleSources) {
    this.#sources = sources;
  }

  figures(): Throttling {
    return this.#figures;
  }

  /** Shared work of so many milliseconds on so many threads is done. */
  note(milliseconds: number, threads: number): void {
    this.#worked += milliseconds;
    if (this.#worked < LOOK_EVERY_MS) return;
    this.#worked = 0;
    const { read, now, own } = this.#sources;
    const stats = cpuStats(read);
    const [at, ownUsed] = [now(), own()];
    // The group that stopped us longest: an ancestor's limit stops all of its descendants.
    let worst: { source: string; periods: number; stopped: number; others: number } | undefined;
    for (const stat of stats) {
      const before = this.#last.find(({ source }) => source === stat.source);
      const periods = stat.periods - (before?.periods ?? stat.periods);
      const stopped = stat.stopped - (before?.stopped ?? stat.stopped);
      if (periods <= 0 || stopped <= (worst?.stopped ?? 0)) continue;
      const used = stat.used - (before?.used ?? stat.used) - (ownUsed - this.#lastOwn);
      const others = used / ((at - this.#lastAt) * 1000);
      worst = { source: stat.source, periods, stopped, others: others > 0 ? others : 0 };
    }
    [this.#last, this.#lastAt, this.#lastOwn] = [stats, at, ownUsed];
    if (worst !== undefined) this.#tell(worst, threads);
  }

  #tell(worst: { source: string; periods: number; stopped: number; others: number }, threads: number): void {
    const { source, periods } = worst;
    const folder = source.slice(0, source.lastIndexOf('/'));
    const quota = cgroupQuotas(this.#sources.read).find((q) => q.source.startsWith(`${folder}/cpu.`));
    // What the quota leaves beside other processes of the group; always fewer than were too many.
    const left = Math.floor((quota?.processors ?? threads) - worst.others);
    const advised = Math.max(1, Math.min(threads - 1, left));
    const milliseconds = worst.stopped / 1000;
    this.#figures = {
      periods: this.#figures.periods + periods,
      milliseconds: this.#figures.milliseconds + milliseconds,
      advised,
    };
    if (!events.active['threads.throttled']) return;
    events.emit('threads.throttled', { threads, periods, milliseconds, advised, source });
  }
}

/** The watch of this process; none where there are no cgroups. */
export function throttleWatch(): ThrottleWatch | undefined {
  if (!platform.linux) return undefined;
  const host: { process?: { cpuUsage?(): { user: number; system: number } } } = globalThis;
  const own = (): number => {
    const { user, system } = host.process?.cpuUsage?.() ?? { user: 0, system: 0 };
    return user + system;
  };
  return new ThrottleWatch({ read: platform.readText, now: () => performance.now(), own });
}

// What a run was made on, and what disturbed it: facts that must be equal for times to be comparable, and counters of the
// system before and after: throttling by the cgroup, time stolen by the hypervisor, processors that others used.
// Source: proc_stat(5), cgroups(7).
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { cpuStats } from '../../src/exec/threads/throttle.ts';
import { percentText } from '../amounts.ts';

export type Facts = Readonly<Record<string, string>>;

/** Facts of the process that measures, and of the machine. */
export const machineFacts = (ofProcess: Facts): Facts => ({
  ...ofProcess,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  processors: String(availableParallelism()),
  system: `${process.platform} ${process.arch}`,
});

/** Facts that differ and must not, as 'name: then, now'. The version of Orthant is what is being compared. */
export function differences(then: Facts, now: Facts): string[] {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].filter((name) => name !== 'orthant');
  const text = (value: string | undefined): string => (value === undefined ? 'nothing' : value);
  return names
    .filter((name) => then[name] !== now[name])
    .map((name) => `${name}: ${text(then[name])}, now ${text(now[name])}`);
}

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // not on this system: the counter is not told
  }
};

/** Counters of the system; those that it does not have are undefined. */
export interface Counters {
  readonly seconds: number;
  /** Seconds for which cgroups stopped threads of ours, of the strictest. */
  readonly throttled?: number;
  /** Seconds of all processors that were at work, and that the hypervisor gave to others. */
  readonly busy?: number;
  readonly stolen?: number;
}

const TICKS_PER_SECOND = 100; // USER_HZ, what /proc counts in on every Linux of today

export function counters(readText: (path: string) => string | undefined = read): Counters {
  const seconds = performance.now() / 1000;
  const fields = /^cpu +(.*)$/m
    .exec(readText('/proc/stat') ?? '')?.[1]
    .split(' ')
    .map(Number);
  if (fields === undefined) return { seconds };
  const [user, nice, system, , , irq = 0, soft = 0, steal = 0] = fields;
  const throttled = Math.max(0, ...cpuStats(readText).map(({ stopped }) => stopped / 1e6));
  return {
    seconds,
    throttled,
    busy: (user + nice + system + irq + soft) / TICKS_PER_SECOND,
    stolen: steal / TICKS_PER_SECOND,
  };
}

/** What happened between two looks. */
export interface Disturbance {
  readonly seconds: number;
  /** Share of the time for which the cgroup stopped us, and that the hypervisor took of a processor. */
  readonly throttled: number;
  readonly stolen: number;
  /** Processors that others used on average, and how many there are. */
  readonly others: number;
  readonly processors: number;
  readonly load: number;
}

/** `used`: seconds of processor time of our own processes. */
export function disturbance(before: Counters, after: Counters, used: number): Disturbance {
  const seconds = Math.max(after.seconds - before.seconds, 1e-3);
  const share = (from: number | undefined, to: number | undefined): number =>
    from === undefined || to === undefined ? 0 : Math.max(0, to - from) / seconds;
  const processors = cpus().length;
  return {
    seconds,
    throttled: share(before.throttled, after.throttled),
    stolen: share(before.stolen, after.stolen) / processors,
    others: before.busy === undefined ? 0 : Math.max(0, share(before.busy, after.busy) - used / seconds),
    processors,
    load: loadavg()[0],
  };
}

/** Limits from which times say more about the machine than about the code. */
const MOST_THROTTLED = 0.01;
const MOST_STOLEN = 0.02;
/** Processors that others may use beyond those that our threads leave free: what an idle system does for itself. */
const MOST_CROWDED = 0.25;

/** Why a run's times are not to be trusted by themselves; empty on a quiet machine. */
export function complaints(d: Disturbance, threads: number): string[] {
  const crowded = d.others - Math.max(0, d.processors - threads);
  return [
    d.throttled > MOST_THROTTLED && `the cgroup stopped it for ${percentText(d.throttled)} of the time`,
    d.stolen > MOST_STOLEN && `the hypervisor took ${percentText(d.stolen)} of the processors`,
    crowded > MOST_CROWDED &&
      `other processes used ${d.others.toFixed(1)} of ${d.processors} processors, and it has ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
  ].filter((text) => text !== false);
}

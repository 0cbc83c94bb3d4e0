// What the system says of a running process, this one or another, Node or Python: from /proc and the cgroups. Facts only;
// what they mean stands in findings.ts. Source: proc(5), cgroups(7).

import { cgroupQuotas, type Quota } from '../../exec/threads/size.ts';
import { cpuStats } from '../../exec/threads/throttle.ts';
import { cgroupFolders, cgroupLimits, type MemoryLimit } from '../../memory/machine.ts';
import { type LoadedLibrary, mappedFiles, threadedLibraries } from '../../native/libraries.ts';
import { type MachineFacts, machineFacts, members } from './machine_facts.ts';
import { type List, type Read, type ThreadsNow, threadsNow } from './threads_now.ts';

/** Variables that steer threads, ours last. */
export const threadVariables = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'GOTO_NUM_THREADS',
  'MKL_NUM_THREADS',
  'BLIS_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
  'NUMEXPR_NUM_THREADS',
  'NUMEXPR_MAX_THREADS',
  'ORTHANT_NUM_THREADS',
] as const;

/** One look at what changes. */
export interface Sample extends ThreadsNow {
  /** Seconds since the first look. */
  readonly time: number;
  /** Bytes of the process in memory. */
  readonly rss: number;
  /** Bytes of it that were moved out to the swap. */
  readonly swapped: number;
  readonly threads: number;
  /** Periods in which a cgroup stopped it, of the strictest. */
  readonly throttled: number;
}

export interface ProcessFacts {
  readonly pid: number;
  readonly command: string;
  /** Node or Python, with the version where a file's name tells it; undefined for others. */
  readonly engine: string | undefined;
  /** Processors it may run on. */
  readonly processors: number;
  readonly quotas: readonly Quota[];
  readonly memoryLimits: readonly MemoryLimit[];
  /** Bytes of addresses that it may use (ulimit -v); undefined without a limit. */
  readonly addressLimit: number | undefined;
  /** The most memory it ever had, where told. */
  readonly peak: number | undefined;
  /** Processes that its cgroups ended for lack of memory. */
  readonly outOfMemory: number;
  /** Thread variables that are set. */
  readonly variables: Readonly<Record<string, string>>;
  readonly libraries: readonly LoadedLibrary[];
  /** Oldest first; at least one. */
  readonly samples: readonly Sample[];
  readonly machine: MachineFacts;
}

/** `/proc/self` read as another process's. */
export const readAs =
  <R>(read: (path: string) => R, pid: number | 'self'): ((path: string) => R) =>
  (path) =>
    read(path.replace(/^\/proc\/self\//, `/proc/${pid}/`));

const field = (status: string, name: string): string | undefined =>
  new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1];

/** 0 where it is missing or no number. */
const whole = (status: string, name: string): number => Number.parseInt(field(status, name) ?? '', 10) || 0;
const kilobytes = (status: string, name: string): number => 1024 * whole(status, name);

/** One look, `time` seconds after the first; undefined when the process is gone. */
export function sampleOf(read: Read, list: List, time = 0): Sample | undefined {
  const status = read('/proc/self/status');
  if (status === undefined || whyNoProcess(status) !== undefined) return undefined;
  return {
    time,
    rss: kilobytes(status, 'VmRSS'),
    swapped: kilobytes(status, 'VmSwap'),
    threads: whole(status, 'Threads'),
    throttled: Math.max(0, ...cpuStats(read).map((s) => s.periods)),
    ...threadsNow(read, list),
  };
}

/** Why there is nothing to look at behind a status: it has ended, or it is no process of a user. */
export function whyNoProcess(status: string): string | undefined {
  if (/^[ZX]/.test(field(status, 'State') ?? '')) return 'has ended, and its parent has not asked how';
  if (field(status, 'VmRSS') === undefined) return 'is a part of the system, not a program';
  const [pid, group] = [field(status, 'Pid'), field(status, 'Tgid')];
  if (group !== pid) return `is a thread of process ${group}`;
  return undefined;
}

/** All facts of a process, with samples that were taken; undefined when it is gone. */
export function factsOf(read: Read, pid: number, samples: readonly Sample[]): ProcessFacts | undefined {
  const status = read('/proc/self/status');
  if (status === undefined) return undefined;
  const machine = machineFacts(read);
  const files = mappedFiles(read('/proc/self/maps') ?? '');
  const environment = new Map(
    (read('/proc/self/environ') ?? '')
      .split('\0')
      .map((entry) => [entry.split('=', 1)[0], entry.slice(entry.indexOf('=') + 1)]),
  );
  const allowed = members(field(status, 'Cpus_allowed_list') ?? '').size; // also those that are switched off
  const addresses = /^Max address space\s+(\d+)/m.exec(read('/proc/self/limits') ?? '')?.[1];
  return {
    pid,
    command:
      (read('/proc/self/cmdline') ?? '').replace(/\0+$/, '').replaceAll('\0', ' ') || (field(status, 'Name') ?? ''),
    engine: engineOf(files),
    processors: Math.max(1, Math.min(allowed, machine.processors ?? allowed)),
    quotas: cgroupQuotas(read),
    memoryLimits: cgroupLimits(read),
    addressLimit: addresses === undefined ? undefined : Number(addresses),
    peak: field(status, 'VmHWM') === undefined ? undefined : kilobytes(status, 'VmHWM'),
    outOfMemory: outOfMemory(read),
    variables: variablesIn((name) => environment.get(name)),
    libraries: threadedLibraries(files),
    samples,
    machine,
  };
}

/** Thread variables that are set to something. */
export function variablesIn(value: (name: string) => string | undefined): Record<string, string> {
  const entries = threadVariables.flatMap((name) => {
    const found = value(name);
    return found === undefined || found === '' ? [] : [[name, found] as const];
  });
  return Object.fromEntries(entries);
}

function engineOf(files: readonly string[]): string | undefined {
  const names = files.map((file) => file.slice(file.lastIndexOf('/') + 1));
  const [, python] = names.map((name) => /^(?:lib)?python(3\.\d+)/.exec(name)).find((found) => found !== null) ?? [];
  if (python !== undefined) return `Python ${python}`;
  return names.find((name) => /^(node|bun|deno)$/.test(name));
}

function outOfMemory(read: Read): number {
  let most = 0;
  for (const { folder, v2 } of cgroupFolders(read, 'memory')) {
    const text = read(`${folder}/${v2 ? 'memory.events' : 'memory.oom_control'}`) ?? '';
    most = Math.max(most, Number(/^oom_kill (\d+)/m.exec(text)?.[1] ?? 0));
  }
  return most;
}

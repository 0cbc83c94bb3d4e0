// What the system says of a running process, this one or another, Node or Python: from /proc and the cgroups. Facts only;
// what they mean stands in findings.ts. Source: proc(5), cgroups(7).

import { cgroupQuotas, type Quota } from '../../exec/threads/size.ts';
import { cpuStats } from '../../exec/threads/throttle.ts';
import { cgroupLimits, type MemoryLimit } from '../../memory/machine.ts';
import { type LoadedLibrary, mappedFiles, threadedLibraries } from '../../native/libraries.ts';

/** The text of a file; undefined where there is none. Throws what the system says where it may not be read. */
export type Read = (path: string) => string | undefined;

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
export interface Sample {
  /** Bytes of the process in memory. */
  readonly rss: number;
  readonly threads: number;
  /** Periods in which a cgroup stopped it, of the strictest. */
  readonly throttled: number;
}

export interface ProcessFacts {
  readonly pid: number;
  readonly command: string;
  /** Processors it may run on. */
  readonly processors: number;
  readonly quotas: readonly Quota[];
  readonly memoryLimits: readonly MemoryLimit[];
  /** Thread variables that are set. */
  readonly variables: Readonly<Record<string, string>>;
  readonly libraries: readonly LoadedLibrary[];
  /** Oldest first; at least one. */
  readonly samples: readonly Sample[];
  /** 'always', 'madvise', 'never', or undefined where the system does not tell. */
  readonly hugePages: string | undefined;
}

/** `/proc/self` read as another process's. */
export const readAs =
  (read: Read, pid: number | 'self'): Read =>
  (path) =>
    read(path.replace(/^\/proc\/self\//, `/proc/${pid}/`));

const field = (status: string, name: string): string | undefined =>
  new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1];

/** Members of a list such as '0-3,8'. */
export function countList(list: string): number {
  let count = 0;
  for (const part of list.split(',')) {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (from !== undefined) count += Math.max(0, Number(to) - Number(from) + 1);
  }
  return count;
}

/** One look; undefined when the process is gone. */
export function sampleOf(read: Read): Sample | undefined {
  const status = read('/proc/self/status');
  if (status === undefined) return undefined;
  return {
    rss: 1024 * Number.parseInt(field(status, 'VmRSS') ?? '0', 10),
    threads: Number.parseInt(field(status, 'Threads') ?? '0', 10),
    throttled: Math.max(0, ...cpuStats(read).map((s) => s.periods)),
  };
}

/** All facts of a process, with samples that were taken; undefined when it is gone. */
export function factsOf(read: Read, pid: number, samples: readonly Sample[]): ProcessFacts | undefined {
  const status = read('/proc/self/status');
  if (status === undefined) return undefined;
  const environment = new Map(
    (read('/proc/self/environ') ?? '')
      .split('\0')
      .map((entry) => [entry.split('=', 1)[0], entry.slice(entry.indexOf('=') + 1)]),
  );
  const variables = threadVariables.flatMap((name) => {
    const value = environment.get(name);
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return {
    pid,
    command:
      (read('/proc/self/cmdline') ?? '').replace(/\0+$/, '').replaceAll('\0', ' ') || (field(status, 'Name') ?? ''),
    processors: Math.max(1, countList(field(status, 'Cpus_allowed_list') ?? '')),
    quotas: cgroupQuotas(read),
    memoryLimits: cgroupLimits(read),
    variables: Object.fromEntries(variables),
    libraries: threadedLibraries(mappedFiles(read('/proc/self/maps') ?? '')),
    samples,
    hugePages: /\[(\w+)\]/.exec(read('/sys/kernel/mm/transparent_hugepage/enabled') ?? '')?.[1],
  };
}

// What facts about a process mean: a row per thing that goes wrong at scale, with what shows it and what mends it.
// No reading of files in here (process_facts.ts) and no printing (the command line's).

import type { MemoryLimit } from '../../memory/machine.ts';
import type { LoadedLibrary } from '../../native/libraries.ts';
import type { ProcessFacts } from './process_facts.ts';

/** error: it fails or will; warning: slower or riskier than need be; note: good to know. */
export type Severity = 'error' | 'warning' | 'note';

export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly what: string;
  /** Figures and files that show it. */
  readonly evidence: readonly string[];
  readonly fix: string;
}

type Rule = (facts: ProcessFacts) => Omit<Finding, 'id'> | undefined;

/** Processor time that the process can have: affinity and the tightest quota. */
export const processorsOf = ({ processors, quotas }: ProcessFacts): number =>
  Math.min(processors, ...quotas.map((q) => q.processors));

const threadsFor = (facts: ProcessFacts): number => Math.max(1, Math.floor(processorsOf(facts)));

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/'));

/** Libraries with threads of their own: MKL is several files of one folder, FlexiBLAS only stands before another BLAS. */
const copies = (libraries: readonly LoadedLibrary[], kind: LoadedLibrary['kind']): LoadedLibrary[] =>
  libraries.filter(
    (l, i) =>
      l.kind === kind &&
      l.name !== 'FlexiBLAS' &&
      !(l.name === 'MKL' && libraries.findIndex((m) => m.name === 'MKL' && folderOf(m.file) === folderOf(l.file)) < i),
  );

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

const several =
  (kind: LoadedLibrary['kind'], severity: Severity, fix: string): Rule =>
  ({ libraries }) => {
    const found = copies(libraries, kind);
    if (found.length < 2) return undefined;
    return {
      severity,
      what: `${found.length} copies of ${kind === 'BLAS' ? 'a BLAS' : 'OpenMP'} are loaded, each with threads of its own`,
      evidence: found.map((l) => `${l.name}: ${l.file}`),
      fix,
    };
  };

/** The number of threads that a variable asks for; lists (OMP_NUM_THREADS=4,2) by their first. */
const asked = (value: string): number => Number(value.split(',', 1)[0]);

const rules = {
  'blas.copies': several(
    'BLAS',
    'warning',
    'install packages that share one BLAS (conda-forge or the distribution build), or bound each: OPENBLAS_NUM_THREADS, MKL_NUM_THREADS, or threadpoolctl',
  ),
  'openmp.copies': several(
    'OpenMP',
    'warning',
    'build or install what shares one OpenMP runtime; until then set OMP_NUM_THREADS so that all of them together fit the processors',
  ),
  'threads.variables.contradict': ({ variables }) => {
    const entries = Object.entries(variables);
    if (new Set(entries.map(([, value]) => asked(value))).size < 2) return undefined;
    return {
      severity: 'warning',
      what: 'thread variables contradict each other',
      evidence: entries.map(([name, value]) => `${name}=${value}`),
      fix: 'set all of them to one number, or only OMP_NUM_THREADS',
    };
  },
  'threads.variables.broken': ({ variables }) => {
    const broken = Object.entries(variables).filter(
      ([, value]) => !(Number.isInteger(asked(value)) && asked(value) > 0),
    );
    if (broken.length === 0) return undefined;
    return {
      severity: 'warning',
      what: 'thread variables that are no number of threads',
      evidence: broken.map(([name, value]) => `${name}=${value}`),
      fix: 'set whole numbers from 1, or unset them',
    };
  },
  'threads.more-than-processors': (facts) => {
    const most = threadsFor(facts);
    const over = Object.entries(facts.variables).filter(([, value]) => asked(value) > most);
    if (over.length === 0) return undefined;
    return {
      severity: 'error',
      what: `more threads are asked for than the ${most} that processors and quota allow`,
      evidence: [...over.map(([name, value]) => `${name}=${value}`), ...quotaLines(facts)],
      fix: `set them to ${most}`,
    };
  },
  'threads.quota-unknown': (facts) => {
    const most = threadsFor(facts);
    const libraries = facts.libraries.filter((l) => l.kind === 'BLAS');
    if (most >= facts.processors || libraries.length === 0 || Object.keys(facts.variables).length > 0) return undefined;
    return {
      severity: 'error',
      what: `a BLAS starts ${facts.processors} threads, the quota pays for ${most}: it does not look at cgroups`,
      evidence: [...libraries.map((l) => l.file), ...quotaLines(facts)],
      fix: `set OMP_NUM_THREADS=${most} (and OPENBLAS_NUM_THREADS, MKL_NUM_THREADS) for this process`,
    };
  },
  'threads.crowded': (facts) => {
    const most = processorsOf(facts);
    const { runnable, ran, waited, seconds } = watched(facts);
    if (seconds === 0 || runnable < 1.5 * most || waited < 0.25 * ran) return undefined;
    return {
      severity: 'error',
      what: `${runnable.toFixed(1)} threads at a time want ${counted(most, 'processor')}: they take turns and wait for each other`,
      evidence: [
        `threads that could run, in each look: ${facts.samples.map((s) => s.runnable).join(', ')}`,
        `in ${seconds.toFixed(1)} s they ran ${ran.toFixed(1)} s and waited ${waited.toFixed(1)} s for a processor`,
        ...quotaLines(facts),
      ],
      fix: `use ${counted(threadsFor(facts), 'thread')}: OMP_NUM_THREADS and its like before the start, threadpoolctl or np.threads.limit while it runs`,
    };
  },
  'cpu.contended': (facts) => {
    const { runnable, ran, waited, seconds } = watched(facts);
    if (seconds === 0 || runnable >= 1.5 * processorsOf(facts) || ran < 0.1 * seconds || waited < ran) return undefined;
    const { cpu } = facts.machine.pressure;
    return {
      severity: 'note',
      what: 'others want the processors too: its threads waited longer for one than they ran',
      evidence: [
        `in ${seconds.toFixed(1)} s they ran ${ran.toFixed(1)} s and waited ${waited.toFixed(1)} s`,
        ...(cpu === undefined ? [] : [`something waited for a processor in ${cpu} % of the last 10 s`]),
      ],
      fix: 'see what else runs here, or give it processors of its own (taskset, cpusets)',
    };
  },
  'threads.many': (facts) => {
    const { threads } = facts.samples[facts.samples.length - 1];
    const usual = 8 * facts.processors + 24; // a Node process has a dozen without doing anything
    if (threads <= usual) return undefined;
    return {
      severity: 'warning',
      what: `${threads} threads on ${facts.processors} processors`,
      evidence: [`Threads: ${threads} in /proc/${facts.pid}/status`],
      fix: 'find who starts them: one pool per process, sized by the processors',
    };
  },
  'cpu.throttled': ({ samples }) => {
    const periods = samples[samples.length - 1].throttled - samples[0].throttled;
    if (periods <= 0) return undefined;
    return {
      severity: 'error',
      what: `the cgroup stopped the process ${periods} times while it was watched`,
      evidence: [`nr_throttled rose from ${samples[0].throttled} to ${samples[samples.length - 1].throttled}`],
      fix: 'use no more threads than the quota has processors, or raise the quota',
    };
  },
  'memory.near-limit': (facts) => {
    const { rss } = facts.samples[facts.samples.length - 1];
    const limit = tightest(facts);
    if (rss < 0.85 * limit.bytes) return undefined;
    return {
      severity: 'error',
      what: `${Math.round((100 * rss) / limit.bytes)} % of the memory limit is in use`,
      evidence: [`RSS ${megabytes(rss)}, limit ${megabytes(limit.bytes)} (${limit.source})`],
      fix: 'give arrays up earlier, work in chunks, or raise the limit; in Orthant np.memory.snapshot() says who holds what',
    };
  },
  'memory.grows': (facts) => {
    const { samples } = facts;
    const [first, last] = [samples[0], samples[samples.length - 1]];
    const rises = samples.every((s, i) => i === 0 || s.rss > samples[i - 1].rss);
    if (samples.length < 3 || !rises || last.rss < 1.05 * first.rss) return undefined;
    const perSecond = (last.rss - first.rss) / Math.max(1e-3, last.time - first.time);
    const limit = tightest(facts);
    const left = Math.max(0, limit.bytes - last.rss) / perSecond;
    return {
      severity: 'warning',
      what: `memory rose in every look, by ${megabytes(perSecond)} per second`,
      evidence: [
        `RSS: ${samples.map((s) => megabytes(s.rss)).join(', ')}`,
        ...(limit.bytes < Number.POSITIVE_INFINITY
          ? [`at this rate ${limit.source} is reached in ${Math.round(left)} s`]
          : []),
      ],
      fix: 'watch it longer (--samples); in Orthant np.memory.leaks() and np.memory.trace() name the call sites',
    };
  },
  'memory.swapped': ({ samples }) => {
    const { swapped, rss } = samples[samples.length - 1];
    if (swapped < Math.max(2 ** 24, 0.05 * rss)) return undefined;
    return {
      severity: 'warning',
      what: `${megabytes(swapped)} of its memory is on the disk (swap): touching it is slow`,
      evidence: [`VmSwap ${megabytes(swapped)}, VmRSS ${megabytes(rss)}`],
      fix: 'use less memory at a time, or give the machine more; numerical services run best without swap',
    };
  },
  'memory.killed': ({ outOfMemory }) => {
    if (outOfMemory === 0) return undefined;
    return {
      severity: 'warning',
      what: `its cgroup ended ${outOfMemory} processes for lack of memory so far`,
      evidence: [`oom_kill ${outOfMemory}`],
      fix: 'raise the limit, or bound what is allocated: in Orthant ORTHANT_MEMORY_LIMIT and np.scope({ memory })',
    };
  },
  'memory.addresses': ({ addressLimit }) => {
    if (addressLimit === undefined || addressLimit > 32 * 2 ** 30) return undefined;
    return {
      severity: 'warning',
      what: `only ${megabytes(addressLimit)} of addresses are allowed: memory of WebAssembly reserves up to 10 GB for each of its parts`,
      evidence: [`Max address space ${addressLimit} bytes (ulimit -v)`],
      fix: 'ulimit -v unlimited; bound the memory by the cgroup instead',
    };
  },
  'cpu.simd': ({ machine }) => {
    if (machine.simd === undefined || !['AVX', 'SSE4', 'SSE2'].includes(machine.simd)) return undefined;
    return {
      severity: 'note',
      what: `the processor has no AVX2 and FMA, or a virtual machine hides them: linear algebra takes two to four times as long`,
      evidence: [`${machine.model ?? '/proc/cpuinfo'}: ${machine.simd}`],
      fix: "give the guest the host's processor (in QEMU -cpu host), or choose another kind of machine",
    };
  },
  'memory.huge-pages': ({ machine }) => {
    if (machine.hugePages !== 'never') return undefined;
    return {
      severity: 'note',
      what: 'the system gives no large pages: large arrays cost more page faults',
      evidence: ['/sys/kernel/mm/transparent_hugepage/enabled: never'],
      fix: 'echo madvise > /sys/kernel/mm/transparent_hugepage/enabled (as root)',
    };
  },
} satisfies Record<string, Rule>;

const quotaLines = ({ quotas, processors }: ProcessFacts): string[] => [
  `processors by affinity: ${processors}`,
  ...quotas.map((q) => `quota of ${q.processors} processors (${q.source})`),
];

/** The least of the memory limits and of what the machine has; infinite where nothing is known. */
function tightest({ memoryLimits, machine }: ProcessFacts): MemoryLimit {
  const all = { bytes: machine.memory ?? Number.POSITIVE_INFINITY, source: 'all memory of the machine' };
  return memoryLimits.reduce((least, l) => (l.bytes < least.bytes ? l : least), all);
}

/** What the threads did between the first look and the last: how many could run on average, seconds run and waited. */
function watched({ samples }: ProcessFacts) {
  const [first, last] = [samples[0], samples[samples.length - 1]];
  return {
    runnable: samples.reduce((sum, s) => sum + s.runnable, 0) / samples.length,
    ran: Math.max(0, last.ran - first.ran),
    waited: Math.max(0, last.waited - first.waited),
    seconds: last.time - first.time,
  };
}

const order: readonly Severity[] = ['error', 'warning', 'note'];

/** Everything that the facts show, worst first. */
export function findingsOf(facts: ProcessFacts): Finding[] {
  const found = Object.entries(rules).flatMap(([id, rule]: [string, Rule]): Finding[] => {
    const finding = rule(facts);
    return finding === undefined ? [] : [{ id, ...finding }];
  });
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

// What facts about a process mean: a row per thing that goes wrong at scale, with what shows it and what mends it.
// No reading of files in here (process_facts.ts) and no printing (the command line's).

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

const copies = (libraries: readonly LoadedLibrary[], kind: LoadedLibrary['kind']): LoadedLibrary[] =>
  libraries.filter((l) => l.kind === kind);

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
  'memory.near-limit': ({ samples, memoryLimits }) => {
    const { rss } = samples[samples.length - 1];
    const limit = memoryLimits.reduce((least, l) => (l.bytes < least.bytes ? l : least), {
      bytes: Number.POSITIVE_INFINITY,
      source: '',
    });
    if (rss < 0.85 * limit.bytes) return undefined;
    return {
      severity: 'error',
      what: `${Math.round((100 * rss) / limit.bytes)} % of the memory limit is in use`,
      evidence: [`RSS ${megabytes(rss)}, limit ${megabytes(limit.bytes)} (${limit.source})`],
      fix: 'give arrays up earlier, work in chunks, or raise the limit; in Orthant np.memory.snapshot() says who holds what',
    };
  },
  'memory.grows': ({ samples }) => {
    const [first, last] = [samples[0], samples[samples.length - 1]];
    const rises = samples.every((s, i) => i === 0 || s.rss > samples[i - 1].rss);
    if (samples.length < 3 || !rises || last.rss < 1.05 * first.rss) return undefined;
    return {
      severity: 'warning',
      what: 'memory rose in every sample',
      evidence: samples.map((s) => megabytes(s.rss)),
      fix: 'watch it longer (--samples); in Orthant np.memory.leaks() and np.memory.trace() name the call sites',
    };
  },
  'memory.huge-pages': ({ hugePages }) => {
    if (hugePages !== 'never') return undefined;
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

const order: readonly Severity[] = ['error', 'warning', 'note'];

/** Everything that the facts show, worst first. */
export function findingsOf(facts: ProcessFacts): Finding[] {
  const found = Object.entries(rules).flatMap(([id, rule]: [string, Rule]): Finding[] => {
    const finding = rule(facts);
    return finding === undefined ? [] : [{ id, ...finding }];
  });
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

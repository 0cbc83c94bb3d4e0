// Facts of a process from fake files, and what each of them means: a case per finding.

import { expect, test } from 'vitest';
import { type Finding, findingsOf, processorsOf } from '../../src/diag/doctor/findings.ts';
import { ownFindings } from '../../src/diag/doctor/own_findings.ts';
import { countList, factsOf, type ProcessFacts, readAs, sampleOf } from '../../src/diag/doctor/process_facts.ts';
import { runtime } from '../../src/diag/runtime.ts';

const files: Readonly<Record<string, string>> = {
  '/proc/7/status': 'Name:\tpython3\nVmRSS:\t  2000 kB\nThreads:\t5\nCpus_allowed_list:\t0-3,8\n',
  '/proc/7/cmdline': 'python3\0-m\0job\0',
  '/proc/7/environ': 'HOME=/root\0OMP_NUM_THREADS=4,2\0MKL_NUM_THREADS=\0OPENBLAS_NUM_THREADS=2\0',
  '/proc/7/maps':
    '7f00-7f01 r-xp 00000000 08:01 1 /usr/lib/libopenblas.so.0\n7f01-7f02 r--p 00000000 08:01 1 /usr/lib/libopenblas.so.0\n7f02-7f03 r-xp 0 0:0 0 [vdso]\n7f03-7f04 r-xp 00000000 08:01 2 /usr/lib/libgomp.so.1\n',
  '/proc/7/cgroup': '0::/app\n',
  '/sys/fs/cgroup/app/cpu.max': '250000 100000\n',
  '/sys/fs/cgroup/app/cpu.stat': 'usage_usec 5\nnr_throttled 3\nthrottled_usec 9\n',
  '/sys/fs/cgroup/app/memory.max': '4000000\n',
  '/sys/kernel/mm/transparent_hugepage/enabled': 'always madvise [never]\n',
};
const read = readAs((path) => files[path], 7);

test('facts', () => {
  const sample = sampleOf(read);
  expect(sample).toEqual({ rss: 2_048_000, threads: 5, throttled: 3 });
  const facts = factsOf(read, 7, sample === undefined ? [] : [sample]);
  expect(facts).toMatchObject({
    pid: 7,
    command: 'python3 -m job',
    processors: 5,
    quotas: [{ processors: 2.5 }],
    memoryLimits: [{ bytes: 4_000_000 }],
    variables: { OMP_NUM_THREADS: '4,2', OPENBLAS_NUM_THREADS: '2' },
    libraries: [{ name: 'OpenBLAS' }, { name: 'GNU OpenMP' }],
    hugePages: 'never',
  });
  expect(sampleOf(() => undefined)).toBeUndefined();
  expect(factsOf(() => undefined, 7, [])).toBeUndefined();
  expect([countList('0-3,8'), countList('0'), countList(''), countList('3-1')]).toEqual([5, 1, 0, 0]);
});

const calm: ProcessFacts = {
  pid: 7,
  command: 'node job.js',
  processors: 8,
  quotas: [],
  memoryLimits: [{ bytes: 1e9, source: 'memory.max' }],
  variables: {},
  libraries: [],
  samples: [{ rss: 1e8, threads: 12, throttled: 0 }],
  hugePages: 'madvise',
};
const blas = (file: string) => ({ name: 'OpenBLAS', kind: 'BLAS', file, threads: '' }) as const;
const omp = (file: string) => ({ name: 'GNU OpenMP', kind: 'OpenMP', file, threads: '' }) as const;
const quota = { threads: 2, processors: 2.5, source: 'cpu.max' };
const look = (rss: number, throttled = 0) => ({ rss, threads: 12, throttled });

test.each<[changes: Partial<ProcessFacts>, found: string[]]>([
  [{}, []],
  [{ libraries: [blas('/a'), omp('/b')] }, []],
  [{ libraries: [blas('/a'), blas('/b')] }, ['warning blas.copies']],
  [{ libraries: [omp('/a'), omp('/b')] }, ['warning openmp.copies']],
  [{ variables: { OMP_NUM_THREADS: '2', MKL_NUM_THREADS: '2' } }, []],
  [{ variables: { OMP_NUM_THREADS: '4,2', MKL_NUM_THREADS: '4' } }, []],
  [{ variables: { OMP_NUM_THREADS: '2', MKL_NUM_THREADS: '4' } }, ['warning threads.variables.contradict']],
  [{ variables: { OMP_NUM_THREADS: 'many' } }, ['warning threads.variables.broken']],
  [{ variables: { OMP_NUM_THREADS: '0' } }, ['warning threads.variables.broken']],
  [{ variables: { OMP_NUM_THREADS: '9' } }, ['error threads.more-than-processors']],
  [{ variables: { OMP_NUM_THREADS: '3' }, quotas: [quota] }, ['error threads.more-than-processors']],
  [{ variables: { OMP_NUM_THREADS: '2' }, quotas: [quota], libraries: [blas('/a')] }, []],
  [{ quotas: [quota], libraries: [blas('/a')] }, ['error threads.quota-unknown']],
  [{ quotas: [quota] }, []],
  [{ samples: [{ rss: 1e8, threads: 89, throttled: 0 }] }, ['warning threads.many']],
  [{ samples: [look(1e8, 3), look(1e8, 5)] }, ['error cpu.throttled']],
  [{ samples: [look(1e8, 5), look(1e8, 5)] }, []],
  [{ samples: [look(9e8)] }, ['error memory.near-limit']],
  [{ samples: [look(1e8), look(1.1e8), look(1.2e8)] }, ['warning memory.grows']],
  [{ samples: [look(1e8), look(1.1e8), look(1.05e8)] }, []],
  [{ hugePages: 'never' }, ['note memory.huge-pages']],
  [
    { hugePages: 'never', samples: [look(9e8)], libraries: [blas('/a'), blas('/b')] },
    ['error memory.near-limit', 'warning blas.copies', 'note memory.huge-pages'],
  ],
])('%j means %j', (changes, found) => {
  const findings = findingsOf({ ...calm, ...changes });
  expect(findings.map(({ severity, id }) => `${severity} ${id}`)).toEqual(found);
  for (const { what, evidence, fix } of findings) {
    expect(what).not.toBe('');
    expect(evidence.length).toBeGreaterThan(0);
    expect(fix).not.toBe('');
  }
});

test('processors are the least of affinity and quotas', () => {
  expect(processorsOf({ ...calm, quotas: [quota] })).toBe(2.5);
  expect(processorsOf(calm)).toBe(8);
});

test('this process', () => {
  const report = runtime();
  const ids = (changes: object): string[] => ownFindings({ ...report, ...changes }).map((f: Finding) => f.id);
  expect(ids({})).toEqual([]);
  expect(ids({ engine: { ...report.engine, simd: false, sharedMemory: false } })).toEqual([
    'engine.simd',
    'engine.shared-memory',
  ]);
  expect(ids({ unknownEnvironment: ['ORTHANT_THREADS'] })).toEqual(['settings.unknown']);
  const settings = { ...report.settings, blas: { value: 'auto', source: 'default' } };
  expect(ids({ blas: { provider: 'embedded', why: 'none' }, settings })).toEqual(['blas.embedded']);
});

// Facts of a process from fake files, and what each of them means: a case per finding.

import { expect, test } from 'vitest';
import { type Finding, findingsOf, processorsOf } from '../../src/diag/doctor/findings.ts';
import { machineFacts, members } from '../../src/diag/doctor/machine_facts.ts';
import { ownFindings } from '../../src/diag/doctor/own_findings.ts';
import {
  factsOf,
  type ProcessFacts,
  readAs,
  type Sample,
  sampleOf,
  whyNoProcess,
} from '../../src/diag/doctor/process_facts.ts';
import { runtime } from '../../src/diag/runtime.ts';

const status = (more = ''): string =>
  `Name:\tpython3\nState:\tS (sleeping)\nTgid:\t7\nPid:\t7\nVmHWM:\t  3000 kB\nVmRSS:\t  2000 kB\nVmSwap:\t 8 kB\nThreads:\t5\nCpus_allowed_list:\t0-3,8\n${more}`;
const files: Readonly<Record<string, string>> = {
  '/proc/7/status': status(),
  '/proc/7/cmdline': 'python3\0-m\0job\0',
  '/proc/7/environ': 'HOME=/root\0OMP_NUM_THREADS=4,2\0MKL_NUM_THREADS=\0OPENBLAS_NUM_THREADS=2\0',
  '/proc/7/maps':
    '7ef0-7ef1 r-xp 00000000 08:01 1 /usr/bin/python3.11\n7f00-7f01 r-xp 00000000 08:01 1 /usr/lib/libopenblas.so.0\n7f01-7f02 r--p 00000000 08:01 1 /usr/lib/libopenblas.so.0\n7f01-7f02 r--p 00000000 08:01 1 /usr/lib/libblas.so.3\n7f02-7f03 r-xp 0 0:0 0 [vdso]\n7f03-7f04 r-xp 00000000 08:01 2 /usr/lib/libgomp.so.1\n',
  '/proc/7/limits': 'Limit  Soft Limit  Hard Limit  Units\nMax address space  8589934592  unlimited  bytes\n',
  '/proc/7/task/7/stat': '7 (py (R) thon) S 1 7',
  '/proc/7/task/7/schedstat': '1000000000 500000000 9\n',
  '/proc/7/task/8/stat': '8 (python3) R 1 7',
  '/proc/7/task/8/schedstat': '250000000 0 9\n',
  '/proc/7/cgroup': '0::/app\n',
  '/proc/cpuinfo':
    'processor\t: 0\nmodel name\t: A processor\nflags\t\t: fpu sse2 avx avx2 fma\n\nprocessor\t: 1\nmodel name\t: Another\n',
  '/proc/meminfo': 'MemTotal:       16000 kB\nMemFree: 10 kB\nMemAvailable:    8000 kB\n',
  '/proc/pressure/cpu': 'some avg10=12.50 avg60=0.31 avg300=2.35 total=13328249792\n',
  '/sys/devices/system/cpu/online': '0-3\n',
  '/sys/fs/cgroup/app/cpu.max': '250000 100000\n',
  '/sys/fs/cgroup/app/cpu.stat': 'usage_usec 5\nnr_throttled 3\nthrottled_usec 9\n',
  '/sys/fs/cgroup/app/memory.max': '4000000\n',
  '/sys/fs/cgroup/app/memory.events': 'low 0\nhigh 1\nmax 5\noom 1\noom_kill 2\n',
  '/sys/kernel/mm/transparent_hugepage/enabled': 'always madvise [never]\n',
};
const read = readAs((path) => files[path], 7);
const list = readAs((path) => (path === '/proc/7/task' ? ['7', '8', '9'] : undefined), 7);

test('facts', () => {
  const sample = sampleOf(read, list, 0.5);
  expect(sample).toEqual({
    time: 0.5,
    rss: 2_048_000,
    swapped: 8192,
    threads: 5,
    throttled: 3,
    runnable: 1,
    ran: 1.25,
    waited: 0.5,
  });
  const facts = factsOf(read, 7, sample === undefined ? [] : [sample]);
  expect(facts).toMatchObject({
    pid: 7,
    command: 'python3 -m job',
    engine: 'Python 3.11',
    processors: 4, // five are allowed, one of them is switched off
    quotas: [{ processors: 2.5 }],
    memoryLimits: [{ bytes: 4_000_000 }],
    addressLimit: 2 ** 33,
    peak: 3_072_000,
    outOfMemory: 2,
    variables: { OMP_NUM_THREADS: '4,2', OPENBLAS_NUM_THREADS: '2' },
    libraries: [{ name: 'OpenBLAS' }, { name: 'GNU OpenMP' }],
    machine: {
      model: 'A processor',
      processors: 4,
      simd: 'AVX2 and FMA',
      memory: 16_384_000,
      available: 8_192_000,
      pressure: { cpu: 12.5, memory: undefined },
      hugePages: 'never',
    },
  });
  expect(sampleOf(() => undefined, list)).toBeUndefined();
  expect(factsOf(() => undefined, 7, [])).toBeUndefined();
  expect(['0-3,8', '0', '', '3-1', 'x', '0-99999999999'].map((text) => members(text).size)).toEqual([
    5, 1, 0, 0, 0, 65536,
  ]);
});

test.each([
  ['flags\t: sse2 avx512f avx512dq avx512bw avx512vl avx2 fma avx', 'AVX-512'],
  ['flags\t: sse2 sse4_1 sse4_2', 'SSE4'],
  ['Features\t: fp asimd', 'NEON'],
  ['', undefined],
])('%j has %s', (cpuinfo, simd) => {
  expect(machineFacts((path) => (path === '/proc/cpuinfo' ? cpuinfo : undefined)).simd).toBe(simd);
});

test('files that say nothing, and what is no process', () => {
  const odd = (path: string): string => (path.endsWith('/status') ? status('').replace(/\d/g, 'x') : '\0\n:::\n');
  expect(sampleOf(odd, () => ['a'])).toMatchObject({ rss: 0, threads: 0, runnable: 0, ran: 0 });
  expect(factsOf(odd, 7, [])).toMatchObject({ processors: 1, quotas: [], libraries: [], addressLimit: undefined });
  expect(whyNoProcess(status())).toBeUndefined();
  expect(whyNoProcess(status().replace('S (sleeping)', 'Z (zombie)'))).toMatch(/has ended/);
  expect(whyNoProcess(status().replace('VmRSS', 'x'))).toMatch(/a part of the system/);
  expect(whyNoProcess(status().replace('Tgid:\t7', 'Tgid:\t5'))).toBe('is a thread of process 5');
});

const calm: ProcessFacts = {
  pid: 7,
  command: 'node job.js',
  processors: 8,
  quotas: [],
  memoryLimits: [{ bytes: 1e9, source: 'memory.max' }],
  variables: {},
  libraries: [],
  engine: 'node',
  addressLimit: undefined,
  peak: 1e8,
  outOfMemory: 0,
  samples: [{ time: 0, rss: 1e8, swapped: 0, threads: 12, throttled: 0, runnable: 1, ran: 0, waited: 0 }],
  machine: {
    model: 'A processor',
    processors: 8,
    simd: 'AVX2 and FMA',
    memory: 64e9,
    available: 32e9,
    pressure: { cpu: 50, memory: 0 },
    hugePages: 'madvise',
  },
};
const blas = (file: string) => ({ name: 'OpenBLAS', kind: 'BLAS', file, threads: '' }) as const;
const mkl = (file: string) => ({ name: 'MKL', kind: 'BLAS', file, threads: '' }) as const;
const omp = (file: string) => ({ name: 'GNU OpenMP', kind: 'OpenMP', file, threads: '' }) as const;
const quota = { threads: 2, processors: 2.5, source: 'cpu.max' };
const look = (rss: number, throttled = 0, more: Partial<Sample> = {}): Sample => ({
  ...calm.samples[0],
  rss,
  throttled,
  ...more,
});
/** Two looks, a second apart, with so many threads that could run, and seconds run and waited between them. */
const busy = (runnable: number, ran: number, waited: number): Partial<ProcessFacts> => ({
  samples: [look(1e8, 0, { runnable }), look(1e8, 0, { runnable, time: 1, ran, waited })],
});
const machine = (changes: object) => ({ machine: { ...calm.machine, ...changes } });

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
  [{ samples: [look(1e8, 0, { threads: 89 })] }, ['warning threads.many']],
  [{ samples: [look(1e8, 3), look(1e8, 5)] }, ['error cpu.throttled']],
  [{ samples: [look(1e8, 5), look(1e8, 5)] }, []],
  [{ samples: [look(9e8)] }, ['error memory.near-limit']],
  [{ samples: [look(1e8), look(1.1e8), look(1.2e8)] }, ['warning memory.grows']],
  [{ samples: [look(1e8), look(1.1e8), look(1.05e8)] }, []],
  [machine({ hugePages: 'never' }), ['note memory.huge-pages']],
  [{ libraries: [mkl('/a/libmkl_rt.so.2'), mkl('/a/libmkl_core.so.2')] }, []],
  [{ libraries: [mkl('/a/libmkl_rt.so.2'), mkl('/b/libmkl_rt.so.2')] }, ['warning blas.copies']],
  [{ libraries: [{ ...blas('/a'), name: 'FlexiBLAS' }, blas('/b')] }, []],
  [busy(16, 7.9, 8), ['error threads.crowded']],
  [{ ...busy(4, 2, 2), quotas: [quota] }, ['error threads.crowded']],
  [busy(16, 7.9, 0.1), []],
  [busy(8, 4, 1), []],
  [busy(2, 1, 3), ['note cpu.contended']],
  [busy(1, 0.01, 3), []],
  [{ samples: [look(1e8, 0, { swapped: 5e7 })] }, ['warning memory.swapped']],
  [{ samples: [look(1e8, 0, { swapped: 1e6 })] }, []],
  [{ outOfMemory: 1 }, ['warning memory.killed']],
  [{ addressLimit: 2 ** 33 }, ['warning memory.addresses']],
  [{ addressLimit: 2 ** 40 }, []],
  [machine({ simd: 'AVX' }), ['note cpu.simd']],
  [machine({ simd: undefined }), []],
  [{ memoryLimits: [], ...machine({ memory: 1.1e8 }) }, ['error memory.near-limit']],
  [
    { ...machine({ hugePages: 'never' }), samples: [look(9e8)], libraries: [blas('/a'), blas('/b')] },
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

test('growth says how fast, and when the limit is reached', () => {
  const samples = [1e8, 1.5e8, 2e8].map((rss, i) => look(rss, 0, { time: i / 2 }));
  const [{ what, evidence }] = findingsOf({ ...calm, samples });
  expect(what).toBe('memory rose in every look, by 100 MB per second');
  expect(evidence).toEqual(['RSS: 100 MB, 150 MB, 200 MB', 'at this rate memory.max is reached in 8 s']);
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

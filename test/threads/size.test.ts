// How many threads: the smallest of processors, quotas and what was asked for.

import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { cgroupQuotas, threadCount } from '../../src/exec/threads/size.ts';

const files = (table: Record<string, string>) => (path: string) => table[path];
const count = (threads: number, source = 'x') => ({ threads, source });

it.each([
  ['no cgroups', {}, []],
  ['no quota', { '/proc/self/cgroup': '0::/a\n', '/sys/fs/cgroup/a/cpu.max': 'max 100000\n' }, []],
  [
    'version 2, own and ancestor',
    {
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/a/b/cpu.max': '350000 100000\n',
      '/sys/fs/cgroup/a/cpu.max': '200000 100000\n',
      '/sys/fs/cgroup/cpu.max': 'max 100000\n',
    },
    [
      [3, '/sys/fs/cgroup/a/b/cpu.max'],
      [2, '/sys/fs/cgroup/a/cpu.max'],
    ],
  ],
  [
    'less than one processor',
    { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '50000 100000\n' },
    [[1, '/sys/fs/cgroup/cpu.max']],
  ],
  [
    'version 1',
    {
      '/proc/self/cgroup': '4:cpu,cpuacct:/pod\n3:memory:/pod\n',
      '/sys/fs/cgroup/cpu/pod/cpu.cfs_quota_us': '400000\n',
      '/sys/fs/cgroup/cpu/pod/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
    [[4, '/sys/fs/cgroup/cpu/pod/cpu.cfs_quota_us']],
  ],
  [
    'every ancestor of a deep group',
    {
      '/proc/self/cgroup': '0::/a/b/c/d\n',
      '/sys/fs/cgroup/a/b/c/d/cpu.max': '6400000 100000\n',
      '/sys/fs/cgroup/a/b/cpu.max': '350000 50000\n',
      '/sys/fs/cgroup/a/cpu.max': '25000 100000\n',
    },
    [
      [64, '/sys/fs/cgroup/a/b/c/d/cpu.max'],
      [7, '/sys/fs/cgroup/a/b/cpu.max'],
      [1, '/sys/fs/cgroup/a/cpu.max'],
    ],
  ],
  [
    'a container that sees the path of its host',
    { '/proc/self/cgroup': '0::/../../host/path\n', '/sys/fs/cgroup/cpu.max': '300000 100000\n' },
    [[3, '/sys/fs/cgroup/cpu.max']],
  ],
  [
    'both versions at once',
    {
      '/proc/self/cgroup': '4:cpu:/x\n1:name=systemd:/x\n0::/x\n',
      '/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us': '500000\n',
      '/sys/fs/cgroup/cpu/x/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/x/cpu.max': '250000 100000\n',
    },
    [
      [5, '/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us'],
      [2, '/sys/fs/cgroup/x/cpu.max'],
    ],
  ],
  [
    'a group whose name has a colon',
    { '/proc/self/cgroup': '0::/a:b\n', '/sys/fs/cgroup/a:b/cpu.max': '200000 100000\n' },
    [[2, '/sys/fs/cgroup/a:b/cpu.max']],
  ],
  [
    'files without sense',
    {
      '/proc/self/cgroup': 'nonsense\n0:/\n::\n0::/a\n',
      '/sys/fs/cgroup/a/cpu.max': 'many 100000\n',
      '/sys/fs/cgroup/cpu.max': '\n',
    },
    [],
  ],
  ['a period of zero', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '100000 0\n' }, []],
  ['a quota without a period', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '100000' }, []],
  ['a negative quota', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '-5 100000\n' }, []],
] as const)('quotas: %s', (_, table, want) => {
  expect(cgroupQuotas(files(table)).map((q) => [q.threads, q.source])).toEqual(want);
});

it.each([
  [count(8, 'processors'), [], null, [8, 'processors']],
  [count(8, 'processors'), [count(3, 'quota')], null, [3, 'quota']],
  [count(8, 'processors'), [count(3, 'quota')], count(2, 'asked'), [2, 'asked']],
  [count(8, 'processors'), [count(3, 'quota'), count(5)], count(16, 'asked'), [3, 'quota']],
  [count(2, 'processors'), [], count(2, 'asked'), [2, 'asked']],
] as const)('the smallest wins: %j %j %j', (processors, quotas, asked, [threads, source]) => {
  expect(threadCount(processors, quotas, asked)).toEqual({ threads, source });
});

it.each([
  [0.25, 1],
  [0.5, 1],
  [0.99, 1],
  [1, 1],
  [1.5, 1],
  [1.99, 1],
  [2, 2],
  [3.7, 3],
  [16, 16],
  [64, 64],
])('a quota of %d processors is good for %d threads, in both versions', (processors, threads) => {
  for (const period of [100_000, 10_000, 1_000_000]) {
    const quota = Math.round(processors * period);
    const v2 = { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': `${quota} ${period}\n` };
    const v1 = {
      '/proc/self/cgroup': '2:cpu:/\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': `${quota}\n`,
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': `${period}\n`,
    };
    for (const table of [v1, v2]) expect(cgroupQuotas(files(table))[0].threads).toBe(threads);
  }
});

// A process of its own under an affinity mask: what the system grants is what is used.
it.skipIf(spawnSync('taskset', ['-V']).status !== 0)('the affinity mask counts', () => {
  const script = 'process.stdout.write(String(require("node:os").availableParallelism()))';
  const { stdout } = spawnSync('taskset', ['-c', '0', process.execPath, '-e', script], { encoding: 'utf8' });
  expect(stdout).toBe('1');
});

// How many threads: the smallest of processors, quotas and what was asked for.

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

// What cpu.stat tells, from files that a test makes up: both versions of cgroups, ancestors, other processes, no files.

import { expect, it } from 'vitest';
import { events } from '../../src/base/events.ts';
import { cpuStats, ThrottleWatch } from '../../src/exec/threads/throttle.ts';

type Files = Record<string, string>;

const stat = (used: number, periods: number, stopped: number): string =>
  `usage_usec ${used}\nuser_usec 0\nsystem_usec 0\nnr_periods 100\nnr_throttled ${periods}\nthrottled_usec ${stopped}\n`;
const v1 = (periods: number, nanoseconds: number): string =>
  `nr_periods 100\nnr_throttled ${periods}\nthrottled_time ${nanoseconds}\n`;

const two: Files = { '/proc/self/cgroup': '0::/pod/app\n', '/sys/fs/cgroup/pod/cpu.max': '200000 100000\n' };
const one: Files = {
  '/proc/self/cgroup': '3:cpu,cpuacct:/pod\n',
  '/sys/fs/cgroup/cpu/pod/cpu.cfs_quota_us': '150000\n',
  '/sys/fs/cgroup/cpu/pod/cpu.cfs_period_us': '100000\n',
};

it.each<[string, Files, [string, number, number][]]>([
  ['nothing', {}, []],
  [
    'version 2',
    { ...two, '/sys/fs/cgroup/pod/cpu.stat': stat(7, 3, 4000) },
    [['/sys/fs/cgroup/pod/cpu.stat', 3, 4000]],
  ],
  [
    'version 1',
    { ...one, '/sys/fs/cgroup/cpu/pod/cpu.stat': v1(2, 5e6) },
    [['/sys/fs/cgroup/cpu/pod/cpu.stat', 2, 5000]],
  ],
  ['a root group without throttling', { ...two, '/sys/fs/cgroup/cpu.stat': 'usage_usec 5\n' }, []],
  ['a broken file', { ...two, '/sys/fs/cgroup/pod/cpu.stat': '\0nr_throttled\nthrottled_usec x\n' }, []],
])('counters: %s', (_, files, want) => {
  expect(cpuStats((path) => files[path]).map(({ source, periods, stopped }) => [source, periods, stopped])).toEqual(
    want,
  );
});

/** A watch over files, a clock and a processor time that the test sets. */
function watching(files: Files) {
  const at = { now: 0, own: 0 };
  const read = (path: string): string | undefined => {
    reads++;
    return files[path];
  };
  let reads = 0;
  const watch = new ThrottleWatch({ read, now: () => at.now, own: () => at.own });
  return { watch, at, reads: () => reads };
}

it('throttling is told once, with the threads that fit', () => {
  const files: Files = { ...two, '/sys/fs/cgroup/pod/cpu.stat': stat(0, 5, 10_000) };
  const { watch, at } = watching(files);
  const told: unknown[] = [];
  using _ = events.on('threads.throttled', (event) => told.push(event));
  watch.note(1, 8); // the first look: what was before is not ours
  expect(told).toEqual([]);
  Object.assign(at, { now: 1000, own: 2_000_000 });
  files['/sys/fs/cgroup/pod/cpu.stat'] = stat(2_000_000, 9, 50_000);
  watch.note(120, 8);
  const source = '/sys/fs/cgroup/pod/cpu.stat';
  expect(told).toEqual([{ threads: 8, periods: 4, milliseconds: 40, advised: 2, source }]);
  expect(watch.figures()).toEqual({ periods: 4, milliseconds: 40, advised: 2 });
  watch.note(120, 8);
  expect(told.length).toBe(1);
});

it('other processes of the group are left their part', () => {
  const files: Files = { ...two, '/sys/fs/cgroup/pod/cpu.stat': stat(0, 0, 0) };
  const { watch, at } = watching(files);
  watch.note(1, 2);
  Object.assign(at, { now: 1000, own: 1_000_000 });
  files['/sys/fs/cgroup/pod/cpu.stat'] = stat(2_000_000, 3, 30_000); // 1 processor by others, of 2
  watch.note(120, 2);
  expect(watch.figures()).toMatchObject({ periods: 3, advised: 1 });
});

it('version 1 gives the quota, rounded down', () => {
  const files: Files = { ...one, '/sys/fs/cgroup/cpu/pod/cpu.stat': v1(0, 0) };
  const { watch, at } = watching(files);
  watch.note(1, 4);
  at.now = 1000;
  files['/sys/fs/cgroup/cpu/pod/cpu.stat'] = v1(1, 1e6);
  watch.note(120, 4);
  expect(watch.figures()).toEqual({ periods: 1, milliseconds: 1, advised: 1 });
});

it('files are read after every tenth of a second of work, and not more often', () => {
  const { watch, reads } = watching({ ...two, '/sys/fs/cgroup/pod/cpu.stat': stat(0, 0, 0) });
  watch.note(1, 2);
  const first = reads();
  for (let i = 0; i < 99; i++) watch.note(1, 2);
  expect(reads()).toBe(first);
  watch.note(1, 2);
  expect(reads()).toBe(2 * first);
});

it('nothing is told where nothing is known', () => {
  const { watch } = watching({});
  for (let i = 0; i < 10; i++) watch.note(200, 2);
  expect(watch.figures()).toEqual({ periods: 0, milliseconds: 0, advised: undefined });
});

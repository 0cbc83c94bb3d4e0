// The machine's limit: which cgroup files are read, and which of the limits counts.
import { describe, expect, it } from 'vitest';
import { cgroupLimits, machineLimit, reserveOf } from '../../src/memory/machine.ts';

const GB = 2 ** 30;
const MB = 2 ** 20;

const cases: [string, Record<string, string>, number[]][] = [
  ['nothing there', {}, []],
  [
    'v2, own and ancestor',
    {
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/a/b/memory.max': 'max\n',
      '/sys/fs/cgroup/a/memory.max': `${2 * GB}\n`,
      '/sys/fs/cgroup/a/b/memory.high': `${GB}\n`,
    },
    [GB, 2 * GB],
  ],
  [
    'v2 in a container that sees the host path',
    { '/proc/self/cgroup': '0::/x/y\n', '/sys/fs/cgroup/memory.max': `${GB}` },
    [GB],
  ],
  [
    'v1 beside an empty v2',
    {
      '/proc/self/cgroup': '4:memory:/job\n3:cpu,cpuacct:/\n0::/\n',
      '/sys/fs/cgroup/memory/job/memory.limit_in_bytes': `${3 * GB}`,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
    },
    [3 * GB],
  ],
];

describe('memory limit', () => {
  it.each(cases)('%s', (_, files, expected) => {
    expect(cgroupLimits((path) => files[path]).map((limit) => limit.bytes)).toEqual(expected);
  });

  it.each([
    [100 * MB, 50 * MB],
    [512 * MB, 128 * MB],
    [16 * GB, 2 * GB],
  ])('of %i bytes reserves %i', (total, reserve) => expect(reserveOf(total)).toBe(reserve));

  it('is finite and positive here', () => {
    expect(machineLimit().bytes).toBeGreaterThan(64 * MB);
    expect(machineLimit().bytes).toBeLessThan(2 ** 48);
  });
});

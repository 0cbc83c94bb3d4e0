// The parts of `orthant bench` on given numbers: medians and intervals, verdicts, doubts, saved runs, modules of cases.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { casesFrom, loadCases, suite } from '../../cli/bench/cases.ts';
import { compareRuns, exitCodeOf, verdictOf } from '../../cli/bench/compare.ts';
import { complaints, counters, type Disturbance, differences, disturbance } from '../../cli/bench/machine.ts';
import { benchPage } from '../../cli/bench/report.ts';
import { type Run, readRun, saveRun } from '../../cli/bench/saved.ts';
import { median, medianInterval, quantile, ratioInterval, type Samples } from '../../cli/bench/statistics.ts';
import { conclusion, leftTexts } from '../../cli/bench/text.ts';
import { FormatError } from '../../src/base/errors.ts';
import type { BenchCase } from '../../src/bench.ts';
import * as np from '../../src/index.ts';

/** Times around `ns`, in five processes of eight: each process off by its own share, each time by a smaller one. */
function samples(ns: number, between: number, within: number, seed = 1): number[][] {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return Array.from({ length: 5 }, () => {
    const own = ns * (1 + between * random());
    return Array.from({ length: 8 }, () => own * (1 + within * random()));
  });
}

describe('statistics', () => {
  test('quantiles are those of NumPy', () => {
    for (const values of [[3], [1, 2], [5, 1, 4, 2], [1, 2, 3, 4, 100]]) {
      const sorted = Float64Array.from(values).sort();
      for (const share of [0, 0.005, 0.25, 0.5, 0.9, 1]) {
        expect(quantile(sorted, share)).toBeCloseTo(Number(np.quantile(np.array(values), share)), 12);
      }
      expect(median(values)).toBe(Number(np.median(np.array(values))));
    }
  });

  test('equal times have an interval of no width', () => {
    expect(medianInterval([[7, 7, 7], [7]])).toEqual({ low: 7, mid: 7, high: 7 });
    expect(ratioInterval([[6]], [[3]], true)).toEqual({ low: 2, mid: 2, high: 2 });
  });

  test('the interval is as wide as processes differ, however alike their times are', () => {
    const alike: Samples = [Array(40).fill(100), Array(40).fill(110), Array(40).fill(120)];
    const { low, mid, high } = medianInterval(alike);
    expect([low, mid, high]).toEqual([100, 110, 120]);
  });

  test('the same numbers give the same interval', () => {
    const times = samples(1000, 0.1, 0.1);
    expect(medianInterval(times)).toEqual(medianInterval(times));
  });

  test('pairs cancel what befell both', () => {
    const drifting: Samples = Array.from({ length: 5 }, (_, p) =>
      Array.from({ length: 8 }, (_, k) => 100 * (1 + p / 4 + k / 40)),
    );
    const slower = drifting.map((group) => group.map((ns) => 1.1 * ns));
    const paired = ratioInterval(slower, drifting, true);
    const apart = ratioInterval(slower, drifting, false);
    expect(paired.low).toBeCloseTo(1.1, 12);
    expect(paired.high).toBeCloseTo(1.1, 12);
    expect(apart.high - apart.low).toBeGreaterThan(0.3);
  });

  test('of 20 comparisons of equal code, few intervals miss 1, and no verdict is slower', () => {
    let missed = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const interval = ratioInterval(samples(1000, 0.04, 0.04, seed), samples(1000, 0.04, 0.04, seed + 1000), false);
      if (interval.low > 1 || interval.high < 1) missed++;
      expect(['same', 'unclear']).toContain(verdictOf(interval, 0.05));
    }
    expect(missed).toBeLessThan(4); // five processes are few: the interval is short of its 99 % (docs/design/cli.md)
  });
});

describe('verdicts', () => {
  test.each([
    [{ low: 1.06, mid: 1.1, high: 1.15 }, 'slower'],
    [{ low: 1.01, mid: 1.06, high: 1.3 }, 'slower'], // proved, and of size, by how much is open
    [{ low: 0.99, mid: 1.06, high: 1.08 }, 'unclear'], // not proved
    [{ low: 1.02, mid: 1.04, high: 1.06 }, 'same'], // proved, but within the tolerance
    [{ low: 0.8, mid: 0.9, high: 0.95 }, 'faster'],
    [{ low: 0.98, mid: 1, high: 1.02 }, 'same'],
    [{ low: 0.9, mid: 1, high: 1.02 }, 'unclear'],
    [{ low: 0.98, mid: 1, high: 1.2 }, 'unclear'],
    [{ low: 1, mid: 1, high: 1 }, 'same'],
  ])('%j is %s', (interval, verdict) => {
    expect(verdictOf(interval, 0.05)).toBe(verdict);
  });
});

const quiet: Disturbance = { seconds: 60, throttled: 0, stolen: 0, others: 0.05, processors: 4, load: 1 };

const runWith = (cases: Readonly<Record<string, number[][]>>, more: Partial<Run> = {}): Run => ({
  format: 'orthant-bench',
  version: 1,
  made: '2026-01-01T00:00:00.000Z',
  machine: { orthant: '1.0.0', threads: '4', processor: 'a', 'blas.provider': 'embedded' },
  probe: { arithmetic: 10, memory: 20 },
  disturbance: quiet,
  cases: Object.entries(cases).map(([name, times]) => ({
    name,
    about: '',
    size: 1,
    bytes: 8,
    peak: 80,
    samples: times,
  })),
  ...more,
});

const steady = samples(1000, 0.01, 0.01);
const slow = samples(1200, 0.01, 0.01, 2);
const wild = samples(1000, 1, 1, 3);
const usual = { basis: 'stored', tolerance: 0.05, forced: false } as const;

describe('comparison of runs', () => {
  test.each([
    ['equal', { a: steady }, { a: steady }, 0],
    ['slower', { a: slow, b: steady }, { a: steady, b: steady }, 1],
    ['faster', { a: steady }, { a: slow }, 0],
    ['noisy', { a: wild }, { a: steady }, 3],
    ['slower, and another noisy', { a: slow, b: wild }, { a: steady, b: steady }, 1],
  ] as const)('%s', (_, now, before, code) => {
    const mutable = (x: object) => x as Record<string, number[][]>;
    expect(exitCodeOf(compareRuns(runWith(mutable(now)), runWith(mutable(before)), usual))).toBe(code);
  });

  test('another version is no doubt; another machine, a throttled, busy or changed one is', () => {
    const before = runWith({ a: steady });
    const doubts = (more: Partial<Run>) => compareRuns(runWith({ a: slow }, more), before, usual).doubts;
    expect(doubts({ machine: { ...before.machine, orthant: '2.0.0' } })).toEqual([]);
    expect(doubts({ machine: { orthant: '1.0.0', threads: '2', processor: 'a', system: 'linux' } })).toEqual([
      'made elsewhere: threads: 4, now 2',
      'made elsewhere: blas.provider: embedded, now nothing',
      'made elsewhere: system: nothing, now linux',
    ]);
    expect(doubts({ disturbance: { ...quiet, throttled: 0.2 } })).toEqual([
      'now the cgroup stopped it for 20.0 % of the time',
    ]);
    expect(doubts({ probe: { arithmetic: 11, memory: 16 } })).toEqual([
      'the machine without Orthant is 10 % slower at arithmetic than then',
      'the machine without Orthant is 25 % faster at memory than then',
    ]);
  });

  test('doubts give no verdict unless forced; builds in turn have none', () => {
    const noisy = runWith({ a: slow }, { disturbance: { ...quiet, stolen: 0.1 } });
    const before = runWith({ a: steady });
    const stored = compareRuns(noisy, before, usual);
    expect([exitCodeOf(stored), conclusion(stored).split(':')[0]]).toEqual([3, 'No conclusion']);
    expect(exitCodeOf(compareRuns(noisy, before, { ...usual, forced: true }))).toBe(1);
    expect(exitCodeOf(compareRuns(noisy, before, { ...usual, basis: 'interleaved' }))).toBe(1);
  });

  test('fewer than five processes give no verdict', () => {
    const few = runWith({ a: steady.slice(0, 4) });
    const compared = compareRuns(few, runWith({ a: steady }), { ...usual, basis: 'interleaved' });
    expect([exitCodeOf(compared), compared.doubts]).toEqual([
      3,
      ['times of 4 processes are too few for an interval: take 5'],
    ]);
  });

  test('builds in turn may differ in what they find, and that is told', () => {
    const machine = { orthant: '2.0.0', threads: '4', processor: 'a', 'blas.provider': 'native' };
    const { notes, doubts } = compareRuns(runWith({ a: steady }, { machine }), runWith({ a: steady }), {
      ...usual,
      basis: 'interleaved',
    });
    expect([notes, doubts]).toEqual([['the builds differ in more than code: blas.provider: embedded, now native'], []]);
  });

  test('cases of one run alone, or of other sizes, are told', () => {
    const before = runWith({ a: steady, b: steady, gone: steady });
    const now = runWith({ a: steady, b: steady, fresh: steady });
    const resized = { ...now, cases: now.cases.map((one) => (one.name === 'b' ? { ...one, size: 2 } : one)) };
    const compared = compareRuns(resized, before, usual);
    expect(compared.cases.map(({ name }) => name)).toEqual(['a']);
    expect(leftTexts(compared)).toEqual(['b: of size 1 before, 2 now', 'fresh: only now', 'gone: only before']);
    const many = runWith(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`c${i}`, steady])));
    expect(leftTexts(compareRuns(many, runWith({ a: steady }), usual))[0]).toBe(
      'c0, c1, c2, c3, c4 and 4 others: only now',
    );
  });
});

describe('the machine', () => {
  const stat = (busy: number, steal: number): string => `cpu  ${busy} 0 0 500 0 0 0 ${steal} 0 0\ncpu0 1 1 1 1\n`;
  const files = (busy: number, steal: number, throttled: number): ((path: string) => string | undefined) => {
    const known: Record<string, string> = {
      '/proc/stat': stat(busy, steal),
      '/proc/self/cgroup': '0::/\n',
      '/proc/self/mountinfo': '30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
      '/sys/fs/cgroup/cpu.stat': `usage_usec 1\nnr_periods 9\nnr_throttled 3\nthrottled_usec ${throttled}\n`,
    };
    return (path) => known[path];
  };

  test('counters are read from /proc/stat and cpu.stat', () => {
    const before = counters(files(1000, 100, 1_000_000));
    expect([before.busy, before.stolen, before.throttled]).toEqual([10, 1, 1]);
    const later = { ...counters(files(3000, 300, 2_000_000)), seconds: before.seconds + 10 };
    const { throttled, others, stolen, processors } = disturbance(before, later, 5);
    expect(throttled).toBeCloseTo(0.1);
    expect(others).toBeCloseTo(1.5); // 20 s of work in 10 s, 5 of it ours
    expect(stolen * processors).toBeCloseTo(0.2);
  });

  test('where the system has no such files nothing is claimed', () => {
    const none = counters(() => undefined);
    expect(disturbance(none, { seconds: none.seconds + 1 }, 1)).toMatchObject({ throttled: 0, stolen: 0, others: 0 });
  });

  test.each([
    [{}, 4, []],
    [{ others: 1 }, 4, ['other processes used 1.0 of 4 processors, and it has 4 threads']],
    [{ others: 1 }, 2, []], // two processors were left
    [{ others: 3 }, 1, []],
    [{ others: 3.5 }, 1, ['other processes used 3.5 of 4 processors, and it has 1 thread']],
    [{ stolen: 0.03 }, 4, ['the hypervisor took 3.0 % of the processors']],
    [{ throttled: 0.02, stolen: 0.01 }, 4, ['the cgroup stopped it for 2.0 % of the time']],
  ])('%j with %d threads: %j', (more, threads, texts) => {
    expect(complaints({ ...quiet, ...more }, threads)).toEqual(texts);
  });

  test('facts that differ', () => {
    expect(differences({ a: '1', orthant: '1' }, { a: '2', orthant: '2', b: '3' })).toEqual([
      'a: 1, now 2',
      'b: nothing, now 3',
    ]);
  });
});

describe('saved runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orthant-bench-test-'));
  const file = join(folder, 'run.json');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('come back as they were', () => {
    const run = runWith({ a: steady, __proto__: slow });
    saveRun(file, run);
    expect(readRun(file)).toEqual(JSON.parse(JSON.stringify(run)));
  });

  const good = runWith({ a: [[1]] });
  const [only] = good.cases;
  test.each([
    ['', 'it is not JSON'],
    ['{"format":', 'it is not JSON'],
    ['['.repeat(200_000), 'it is not JSON'],
    ['null', 'it is no object'],
    ['[]', 'it is no object'],
    ['{}', "format is not 'orthant-bench'"],
    [JSON.stringify({ ...good, version: 2 }), 'its version is 2, this Orthant reads 1'],
    [JSON.stringify({ ...good, cases: [] }), 'cases is no list of 1 to'],
    [JSON.stringify({ ...good, cases: {} }), 'cases is no list'],
    [JSON.stringify({ ...good, cases: [only, only] }), "case 'a' is there twice"],
    [JSON.stringify({ ...good, cases: [{ ...only, name: 3 }] }), 'the name of case 0 is no text'],
    [JSON.stringify({ ...good, cases: [{ ...only, name: 'x'.repeat(2000) }] }), 'the name of case 0 is no text'],
    [JSON.stringify({ ...good, cases: [{ ...only, samples: [[]] }] }), "samples of 'a' is no list"],
    [JSON.stringify({ ...good, cases: [{ ...only, samples: [[0]] }] }), "a time of 'a' is no number above 0"],
    [JSON.stringify({ ...good, cases: [{ ...only, samples: [['1']] }] }), "a time of 'a' is no number"],
    [JSON.stringify({ ...good, cases: [{ ...only, samples: [1] }] }), "samples of 'a' is no list"],
    [JSON.stringify(good).replace('[[1]]', '[[1e999]]'), "a time of 'a' is no number"],
    [JSON.stringify({ ...good, machine: { a: 1 } }), 'a fact is no text'],
    [JSON.stringify({ ...good, machine: null }), 'machine is no object'],
    [JSON.stringify({ ...good, probe: { arithmetic: 0, memory: 1 } }), 'probe.arithmetic is no number above 0'],
    [JSON.stringify({ ...good, disturbance: {} }), 'disturbance.seconds is no number'],
  ])('%.60s is refused', (text, why) => {
    writeFileSync(file, text);
    expect(() => readRun(file)).toThrow(FormatError);
    expect(() => readRun(file)).toThrow(why);
  });

  test('a huge file and a directory are refused unread', () => {
    writeFileSync(file, '');
    truncateSync(file, 2 ** 31);
    expect(() => readRun(file)).toThrow('it has 2147483648 bytes');
    expect(() => readRun(folder)).toThrow('it is no regular file');
  });
});

describe('modules of cases', () => {
  const make: BenchCase['make'] = (np, size) => ({ run: () => np.sum(np.ones(size)) });

  test('are taken as they are', () => {
    const cases: readonly BenchCase[] = [{ name: 'sum', about: 'of ones', size: 10, make }];
    expect(casesFrom(cases, 'm.mjs')).toBe(cases);
  });

  test.each([
    [undefined, 'its default export is no list of cases'],
    [{ name: 'a', make }, 'its default export is no list of cases'],
    [[], 'its default export is no list of cases'],
    [[null], 'case 0 has no name'],
    [[{ make }], 'case 0 has no name'],
    [[{ name: ' ', make }], 'case 0 has no name'],
    [[{ name: 'a' }], "case 'a' has no function make"],
    [[{ name: 'a', make, size: 0 }], "case 'a': size is no whole number of at least 1"],
    [[{ name: 'a', make, size: '9' }], "case 'a': size is no whole number"],
    [[{ name: 'a', make, settle: -1 }], "case 'a': settle is no whole number of at least 0"],
    [[{ name: 'a', make, about: 3 }], "case 'a': about is no text"],
    [
      [
        { name: 'a', make },
        { name: 'a', make },
      ],
      "case 'a' is there twice",
    ],
  ])('%j is refused', (exported, why) => {
    expect(() => casesFrom(exported, 'm.mjs')).toThrow(`m.mjs: ${why}`);
  });

  test('that cannot be loaded are refused', async () => {
    const broken = join(mkdtempSync(join(tmpdir(), 'orthant-bench-test-')), 'broken.mjs');
    writeFileSync(broken, 'export default [ {');
    await expect(loadCases(broken)).rejects.toThrow(/broken\.mjs cannot be loaded: /);
    rmSync(dirname(broken), { recursive: true });
    await expect(loadCases(broken)).rejects.toThrow(FormatError);
  });

  test('the suite has such a form', () => {
    expect(casesFrom(suite, 'suite')).toBe(suite);
    for (const { about } of suite) expect(about).toBeTruthy();
  });

  test.each(suite.map((one) => [one.name, one] as const))('%s is right, small', async (_, one) => {
    const ready = await one.make(np, Math.max(2, Math.round((one.size ?? 1) / 300)));
    try {
      await ready.run();
      expect(await ready.check?.()).toBe(true);
    } finally {
      ready.end?.();
    }
  });
});

test('the report shows names and doubts as text, and a line for every case', () => {
  const hostile = '<img src=x onerror=alert(1)>';
  const before = runWith({ a: steady, b: steady, c: steady, [hostile]: steady });
  const run = runWith(
    { a: slow, b: steady, c: wild, [hostile]: steady },
    { machine: { ...before.machine, threads: hostile } },
  );
  const comparison = compareRuns(run, before, { ...usual, forced: true });
  const page = benchPage({ run, comparison, failures: { [hostile]: hostile }, before: hostile });
  expect(page).not.toContain('<img');
  expect(page).toContain('1 of 4 cases slower');
  expect(page.match(/<svg/g)).toHaveLength(2);
  expect(page).not.toMatch(/undefined|NaN|\[object/);
  expect(page).not.toMatch(/(?:src|href)="(?!data:|#)/);
});

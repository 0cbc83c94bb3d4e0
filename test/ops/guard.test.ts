// The broadcast guard: what each rule lets through, what is refused and what the refusal says, how it is scoped.

import { afterEach, expect, test } from 'vitest';
import { config } from '../../src/base/config.ts';
import type { BroadcastRule, GuardOptions, OrthantError } from '../../src/index.ts';
import * as np from '../../src/index.ts';

afterEach(() => config.reset('broadcast'));

const meet = (a: number[], b: number[]): unknown => np.add(np.ones(a), np.ones(b));
function refusal(f: () => unknown): OrthantError {
  try {
    f();
  } catch (error) {
    if (error instanceof np.OrthantError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const pairs: [a: number[], b: number[], allowed: BroadcastRule[]][] = [
  [[3], [3], ['numpy', 'no-rank-promotion', 'exact']],
  [[], [3], ['numpy', 'no-rank-promotion', 'exact']],
  [
    [2, 3],
    [1, 3],
    ['numpy', 'no-rank-promotion'],
  ],
  [[2, 3], [3], ['numpy']],
  [[5, 1], [5], ['numpy']],
  [[100, 100], [100], ['numpy']], // beyond the short path of small calls
];
test.each(pairs)('%j with %j is allowed under %j', (a, b, allowed) => {
  for (const broadcast of ['numpy', 'no-rank-promotion', 'exact'] as const) {
    const run = () => np.guard({ broadcast }, () => meet(a, b));
    if (allowed.includes(broadcast)) expect(run()).toBeInstanceOf(np.NDArray);
    else expect(refusal(run).tag).toBe('ShapeError');
  }
});

test.each<[name: string, run: () => unknown]>([
  ['add', () => np.add(np.ones([4]), np.ones([4, 1]))],
  ['method', () => np.ones([4]).multiply(np.ones([4, 1]))],
  ['out', () => np.add(np.ones([4]), np.ones([4, 1]), { out: np.zeros([4, 4]) })],
  ['where', () => np.where(np.ones([4, 1], { dtype: 'bool' }), np.ones([4]), 0)],
  ['choose', () => np.choose(np.zeros([4, 1], { dtype: 'int64' }), [np.ones([4])])],
  ['select', () => np.select([np.ones([4, 1], { dtype: 'bool' })], [np.ones([4])])],
  ['isclose', () => np.isclose(np.ones([4]), np.ones([4, 1]))],
  ['an expression', () => np.expr`${np.ones([4])} + ${np.ones([4, 1])}`],
  ['vecdot', () => np.vecdot(np.ones([4, 2]), np.ones([2]))],
])('%s is guarded', (_, run) => {
  const error = refusal(() => np.guard({ broadcast: 'no-rank-promotion' }, run));
  expect(error.tag).toBe('ShapeError');
  expect(error.message).toContain("broadcast is 'no-rank-promotion'");
  run(); // and free again
});

test('a row meets a column: said, refused before anything is taken', () => {
  const [row, column] = [np.ones([1_000_000]), np.ones([1_000_000, 1])];
  const before = np.memory.snapshot().live;
  const error = refusal(() => np.guard({ expansion: 1000 }, () => np.add(row, column)));
  expect(np.memory.snapshot().live).toBeLessThanOrEqual(before);
  expect(error.message).toContain('a row of 1000000 meets a column of 1000000: to pair their elements');
  expect(error.facts).toMatchObject({ op: 'np.add', shape: [1e6, 1e6], expansion: 1e6, bytes: 8e12 });
});

test('bounds', () => {
  expect(refusal(() => np.guard({ expansion: 3.9 }, () => meet([4, 1], [4]))).facts.expansion).toBe(4);
  np.guard({ expansion: 4 }, () => meet([4, 1], [4]));
  np.guard({ expansion: 1, bytes: 1 }, () => meet([400], [400])); // nothing is stretched
  np.guard({ expansion: 1 }, () => np.expr`max(${np.ones([4])} + ${np.ones([4, 1])})`.compute()); // nothing of it is made
  expect(refusal(() => np.guard({ bytes: '1kB' }, () => meet([12, 1], [12]))).facts.bytes).toBe(1152);
});

test('blocks nest, callbacks end, async work is followed', async () => {
  const tried = (): boolean => {
    try {
      meet([4, 1], [4]);
      return true;
    } catch {
      return false;
    }
  };
  const inner = np.guard({ broadcast: 'exact' }, () => [tried(), np.guard({ broadcast: 'numpy' }, tried), tried()]);
  expect(inner).toEqual([false, true, false]);
  const later = np.guard({ broadcast: 'exact' }, async () => {
    await Promise.resolve();
    return tried();
  });
  expect(tried()).toBe(true);
  expect(await later).toBe(false);
  config.set('broadcast', 'exact');
  expect(tried()).toBe(false);
  config.reset('broadcast');
  expect(tried()).toBe(true);
});

test.each<[options: unknown]>([
  [{ broadcast: 'strict' }],
  [{ expansion: 0 }],
  [{ bytes: 'many' }],
  [{ rule: 'exact' }],
])('the options %j are refused', (options) => {
  expect(refusal(() => np.guard(options as GuardOptions, () => 0)).tag).toBe('ArgumentError');
});

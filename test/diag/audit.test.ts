// np.audit: what is found, where, how often; that it changes nothing and ends.

import { expect, test } from 'vitest';
import { events } from '../../src/base/events.ts';
import type { AuditFinding } from '../../src/index.ts';
import * as np from '../../src/index.ts';

const short = ({ kind, op, what, count, total }: AuditFinding): unknown[] => [kind, op, what, count, total];
const ints = np.ones(4, { dtype: 'int32' });
const longs = np.ones(4, { dtype: 'int64' });
const doubles = np.ones(4);

test.each<[name: string, run: () => unknown, expected: unknown[][]]>([
  ['nothing', () => np.add(doubles, doubles), []],
  ['a cast', () => np.add(ints, doubles), [['cast', 'add', 'int32 -> float64', 1, 4]]],
  ['a loss', () => np.add(longs, doubles), [['loss', 'add', 'int64 -> float64', 1, 4]]],
  ['astype is explicit', () => ints.astype('float64'), []],
  ['an expansion', () => np.add(np.ones([4, 1]), doubles), [['expansion', 'add', '(4,1), (4,) -> 128 bytes', 1, 128]]],
  ['a fault that is ignored otherwise', () => np.exp(np.array([-740])), [['fault', 'exp', 'under', 1, 1]]],
  [
    'an integer overflow',
    () => np.add(np.array([2_000_000_000], { dtype: 'int32' }), np.array([2_000_000_000], { dtype: 'int32' })),
    [['fault', 'add', 'integer', 1, 1]],
  ],
])('%s', (_, run, expected) => {
  const { findings } = np.audit(run);
  expect(findings.map(short)).toEqual(expected);
  for (const { at } of findings) expect(at).toContain('audit.test.ts');
  expect(events.watched).toBe(false);
});

test('one line of a program is one finding', () => {
  const found = np.audit(() => {
    for (let i = 0; i < 3; i++) np.multiply(ints, doubles);
  });
  expect(found.findings.map(short)).toEqual([['cast', 'multiply', 'int32 -> float64', 3, 12]]);
  expect(String(found)).toMatch(/^cast {6}multiply: int32 -> float64, 3 × \(12\) at .*audit\.test\.ts:\d+:\d+$/);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found.findings);
});

test('only what the function starts counts, async work included', async () => {
  const running = np.audit(async () => {
    await new Promise((done) => setTimeout(done, 5));
    return np.add(ints, doubles);
  });
  np.multiply(longs, doubles); // beside it
  const { result, findings } = await running;
  expect(result.tolist()).toEqual([2, 2, 2, 2]);
  expect(findings.map(short)).toEqual([['cast', 'add', 'int32 -> float64', 1, 4]]);
});

test('modes and handlers stay as they were', () => {
  const told: string[] = [];
  np.errstate({ divide: 'call', under: 'ignore', call: (words) => void told.push(words) }, () => {
    const { findings } = np.audit(() => np.divide(np.exp(np.array([-740])), 0));
    expect(findings.map(short).map(([, op, what]) => [op, what])).toEqual([
      ['divide', 'divide'],
      ['exp', 'under'],
    ]);
  });
  expect(told).toEqual(['divide by zero']);
  expect(() => np.errstate({ invalid: 'raise' }, () => np.audit(() => np.log(-1)))).toThrow(np.FloatingPointError);
  expect(events.watched).toBe(false);
  expect(() => np.audit(5 as never)).toThrow(np.ArgumentError);
});

// What a tick contains: operations by events, memory by scope and line, the log; and what several ticks come to.
import { expect, test } from 'vitest';
import { events } from '../../src/base/events.ts';
import { Figures, holdings } from '../../src/diag/monitor/figures.ts';
import type { Subject, Tick } from '../../src/diag/monitor/tick.ts';
import { addedUp, pointOf, Window } from '../../src/diag/monitor/window.ts';
import * as np from '../../src/index.ts';

/** The operations that a function is told to be. */
function told(fn: () => unknown): string[] {
  const ops: string[] = [];
  const off = events.on('exec.done', ({ op }) => ops.push(op));
  try {
    fn();
  } finally {
    off();
  }
  return ops;
}

const a = np.ones([4, 4]);

test.each<[ops: string[], run: () => unknown]>([
  [['add'], () => np.add(a, 1)],
  [['add'], () => a.add(a)],
  [['add'], () => np.add(1, 2)],
  [['add'], () => np.add(a, a, { out: np.empty([4, 4]) })],
  [['sum', 'sum', 'max'], () => [np.sum(a), np.sum(a, 0), a.max()]],
  [['mean', 'std', 'var'], () => [np.mean(a), np.std(a), np.var(a, 0)]],
  [['argmax', 'cumsum'], () => [np.argmax(a), np.cumsum(a)]],
  [['sort', 'argsort', 'partition'], () => [np.sort(a), np.argsort(a), np.partition(a, 1)]],
  [['median', 'percentile'], () => [np.median(a), np.percentile(a, 50)]],
  [['matmul', 'dot', 'einsum'], () => [np.matmul(a, a), np.dot(a, a), np.einsum('ij,jk', a, a)]],
  [['linalg.solve', 'linalg.svd'], () => [np.linalg.solve(np.add(a, np.eye(4)), a), np.linalg.svd(a)].length],
  [['get', 'set'], () => [a.copy().set([0], 1), a.get([0, 2])]],
  [['take', 'where', 'nonzero'], () => [np.take(a, [0]), np.where(np.ones(2, { dtype: 'bool' }), 1, 2), np.nonzero(a)]],
  [['concatenate', 'stack', 'unique'], () => [np.concatenate([a, a]), np.stack([a, a]), np.unique(a)]],
  [['lazy'], () => np.lazy(a).add(1).sum().compute()],
  [
    ['fuse mix'],
    () =>
      np.fuse(function mix(x: np.NDArray) {
        return np.sqrt(np.add(x, 1));
      })(a),
  ],
])('%j are told once each', (ops, run) => {
  const seen = told(run);
  for (const op of ops) expect(seen, op).toContain(op);
});

test('what an operation calls is part of it', () => {
  expect(told(() => np.median(a, 0))).toEqual(['median']);
  expect(told(() => np.linalg.pinv(a))).toEqual(['linalg.pinv']);
  expect(told(() => np.sort(a))).toEqual(['sort']);
});

test('an operation that throws is not told, and the next one is', () => {
  const ops = told(() => {
    expect(() => np.add(a, np.ones([3]) as never)).toThrow(np.ShapeError);
    np.add(a, 1);
  });
  expect(ops).toEqual(['add']);
  expect(events.timing).toBe(false);
});

test('listening to times leaves the short paths in use', () => {
  using _ = events.on('exec.done', () => undefined);
  expect(events.timing).toBe(true);
  expect(events.watched).toBe(false);
});

test('the largest array, by dtype and shape', () => {
  const seen: unknown[] = [];
  using _ = events.on('exec.done', ({ dtype, shape }) => seen.push([dtype, shape]));
  np.add(np.ones([3, 1], { dtype: 'int32' }), np.ones([1, 5]));
  np.sum(a);
  np.add(1, 2);
  expect(seen.slice(-3)).toEqual([
    ['float64', [3, 5]],
    ['float64', [4, 4]],
    [undefined, undefined],
  ]);
});

test('a tick: operations, scopes, lines, happenings, and then nothing of them again', () => {
  const figures = new Figures();
  const trace = np.memory.trace({ minimum: 2 ** 17 });
  const kept = np.scope({ tag: 'kept here' }, () => np.ones([500, 500]));
  for (let i = 0; i < 3; i++) np.add(kept, i);
  expect(() => np.scope({ tag: 'tenant', memory: '1MB' }, () => np.ones([1000, 1000]))).toThrow(np.MemoryError);
  events.emit('threads.throttled', { threads: 4, periods: 2, milliseconds: 30, advised: 3, source: 'cpu.stat' });
  events.emit('memory.reclaim', { freed: 100, live: 5, milliseconds: 2 });
  events.emit('memory.reclaim', { freed: -5, live: 10, milliseconds: 1 });
  const tick = figures.tick();
  trace.stop();
  const add = tick.operations.find(({ op }) => op === 'add');
  expect(add?.calls).toBe(3);
  expect(add?.most).toBeLessThanOrEqual(add?.milliseconds ?? 0);
  expect(tick.slow.map(({ op }) => op)).toContain('add');
  expect(tick.slow.find(({ op }) => op === 'add')?.array).toBe('float64 (500,500)');
  expect(tick.memory.tags).toContainEqual({ name: 'kept here (ended)', nbytes: 2e6, arrays: 1 });
  expect(tick.memory.sites.some(({ name, nbytes }) => /monitor_figures\.test\.ts/.test(name) && nbytes >= 2e6)).toBe(
    true,
  );
  expect(tick.memory.live).toBeGreaterThanOrEqual(2e6);
  expect(tick.memory.reclaims).toBeGreaterThanOrEqual(2);
  expect(tick.memory.reclaimed).toBeGreaterThanOrEqual(100);
  const texts = tick.happenings.map(({ type, text }) => `${type}: ${text}`).join('\n');
  expect(texts).toMatch(/memory\.refuse: 7\.63 MiB refused: .* \(scope 'tenant'\)/);
  expect(texts).toContain('threads.throttled: stopped for 30 ms in 2 periods with 4 threads: use 3 (cpu.stat)');
  expect(texts).toMatch(/memory\.reclaim: \d+ collections in .* freed/);
  expect(tick.threads.size).toBeGreaterThanOrEqual(1);
  expect(JSON.parse(JSON.stringify(tick)).operations).toEqual(tick.operations);

  const next = figures.tick();
  expect([next.operations, next.slow, next.happenings]).toEqual([[], [], []]);
  figures.close();
  for (const type of ['exec.done', 'memory.refuse', 'memory.reclaim', 'threads.throttled'] as const) {
    expect(events.active[type], type).toBe(false);
  }
  expect(kept.size).toBe(250_000);
});

test('a storm of refusals is counted, not listed', () => {
  const figures = new Figures();
  for (let i = 0; i < 500; i++) events.emit('memory.refuse', { nbytes: 1, live: 1, limit: 1, source: 'a test' });
  const { happenings } = figures.tick();
  expect(happenings.length).toBe(21);
  expect(happenings[20].text).toBe('and 480 more like these');
  figures.close();
});

test('slow calls: the slowest of each operation, the eight slowest operations', () => {
  const figures = new Figures();
  const done = (op: string, milliseconds: number) =>
    events.emit('exec.done', { op, milliseconds, dtype: 'float64', shape: [2, 3] });
  for (let i = 0; i < 12; i++) done(`op ${i}`, i / 10);
  done('op 11', 5);
  done('op 11', 3);
  const { slow } = figures.tick();
  expect(slow.map(({ op, milliseconds }) => [op, milliseconds])).toEqual([
    ['op 11', 5],
    ...[10, 9, 8, 7, 6, 5, 4].map((i) => [`op ${i}`, i / 10]),
  ]);
  figures.close();
});

test('holdings are added up by name, the most first', () => {
  const block = (nbytes: number, tag: string | undefined) => ({ nbytes, tag, site: undefined, escaped: false });
  const blocks = [block(5, 'a'), block(7, 'b'), block(4, 'a'), block(100, undefined)];
  expect(holdings(blocks, (b) => b.tag)).toEqual([
    { name: 'a', nbytes: 9, arrays: 2 },
    { name: 'b', nbytes: 7, arrays: 1 },
  ]);
});

const subject: Subject = { pid: 1, title: 'x', runtime: 'node', version: '0', interval: 1000, startedAt: 0 };

function tickAt(at: number, more: Partial<Tick> = {}): Tick {
  const figures = new Figures();
  const tick = figures.tick();
  figures.close();
  return { ...tick, at, milliseconds: 500, operations: [], slow: [], happenings: [], ...more };
}

test('a point has rates per second', () => {
  const operations = [
    { op: 'add', calls: 10, milliseconds: 100, most: 50 },
    { op: 'sum', calls: 5, milliseconds: 25, most: 5 },
  ];
  expect(pointOf(tickAt(1000, { operations }))).toMatchObject({ at: 1000, calls: 30, busy: 0.25 });
});

test('counts of ticks are added up, the most time first', () => {
  const sums = addedUp([
    [{ op: 'add', calls: 1, milliseconds: 1, most: 1 }],
    [
      { op: 'add', calls: 2, milliseconds: 1, most: 0.5 },
      { op: 'sum', calls: 1, milliseconds: 9, most: 9 },
    ],
  ]);
  expect(sums).toEqual([
    { op: 'sum', calls: 1, milliseconds: 9, most: 9 },
    { op: 'add', calls: 3, milliseconds: 2, most: 1 },
  ]);
});

test('a window forgets: operations after a minute, slow calls after five, points after 600', () => {
  const window = new Window(subject);
  expect(window.welcome).toEqual({ subject, points: [], happenings: [], view: undefined });
  const slow = { op: 'sort', milliseconds: 9, array: '', site: undefined };
  const count = { op: 'add', calls: 1, milliseconds: 1, most: 1 };
  window.add(tickAt(0, { operations: [count], slow: [{ ...slow, at: 0 }] }));
  expect(window.add(tickAt(59_000)).operations).toEqual([count]);
  expect(window.add(tickAt(60_000)).operations).toEqual([]);
  expect(window.view?.slow).toHaveLength(1);
  expect(window.add(tickAt(300_000)).slow).toEqual([]);
  const base = tickAt(0);
  for (let i = 0; i < 700; i++) window.add({ ...base, at: 300_001 + i });
  expect(window.welcome.points).toHaveLength(600);
  const happenings = Array.from({ length: 150 }, (_, at) => ({ at, type: 't', text: '' }));
  for (const _ of [0, 1]) window.add({ ...base, at: 400_000, happenings });
  expect(window.welcome.happenings).toHaveLength(200);
});

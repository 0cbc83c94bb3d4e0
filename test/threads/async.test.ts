// np.async: what arrives, what is refused, what is charged, what an abort leaves behind, and who waits for whom.

import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { config } from '../../src/base/config.ts';
import { Executors, executors, useExecutors } from '../../src/exec/executor/executors.ts';
import { startExecutor } from '../../src/exec/executor/start.ts';
import * as np from '../../src/index.ts';
import { buildExecutor } from '../executor_module.ts';
import { bits } from './_pool.ts';

const live = (): number => np.memory.snapshot().live;

beforeAll(buildExecutor);
afterAll(() => executors().rest());

const a = np.arange(600_000).reshape(600, 1000);
const small = np.arange(12).reshape(3, 4);

const symmetric = np.add(np.remainder(a.get(':60', ':60'), 7), np.remainder(a.get(':60', ':60'), 7).T);

const cases: Readonly<Record<string, readonly [there: () => Promise<unknown>, here: () => unknown]>> = {
  'a scalar': [() => np.async.sum(a), () => np.sum(a)],
  'a large array': [() => np.async.exp(np.divide(a, 1e6)), () => np.exp(np.divide(a, 1e6))],
  'a small array': [() => np.async.add(small, 1), () => np.add(small, 1)],
  options: [() => np.async.sum(a, { axis: 0, keepdims: true }), () => np.sum(a, { axis: 0, keepdims: true })],
  'views of operands': [() => np.async.sort(a.get('::-1', '::3')), () => np.sort(a.get('::-1', '::3'))],
  'lists of arrays': [() => np.async.concatenate([small, small]), () => np.concatenate([small, small])],
  'several results': [() => np.async.modf(np.divide(a, 7)), () => np.modf(np.divide(a, 7))],
  'lists of results': [() => np.async.split(a, 3), () => np.split(a, 3)],
  'dtypes, numbers, texts': [
    () => np.async.quantile(a, [0.25, 0.5], { axis: 1, method: 'nearest' }),
    () => np.quantile(a, [0.25, 0.5], { axis: 1, method: 'nearest' }),
  ],
  'a bigint': [() => np.async.full([3], 7n), () => np.full([3], 7n)],
  'complex numbers': [
    () => np.async.multiply(small, new np.Complex(1, 2)),
    () => np.multiply(small, new np.Complex(1, 2)),
  ],
  'typed arrays': [() => np.async.cumsum(new Float32Array([1, 2, 3])), () => np.cumsum(new Float32Array([1, 2, 3]))],
  'large typed arrays': [() => np.async.sum(new Float64Array(400_000).fill(2)), () => 800_000],
  products: [() => np.async.matmul(a, a.T), () => np.matmul(a, a.T)],
  'a function of a namespace, fields by name': [
    async () => [...(await np.async.linalg.eigh(symmetric))],
    () => [...np.linalg.eigh(symmetric)],
  ],
  'no array at all': [() => np.async.arange(5), () => np.arange(5)],
  empty: [() => np.async.add(np.zeros([0, 3]), 1), () => np.add(np.zeros([0, 3]), 1)],
};

it.each(Object.entries(cases))('%s', async (_, [there, here]) => {
  expect(bits(await there())).toBe(bits(here()));
});

it('the event loop turns meanwhile', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns++;
  });
  await np.async.matmul(np.ones([1200, 1200]), np.ones([1200, 1200]));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
});

it('a lease and what else holds here goes along', async () => {
  const running = np.threads.limit(1, () => [np.async.sort(np.divide(1, np.add(a, 1))), np.async.sum(a)]);
  await new Promise((turn) => setTimeout(turn));
  expect(executors().figures().running).toBeLessThanOrEqual(1);
  await Promise.all(running);
  const { live } = np.memory.snapshot();
  const tagged = await np.scope({ tag: 'kept' }, () => np.async.exp(np.divide(a, 1e6)));
  expect(np.memory.leaks().filter(({ tag }) => tag === 'kept').length).toBe(1);
  tagged.dispose();
  expect(np.memory.snapshot().live).toBeLessThan(live + 5_000_000);
});

it('views of the arguments are views of the arguments', async () => {
  const t = await np.async.transpose(small);
  expect(t.storage).toBe(small.storage);
  expect(t.shape).toEqual([4, 3]);
  expect(await np.async.asarray(small)).toBe(small);
});

it('out is written, and given back as it is', async () => {
  const out = np.full([600, 1000], -1);
  expect(await np.async.negative(a, { out })).toBe(out);
  expect(bits(out)).toBe(bits(np.negative(a)));
  const mask = np.less(a, 10);
  await np.async.positive(a, { out, where: mask });
  expect([out.item(0, 9), out.item(0, 10)]).toEqual([9, -10]);
});

it.each([
  ['argument 1', () => np.async.apply_along_axis(((x: unknown) => x) as never, 0 as never, a as never)],
  ['argument 2.axis', () => np.async.sum(a, { axis: (() => 0) as never })],
])('%s cannot travel', async (name, call) => {
  await expect(call()).rejects.toMatchObject({ tag: 'ArgumentError', facts: { argument: name } });
});

it('errors are those of the function itself', async () => {
  const three: np.NDArray = np.ones([2, 3]);
  const here = (): unknown => np.add(three, np.ones([4]));
  let want: unknown;
  try {
    here();
  } catch (error) {
    want = error;
  }
  const got = await np.async.add(three, np.ones([4])).catch((error: unknown) => error);
  expect(got).toBeInstanceOf(np.ShapeError);
  expect((got as np.ShapeError).toJSON()).toEqual((want as np.ShapeError).toJSON());
  const nothing = np.async as unknown as Record<string, () => Promise<unknown>>;
  await expect(nothing.nonesuch()).rejects.toThrow(np.ArgumentError);
  await expect((np.async.put as (...x: unknown[]) => Promise<unknown>)(small, [0], 1)).rejects.toThrow(
    np.ArgumentError,
  );
});

it('a disposed operand is refused, one disposed meanwhile stays until the end', async () => {
  const gone = np.ones([10]);
  gone.dispose();
  await expect(np.async.sum(gone)).rejects.toThrow(np.DisposedError);
  const big = np.ones([300_000]);
  const sum = np.async.sum(big);
  big.dispose();
  const others = np.zeros([300_000]);
  expect(await sum).toBe(300_000);
  expect(() => np.sum(big)).toThrow(np.DisposedError);
  others.dispose();
});

it('errstate travels, both ways', async () => {
  const zero = np.zeros([5]);
  await expect(np.errstate({ divide: 'raise' }, () => np.async.divide(1, zero))).rejects.toThrow(np.FloatingPointError);
  const told: string[] = [];
  const result = await np.errstate({ divide: 'call', call: (words) => void told.push(words) }, () =>
    np.async.divide(1, zero),
  );
  expect(result.tolist()).toEqual(new Array(5).fill(Infinity));
  expect(told).toEqual(['divide by zero']);
  await np.errstate({ all: 'ignore' }, () => np.async.divide(1, zero));
});

it('memory is charged to the scope of the caller before it is taken, and refused', async () => {
  const before = live();
  const error = await np
    .scope({ memory: '8MB', tag: 'tenant' }, () => np.async.add(a, np.ones([600, 1000])))
    .catch((e: unknown) => e);
  expect(error).toBeInstanceOf(np.MemoryError);
  expect((error as np.MemoryError).facts).toMatchObject({ limitSource: "scope 'tenant'" });
  const kept = await np.scope({ memory: '32MB', tag: 'tenant' }, () => np.async.add(np.ones([500_000]), 1));
  expect(kept.item(499_999)).toBe(2);
  kept.dispose();
  await executors().rest();
  expect(live()).toBeLessThanOrEqual(before + 1_000_000);
});

it('what was computed away is given back like anything else', async () => {
  await np.async.add(a, 1);
  await executors().rest();
  np.memory.trim();
  const before = live();
  for (let i = 0; i < 20; i++) (await np.async.add(a, i)).dispose();
  expect(executors().figures().held).toBeLessThan(4_000_000);
  await executors().rest();
  expect(executors().figures()).toMatchObject({ executors: 0, held: 0 });
  expect(live()).toBeLessThanOrEqual(before + 500_000);
});

/** Work of seconds that does heed an abort, and work of seconds that does not. */
const long: Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>> = {
  'between slices': (signal) => np.async.matmul(np.ones([2500, 2500]), np.ones([2500, 2500]), { signal }),
  'with its thread': (signal) =>
    np.async.correlate(np.ones([60_000]), np.ones([30_000]), { mode: 'full', signal } as never),
};

it.each(Object.entries(long))('an abort ends the call %s and leaves nothing behind', async (_, start) => {
  await executors().rest();
  const before = live();
  const control = new AbortController();
  const call = start(control.signal);
  const end = performance.now() + 20_000;
  while (executors().figures().held === 0 && performance.now() < end) await new Promise((turn) => setTimeout(turn, 5));
  expect(executors().figures().running).toBe(1);
  control.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
  expect(executors().figures().running).toBe(0);
  expect(await np.async.sum(a)).toBe(np.sum(a));
  await executors().rest();
  expect(executors().figures()).toMatchObject({ executors: 0, held: 0 });
  np.memory.trim();
  expect(live()).toBeLessThan(before + 500_000);
});

it('an abort before the start, or while waiting, starts nothing', async () => {
  await executors().rest();
  const { started } = executors().figures();
  await expect(np.async.sum(a, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
  expect(executors().figures().started).toBe(started);
  const control = new AbortController();
  const calls = Array.from({ length: 30 }, () => np.async.sum(a, { signal: control.signal }));
  control.abort();
  const ends = await Promise.allSettled(calls);
  expect(ends.map(({ status }) => status)).toContain('rejected');
  expect(executors().figures()).toMatchObject({ running: 0, waiting: 0 });
  const lasting = new AbortController();
  for (let i = 0; i < 3; i++) await np.async.sum(a, { signal: lasting.signal });
  expect(getEventListeners(lasting.signal, 'abort')).toEqual([]);
});

it('an aborted call with out leaves it as it was', async () => {
  const out = np.full([2500, 2500], 7);
  const m = np.ones([2500, 2500]);
  const control = new AbortController();
  const call = np.async.matmul(m, m, { out, signal: control.signal });
  setTimeout(() => control.abort(), 100);
  await expect(call).rejects.toThrow();
  expect(np.all(np.equal(out, 7))).toBe(true);
});

it('a thread that ends takes its call with it, and no other', async () => {
  const lost = useExecutors(
    new Executors({
      start: (listener, ended) => startExecutor(listener, ended),
      threads: () => 2,
      idleMs: 10_000,
      graceMs: 200,
    }),
  );
  try {
    config.set('threads.executor', '/nowhere/executor.js');
    await expect(np.async.sum(a)).rejects.toMatchObject({ tag: 'ThreadError' });
    config.reset('threads.executor');
    expect(await np.async.sum(a)).toBe(np.sum(a));
    await executors().rest();
  } finally {
    config.reset('threads.executor');
    useExecutors(lost);
  }
});

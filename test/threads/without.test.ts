// An engine without shared memory, and one without workers: everything works, on the main thread alone, and says so.

import { expect, it, vi } from 'vitest';
import type { platform as Platform } from '../../src/base/platform.ts';

const pretend = vi.hoisted(() => ({ sharedMemory: true, workers: true }));

vi.mock(import('../../src/base/platform.ts'), async (original) => {
  const { platform } = await original();
  const faked: typeof Platform = Object.create(platform, {
    sharedMemory: { get: () => pretend.sharedMemory },
    builtin: {
      value: (name: `node:${string}`) =>
        name === 'node:worker_threads' && !pretend.workers ? undefined : platform.builtin(name),
    },
  });
  return { platform: faked };
});

const engines = {
  'without shared memory': { sharedMemory: false, workers: true },
  'without workers': { sharedMemory: true, workers: false },
  'without either': { sharedMemory: false, workers: false },
};

it.each(Object.entries(engines))('%s', async (_, engine) => {
  Object.assign(pretend, engine);
  vi.resetModules(); // the heap is made once per process, and so are pool and executors
  const np = await import('../../src/index.ts');
  const { config } = await import('../../src/base/config.ts');
  config.set('threads', 4);
  const a = np.arange(600_000).reshape(600, 1000);
  for (let i = 0; i < 6; i++) expect(np.sum(np.add(a, i))).toBe(179_999_700_000 + i * 600_000);
  expect(np.matmul(a, a.T).shape).toEqual([600, 600]);
  const { ready, async } = np.threads.figures();
  expect(ready).toBe(0);
  expect(async).toMatchObject({ executors: 0, started: 0 });
  expect(async.here).toMatch(engine.sharedMemory ? /no workers/ : /no shared memory/);

  // Async forms: a turn of their own, the same results, errors, aborts and contexts.
  let turned = false;
  setTimeout(() => {
    turned = true;
  });
  const out = np.zeros([600, 1000]);
  expect(await np.async.add(a, 1, { out })).toBe(out);
  expect(turned).toBe(true);
  expect(await np.async.sum(out)).toBe(179_999_700_000 + 600_000);
  await expect(np.async.add(a, np.ones([7]) as never)).rejects.toThrow(np.ShapeError);
  await expect(np.async.sum(a, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
  const zero = np.zeros([3]);
  await expect(np.errstate({ divide: 'raise' }, () => np.async.divide(1, zero))).rejects.toThrow(np.FloatingPointError);
  if (engine.sharedMemory) expect(np.receive(np.share(zero)).tolist()).toEqual([0, 0, 0]);
  else expect(() => np.share(zero)).toThrow(np.ArgumentError);
  await np.threads.rest();
});

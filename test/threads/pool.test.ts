// The pool itself: who does the work, what happens when a worker cannot start, ends or traps, and how a process ends.

import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';
import { expect, it, vi } from 'vitest';
import { config } from '../../src/base/config.ts';
import { events } from '../../src/base/events.ts';
import { Pool, threadFigures, usePool } from '../../src/exec/threads/pool.ts';
import { type StartWorker, startWorker } from '../../src/exec/threads/start.ts';
import * as np from '../../src/index.ts';
import { kernelOf } from '../../src/kernel/compile.ts';
import { FunctionCode } from '../../src/kernel/wasm/encoder.ts';
import { primarySegment } from '../../src/memory/allocate.ts';
import { bundledText } from '../../tools/bundled_text.mjs';
import { bits, warm, withThreads } from './_pool.ts';

const big = () => np.arange(600_000);

it('small operations start nothing', () => {
  withThreads(4, (pool) => {
    const a = np.ones([1000]);
    for (let i = 0; i < 5000; i++) np.add(a, a).dispose();
    expect(pool.figures()).toMatchObject({ started: 0, jobs: 0 });
  });
});

it('one thread starts nothing', () => {
  withThreads(1, (pool) => {
    for (let i = 0; i < 10; i++) np.add(big(), 1);
    expect(pool.figures()).toMatchObject({ size: 1, started: 0, jobs: 0 });
  });
});

it('workers take slices, and say that they started', () => {
  const started: number[] = [];
  using _ = events.on('threads.start', ({ threads }) => started.push(threads));
  withThreads(3, (pool) => {
    warm(pool);
    const { ready, lost } = pool.figures();
    expect({ ready, lost }).toEqual({ ready: 2, lost: undefined });
    const before = pool.figures();
    for (let i = 0; i < 200 && pool.figures().taken === before.taken; i++) np.exp(big());
    expect(pool.figures().taken).toBeGreaterThan(before.taken);
    expect(started).toEqual([3]);
  });
});

it('the number of threads follows the configuration', () => {
  config.set('threads', 1);
  expect(threadFigures()).toMatchObject({ size: 1, source: 'threads (set)' });
  config.reset('threads');
  expect(threadFigures().source).not.toBe('threads (set)');
});

it('a lease uses fewer threads, here and in what it starts', async () => {
  const made = new Pool({ count: () => ({ threads: 4, source: 'test' }), start: startWorker, yields: false });
  const before = usePool(made);
  try {
    expect(np.threads.figures().size).toBe(4);
    np.threads.limit(2, () => {
      expect(np.threads.figures().size).toBe(2);
      expect(np.threads.limit(3, () => np.threads.figures().size)).toBe(2);
    });
    const later = await np.threads.limit(1, async () => {
      await new Promise((turn) => setImmediate(turn));
      for (let i = 0; i < 10; i++) np.add(big(), 1);
      return np.threads.figures();
    });
    expect(later).toMatchObject({ size: 1, started: 0, jobs: 0 });
    expect(np.scope({ threads: 2 }, () => np.threads.figures().size)).toBe(2);
    expect(() => np.threads.limit(0, () => 1)).toThrow(np.ArgumentError);
    expect(() => np.scope({ threads: 1.5 }, () => 1)).toThrow(np.ArgumentError);
  } finally {
    made.stop();
    usePool(before);
  }
});

it('fewer threads than workers: the others stay out', () => {
  let threads = 4;
  const pool = new Pool({ count: () => ({ threads, source: 'test' }), start: startWorker, yields: false });
  const before = usePool(pool);
  warm(pool);
  threads = 1;
  pool.refresh();
  const { jobs } = pool.figures();
  np.exp(big());
  expect(pool.figures()).toMatchObject({ size: 1, ready: 3, jobs });
  pool.stop();
  usePool(before);
});

it('workers without work go home, and come back', async () => {
  const ends: string[] = [];
  const start: StartWorker = (seat, lost) =>
    startWorker(seat, (reason) => {
      ends.push(reason);
      lost(reason);
    });
  await withThreads(
    3,
    async (pool) => {
      warm(pool);
      pool.rest();
      expect(pool.figures()).toMatchObject({ started: 0, ready: 0, rests: 1, lost: undefined });
      const end = performance.now() + 20_000;
      while (ends.length < 2 && performance.now() < end) await new Promise((turn) => setTimeout(turn, 10));
      expect(ends).toEqual(['it ended with code 0', 'it ended with code 0']); // and nobody took it for a loss
      expect(pool.figures().lost).toBe(undefined);
      warm(pool);
      expect(pool.figures()).toMatchObject({ ready: 2, size: 3, lost: undefined });
      expect(np.sum(big())).toBe(179999700000);
    },
    start,
  );
});

it('they go home after a while in which nothing was done, counted by a timer', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    withThreads(
      2,
      (pool) => {
        for (let i = 0; i < 8; i++) np.exp(big());
        const { started } = pool.figures();
        expect(started).toBe(1);
        vi.advanceTimersByTime(15_000); // there was work since the start
        expect(pool.figures()).toMatchObject({ started: 1, rests: 0 });
        vi.advanceTimersByTime(15_000);
        expect(pool.figures()).toMatchObject({ started: 0, rests: 1 });
        vi.advanceTimersByTime(60_000);
        expect(pool.figures().rests).toBe(1);
        for (let i = 0; i < 8; i++) np.exp(big());
        expect(pool.figures().started).toBe(1);
      },
      () => undefined,
    );
  } finally {
    vi.useRealTimers();
  }
});

it('a worker that cannot start leaves the work to main, and an event says so', () => {
  const lost: string[] = [];
  using _ = events.on('threads.lost', ({ reason }) => lost.push(reason));
  const alone = withThreads(1, () => bits(np.exp(big())));
  withThreads(
    4,
    (pool) => {
      for (let i = 0; i < 5; i++) expect(bits(np.exp(big()))).toBe(alone);
      expect(pool.figures()).toMatchObject({ size: 1, lost: 'no threads today' });
    },
    () => {
      throw new Error('no threads today');
    },
  );
  expect(lost).toEqual(['no threads today']);
});

it('a worker that never comes is not waited for', () => {
  withThreads(
    4,
    (pool) => {
      for (let i = 0; i < 5; i++) np.exp(big());
      expect(pool.figures()).toMatchObject({ size: 4, ready: 0, taken: 0, lost: undefined });
      expect(pool.figures().jobs).toBeGreaterThan(0);
    },
    () => {},
  );
});

it('a worker that ends leaves the work to main', async () => {
  const ends: ((reason: string) => void)[] = [];
  await withThreads(
    2,
    async (pool) => {
      warm(pool);
      expect(pool.size).toBe(2);
      ends[0]('it ended with code 1');
      expect(pool.figures()).toMatchObject({ size: 1, lost: 'it ended with code 1' });
      expect(np.sum(big())).toBe(179999700000);
    },
    (seat, lost) => {
      ends.push(lost);
      startWorker(seat, lost);
    },
  );
});

it('a trap is an error of the kernel, whoever ran the slice, and the pool works on', () => {
  const segment = primarySegment();
  const kernel = kernelOf('test trap', (module) => {
    const f = new FunctionCode(['i32']);
    f.get(0).i32(1).op(0x6a).op(0x45).if().op(0x00).end(); // unreachable for -1
    module.add(f, 'run');
  });
  withThreads(3, (pool) => {
    warm(pool);
    for (let i = 0; i < 50; i++) {
      expect(() =>
        pool.job(kernel, segment, 'run', (job) => {
          for (let slice = 0; slice < 100; slice++) job.add([slice === 50 ? -1 : slice]);
        }),
      ).toThrow(/unreachable/);
    }
    expect(np.sum(big())).toBe(179999700000);
  });
});

it('a stress of random sizes gives what one thread gives', { timeout: 120_000 }, () => {
  const a = np.arange(1_000_000).astype('int32');
  withThreads(3, (pool) => {
    warm(pool);
    let state = 7;
    for (let i = 0; i < 20_000; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const n = 1 + (i % 16 === 0 ? 200_000 + ((state >>> 12) % 400_000) : (state >>> 12) % 3000);
      const from = state % 1000;
      const x = np.add(a.get(`${from}:${from + n}`), 1n);
      const total = np.sum(x);
      if (total !== n * (from + 1) + (n * (n - 1)) / 2) throw new Error(`${n} elements from ${from}: ${total}`);
      if (i % 3 === 0) x.dispose();
    }
    expect(pool.figures().lost).toBe(undefined);
    expect(pool.figures().jobs).toBeGreaterThan(1000);
  });
});

it('an import starts nothing: no thread, no timer', { timeout: 60_000 }, async () => {
  const script = `
import { readdirSync } from 'node:fs';
const threads = () => readdirSync('/proc/self/task').length;
const before = threads();
const np = await import('../../src/index.ts');
console.log(np.threads.figures().started, np.threads.figures().async.started, process.getActiveResourcesInfo().filter((x) => x === 'Timeout').length, threads() - before);
`;
  expect(await childProcess(script)).toMatch(/^0 0 0 0$/);
});

async function childProcess(script: string, env: Record<string, string> = {}): Promise<string> {
  const bundled = await build({
    stdin: { contents: script, resolveDir: 'test/threads', loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    plugins: [bundledText],
  });
  const { status, stdout, stderr, signal } = spawnSync(process.execPath, ['--input-type=module'], {
    input: bundled.outputFiles[0].text,
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, ...env },
  });
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
  return stdout.trim();
}

const program = (tail: string) => `
import * as np from '../../src/index.ts';
import { Pool, usePool } from '../../src/exec/threads/pool.ts';
import { type StartWorker, startWorker } from '../../src/exec/threads/start.ts';
const pool = new Pool({ count: () => ({ threads: 3, source: 'test' }), start: startWorker, yields: false });
usePool(pool);
const a = np.ones([1000000]);
${tail}`;

it.each([
  ['at once, workers still starting', 'console.log(np.sum(np.add(a, a)));'],
  [
    'with workers asleep',
    'const end = performance.now() + 10000; while (pool.figures().ready < 2 && performance.now() < end) np.add(a, a); console.log(np.sum(np.add(a, a)));',
  ],
  ['by process.exit', 'console.log(np.sum(np.add(a, a))); process.exit(0);'],
  ['by process.exit from a timer', 'console.log(np.sum(np.add(a, a))); setTimeout(() => process.exit(0), 300);'],
])('a process ends: %s', { timeout: 60_000 }, async (_, tail) => {
  expect(await childProcess(program(tail))).toBe('2000000');
});

// Arrays shared with a user's own threads: same bytes, whoever lets go first, threads that end or are ended.

import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as np from '../../src/index.ts';
import { settleShares } from '../../src/memory/shares.ts';
import { bundledText } from '../../tools/bundled_text.mjs';

const script = resolve('node_modules/.cache/orthant', `share.${process.pid}.mjs`);

// A thread that does as it is told: each message is the text of a function of (np, held, data).
beforeAll(async () => {
  const contents = `
import { parentPort } from 'node:worker_threads';
import * as np from '../../src/index.ts';
const held = {};
parentPort.on('message', ({ text, data }) => {
  let answer;
  try {
    answer = { value: new Function('np', 'held', 'data', text)(np, held, data) };
  } catch (error) {
    answer = { error: error.tag ?? String(error) };
  }
  parentPort.postMessage(answer);
});`;
  const stdin = { contents, resolveDir: 'test/threads', loader: 'ts' } as const;
  await build({
    stdin,
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    plugins: [bundledText],
  });
});
afterAll(() => rmSync(script, { force: true }));

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

async function withWorker(body: (worker: Worker, ask: (text: string, data?: unknown) => Promise<Answer>) => unknown) {
  const worker = new Worker(script);
  const ask = async (text: string, data?: unknown): Promise<Answer> => {
    worker.postMessage({ text, data });
    const [answer] = await once(worker, 'message');
    return answer;
  };
  try {
    await body(worker, ask);
  } finally {
    await worker.terminate();
  }
}

it('the same bytes, in both directions', async () => {
  await withWorker(async (_, ask) => {
    const a = np.arange(100_000).reshape(100, 1000);
    const { value } = await ask(
      'held.a = np.receive(data); held.a.set([0, 0], -5); return [held.a.shape, np.sum(held.a), held.a.dtype.name];',
      np.share(a.get('::2')),
    );
    expect(value).toEqual([[50, 1000], np.sum(a.get('::2')), 'float64']);
    expect(a.item(0, 0)).toBe(-5);
    const back = await ask('return np.share(np.multiply(held.a, 2));');
    const b = np.receive(back.value as np.SharedArray);
    expect(np.array_equal(b, np.multiply(a.get('::2'), 2))).toBe(true);
    await ask('held.a.dispose();');
    expect(np.sum(b)).toBe(np.sum(np.multiply(a.get('::2'), 2)));
  });
});

it('an array that comes home is in the heap again', async () => {
  await withWorker(async (_, ask) => {
    const a = np.arange(50_000);
    const { value } = await ask('held.a = np.receive(data); return np.share(held.a);', np.share(a));
    const home = np.receive(value as np.SharedArray);
    home.set([3], 7);
    expect(a.item(3)).toBe(7);
    expect(home.storage.segment).toBe(a.storage.segment); // and kernels reach it without a copy
    home.dispose();
    await ask('held.a.dispose();');
  });
});

it('the giver may dispose first: the bytes stay until the receiver has', async () => {
  await withWorker(async (_, ask) => {
    const before = settleShares();
    const a = np.full([300_000], 3);
    const shared = np.share(a);
    a.dispose();
    expect(() => np.sum(a)).toThrow(np.DisposedError);
    const other = np.full([300_000], 4); // would take the same block if it were free
    expect(await ask('held.a = np.receive(data); return np.sum(held.a);', shared)).toEqual({ value: 900_000 });
    const { live } = np.memory.snapshot();
    expect(settleShares()).toBe(before + 1);
    await ask('held.a.dispose();');
    expect(await ask('return np.sum(held.a);')).toEqual({ error: 'DisposedError' });
    expect(settleShares()).toBe(before);
    expect(np.memory.snapshot().live).toBeLessThan(live - 2_000_000);
    other.dispose();
  });
});

it('the receiver may let go first', async () => {
  await withWorker(async (_, ask) => {
    const a = np.full([1000], 3);
    expect(await ask('return np.sum(np.receive(data).copy());', np.share(a))).toEqual({ value: 3000 });
    const b = np.share(a);
    await ask('np.receive(data).dispose();', b);
    expect(await ask('return np.receive(data);', b)).toEqual({ error: 'DisposedError' });
    expect(np.sum(a)).toBe(3000);
  });
  settleShares();
});

it.each([
  ['ends by itself', 'process.exit(0)', false],
  ['is terminated', '', true],
])('a thread that %s has let go', async (_, text, terminate) => {
  settleShares();
  const before = settleShares();
  await withWorker(async (worker, ask) => {
    const a = np.ones([1000]);
    await ask('held.a = np.receive(data); return 0;', np.share(a, { worker }));
    expect(settleShares()).toBe(before + 1);
    const ended = once(worker, 'exit');
    if (terminate) await worker.terminate();
    else worker.postMessage({ text });
    await ended;
    expect(settleShares()).toBe(before);
    expect(np.sum(a)).toBe(1000);
  });
});

it('several receivers', () => {
  const a = np.ones([10]);
  const shared = np.share(a, { receivers: 2 });
  const [b, c] = [np.receive(shared), np.receive(shared)];
  expect(() => np.receive(shared)).toThrow(np.DisposedError);
  const out = settleShares();
  b.dispose();
  expect(settleShares()).toBe(out);
  c.dispose();
  expect(settleShares()).toBe(out - 1);
  expect(np.sum(a)).toBe(10);
});

it('what cannot be shared is refused', () => {
  expect(() => np.share(np.asarray(new Float64Array(3)))).toThrow(np.ArgumentError);
  expect(() => np.share(np.ones([3]), { receivers: 0 })).toThrow(np.ArgumentError);
  expect(() => np.share([1, 2] as never)).toThrow(np.ArgumentError);
  expect(() => np.receive({} as never)).toThrow(np.ArgumentError);
  expect(() => np.receive(np.ones([3]) as never)).toThrow(np.ArgumentError);
  const gone = np.ones([3]);
  gone.dispose();
  expect(() => np.share(gone)).toThrow(np.DisposedError);
  expect(np.receive(np.share(np.asarray(new Float64Array(new SharedArrayBuffer(16))))).tolist()).toEqual([0, 0]);
});

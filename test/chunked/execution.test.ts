// Runs over blocks: the same bits however they are run, within their memory, ended at any moment with nothing left behind.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { events } from '../../src/base/events.ts';
import * as np from '../../src/index.ts';
import { storeOf, targetOf } from './_stores.ts';

const values = np.sin(np.arange(512 * 512)).reshape(512, 512) as np.NDArray;
const MB = 1e6;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chunked-test-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Blocks of rows, then of columns: everything is kept in between. */
const turned = (of: np.NDArray = values) => {
  const store = storeOf(of, { chunks: [64, 512] });
  const a = np.chunked.from(store, { chunks: [64, 512] });
  return { store, a, result: a.add(1).rechunk([512, 32]).multiply(2) };
};
const expected = np.multiply(np.add(values, 1), 2) as np.NDArray;
const same = (made: unknown, wanted: np.NDArray = expected): void =>
  expect(np.array_equal(made as np.NDArray, wanted)).toBe(true);

describe('intermediate results', () => {
  it('stay in memory where there is room', async () => {
    same(await turned().result.compute({ memory: 32 * MB, workspace: directory }));
    expect(readdirSync(directory)).toEqual([]);
  });

  it('go to disk where there is none, with the same bits, and are removed', async () => {
    let spilled = 0;
    const off = events.on('chunked.spill', (e) => {
      spilled = e.spilled;
    });
    const made = await turned().result.compute({ memory: 6 * MB, workspace: directory });
    off();
    same(made);
    expect(spilled).toBeGreaterThan(MB / 2);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('have the same bits with one thread and with several', async () => {
    const run = () =>
      turned()
        .a.std(0)
        .compute({ memory: 16 * MB }) as Promise<np.NDArray>;
    const [one, more] = [await np.threads.limit(1, run), await run()];
    same(one, more);
  });

  it('of processes that have died are removed', async () => {
    const stale = join(directory, 'orthant-999999999-abc');
    mkdirSync(stale);
    await turned().result.compute({ memory: 6 * MB, workspace: directory });
    expect(existsSync(stale)).toBe(false);
  });
});

describe('memory', () => {
  it('is refused before anything is read, with the blocks that would fit', async () => {
    const { store, a } = turned();
    const large = np.chunked.from(store, { chunks: [512, 512] });
    const failed = await large
      .exp()
      .sum(1)
      .compute({ memory: '1.9MB' })
      .catch((e: unknown) => e);
    expect(failed).toBeInstanceOf(np.MemoryError);
    const error = failed as np.MemoryError;
    expect(error.facts).toMatchObject({ allowed: 1.9 * MB });
    expect(error.message).toMatch(/a\.rechunk\(\[\d+, \d+\]\)/);
    expect(store.reads).toBe(0);
    const advised = error.facts.rechunk as number[];
    await large.rechunk(advised).exp().sum(1).compute({ memory: '1.9MB' });
    expect(a.chunks).toEqual([64, 512]);
  });

  it('of results is refused with the advice to store them', async () => {
    await expect(turned().a.add(1).compute({ memory: MB })).rejects.toThrow(/a\.store\(path\)/);
  });

  it('is what is left of the scope if nobody says', async () => {
    const run = () => np.scope({ memory: MB, tag: 'tenant' }, () => turned().a.add(1).compute());
    await expect(run()).rejects.toThrow(/the scope 'tenant'/);
  });

  it.each([['many'], [0], [-1], [{}]])('%j is no amount', async (memory) => {
    await expect(turned().a.compute({ memory: memory as never })).rejects.toThrow(np.ArgumentError);
  });

  it('decides how many blocks are under way', async () => {
    const few = turned();
    await few.a.sum().compute({ memory: 1.8 * MB });
    const many = turned();
    await many.a.sum().compute({ memory: 32 * MB });
    expect([few.store.most, many.store.most]).toEqual([1, 3]);
  });

  it('is given back: results live on, nothing else does', async () => {
    const { result } = turned();
    const made = (await result.compute({ memory: 32 * MB })) as np.NDArray;
    const live = np.memory.snapshot().live;
    const again = (await result.compute({ memory: 32 * MB })) as np.NDArray;
    expect(np.memory.snapshot().live - live).toBeLessThan(again.nbytes + MB);
    made.dispose();
    again.dispose();
  });
});

describe('reads that fail', () => {
  const failing = (code: string, times: number) =>
    storeOf(values, {
      chunks: [64, 512],
      before: (_, nth) => {
        if (nth <= times) throw Object.assign(new Error('read failed'), { code });
      },
    });

  it('for a moment are tried again, and told', async () => {
    const told: string[] = [];
    const off = events.on('chunked.retry', ({ what, attempt }) => void told.push(`${what} ${attempt}`));
    const made = await np.chunked
      .from(failing('ECONNRESET', 2), { chunks: [64, 512] })
      .sum(0)
      .compute({ memory: 1.8 * MB });
    off();
    expect(np.allclose(made as np.NDArray, np.sum(values, 0))).toBe(true);
    expect(told.sort()).toEqual(['a test store 1', 'a test store 2']);
  });

  it.each([
    ['ECONNRESET', 1, 2],
    ['ENOENT', 3, 1],
  ])('with %s and %i repetitions end the run after %i reads, and it says where', async (code, retries, reads) => {
    const store = failing(code, 100);
    const run = np.chunked
      .from(store, { chunks: [64, 512] })
      .sum(0)
      .compute({ memory: 1.8 * MB, retries });
    const error = (await run.catch((e: unknown) => e)) as np.OrthantError;
    expect(error).toBeInstanceOf(np.OrthantError);
    expect(error.message).toContain('block (0, 0), reading [0:64, 0:512] of a test store');
    expect(error.facts).toMatchObject({ block: 0, code });
    expect(store.reads).toBe(reads);
  });
});

describe('an end before the end', () => {
  it('by a signal: rejected with its reason, nothing under way, nothing left', async () => {
    const end = new AbortController();
    const store = storeOf(values, {
      chunks: [64, 512],
      before: (_, nth) => (nth === 12 ? end.abort('enough') : undefined),
    });
    const a = np.chunked.from(store, { chunks: [64, 512] });
    const live = np.memory.snapshot().live;
    const run = a
      .add(1)
      .rechunk([512, 32])
      .add(a)
      .compute({ memory: 6 * MB, workspace: directory, signal: end.signal });
    await expect(run).rejects.toBe('enough');
    expect(store.active).toBe(0);
    expect(readdirSync(directory)).toEqual([]);
    expect(np.memory.snapshot().live - live).toBeLessThan(MB);
  });

  it('by a signal that was there before: nothing is read', async () => {
    const { store, result } = turned();
    await expect(result.compute({ signal: AbortSignal.abort('no') })).rejects.toBe('no');
    expect(store.reads).toBe(0);
  });

  it('by a target that fails: said where, and nothing is held', async () => {
    const target = targetOf([512, 512], ({ start }) => {
      if (start[0] === 128) throw Object.assign(new Error('write failed'), { code: 'EIO' });
    });
    const live = np.memory.snapshot().live;
    const run = turned()
      .a.add(1)
      .store(target, { memory: 32 * MB });
    await expect(run).rejects.toThrow(/block \(.*\), writing it: write failed/);
    expect(np.memory.snapshot().live - live).toBeLessThan(MB);
  });
});

describe('stores', () => {
  it('are written in whole chunks, none twice', async () => {
    const target = targetOf([512, 512]);
    await turned().result.store(target, { memory: 32 * MB });
    same(target.array);
    expect(new Set(target.writes).size).toBe(target.writes.length);
  });
});

describe('progress', () => {
  it('is told by function and events, and ends with all blocks', async () => {
    const seen: np.chunked.Progress[] = [];
    const stages: string[] = [];
    const off = events.on('chunked.stage', (e) => void stages.push(e.text));
    await turned().result.compute({ memory: 32 * MB, onProgress: (p) => void seen.push(p) });
    off();
    const last = seen.at(-1);
    expect(last).toMatchObject({ stage: last?.stages === 1 ? 0 : (last?.stages ?? 0) - 1, done: last?.blocks, eta: 0 });
    expect(last?.bytesRead).toBe(values.nbytes);
    expect(stages.length).toBe(last?.stages);
  });

  it.each([
    ['onProgress', 1],
    ['retries', -1],
    ['workspace', 3],
    ['signal', {}],
    ['resume', true],
    ['resume', 'yes'],
    ['speed', 1],
  ])('%s: %j is refused', async (name, value) => {
    await expect(turned().a.compute({ [name]: value } as never)).rejects.toThrow(np.ArgumentError);
  });

  it('leaves the event loop its turns', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await np.chunked
      .ones([2 ** 22], { chunks: [2 ** 16] })
      .sin()
      .sum()
      .compute();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });
});

it('what earlier stages left in memory goes to disk before a stage that has less room', async () => {
  const x = np.chunked.ones([2000, 500], { chunks: [250, 500] });
  const a = np.chunked.cumsum(x, 0).max(); // its third stage takes more than its first
  const { memory } = a.explain({ memory: '8MB' });
  for (const more of [0.1e6, 1.1e6, 2.3e6, 4e6]) expect(await a.compute({ memory: memory + more })).toBe(2000);
});

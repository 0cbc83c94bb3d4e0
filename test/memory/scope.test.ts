// Scopes: budgets that nest and follow async work, what stays at the end and what does not, refusals and what they say.
import { afterEach, describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';
import { heapOptions } from '../../src/memory/allocate.ts';
import { Heap } from '../../src/memory/heap.ts';
import { canDropPages } from '../../src/native/pages.ts';

const MB = 2 ** 20;
const megabytes = (n: number): np.NDArray => np.zeros((n * MB) / 8);
const live = (): number => np.memory.snapshot().live;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

function refused(fn: () => unknown): np.MemoryError {
  try {
    fn();
  } catch (error) {
    if (error instanceof np.MemoryError) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('a budget', () => {
  it('refuses what would pass it, with the facts, and the next array works', () => {
    np.scope({ memory: '16MiB', tag: 'tenant-a' }, () => {
      const held = megabytes(9);
      const error = refused(() => megabytes(8));
      expect(error.message).toMatch(/budget of scope 'tenant-a' would be passed/);
      expect(error.facts).toMatchObject({ limit: 16 * MB, limitSource: "scope 'tenant-a'" });
      expect(Number(error.facts.live)).toBeGreaterThanOrEqual(9 * MB);
      expect(error.message).toMatch(/9\.00 MiB of scope 'tenant-a'/);
      expect(megabytes(4).size + held.size).toBe((13 * MB) / 8);
    });
  });
  it('counts what is alive, not what was made', () => {
    const made = np.scope({ memory: 32 * MB }, () => {
      let count = 0;
      for (let i = 0; i < 50; i++) count += megabytes(8).size;
      return count;
    });
    expect(made).toBe((50 * 8 * MB) / 8);
  });
  it('is also of the scopes around', () => {
    np.scope({ memory: '20MiB', tag: 'outer' }, () => {
      const first = megabytes(10);
      const error = refused(() => np.scope({ memory: '100MiB', tag: 'inner' }, () => megabytes(15)));
      expect(error.message).toMatch(/scope 'outer'/);
      const kept = np.scope({ tag: 'inner' }, () => megabytes(5));
      expect(refused(() => megabytes(8)).message).toMatch(/scope 'outer'/);
      expect(first.size + kept.size).toBe((15 * MB) / 8);
    });
  });
  it('covers small arrays by their slabs', () => {
    np.scope({ memory: '4MiB' }, () => {
      const held: np.NDArray[] = [];
      expect(() => {
        for (let i = 0; i < 10_000; i++) held.push(np.zeros(100));
      }).toThrow(np.MemoryError);
      expect(held.length).toBeGreaterThan(3000);
    });
  });
  it.each(['12', 0, -1, '3 parsecs', Number.NaN])('of %s is refused or taken as the setting takes it', (memory) => {
    if (memory === '12') expect(np.scope({ memory }, () => 7)).toBe(7);
    else expect(() => np.scope({ memory }, () => 7)).toThrow(np.ArgumentError);
  });
});

describe('the end', () => {
  it('gives back what is not returned', () => {
    const before = live();
    let escaped: np.NDArray | undefined;
    const result = np.scope(() => {
      escaped = megabytes(4);
      const kept = np.ones(MB / 8);
      return { list: [kept.get('::2')], map: new Map([['raw', megabytes(1).data]]) };
    });
    expect(live() - before).toBeLessThan(3 * MB);
    expect(result.list[0].sum()).toBe(MB / 16);
    expect(result.map.get('raw')?.length).toBe(MB / 8);
    expect(() => escaped?.sum()).toThrow(np.DisposedError);
  });
  it('leaves all where asked, and tells of it', () => {
    const made: np.NDArray[] = [];
    np.scope({ free: false, tag: 'cache' }, () => made.push(megabytes(2)));
    expect(made[0].item(0)).toBe(0);
    expect(np.memory.leaks().filter(({ tag }) => tag === 'cache')).toMatchObject([{ nbytes: 2 * MB, escaped: true }]);
    made[0].dispose();
    expect(np.memory.leaks().filter(({ tag }) => tag === 'cache')).toEqual([]);
  });
  it('comes after an error too', () => {
    const before = live();
    expect(() =>
      np.scope(() => {
        megabytes(8);
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(live() - before).toBeLessThan(MB);
  });
  it('comes after async work, each with its own budget', async () => {
    const work = async (tag: string, size: number): Promise<np.NDArray> => {
      const a = megabytes(size);
      await pause();
      expect(refused(() => megabytes(24 - size)).message).toContain(`'${tag}'`);
      await pause();
      return np.add(a, 1);
    };
    const [a, b] = await Promise.all([
      np.scope({ memory: '24MiB', tag: 'a' }, () => work('a', 8)),
      np.scope({ memory: '24MiB', tag: 'b' }, () => work('b', 4)),
    ]);
    expect([a.size, b.size, a.item(0)]).toEqual([MB, MB / 2, 1]);
    await expect(np.scope({ memory: '1MiB' }, async () => megabytes(2))).rejects.toThrow(np.MemoryError);
  });
  it('does not touch what the library keeps for itself', () => {
    np.scope(() => np.sum(np.sin(np.arange(300_000).reshape(300, 1000)), 0));
    expect(np.sum(np.cos(np.zeros([300, 1000])))).toBe(300_000);
  });
});

describe('reports', () => {
  afterEach(() => {
    np.memory.limit = 'auto' as never;
  });
  it('snapshot, diff and peak', () => {
    const before = np.memory.snapshot();
    np.memory.peak({ reset: true });
    const a = megabytes(6);
    expect(np.memory.diff(before)).toMatchObject({ limit: 0 });
    expect(np.memory.peak()).toBeGreaterThanOrEqual(6 * MB);
    expect(np.memory.snapshot().largest[0].nbytes).toBeGreaterThanOrEqual(6 * MB);
    expect(np.memory.snapshot().rss).toBeGreaterThan(MB);
    a.dispose();
  });
  it('trace names the line that asked', () => {
    using _ = np.memory.trace({ minimum: MB });
    const a = megabytes(80);
    const block = np.memory.snapshot().largest.find(({ nbytes }) => nbytes === 80 * MB);
    expect(block?.site).toMatch(/scope\.test\.ts:\d+:\d+$/);
    a.dispose();
    expect(() => np.memory.trace({ sample: 0 })).toThrow(np.ArgumentError);
  });
  it('limit refuses and comes back', () => {
    np.memory.limit = live() + 8 * MB;
    expect(refused(() => megabytes(64)).message).toMatch(/memory limit would be passed/);
    np.memory.limit = 'auto' as never;
    expect(megabytes(16).size).toBe((16 * MB) / 8);
  });
});

describe('giving back', () => {
  const heap = (): Heap => new Heap(heapOptions({ redzones: false }));
  it.runIf(canDropPages())('drops free pages, which read zero when taken again', () => {
    const h = heap();
    const blocks = Array.from({ length: 8 }, () => h.allocate(16 * MB, false));
    for (const { segment, ptr, nbytes } of blocks) segment?.u8.fill(7, ptr, ptr + nbytes);
    blocks[3].dispose();
    expect(h.trim()).toBeGreaterThanOrEqual(14 * MB);
    expect(h.trim()).toBe(0);
    expect(h.figures().returned).toBeGreaterThanOrEqual(14 * MB);
    let again = h.allocate(16 * MB, false);
    while (again.ptr !== blocks[3].ptr) again = h.allocate(16 * MB, false); // another free block may be as long
    expect(h.figures().returned).toBe(0);
    expect(again.segment?.u8[again.ptr + 8 * MB]).toBe(0);
    expect(blocks[4].segment?.u8[blocks[4].ptr]).toBe(7);
  });
  it.runIf(canDropPages())('lowers resident memory', () => {
    const h = heap();
    const block = h.allocate(128 * MB, false);
    block.segment?.u8.fill(1, block.ptr, block.ptr + block.nbytes);
    block.dispose();
    const before = process.memoryUsage.rss();
    h.trim();
    expect(before - process.memoryUsage.rss()).toBeGreaterThan(100 * MB);
  });
});

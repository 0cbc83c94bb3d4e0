// The heap: alignment, no overlap, everything returned, growth, further segments, unshared memory, limits, double free.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryError } from '../../src/base/errors.ts';
import { heapOptions } from '../../src/memory/allocate.ts';
import { Heap, type HeapOptions } from '../../src/memory/heap.ts';
import { PAGE } from '../../src/memory/sizes.ts';
import type { Storage } from '../../src/memory/storage.ts';

const MB = 2 ** 20;
const make = (changes: Partial<HeapOptions> = {}): Heap => new Heap(heapOptions({ redzones: false, ...changes }));

const modes: [string, Partial<HeapOptions>][] = [
  ['shared', { shared: true }],
  ['unshared', { shared: false }],
  ['shared with red zones', { shared: true, redzones: true }],
  ['unshared with red zones, small segments', { shared: false, redzones: true, maxPages: 32 }],
];

function bytesOf(storage: Storage): Uint8Array {
  const { segment, ptr, nbytes } = storage;
  if (segment === null) throw new Error('heap storage expected');
  return segment.u8.subarray(ptr, ptr + nbytes);
}

describe.each(modes)('Heap, %s', (_, changes) => {
  it('gives aligned blocks that never overlap and takes all of them back', () => {
    const size = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 5000, max: 300_000 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(size, fc.nat(), fc.boolean()), { maxLength: 150 }), (steps) => {
        const heap = make(changes);
        const live: { storage: Storage; mark: number }[] = [];
        const drop = (index: number): void => {
          const [{ storage, mark }] = live.splice(index, 1);
          const bytes = bytesOf(storage);
          expect(bytes[0] ?? mark).toBe(mark);
          expect(bytes.at(-1) ?? mark).toBe(mark);
          expect(bytes.every((byte) => byte === mark)).toBe(true);
          storage.dispose();
        };
        steps.forEach(([nbytes, pick, zeroed], i) => {
          if (pick % 2 === 0 && live.length > 0) drop(pick % live.length);
          const storage = heap.allocate(nbytes, zeroed);
          expect(storage.ptr % 64).toBe(0);
          expect(storage.ptr).toBeGreaterThan(0);
          if (zeroed) expect(bytesOf(storage).every((byte) => byte === 0)).toBe(true);
          bytesOf(storage).fill(1 + (i % 250));
          live.push({ storage, mark: 1 + (i % 250) });
        });
        heap.verify();
        while (live.length > 0) drop(live.length - 1);
        expect(heap.figures().live).toBe(0);
      }),
      { numRuns: 15, seed: 11 },
    );
  });

  it('reuses what was disposed: a long loop commits no more than a short one', () => {
    const heap = make(changes);
    for (let i = 0; i < 20_000; i++) heap.allocate((i * 97) % 100_000, false).dispose();
    expect(heap.figures().committed).toBeLessThanOrEqual(20 * MB);
    expect(heap.figures().reclaims).toBe(0);
  });
});

describe('Heap', () => {
  it('keeps addresses and contents through growth, and refreshes the views', () => {
    for (const shared of [true, false]) {
      const heap = make({ shared });
      const first = heap.allocate(80, true);
      const segment = heap.primary();
      const before = segment.f64;
      segment.f64[first.ptr / 8] = 42;
      heap.allocate(100 * MB, false);
      expect(segment.f64 === before).toBe(false); // not toBe: it would print a detached array
      expect(segment.f64 === segment.f64).toBe(true);
      expect(segment.f64.byteLength).toBeGreaterThanOrEqual(100 * MB);
      expect(segment.f64[first.ptr / 8]).toBe(42);
      expect(before.byteLength === 0).toBe(!shared);
      expect(segment.u8.buffer).toBe(segment.buffer);
    }
  });

  it('spills into a second segment when the first is full, and comes back to the first', () => {
    const heap = make({ maxPages: 64 }); // 4 MB
    const first = heap.allocate(3 * MB, true);
    const second = heap.allocate(3 * MB, true);
    expect([first.segment?.id, second.segment?.id]).toEqual([0, 1]);
    bytesOf(first).fill(1);
    expect(bytesOf(second).every((byte) => byte === 0)).toBe(true);
    first.dispose();
    expect(heap.allocate(3 * MB, false).segment?.id).toBe(0);
    expect(heap.figures()).toMatchObject({ segments: 2, committed: expect.any(Number) });
    const small = Array.from({ length: 3000 }, () => heap.allocate(1000, false));
    expect(new Set(small.map((storage) => storage.segment?.id))).toEqual(new Set([0, 1, 2]));
  });

  it('allocates a whole segment of 4 GiB but its first unit, and addresses its end', () => {
    const heap = make({ limit: () => ({ bytes: 2 ** 34, source: 'test' }) });
    const storage = heap.allocate(2 ** 32 - PAGE, false);
    const { segment, ptr, nbytes } = storage;
    if (segment === null) throw new Error('heap storage expected');
    segment.fill(ptr + nbytes - 8, 8, 7);
    expect(segment.u8[ptr + nbytes - 1]).toBe(7);
    expect(ptr + nbytes).toBeGreaterThan(2 ** 31);
    storage.dispose();
    expect(heap.figures().live).toBe(0);
  });

  it('refuses past the limit with the facts, takes nothing, and goes on', () => {
    const heap = make({ limit: () => ({ bytes: 10 * MB, source: 'test' }) });
    const kept = heap.allocate(6 * MB, false);
    const refused = (): Storage => heap.allocate(6 * MB, false);
    expect(refused).toThrow(MemoryError);
    expect(refused).toThrow(/6291456 bytes.*live 6291456, peak \d+, limit 10485760 from test/s);
    try {
      refused();
    } catch (error) {
      expect(error).toMatchObject({ facts: { requested: 6 * MB, live: 6 * MB, limit: 10 * MB, limitSource: 'test' } });
    }
    expect(heap.figures().live).toBe(6 * MB);
    kept.dispose();
    expect(refused().nbytes).toBe(6 * MB);
  });

  it('finds room below the limit by collecting what is dead', () => {
    const heap = make({ limit: () => ({ bytes: 10 * MB, source: 'test' }) });
    for (let i = 0; i < 20; i++) heap.allocate(6 * MB, false);
    const { reclaims, youngReclaims, peak } = heap.figures();
    expect(reclaims + youngReclaims).toBeGreaterThanOrEqual(19); // V8 14 needs no full collection for it
    expect(peak).toBeLessThanOrEqual(10 * MB);
    expect(heap.figures().committed).toBeLessThan(20 * MB);
  });

  it('refuses what no segment can hold, and sizes that are no sizes', () => {
    const heap = make({ maxPages: 64 });
    for (const nbytes of [5 * MB, 2 ** 40, -1, Number.NaN, 50_000.5, Number.POSITIVE_INFINITY]) {
      expect(() => heap.allocate(nbytes, false), String(nbytes)).toThrow(MemoryError);
    }
    expect(heap.figures().live).toBe(0);
  });

  it('frees once: by dispose, by a sweep after it, and never through the old storage of a reused block', () => {
    const heap = make();
    for (const nbytes of [80, 100_000]) {
      const storage = heap.allocate(nbytes, false);
      storage.dispose();
      const next = heap.allocate(nbytes, false);
      expect(next.ptr).toBe(storage.ptr); // the very block
      storage.dispose();
      storage.dispose();
      const other = heap.allocate(nbytes, false);
      expect(other.ptr).not.toBe(next.ptr);
      heap.reclaim();
      expect([next.disposed, other.disposed]).toEqual([false, false]);
      next.dispose();
      other.dispose();
    }
    expect(heap.figures().live).toBe(0);
  });

  it('takes back a slab of which some blocks were disposed and the others are garbage', () => {
    const heap = make();
    const some = Array.from({ length: 64 }, () => heap.allocate(200, false));
    for (let i = 0; i < 64; i += 2) some[i].dispose();
    expect(heap.figures().live).toBe(32 * 256);
    some.length = 0;
    for (let i = 0; i < 40; i++) heap.allocate(200, false); // another slab becomes the current one
    heap.reclaim();
    expect(heap.figures().live).toBeLessThanOrEqual(32 * 256);
  });

  it('emits allocate, free and grow events when somebody listens', async () => {
    const { events } = await import('../../src/base/events.ts');
    const seen: string[] = [];
    const heap = make();
    heap.primary();
    const off = (['memory.allocate', 'memory.free', 'memory.grow'] as const).map((type) =>
      events.on(type, () => seen.push(type)),
    );
    heap.allocate(2 * MB, false).dispose();
    for (const stop of off) stop();
    heap.allocate(2 * MB, false).dispose();
    expect(seen).toEqual(['memory.grow', 'memory.allocate', 'memory.free']);
  });
});

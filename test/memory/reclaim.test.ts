// Garbage of the very turn that made it is found under pressure, without running the user's microtasks, and in time.
import { describe, expect, it } from 'vitest';
import { heapOptions } from '../../src/memory/allocate.ts';
import { collector } from '../../src/memory/collector.ts';
import { Heap } from '../../src/memory/heap.ts';
import { DEFAULT_PRESSURE, Pressure } from '../../src/memory/pressure.ts';
import type { Storage } from '../../src/memory/storage.ts';
import { Watch } from '../../src/memory/watch.ts';

const MB = 2 ** 20;
// No backoff: these loops do nothing but allocate, so collecting is most of their time.
const pressure = { ...DEFAULT_PRESSURE, mostBackoff: 1 };
const make = (): Heap => new Heap(heapOptions({ redzones: false, pressure }));

describe('synchronous reclaim', () => {
  it('holds a loop of 3000 × 8 MB in one turn below 256 MB, and leaves microtasks alone', async () => {
    const heap = make();
    let ticks = 0;
    const microtask = Promise.resolve().then(() => ticks++);
    let last: Storage | undefined;
    for (let i = 0; i < 3000; i++) last = heap.allocate(8e6, false);
    expect(ticks).toBe(0);
    const figures = heap.figures();
    expect(figures.synchronous).toBe(true);
    expect(figures.peak).toBeLessThan(210 * MB);
    expect(figures.committed).toBeLessThan(256 * MB);
    expect(figures.reclaims).toBeGreaterThan(100);
    expect(last?.disposed).toBe(false);
    await microtask;
    expect(ticks).toBe(1);
  });

  it('holds a million arrays of 1 KB in one turn below 256 MB', () => {
    const heap = make();
    let last: Storage | undefined;
    for (let i = 0; i < 1_000_000; i++) last = heap.allocate(1000, false);
    expect(heap.figures().committed).toBeLessThan(256 * MB);
    expect(last?.disposed).toBe(false);
  });

  it('frees what is dead and only that', () => {
    const heap = make();
    const kept: Storage[] = [];
    for (let i = 0; i < 2000; i++) {
      const storage = heap.allocate(10_000, false);
      storage.segment?.fill(storage.ptr, 10_000, i % 251);
      if (i % 10 === 0) kept.push(storage);
    }
    heap.reclaim();
    expect(heap.figures().live).toBeLessThanOrEqual(201 * 10_240);
    for (let i = 0; i < 2000; i++) heap.allocate(10_000, true);
    expect(
      kept.every((s, i) => s.segment?.u8[s.ptr] === (i * 10) % 251 && s.segment.u8[s.ptr + 9999] === (i * 10) % 251),
    ).toBe(true);
  });

  it('lets one survivor pin its slab and no more', () => {
    const heap = make();
    const kept: Storage[] = [];
    for (let i = 0; i < 32 * 100; i++) {
      const storage = heap.allocate(1000, false);
      if (i % 320 === 0) kept.push(storage);
    }
    heap.allocate(1000, false);
    heap.reclaim();
    expect(kept.length).toBe(10);
    expect(heap.figures().live).toBeLessThanOrEqual(12 * 32 * 1024);
  });

  it('sweeps after a collection the engine made by itself, between turns', async () => {
    const heap = make();
    (() => {
      for (let i = 0; i < 100; i++) heap.allocate(MB, false);
    })();
    const before = heap.figures().live;
    for (let i = 0; i < 50; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      collector().collect(); // stands for the engine's own
    }
    let freed = 0;
    const { events } = await import('../../src/base/events.ts');
    using _ = events.on('memory.free', () => freed++);
    expect(before).toBe(100 * MB);
    heap.allocate(10 * MB, false).dispose();
    expect(freed).toBe(1); // figures() would sweep: reuse of a freed block shows that the canary did
    expect(heap.primary().blocks.free * 1024).toBeGreaterThan(95 * MB);
  });
});

describe('Pressure', () => {
  it('moves the ceiling with what survives, and backs off only from dear collections', () => {
    const pressure = new Pressure({ step: 100, share: 0.5, mostBackoff: 8 });
    expect(pressure.ceiling).toBe(100);
    pressure.settle(1000, 10_000, 10_005);
    expect(pressure.ceiling).toBe(1500);
    pressure.settle(40, 10_006, 10_026); // 20 ms of 21, but below 25 ms
    expect(pressure.ceiling).toBe(140);
    let now = 20_000;
    for (const expected of [200, 400, 800, 800]) {
      pressure.settle(0, now + 50, now + 150); // 100 ms after 50
      now += 150;
      if (expected === 200) continue; // the first came after a long pause
      expect(pressure.ceiling).toBeLessThanOrEqual(expected);
    }
    expect(pressure.ceiling).toBe(800);
    pressure.settle(0, now + 10_000, now + 10_100);
    expect(pressure.ceiling).toBe(400);
  });
});

describe('Watch', () => {
  it('reuses slots, empties each once, and survives additions during a sweep', () => {
    const watch = new Watch(collector);
    const alive: object[] = [];
    const add = (target: object): number => {
      const slot = watch.reserve(0, 0, 0);
      watch.bind(slot, target);
      return slot;
    };
    for (let i = 0; i < 1000; i++) {
      const target = { i };
      if (i % 3 === 0) alive.push(target);
      add(target);
    }
    collector().collect();
    const dead = new Set<number>();
    watch.sweep((slot) => {
      expect(dead.has(slot)).toBe(false);
      dead.add(slot);
      const late = { slot };
      alive.push(late);
      add(late);
    });
    expect(dead.size).toBeGreaterThanOrEqual(665);
    expect(watch.count).toBe(alive.length + (666 - dead.size));
    const slot = add(alive[0]);
    expect(watch.remove(slot)).toBe(true);
    expect(watch.remove(slot)).toBe(false);
  });
});

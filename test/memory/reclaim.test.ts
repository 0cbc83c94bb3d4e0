// Garbage of the very turn that made it is found under pressure, without running the user's microtasks, and in time.
import { describe, expect, it } from 'vitest';
import { heapOptions } from '../../src/memory/allocate.ts';
import { type Collector, collector, LISTED } from '../../src/memory/collector.ts';
import { Heap, type HeapOptions } from '../../src/memory/heap.ts';
import { DEFAULT_PRESSURE, Pressure } from '../../src/memory/pressure.ts';
import type { Storage } from '../../src/memory/storage.ts';
import { report, Watch, type Watched } from '../../src/memory/watch.ts';

const MB = 2 ** 20;
// No backoff: these loops do nothing but allocate, so collecting is most of their time.
const pressure = { ...DEFAULT_PRESSURE, mostBackoff: 1 };
const make = (changes: Partial<HeapOptions> = {}): Heap =>
  new Heap(heapOptions({ redzones: false, pressure, ...changes }));
const fullOnly = { ...pressure, youngStep: Number.POSITIVE_INFINITY };

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
    expect(figures.reclaims + figures.youngReclaims).toBeGreaterThan(100);
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
      const storage = heap.allocate(40_000, false);
      storage.segment?.fill(storage.ptr, 40_000, i % 251);
      if (i % 10 === 0) kept.push(storage);
    }
    heap.reclaim();
    expect(heap.figures().live).toBeLessThanOrEqual(201 * 40_960);
    for (let i = 0; i < 2000; i++) heap.allocate(40_000, true);
    expect(
      kept.every((s, i) => s.segment?.u8[s.ptr] === (i * 10) % 251 && s.segment.u8[s.ptr + 39_999] === (i * 10) % 251),
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
    const heap = make({ pressure: fullOnly });
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
    const pressure = new Pressure({ step: 100, share: 0.5, mostBackoff: 8, youngStep: 10 });
    expect(pressure.ceiling).toBe(100);
    pressure.settle(1000, 40_000, 10_005);
    expect(pressure.ceiling).toBe(1500);
    pressure.rest(1200);
    expect(pressure.ceiling).toBe(1500); // finding some dead is no reason to collect later
    pressure.rest(800);
    expect(pressure.ceiling).toBe(1200);
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
    pressure.settle(0, now + 40_000, now + 10_100);
    expect(pressure.ceiling).toBe(400);
  });
});

/** The engine's collector with one thing changed. */
function changed(changes: Partial<Collector>): () => Collector {
  const real = collector();
  return () => ({
    synchronous: true,
    youngSight: real.youngSight,
    forget: real.forget,
    collect: () => real.collect(),
    collectYoung: () => real.collectYoung(),
    list: real.list,
    ...changes,
  });
}

/** Allocates garbage beside arrays that live for a while, and checks that no array that is held ever changes. */
function churn(heap: Heap, rounds: number): void {
  const held: { storage: Storage; mark: number }[] = [];
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const check = ({ storage, mark }: { storage: Storage; mark: number }): void => {
    const u8 = storage.segment?.u8;
    if (u8?.[storage.ptr] !== mark || u8[storage.ptr + storage.nbytes - 1] !== mark) {
      throw new Error(`an array of ${storage.nbytes} bytes was changed while held`);
    }
  };
  for (let i = 0; i < rounds; i++) {
    const nbytes = Math.ceil(2 ** (next() * 20));
    const storage = heap.allocate(nbytes, false);
    const mark = i % 251;
    storage.segment?.fill(storage.ptr, nbytes, mark);
    if (next() < 0.1) held.push({ storage, mark });
    if (held.length > 100) {
      const at = Math.floor(next() * held.length);
      check(held[at]);
      const [out] = held.splice(at, 1);
      if (next() < 0.5) out.storage.dispose();
    }
  }
  held.forEach(check);
}

describe('minor collections', () => {
  it('are seen by one way or the other on Node', () => {
    expect(['weakref', 'weakset']).toContain(collector().youngSight);
  });

  const cut = (): number => {
    throw new RangeError('stack');
  };
  const ways: [string, Partial<HeapOptions>][] = [
    ['as the engine does', {}],
    ['with red zones', { redzones: true }],
    ['full ones only', { pressure: fullOnly }],
    ['through WeakRefs', { collector: changed({ youngSight: 'weakref' }) }],
    ['not seen', { collector: changed({ youngSight: 'none' }) }],
    ['through listings that are always cut short', { collector: changed({ youngSight: 'weakset', list: cut }) }],
    ['through listings that name too few', { collector: changed({ youngSight: 'weakset', list: () => 3 }) }],
  ];
  it.each(ways)('never free what is held: %s', (_, changes) => {
    churn(make({ pressure: { ...pressure, step: 32 * MB, youngStep: 2 * MB }, ...changes }), 10_000);
  });

  it('hold a loop of temporaries in a few blocks', () => {
    const heap = make();
    const before = heap.allocate(MB, false);
    for (let i = 0; i < 2000; i++) heap.allocate(MB, false);
    const { touched, reclaims, youngReclaims } = heap.figures();
    expect(touched).toBeLessThan(64 * MB);
    expect(youngReclaims).toBeGreaterThan(50);
    expect(reclaims).toBe(0);
    expect(before.disposed).toBe(false);
  });

  it('free nothing when the stack overflows in the middle of it', () => {
    const heap = make({ pressure: { ...pressure, youngStep: MB } });
    const held: Storage[] = [];
    const deeper = (depth: number): number => {
      const storage = heap.allocate(40_000, false);
      storage.segment?.fill(storage.ptr, 40_000, depth % 251);
      if (depth % 10 === 0) held.push(storage);
      return deeper(depth + 1) + 1;
    };
    for (let i = 0; i < 5; i++) {
      held.length = 0;
      expect(() => deeper(0)).toThrow(RangeError);
      expect(held.length).toBeGreaterThan(10);
      for (let k = 0; k < 200; k++) heap.allocate(40_000, true);
      expect(held.every((s, at) => s.segment?.u8[s.ptr + 39_999] === (at * 10) % 251)).toBe(true);
    }
  });

  it('come later when they are in vain or dear', () => {
    const policy = new Pressure({ step: 100, share: 0.5, mostBackoff: 8, youngStep: 10 });
    const steps: [before: number, survived: number, start: number, end: number, ceiling: number][] = [
      [10, 10, 0, 1, 30], // nothing freed
      [30, 28, 2, 3, 68],
      [68, 28, 4, 5, 48], // all freed
      [48, 28, 6, 11, 68], // 5 ms of 6: dear
      [68, 28, 100, 105, 48],
    ];
    for (const [before, survived, start, end, ceiling] of steps) {
      policy.settleYoung(before, survived, start, end);
      expect(policy.youngCeiling).toBe(ceiling);
    }
  });
});

describe('Watch', () => {
  it('reuses slots, empties each once, and survives additions during a sweep', () => {
    const watch = new Watch();
    watch.open(collector());
    const alive: Watched[] = [];
    const add = (): Watched => {
      const slot = watch.reserve(0, 0, 0);
      const target: Watched = { slot, gone: false, [LISTED]: () => report(target, '') };
      watch.bind(slot, target);
      return target;
    };
    for (let i = 0; i < 1000; i++) {
      const target = add();
      if (i % 3 === 0) alive.push(target);
    }
    collector().collect();
    const dead = new Set<number>();
    watch.sweep((slot) => {
      expect(dead.has(slot)).toBe(false);
      dead.add(slot);
      alive.push(add());
    });
    expect(dead.size).toBeGreaterThanOrEqual(665);
    expect(watch.count).toBe(alive.length + (666 - dead.size));
    const one = add();
    expect(watch.remove(one.slot, one)).toBe(true);
    expect(watch.remove(one.slot, one)).toBe(false);
  });
});

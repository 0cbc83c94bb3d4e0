// What allocation costs and what the heap holds: the figures of docs/design/memory.md.
// Bundle and run: npx esbuild bench/memory/allocate.ts --bundle --platform=node --format=esm --outfile=out/allocate.mjs
// && node out/allocate.mjs [section …]; sections: small medium live loop8mb tenmillion bulk. Each is best run alone.
import { heap, heapOptions } from '../../src/memory/allocate.ts';
import { collector } from '../../src/memory/collector.ts';
import { Heap } from '../../src/memory/heap.ts';
import { Storage } from '../../src/memory/storage.ts';

const MB = 2 ** 20;
const keep: unknown[] = new Array(64).fill(undefined);

/** Nanoseconds per call, best of `rounds`; the last 64 results stay reachable, as temporaries of a program do. */
function time(count: number, make: (i: number) => unknown, rounds = 5): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < count; i++) keep[i & 63] = make(i);
    best = Math.min(best, ((performance.now() - start) / count) * 1e6);
  }
  keep.fill(undefined);
  heap().reclaim();
  return best;
}

function table(rows: Record<string, number>): void {
  const [first] = Object.values(rows);
  for (const [name, ns] of Object.entries(rows)) {
    console.log(`  ${name.padEnd(44)} ${ns.toFixed(1).padStart(10)} ns ${(ns / first).toFixed(2).padStart(8)}`);
  }
}

const owner = { release() {} };
const registry = new FinalizationRegistry<number>(() => {});

const sections: Record<string, () => void> = {
  small() {
    const it = heap();
    table({
      'allocate(80), collections included': time(2e6, () => it.allocate(80, false)),
      'allocate(80), zeroed': time(2e6, () => it.allocate(80, true)),
      'allocate(80) and dispose': time(2e6, () => {
        const storage = it.allocate(80, false);
        storage.dispose();
        return storage;
      }),
      'allocate(1000)': time(1e6, () => it.allocate(1000, false)),
      'the Storage object alone': time(2e6, (i) => new Storage(null, i, 80, null, owner, -1)),
      'Storage + FinalizationRegistry each': time(3e5, (i) => {
        const storage = new Storage(null, i, 80, null, owner, -1);
        registry.register(storage, i, storage);
        return storage;
      }),
      'Storage + FinalizationRegistry + WeakRef each': time(3e5, (i) => {
        const storage = new Storage(null, i, 80, null, owner, -1);
        registry.register(storage, i, storage);
        return [storage, new WeakRef(storage)];
      }),
      'new Float64Array(10)': time(1e6, () => new Float64Array(10)),
    });
  },

  medium() {
    const it = heap();
    table({
      'allocate(8 KiB), collections included': time(3e5, () => it.allocate(8192, false)),
      'allocate(8 KiB) and dispose': time(3e5, () => it.allocate(8192, false).dispose()),
      'allocate(800 KB) and dispose': time(3e5, () => it.allocate(8e5, false).dispose()),
      'new Float64Array(1024)': time(1e5, () => new Float64Array(1024)),
      'new Float64Array(100 000)': time(2000, () => new Float64Array(100_000)),
    });
  },

  live() {
    const collect = (): string => {
      collector().collect();
      const start = performance.now();
      collector().collect();
      return `${(performance.now() - start).toFixed(1)} ms`;
    };
    console.log(`  collection, nothing live: ${collect()}`);
    const it = heap();
    const arrays: unknown[] = [];
    for (let i = 0; i < 1e6; i++) arrays.push(it.allocate(80, false));
    console.log(`  collection, 1e6 live storages on slabs: ${collect()}`);
    let start = performance.now();
    it.sweep();
    console.log(`  sweep over ${1e6 / 32} live slabs: ${(performance.now() - start).toFixed(1)} ms`);
    arrays.length = 0;
    it.reclaim();
    for (let i = 0; i < 1e5; i++) arrays.push(it.allocate(5000, false));
    start = performance.now();
    it.sweep();
    console.log(`  sweep over 1e5 live storages: ${(performance.now() - start).toFixed(1)} ms`);
    console.log(`  collection, 1e5 live storages watched each: ${collect()}`);
    arrays.length = 0;
    it.reclaim();
    for (let i = 0; i < 1e6; i++) {
      const storage = new Storage(null, i, 80, null, owner, -1);
      registry.register(storage, i, storage);
      arrays.push([storage, new WeakRef(storage)]);
    }
    console.log(`  collection, 1e6 live storages registered each: ${collect()}`);
  },

  loop8mb() {
    for (const shared of [true, false]) {
      const it = new Heap(heapOptions({ shared }));
      const before = process.memoryUsage().rss;
      const a = it.allocate(8e6, true);
      let kept = a;
      const start = performance.now();
      for (let i = 0; i < 3000; i++) {
        const result = it.allocate(8e6, false);
        result.segment?.copy(result.ptr, kept.ptr, 8e6);
        kept = result;
      }
      const took = performance.now() - start;
      const { reclaims, reclaimMilliseconds, touched } = it.figures();
      const rss = process.memoryUsage().rss - before;
      console.log(
        `  shared ${shared}: 3000 copies of 8 MB in one turn ${took.toFixed(0)} ms, ${reclaims} collections ` +
          `${((100 * reclaimMilliseconds) / took).toFixed(1)} %, touched ${(touched / MB).toFixed(0)} MB, RSS +${(rss / MB).toFixed(0)} MB`,
      );
    }
  },

  tenmillion() {
    const it = heap();
    const start = performance.now();
    for (let i = 0; i < 1e7; i++) keep[i & 63] = it.allocate(1000, false);
    const took = performance.now() - start;
    const { reclaims, reclaimMilliseconds, touched } = it.figures();
    console.log(
      `  1e7 × 1000 B in one turn: ${(took / 1e7) * 1e6} ns each, ${reclaims} collections ` +
        `${((100 * reclaimMilliseconds) / took).toFixed(1)} %, touched ${(touched / MB).toFixed(0)} MB, ` +
        `RSS ${(process.memoryUsage().rss / MB).toFixed(0)} MB`,
    );
  },

  bulk() {
    for (const shared of [true, false]) {
      const it = new Heap(heapOptions({ shared }));
      const a = it.allocate(16 * MB, true);
      const b = it.allocate(16 * MB, true);
      const segment = it.primary();
      for (const nbytes of [64, 1024, 65536, 16 * MB]) {
        const count = Math.max(5, Math.min(1e5, (64 * MB) / nbytes));
        console.log(`  shared ${shared}, ${nbytes} bytes`);
        table({
          'memory.fill': time(count, () => segment.fill(a.ptr, nbytes, 0)),
          'Uint8Array.fill': time(count, () => segment.u8.fill(0, a.ptr, a.ptr + nbytes)),
          'memory.copy': time(count, () => segment.copy(b.ptr, a.ptr, nbytes)),
          'Uint8Array.copyWithin': time(count, () => segment.u8.copyWithin(b.ptr, a.ptr, a.ptr + nbytes)),
        });
      }
    }
  },
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(sections)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(name);
  run();
}

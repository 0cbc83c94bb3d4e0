// The unit allocator on its own: no overlap, full coalescing, best fit, bounded fragmentation. It touches no memory.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Blocks } from '../../src/memory/blocks.ts';

const blocksOf = (units: number): Blocks => {
  const blocks = new Blocks();
  blocks.extend(units);
  return blocks;
};

/** Small repeatable random numbers in [0, 1). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('Blocks', () => {
  it('hands out every unit once and refuses the next', () => {
    const blocks = blocksOf(64);
    const units = Array.from({ length: 64 }, () => blocks.take(1)).sort((a, b) => a - b);
    expect(units).toEqual(Array.from({ length: 64 }, (_, i) => i));
    expect(blocks.take(1)).toBe(-1);
    expect(blocks.free).toBe(0);
  });

  it('coalesces with both neighbours, in any order of freeing', () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
    ]) {
      const blocks = blocksOf(30);
      const taken = [blocks.take(10), blocks.take(10), blocks.take(10)];
      for (const i of order) blocks.give(taken[i]);
      expect(blocks.largestFree).toBe(30);
      expect(blocks.take(30)).toBe(0);
    }
  });

  it('takes the best fit, not the first or the lowest', () => {
    const blocks = blocksOf(1000);
    const sizes = [200, 1, 100, 1, 130, 1, 500];
    const taken = sizes.map((size) => blocks.take(size));
    for (const i of [0, 2, 4]) blocks.give(taken[i]);
    expect(blocks.take(101)).toBe(taken[4]); // 130 fits closer than 200
    expect(blocks.take(100)).toBe(taken[2]);
  });

  it("finds a block longer than the request in the request's own list, beyond the search bound", () => {
    const blocks = blocksOf(200_000);
    const kept: number[] = [];
    const freed: number[] = [];
    const lengths = [1039, ...Array.from({ length: 60 }, () => 1024)]; // one list holds 1024 … 1087
    for (const length of lengths) {
      freed.push(blocks.take(length));
      kept.push(blocks.take(1));
    }
    blocks.take(blocks.largestFree);
    for (const unit of freed) blocks.give(unit); // the long one ends up last in the list
    expect(blocks.take(1039)).toBe(freed[0]);
  });

  it('extends the free block at the top', () => {
    const blocks = blocksOf(10);
    blocks.take(4);
    blocks.extend(5000);
    expect(blocks.freeAtTop).toBe(5006);
    expect(blocks.take(5006)).toBe(4);
  });

  it('refuses a second give of the same block', () => {
    const blocks = blocksOf(10);
    const a = blocks.take(2);
    const b = blocks.take(2);
    blocks.give(a);
    blocks.give(b);
    expect(() => blocks.give(b)).toThrow(RangeError);
    expect(() => blocks.give(a)).toThrow(RangeError);
    expect(blocks.free).toBe(10);
  });

  it('never overlaps and returns to one free block, for random sizes and lifetimes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.nat()), { maxLength: 300 }), (steps) => {
        const blocks = blocksOf(4096);
        const owner = new Int32Array(4096);
        const live: { unit: number; size: number; id: number }[] = [];
        const drop = (index: number): void => {
          const [block] = live.splice(index, 1);
          expect(owner.subarray(block.unit, block.unit + block.size).every((id) => id === block.id)).toBe(true);
          owner.fill(0, block.unit, block.unit + block.size);
          blocks.give(block.unit);
        };
        steps.forEach(([size, pick], i) => {
          if (pick % 3 === 0 && live.length > 0) drop(pick % live.length);
          const unit = blocks.take(size);
          if (unit < 0) {
            expect(blocks.largestFree).toBeLessThan(size);
            return;
          }
          expect(owner.subarray(unit, unit + size).every((id) => id === 0)).toBe(true);
          owner.fill(i + 1, unit, unit + size);
          live.push({ unit, size, id: i + 1 });
          expect(blocks.free + live.reduce((sum, block) => sum + block.size, 0)).toBe(4096);
        });
        while (live.length > 0) drop(0);
        expect(blocks.largestFree).toBe(4096);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('wastes less than 35 % under 300,000 random takes and gives of mixed sizes', () => {
    const next = random(42);
    const blocks = blocksOf(1);
    blocks.take(1);
    const live: number[] = [];
    let used = 0;
    let peak = 0;
    for (let i = 0; i < 300_000; i++) {
      const size = Math.ceil(2 ** (next() * 12)); // 1 KiB to 4 MiB, as many small as large
      while (live.length > 0 && used + size > 400_000) {
        const at = Math.floor(next() * live.length);
        const unit = live[at];
        live[at] = live[live.length - 1];
        live.pop();
        used -= blocks.lengthAt(unit);
        blocks.give(unit);
      }
      let unit = blocks.take(size);
      if (unit < 0) {
        blocks.extend(size - blocks.freeAtTop);
        unit = blocks.take(size);
      }
      live.push(unit);
      used += size;
      peak = Math.max(peak, used);
    }
    expect(blocks.units / peak).toBeLessThan(1.35);
  });
});

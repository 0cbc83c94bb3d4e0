// Storage: dispose, host bytes, views that keep their storage, `using`; scratch; red zones; fills and copies.
import { describe, expect, it } from 'vitest';
import { DisposedError, MemoryError } from '../../src/base/errors.ts';
import { allocate, heapOptions, memoryFigures, primarySegment } from '../../src/memory/allocate.ts';
import { collector } from '../../src/memory/collector.ts';
import { Heap } from '../../src/memory/heap.ts';
import { Scratch } from '../../src/memory/scratch.ts';
import { copyBytes, fillBytes } from '../../src/memory/segment.ts';
import { requireLive, type Storage, typedView, wrapHost } from '../../src/memory/storage.ts';

describe('Storage', () => {
  it('is disposed once, by name or by using, and refuses use after', () => {
    const before = memoryFigures().live;
    let outer: Storage;
    {
      using inner = allocate(80, true);
      outer = inner;
      expect(typedView(inner, 8, 2, Float64Array)).toEqual(new Float64Array(2));
    }
    expect(outer.disposed).toBe(true);
    outer.dispose();
    expect(() => typedView(outer, 0, 1, Float64Array)).toThrow(DisposedError);
    expect(() => requireLive(outer, 'add')).toThrow(/add: this array's storage was disposed/);
    expect(memoryFigures().live).toBe(before);
  });

  it.each([
    ['beyond the end', 8, 10],
    ['before the start', -8, 1],
    ['negative length', 0, -1],
  ])('refuses a view %s', (_, offset, length) => {
    expect(() => typedView(allocate(80, false), offset, length, Float64Array)).toThrow(MemoryError);
  });

  it('wraps host bytes without a copy', () => {
    const source = new Float32Array([1, 2, 3, 4]);
    const storage = wrapHost(source.subarray(1));
    expect(storage).toMatchObject({ segment: null, ptr: 4, nbytes: 12, host: source.buffer, disposed: false });
    typedView(storage, 4, 1, Float32Array)[0] = 30;
    expect([...source]).toEqual([1, 2, 30, 4]);
    storage.dispose();
    expect(source[2]).toBe(30);
    expect(() => typedView(storage, 0, 1, Float32Array)).toThrow(DisposedError);
  });

  it('notices a detached host buffer', () => {
    const source = new Float64Array(4);
    const storage = wrapHost(source);
    structuredClone(source.buffer, { transfer: [source.buffer] });
    expect(() => typedView(storage, 0, 1, Float64Array)).toThrow(/detached/);
  });

  it('recognizes its own view when that is wrapped again', () => {
    const storage = allocate(80, true);
    const again = wrapHost(typedView(storage, 16, 4, Float64Array));
    expect(again).toMatchObject({ segment: storage.segment, ptr: storage.ptr + 16, nbytes: 32, host: null });
    again.dispose();
    expect(storage.disposed).toBe(false);
  });

  it('is kept alive by a view, and freed after it', () => {
    const heap = new Heap(heapOptions({ redzones: false }));
    let view: Float64Array | undefined = typedView(heap.allocate(8e5, true), 0, 100_000, Float64Array);
    collector().forget();
    heap.reclaim();
    expect(heap.figures().live).toBeGreaterThan(0);
    expect(view.length).toBe(100_000);
    view = undefined;
    heap.reclaim();
    expect(heap.figures().live).toBe(0);
  });
});

describe.each([true, false])('bulk operations, shared %s', (shared) => {
  const heap = new Heap(heapOptions({ shared, redzones: false, maxPages: 64 }));
  it('fills exactly the range', () => {
    const a = heap.allocate(1000, true);
    const segment = a.segment ?? heap.primary();
    fillBytes(segment, a.ptr + 3, 990, 0xfe);
    const bytes = segment.u8.subarray(a.ptr, a.ptr + 1000);
    expect([bytes[2], bytes[3], bytes[992], bytes[993]]).toEqual([0, 0xfe, 0xfe, 0]);
  });
  it('copies with overlap, and between segments', () => {
    const a = heap.allocate(3 * 2 ** 20, true);
    const b = heap.allocate(3 * 2 ** 20, true);
    const [from, to] = [a.segment ?? heap.primary(), b.segment ?? heap.primary()];
    expect(from).not.toBe(to);
    for (let i = 0; i < 100; i++) from.u8[a.ptr + i] = i;
    copyBytes(from, a.ptr + 10, from, a.ptr, 100);
    expect([from.u8[a.ptr + 10], from.u8[a.ptr + 109]]).toEqual([0, 99]);
    copyBytes(to, b.ptr, from, a.ptr + 10, 100);
    expect(Array.from(to.u8.subarray(b.ptr, b.ptr + 101))).toEqual([...Array(100).keys(), 0]);
  });
});

describe('red zones', () => {
  const heap = new Heap(heapOptions({ redzones: true }));
  const poke = (storage: Storage, at: number): void => {
    (storage.segment ?? heap.primary()).u8[storage.ptr + at] ^= 1;
  };
  it.each([10, 80, 3000, 100_000])('finds a write on either side of %i bytes, and after free', (nbytes) => {
    for (const [at, message] of [
      [-1, /stray write before/],
      [nbytes, /stray write after/],
    ] as const) {
      const storage = heap.allocate(nbytes, false);
      poke(storage, at);
      expect(() => heap.verify()).toThrow(message);
      poke(storage, at);
      heap.verify();
      storage.dispose();
      poke(storage, 5);
      expect(() => heap.allocate(nbytes, false)).toThrow(/stray write into freed/);
      poke(storage, 5);
    }
  });
});

describe('Scratch', () => {
  const heap = new Heap(heapOptions({ redzones: false }));
  const scratch = new Scratch(() => heap);
  const segment = heap.primary();

  it('stacks, aligns, and keeps addresses when it grows', () => {
    const bottom = scratch.mark();
    const a = scratch.take(segment, 100);
    const b = scratch.take(segment, 100, 4096);
    expect([a % 64, b % 4096]).toEqual([0, 0]);
    segment.fill(a, 100, 1);
    const middle = scratch.mark();
    const c = scratch.take(segment, 10_000_000);
    segment.fill(c, 10_000_000, 3);
    segment.fill(b, 100, 2);
    scratch.release(middle);
    expect(scratch.take(segment, 64)).toBeLessThan(b + 200); // back on the first chunk
    expect([segment.u8[a + 99], segment.u8[b + 99]]).toEqual([1, 2]);
    scratch.release(bottom);
    expect(scratch.take(segment, 100)).toBe(a);
    scratch.release(bottom);
  });

  it('is charged while taken and returns to nothing when trimmed', () => {
    const mark = scratch.mark();
    scratch.take(segment, 10_000_000);
    scratch.take(segment, 20_000_000);
    expect(heap.figures().live).toBeGreaterThanOrEqual(30_000_000);
    scratch.release(mark);
    expect(heap.figures().live).toBeLessThanOrEqual(4 * 2 ** 20);
    scratch.trim();
    expect(heap.figures().live).toBe(0);
  });
});

it('gives the primary segment that allocate uses', () => {
  expect(allocate(8, false).segment).toBe(primarySegment());
});

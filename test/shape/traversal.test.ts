// Coalescing and overlap against brute force: every address visited, every byte touched.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coalesce, type Loops } from '../../src/shape/coalesce.ts';
import { extent, type Layout, mayOverlap, overlapsItself, sameLayout, solveOverlap } from '../../src/shape/overlap.ts';
import { contiguousStrides } from '../../src/shape/strides.ts';
import { addresses } from './_naive.ts';

describe('coalesce', () => {
  test.each<[string, number[], number[][], Loops]>([
    [
      'equal and contiguous',
      [2, 3, 4],
      [
        [96, 32, 8],
        [96, 32, 8],
      ],
      { shape: [24], strides: [[8], [8]] },
    ],
    ['0-d', [], [[], []], { shape: [1], strides: [[0], [0]] }],
    ['all ones', [1, 1], [[8, 8]], { shape: [1], strides: [[0]] }],
    [
      'empty',
      [3, 0],
      [
        [8, 8],
        [0, 8],
      ],
      { shape: [0], strides: [[0], [0]] },
    ],
    ['ones dropped', [2, 1, 3], [[24, 999, 8]], { shape: [6], strides: [[8]] }],
    [
      'row broadcast',
      [4, 5],
      [
        [0, 8],
        [40, 8],
      ],
      {
        shape: [4, 5],
        strides: [
          [0, 8],
          [40, 8],
        ],
      },
    ],
    [
      'scalar broadcast',
      [4, 5],
      [
        [0, 0],
        [40, 8],
      ],
      { shape: [20], strides: [[0], [8]] },
    ],
    [
      'both in F order',
      [4, 5],
      [
        [8, 32],
        [8, 32],
      ],
      { shape: [20], strides: [[8], [8]] },
    ],
    [
      'output decides',
      [4, 5],
      [
        [8, 32],
        [40, 8],
      ],
      {
        shape: [4, 5],
        strides: [
          [8, 32],
          [40, 8],
        ],
      },
    ],
    [
      'output in F order',
      [4, 5],
      [
        [40, 8],
        [8, 32],
      ],
      {
        shape: [5, 4],
        strides: [
          [8, 40],
          [32, 8],
        ],
      },
    ],
    [
      'inputs break ties',
      [4, 5],
      [
        [8, 32],
        [0, 0],
      ],
      { shape: [20], strides: [[8], [0]] },
    ],
    [
      'first input before the second',
      [4, 5],
      [
        [8, 32],
        [40, 8],
        [0, 0],
      ],
      {
        shape: [5, 4],
        strides: [
          [32, 8],
          [8, 40],
          [0, 0],
        ],
      },
    ],
    [
      'ties keep their order',
      [2, 3],
      [
        [8, 8],
        [8, 8],
      ],
      {
        shape: [2, 3],
        strides: [
          [8, 8],
          [8, 8],
        ],
      },
    ],
    [
      'negative strides stay',
      [2, 3],
      [
        [-24, -8],
        [24, 8],
      ],
      { shape: [6], strides: [[-8], [8]] },
    ],
    ['by magnitude', [2, 3], [[-8, -16]], { shape: [6], strides: [[-8]] }],
    [
      'reversed rows',
      [2, 3],
      [
        [-24, 8],
        [24, 8],
      ],
      {
        shape: [2, 3],
        strides: [
          [-24, 8],
          [24, 8],
        ],
      },
    ],
    [
      'pairs merge',
      [2, 3, 4, 5],
      [
        [0, 0, 40, 8],
        [480, 160, 40, 8],
      ],
      {
        shape: [6, 20],
        strides: [
          [0, 8],
          [160, 8],
        ],
      },
    ],
    ['no operands', [2, 3], [], { shape: [6], strides: [] }],
  ])('%s', (_, shape, strides, expected) => {
    expect(coalesce(shape, strides)).toEqual(expected);
  });

  test('keepOrder merges without reordering', () => {
    expect(
      coalesce(
        [4, 5],
        [
          [8, 32],
          [8, 32],
        ],
        { keepOrder: true },
      ),
    ).toEqual({
      shape: [4, 5],
      strides: [
        [8, 32],
        [8, 32],
      ],
    });
    expect(coalesce([4, 5], [[40, 8]], { keepOrder: true })).toEqual({ shape: [20], strides: [[8]] });
  });

  const traversal = fc
    .tuple(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }), fc.integer({ min: 1, max: 3 }))
    .chain(([shape, operands]) => {
      const plain = contiguousStrides(shape, 1);
      const stride = (d: number) => fc.constantFrom(plain[d], plain[d], plain[d], -plain[d], 0, 2 * plain[d], 5);
      const one: fc.Arbitrary<number[]> = fc.tuple(...shape.map((_, d) => stride(d)));
      const fOrder = fc.constant(contiguousStrides(shape, 1, 'F'));
      return fc.tuple(
        fc.constant(shape),
        fc.array(fc.oneof(one, fOrder), { minLength: operands, maxLength: operands }),
      );
    });

  const tuples = (shape: number[], strides: number[][]) => {
    const lists = strides.map((s) => addresses(shape, s));
    return lists[0].map((_, i) => lists.map((l) => l[i]).join());
  };

  test('law: the same pairs of addresses, each as often; in order when order is kept', () => {
    fc.assert(
      fc.property(traversal, ([shape, strides]) => {
        const loops = coalesce(shape, strides);
        expect(loops.shape.length).toBeGreaterThan(0);
        expect(tuples(loops.shape, loops.strides).sort()).toEqual(tuples(shape, strides).sort());
        const kept = coalesce(shape, strides, { keepOrder: true });
        expect(tuples(kept.shape, kept.strides)).toEqual(tuples(shape, strides));
        expect(coalesce(loops.shape, loops.strides)).toEqual(loops);
      }),
      { numRuns: 500 },
    );
  });
});

const layout = (offset: number, shape: number[], strides: number[], itemsize: number): Layout => ({
  offset,
  shape,
  strides,
  itemsize,
});

/** Every byte of every element. */
const bytes = (a: Layout) =>
  addresses(a.shape, a.strides, a.offset).flatMap((p) => Array.from({ length: a.itemsize }, (_, k) => p + k));

const anyLayout = fc
  .tuple(
    fc.integer({ min: 0, max: 30 }),
    fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: -13, max: 13 })), { maxLength: 3 }),
    fc.constantFrom(1, 2, 4),
  )
  .map(([offset, dims, itemsize]) =>
    layout(
      offset,
      dims.map((d) => d[0]),
      dims.map((d) => d[1]),
      itemsize,
    ),
  );

describe('overlap', () => {
  test('extent', () => {
    expect(extent(0, [2, 3], [24, 8], 8)).toEqual([0, 48]);
    expect(extent(100, [2, 3], [-24, 8], 8)).toEqual([76, 124]);
    expect(extent(5, [0, 3], [24, 8], 8)).toEqual([5, 5]);
    expect(extent(5, [], [], 8)).toEqual([5, 13]);
  });

  test('interleaved columns: bounds meet, bytes do not', () => {
    const even = layout(0, [10], [16], 8);
    const odd = layout(8, [10], [16], 8);
    expect(mayOverlap(even, odd)).toBe(true);
    expect(solveOverlap(even, odd)).toBe(false);
    expect(solveOverlap(even, layout(7, [10], [16], 8))).toBe(true);
  });

  test('large layouts are decided quickly, and a spent work limit says yes', () => {
    const a = layout(0, [1000, 1000], [8000, 8], 8);
    expect(solveOverlap(a, layout(4, [1000, 1000], [8000, 8], 4))).toBe(true);
    expect(solveOverlap(layout(0, [1000, 500], [8000, 16], 8), layout(8, [1000, 500], [8000, 16], 8))).toBe(false);
    const hard = layout(0, [9, 9, 9], [1009, 1013, 1019], 1);
    expect(solveOverlap(hard, layout(1, [9, 9, 9], [1021, 1031, 1033], 1), 0)).toBe(true);
    expect(overlapsItself(a)).toBe(false);
  });

  test('sameLayout ignores strides of dimensions of size 1', () => {
    expect(sameLayout(layout(0, [3, 1], [8, 8], 8), layout(0, [3, 1], [8, 0], 8))).toBe(true);
    expect(sameLayout(layout(0, [3], [8], 8), layout(0, [3], [-8], 8))).toBe(false);
    expect(sameLayout(layout(0, [3], [8], 8), layout(8, [3], [8], 8))).toBe(false);
    expect(sameLayout(layout(0, [3], [8], 8), layout(0, [3], [8], 4))).toBe(false);
  });

  test('law: bounds contain every byte, and the exact tests are exact', () => {
    fc.assert(
      fc.property(anyLayout, anyLayout, (a, b) => {
        const ba = bytes(a);
        const bb = bytes(b);
        const [lo, hi] = extent(a.offset, a.shape, a.strides, a.itemsize);
        expect(ba.length === 0 ? lo : Math.min(...ba)).toBe(lo);
        expect(ba.length === 0 ? hi : Math.max(...ba) + 1).toBe(hi);
        const set = new Set(ba);
        const shared = bb.some((p) => set.has(p));
        expect(solveOverlap(a, b)).toBe(shared);
        expect(solveOverlap(b, a)).toBe(shared);
        if (shared) expect(mayOverlap(a, b)).toBe(true);
        expect(overlapsItself(a)).toBe(set.size < ba.length);
      }),
      { numRuns: 1000 },
    );
  });
});

// Shapes, broadcasting, slicing and reshaping: NumPy's answers (test/fixtures/shape.json), laws, and messages.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArgumentError, AxisError, IndexError, ShapeError } from '../../src/base/errors.ts';
import { broadcastShapes, broadcastStrides } from '../../src/shape/broadcast.ts';
import {
  expandedDims,
  invertPermutation,
  movePermutation,
  permutation,
  permute,
  squeezedDims,
  swapPermutation,
} from '../../src/shape/permute.ts';
import { splitAxes } from '../../src/shape/reduction.ts';
import { inferShape, reshapeStrides } from '../../src/shape/reshape.ts';
import { resolveIndex } from '../../src/shape/selection.ts';
import { type IndexItem, isIndexItem, parseIndex, resolveSlice, Slice, slice } from '../../src/shape/slicing.ts';
import {
  checkShape,
  contiguousStrides,
  formatShape,
  isContiguous,
  normalizeAxes,
  normalizeAxis,
  type Order,
  sameShape,
  sizeOf,
} from '../../src/shape/strides.ts';
import { addresses } from './_naive.ts';

const numpy: {
  reshape: [number[], number[], number[], Order, (number | null)[] | null][];
  index: [(string | null)[], number[], number[], number][];
  slices: [[number | null, number | null, number | null], number, number[]][];
  broadcast: [number[][], number[] | null][];
} = JSON.parse(readFileSync(new URL('../fixtures/shape.json', import.meta.url), 'utf8'));

const anyShape = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 });

describe('strides', () => {
  test.each<[number[], Order, number[]]>([
    [[], 'C', []],
    [[5], 'C', [8]],
    [[2, 3], 'C', [24, 8]],
    [[2, 3], 'F', [8, 16]],
    [[3, 0, 4], 'C', [32, 32, 8]],
    [[2, 1, 3], 'C', [24, 24, 8]],
  ])('contiguousStrides %j %s', (shape, order, expected) => {
    expect(contiguousStrides(shape, 8, order)).toEqual(expected);
  });

  test.each<[number[], number[], Order, boolean]>([
    [[], [], 'C', true],
    [[2, 3], [24, 8], 'C', true],
    [[2, 3], [24, 8], 'F', false],
    [[2, 3], [8, 16], 'F', true],
    [[3, 1], [8, 999], 'C', true],
    [[3, 1], [8, 999], 'F', true],
    [[3], [-8], 'C', false],
    [[3], [16], 'C', false],
    [[3], [0], 'C', false],
    [[4, 0], [1, 1], 'C', true],
    [[2, 0, 3], [7, 7, 7], 'F', true],
  ])('isContiguous %j %j %s', (shape, strides, order, expected) => {
    expect(isContiguous(shape, strides, 8, order)).toBe(expected);
  });

  test('law: contiguous strides are contiguous and enumerate 0, 1, 2 …', () => {
    fc.assert(
      fc.property(anyShape, (shape) => {
        expect(isContiguous(shape, contiguousStrides(shape, 4, 'F'), 4, 'F')).toBe(true);
        expect(addresses(shape, contiguousStrides(shape, 1, 'C'))).toEqual(
          Array.from({ length: sizeOf(shape) }, (_, i) => i),
        );
      }),
    );
  });

  test.each<[unknown, number[]]>([
    [3, [3]],
    [3n, [3]],
    [[], []],
    [
      [2, 3n, 0],
      [2, 3, 0],
    ],
    [Int32Array.of(4, 5), [4, 5]],
    [[-0], [0]],
    [
      [2 ** 40, 0, 2 ** 13 - 1],
      [2 ** 40, 0, 2 ** 13 - 1],
    ],
  ])('checkShape(%o) is accepted', (x, expected) => {
    expect(checkShape(x)).toStrictEqual(expected);
  });

  test.each<[unknown, string]>([
    [[2, -1], 'zeros: dimension 1 is -1\n  fix: dimensions are integers from 0 on (-1 only where a size is inferred'],
    [[1.5], 'zeros: dimension 0 is 1.5'],
    [[Number.NaN], 'zeros: dimension 0 is NaN'],
    [['2'], "zeros: dimension 0 is '2'"],
    ['23', "zeros: '23' is not a shape\n  fix: pass a length or an array of lengths, like [2, 3]"],
    [null, 'zeros: null is not a shape'],
    [new DataView(new ArrayBuffer(1)), 'is not a shape'],
    [[2 ** 40, 2 ** 20], 'zeros: (1099511627776,1048576) has about 1.15e+18 elements, more than can be counted'],
    [new Array(65).fill(1), 'zeros: 65 dimensions are more than the 64 allowed'],
  ])('checkShape(%o) is refused', (x, message) => {
    expect(() => checkShape(x, 'zeros')).toThrow(ShapeError);
    expect(() => checkShape(x, 'zeros')).toThrow(message);
  });

  test('axes', () => {
    expect(normalizeAxis(-1, 3)).toBe(2);
    expect(Object.is(normalizeAxis(-0, 3), 0)).toBe(true);
    expect(normalizeAxes([-1, 0], 3)).toEqual([2, 0]);
    expect(normalizeAxes(undefined, 2)).toEqual([0, 1]);
    expect(normalizeAxes(1, 2)).toEqual([1]);
    expect(() => normalizeAxis(2, 2, 'sum')).toThrow(
      'sum: axis 2 does not exist\n  fix: axes of a 2-dimensional array go from -2 to 1',
    );
    expect(() => normalizeAxis(0, 0)).toThrow('a 0-dimensional array has no axes');
    expect(() => normalizeAxis(0.5, 2)).toThrow(AxisError);
    expect(() => normalizeAxes([0, -2], 2, 'mean')).toThrow('mean: axis 0 is named twice in [0, -2]');
  });

  test('formatShape, sameShape', () => {
    expect([[], [4], [3, 2]].map(formatShape)).toEqual(['()', '(4,)', '(3,2)']);
    expect([sameShape([], []), sameShape([1], []), sameShape([2, 3], [2, 3]), sameShape([2, 3], [2, 4])]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe('broadcast', () => {
  test('shapes as NumPy', () => {
    for (const [shapes, expected] of numpy.broadcast) {
      if (expected === null) expect(() => broadcastShapes(shapes)).toThrow(ShapeError);
      else expect(broadcastShapes(shapes), JSON.stringify(shapes)).toEqual(expected);
    }
  });

  test('laws: commutes, idempotent, and strides read the same elements', () => {
    fc.assert(
      fc.property(anyShape, anyShape, (a, b) => {
        const result = (x: number[], y: number[]) => {
          try {
            return broadcastShapes([x, y]);
          } catch {
            return null;
          }
        };
        const c = result(a, b);
        expect(result(b, a)).toEqual(c);
        if (c === null) return;
        expect(result(a, c)).toEqual(c);
        const strides = broadcastStrides(a, contiguousStrides(a, 1), c);
        const seen = addresses(c, strides);
        expect(new Set(seen).size).toBe(sizeOf(a));
      }),
    );
  });

  test.each<[number[], number[], number[], number[]]>([
    [
      [3, 1],
      [8, 8],
      [2, 3, 4],
      [0, 8, 0],
    ],
    [[4], [8], [4], [8]],
    [[1], [8], [0], [0]],
    [[], [], [2, 2], [0, 0]],
    [[3], [-8], [2, 3], [0, -8]],
  ])('broadcastStrides %j %j to %j', (shape, strides, target, expected) => {
    expect(broadcastStrides(shape, strides, target)).toEqual(expected);
  });

  test('messages say which dimension, and the likely remedy', () => {
    expect(() => broadcastShapes([[3, 2], [4]], 'add')).toThrow(
      'add: operands could not be broadcast together with shapes (3,2) (4,): dimension 1 (-1 from the end) is 2 against 4\n' +
        '  fix: make the dimensions equal or 1, aligned at the last one',
    );
    expect(() => broadcastShapes([[3, 2], [3]])).toThrow(
      'fix: reshape the operand of shape (3,) to (3,1) to align it with the first dimensions',
    );
    expect(() => broadcastStrides([2], [8], [3])).toThrow('an array of shape (2,) does not broadcast to (3,)');
    expect(() => broadcastStrides([2, 3], [8, 8], [3])).toThrow('an array of shape (2,3) does not broadcast to (3,)');
    expect(() => broadcastStrides([2], [8], [1])).toThrow(ShapeError);
  });
});

describe('slicing', () => {
  test('slices as Python clips them', () => {
    for (const [[start, stop, step], size, expected] of numpy.slices) {
      const range = resolveSlice(slice(start, stop, step), size);
      const got = Array.from({ length: range.length }, (_, i) => range.start + i * range.step);
      expect(got, `${start}:${stop}:${step} of ${size}`).toEqual(expected);
    }
  });

  test.each(numpy.index)('a[%j] as NumPy', (items, shape, strides, offset) => {
    const v = resolveIndex(items, [4, 5, 6], [240, 48, 8], 0);
    expect([v.shape, v.offset]).toEqual([shape, offset]);
    expect(v.strides.map((s, i) => (shape[i] > 1 ? s : null))).toEqual(
      strides.map((s, i) => (shape[i] > 1 ? s : null)),
    );
  });

  test('law: an index selects what naive nested loops select', () => {
    const part = fc.option(fc.integer({ min: -6, max: 6 }));
    const item: fc.Arbitrary<IndexItem> = fc.oneof(
      fc.tuple(part, part, fc.constantFrom(null, 1, 2, -1, -3)).map((p) => new Slice(...p)),
      fc.integer({ min: -2, max: 1 }),
      fc.constant(null),
    );
    const twoOrMore = fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(twoOrMore, fc.array(item, { maxLength: 3 }), (shape, items) => {
        const strides = contiguousStrides(shape, 1);
        const view = resolveIndex(items, shape, strides, 7);
        const chosen = [...items.filter((i) => i !== null), ':', ':', ':'].slice(0, 3).map((i, axis) => {
          const all = Array.from({ length: shape[axis] }, (_, k) => k);
          if (typeof i === 'number') return [all.at(i) as number];
          if (!(i instanceof Slice)) return all;
          // The definition: walk from start by step while inside both the slice and the axis.
          const step = i.step ?? 1;
          const wrap = (x: number) => (x < 0 ? x + shape[axis] : x);
          const walk = step > 0 ? all : all.reverse();
          const inside = walk.filter((k) => {
            const from = i.start === null || (step > 0 ? k >= wrap(i.start) : k <= wrap(i.start));
            const to = i.stop === null || (step > 0 ? k < wrap(i.stop) : k > wrap(i.stop));
            return from && to;
          });
          return inside.filter((_, k) => k % Math.abs(step) === 0);
        });
        const expected: number[] = [];
        for (const x of chosen[0])
          for (const y of chosen[1])
            for (const z of chosen[2]) expected.push(7 + x * strides[0] + y * strides[1] + z * strides[2]);
        expect(addresses(view.shape, view.strides, view.offset)).toEqual(expected);
      }),
    );
  });

  test('parts of an index', () => {
    expect(parseIndex(' 1 : -2 : 3 ')).toEqual(slice(1, -2, 3));
    expect(parseIndex(':')).toEqual(slice());
    expect(parseIndex('-3')).toBe(-3);
    expect(parseIndex(' ... ')).toBe('...');
    expect(`${slice(1, null, 2)} ${slice(null, 5)} ${slice()}`).toBe('1::2 :5 :');
    expect(slice(1n, 3n)).toEqual(slice(1, 3));
    expect([1, 1n, ':', null, slice(), [0], true, undefined].map(isIndexItem)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(resolveIndex([1n], [2], [8], 0)).toEqual({ shape: [], strides: [], offset: 8 });
  });

  test.each<[IndexItem[], string]>([
    [[2], 'index 2 is out of bounds on axis 0 of size 2\n  fix: indices go from -2 to 1'],
    [[0, -4], 'index -4 is out of bounds on axis 1 of size 3'],
    [[0.5], 'index 0.5 on axis 0 is not an integer'],
    [[':', ':', 0], '3 indices for an array of shape (2,3)\n  fix: give at most 2; null inserts an axis'],
    [['...', 0, 0, 0], '3 indices for an array of shape (2,3)'],
    [['...', '...'], "an index can have one '...', not two"],
    [['1:2:3:4'], "'1:2:3:4' is not an index\n  fix: write a slice like '1:5', '::-1' or ':'"],
    [['a:b'], "'a:b' is not an index"],
    [[''], "'' is not an index"],
    [['::0'], 'a slice cannot have step 0'],
  ])('a[%o] is refused', (items, message) => {
    expect(() => resolveIndex(items, [2, 3], [24, 8], 0)).toThrow(IndexError);
    expect(() => resolveIndex(items, [2, 3], [24, 8], 0)).toThrow(message);
  });

  test('slice parts are integers', () => {
    expect(() => slice(0.5)).toThrow('slice start 0.5 is not an integer');
    expect(() => resolveIndex([0], [0], [8], 0)).toThrow(
      'index 0 is out of bounds on axis 0 of size 0\n  fix: the axis is empty',
    );
  });
});

describe('reshape', () => {
  test('views exactly where NumPy makes views, with its strides', () => {
    for (const [shape, strides, newShape, order, expected] of numpy.reshape) {
      const got = reshapeStrides(shape, strides, newShape, order, 4);
      const line = JSON.stringify([shape, strides, newShape, order]);
      expect(got?.map((s, i) => (newShape[i] > 1 ? s : null)) ?? null, line).toEqual(expected);
    }
  });

  test('law: a view enumerates the same addresses, and contiguous arrays always reshape', () => {
    fc.assert(
      fc.property(anyShape, anyShape, fc.boolean(), fc.boolean(), (a, b, c, reversed) => {
        const order = c ? 'C' : 'F';
        const whole = [...a, ...b];
        let strides = contiguousStrides(whole, 1, 'C');
        if (reversed) strides = strides.map((s) => -s);
        const target = [sizeOf(a), 1, sizeOf(b)];
        const view = reshapeStrides(whole, strides, target, order, 1);
        if (order === 'C') expect(view).not.toBeNull();
        if (view === null) return;
        const visit =
          order === 'C' ? addresses : (s: number[], t: number[]) => addresses([...s].reverse(), [...t].reverse());
        expect(visit(target, view)).toEqual(visit(whole, strides));
        const back = reshapeStrides(target, view, whole, order, 1);
        if (back !== null) expect(visit(whole, back)).toEqual(visit(whole, strides));
      }),
    );
  });

  test('empty arrays reshape to any empty shape', () => {
    expect(reshapeStrides([0, 3], [5, 7], [3, 0, 2], 'C', 8)).toEqual(contiguousStrides([3, 0, 2], 8));
  });

  test.each<[number[], number, number[]]>([
    [[-1], 6, [6]],
    [[-1, 2], 6, [3, 2]],
    [[2, 3], 6, [2, 3]],
    [[], 1, []],
    [[3, -1], 0, [3, 0]],
    [[0, 4], 0, [0, 4]],
  ])('inferShape(%j, %i)', (shape, size, expected) => {
    expect(inferShape(shape, size)).toEqual(expected);
  });

  test.each<[number[], number, string]>([
    [[-1, -1], 6, 'reshape: (-1,-1) has more than one -1'],
    [[-1, 4], 6, 'reshape: 6 elements do not fit shape (-1,4), which has a multiple of 4 elements'],
    [
      [2, 2],
      6,
      'reshape: 6 elements do not fit shape (2,2), which has 4 elements\n  fix: choose dimensions whose product is 6',
    ],
    [[-1, 0], 0, 'nothing to tell -1 by'],
    [[-2, 3], 6, 'reshape: dimension 0 of (-2,3) is -2'],
    [[1.5, 4], 6, 'reshape: dimension 0 of (1.5,4) is 1.5'],
  ])('inferShape(%j, %i) is refused', (shape, size, message) => {
    expect(() => inferShape(shape, size)).toThrow(ShapeError);
    expect(() => inferShape(shape, size)).toThrow(message);
  });
});

describe('permutations', () => {
  test('tables', () => {
    expect(permutation(3)).toEqual([2, 1, 0]);
    expect(permutation(3, [1, -1, 0])).toEqual([1, 2, 0]);
    expect(permute([5, 6, 7], [1, 2, 0])).toEqual([6, 7, 5]);
    expect(invertPermutation([1, 2, 0])).toEqual([2, 0, 1]);
    expect(swapPermutation(3, 0, -1)).toEqual([2, 1, 0]);
    expect(movePermutation(3, 0, -1)).toEqual([1, 2, 0]);
    expect(movePermutation(4, [0, 1], [-1, -2])).toEqual([2, 3, 1, 0]);
    expect(squeezedDims([1, 3, 1])).toEqual([1]);
    expect(squeezedDims([1, 3, 1], -1)).toEqual([0, 1]);
    expect(expandedDims(1, 0)).toEqual([-1, 0]);
    expect(expandedDims(2, [0, -1])).toEqual([-1, 0, 1, -1]);
  });

  test('messages', () => {
    expect(() => permutation(3, [0, 1])).toThrow('transpose: [0, 1] names 2 of 3 axes');
    expect(() => permutation(2, [0, 0])).toThrow(AxisError);
    expect(() => movePermutation(3, [0, 1], 0)).toThrow(ArgumentError);
    expect(() => squeezedDims([2, 1], 0)).toThrow('squeeze: axis 0 of (2,1) has size 2, not 1');
    expect(() => expandedDims(1, 2)).toThrow('expand_dims: axis 2 does not exist');
  });
});

test('splitAxes', () => {
  expect(splitAxes([2, 3, 4], [-1, 0])).toEqual({
    kept: [1],
    reduced: [0, 2],
    keptShape: [3],
    reducedShape: [2, 4],
    keepdimsShape: [1, 3, 1],
  });
  expect(splitAxes([2, 3]).keptShape).toEqual([]);
  expect(splitAxes([2, 3], []).reduced).toEqual([]);
  expect(splitAxes([], null)).toMatchObject({ keptShape: [], reducedShape: [], keepdimsShape: [] });
  expect(() => splitAxes([2], 1, 'sum')).toThrow('sum: axis 1 does not exist');
});

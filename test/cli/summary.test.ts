// Statistics in blocks: the same as those of the whole, however it is cut; histograms that widen; the first and last
// elements; rows of text cut anywhere.

import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Corners } from '../../cli/inspect/corners.ts';
import { readCsv } from '../../cli/inspect/csv.ts';
import { Histogram, sparkline } from '../../cli/inspect/histogram.ts';
import { endOfRows } from '../../cli/inspect/records.ts';
import { Summary } from '../../cli/inspect/summary.ts';
import * as np from '../../src/index.ts';
import { regionsOf } from '../../src/io/blocks.ts';
import { useFolder } from './_here.ts';

const at = useFolder();
const spread = np.add(np.multiply(np.sin(np.arange(1000)), 5), 1e6);
const whole = (a: np.NDArray) => {
  const summary = new Summary(a.dtype);
  summary.add(a);
  return summary.result();
};
const inBlocks = (a: np.NDArray, size: number) => {
  const summary = new Summary(a.dtype);
  for (let i = 0; i < a.size; i += size) summary.add(a.get(`${i}:${i + size}`));
  return summary.result();
};

describe('statistics', () => {
  test.each(['float64', 'float32', 'float16', 'int64', 'int8', 'uint16', 'complex64'] as const)(
    '%s in blocks as of the whole',
    (dtype) => {
      const a = np.multiply(np.sin(np.arange(1000)), 100).astype('float64');
      const x = (dtype.startsWith('u') ? np.abs(a) : a).astype(dtype, { casting: 'unsafe' });
      const [one, many] = [whole(x), inBlocks(x, 37)];
      const { mean, std, ...exact } = many ?? {};
      expect(one).toMatchObject(exact);
      if (dtype !== 'complex64') expect(mean).toBeCloseTo(Number(np.mean(x, { dtype: 'float64' })), 10);
      expect(std).toBeCloseTo(Number(np.std(x, { dtype: dtype === 'complex64' ? 'complex128' : 'float64' })), 10);
    },
  );

  test('a large mean costs no digits of the spread', () => {
    expect(inBlocks(spread, 10)?.std).toBeCloseTo(Number(np.std(spread)), 9);
  });

  test('NaN and infinities are counted, wherever the cuts are', () => {
    const a = np.array([1, Number.NaN, -1 / 0, 0, 1 / 0, 3, Number.NaN]);
    const want = { count: 7, nan: 2, inf: 2, neginf: 1, zeros: 1, min: 0, max: 3, mean: 4 / 3 };
    for (const size of [1, 2, 7]) expect(inBlocks(a, size)).toMatchObject(want);
    expect(whole(np.zeros([0]))).toBeUndefined();
    expect(whole(np.array([Number.NaN]))).toMatchObject({ count: 1, mean: null, std: null });
    expect(whole(np.array([new np.Complex(0, 1 / 0), new np.Complex(1)]))).toMatchObject({ inf: 1, mean: '(1+0j)' });
  });

  test('numbers at the ends of the range', () => {
    expect(whole(np.array([1.7e308, 1e308]))).toMatchObject({ max: 1.7e308, mean: 'too large for a float64' });
    expect(whole(np.array([5e-324, 0]))).toMatchObject({ min: 0, max: 5e-324, zeros: 1 });
  });
});

const filled = (integers: boolean, ...blocks: number[][]): Histogram => {
  const h = new Histogram(integers);
  for (const block of blocks) h.add(np.array(block), Math.min(...block), Math.max(...block));
  return h;
};

describe('histograms', () => {
  test.each<[blocks: number[][]]>([
    [[[1, 2, 3, 4]]],
    [[[0], [0, 0], [1e-300], [1]]],
    [[[5], [-1e9, 7], [1e9]]],
    [[[1e-320], [1e300], [-1e308, 1e308]]],
    [[[0.1], [0.1], [0.3]]],
    [[[2 ** 53, 2 ** 53 + 2], [-1]]],
  ])('%j: every element is in the bin that its value says', (blocks) => {
    const bins = filled(false, ...blocks).bins(1000);
    const values = blocks.flat();
    expect(bins?.counts.reduce((sum, n) => sum + n, 0)).toBe(values.length);
    expect(bins?.counts.length).toBeLessThanOrEqual(512);
    const { from = 0, width = 0, counts = [] } = bins ?? {};
    const want = counts.map(() => 0);
    for (const x of values) want[Math.floor(x / width) - Math.floor(from / width)]++;
    expect(counts).toEqual(want);
  });

  test('integers have bins of at least 1, and grouping loses none', () => {
    const h = filled(true, [0, 9, 9], [4]);
    expect(h.bins(64)).toEqual({ from: 0, width: 1, counts: [1, 0, 0, 0, 1, 0, 0, 0, 0, 2] });
    expect(h.bins(4)).toEqual({ from: 0, width: 3, counts: [1, 1, 0, 2] });
    expect(filled(false).bins(4)).toBeUndefined();
  });

  test('a line of blocks', () => expect(sparkline([0, 1, 4, 8])).toBe(' ▁▄█'));
});

test.each<[shape: number[], chunks: number[], most: number, count: number]>([
  [[10, 10], [1, 1], 25, 5],
  [[10, 10], [1, 1], 7, 20],
  [[10, 10], [4, 4], 32, 6],
  [[10, 10], [20, 20], 4, 1],
  [[], [], 5, 1],
  [[0, 3], [1, 1], 5, 0],
  [[2, 3, 4], [1, 1, 1], 1000, 1],
])('regions of %j in chunks of %j, %i at most', (shape, chunks, most, count) => {
  const seen = np.zeros(shape, { dtype: 'int32' });
  let regions = 0;
  for (const region of regionsOf(shape, chunks, most)) {
    regions++;
    const index = region.start.map((s, d) => `${s}:${s + region.shape[d]}`);
    seen.set(index, np.add(seen.get(...index), 1n));
  }
  expect(regions).toBe(count);
  expect(np.all(np.equal(seen, 1))).toBe(true);
});

test.each<[shape: number[]]>([[[1000]], [[7]], [[30, 1, 9]], [[8, 8]], [[3, 100]], [[9, 9, 9, 9]], [[]]])(
  'first and last elements of %j as of the whole',
  (shape) => {
    const a = np.arange(shape.reduce((size, n) => size * n, 1)).reshape(shape);
    const corners = new Corners(shape, a.dtype);
    for (const { start, shape: extent } of regionsOf(
      shape,
      shape.map(() => 1),
      50,
    )) {
      corners.add({ start, data: a.get(...start.map((s, d) => `${s}:${s + extent[d]}`)) });
    }
    const edgeitems = shape.length < 3 ? 3 : shape.length === 3 ? 2 : 1;
    expect(corners.text()).toBe(np.array2string(a, { threshold: 60, edgeitems, separator: ', ' }));
  },
);

describe('tables', () => {
  test.each<[text: string, end: number]>([
    ['a,b\n1,2\n3', 8],
    ['a,"b\n1",2', 0],
    ['a,"b\n1",2\n', 10],
    ['a,5" pipe\n1,2\n', 14], // a quote inside of a field is a character
    ['a,"x""y\n"\n', 10],
    ['a,"x"', 0],
    ['a\r\nb', 3],
    ['', 0],
  ])('%j can be cut at %i', (text, end) => expect(endOfRows(text, ',')).toBe(end));

  test('pieces of a file that cut rows, fields and characters', () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i},"é, ""${i % 7}""\n",${i % 3 === 0 ? '' : i / 2}`);
    writeFileSync(at('long.csv'), `n,text,half\n${rows.join('\n')}\n`);
    const table = readCsv(at('long.csv'));
    expect(table.rows).toBe(60_000);
    expect(table.columns).toMatchObject([
      { name: 'n', holds: 'numbers', missing: 0, statistics: { count: 60_000, min: 0, max: 59_999, mean: 29_999.5 } },
      { name: 'text', holds: 'text', distinct: 7 },
      { name: 'half', holds: 'numbers', missing: 20_000, statistics: { count: 40_000, max: 29_999.5 } },
    ]);
  });

  test('more different texts than are remembered', () => {
    writeFileSync(at('many.csv'), Array.from({ length: 10_002 }, (_, i) => `t${i},1`).join('\n'));
    expect(readCsv(at('many.csv')).columns[0]).toEqual({ name: 't0', holds: 'text', missing: 0 });
  });
});

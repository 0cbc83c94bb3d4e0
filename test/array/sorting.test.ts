// Sorting, partition and searching: against NumPy (fixtures/sort.json), against JavaScript's own sort for every dtype,
// length, arrangement and layout, the same for every number of threads, and wrong calls.

import { describe, expect, it } from 'vitest';
import { dtypes, type TypedArray } from '../../src/dtype/dtype.ts';
import { LONG } from '../../src/exec/sort_long.ts';
import * as np from '../../src/index.ts';
import { checkRows } from '../fixtures/rows.ts';
import { bits, withThreads } from '../threads/_pool.ts';

checkRows('test/fixtures/sort.json', { Z: (re: number, im: number) => new np.Complex(re, im) });

const names = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'] as const;

let state = 1;
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return (state >>> 8) / 2 ** 24;
};

/** Arrangements of n values: each makes number i. */
const arrangements: Readonly<Record<string, (i: number, n: number) => number>> = {
  spread: () => (random() - 0.5) * 2e6,
  'few different': () => Math.floor(random() * 5) - 2,
  ascending: (i) => i,
  descending: (i, n) => n - i,
  'organ pipe': (i, n) => Math.min(i, n - i),
  'one cluster': () => 1 + Math.floor(random() * 1000) * 2 ** -50,
  'heavy tails': () => (random() - 0.5) * 10 ** (random() * 600 - 300),
  special: () => [Number.NaN, 0, -0, Infinity, -Infinity, 1, -1, random()][Math.floor(random() * 8)],
};

function arranged(name: (typeof names)[number], kind: string, n: number): TypedArray {
  const out = new dtypes[name].array(n);
  const make = arrangements[kind];
  for (let i = 0; i < n; i++) {
    const x = make(i, n);
    if (out instanceof BigInt64Array || out instanceof BigUint64Array) {
      const scaled = kind === 'one cluster' ? x * 2 ** 50 : x;
      out[i] = Number.isFinite(scaled) ? BigInt(Math.trunc(scaled % 2 ** 60)) : 7n;
    } else out[i] = x;
  }
  return out;
}

type Element = number | bigint;
const equal = (a: Element, b: Element): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));
const notAfter = (a: Element, b: Element): boolean => Number.isNaN(b) || a <= b;
const raw = (a: np.NDArray): ArrayLike<Element> => a.data;

/** Where two lists differ first, -1: nowhere. */
function difference(got: ArrayLike<Element>, want: ArrayLike<Element>): number {
  for (let i = 0; i < want.length; i++) if (!Object.is(got[i], want[i])) return i;
  return got.length === want.length ? -1 : want.length;
}

// Lengths around those where another method takes over: networks, merges, digits; parts of long rows.
const lengths = [1, 8, 9, 64, 65, 129, 161, 1000];
const longest = LONG + 300;
const sampled: readonly string[] = ['int16', 'uint32', 'int64', 'float64'];
const cases = sampled.flatMap((name) =>
  Object.keys(arrangements).map((kind) => [name as (typeof names)[number], kind] as const),
);

describe.each(cases)('%s, %s', (name, kind) => {
  it('sorts values, and positions in a stable order', () => {
    for (const n of [...lengths, ...(kind === 'ascending' || kind === 'organ pipe' ? [] : [longest])]) {
      const rows = n < 200 ? 5 : 1; // rows side by side, and one that is left over
      const list = arranged(name, kind, n * rows);
      const a = np.array(list).reshape(rows, n);
      const values = raw(np.sort(a));
      const positions = raw(np.argsort(a));
      const changed = a.copy();
      changed.sort();
      expect(difference(raw(changed), values), `${n} in place`).toBe(-1);
      for (let row = 0; row < rows; row++) {
        const part = list.subarray(row * n, (row + 1) * n);
        const want = part.slice().sort();
        const at = (i: number): number => Number(positions[row * n + i]);
        for (let i = 0; i < n; i++) {
          const right =
            Object.is(values[row * n + i], want[i]) &&
            equal(part[at(i)], want[i]) &&
            (i === 0 || !equal(want[i], want[i - 1]) || at(i - 1) < at(i));
          if (!right) expect.fail(`${n}: row ${row} differs at ${i}`);
        }
      }
    }
  });

  it('partitions', () => {
    for (const n of [1, 400, 3000]) {
      const list = arranged(name, kind, n);
      const want = list.slice().sort();
      for (const kth of [[0], [n - 1], [n >> 1, Math.min(n - 1, (n >> 1) + 1)], [0, n >> 2, n - 1]]) {
        const values = raw(np.partition(list, kth));
        const positions = raw(np.argpartition(list, kth));
        expect(difference((values as TypedArray).slice().sort(), want), `${n}: a permutation`).toBe(-1);
        expect(
          difference(
            Int32Array.from(positions as Int32Array).sort(),
            Int32Array.from({ length: n }, (_, i) => i),
          ),
        ).toBe(-1);
        for (const k of kth) {
          for (let i = 0; i < n; i++) {
            const other = list[Number(positions[i])];
            const right = i < k ? notAfter(values[i], want[k]) : notAfter(want[k], values[i]);
            const rightPosition = i < k ? notAfter(other, want[k]) : notAfter(want[k], other);
            if (!right || !rightPosition) expect.fail(`${n}: wrong side of ${k} at ${i}`);
          }
        }
      }
    }
  });
});

describe('descending', () => {
  it.each(['float64', 'float16', 'int16', 'uint32'] as const)('%s: greatest first, NaN last, stable', (d) => {
    const a = np.array([1, 3, 2, 3, 0, 1]).astype(d);
    expect(np.sort(a, { descending: true }).tolist()).toEqual([3, 3, 2, 1, 1, 0]);
    expect(np.argsort(a, { descending: true }).tolist()).toEqual([1, 3, 2, 0, 5, 4]);
  });
  it('puts NaN last', () => {
    expect(np.sort([1, Number.NaN, -1, Infinity], { descending: true }).tolist()).toEqual([
      Infinity,
      1,
      -1,
      Number.NaN,
    ]);
    expect(np.argsort([0, -0, Number.NaN, 1], { descending: true }).tolist()).toEqual([3, 0, 1, 2]);
  });
  it('of long rows is the ascending order of what is subtracted', () => {
    const a = np.array(arranged('float64', 'spread', LONG + 100));
    expect(bits(np.argsort(a, { descending: true }))).toBe(bits(np.argsort(np.negative(a))));
    expect(bits(np.sort(a, { descending: true }))).toBe(bits(np.negative(np.sort(np.negative(a)))));
  });
});

describe('layouts', () => {
  const a = np.array(arranged('float64', 'spread', 360)).reshape(3, 4, 30);
  const views: Readonly<Record<string, np.NDArray>> = {
    contiguous: a,
    transposed: a.T,
    reversed: a.get('::-1', '...', '::-1'),
    'every other': a.get('...', '::2'),
    broadcast: np.broadcast_to(a.get(0), [2, 4, 30]),
    empty: a.get(':0'),
  };
  for (const [name, view] of Object.entries(views)) {
    it.each([0, 1, 2, -1])(`${name} along axis %i as its copy moved`, (axis) => {
      const rows = np.moveaxis(view, axis, -1).copy();
      const back = (x: np.NDArray): unknown => np.moveaxis(x, -1, axis).tolist();
      expect(np.sort(view, axis).tolist()).toEqual(back(np.sort(rows)));
      expect(np.argsort(view, axis).tolist()).toEqual(back(np.argsort(rows)));
      if (name === 'broadcast') return;
      const changed = np.asarray(view.copy({ order: 'K' }));
      changed.sort(axis);
      expect(changed.tolist()).toEqual(back(np.sort(rows)));
    });
  }
  it('sorts views and host memory where they are', () => {
    const host = new Float64Array([5, 1, 4, 2, 3]);
    np.asarray(host).sort();
    expect([...host]).toEqual([1, 2, 3, 4, 5]);
    const base = np.array([9, 5, 8, 1, 7, 3]);
    base.get('1::2').sort();
    expect(base.tolist()).toEqual([9, 1, 8, 3, 7, 5]);
    base.partition(0);
    expect(base.item(0)).toBe(1);
  });
});

describe('searchsorted', () => {
  it.each(names)('%s: counts what comes before each key', (name) => {
    for (const m of [0, 1, 2, 3, 100, 1000]) {
      const row = np.sort(arranged(name, 'few different', m));
      const keys = np.array(arranged(name, 'few different', 50));
      const [left, right] = [np.searchsorted(row, keys), np.searchsorted(row, keys, 'right')];
      for (let i = 0; i < keys.size; i++) {
        const key = raw(keys)[i];
        const list = Array.from(raw(row));
        expect(left.item(i)).toBe(list.filter((x) => x < key).length);
        expect(right.item(i)).toBe(list.filter((x) => x <= key).length);
      }
    }
  });
  it('gives a number for a number, in the dtype that holds both', () => {
    expect(np.searchsorted(new Int8Array([1, 5, 9]), 4.5)).toBe(1);
    expect(np.searchsorted(new Int8Array([1, 5, 9]), 1000)).toBe(3);
    expect(
      np
        .array([2n ** 60n, 2n ** 60n + 1n])
        .searchsorted(np.array([2n ** 60n + 1n]))
        .tolist(),
    ).toEqual([1]);
  });
});

it('does not depend on the number of threads', () => {
  const long = np.array(arranged('float64', 'heavy tails', LONG + 12_345));
  const cluster = np.array(arranged('float64', 'one cluster', LONG + 12_345));
  const rows = np.array(arranged('float32', 'special', 60_000)).reshape(600, 100);
  const calls = (): string =>
    [long, cluster, rows]
      .flatMap((a) => [np.sort(a), np.argsort(a), np.partition(a, 30), np.searchsorted(np.sort(a.ravel()), a)])
      .map(bits)
      .join();
  const alone = withThreads(1, calls);
  expect(withThreads(2, calls)).toBe(alone);
  expect(withThreads(3, calls)).toBe(alone);
});

describe('top_k', () => {
  it('takes the best first, NaN last in both modes', () => {
    const { values, indices } = np.top_k([3, 1, Number.NaN, 2, 3], 3);
    expect([values.tolist(), indices.tolist()]).toEqual([
      [3, 3, 2],
      [0, 4, 3],
    ]);
    expect(np.top_k([3, Number.NaN, 1], 2, { mode: 'smallest' }).values.tolist()).toEqual([1, 3]);
  });
  it('works along an axis', () => {
    const { values, indices } = np.top_k(
      [
        [4, 1, 3],
        [1, 2, 5],
      ],
      1,
      { axis: 0 },
    );
    expect([values.tolist(), indices.tolist()]).toEqual([[[4, 2, 5]], [[0, 1, 1]]]);
  });
});

describe('wrong calls', () => {
  const a = np.array([3, 1, 2]);
  const wrong: Readonly<Record<string, readonly [string, () => unknown]>> = {
    'an axis that does not exist': ['AxisError', () => np.sort(a, 1)],
    'a scalar without an axis': ['AxisError', () => np.sort(5)],
    'a kind that does not exist': ['ArgumentError', () => np.sort(a, { kind: 'bubble' as never })],
    'kind and stable': ['ArgumentError', () => np.sort(a, { kind: 'stable', stable: true })],
    'an option that does not exist': ['ArgumentError', () => np.argsort(a, { order: 'x' } as never)],
    'kth past the end': ['IndexError', () => np.partition(a, 3)],
    'kth that is no integer': ['ArgumentError', () => np.argpartition(a, 1.5)],
    'a flattened sort in place': ['ArgumentError', () => a.sort(null)],
    'a broadcast array in place': ['ArgumentError', () => np.broadcast_to(a, [2, 3]).sort()],
    'a matrix to search in': ['ShapeError', () => np.searchsorted([[1]], 1)],
    'a side that does not exist': ['ArgumentError', () => np.searchsorted(a, 1, 'middle' as never)],
    'a short sorter': ['ShapeError', () => np.searchsorted(a, 1, { sorter: [0] })],
    'a sorter past the end': ['IndexError', () => np.searchsorted(a, 1, { sorter: [0, 1, 3] })],
    'no keys': ['ArgumentError', () => np.lexsort([])],
    'keys of two shapes': ['ShapeError', () => np.lexsort([[1], [1, 2]])],
    'bins in no order': ['ArgumentError', () => np.digitize(1, [1, 3, 2])],
    'complex bins': ['DTypeError', () => np.digitize(1, [new np.Complex(1, 1)])],
    'k past the end': ['ArgumentError', () => np.top_k(a, 4)],
  };
  it.each(Object.entries(wrong))('%s: %s', (_, [tag, call]) => {
    let thrown: unknown;
    try {
      call();
    } catch (error) {
      thrown = error;
    }
    expect((thrown as { tag?: string } | undefined)?.tag).toBe(tag);
    expect(a.tolist()).toEqual([3, 1, 2]);
  });
});

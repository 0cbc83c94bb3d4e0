// The same faults, counted and placed the same, for every length, layout and number of threads; and the one answer of
// casts from numbers that the target does not hold.
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';
import { warm, withThreads } from '../threads/_pool.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Around every number of elements of a pass. */
const lengths = [...Array.from({ length: 18 }, (_, i) => i + 1), 31, 32, 33, 63, 64, 65, 70];

type Arrange = (a: np.NDArray) => np.NDArray;
const spread = (a: np.NDArray, step: number): np.NDArray => {
  const wide = np.zeros([a.size * Math.abs(step)], { dtype: a.dtype.name });
  const view = wide.get(`::${step}`);
  view.set(':', a);
  return view;
};
const layouts: Readonly<Record<string, Arrange>> = {
  contiguous: (a) => a,
  'not aligned': (a) => np.concatenate([a.get(':1'), a]).get('1:'),
  strided: (a) => spread(a, 3),
  reversed: (a) => spread(a, -1),
  'in a typed array': (a) => (a.dtype.name === 'float16' ? a : np.asarray(a.data.slice())), // none of float16
  'a column': (a) => np.stack([a, a], 1).get(':', 0),
};

/** Kind → count and index of the faults of a call. */
function faults(fn: () => unknown): Record<string, unknown> {
  const seen: Record<string, unknown> = {};
  const call: np.ErrorCall = (_words, _bit, { kind, count, index }) => {
    seen[kind] = [count, index?.[0]];
  };
  np.errstate({ all: 'call', call }, fn);
  return seen;
}

interface Case {
  readonly dtype: np.DTypeName;
  readonly run: (x: np.NDArray, out?: np.NDArray) => unknown;
  /** An element that is no fault, one that is no fault although its result is not finite, one that is a fault. */
  readonly good: number;
  readonly odd: number;
  readonly bad: number;
  readonly kinds: readonly string[];
}
const cases: Readonly<Record<string, Case>> = {
  'log, float64': {
    dtype: 'float64',
    run: (x, out) => np.log(x, { out }),
    good: 2,
    odd: nan,
    bad: 0,
    kinds: ['divide'],
  },
  'exp, float32': {
    dtype: 'float32',
    run: (x, out) => np.exp(x, { out }),
    good: 2,
    odd: inf,
    bad: 99,
    kinds: ['over'],
  },
  'multiply, float16': {
    dtype: 'float16',
    run: (x, out) => np.multiply(x, x, { out }),
    good: 2,
    odd: inf,
    bad: 600,
    kinds: ['over'],
  },
  'square, float64': { dtype: 'float64', run: (x) => np.square(x), good: 2, odd: 0, bad: 1e-170, kinds: ['under'] },
  'add, int32': {
    dtype: 'int32',
    run: (x, out) => np.add(x, x, { out }),
    good: 5,
    odd: -(2 ** 30),
    bad: 2 ** 30,
    kinds: ['integer'],
  },
  'multiply, int8': { dtype: 'int8', run: (x) => np.multiply(x, 2), good: 5, odd: -64, bad: 64, kinds: ['integer'] },
  'floor_divide, int16': {
    dtype: 'int16',
    run: (x) => np.floor_divide(7, x),
    good: 5,
    odd: -1,
    bad: 0,
    kinds: ['divide', 'integer'],
  },
  'cast to float32': {
    dtype: 'float64',
    run: (x) => x.astype('float32'),
    good: 2,
    odd: inf,
    bad: 1e39,
    kinds: ['over', 'cast'],
  },
  'cast to int8': {
    dtype: 'float64',
    run: (x) => x.astype('int8'),
    good: 2,
    odd: -128.9,
    bad: 128,
    kinds: ['invalid', 'cast'],
  },
  'cast to uint8': { dtype: 'int16', run: (x) => x.astype('uint8'), good: 2, odd: 255, bad: -1, kinds: ['cast'] },
  'cast to float64': {
    dtype: 'int64',
    run: (x) => np.sqrt(x),
    good: 2,
    odd: 2 ** 60,
    bad: Number.NaN, // set below: no number holds it
    kinds: ['cast'],
  },
};

function operand({ dtype, good, odd, bad }: Case, n: number, at: readonly number[]): np.NDArray {
  const a = np.full([n], good, { dtype });
  a.set('::5', odd);
  for (const i of at) a.set([i], Number.isNaN(bad) ? 2n ** 60n + 1n : bad);
  return a;
}

describe.each(Object.keys(layouts))('%s', (layout) => {
  it.each(Object.keys(cases))('%s, many lengths', (name) => {
    const c = cases[name];
    for (const n of lengths) {
      const first = (n * 7) % n === 0 ? n >> 1 : 0;
      const at = n > 3 && first + 2 < n ? [first, first + 2] : [first];
      const x = layouts[layout](operand(c, n, at));
      const expected = Object.fromEntries(c.kinds.map((kind) => [kind, [at.length, first]]));
      expect(
        faults(() => c.run(x)),
        `${n} elements`,
      ).toEqual(expected);
      expect(
        faults(() => c.run(layouts[layout](operand(c, n, [])))),
        `${n} good elements`,
      ).toEqual({});
    }
  });
});

describe('in place, for every length', () => {
  it.each(Object.keys(cases).filter((name) => cases[name].run.length === 2))('%s', (name) => {
    const c = cases[name];
    for (const n of lengths) {
      const x = operand(c, n, [n - 1]);
      const kinds = Object.keys(faults(() => c.run(x, x)));
      expect(kinds, `${n} elements`).toEqual(c.kinds);
      const good = operand(c, n, []);
      expect(faults(() => c.run(good, good))).toEqual({});
    }
  });
});

describe('every number of threads', () => {
  it.each([1, 2, 3])('%i', (threads) => {
    withThreads(threads, (pool) => {
      if (threads > 1) warm(pool);
      const n = 700_001;
      for (const at of [[0], [n - 1], [5, 300_000, n - 2]]) {
        for (const name of ['log, float64', 'exp, float32', 'add, int32', 'cast to int8']) {
          const c = cases[name];
          const x = operand({ ...c, odd: c.good }, n, at);
          expect(
            faults(() => c.run(x)),
            name,
          ).toEqual(Object.fromEntries(c.kinds.map((k) => [k, [at.length, at[0]]])));
        }
      }
      const m = np.full([900, 801], 1, { dtype: 'float64' });
      m.set([700, 3], 0);
      const seen: unknown[] = [];
      const call: np.ErrorCall = (_words, _bit, { index }) => seen.push(index);
      np.errstate({ divide: 'call', call }, () => np.divide(np.ones([900, 801]), m));
      np.errstate({ divide: 'call', call }, () => np.divide(np.ones([801, 900]), m.T));
      expect(seen).toEqual([
        [700, 3],
        [3, 700],
      ]);
    });
  });
});

describe('casts of floats that an integer dtype does not hold', () => {
  const integers = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'] as const;
  const floats = [nan, inf, -inf, 1e30, -1e30, 2.9, -2.9, -0.5, 127.99, 128, 255.5, 65536, 2 ** 31, 2 ** 53, -129, 0.5];
  const expected = (x: number, dtype: string): bigint => {
    const bits = BigInt(/\d+/.exec(dtype)?.[0] ?? 0);
    const [low, high] = dtype.startsWith('u') ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
    if (Number.isNaN(x)) return 0n;
    if (!Number.isFinite(x)) return x > 0 ? high : low;
    const t = BigInt(Math.trunc(x));
    return t < low ? low : t > high ? high : t;
  };
  it.each(integers)('%s: NaN gives 0, the rest the nearest limit; for every length and layout', (dtype) => {
    for (const from of ['float64', 'float32', 'float16'] as const) {
      for (const n of lengths) {
        const list = Array.from({ length: n }, (_, i) => floats[(i + n) % floats.length]);
        const a = np.errstate({ all: 'ignore' }, () => np.array(list).astype(from));
        const want = Array.from(a, (x) => expected(Number(x), dtype));
        const layout = Object.keys(layouts)[n % 6];
        const got = np.errstate({ all: 'ignore' }, () => layouts[layout](a).astype(dtype));
        const values = Array.from(got, (x) => BigInt(x as number | bigint)); // of one dimension: scalars
        expect(values, `${from} ${n} ${layout}`).toEqual(want);
      }
    }
  });
});

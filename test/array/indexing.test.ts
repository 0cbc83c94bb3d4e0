// Indexing with arrays and masks, and the functions that take positions, against NumPy: every row of fixtures/indexing.json
// is a TypeScript expression with what NumPy gave for its Python twin (fixtures/make_indexing.py), or that it refused.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as np from '../../src/index.ts';

interface Row {
  readonly js: string;
  readonly refused?: true;
  readonly dtype?: string;
  readonly shape?: readonly number[];
  readonly values?: unknown;
}

const { cases }: { cases: readonly Row[] } = JSON.parse(readFileSync('test/fixtures/indexing.json', 'utf8'));

const put = (a: np.NDArray, index: never, value: unknown): np.NDArray => {
  a.set(index, value);
  return a;
};
const after = (f: (a: np.NDArray, ...rest: unknown[]) => void, a: np.NDArray, ...rest: unknown[]): np.NDArray => {
  f(a, ...rest);
  return a;
};

function evaluate(js: string): unknown {
  const M = np.equal(np.remainder(np.arange(12n), 3), 1).reshape(3, 4);
  const scope = {
    np,
    put,
    after,
    M,
    A: np.arange(60).reshape(3, 4, 5),
    V: np.arange(7n).multiply(10n),
    I: np.array([
      [2n, 0n],
      [1n, -1n],
    ]),
  };
  return new Function(...Object.keys(scope), `return ${js}`)(...Object.values(scope));
}

/** Complex numbers as pairs; int64 may be bigint. */
const plain = (x: unknown): unknown =>
  Array.isArray(x) ? x.map(plain) : x instanceof np.Complex ? [x.re, x.im] : typeof x === 'boolean' ? x : Number(x);

const positionsAreInt32 = /nonzero|argwhere|where/;

test.each(cases)('$js', ({ js, refused, dtype, shape, values }) => {
  if (refused) {
    expect(() => evaluate(js)).toThrow(np.OrthantError);
    return;
  }
  const made = evaluate(js);
  if (!(made instanceof np.NDArray)) throw new TypeError(`${js} gives no array`);
  expect(made.shape).toEqual(shape);
  expect(made.dtype.name).toBe(positionsAreInt32.test(js) ? 'int32' : dtype);
  expect(plain(made.tolist())).toEqual(values);
});

describe('layouts of long runs', () => {
  // every kernel variant: bytes per element, dtype of positions, stretches past one slice
  const n = 70_001;
  const order = Array.from({ length: n }, (_, i) => (i * 7919) % n);
  test.each(['uint8', 'int16', 'float32', 'float64', 'complex128'] as const)('%s', (dtype) => {
    const a = np.remainder(np.arange(BigInt(n)), 251).astype(dtype);
    const at = np.array(order.map(BigInt));
    const taken = a.get(at);
    const want = order.map((i) => i % 251);
    expect(Array.from(taken.real.astype('float64').data, Number)).toEqual(want);
    expect(np.all(np.equal(a.get(at.astype('int32')), taken))).toBe(true);
    const back = np.zeros(n, { dtype });
    back.set([at], taken);
    expect(np.all(np.equal(back, a))).toBe(true);
    for (const modulus of [2, 3, 50, 1000]) {
      const mask = np.equal(np.remainder(at, modulus), 1);
      const kept = order.filter((i) => i % modulus === 1);
      const some = a.get(mask);
      expect(some.size).toBe(kept.length);
      expect(np.nonzero(mask)[0].size).toBe(kept.length);
      expect(np.all(np.equal(some, a.get(np.nonzero(mask)[0])))).toBe(true);
      const copy = np.zeros(n, { dtype });
      copy.set(mask, some);
      expect(np.all(np.equal(copy, np.where(mask, a, np.zeros(n, { dtype }))))).toBe(true);
    }
  });

  test('rows of every width, also from host memory', () => {
    for (const width of [1, 2, 3, 5, 8, 16, 17, 100]) {
      const a = np.asarray(Float32Array.from({ length: 40 * width }, (_, i) => i)).reshape(40, width);
      const at = [39, 0, -1, 7, 7];
      const want = np.array(at.map((i) => Array.from({ length: width }, (_, c) => ((i + 40) % 40) * width + c)));
      expect(np.all(np.equal(a.get(at), want))).toBe(true);
      expect(np.all(np.equal(np.take(a.T, at, 1), want.T))).toBe(true);
    }
  });
});

describe('writing', () => {
  test('nothing is written when a position is out of bounds', () => {
    const a = np.zeros([3, 4]);
    expect(() => a.set([[0, 1, 3], 0], 1)).toThrow('index 3 is out of bounds on axis 0 of size 3 (position 2');
    expect(() => a.set([[[0], [1]], [[0, 9]]], 1)).toThrow(
      'index 9 is out of bounds on axis 1 of size 4 (position (0,1)',
    );
    expect(() => np.put(a, [0, 12], 1)).toThrow(np.IndexError);
    expect(() => np.take(np.ones(3), [1, 5], { out: a.get(0, ':2') })).toThrow(np.IndexError);
    expect(np.any(a)).toBe(false);
  });

  test('typed arrays behind an array are written through', () => {
    const host = new Int32Array(6);
    const a = np.asarray(host).reshape(2, 3);
    a.set(
      [
        [1, 0],
        [2, 0],
      ],
      [5, 6],
    );
    a.set(
      np.array([
        [false, true, false],
        [false, false, false],
      ]),
      7,
    );
    np.put(a, [4], 8);
    expect([...host]).toEqual([6, 7, 0, 0, 8, 5]);
  });

  test('the index, the value and the target may be one array', () => {
    const a = np.array([2n, 0n, 1n]);
    a.set([a], a);
    expect(a.tolist()).toEqual([0, 1, 2]);
    const b = np.array([true, false, true]);
    b.set(b, [false, true]);
    expect(b.tolist()).toEqual([false, false, true]);
  });

  test('casts are those of assignment', () => {
    const a = np.zeros(3, { dtype: 'int8' });
    expect(() => a.set([[0]], 300)).toThrow(np.PrecisionError);
    expect(() => a.set([[0]], np.array([0.5]))).toThrow(np.CastError);
    a.set([[0, 2]], np.array([258n, -1n]));
    expect(a.tolist()).toEqual([2, 0, -1]);
  });
});

test('a gathered view of a basic index is a copy only with an array in it', () => {
  const a = np.arange(6).reshape(2, 3);
  a.get(':', [0]).set('...', 9);
  a.get(np.array(0n), np.array(0n)).set('...', 9);
  expect(a.get(':', 0).tolist()).toEqual([0, 3]);
  a.get(0, ':1').set('...', 9);
  expect(a.item(0, 0)).toBe(9);
});

test('assigning a part of an array to another that overlaps it takes what was there before', () => {
  const rows = np.arange(60).reshape(3, 4, 5);
  const expected = rows.get(':', 3).copy().tolist() as number[][];
  rows.set(['1:', 3], rows.get(':2', 3));
  expect(rows.get(':', 3).tolist()).toEqual([expected[0], expected[0], expected[1]]);
  const outside = np.frombuffer(Float64Array.from({ length: 9 }, (_, i) => i));
  outside.set('1:', outside.get(':-1'));
  outside.set('::-1', outside);
  expect(outside.tolist()).toEqual([7, 6, 5, 4, 3, 2, 1, 0, 0]);
});

// Creation, views, assignment, scans, positions and statistics against NumPy: every row of fixtures/array.json is a
// TypeScript expression with the dtype, shape and values that NumPy gave for its Python twin (fixtures/make_array.py).
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { elements } from '../../src/exec/coerce.ts';
import * as np from '../../src/index.ts';

interface Row {
  readonly js: string;
  /** What is compared instead of an array: a shape or strides. */
  readonly list?: readonly number[];
  readonly dtype?: string;
  readonly shape?: readonly number[];
  readonly values?: readonly unknown[];
  /** Rounding may differ in the last places. */
  readonly close?: 'close' | 'close32';
}

const { cases }: { cases: readonly Row[] } = JSON.parse(readFileSync('test/fixtures/array.json', 'utf8'));

// Where Orthant decides otherwise, with the reason in docs/design/.
const positionsAreInt32 = /^np\.arg/;

const put = (a: np.NDArray, index: never, value: unknown): np.NDArray => {
  a.set(index, value);
  return a;
};
const W = np.remainder(np.arange(24).multiply(7), 11).subtract(4.5).reshape(2, 3, 4);
const B = np.greater(np.remainder(np.arange(12n), 5), 1).reshape(3, 4);
const Z = np
  .arange(6)
  .add(np.remainder(np.arange(6).multiply(5), 7).multiply(new np.Complex(0, 1)))
  .reshape(2, 3);

function evaluate(js: string): unknown {
  const scope = { np, put, W, B, Z };
  // Python's tuples of axes are lists here.
  const source = js.replace(/, \((\d), (\d)\)\)/g, ', [$1, $2])');
  return new Function(...Object.keys(scope), `return ${source}`)(...Object.values(scope));
}

const toNumber = (x: unknown): number => Number(x); // 'NaN' and 'Infinity' are texts in JSON

function same(got: unknown, want: unknown, close: Row['close']): boolean {
  if (Array.isArray(want)) {
    const { re, im } = got as np.Complex; // the fixture says complex, and the dtype was compared
    const size = Math.hypot(re, im);
    return near(re, toNumber(want[0]), close, size) && near(im, toNumber(want[1]), close, size);
  }
  if (typeof want === 'boolean') return got === want;
  if (typeof got === 'bigint') return got === BigInt(String(want));
  return near(toNumber(got), toNumber(want), close, Math.abs(toNumber(want)));
}

function near(got: number, want: number, close: Row['close'], size: number): boolean {
  if (Object.is(got, want) || got === want) return true;
  const ulps = close === undefined ? 0 : close === 'close' ? 2 ** -50 : 2 ** -22;
  return Math.abs(got - want) <= ulps * Math.max(1, size);
}

it.each(cases)('$js', ({ js, list, dtype, shape, values = [], close }) => {
  const made = evaluate(js);
  if (list !== undefined) {
    expect(made).toEqual(list);
    return;
  }
  const a = made instanceof np.NDArray ? made : np.asarray(made as number);
  expect(a.dtype.name).toBe(positionsAreInt32.test(js) ? 'int32' : dtype);
  expect(a.shape).toEqual(shape);
  const got = [...elements(a)];
  const wrong = values.flatMap((want, i) => (same(got[i], want, close) ? [] : [[i, String(got[i]), want]]));
  expect(wrong, `${JSON.stringify(got.map(String))} against ${JSON.stringify(values)}`).toEqual([]);
});

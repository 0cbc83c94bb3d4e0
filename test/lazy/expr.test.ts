// np.expr: what formulas mean, held against the functions called by hand; what is refused, and where it points.

import { expect, test } from 'vitest';
import * as np from '../../src/index.ts';

const a = np.array([1, 2, 3]);
const b = np.array([3, 1, 2]);
const m = np.arange(12n).reshape([3, 4]);

const list = (x: np.NDArray | np.Scalar): unknown => (x instanceof np.NDArray ? x.tolist() : x);

test.each<[name: string, formula: () => ReturnType<typeof np.expr>, eager: () => np.NDArray | np.Scalar]>([
  ['power and root', () => np.expr`sqrt((${a} - ${b})**2 + 1)`, () => np.sqrt(np.add(np.square(np.subtract(a, b)), 1))],
  ['power to the right', () => np.expr`${a} + 2**3**2`, () => np.add(a, 512)],
  ['products first', () => np.expr`${a} + ${b} * 2 - 1`, () => np.subtract(np.add(a, np.multiply(b, 2)), 1)],
  ['quotients', () => np.expr`${m} // 5 + ${m} % 5`, () => np.add(np.floor_divide(m, 5), np.remainder(m, 5))],
  [
    'bits',
    () => np.expr`${m} & 6 | ${m} << 1 ^ 3`,
    () => np.bitwise_or(np.bitwise_and(m, 6), np.bitwise_xor(np.left_shift(m, 1), 3)),
  ],
  ['signs', () => np.expr`-(${a}**2) + +${b}`, () => np.add(np.negative(np.square(a)), b)],
  ['truth', () => np.expr`!(${a} > 1) || ${b} <= 2 && ${a} != 3`, () => np.array([true, true, false])],
  ['inverted', () => np.expr`~(${m} >= 4)`, () => np.less(m, 4)],
  ['where', () => np.expr`${a} > 1 ? ${a} : -${b}`, () => np.where(np.greater(a, 1), a, np.negative(b))],
  ['options', () => np.expr`sum(${m}[1:, ::2], axis = 1, keepdims = true)`, () => np.array([[10n], [18n]])],
  ['positions', () => np.expr`${m}[${1}, -1] + ${m}[..., newaxis, 0][0]`, () => np.array([7n])],
  ['views', () => np.expr`${m}.T[0] + ${m}.mT[0]`, () => np.array([0n, 8n, 16n])],
  ['constants', () => np.expr`${a} * pi + e - inf`, () => np.full([3], Number.NEGATIVE_INFINITY)],
  [
    'reductions in it',
    () => np.expr`(${a} - mean(${a})) / std(${a})`,
    () => np.divide(np.subtract(a, 2), np.std(a) as number),
  ],
  ['lists', () => np.expr`${[1, 2]} * 2`, () => np.array([2, 4])],
  ['no arrays', () => np.expr`2 * 3 + 1`, () => 7],
])('%s', (_, formula, eager) => {
  expect(list(formula().compute())).toEqual(list(eager()));
});

test.each<[formula: () => unknown, message: RegExp, column: number]>([
  [() => np.expr`-${a}**2`, /a sign before a power/, 4],
  [() => np.expr`1 < ${a} < 3`, /comparisons do not chain/, 3],
  [() => np.expr`${a} + `, /Expected expression after \+/, 6],
  [() => np.expr`(${a} + ${b}`, /Unclosed \(/, 9],
  [() => np.expr`${a} ${b}`, /an operator is missing/, 1],
  [() => np.expr``, /nothing to compute/, 1],
  [() => np.expr`()`, /nothing between the parentheses/, 3],
  [() => np.expr`2 * foo(${a})`, /no function 'foo'/, 5],
  [() => np.expr`constructor(${a})`, /no function 'constructor'/, 1],
  [() => np.expr`1 + sqrt`, /'sqrt' is no operand/, 5],
  [() => np.expr`${a} = 1`, /'=' names an option/, 4],
  [() => np.expr`${a} + 'text'`, /'text' is no number/, 6],
  [() => np.expr`${a}.data`, /no \.data/, 3],
  [() => np.expr`[1, 2] + ${a}`, /no ArrayExpression/, 1],
])('refused: %s', (formula, message, column) => {
  let error: unknown;
  try {
    formula();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(np.ArgumentError);
  expect((error as np.ArgumentError).message).toMatch(message);
  expect((error as np.ArgumentError).facts.column).toBe(column);
});

test('mistakes of operands are said when the formula is read', () => {
  expect(() => np.expr`${m} + 0.5`).toThrow(np.PrecisionError);
  expect(() => np.expr`${a} + ${[1, 2]}`).toThrow(np.ShapeError);
  expect(() => np.expr`${a} & 1`).toThrow(np.DTypeError);
  expect(() => np.expr`${m}[7]`).toThrow(np.IndexError);
});

// Which faults single elements meet, against NumPy's flags for the same operands (make_errstate.py): every operation on
// the edges of every dtype, and casts. What differs on purpose is listed with its reason.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';

interface Fixture {
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly floats: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly integers: Fixture['floats'];
  readonly casts: Readonly<Record<string, string>>;
}
const fixture: Fixture = JSON.parse(readFileSync('test/fixtures/errstate.json', 'utf8'));

const UNDER = 4;
const INVALID = 8;
const special: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity };
const isFloat = (dtype: string): boolean => dtype.startsWith('float');
const elements = (texts: readonly string[], dtype: string): np.NDArray =>
  np.array(
    texts.map((text) => (isFloat(dtype) ? (special[text] ?? Number(text)) : BigInt(text))),
    { dtype: dtype as np.DTypeName },
  );

/** Bits that are not compared, per operation, and why. */
const artifacts: Readonly<Record<string, readonly [bits: number, why: string]>> = {
  floor_divide: [UNDER | INVALID, 'flags of the division inside, whose value is not used'],
  divmod: [UNDER | INVALID, 'the same'],
  logaddexp: [15, 'flags of the exponential inside; NaN operands are no fault'],
  logaddexp2: [15, 'the same'],
  nextafter: [15, 'a neighbour is exact'],
  spacing: [UNDER | INVALID, 'the same'],
  reciprocal: [INVALID, 'of the integer 0, beside divide'],
  power: [UNDER, 'subnormal powers count as inexact'],
  float_power: [UNDER, 'the same'],
};
/** A subnormal argument comes back as it is or nearly so: whether that is flagged depends on the implementation. */
const nearlyIdentity = 'sin cos tan arcsin arctan arctan2 arctanh arcsinh sinh exp expm1 log1p'.split(' ');
const notCompared = (op: string): number => artifacts[op]?.[0] ?? (nearlyIdentity.includes(op) ? UNDER : 0);

/** How many elements meet each fault in a call, by bit. */
function met(fn: () => unknown): Map<number, np.Fault> {
  const seen = new Map<number, np.Fault>();
  const call: np.ErrorCall = (_, bit, fault) => {
    seen.set(bit, fault);
  };
  np.errstate({ divide: 'call', over: 'call', under: 'call', invalid: 'call', call }, fn);
  return seen;
}

/** Every fault is met by the elements whose digit has its bit, all of them, and by no other. */
function compare(
  what: string,
  digits: readonly number[],
  ignored: number,
  run: (positions: number[]) => unknown,
): void {
  for (const bit of [1, 2, 4, 8]) {
    if ((bit & ignored) !== 0) continue;
    const positions = [...digits.keys()];
    const having = positions.filter((i) => (digits[i] & bit) !== 0);
    const without = positions.filter((i) => (digits[i] & bit) === 0);
    const found = having.length === 0 ? 0 : met(() => run(having)).get(bit)?.count;
    expect(found, `${what}: elements with bit ${bit}`).toBe(having.length);
    const extra = without.length === 0 ? undefined : met(() => run(without)).get(bit);
    expect(
      extra?.message && `${extra.message} of ${extra.operands}`,
      `${what}: elements without bit ${bit}`,
    ).toBeUndefined();
  }
}

const digitsOf = (text: string): number[] => [...text].map((digit) => Number.parseInt(digit, 16));
const functions = np as unknown as Record<string, (...x: np.NDArray[]) => unknown>; // by the names in the fixture

function compareOp(op: string, dtype: string, text: string): void {
  const values = fixture.values[dtype];
  const unary = text.length === values.length;
  compare(`${op} ${dtype}`, digitsOf(text), notCompared(op), (positions) => {
    const at = (position: (i: number) => number): np.NDArray =>
      elements(
        positions.map((i) => values[position(i)]),
        dtype,
      );
    if (unary) return functions[op](at((i) => i));
    return functions[op](
      at((i) => Math.floor(i / values.length)),
      at((i) => i % values.length),
    );
  });
}

for (const group of ['floats', 'integers'] as const) {
  describe(group, () => {
    for (const [op, byDType] of Object.entries(fixture[group])) {
      it(op, () => {
        for (const [dtype, digits] of Object.entries(byDType)) compareOp(op, dtype, digits);
      });
    }
  });
}

describe('casts', () => {
  it.each(Object.entries(fixture.casts))('%s', (pair, digits) => {
    const [from, to] = pair.split(' ');
    const values = fixture.values[from];
    const numpy = digitsOf(digits);
    const expected =
      isFloat(from) && !isFloat(to)
        ? values.map((text) => outOfRange(Number(elements([text], from).item(0)), to))
        : numpy;
    compare(pair, expected, 0, (positions) =>
      elements(
        positions.map((i) => values[i]),
        from,
      ).astype(to as np.DTypeName),
    );
    // NumPy flags no more than we do.
    numpy.forEach((d, i) => {
      expect(d & ~expected[i], values[i]).toBe(0);
    });
  });
});

/** Floats to integers: whatever the dtype does not hold. NumPy flags what its machine instruction does. */
function outOfRange(x: number, to: string): number {
  const bits = Number(/\d+/.exec(to)?.[0]);
  const [low, high] = to.startsWith('u') ? [0, 2 ** bits] : [-(2 ** (bits - 1)), 2 ** (bits - 1)];
  const t = Math.trunc(x);
  return t >= low && t < high ? 0 : INVALID;
}

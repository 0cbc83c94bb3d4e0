// Quotients and remainders against CPython's steps written with JavaScript's exact %, and integers against bigint.
import { describe, expect, it } from 'vitest';
import {
  floatDivmod,
  floatFloorDivide,
  floatMod,
  fmod,
  intDivmod,
  intFloorDivide,
  intFmod,
  intMod,
} from '../../../src/kernel/math/division.ts';
import { lanes, Random, randomValue } from '../_random.ts';
import { real } from './_columns.ts';

const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;

/** Python's divmod of doubles; with `round`, of a narrower type. */
function pythonDivmod(a: number, b: number, round: (x: number) => number): [number, number] {
  let mod = a % b;
  if (b === 0) return [round(a / b), mod];
  let div = round(round(a - mod) / b);
  if (mod === 0) mod = b < 0 || Object.is(b, -0) ? -0 : 0;
  else if (b < 0 !== mod < 0) {
    mod = round(mod + b);
    div = round(div - 1);
  }
  if (div === 0) return [a / b < 0 || Object.is(a / b, -0) ? -0 : 0, mod];
  const floor = Math.floor(div);
  return [div - floor > 0.5 ? round(floor + 1) : floor, mod];
}

function pairs(lane: 'f32' | 'f64'): [number[], number[]] {
  const round = lane === 'f32' ? Math.fround : (x: number) => x;
  const r = new Random(7);
  const special = [0, -0, 1, -1, inf, -inf, nan, 5e-324, 1e-45, 1e-310, 0.1, 7, -7, 2 ** 26, 2 ** 53 + 2, 1e38, 1e308];
  const a = special.flatMap((x) => special.map(() => round(x)));
  const b = special.flatMap(() => special.map(round));
  for (let i = 0; i < 6000; i++) {
    const divisor = (r.next() - 0.5) * 10 ** (r.below(20) - 10);
    const kind = i % 4;
    const quotient = kind === 0 ? r.below(2 ** 30) : kind === 1 ? r.below(100) : (r.next() - 0.5) * 10 ** r.below(12);
    b.push(round(kind === 3 ? Math.round(divisor) : divisor));
    // Products rounded to the lane: quotients that are integers, or nearly.
    a.push(round(b[b.length - 1] * quotient * (r.chance(0.5) ? 1 : -1)));
  }
  return [a, b];
}

describe.each(['f64', 'f32'] as const)('float division, %s', (lane) => {
  const round = lane === 'f32' ? Math.fround : (x: number) => x;
  const [a, b] = pairs(lane);
  const want = a.map((x, i) => pythonDivmod(x, b[i], round));
  it.each([
    ['fmod', fmod, [a.map((x, i) => x % b[i])]],
    ['divmod', floatDivmod, [want.map((w) => w[0]), want.map((w) => w[1])]],
    ['floor_divide', floatFloorDivide, [want.map((w) => w[0])]],
    ['remainder', floatMod, [want.map((w) => w[1])]],
  ] as const)('%s', (_name, body, expected) => {
    const got = real(body, [lane, lane], a, b);
    const wrong = expected.flatMap((column, k) =>
      column.map((w, i) => [a[i], b[i], got[k][i], w]).filter(([, , g, w]) => !Object.is(g, w)),
    );
    expect(wrong.slice(0, 10)).toEqual([]);
  });
});

// [a, b, a // b, a % b], as NumPy prints them.
it.each([
  [1, 0, inf, nan],
  [-1, 0, -inf, nan],
  [0, 0, nan, nan],
  [inf, 1, nan, nan],
  [1, inf, 0, 1],
  [-1, inf, -1, inf],
  [1, -inf, -1, -inf],
  [-0, 3, -0, 0],
  [-7, 2, -4, 1],
  [7, -2, -4, -1],
  [inf, 0, inf, nan],
])('divmod(%s, %s) = (%s, %s)', (a, b, q, m) => {
  expect(real(floatDivmod, ['f64', 'f64'], [a], [b])).toEqual([[q], [m]]);
});

describe.each(lanes.filter((l) => !l.startsWith('f')))('integer division, %s', (lane) => {
  const r = new Random(11);
  const values = Array.from({ length: 600 }, () => [
    randomValue(r, lane),
    r.chance(0.5) ? r.below(8) : randomValue(r, lane),
  ]);
  const wide = lane.endsWith('64');
  const make = (x: bigint) => (wide ? BigInt(x) : Number(x));
  const a = values.map(([x]) => make(BigInt(x)));
  const b = values.map(([, y]) => make(BigInt(y)));
  const bits = Number(lane.slice(1));
  const wrap = (x: bigint) => make(lane.startsWith('u') ? BigInt.asUintN(bits, x) : BigInt.asIntN(bits, x));
  const floor = (x: bigint, y: bigint): bigint =>
    y === 0n ? 0n : x / y - (x % y !== 0n && x < 0n !== y < 0n ? 1n : 0n);
  const apply = (f: (x: bigint, y: bigint) => bigint) => a.map((x, i) => wrap(f(BigInt(x), BigInt(b[i]))));
  const quotient = apply(floor);
  const modulo = apply((x, y) => (y === 0n ? 0n : x - floor(x, y) * y));

  it('floors, wraps, and takes division by zero as 0', () => {
    expect(real(intFloorDivide, [lane, lane], a, b)).toEqual([quotient]);
    expect(real(intMod, [lane, lane], a, b)).toEqual([modulo]);
    expect(real(intDivmod, [lane, lane], a, b)).toEqual([quotient, modulo]);
    expect(real(intFmod, [lane, lane], a, b)).toEqual([apply((x, y) => (y === 0n ? 0n : x % y))]);
  });
});

// Number parts and neighbours: tables of NumPy's answers, and laws over random values (parts put together again).
import { describe, expect, it } from 'vitest';
import * as bits from '../../../src/kernel/math/bits.ts';
import { Random } from '../_random.ts';
import { real } from './_columns.ts';

const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;
const most = Number.MAX_VALUE;
const least = 5e-324;

// body, arguments, results (one column each), for f64: what NumPy 2.4.6 prints.
it.each([
  ['sign', bits.sign, [[-0, nan, 0, 3, -inf]], [[0, nan, 0, 1, -1]]],
  ['rint', bits.rint, [[0.5, 1.5, -0.5, 2.5, nan, -inf]], [[0, 2, -0, 2, nan, -inf]]],
  [
    'spacing',
    bits.spacing,
    [[0, -0, 1, -1, most, -inf, nan, least]],
    [[least, least, 2 ** -52, -(2 ** -52), inf, nan, nan, least]],
  ],
  [
    'nextafter',
    bits.nextafter,
    [
      [0, -0, 0, least, -least, most, inf, nan, 1, 2, -1],
      [1, 1, -0, -1, 1, inf, 0, 1, nan, 1, -2],
    ],
    [[least, least, -0, 0, -0, inf, most, nan, nan, 2 - 2 ** -52, -1 - 2 ** -52]],
  ],
  [
    'frexp',
    bits.frexp,
    [[inf, -inf, nan, 0, -0, least, -3, most, 1]],
    [
      [inf, -inf, nan, 0, -0, 0.5, -0.75, 1 - 2 ** -53, 0.5],
      [0, 0, 0, 0, 0, -1073, 2, 1024, 1],
    ],
  ],
  [
    'modf',
    bits.modf,
    [[inf, -inf, nan, -0, -1.5, -3]],
    [
      [0, -0, nan, -0, -0.5, -0],
      [inf, -inf, nan, -0, -1, -3],
    ],
  ],
  [
    'heaviside',
    bits.heaviside,
    [
      [-0, nan, 0, 1, -1, 0],
      [5, 5, nan, nan, nan, -0],
    ],
    [[5, nan, nan, 1, 0, -0]],
  ],
  ['isNaN', bits.isNaN, [[nan, inf, 0]], [[1, 0, 0]]],
  ['isInf', bits.isInf, [[nan, inf, -inf, 0]], [[0, 1, 1, 0]]],
  ['isFinite', bits.isFinite, [[nan, inf, -inf, most]], [[0, 0, 0, 1]]],
  ['signbit', bits.signbit, [[-0, 0, -inf, 3]], [[1, 0, 1, 0]]],
  ['degrees', bits.degrees, [[Math.PI, 1]], [[180, 57.29577951308232]]],
  ['radians', bits.radians, [[180, 1]], [[Math.PI, 0.017453292519943295]]],
] as const)('%s', (_name, body, args, want) => {
  expect(
    real(
      body,
      args.map(() => 'f64'),
      ...args,
    ),
  ).toEqual(want);
});

/** Values of every exponent, random significands, both signs. */
function spread(lane: 'f32' | 'f64'): number[] {
  const r = new Random(3);
  const [low, high] = lane === 'f64' ? [-1074, 1023] : [-149, 127];
  const round = lane === 'f32' ? Math.fround : (x: number) => x;
  const out = [0, -0, inf, -inf, nan];
  for (let e = low; e <= high; e++) out.push(round((1 + r.next()) * 2 ** e) * (r.chance(0.5) ? 1 : -1));
  return out.map((x) => (Math.abs(x) === inf ? round(2 ** high) : x));
}

describe.each(['f64', 'f32'] as const)('laws, %s', (lane) => {
  const x = spread(lane);
  const round = lane === 'f32' ? Math.fround : (v: number) => v;

  it('frexp and ldexp are inverse', () => {
    const [mantissa, exponent] = real(bits.frexp, [lane], x);
    expect(
      mantissa.every((m) => !Number.isFinite(m) || m === 0 || (Math.abs(Number(m)) >= 0.5 && Math.abs(Number(m)) < 1)),
    ).toBe(true);
    expect(real(bits.ldexp, [lane, 'i32'], mantissa, exponent)).toEqual([x]);
  });

  it('ldexp rounds once at any distance', () => {
    const r = new Random(4);
    // Exact product as a scaled bigint would be long; two exact halves of a double suffice where it stays normal, and
    // the integer significand with one division by a power of two rounds once where it does not.
    const n = x.map(() => r.below(4400) - 2200);
    const want = x.map((v, i) => {
      if (!Number.isFinite(v) || v === 0) return v;
      const e = Math.floor(Math.log2(Math.abs(v)));
      const total = e + n[i];
      if (total > 1100) return v < 0 ? -inf : inf;
      if (total < -1100) return v < 0 ? -0 : 0;
      const unit = v / 2 ** Math.floor(e / 2) / 2 ** Math.ceil(e / 2); // exact, near 1
      const k = Math.max(-1022, Math.min(1023, total));
      if (k === total) return round(unit * 2 ** k);
      return total > 0 ? round(unit * 2 ** k * 2 ** (total - k)) : round(unit * 2 ** (total - k) * 2 ** k);
    });
    const [got] = real(bits.ldexp, [lane, 'i32'], x, n);
    const wrong = x.map((v, i) => [v, n[i], got[i], want[i]]).filter(([, , g, w]) => !Object.is(g, w));
    expect(wrong).toEqual([]);
    expect(real(bits.ldexp, [lane, 'i64'], x, n.map(BigInt))).toEqual([want]);
  });

  it('nextafter there and back', () => {
    const finite = x.filter((v) => Number.isFinite(v) && v !== 0);
    const [up] = real(
      bits.nextafter,
      [lane, lane],
      finite,
      finite.map(() => inf),
    );
    expect(
      real(
        bits.nextafter,
        [lane, lane],
        up as number[],
        finite.map(() => -inf),
      ),
    ).toEqual([finite]);
    expect(finite.every((v, i) => v < Number(up[i]))).toBe(true);
  });

  it('modf adds up', () => {
    const finite = x.filter((v) => Number.isFinite(v));
    const [frac, int] = real(bits.modf, [lane], finite);
    expect(finite.map((_, i) => Number(frac[i]) + Number(int[i]))).toEqual(finite);
  });
});

// NumPy 2.4.6 on int8, uint8 and int64; shifts past the width and by negative amounts included.
it.each([
  [
    'lcm',
    bits.lcm,
    'i8',
    [
      [-128, -128, 0, 127, 4],
      [1, 2, 0, 126, -6],
    ],
    [-128, -128, 0, -126, 12],
  ],
  [
    'gcd',
    bits.gcd,
    'i8',
    [
      [-128, -128, 0, 12],
      [0, -128, 0, -18],
    ],
    [-128, -128, 0, 6],
  ],
  ['bitwise_count', bits.bitwiseCount, 'i8', [[-128, -3, 127, 0]], [1, 2, 7, 0]],
  [
    'left_shift',
    bits.leftShift,
    'i8',
    [
      [1, 1, 3],
      [100, -128, 7],
    ],
    [0, 0, -128],
  ],
  [
    'right_shift',
    bits.rightShift,
    'i8',
    [
      [100, -128, -128],
      [100, 100, -128],
    ],
    [0, -1, -1],
  ],
  [
    'left_shift',
    bits.leftShift,
    'u8',
    [
      [1, 3, 255],
      [100, 7, 8],
    ],
    [0, 128, 0],
  ],
  [
    'right_shift',
    bits.rightShift,
    'u8',
    [
      [128, 255],
      [7, 8],
    ],
    [1, 0],
  ],
  ['reciprocal', bits.intReciprocal, 'i8', [[0, 1, 2, -1, -128]], [0, 1, 0, -1, 0]],
  [
    'power',
    bits.intPower,
    'i8',
    [
      [3, -2, 5, 0],
      [4, 7, 0, 0],
    ],
    [81, -128, 1, 1],
  ],
  ['sign', bits.sign, 'u8', [[0, 200]], [0, 1]],
  ['sign', bits.sign, 'i64', [[0n, -200n, 5n]], [0n, -1n, 1n]],
  ['bitwise_count', bits.bitwiseCount, 'i64', [[-(1n << 63n), 3n]], [1, 2]],
  [
    'right_shift',
    bits.rightShift,
    'i64',
    [
      [-(1n << 63n), 5n],
      [64n, -1n],
    ],
    [-1n, 0n],
  ],
] as const)('%s of %3$s', (_name, body, lane, args, want) => {
  expect(
    real(
      body,
      args.map(() => lane),
      ...(args as readonly (readonly (number | bigint)[])[]),
    ),
  ).toEqual([want]);
});

// binary16 conversions as IR: every bit pattern, and every boundary between neighbours with the values next to it.
import { describe, expect, it } from 'vitest';
import { halfToNumber, numberToHalf } from '../../../src/dtype/half.ts';
import { doubleToHalf, floatToHalf, halfNextafter, halfSpacing, halfToFloat } from '../../../src/kernel/math/half.ts';
import { real } from './_columns.ts';

const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
const isNaNBits = (b: number): boolean => (b & 0x7fff) > 0x7c00;

/** Midpoints between neighbouring magnitudes, and their neighbours one ulp of `type` away. */
function boundaries(type: 'f32' | 'f64'): number[] {
  const out: number[] = [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30, -1e30, 1e-30, Number.NaN];
  const f = new Float64Array(1);
  const b = new BigInt64Array(f.buffer);
  const g = new Float32Array(1);
  const c = new Int32Array(g.buffer);
  for (let h = 0; h < 0x7c00; h++) {
    const low = halfToNumber(h);
    const high = h === 0x7bff ? 65536 : halfToNumber(h + 1);
    for (const step of [-1, 0, 1]) {
      let x = (low + high) / 2;
      if (type === 'f64') {
        f[0] = x;
        b[0] += BigInt(step);
        x = f[0];
      } else {
        g[0] = x;
        c[0] += step;
        x = g[0];
      }
      out.push(h % 2 ? x : -x);
    }
  }
  return out;
}

describe('half', () => {
  it('decodes all 65,536 patterns', () => {
    const [got] = real(halfToFloat, ['u16'], all);
    expect([...all].filter((b) => !Object.is(got[b], halfToNumber(b)))).toEqual([]);
  });

  it('encodes what it decoded', () => {
    const [got] = real((x) => floatToHalf(halfToFloat(x)), ['u16'], all);
    expect([...all].filter((b) => (isNaNBits(b) ? !isNaNBits(Number(got[b])) : got[b] !== b))).toEqual([]);
  });

  it.each([
    ['f32', floatToHalf],
    ['f64', doubleToHalf],
  ] as const)('rounds once, to even, from %s at every boundary', (type, encode) => {
    const x = boundaries(type);
    const [got] = real(encode, [type], x);
    const wrong = x.map((v, i) => [v, got[i], numberToHalf(v)]).filter(([, a, b]) => a !== b);
    expect(wrong).toEqual([]);
  });

  it.each([
    [0, 0x8001, -1],
    [0x8000, 0x0001, 1],
    [0x3c00, 0x3c01, 2],
    [0xbc00, 0xbc01, -3],
    [0x7bff, 0x7c00, Number.POSITIVE_INFINITY],
    [0x8001, 0x8000, 1],
    [0x0000, 0x8000, -0],
    [0x3c00, 0x7e00, Number.NaN],
    [0x7c00, 0x7bff, 0],
  ])('nextafter of %s is %s towards %s', (from, want, to) => {
    expect(real(halfNextafter, ['u16', 'u16'], [from], [numberToHalf(to)])[0]).toEqual([want]);
  });

  it.each([
    [0, 2 ** -24],
    [-0, 2 ** -24],
    [1, 2 ** -10],
    [-1, 2 ** -11],
    [65504, Number.POSITIVE_INFINITY],
    [-65504, 32],
    [Number.POSITIVE_INFINITY, Number.NaN],
    [Number.NaN, Number.NaN],
  ])('spacing of %s is %s, as NumPy says', (x, want) => {
    expect(halfToNumber(Number(real(halfSpacing, ['u16'], [numberToHalf(x)])[0][0]))).toBe(want);
  });
});

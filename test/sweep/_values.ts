// Values that operands are drawn from, by dtype: the edges (limits, zeros of both signs, subnormals, infinities, NaN)
// first, then seeded random ones of many magnitudes. Elements are kept as raw typed arrays.

import { Complex } from '../../src/dtype/complex.ts';
import type { DType, TypedArray } from '../../src/dtype/dtype.ts';
import { floatLimits, integerLimits } from '../../src/dtype/limits.ts';
import { checkScalar, type Scalar, writeElement } from '../../src/dtype/scalars.ts';

/** Random numbers in [0, 1) that a seed determines (mulberry32). */
export function seeded(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed from text (FNV-1a). */
export function seedOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

export type Random = () => number;
export const below = (random: Random, n: number): number => Math.floor(random() * n);
export const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)];

function floatEdges(d: DType): number[] {
  const { max, tiny, smallestSubnormal, eps } = floatLimits(d);
  const { POSITIVE_INFINITY: inf, NaN: nan } = Number;
  const positive = [0, 1, 0.5, 1.5, 2, 2.5, 3, 10, Math.PI, 1 + eps, 1 - eps / 2, tiny, smallestSubnormal, max, inf];
  return [nan, ...positive, ...positive.map((x) => -x)];
}

/** The values where things break, for a dtype. */
export function edges(d: DType): Scalar[] {
  if (d.kind === 'b') return [false, true];
  if (d.kind === 'f') return floatEdges(d);
  if (d.kind === 'c') {
    const { max, tiny } = floatLimits(d);
    const parts = [0, -0, 1, -2, 0.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, max, tiny];
    return parts.flatMap((re, i) => [0, 3, 7].map((step) => new Complex(re, parts[(i + step) % parts.length])));
  }
  const { min, max } = integerLimits(d);
  const near = [0n, 1n, 2n, 3n, 7n, 10n, 63n, 64n, -1n, -2n, -3n, -10n, max / 2n, min / 2n];
  const whole = [...near, min, min + 1n, max - 1n, max].filter((x) => x >= min && x <= max);
  return [...new Set(whole)];
}

function drawFloat(d: DType, random: Random, domain?: readonly [number, number]): number {
  if (domain !== undefined && random() < 0.7) return domain[0] + random() * (domain[1] - domain[0]);
  const sign = random() < 0.5 ? -1 : 1;
  const kind = random();
  if (kind < 0.4) return sign * random() * 10;
  if (kind < 0.7) return sign * below(random, 20);
  const { emin, emax } = floatLimits(d);
  return sign * (1 + random()) * 2 ** (emin + random() * (emax - 1 - emin));
}

function drawInteger(d: DType, random: Random): bigint {
  const { min, max, bits } = integerLimits(d);
  if (random() < 0.5) {
    const small = BigInt(below(random, 20));
    return min < 0n && random() < 0.5 ? -small : small;
  }
  const word = (BigInt(below(random, 2 ** 32)) << 32n) | BigInt(below(random, 2 ** 32));
  // Any width: otherwise nearly all 64-bit values are huge.
  const x = BigInt.asUintN(1 + below(random, bits), word);
  return x > max ? x + 2n * min : x;
}

/** One random value of a dtype; floats mostly from `domain` where one is given. */
export function draw(d: DType, random: Random, domain?: readonly [number, number]): Scalar {
  if (d.kind === 'b') return random() < 0.5;
  if (d.kind === 'f') return drawFloat(d, random, domain);
  if (d.kind === 'c') return new Complex(drawFloat(d, random, domain), drawFloat(d, random, domain));
  return drawInteger(d, random);
}

/** Elements of a dtype as they lie in memory. */
export interface Elements {
  readonly d: DType;
  readonly raw: TypedArray;
  readonly n: number;
}

export const blank = (d: DType, n: number): Elements => ({ d, raw: new d.array(n * d.parts), n });

export function elementsOf(d: DType, values: readonly Scalar[]): Elements {
  const out = blank(d, values.length);
  values.forEach((x, i) => {
    writeElement(out.raw, i, d, checkScalar(x, d, 'sweep'));
  });
  return out;
}

/** `n` elements: edges and random values alternate in an order that the seed determines. */
export function sample(d: DType, n: number, seed: number, domain?: readonly [number, number]): Elements {
  const random = seeded(seed);
  const edge = edges(d);
  const share = domain === undefined ? 0.5 : 0.35;
  return elementsOf(
    d,
    Array.from({ length: n }, () => (random() < share ? pick(random, edge) : draw(d, random, domain))),
  );
}

const bytes = (raw: TypedArray): Uint8Array => new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength);

/** The elements at these positions. */
export function take(e: Elements, positions: readonly number[] | Int32Array): Elements {
  const out = blank(e.d, positions.length);
  const { itemsize } = e.d;
  const from = bytes(e.raw);
  const to = bytes(out.raw);
  for (let i = 0; i < positions.length; i++) {
    const at = positions[i] * itemsize;
    for (let b = 0; b < itemsize; b++) to[i * itemsize + b] = from[at + b];
  }
  return out;
}

const isHalfNaN = (bits: number): boolean => (bits & 0x7fff) > 0x7c00;

/** Position of the first element that differs (any NaN equals any NaN; zeros of different sign differ), or -1. */
export function firstDifference(a: Elements, b: Elements): number {
  if (a.d !== b.d || a.n !== b.n) return 0;
  const { half, parts } = a.d;
  for (let i = 0; i < a.raw.length; i++) {
    const x = a.raw[i];
    const y = b.raw[i];
    if (x === y ? x !== 0 || Object.is(x, y) : half ? isHalfNaN(Number(x)) && isHalfNaN(Number(y)) : x !== x && y !== y)
      continue;
    return Math.floor(i / parts);
  }
  return -1;
}

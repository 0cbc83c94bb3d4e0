// The math functions under test with their committed references (test/fixtures/math.json), and errors in ULP.

import { readFileSync } from 'node:fs';
import { type Expr, load } from '../../../src/kernel/builder.ts';
import * as exponential from '../../../src/kernel/math/exponential.ts';
import * as hyperbolic from '../../../src/kernel/math/hyperbolic.ts';
import * as inverse from '../../../src/kernel/math/inverse_trigonometric.ts';
import * as logarithm from '../../../src/kernel/math/logarithm.ts';
import * as power from '../../../src/kernel/math/power.ts';
import * as trigonometric from '../../../src/kernel/math/trigonometric.ts';
import { type MathFunction, ulp } from '../../../src/kernel/math/ulp.ts';

export type Lane = 'f64' | 'f32';

type Body = (x: Expr, y: Expr) => Expr;
const { exp, exp2, expm1 } = exponential;
const { log, log2, log10, log1p, logaddexp, logaddexp2 } = logarithm;
const { sin, cos, tan } = trigonometric;
const { asin, acos, atan, atan2 } = inverse;
const { sinh, cosh, tanh, asinh, acosh, atanh } = hyperbolic;
const { pow, cbrt, hypot } = power;

export const bodies: Record<MathFunction, Body> = {
  ...{ exp, exp2, expm1, log, log2, log10, log1p, logaddexp, logaddexp2, sin, cos, tan, asin, acos, atan, atan2 },
  ...{ sinh, cosh, tanh, asinh, acosh, atanh, pow, cbrt, hypot },
};

export const names = Object.keys(ulp) as MathFunction[]; // the keys of a literal

export const bodyOf = (name: MathFunction, lane: Lane): Expr => bodies[name](load(0, 0, lane), load(1, 0, lane));

export interface References {
  readonly x: Float64Array;
  /** Empty for functions of one argument. */
  readonly y: Float64Array;
  readonly hi: Float64Array;
  /** (exact - hi) in units of 2^-15 ULP. */
  readonly rest: Int16Array;
}

const fixture = JSON.parse(readFileSync(new URL('../../fixtures/math.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, string>
>; // written by tools/math/references.py

const bytes = (text: string): ArrayBuffer => new Uint8Array(Buffer.from(text, 'base64')).buffer;

export function references(name: MathFunction): References {
  const row = fixture[name];
  return {
    x: new Float64Array(bytes(row.x)),
    y: new Float64Array(bytes(row.y ?? '')),
    hi: new Float64Array(bytes(row.hi)),
    rest: new Int16Array(bytes(row.rest)),
  };
}

const word = new DataView(new ArrayBuffer(8));

/** Distance of |v| to the next greater number of the lane. */
export function unit(v: number, lane: Lane): number {
  word.setFloat64(0, v);
  const exponent = ((word.getUint32(0) >>> 20) & 0x7ff) - 1023;
  return lane === 'f64' ? 2 ** Math.max(exponent - 52, -1074) : 2 ** Math.max(exponent - 23, -149);
}

/** Equal as values of IEEE 754: NaN is NaN, and zeros have signs. */
export const same = (a: number, b: number): boolean => Object.is(a, b) || (Number.isNaN(a) && Number.isNaN(b));

/** The number whose ULP counts: the result's, or the greater argument's for sums of exponents. */
export const scaleOf = (name: MathFunction, result: number, x: number, y: number): number =>
  name.startsWith('logaddexp') ? Math.max(Math.abs(result), Math.abs(Math.max(x, y))) : result;

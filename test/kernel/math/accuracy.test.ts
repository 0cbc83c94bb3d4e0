// Every math body against mpmath's references in f64, against its own f64 twin in f32, within the budgets of ulp.ts;
// special values exactly.

import { describe, expect, it } from 'vitest';
import { type MathFunction, ulp } from '../../../src/kernel/math/ulp.ts';
import { evaluator } from './_evaluator.ts';
import { bodyOf, names, references, same, scaleOf, unit } from './_references.ts';

interface Worst {
  error: number;
  readonly at: string[];
}

const shown = (v: number): string => (Object.is(v, -0) ? '-0' : String(v));

// Errors beyond the budget and wrong special values, as lines to paste; at most ten.
function measureDouble(name: MathFunction): Worst {
  const { x, y, hi, rest } = references(name);
  const f = evaluator(bodyOf(name, 'f64'));
  const worst: Worst = { error: 0, at: [] };
  for (let i = 0; i < x.length; i++) {
    const got = f(x[i], y[i]);
    const ordinary = Number.isFinite(hi[i]) && hi[i] !== 0 && Number.isFinite(got);
    const scale = unit(scaleOf(name, hi[i], x[i], y[i]), 'f64');
    const error = (got - hi[i]) / scale - ((rest[i] / 2 ** 15) * unit(hi[i], 'f64')) / scale;
    const wrong = ordinary ? Math.abs(error) > ulp[name].f64 : !same(got, hi[i]);
    if (ordinary) worst.error = Math.max(worst.error, Math.abs(error));
    if (wrong)
      worst.at.push(`${name}(${shown(x[i])}, ${shown(y[i])}) = ${shown(got)}, want ${shown(hi[i])} (${error})`);
  }
  return worst;
}

// Arguments of the fixture rounded to f32, those too large for it scaled down, and a walk over all bit patterns.
function singles(name: MathFunction): [number, number][] {
  const { x, y } = references(name);
  const out: [number, number][] = [];
  const toSingle = (v: number): number => Math.fround(Number.isFinite(v) && Math.abs(v) > 3e38 ? v ** 0.12 : v);
  for (let i = 0; i < x.length; i++) {
    out.push([toSingle(x[i]), toSingle(y[i])]);
    out.push([Math.fround(x[i] * 0.125), Math.fround(y[i] * 0.125)]);
  }
  const pattern = new Uint32Array(2);
  const number = new Float32Array(pattern.buffer);
  for (let i = 0; i < 6000; i++) {
    pattern[0] = Math.imul(i, 0x9e3779b1);
    pattern[1] = Math.imul(i, 0x85ebca6b);
    out.push([number[0], number[1]]);
  }
  return out;
}

function measureSingle(name: MathFunction): Worst {
  const f = evaluator(bodyOf(name, 'f32'));
  const exact = evaluator(bodyOf(name, 'f64'));
  const worst: Worst = { error: 0, at: [] };
  for (const [x, y] of singles(name)) {
    const got = f(x, y);
    const want = exact(x, y);
    const ordinary = Number.isFinite(Math.fround(want)) && Math.fround(want) !== 0 && Number.isFinite(got);
    const error = (got - want) / unit(scaleOf(name, want, x, y), 'f32');
    const wrong = ordinary ? Math.abs(error) > ulp[name].f32 : !same(got, Math.fround(want));
    if (ordinary) worst.error = Math.max(worst.error, Math.abs(error));
    if (wrong) worst.at.push(`${name}(${shown(x)}, ${shown(y)}) = ${shown(got)}, want ${shown(want)} (${error})`);
  }
  return worst;
}

describe.each(names)('%s', (name) => {
  it('f64: within its budget of the exact result, special values exact', () => {
    const worst = measureDouble(name);
    if (process.env.ORTHANT_SHOW_ULP) console.log(`${name} f64 ${worst.error.toFixed(3)}`);
    expect(worst.at.slice(0, 10)).toEqual([]);
  });
  it('f32: within its budget of the f64 result, special values equal', () => {
    const worst = measureSingle(name);
    if (process.env.ORTHANT_SHOW_ULP) console.log(`${name} f32 ${worst.error.toFixed(3)}`);
    expect(worst.at.slice(0, 10)).toEqual([]);
  });
});

// Complex arithmetic against mpmath and NumPy's special values.
import { describe, expect, it } from 'vitest';
import * as arithmetic from '../../../src/kernel/math/complex_arithmetic.ts';
import { complex } from './_columns.ts';
import { type Check, fixture, misses, singleMisses } from './_complex_fixture.ts';

const file = fixture('complex_arithmetic');
const { ulp, ...functions } = arithmetic;

const more: Record<string, Partial<Check>> = {
  // Smith's divisor overflows, here as in NumPy.
  reciprocal: { except: (z) => z.every((x) => Math.abs(x) > 1e308) },
};

describe('complex arithmetic', () => {
  it.each(Object.keys(ulp) as (keyof typeof ulp)[])('%s', (name) => {
    const check: Check = { body: functions[name] as Check['body'], budget: ulp[name], ...more[name] };
    expect(misses(file, name, check).lines.slice(0, 8)).toEqual([]);
  });

  it('sqrt of f32 is that of f64, rounded', () => {
    expect(singleMisses(file, 'sqrt', { body: arithmetic.sqrt, budget: {} })).toEqual([]);
  });

  it('tells NaN, infinite and finite values', () => {
    const re = [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NaN];
    const im = [2, 0, Number.NaN, Number.NEGATIVE_INFINITY];
    expect(complex(arithmetic.isNaN, 'f64', re, im)).toEqual([[0, 1, 1, 1]]);
    expect(complex(arithmetic.isInf, 'f64', re, im)).toEqual([[0, 0, 1, 1]]);
    expect(complex(arithmetic.isFinite, 'f64', re, im)).toEqual([[1, 0, 0, 0]]);
    expect(complex(arithmetic.conjugate, 'f32', re, [2, 0, -1, -0])).toEqual([re, [-2, -0, 1, 0]]);
  });
});

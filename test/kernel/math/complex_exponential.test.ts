// Complex exponentials, logarithms and powers against mpmath and NumPy's special values.
import { describe, expect, it } from 'vitest';
import * as exponential from '../../../src/kernel/math/complex_exponential.ts';
import { type Check, fixture, misses, type Numbers, singleMisses } from './_complex_fixture.ts';

const { ulp, ...functions } = exponential;
const file = fixture('complex_exponential');
const finite = (z: Numbers): boolean => z.every((x) => Number.isFinite(x));

/** |w log z|. */
const exponent = ([x, y, u, v]: Numbers): number =>
  x === 0 && y === 0 ? 0 : Math.hypot(Math.log(Math.hypot(x, y)), Math.atan2(y, x)) * Math.hypot(u, v);

const more: Record<string, Partial<Check>> = {
  // NumPy rounds im z · ln 2 first.
  exp2: { except: (z) => Math.abs(z[1]) > 2 ** 45 || (z[1] !== 0 && Math.abs(z[1]) < 1e-307) },
  // NumPy's are products and sums of NaN wherever a part is not finite.
  expm1: { except: (z) => !finite(z) || (z[1] === 0 && z[0] > 709) },
  // NumPy's log1p loses small numbers against 1, and overflows for the greatest.
  log1p: { except: (z) => z[1] === 0 && Math.abs(z[0]) < 1e-16 },
  power: { units: exponent },
};

describe('complex exponential', () => {
  it.each(Object.entries(functions))('%s', (name, body) => {
    const check: Check = {
      body: body as Check['body'],
      budget: ulp[name as keyof typeof ulp],
      ...more[name],
    };
    expect(misses(file, name, check).lines.slice(0, 8)).toEqual([]);
    expect(singleMisses(file, name, check).slice(0, 8)).toEqual([]);
  });
});

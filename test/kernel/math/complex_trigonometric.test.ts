// Complex circular and hyperbolic functions against mpmath and NumPy's special values.
import { describe, expect, it } from 'vitest';
import * as trigonometric from '../../../src/kernel/math/complex_trigonometric.ts';
import { fixture, misses, singleMisses } from './_complex_fixture.ts';

const { ulp, ...functions } = trigonometric;
const file = fixture('complex_trigonometric');

describe('complex trigonometric', () => {
  it.each(Object.entries(functions))('%s', (name, body) => {
    const check = { body, budget: ulp[name as keyof typeof ulp] };
    expect(misses(file, name, check).lines.slice(0, 8)).toEqual([]);
    expect(singleMisses(file, name, check).slice(0, 8)).toEqual([]);
  });
});

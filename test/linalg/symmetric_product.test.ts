// A matrix times its own transpose takes half of the work and has the bits of the whole.
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';

describe('a matrix times its own transpose', () => {
  it.each(['float64', 'float32', 'complex64', 'int32', 'bool'] as const)(
    '%s: the bits of any other product',
    (dtype) => {
      const whole = np.sin(np.arange(200 * 70)).reshape([200, 70]);
      const a = (dtype[0] === 'i' || dtype[0] === 'b' ? np.trunc(np.multiply(whole, 3)) : whole).astype(dtype);
      for (const x of [a, a.T.copy().T, a.get('::-1', '::2')]) {
        const product = np.matmul(x, x.T);
        expect(np.array_equal(product, np.matmul(x, x.T.copy()))).toBe(true);
        const out = np.zeros([200, 200], { dtype });
        expect(np.array_equal(np.matmul(x, x.T, { out }), product)).toBe(true);
      }
      const square = a.get(':', ':60').T; // 60 × 200: short
      expect(np.matmul(square, square.T).shape).toEqual([60, 60]);
    },
  );
});

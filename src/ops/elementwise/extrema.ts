// The greater and the lesser of two values, and clipping between two. maximum, minimum and clip hand on NaN, fmax and
// fmin leave it out. Of zeros of both signs either may come back.

import type { Expr } from '../../kernel/builder.ts';
import * as order from '../../kernel/math/complex_order.ts';
import { complex, defineRows, real } from '../define.ts';
import * as neutral from '../reduce/neutral.ts';

/** The greater of two floats, NaN if one is. */
export const max = (a: Expr, b: Expr): Expr => b.isNaN().select(b, a.pmax(b));
/** The lesser of two floats, NaN if one is. */
export const min = (a: Expr, b: Expr): Expr => b.isNaN().select(b, a.pmin(b));

export const extrema = defineRows({
  maximum: {
    nin: 2,
    summary: 'The greater argument, or NaN if one is.',
    example: ['np.maximum([1, 5, NaN], 3)', 'array([ 3.,  5., nan])'],
    folds: 'max',
    loops: [
      real('bool', (a, b) => a.or(b)),
      real('ints', (a, b) => a.max(b)),
      real('floats', max),
      complex(order.maximum),
    ],
  },
  minimum: {
    nin: 2,
    summary: 'The lesser argument, or NaN if one is.',
    example: ['np.minimum([1, 5, NaN], 3)', 'array([ 1.,  3., nan])'],
    folds: 'min',
    loops: [
      real('bool', (a, b) => a.and(b)),
      real('ints', (a, b) => a.min(b)),
      real('floats', min),
      complex(order.minimum),
    ],
  },
  fmax: {
    nin: 2,
    summary: 'The greater argument; NaN only if both are.',
    example: ['np.fmax([1, 5, NaN], 3)', 'array([3., 5., 3.])'],
    folds: neutral.leastOrNaN,
    loops: [
      real('bool', (a, b) => a.or(b)),
      real('ints', (a, b) => a.max(b)),
      real('floats', (a, b) => a.isNaN().select(b, a.pmax(b))),
      complex(order.fmax),
    ],
  },
  fmin: {
    nin: 2,
    summary: 'The lesser argument; NaN only if both are.',
    example: ['np.fmin([1, 5, NaN], 3)', 'array([1., 3., 3.])'],
    folds: neutral.greatestOrNaN,
    loops: [
      real('bool', (a, b) => a.and(b)),
      real('ints', (a, b) => a.min(b)),
      real('floats', (a, b) => a.isNaN().select(b, a.pmin(b))),
      complex(order.fmin),
    ],
  },
});

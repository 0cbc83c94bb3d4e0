// Rows behind functions with more operands or defaults than a plain one has: clip, nan_to_num, round. They are not in
// the table of rows.ts; array/rounding.ts gives them their names and defaults.

import { ComplexExpr, type Expr } from '../../kernel/builder.ts';
import * as order from '../../kernel/math/complex_order.ts';
import { asComplex, asReal, complex, defineRows, real } from '../define.ts';
import { faults } from './_faults.ts';
import { max, min } from './extrema.ts';

const replaced = (x: Expr, nan: Expr, high: Expr, low: Expr): Expr =>
  x.isNaN().select(nan, x.eq(Number.POSITIVE_INFINITY).select(high, x.eq(Number.NEGATIVE_INFINITY).select(low, x)));

const scaledUp = (x: Expr, factor: Expr): Expr => x.mul(factor).nearest().div(factor);
const scaledDown = (x: Expr, factor: Expr): Expr => x.div(factor).nearest().mul(factor);
const onParts = (f: (x: Expr, factor: Expr) => Expr) =>
  complex((z, { re }) => new ComplexExpr(f(z.re, re), f(z.im, re)));

const unseen = ['', ''] as const;

export const bounds = defineRows({
  clip: {
    nin: 3,
    summary: 'The argument, but not below the second and not above the third.',
    example: unseen,
    loops: [
      real('bool', (x, low, high) => x.or(low).and(high)),
      real('ints', (x, low, high) => x.max(low).min(high)),
      real('floats', (x, low, high) => min(max(x, low), high)),
      complex((x, low, high) => order.minimum(order.maximum(x, low), high)),
    ],
  },
  nan_to_num: {
    nin: 4,
    summary: 'The argument with NaN, +inf and -inf replaced by the other arguments.',
    example: unseen,
    loops: [
      { on: 'floats', body: ([x, nan, high, low]) => replaced(asReal(x), asReal(nan), asReal(high), asReal(low)) },
      {
        on: 'complexes',
        body: ([z, ...by]) => {
          const [nan, high, low] = by.map((v) => asComplex(v).re);
          const { re, im } = asComplex(z);
          return new ComplexExpr(replaced(re, nan, high, low), replaced(im, nan, high, low));
        },
      },
    ],
  },
  'round.up': {
    nin: 2,
    summary: 'Rounded to a multiple of the reciprocal of the second argument.',
    example: unseen,
    faults: faults.rounded,
    loops: [real('floats', scaledUp), onParts(scaledUp)],
  },
  'round.down': {
    nin: 2,
    summary: 'Rounded to a multiple of the second argument.',
    example: unseen,
    exactAs: 'float64',
    faults: faults.rounded,
    loops: [real('floats', scaledDown), onParts(scaledDown)],
  },
});

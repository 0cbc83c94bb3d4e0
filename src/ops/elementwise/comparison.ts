// Comparisons: true or false, false with NaN but for not_equal. Complex values compare by real, then imaginary part.
// uint64 with a signed integer is compared exactly.

import type { Expr } from '../../kernel/builder.ts';
import * as order from '../../kernel/math/complex_order.ts';
import { complex, defineRows, type LoopRule, real } from '../define.ts';

type Test = (a: Expr, b: Expr) => Expr;

const loops = (ofBools: Test, ofReals: Test, ofComplexes: Parameters<typeof complex>[0]): readonly LoopRule[] => [
  real('bool', ofBools, 'bool'),
  real('real', ofReals, 'bool'),
  complex(ofComplexes, 'bool'),
];

/** Of u64 and i64 in either order: `test` on the bits where the signed one is not negative, else the answer for -1, 0. */
const mixed = (test: Test): LoopRule =>
  real(
    'ints',
    (a, b) => {
      const [x, y] = [a.bits('u64'), b.bits('u64')];
      const minus = (v: Expr): Expr => (v.type === 'i64' ? v.lt(0).select(v.like(-1), 0) : v.like(0)).bits('i64');
      const negative = a.type === 'i64' ? a.lt(0) : b.lt(0);
      return negative.select(test(minus(a), minus(b)), test(x, y));
    },
    'bool',
  );

export const comparison = defineRows({
  equal: {
    nin: 2,
    summary: 'Whether the arguments are equal.',
    example: ['np.equal([1, 2, 3], [1, 0, 3])', 'array([ True, False,  True])'],
    mixedSigns: mixed((a, b) => a.eq(b)),
    loops: loops(
      (a, b) => a.xor(b).not(),
      (a, b) => a.eq(b),
      order.equal,
    ),
  },
  not_equal: {
    nin: 2,
    summary: 'Whether the arguments differ.',
    example: ['np.not_equal([1, 2, 3], [1, 0, 3])', 'array([False,  True, False])'],
    mixedSigns: mixed((a, b) => a.ne(b)),
    loops: loops(
      (a, b) => a.xor(b),
      (a, b) => a.ne(b),
      order.notEqual,
    ),
  },
  less: {
    nin: 2,
    summary: 'Whether the first argument is less than the second.',
    example: ['np.less([1, 2, 3], 2)', 'array([ True, False, False])'],
    mixedSigns: mixed((a, b) => a.lt(b)),
    loops: loops(
      (a, b) => a.not().and(b),
      (a, b) => a.lt(b),
      order.less,
    ),
  },
  less_equal: {
    nin: 2,
    summary: 'Whether the first argument is less than or equal to the second.',
    example: ['np.less_equal([1, 2, 3], 2)', 'array([ True,  True, False])'],
    mixedSigns: mixed((a, b) => a.le(b)),
    loops: loops(
      (a, b) => a.not().or(b),
      (a, b) => a.le(b),
      order.lessEqual,
    ),
  },
  greater: {
    nin: 2,
    summary: 'Whether the first argument is greater than the second.',
    example: ['np.greater([1, 2, 3], 2)', 'array([False, False,  True])'],
    mixedSigns: mixed((a, b) => a.gt(b)),
    loops: loops(
      (a, b) => a.and(b.not()),
      (a, b) => a.gt(b),
      order.greater,
    ),
  },
  greater_equal: {
    nin: 2,
    summary: 'Whether the first argument is greater than or equal to the second.',
    example: ['np.greater_equal([1, 2, 3], 2)', 'array([False,  True,  True])'],
    mixedSigns: mixed((a, b) => a.ge(b)),
    loops: loops(
      (a, b) => a.or(b.not()),
      (a, b) => a.ge(b),
      order.greaterEqual,
    ),
  },
});

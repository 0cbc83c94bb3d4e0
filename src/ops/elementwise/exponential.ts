// Powers, roots, exponentials and logarithms.

import { konst } from '../../kernel/builder.ts';
import { intPower } from '../../kernel/math/bits.ts';
import * as cx from '../../kernel/math/complex_arithmetic.ts';
import * as ce from '../../kernel/math/complex_exponential.ts';
import * as e from '../../kernel/math/exponential.ts';
import * as l from '../../kernel/math/logarithm.ts';
import * as p from '../../kernel/math/power.ts';
import { ulp } from '../../kernel/math/ulp.ts';
import { complex, defineRows, real } from '../define.ts';
import * as neutral from '../reduce/neutral.ts';
import { faults } from './_faults.ts';

export const exponential = defineRows({
  power: {
    nin: 2,
    aliases: ['pow'],
    summary: 'The first argument to the power of the second; integers wrap.',
    example: ['np.power([2, 3], [3, 0.5])', 'array([8.        , 1.73205081])'],
    ulp: ulp.pow,
    domain: [-10, 10],
    refuses: {
      on: 'signed',
      operand: 1,
      when: (x) => (x.type === 'bool' ? konst('bool', false) : x.lt(0)),
      what: 'integers to negative integer powers are not integers',
      fix: "convert the base with astype('float64'), or use float_power",
    },
    faults: faults.power,
    loops: [real('ints', intPower), real('floats', p.pow), complex(ce.power)],
  },
  float_power: {
    nin: 2,
    summary: 'The first argument to the power of the second, in float64 at least.',
    example: ['np.float_power([2n, 3n], -1n)', 'array([0.5       , 0.33333333])'],
    ulp: ulp.pow,
    domain: [-10, 10],
    faults: faults.power,
    loops: [real('float64', p.pow), { ...complex(ce.power), on: 'complex128' }],
  },
  sqrt: {
    nin: 1,
    summary: 'Square root; NaN for negative real numbers.',
    example: ['np.sqrt([4, 2])', 'array([2.        , 1.41421356])'],
    domain: [0, 1e6],
    ulp: { f32: 0.5, f64: 0.5 },
    faults: faults.domain,
    loops: [real('floats', (a) => a.sqrt()), complex(cx.sqrt)],
  },
  cbrt: {
    nin: 1,
    summary: 'Cube root, negative for negative numbers.',
    example: ['np.cbrt([8, -27])', 'array([ 2., -3.])'],
    ulp: ulp.cbrt,
    loops: [real('floats', p.cbrt)],
  },
  hypot: {
    nin: 2,
    summary: 'Length of the hypotenuse of a right triangle with these legs, without overflow on the way.',
    example: ['np.hypot(3, [4, 1])', 'array([5.        , 3.16227766])'],
    identity: 0,
    folds: neutral.zero,
    ulp: ulp.hypot,
    faults: faults.length,
    loops: [real('floats', p.hypot)],
  },
  exp: {
    nin: 1,
    summary: 'e to the power of the argument.',
    example: ['np.exp([0, 1])', 'array([1.        , 2.71828183])'],
    ulp: ulp.exp,
    domain: [-700, 700],
    faults: faults.exponential,
    loops: [real('floats', e.exp), complex(ce.exp)],
  },
  exp2: {
    nin: 1,
    summary: 'Two to the power of the argument.',
    example: ['np.exp2([3, -1])', 'array([8. , 0.5])'],
    ulp: ulp.exp2,
    domain: [-1000, 1000],
    faults: faults.exponential,
    loops: [real('floats', e.exp2), complex(ce.exp2)],
  },
  expm1: {
    nin: 1,
    summary: 'exp(x) - 1, accurate near zero.',
    example: ['np.expm1(1e-10)', '1.00000000005e-10'],
    ulp: ulp.expm1,
    domain: [-700, 700],
    faults: faults.growth,
    loops: [real('floats', e.expm1), complex(ce.expm1)],
  },
  log: {
    nin: 1,
    summary: 'Natural logarithm; -inf for 0, NaN for negative real numbers.',
    example: ['np.log([1, 2])', 'array([0.        , 0.69314718])'],
    ulp: ulp.log,
    domain: [0, 1e6],
    faults: faults.poles,
    loops: [real('floats', l.log), complex(ce.log)],
  },
  log2: {
    nin: 1,
    summary: 'Logarithm to base 2.',
    example: ['np.log2([8, 0.5])', 'array([ 3., -1.])'],
    ulp: ulp.log2,
    domain: [0, 1e6],
    faults: faults.poles,
    loops: [real('floats', l.log2), complex(ce.log2)],
  },
  log10: {
    nin: 1,
    summary: 'Logarithm to base 10.',
    example: ['np.log10([1000, 0.1])', 'array([ 3., -1.])'],
    ulp: ulp.log10,
    domain: [0, 1e6],
    faults: faults.poles,
    loops: [real('floats', l.log10), complex(ce.log10)],
  },
  log1p: {
    nin: 1,
    summary: 'log(1 + x), accurate near zero.',
    example: ['np.log1p([1e-20, 1])', 'array([1.00000000e-20, 6.93147181e-01])'],
    ulp: ulp.log1p,
    domain: [-1, 1e6],
    faults: faults.poles,
    loops: [real('floats', l.log1p), complex(ce.log1p)],
  },
  logaddexp: {
    nin: 2,
    summary: 'log(exp(a) + exp(b)) without overflow on the way.',
    example: ['np.logaddexp([1000, 0], [1000, 0])', 'array([1.00069315e+03, 6.93147181e-01])'],
    identity: Number.NEGATIVE_INFINITY,
    folds: neutral.nothing,
    ulp: ulp.logaddexp,
    loops: [real('floats', l.logaddexp)],
  },
  logaddexp2: {
    nin: 2,
    summary: 'log2(2**a + 2**b) without overflow on the way.',
    example: ['np.logaddexp2([10, 0], [10, 0])', 'array([11.,  1.])'],
    identity: Number.NEGATIVE_INFINITY,
    folds: neutral.nothing,
    ulp: ulp.logaddexp2,
    loops: [real('floats', l.logaddexp2)],
  },
});

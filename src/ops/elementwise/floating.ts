// Signs, parts and neighbours of floating-point numbers.

import * as bits from '../../kernel/math/bits.ts';
import * as cx from '../../kernel/math/complex_arithmetic.ts';
import { floatToHalf, halfNextafter, halfSpacing, halfToFloat } from '../../kernel/math/half.ts';
import { complex, defineRows, real } from '../define.ts';
import { faults } from './_faults.ts';

export const floating = defineRows({
  sign: {
    nin: 1,
    summary: 'Minus one, zero or one; of a complex number the unit with its direction.',
    example: ['np.sign([-2.5, 0, 3])', 'array([-1.,  0.,  1.])'],
    refusesBool: "convert with astype('int8')",
    loops: [real('real', bits.sign), complex(cx.sign)],
  },
  copysign: {
    nin: 2,
    summary: 'The first argument with the sign of the second.',
    example: ['np.copysign([1, -2], -0)', 'array([-1., -2.])'],
    loops: [real('floats', bits.copysign)],
  },
  heaviside: {
    nin: 2,
    summary: 'Step function: 0 below zero, 1 above, the second argument at zero.',
    example: ['np.heaviside([-2, 0, 3], 0.5)', 'array([0. , 0.5, 1. ])'],
    loops: [real('floats', bits.heaviside)],
  },
  nextafter: {
    nin: 2,
    summary: 'The next representable number from the first argument towards the second.',
    example: ['np.nextafter(1, 2)', '1.0000000000000002'],
    loops: [
      real('float16', (a, b) => halfToFloat(halfNextafter(floatToHalf(a), floatToHalf(b)))),
      real('floats', bits.nextafter),
    ],
  },
  spacing: {
    nin: 1,
    summary: 'Distance from the argument to its neighbour away from zero (float16: to the one above).',
    example: ['np.spacing(1)', '2.220446049250313e-16'],
    faults: faults.spacing,
    loops: [real('float16', (a) => halfToFloat(halfSpacing(floatToHalf(a)))), real('floats', bits.spacing)],
  },
  frexp: {
    nin: 1,
    nout: 2,
    summary: 'Mantissa in [0.5, 1) and exponent of two whose product is the argument.',
    example: ['np.frexp([8, 0.75])', '[array([0.5 , 0.75]), array([4, 0], dtype=int32)]'],
    loops: [
      real(
        'floats',
        (a) => {
          const { mantissa, exponent } = bits.frexp(a);
          return [mantissa, exponent];
        },
        'same',
        'int32',
      ),
    ],
  },
  ldexp: {
    nin: 2,
    summary: 'The first argument times two to the power of the second, an integer.',
    example: ['np.ldexp([0.5, 0.75], [4n, 0n])', 'array([8.  , 0.75])'],
    fixed: { 1: 'int64' },
    faults: faults.scaling,
    loops: [real('floats', bits.ldexp)],
  },
  modf: {
    nin: 1,
    nout: 2,
    summary: 'Fraction and integral part, both with the sign of the argument.',
    example: ['np.modf([1.5, -2.25])', '[array([ 0.5 , -0.25]), array([ 1., -2.])]'],
    loops: [
      real('floats', (a) => {
        const { frac, int } = bits.modf(a);
        return [frac, int];
      }),
    ],
  },
  conjugate: {
    nin: 1,
    aliases: ['conj'],
    summary: 'The complex conjugate; real numbers stay as they are.',
    example: ['np.conjugate(new np.Complex(1, 2))', '(1-2j)'],
    loops: [real('real', (a) => a), complex((a) => a.conj())],
  },
});

// Sums, products, quotients and remainders. Integers wrap; integer division by zero gives 0.

import * as cx from '../../kernel/math/complex_arithmetic.ts';
import * as division from '../../kernel/math/division.ts';
import { complex, defineRows, real } from '../define.ts';
import { faults } from './_faults.ts';

export const arithmetic = defineRows({
  add: {
    nin: 2,
    summary: 'Sum of the arguments; logical or of bools.',
    example: ['np.add([1, 2], [10, 20])', 'array([11., 22.])'],
    identity: 0,
    folds: 'sum',
    faults: faults.sum,
    loops: [real('bool', (a, b) => a.or(b)), real('real', (a, b) => a.add(b)), complex((a, b) => a.add(b))],
  },
  subtract: {
    nin: 2,
    summary: 'Difference of the arguments.',
    example: ['np.subtract([1, 2], [10, 20])', 'array([ -9., -18.])'],
    refusesBool: 'use logical_xor, or convert with astype',
    faults: faults.difference,
    loops: [real('real', (a, b) => a.sub(b)), complex((a, b) => a.sub(b))],
  },
  multiply: {
    nin: 2,
    summary: 'Product of the arguments; logical and of bools.',
    example: ['np.multiply([1, 2], [10, 20])', 'array([10., 40.])'],
    identity: 1,
    folds: 'prod',
    faults: faults.product,
    loops: [real('bool', (a, b) => a.and(b)), real('real', (a, b) => a.mul(b)), complex(cx.multiply)],
  },
  divide: {
    nin: 2,
    aliases: ['true_divide'],
    summary: 'Quotient of the arguments; of bools and integers in float64.',
    example: ['np.divide([1n, 2n], 4n)', 'array([0.25, 0.5 ])'],
    exactAs: 'float64',
    faults: faults.quotient,
    loops: [real('floats', (a, b) => a.div(b)), complex(cx.divide)],
  },
  floor_divide: {
    nin: 2,
    summary: 'Largest integer not above the quotient; 0 for integers divided by zero.',
    example: ['np.floor_divide([7, -7], 2)', 'array([ 3., -4.])'],
    faults: faults.floorQuotient,
    loops: [real('ints', division.intFloorDivide), real('floats', division.floatFloorDivide)],
  },
  remainder: {
    nin: 2,
    aliases: ['mod'],
    summary: 'Remainder with the sign of the divisor, the companion of floor_divide; 0 for integers divided by zero.',
    example: ['np.remainder([7, -7], 3)', 'array([1., 2.])'],
    faults: faults.modulo,
    loops: [real('ints', division.intMod), real('floats', division.floatMod)],
  },
  fmod: {
    nin: 2,
    summary: "Remainder with the sign of the dividend, as C's fmod; 0 for integers divided by zero.",
    example: ['np.fmod([7, -7], 3)', 'array([ 1., -1.])'],
    faults: faults.modulo,
    loops: [real('ints', division.intFmod), real('floats', division.fmod)],
  },
  divmod: {
    nin: 2,
    nout: 2,
    summary: 'Quotient and remainder at once: floor_divide and remainder.',
    example: ['np.divmod([7, -7], 2)', '[array([ 3., -4.]), array([1., 1.])]'],
    faults: faults.floorQuotient,
    loops: [
      real('ints', (a, b) => Object.values(division.intDivmod(a, b))),
      real('floats', (a, b) => Object.values(division.floatDivmod(a, b))),
    ],
  },
  negative: {
    nin: 1,
    summary: 'The argument with its sign changed; unsigned integers wrap.',
    example: ['np.negative([1, -2])', 'array([-1.,  2.])'],
    refusesBool: 'use logical_not',
    faults: faults.negative,
    loops: [real('real', (a) => a.neg()), complex((a) => a.neg())],
  },
  positive: {
    nin: 1,
    summary: 'A copy of the argument.',
    example: ['np.positive([1, -2])', 'array([ 1., -2.])'],
    refusesBool: 'use copy, or convert with astype',
    loops: [real('real', (a) => a), complex((a) => a)],
  },
  absolute: {
    nin: 1,
    aliases: ['abs'],
    summary: 'Distance from zero; the least integer of a signed dtype stays itself.',
    example: ['np.absolute([-1.5, 2])', 'array([1.5, 2. ])'],
    ulp: { f32: 1, f64: 1 },
    faults: faults.absolute,
    loops: [real('bool', (a) => a), real('real', (a) => a.abs()), complex(cx.absolute, 'real')],
  },
  fabs: {
    nin: 1,
    summary: 'Distance from zero as a float.',
    example: ['np.fabs([-1.5, 2])', 'array([1.5, 2. ])'],
    loops: [real('floats', (a) => a.abs())],
  },
  square: {
    nin: 1,
    summary: 'The argument times itself.',
    example: ['np.square([-1.5, 2])', 'array([2.25, 4.  ])'],
    faults: faults.square,
    loops: [real('real', (a) => a.mul(a)), complex(cx.square)],
  },
  reciprocal: {
    nin: 1,
    summary: 'One divided by the argument; of integers rounded to zero, and 0 for 0.',
    example: ['np.reciprocal([2, -4])', 'array([ 0.5 , -0.25])'],
    faults: faults.reciprocal,
    loops: [real('ints', (a) => a.like(1).idiv(a)), real('floats', (a) => a.like(1).div(a)), complex(cx.reciprocal)],
  },
});

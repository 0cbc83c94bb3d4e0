// Truth values and tests of single numbers. The logical operations read any dtype as ≠ 0 (NaN is true).

import { type Expr, konst } from '../../kernel/builder.ts';
import * as bits from '../../kernel/math/bits.ts';
import * as cx from '../../kernel/math/complex_arithmetic.ts';
import { complex, defineRows, type LoopRule, real } from '../define.ts';
import * as neutral from '../reduce/neutral.ts';

const always = (answer: boolean): LoopRule => real('exact', () => konst('bool', answer), 'bool');
const test = (body: (a: Expr) => Expr): LoopRule => real('floats', body, 'bool');

export const logical = defineRows({
  logical_and: {
    nin: 2,
    summary: 'Whether both arguments are true (not zero).',
    example: ['np.logical_and([0, 1, 2], [1, 0, 2])', 'array([False, False,  True])'],
    identity: true,
    folds: 'all',
    truth: true,
    loops: [real('bool', (a, b) => a.and(b))],
  },
  logical_or: {
    nin: 2,
    summary: 'Whether at least one argument is true (not zero).',
    example: ['np.logical_or([0, 1, 0], [0, 0, 2])', 'array([False,  True,  True])'],
    identity: false,
    folds: 'any',
    truth: true,
    loops: [real('bool', (a, b) => a.or(b))],
  },
  logical_xor: {
    nin: 2,
    summary: 'Whether exactly one argument is true (not zero).',
    example: ['np.logical_xor([0, 1, 2], [1, 1, 0])', 'array([ True, False,  True])'],
    identity: false,
    folds: neutral.zero,
    truth: true,
    loops: [real('bool', (a, b) => a.xor(b))],
  },
  logical_not: {
    nin: 1,
    summary: 'Whether the argument is false (zero).',
    example: ['np.logical_not([0, 1, 2])', 'array([ True, False, False])'],
    truth: true,
    loops: [real('bool', (a) => a.not())],
  },
  isfinite: {
    nin: 1,
    summary: 'Whether the argument is neither infinite nor NaN.',
    example: ['np.isfinite([1, Infinity, NaN])', 'array([ True, False, False])'],
    loops: [always(true), test(bits.isFinite), complex(cx.isFinite, 'bool')],
  },
  isinf: {
    nin: 1,
    summary: 'Whether the argument is infinite.',
    example: ['np.isinf([1, -Infinity, NaN])', 'array([False,  True, False])'],
    loops: [always(false), test(bits.isInf), complex(cx.isInf, 'bool')],
  },
  isnan: {
    nin: 1,
    summary: 'Whether the argument is NaN.',
    example: ['np.isnan([1, Infinity, NaN])', 'array([False, False,  True])'],
    loops: [always(false), test(bits.isNaN), complex(cx.isNaN, 'bool')],
  },
  isposinf: {
    nin: 1,
    summary: 'Whether the argument is positive infinity.',
    example: ['np.isposinf([1, Infinity, -Infinity])', 'array([False,  True, False])'],
    loops: [always(false), test((a) => a.eq(Number.POSITIVE_INFINITY))],
  },
  isneginf: {
    nin: 1,
    summary: 'Whether the argument is negative infinity.',
    example: ['np.isneginf([1, Infinity, -Infinity])', 'array([False, False,  True])'],
    loops: [always(false), test((a) => a.eq(Number.NEGATIVE_INFINITY))],
  },
  isreal: {
    nin: 1,
    summary: 'Whether the imaginary part is zero.',
    example: ['np.isreal([1, 2])', 'array([ True,  True])'],
    loops: [always(true), test(() => konst('bool', true)), complex((a) => a.im.eq(0), 'bool')],
  },
  iscomplex: {
    nin: 1,
    summary: 'Whether the imaginary part is not zero.',
    example: ['np.iscomplex([1, 2])', 'array([False, False])'],
    loops: [always(false), test(() => konst('bool', false)), complex((a) => a.im.ne(0), 'bool')],
  },
  signbit: {
    nin: 1,
    summary: 'Whether the sign bit is set: below zero, and also -0.',
    example: ['np.signbit([-1, -0, 0])', 'array([ True,  True, False])'],
    loops: [test(bits.signbit)],
  },
});

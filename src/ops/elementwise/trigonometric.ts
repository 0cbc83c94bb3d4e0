// Angles (in radians), circular and hyperbolic functions and their inverses.

import { konst } from '../../kernel/builder.ts';
import * as bits from '../../kernel/math/bits.ts';
import * as cx from '../../kernel/math/complex_arithmetic.ts';
import * as ct from '../../kernel/math/complex_trigonometric.ts';
import * as h from '../../kernel/math/hyperbolic.ts';
import * as inverse from '../../kernel/math/inverse_trigonometric.ts';
import * as t from '../../kernel/math/trigonometric.ts';
import { ulp } from '../../kernel/math/ulp.ts';
import { complex, defineRows, real } from '../define.ts';
import { faults } from './_faults.ts';

export const trigonometric = defineRows({
  sin: {
    nin: 1,
    summary: 'Sine.',
    example: ['np.sin([0, 1])', 'array([0.        , 0.84147098])'],
    ulp: ulp.sin,
    faults: faults.circular,
    loops: [real('floats', t.sin), complex(ct.sin)],
  },
  cos: {
    nin: 1,
    summary: 'Cosine.',
    example: ['np.cos([0, 1])', 'array([1.        , 0.54030231])'],
    ulp: ulp.cos,
    faults: faults.circular,
    loops: [real('floats', t.cos), complex(ct.cos)],
  },
  tan: {
    nin: 1,
    summary: 'Tangent.',
    example: ['np.tan([0, 1])', 'array([0.        , 1.55740772])'],
    ulp: ulp.tan,
    faults: faults.domain,
    loops: [real('floats', t.tan), complex(ct.tan)],
  },
  arcsin: {
    nin: 1,
    aliases: ['asin'],
    summary: 'Inverse sine, between -π/2 and π/2; NaN outside [-1, 1].',
    example: ['np.arcsin([0, 1])', 'array([0.        , 1.57079633])'],
    ulp: ulp.asin,
    domain: [-1, 1],
    faults: faults.domain,
    loops: [real('floats', inverse.asin), complex(ct.asin)],
  },
  arccos: {
    nin: 1,
    aliases: ['acos'],
    summary: 'Inverse cosine, between 0 and π; NaN outside [-1, 1].',
    example: ['np.arccos([0, 1])', 'array([1.57079633, 0.        ])'],
    ulp: ulp.acos,
    domain: [-1, 1],
    faults: faults.domain,
    loops: [real('floats', inverse.acos), complex(ct.acos)],
  },
  arctan: {
    nin: 1,
    aliases: ['atan'],
    summary: 'Inverse tangent, between -π/2 and π/2.',
    example: ['np.arctan([0, 1])', 'array([0.        , 0.78539816])'],
    ulp: ulp.atan,
    loops: [real('floats', inverse.atan), complex(ct.atan)],
  },
  arctan2: {
    nin: 2,
    aliases: ['atan2'],
    summary: 'Angle of the point with ordinate first and abscissa second, between -π and π.',
    example: ['np.arctan2([1, -1], -1)', 'array([ 2.35619449, -2.35619449])'],
    ulp: ulp.atan2,
    loops: [real('floats', inverse.atan2)],
  },
  angle: {
    nin: 1,
    summary: 'Angle of a complex number, between -π and π; of real numbers 0 or π.',
    example: ['np.angle([1, -1])', 'array([0.        , 3.14159265])'],
    ulp: ulp.atan2,
    loops: [
      real('bool', () => konst('f64', 0), 'float64'),
      real('floats', (a) => inverse.atan2(a.like(0), a)),
      complex(cx.angle, 'real'),
    ],
  },
  sinh: {
    nin: 1,
    summary: 'Hyperbolic sine.',
    example: ['np.sinh([0, 1])', 'array([0.        , 1.17520119])'],
    ulp: ulp.sinh,
    domain: [-700, 700],
    faults: faults.growth,
    loops: [real('floats', h.sinh), complex(ct.sinh)],
  },
  cosh: {
    nin: 1,
    summary: 'Hyperbolic cosine.',
    example: ['np.cosh([0, 1])', 'array([1.        , 1.54308063])'],
    ulp: ulp.cosh,
    domain: [-700, 700],
    faults: faults.growth,
    loops: [real('floats', h.cosh), complex(ct.cosh)],
  },
  tanh: {
    nin: 1,
    summary: 'Hyperbolic tangent.',
    example: ['np.tanh([0, 1])', 'array([0.        , 0.76159416])'],
    ulp: ulp.tanh,
    domain: [-20, 20],
    faults: faults.complexOnly,
    loops: [real('floats', h.tanh), complex(ct.tanh)],
  },
  arcsinh: {
    nin: 1,
    aliases: ['asinh'],
    summary: 'Inverse hyperbolic sine.',
    example: ['np.arcsinh([0, 1])', 'array([0.        , 0.88137359])'],
    ulp: ulp.asinh,
    loops: [real('floats', h.asinh), complex(ct.asinh)],
  },
  arccosh: {
    nin: 1,
    aliases: ['acosh'],
    summary: 'Inverse hyperbolic cosine; NaN below 1.',
    example: ['np.arccosh([1, 2])', 'array([0.       , 1.3169579])'],
    ulp: ulp.acosh,
    domain: [1, 1e6],
    faults: faults.domain,
    loops: [real('floats', h.acosh), complex(ct.acosh)],
  },
  arctanh: {
    nin: 1,
    aliases: ['atanh'],
    summary: 'Inverse hyperbolic tangent; infinite at -1 and 1, NaN outside.',
    example: ['np.arctanh([0, 0.5])', 'array([0.        , 0.54930614])'],
    ulp: ulp.atanh,
    domain: [-1, 1],
    faults: faults.poles,
    loops: [real('floats', h.atanh), complex(ct.atanh)],
  },
  degrees: {
    nin: 1,
    aliases: ['rad2deg'],
    summary: 'Radians to degrees.',
    example: ['np.degrees([0, Math.PI])', 'array([  0., 180.])'],
    faults: faults.degrees,
    loops: [real('floats', bits.degrees)],
  },
  radians: {
    nin: 1,
    aliases: ['deg2rad'],
    summary: 'Degrees to radians.',
    example: ['np.radians([0, 180])', 'array([0.        , 3.14159265])'],
    faults: faults.radians,
    loops: [real('floats', bits.radians)],
  },
});

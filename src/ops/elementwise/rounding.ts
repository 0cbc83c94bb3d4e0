// Rounding to integral values. Integers and bools stay as they are, but for rint, which returns floats.

import { ComplexExpr } from '../../kernel/builder.ts';
import { complex, defineRows, real } from '../define.ts';

export const rounding = defineRows({
  rint: {
    nin: 1,
    summary: 'The nearest integral value, halves to the even one.',
    example: ['np.rint([0.5, 1.5, -1.7])', 'array([ 0.,  2., -2.])'],
    loops: [real('floats', (a) => a.nearest()), complex((a) => new ComplexExpr(a.re.nearest(), a.im.nearest()))],
  },
  floor: {
    nin: 1,
    summary: 'The greatest integral value that is not above the argument.',
    example: ['np.floor([1.7, -1.7])', 'array([ 1., -2.])'],
    loops: [real('exact', (a) => a), real('floats', (a) => a.floor())],
  },
  ceil: {
    nin: 1,
    summary: 'The least integral value that is not below the argument.',
    example: ['np.ceil([1.2, -1.7])', 'array([ 2., -1.])'],
    loops: [real('exact', (a) => a), real('floats', (a) => a.ceil())],
  },
  trunc: {
    nin: 1,
    aliases: ['fix'],
    summary: 'The argument without its fraction: rounded to zero.',
    example: ['np.trunc([1.7, -1.7])', 'array([ 1., -1.])'],
    loops: [real('exact', (a) => a), real('floats', (a) => a.trunc())],
  },
});

import { complex, defineRows, real } from '../define.ts';

export const arithmetic = defineRows({
  add: {
    nin: 2,
    summary: 'Sum of the arguments; logical or of bools.',
    example: ['np.add([1, 2], [10, 20])', 'array([11., 22.])'],
    identity: 0,
    loops: [real('bool', (a, b) => a.or(b)), real('real', (a, b) => a.add(b)), complex((a, b) => a.add(b))],
  },
  subtract: {
    nin: 2,
    summary: 'Difference of the arguments.',
    example: ['np.subtract([1, 2], [10, 20])', 'array([ -9., -18.])'],
    refusesBool: 'use logical_xor, or convert with astype',
    loops: [real('real', (a, b) => a.sub(b)), complex((a, b) => a.sub(b))],
  },
  multiply: {
    nin: 2,
    summary: 'Product of the arguments; logical and of bools.',
    example: ['np.multiply([1, 2], [10, 20])', 'array([10., 40.])'],
    identity: 1,
    loops: [real('bool', (a, b) => a.and(b)), real('real', (a, b) => a.mul(b)), complex((a, b) => a.mul(b))],
  },
});

// Bits of integers and bools, shifts, and the operations that only integers have.

import * as bits from '../../kernel/math/bits.ts';
import { defineRows, real } from '../define.ts';
import * as neutral from '../reduce/neutral.ts';
import { faults } from './_faults.ts';

export const bitwise = defineRows({
  bitwise_and: {
    nin: 2,
    summary: 'Bits that are set in both arguments.',
    example: ['np.bitwise_and([6n, 5n], 3n)', 'array([2, 1])'],
    identity: -1,
    folds: neutral.everyBit,
    loops: [real('exact', (a, b) => a.and(b))],
  },
  bitwise_or: {
    nin: 2,
    summary: 'Bits that are set in at least one argument.',
    example: ['np.bitwise_or([6n, 5n], 3n)', 'array([7, 7])'],
    identity: 0,
    folds: neutral.zero,
    loops: [real('exact', (a, b) => a.or(b))],
  },
  bitwise_xor: {
    nin: 2,
    summary: 'Bits that are set in exactly one argument.',
    example: ['np.bitwise_xor([6n, 5n], 3n)', 'array([5, 6])'],
    identity: 0,
    folds: neutral.zero,
    loops: [real('exact', (a, b) => a.xor(b))],
  },
  invert: {
    nin: 1,
    aliases: ['bitwise_not', 'bitwise_invert'],
    summary: 'All bits changed; logical not of bools.',
    example: ['np.invert([0n, 5n])', 'array([-1, -6])'],
    loops: [real('exact', (a) => a.not())],
  },
  left_shift: {
    nin: 2,
    aliases: ['bitwise_left_shift'],
    summary: 'Bits moved up by the second argument; 0 for shifts past the width or negative ones.',
    example: ['np.left_shift([1n, 5n], 2n)', 'array([ 4, 20])'],
    faults: faults.leftShift,
    loops: [real('ints', bits.leftShift)],
  },
  right_shift: {
    nin: 2,
    aliases: ['bitwise_right_shift'],
    summary: 'Bits moved down by the second argument; signed integers keep their sign.',
    example: ['np.right_shift([-8n, 20n], 2n)', 'array([-2,  5])'],
    loops: [real('ints', bits.rightShift)],
  },
  bitwise_count: {
    nin: 1,
    summary: 'Number of bits set in the absolute value, as uint8.',
    example: ['np.bitwise_count([255n, -3n])', 'array([8, 2], dtype=uint8)'],
    loops: [real('ints', bits.bitwiseCount, 'uint8')],
  },
  gcd: {
    nin: 2,
    summary: 'Greatest common divisor, not negative; 0 for two zeros.',
    example: ['np.gcd([12n, 20n], 8n)', 'array([4, 4])'],
    identity: 0,
    folds: neutral.zero,
    refusesBool: "convert with astype('int8')",
    faults: faults.gcd,
    loops: [real('ints', bits.gcd)],
  },
  lcm: {
    nin: 2,
    summary: 'Least common multiple, not negative; 0 if either argument is.',
    example: ['np.lcm([12n, 20n], 8n)', 'array([24, 40])'],
    refusesBool: "convert with astype('int8')",
    faults: faults.lcm,
    loops: [real('ints', bits.lcm)],
  },
});

// Elementwise functions for random expressions, by number of operands: all rows.
import { type ElementwiseName, elementwise, elementwiseNames } from '../../src/ops/rows.ts';

const of = (nin: number): ElementwiseName[] => elementwiseNames.filter((n) => elementwise[n].nin === nin);
export const rowNames = { unary: of(1), binary: of(2) };

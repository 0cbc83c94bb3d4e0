// Arrays that are computed from where their elements stand: constants and ranges. Nothing of them is ever held whole.

import { arange } from '../../array/ranges.ts';
import { asDType, type DTypeName } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { lazy } from '../../lazy/lazy.ts';
import { type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';

interface Full {
  readonly value: Scalar;
  readonly dtype: DTypeName;
}
export const fullRow: OperationRow<Full> = {
  name: 'full',
  needs: () => [],
  apply: (p, _, region) => [lazy(p.value).astype(p.dtype).broadcast_to(region.shape)],
  text: (p) => `full of ${p.value}`,
};

interface Range {
  readonly start: number;
  readonly step: number;
  readonly dtype: DTypeName;
}
export const rangeRow: OperationRow<Range> = {
  name: 'range',
  needs: () => [],
  // The position is exact in float64, and so every element is start + step × position, whatever the blocks.
  apply: (p, _, region) => [
    lazy(arange(region.start[0], region.start[0] + region.shape[0]))
      .multiply(p.step)
      .add(p.start)
      .astype(p.dtype),
  ],
  text: (p) => `${p.start} + ${p.step} i`,
};

export const fullNode = (shape: readonly number[], p: Full, chunks: readonly number[]): OpNode =>
  resultsOf(operation(fullRow, p, []), [{ shape, dtype: asDType(p.dtype) }], chunks)[0];

export const rangeNode = (length: number, p: Range, chunks: readonly number[]): OpNode =>
  resultsOf(operation(rangeRow, p, []), [{ shape: [length], dtype: asDType(p.dtype) }], chunks)[0];

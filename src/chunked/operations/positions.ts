// Positions of extremes over blocks: of each block the extreme and the first position that has it, then the first among the
// blocks that have the extreme of all. Positions are int64 and count in C order over the whole array, so that the grid
// leaves no trace; NaN counts as the extreme, as in arrays in memory, or is passed over.

import { arange } from '../../array/ranges.ts';
import { where } from '../../array/select.ts';
import { ArgumentError } from '../../base/errors.ts';
import { dtypes } from '../../dtype/dtype.ts';
import { type Lazy, lazy } from '../../lazy/lazy.ts';
import type { ExtremeName } from '../../ops/reduce/extremes.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';
import { reduced } from './reductions.ts';
import type { TreeRow } from './tree.ts';

export interface Position {
  readonly extreme: ExtremeName;
  /** Of the operand: positions count in it, or along the one axis. */
  readonly shape: readonly number[];
  readonly whole: boolean;
}

/** Stands where no element has the extreme: beyond every position. */
const NOWHERE = BigInt(Number.MAX_SAFE_INTEGER);

// Where an element is the extreme; where that is NaN, the elements that are NaN, of which there are none otherwise.
function firstOf(extreme: ExtremeName, x: Lazy, best: Lazy, at: Lazy, axes: readonly number[]): Lazy {
  const same = x.equal(best);
  const match = extreme.startsWith('nan') || !isFloating(x) ? same : same.logical_or(x.not_equal(x));
  const found = where(match as never, at as never, NOWHERE) as unknown as Lazy; // the function takes expressions
  return reduced('min', found, { axis: axes, keepdims: true });
}

const isFloating = (x: Lazy): boolean => x.dtype.kind === 'f' || x.dtype.kind === 'c';

export const positionRow: TreeRow<Position> = {
  text: (p) => `arg${p.extreme}`,
  partial({ extreme, shape, whole }, [x], axes, at) {
    const best = reduced(extreme, x, { axis: axes, keepdims: true });
    let positions: Lazy = lazy(arange(1, { dtype: 'int64' })).reshape(shape.map(() => 1));
    let stride = 1;
    for (let d = shape.length - 1; d >= 0; d--) {
      if (!whole && !axes.includes(d)) continue;
      const along = lazy(arange(at.start[d], at.start[d] + at.shape[d], { dtype: 'int64' }));
      positions = positions.add(along.multiply(BigInt(stride)).reshape(shape.map((_, i) => (i === d ? -1 : 1))));
      stride *= shape[d];
    }
    return [best, firstOf(extreme, x, best, positions, axes)];
  },
  combine({ extreme }, [bests, firsts], axes) {
    const best = reduced(extreme, bests, { axis: axes, keepdims: true });
    return [best, firstOf(extreme, bests, best, firsts, axes)];
  },
  finish: (_, [, first]) => first,
};

/** Refuses places where there was nothing but NaN. */
export const foundRow: OperationRow<{ readonly name: string }> = {
  name: 'found',
  eager: true,
  needs: (_, region) => [region],
  apply({ name }, [x]) {
    const none = reduced('max', lazy(x as never), {}).compute(); // an array of int64
    if (Number(none) === Number(NOWHERE)) {
      throw new ArgumentError(
        `np.nan${name}: nothing but NaN along the axis`,
        `use np.${name} to find such places, or put numbers there with np.where`,
        { name },
      );
    }
    return [x];
  },
};

export const found = (n: OpNode, name: string): OpNode =>
  resultsOf(
    operation(foundRow, { name }, [n] as readonly Node[]),
    [{ shape: n.shape, dtype: dtypes.int64 }],
    n.chunks,
  )[0];

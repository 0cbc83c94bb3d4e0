// What reducing with an elementwise row of two operands means: the reduction it is, or a monoid made of its own body. A
// row that says nothing of order is folded from left to right.

import { DTypeError } from '../../base/errors.ts';
import { type DType, dtypes } from '../../dtype/dtype.ts';
import type { ExprValue } from '../../kernel/builder.ts';
import { castValue } from '../../kernel/element.ts';
import { type ElementwiseRow, findLoop, type LoopTypes, loopsOf } from '../define.ts';
import { asState, isFloating, type Monoid, type ReduceRow, stateOf } from './define.ts';
import { reductions } from './rows.ts';

const folds = ({ ins, outs }: LoopTypes): boolean => ins[0] === ins[1] && outs[0] === ins[0];

/** The loop that takes its own results: for elements of dtype `d`, or computing in `d` exactly where that is asked for. */
function foldingLoop(name: string, row: ElementwiseRow, d: DType, exactly: boolean): LoopTypes {
  const loop = exactly ? loopsOf(row).find((l) => l.ins[0] === d && folds(l)) : findLoop(name, row, [d, d]);
  if (loop !== undefined && folds(loop)) return loop;
  const possible = [...new Set(loopsOf(row).filter(folds))].map((l) => l.ins[0].name).join(', ');
  throw new DTypeError(
    `np.${name} does not reduce ${d.name}: ${loop === undefined ? 'it has no such loop' : `its results are ${loop.outs[0].name}`}`,
    possible === '' ? 'call it on two arrays instead' : `convert with astype to one of these: ${possible}`,
    { op: name, dtype: d.name },
  );
}

const parts = (v: number | bigint, state: DType): (number | bigint)[] => {
  const one = state.lane === 'i64' || state.lane === 'u64' ? BigInt(v) : Number(v);
  return state.parts === 2 ? [one, Number.isNaN(one) ? one : 0] : [one];
};

function monoidOf(key: string, row: ElementwiseRow, { ins: [d], body }: LoopTypes): Monoid {
  const state = stateOf(d);
  // States are as wide as the dtype computes in; only bool is stored otherwise.
  const read = (v: ExprValue): ExprValue => (d.kind === 'b' ? castValue(v, dtypes.uint8, d) : v);
  const neutral = typeof row.folds === 'function' ? row.folds(d) : 0; // left to right nothing is filled in
  return {
    name: key,
    ins: [d],
    state,
    value: (x) => asState(x[0]),
    combine: (a, b) => {
      const made = body([read(a), read(b)], d);
      return asState(Array.isArray(made) ? made[0] : made);
    },
    identity: parts(neutral, state),
    ordered: isFloating(d),
  };
}

/** A row of two operands as a reduction; `key` names its bodies among all monoids. */
export function reductionOfRow(name: string, key: string, row: ElementwiseRow): ReduceRow {
  if (typeof row.folds === 'string') return reductions[row.folds];
  return {
    summary: row.summary,
    example: row.example,
    accumulate: (d) => foldingLoop(name, row, d, false).ins[0],
    of: (d) => {
      const loop = row.truth ? findLoop(name, row, [d]) : foldingLoop(name, row, d, true);
      return { monoid: monoidOf(key, row, loop), result: loop.outs[0] };
    },
  };
}

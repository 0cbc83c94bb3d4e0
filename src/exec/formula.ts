// Small computations that are no operations of the namespace: a body over elements, run as one kernel on arrays and
// numbers of any layout, so that composed functions need no temporaries. Operands are trusted: callers have settled
// dtypes and shapes.

import type { DType } from '../dtype/dtype.ts';
import type { ExprValue } from '../kernel/builder.ts';
import type { RowFaults } from '../ops/define.ts';
import { ArrayBase, newArray } from './array_base.ts';
import { scalarParams } from './call.ts';
import { execute } from './execute.ts';
import { Loop } from './ufunc.ts';

export type Body = (x: readonly ExprValue[]) => ExprValue;

const loops = new Map<string, Loop>();

/** The loop of a body, by name and dtypes: made once. */
export function loopOf(name: string, ins: readonly DType[], out: DType, body: Body, faults?: RowFaults): Loop {
  const key = `${name}:${ins.map((d) => d.char).join('')}:${out.char}`;
  let loop = loops.get(key);
  if (loop === undefined) {
    loop = new Loop(key, { ins, outs: [out], body, ...(faults && { faults }) });
    loops.set(key, loop);
  }
  return loop;
}

/** Runs a loop over arrays and numbers that broadcast to `shape`, into `out` or a new array. */
export function evaluate(
  loop: Loop,
  operands: readonly (ArrayBase | number)[],
  shape: readonly number[],
  out: ArrayBase = newArray(shape, loop.types.outs[0]),
): ArrayBase {
  const params = operands.flatMap((x, i) =>
    x instanceof ArrayBase ? [] : scalarParams(x, loop.types.ins[i], loop.name),
  );
  const arrays = operands.map((x) => (x instanceof ArrayBase ? x : undefined));
  execute(loop, arrays, undefined, [out], shape, params);
  return out;
}

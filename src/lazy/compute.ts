// Computing expressions: a plan, a run, and results as eager calls give them. Also slice by slice between turns of the
// event loop. What a plan is stands in plan.ts, how it runs in run.ts.

import { type NDArray, nd } from '../array/ndarray.ts';
import { ArgumentError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import { checkOut } from '../exec/call.ts';
import { castInto } from '../exec/cast.ts';
import { readAt } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { currentErrors } from '../exec/errstate/state.ts';
import { Options } from '../exec/options.ts';
import { timed } from '../exec/timed.ts';
import type { Node } from './node.ts';
import type { Plan } from './plan.ts';
import { type RowPlan, rowsOf } from './rows.ts';
import { type Given, mustWait, running } from './run.ts';
import { type Tiling, tilingOf } from './tile.ts';

export interface ComputeOptions {
  /** Where the result goes: of its shape, and of a dtype of the same kind. */
  readonly out?: ArrayBase;
}
const computeOptions = new Options('out');

/** Elements of the work between two looks at the event loop. */
const SLICE = 2 ** 20;
/** Milliseconds of work after which the event loop has its turn. */
const TURN = 8;

/** How a plan is run: rows as a program where that can be, else in tiles, else stage by stage. */
export interface Way {
  readonly rows?: RowPlan | undefined;
  readonly tiling: Tiling | undefined;
}

/** The best way to run a plan. */
export const wayOf = (plan: Plan): Way => ({ rows: rowsOf(plan), tiling: tilingOf(plan) });

interface Prepared {
  readonly run: Generator<void, ArrayBase[]>;
  readonly finish: (made: ArrayBase[]) => (NDArray | Scalar)[];
}

function prepare(plan: Plan, given: Given, options: ComputeOptions, way: Way): Prepared {
  computeOptions.check(options, 'compute');
  const { out } = options;
  const [first] = plan.roots;
  if (out !== undefined) {
    if (plan.results !== 1) throw new ArgumentError('compute: out for several results', 'compute them one by one', {});
    checkOut('compute', out, first.shape, first.dtype, 'same_kind');
  }
  // Only a result that is computed last, from nothing that shares its memory, may be written as it is computed.
  const last = plan.stages.at(-1)?.nodes.includes(first as never) === true; // a root may be no computed node
  const direct =
    out !== undefined &&
    last &&
    first.dtype === out.dtype &&
    currentErrors().raising === 0 &&
    !mustWait(plan, given, out);
  const finish = (made: ArrayBase[]): (NDArray | Scalar)[] => {
    if (out === undefined) return distinct(made, plan.roots).map((a, i) => delivered(a, plan.roots[i]));
    if (!direct) castInto(made[0], out, true);
    return [nd(out)];
  };
  return { run: running(plan, given, way.tiling, direct ? out : undefined, way.rows), finish };
}

const delivered = (a: ArrayBase, n: Node): NDArray | Scalar =>
  n.weak && a.ndim === 0 ? readAt(a, a.offset, 'number') : nd(a);

// No two results are one array.
const distinct = (made: readonly ArrayBase[], roots: readonly Node[]): ArrayBase[] =>
  made.map((a, i) => (made.indexOf(a) < i && roots[i].kind !== 'source' ? heapCopy(a) : a));

/** Computes all results of a plan. */
export function compute(
  plan: Plan,
  given: Given,
  options: ComputeOptions = {},
  way: Way = wayOf(plan),
): (NDArray | Scalar)[] {
  if (events.timing) return timed('lazy', compute, plan, given, options, way);
  const { run, finish } = prepare(plan, given, options, way);
  for (;;) {
    const { done, value } = run.next();
    if (done === true) return finish(value);
  }
}

/** The same with turns of the event loop in between. */
export async function computeAsync(
  plan: Plan,
  given: Given,
  options: ComputeOptions = {},
): Promise<(NDArray | Scalar)[]> {
  const { run, finish } = prepare(plan, given, options, { tiling: tilingOf(plan, SLICE) ?? tilingOf(plan) });
  let since = performance.now();
  for (;;) {
    const { done, value } = run.next();
    if (done === true) return finish(value);
    if (performance.now() - since < TURN) continue;
    await new Promise<void>((go) => {
      setTimeout(go, 0);
    });
    since = performance.now();
  }
}

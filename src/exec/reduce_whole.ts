// The short path of reductions: one contiguous resident array to one scalar, in one call of the run kernel. What
// exec/reduce.ts would do, without its preparations; the sweep holds the two against each other.

import { Complex } from '../dtype/complex.ts';
import { type DType, dtypeList } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { KernelFunction } from '../kernel/compile.ts';
import { foldScratch, RUN } from '../kernel/wasm/fold.ts';
import { keepAlive, primarySegment, Standing } from '../memory/allocate.ts';
import { ArrayBase } from './array_base.ts';
import type { Reducer } from './monoid.ts';
import { layoutCodes, operandCode } from './ufunc.ts';

// One state, then the scratch of a run of the widest state. Held for good: calls are synchronous and never nest.
const STATE_BYTES = 64;
const workspace = new Standing(STATE_BYTES + foldScratch({ lane: 'f64', parts: 2, layout: 'contiguous' }));

const runs = new WeakMap<Reducer, (KernelFunction | undefined)[]>();

function runOf(reducer: Reducer, d: DType): KernelFunction {
  let known = runs.get(reducer);
  if (known === undefined) {
    known = [];
    runs.set(reducer, known);
  }
  const place = primarySegment().id * dtypeList.length + d.id;
  let run = known[place];
  if (run === undefined) {
    run = reducer.rows([operandCode(d, layoutCodes.contiguous)]).at(primarySegment()).run;
    known[place] = run;
  }
  return run;
}

/** Can `reduceWhole` take it? */
export const isWhole = (x: unknown): x is ArrayBase =>
  x instanceof ArrayBase &&
  x.contiguous &&
  x.size > 0 &&
  x.size <= RUN &&
  x.storage.owner !== null &&
  x.storage.segment === primarySegment();

/** The state of all elements, as it is in memory: number, bigint for 64-bit integers, Complex. */
export function reduceWhole(reducer: Reducer, a: ArrayBase): Scalar {
  const at = workspace.ptr;
  const run = runOf(reducer, a.dtype);
  run(a.size, a.storage.ptr + a.offset, at, at + STATE_BYTES);
  keepAlive(a.storage);
  const { lane, parts } = reducer.monoid.state;
  const view = primarySegment()[lane];
  const first = at / view.BYTES_PER_ELEMENT;
  return parts === 2 ? new Complex(Number(view[first]), Number(view[first + 1])) : view[first];
}

// The short path of calls on numbers alone: parameters in, one element out, no arrays. Faults are left to call.ts, which
// computes again and tells of them.

import { events } from '../base/events.ts';
import { dtypes } from '../dtype/dtype.ts';
import { promote } from '../dtype/promotion.ts';
import { readElement, type Scalar, scalarDType } from '../dtype/scalars.ts';
import { primarySegment, Standing } from '../memory/allocate.ts';
import { scalarParams } from './call.ts';
import { currentErrors } from './errstate/state.ts';
import { kernelsOf, refusesSome } from './small.ts';
import { layoutCodes, operandCode, type Ufunc } from './ufunc.ts';

// One element per result. Held for good: calls are synchronous and never nest.
const CELL = 16;
const cells = new Standing(64);

type Plain = number | bigint | boolean;
const isPlain = (x: unknown): x is Plain => typeof x === 'number' || typeof x === 'bigint' || typeof x === 'boolean';

/** Calls a row on one or two numbers, bigints or booleans; undefined where the call needs more than this. */
export function callScalars(ufunc: Ufunc, a: unknown, b?: unknown): Scalar | Scalar[] | undefined {
  const { row, nin, nout } = ufunc;
  if (!isPlain(a) || (nin === 2 && !isPlain(b))) return undefined;
  if (nin > 2 || nout > 2 || row.fixed !== undefined || events.watched) return undefined;
  const d = scalarDType(a);
  const loop = ufunc.loop([nin === 1 || !isPlain(b) ? d : promote(d, scalarDType(b))]);
  const { ins, outs } = loop.types;
  if (refusesSome(row, ins)) return undefined;
  const codes: number[] = [];
  const args: (number | bigint)[] = [1];
  const { ptr } = cells;
  let key = 0;
  for (let i = 0; i < nin + nout; i++) {
    const code =
      i < nin ? operandCode(ins[i], layoutCodes.parameter) : operandCode(outs[i - nin], layoutCodes.contiguous);
    codes.push(code);
    key = key * 64 + code;
  }
  for (let i = 0; i < nout; i++) args.push(ptr + i * CELL);
  for (let i = 0; i < nin; i++) {
    const x = i === 0 ? a : (b as Plain); // checked above
    if (ins[i] === dtypes.float64 && typeof x === 'number') args.push(x);
    else for (const p of scalarParams(x, ins[i], `np.${ufunc.name}`, row.truth)) args.push(p);
  }
  const { plain } = kernelsOf(loop, key, codes, false, currentErrors().wanted);
  if (plain.run(...args)) return undefined; // nothing from kernels that look for nothing
  const value = (i: number): Scalar => {
    const { lane, itemsize } = outs[i];
    return readElement(primarySegment()[lane], (ptr + i * CELL) / itemsize, outs[i], 'auto');
  };
  return nout === 1 ? value(0) : [value(0), value(1)];
}

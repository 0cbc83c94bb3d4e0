// where: with three arguments element by element one of two arrays, with one the positions of what is true.

import { ArgumentError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { promoteAll } from '../dtype/promotion.ts';
import { ArrayBase, newArray, newResult } from '../exec/array_base.ts';
import { decidingDTypes, execute, scalarParams } from '../exec/call.ts';
import { type ArrayLike, operandOf, toArray } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { deferredIn } from '../exec/deferred.ts';
import { broadcastOperands } from '../exec/guard.ts';
import { isReady } from '../exec/indexing/direct.ts';
import { runLong } from '../exec/run.ts';
import { timed } from '../exec/timed.ts';
import { Loop, layoutCodes, operandCode } from '../exec/ufunc.ts';
import { ComplexExpr, Expr, type ExprValue } from '../kernel/builder.ts';
import { keepAlive } from '../memory/allocate.ts';
import { sameShape } from '../shape/strides.ts';
import { type NDArray, nd } from './ndarray.ts';
import { nonzero } from './nonzero.ts';

const loops = new Map<DType, Loop>();

/** (condition, value, value) → value. */
export function chooser(d: DType): Loop {
  let loop = loops.get(d);
  if (loop === undefined) {
    const body = ([c, a, b]: readonly ExprValue[]): ExprValue => {
      if (!(c instanceof Expr)) throw new TypeError('a condition is real');
      if (a instanceof ComplexExpr && b instanceof ComplexExpr) return ComplexExpr.select(c, a, b);
      if (a instanceof Expr && b instanceof Expr) return c.select(a, b);
      throw new TypeError('mixed real and complex');
    };
    loop = new Loop('where', { ins: [dtypes.bool, d, d], outs: [d], body });
    loops.set(d, loop);
  }
  return loop;
}

/** The everyday case: a mask with arrays of its shape and one dtype, or an array of floats and a number. */
function direct(c: unknown, x: unknown, y: unknown): ArrayBase | undefined {
  if (!(c instanceof ArrayBase) || c.dtype !== dtypes.bool || !isReady(c)) return undefined;
  const model = x instanceof ArrayBase ? x : y;
  if (!(model instanceof ArrayBase)) return undefined;
  const d = model.dtype;
  const { contiguous, parameter } = layoutCodes;
  const codes = [operandCode(dtypes.bool, contiguous)];
  const addresses = [c.storage.ptr + c.offset];
  const steps = [1];
  const params: number[] = [];
  for (const o of [x, y]) {
    if (o instanceof ArrayBase) {
      if (o.dtype !== d || !isReady(o) || !sameShape(o.shape, c.shape)) return undefined;
      codes.push(operandCode(d, contiguous));
      addresses.push(o.storage.ptr + o.offset);
      steps.push(d.itemsize);
    } else {
      if (typeof o !== 'number' || (d !== dtypes.float64 && d !== dtypes.float32)) return undefined;
      codes.push(operandCode(d, parameter));
      params.push(o);
    }
  }
  const out = newArray(c.shape, d);
  codes.push(operandCode(d, contiguous));
  addresses.push(out.storage.ptr);
  steps.push(d.itemsize);
  runLong(chooser(d).kernel(codes, false), c.size, addresses, steps, params);
  for (const o of [c, x, y]) if (o instanceof ArrayBase) keepAlive(o.storage);
  return out;
}

/**
 * Elements of `x` where the condition is true, of `y` elsewhere; all three broadcast, dtypes promote. With the condition
 * alone: its `nonzero`.
 * @throws ArgumentError for one value instead of two.
 * @example np.where([true, false], [1, 2], [10, 20]) // array([ 1., 20.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.where.html
 */
export function where(condition: ArrayLike): NDArray[];
export function where(condition: ArrayLike, x: ArrayLike, y: ArrayLike): NDArray;
export function where(condition: ArrayLike, x?: ArrayLike, y?: ArrayLike): NDArray | NDArray[] {
  if (events.timing) return timed('where', where, condition, x, y);
  if (x === undefined && y === undefined) return nonzero(condition);
  if (x === undefined || y === undefined) {
    throw new ArgumentError(
      'np.where takes a condition and two values, or a condition alone',
      'pass what to take where true and where false',
      {},
    );
  }
  const deferred = deferredIn([condition, x, y]);
  if (deferred !== undefined) return deferred.chosen(condition, x, y) as unknown as NDArray; // see exec/deferred.ts
  const short = direct(condition, x, y);
  if (short !== undefined) return nd(short);
  const given = toArray(condition, 'np.where');
  const c = given.dtype === dtypes.bool ? given : heapCopy(given, dtypes.bool);
  const operands = [operandOf(x, 'np.where'), operandOf(y, 'np.where')];
  const d = promoteAll(decidingDTypes(operands));
  const params: (number | bigint)[] = [];
  const arrays = operands.map((o) => {
    if (o instanceof ArrayBase) return o;
    params.push(...scalarParams(o, d, 'np.where'));
    return undefined;
  });
  const shapes = [c.shape, ...arrays.flatMap((a) => (a === undefined ? [] : [a.shape]))];
  const shape = broadcastOperands(shapes, 'np.where', d.itemsize);
  const out = newResult(shape, d);
  execute(chooser(d), [c, ...arrays], undefined, [out], shape, params);
  return nd(out);
}

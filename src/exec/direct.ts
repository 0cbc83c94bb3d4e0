// The short path of calls: contiguous heap arrays of one shape, or one with a number, without options. Looks up one
// kernel by dtype and runs it; whatever else there is goes to callUfunc, and the sweep holds the two against each other.

import { events } from '../base/events.ts';
import { type DType, dtypeList, dtypes } from '../dtype/dtype.ts';
import { weakPromote } from '../dtype/scalars.ts';
import type { Kernel } from '../kernel/compile.ts';
import { hasRoom, keepAlive, primarySegment } from '../memory/allocate.ts';
import { signsClash } from '../ops/define.ts';
import { contiguousStrides, sameShape } from '../shape/strides.ts';
import { ArrayBase, newLike } from './array_base.ts';
import { callUfunc, refusalCheck, scalarParams, type UfuncOptions } from './call.ts';
import { tell } from './errstate/locate.ts';
import { currentErrors } from './errstate/state.ts';
import { explained } from './refused.ts';
import { runLong } from './run.ts';
import { callScalars } from './scalar_call.ts';
import { callSmall, refusesSome } from './small.ts';
import { SHARED_FROM_LEAST } from './threads/cut.ts';
import { timed } from './timed.ts';
import { type Direct, type Loop, layoutCodes, operandCode, type Ufunc } from './ufunc.ts';

// Undefined for calls that need more than their kernel, or whose loop may change.
function makeDirect(ufunc: Ufunc, operands: readonly DType[], wanted: number): Direct | undefined {
  const { row, nout } = ufunc;
  if (nout !== 1 || row.fixed !== undefined || signsClash(operands)) return undefined;
  const loop = ufunc.loop(operands);
  const out = loop.types.outs[0];
  const codes = [...operands, out].map((d) => operandCode(d, layoutCodes.contiguous));
  return directOf(loop, codes, wanted, refusesSome(row, loop.types.ins));
}

function directOf(loop: Loop, codes: readonly number[], wanted: number, refuses: boolean): Direct {
  const { ins, outs } = loop.types;
  const kernel = loop.kernel(codes, false, wanted, true);
  const segment = primarySegment();
  const { run } = kernel.at(segment);
  let exact: Kernel | undefined;
  return {
    kernel,
    segment,
    run,
    out: outs[0],
    computing: ins[0],
    wanted,
    refuses,
    loop,
    steps: codes.filter((c) => (c & 3) !== layoutCodes.parameter).map((c) => dtypeList[c >> 2].itemsize),
    exact: () => {
      exact ??= loop.kernel(codes, false, wanted);
      return exact;
    },
  };
}

// The faults behind something suspicious; what operands brought along is no fault.
function examine(direct: Direct, n: number, at: readonly number[], params: readonly (number | bigint)[]): number {
  const kernel = direct.exact();
  return n < SHARED_FROM_LEAST
    ? kernel.at(primarySegment()).run(n, ...at, ...params)
    : runLong(kernel, n, at, direct.steps, params);
}

function tellOf(
  { loop }: Direct,
  ufunc: Ufunc,
  operands: readonly (ArrayBase | number | bigint)[],
  params: (number | bigint)[],
  result: ArrayBase,
  met: number,
): void {
  const arrays = operands.map((x) => (x instanceof ArrayBase ? x : undefined));
  const scalars = operands.map((x) => (x instanceof ArrayBase ? undefined : x));
  tell({ loop, arrays, scalars, params, mask: undefined, results: [result], shape: result.shape }, ufunc.name, met);
}

function resultOf(
  { name }: Ufunc,
  operands: readonly [ArrayBase, ArrayBase?],
  strides: readonly number[],
  out: DType,
): ArrayBase {
  const [{ shape, size }] = operands;
  try {
    return newLike(shape, strides, out, size);
  } catch (error) {
    throw explained(error, name, operands, shape);
  }
}

/** Calls a row of one operand. */
export function callUnary(ufunc: Ufunc, a: unknown, options?: UfuncOptions): unknown {
  if (events.timing) return timed(ufunc.name, callUnary, ufunc, a, options);
  if (options !== undefined || !(a instanceof ArrayBase) || !a.contiguous) {
    const short = options === undefined && !(a instanceof ArrayBase) ? callScalars(ufunc, a) : undefined;
    return short ?? callSmall(ufunc, a, undefined, options) ?? callUfunc(ufunc, [a], options);
  }
  const { storage, dtype, size } = a;
  const segment = primarySegment();
  if (storage.segment !== segment || storage.owner === null || events.watched || !hasRoom(8 * size))
    return callUfunc(ufunc, [a]);
  const { wanted } = currentErrors();
  let direct = ufunc.direct[dtype.id];
  if (direct === undefined || direct.wanted !== wanted || direct.segment !== segment) {
    direct = makeDirect(ufunc, [dtype], wanted);
    if (direct === undefined) return callSmall(ufunc, a, undefined, undefined) ?? callUfunc(ufunc, [a]);
    ufunc.keepDirect(dtype.id, direct);
  }
  const { out, run } = direct;
  const strides = out.itemsize === dtype.itemsize ? a.strides : contiguousStrides(a.shape, out.itemsize);
  const result = resultOf(ufunc, [a], strides, out);
  const from = storage.ptr + a.offset;
  const to = result.storage.ptr;
  let met = size < SHARED_FROM_LEAST ? run(size, from, to) : runLong(direct.kernel, size, [from, to], direct.steps, []);
  if (met) met = examine(direct, size, [from, to], []);
  keepAlive(storage);
  if (met) tellOf(direct, ufunc, [a], [], result, met);
  return result;
}

// A contiguous array with a number: the number becomes a parameter of the kernel. Undefined where that is not enough.
function callWithNumber(ufunc: Ufunc, a: ArrayBase, x: number | bigint, numberFirst: boolean): ArrayBase | undefined {
  const { storage, dtype, size } = a;
  const segment = primarySegment();
  if (!a.contiguous || storage.segment !== segment || storage.owner === null || events.watched) {
    return undefined;
  }
  if (!hasRoom(8 * size)) return undefined;
  const key = dtype.id * 2 + (numberFirst ? 1 : 0);
  const { wanted } = currentErrors();
  let direct = ufunc.withNumber[key];
  if (direct === undefined || direct.wanted !== wanted || direct.segment !== segment) {
    direct = makeDirectWithNumber(ufunc, dtype, x, numberFirst, wanted);
    if (direct === undefined) return undefined;
    ufunc.keepWithNumber(key, direct);
  }
  if (direct.refuses && isRefused(ufunc, numberFirst ? [x, a] : [a, x])) return undefined;
  const { out, run, computing } = direct;
  const value = scalarParam(x, computing, ufunc);
  const strides = out.itemsize === dtype.itemsize ? a.strides : contiguousStrides(a.shape, out.itemsize);
  const result = resultOf(ufunc, [a], strides, out);
  const from = storage.ptr + a.offset;
  const to = result.storage.ptr;
  let met =
    size < SHARED_FROM_LEAST
      ? run(size, from, to, value)
      : runLong(direct.kernel, size, [from, to], direct.steps, [value]);
  if (met) met = examine(direct, size, [from, to], [value]);
  keepAlive(storage);
  if (met) tellOf(direct, ufunc, numberFirst ? [x, a] : [a, x], [value], result, met);
  return result;
}

const scalarParam = (x: number | bigint, d: DType, ufunc: Ufunc): number | bigint =>
  d === dtypes.float64 && typeof x === 'number' ? x : scalarParams(x, d, `np.${ufunc.name}`, ufunc.row.truth)[0];

function makeDirectWithNumber(
  ufunc: Ufunc,
  dtype: DType,
  x: number | bigint,
  numberFirst: boolean,
  wanted: number,
): Direct | undefined {
  const { row, nout } = ufunc;
  if (nout !== 1 || row.fixed !== undefined) return undefined;
  const loop = ufunc.loop([weakPromote(dtype, x)]);
  const computing = loop.types.ins[0];
  if (computing.parts === 2) return undefined;
  const out = loop.types.outs[0];
  const given = operandCode(dtype, layoutCodes.contiguous);
  const parameter = operandCode(computing, layoutCodes.parameter);
  const codes = numberFirst ? [parameter, given] : [given, parameter];
  codes.push(operandCode(out, layoutCodes.contiguous));
  return directOf(loop, codes, wanted, refusesSome(row, loop.types.ins));
}

// Is there an element that the row refuses?
function isRefused({ row, name }: Ufunc, operands: readonly unknown[]): boolean {
  if (row.refuses === undefined) return false;
  const found = callUnary(refusalCheck(name, row.refuses), operands[row.refuses.operand]);
  if (!(found instanceof ArrayBase)) return found === true;
  const { u8 } = primarySegment();
  const from = found.storage.ptr;
  const met = found.size <= 64 ? hasOne(u8, from, from + found.size) : u8.subarray(from, from + found.size).includes(1);
  keepAlive(found.storage);
  return met;
}

function hasOne(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return true;
  return false;
}

// A number, or a bigint where it meets the array in the same dtype as a number would.
const joins = (x: unknown, a: ArrayBase): x is number | bigint =>
  typeof x === 'number' || (typeof x === 'bigint' && a.dtype.kind !== 'b');

/** Calls a row of two operands. */
export function callBinary(ufunc: Ufunc, a: unknown, b: unknown, options?: UfuncOptions): unknown {
  if (events.timing) return timed(ufunc.name, callBinary, ufunc, a, b, options);
  if (options === undefined) {
    const short =
      a instanceof ArrayBase && joins(b, a)
        ? callWithNumber(ufunc, a, b, false)
        : b instanceof ArrayBase && joins(a, b)
          ? callWithNumber(ufunc, b, a, true)
          : callScalars(ufunc, a, b);
    if (short !== undefined) return short;
  }
  if (
    options !== undefined ||
    !(a instanceof ArrayBase) ||
    !(b instanceof ArrayBase) ||
    !a.contiguous ||
    !b.contiguous ||
    !sameShape(a.shape, b.shape)
  ) {
    return callSmall(ufunc, a, b, options) ?? callUfunc(ufunc, [a, b], options);
  }
  const segment = primarySegment();
  const x = a.storage;
  const y = b.storage;
  if (
    x.segment !== segment ||
    y.segment !== segment ||
    x.owner === null ||
    y.owner === null ||
    events.watched ||
    !hasRoom(8 * a.size)
  ) {
    return callUfunc(ufunc, [a, b]);
  }
  const key = a.dtype.id * 16 + b.dtype.id;
  const { wanted } = currentErrors();
  let direct = ufunc.direct[key];
  if (direct === undefined || direct.wanted !== wanted || direct.segment !== segment) {
    direct = makeDirect(ufunc, [a.dtype, b.dtype], wanted);
    if (direct === undefined) return callSmall(ufunc, a, b, undefined) ?? callUfunc(ufunc, [a, b]);
    ufunc.keepDirect(key, direct);
  }
  if (direct.refuses && isRefused(ufunc, [a, b])) return callUfunc(ufunc, [a, b]);
  const { out, run } = direct;
  const size = a.size;
  const strides = out.itemsize === a.dtype.itemsize ? a.strides : contiguousStrides(a.shape, out.itemsize);
  const result = resultOf(ufunc, [a, b], strides, out);
  const p = x.ptr + a.offset;
  const q = y.ptr + b.offset;
  const to = result.storage.ptr;
  let met = size < SHARED_FROM_LEAST ? run(size, p, q, to) : runLong(direct.kernel, size, [p, q, to], direct.steps, []);
  if (met) met = examine(direct, size, [p, q, to], []);
  keepAlive(x);
  keepAlive(y);
  if (met) tellOf(direct, ufunc, [a, b], [], result, met);
  return result;
}

// The short path of small calls: operands of any layout that broadcast, numbers among them, `out` and `where`. What call.ts
// and execute.ts do for every call, done once over fixed work lists for the calls in which nothing has to be staged,
// copied or refused; whatever else there is goes to them, and the sweep holds the two against each other.

import { events } from '../base/events.ts';
import { inCategory } from '../dtype/category.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { canCast } from '../dtype/promotion.ts';
import { isScalar, type Scalar, weakPromote } from '../dtype/scalars.ts';
import type { KernelExports } from '../kernel/compile.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import type { ElementwiseRow } from '../ops/define.ts';
import { ArrayBase, newArray } from './array_base.ts';
import { keepingOrder, refusalCheck, scalarParams, type UfuncOptions } from './call.ts';
import { tell } from './errstate/locate.ts';
import { currentErrors } from './errstate/state.ts';
import { currentGuard } from './guard.ts';
import { layoutOf, nest } from './run.ts';
import { type Loop, layoutCodes, operandCode, type SmallKernels, type Ufunc } from './ufunc.ts';

/** Beyond this many elements preparations do not count. */
const MOST = 4096;
const DIMS = 8;
/** Two operands, a mask, two old and two new results. */
const OPERANDS = 7;

// Work lists, good until the kernel returns.
const slots: (ArrayBase | undefined)[] = new Array(OPERANDS).fill(undefined);
const extents: number[] = new Array(DIMS).fill(0);
const steps: number[][] = Array.from({ length: OPERANDS }, () => new Array(DIMS).fill(0));
/** The same with neighbouring dimensions merged. */
const loopExtents: number[] = new Array(DIMS).fill(0);
const loopSteps: number[][] = Array.from({ length: OPERANDS }, () => new Array(DIMS).fill(0));

/** The kernels of a loop for operands with these codes. */
export function kernelsOf(
  loop: Loop,
  key: number,
  codes: readonly number[],
  masked: boolean,
  wanted: number,
): SmallKernels {
  const known = loop.small.get(key);
  const segment = primarySegment();
  if (known !== undefined && known.wanted === wanted && known.segment === segment) return known;
  const made: SmallKernels = {
    wanted,
    segment,
    plain: loop.kernel(codes, masked, wanted, true).at(segment),
    exact: () => loop.kernel(codes, masked, wanted).at(segment),
  };
  loop.small.set(key, made);
  return made;
}

// Takes an operand's extents into the shape. False where it does not broadcast.
function widen(a: ArrayBase, ndim: number): boolean {
  const { shape } = a;
  const lead = ndim - shape.length;
  for (let d = 0; d < shape.length; d++) {
    const n = shape[d];
    if (n === 1) continue;
    const seen = extents[lead + d];
    if (seen === 1) extents[lead + d] = n;
    else if (seen !== n) return false;
  }
  return true;
}

function place(k: number, a: ArrayBase, ndim: number): void {
  const { shape, strides } = a;
  const lead = ndim - shape.length;
  const to = steps[k];
  for (let d = 0; d < lead; d++) to[d] = 0;
  for (let d = 0; d < shape.length; d++) to[lead + d] = shape[d] === 1 ? 0 : strides[d];
  slots[k] = a;
}

// Bytes from the first to past the last element, relative to the first; [low, high).
let low = 0;
let high = 0;
function reach(a: ArrayBase): void {
  low = a.storage.ptr + a.offset;
  high = low + a.dtype.itemsize;
  const { shape, strides } = a;
  for (let d = 0; d < shape.length; d++) {
    const span = strides[d] * (shape[d] - 1);
    if (span < 0) low += span;
    else high += span;
  }
}

/** 0: apart; 1: the same elements in the same places; 2: otherwise. */
function overlap(a: ArrayBase, out: ArrayBase): 0 | 1 | 2 {
  reach(a);
  const [from, to] = [low, high];
  reach(out);
  if (from >= high || to <= low) return 0;
  if (a.dtype.itemsize !== out.dtype.itemsize || a.shape.length !== out.shape.length) return 2;
  if (a.storage.ptr + a.offset !== out.storage.ptr + out.offset) return 2;
  for (let d = 0; d < a.shape.length; d++) {
    if (a.shape[d] !== out.shape[d] || (a.strides[d] !== out.strides[d] && a.shape[d] > 1)) return 2;
  }
  return 1;
}

/** Does it lie where kernels run, in few enough dimensions? */
export const fitsKernel = (a: ArrayBase): boolean =>
  a.storage.segment === primarySegment() && a.storage.owner !== null && a.shape.length <= DIMS;

/** May results be written here without a further look? */
const plainTarget = (a: ArrayBase): boolean =>
  a.writeable && fitsKernel(a) && (a.contiguous || (a.shape.length === 1 && a.strides[0] !== 0));

/** Must elements be looked at before the row runs in these dtypes? */
export const refusesSome = ({ refuses }: ElementwiseRow, ins: readonly DType[]): boolean =>
  refuses !== undefined && inCategory(ins[refuses.operand], refuses.on);

/** Calls a row of one or two operands and one result; undefined where the call needs more than this. */
export function callSmall(
  ufunc: Ufunc,
  a: unknown,
  b: unknown,
  options: UfuncOptions | undefined,
): ArrayBase | ArrayBase[] | undefined {
  const { row, nin, nout } = ufunc;
  if (nout > 2 || nin > 2 || row.fixed !== undefined || events.watched) return undefined;
  if (currentGuard() !== undefined) return undefined;
  let out: ArrayBase | undefined;
  let mask: ArrayBase | undefined;
  if (options !== undefined) {
    if (options === null || Object.getPrototypeOf(options) !== Object.prototype) return undefined;
    for (const name in options) {
      const value: unknown = options[name as keyof UfuncOptions]; // a key of the object itself
      if (value === undefined || (name === 'where' && value === true)) continue;
      if (name === 'out' && value instanceof ArrayBase && plainTarget(value)) out = value;
      else if (name === 'where' && value instanceof ArrayBase && value.dtype === dtypes.bool && fitsKernel(value))
        mask = value;
      else return undefined;
    }
  }
  const first = a instanceof ArrayBase ? a : undefined;
  const second = nin === 2 && b instanceof ArrayBase ? b : undefined;
  if (first !== undefined ? !fitsKernel(first) : second === undefined || !isScalar(a)) return undefined;
  if (second !== undefined ? !fitsKernel(second) : nin === 2 && !isScalar(b)) return undefined;
  const errors = currentErrors();
  if (errors.raising !== 0) return undefined;
  const loop = loopOf(ufunc, first, second, a, b);
  if (nout !== 1 && (out !== undefined || mask !== undefined)) return undefined;
  if (refusesSome(row, loop.types.ins) && mayBeRefused(ufunc, first, second)) return undefined;
  return run(ufunc, loop, first, second, a, b, mask, out, errors.wanted);
}

// Is there an element that the row refuses, or one that cannot be looked at here?
function mayBeRefused({ row, name }: Ufunc, x: ArrayBase | undefined, y: ArrayBase | undefined): boolean {
  const { refuses } = row;
  const operand = refuses?.operand === 0 ? x : y;
  if (refuses === undefined || operand === undefined) return true;
  const found = callSmall(refusalCheck(name, refuses), operand, undefined, undefined);
  if (!(found instanceof ArrayBase)) return true;
  const { u8 } = primarySegment();
  const from = found.storage.ptr;
  for (let i = from; i < from + found.size; i++) if (u8[i] !== 0) return true;
  keepAlive(found.storage);
  return false;
}

function loopOf(ufunc: Ufunc, x: ArrayBase | undefined, y: ArrayBase | undefined, a: unknown, b: unknown): Loop {
  if (x !== undefined && y !== undefined) return ufunc.loop([x.dtype, y.dtype]);
  if (x !== undefined) return ufunc.loop([ufunc.nin === 1 ? x.dtype : weakPromote(x.dtype, b as Scalar)]); // as callSmall saw
  return ufunc.loop([weakPromote((y as ArrayBase).dtype, a as Scalar)]); // as callSmall saw
}

function run(
  ufunc: Ufunc,
  loop: Loop,
  x: ArrayBase | undefined,
  y: ArrayBase | undefined,
  a: unknown,
  b: unknown,
  mask: ArrayBase | undefined,
  out: ArrayBase | undefined,
  wanted: number,
): ArrayBase | ArrayBase[] | undefined {
  const { ins, outs } = loop.types;
  if (out !== undefined && !canCast(outs[0], out.dtype, 'same_kind')) return undefined;
  let ndim = 0;
  if (x !== undefined) ndim = x.shape.length;
  if (y !== undefined && y.shape.length > ndim) ndim = y.shape.length;
  if (mask !== undefined && mask.shape.length > ndim) ndim = mask.shape.length;
  for (let d = 0; d < ndim; d++) extents[d] = 1;
  if (x !== undefined && !widen(x, ndim)) return undefined;
  if (y !== undefined && !widen(y, ndim)) return undefined;
  if (mask !== undefined && !widen(mask, ndim)) return undefined;
  let size = 1;
  for (let d = 0; d < ndim; d++) size *= extents[d];
  if (size === 0 || size > MOST) return undefined;
  let inPlace = false;
  if (out !== undefined) {
    if (out.shape.length !== ndim) return undefined;
    for (let d = 0; d < ndim; d++) if (out.shape[d] !== extents[d]) return undefined;
    const [p, q] = [x === undefined ? 0 : overlap(x, out), y === undefined ? 0 : overlap(y, out)];
    if (p === 2 || q === 2 || (mask !== undefined && overlap(mask, out) !== 0)) return undefined;
    inPlace = p === 1 || q === 1;
  }
  const params: (number | bigint)[] = [];
  if (x === undefined) addParams(params, a, ins[0], ufunc);
  else if (y === undefined && ufunc.nin === 2) addParams(params, b, ins[1], ufunc);
  const shape = extents.slice(0, ndim);
  const result = out ?? fresh(x, y, shape, outs[0], mask !== undefined);
  const second = outs.length === 2 ? fresh(x, y, shape, outs[1], false) : undefined;

  let count = 0;
  if (x !== undefined) place(count++, x, ndim);
  if (y !== undefined) place(count++, y, ndim);
  if (mask !== undefined) {
    place(count++, mask, ndim);
    place(count++, result, ndim);
  }
  place(count++, result, ndim);
  if (second !== undefined) place(count++, second, ndim);
  const dims = merge(count, ndim);
  const n = loopExtents[dims - 1];

  const at = new Array<number>(count);
  const inner = new Array<number>(count);
  const layouts = new Array<number>(count);
  for (let k = 0; k < count; k++) {
    const s = slots[k] as ArrayBase; // filled just above
    at[k] = s.storage.ptr + s.offset;
    const step = loopSteps[k][dims - 1];
    layouts[k] = layoutOf(step, s.dtype.itemsize, n);
    inner[k] = layouts[k] === layoutCodes.contiguous ? s.dtype.itemsize : step;
  }
  const codes: number[] = [];
  let k = 0;
  codes.push(x === undefined ? operandCode(ins[0], layoutCodes.parameter) : operandCode(x.dtype, layouts[k++]));
  if (ufunc.nin === 2) {
    codes.push(y === undefined ? operandCode(ins[1], layoutCodes.parameter) : operandCode(y.dtype, layouts[k++]));
  }
  codes.push(operandCode(result.dtype, layouts[second === undefined ? count - 1 : count - 2]));
  if (second !== undefined) codes.push(operandCode(second.dtype, layouts[count - 1]));
  if (mask !== undefined) codes.push(operandCode(dtypes.bool, layouts[k]));
  let key = mask === undefined ? 0 : 1;
  for (let i = 0; i < codes.length; i++) key = key * 64 + codes[i];
  const kernels = kernelsOf(loop, key, codes, mask !== undefined, wanted);

  // In place an exact look from the start: results replace the operands. Kernels that look for nothing return nothing.
  let met = once(inPlace && wanted !== 0 ? kernels.exact() : kernels.plain, dims, n, at, inner, layouts, params);
  if (met && !inPlace) met = once(kernels.exact(), dims, n, at, inner, layouts, params);
  for (let i = 0; i < count; i++) {
    keepAlive((slots[i] as ArrayBase).storage); // filled above
    slots[i] = undefined;
  }
  if (met) {
    const arrays = ufunc.nin === 2 ? [x, y] : [x];
    const scalars = [x === undefined ? (a as Scalar) : undefined, y === undefined ? (b as Scalar) : undefined]; // as callSmall saw
    const results = second === undefined ? [result] : [result, second];
    tell({ loop, arrays, scalars: scalars.slice(0, ufunc.nin), params, mask, results, shape }, ufunc.name, met);
  }
  return second === undefined ? result : [result, second];
}

function addParams(to: (number | bigint)[], x: unknown, d: DType, ufunc: Ufunc): void {
  if (d === dtypes.float64 && typeof x === 'number') to.push(x);
  else for (const p of scalarParams(x as Scalar, d, `np.${ufunc.name}`, ufunc.row.truth)) to.push(p); // as callSmall saw
}

function fresh(
  x: ArrayBase | undefined,
  y: ArrayBase | undefined,
  shape: readonly number[],
  d: DType,
  zeroed: boolean,
): ArrayBase {
  const made = newArray(shape, d, zeroed);
  return shape.length < 2 ? made : keepingOrder([x, y], made);
}

// Neighbouring dimensions as one where every operand goes through them in one stride; returns how many are left.
function merge(count: number, ndim: number): number {
  let dims = 0;
  for (let d = 0; d < ndim; d++) {
    const n = extents[d];
    if (n === 1) continue;
    let merges = dims > 0;
    for (let k = 0; merges && k < count; k++) merges = loopSteps[k][dims - 1] === steps[k][d] * n;
    if (merges) loopExtents[dims - 1] *= n;
    else loopExtents[dims++] = n;
    for (let k = 0; k < count; k++) loopSteps[k][dims - 1] = steps[k][d];
  }
  if (dims > 0) return dims;
  loopExtents[0] = 1;
  for (let k = 0; k < count; k++) loopSteps[k][0] = 0;
  return 1;
}

function once(
  code: KernelExports,
  dims: number,
  n: number,
  at: readonly number[],
  inner: readonly number[],
  layouts: readonly number[],
  params: (number | bigint)[],
): number {
  if (dims > 1) return nest(code, loopExtents, loopSteps, dims - 1, at, inner, n, params);
  let strided = false;
  for (let k = 0; k < at.length; k++) if (layouts[k] === layoutCodes.strided) strided = true;
  if (!strided && params.length === 0) {
    if (at.length === 3) return code.run(n, at[0], at[1], at[2]);
    if (at.length === 2) return code.run(n, at[0], at[1]);
  }
  const args: (number | bigint)[] = [n];
  for (let k = 0; k < at.length; k++) args.push(at[k]);
  for (let k = 0; k < at.length; k++) if (layouts[k] === layoutCodes.strided) args.push(inner[k]);
  for (let k = 0; k < params.length; k++) args.push(params[k]);
  return code.run(...args);
}

// Calls an elementwise row: coerces operands, settles dtypes, broadcasts, checks out/where/casting, guards against
// overlap, runs the kernel. The only place where those semantics live; direct.ts is the short path around it.

import { ArgumentError, CastError, DTypeError, ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { inCategory } from '../dtype/category.ts';
import { Complex } from '../dtype/complex.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../dtype/dtype.ts';
import { type Casting, canCast, promoteAll } from '../dtype/promotion.ts';
import { checkScalar, type Scalar, scalarDType, weakPromote } from '../dtype/scalars.ts';
import { type Refusal, real } from '../ops/define.ts';
import { overlapsItself } from '../shape/overlap.ts';
import { contiguousStrides, formatShape, isContiguous, sameShape, sizeOf } from '../shape/strides.ts';
import { ArrayBase, arranged, newArray, newResult, rawView } from './array_base.ts';
import { operandOf, readAt, toArray } from './coerce.ts';
import { isResident } from './copy.ts';
import { deferredIn } from './deferred.ts';
import { tell } from './errstate/locate.ts';
import { currentErrors } from './errstate/state.ts';
import { execute } from './execute.ts';
import { broadcastOperands } from './guard.ts';
import { isKnown, known } from './known.ts';
import { Options } from './options.ts';
import { explained } from './refused.ts';
import { atHome, tileSize } from './tiles.ts';
import { timed } from './timed.ts';
import { type Loop, Ufunc } from './ufunc.ts';

export { clashes, execute } from './execute.ts';

export interface UfuncOptions {
  /** Where results go: an array, or one per output (undefined = allocate). Its shape must be the broadcast shape. */
  readonly out?: ArrayBase | readonly (ArrayBase | undefined)[];
  /** Compute only where true; elsewhere `out` keeps its value (a fresh result holds zeros there). */
  readonly where?: unknown;
  /** Which casts of operands and to `out` are allowed; default same_kind. */
  readonly casting?: Casting;
  /** Dtype of the (first) output, choosing the loop. */
  readonly dtype?: DTypeLike;
  /** The loop to use: 'dd->d', or dtypes of the operands, then of the results, null where any will do. */
  readonly signature?: string | readonly (DTypeLike | null)[];
  /** Memory order of fresh results; default that of the operands, 'K'. */
  readonly order?: 'C' | 'F' | 'A' | 'K';
}
/** The options of every elementwise call. */
export const ufuncOptions = new Options(['out', 'outs'], 'where', 'casting', 'dtype', 'signature', [
  'order',
  'resultOrder',
]);

/** Dtypes that decide on the loop: the arrays', where scalars join weakly; only scalars: theirs. */
export function decidingDTypes(operands: readonly (ArrayBase | Scalar)[]): DType[] {
  const arrays: DType[] = [];
  const scalars: Scalar[] = [];
  for (const x of operands) {
    if (x instanceof ArrayBase) arrays.push(x.dtype);
    else scalars.push(x);
  }
  if (scalars.length === 0) return arrays;
  if (arrays.length === 0) return [promoteAll(scalars.map(scalarDType))];
  let common = arrays.length === 1 ? arrays[0] : promoteAll(arrays);
  for (const x of scalars) common = weakPromote(common, x);
  return [common];
}

/** Parameters of a kernel for a scalar of this dtype. */
export function scalarParams(given: Scalar, d: DType, where: string, truth = false): (number | bigint)[] {
  const x = truth ? isTrue(given) : given;
  const v = checkScalar(x, d, where);
  if (v instanceof Complex) return [v.re, v.im];
  if (d.parts === 2) return [Number(v), 0];
  if (typeof v === 'boolean') return [v ? 1 : 0];
  return [d.lane === 'i64' || d.lane === 'u64' ? BigInt.asIntN(64, BigInt(v)) : Number(v)];
}

/** The truth value of a scalar: is it not zero? */
export const isTrue = (x: Scalar): boolean => (x instanceof Complex ? x.re !== 0 || x.im !== 0 : Number(x) !== 0);

export function refuseCast(op: string, what: string, from: DType, to: DType, casting: Casting): never {
  throw new CastError(
    `np.${op}: cannot cast ${what} from ${from.name} to ${to.name} with casting '${casting}'`,
    `convert first with astype('${to.name}'), pass an out of dtype ${from.name}, or allow it with casting: 'unsafe'`,
    { op, from: from.name, to: to.name, casting },
  );
}

/** Checks that results of dtype `from` may go to `out`, of exactly this shape. */
export function checkOut(op: string, out: ArrayBase, shape: readonly number[], from: DType, casting: Casting): void {
  if (!sameShape(out.shape, shape)) {
    throw new ShapeError(
      `np.${op}: out has shape ${formatShape(out.shape)}, the result ${formatShape(shape)}`,
      `pass an out of shape ${formatShape(shape)}`,
      { op, out: out.shape, shape },
    );
  }
  if (!canCast(from, out.dtype, casting)) refuseCast(op, 'the result', from, out.dtype, casting);
  if (
    !out.contiguous &&
    overlapsItself({ offset: 0, shape: out.shape, strides: out.strides, itemsize: out.itemsize })
  ) {
    throw new ShapeError(
      `np.${op}: several elements of out share memory (a broadcast or overlapping view)`,
      'pass an out whose elements are distinct, for example out.copy()',
      { op, shape: out.shape, strides: out.strides },
    );
  }
}

function outsOf(ufunc: Ufunc, options: UfuncOptions): (ArrayBase | undefined)[] {
  const { out } = options;
  if (out === undefined) return new Array(ufunc.nout).fill(undefined);
  const list = out instanceof ArrayBase ? [out] : [...out];
  if (list.length !== ufunc.nout && !(out instanceof ArrayBase && ufunc.nout === 1)) {
    throw new ShapeError(
      `np.${ufunc.name} has ${ufunc.nout} outputs, out has ${list.length}`,
      `pass ${ufunc.nout === 1 ? 'one array' : `a list of ${ufunc.nout} arrays`}`,
      { op: ufunc.name, outputs: ufunc.nout, given: list.length },
    );
  }
  return list;
}

/** The loop that a call's options ask for, or the one for the dtypes that decide. */
export function loopFor(
  ufunc: Ufunc,
  deciding: () => readonly DType[],
  complex: boolean,
  { dtype, signature }: Pick<UfuncOptions, 'dtype' | 'signature'>,
): Loop {
  if (signature !== undefined) return ufunc.loopOf(signatureOf(ufunc, signature, dtype), deciding());
  const asked = dtype === undefined ? undefined : asDType(dtype);
  // Where every loop gives the dtype asked for (comparisons: bool), it says nothing about the operands.
  const free = asked === undefined || ufunc.row.loops.every((rule) => rule.outs?.[0] === asked.name);
  return free ? ufunc.loop(deciding()) : ufunc.loopTo(asked, complex);
}

function signatureOf(
  ufunc: Ufunc,
  signature: string | readonly (DTypeLike | null)[],
  dtype: DTypeLike | undefined,
): (DType | null)[] {
  const { name, nin, nout } = ufunc;
  const fix = `write it as ${ufunc.types[0]}, or as ${nin + nout} dtypes in a list, null where any will do`;
  if (dtype !== undefined) {
    throw new ArgumentError(`np.${name}: both dtype and signature choose the loop`, 'leave out one of them', {
      op: name,
    });
  }
  let list = signature;
  if (typeof list === 'string') {
    const [before, after] = list.split('->');
    if (after === undefined && list.length === 1) list = [...new Array<null>(nin).fill(null), list];
    else if (before.length === nin && after?.length === nout) list = [...before, ...after];
  }
  if (!Array.isArray(list) || list.length !== nin + nout) {
    throw new ArgumentError(`np.${name}: the signature does not name ${nin} operands and ${nout} results`, fix, {
      op: name,
      signature,
    });
  }
  return list.map((d) => (d === null ? null : asDType(d)));
}

/** Calls a row; one array or, for rows with two outputs, an array of arrays. Scalars alone give scalars. */
export function callUfunc(ufunc: Ufunc, given: readonly unknown[], options: UfuncOptions = {}): unknown {
  if (events.timing) return timed(ufunc.name, callUfunc, ufunc, given, options);
  const { name, row } = ufunc;
  const deferred = deferredIn(given);
  if (deferred !== undefined) return deferred.applied(ufunc, given, options);
  ufuncOptions.check(options, `np.${name}`);
  if (isKnown(given) && options.out === undefined) return known(() => callUfunc(ufunc, given, options));
  const operands = given.map((x) => operandOf(x, `np.${name}`));
  const casting = options.casting ?? 'same_kind';
  const outs = outsOf(ufunc, options);
  const mask =
    options.where === undefined || options.where === true ? undefined : toArray(options.where, `np.${name} where`);
  if (mask !== undefined && mask.dtype !== dtypes.bool) {
    throw new DTypeError(
      `np.${name}: where must be bool, not ${mask.dtype.name}`,
      "compare it, or use astype('bool')",
      { op: name },
    );
  }
  const sharing = row.fixed === undefined ? operands : operands.filter((_, i) => row.fixed?.[i] === undefined);
  const isComplex = (x: ArrayBase | Scalar): boolean =>
    x instanceof ArrayBase ? x.dtype.parts === 2 : x instanceof Complex;
  const loop = loopFor(ufunc, () => decidingDTypes(sharing), sharing.some(isComplex), options);
  const { ins, outs: outTypes } = loop.types;

  const shapes: (readonly number[])[] = [];
  for (const x of operands) if (x instanceof ArrayBase) shapes.push(x.shape);
  if (mask !== undefined) shapes.push(mask.shape);
  const scalarCall = shapes.length === 0 && outs.every((o) => o === undefined);
  const given0 = outs.find((o) => o !== undefined);
  const natural = broadcastOperands(shapes, `np.${name}`, outTypes[0].itemsize);
  const shape = given0 === undefined ? natural : given0.shape;
  if (given0 !== undefined) {
    outs.forEach((o, i) => {
      if (o !== undefined) checkOut(name, o, shape, outTypes[i], casting);
    });
    checkFits(name, natural, shape);
  }
  operands.forEach((x, i) => {
    if (!(x instanceof ArrayBase) || row.truth) return;
    const rule = row.fixed?.[i] === undefined ? casting : (options.casting ?? 'safe');
    if (!canCast(x.dtype, ins[i], rule)) refuseCast(name, `operand ${i}`, x.dtype, ins[i], rule);
  });
  if (row.refuses !== undefined && inCategory(ins[row.refuses.operand], row.refuses.on)) {
    refuseElements(name, row.refuses, operands[row.refuses.operand], mask);
  }

  const params: (number | bigint)[] = [];
  const arrays = operands.map((x, i) => {
    if (x instanceof ArrayBase) return x;
    params.push(...scalarParams(x, ins[i], `np.${name}`, row.truth));
    return undefined;
  });
  let results: ArrayBase[];
  try {
    results = outs.map(
      (o, i) => o ?? ordered(arrays, freshFor(arrays, shape, outTypes[i], mask !== undefined), options.order),
    );
  } catch (error) {
    throw explained(error, name, operands, shape);
  }
  if (events.watched) tellCall(name, operands, [...ins, ...outTypes], shape);
  const errors = currentErrors();
  const met = execute(loop, arrays, mask, results, shape, params, errors, given0 !== undefined);
  if (met !== 0) tell({ loop, arrays, scalars: operands.map(scalarOrNone), params, mask, results, shape }, name, met);
  if (scalarCall) {
    const values = results.map((r) => readAt(r, 0));
    return ufunc.nout === 1 ? values[0] : values;
  }
  return ufunc.nout === 1 ? results[0] : results;
}

/** What an operation does, for those who listen: the call, and what it converts. */
function tellCall(
  op: string,
  operands: readonly (ArrayBase | Scalar)[],
  types: readonly DType[],
  shape: readonly number[],
): void {
  if (events.active['exec.call']) events.emit('exec.call', { op, dtypes: types.map((d) => d.name), shape });
  if (!events.active['exec.cast']) return;
  operands.forEach((x, i) => {
    if (!(x instanceof ArrayBase) || x.dtype === types[i]) return;
    events.emit('exec.cast', { op, from: x.dtype.name, to: types[i].name, size: x.size });
  });
}

const scalarOrNone = (x: ArrayBase | Scalar): Scalar | undefined => (x instanceof ArrayBase ? undefined : x);

const checks = new Map<Refusal, Ufunc>();

/** The row that says of elements whether they are refused. */
export function refusalCheck(name: string, refusal: Refusal): Ufunc {
  let check = checks.get(refusal);
  if (check === undefined) {
    const loops = [real('all', (a) => refusal.when(a), 'bool')];
    check = new Ufunc(`${name}.refuses`, { nin: 1, summary: '', example: ['', ''], loops });
    checks.set(refusal, check);
  }
  return check;
}

/** Looks for elements that the row must not see, where the mask lets them through. */
export function refuseElements(
  name: string,
  refusal: Refusal,
  x: ArrayBase | Scalar,
  mask: ArrayBase | undefined,
): void {
  const hit = callUfunc(refusalCheck(name, refusal), [x], { where: mask });
  const at = hit instanceof ArrayBase ? rawView(hit).indexOf(1 as never) : hit ? 0 : -1; // bytes of bools
  if (at >= 0) throw new ArgumentError(`np.${name}: ${refusal.what}`, refusal.fix, { op: name, position: at });
}

/**
 * A fresh result in the memory order of the operands, as NumPy's order 'K': if none of those of the full shape is in C
 * order, the dimensions are laid out as in the first of them.
 */
export function keepingOrder(operands: readonly (ArrayBase | undefined)[], fresh: ArrayBase): ArrayBase {
  const { shape, dtype } = fresh;
  if (shape.length < 2 || fresh.size < 2) return fresh;
  let model: ArrayBase | undefined;
  for (const a of operands) {
    if (a === undefined || !sameShape(a.shape, shape)) continue;
    if (a.contiguous) return fresh;
    model ??= a;
  }
  if (model === undefined) return fresh;
  const { strides } = model;
  const dims = strides.map((_, d) => d).sort((a, b) => Math.abs(strides[b]) - Math.abs(strides[a]) || a - b);
  if (dims.every((d, i) => d === i)) return fresh;
  const ordered = new Array<number>(shape.length);
  let step = dtype.itemsize;
  for (let i = dims.length - 1; i >= 0; i--) {
    ordered[dims[i]] = step;
    step *= shape[dims[i]];
  }
  return arranged(fresh, shape, ordered);
}

// Beside the operands, or in another segment where that leaves no room.
function freshFor(
  operands: readonly (ArrayBase | undefined)[],
  shape: readonly number[],
  dtype: DType,
  zeroed: boolean,
): ArrayBase {
  return operands.every((a) => a === undefined || isResident(a)) && sizeOf(shape) <= tileSize()
    ? newArray(shape, dtype, zeroed)
    : atHome(operands, () => newResult(shape, dtype, zeroed));
}

// A fresh result in the memory order asked for; 'A' is F where all operands are.
function ordered(
  operands: readonly (ArrayBase | undefined)[],
  fresh: ArrayBase,
  order: UfuncOptions['order'] = 'K',
): ArrayBase {
  if (order === 'K') return keepingOrder(operands, fresh);
  const fortran = ({ shape, strides, itemsize }: ArrayBase): boolean => isContiguous(shape, strides, itemsize, 'F');
  if (order === 'C' || (order === 'A' && !operands.every((a) => a === undefined || fortran(a)))) return fresh;
  return arranged(fresh, fresh.shape, contiguousStrides(fresh.shape, fresh.dtype.itemsize, 'F'));
}

function checkFits(name: string, natural: readonly number[], shape: readonly number[]): void {
  let fits = natural.length <= shape.length;
  for (let d = 1; fits && d <= natural.length; d++) {
    const n = natural[natural.length - d];
    fits = n === 1 || n === shape[shape.length - d];
  }
  if (fits) return;
  throw new ShapeError(
    `np.${name}: the operands broadcast to ${formatShape(natural)}, which does not fit out of shape ${formatShape(shape)}`,
    `pass an out of shape ${formatShape(natural)}`,
    { op: name, shape: natural, out: shape },
  );
}

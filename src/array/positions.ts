// Positions of extremes: argmin, argmax. The first extreme wins, the first NaN before all. Along memory: slices are
// reduced and only the winning slice is searched; across memory: value and position move through one kernel, row by row.

import { ArgumentError, ShapeError } from '../base/errors.ts';
import { Complex } from '../dtype/complex.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, newArray, reinterpret } from '../exec/array_base.ts';
import { checkOut, execute, scalarParams } from '../exec/call.ts';
import { type ArrayLike, readAt } from '../exec/coerce.ts';
import { contiguousIn, copyInto, heapCopy } from '../exec/copy.ts';
import { Options } from '../exec/options.ts';
import { reduceStates } from '../exec/reduce.ts';
import { Loop } from '../exec/ufunc.ts';
import { ComplexExpr, Expr, type ExprValue, param } from '../kernel/builder.ts';
import { type Kernel, kernelOf } from '../kernel/compile.ts';
import { computeType, decode } from '../kernel/element.ts';
import { legalize } from '../kernel/legalize.ts';
import { addFind } from '../kernel/wasm/find.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { isNaNValue, nanReductions } from '../ops/reduce/nan.ts';
import { isBefore, reductions } from '../ops/reduce/rows.ts';
import { splitAxes } from '../shape/reduction.ts';
import { contiguousStrides, formatShape, normalizeAxis } from '../shape/strides.ts';
import type { Reduced } from '../shape/types.ts';
import { type NDArray, nd } from './ndarray.ts';
import { reduceOptions, reducerFor, residentArray } from './reductions.ts';
import type { DimsOf } from './types.ts';
import { moveaxis, ravel } from './views.ts';

export interface PositionOptions {
  readonly axis?: number | null;
  readonly keepdims?: boolean;
  readonly out?: ArrayBase;
}

const positionOptions = new Options('axis', 'keepdims', 'out');

/** Which extreme; those with 'nan' before them pass over NaN. */
export type Extreme = 'min' | 'max' | 'nanmin' | 'nanmax';

const extremes = {
  min: reductions.min,
  max: reductions.max,
  nanmin: nanReductions.nanmin,
  nanmax: nanReductions.nanmax,
};
/** The position in a run of nothing but NaN that is passed over. */
const NONE = -1;
const skips = (name: Extreme): boolean => name === 'nanmin' || name === 'nanmax';
const least = (name: Extreme): boolean => name === 'min' || name === 'nanmin';

const equal = (a: ExprValue, b: ExprValue): Expr => {
  if (a instanceof ComplexExpr && b instanceof ComplexExpr) return a.re.eq(b.re).and(a.im.eq(b.im));
  if (a instanceof Expr && b instanceof Expr) return a.type === 'bool' ? a.to('u8').eq(b.to('u8')) : a.eq(b);
  throw new TypeError('mixed real and complex');
};
const floating = (d: DType): boolean => d.kind === 'f' || d.kind === 'c';

// Searches a contiguous run for a value (parameter) or for NaN.
function finder(d: DType, nan: boolean): Kernel {
  return kernelOf(`find:${d.char}:${nan ? 'nan' : 'value'}`, (module, tableAddress) => {
    const x = decode(0, d);
    const t = computeType(d);
    const wanted = d.parts === 2 ? new ComplexExpr(param(0, t), param(1, t)) : param(0, t);
    const [condition] = legalize([(nan ? isNaNValue(x) : equal(x, wanted)).node]);
    const inputs = [{ lane: d.lane, parts: d.parts, layout: 'contiguous' as const }];
    addFind(module, { inputs, params: nan ? [] : d.parts === 2 ? [t, t] : [t], condition, tableAddress });
  });
}

const isNaNScalar = (x: Scalar): boolean =>
  x instanceof Complex ? Number.isNaN(x.re) || Number.isNaN(x.im) : typeof x === 'number' && Number.isNaN(x);

/** Positions of the extremes of `runs` contiguous runs of n elements from byte `offset` on; NONE where all are passed over. */
function positionsInRuns(name: Extreme, a: ArrayBase, offset: number, runs: number, n: number): number[] {
  const d = a.dtype;
  const bytes = n * d.itemsize;
  const rows = reinterpret(a, offset, [runs, n], [bytes, d.itemsize]);
  const { monoid } = extremes[name].of(d);
  const bests = reduceStates(reducerFor(`${name}:${d.char}`, monoid, false), [rows], [runs, n], [1]);
  const segment = primarySegment();
  const out = new Array<number>(runs);
  for (let r = 0; r < runs; r++) {
    const best = readAt(bests, r * bests.dtype.itemsize);
    const address = a.storage.ptr + offset + r * bytes;
    if (isNaNScalar(best)) out[r] = skips(name) ? NONE : finder(d, true).at(segment).run(n, address);
    else
      out[r] = finder(d, false)
        .at(segment)
        .run(n, address, ...scalarParams(d.kind === 'b' ? Boolean(best) : best, d, name));
  }
  keepAlive(a.storage);
  return out;
}

const positionInRun = (name: Extreme, a: ArrayBase, offset: number, n: number): number =>
  positionsInRuns(name, a, offset, 1, n)[0];

// (best, position, element, row) → (best, position)
const trackers = new Map<string, Loop>();
function tracker(name: Extreme, d: DType): Loop {
  const key = `arg${name}:${d.char}`;
  let loop = trackers.get(key);
  if (loop === undefined) {
    const body = ([best, at, x, row]: readonly ExprValue[]): ExprValue[] => {
      if (!(at instanceof Expr) || !(row instanceof Expr)) throw new TypeError('positions are real');
      const before = least(name) ? isBefore(x, best) : isBefore(best, x);
      const [winning, losing] = skips(name) ? [x, best] : [best, x];
      const better = floating(d)
        ? isNaNValue(winning)
            .not()
            .and(before.or(isNaNValue(losing)))
        : before;
      const kept =
        best instanceof ComplexExpr && x instanceof ComplexExpr
          ? ComplexExpr.select(better, x, best)
          : better.select(x as Expr, best as Expr); // both real: they have one dtype
      return [kept, better.select(row, at)];
    };
    loop = new Loop(key, { ins: [d, dtypes.int32, d, dtypes.int32], outs: [d, dtypes.int32], body });
    trackers.set(key, loop);
  }
  return loop;
}

function allNaN(name: Extreme): never {
  throw new ArgumentError(
    `np.${publicName(name)}: nothing but NaN along the axis`,
    `use np.${name} to find such places`,
    {
      name,
    },
  );
}

/** Positions along the first axis of `a`, for every position of the others. */
function acrossRows(name: Extreme, a: ArrayBase): ArrayBase {
  const shape = a.shape.slice(1);
  const row = (i: number): ArrayBase => reinterpret(a, a.offset + i * a.strides[0], shape, a.strides.slice(1));
  const best = heapCopy(row(0));
  const at = newArray(shape, dtypes.int32, true);
  const loop = tracker(name, a.dtype);
  for (let i = 1; i < a.shape[0]; i++) execute(loop, [best, at, row(i), undefined], undefined, [best, at], shape, [i]);
  if (skips(name) && floating(a.dtype)) {
    const first = finder(a.dtype, true)
      .at(primarySegment())
      .run(best.size, best.storage.ptr + best.offset);
    keepAlive(best.storage);
    if (first < best.size) allNaN(name);
  }
  return at;
}

const publicName = (name: Extreme): string => (skips(name) ? `nanarg${name.slice(3)}` : `arg${name}`);

/** The public functions of this file; those that pass over NaN are offered by routines/. */
export function position(
  name: Extreme,
  x: ArrayLike,
  axisOrOptions: number | null | PositionOptions | undefined,
  more: PositionOptions | undefined,
): NDArray | number {
  const where = `np.${publicName(name)}`;
  const options = reduceOptions(axisOrOptions, more, positionOptions, where);
  const given = residentArray(x, where);
  const flat = options.axis === undefined || options.axis === null;
  const a = flat ? contiguousIn(ravel(given)) : given;
  const axis = flat ? 0 : normalizeAxis(options.axis ?? 0, a.ndim, where);
  const n = a.shape[axis];
  const { keptShape } = splitAxes(a.shape, [axis]);
  if (n === 0 && !keptShape.includes(0)) {
    throw new ShapeError(
      `${where} of an empty sequence (shape ${formatShape(a.shape)}, axis ${axis})`,
      'check the size first',
      { shape: a.shape, axis },
    );
  }
  let result: ArrayBase;
  const along = Math.abs(a.strides[axis]);
  const runs = keptShape.reduce((p, m) => p * m, 1);
  if (runs === 0) result = newArray(keptShape, dtypes.int32);
  else if (runs === 1 || (along === a.dtype.itemsize && n >= 32)) {
    const rows = contiguousIn(moveaxis(a, axis, -1));
    result = newArray(keptShape, dtypes.int32);
    const out = primarySegment().i32;
    const first = (result.storage.ptr + result.offset) >> 2;
    const found =
      n <= STRETCH || runs > 1 ? positionsInRuns(name, rows, rows.offset, runs, n) : [longPosition(name, rows, n)];
    if (found.includes(NONE)) allNaN(name);
    out.set(found, first);
  } else result = acrossRows(name, moveaxis(a, axis, 0));
  if (options.out !== undefined || options.keepdims === true) {
    const kept = flat ? given.shape.map(() => 1) : a.shape.map((m, d) => (d === axis ? 1 : m));
    const shaped =
      options.keepdims === true ? reinterpret(result, result.offset, kept, contiguousStrides(kept, 4)) : result;
    if (options.out === undefined) return nd(shaped);
    checkOut(publicName(name), options.out, shaped.shape, shaped.dtype, 'same_kind');
    copyInto(shaped, options.out);
    return nd(options.out);
  }
  return flat ? Number(readAt(result, result.offset)) : nd(result);
}

const STRETCH = 16384;

// Long runs by stretches: only the stretch that holds the extreme is searched for its position.
function longPosition(name: Extreme, a: ArrayBase, n: number): number {
  const start = a.offset;
  if (n <= STRETCH) return positionInRun(name, a, start, n);
  const item = a.dtype.itemsize;
  const parts = Math.floor(n / STRETCH);
  const head = reinterpret(a, start, [parts, STRETCH], [STRETCH * item, item]);
  const { monoid } = extremes[name].of(a.dtype);
  const states = reduceStates(reducerFor(`${name}:${a.dtype.char}`, monoid, false), [head], head.shape, [1]);
  const bests = a.dtype.half || a.dtype.kind === 'b' ? heapCopy(states, a.dtype) : states;
  const part = positionInRun(name, bests, bests.offset, parts);
  const within = part === NONE ? NONE : positionInRun(name, a, start + part * STRETCH * item, STRETCH);
  const rest = n - parts * STRETCH;
  if (rest === 0) return part === NONE ? NONE : part * STRETCH + within;
  // the tail wins only when it is strictly better: compare the two candidates in order
  const tail = positionInRun(name, a, start + parts * STRETCH * item, rest);
  if (part === NONE) return tail === NONE ? NONE : parts * STRETCH + tail;
  if (tail === NONE) return part * STRETCH + within;
  const pair = newArray([2], a.dtype);
  const candidates = [part * STRETCH + within, parts * STRETCH + tail];
  candidates.forEach((c, i) => {
    copyInto(reinterpret(a, start + c * item, [], []), reinterpret(pair, i * item, [], []));
  });
  return candidates[positionInRun(name, pair, 0, 2)];
}

export interface Position {
  <X extends ArrayLike, const A extends number, K extends boolean = false>(
    x: X,
    axis: A,
    options?: PositionOptions & { readonly keepdims?: K },
  ): NDArray<'int32', Reduced<DimsOf<X>, A, K>>;
  (
    x: ArrayLike,
    options: PositionOptions & ({ readonly axis: number } | { readonly keepdims: true }),
  ): NDArray<'int32'>;
  (x: ArrayLike, axis?: null | PositionOptions): number;
}

/**
 * Position of the least element, of the first where several are; the first NaN counts as least. int32 along an axis.
 * @example np.argmin([3, 1, 1]) // 1
 */
export const argmin = ((x: ArrayLike, axis?: number | null | PositionOptions, options?: PositionOptions) =>
  position('min', x, axis, options)) as Position; // the overloads say which result comes when
/** Position of the greatest element, of the first where several are; the first NaN counts as greatest. */
export const argmax = ((x: ArrayLike, axis?: number | null | PositionOptions, options?: PositionOptions) =>
  position('max', x, axis, options)) as Position;

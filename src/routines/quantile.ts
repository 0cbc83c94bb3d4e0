// Quantiles by selection: rows are put in order only at the positions that matter. Definitions are in
// ops/reduce/quantiles.ts; weighted ones in weighted_quantile.ts, medians in median.ts.

import { divide } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { arange } from '../array/ranges.ts';
import { all } from '../array/reduce_functions.ts';
import { type Axis, reduceOptions } from '../array/reductions.ts';
import { moveaxis } from '../array/views.ts';
import { ArgumentError, DTypeError, ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { Complex } from '../dtype/complex.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { promote } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { ArrayBase, newArray, rawView } from '../exec/array_base.ts';
import { checkOut, execute } from '../exec/call.ts';
import { type ArrayLike, arrayFrom, operandOf, readAt } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { evaluate, loopOf } from '../exec/formula.ts';
import { Options } from '../exec/options.ts';
import { timed } from '../exec/timed.ts';
import { Loop } from '../exec/ufunc.ts';
import { Expr, konst, param } from '../kernel/builder.ts';
import { interpret } from '../kernel/interpret.ts';
import type { Node } from '../kernel/ir.ts';
import { between, neighbours, type QuantileMethod, type QuantileRow, quantiles } from '../ops/reduce/quantiles.ts';
import { formatShape } from '../shape/strides.ts';
import { asRows, elementsAt, numbersInAll, numbersPerRow, ordered, type Rows } from './ordered_rows.ts';
import { weightedQuantile } from './weighted_quantile.ts';

export interface QuantileOptions {
  readonly axis?: Axis;
  readonly out?: ArrayBase;
  /** The array may be reordered, which saves a copy. */
  readonly overwrite_input?: boolean;
  /** Which of the thirteen definitions: 'linear' by default. */
  readonly method?: QuantileMethod;
  readonly keepdims?: boolean;
  /** Weights of the elements, for 'inverted_cdf' only. */
  readonly weights?: ArrayLike | null;
}

const quantileOptions = new Options('axis', 'out', ['overwrite_input', 'keepdims'], ['method', 'value'], 'keepdims', [
  'weights',
  'value',
]);

/** What is asked for: probabilities, and whether they were one number. */
export interface Probabilities {
  /** float64, one dimension. */
  readonly q: NDArray;
  readonly shape: readonly number[];
  /** Dtype that joins the elements'; undefined for a number. */
  readonly dtype: DType | undefined;
}

function probabilities(given: ArrayLike, percent: boolean, where: string): Probabilities {
  const x = operandOf(given, where);
  const q = x instanceof ArrayBase ? x : arrayFrom(Number(x), dtypes.float64, where);
  if (q.dtype.kind === 'c')
    throw new DTypeError(`${where}: q is complex`, 'pass real numbers', { dtype: q.dtype.name });
  const wide = nd(heapCopy(q, dtypes.float64)).reshape(-1);
  const fractions = percent ? divide(wide, 100) : wide;
  if (!all(fractions.greater_equal(0)) || !all(fractions.less_equal(1))) {
    throw new ArgumentError(`${where}: q outside of 0 to ${percent ? 100 : 1}`, 'check q', { where });
  }
  const dtype = x instanceof ArrayBase ? (x.dtype.kind === 'f' ? x.dtype : dtypes.float64) : undefined;
  return { q: fractions, shape: q.shape, dtype };
}

const placing = new Map<QuantileRow, Loop>();

function placingLoop(row: QuantileRow, name: string): Loop {
  let loop = placing.get(row);
  if (loop === undefined) {
    const { float64, int32 } = dtypes;
    const ins = [float64, float64, int32];
    loop = new Loop(`quantile:${name}`, { ins, outs: [int32, int32, float64], body: (x) => neighbours(row, x) });
    placing.set(row, loop);
  }
  return loop;
}

export interface Selected {
  /** Elements before and after each place, [rows, places]; the same where the definition is discrete. */
  readonly below: NDArray;
  readonly above: NDArray;
  /** Weights of the latter, float64. */
  readonly weight: ArrayBase;
  /** Rows without a quantile, bool [rows, 1]. */
  readonly bad: ArrayBase;
}

/** Finds the elements next to every place `q` (float64, one dimension) of every row. */
export function selectPlaces(rows: Rows, name: string, row: QuantileRow, q: NDArray, skipsNaN: boolean): Selected {
  if (rows.rows === 1 && q.size <= FEW) return selectInOne(rows, row, q, skipsNaN);
  const numbers = numbersPerRow(rows);
  const counts = skipsNaN ? numbers : undefined;
  const shape = [rows.rows, q.size];
  const [before, after] = [newArray(shape, dtypes.int32), newArray(shape, dtypes.int32)];
  const weight = newArray(shape, dtypes.float64);
  const starts = arange(rows.rows, { dtype: 'int32' }).multiply(rows.n).reshape(-1, 1);
  const params = counts === undefined ? [rows.n] : [];
  execute(placingLoop(row, name), [counts, q, starts], undefined, [before, after, weight], shape, params);
  const few = counts === undefined && q.size <= FEW;
  const firstRow = (a: ArrayBase): number[] => Array.from(rawView(a).subarray(0, q.size), Number);
  const elements = nd(ordered(rows, few ? [before, after].flatMap(firstRow) : undefined)).reshape(-1);
  const below = elements.get(nd(before));
  const above = row.discrete === true ? below : elements.get(nd(after));
  const none = newArray([1, 1], dtypes.bool, true);
  const bad = numbers === undefined ? none : skipsNaN ? numbers.equal(0) : numbers.less(rows.n);
  return { below, above, weight, bad };
}

/** So many places are worth a selection, and may be computed one by one. */
const FEW = 32;

const formulas = new Map<QuantileRow, Node[]>();

// [before, after, weight] of one place, by the same formula as the kernel's.
function placeOf(row: QuantileRow, n: number, q: number): readonly number[] {
  let nodes = formulas.get(row);
  if (nodes === undefined) {
    nodes = neighbours(row, [param(0, 'f64'), param(1, 'f64'), konst('i32', 0)]).map((e) => e.node);
    formulas.set(row, nodes);
  }
  const nothing = (): number => 0;
  const given = (i: number): number => (i === 0 ? n : q);
  return interpret(nodes, { param: given, load: nothing, lane: nothing, table: nothing }).map(Number);
}

// A single row: its few places are numbers, and what stands there is read.
function selectInOne(rows: Rows, row: QuantileRow, q: NDArray, skipsNaN: boolean): Selected {
  const numbers = numbersInAll(rows);
  const places = Array.from<unknown, ReturnType<typeof placeOf>>(rawView(q), (x) =>
    placeOf(row, skipsNaN ? numbers : rows.n, Number(x)),
  );
  const wanted = places.flatMap((p) => p.slice(0, 2));
  const found = elementsAt(rows, numbers, wanted);
  const at = (side: 0 | 1): NDArray => nd(found).get(`${side}::2`).reshape(1, -1);
  const below = at(0);
  const weight = newArray([1, q.size], dtypes.float64);
  rawView(weight).set(places.map((p) => p[2]) as never); // numbers, in float64
  const bad = newArray([1, 1], dtypes.bool, true);
  if (skipsNaN ? numbers === 0 : numbers < rows.n) rawView(bad)[0] = 1;
  return { below, above: row.discrete === true ? below : at(1), weight, bad };
}

/** Results [rows, places] as the caller wants them. */
export function deliverPlaces(
  result: ArrayBase,
  rows: Rows,
  places: readonly number[],
  o: { readonly axis?: Axis; readonly keepdims?: boolean; readonly out?: ArrayBase },
  name: string,
): NDArray | Scalar {
  const kept = o.keepdims === true ? rows.split.keepdimsShape : rows.split.keptShape;
  const shape = [...places, ...kept];
  const whole = o.axis === undefined || o.axis === null;
  if (whole && shape.length === 0 && o.out === undefined) return readAt(result, result.offset, 'number');
  const shaped = moveaxis(nd(result), -1, 0).reshape(shape);
  if (o.out !== undefined) {
    checkOut(name, o.out, shape, result.dtype, 'same_kind');
    copyInto(shaped, o.out);
    return nd(o.out);
  }
  return shaped;
}

/** An array of NaN, one per result. */
export function noResults(rows: Rows, places: number, d: DType): ArrayBase {
  const out = newArray([rows.rows, places], d);
  nd(out).set('...', d.kind === 'c' ? new Complex(Number.NaN, Number.NaN) : Number.NaN);
  return out;
}

function quantileOf(name: string, percent: boolean, skipsNaN: boolean): Quantile {
  const where = `np.${name}`;
  const call: Quantile = (x, given, axis, options) => {
    if (events.timing) return timed(name, call, x, given, axis, options);
    const o = reduceOptions(axis, options, quantileOptions, where);
    const method = o.method ?? 'linear';
    if (!Object.hasOwn(quantiles, method)) {
      throw new ArgumentError(`${where}: there is no method '${method}'`, `use ${Object.keys(quantiles).join(', ')}`, {
        method,
      });
    }
    const row: QuantileRow = quantiles[method];
    const p = probabilities(given, percent, where);
    const rows = asRows(x, o.axis, o.overwrite_input === true, where);
    const d = rows.source.dtype;
    if (d.kind === 'c' || (d.kind === 'b' && row.discrete !== true)) {
      throw new DTypeError(
        `${where}: ${d.name} has nothing between two elements`,
        'convert it first, or choose a discrete method',
        {
          dtype: d.name,
          method,
        },
      );
    }
    if (o.weights !== undefined && o.weights !== null) {
      if (method !== 'inverted_cdf') {
        throw new ArgumentError(`${where}: '${method}' takes no weights`, "pass method: 'inverted_cdf'", { method });
      }
      return deliverPlaces(weightedQuantile(rows, p.q, o.weights, skipsNaN, where), rows, p.shape, o, name);
    }
    const working = d.kind !== 'f' ? dtypes.float64 : p.dtype === undefined ? d : promote(d, p.dtype);
    const result = row.discrete === true ? d : working;
    if (rows.n === 0 && rows.rows > 0) {
      if (!skipsNaN) {
        throw new ShapeError(
          `${where} of an array of shape ${formatShape(rows.source.shape)}: nothing to choose from`,
          'check the size first',
          {
            shape: rows.source.shape,
          },
        );
      }
      return deliverPlaces(noResults(rows, p.q.size, result), rows, p.shape, o, name);
    }
    const { below, above, weight, bad } = selectPlaces(rows, method, row, p.q, skipsNaN);
    const shape = [rows.rows, p.q.size];
    if (row.discrete === true) {
      if (d.kind !== 'f') return deliverPlaces(below, rows, p.shape, o, name);
      const chosen = loopOf('number.or.nan', [d, dtypes.bool], d, ([v, none]) => {
        if (v instanceof Expr && none instanceof Expr) return none.select(v.like(Number.NaN), v);
        throw new TypeError('quantiles are real');
      });
      return deliverPlaces(evaluate(chosen, [below, bad], shape), rows, p.shape, o, name);
    }
    const elements = d.kind === 'f' ? d : dtypes.float64;
    const loop = loopOf('quantile.between', [elements, elements, working, dtypes.bool], working, between(elements));
    return deliverPlaces(evaluate(loop, [below, above, weight, bad], shape), rows, p.shape, o, name);
  };
  return call;
}

type Quantile = (
  x: ArrayLike,
  q: ArrayLike,
  axis?: Axis | QuantileOptions,
  options?: QuantileOptions,
) => NDArray | Scalar;

/**
 * The element, or the value between two, below which the part `q` (0 to 1) of the elements along axes lies; NaN where
 * there is one. Integers give float64 unless the method is discrete. With a list of q, its axes come first.
 * @throws ArgumentError for q outside of 0 to 1, ShapeError for nothing, DTypeError for complex numbers.
 * @example np.quantile([1, 2, 3, 4], 0.5) // 2.5
 * @see https://numpy.org/doc/stable/reference/generated/numpy.quantile.html
 */
export const quantile: Quantile = quantileOf('quantile', false, false);
/**
 * {@link quantile} with q from 0 to 100.
 * @throws ArgumentError for q outside of 0 to 100, ShapeError for nothing, DTypeError for complex numbers.
 * @example np.percentile([1, 2, 3, 4], [0, 100]) // array([1., 4.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.percentile.html
 */
export const percentile: Quantile = quantileOf('percentile', true, false);
/**
 * {@link quantile} of the elements that are not NaN; NaN where there are none.
 * @throws ArgumentError for q outside of 0 to 1, DTypeError for complex numbers.
 * @example np.nanquantile([1, NaN, 3], 0.5) // 2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nanquantile.html
 */
export const nanquantile: Quantile = quantileOf('nanquantile', false, true);
/**
 * {@link percentile} of the elements that are not NaN; NaN where there are none.
 * @throws ArgumentError for q outside of 0 to 100, DTypeError for complex numbers.
 * @example np.nanpercentile([1, NaN, 3], 50) // 2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nanpercentile.html
 */
export const nanpercentile: Quantile = quantileOf('nanpercentile', true, true);

// pad: an array with borders, in every mode of NumPy's. The array is copied once into its place; borders are filled axis
// by axis, each from what is there already, and the borders of later axes cover those of earlier ones.

import { rint } from '../array/functions.generated.ts';
import { assign } from '../array/indexing.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { linspace } from '../array/ranges.ts';
import { max, min } from '../array/reduce_functions.ts';
import { mean } from '../array/statistics.ts';
import { asNDArray, flip, moveaxis } from '../array/views.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { newResult, reinterpret } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { describe, Options } from '../exec/options.ts';
import { checkShape } from '../shape/strides.ts';
import { median } from './median.ts';
import { type PadFunction, type PadMode, type PadOptions, type Side, strip } from './pad_border.ts';
import { mirror, repeatPeriod } from './pad_mirror.ts';
import { type Pair, pairsOf, type WidthsLike, widthsOf } from './pairs.ts';

export type { PadFunction, PadMode, PadOptions };

const lengthOf = ({ region, axis }: Side): number => region.shape[axis];
const before = (s: Side): NDArray => strip(s, 0, s.widths[0]);
const after = (s: Side): NDArray => strip(s, lengthOf(s) - s.widths[1], s.widths[1]);

type Statistic = (a: NDArray, options: { axis: number; keepdims: true }) => NDArray;

interface Mode {
  readonly options: readonly string[];
  /** What an empty axis would have nothing to take from. */
  readonly needsElements: boolean;
  readonly fill: (side: Side) => void;
}
const mode = (options: readonly string[], fill: (side: Side) => void, needsElements = true): Mode => ({
  options,
  fill,
  needsElements,
});

const modes: Readonly<Record<PadMode, Mode>> = {
  constant: mode(['constant_values'], constant, false),
  empty: mode([], () => {}, false),
  edge: mode([], edge),
  linear_ramp: mode(['end_values'], ramp),
  maximum: mode(['stat_length'], (s) => statistic(s, max as Statistic)), // one of its overloads
  minimum: mode(['stat_length'], (s) => statistic(s, min as Statistic)),
  mean: mode(['stat_length'], (s) => statistic(s, mean as Statistic)),
  median: mode(['stat_length'], (s) => statistic(s, median as Statistic)),
  reflect: mode(['reflect_type'], (s) => (single(s) ? edge(s) : mirror(s, false))),
  symmetric: mode(['reflect_type'], (s) => (single(s) ? edge(s) : mirror(s, true))),
  wrap: mode([], repeatPeriod),
};

/** An axis of one element has nothing to mirror at: its edge is repeated. */
const single = (s: Side): boolean => lengthOf(s) - s.widths[0] - s.widths[1] === 1;

function constant(s: Side): void {
  const [low, high] = pairsOf(s.options.constant_values ?? 0, s.region.ndim, 'constant_values', 'np.pad')[s.axis];
  if (s.widths[0] > 0) assign(before(s), low, 'np.pad constant_values');
  if (s.widths[1] > 0) assign(after(s), high, 'np.pad constant_values');
}

function edge(s: Side): void {
  const [left, right] = s.widths;
  if (left > 0) copyInto(strip(s, left, 1), before(s));
  if (right > 0) copyInto(strip(s, lengthOf(s) - right - 1, 1), after(s));
}

function ramp(s: Side): void {
  const { axis, region } = s;
  const [left, right] = s.widths;
  const [low, high] = pairsOf(s.options.end_values ?? 0, region.ndim, 'end_values', 'np.pad')[axis];
  const rising = (from: Scalar, to: NDArray, count: number): NDArray => {
    const target = nd(reinterpret(to, to.offset, without(to.shape, axis), without(to.strides, axis)));
    return linspace(from, target, count, { endpoint: false, dtype: region.dtype, axis });
  };
  if (left > 0) copyInto(rising(low, strip(s, left, 1), left), before(s));
  if (right > 0) copyInto(flip(rising(high, strip(s, lengthOf(s) - right - 1, 1), right), axis), after(s));
}

const without = (list: readonly number[], axis: number): number[] => list.filter((_, d) => d !== axis);

function statistic(s: Side, f: Statistic): void {
  const { axis, region } = s;
  const [left, right] = s.widths;
  const most = lengthOf(s) - left - right;
  const lengths = pairsOf(s.options.stat_length ?? null, region.ndim, 'stat_length', 'np.pad')[axis];
  const [first, last] = lengths.map((n) => {
    if (n === null || n === undefined) return most;
    if (Number.isSafeInteger(n) && n > 0) return Math.min(n, most);
    throw new ArgumentError(`np.pad: stat_length is ${describe(n)}`, 'use integers from 1, or null for all', {});
  });
  const value = (start: number, length: number): NDArray => {
    const found = f(strip(s, start, length), { axis, keepdims: true });
    const whole = region.dtype.kind === 'i' || region.dtype.kind === 'u';
    return nd(heapCopy(whole && found.dtype !== region.dtype ? (rint(found) as NDArray) : found, region.dtype));
  };
  const low = value(left, first);
  if (left > 0) copyInto(low, before(s));
  if (right > 0) copyInto(first === most && last === most ? low : value(lengthOf(s) - right - last, last), after(s));
}

/**
 * The array with borders of `pad_width` elements before and after each axis: one number for all, a pair [before, after],
 * a pair per axis, or pairs by axis { 0: 2, '-1': [1, 3] }. The mode says what borders hold: 'constant' values (0),
 * the 'edge' element, a 'linear_ramp' to end values, the 'maximum', 'mean', 'median' or 'minimum' along the axis, the
 * array mirrored ('reflect' without, 'symmetric' with the edge) or repeated ('wrap'), anything ('empty'), or what a function
 * writes into each vector along the axis.
 * @throws ArgumentError for widths that are no integers from 0 and for options that the mode does not have; ShapeError
 *   for an empty axis that has nothing to take borders from.
 * @example np.pad([1, 2, 3], [2, 1], { mode: 'reflect' }) // array([3., 2., 1., 2., 3., 2.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.pad.html
 */
export function pad(
  x: ArrayLike,
  pad_width: WidthsLike,
  modeOrOptions?: PadMode | PadFunction | PadOptions,
  options: PadOptions = {},
): NDArray {
  const a = asNDArray(x, 'np.pad');
  const all: PadOptions = typeof modeOrOptions === 'object' ? modeOrOptions : { mode: modeOrOptions, ...options };
  const widths = widthsOf(pad_width, a.ndim, 'pad_width', 'np.pad');
  const { mode: asked = 'constant' } = all;
  const rule = typeof asked === 'function' ? undefined : rowOf(asked, all);
  const shape = checkShape(
    a.shape.map((n, d) => widths[d][0] + n + widths[d][1]),
    'np.pad',
  );
  const empty = a.shape.findIndex((n, d) => n === 0 && (widths[d][0] > 0 || widths[d][1] > 0));
  if (rule?.needsElements === true && empty >= 0) {
    throw new ShapeError(
      `np.pad: axis ${empty} is empty, mode '${String(asked)}' has nothing to take borders from`,
      "use mode 'constant' or 'empty'",
      { shape: a.shape, axis: empty },
    );
  }
  const out = newResult(shape, a.dtype, typeof asked === 'function');
  const start = widths.reduce((sum, [left], d) => sum + left * out.strides[d], 0);
  copyInto(a, reinterpret(out, start, a.shape, out.strides));
  const padded = nd(out);
  if (typeof asked === 'function') {
    callEach(asked, padded, widths, all);
    return padded;
  }
  if (rule === undefined || out.size === 0) return padded;
  let offset = start;
  const region = a.shape.slice();
  for (let axis = 0; axis < a.ndim; axis++) {
    offset -= widths[axis][0] * out.strides[axis];
    region[axis] = shape[axis];
    if (widths[axis][0] === 0 && widths[axis][1] === 0) continue;
    const side = { region: nd(reinterpret(out, offset, region.slice(), out.strides)), axis, widths: widths[axis] };
    if (side.region.size > 0) rule.fill({ ...side, options: all });
  }
  return padded;
}

const optionsOf = new Map<string, Options>();

function rowOf(asked: string, options: PadOptions): Mode {
  if (!Object.hasOwn(modes, asked)) {
    throw new ArgumentError(
      `np.pad: there is no mode ${describe(asked)}`,
      `use ${Object.keys(modes).join(', ')}, or a function`,
      { mode: asked },
    );
  }
  const row = modes[asked as PadMode]; // just looked up
  let known = optionsOf.get(asked);
  if (known === undefined) {
    known = new Options(['mode', 'value'], ...row.options.map((name) => [name, 'value'] as const));
    optionsOf.set(asked, known);
  }
  known.check(options, `np.pad in mode '${asked}'`);
  const { reflect_type: kind = 'even' } = options;
  if (kind !== 'even' && kind !== 'odd') {
    throw new ArgumentError(`np.pad: reflect_type is ${describe(kind)}`, "use 'even' or 'odd'", {});
  }
  return row;
}

// One call for every vector along each axis.
function callEach(f: PadFunction, padded: NDArray, widths: readonly Pair<number>[], options: PadOptions): void {
  const { mode: _, ...rest } = options;
  for (let axis = 0; axis < padded.ndim; axis++) {
    const vectors = moveaxis(padded, axis, -1);
    const visit = (at: NDArray): void => {
      if (at.ndim === 1) f(at, widths[axis], axis, rest);
      else for (let i = 0; i < at.shape[0]; i++) visit(at.get(i));
    };
    visit(vectors);
  }
}

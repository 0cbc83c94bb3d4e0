// Mean, variance and standard deviation: composed of fixed-tree sums. The squared deviations are formed inside the
// summing kernel, so nothing of the input's size is allocated. Two passes (mean, then deviations), as NumPy.

import { CastError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { roundTo } from '../dtype/cast.ts';
import { realOf } from '../dtype/category.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../dtype/dtype.ts';
import { canCast } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, newArray, reinterpret } from '../exec/array_base.ts';
import { execute } from '../exec/call.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { Deferred } from '../exec/deferred.ts';
import { report } from '../exec/errstate/report.ts';
import { currentErrors } from '../exec/errstate/state.ts';
import { type Body, loopOf } from '../exec/formula.ts';
import { Options } from '../exec/options.ts';
import { reduceStates } from '../exec/reduce.ts';
import { isWhole, reduceWhole } from '../exec/reduce_whole.ts';
import { atHome, liesElsewhere } from '../exec/tiles.ts';
import { timed } from '../exec/timed.ts';
import type { Loop } from '../exec/ufunc.ts';
import { ComplexExpr } from '../kernel/builder.ts';
import { over } from '../ops/bodies.ts';
import { asReal } from '../ops/define.ts';
import { either, isFloating, type Monoid, stateOf } from '../ops/reduce/define.ts';
import { countingNumbers, skippingNaN } from '../ops/reduce/nan.ts';
import { reductions } from '../ops/reduce/rows.ts';
import { splitAxes } from '../shape/reduction.ts';
import { contiguousStrides, normalizeAxes } from '../shape/strides.ts';
import { reducerFor } from './masked_reducer.ts';
import type { NDArray } from './ndarray.ts';
import { mayBeFaulty, reductionFaults } from './reduce_faults.ts';
import { type Axis, deliver, maskOf, type Reducing, reduceOptions, standingIn, usableArray } from './reductions.ts';

export interface MeanOptions {
  readonly axis?: Axis;
  readonly keepdims?: boolean;
  readonly dtype?: DTypeLike;
  readonly out?: ArrayBase;
  readonly where?: ArrayLike;
}
export interface VarianceOptions extends MeanOptions {
  /** The divisor is the count minus this. */
  readonly ddof?: number;
  /** The standard's name of ddof. */
  readonly correction?: number;
}

export const meanOptions = new Options('axis', 'keepdims', 'dtype', 'out', 'where');
export const varianceOptions = new Options('axis', 'keepdims', 'dtype', 'out', 'where', 'ddof', 'correction');

/** Dtype that a mean is computed in: integers and bool in float64. */
export const meanDType = (d: DType): DType => (d.kind === 'f' || d.kind === 'c' ? d : dtypes.float64);

/** (state, real number) → state divided by it. */
export function dividing(d: DType): Loop {
  const divided: Body = ([s, n]) => over(s, asReal(n));
  return loopOf('divide.by', [d, realOf(d)], d, divided, { floats: { kinds: ['invalid'] } });
}

/** Divides states in place by a real number or by an array of them; nothing by nothing is NaN, an invalid value. */
function divideBy(name: string, states: ArrayBase, divisor: number | ArrayBase): void {
  const loop = dividing(states.dtype);
  const arrays = [states, typeof divisor === 'number' ? undefined : divisor];
  const params = typeof divisor === 'number' ? [divisor] : [];
  const met = execute(loop, arrays, undefined, [states], states.shape, params, currentErrors());
  if (met !== 0) report(name, met, () => undefined);
}

export function askedDType(name: string, given: DType, asked: DType): DType {
  if (asked === meanDType(asked) && canCast(given, asked, 'same_kind')) return asked;
  throw new CastError(
    `np.${name}: the ${name} of ${given.name} is not computed in ${asked.name}`,
    'pass a float dtype (or, for complex arrays, a complex one), and convert the result with astype',
    { from: given.name, to: asked.name },
  );
}

interface Settled {
  readonly name: string;
  readonly a: ArrayBase;
  readonly mask: ArrayBase | undefined;
  readonly axes: readonly number[];
  readonly working: DType;
  /** Elements per result: a number, or an array of the kept shape where a mask decides. */
  readonly count: number | ArrayBase;
  /** Leave NaN out. */
  readonly skips: boolean;
}

function settle(name: string, x: ArrayLike, options: MeanOptions, numbersOnly: boolean): Settled {
  const a = usableArray(x, `np.${name}`);
  const mask = maskOf(options.where, a.shape, `np.${name}`);
  const axes = normalizeAxes(options.axis, a.ndim, `np.${name}`);
  const working = options.dtype === undefined ? meanDType(a.dtype) : askedDType(name, a.dtype, asDType(options.dtype));
  const skips = numbersOnly && isFloating(a.dtype);
  let count: number | ArrayBase = axes.reduce((n, d) => n * a.shape[d], 1);
  if (count > 0 && (skips || mask !== undefined)) {
    const counter = skips
      ? reducerFor(`count.numbers:${a.dtype.char}`, countingNumbers(a.dtype), mask !== undefined)
      : reducerFor('count_nonzero:?', reductions.count_nonzero.of(dtypes.bool).monoid, false);
    const counted = reduceStates(counter, skips ? inputs(a, mask) : inputs(mask), a.shape, axes);
    count = heapCopy(counted, realOf(stateOf(working)));
  }
  return { name, a, mask, axes, working, count, skips };
}

const inputs = (...xs: (ArrayBase | undefined)[]): ArrayBase[] => xs.filter((x) => x !== undefined);

function meanStates(s: Settled): ArrayBase {
  const { name, a, mask, axes, working, count, skips } = s;
  const operands = inputs(a, mask);
  const states = sumStates(s, reductions.sum.of(working).monoid, operands);
  const { shape } = a;
  if (!skips && count !== 0) reductionFaults({ op: name, row: reductions.sum, working, operands, shape, axes, states });
  divideBy(name, states, count);
  return states;
}

// Sums that are 0 where there is nothing to sum.
function sumStates({ a, mask, axes, skips }: Settled, summing: Monoid, xs: ArrayBase[]): ArrayBase {
  const { shape } = a;
  const monoid = skips ? skippingNaN(summing, 0) : summing;
  const reducer = reducerFor(`${monoid.name}:${monoid.ins[0].char}`, monoid, mask !== undefined);
  if (axes.some((d) => shape[d] === 0)) return newArray(splitAxes(shape, axes).keptShape, monoid.state, true);
  return reduceStates(reducer, xs, shape, axes);
}

/**
 * Arithmetic mean along axes; of integers in float64. NaN for no elements.
 * @example np.mean([1, 2, 4, 5]) // 3
 */
export const mean = meanOf as Reducing<MeanOptions, 'mean'>; // the overloads say which of the two results comes when

function meanOf(x: ArrayLike, axis?: Axis | MeanOptions, options?: MeanOptions): NDArray | Scalar {
  if (events.timing) return timed('mean', meanOf, x, axis, options);
  if (axis === undefined && options === undefined && isWhole(x) && x.dtype.kind !== 'c') {
    const short = wholeMean(x);
    if (short !== undefined) return short;
  }
  const o = reduceOptions(axis, options, meanOptions, 'np.mean');
  return averaged('mean', x, o, false);
}

/** The mean with its options settled; `numbersOnly` leaves NaN out. */
export function averaged(name: string, x: ArrayLike, o: MeanOptions, numbersOnly: boolean): NDArray | Scalar {
  if (events.timing) return timed(name, averaged, name, x, o, numbersOnly);
  if (x instanceof Deferred && !numbersOnly) return standingIn(x.moment('mean', o));
  if (liesElsewhere(x)) return atHome([x], () => averaged(name, x, o, numbersOnly));
  const s = settle(name, x, o, numbersOnly);
  const states = meanStates(s);
  return deliver(states.dtype === s.working ? states : heapCopy(states, s.working), s.a.shape, s.axes, o, name);
}

// The short path: one sum, one division in the state's precision; undefined where the sum must be looked into.
function wholeMean(x: ArrayBase): Scalar | undefined {
  const d = meanDType(x.dtype);
  const { monoid } = reductions.sum.of(d);
  const sum = reduceWhole(reducerFor(`sum:${d.char}`, monoid, false), x);
  if (isFloating(x.dtype) && mayBeFaulty(x, sum)) return undefined;
  return roundTo(roundTo(Number(sum) / x.size, monoid.state), d);
}

/** Sums of squared distances from a center, the second input. */
export function deviations(working: DType): Monoid {
  const state = stateOf(working);
  const out = realOf(state);
  return {
    name: 'sum.squared.deviations',
    ins: [state, state],
    state: out,
    value: ([v, m]) => {
      if (v instanceof ComplexExpr && m instanceof ComplexExpr) {
        const d = v.sub(m);
        return d.re.mul(d.re).add(d.im.mul(d.im));
      }
      const d = asReal(v).sub(asReal(m));
      return d.mul(d);
    },
    combine: either(
      (a, b) => a.add(b),
      (a) => a,
    ),
    identity: [-0],
    ordered: true,
  };
}

/** state → its root. */
export const rooting = (d: DType): Loop => loopOf('root', [d], d, ([v]) => asReal(v).sqrt());

/** Variance, or its root, with the options settled; `numbersOnly` leaves NaN out. */
export function variance(
  name: string,
  x: ArrayLike,
  o: VarianceOptions,
  { root, numbersOnly }: { readonly root: boolean; readonly numbersOnly: boolean },
): NDArray | Scalar {
  if (events.timing) return timed(name, variance, name, x, o, { root, numbersOnly });
  if (x instanceof Deferred && !numbersOnly) return standingIn(x.moment(root ? 'std' : 'var', o));
  if (liesElsewhere(x)) return atHome([x], () => variance(name, x, o, { root, numbersOnly }));
  const s = settle(name, x, o, numbersOnly);
  const { a, mask, axes, working, count, skips } = s;
  const { keepdimsShape } = splitAxes(a.shape, axes);
  const center = meanStates(s);
  const stretched = reinterpret(center, 0, keepdimsShape, contiguousStrides(keepdimsShape, center.dtype.itemsize));
  const states = sumStates(s, deviations(working), inputs(a, stretched, mask));
  if (!skips && count !== 0) {
    const operands = inputs(a, mask);
    reductionFaults({ op: name, row: reductions.sum, working, operands, shape: a.shape, axes, states });
  }
  const ddof = o.correction ?? o.ddof ?? 0;
  divideBy(name, states, typeof count === 'number' ? Math.max(0, count - ddof) : freedom(count, ddof, skips));
  if (root) {
    execute(rooting(states.dtype), [states], undefined, [states], states.shape, []);
  }
  const result = realOf(working);
  return deliver(states.dtype === result ? states : heapCopy(states, result), a.shape, axes, o, name);
}

/** (count, ddof) → count - ddof; where that is not positive 0 or, among the numbers of an array with NaN, NaN. */
export function freeing(d: DType, skips: boolean): Loop {
  const least = skips ? Number.NaN : 0;
  return loopOf(`freedom.${least}`, [d, d], d, ([n, ddof]) => {
    const free = asReal(n).sub(asReal(ddof));
    return free.gt(0).select(free, least);
  });
}

function freedom(count: ArrayBase, ddof: number, skips: boolean): ArrayBase {
  const loop = freeing(count.dtype, skips);
  const out = newArray(count.shape, count.dtype);
  execute(loop, [count, undefined], undefined, [out], count.shape, [ddof]);
  return out;
}

const varianceOf = ((x: ArrayLike, axis?: Axis | VarianceOptions, options?: VarianceOptions) =>
  variance('var', x, reduceOptions(axis, options, varianceOptions, 'np.var'), {
    root: false,
    numbersOnly: false,
  })) as Reducing<VarianceOptions, 'spread'>; // as for mean

/**
 * Standard deviation along axes: the root of the mean squared deviation from the mean (divisor count - ddof).
 * @example np.std([1, 2, 3, 4]) // 1.118033988749895
 */
export const std = ((x: ArrayLike, axis?: Axis | VarianceOptions, options?: VarianceOptions) =>
  variance('std', x, reduceOptions(axis, options, varianceOptions, 'np.std'), {
    root: true,
    numbersOnly: false,
  })) as Reducing<VarianceOptions, 'spread'>; // as for mean

/** Variance along axes: the mean squared deviation from the mean (divisor count - ddof). */
export { varianceOf as var };

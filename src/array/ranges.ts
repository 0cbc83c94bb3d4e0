// Evenly spaced numbers: arange, linspace, logspace, geomspace.

import { ArgumentError, PrecisionError } from '../base/errors.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../dtype/dtype.ts';
import { checkScalar, type Scalar } from '../dtype/scalars.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { type ArrayLike, operandOf, toArray } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { generate, type Pattern } from '../exec/generate.ts';
import { describe, Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import { normalizeAxis } from '../shape/strides.ts';
import { array } from './creation.ts';
import {
  add,
  divide,
  equal,
  floor,
  less,
  log10,
  multiply,
  power,
  sign as signOf,
  subtract,
} from './functions.generated.ts';
import { assign } from './indexing.ts';
import { type NDArray, nd } from './ndarray.ts';
import { broadcast_arrays, moveaxis, reshape } from './views.ts';

const floatSteps: Pattern = {
  name: 'steps',
  params: ['f64', 'f64'],
  of: dtypes.float64,
  body: (i, [start, step]) => start.add(i.to('f64').mul(step)),
};
const integerSteps: Pattern = {
  name: 'steps',
  params: ['i64', 'i64'],
  of: dtypes.int64,
  body: (i, [start, step]) => start.add(i.to('i64').mul(step)),
};

export interface RangeOptions {
  readonly dtype?: DTypeLike;
}

const rangeOptions = new Options('dtype');
const spaceOptions = new Options('num', 'dtype', 'endpoint', 'axis', 'retstep');
const logOptions = new Options('num', 'dtype', 'endpoint', 'axis', ['base', 'value']);
const geometricOptions = new Options('num', 'dtype', 'endpoint', 'axis');

const MOST = 2 ** 31 - 1;

function lengthOf(n: number, where: string): number {
  if (n >= 0 && n <= MOST && Number.isInteger(n)) return n;
  throw new ArgumentError(
    `${where}: ${describe(n)} elements`,
    `use finite bounds and a step that give 0 to ${MOST} elements`,
    {
      elements: n,
    },
  );
}

/**
 * Values from `start` (0) up to, not including, `stop` in steps of `step` (1): float64 of numbers, int64 of bigints.
 * With float steps the length is ceil((stop - start) / step), so rounding may add an element; linspace has no such doubt.
 * @throws ArgumentError for a zero step or bounds that are not finite.
 * @example np.arange(3n).dtype.name // 'int64'
 */
export function arange(stop: number | bigint, options?: RangeOptions): NDArray;
export function arange(start: number | bigint, stop: number | bigint, options?: RangeOptions): NDArray;
export function arange(
  start: number | bigint,
  stop: number | bigint,
  step: number | bigint,
  options?: RangeOptions,
): NDArray;
export function arange(...args: (number | bigint | RangeOptions | undefined)[]): NDArray {
  const last = args[args.length - 1];
  const options = typeof last === 'object' ? last : {};
  rangeOptions.check(options, 'arange');
  const given = (typeof last === 'object' ? args.slice(0, -1) : args).filter((x) => x !== undefined);
  const numbers = given.filter((x): x is number | bigint => typeof x === 'number' || typeof x === 'bigint');
  if (numbers.length === 0 || numbers.length > 3 || numbers.length < given.length) {
    throw new ArgumentError(
      `arange of ${given.map(describe).join(', ') || 'nothing'}: it takes one to three numbers`,
      'write arange(stop), arange(start, stop) or arange(start, stop, step)',
      { given: given.map(describe) },
    );
  }
  const [start, stop, step] = numbers.length === 1 ? [0, numbers[0], 1] : [numbers[0], numbers[1], numbers[2] ?? 1];
  if (Number(step) === 0)
    throw new ArgumentError('arange: the step is 0', 'use a step other than 0', { start, stop, step });
  const integers = numbers.every((x) => typeof x === 'bigint');
  const dtype = asDType(options.dtype ?? (integers ? 'int64' : 'float64'));
  if (integers) {
    const [a, b, s] = [BigInt(start), BigInt(stop), BigInt(step)];
    const span = b - a;
    const n = span > 0n === s > 0n && span !== 0n ? (span + s - (s > 0n ? 1n : -1n)) / s : 0n;
    const length = lengthOf(Number(n), 'arange');
    holds(dtype, a, a + s * BigInt(Math.max(0, length - 1)), length);
    return nd(generate(length, dtype, integerSteps, [BigInt.asIntN(64, a), BigInt.asIntN(64, s)]));
  }
  const [a, b, s] = [Number(start), Number(stop), Number(step)];
  const n = lengthOf(Math.max(0, Math.ceil((b - a) / s)), 'arange');
  if (dtype.kind !== 'f' && dtype.kind !== 'c') {
    if (!Number.isInteger(a) || !Number.isInteger(s)) {
      throw new PrecisionError(
        `arange(${a}, ${b}, ${s}) in ${dtype.name} would lose fractions`,
        'leave dtype out and convert with astype, or use integers',
        { dtype: dtype.name },
      );
    }
    holds(dtype, a, a + s * Math.max(0, n - 1), n);
    return nd(generate(n, dtype, integerSteps, [BigInt(a), BigInt(s)]));
  }
  return nd(generate(n, dtype, floatSteps, [a, a + s - a]));
}

// Refuses a dtype that cannot hold both ends.
function holds(dtype: DType, first: number | bigint, last: number | bigint, n: number): void {
  if (n === 0) return;
  checkScalar(first, dtype, 'arange');
  checkScalar(last, dtype, 'arange');
}

export interface SpaceOptions {
  /** Number of samples, 50 by default. */
  readonly num?: number;
  readonly dtype?: DTypeLike | null;
  /** Is `stop` the last sample? Default true. */
  readonly endpoint?: boolean;
  /** Axis of the samples where start or stop are arrays. */
  readonly axis?: number;
}

export interface LogOptions extends SpaceOptions {
  /** What is raised to the samples, 10 by default. */
  readonly base?: ArrayLike;
}

const spread = (x: ArrayLike, where: string): number | NDArray => {
  const v = operandOf(x, where);
  if (v instanceof ArrayBase) return nd(v);
  return typeof v === 'number' || typeof v === 'bigint' ? Number(v) : nd(toArray(v, where));
};

function samples(
  start: ArrayLike,
  stop: ArrayLike,
  options: SpaceOptions,
  where: string,
): { values: NDArray; step: number | NDArray } {
  const n = lengthOf(options.num ?? 50, where);
  const endpoint = options.endpoint ?? true;
  const parts = endpoint ? n - 1 : n;
  const [a, b] = [spread(start, where), spread(stop, where)];
  if (typeof a === 'number' && typeof b === 'number') {
    normalizeAxis(options.axis ?? 0, 1, where);
    const step = parts > 0 ? (b - a) / parts : Number.NaN;
    const values = nd(generate(n, dtypes.float64, floatSteps, [a, step]));
    // A step that underflows to 0 is taken in the other order: i / parts · (b - a).
    const fine = step === 0 && parts > 0 ? add(multiply(divide(arange(n), parts), b - a), a) : values;
    if (parts <= 0 && n > 0) assign(fine.get(0), a, 'linspace');
    if (endpoint && n > 1) assign(fine.get(-1), b, 'linspace');
    return { values: fine, step };
  }
  const delta = subtract(nd(toArray(b, 'linspace')), nd(toArray(a, 'linspace')));
  const column = reshape(arange(n), [n, ...new Array<number>(delta.ndim).fill(1)]);
  const step = divide(delta, Math.max(parts, 1));
  const values = add(multiply(column, step), a);
  if (endpoint && n > 1) assign(values.get(-1), b, 'linspace');
  return {
    values: placed(values, options.axis),
    step: parts > 0 ? step : Number.NaN,
  };
}

// The samples' axis, made first, where it is asked for.
const placed = (values: NDArray, axis: number | undefined): NDArray =>
  axis === undefined || axis === 0 ? values : moveaxis(values, 0, axis);

function inDType(values: NDArray, dtype: DTypeLike | null | undefined): NDArray {
  if (dtype === undefined || dtype === null) return values;
  const d = asDType(dtype);
  if (d === values.dtype) return values;
  return nd(heapCopy(d.kind === 'i' || d.kind === 'u' ? floor(values) : values, d));
}

const leading = ['num', 'endpoint', 'retstep', 'dtype', 'axis'] as const;
const logLeading = ['num', 'endpoint', 'base', 'dtype', 'axis'] as const;
const geometricLeading = ['num', 'endpoint', 'dtype', 'axis'] as const;
type Leading<O> = readonly (number | boolean | DTypeLike | null | O | undefined)[];

/**
 * `num` (50) samples from start to stop, both included unless `endpoint: false`. Integer dtypes round down. What follows
 * `stop` goes by position, as NumPy's `num, endpoint, retstep, dtype, axis`, or by name.
 * @example np.linspace(0, 1, 3) // array([0. , 0.5, 1. ])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linspace.html
 */
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  ...rest:
    | [options: SpaceOptions & { readonly retstep: true }]
    | [num: number, options: SpaceOptions & { readonly retstep: true }]
    | [num: number, endpoint: boolean, retstep: true, dtype?: DTypeLike | null, axis?: number]
): [NDArray, number | NDArray];
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  num?: number | (SpaceOptions & { readonly retstep?: false }),
  endpoint?: boolean | (SpaceOptions & { readonly retstep?: false }),
  retstep?: false,
  dtype?: DTypeLike | null,
  axis?: number,
): NDArray;
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  ...rest: Leading<SpaceOptions & { readonly retstep?: boolean }>
): NDArray | [NDArray, number | NDArray] {
  const options = byName<SpaceOptions & { readonly retstep?: boolean }>(leading, rest, spaceOptions, 'linspace');
  const { values, step } = samples(start, stop, options, 'linspace');
  const out = inDType(values, options.dtype);
  return options.retstep === true ? [out, step] : out;
}

/**
 * Samples whose logarithms to `base` (10; an array broadcasts) are evenly spaced from start to stop. Positions: `num, endpoint,
 * base, dtype, axis`.
 * @example np.logspace(0, 2, 3) // array([  1.,  10., 100.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.logspace.html
 */
export function logspace(
  start: ArrayLike,
  stop: ArrayLike,
  num?: number | LogOptions,
  endpoint?: boolean | LogOptions,
  base?: ArrayLike,
  dtype?: DTypeLike | null,
  axis?: number,
): NDArray {
  const options = byName<LogOptions>(logLeading, [num, endpoint, base, dtype, axis], logOptions, 'logspace');
  const bases = toArray(options.base ?? 10, 'logspace base');
  // Start and stop take the dimensions of the base, so that its axes come after that of the samples.
  const lead = (x: ArrayLike): ArrayLike => {
    if (bases.ndim === 0) return x;
    const a = toArray(x, 'logspace');
    return reshape(a, [...new Array<number>(Math.max(0, bases.ndim - a.ndim)).fill(1), ...a.shape]);
  };
  const { values } = samples(lead(start), lead(stop), { ...options, axis: 0 }, 'logspace');
  return inDType(placed(power(nd(bases), values), options.axis), options.dtype);
}

/**
 * A geometric progression from start to stop, both exact; arrays broadcast, complex bounds spiral. Positions: `num, endpoint,
 * dtype, axis`.
 * @throws ArgumentError for a bound of 0 or real bounds of different signs.
 * @example np.geomspace(1, 1000, 4) // array([   1.,   10.,  100., 1000.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.geomspace.html
 */
export function geomspace(
  start: ArrayLike,
  stop: ArrayLike,
  num?: number | SpaceOptions,
  endpoint?: boolean | SpaceOptions,
  dtype?: DTypeLike | null,
  axis?: number,
): NDArray {
  const options = byName<SpaceOptions>(geometricLeading, [num, endpoint, dtype, axis], geometricOptions, 'geomspace');
  const [a, b] = broadcast_arrays(inexact(start), inexact(stop));
  if (equal(a, 0).any() || equal(b, 0).any()) throw badBounds(start, stop);
  const sign = asArray(signOf(a));
  const [first, last] = [asArray(divide(a, sign)), asArray(divide(b, sign))];
  if (last.dtype.kind === 'f' && less(last, 0).any()) throw badBounds(start, stop);
  const { values } = samples(log10(first), log10(last), { ...options, axis: 0 }, 'geomspace');
  const out = power(array(10), values);
  const n = out.shape[0];
  if (n > 0) assign(out.get(0), first, 'geomspace');
  if (n > 1 && (options.endpoint ?? true)) assign(out.get(-1), last, 'geomspace');
  return inDType(placed(multiply(out, sign), options.axis), options.dtype);
}

const badBounds = (start: ArrayLike, stop: ArrayLike): ArgumentError =>
  new ArgumentError(
    `geomspace from ${describeBound(start)} to ${describeBound(stop)}`,
    'use bounds of one sign, neither 0',
    { start: describeBound(start), stop: describeBound(stop) },
  );
const describeBound = (x: ArrayLike): string => (x instanceof ArrayBase ? 'an array' : describe(x));
const asArray = (x: NDArray | Scalar): NDArray => nd(toArray(x, 'geomspace'));
const inexact = (x: ArrayLike): NDArray => {
  const a = nd(toArray(x, 'geomspace'));
  return a.dtype.kind === 'f' || a.dtype.kind === 'c' ? a : a.astype('float64');
};

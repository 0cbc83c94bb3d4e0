// Evenly spaced numbers: arange, linspace, logspace, geomspace.

import { ArgumentError, PrecisionError } from '../base/errors.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../dtype/dtype.ts';
import { checkScalar } from '../dtype/scalars.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { type ArrayLike, operandOf, toArray } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { generate, type Pattern } from '../exec/generate.ts';
import { describe, Options } from '../exec/options.ts';
import { normalizeAxis } from '../shape/strides.ts';
import { array } from './creation.ts';
import { add, divide, floor, log10, multiply, negative, power, subtract } from './functions.generated.ts';
import { assign } from './indexing.ts';
import { type NDArray, nd } from './ndarray.ts';
import { moveaxis, reshape } from './views.ts';

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
const spaceOptions = new Options('dtype', 'endpoint', 'axis', 'retstep');
const logOptions = new Options('dtype', 'endpoint', 'axis', 'base');
const geometricOptions = new Options('dtype', 'endpoint');

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

export interface SpaceOptions extends RangeOptions {
  /** Is `stop` the last sample? Default true. */
  readonly endpoint?: boolean;
  /** Axis of the samples where start or stop are arrays. */
  readonly axis?: number;
}

const spread = (x: ArrayLike, where: string): number | NDArray => {
  const v = operandOf(x, where);
  if (v instanceof ArrayBase) return nd(v);
  return typeof v === 'number' || typeof v === 'bigint' ? Number(v) : nd(toArray(v, where));
};

function samples(
  start: ArrayLike,
  stop: ArrayLike,
  num: number,
  options: SpaceOptions,
  where: string,
): { values: NDArray; step: number | NDArray } {
  const n = lengthOf(num, where);
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
    values: options.axis === undefined ? values : moveaxis(values, 0, options.axis),
    step: parts > 0 ? step : Number.NaN,
  };
}

function inDType(values: NDArray, dtype: DTypeLike | undefined): NDArray {
  if (dtype === undefined) return values;
  const d = asDType(dtype);
  if (d === values.dtype) return values;
  return nd(heapCopy(d.kind === 'i' || d.kind === 'u' ? floor(values) : values, d));
}

/**
 * `num` (50) samples from start to stop, both included unless `endpoint: false`. Integer dtypes round down.
 * @example np.linspace(0, 1, 3) // array([0. , 0.5, 1. ])
 */
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  num?: number,
  options?: SpaceOptions & { retstep?: false },
): NDArray;
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  num: number,
  options: SpaceOptions & { retstep: true },
): [NDArray, number | NDArray];
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  num = 50,
  options: SpaceOptions & { retstep?: boolean } = {},
): NDArray | [NDArray, number | NDArray] {
  spaceOptions.check(options, 'linspace');
  const { values, step } = samples(start, stop, num, options, 'linspace');
  const out = inDType(values, options.dtype);
  return options.retstep === true ? [out, step] : out;
}

/** Samples whose logarithms to `base` (10) are evenly spaced from start to stop. */
export function logspace(
  start: ArrayLike,
  stop: ArrayLike,
  num = 50,
  options: SpaceOptions & { base?: number } = {},
): NDArray {
  logOptions.check(options, 'logspace');
  const { values } = samples(start, stop, num, options, 'logspace');
  return inDType(power(array(options.base ?? 10), values), options.dtype);
}

/**
 * A geometric progression from start to stop, both exact.
 * @throws ArgumentError for a bound of 0 or bounds of different signs.
 */
export function geomspace(start: number, stop: number, num = 50, options: SpaceOptions = {}): NDArray {
  geometricOptions.check(options, 'geomspace');
  if (typeof start !== 'number' || typeof stop !== 'number') {
    throw new ArgumentError(
      `geomspace from ${describe(start)} to ${describe(stop)}`,
      'pass two numbers; for other bounds use logspace',
      { start: describe(start), stop: describe(stop) },
    );
  }
  if (start === 0 || stop === 0 || Math.sign(start) !== Math.sign(stop)) {
    throw new ArgumentError(`geomspace from ${start} to ${stop}`, 'use bounds of one sign, neither 0', { start, stop });
  }
  const sign = Math.sign(start);
  const bounds = log10(array([start * sign, stop * sign])).tolist() as number[]; // two numbers in, two out
  const { values } = samples(bounds[0], bounds[1], num, { endpoint: options.endpoint ?? true }, 'geomspace');
  const out = power(array(10), values);
  if (num > 0) assign(out.get(0), start * sign, 'geomspace');
  if (num > 1 && (options.endpoint ?? true)) assign(out.get(-1), stop * sign, 'geomspace');
  return inDType(sign < 0 ? negative(out) : out, options.dtype);
}

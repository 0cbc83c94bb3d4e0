// Random cases of reductions, casts, creation, printing and promotion.

import { array2string } from '../../src/array/format/array2string.ts';
import { array_repr, array_str } from '../../src/array/format/repr.ts';
import type { NDArray } from '../../src/array/ndarray.ts';
import { inCategory } from '../../src/dtype/category.ts';
import { type DType, dtypeList, dtypes } from '../../src/dtype/dtype.ts';
import { integerLimits } from '../../src/dtype/limits.ts';
import { canCast, promote } from '../../src/dtype/promotion.ts';
import { scalarAt } from '../sweep/_oracle.ts';
import { below, type Elements, elementsOf, pick, type Random } from '../sweep/_values.ts';
import {
  type Argument,
  type Case,
  callCase,
  float,
  has,
  Inputs,
  mixed,
  partOf,
  plain,
  randomShape,
  type Tolerance,
  value,
} from './_case.ts';
import type { NumpyOracle } from './_oracle.ts';

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const exact: Tolerance = {};

interface Reducing {
  readonly low: number;
  readonly high: number;
  /** 1 where terms are added: an error bound relative to their sizes. */
  readonly adds?: true;
  readonly options: readonly string[];
  readonly runs?: true;
}
const common = ['keepdims', 'where', 'out'];
const reducing: Readonly<Record<string, Reducing>> = {
  sum: { low: -10, high: 10, adds: true, options: [...common, 'dtype', 'initial'] },
  prod: { low: -1.1, high: 1.1, adds: true, options: [...common, 'dtype', 'initial'] },
  min: { low: -100, high: 100, options: ['keepdims', 'out', 'initial'] },
  max: { low: -100, high: 100, options: ['keepdims', 'out', 'initial'] },
  any: { low: -1, high: 1, options: common },
  all: { low: -1, high: 1, options: common },
  count_nonzero: { low: -1, high: 1, options: ['keepdims'] },
  mean: { low: -10, high: 10, adds: true, options: [...common, 'dtype'] },
  var: { low: -10, high: 10, adds: true, options: ['keepdims', 'where', 'ddof'] },
  std: { low: -10, high: 10, adds: true, options: ['keepdims', 'where', 'ddof'] },
  argmin: { low: -9, high: 9, options: ['keepdims'] },
  argmax: { low: -9, high: 9, options: ['keepdims'] },
  nanargmin: { low: -9, high: 9, options: ['keepdims'] },
  nanargmax: { low: -9, high: 9, options: ['keepdims'] },
  ptp: { low: -50, high: 50, options: ['keepdims'] },
  median: { low: -50, high: 50, adds: true, options: ['keepdims'] },
  average: { low: -10, high: 10, adds: true, options: ['keepdims'] },
  nansum: { low: -10, high: 10, adds: true, options: ['keepdims'] },
  nanprod: { low: -1.1, high: 1.1, adds: true, options: ['keepdims'] },
  nanmin: { low: -10, high: 10, options: ['keepdims'] },
  nanmax: { low: -10, high: 10, options: ['keepdims'] },
  nanmean: { low: -10, high: 10, adds: true, options: ['keepdims'] },
  nanvar: { low: -10, high: 10, adds: true, options: ['keepdims'] },
  nanstd: { low: -10, high: 10, adds: true, options: ['keepdims'] },
  cumsum: { low: -10, high: 10, adds: true, options: ['dtype'], runs: true },
  cumprod: { low: -1.1, high: 1.1, adds: true, options: ['dtype'], runs: true },
  nancumsum: { low: -10, high: 10, adds: true, options: [], runs: true },
  nancumprod: { low: -1.1, high: 1.1, adds: true, options: [], runs: true },
};

export function* reductionCases(random: Random, numpy: NumpyOracle): Generator<Case> {
  const names = Object.keys(reducing).filter((n) => has(n) && numpy.names.has(n));
  for (;;) {
    const name = pick(random, names);
    const { low, high, adds, options, runs } = reducing[name];
    const d = pick(random, dtypeList);
    const shape = randomShape(random, 4, 400);
    const inputs = new Inputs(random);
    const special = random() < 0.15 && d.kind === 'f';
    const make = (n: number): Elements => {
      const e = plain(d, n, random, low, high);
      if (special && n > 0) e.raw[below(random, n)] = (d.half ? 0x7e00 : Number.NaN) as never; // float arrays
      return e;
    };
    const a = inputs.view(shape, make);
    const keywords: Record<string, Argument> = {};
    let axis: number | number[] | null = null;
    if (shape.length > 0 && random() < 0.8) {
      axis = below(random, shape.length) - (random() < 0.3 ? shape.length : 0);
      if (!runs && !name.includes('arg') && shape.length > 1 && random() < 0.3) axis = [0, shape.length - 1];
    }
    if (axis !== null) keywords.axis = Array.isArray(axis) ? { py: `(${axis})`, js: () => axis } : value(axis);
    const option = random() < 0.5 ? pick(random, [...options, 'keepdims']) : '';
    // 64-bit results of whole arrays may not fit a JS number: asked for as arrays.
    if (!runs && (option === 'keepdims' || (axis === null && d.kind !== 'f'))) keywords.keepdims = value(true);
    if (option === 'dtype')
      keywords.dtype = value(
        pick(
          random,
          dtypeList.filter((t) => canCast(d, t, 'same_kind')),
        ).name,
      );
    if (option === 'where') keywords.where = inputs.view(partOf(shape, random), (n) => mixed(dtypes.bool, n, random));
    if (option === 'initial') keywords.initial = d.kind === 'f' ? float(2.5) : value(d.kind === 'b' ? true : 3);
    if (option === 'ddof') keywords.ddof = value(1);
    const count = Math.max(1, size(shape));
    const bound = name.includes('var') ? high * high : high;
    const tolerance: Tolerance = name.includes('arg')
      ? { anyDType: true }
      : adds
        ? { absolute: count * Math.max(1, bound) * 2, ulp: () => 8 }
        : { zeros: true };
    yield callCase('reductions', name, [a], keywords, inputs.x, tolerance, { shape, axis, d, keywords });
  }
}

/** Values of `d` that every integer dtype casts as NumPy does: floats within the target's range. */
function castable(from: DType, to: DType, n: number, random: Random): Elements {
  const e = mixed(from, n, random);
  if (!inCategory(from, 'inexact') || !inCategory(to, 'ints')) return e;
  const { low, high } = integerLimits(to);
  const inside = Math.min(from.half ? 2 ** 15 : 2 ** 20, high / 2);
  return plain(from, n, random, Math.max(low / 2, -inside), inside);
}

export function* castCases(random: Random): Generator<Case> {
  for (;;) {
    const from = pick(random, dtypeList);
    const to = pick(random, dtypeList);
    const inputs = new Inputs(random);
    const a = inputs.view(randomShape(random), (n) => castable(from, to, n, random));
    yield {
      group: 'casts',
      py: `${a.py}.astype('${to.name}')`,
      x: inputs.x,
      ours: (x) => (a.js(x) as NDArray).astype(to), // views of arrays are arrays
      tolerance: exact,
      facts: { name: 'astype', from, to },
    };
  }
}

export function* promotionCases(): Generator<Case> {
  for (const a of dtypeList) {
    for (const b of dtypeList) {
      yield {
        group: 'promotion',
        py: `np.promote_types('${a.name}', '${b.name}').name`,
        x: [],
        ours: () => promote(a, b).name,
        tolerance: exact,
        facts: { name: 'promote', ds: [a, b] },
      };
    }
  }
}

export function* printingCases(random: Random): Generator<Case> {
  for (;;) {
    const d = pick(random, dtypeList);
    const shape = random() < 0.1 ? [pick(random, [1001, 1200, 40]), pick(random, [1, 3])] : randomShape(random, 4, 80);
    const wild = random() < 0.4;
    const inputs = new Inputs(random);
    const a = inputs.view(shape, (n) => (wild ? mixed(d, n, random) : rounded(plain(d, n, random, -100, 100), random)));
    const [py, f] = pick(random, [
      ['repr', array_repr],
      ['str', array_str],
      ['np.array2string', array2string],
    ] as const);
    yield {
      group: 'printing',
      py: `${py}(${a.py})`,
      x: inputs.x,
      ours: (x) => f(a.js(x) as NDArray), // an array
      tolerance: exact,
      facts: { name: py, d },
    };
  }
}

function rounded(e: Elements, random: Random): Elements {
  if (e.d.kind !== 'f') return e;
  const unit = 10 ** below(random, 5);
  return elementsOf(
    e.d,
    Array.from({ length: e.n }, (_, i) => Math.round(Number(scalarAt(e, i)) * unit) / unit),
  );
}

const number = (random: Random): Argument => float(pick(random, [-3, -1, -0.5, 0, 0.1, 1, 2, 2.5, 7, 10]));
const whole = (random: Random, n = 8): Argument => value(below(random, n));
const shapeArgument = (random: Random): Argument => value(randomShape(random, 3));
const dtypeOption = (random: Random): Record<string, Argument> =>
  random() < 0.5 ? {} : { dtype: value(pick(random, dtypeList).name) };

/** Functions that make arrays from numbers, by what they take. */
const makers: Readonly<Record<string, (r: Random) => [Argument[], Record<string, Argument>]>> = {
  zeros: (r) => [[shapeArgument(r)], { dtype: value(pick(r, dtypeList).name) }],
  ones: (r) => [[shapeArgument(r)], { dtype: value(pick(r, dtypeList).name) }],
  full: (r) => [[shapeArgument(r), number(r)], { dtype: value(pick(r, ['float16', 'float32', 'complex128'])) }],
  eye: (r) => [[whole(r)], { ...dtypeOption(r) }],
  identity: (r) => [[whole(r)], {}],
  tri: (r) => [[whole(r), whole(r)], {}],
  arange: (r) => [[number(r), number(r), float(pick(r, [0.5, 1, 0.1, -0.25, 3]))], {}],
  linspace: (r) => [[number(r), number(r), whole(r, 30)], { endpoint: value(r() < 0.6) }],
  logspace: (r) => [[number(r), number(r), whole(r, 12)], {}],
  geomspace: (r) => [[float(1 + 5 * r()), float(20 * r() + 1), whole(r, 12)], {}],
};

export function* creationCases(random: Random, numpy: NumpyOracle): Generator<Case> {
  const names = Object.keys(makers).filter((n) => has(n) && numpy.names.has(n));
  for (;;) {
    const name = pick(random, names);
    const [args, keywords] = makers[name](random);
    const tolerance: Tolerance = name.endsWith('space') ? { ulp: () => 16, absolute: 32 } : exact;
    yield callCase('creation', name, args, keywords, [], tolerance, {});
  }
}

// Random cases of everything that is not elementwise: reductions, casts, creation, views, indexing, printing, promotion.

import { array2string } from '../../src/array/format/array2string.ts';
import { array_repr, array_str } from '../../src/array/format/repr.ts';
import type { NDArray } from '../../src/array/ndarray.ts';
import { inCategory } from '../../src/dtype/category.ts';
import { type DType, dtypeList, dtypes } from '../../src/dtype/dtype.ts';
import { integerLimits } from '../../src/dtype/limits.ts';
import { canCast, promote } from '../../src/dtype/promotion.ts';
import * as np from '../../src/index.ts';
import { scalarAt } from '../sweep/_oracle.ts';
import { below, type Elements, elementsOf, pick, type Random } from '../sweep/_values.ts';
import {
  type Argument,
  arrayOf,
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
      if (!runs && !name.startsWith('arg') && shape.length > 1 && random() < 0.3) axis = [0, shape.length - 1];
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
    const tolerance: Tolerance = name.startsWith('arg')
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

type Step = { py: string; js: (a: NDArray) => NDArray; name: string };

function slicing(n: number, random: Random): string {
  const end = (): string => (random() < 0.4 ? '' : String(below(random, 2 * n + 3) - n - 1));
  const step = random() < 0.5 ? '' : `:${pick(random, [-3, -2, -1, 1, 2, 3])}`;
  return `${end()}:${end()}${step}`;
}

/** One basic index for a shape, in both notations. */
function basicIndex(shape: readonly number[], random: Random): { py: string; items: (string | number | null)[] } {
  const items: (string | number | null)[] = [];
  const upTo = below(random, shape.length + 1);
  for (let d = 0; d < upTo; d++) {
    if (random() < 0.15) items.push(null);
    if (random() < 0.3 && shape[d] > 0) items.push(below(random, 2 * shape[d]) - shape[d]);
    else items.push(slicing(shape[d], random));
  }
  if (random() < 0.25) items.push('...');
  if (items.length === 0) items.push('...');
  return {
    items,
    py: `[${items.map((i) => (i === null ? 'None' : String(i))).join(', ')}${items.length === 1 ? ',' : ''}]`,
  };
}

function factors(n: number, random: Random): number[] {
  const out: number[] = [];
  let rest = n;
  while (rest > 1 && out.length < 4) {
    const divisors = Array.from({ length: rest }, (_, i) => i + 1).filter((k) => rest % k === 0);
    const k = pick(random, divisors);
    out.push(k);
    rest /= k;
  }
  if (rest > 1) out.push(rest);
  return out.length === 0 ? [1] : out;
}

function viewStep(a: NDArray, random: Random): Step {
  const n = a.ndim;
  const axis = n === 0 ? 0 : below(random, n) - (random() < 0.3 ? n : 0);
  const other = n === 0 ? 0 : below(random, n);
  const call = (name: string, args: readonly unknown[]): Step => ({
    name,
    py: `.pipe(np.${name}${args.map((v) => `, ${pythonArgument(v)}`).join('')})`,
    js: (x) => (np as unknown as Record<string, (...xs: unknown[]) => NDArray>)[name](x, ...args), // looked up by name
  });
  const slice = (): Step => {
    const { py, items } = basicIndex(a.shape, random);
    return { name: 'get', py: `.pipe(lambda a: a${py})`, js: (x) => x.get(...items) };
  };
  const order = pick(random, ['C', 'F'] as const);
  const makers: (() => Step)[] = [
    slice,
    slice,
    () => {
      const to = a.size === 0 ? [...a.shape].reverse() : factors(a.size, random);
      if (a.size > 0 && random() < 0.4) to[below(random, to.length)] = -1;
      return {
        name: 'reshape',
        py: `.pipe(np.reshape, (${to},), order='${order}')`,
        js: (x) => np.reshape(x, to, { order }),
      };
    },
    () => ({ name: 'ravel', py: `.pipe(np.ravel, order='${order}')`, js: (x) => np.ravel(x, { order }) }),
    () => call('transpose', []),
    () => call('expand_dims', [below(random, n + 1)]),
    () => call('squeeze', []),
    () => call('flip', random() < 0.3 || n === 0 ? [] : [axis]),
  ];
  if (n > 0)
    makers.push(
      () => call('swapaxes', [axis, other]),
      () => call('moveaxis', [axis, other]),
    );
  if (n > 1)
    makers.push(
      () => call('diagonal', [below(random, 5) - 2]),
      () => call('matrix_transpose', []),
    );
  makers.push(() => call('broadcast_to', [[2, ...a.shape]]));
  return pick(random, makers)();
}

const pythonArgument = (v: unknown): string => (Array.isArray(v) ? `(${v.map(String).join(', ')},)` : String(v));

export function* viewCases(random: Random): Generator<Case> {
  for (;;) {
    const d = pick(random, dtypeList);
    const shape = randomShape(random);
    const e = mixed(d, size(shape), random);
    const x = [{ e, shape }];
    let a = arrayOf(x[0]) as NDArray; // the registered class
    const steps: Step[] = [];
    for (let i = 1 + below(random, 5); i > 0; i--) {
      const step = viewStep(a, random);
      steps.push(step);
      try {
        a = step.js(a);
      } catch {
        break; // it will be thrown again, and compared
      }
      if (a.size > 500) break;
    }
    yield {
      group: 'views',
      py: steps.reduce((inner, s) => pipe(inner, s.py), 'x[0]'),
      x,
      ours: ([first]) => steps.reduce((v, s) => s.js(v), first),
      tolerance: exact,
      facts: { name: steps.map((s) => s.name).join('.') },
    };
  }
}

// '.pipe(f, args)' after an expression is 'f(expression, args)'.
function pipe(inner: string, step: string): string {
  const body = step.slice('.pipe('.length, -1);
  if (body.startsWith('lambda a: a')) return `${inner}${body.slice('lambda a: a'.length)}`;
  const comma = body.indexOf(',');
  return comma < 0 ? `${body}(${inner})` : `${body.slice(0, comma)}(${inner}${body.slice(comma)})`;
}

/** Do get and set take arrays? Until they do, only basic indices are tried. */
function takesArrays(): boolean {
  try {
    np.array([1, 2]).get(np.array([0n, 1n]) as never); // the type may not allow it yet
    return true;
  } catch {
    return false;
  }
}

/** Indexing by slices, integers, integer arrays and masks, mixed. */
export function* indexCases(random: Random): Generator<Case> {
  const arraysToo = takesArrays();
  if (!arraysToo) console.log('left out: indexing with arrays, which get does not take yet');
  for (;;) {
    const d = pick(random, dtypeList);
    const shape = randomShape(random, 3).map((n) => Math.max(1, n));
    const inputs = new Inputs(random);
    const a = inputs.view(shape, (n) => mixed(d, n, random));
    const parts: Argument[] = [];
    let left = shape.slice();
    const advanced = random() < 0.6 && arraysToo;
    const count = 2 + below(random, 3);
    while (left.length > 0) {
      const n = left[0];
      const kind = random();
      if (advanced && kind < 0.35) {
        const positions = Array.from({ length: random() < 0.8 ? count : 1 }, () => BigInt(below(random, 2 * n) - n));
        parts.push(inputs.add(elementsOf(dtypes.int64, positions), [positions.length]));
      } else if (advanced && kind < 0.45) {
        const dims = random() < 0.3 && left.length > 1 ? 2 : 1;
        const s = left.slice(0, dims);
        parts.push(inputs.add(mixed(dtypes.bool, size(s), random), s));
        left = left.slice(dims - 1);
      } else if (kind < 0.6) parts.push(value(below(random, 2 * n) - n));
      else parts.push(sliceArgument(slicing(n, random)));
      left = left.slice(1);
      if (random() < 0.15) break;
      if (random() < 0.1) parts.push(value(null));
    }
    const index = parts.length === 0 ? '...' : parts.map((p) => p.py).join(', ');
    const items = (x: readonly NDArray[]): never[] =>
      (parts.length === 0 ? ['...'] : parts.map((p) => p.js(x))) as never[]; // index items of several kinds
    const facts = { name: 'index', advanced };
    if (random() < 0.6) {
      yield {
        group: 'indexing',
        py: `${a.py}[${index}${parts.length === 1 ? ',' : ''}]`,
        x: inputs.x,
        ours: (x) => (a.js(x) as NDArray).get(...items(x)), // an array
        tolerance: exact,
        facts: { ...facts, name: 'get' },
      };
    } else {
      const scalar = scalarOfKind(d, random);
      yield {
        group: 'indexing',
        py: `setitem(${a.py}, (${index},), ${scalar.py})`,
        x: inputs.x,
        ours: (x) => {
          const target = a.js(x) as NDArray; // an array
          target.set(items(x), scalar.js(x));
          return target;
        },
        tolerance: exact,
        facts: { ...facts, name: 'set' },
      };
    }
  }
}

const sliceArgument = (text: string): Argument => ({
  py: `slice(${text
    .split(':')
    .map((s) => (s === '' ? 'None' : s))
    .join(', ')})`,
  js: () => text,
});

function scalarOfKind(d: DType, random: Random): Argument {
  if (d.kind === 'b') return value(random() < 0.5);
  return d.kind === 'f' || d.kind === 'c' ? float(below(random, 100) / 8) : value(below(random, 100));
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

// Random cases of closeness, averages, histograms, counting and covariance.

import { type DType, dtypeList, dtypes } from '../../src/dtype/dtype.ts';
import { quantiles } from '../../src/ops/reduce/quantiles.ts';
import { below, type Elements, pick, type Random } from '../sweep/_values.ts';
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
  python,
  randomShape,
  type Tolerance,
  value,
} from './_case.ts';
import type { NumpyOracle } from './_oracle.ts';

type Keywords = Record<string, Argument>;
interface Made {
  readonly args: Argument[];
  readonly keywords?: Keywords;
  readonly tolerance?: Tolerance;
  readonly facts?: Readonly<Record<string, unknown>>;
}
type Maker = (random: Random, inputs: Inputs) => Made;

const maybe = (random: Random, name: string, make: () => Argument, chance = 0.4): Keywords =>
  random() < chance ? { [name]: make() } : {};
const close: Tolerance = { absolute: 2000, ulp: () => 16 };
const flag = (random: Random): Argument => value(random() < 0.5);
const numeric = dtypeList.filter((d) => d.kind !== 'b');
const realOnes = numeric.filter((d) => d.kind !== 'c');
const exactOnes = dtypeList.filter((d) => (d.kind === 'i' || d.kind === 'u') && d !== dtypes.uint64);
const few = (d: DType, n: number, random: Random): Elements => plain(d, n, random, -6, 6);

const twoAlike: Maker = (random, inputs) => {
  const shape = randomShape(random, 3, 60);
  const [d, e] = [pick(random, dtypeList), pick(random, dtypeList)];
  const make = (t: DType) => (n: number) => (random() < 0.5 ? mixed(t, n, random) : few(t, n, random));
  const a = inputs.view(shape, make(d));
  const b = random() < 0.2 ? a : inputs.view(random() < 0.8 ? shape : partOf(shape, random), make(e));
  return { args: [a, b], facts: { ds: [d, e] } };
};
const nearness: Maker = (random, inputs) => {
  const made = twoAlike(random, inputs);
  const keywords = {
    ...maybe(random, 'rtol', () => float(pick(random, [0, 1e-3, 0.5, 2]))),
    ...maybe(random, 'atol', () => float(pick(random, [0, 1e-3, 0.5, 3]))),
    ...maybe(random, 'equal_nan', () => flag(random)),
  };
  return { ...made, keywords };
};

const samples = (
  random: Random,
  inputs: Inputs,
  ds: readonly DType[] = realOnes,
): { a: Argument; shape: number[]; d: DType } => {
  const d = pick(random, ds);
  const shape = random() < 0.8 ? [1 + below(random, 80)] : randomShape(random, 3, 80);
  return { a: inputs.view(shape, (n) => plain(d, n, random, -20, 20)), shape, d };
};
const edges = (random: Random, least = 1): Argument => {
  const list = Array.from({ length: least + below(random, 8) }, () => below(random, 30) - 15).sort((a, b) => a - b);
  return { py: `[${list.map((v) => `${v}.`)}]`, js: () => list };
};
const binning = (random: Random): Keywords => ({
  bins: random() < 0.5 ? value(1 + below(random, 12)) : edges(random),
  ...maybe(random, 'range', () => {
    const low = below(random, 10) - 12;
    return { py: `(${low}., ${low + 7.5})`, js: () => [low, low + 7.5] };
  }),
});
const rules = ['auto', 'fd', 'doane', 'scott', 'stone', 'rice', 'sturges', 'sqrt'];

const methods = Object.keys(quantiles);
const places = (random: Random, percent: boolean, nested: boolean): Argument => {
  const unit = percent ? 100 : 1;
  const one = (): number => pick(random, [0, 0.1, 0.25, 0.5, 0.625, 0.75, 0.9, 1]) * unit;
  const list =
    nested && random() < 0.2
      ? [
          [one(), one()],
          [one(), one()],
        ]
      : [one(), one(), one()];
  return random() < 0.5 ? float(one()) : { py: `np.array(${python(list)}, dtype=float)`, js: () => list };
};
// Elements among which infinities and NaN may be.
const rough = (d: DType, n: number, random: Random, nan: boolean): Elements => {
  const e = plain(d, n, random, -50, 50);
  if (d.kind === 'f' && n > 0 && nan)
    for (let k = 0; k < 1 + n / 4; k++) e.raw[below(random, n)] = (d.half ? 0x7e00 : Number.NaN) as never; // float arrays
  return e;
};
const orderStatistic =
  (name: string): Maker =>
  (random, inputs) => {
    const isMedian = name.endsWith('median');
    const d = pick(random, isMedian ? dtypeList : realOnes);
    const shape = randomShape(random, 3, 200).map((n) => Math.max(1, n));
    const nan = random() < (name.startsWith('nan') ? 0.7 : 0.2);
    const a = inputs.view(shape, (n) => rough(d, n, random, nan));
    const axes = [...shape.keys()].filter(() => random() < 0.5);
    const weighted = !isMedian && random() < 0.2;
    const keywords = {
      ...(random() < 0.7 && axes.length > 0 && { axis: { py: `(${axes},)`, js: () => axes } }),
      ...(isMedian ? {} : { method: value(weighted ? 'inverted_cdf' : pick(random, methods)) }),
      ...(weighted && { weights: inputs.view(shape, (n) => plain(dtypes.float64, n, random, 0.25, 9)) }),
      ...maybe(random, 'overwrite_input', () => value(true), 0.2),
      keepdims: value(true),
    };
    const q = isMedian ? [] : [places(random, name.endsWith('percentile'), !name.startsWith('nan'))];
    return { args: [a, ...q], keywords, tolerance: { ulp: () => 8, absolute: 400, zeros: true }, facts: { ds: [d] } };
  };
const orderStatistics = ['median', 'nanmedian', 'quantile', 'percentile', 'nanquantile', 'nanpercentile'];

const makers: Readonly<Record<string, Maker>> = {
  isclose: nearness,
  allclose: nearness,
  array_equal: (random, inputs) => ({
    ...twoAlike(random, inputs),
    keywords: maybe(random, 'equal_nan', () => flag(random)),
  }),
  array_equiv: twoAlike,
  average: (random, inputs) => {
    const { a, shape, d } = samples(random, inputs, dtypeList);
    const axis = shape.length > 0 && random() < 0.6 ? below(random, shape.length) : undefined;
    const wd = pick(random, dtypeList);
    const alone = axis !== undefined && random() < 0.5;
    const keywords = {
      ...(axis !== undefined && { axis: value(axis) }),
      ...maybe(
        random,
        'weights',
        () => inputs.view(alone ? [shape[axis]] : shape, (n) => plain(wd, n, random, 1, 9)),
        alone ? 1 : 0.7,
      ),
      ...maybe(random, 'returned', () => value(true)),
      keepdims: value(true),
    };
    return { args: [a], keywords, tolerance: close, facts: { ds: [d, wd] } };
  },
  histogram: (random, inputs) => {
    const { a, shape, d } = samples(
      random,
      inputs,
      realOnes.filter((t) => t.kind !== 'f' || t === dtypes.float64),
    );
    const wd = pick(
      random,
      dtypeList.filter((t) => t.kind !== 'b' && t.lane !== 'f32' && !t.half),
    );
    const keywords = {
      ...binning(random),
      ...maybe(random, 'weights', () => inputs.view(shape, (n) => plain(wd, n, random, 0, 9))),
      ...maybe(random, 'density', () => flag(random)),
    };
    return { args: [a], keywords, tolerance: close, facts: { ds: [d] } };
  },
  histogram_bin_edges: (random, inputs) => {
    // Narrow floats round every step of a rule in NumPy, and every edge but once here.
    const { a } = samples(
      random,
      inputs,
      realOnes.filter((d) => d.kind !== 'f' || d === dtypes.float64),
    );
    const keywords = random() < 0.7 ? { bins: value(pick(random, rules)) } : binning(random);
    return { args: [a], keywords, tolerance: close };
  },
  histogram2d: (random, inputs) => {
    const n = below(random, 60) + 1;
    const [x, y] = [0, 1].map(() => inputs.view([n], (k) => plain(dtypes.float64, k, random, -9, 9)));
    const keywords = {
      bins: random() < 0.5 ? value(1 + below(random, 6)) : random() < 0.5 ? value([3, 5]) : edges(random, 3),
      ...maybe(random, 'weights', () => inputs.view([n], (k) => plain(dtypes.float64, k, random, 0, 9))),
      ...maybe(random, 'density', () => flag(random)),
    };
    return { args: [x, y], keywords, tolerance: close };
  },
  histogramdd: (random, inputs) => {
    const [n, k] = [below(random, 60) + 1, below(random, 4) + 1];
    const a = inputs.view([n, k], (m) => plain(dtypes.float64, m, random, -9, 9));
    const keywords = { bins: value(1 + below(random, 5)), ...maybe(random, 'density', () => flag(random)) };
    return { args: [a], keywords, tolerance: close };
  },
  bincount: (random, inputs) => {
    const d = pick(random, exactOnes);
    const shape = [below(random, 60)];
    const a = inputs.view(shape, (n) => plain(d, n, random, random() < 0.1 ? -2 : 0, 30));
    const wd = pick(random, realOnes);
    const keywords = {
      ...maybe(random, 'weights', () => inputs.view(shape, (n) => plain(wd, n, random, -9, 9))),
      ...maybe(random, 'minlength', () => value(below(random, 50))),
    };
    return { args: [a], keywords, facts: { ds: [d] } };
  },
  ...Object.fromEntries(orderStatistics.map((name) => [name, orderStatistic(name)])),
  cov: (random, inputs) => covariance(random, inputs, true),
  corrcoef: (random, inputs) => covariance(random, inputs, false),
};

function covariance(random: Random, inputs: Inputs, weighted: boolean): Made {
  const d = pick(
    random,
    numeric.filter((t) => !t.half),
  );
  const shape = random() < 0.3 ? [below(random, 9) + 2] : [below(random, 5) + 1, below(random, 9) + 2];
  const a = inputs.view(shape, (n) => few(d, n, random));
  const byColumns = random() < 0.3;
  const n = byColumns && shape.length === 2 ? shape[0] : shape[shape.length - 1];
  const keywords = {
    ...(byColumns && { rowvar: value(false) }),
    ...maybe(random, 'y', () => inputs.view(shape, (k) => few(d, k, random)), 0.3),
    ...(weighted && {
      ...maybe(random, 'bias', () => flag(random)),
      ...maybe(random, 'ddof', () => value(below(random, 3))),
      ...maybe(random, 'fweights', () => inputs.view([n], (k) => plain(dtypes.int64, k, random, 1, 5)), 0.3),
      ...maybe(random, 'aweights', () => inputs.view([n], (k) => plain(dtypes.float64, k, random, 1, 5)), 0.3),
    }),
  };
  return { args: [a], keywords, tolerance: { absolute: 1e5, ulp: () => 64 }, facts: { ds: [d] } };
}

export function* statisticsCases(random: Random, numpy: NumpyOracle): Generator<Case> {
  const names = Object.keys(makers).filter((n) => has(n) && numpy.names.has(n));
  for (;;) {
    const name = pick(random, names);
    const inputs = new Inputs(random);
    const { args, keywords = {}, tolerance = {}, facts } = makers[name](random, inputs);
    yield callCase('statistics', name, args, keywords, inputs.x, tolerance, facts);
  }
}

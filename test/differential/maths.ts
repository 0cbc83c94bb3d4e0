// Random calls of differences, derivatives, integrals, interpolation, convolution, windows and packed bits.

import { category } from '../../src/dtype/category.ts';
import { type DType, dtypeList, dtypes } from '../../src/dtype/dtype.ts';
import { below, elementsOf, pick, type Random } from '../sweep/_values.ts';
import {
  type Argument,
  type Case,
  callCase,
  float,
  has,
  Inputs,
  mixed,
  plain,
  randomShape,
  type Tolerance,
  value,
} from './_case.ts';

interface Draw {
  readonly random: Random;
  readonly d: DType;
  readonly shape: number[];
  readonly inputs: Inputs;
}
interface Call {
  readonly args: readonly Argument[];
  readonly keywords?: Readonly<Record<string, Argument>>;
  readonly tolerance?: Tolerance;
}

const exact: Tolerance = {};
/** Sums of a few terms below a hundred. */
const rounded: Tolerance = { ulp: () => 8, absolute: 4096, zeros: true };

const array = ({ inputs, random, d }: Draw, shape: readonly number[]): Argument =>
  inputs.view(shape, (n) => mixed(d, n, random));
const calm = ({ inputs, random }: Draw, d: DType, shape: readonly number[], high = 9): Argument =>
  inputs.view(shape, (n) => plain(d, n, random, -high, high));
const axisOf = ({ random, shape }: Draw): number =>
  shape.length === 0 ? 0 : below(random, 2 * shape.length) - shape.length;
const realOrComplex = ({ random }: Draw): DType => pick(random, [...category('floats'), ...category('complexes')]);
const withAxis = ({ random, shape }: Draw): number[] => (shape.length > 0 && random() < 0.9 ? shape : [...shape, 3]);

/** Increasing coordinates. */
function coordinates({ inputs, random }: Draw, n: number, even = false): Argument {
  let at = below(random, 5) - 2;
  const list = Array.from({ length: n }, () => {
    at += even ? 1 : pick(random, [0.25, 0.5, 1, 2, 3]);
    return at;
  });
  return inputs.add(elementsOf(dtypes.float64, list), [n]);
}

function slope(draw: Draw): Call {
  const { random } = draw;
  const shape = withAxis(draw).map((n) => n + below(random, 3));
  const d = random() < 0.3 ? pick(random, category('ints')) : realOrComplex(draw);
  const keywords: Record<string, Argument> = {};
  const one = random() < 0.6 || shape.length === 1;
  const axis = axisOf({ ...draw, shape });
  if (one && (shape.length > 1 || random() < 0.3)) keywords.axis = value(axis);
  if (random() < 0.4) keywords.edge_order = value(1 + below(random, 2));
  const kind = random();
  const steps: Argument[] = [];
  if (kind < 0.35) steps.push(float(pick(random, [0.5, 2, 0.1])));
  else if (kind < 0.7 && one)
    steps.push(coordinates(draw, shape.at(keywords.axis === undefined ? 0 : axis) ?? 1, random() < 0.2));
  return { args: [calm(draw, d, shape), ...steps], keywords, tolerance: { ulp: () => 16, absolute: 256, zeros: true } };
}

function area(draw: Draw): Call {
  const { random } = draw;
  const shape = withAxis(draw);
  const axis = axisOf({ ...draw, shape });
  const n = shape.at(axis) ?? 1;
  const keywords: Record<string, Argument> = { axis: value(axis) };
  const d = pick(random, [dtypes.float64, dtypes.float32, dtypes.complex128, dtypes.int16, dtypes.int64, dtypes.bool]);
  // With coordinates of float64 everything is computed in float64, in NumPy only what comes after the first sum.
  if (random() < 0.4 && d !== dtypes.float32) keywords.x = coordinates(draw, n);
  else if (random() < 0.5) keywords.dx = float(0.25);
  return { args: [calm(draw, d, shape)], keywords, tolerance: { ...rounded, anyDType: true } };
}

function interpolated(draw: Draw): Call {
  const { random, inputs } = draw;
  const n = 1 + below(random, 9);
  const keywords: Record<string, Argument> = {};
  if (random() < 0.3) keywords.left = float(-100);
  if (random() < 0.3) keywords.right = float(100);
  if (random() < 0.2) keywords.period = float(pick(random, [97, -360]));
  const complex = random() < 0.2;
  const values = inputs.view([n], (k) => plain(complex ? dtypes.complex128 : dtypes.float64, k, random, -9, 9));
  const x =
    random() < 0.2
      ? array({ ...draw, d: dtypes.float64 }, draw.shape)
      : calm(draw, pick(random, [dtypes.float64, dtypes.float32, dtypes.int8]), draw.shape, 12);
  return { args: [x, coordinates(draw, n), values], keywords, tolerance: { ulp: () => 8, absolute: 64, zeros: true } };
}

function sequences(draw: Draw): Call {
  const { random } = draw;
  const [a, b] = [pick(random, dtypeList), pick(random, dtypeList)];
  const length = (): number => 1 + below(random, pick(random, [4, 20, 70]));
  return {
    args: [
      calm(draw, random() < 0.5 ? a : b, [length()]),
      calm(draw, b, [length()]),
      value(pick(random, ['full', 'same', 'valid'])),
    ],
    tolerance: { ulp: () => 64, absolute: 65536, zeros: true },
  };
}

function crossed(draw: Draw): Call {
  const { random } = draw;
  const outer = randomShape(random, 2, 20);
  const d = pick(random, dtypeList);
  const vectors = (): Argument =>
    calm(draw, random() < 0.8 ? d : pick(random, dtypeList), [...outer, random() < 0.9 ? 3 : 2]);
  return { args: [vectors(), vectors()], tolerance: rounded };
}

const order = ({ random }: Draw): Record<string, Argument> =>
  random() < 0.5 ? {} : { bitorder: value(pick(random, ['big', 'little'])) };

const windows = ({ random }: Draw): Call => ({
  args: [value(below(random, 40))],
  tolerance: { ulp: () => 8, absolute: 4 },
});

const lists = (draw: Draw): Call => {
  const { random } = draw;
  const [a, b] = [pick(random, dtypeList), pick(random, dtypeList)];
  const some = (d: DType): Argument => calm(draw, d, [1 + below(random, 7)]);
  return { args: [some(a), some(random() < 0.6 ? a : b)] };
};
const extended = (draw: Draw): Call => {
  const d = pick(draw.random, [dtypes.float64, dtypes.complex128, dtypes.int64, dtypes.int8]);
  return { args: [calm(draw, d, draw.shape, 2)], tolerance: { ulp: () => 8, absolute: 16, zeros: true } };
};

const calls: Readonly<Record<string, (draw: Draw) => Call>> = {
  diff: (draw) => {
    const { random } = draw;
    const shape = withAxis(draw);
    const keywords: Record<string, Argument> = random() < 0.7 ? { axis: value(axisOf({ ...draw, shape })) } : {};
    if (random() < 0.3) keywords.n = value(below(random, 4));
    return { args: [array(draw, shape)], keywords };
  },
  ediff1d: (draw) => {
    const keywords: Record<string, Argument> = {};
    if (draw.random() < 0.5) keywords.to_end = array(draw, [2]);
    return { args: [array(draw, draw.shape)], keywords };
  },
  gradient: slope,
  trapezoid: area,
  interp: interpolated,
  convolve: sequences,
  correlate: sequences,
  cross: crossed,
  unwrap: (draw) => {
    const { random } = draw;
    const shape = withAxis(draw);
    const keywords: Record<string, Argument> = { axis: value(axisOf({ ...draw, shape })) };
    if (random() < 0.4) keywords.period = float(pick(random, [1.5, 4]));
    const d = pick(random, [dtypes.float64, dtypes.float32]);
    return { args: [calm(draw, d, shape, 40)], keywords, tolerance: { ulp: () => 64, absolute: 4096 } };
  },
  packbits: (draw) => {
    const keywords = { ...order(draw), ...(draw.random() < 0.6 && { axis: value(axisOf(draw)) }) };
    return { args: [array(draw, draw.shape)], keywords };
  },
  unpackbits: (draw) => {
    const { random } = draw;
    const keywords: Record<string, Argument> = { ...order(draw) };
    if (random() < 0.6) keywords.axis = value(axisOf(draw));
    if (random() < 0.4) keywords.count = value(below(random, 60) - 20);
    return { args: [array({ ...draw, d: dtypes.uint8 }, draw.shape)], keywords };
  },
  bartlett: windows,
  blackman: windows,
  hamming: windows,
  hanning: windows,
  kaiser: (draw) => {
    const { args } = windows(draw);
    return { args: [...args, float(below(draw.random, 30))], tolerance: { ulp: () => 64, absolute: 1 } };
  },
  polyval: (draw) => {
    const { random } = draw;
    const d = pick(random, [dtypes.float64, dtypes.float32, dtypes.complex128, dtypes.int32, dtypes.int8]);
    const e = pick(random, [d, dtypes.float64]);
    return { args: [calm(draw, d, [1 + below(random, 11)], 3), calm(draw, e, draw.shape, 2)], tolerance: rounded };
  },
  polyadd: lists,
  polysub: lists,
  polymul: (draw) => ({ ...lists(draw), tolerance: rounded }),
  polyder: (draw) => {
    const { random } = draw;
    const d = pick(
      random,
      dtypeList.filter(({ name }) => name !== 'uint64'),
    ); // with powers that are int64: float64 in NumPy
    return { args: [calm(draw, d, [below(random, 9)]), value(below(random, 4))] };
  },
  polyint: (draw) => {
    const { random } = draw;
    const d = pick(random, [dtypes.float64, dtypes.complex128, dtypes.int64, dtypes.int8]);
    return { args: [calm(draw, d, [below(random, 9)]), value(below(random, 4))], tolerance: rounded };
  },
  'emath.sqrt': extended,
  'emath.log': extended,
  'emath.arccos': extended,
  'emath.arctanh': extended,
  real_if_close: (draw) => ({ args: [array(draw, draw.shape)] }),
};

export function* mathsCases(random: Random): Generator<Case> {
  const names = Object.keys(calls).filter(has);
  for (;;) {
    const name = pick(random, names);
    const draw: Draw = { random, d: pick(random, dtypeList), shape: randomShape(random), inputs: new Inputs(random) };
    const { args, keywords = {}, tolerance = exact } = calls[name](draw);
    yield callCase('maths', name, args, keywords, draw.inputs.x, tolerance);
  }
}

// Random calls of the functions that join, split, repeat, turn, pad and edit arrays, and of the index tools.

import { type DType, dtypeList, dtypes } from '../../src/dtype/dtype.ts';
import { below, elementsOf, pick, type Random } from '../sweep/_values.ts';
import {
  type Argument,
  type Case,
  callCase,
  has,
  Inputs,
  mixed,
  plain,
  randomShape,
  type Tolerance,
  value,
} from './_case.ts';

const exact: Tolerance = {};

/** What one case is drawn from. */
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

const array = ({ inputs, random, d }: Draw, shape: readonly number[]): Argument =>
  inputs.view(shape, (n) => mixed(d, n, random));
const list = (items: readonly Argument[]): Argument => ({
  py: `[${items.map((i) => i.py).join(', ')}]`,
  js: (x) => items.map((i) => i.js(x)),
});
const tuple = (values: readonly number[]): Argument => ({ py: `(${values.join(', ')},)`, js: () => values });
const axisOf = ({ random, shape }: Draw): number =>
  shape.length === 0 ? 0 : below(random, 2 * shape.length) - shape.length;
const other = (draw: Draw): Draw => (draw.random() < 0.7 ? draw : { ...draw, d: pick(draw.random, dtypeList) });

/** Arrays that agree in all dimensions but one. */
function beside(draw: Draw, axis: number): Argument {
  const { random, shape } = draw;
  const at = axis < 0 ? axis + shape.length : axis;
  const count = 1 + below(random, 4);
  return list(
    Array.from({ length: count }, () =>
      array(
        other(draw),
        shape.map((n, d) => (d === at ? below(random, 5) : n)),
      ),
    ),
  );
}
const alike = (draw: Draw): Argument =>
  list(Array.from({ length: 1 + below(draw.random, 4) }, () => array(other(draw), draw.shape)));

function joined(draw: Draw): Call {
  const axis = axisOf(draw);
  const { random, d } = draw;
  const keywords: Record<string, Argument> = {};
  if (random() < 0.8) keywords.axis = value(random() < 0.15 ? null : axis);
  if (random() < 0.2) keywords.dtype = value(pick(random, dtypeList).name);
  if (random() < 0.2) keywords.casting = value(pick(random, ['no', 'safe', 'same_kind']));
  const used = keywords.axis === undefined ? 0 : axis;
  return { args: [random() < 0.05 ? array({ ...draw, d }, draw.shape) : beside(draw, used)], keywords };
}

function cuts({ random, shape }: Draw, axis: number): Argument {
  const n = shape.at(axis) ?? 1;
  if (random() < 0.5) return value(1 + below(random, Math.max(1, n + 1)));
  return tuple(Array.from({ length: 1 + below(random, 4) }, () => below(random, n + 3) - 1));
}

function widths({ random, shape }: Draw): Argument {
  const width = (): number => below(random, 5);
  const kind = random();
  if (kind < 0.3) return value(width());
  if (kind < 0.4) return tuple([width(), width()]);
  return value(shape.map(() => [width(), width()]));
}

const modes = [
  'constant',
  'edge',
  'linear_ramp',
  'maximum',
  'mean',
  'median',
  'minimum',
  'reflect',
  'symmetric',
  'wrap',
];
function padded(draw: Draw): Call {
  const { random, inputs } = draw;
  const mode = pick(random, modes);
  const keywords: Record<string, Argument> = { mode: value(mode) };
  const d = /linear|mean|median/.test(mode) ? pick(random, [dtypes.float64, dtypes.int32, dtypes.uint8]) : draw.d;
  const some = random() < 0.5;
  if (/m[aei][axdni]/.test(mode) && some) keywords.stat_length = value(1 + below(random, 3));
  if (mode === 'constant' && some) keywords.constant_values = tuple([below(random, 2), below(random, 2)]);
  if (mode === 'linear_ramp' && some) keywords.end_values = value(below(random, 9));
  if (/reflect|symmetric/.test(mode) && some) keywords.reflect_type = value(pick(random, ['even', 'odd']));
  const x = inputs.view(draw.shape, (n) => plain(d, n, random, 0, 9));
  return { args: [x, widths(draw)], keywords, tolerance: { ulp: () => 4, absolute: 64 } };
}

const position = ({ random }: Draw, n: number): number => below(random, 2 * n + 1) - n;

function edited(draw: Draw, inserts: boolean): Call {
  const { random, shape, inputs } = draw;
  const flat = random() < 0.3;
  const axis = flat ? null : axisOf(draw);
  const n = flat ? shape.reduce((a, b) => a * b, 1) : (shape.at(axis ?? 0) ?? 1);
  const kind = random();
  let where: Argument;
  if (kind < 0.4) where = value(position(draw, n));
  else if (kind < 0.75) {
    where = value(Array.from({ length: 1 + below(random, 3) }, () => position(draw, Math.max(0, n - 1))));
  } else if (kind < 0.9 || n === 0) {
    const [start, stop, step] = [below(random, n + 1), below(random, n + 1), pick(random, [1, 2, -1])];
    where = { py: `slice(${start}, ${stop}, ${step})`, js: () => `${start}:${stop}:${step}` };
  } else where = inputs.add(plain(dtypes.bool, n, random, 0, 1), [n]);
  const x = array(draw, shape);
  if (!inserts) return { args: [x, where, value(axis)] };
  return { args: [x, where, value(random() < 0.5 ? 1 : 0), value(axis)] };
}

const counts = ({ random, inputs }: Draw, n: number): Argument =>
  inputs.add(
    elementsOf(
      dtypes.int64,
      Array.from({ length: n }, () => BigInt(below(random, 4))),
    ),
    [n],
  );

/** Positions are int32 here. */
const position32: Tolerance = { anyDType: true };
/** A vector of integers from low to high. */
const whole = ({ inputs, random }: Draw, n: number, low: number, high: number): Argument =>
  inputs.add(
    elementsOf(
      pick(random, [dtypes.int64, dtypes.int32, dtypes.int16]),
      Array.from({ length: n }, () => BigInt(low + below(random, high - low + 1))),
    ),
    [n],
  );
const triangle = ({ random }: Draw): Call => ({
  args: [value(below(random, 6)), value(below(random, 7) - 3), value(below(random, 6))],
  tolerance: position32,
});

const calls: Readonly<Record<string, (draw: Draw) => Call>> = {
  concatenate: joined,
  stack: (draw) => ({
    args: [alike(draw), value(below(draw.random, 2 * draw.shape.length + 2) - draw.shape.length - 1)],
  }),
  vstack: (draw) => ({ args: [draw.random() < 0.5 ? alike(draw) : beside(draw, 0)] }),
  hstack: (draw) => ({ args: [draw.random() < 0.5 ? alike(draw) : beside(draw, Math.min(1, draw.shape.length - 1))] }),
  dstack: (draw) => ({ args: [draw.random() < 0.5 ? alike(draw) : beside(draw, 2)] }),
  column_stack: (draw) => ({ args: [alike(draw)] }),
  block: (draw) => ({ args: [draw.random() < 0.5 ? list([alike(draw), alike(draw)]) : alike(draw)] }),
  append: (draw) => ({
    args: [array(draw, draw.shape), array(draw, draw.shape), value(draw.random() < 0.5 ? null : axisOf(draw))],
  }),
  split: (draw) => {
    const axis = axisOf(draw);
    return { args: [array(draw, draw.shape), cuts(draw, axis), value(axis)] };
  },
  array_split: (draw) => {
    const axis = axisOf(draw);
    return { args: [array(draw, draw.shape), cuts(draw, axis), value(axis)] };
  },
  hsplit: (draw) => ({ args: [array(draw, draw.shape), cuts(draw, Math.min(1, draw.shape.length - 1))] }),
  vsplit: (draw) => ({ args: [array(draw, draw.shape), cuts(draw, 0)] }),
  dsplit: (draw) => ({ args: [array(draw, draw.shape), cuts(draw, 2)] }),
  unstack: (draw) => ({ args: [array(draw, draw.shape)], keywords: { axis: value(axisOf(draw)) } }),
  tile: (draw) => ({
    args: [
      array(draw, draw.shape),
      draw.random() < 0.4
        ? value(below(draw.random, 5))
        : tuple(Array.from({ length: 1 + below(draw.random, 4) }, () => below(draw.random, 4))),
    ],
  }),
  repeat: (draw) => {
    const flat = draw.random() < 0.3;
    const axis = axisOf(draw);
    const n = flat ? draw.shape.reduce((a, b) => a * b, 1) : (draw.shape.at(axis) ?? 1);
    const by = draw.random() < 0.5 ? value(below(draw.random, 6)) : counts(draw, n);
    return { args: [array(draw, draw.shape), by, value(flat ? null : axis)] };
  },
  resize: (draw) => ({ args: [array(draw, draw.shape), tuple(randomShape(draw.random, 3).concat(2))] }),
  roll: (draw) => {
    const { random, shape } = draw;
    const shift = (): number => below(random, 13) - 6;
    if (random() < 0.3) return { args: [array(draw, shape), value(shift())] };
    if (random() < 0.5) return { args: [array(draw, shape), value(shift()), value(axisOf(draw))] };
    const axes = Array.from({ length: 1 + below(random, 3) }, () => axisOf(draw));
    return { args: [array(draw, shape), tuple(axes.map(shift)), tuple(axes)] };
  },
  rot90: (draw) => ({ args: [array(draw, draw.shape), value(below(draw.random, 9) - 4)] }),
  rollaxis: (draw) => ({ args: [array(draw, draw.shape), value(axisOf(draw)), value(axisOf(draw))] }),
  atleast_1d: (draw) => ({ args: [array(draw, draw.shape)] }),
  atleast_2d: (draw) => ({ args: [array(draw, draw.shape)] }),
  atleast_3d: (draw) => ({ args: [array(draw, draw.shape)] }),
  pad: padded,
  delete: (draw) => edited(draw, false),
  insert: (draw) => edited(draw, true),
  trim_zeros: (draw) => {
    const { random, shape, inputs } = draw;
    const x = inputs.view(shape, (n) => plain(draw.d, n, random, -0.9, 1.2));
    const axis = random() < 0.5 ? null : axisOf(draw);
    return { args: [x, value(pick(random, ['f', 'b', 'fb'])), value(axis)] };
  },
  ravel_multi_index: (draw) => {
    const { random } = draw;
    const shape = draw.shape.map((n) => n + 1).concat(1 + below(random, 4));
    const keywords: Record<string, Argument> = { order: value(pick(random, ['C', 'F'])) };
    const mode = random() < 0.4 ? undefined : pick(random, ['wrap', 'clip']);
    if (mode !== undefined) keywords.mode = value(mode);
    const one = (n: number): Argument =>
      whole(draw, random() < 0.3 ? 1 : 3, mode === undefined ? 0 : -20, mode === undefined ? n - 1 : 20);
    const lists = shape.map(one);
    return {
      args: [{ py: `(${lists.map((l) => l.py).join(', ')},)`, js: (x) => lists.map((l) => l.js(x)) }, tuple(shape)],
      keywords,
      tolerance: position32,
    };
  },
  unravel_index: (draw) => {
    const shape = draw.shape.map((n) => n + 1).concat(2);
    const size = shape.reduce((a, b) => a * b, 1);
    return {
      args: [whole(draw, 4, 0, draw.random() < 0.1 ? size : size - 1), tuple(shape)],
      keywords: { order: value(pick(draw.random, ['C', 'F'])) },
      tolerance: position32,
    };
  },
  tril_indices: triangle,
  triu_indices: triangle,
  tril_indices_from: (draw) => ({
    args: [array(draw, draw.shape), value(below(draw.random, 5) - 2)],
    tolerance: position32,
  }),
  triu_indices_from: (draw) => ({
    args: [array(draw, draw.shape), value(below(draw.random, 5) - 2)],
    tolerance: position32,
  }),
  diag_indices: ({ random }) => ({
    args: [value(below(random, 5)), value(1 + below(random, 3))],
    tolerance: position32,
  }),
  diag_indices_from: (draw) => ({ args: [array(draw, draw.shape)], tolerance: position32 }),
  ix_: (draw) => ({
    args: Array.from({ length: 1 + below(draw.random, 3) }, () =>
      draw.random() < 0.3 ? draw.inputs.add(plain(dtypes.bool, 3, draw.random, 0, 1), [3]) : whole(draw, 3, -5, 5),
    ),
    tolerance: position32,
  }),
};

export function* manipulationCases(random: Random): Generator<Case> {
  const names = Object.keys(calls).filter(has);
  for (;;) {
    const name = pick(random, names);
    const inputs = new Inputs(random);
    const draw: Draw = { random, d: pick(random, dtypeList), shape: randomShape(random), inputs };
    const { args, keywords = {}, tolerance = exact } = calls[name](draw);
    yield callCase('manipulation', name, args, keywords, inputs.x, tolerance);
  }
}

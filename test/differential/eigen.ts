// Random general eigenproblems, norms, and what is made of them: eigenvalues by their sorted real parts and magnitudes
// (which one comes first is nobody's promise), roots, fits, chains of products, the array API's forms in np.linalg.

import { type DType, dtypeList } from '../../src/dtype/dtype.ts';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';
import { below, pick, type Random } from '../sweep/_values.ts';
import { type Argument, type Case, callCase, Inputs, plain, type Tolerance, value } from './_case.ts';

/** Sums of squares of up to some dozens, and their roots. */
const summed: Tolerance = { ulp: () => 64, absolute: 256, zeros: true };
/** Eigenvalues of small random matrices: conditioned by some hundreds, nearly equal ones by far more. */
const solved: Tolerance = { ulp: () => 2 ** 16, absolute: 2 ** 22, zeros: true };

const computed = dtypeList.filter((d) => !d.half);
const floats = computed.filter((d) => d.kind === 'f' || d.kind === 'c');
const side = (random: Random): number => pick(random, [0, 1, 2, 2, 3, 4, 5, 8]);

interface Draw {
  readonly random: Random;
  readonly inputs: Inputs;
}
const operand = ({ random, inputs }: Draw, shape: readonly number[], among: readonly DType[] = computed): Argument => {
  const d = pick(random, among);
  return inputs.view(shape, (n) => plain(d, n, random, -9, 9));
};

type Call = readonly [name: string, args: readonly Argument[], keywords: Readonly<Record<string, Argument>>];
const { POSITIVE_INFINITY: INF, NEGATIVE_INFINITY: NEG } = Number;

function norm(draw: Draw): Call {
  const { random } = draw;
  const ndim = below(random, 4);
  const shape = Array.from({ length: ndim }, () => side(random));
  const keywords: Record<string, Argument> = {};
  if (random() < 0.8) keywords.ord = value(pick(random, [null, 0, 1, 2, 3, -1, -2, INF, NEG, 'fro', 'nuc']));
  if (random() < 0.3) keywords.keepdims = value(true);
  const axis = (): number => below(random, Math.max(1, ndim)) - (random() < 0.3 ? ndim : 0);
  const axes = random();
  if (axes < 0.4) keywords.axis = value(axis());
  const x = operand(draw, shape);
  if (axes < 0.7 || ndim < 2) return ['linalg.norm', [x], keywords];
  const pair = pick(
    random,
    ndim === 2
      ? [
          [0, 1],
          [1, 0],
        ]
      : [
          [0, 1],
          [2, 0],
          [1, 2],
          [-1, 0],
        ],
  );
  keywords.axis = { py: `(${pair.join(', ')})`, js: () => pair };
  return ['linalg.norm', [x], keywords];
}

const calls: Readonly<Record<string, (draw: Draw) => Call>> = {
  norm,
  vector_norm: (draw) => [
    'linalg.vector_norm',
    [operand(draw, [side(draw.random), 3])],
    { ord: value(pick(draw.random, [1, 2, 3, 0, INF])), axis: value(pick(draw.random, [null, 0, 1])) },
  ],
  matrix_norm: (draw) => [
    'linalg.matrix_norm',
    [operand(draw, [2, 3, 1 + below(draw.random, 4)])],
    { ord: value(pick(draw.random, [1, -1, 2, -2, INF, NEG, 'fro', 'nuc'])) },
  ],
  multi_dot: (draw) => {
    const lengths = Array.from({ length: 3 + below(draw.random, 4) }, () => 1 + below(draw.random, 6));
    const last = lengths.length - 2;
    const among = [pick(draw.random, floats)];
    const operands = lengths.slice(1).map((n, i) => {
      const shape = [lengths[i], n];
      const vector = draw.random() < 0.2 && (i === 0 || i === last);
      return operand(draw, vector ? [i === 0 ? n : lengths[i]] : shape, among);
    });
    const list: Argument = {
      py: `[${operands.map((o) => o.py).join(', ')}]`,
      js: (x) => operands.map((o) => o.js(x)),
    };
    return ['linalg.multi_dot', [list], {}];
  },
  cross: (draw) => ['linalg.cross', [operand(draw, [2, 3], floats), operand(draw, [3], floats)], {}],
  trace: (draw) => ['linalg.trace', [operand(draw, [2, 3, 4])], { offset: value(below(draw.random, 5) - 2) }],
  diagonal: (draw) => ['linalg.diagonal', [operand(draw, [2, 3, 4])], { offset: value(below(draw.random, 5) - 2) }],
  outer: (draw) => ['linalg.outer', [operand(draw, [3]), operand(draw, [side(draw.random)])], {}],
  polyfit: (draw) => {
    const points = 6 + below(draw.random, 5);
    const y = draw.random() < 0.3 ? [points, 2] : [points];
    const x = value(Array.from({ length: points }, (_, i) => i + Math.round(draw.random() * 4) / 8));
    return ['polyfit', [x, operand(draw, y, floats), value(below(draw.random, 4))], {}];
  },
};

/** A list of complex numbers by what does not depend on order: real parts, magnitudes. */
function unordered(draw: Draw, group: string): Case {
  const { random, inputs } = draw;
  const n = side(random);
  const roots = random() < 0.3;
  const x = roots ? operand(draw, [n + 1]) : operand(draw, random() < 0.3 ? [2, n, n] : [n, n]);
  const f = roots ? 'roots' : 'linalg.eigvals';
  const part = pick(random, ['np.abs', 'np.real']);
  return {
    group,
    py: `np.sort(${part}(np.${f}(${x.py})))`,
    x: inputs.x,
    tolerance: solved,
    facts: { name: f, dtypes: inputs.x.map((o) => o.e.d) },
    ours: (arrays) => {
      const found = (roots ? np.roots : np.linalg.eigvals)(x.js(arrays) as NDArray); // an input
      return np.sort((part === 'np.abs' ? np.abs : np.real)(found) as NDArray); // of an array
    },
  };
}

export function* eigenCases(random: Random): Generator<Case> {
  const names = Object.keys(calls);
  for (;;) {
    const draw: Draw = { random, inputs: new Inputs(random) };
    if (random() < 0.3) yield unordered(draw, 'eigen');
    else {
      const name = pick(random, [...names, 'norm', 'norm', 'norm']);
      const [full, args, keywords] = calls[name](draw);
      yield callCase(
        'eigen',
        full,
        args,
        keywords,
        draw.inputs.x,
        name === 'polyfit' || name === 'multi_dot' ? solved : summed,
      );
    }
  }
}

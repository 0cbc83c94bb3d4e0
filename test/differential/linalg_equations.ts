// Random calls of np.linalg's equations and their factorizations: on matrices whose diagonal is dominant, so that results
// are near each other, in all layouts; on singular ones, and shapes that do not fit, both must refuse.

import type { NDArray } from '../../src/array/ndarray.ts';
import { type DType, dtypeList, dtypes } from '../../src/dtype/dtype.ts';
import { ArrayBase } from '../../src/exec/array_base.ts';
import { below, elementsOf, pick, type Random } from '../sweep/_values.ts';
import { type Argument, type Case, callCase, Inputs, plain, type Tolerance, value } from './_case.ts';

interface Draw {
  readonly random: Random;
  readonly d: DType;
  readonly inputs: Inputs;
  /** Shape of the stack and order of the matrices. */
  readonly stack: readonly number[];
  readonly n: number;
}
interface Call {
  readonly args: readonly Argument[];
  readonly keywords?: Readonly<Record<string, Argument>>;
  readonly tolerance?: Tolerance;
}

const near: Tolerance = { ulp: () => 64, absolute: 2048, zeros: true };

/** Matrices […stack, m, n] with a dominant diagonal, in a layout that keeps it one. */
function dominant({ random, inputs }: Draw, d: DType, shape: readonly number[]): Argument {
  const [m, n] = shape.slice(-2);
  const size = shape.reduce((s, k) => s * k, 1);
  const off = plain(d, size, random, -1.5, 1.5);
  const one = elementsOf(d, [d.kind === 'b' ? true : Math.max(m, n) + 2]);
  const layout = below(random, 4);
  const rows = layout === 1 ? n : m;
  const columns = layout === 1 ? m : n;
  for (let s = 0; s < size; s += m * n) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const at = (s + i * columns + j) * d.parts;
        if (i === j)
          off.raw.set(one.raw as never, at); // arrays of one class
        else if (d.kind === 'b') off.raw[at] = 0;
      }
    }
  }
  const base = [...shape.slice(0, -2), rows, columns];
  const whole = inputs.add(off, base);
  const of = (x: readonly NDArray[]): NDArray => whole.js(x) as NDArray; // what add() made
  if (layout === 1) return { py: `${whole.py}.swapaxes(-1, -2)`, js: (x) => of(x).mT };
  if (layout === 2 && m === n) {
    return { py: `${whole.py}[..., ::-1, ::-1]`, js: (x) => of(x).get('...', '::-1', '::-1') };
  }
  return whole;
}

const square = (draw: Draw, d = draw.d): Argument => dominant(draw, d, [...draw.stack, draw.n, draw.n]);
const zeros = (shape: readonly number[]): Argument => ({
  py: `np.zeros(${JSON.stringify(shape)})`,
  js: () => nested(shape),
});
const nested = (shape: readonly number[]): unknown =>
  shape.length === 0 ? 0 : Array.from({ length: shape[0] }, () => nested(shape.slice(1)));

/** Mostly what fits; sometimes a singular matrix, or one that is not square. */
function matrices(draw: Draw): Argument {
  const { random, n, stack, d } = draw;
  const kind = below(random, 12);
  if (kind === 0 && n > 0) return zeros([n, n]);
  if (kind === 1) return dominant(draw, d, [...stack, n, n + 1]);
  return square(draw);
}

function equations(draw: Draw): Call {
  const { random, n, stack, inputs } = draw;
  const d = random() < 0.5 ? draw.d : pick(random, dtypeList);
  const rows = random() < 0.9 ? n : n + 1;
  const columns = below(random, 4);
  const outer = random() < 0.5 ? stack : random() < 0.5 ? [] : random() < 0.7 ? stack.map(() => 1) : [2];
  const shape = pick(random, [[rows], [...outer, rows, columns], [...outer, rows, columns]]);
  return { args: [matrices(draw), inputs.view(shape, (k) => plain(d, k, random, -3, 3))], tolerance: near };
}

/** A keyword, now and then. */
function maybe(often: number, name: string, random: Random, choices: readonly unknown[]): Record<string, Argument> {
  return random() < often ? { [name]: value(pick(random, choices)) } : {};
}

const determinant = (draw: Draw): Call => ({
  args: [matrices(draw)],
  tolerance: { ulp: () => 1024, absolute: 256, zeros: true },
});

const calls: Readonly<Record<string, (draw: Draw) => Call>> = {
  'linalg.solve': equations,
  'linalg.inv': (draw) => ({ args: [matrices(draw)], tolerance: near }),
  'linalg.det': determinant,
  'linalg.slogdet': determinant,
  'linalg.cholesky': (draw) => ({
    args: [matrices(draw)],
    keywords: maybe(0.5, 'upper', draw.random, [true, true, false]),
    tolerance: near,
  }),
  'linalg.qr': (draw) => {
    const { random, d, stack, n } = draw;
    const shape = pick(random, [
      [n, n],
      [n + 1 + below(random, 4), n],
      [n, n + 1 + below(random, 4)],
    ]);
    const keywords = maybe(0.8, 'mode', random, ['reduced', 'complete', 'r', 'raw']);
    return { args: [dominant(draw, d, [...stack, ...shape])], keywords, tolerance: near };
  },
  'linalg.matrix_power': (draw) => {
    const power = below(draw.random, 9) - 3;
    const scale = (draw.n + 4) ** Math.abs(power);
    return {
      args: [matrices(draw), value(BigInt(power))],
      tolerance: { ulp: () => 4096, absolute: 64 * scale, zeros: true },
    };
  },
  'linalg.tensorinv': (draw) => {
    const { random, d } = draw;
    const [p, q] = [1 + below(random, 3), 1 + below(random, 3)];
    const flat = dominant({ ...draw, stack: [] }, d, [p * q, p * q]);
    const shape = random() < 0.5 ? [p * q, p, q] : [p, q, p * q];
    const ind = shape[0] === p * q && random() < 0.7 ? 1 : 2;
    return {
      args: [
        {
          py: `${flat.py}.reshape(${JSON.stringify(shape)})`,
          js: (x) => (flat.js(x) as NDArray).reshape(shape), // what dominant() made
        },
      ],
      keywords: { ind: value(ind) },
      tolerance: near,
    };
  },
};

/** Named results as lists; what a function returns otherwise as it is. */
const asList = (made: unknown): unknown =>
  typeof made === 'object' && made !== null && !(made instanceof ArrayBase) && Symbol.iterator in made
    ? Array.from(made as Iterable<unknown>) // as just asked
    : made;

export function* linalgEquationCases(random: Random): Generator<Case> {
  const names = Object.keys(calls);
  const usual = [dtypes.float64, dtypes.float32, dtypes.complex128, dtypes.complex64];
  for (;;) {
    const name = pick(random, names);
    const inputs = new Inputs(random);
    const n = pick(random, [0, 1, 2, 2, 3, 3, 4, 5, 8, 20, 33, 40]);
    const stack = pick(random, [[], [], [], [2], [3], [0], [2, 2], [1, 3]]);
    const d = random() < 0.75 ? pick(random, usual) : pick(random, dtypeList);
    const { args, keywords = {}, tolerance = {} } = calls[name]({ random, d, inputs, stack, n });
    const made = callCase('linalg_equations', name, args, keywords, inputs.x, tolerance);
    yield { ...made, ours: (x) => asList(made.ours(x)) };
  }
}

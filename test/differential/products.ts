// Random products: matmul, dot, inner, vdot, vecdot, matvec, vecmat, tensordot, outer, kron and einsum with subscripts made
// up at random, some of them wrong.

import { type DType, dtypeList } from '../../src/dtype/dtype.ts';
import { below, pick, type Random } from '../sweep/_values.ts';
import { type Argument, type Case, callCase, has, Inputs, plain, type Tolerance, value } from './_case.ts';
import type { NumpyOracle } from './_oracle.ts';

/** Sums of up to some hundred products below a hundred. */
const rounded: Tolerance = { ulp: () => 16, absolute: 2 ** 15, zeros: true };

interface Draw {
  readonly random: Random;
  readonly inputs: Inputs;
  readonly ds: DType[];
}
interface Call {
  readonly args: readonly Argument[];
  readonly keywords?: Readonly<Record<string, Argument>>;
}

function operand({ random, inputs, ds }: Draw, shape: readonly number[]): Argument {
  const d = ds.length === 0 || random() < 0.2 ? pick(random, dtypeList) : ds[0];
  ds.push(d);
  return inputs.view(shape, (n) => plain(d, n, random, -9, 9));
}

const length = (random: Random): number => pick(random, [0, 1, 1, 2, 3, 4, 5, 7, 8, 9, 17]);
const some = (random: Random, most: number): number[] =>
  Array.from({ length: below(random, most + 1) }, () => length(random));
/** Mostly the length that fits. */
const fitting = (n: number, random: Random): number => (random() < 0.97 ? n : length(random));

/** Two stacks that broadcast against each other. */
function stacks(random: Random): [number[], number[]] {
  const whole = Array.from({ length: below(random, 3) }, () => pick(random, [1, 2, 3]));
  const part = (): number[] => whole.slice(below(random, whole.length + 1)).map((n) => (random() < 0.3 ? 1 : n));
  return random() < 0.5 ? [whole, part()] : [part(), whole];
}

function matmul(draw: Draw): Call {
  const { random } = draw;
  const [m, n, k] = [length(random), length(random), length(random)];
  const [left, right] = stacks(random);
  const a = random() < 0.2 ? [k] : [...left, m, k];
  const b = random() < 0.2 ? [fitting(k, random)] : [...right, fitting(k, random), n];
  return { args: [operand(draw, a), operand(draw, b)] };
}

/** Sums over a last axis and a last but one, stacks multiplied out. */
function dot(draw: Draw): Call {
  const { random } = draw;
  const k = length(random);
  const b = some(random, 2);
  if (b.length > 0) b.splice(b.length - 1, 0, fitting(k, random));
  else b.push(fitting(k, random));
  const scalar = random() < 0.1;
  return { args: [operand(draw, scalar ? [] : [...some(random, 2), k]), operand(draw, b)] };
}

const inner = (draw: Draw): Call => {
  const { random } = draw;
  const k = length(random);
  const scalar = random() < 0.1;
  return {
    args: [
      operand(draw, [...some(random, 2), k]),
      operand(draw, scalar ? [] : [...some(random, 2), fitting(k, random)]),
    ],
  };
};

function vectors(left: boolean, right: boolean): (draw: Draw) => Call {
  return (draw) => {
    const { random } = draw;
    const [n, k] = [length(random), length(random)];
    const [s, t] = stacks(random);
    return {
      args: [
        operand(draw, [...s, ...(left ? [n] : []), k]),
        operand(draw, [...t, fitting(k, random), ...(right ? [n] : [])]),
      ],
    };
  };
}

function tensordot(draw: Draw): Call {
  const { random } = draw;
  const axes = below(random, 3);
  const met = Array.from({ length: axes }, () => length(random));
  const [rows, columns] = [some(random, 2), some(random, 2)];
  return {
    args: [
      operand(draw, [...rows, ...met]),
      operand(draw, [...met.map((n) => fitting(n, random)), ...columns]),
      value(axes),
    ],
  };
}

const plainPair =
  (most: number) =>
  (draw: Draw): Call => ({
    args: [operand(draw, some(draw.random, most)), operand(draw, some(draw.random, most))],
  });

/** Subscripts of one to four operands over few letters, so that most labels meet. */
function einsum(draw: Draw): Call {
  const { random } = draw;
  const letters = ['i', 'j', 'k', 'B', 'a'];
  const size = Object.fromEntries(letters.map((l) => [l, random() < 0.05 ? 0 : 1 + below(random, 5)]));
  const covered = random() < 0.25 ? some(random, 2).map((n) => Math.min(n, 3)) : undefined;
  const count = 1 + below(random, random() < 0.3 ? 4 : 2);
  const terms: string[] = [];
  const shapes: number[][] = [];
  for (let o = 0; o < count; o++) {
    const labels = Array.from({ length: below(random, 4) }, () => pick(random, letters));
    const once = random() < 0.15 ? labels : [...new Set(labels)];
    const dims = once.map((l) => (random() < 0.03 ? 1 : random() < 0.01 ? 6 : size[l]));
    const at = covered === undefined ? -1 : below(random, once.length + 1);
    const dots = covered?.slice(below(random, covered.length + 1)).map((n) => (random() < 0.2 ? 1 : n)) ?? [];
    terms.push(at < 0 ? once.join('') : `${once.slice(0, at).join('')}...${once.slice(at).join('')}`);
    shapes.push(at < 0 ? dims : [...dims.slice(0, at), ...dots, ...dims.slice(at)]);
  }
  const used = [...new Set(terms.join('').replaceAll('.', ''))].sort(() => random() - 0.5);
  const kept = used.slice(0, below(random, used.length + 1)).join('');
  const output = random() < 0.3 ? '' : `->${covered === undefined ? '' : '...'}${random() < 0.02 ? `${kept}z` : kept}`;
  const keywords: Record<string, Argument> = {};
  if (random() < 0.5) keywords.optimize = value(pick(random, [true, false, 'greedy', 'optimal']));
  const operands = shapes.map((s) => operand(draw, s));
  if (random() < 0.3) keywords.order = value(pick(random, ['C', 'F', 'K']));
  return { args: [value(`${terms.join(',')}${output}`), ...operands], keywords };
}

const calls: Readonly<Record<string, (draw: Draw) => Call>> = {
  matmul,
  dot,
  inner,
  vdot: (draw) => {
    const n = length(draw.random);
    return { args: [operand(draw, [n]), operand(draw, [fitting(n, draw.random)])] };
  },
  vecdot: vectors(false, false),
  matvec: vectors(true, false),
  vecmat: vectors(false, true),
  tensordot,
  outer: plainPair(2),
  kron: plainPair(3),
  einsum,
};

export function* productCases(random: Random, numpy: NumpyOracle): Generator<Case> {
  const names = Object.keys(calls).filter((n) => has(n) && numpy.names.has(n));
  const weighted = [...names, ...new Array(names.length).fill('einsum'), 'matmul', 'matmul'].filter((n) =>
    names.includes(n),
  );
  for (;;) {
    const name = pick(random, weighted);
    const draw: Draw = { random, inputs: new Inputs(random), ds: [] };
    const { args, keywords = {} } = calls[name](draw);
    yield callCase('products', name, args, keywords, draw.inputs.x, rounded, { ds: draw.ds });
  }
}

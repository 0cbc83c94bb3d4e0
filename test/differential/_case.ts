// A case: one call that means the same in Orthant and NumPy, written once as a name, arguments and keywords and rendered
// for both. Arrays are inputs seen through a view, so that both sides compute on the same layout.

import type { NDArray } from '../../src/array/ndarray.ts';
import { Complex } from '../../src/dtype/complex.ts';
import type { DType } from '../../src/dtype/dtype.ts';
import type { ArrayBase } from '../../src/exec/array_base.ts';
import * as np from '../../src/index.ts';
import { place } from '../sweep/_layouts.ts';
import { below, draw, type Elements, edges, elementsOf, pick, type Random } from '../sweep/_values.ts';
import type { Operand } from './_oracle.ts';

/** How far results may be apart. */
export interface Tolerance {
  /** Units in the last place of a float result; 0: the same bits. */
  readonly ulp?: (d: DType) => number;
  /** Absolute distance allowed, for sums whose terms cancel; times the dtype's epsilon. */
  readonly absolute?: number;
  /** A zero may have either sign. */
  readonly zeros?: true;
  /** Only values are compared, not dtypes. */
  readonly anyDType?: true;
}

export interface Case {
  readonly group: string;
  readonly py: string;
  /** The same in JavaScript, for cases that are complete as text. */
  readonly js?: string;
  readonly x: readonly Operand[];
  readonly ours: (x: readonly NDArray[]) => unknown;
  readonly tolerance: Tolerance;
  /** What decisions look at. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** An argument in both languages. */
export interface Argument {
  readonly py: string;
  readonly js: (x: readonly NDArray[]) => unknown;
}

/** A JavaScript value as Python source. */
export function python(v: unknown): string {
  if (v === null) return 'None';
  if (typeof v === 'boolean') return v ? 'True' : 'False';
  if (typeof v === 'number') return pythonNumber(v);
  if (typeof v === 'bigint') return String(v);
  if (v instanceof Complex) return `complex(${pythonNumber(v.re)}, ${pythonNumber(v.im)})`;
  if (Array.isArray(v)) return `[${v.map(python).join(', ')}]`;
  return JSON.stringify(v);
}
const pythonNumber = (v: number): string =>
  Number.isNaN(v)
    ? 'np.nan'
    : Number.isFinite(v)
      ? Object.is(v, -0)
        ? '-0.0'
        : String(v)
      : v < 0
        ? '-np.inf'
        : 'np.inf';

export const value = (v: unknown): Argument => ({ py: python(v), js: () => v });
/** A float literal: `3` is an int in Python. */
export const float = (v: number): Argument => ({ py: `float(${pythonNumber(v)})`, js: () => v });

const published: Readonly<Record<string, unknown>> = { ...np };
/** What a name of the namespace stands for: 'add', 'emath.sqrt'. */
const named = (name: string): unknown =>
  name.split('.').reduce((of: unknown, part) => (of === undefined ? of : Reflect.get(of as object, part)), published); // spaces
export const has = (name: string): boolean => typeof named(name) === 'function';

export function callCase(
  group: string,
  name: string,
  args: readonly Argument[],
  keywords: Readonly<Record<string, Argument>>,
  x: readonly Operand[],
  tolerance: Tolerance,
  facts: Case['facts'] = {},
): Case {
  const keys = Object.entries(keywords);
  const py = `np.${name}(${[...args.map((a) => a.py), ...keys.map(([k, a]) => `${k}=${a.py}`)].join(', ')})`;
  const f = named(name);
  return {
    group,
    py,
    x,
    tolerance,
    facts: { name, dtypes: x.map((o) => o.e.d), ...facts },
    ours: (arrays) => {
      if (typeof f !== 'function') throw new TypeError(`np.${name} does not exist`);
      const options = Object.fromEntries(keys.map(([k, a]) => [k, a.js(arrays)]));
      return f(...args.map((a) => a.js(arrays)), ...(keys.length > 0 ? [options] : []));
    },
  };
}

/** Inputs being collected for one case. */
export class Inputs {
  readonly x: Operand[] = [];
  readonly random: Random;
  constructor(random: Random) {
    this.random = random;
  }

  /** A plain input. */
  add(e: Elements, shape: readonly number[]): Argument {
    const i = this.x.push({ e, shape: [...shape] }) - 1;
    return { py: `x[${i}]`, js: (x) => x[i] };
  }

  /** An input of this shape seen through a random view. */
  view(shape: readonly number[], make: (n: number) => Elements): Argument {
    const n = shape.length;
    const size = (s: readonly number[]): number => s.reduce((a, b) => a * b, 1);
    const put = (base: readonly number[], py: string, js: (a: NDArray) => unknown): Argument => {
      const whole = this.add(make(size(base)), base);
      return { py: `${whole.py}${py}`, js: (x) => js(whole.js(x) as NDArray) }; // what add() made
    };
    const last = (f: (k: number) => number): number[] => shape.map((k, d) => (d === n - 1 ? f(k) : k));
    const kind = n === 0 ? 9 : below(this.random, 10);
    if (kind === 0) return put([...shape].reverse(), '.T', (a) => a.T);
    if (kind === 1) return put(shape, `[${shape.map(() => '::-1')}]`, (a) => a.get(...shape.map(() => '::-1')));
    if (kind === 2)
      return put(
        last((k) => 2 * k),
        '[..., ::2]',
        (a) => a.get('...', '::2'),
      );
    if (kind === 3)
      return put(
        last((k) => k + 1),
        '[..., 1:]',
        (a) => a.get('...', '1:'),
      );
    if (kind === 4) return put([shape[0] + 2, ...shape.slice(1)], '[1:-1]', (a) => a.get('1:-1'));
    return put(shape, '', (a) => a);
  }
}

/** Elements: edges among random ones. */
export function mixed(d: DType, n: number, random: Random, domain?: readonly [number, number]): Elements {
  const e = edges(d);
  return elementsOf(
    d,
    Array.from({ length: n }, () => (random() < 0.3 ? pick(random, e) : draw(d, random, domain))),
  );
}

/** Elements of moderate size: uniform floats, small integers. */
export function plain(d: DType, n: number, random: Random, low: number, high: number): Elements {
  const one = (): number => low + random() * (high - low);
  return elementsOf(
    d,
    Array.from({ length: n }, () => {
      if (d.kind === 'b') return random() < 0.5;
      if (d.kind === 'c') return new Complex(one(), one());
      if (d.kind === 'f') return one();
      return Math.trunc(d.kind === 'u' ? Math.abs(one()) : one());
    }),
  );
}

export function randomShape(random: Random, maxDims = 4, maxSize = 60): number[] {
  for (;;) {
    const shape = Array.from({ length: below(random, maxDims + 1) }, () =>
      pick(random, [0, 1, 1, 2, 2, 3, 4, 5, 7, 16]),
    );
    if (shape.includes(0) && random() < 0.8) continue;
    if (shape.reduce((a, b) => a * b, 1) <= maxSize) return shape;
  }
}

/** A shape that broadcasts to `shape`. */
export function partOf(shape: readonly number[], random: Random): number[] {
  if (random() < 0.5) return [...shape];
  const cut = random() < 0.4 ? shape.slice(below(random, shape.length + 1)) : [...shape];
  return cut.map((n) => (random() < 0.25 ? 1 : n));
}

/** The input as an array of ours. */
export const arrayOf = ({ e, shape }: Operand): ArrayBase => place(e, shape, 'contiguous').array;

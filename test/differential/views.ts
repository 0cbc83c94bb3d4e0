// Random chains of views and random indexing: slices, integers, new axes, integer arrays and masks.

import type { NDArray } from '../../src/array/ndarray.ts';
import { type DType, dtypeList, dtypes } from '../../src/dtype/dtype.ts';
import * as np from '../../src/index.ts';
import { below, elementsOf, pick, type Random } from '../sweep/_values.ts';
import {
  type Argument,
  arrayOf,
  type Case,
  float,
  Inputs,
  mixed,
  randomShape,
  type Tolerance,
  value,
} from './_case.ts';

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const exact: Tolerance = {};

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

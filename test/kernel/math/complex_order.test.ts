// The lexicographic order of complex values, written out in plain JavaScript, over all pairs of special values.
import { describe, expect, it } from 'vitest';
import * as order from '../../../src/kernel/math/complex_order.ts';
import { complex } from './_columns.ts';

const bodies = { ...order };
const values = [0, -0, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 2.5];
const points = values.flatMap((x) => values.map((y) => [x, y] as const));
const pairs = points.flatMap((a) => points.map((b) => [...a, ...b] as const));
const columns = [0, 1, 2, 3].map((k) => pairs.map((p) => p[k]));

type Pair = (typeof pairs)[number];
const someNaN = (x: number, y: number): boolean => Number.isNaN(x) || Number.isNaN(y);
const lt = ([a, b, c, d]: Pair): boolean => (a < c && !someNaN(b, d)) || (a === c && b < d);
const le = ([a, b, c, d]: Pair): boolean => (a < c && !someNaN(b, d)) || (a === c && b <= d);
const flip = ([a, b, c, d]: Pair): Pair => [c, d, a, b];

const comparisons = {
  equal: ([a, b, c, d]) => a === c && b === d,
  notEqual: ([a, b, c, d]) => a !== c || b !== d,
  less: lt,
  lessEqual: le,
  greater: (p) => lt(flip(p)),
  greaterEqual: (p) => le(flip(p)),
} as const satisfies Record<string, (p: Pair) => boolean>;

/** Does the first of the pair win? */
const choices = {
  maximum: (p) => someNaN(p[0], p[1]) || le(flip(p)),
  minimum: (p) => someNaN(p[0], p[1]) || le(p),
  fmax: (p) => someNaN(p[2], p[3]) || le(flip(p)),
  fmin: (p) => someNaN(p[2], p[3]) || le(p),
} as const satisfies Record<string, (p: Pair) => boolean>;

describe.each(['f64', 'f32'] as const)('complex order, %s', (lane) => {
  it.each(Object.entries(comparisons))('%s', (name, meaning) => {
    const [got] = complex(bodies[name as keyof typeof comparisons], lane, ...columns);
    expect(pairs.filter((p, i) => Boolean(got[i]) !== meaning(p))).toEqual([]);
  });

  it.each(Object.entries(choices))('%s', (name, first) => {
    const got = complex(bodies[name as keyof typeof choices], lane, ...columns);
    const want = pairs.map((p) => (first(p) ? [p[0], p[1]] : [p[2], p[3]]));
    expect([0, 1].map((k) => got[k])).toEqual([0, 1].map((k) => want.map((w) => w[k])));
  });
});

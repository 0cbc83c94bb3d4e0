// Every operation by itself: all pairs of 8-bit values against plain JavaScript, all pairs of edge values of the wider
// lanes and every conversion between lanes against the interpreter, and the interpreter's own roundings.

import { describe, expect, it } from 'vitest';
import type { Lane } from '../../src/dtype/dtype.ts';
import { Expr, load } from '../../src/kernel/builder.ts';
import { evaluate, type Value } from '../../src/kernel/interpret.ts';
import { bitsOf, constant, isFloat, isSigned, type Node, type Op, rawNode } from '../../src/kernel/ir.ts';
import { addMap } from '../../src/kernel/wasm/map.ts';
import { Column, compiled } from './_machine.ts';
import { edgesOf, lanes, sameValue } from './_random.ts';

const columnOf = (lane: Lane, values: readonly Value[]): Column => {
  const c = new Column({ lane, parts: 1, layout: 'contiguous' }, values.length);
  values.forEach((v, i) => {
    c.set(i, 0, v);
  });
  return c;
};

/** The values of one node of loads, of operand lanes `from`, over columns. */
function compute(node: Node, from: readonly Lane[], columns: readonly (readonly Value[])[]): (number | bigint)[] {
  const root = node.type === 'bool' ? rawNode('convert', [node], null, 'u8') : node;
  const to = root.type as Lane;
  const layout = 'contiguous';
  const kernel = compiled((module, tableAddress) =>
    addMap(module, {
      inputs: from.map((lane) => ({ lane, parts: 1, layout })),
      outputs: [{ lane: to, parts: 1, layout }],
      params: [],
      body: [root],
      tableAddress,
    }),
  );
  const n = columns[0].length;
  const inputs = columns.map((values, i) => columnOf(from[i], values));
  const out = new Column({ lane: to, parts: 1, layout }, n);
  kernel.run(n, ...inputs.map((c) => c.pointer), out.pointer);
  const got = Array.from({ length: n }, (_, i) => out.get(i));
  for (const c of [...inputs, out]) c.free();
  return got;
}

const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b));

// Plain JavaScript for 8 bits; results are wrapped afterwards.
const small: Partial<Record<Op, (a: number, b: number, signed: boolean) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  idiv: (a, b) => (b === 0 ? 0 : Math.trunc(a / b)),
  irem: (a, b) => (b === 0 ? 0 : a % b),
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  gcd,
  shl: (a, b) => (b < 0 || b > 7 ? 0 : a << b),
  shr: (a, b) => (b < 0 || b > 7 ? (a < 0 ? -1 : 0) : a >> b),
  ipow: (a, b) => {
    let r = b < 0 ? 0 : 1;
    for (let i = 0; i < b; i++) r = (r * a) & 255;
    return r;
  },
  eq: (a, b) => Number(a === b),
  ne: (a, b) => Number(a !== b),
  lt: (a, b) => Number(a < b),
  le: (a, b) => Number(a <= b),
};

describe.each(['i8', 'u8'] as const)('all pairs of %s', (lane) => {
  const values = Array.from({ length: 256 }, (_, i) => (lane === 'i8' ? i - 128 : i));
  const a = values.flatMap((v) => values.map(() => v));
  const b = values.flatMap(() => values);
  it.each(Object.keys(small) as Op[])('%s', (op) => {
    const node = rawNode(op, [load(0, 0, lane).node, load(1, 0, lane).node]);
    const got = compute(node, [lane, lane], [a, b]);
    const bad: string[] = [];
    got.forEach((v, i) => {
      const exact = small[op]?.(a[i], b[i], lane === 'i8') ?? 0;
      const want = node.type === 'bool' || lane === 'u8' ? exact & 255 : (exact << 24) >> 24;
      if (v !== want) bad.push(`${op}(${a[i]}, ${b[i]}) = ${v}, not ${want}`);
    });
    expect(bad.slice(0, 5)).toEqual([]);
  });
});

const binary: readonly Op[] = [
  ...([
    'add',
    'sub',
    'mul',
    'div',
    'idiv',
    'irem',
    'pmin',
    'pmax',
    'min',
    'max',
    'and',
    'or',
    'xor',
    'shl',
    'shr',
  ] as const),
  ...(['frem', 'gcd', 'ipow', 'eq', 'ne', 'lt', 'le'] as const),
];
const unary: readonly Op[] = ['neg', 'abs', 'sqrt', 'ceil', 'floor', 'trunc', 'nearest', 'not', 'popcnt', 'clz'];

function accepted(op: Op, args: readonly Node[]): Node | undefined {
  try {
    return rawNode(op, args);
  } catch {
    return undefined;
  }
}

function compare(node: Node, from: readonly Lane[], columns: readonly (readonly Value[])[]): void {
  const got = compute(node, from, columns);
  const bad: string[] = [];
  got.forEach((v, i) => {
    const args = columns.map((c) => c[i]);
    const want = evaluate(node, args);
    if (!sameValue(v, typeof want === 'boolean' ? Number(want) : want))
      bad.push(`${node.op}(${args.map((x) => `${x}:${from[0]}`)}) → ${node.type} = ${v}, not ${want}`);
  });
  expect(bad.slice(0, 5)).toEqual([]);
}

describe.each(lanes)('edges of %s', (lane) => {
  const values = edgesOf(lane);
  const a = values.flatMap((v) => values.map(() => v));
  const b = values.flatMap(() => values);
  const x = load(0, 0, lane).node;
  const y = load(1, 0, lane).node;
  for (const op of binary) {
    const node = accepted(op, [x, y]);
    if (node !== undefined) it(`${op}, all pairs`, () => compare(node, [lane, lane], [a, b]));
  }
  for (const op of unary) {
    const node = accepted(op, [x]);
    if (node !== undefined) it(op, () => compare(node, [lane], [values]));
  }
  for (const to of lanes) it(`to ${to}`, () => compare(rawNode('convert', [x], null, to), [lane], [values]));
  it('to bool', () => compare(rawNode('convert', [x], null, 'bool'), [lane], [values]));
  if (!isFloat(lane)) {
    it('shifts by every constant', () => {
      for (let k = 0; k < bitsOf(lane); k++)
        for (const op of ['shlk', 'shrk'] as const) compare(rawNode(op, [x], k), [lane], [values]);
    });
    it('divides by constants', () => {
      for (const k of values.slice(0, 24))
        for (const op of ['idiv', 'irem'] as const) {
          const got = compute(rawNode(op, [x, constant(lane, k)]), [lane], [values]);
          const pair = rawNode(op, [x, y]);
          expect(got).toEqual(values.map((v) => evaluate(pair, [v, k])));
        }
    });
  }
  it('sign bits and copied signs', () => {
    const signbit = new Expr(x).signbit().node;
    const got = compute(signbit, [lane], [values.filter((v) => v === v)]);
    const want = values
      .filter((v) => v === v)
      .map((v) => Number(isSigned(lane) && (Number(v) < 0 || Object.is(v, -0))));
    expect(got).toEqual(want);
    if (!isFloat(lane)) return;
    const copied = compute(new Expr(x).copysign(new Expr(y)).node, [lane, lane], [a, b]);
    copied.forEach((v, i) => {
      if (Number.isNaN(b[i])) return;
      const negative = Number(b[i]) < 0 || Object.is(b[i], -0);
      const want = negative ? -Math.abs(Number(a[i])) : Math.abs(Number(a[i]));
      expect(Object.is(v, want), `copysign(${a[i]}, ${b[i]}) = ${v}`).toBe(true);
    });
  });
});

describe('exact remainder', () => {
  it('of numbers far apart and of subnormals', () => {
    const xs = [1e308, Number.MAX_VALUE, 2 ** 1000 + 2 ** 960, 5e-324, 3e-310, 1.5, 7, -1e300, -0, 0.1];
    const ys = [5e-324, 1.5e-323, 3e-310, 2.2250738585072014e-308, 3, 0.1, Math.PI, -7, 1e-300, Infinity, 1e308];
    const a = xs.flatMap((v) => ys.map(() => v));
    const b = xs.flatMap(() => ys);
    const got = compute(rawNode('frem', [load(0, 0, 'f64').node, load(1, 0, 'f64').node]), ['f64', 'f64'], [a, b]);
    got.forEach((v, i) => {
      expect(Object.is(v, a[i] % b[i]), `${a[i]} % ${b[i]} = ${v}`).toBe(true);
    });
  });
});

describe('the interpreter', () => {
  const convert = (from: Lane, to: Lane, v: Value): Value =>
    evaluate(rawNode('convert', [load(0, 0, from).node], null, to), [v]);
  it('rounds 64-bit integers to float32 once', () => {
    // 2^54 + 2^30 + 1: through float64 it would become the tie 2^54 + 2^30 and round to even.
    expect(convert('i64', 'f32', 2n ** 54n + 2n ** 30n + 1n)).toBe(2 ** 54 + 2 ** 31);
    expect(convert('i64', 'f32', -(2n ** 54n) - 2n ** 30n - 1n)).toBe(-(2 ** 54) - 2 ** 31);
    expect(convert('u64', 'f32', 2n ** 64n - 1n)).toBe(2 ** 64);
  });
  it('saturates floats to integers', () => {
    expect(convert('f64', 'i8', 127.9)).toBe(127);
    expect(convert('f64', 'i8', -129)).toBe(-128);
    expect(convert('f64', 'u64', 1e30)).toBe(2n ** 64n - 1n);
    expect(convert('f64', 'i64', Number.NaN)).toBe(0n);
    expect(convert('f64', 'u32', -1)).toBe(0);
  });
  it('wraps integers', () => {
    expect(convert('i64', 'i8', 200n)).toBe(-56);
    expect(convert('i8', 'u64', -1)).toBe(2n ** 64n - 1n);
  });
  it('rounds half to even', () => {
    const nearest = (v: number): Value => evaluate(rawNode('nearest', [load(0, 0, 'f64').node]), [v]);
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 0.49999999999999994, 2 ** 52 + 1].map(nearest)).toEqual([
      0,
      2,
      2,
      -0,
      -2,
      0,
      2 ** 52 + 1,
    ]);
  });
});

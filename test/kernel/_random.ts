// Seeded random values and bodies for the tests of kernel/: every operation on every lane, values that sit on edges.
// A failing case is named by its seed alone; KERNEL_SEED in the environment replays one, KERNEL_CASES runs more of them.

import type { Lane } from '../../src/dtype/dtype.ts';
import type { Value } from '../../src/kernel/interpret.ts';
import { laneRange, wrap } from '../../src/kernel/interpret.ts';
import {
  bitsOf,
  constant,
  isFloat,
  isSigned,
  type Node,
  type Op,
  rawNode,
  type ValueType,
} from '../../src/kernel/ir.ts';
import { registerTable } from '../../src/kernel/tables.ts';

export const lanes = [
  'i8',
  'u8',
  'i16',
  'u16',
  'i32',
  'u32',
  'i64',
  'u64',
  'f32',
  'f64',
] as const satisfies readonly Lane[];

/** A small generator (mulberry32): the same numbers everywhere for a seed. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed | 0;
  }
  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  /** In [0, n). */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
  chance(p: number): boolean {
    return this.next() < p;
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

const edges: Record<'f32' | 'f64', readonly number[]> = {
  f64: [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    Number.NaN,
    Infinity,
    -Infinity,
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    2.225073858507201e-308,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    2 ** 31,
    2 ** 31 - 1,
    -(2 ** 31),
    -(2 ** 31) - 1,
    2 ** 32,
    2 ** 32 - 1,
    2 ** 53,
    2 ** 53 + 2,
    2 ** 63,
    -(2 ** 63),
    2 ** 63 - 1024,
    2 ** 64,
    2 ** 64 - 2048,
    127.5,
    128,
    -128.9,
    -129,
    255.9,
    256,
    32767.5,
    32768,
    65535.5,
    65536,
    2 ** 52 + 0.5,
    2 ** 51 + 0.5,
    0.49999999999999994,
    1e300,
    1e-300,
    3,
    7,
    10,
  ],
  f32: [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    Number.NaN,
    Infinity,
    -Infinity,
    2 ** -149,
    -(2 ** -149),
    2 ** -126,
    2 ** -126 - 2 ** -149,
    3.4028234663852886e38,
    -3.4028234663852886e38,
    2 ** 31,
    2 ** 31 - 128,
    -(2 ** 31),
    2 ** 32,
    2 ** 32 - 256,
    2 ** 24,
    2 ** 24 - 1,
    2 ** 63,
    -(2 ** 63),
    2 ** 64,
    2 ** 23 + 0.5,
    2 ** 22 + 0.5,
    127.5,
    128,
    -128.9,
    -129,
    255.9,
    256,
    32767.5,
    65536,
    3,
    7,
    10,
    0.49999997,
  ],
};

const view = new DataView(new ArrayBuffer(8));

/** Every value of a type that sits on an edge: limits, their neighbours, powers of two, signed zeros, subnormals. */
export function edgesOf(type: ValueType): Value[] {
  if (type === 'bool') return [false, true];
  if (type === 'f32' || type === 'f64') return edges[type].map((v) => wrap(type, v));
  const [lo, hi] = laneRange(type);
  const out = new Set<Value>();
  for (const base of [lo, hi, 0n, lo / 2n, hi / 2n, hi / 3n])
    for (const near of [-2n, -1n, 0n, 1n, 2n]) out.add(wrap(type, base + near));
  for (let bit = 0; bit < bitsOf(type); bit++)
    for (const near of [-1n, 0n, 1n]) out.add(wrap(type, (1n << BigInt(bit)) + near));
  return [...out].filter((_, i) => bitsOf(type) <= 16 || i % 3 !== 2);
}

/** A random value of a type: edges, small values and arbitrary bits (NaN always the canonical one). */
export function randomValue(r: Random, type: ValueType): Value {
  if (type === 'bool') return r.chance(0.5);
  const kind = r.next();
  if (isFloat(type)) {
    const t = type as 'f32' | 'f64';
    if (kind < 0.35) return wrap(t, r.pick(edges[t]));
    if (kind < 0.6) return wrap(t, (r.next() - 0.5) * 20);
    if (kind < 0.75) return r.below(41) - 20;
    if (kind < 0.85) return wrap(t, Math.round((r.next() - 0.5) * 2 ** (1 + r.below(66))));
    view.setUint32(0, r.below(2 ** 32));
    view.setUint32(4, r.below(2 ** 32));
    return t === 'f32' ? view.getFloat32(0) : view.getFloat64(0);
  }
  const [lo, hi] = laneRange(type);
  if (kind < 0.3) {
    const near = BigInt(r.below(3));
    return wrap(type, r.pick([lo + near, hi - near, near, -near, lo / 2n + near, hi / 2n + near]));
  }
  if (kind < 0.6) return wrap(type, r.below(41) - (isSigned(type) ? 20 : 0));
  if (kind < 0.7) return wrap(type, 1n << BigInt(r.below(bitsOf(type))));
  return wrap(type, (BigInt(r.below(2 ** 32)) << 32n) | BigInt(r.below(2 ** 32)));
}

/** The value of an operand's part: what a generated body may load. */
export interface Source {
  readonly lane: Lane;
  readonly parts: 1 | 2;
}

const tables: Partial<Record<ValueType, { id: number; length: number }>> = {
  f64: {
    id: registerTable(
      'test f64',
      'f64',
      Float64Array.from({ length: 11 }, (_, i) => i * 1.25 - 3),
    ),
    length: 11,
  },
  i32: {
    id: registerTable(
      'test i32',
      'i32',
      Int32Array.from({ length: 7 }, (_, i) => i * 1000003),
    ),
    length: 7,
  },
  u64: {
    id: registerTable(
      'test u64',
      'u64',
      BigUint64Array.from({ length: 5 }, (_, i) => BigInt(i) << 61n),
    ),
    length: 5,
  },
};

const numeric: readonly Op[] = ['add', 'sub', 'mul', 'neg', 'abs'];
const integral: readonly Op[] = [
  ...numeric,
  'idiv',
  'irem',
  'min',
  'max',
  'and',
  'or',
  'xor',
  'not',
  'shlk',
  'shrk',
  'shl',
  'shr',
  'gcd',
  'ipow',
  'popcnt',
  'clz',
  'idiv',
  'irem',
];
const floating: readonly Op[] = [
  ...numeric,
  'div',
  'sqrt',
  'ceil',
  'floor',
  'trunc',
  'nearest',
  'pmin',
  'pmax',
  'frem',
  'div',
];
const unary = new Set<Op>([
  'neg',
  'abs',
  'not',
  'sqrt',
  'ceil',
  'floor',
  'trunc',
  'nearest',
  'popcnt',
  'clz',
  'shlk',
  'shrk',
]);
const sameWidth: Partial<Record<ValueType, readonly ValueType[]>> = {
  i8: ['u8'],
  u8: ['i8'],
  i16: ['u16'],
  u16: ['i16'],
  i32: ['u32', 'f32'],
  u32: ['i32', 'f32'],
  f32: ['i32', 'u32'],
  i64: ['u64', 'f64'],
  u64: ['i64', 'f64'],
  f64: ['i64', 'u64'],
};

/** Makes random bodies as raw nodes (nothing simplified), with values shared between them. */
export class Bodies {
  readonly #r: Random;
  readonly #sources: readonly Source[];
  readonly #params: readonly ValueType[];
  readonly #lane: boolean;
  readonly #made = new Map<ValueType, Node[]>();

  constructor(r: Random, sources: readonly Source[], params: readonly ValueType[], lane: boolean) {
    this.#r = r;
    this.#sources = sources;
    this.#params = params;
    this.#lane = lane;
  }

  body(type: ValueType, depth: number): Node {
    const r = this.#r;
    const made = this.#made.get(type) ?? [];
    if (made.length > 0 && r.chance(0.2)) return r.pick(made);
    const n = depth <= 0 ? this.#leaf(type) : this.#inner(type, depth);
    this.#made.set(type, [...made, n]);
    return n;
  }

  #leaf(type: ValueType): Node {
    const r = this.#r;
    const choices: (() => Node)[] = [() => constant(type, randomValue(r, type))];
    this.#sources.forEach((s, i) => {
      for (let p = 0; p < s.parts; p++) {
        const load = (): Node => rawNode('load', [], i * 2 + p, s.lane);
        const turned = (): Node => this.#turn(load(), type);
        choices.push(s.lane === type ? load : turned, s.lane === type ? load : turned);
        if (s.lane === type) choices.push(load, load);
      }
    });
    this.#params.forEach((t, i) => {
      choices.push(() => this.#turn(rawNode('param', [], i, t), type));
    });
    if (this.#lane && type === 'i32') choices.push(() => rawNode('lane', [], null, 'i32'));
    return r.pick(choices)();
  }

  #turn(n: Node, type: ValueType): Node {
    return n.type === type ? n : rawNode('convert', [n], null, type);
  }

  #inner(type: ValueType, depth: number): Node {
    const r = this.#r;
    const sub = (t: ValueType): Node => this.body(t, depth - 1 - r.below(2));
    const kind = r.next();
    if (kind < 0.09) return rawNode('select', [sub('bool'), sub(type), sub(type)]);
    if (kind < 0.16) return rawNode('rare', [sub('bool'), sub(type), sub(type)]);
    if (kind < 0.32) return rawNode('convert', [sub(r.pick(['bool', ...lanes, ...lanes]))], null, type);
    if (type === 'bool') {
      if (kind < 0.7) {
        const t = r.pick(lanes);
        return rawNode(r.pick<Op>(['eq', 'ne', 'lt', 'le']), [sub(t), sub(t)]);
      }
      return kind < 0.78
        ? rawNode('not', [sub(type)])
        : rawNode(r.pick<Op>(['and', 'or', 'xor']), [sub(type), sub(type)]);
    }
    if (kind < 0.38) {
      const from = r.pick(sameWidth[type] ?? []);
      let x = sub(from);
      // The bits of a computed NaN are the engine's choice: hide them.
      if (isFloat(from)) x = rawNode('select', [rawNode('ne', [x, x]), constant(from, 1.5), x]);
      return rawNode('bitcast', [x], null, type);
    }
    const t = tables[type];
    if (t !== undefined && kind < 0.42) {
      const index = rawNode('irem', [sub('u32'), constant('u32', t.length)]);
      return rawNode('table', [rawNode('convert', [index], null, 'i32')], t.id, type);
    }
    const op = r.pick(isFloat(type) ? floating : integral);
    if (op === 'shlk' || op === 'shrk') return rawNode(op, [sub(type)], r.below(bitsOf(type)));
    if (unary.has(op)) return rawNode(op, [sub(type)]);
    let b = sub(type);
    // Amounts mostly in range, exponents mostly small.
    if ((op === 'shl' || op === 'shr') && r.chance(0.6))
      b = rawNode('and', [b, constant(type, wrap(type, bitsOf(type) - 1))]);
    if (op === 'ipow' && r.chance(0.6)) b = rawNode('and', [b, constant(type, wrap(type, 7))]);
    return rawNode(op, [sub(type), b]);
  }
}

/** Seeds to run: all of a test's own, or the one to replay. */
export function seeds(count: number, from = 1): number[] {
  const one = process.env.KERNEL_SEED;
  if (one !== undefined) return [Number(one)];
  const total = Math.round(count * Number(process.env.KERNEL_CASES ?? 1));
  return Array.from({ length: total }, (_, i) => from + i);
}

export const sameValue = (a: Value, b: Value): boolean => Object.is(a, b);

// Reductions against the documented tree (_tree.ts), bit for bit: every state lane, one part and two, ordered and not,
// inputs of any lane and layout under value maps, through run, nest and pairs.

import { describe, expect, it } from 'vitest';
import type { Lane } from '../../src/dtype/dtype.ts';
import { ComplexExpr, Expr, type ExprValue, load, param } from '../../src/kernel/builder.ts';
import { interpret, laneRange, type Value, wrap } from '../../src/kernel/interpret.ts';
import { isFloat, isWide, laneBytes, type Node, substitute, type ValueType } from '../../src/kernel/ir.ts';
import { printExpression } from '../../src/kernel/print.ts';
import { rebuild } from '../../src/kernel/simplify.ts';
import { addFold, combineOperands, foldScratch, LEAF, RUN } from '../../src/kernel/wasm/fold.ts';
import { nestWords } from '../../src/kernel/wasm/nest.ts';
import type { Layout, OperandSpec } from '../../src/kernel/wasm/operands.ts';
import { allocate, primarySegment } from '../../src/memory/allocate.ts';
import { asArguments, Column, compiled, expected, layouts, randomStride } from './_machine.ts';
import { Bodies, lanes, Random, randomValue, sameValue, seeds } from './_random.ts';
import { pairwise, type State, treeOf } from './_tree.ts';

const { left, right } = combineOperands;
const nodesOf = (v: ExprValue): Node[] => (v instanceof ComplexExpr ? [v.re.node, v.im.node] : [v.node]);

interface Reduction {
  readonly parts: 1 | 2;
  readonly ordered: boolean;
  combine(a: ExprValue, b: ExprValue): ExprValue;
  identity(t: Lane): readonly (number | bigint)[];
  readonly on: (t: Lane) => boolean;
  readonly leaf?: number;
  several?(state: Expr, elements: readonly Expr[]): Expr;
  settled?(state: Expr): Expr;
}

const real =
  (f: (a: Expr, b: Expr) => Expr) =>
  (a: ExprValue, b: ExprValue): ExprValue =>
    a instanceof ComplexExpr || b instanceof ComplexExpr ? a : f(a, b);
const complex =
  (f: (a: ComplexExpr, b: ComplexExpr) => ComplexExpr) =>
  (a: ExprValue, b: ExprValue): ExprValue =>
    a instanceof ComplexExpr && b instanceof ComplexExpr ? f(a, b) : a;
const number = (t: Lane, v: number): number | bigint => (isWide(t) ? BigInt(v) : v);
const limit =
  (which: 0 | 1) =>
  (t: Lane): (number | bigint)[] => {
    if (isFloat(t)) return [which === 0 ? -Infinity : Infinity];
    const v = laneRange(t)[which];
    return [isWide(t) ? v : Number(v)];
  };

const reductions = {
  sum: {
    parts: 1,
    ordered: true,
    combine: real((a, b) => a.add(b)),
    identity: (t) => [number(t, 0)],
    on: () => true,
  },
  prod: {
    parts: 1,
    ordered: true,
    combine: real((a, b) => a.mul(b)),
    identity: (t) => [number(t, 1)],
    on: () => true,
  },
  // NaN wins; order does not matter then.
  min: {
    parts: 1,
    ordered: false,
    combine: real((a, b) => (isFloat(a.type) ? a.lt(b).or(a.isNaN()).select(a, b) : a.min(b))),
    identity: limit(1),
    on: () => true,
  },
  max: {
    parts: 1,
    ordered: false,
    combine: real((a, b) => (isFloat(a.type) ? b.lt(a).or(a.isNaN()).select(a, b) : a.max(b))),
    identity: limit(0),
    on: () => true,
  },
  unorderedSum: {
    parts: 1,
    ordered: false,
    combine: real((a, b) => a.add(b)),
    identity: (t) => [number(t, 0)],
    on: () => true,
  },
  any: {
    parts: 1,
    ordered: false,
    combine: real((a, b) => a.ne(0).or(b.ne(0)).to('u8')),
    identity: () => [0],
    on: (t) => t === 'u8',
    settled: (s) => s.ne(0),
  },
  // The first of equal values wins, NaN before all: order shows in zeros only.
  greatest: {
    parts: 1,
    ordered: true,
    leaf: RUN,
    combine: real((a, b) => b.isNaN().select(b, a.pmax(b))),
    identity: limit(0),
    on: isFloat,
    several: (s, xs) =>
      xs
        .reduce((nan, x) => nan.or(x.isNaN()), s.isNaN())
        .select(
          s.like(Number.NaN),
          xs.reduce((m, x) => m.pmax(x), s),
        ),
  },
  complexSum: {
    parts: 2,
    ordered: true,
    combine: complex((a, b) => a.add(b)),
    identity: () => [0, 0],
    on: isFloat,
  },
  complexProd: {
    parts: 2,
    ordered: true,
    combine: complex((a, b) => a.mul(b)),
    identity: () => [1, 0],
    on: isFloat,
  },
  // A combination that converts, branches and calls: what an author may write.
  odd: {
    parts: 1,
    ordered: true,
    combine: real((a, b) => a.lt(b).rare(b.sub(a), a.to('f64').nearest().to(a.type).add(b))),
    identity: (t) => [number(t, 3)],
    on: () => true,
  },
} as const satisfies Record<string, Reduction>;

type Name = keyof typeof reductions;
const names = Object.keys(reductions) as Name[];

interface Fold {
  readonly seed: number;
  readonly name: Name;
  readonly inputs: readonly OperandSpec[];
  readonly params: readonly ValueType[];
  readonly value: readonly Node[];
  readonly state: OperandSpec;
}

const stateOf = (lane: Lane, parts: 1 | 2): OperandSpec => ({ lane, parts, layout: 'uniform' });

function combineNodes(name: Name, { lane, parts }: OperandSpec): Node[] {
  const state = (operand: number): ExprValue =>
    parts === 2 ? new ComplexExpr(load(operand, 0, lane), load(operand, 1, lane)) : load(operand, 0, lane);
  return nodesOf(reductions[name].combine(state(left), state(right)));
}

const TIMES = 3;

// The value of the element `further` ahead, as a fold of several elements numbers its operands.
const further = ({ value, inputs }: Fold, ahead: number): Expr => {
  const moved = (n: Node): Node | undefined => {
    if (n.op !== 'load') return undefined;
    return load((Number(n.imm) >> 1) + ahead * inputs.length, (Number(n.imm) & 1) as 0 | 1, n.type as Lane).node;
  };
  return new Expr(substitute(value, moved, rebuild)[0]);
};

function build(c: Fold) {
  const { ordered, identity, leaf, several, settled }: Reduction = reductions[c.name];
  const state = load(left, 0, c.state.lane);
  const ahead = Array.from({ length: TIMES }, (_, e) => e);
  return compiled((module, tableAddress) =>
    addFold(module, {
      ...c,
      leaf,
      several: several && {
        times: TIMES,
        roots: [
          several(
            state,
            ahead.map((e) => further(c, e)),
          ).node,
        ],
      },
      settled: settled?.(state).node,
      combine: combineNodes(c.name, c.state),
      identity: identity(c.state.lane),
      ordered,
      tableAddress,
    }),
  );
}

function reference(c: Fold, values: readonly State[]): State {
  const { ordered, identity, leaf }: Reduction = reductions[c.name];
  const nodes = combineNodes(c.name, c.state);
  const combine = (a: State, b: State): State =>
    interpret(nodes, {
      load: (operand, part) => (operand === left ? a : b)[part],
      param: () => 0,
      lane: () => 0,
      table: () => 0,
    });
  return treeOf(values, identity(c.state.lane), combine, ordered, leaf);
}

const show = (c: Fold, n: number): string =>
  `${c.name} of n = ${n}\n${printExpression(c.value)}\n${JSON.stringify({ inputs: c.inputs, params: c.params, state: c.state })}\nKERNEL_SEED=${c.seed} npx vitest run test/kernel/fold.test.ts`;

function runOnce(c: Fold, counts: readonly number[], fill?: (column: Column) => void): void {
  const kernel = build(c);
  const scratch = allocate(foldScratch(c.state), false);
  const out = new Column(c.state, 1);
  for (const n of counts) {
    const r = new Random(c.seed * 31 + n);
    const params = c.params.map((t) => randomValue(r, t));
    const inputs = c.inputs.map((spec) => {
      const column = new Column(spec, n, randomStride(r, spec, false)).fill(r);
      fill?.(column);
      return column;
    });
    const values = Array.from({ length: n }, (_, i) => expected(c.value, inputs, params, i));
    const want = reference(c, values);
    const strides = inputs.filter((o) => o.spec.layout === 'strided').map((o) => o.stride);
    kernel.run(n, ...inputs.map((o) => o.pointer), out.pointer, ...strides, ...asArguments(params), scratch.ptr);
    want.forEach((v, p) => {
      const got = out.get(0, p);
      if (!sameValue(got, v)) expect.fail(`part ${p}: ${got} instead of ${v}: ${show(c, n)}`);
    });
    for (const o of inputs) o.free();
  }
  out.free();
  scratch.dispose();
}

const spec = (lane: Lane, layout: Layout, parts: 1 | 2 = 1): OperandSpec => ({ lane, parts, layout });
const plain = (lane: Lane, name: Name, layout: Layout = 'contiguous'): Fold => {
  const { parts } = reductions[name];
  const value = Array.from({ length: parts }, (_, p) => load(0, p as 0 | 1, lane).node);
  return { seed: 1, name, inputs: [spec(lane, layout, parts)], params: [], value, state: stateOf(lane, parts) };
};

/** Finite values of modest size, so that sums and products stay numbers. */
function modest(column: Column): void {
  const r = new Random(column.count + 5);
  const { lane, parts } = column.spec;
  const distinct = column.stride === 0 ? Math.min(1, column.count) : column.count;
  for (let i = 0; i < distinct; i++)
    for (let p = 0; p < parts; p++) column.set(i, p, isFloat(lane) ? wrap(lane, r.next() * 2 - 0.9) : r.below(100));
}

describe('fold', () => {
  const rows = names.flatMap((name) => lanes.filter(reductions[name].on).map((lane) => [name, lane] as const));
  it.each(rows)('%s of %s equals the tree at every length', (name, lane) => {
    const lengths = [
      ...Array.from({ length: 36 }, (_, i) => i),
      63,
      64,
      65,
      240,
      255,
      256,
      257,
      271,
      272,
      511,
      512,
      513,
      600,
    ];
    for (const layout of ['contiguous', 'strided'] as const) {
      runOnce(plain(lane, name, layout), lengths);
      runOnce(plain(lane, name, layout), lengths, modest);
    }
  });

  it('equals the tree for random values of any lane', { timeout: 60_000 }, () => {
    for (const seed of seeds(600)) {
      const r = new Random(seed);
      const inputs = Array.from({ length: 1 + r.below(2) }, () => {
        const lane = r.pick(lanes);
        return spec(lane, r.pick(layouts), isFloat(lane) && r.chance(0.3) ? 2 : 1);
      });
      const params = Array.from({ length: r.below(3) }, () => r.pick<ValueType>([...lanes, 'bool']));
      const lane = r.pick(lanes);
      const name = r.pick(names.filter((k) => reductions[k].on(lane)));
      const bodies = new Bodies(r, inputs, params, false);
      const { parts } = reductions[name];
      const value = Array.from({ length: parts }, () => bodies.body(lane, 1 + r.below(4)));
      const c: Fold = { seed, name, inputs, params, value, state: stateOf(lane, parts) };
      runOnce(c, [r.below(40), r.below(601), r.pick([16, 32, 256, 512])]);
    }
  });

  it.each(['f64', 'f32'] as const)('squares around a mean, as variance does: %s', (lane) => {
    const d = load(0, 0, 'i16').to(lane).sub(param(0, lane));
    const c: Fold = {
      seed: 3,
      name: 'sum',
      inputs: [spec('i16', 'strided')],
      params: [lane],
      value: [d.mul(d).node],
      state: stateOf(lane, 1),
    };
    runOnce(c, [1, 17, 300, 600], modest);
  });

  it.each([
    ['f64', 'sum'],
    ['f32', 'complexSum'],
    ['i64', 'sum'],
    ['u8', 'max'],
    ['f32', 'greatest'],
  ] as const)('a whole run of %s %s', { timeout: 60_000 }, (lane, name) => {
    runOnce(plain(lane, name), [RUN, RUN - 1, RUN - LEAF], modest);
  });

  it('sums int32 into int64', () => {
    const value = [load(0, 0, 'i32').to('i64').node];
    const c: Fold = {
      seed: 9,
      name: 'unorderedSum',
      inputs: [spec('i32', 'contiguous')],
      params: [],
      value,
      state: stateOf('i64', 1),
    };
    runOnce(c, [0, 1, 15, 16, 17, 600]);
  });
});

describe('pairs', () => {
  it.each(['sum', 'complexProd', 'odd'] as const)('%s combines any number of states', (name) => {
    const c = plain('f64', name);
    const kernel = build(c);
    const nodes = combineNodes(name, c.state);
    const combine = (a: State, b: State): State =>
      interpret(nodes, { load: (o, p) => (o === left ? a : b)[p], param: () => 0, lane: () => 0, table: () => 0 });
    for (const count of [1, 2, 3, 4, 5, 7, 8, 9, 31, 100, 255, 256]) {
      const states = new Column(spec('f64', 'contiguous', c.state.parts), count).fill(new Random(count));
      modest(states);
      const before: State[] = Array.from({ length: count }, (_, i) =>
        Array.from({ length: c.state.parts }, (_, p) => states.get(i, p)),
      );
      kernel.pairs(count, states.pointer);
      pairwise(before, combine).forEach((v, p) => {
        expect(states.get(0, p)).toBe(v);
      });
      states.free();
    }
  });
});

describe('nest of a fold', () => {
  it('reduces the rows of a matrix, in rows and in columns', () => {
    const c = plain('f32', 'sum', 'strided');
    const kernel = build(c);
    const [rows, columns] = [13, 70];
    const matrix = new Column(spec('f32', 'contiguous'), rows * columns);
    modest(matrix);
    const scratch = allocate(foldScratch(c.state), false);
    const item = laneBytes.f32;
    for (const [outer, inner, outerStep, step] of [
      [rows, columns, columns * item, item],
      [columns, rows, item, columns * item],
    ]) {
      const out = new Column(spec('f32', 'contiguous'), outer);
      const words = nestWords(1, 2);
      const descriptor = allocate(words * 4, false);
      primarySegment().i32.set(
        [1, inner, matrix.pointer, out.pointer, step, 0, outer, 0, outerStep, item, outer * outerStep, outer * item],
        descriptor.ptr / 4,
      );
      kernel.nest(descriptor.ptr, scratch.ptr);
      for (let i = 0; i < outer; i++) {
        const values: Value[][] = Array.from({ length: inner }, (_, k) => [
          matrix.get((i * outerStep + k * step) / item),
        ]);
        expect(out.get(i)).toBe(reference(c, values)[0]);
      }
      out.free();
      descriptor.dispose();
    }
    matrix.free();
    scratch.dispose();
  });
});

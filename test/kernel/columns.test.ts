// Reductions of many columns at once against the documented tree (_tree.ts): the same bits as a run of each column.

import { describe, expect, it } from 'vitest';
import type { Lane } from '../../src/dtype/dtype.ts';
import { ComplexExpr, Expr, load } from '../../src/kernel/builder.ts';
import { interpret } from '../../src/kernel/interpret.ts';
import { isFloat, isWide, laneBytes, type Node } from '../../src/kernel/ir.ts';
import { addColumns, columnScratch } from '../../src/kernel/wasm/columns.ts';
import type { OperandSpec } from '../../src/kernel/wasm/operands.ts';
import { allocate } from '../../src/memory/allocate.ts';
import { Column, compiled } from './_machine.ts';
import { Random, seeds } from './_random.ts';
import { type State, treeOf } from './_tree.ts';

type Pair = readonly [Expr | ComplexExpr, Expr | ComplexExpr];
const plus = ([a, b]: Pair): Node[] =>
  a instanceof ComplexExpr
    ? b instanceof ComplexExpr
      ? [a.add(b).re.node, a.add(b).im.node]
      : []
    : b instanceof ComplexExpr
      ? []
      : [a.add(b).node];
const larger = ([a, b]: Pair): Node[] =>
  a instanceof ComplexExpr || b instanceof ComplexExpr ? [] : [b.lt(a).select(a, b).node];

interface Row {
  readonly name: string;
  readonly input: Lane;
  readonly state: Lane;
  readonly parts: 1 | 2;
  readonly combine: (p: Pair) => Node[];
  readonly identity: State;
  readonly ordered: boolean;
  /** Rows taken at once. */
  readonly atOnce: number;
}

const rows: readonly Row[] = [
  { name: 'sum', input: 'f64', state: 'f64', parts: 1, combine: plus, identity: [-0], ordered: true, atOnce: 3 },
  { name: 'sum', input: 'f32', state: 'f32', parts: 1, combine: plus, identity: [-0], ordered: true, atOnce: 5 },
  { name: 'sum', input: 'i16', state: 'f64', parts: 1, combine: plus, identity: [-0], ordered: true, atOnce: 5 },
  { name: 'sum', input: 'i32', state: 'i64', parts: 1, combine: plus, identity: [0n], ordered: false, atOnce: 5 },
  {
    name: 'sum of complex',
    input: 'f32',
    state: 'f32',
    parts: 2,
    combine: plus,
    identity: [-0, -0],
    ordered: true,
    atOnce: 1,
  },
  { name: 'max', input: 'u8', state: 'u8', parts: 1, combine: larger, identity: [0], ordered: false, atOnce: 4 },
];

const valueOf = (lane: Lane, parts: 1 | 2, operand: number, state: Lane): Expr | ComplexExpr =>
  parts === 2 ? new ComplexExpr(load(operand, 0, lane), load(operand, 1, lane)) : load(operand, 0, lane).to(state);
const exprOf = (n: readonly Node[]): Expr | ComplexExpr =>
  n.length === 2 ? new ComplexExpr(new Expr(n[0]), new Expr(n[1])) : new Expr(n[0]);
const nodesOf = (v: Expr | ComplexExpr): Node[] => (v instanceof ComplexExpr ? [v.re.node, v.im.node] : [v.node]);

describe('columns', () => {
  it.each(rows)('$name of $input into $state', { timeout: 60_000 }, (row) => {
    const { input, parts, combine } = row;
    const state: OperandSpec = { lane: row.state, parts, layout: 'contiguous' };
    const item = laneBytes[input] * parts;
    const joined = combine([valueOf(row.state, parts, 0, row.state), valueOf(row.state, parts, 1, row.state)]);
    const meet = (a: State, b: State): State =>
      interpret(joined, { load: (o, p) => (o === 0 ? a : b)[p], param: () => 0, lane: () => 0, table: () => 0 });
    const steps = (count: number): Node[] => {
      let s = nodesOf(valueOf(row.state, parts, 0, row.state));
      for (let i = 1; i <= count; i++) s = combine([exprOf(s), valueOf(input, parts, i, row.state)]);
      return s;
    };
    for (const layout of ['contiguous', 'strided'] as const) {
      const kernel = compiled((module, tableAddress) =>
        addColumns(module, {
          inputs: [{ lane: input, parts, layout }],
          state,
          value: nodesOf(valueOf(input, parts, 0, row.state)),
          step: steps(1),
          steps: steps(row.atOnce),
          rows: row.atOnce,
          ordered: row.ordered,
          join: joined,
          tableAddress,
        }),
      ) as unknown as { readonly columns: (...args: number[]) => void }; // exported beside the usual three
      for (const seed of seeds(60)) {
        const r = new Random(seed);
        const [n, m] = [r.pick([1 + r.below(20), 1 + r.below(300), 1 + r.below(1400)]), 1 + r.below(9)];
        const step = layout === 'strided' ? 2 : 1;
        const matrix = new Column({ lane: input, parts, layout: 'contiguous' }, n * m * step);
        for (let i = 0; i < matrix.count; i++)
          for (let p = 0; p < parts; p++) {
            const v = isFloat(input) ? r.next() * 20 - 10 : r.below(200) - (input === 'u8' ? 0 : 100);
            matrix.set(i, p, isWide(input) ? BigInt(v) : v);
          }
        const out = new Column(state, m);
        const base = allocate(columnScratch(state, n, m), false);
        const columnStride = layout === 'strided' ? [item * step] : [];
        kernel.columns(n, m, matrix.pointer, item * step * m, ...columnStride, base.ptr, out.pointer);
        for (let c = 0; c < m; c++) {
          const values: State[] = Array.from({ length: n }, (_, i) =>
            interpret(nodesOf(valueOf(input, parts, 0, row.state)), {
              load: (_o, p) => matrix.get((i * m + c) * step, p),
              param: () => 0,
              lane: () => 0,
              table: () => 0,
            }),
          );
          const want = treeOf(values, row.identity, meet, true);
          want.forEach((v, p) => {
            const got = out.get(c, p);
            if (!Object.is(got, v))
              expect.fail(
                `column ${c} of ${n} × ${m}, part ${p}: ${got} instead of ${v}\nKERNEL_SEED=${seed} npx vitest run test/kernel/columns.test.ts`,
              );
          });
        }
        matrix.free();
        out.free();
        base.dispose();
      }
    }
  });
});

// Running reductions against a loop: strictly left to right, every lane, every layout, value maps, in place.

import { describe, expect, it } from 'vitest';
import { ComplexExpr, load } from '../../src/kernel/builder.ts';
import { interpret, type Value } from '../../src/kernel/interpret.ts';
import { isFloat, type Node, type ValueType } from '../../src/kernel/ir.ts';
import { printExpression } from '../../src/kernel/print.ts';
import { combineOperands } from '../../src/kernel/wasm/fold.ts';
import type { OperandSpec } from '../../src/kernel/wasm/operands.ts';
import { addScan } from '../../src/kernel/wasm/scan.ts';
import { asArguments, Column, compiled, expected, layouts, randomStride } from './_machine.ts';
import { Bodies, lanes, Random, randomValue, sameValue, seeds } from './_random.ts';

const { left, right } = combineOperands;

function combination(r: Random, { lane, parts }: OperandSpec): Node[] {
  if (parts === 2) {
    const state = (k: number): ComplexExpr => new ComplexExpr(load(k, 0, lane), load(k, 1, lane));
    const v = r.chance(0.5) ? state(left).mul(state(right)) : state(left).add(state(right));
    return [v.re.node, v.im.node];
  }
  const [a, b] = [load(left, 0, lane), load(right, 0, lane)];
  const max = a.lt(b).select(b, a);
  return [r.pick([a.add(b), a.mul(b), max, a.lt(b).rare(a.sub(b), a.add(b).add(1))]).node];
}

interface Scan {
  readonly seed: number;
  readonly inputs: readonly OperandSpec[];
  readonly params: readonly ValueType[];
  readonly value: readonly Node[];
  readonly state: OperandSpec;
  readonly combine: readonly Node[];
  /** Does the output lie over input 0? */
  readonly over: boolean;
  readonly n: number;
}

function randomScan(seed: number): Scan {
  const r = new Random(seed);
  const inputs = Array.from({ length: 1 + r.below(2) }, (): OperandSpec => {
    const lane = r.pick(lanes);
    return { lane, parts: isFloat(lane) && r.chance(0.3) ? 2 : 1, layout: r.pick(layouts) };
  });
  const over = r.chance(0.3) && inputs[0].layout !== 'uniform';
  const lane = r.pick(lanes);
  const state: OperandSpec = over
    ? inputs[0]
    : { lane, parts: isFloat(lane) && r.chance(0.3) ? 2 : 1, layout: r.pick(['contiguous', 'strided']) };
  const params = Array.from({ length: r.below(2) }, () => r.pick<ValueType>([...lanes, 'bool']));
  const bodies = new Bodies(r, inputs, params, false);
  const value = Array.from({ length: state.parts }, () => bodies.body(state.lane, r.below(4)));
  return { seed, inputs, params, value, state, combine: combination(r, state), over, n: r.below(71) };
}

function check(c: Scan): void {
  const r = new Random(c.seed * 13);
  const kernel = compiled((module, tableAddress) => addScan(module, { ...c, tableAddress }));
  const params = c.params.map((t) => randomValue(r, t));
  const inputs = c.inputs.map((s, i) => new Column(s, c.n, randomStride(r, s, c.over && i === 0)).fill(r));
  const out = c.over ? inputs[0] : new Column(c.state, c.n, randomStride(r, c.state, true));
  const want: Value[][] = [];
  for (let i = 0; i < c.n; i++) {
    const value = expected(c.value, inputs, params, i);
    const before = want[i - 1];
    want.push(
      i === 0
        ? value
        : interpret(c.combine, {
            load: (k, p) => (k === left ? before : value)[p],
            param: () => 0,
            lane: () => 0,
            table: () => 0,
          }),
    );
  }
  const columns = [...inputs, out];
  const strides = columns.filter((o) => o.spec.layout === 'strided').map((o) => o.stride);
  kernel.run(c.n, ...columns.map((o) => o.pointer), ...strides, ...asArguments(params));
  want.forEach((state, i) => {
    state.forEach((v, p) => {
      const got = out.get(i, p);
      if (sameValue(got, v)) return;
      const { inputs: specs, state: to, over } = c;
      expect.fail(
        `element ${i} of ${c.n}, part ${p}: ${got} instead of ${v}\nvalue\n${printExpression(c.value)}\ncombine\n${printExpression(c.combine)}\n${JSON.stringify({ specs, to, over })}\nKERNEL_SEED=${c.seed} npx vitest run test/kernel/scan.test.ts`,
      );
    });
  });
  for (const o of new Set(columns)) o.free();
}

describe('scan', () => {
  it('equals a loop', { timeout: 60_000 }, () => {
    for (const seed of seeds(1200)) check(randomScan(seed));
  });
});

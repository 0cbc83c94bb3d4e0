// Elementwise kernels against the interpreter, bit for bit: random bodies of every operation on every lane, over every
// layout, all run lengths around a pass, in place, and nothing written but the outputs' elements.

import { afterAll, describe, expect, it } from 'vitest';
import type { Value } from '../../src/kernel/interpret.ts';
import { interpret } from '../../src/kernel/interpret.ts';
import { laneBytes, type Node, rawNode, topological, type ValueType } from '../../src/kernel/ir.ts';
import { legalize } from '../../src/kernel/legalize.ts';
import { printExpression } from '../../src/kernel/print.ts';
import { node } from '../../src/kernel/simplify.ts';
import { addMap, usesLane } from '../../src/kernel/wasm/map.ts';
import type { Layout, OperandSpec } from '../../src/kernel/wasm/operands.ts';
import { primarySegment } from '../../src/memory/allocate.ts';
import { asArguments, Column, compiled, expected, layouts, randomStride, tableValue } from './_machine.ts';
import { Bodies, lanes, Random, randomValue, sameValue, seeds } from './_random.ts';

interface Case {
  readonly seed: number;
  readonly inputs: readonly OperandSpec[];
  readonly outputs: readonly OperandSpec[];
  readonly params: readonly ValueType[];
  readonly body: readonly Node[];
  readonly counts: readonly number[];
  /** Output 0 lies over this input, -1 for none. */
  readonly over: number;
}

/** Every node again through the simplifying constructor. */
function simplified(roots: readonly Node[]): Node[] {
  const done = new Map<Node, Node>();
  for (const n of topological(roots)) {
    const args = n.args.map((a) => done.get(a) ?? a);
    const stated = n.op === 'convert' || n.op === 'bitcast' || n.op === 'table' ? n.type : undefined;
    done.set(n, args.length === 0 ? n : node(n.op, args, n.imm, stated));
  }
  return roots.map((n) => done.get(n) ?? n);
}

function randomSpec(r: Random, layoutsAllowed: readonly Layout[]): OperandSpec {
  const lane = r.pick(lanes);
  const parts = (lane === 'f32' || lane === 'f64') && r.chance(0.3) ? 2 : 1;
  return { lane, parts, layout: r.pick(layoutsAllowed) };
}

function randomCase(seed: number): Case {
  const r = new Random(seed);
  const inputs = Array.from({ length: 1 + r.below(3) }, () => randomSpec(r, layouts));
  const params = Array.from({ length: r.below(3) }, () => r.pick<ValueType>([...lanes, 'bool']));
  const outputs = Array.from({ length: r.chance(0.3) ? 2 : 1 }, () =>
    randomSpec(r, ['contiguous', 'contiguous', 'strided']),
  );
  const over = r.chance(0.2) && inputs[0].layout !== 'uniform' ? 0 : -1;
  if (over >= 0) outputs[0] = inputs[0];
  const bodies = new Bodies(r, inputs, params, r.chance(0.2));
  const depth = r.chance(0.15) ? 8 : 1 + r.below(5);
  const body = outputs.flatMap((o) =>
    Array.from({ length: o.parts }, () =>
      o.lane === 'u8' && r.chance(0.6)
        ? rawNode('convert', [bodies.body('bool', depth)], null, 'u8')
        : bodies.body(o.lane, depth),
    ),
  );
  return {
    seed,
    inputs,
    outputs,
    params,
    body,
    counts: [r.below(71), r.pick([1, 2, 15, 16, 17, 64, r.below(30)])],
    over,
  };
}

/** Runs a case; a description of the first difference, or undefined. */
function difference(c: Case): string | undefined {
  const rewritten = legalize(simplified(c.body));
  const kernel = compiled((module, tableAddress) => addMap(module, { ...c, body: rewritten, tableAddress }));
  for (const n of c.counts) {
    const r = new Random(c.seed * 77 + n);
    const params = c.params.map((t) => randomValue(r, t));
    const inputs = c.inputs.map((spec, i) => new Column(spec, n, randomStride(r, spec, i === c.over)).fill(r));
    const outputs = c.outputs.map((spec, i) =>
      i === 0 && c.over >= 0 ? inputs[c.over] : new Column(spec, n, randomStride(r, spec, true)),
    );
    const want: Value[][] = Array.from({ length: n }, (_, i) => expected(c.body, inputs, params, i));
    const before = outputs.map((o) => o.bytes());
    const columns = [...inputs, ...outputs];
    const strides = columns.filter((o) => o.spec.layout === 'strided').map((o) => o.stride);
    const lane = usesLane(rewritten) ? [0] : [];
    kernel.run(n, ...lane, ...columns.map((o) => o.pointer), ...strides, ...asArguments(params));
    let bad: string | undefined;
    let root = 0;
    outputs.forEach((o, k) => {
      const view = new DataView(before[k].buffer);
      const width = laneBytes[o.spec.lane];
      for (let p = 0; p < o.spec.parts; p++, root++) {
        for (let i = 0; i < n; i++) {
          const got = o.get(i, p);
          if (!sameValue(got, want[i][root])) {
            const args = c.inputs.map((s, j) =>
              j === c.over ? '(overwritten)' : `${Array.from({ length: s.parts }, (_, q) => inputs[j].get(i, q))}`,
            );
            bad ??= `output ${k}.${p} element ${i} of ${n}: ${got}, interpreter ${want[i][root]}; inputs ${args.join(' ')} params ${params}`;
          }
          // What was written, be it another NaN, into the picture of what must be there.
          const at = o.pointer - o.storage.ptr + i * o.stride + p * width;
          for (let b = 0; b < width; b++) view.setUint8(at + b, primarySegment().u8[o.storage.ptr + at + b]);
        }
      }
    });
    outputs.forEach((o, k) => {
      if (!Buffer.from(o.bytes()).equals(before[k])) bad ??= `output ${k}: bytes between its elements were changed`;
    });
    for (const o of new Set(columns)) o.free();
    if (bad !== undefined) return bad;
  }
  return undefined;
}

const where = (c: Case): string =>
  JSON.stringify({ inputs: c.inputs, outputs: c.outputs, params: c.params, over: c.over, counts: c.counts });

/** The least subexpression that goes wrong by itself, and the line that replays it. */
function report(c: Case, bad: string): string {
  for (const n of topological(c.body)) {
    const root = n.type === 'bool' ? rawNode('convert', [n], null, 'u8') : n;
    if (root.type === 'bool') continue;
    const small: Case = {
      ...c,
      body: [root],
      outputs: [{ lane: root.type, parts: 1, layout: 'contiguous' }],
      over: -1,
    };
    let less: string | undefined;
    try {
      less = difference(small);
    } catch (error) {
      less = `${error}`;
    }
    if (less !== undefined)
      return `${less}\n${printExpression([root])}\n${where(small)}\nKERNEL_SEED=${c.seed} npx vitest run test/kernel/map.test.ts`;
  }
  return `${bad}\n${printExpression(c.body)}\n${where(c)}\nKERNEL_SEED=${c.seed} npx vitest run test/kernel/map.test.ts`;
}

describe('map kernels', () => {
  const held = { tried: 0 };
  afterAll(() => expect(held.tried).toBeGreaterThan(0));
  for (const block of [0, 1, 2, 3]) {
    it(`equal the interpreter, block ${block}`, { timeout: 120_000 }, () => {
      for (const seed of seeds(500, 1 + block * 500)) {
        const c = randomCase(seed);
        let bad: string | undefined;
        try {
          bad = difference(c);
        } catch (error) {
          bad = `${error}`;
        }
        held.tried++;
        if (bad !== undefined) expect.fail(report(c, bad));
      }
    });
  }
});

describe('legalize and simplify', () => {
  it('keep every value', { timeout: 60_000 }, () => {
    for (const seed of seeds(2500, 100_000)) {
      const c = randomCase(seed);
      const rewritten = [simplified(c.body), legalize(c.body), legalize(legalize(simplified(c.body)))];
      const r = new Random(seed);
      for (let i = 0; i < 4; i++) {
        const values = new Map<number, Value>();
        const params = c.params.map((t) => randomValue(r, t));
        const load = (operand: number, part: number): Value => {
          const key = operand * 2 + part;
          const v = values.get(key) ?? randomValue(r, c.inputs[operand].lane);
          values.set(key, v);
          return v;
        };
        const env = { load, param: (k: number) => params[k], lane: () => i, table: tableValue };
        const want = interpret(c.body, env);
        for (const [k, roots] of rewritten.entries()) {
          const got = interpret(roots, env);
          if (!got.every((v, j) => sameValue(v, want[j]))) {
            expect.fail(
              `rewriting ${k}: ${got} instead of ${want}\n${printExpression(c.body)}\nnow\n${printExpression(roots)}\nKERNEL_SEED=${seed}`,
            );
          }
        }
      }
    }
  });
});

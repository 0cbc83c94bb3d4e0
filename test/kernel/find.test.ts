// Searches: the number of the first element that fits, or n; hits at every position of every length around a pass,
// every layout, random conditions.

import { describe, expect, it } from 'vitest';
import { load } from '../../src/kernel/builder.ts';
import { isFloat, type ValueType } from '../../src/kernel/ir.ts';
import { printExpression } from '../../src/kernel/print.ts';
import { addFind } from '../../src/kernel/wasm/find.ts';
import type { OperandSpec } from '../../src/kernel/wasm/operands.ts';
import { asArguments, Column, compiled, expected, layouts, randomStride } from './_machine.ts';
import { Bodies, lanes, Random, randomValue, seeds } from './_random.ts';

const kernelOf = (
  inputs: readonly OperandSpec[],
  condition: ReturnType<typeof load>,
  params: readonly ValueType[] = [],
) => compiled((module, tableAddress) => addFind(module, { inputs, params, condition: condition.node, tableAddress }));

describe('find', () => {
  it.each(lanes)('finds a hit at every position: %s', (lane) => {
    for (const [layout, stride] of [
      ['contiguous', 0],
      ['strided', 24],
      ['strided', -16],
      ['strided', 9],
    ] as const) {
      const spec: OperandSpec = { lane, parts: 1, layout };
      const kernel = kernelOf([spec], load(0, 0, lane).ne(0));
      for (const n of [0, 1, 2, 15, 16, 17, 31, 32, 33, 50]) {
        const column = new Column(spec, n, stride);
        const search = (): number =>
          layout === 'strided' ? kernel.run(n, column.pointer, stride) : kernel.run(n, column.pointer);
        expect(search()).toBe(n);
        for (let hit = n - 1; hit >= 0; hit--) {
          column.set(hit, 0, 1); // those after it stay set
          expect(search()).toBe(hit);
        }
        column.free();
      }
    }
  });

  it('equals a loop for random conditions', { timeout: 60_000 }, () => {
    for (const seed of seeds(1200)) {
      const r = new Random(seed);
      const inputs = Array.from({ length: 1 + r.below(2) }, (): OperandSpec => {
        const lane = r.pick(lanes);
        return { lane, parts: isFloat(lane) && r.chance(0.3) ? 2 : 1, layout: r.pick(layouts) };
      });
      const params = Array.from({ length: r.below(2) }, () => r.pick<ValueType>([...lanes, 'bool']));
      const condition = new Bodies(r, inputs, params, false).body('bool', 1 + r.below(5));
      const kernel = compiled((module, tableAddress) => addFind(module, { inputs, params, condition, tableAddress }));
      for (const n of [r.below(20), r.below(71)]) {
        const values = params.map((t) => randomValue(r, t));
        const columns = inputs.map((s) => new Column(s, n, randomStride(r, s, false)).fill(r));
        let want = 0;
        while (want < n && !expected([condition], columns, values, want)[0]) want++;
        const strides = columns.filter((o) => o.spec.layout === 'strided').map((o) => o.stride);
        const got = kernel.run(n, ...columns.map((o) => o.pointer), ...strides, ...asArguments(values));
        if (got !== want)
          expect.fail(
            `${got} instead of ${want} of ${n}\n${printExpression([condition])}\n${JSON.stringify(inputs)}\nKERNEL_SEED=${seed} npx vitest run test/kernel/find.test.ts`,
          );
        for (const o of columns) o.free();
      }
    }
  });
});

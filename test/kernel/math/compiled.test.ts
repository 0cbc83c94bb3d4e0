// The compiled SIMD kernels of all math bodies against the evaluator, bit for bit, and the evaluator against the
// interpreter: so that what accuracy.test.ts measures is what users get.

import { describe, expect, it } from 'vitest';
import { interpret } from '../../../src/kernel/interpret.ts';
import { ulp } from '../../../src/kernel/math/ulp.ts';
import { addMap } from '../../../src/kernel/wasm/map.ts';
import { allocate, primarySegment } from '../../../src/memory/allocate.ts';
import { compiled, tableValue } from '../_machine.ts';
import { evaluator } from './_evaluator.ts';
import { bodyOf, type Lane, names, references, same } from './_references.ts';

const rows = Object.keys(ulp).flatMap((name) => (['f64', 'f32'] as const).map((lane) => ({ name, lane })));

describe.each(rows)('$name $lane', ({ name: key, lane }) => {
  const name = names[names.findIndex((n) => n === key)];
  const body = bodyOf(name, lane);
  const f = evaluator(body);
  const { x, y } = references(name);
  const n = x.length;
  const inLane = (v: Float64Array): Float64Array => (lane === 'f32' ? Float64Array.from(v, Math.fround) : v);
  const [xs, ys] = [inLane(x), inLane(y.length > 0 ? y : x)];

  it('compiled equals the evaluator in every bit', () => {
    const got = runKernel(lane, body.node, y.length > 0 ? [xs, ys] : [xs]);
    const wrong: string[] = [];
    for (let i = 0; i < n && wrong.length < 5; i++) {
      const want = f(xs[i], ys[i]);
      if (!same(got[i], want)) wrong.push(`${name} ${lane} (${xs[i]}, ${ys[i]}) = ${got[i]}, want ${want}`);
    }
    expect(wrong).toEqual([]);
  });

  it('the evaluator equals the interpreter', () => {
    for (let i = 0; i < n; i += 61) {
      const load = (operand: number): number => (operand === 0 ? xs[i] : ys[i]);
      const [want] = interpret([body.node], { load, param: () => 0, lane: () => 0, table: tableValue });
      expect(f(xs[i], ys[i]), `${name}(${xs[i]}, ${ys[i]})`).toBe(want);
    }
  });
});

function runKernel(lane: Lane, node: ReturnType<typeof bodyOf>['node'], inputs: readonly Float64Array[]): number[] {
  const n = inputs[0].length;
  const operand = { lane, parts: 1, layout: 'contiguous' } as const;
  const { run } = compiled((module, tableAddress) =>
    addMap(module, { inputs: inputs.map(() => operand), outputs: [operand], params: [], body: [node], tableAddress }),
  );
  const bytes = n * (lane === 'f64' ? 8 : 4);
  const storages = [...inputs.map(() => allocate(bytes, true)), allocate(bytes, true)];
  const view = (ptr: number): Float64Array | Float32Array => {
    const { buffer } = primarySegment();
    return lane === 'f64' ? new Float64Array(buffer, ptr, n) : new Float32Array(buffer, ptr, n);
  };
  inputs.forEach((v, i) => {
    view(storages[i].ptr).set(v);
  });
  run(n, ...storages.map((s) => s.ptr));
  const out = Array.from(view(storages[inputs.length].ptr));
  for (const s of storages) s.dispose();
  return out;
}

// Runs kernel bodies over columns of plain values for the tests of kernel/math: compiled to SIMD WebAssembly on every
// element, and interpreted on a sample, which must agree bit for bit. Complex values travel as two columns.

import { ComplexExpr, type Expr, type ExprValue, load } from '../../../src/kernel/builder.ts';
import { interpret, type Value } from '../../../src/kernel/interpret.ts';
import type { Node } from '../../../src/kernel/ir.ts';
import { legalize } from '../../../src/kernel/legalize.ts';
import { addMap } from '../../../src/kernel/wasm/map.ts';
import { Column, compiled, tableValue } from '../_machine.ts';
import { sameValue } from '../_random.ts';

type Lane = Column['spec']['lane'];
type Values = ArrayLike<number | bigint>;
type Result = ExprValue | readonly ExprValue[] | Readonly<Record<string, ExprValue>>;

function expressionsOf(r: Result): Expr[] {
  if (r instanceof ComplexExpr) return [r.re, r.im];
  if ('node' in r) return [r as Expr];
  return Object.values(r).flatMap((v: ExprValue) => expressionsOf(v));
}

/** Values of these roots over the columns; interprets at most `sample` of the elements too, evenly spread. */
export function columnsOf(roots: readonly Expr[], lanes: readonly Lane[], columns: readonly Values[], sample = 200) {
  const body: Node[] = roots.map((e) => (e.type === 'bool' ? e.to('u8').node : e.node));
  const count = columns[0].length;
  const specOf = (lane: Lane) => ({ lane, parts: 1, layout: 'contiguous' }) as const;
  const outputs = body.map((n) => specOf(n.type as Lane)); // bool is u8 by now
  const kernel = compiled((module, tableAddress) =>
    addMap(module, { inputs: lanes.map(specOf), outputs, params: [], body: legalize(body), tableAddress }),
  );
  const made = [...lanes.map(specOf), ...outputs].map((s) => new Column(s, count));
  lanes.forEach((_, k) => {
    for (let i = 0; i < count; i++) made[k].set(i, 0, columns[k][i]);
  });
  kernel.run(count, ...made.map((c) => c.pointer));
  const out = outputs.map((_, k) => Array.from({ length: count }, (_, i) => made[lanes.length + k].get(i)));
  for (let i = 0; i < count; i += Math.max(1, Math.floor(count / sample))) {
    const want: Value[] = interpret(body, {
      load: (operand) => made[operand].get(i),
      param: () => 0,
      lane: () => i,
      table: tableValue,
    });
    want.forEach((v, k) => {
      if (sameValue(out[k][i], v)) return;
      throw new Error(`compiled ${out[k][i]}, interpreted ${v} at ${lanes.map((_, c) => columns[c][i])}, root ${k}`);
    });
  }
  for (const c of made) c.free();
  return out;
}

/** A body of real arguments over one column each; one column per result component. */
export function real(body: (...x: Expr[]) => Result, lanes: readonly Lane[], ...columns: Values[]) {
  return columnsOf(expressionsOf(body(...lanes.map((t, i) => load(i, 0, t)))), lanes, columns);
}

/** A body of complex arguments over two columns each. */
export function complex(body: (...z: ComplexExpr[]) => Result, lane: 'f32' | 'f64', ...columns: Values[]) {
  const parts = columns.map((_, i) => load(i, 0, lane));
  const z = columns.flatMap((_, i) => (i % 2 ? [] : [new ComplexExpr(parts[i], parts[i + 1])]));
  return columnsOf(
    expressionsOf(body(...z)),
    columns.map(() => lane),
    columns,
  );
}

/** Distance in units in the last place; 0 for NaN with NaN, infinite for wrong specials and signs of zeros. */
export function ulps(lane: 'f32' | 'f64', got: number, want: number): number {
  if (Object.is(got, want) || (Number.isNaN(got) && Number.isNaN(want))) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(want) || got === want) return Number.POSITIVE_INFINITY;
  const [digits, least] = lane === 'f64' ? [52, -1074] : [23, -149];
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(want))) - digits, least);
  return Math.abs(got - want) / 2 ** exponent;
}

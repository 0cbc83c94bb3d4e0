// Runs kernel bodies through the interpreter for the tests of kernel/math: arguments are plain columns of values.

import { ComplexExpr, type ExprValue, load } from '../../../src/kernel/builder.ts';
import { interpret, type Value } from '../../../src/kernel/interpret.ts';
import type { Node, ValueType } from '../../../src/kernel/ir.ts';
import { tableById } from '../../../src/kernel/tables.ts';

const rootsOf = (v: ExprValue): Node[] => (v instanceof ComplexExpr ? [v.re.node, v.im.node] : [v.node]);

function tableValue(id: number, index: number): Value {
  const { lane, bytes } = tableById(id);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  switch (lane) {
    case 'f64':
      return view.getFloat64(index * 8, true);
    case 'f32':
      return view.getFloat32(index * 4, true);
    case 'i64':
      return view.getBigInt64(index * 8, true);
    case 'u64':
      return view.getBigUint64(index * 8, true);
    default:
      return view.getInt32(index * 4, true);
  }
}

/** Applies a body to columns of values, one column per component; returns one column per result component. */
export function run(roots: readonly ExprValue[], columns: readonly ArrayLike<Value>[][], count: number): Value[][] {
  const nodes = roots.flatMap(rootsOf);
  const out: Value[][] = nodes.map(() => []);
  for (let i = 0; i < count; i++) {
    const values = interpret(nodes, {
      load: (operand, part) => columns[operand][part][i],
      param: () => 0,
      lane: () => i,
      table: tableValue,
    });
    for (const [k, v] of values.entries()) out[k].push(v);
  }
  return out;
}

/** A real body of one or two arguments over columns. */
export function runReal(
  body: (...x: ReturnType<typeof load>[]) => ExprValue | readonly ExprValue[],
  types: readonly ValueType[],
  ...columns: ArrayLike<Value>[]
): Value[][] {
  const made = body(...types.map((t, i) => load(i, 0, t)));
  return run(
    Array.isArray(made) ? made : [made as ExprValue],
    columns.map((c) => [c]),
    columns[0].length,
  );
}

/** Distance in units in the last place of `type`; 0 for NaN with NaN, infinite for a wrong special value. */
export function ulps(type: 'f32' | 'f64', got: number, want: number): number {
  if (Object.is(got, want)) return 0;
  if (Number.isNaN(got) || Number.isNaN(want)) return Number.POSITIVE_INFINITY;
  if (!Number.isFinite(got) || !Number.isFinite(want)) return Number.POSITIVE_INFINITY;
  if (got === want) return Number.POSITIVE_INFINITY; // zeros of different sign
  const [digits, least] = type === 'f64' ? [52, -1074] : [23, -149];
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(want))) - digits, least);
  return Math.abs(got - want) / 2 ** exponent;
}

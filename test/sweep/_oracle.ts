// What a row must give for single elements: its body is interpreted, operands and results are cast by dtype/cast.ts.
// Shares no code with the compiled path but the body itself.

import { Complex } from '../../src/dtype/complex.ts';
import type { DType } from '../../src/dtype/dtype.ts';
import { castScalar, readElement, type Scalar, writeElement } from '../../src/dtype/scalars.ts';
import { ComplexExpr, type ExprValue, param } from '../../src/kernel/builder.ts';
import { evaluate, type Value } from '../../src/kernel/interpret.ts';
import { isWide, type Node, topological, type ValueType } from '../../src/kernel/ir.ts';
import { tableById } from '../../src/kernel/tables.ts';
import { blank, type Elements } from './_values.ts';

/** Type that bodies see for one part of a dtype: as documented in the design, written down again on purpose. */
const typeOf = (d: DType): ValueType => (d.kind === 'b' ? 'bool' : d.name === 'float16' ? 'f32' : d.lane);

/** A scalar expression over parameters, made ready for many evaluations. */
export class Program {
  readonly #order: readonly Node[];
  readonly #args: readonly (readonly number[])[];
  readonly #roots: readonly number[];
  readonly #values: Value[];

  constructor(roots: readonly Node[]) {
    this.#order = topological(roots);
    const slot = new Map(this.#order.map((n, i) => [n, i]));
    const at = (n: Node): number => slot.get(n) ?? -1;
    this.#args = this.#order.map((n) => n.args.map(at));
    this.#roots = roots.map(at);
    this.#values = new Array<Value>(this.#order.length).fill(0);
  }

  run(params: readonly Value[]): Value[] {
    const values = this.#values;
    this.#order.forEach((n, i) => {
      if (n.op === 'const') values[i] = n.imm ?? 0;
      else if (n.op === 'param') values[i] = params[Number(n.imm)];
      else {
        const args = this.#args[i].map((k) => values[k]);
        values[i] = n.op === 'table' ? entry(n, Number(args[0])) : evaluate(n, args);
      }
    });
    return this.#roots.map((k) => values[k]);
  }
}

function entry(n: Node, index: number): Value {
  const { bytes } = tableById(Number(n.imm));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read: Partial<Record<ValueType, () => Value>> = {
    f64: () => view.getFloat64(index * 8, true),
    f32: () => view.getFloat32(index * 4, true),
    i32: () => view.getInt32(index * 4, true),
    u32: () => view.getUint32(index * 4, true),
    i64: () => view.getBigInt64(index * 8, true),
    u64: () => view.getBigUint64(index * 8, true),
    u8: () => view.getUint8(index),
  };
  const value = read[n.type]?.();
  if (value === undefined) throw new TypeError(`the oracle reads no tables of ${n.type}`);
  return value;
}

/** Values of a scalar of dtype `d` as a body takes them. */
export function partsOf(x: Scalar, d: DType): Value[] {
  if (d.parts === 2) return x instanceof Complex ? [x.re, x.im] : [Number(x), 0];
  if (x instanceof Complex) throw new TypeError('a complex value for a real operand');
  if (d.kind === 'b') return [Boolean(x)];
  return [isWide(typeOf(d)) ? BigInt(x) : Number(x)];
}

/** What a body returned, as a scalar of dtype `d` (not yet rounded to it where it computes wider). */
export function scalarOf(parts: readonly Value[], d: DType): Scalar {
  if (d.parts === 2) return new Complex(Number(parts[0]), Number(parts[1]));
  return d.kind === 'b' ? Boolean(parts[0]) : parts[0];
}

/** Parameters for operands of these dtypes, and their number. */
export function parameters(ins: readonly DType[]): ExprValue[] {
  let next = 0;
  return ins.map((d) => {
    const t = typeOf(d);
    if (d.parts === 1) return param(next++, t);
    return new ComplexExpr(param(next++, t), param(next++, t));
  });
}

export const nodesOf = (v: ExprValue): Node[] => (v instanceof ComplexExpr ? [v.re.node, v.im.node] : [v.node]);

export interface OracleTypes {
  readonly ins: readonly DType[];
  readonly outs: readonly DType[];
  readonly body: (x: readonly ExprValue[], d: DType) => ExprValue | readonly ExprValue[];
}

/** Evaluates one loop of a row element by element. */
export class Oracle {
  readonly types: OracleTypes;
  readonly #program: Program;

  constructor(types: OracleTypes) {
    this.types = types;
    const made = types.body(parameters(types.ins), types.ins[0]);
    const results: readonly ExprValue[] = Array.isArray(made) ? made : [made];
    this.#program = new Program(results.flatMap(nodesOf));
  }

  /** The outputs for operands of equal length. */
  compute(operands: readonly Elements[]): Elements[] {
    const { ins, outs } = this.types;
    const n = operands[0].n;
    const results = outs.map((d) => blank(d, n));
    for (let i = 0; i < n; i++) {
      const params = operands.flatMap((e, k) => partsOf(castScalar(scalarAt(e, i), e.d, ins[k]), ins[k]));
      const values = this.#program.run(params);
      let at = 0;
      for (const r of results) {
        writeElement(r.raw, i, r.d, scalarOf(values.slice(at, at + r.d.parts), r.d));
        at += r.d.parts;
      }
    }
    return results;
  }
}

/** Element `i`; integers as bigint. */
export const scalarAt = (e: Elements, i: number): Scalar => readElement(e.raw, i, e.d, 'bigint');

/** The elements cast one by one. */
export function castElements(e: Elements, to: DType): Elements {
  const out = blank(to, e.n);
  for (let i = 0; i < e.n; i++) {
    const x = castScalar(scalarAt(e, i), e.d, to);
    writeElement(out.raw, i, to, x);
  }
  return out;
}

// Between elements in memory and values in bodies: decode a storage lane into the type a dtype computes in, encode it
// back, and cast values from one dtype to another. The only file of kernel/ that knows what a dtype means.

import type { DType } from '../dtype/dtype.ts';
import { ComplexExpr, Expr, type ExprValue, load } from './builder.ts';
import type { Node, ValueType } from './ir.ts';
import { doubleToHalf, floatToHalf, halfToFloat } from './math/half.ts';

/** Type that bodies compute a dtype in (of one part, for complex). */
export const computeType = (d: DType): ValueType => (d.kind === 'b' ? 'bool' : d.half ? 'f32' : d.lane);

/** The value of input operand number `operand`. */
export function decode(operand: number, d: DType): ExprValue {
  const first = load(operand, 0, d.lane);
  if (d.parts === 2) return new ComplexExpr(first, load(operand, 1, d.lane));
  if (d.kind === 'b') return first.ne(0);
  return d.half ? halfToFloat(first) : first;
}

/** The storage lanes of a value already of this dtype's compute type (float16 takes float64 too, rounded once). */
export function encode(v: ExprValue, d: DType): Node[] {
  if (v instanceof ComplexExpr) return [v.re.node, v.im.node];
  if (d.kind === 'b') return [v.to('u8').node];
  if (d.half) return [(v.type === 'f64' ? doubleToHalf(v) : floatToHalf(v)).node];
  return [v.node];
}

/** A computed value of dtype `d` as it would be read back: float16 is computed wider and rounds here. */
export const settled = (v: ExprValue, d: DType): ExprValue => (d.half && v instanceof Expr ? asHalf(v) : v);

const asHalf = (x: Expr): Expr => halfToFloat(x.type === 'f32' ? floatToHalf(x) : doubleToHalf(x.to('f64')));

/**
 * A value of one dtype as a value of another, unsafe casts included: integers wrap, floats to integers saturate with
 * NaN → 0, complex to real drops the imaginary part, anything to bool is ≠ 0.
 */
export function castValue(v: ExprValue, from: DType, to: DType): ExprValue {
  if (from === to) return v;
  if (v instanceof ComplexExpr) {
    if (to.parts === 2) return new ComplexExpr(v.re.to(to.lane), v.im.to(to.lane));
    if (to.kind === 'b') return v.re.ne(0).or(v.im.ne(0));
    return to.half ? asHalf(v.re) : v.re.to(to.lane);
  }
  if (to.parts === 2) return new ComplexExpr(v.to(to.lane), v.like(false).to(to.lane));
  if (to.half) return from.kind === 'b' ? v.to('f32') : asHalf(v);
  return v.to(computeType(to));
}

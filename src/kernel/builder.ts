// The typed builder: how bodies are written. `Expr` wraps one IR node with methods; numbers become constants of the
// other operand's lane; mixing lanes throws. `ComplexExpr` is a pair of Exprs with complex arithmetic.

import { KernelError } from '../base/errors.ts';
import { bitsOf, constant, isFloat, isSigned, type Node, type Op, type ValueType } from './ir.ts';
import { node } from './simplify.ts';

export type Operand = Expr | number | bigint | boolean;

/** One scalar expression; immutable. */
export class Expr {
  readonly node: Node;
  constructor(n: Node) {
    this.node = n;
  }
  get type(): ValueType {
    return this.node.type;
  }
  /** A constant of this expression's lane. */
  like(v: number | bigint | boolean): Expr {
    return new Expr(constant(this.type, v));
  }
  #op2(op: Op, b: Operand): Expr {
    return new Expr(node(op, [this.node, this.#lift(b).node]));
  }
  #op1(op: Op, imm: number | null = null): Expr {
    return new Expr(node(op, [this.node], imm));
  }
  #lift(b: Operand): Expr {
    return b instanceof Expr ? b : this.like(b);
  }
  add(b: Operand): Expr {
    return this.#op2('add', b);
  }
  sub(b: Operand): Expr {
    return this.#op2('sub', b);
  }
  mul(b: Operand): Expr {
    return this.#op2('mul', b);
  }
  div(b: Operand): Expr {
    return this.#op2('div', b);
  }
  /** Integer quotient rounded to zero; 0 for a zero divisor. */
  idiv(b: Operand): Expr {
    return this.#op2('idiv', b);
  }
  irem(b: Operand): Expr {
    return this.#op2('irem', b);
  }
  /** Exact remainder with the dividend's sign, as C's fmod. */
  frem(b: Operand): Expr {
    return this.#op2('frem', b);
  }
  gcd(b: Operand): Expr {
    return this.#op2('gcd', b);
  }
  /** Integer power, wrapping; 0 for a negative exponent. */
  ipow(b: Operand): Expr {
    return this.#op2('ipow', b);
  }
  neg(): Expr {
    return this.#op1('neg');
  }
  abs(): Expr {
    return isSigned(this.type) ? this.#op1('abs') : this;
  }
  sqrt(): Expr {
    return this.#op1('sqrt');
  }
  ceil(): Expr {
    return this.#op1('ceil');
  }
  floor(): Expr {
    return this.#op1('floor');
  }
  trunc(): Expr {
    return this.#op1('trunc');
  }
  /** Round half to even. */
  nearest(): Expr {
    return this.#op1('nearest');
  }
  /** b < this ? b : this (NaN in either: this). One instruction. */
  pmin(b: Operand): Expr {
    return this.#op2('pmin', b);
  }
  pmax(b: Operand): Expr {
    return this.#op2('pmax', b);
  }
  min(b: Operand): Expr {
    return this.#op2('min', b);
  }
  max(b: Operand): Expr {
    return this.#op2('max', b);
  }
  and(b: Operand): Expr {
    return this.#op2('and', b);
  }
  or(b: Operand): Expr {
    return this.#op2('or', b);
  }
  xor(b: Operand): Expr {
    return this.#op2('xor', b);
  }
  not(): Expr {
    return this.#op1('not');
  }
  /** Shift left by a constant number of bits. */
  shlk(bits: number): Expr {
    return this.#op1('shlk', bits);
  }
  /** Shift right by a constant: arithmetic for signed lanes, logical for unsigned. */
  shrk(bits: number): Expr {
    return this.#op1('shrk', bits);
  }
  shl(b: Operand): Expr {
    return this.#op2('shl', b);
  }
  shr(b: Operand): Expr {
    return this.#op2('shr', b);
  }
  popcnt(): Expr {
    return this.#op1('popcnt');
  }
  clz(): Expr {
    return this.#op1('clz');
  }
  eq(b: Operand): Expr {
    return this.#op2('eq', b);
  }
  ne(b: Operand): Expr {
    return this.#op2('ne', b);
  }
  lt(b: Operand): Expr {
    return this.#op2('lt', b);
  }
  le(b: Operand): Expr {
    return this.#op2('le', b);
  }
  gt(b: Operand): Expr {
    return this.#lift(b).lt(this);
  }
  ge(b: Operand): Expr {
    return this.#lift(b).le(this);
  }
  isNaN(): Expr {
    return this.ne(this);
  }
  /** this (a condition) ? a : b. */
  select(a: Expr, b: Operand): Expr {
    return new Expr(node('select', [this.node, a.node, a.#lift(b).node]));
  }
  /** this (a condition) ? r : x, where r is computed only if some lane needs it. */
  rare(r: Expr, x: Expr): Expr {
    return new Expr(node('rare', [this.node, r.node, x.node]));
  }
  /** Value conversion: integers wrap, floats to integers saturate with NaN → 0, to bool is ≠ 0. */
  to(type: ValueType): Expr {
    return new Expr(node('convert', [this.node], null, type));
  }
  /** The same bits as another lane of the same width. */
  bits(type: ValueType): Expr {
    return new Expr(node('bitcast', [this.node], null, type));
  }
  /** Copies the sign of `b` onto this magnitude (floats). */
  copysign(b: Expr): Expr {
    const u: ValueType = this.type === 'f32' ? 'u32' : 'u64';
    const sign = 1n << BigInt(bitsOf(this.type) - 1);
    return this.bits(u)
      .and(sign - 1n)
      .or(b.bits(u).and(sign))
      .bits(this.type);
  }
  /** Sign bit set (floats: also -0 and NaN; ints: below zero). */
  signbit(): Expr {
    return isFloat(this.type)
      ? this.bits(this.type === 'f32' ? 'i32' : 'i64').lt(0)
      : isSigned(this.type)
        ? this.lt(0)
        : this.like(0).lt(0);
  }
}

/** A complex value as two real expressions. */
export class ComplexExpr {
  readonly re: Expr;
  readonly im: Expr;
  constructor(re: Expr, im: Expr) {
    if (re.type !== im.type) throw new KernelError(`complex parts of ${re.type} and ${im.type}`, 'use one lane type');
    this.re = re;
    this.im = im;
  }
  add(b: ComplexExpr): ComplexExpr {
    return new ComplexExpr(this.re.add(b.re), this.im.add(b.im));
  }
  sub(b: ComplexExpr): ComplexExpr {
    return new ComplexExpr(this.re.sub(b.re), this.im.sub(b.im));
  }
  mul(b: ComplexExpr): ComplexExpr {
    return new ComplexExpr(this.re.mul(b.re).sub(this.im.mul(b.im)), this.re.mul(b.im).add(this.im.mul(b.re)));
  }
  neg(): ComplexExpr {
    return new ComplexExpr(this.re.neg(), this.im.neg());
  }
  conj(): ComplexExpr {
    return new ComplexExpr(this.re, this.im.neg());
  }
  /** Product with a real factor. */
  scale(f: Operand): ComplexExpr {
    return new ComplexExpr(this.re.mul(f), this.im.mul(f));
  }
  isNaN(): Expr {
    return this.re.isNaN().or(this.im.isNaN());
  }
  /** condition ? a : b on both parts. */
  static select(c: Expr, a: ComplexExpr, b: ComplexExpr): ComplexExpr {
    return new ComplexExpr(c.select(a.re, b.re), c.select(a.im, b.im));
  }
}

/** A value as a body sees it. */
export type ExprValue = Expr | ComplexExpr;

export const konst = (type: ValueType, v: number | bigint | boolean): Expr => new Expr(constant(type, v));
export const load = (operand: number, part: 0 | 1, type: ValueType): Expr =>
  new Expr(node('load', [], operand * 2 + part, type));
export const param = (index: number, type: ValueType): Expr => new Expr(node('param', [], index, type));
export const laneNumber = (): Expr => new Expr(node('lane', [], null, 'i32'));
/** Element `index` (i32, in range) of a registered constant table. */
export const table = (id: number, index: Expr, type: ValueType): Expr =>
  new Expr(node('table', [index.node], id, type));

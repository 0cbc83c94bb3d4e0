// Rewrites expressions that SIMD WebAssembly has no instruction for into ones it has, always bit for bit the same.
// What neither has (64-bit division, shifts by lane, gcd …) is left for the lane-by-lane lowering.

import { Expr } from './builder.ts';
import { bitsOf, isFloat, isInt, isSigned, isWide, type Node, type Op, rawNode, type ValueType } from './ir.ts';
import { rebuild } from './simplify.ts';

const e = (n: Node): Expr => new Expr(n);
const small = (t: ValueType): boolean => isInt(t) && bitsOf(t) < 32;

// Full-range 64-bit integer to double with one rounding: both halves become exact doubles, one addition rounds.
// Technique: Mysticial, "How to efficiently perform double/int64 conversions with SSE/AVX" (2017).
function wideToDouble(x: Expr, signed: boolean): Expr {
  const u = x.bits('u64');
  const low = u.and(0xffffffffn).or(0x4330000000000000n).bits('f64'); // 2^52 + low half
  const half = signed ? u.shrk(32).xor(0x80000000n) : u.shrk(32);
  const high = half.or(0x4530000000000000n).bits('f64'); // 2^84 + 2^32 high half (+ 2^63 where signed)
  return high.sub(2 ** 84 + 2 ** 52 + (signed ? 2 ** 63 : 0)).add(low);
}

// Double to 64-bit integer: a whole number below 2^51 added to 1.5 · 2^52 stands in the low bits of the sum. The others
// take the instruction, lane by lane. imm = 1 marks that.
function doubleToWide(x: Expr, to: ValueType): Expr {
  const common = isSigned(to) ? x.abs().lt(2 ** 51) : x.lt(2 ** 51).and(x.ge(0));
  const low = x
    .trunc()
    .add(1.5 * 2 ** 52)
    .bits(to)
    .sub(0x4338000000000000n);
  return common.not().rare(e(rawNode('convert', [x.node], 1, to)), low);
}

function convert(x: Expr, to: ValueType): Expr | undefined {
  const from = x.type;
  if (from === to) return x;
  if (to === 'bool') return x.ne(0);
  if (from === 'bool') return undefined;
  if (isFloat(from) && small(to)) {
    const bits = bitsOf(to);
    const lo = isSigned(to) ? -(2 ** (bits - 1)) : 0;
    const hi = isSigned(to) ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
    return x.to('i32').max(lo).min(hi).to(to);
  }
  if (small(from) && isFloat(to)) return x.to('i32').to(to);
  if (isWide(from) && to === 'f64') return wideToDouble(x, isSigned(from));
  if (from === 'f32' && isWide(to)) return x.to('f64').to(to);
  if (from === 'f64' && isWide(to)) return doubleToWide(x, to);
  return undefined;
}

// Is an expression the same for every element?
const isFixed = (n: Node): boolean => n.op !== 'load' && n.op !== 'lane' && n.args.every(isFixed);

// The quotient of two floats that are integers of half the significand, good enough to be truncated. By a divisor that is
// the same for all elements it is a product with a reciprocal a little too large: an exact quotient never falls short,
// and the next integer is too far to be reached (1/b against (a + b) · 2^-20 in float32, · 2^-48 in float64).
function over(a: Expr, b: Expr): Expr {
  if (!isFixed(b.node)) return a.div(b);
  return a.mul(b.like(1 + (b.type === 'f32' ? 2 ** -21 : 2 ** -49)).div(b));
}

// Integer quotient. Up to 16 bits through float32, 32 bits through float64 (both exact there); 64 bits stay an
// instruction whose divisor is made safe. imm = 1 marks a division that cannot trap.
function quotient(a: Expr, b: Expr): Expr {
  const t = a.type;
  const zero = b.eq(0);
  const minusOne = isSigned(t) ? b.eq(-1) : undefined;
  let q: Expr;
  if (isWide(t)) {
    const unsafe = minusOne === undefined ? zero : zero.or(minusOne);
    q = e(rawNode('idiv', [a.node, unsafe.select(b.like(1), b).node], 1));
  } else {
    const f: ValueType = bitsOf(t) <= 16 ? 'f32' : 'f64';
    q = over(a.to(f), b.to(f))
      .trunc()
      .to(bitsOf(t) < 32 ? 'i32' : t)
      .to(t);
  }
  if (minusOne !== undefined) q = minusOne.select(a.neg(), q);
  return zero.select(q.like(0), q);
}

function remainder(a: Expr, b: Expr): Expr {
  return b.eq(0).select(a.like(0), a.sub(quotient(a, b).mul(b)));
}

// Shifts by a lane's amount become shifts that may assume it to be in range (imm = 1), so that an amount which is the
// same for all elements costs one instruction.
function shift(n: Node): Expr {
  const [x, amount] = n.args.map(e);
  const t = n.type;
  const unsigned: ValueType = isSigned(t) ? ({ i8: 'u8', i16: 'u16', i32: 'u32', i64: 'u64' } as const)[t as 'i8'] : t;
  const inRange = amount.bits(unsigned).lt(bitsOf(t));
  const by = (a: Expr): Expr => e(rawNode(n.op, [x.node, a.node], 1));
  if (n.op === 'shr' && isSigned(t)) return by(inRange.select(amount, bitsOf(t) - 1));
  return inRange.select(by(amount), 0);
}

const rules: Partial<Record<Op, (n: Node) => Expr | undefined>> = {
  convert: (n) => (n.imm === 1 ? undefined : convert(e(n.args[0]), n.type)),
  shl: (n) => (n.imm === 1 ? undefined : shift(n)),
  shr: (n) => (n.imm === 1 ? undefined : shift(n)),
  mul: (n) => {
    if (!isInt(n.type) || bitsOf(n.type) !== 8) return undefined;
    const w: ValueType = isSigned(n.type) ? 'i16' : 'u16';
    return e(n.args[0]).to(w).mul(e(n.args[1]).to(w)).to(n.type);
  },
  idiv: (n) => (n.imm === 1 ? undefined : quotient(e(n.args[0]), e(n.args[1]))),
  irem: (n) => remainder(e(n.args[0]), e(n.args[1])),
  min: (n) => (isWide(n.type) ? e(n.args[1]).lt(e(n.args[0])).select(e(n.args[1]), e(n.args[0])) : undefined),
  max: (n) => (isWide(n.type) ? e(n.args[0]).lt(e(n.args[1])).select(e(n.args[1]), e(n.args[0])) : undefined),
  abs: (n) => (isSigned(n.type) ? undefined : e(n.args[0])),
  lt: (n) => unsignedWide(n, (a, b) => a.lt(b)),
  le: (n) => unsignedWide(n, (a, b) => a.le(b)),
};

function unsignedWide(n: Node, compare: (a: Expr, b: Expr) => Expr): Expr | undefined {
  if (n.args[0].type !== 'u64') return undefined;
  const flip = (x: Node): Expr =>
    e(x)
      .xor(1n << 63n)
      .bits('i64');
  return compare(flip(n.args[0]), flip(n.args[1]));
}

/** The same values, in operations that lower well. */
export function legalize(roots: readonly Node[]): Node[] {
  const done = new Map<Node, Node>();
  const legal = (n: Node): Node => {
    const known = done.get(n);
    if (known !== undefined) return known;
    const args = n.args.map(legal);
    const same = args.every((a, i) => a === n.args[i]);
    const m = same ? n : rebuild(n.op, args, n.imm, n.type);
    const better = rules[m.op]?.(m)?.node;
    const result = better === undefined || better === m ? m : legal(better);
    done.set(n, result);
    return result;
  };
  return roots.map(legal);
}

// The meaning of the IR: evaluates one expression for one element in plain JavaScript. Slow and obvious; the oracle
// that generated code is tested against, and the folder of constants. Integers of 64 bits are bigint, all else number.

import { KernelError } from '../base/errors.ts';
import { bitsOf, isFloat, isSigned, isWide, type Node, topological, type ValueType } from './ir.ts';

export type Value = number | bigint | boolean;

export interface Environment {
  /** Value of load `operand`, `part` in the storage lane. */
  load(operand: number, part: number): Value;
  param(index: number): Value;
  lane(): number;
  table(id: number, index: number): Value;
}

const buffer = new DataView(new ArrayBuffer(8));

/** Wraps an integer into its lane (two's complement), rounds a float into it. */
export function wrap(type: ValueType, v: Value): Value {
  switch (type) {
    case 'bool':
      return Boolean(v);
    case 'f64':
      return Number(v);
    case 'f32':
      return Math.fround(Number(v));
    case 'i64':
      return BigInt.asIntN(64, BigInt(v));
    case 'u64':
      return BigInt.asUintN(64, BigInt(v));
    default: {
      const bits = bitsOf(type);
      const low = Number(BigInt.asUintN(bits, BigInt(v)));
      return isSigned(type) && low >= 2 ** (bits - 1) ? low - 2 ** bits : low;
    }
  }
}

/** Least and greatest value of an integer lane. */
export function laneRange(type: ValueType): readonly [bigint, bigint] {
  const bits = BigInt(bitsOf(type));
  return isSigned(type) ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
}

function convert(to: ValueType, from: ValueType, v: Value): Value {
  if (to === 'bool') return typeof v === 'bigint' ? v !== 0n : Number(v) !== 0; // NaN is true
  if (isFloat(to)) return to === 'f32' && typeof v === 'bigint' ? bigintToFloat32(v) : wrap(to, Number(v));
  if (!isFloat(from)) return wrap(to, typeof v === 'boolean' ? Number(v) : v);
  const x = Math.trunc(Number(v));
  if (Number.isNaN(x)) return wrap(to, 0);
  const [lo, hi] = laneRange(to);
  if (x <= Number(lo)) return wrap(to, lo);
  if (x >= Number(hi)) return wrap(to, hi);
  return wrap(to, BigInt(x));
}

// One rounding, as f32.convert_i64: Number(v) alone would round twice.
function bigintToFloat32(v: bigint): number {
  const magnitude = v < 0n ? -v : v;
  const bits = magnitude.toString(2).length;
  if (bits <= 53) return Math.fround(Number(v));
  const shift = BigInt(bits - 30);
  const sticky = magnitude & ((1n << shift) - 1n) ? 1n : 0n;
  const x = Math.fround(Number((magnitude >> shift) | sticky)) * 2 ** Number(shift);
  return v < 0n ? -x : x;
}

function bitcast(to: ValueType, from: ValueType, v: Value): Value {
  const put: Partial<Record<ValueType, () => void>> = {
    f32: () => buffer.setFloat32(0, Number(v)),
    f64: () => buffer.setFloat64(0, Number(v)),
  };
  const write = put[from];
  if (write) write();
  else if (isWide(from)) buffer.setBigUint64(0, BigInt.asUintN(64, BigInt(v)));
  else if (bitsOf(from) === 32) buffer.setUint32(0, Number(v));
  else return wrap(to, v);
  if (to === 'f32') return buffer.getFloat32(0);
  if (to === 'f64') return buffer.getFloat64(0);
  return wrap(to, isWide(to) ? buffer.getBigUint64(0) : buffer.getUint32(0));
}

function nearest(x: number): number {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x;
  const r = Math.round(Math.abs(x));
  const even = r - Math.abs(x) === 0.5 && r % 2 === 1 ? r - 1 : r;
  return x < 0 || Object.is(x, -0) ? -even : even;
}

const big = (v: Value): bigint => BigInt(v);
const num = (v: Value): number => Number(v);

// Arithmetic on one lane type; `float` works on numbers, `int` on bigint and is wrapped afterwards.
interface Meaning {
  float?(a: number, b: number): number | boolean;
  int?(a: bigint, b: bigint, n: Node): bigint | boolean;
  bool?(a: boolean, b: boolean): boolean;
}

function shiftRight(a: bigint, b: bigint, n: Node): bigint {
  const bits = BigInt(bitsOf(n.type));
  return b < 0n || b >= bits ? (a < 0n ? -1n : 0n) : a >> b;
}

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function power(a: bigint, b: bigint, n: Node): bigint {
  if (b < 0n) return 0n;
  let result = 1n;
  let base = a;
  for (let e = b; e > 0n; e >>= 1n) {
    if (e & 1n) result = BigInt.asUintN(64, result * base);
    base = BigInt.asUintN(64, base * base);
  }
  return BigInt.asIntN(bitsOf(n.type), result);
}

const meanings: Partial<Record<Node['op'], Meaning>> = {
  add: { float: (a, b) => a + b, int: (a, b) => a + b },
  sub: { float: (a, b) => a - b, int: (a, b) => a - b },
  mul: { float: (a, b) => a * b, int: (a, b) => a * b },
  div: { float: (a, b) => a / b },
  idiv: { int: (a, b) => (b === 0n ? 0n : a / b) },
  irem: { int: (a, b) => (b === 0n ? 0n : a % b) },
  frem: { float: (a, b) => a % b },
  gcd: { int: gcd },
  ipow: { int: power },
  neg: { float: (a) => -a, int: (a) => -a },
  abs: { float: (a) => Math.abs(a), int: (a) => (a < 0n ? -a : a) },
  sqrt: { float: (a) => Math.sqrt(a) },
  ceil: { float: (a) => Math.ceil(a) },
  floor: { float: (a) => Math.floor(a) },
  trunc: { float: (a) => Math.trunc(a) },
  nearest: { float: nearest },
  pmin: { float: (a, b) => (b < a ? b : a) },
  pmax: { float: (a, b) => (a < b ? b : a) },
  min: { int: (a, b) => (a < b ? a : b) },
  max: { int: (a, b) => (a > b ? a : b) },
  and: { int: (a, b) => a & b, bool: (a, b) => a && b },
  or: { int: (a, b) => a | b, bool: (a, b) => a || b },
  xor: { int: (a, b) => a ^ b, bool: (a, b) => a !== b },
  not: { int: (a) => ~a, bool: (a) => !a },
  shlk: { int: (a, _b, n) => a << big(n.imm ?? 0) },
  shrk: { int: (a, _b, n) => a >> big(n.imm ?? 0) },
  shl: { int: (a, b, n) => (b < 0n || b >= BigInt(bitsOf(n.type)) ? 0n : a << b) },
  shr: { int: shiftRight },
  popcnt: { int: (a, _b, n) => BigInt(BigInt.asUintN(bitsOf(n.type), a).toString(2).replaceAll('0', '').length) },
  clz: {
    int: (a, _b, n) => {
      const u = BigInt.asUintN(bitsOf(n.type), a);
      return BigInt(bitsOf(n.type) - (u === 0n ? 0 : u.toString(2).length));
    },
  },
  eq: { float: (a, b) => a === b, int: (a, b) => a === b },
  ne: { float: (a, b) => a !== b, int: (a, b) => a !== b },
  lt: { float: (a, b) => a < b, int: (a, b) => a < b },
  le: { float: (a, b) => a <= b, int: (a, b) => a <= b },
};

/** Value of one operation on values of its arguments; loads and the like are not operations on values. */
export function evaluate(n: Node, args: readonly Value[]): Value {
  if (n.op === 'select' || n.op === 'rare') return args[0] ? args[1] : args[2];
  if (n.op === 'convert') return convert(n.type, n.args[0].type, args[0]);
  if (n.op === 'bitcast') return bitcast(n.type, n.args[0].type, args[0]);
  const on = n.args[0].type;
  const m = meanings[n.op];
  const b = args.length > 1 ? args[1] : args[0];
  if (m !== undefined && on === 'bool' && m.bool) return m.bool(Boolean(args[0]), Boolean(b));
  if (m !== undefined && isFloat(on) && m.float) return wrap(n.type, m.float(num(args[0]), num(b)));
  if (m !== undefined && !isFloat(on) && m.int) return wrap(n.type, m.int(big(args[0]), big(b), n));
  throw new KernelError(`no meaning for ${n.op} on ${on}`, 'add it to the table in kernel/interpret.ts');
}

/** Values of all roots for one element. */
export function interpret(roots: readonly Node[], env: Environment): Value[] {
  const values = new Map<Node, Value>();
  const leaf: Partial<Record<Node['op'], (n: Node) => Value>> = {
    const: (n) => n.imm ?? 0,
    load: (n) => env.load(Number(n.imm) >> 1, Number(n.imm) & 1),
    param: (n) => env.param(Number(n.imm)),
    lane: () => env.lane(),
    table: (n) => env.table(Number(n.imm), num(values.get(n.args[0]) ?? 0)),
  };
  for (const n of topological(roots)) {
    const make = leaf[n.op];
    values.set(
      n,
      make
        ? make(n)
        : evaluate(
            n,
            n.args.map((a) => values.get(a) ?? 0),
          ),
    );
  }
  return roots.map((r) => values.get(r) ?? 0);
}

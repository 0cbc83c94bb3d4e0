// The kernel IR: immutable, interned scalar expressions over machine lanes. One body, written once, is lowered to SIMD
// and scalar WebAssembly, interpreted by tests and printed in reports. It knows nothing of arrays, strides or loops.
// The idea of one node type whose legality is a table is tinygrad's; hash-consing is as old as Ershov (1958).

import { KernelError } from '../base/errors.ts';
import type { Lane } from '../dtype/dtype.ts';

/** Type of one IR value: a machine lane, or a truth value (a mask in SIMD code, 0/1 in scalar code). */
export type ValueType = Lane | 'bool';

/** Width in bytes of each lane; the only place where it stands. */
export const laneBytes = {
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
} as const satisfies Record<Lane, number>;

export const isFloat = (t: ValueType): boolean => t === 'f32' || t === 'f64';
export const isSigned = (t: ValueType): boolean => t !== 'bool' && t.charCodeAt(0) !== 117; /* u */
export const isInt = (t: ValueType): boolean => t !== 'bool' && !isFloat(t);
export const isWide = (t: ValueType): boolean => t === 'i64' || t === 'u64';
export const bitsOf = (t: ValueType): number => (t === 'bool' ? 1 : laneBytes[t] * 8);

type On = 'number' | 'float' | 'int' | 'signed' | 'bits' | 'any';

interface OpRow {
  /** Number of value arguments. */
  readonly arity: number;
  /** Which types the (last) arguments may have. `bits` = integers and bool. */
  readonly on: On;
  /** Result type: that of the arguments, bool, or stated by the caller. */
  readonly result: 'same' | 'bool' | 'stated';
  /** The first argument is a condition. */
  readonly condition?: true;
  readonly commutes?: true;
}

/** Every IR operation. What each computes is in interpret.ts; how it becomes WebAssembly is in wasm/. */
export const ops = {
  const: { arity: 0, on: 'any', result: 'stated' },
  load: { arity: 0, on: 'any', result: 'stated' }, // imm = operand * 2 + part
  param: { arity: 0, on: 'any', result: 'stated' }, // imm = parameter number
  lane: { arity: 0, on: 'int', result: 'stated' }, // i32 number of the element within this run of the loop
  add: { arity: 2, on: 'number', result: 'same', commutes: true },
  sub: { arity: 2, on: 'number', result: 'same' },
  mul: { arity: 2, on: 'number', result: 'same', commutes: true },
  div: { arity: 2, on: 'float', result: 'same' },
  idiv: { arity: 2, on: 'int', result: 'same' }, // truncates; x/0 = 0, min/-1 = min: never traps
  irem: { arity: 2, on: 'int', result: 'same' }, // sign of the dividend; x%0 = 0
  neg: { arity: 1, on: 'number', result: 'same' },
  abs: { arity: 1, on: 'number', result: 'same' },
  sqrt: { arity: 1, on: 'float', result: 'same' },
  ceil: { arity: 1, on: 'float', result: 'same' },
  floor: { arity: 1, on: 'float', result: 'same' },
  trunc: { arity: 1, on: 'float', result: 'same' },
  nearest: { arity: 1, on: 'float', result: 'same' },
  pmin: { arity: 2, on: 'float', result: 'same' }, // b < a ? b : a
  pmax: { arity: 2, on: 'float', result: 'same' }, // a < b ? b : a
  min: { arity: 2, on: 'int', result: 'same', commutes: true },
  max: { arity: 2, on: 'int', result: 'same', commutes: true },
  and: { arity: 2, on: 'bits', result: 'same', commutes: true },
  or: { arity: 2, on: 'bits', result: 'same', commutes: true },
  xor: { arity: 2, on: 'bits', result: 'same', commutes: true },
  not: { arity: 1, on: 'bits', result: 'same' },
  shlk: { arity: 1, on: 'int', result: 'same' }, // by the constant imm, 0 <= imm < bits
  shrk: { arity: 1, on: 'int', result: 'same' }, // arithmetic for signed lanes, logical for unsigned
  shl: { arity: 2, on: 'int', result: 'same' }, // by a lane's own amount; out of range gives 0
  shr: { arity: 2, on: 'int', result: 'same' }, // out of range gives 0, or -1 for negative signed
  // Loops of their own, one lane at a time (wasm/lane_loops.ts):
  frem: { arity: 2, on: 'float', result: 'same' }, // exact C fmod
  gcd: { arity: 2, on: 'int', result: 'same', commutes: true }, // >= 0 but for gcd(min, 0 or min) = min; gcd(0, 0) = 0
  ipow: { arity: 2, on: 'int', result: 'same' }, // wraps; 0 for a negative exponent
  popcnt: { arity: 1, on: 'int', result: 'same' },
  clz: { arity: 1, on: 'int', result: 'same' },
  eq: { arity: 2, on: 'number', result: 'bool', commutes: true },
  ne: { arity: 2, on: 'number', result: 'bool', commutes: true },
  lt: { arity: 2, on: 'number', result: 'bool' },
  le: { arity: 2, on: 'number', result: 'bool' },
  select: { arity: 3, on: 'any', result: 'same', condition: true },
  // rare(c, r, x): r where c holds, else x; r is evaluated only when c holds in some lane.
  rare: { arity: 3, on: 'any', result: 'same', condition: true },
  convert: { arity: 1, on: 'any', result: 'stated' }, // float→int saturates and NaN→0; int→int wraps; →bool is ≠ 0
  bitcast: { arity: 1, on: 'any', result: 'stated' }, // same width
  table: { arity: 1, on: 'int', result: 'stated' }, // element imm-table[index], index i32 in range
} as const satisfies Record<string, OpRow>;

export type Op = keyof typeof ops;

/** One immutable, interned expression: equal nodes are the same object. */
export interface Node {
  readonly id: number;
  readonly op: Op;
  readonly type: ValueType;
  readonly args: readonly Node[];
  /** Value of a constant, number of a load, parameter, shift or table; null otherwise. */
  readonly imm: number | bigint | boolean | null;
}

const interned = new Map<string, Node>();
let nextId = 0;

const immKey = (imm: Node['imm']): string =>
  Object.is(imm, -0) ? '-0' : typeof imm === 'bigint' ? `${imm}n` : `${imm}`;

const accepts: Record<On, (t: ValueType) => boolean> = {
  number: (t) => t !== 'bool',
  float: isFloat,
  int: isInt,
  signed: isSigned,
  bits: (t) => !isFloat(t),
  any: () => true,
};

function refuse(op: Op, args: readonly Node[], why: string): never {
  throw new KernelError(
    `kernel expression ${op}(${args.map((a) => a.type).join(', ')}): ${why}`,
    'convert the arguments to one lane type that the operation accepts',
    { op, types: args.map((a) => a.type) },
  );
}

/** Result type of an operation on these arguments; KernelError where it has none. */
export function typeOf(op: Op, args: readonly Node[], stated: ValueType | undefined): ValueType {
  const row: OpRow = ops[op];
  if (args.length !== row.arity) refuse(op, args, `takes ${row.arity} arguments`);
  const first = row.condition ? 1 : 0;
  if (first === 1 && args[0].type !== 'bool') refuse(op, args, 'the condition must be bool');
  for (let i = first; i < args.length; i++) {
    if (!accepts[row.on](args[i].type)) refuse(op, args, `argument ${i} must be ${row.on}`);
    if (args[i].type !== args[first].type) refuse(op, args, 'arguments differ in type');
  }
  if (row.result === 'bool') return 'bool';
  if (row.result === 'same') return args[first].type;
  if (stated === undefined) refuse(op, args, 'needs a result type');
  return stated;
}

/** The node of these parts, checked against the op table and interned (no rewriting: see simplify.ts). */
export function rawNode(op: Op, args: readonly Node[], imm: Node['imm'] = null, stated?: ValueType): Node {
  const type = typeOf(op, args, stated);
  let key = `${op}|${type}|${immKey(imm)}`;
  for (const a of args) key += `|${a.id}`;
  const found = interned.get(key);
  if (found !== undefined) return found;
  const made: Node = Object.freeze({ id: nextId++, op, type, args: Object.freeze(args.slice()), imm });
  interned.set(key, made);
  return made;
}

/** Constant of a lane type; numbers are rounded to it, integers must already be in range. */
export function constant(type: ValueType, value: number | bigint | boolean): Node {
  if (type === 'bool') return rawNode('const', [], Boolean(value), type);
  if (isWide(type)) return rawNode('const', [], BigInt(value), type);
  const n = Number(value);
  return rawNode('const', [], type === 'f32' ? Math.fround(n) : n, type);
}

/** All nodes below the roots, arguments before their users. */
export function topological(roots: readonly Node[]): Node[] {
  const seen = new Set<Node>();
  const out: Node[] = [];
  const visit = (n: Node): void => {
    if (seen.has(n)) return;
    seen.add(n);
    for (const a of n.args) visit(a);
    out.push(n);
  };
  for (const r of roots) visit(r);
  return out;
}

/** The same expressions with some nodes replaced (used to plug decoded loads into bodies). */
export function substitute(roots: readonly Node[], replace: (n: Node) => Node | undefined, rebuild: Rebuild): Node[] {
  const done = new Map<Node, Node>();
  for (const n of topological(roots)) {
    const swapped = replace(n);
    if (swapped !== undefined) done.set(n, swapped);
    else if (n.args.length === 0) done.set(n, n);
    else {
      const args = n.args.map((a) => done.get(a) ?? a);
      done.set(n, args.every((a, i) => a === n.args[i]) ? n : rebuild(n.op, args, n.imm, n.type));
    }
  }
  return roots.map((r) => done.get(r) ?? r);
}

export type Rebuild = (op: Op, args: readonly Node[], imm: Node['imm'], stated: ValueType) => Node;

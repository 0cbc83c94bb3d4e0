// A small structured assembler for routines: expressions as values, locals that TypeScript names, blocks whose labels
// are functions. It writes through FunctionCode (encoder.ts) and optimizes nothing; an expression used twice is
// written twice, so what is used twice belongs into a local (`r.let`). Kernels of expressions have their own lowering.

import type { Op } from '../ir.ts';
import { FunctionCode, type ModuleCode, type WasmType } from './encoder.ts';
import { carrier, laneMemory, laneMoves, scalarMemory, scalarOps, signedOps, simd, simdOps } from './opcodes.ts';

/** What arithmetic takes: an expression, or a constant of the other operand's type. */
export type Operand = Value | number | bigint;
/** How elements lie in memory. */
export type MemoryLane = keyof typeof scalarMemory;

/** An expression: writing it leaves its value on the stack. */
export class Value {
  readonly type: WasmType;
  readonly write: (f: FunctionCode) => void;

  constructor(type: WasmType, write: (f: FunctionCode) => void) {
    this.type = type;
    this.write = write;
  }

  #with(opcode: number | undefined, x: Operand, type: WasmType = this.type): Value {
    if (opcode === undefined) throw new TypeError(`no such instruction on ${this.type}`);
    const other = asValue(x, this.type);
    return new Value(type, (f) => {
      this.write(f);
      other.write(f);
      f.op(opcode);
    });
  }
  #plain(op: Op, x: Operand, type?: WasmType): Value {
    return this.#with(scalarOps[op]?.[numeric(this.type)], x, type);
  }
  #signed(op: Op, unsigned: 0 | 1, x: Operand, type?: WasmType): Value {
    return this.#with(signedOps[op]?.[unsigned][numeric(this.type)], x, type);
  }

  add(x: Operand): Value {
    return this.#plain('add', x);
  }
  sub(x: Operand): Value {
    return this.#plain('sub', x);
  }
  mul(x: Operand): Value {
    return this.#plain('mul', x);
  }
  and(x: Operand): Value {
    return this.#plain('and', x);
  }
  or(x: Operand): Value {
    return this.#plain('or', x);
  }
  xor(x: Operand): Value {
    return this.#plain('xor', x);
  }
  shl(x: Operand): Value {
    return this.#plain('shl', x);
  }
  /** Shift right, zeros in. */
  shr(x: Operand): Value {
    return this.#signed('shr', 1, x);
  }
  /** Shift right, copies of the sign in. */
  sar(x: Operand): Value {
    return this.#signed('shr', 0, x);
  }
  /** Quotient of unsigned integers; traps where the divisor is 0. */
  div(x: Operand): Value {
    return this.#signed('idiv', 1, x);
  }
  /** Quotient of floats. */
  over(x: Operand): Value {
    return this.#plain('div', x);
  }
  sqrt(): Value {
    return this.#float('sqrt');
  }
  abs(): Value {
    return this.#float('abs');
  }
  neg(): Value {
    return this.#float('neg');
  }
  #float(op: 'sqrt' | 'abs' | 'neg'): Value {
    const opcode = scalarOps[op]?.[numeric(this.type)];
    if (opcode === undefined) throw new TypeError(`no ${op} of ${this.type}`);
    return this.#as(opcode, this.type);
  }
  /** The magnitude of this float with the sign of `x`. */
  copysign(x: Operand): Value {
    return this.#with(this.type === 'f32' ? 0x98 : 0xa6, x);
  }
  eq(x: Operand): Value {
    return this.#plain('eq', x, 'i32');
  }
  ne(x: Operand): Value {
    return this.#plain('ne', x, 'i32');
  }
  /** Less: of integers as unsigned numbers. */
  lt(x: Operand): Value {
    return this.#signed('lt', isInteger(this.type), x, 'i32');
  }
  le(x: Operand): Value {
    return this.#signed('le', isInteger(this.type), x, 'i32');
  }
  /** Less, of integers as signed numbers. */
  lessSigned(x: Operand): Value {
    return this.#signed('lt', 0, x, 'i32');
  }
  /** 1 where an i32 or i64 is 0, else 0. */
  isZero(): Value {
    return this.type === 'i64' ? this.#as(0x50, 'i32') : this.#as(0x45, 'i32');
  }
  /** Leading zero bits. */
  clz(): Value {
    return this.#as(scalarOps.clz?.[numeric(this.type)] ?? 0, this.type);
  }
  #as(opcode: number, type: WasmType): Value {
    return new Value(type, (f) => {
      this.write(f);
      f.op(opcode);
    });
  }
  /** The low half of an i64. */
  low(): Value {
    return this.#as(0xa7, 'i32');
  }
  /** An i32 as the i64 of the same unsigned value. */
  wide(): Value {
    return this.#as(0xad, 'i64');
  }
  /** An f32 as f64. */
  promote(): Value {
    return this.#as(0xbb, 'f64');
  }
  /** A signed i32 as a float. */
  float(type: 'f32' | 'f64'): Value {
    return this.#as(type === 'f32' ? 0xb2 : 0xb7, type);
  }
  /** One lane of a vector. */
  extract(lane: 'f32' | 'f64', index: number): Value {
    return new Value(carrier[lane], (f) => {
      this.write(f);
      f.simd(laneMoves[lane].extract).op(index);
    });
  }
  /** A float in every lane of a vector. */
  splat(): Value {
    const { splat } = laneMoves[this.type === 'f32' ? 'f32' : 'f64'];
    return new Value('v128', (f) => {
      this.write(f);
      f.simd(splat);
    });
  }
  /** Bytes of this vector (0 to 15) and of another (16 to 31) in a new order. */
  shuffle(x: Value, bytes: readonly number[]): Value {
    return new Value('v128', (f) => {
      this.write(f);
      x.write(f);
      f.shuffle(bytes);
    });
  }
  /** The bits of a float as an integer of its width, or of an integer as a float. */
  bits(): Value {
    const rows = { f32: [0xbc, 'i32'], f64: [0xbd, 'i64'], i32: [0xbe, 'f32'], i64: [0xbf, 'f64'] } as const;
    const [opcode, type] = rows[numeric(this.type)];
    return this.#as(opcode, type);
  }
  /** `a` where this i32 is not 0, else `b`; both are computed. */
  select(a: Value, b: Operand): Value {
    const other = asValue(b, a.type);
    return new Value(a.type, (f) => {
      a.write(f);
      other.write(f);
      this.write(f);
      f.op(0x1b);
    });
  }
  /** Bits of `a` where this vector has ones, of `b` elsewhere. */
  choose(a: Value, b: Value): Value {
    return new Value('v128', (f) => {
      for (const x of [a, b, this]) x.write(f);
      f.simd(simd.bitselect);
    });
  }
  /** A SIMD operation on lanes of this kind. */
  lanes(op: Op, lane: MemoryLane, x?: Value): Value {
    const opcode = simdOps[op]?.[lane];
    if (opcode === undefined) throw new TypeError(`no SIMD instruction for ${op} of ${lane}`);
    return new Value('v128', (f) => {
      this.write(f);
      x?.write(f);
      f.simd(opcode);
    });
  }
}

const numeric = (type: WasmType): 'i32' | 'i64' | 'f32' | 'f64' => {
  if (type === 'v128') throw new TypeError('a vector has lanes: use lanes()');
  return type;
};
const isInteger = (type: WasmType): 0 | 1 => (type === 'i32' || type === 'i64' ? 1 : 0);

/** A constant of a type. */
export function constant(type: WasmType, x: number | bigint): Value {
  return new Value(type, (f) => {
    if (type === 'i32') f.i32(Number(BigInt.asIntN(32, BigInt(x))));
    else if (type === 'i64') f.op(0x42).code.signed(BigInt.asIntN(64, BigInt(x)));
    else if (type === 'f32') f.op(0x43).code.f32(Number(x));
    else if (type === 'f64') f.op(0x44).code.f64(Number(x));
    else throw new TypeError('no constants of vectors');
  });
}

export const asValue = (x: Operand, type: WasmType): Value => (x instanceof Value ? x : constant(type, x));

/** A local; reading it is an expression. */
export class Variable extends Value {
  readonly index: number;
  constructor(type: WasmType, index: number) {
    super(type, (f) => {
      f.get(index);
    });
    this.index = index;
  }
  /** An expression that assigns and has the new value. */
  tee(x: Operand): Value {
    const value = asValue(x, this.type);
    return new Value(this.type, (f) => {
      value.write(f);
      f.tee(this.index);
    });
  }
}

/** Leaves a block, or begins a loop again. */
export interface Label {
  (): void;
  /** The same where the condition holds. */
  when(condition: Value): void;
}

/** A function of the module under construction. */
export interface Callee {
  readonly index: number;
  readonly result: WasmType | undefined;
}

/** The instructions of one function. */
export class Routine {
  readonly f: FunctionCode;
  readonly params: readonly Variable[];
  #depth = 0;

  constructor(params: readonly WasmType[], results: readonly WasmType[] = []) {
    this.f = new FunctionCode(params, results);
    this.params = params.map((type, i) => new Variable(type, i));
  }

  /** A new local, 0 at first. */
  local(type: WasmType): Variable {
    return new Variable(type, this.f.local(type));
  }
  /** A new local with a value. */
  let(x: Value): Variable {
    const local = this.local(x.type);
    this.set(local, x);
    return local;
  }
  set(local: Variable, x: Operand): void {
    asValue(x, local.type).write(this.f);
    this.f.set(local.index);
  }
  /** local += x */
  bump(local: Variable, x: Operand): void {
    this.set(local, local.add(x));
  }
  load(lane: MemoryLane, address: Value, offset = 0): Value {
    return new Value(carrier[lane], (f) => {
      address.write(f);
      f.op(scalarMemory[lane][0]).memarg(offset);
    });
  }
  store(lane: MemoryLane, address: Value, x: Operand, offset = 0): void {
    address.write(this.f);
    asValue(x, carrier[lane]).write(this.f);
    this.f.op(scalarMemory[lane][1]).memarg(offset);
  }
  /** 16 bytes. */
  loadVector(address: Value, offset = 0): Value {
    return new Value('v128', (f) => {
      address.write(f);
      f.simd(simd.load).memarg(offset);
    });
  }
  storeVector(address: Value, x: Value, offset = 0): void {
    address.write(this.f);
    x.write(this.f);
    this.f.simd(simd.store).memarg(offset);
  }
  /** 16 bytes of one element over and over: a float, or a pair of them. */
  loadSplat(bytes: 4 | 8, address: Value, offset = 0): Value {
    return new Value('v128', (f) => {
      address.write(f);
      f.simd(laneMemory[bytes].splat).memarg(offset);
    });
  }
  /** Copies memory; the ranges may overlap. */
  copy(to: Value, from: Value, bytes: Value): void {
    for (const x of [to, from, bytes]) x.write(this.f);
    this.f.op(0xfc, 0x0a, 0, 0);
  }
  /** Fills memory with a byte. */
  fill(to: Value, byte: Operand, bytes: Operand): void {
    for (const x of [to, asValue(byte, 'i32'), asValue(bytes, 'i32')]) x.write(this.f);
    this.f.op(0xfc, 0x0b, 0);
  }
  /** The result of a call. */
  call(callee: Callee, ...args: readonly Operand[]): Value {
    return new Value(callee.result ?? 'i32', (f) => {
      for (const x of args) asValue(x, 'i32').write(f);
      f.call(callee.index);
    });
  }
  /** Calls a function without a result. */
  run(callee: Callee, ...args: readonly Operand[]): void {
    if (callee.result !== undefined) throw new TypeError('a result would stay on the stack');
    this.call(callee, ...args).write(this.f);
  }
  return(x?: Operand): void {
    if (x !== undefined) asValue(x, this.f.results[0] ?? 'i32').write(this.f);
    this.f.return();
  }

  #label(at: number): Label {
    const jump = (): void => {
      this.f.br(this.#depth - at);
    };
    return Object.assign(jump, {
      when: (condition: Value): void => {
        condition.write(this.f);
        this.f.brIf(this.#depth - at);
      },
    });
  }
  #inside(write: (label: Label) => void): void {
    this.#depth++;
    write(this.#label(this.#depth));
    this.#depth--;
    this.f.end();
  }
  /** A block; the label leaves it. */
  block(write: (leave: Label) => void): void {
    this.f.block();
    this.#inside(write);
  }
  /** A loop that ends where its text ends; the label begins it again. */
  loop(write: (again: Label) => void): void {
    this.f.loop();
    this.#inside(write);
  }
  if(condition: Value, then: () => void, otherwise?: () => void): void {
    condition.write(this.f);
    this.f.if();
    this.#inside(() => {
      then();
      if (otherwise === undefined) return;
      this.f.else();
      otherwise();
    });
  }
  /** As long as the condition holds, which is tested before every turn. */
  while(condition: Value, body: () => void): void {
    this.if(condition, () => {
      this.loop((again) => {
        body();
        again.when(condition);
      });
    });
  }
}

/** Adds a function to a module; exported where it has a name. */
export function define(
  module: ModuleCode,
  params: readonly WasmType[],
  result: WasmType | undefined,
  write: (r: Routine, ...params: Variable[]) => void,
  exportAs?: string,
): Callee {
  const r = new Routine(params, result === undefined ? [] : [result]);
  write(r, ...r.params);
  return { index: module.add(r.f, exportAs), result };
}

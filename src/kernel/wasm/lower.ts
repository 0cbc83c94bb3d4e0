// The one lowering: turns IR expressions into instructions for E elements at a time (SIMD) or for one (E = 1). A value
// of a lane of w bytes takes max(1, E·w/16) registers ("chunks"); with E·w < 16 only the low lanes count. Truth values
// are masks as wide as their user needs. Loads are the loop's business: it passes a callback.

import { KernelError } from '../../base/errors.ts';
import { laneBytes, type Node, topological, type ValueType } from '../ir.ts';
import { Bytes, type FunctionCode } from './encoder.ts';
import { emitLaneShift } from './lane_shifts.ts';
import { carrier, laneMoves, simd, simdOps } from './opcodes.ts';
import { type CallLoop, emitScalar, pushConstant, readsTwice } from './scalar.ts';
import { convertVector, vectorConstant } from './vector_convert.ts';

export interface LowerContext {
  readonly f: FunctionCode;
  /** Elements per pass; 1 = scalar. */
  readonly elements: number;
  readonly callLoop: CallLoop;
  /** Leaves register `chunk` of a load on the stack. */
  readonly load: (operand: number, part: number, chunk: number, type: ValueType) => void;
  /** Is this load the same for every element of the run? Then `load` may be emitted before the loop. */
  readonly uniform: (operand: number) => boolean;
  /** Local that holds a parameter. */
  readonly paramLocal: (index: number) => number;
  /** Local (i32) with the number of the current pass's first element. */
  readonly laneLocal: number;
  /** Address of a constant table. */
  readonly tableAddress: (id: number) => number;
}

type Scope = Map<number, number>;

export class Lowering {
  readonly cx: LowerContext;
  /** Instructions to run before the loop. */
  readonly preamble = new Bytes();
  readonly #root: Scope = new Map();
  #scopes: Scope[] = [this.#root];
  readonly #uses = new Map<Node, number>();
  readonly #invariant = new Map<Node, boolean>();
  readonly #fixed = new Map<string, number>();

  constructor(cx: LowerContext, roots: readonly Node[]) {
    this.cx = cx;
    for (const r of roots) this.#use(r);
    for (const n of topological(roots)) {
      for (const a of n.args) this.#use(a);
      // A register of the argument may serve two of the result: keep it.
      if (n.op === 'convert' || n.type === 'bool') for (const a of n.args) this.#use(a);
    }
  }

  #use(n: Node): void {
    this.#uses.set(n, (this.#uses.get(n) ?? 0) + 1);
  }

  get vector(): boolean {
    return this.cx.elements > 1;
  }

  /** Registers that a lane of this many bytes takes. */
  chunks(bytes: number): number {
    return Math.max(1, (this.cx.elements * bytes) / 16);
  }

  /** Lanes in use of each register. */
  lanes(bytes: number): number {
    return Math.min(16 / bytes, this.cx.elements);
  }

  #isInvariant(n: Node): boolean {
    let known = this.#invariant.get(n);
    if (known === undefined) {
      if (n.op === 'load') known = this.cx.uniform(Number(n.imm) >> 1);
      else known = n.op !== 'lane' && n.args.every((a) => this.#isInvariant(a));
      this.#invariant.set(n, known);
    }
    return known;
  }

  #find(key: number): number | undefined {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const local = this.#scopes[i].get(key);
      if (local !== undefined) return local;
    }
    return undefined;
  }

  /** Pushes register `chunk` of a value; for truth values in vector code as a mask of `width` bytes per lane. */
  push(n: Node, chunk = 0, width = 0): void {
    const { f } = this.cx;
    if (!this.vector && this.#isImmediate(n)) {
      this.#emitOne(n);
      return;
    }
    const w = this.#widthOf(n, width);
    const key = this.#keyOf(n, chunk, w);
    const known = this.#find(key) ?? (this.#isInvariant(n) ? this.#hoist(n, w, key) : undefined);
    if (known !== undefined) {
      f.get(known);
      return;
    }
    this.#emit(n, chunk, w);
    if ((this.#uses.get(n) ?? 0) > 1 || w > 0) f.tee(this.#keep(n, key));
  }

  /** Ensures the value is in a local and returns it. */
  localOf(n: Node, chunk: number, width = 0): number {
    const w = this.#widthOf(n, width);
    const key = this.#keyOf(n, chunk, w);
    const known = this.#find(key) ?? (this.#isInvariant(n) ? this.#hoist(n, w, key) : undefined);
    if (known !== undefined) return known;
    this.#emit(n, chunk, w);
    const local = this.#keep(n, key);
    this.cx.f.set(local);
    return local;
  }

  // Scalar code takes these where it needs them: a local would cost more.
  #isImmediate(n: Node): boolean {
    return n.op === 'const' || n.op === 'param' || n.op === 'lane';
  }

  #widthOf(n: Node, width: number): number {
    return n.type === 'bool' && this.vector ? width || this.maskWidth(n) : 0;
  }

  #keyOf(n: Node, chunk: number, w: number): number {
    return (n.id * 256 + (this.#isInvariant(n) ? 0 : chunk)) * 16 + w;
  }

  #keep(n: Node, key: number): number {
    const local = this.cx.f.local(this.vector ? 'v128' : carrier[n.type]);
    this.#scopes[this.#scopes.length - 1].set(key, local);
    return local;
  }

  // Emits into the preamble, in the outermost scope, and keeps the result in a local. What the preamble itself needs on
  // the way stays in the scope at hand: it may be a branch that is not taken.
  #hoist(n: Node, w: number, key: number): number {
    const { f } = this.cx;
    const saved = { code: f.code, scopes: this.#scopes };
    if (f.code !== this.preamble) {
      f.code = this.preamble;
      this.#scopes = [this.#root];
    }
    this.#emit(n, 0, w);
    const local = this.#keep(n, key);
    f.set(local);
    f.code = saved.code;
    this.#scopes = saved.scopes;
    return local;
  }

  /** A local with these 16 bytes, set before the loop. */
  fixed(bytes: readonly number[]): number {
    const key = String(bytes);
    let local = this.#fixed.get(key);
    if (local === undefined) {
      const { f } = this.cx;
      local = f.local('v128');
      const inside = f.code;
      f.code = this.preamble;
      f.simd(simd.const).code.append(bytes);
      f.set(local);
      f.code = inside;
      this.#fixed.set(key, local);
    }
    return local;
  }

  #emit(n: Node, chunk: number, width: number): void {
    if (this.vector) this.#emitVector(n, chunk, width);
    else this.#emitOne(n);
  }

  #emitOne(n: Node): void {
    const { f, load, paramLocal, laneLocal } = this.cx;
    if (n.op === 'const') pushConstant(f, n.type, n.imm ?? 0);
    else if (n.op === 'load') load(Number(n.imm) >> 1, Number(n.imm) & 1, 0, n.type);
    else if (n.op === 'param') f.get(paramLocal(Number(n.imm)));
    else if (n.op === 'lane') f.get(laneLocal);
    else if (n.op === 'table') this.#tableLoad(n, () => this.push(n.args[0]));
    else if (n.op === 'rare') this.#emitRare(n, 0, 0);
    else {
      const twice = readsTwice(n);
      emitScalar(
        f,
        n,
        (i) => (twice ? void f.get(this.localOf(n.args[i], 0)) : this.push(n.args[i])),
        this.cx.callLoop,
      );
    }
  }

  /** Register `chunk` of a value is in this local already. */
  assume(n: Node, chunk: number, local: number): void {
    this.#root.set(this.#keyOf(n, chunk, 0), local);
  }

  #tableLoad(n: Node, pushIndex: () => void): void {
    const { f } = this.cx;
    const bytes = n.type === 'bool' ? 1 : laneBytes[n.type];
    const opcode = { i32: 0x28, i64: 0x29, f32: 0x2a, f64: 0x2b }[carrier[n.type]];
    pushIndex();
    f.i32(Math.log2(bytes))
      .op(0x74)
      .i32(this.cx.tableAddress(Number(n.imm)))
      .op(0x6a, opcode)
      .memarg(0);
  }

  #emitRare(n: Node, chunk: number, width: number): void {
    const { f } = this.cx;
    const [condition, special, common] = n.args;
    const result = f.local(this.vector ? 'v128' : carrier[n.type]);
    const w = n.type === 'bool' ? width : laneBytes[n.type];
    this.push(common, chunk, width);
    f.set(result);
    const mask = this.localOf(condition, chunk, w);
    f.get(mask);
    if (this.vector) f.simd(simd.anyTrue);
    f.if();
    this.#scopes.push(new Map());
    this.push(special, chunk, width);
    if (this.vector) f.get(result).get(mask).simd(simd.bitselect);
    f.set(result);
    this.#scopes.pop();
    f.end().get(result);
  }

  // ---- vectors -------------------------------------------------------------------------------------------------

  /** Lane width at which a truth value comes into being. */
  maskWidth(n: Node): number {
    if (n.op === 'eq' || n.op === 'ne' || n.op === 'lt' || n.op === 'le') {
      const t = n.args[0].type;
      return t === 'bool' ? 1 : laneBytes[t];
    }
    if (n.args.length === 0) return 1;
    return this.maskWidth(n.args[n.args.length - 1]);
  }

  #emitVector(n: Node, chunk: number, width: number): void {
    const { f, load, paramLocal } = this.cx;
    switch (n.op) {
      case 'const':
        vectorConstant(f, n.type, n.imm ?? 0);
        return;
      case 'load':
        load(Number(n.imm) >> 1, Number(n.imm) & 1, chunk, n.type);
        return;
      case 'param':
        if (n.type === 'bool')
          f.i32(0)
            .get(paramLocal(Number(n.imm)))
            .op(0x6b)
            .simd(laneMoves.i8.splat);
        else f.get(paramLocal(Number(n.imm))).simd(laneMoves[n.type].splat);
        return;
      case 'lane':
        f.get(this.cx.laneLocal).simd(laneMoves.i32.splat).simd(simd.const);
        for (let i = 0; i < 4; i++) f.op(chunk * 4 + i, 0, 0, 0);
        f.simd(174);
        return;
      case 'rare':
        this.#emitRare(n, chunk, width);
        return;
      case 'select': {
        const w = n.type === 'bool' ? width : laneBytes[n.type];
        this.push(n.args[1], chunk, width);
        this.push(n.args[2], chunk, width);
        this.push(n.args[0], chunk, w);
        f.simd(simd.bitselect);
        return;
      }
      case 'bitcast':
        this.push(n.args[0], chunk);
        return;
      case 'convert':
        if (convertVector(this, n.args[0], n.type, chunk)) return;
        break;
    }
    if (n.type === 'bool') this.#emitMask(n, chunk, width);
    else this.#emitLanes(n, chunk);
  }

  #emitMask(n: Node, chunk: number, width: number): void {
    const { f } = this.cx;
    const on = n.args[0].type;
    if (on === 'bool') {
      for (const a of n.args) this.push(a, chunk, width);
      f.simd(simdOps[n.op]?.bool ?? 0);
      return;
    }
    const natural = laneBytes[on];
    if (width === natural) this.#emitLanes(n, chunk);
    else if (width > natural) {
      const half = width / 2;
      const from = this.chunks(width) > this.chunks(half) ? chunk >> 1 : chunk;
      const high = this.chunks(width) > this.chunks(half) && (chunk & 1) === 1;
      this.push(n, from, half);
      f.simd({ 1: 135, 2: 167, 4: 199 }[half as 1 | 2 | 4] + (high ? 1 : 0)); // extend_low/high, signed
    } else {
      const twice = width * 2;
      const pair = this.chunks(twice) > this.chunks(width);
      this.push(n, pair ? chunk * 2 : chunk, twice);
      this.push(n, pair ? chunk * 2 + 1 : chunk, twice);
      if (width === 4) f.shuffle([0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]);
      else f.simd(width === 2 ? 133 : 101); // narrow, signed saturation keeps -1
    }
  }

  #emitLanes(n: Node, chunk: number): void {
    const { f } = this.cx;
    const on = n.args[0].type;
    const opcode = simdOps[n.op]?.[on];
    const byLane = n.op === 'shl' || n.op === 'shr';
    if (byLane && !this.#isInvariant(n.args[1]) && emitLaneShift(this, n, chunk)) return;
    if (opcode === undefined || (byLane && !this.#isInvariant(n.args[1]))) {
      this.#laneByLane(n, chunk);
      return;
    }
    this.push(n.args[0], chunk);
    if (byLane) f.get(this.#amount(n.args[1]));
    else if (n.args.length > 1) this.push(n.args[1], chunk);
    if (n.op === 'shlk' || n.op === 'shrk') f.i32(Number(n.imm));
    f.simd(opcode);
  }

  // An i32 local with lane 0 of an invariant value, read before the loop.
  #amount(n: Node): number {
    const { f } = this.cx;
    const key = this.#keyOf(n, 0, 15);
    const known = this.#find(key);
    if (known !== undefined || n.type === 'bool') return known ?? -1;
    const vector = this.localOf(n, 0);
    const inside = f.code;
    f.code = this.preamble;
    f.get(vector).simd(laneMoves[n.type].extract).op(0);
    if (carrier[n.type] === 'i64') f.op(0xa7);
    const local = f.local('i32');
    f.set(local);
    f.code = inside;
    (inside === this.preamble ? this.#scopes[this.#scopes.length - 1] : this.#root).set(key, local);
    return local;
  }

  // Takes arguments apart, works on scalars, puts the result together. Arguments and result of other widths than the
  // result's (conversions of 64-bit integers, table look-ups) are found by their element number.
  #laneByLane(n: Node, chunk: number): void {
    const { f } = this.cx;
    if (n.type === 'bool') throw new KernelError(`no mask for ${n.op}`, 'compare lanes that SIMD can compare');
    const to = laneMoves[n.type];
    const per = this.lanes(laneBytes[n.type]);
    const first = chunk * (16 / laneBytes[n.type]);
    for (let l = 0; l < per; l++) {
      const arg = (i: number): void => this.#pushLane(n.args[i], first + l);
      if (n.op === 'table') this.#tableLoad(n, () => arg(0));
      else {
        const kept = n.args.map((a, i) => {
          if (!readsTwice(n)) return -1;
          const local = f.local(carrier[a.type]);
          arg(i);
          f.set(local);
          return local;
        });
        emitScalar(f, n, (i) => (kept[i] < 0 ? arg(i) : void f.get(kept[i])), this.cx.callLoop);
      }
      if (l === 0) f.simd(to.splat);
      else f.simd(to.replace).op(l);
    }
  }

  #pushLane(a: Node, element: number): void {
    const { f } = this.cx;
    if (a.type === 'bool')
      throw new KernelError('a truth value has no lanes of its own', 'convert it to an integer lane');
    const per = 16 / laneBytes[a.type];
    const chunk = this.chunks(laneBytes[a.type]) > 1 ? Math.floor(element / per) : 0;
    const local = this.localOf(a, chunk);
    f.get(local)
      .simd(laneMoves[a.type].extract)
      .op(element % per);
  }
}

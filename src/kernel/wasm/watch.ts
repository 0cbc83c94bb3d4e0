// Conditions that a loop looks for beside its work. A plain watch only collects whether anything suspicious was seen, an
// instruction per register, and answers 0 or 1. An exact watch asks after every pass, on a branch that is hardly ever
// taken, which conditions were met, before results are stored: it may run in place. Both answer at the end of a run.
// What the conditions mean is not known here (kernel/faults.ts).

import { isWide, laneBytes, type Node, type ValueType } from '../ir.ts';
import { Bytes, type FunctionCode } from './encoder.ts';
import type { Lowering } from './lower.ts';
import { carrier, simd } from './opcodes.ts';

export interface Watch {
  /** Conditions can only hold where one of these is not 0 (truth values, integers) or not finite (floats). */
  readonly suspects: readonly Node[];
  /** Bits and when to set them; empty for a plain watch. */
  readonly conditions: readonly { readonly bit: number; readonly met: Node }[];
}

export const watchRoots = ({ suspects, conditions }: Watch): Node[] => [...suspects, ...conditions.map((c) => c.met)];

/** The same watch over other nodes, in the order of `watchRoots`. */
export function withRoots(watch: Watch, roots: readonly Node[]): Watch {
  const first = watch.suspects.length;
  return {
    suspects: roots.slice(0, first),
    conditions: watch.conditions.map(({ bit }, i) => ({ bit, met: roots[first + i] })),
  };
}

const ADD = { f32: { scalar: 0x92, vector: 228 }, f64: { scalar: 0xa0, vector: 240 } } as const;
const SUB = { f32: { scalar: 0x93, vector: 229 }, f64: { scalar: 0xa1, vector: 241 } } as const;
const NE = { f32: 0x5c, f64: 0x62 } as const;
type Float = keyof typeof ADD;

const isFloatType = (t: string): t is Float => t === 'f32' || t === 'f64';

/** Nodes that are joined into one register: floats of a type by adding them, all else of a width by or. */
interface Group {
  readonly members: Node[];
  readonly type: Float | undefined;
  readonly width: number;
}

function grouped(lower: Lowering, nodes: readonly Node[]): Group[] {
  const groups: Group[] = [];
  for (const n of nodes) {
    const width = n.type === 'bool' ? (lower.vector ? lower.maskWidth(n) : 0) : laneBytes[n.type];
    const type = isFloatType(n.type) ? n.type : undefined;
    const group = groups.find((g) => g.type === type && g.width === width);
    if (group === undefined) groups.push({ members: [n], type, width });
    else group.members.push(n);
  }
  return groups;
}

/** The watch of one function under construction. */
export class Watching {
  readonly #f: FunctionCode;
  readonly #watch: Watch;
  readonly #seen: number;
  /** Emits, at the end, the test of what one pass accumulated: leaves an i32. */
  readonly #tests: (() => void)[] = [];

  constructor(f: FunctionCode, watch: Watch) {
    this.#f = f;
    this.#watch = watch;
    this.#seen = f.local('i32');
  }

  /** What a pass computes in any case. */
  get roots(): readonly Node[] {
    return this.#watch.suspects;
  }
  get exact(): boolean {
    return this.#watch.conditions.length > 0;
  }

  /**
   * Emits the tests of one pass. `lower` has computed the suspects or will; `onBranch` makes a lowering for conditions
   * that computes anew what it needs, so that the loop holds nothing for it.
   */
  pass(lower: Lowering, onBranch: (conditions: readonly Node[]) => Lowering): void {
    const { suspects, conditions } = this.#watch;
    if (conditions.length === 0) {
      for (const g of grouped(lower, suspects)) this.#accumulate(lower, g);
      return;
    }
    const f = this.#f;
    this.#any(lower, suspects);
    f.if();
    const rare = onBranch(conditions.map((c) => c.met));
    const outer = f.code;
    f.code = new Bytes();
    for (const { bit, met } of conditions) {
      this.#any(rare, [met]);
      f.i32(bit).op(0x6c).get(this.#seen).op(0x72).set(this.#seen);
    }
    const body = f.code;
    f.code = outer;
    f.code.append(rare.preamble.data).append(body.data);
    f.end();
  }

  /** Leaves the answer of the run on the stack. */
  finish(): void {
    this.#f.get(this.#seen);
    for (const test of this.#tests) {
      test();
      this.#f.op(0x72);
    }
  }

  #push(lower: Lowering, n: Node, chunk: number, width: number): void {
    if (lower.vector) lower.push(n, chunk, n.type === 'bool' ? width : 0);
    else lower.push(n);
  }

  #join(lower: Lowering, type: Float | undefined, lane: ValueType): void {
    const f = this.#f;
    if (lower.vector) f.simd(type === undefined ? simd.or : ADD[type].vector);
    else if (type !== undefined) f.op(ADD[type].scalar);
    else f.op(isWide(lane) ? 0x84 : 0x72); // or
  }

  // One local per register of the group, so that passes do not wait for each other.
  #accumulate(lower: Lowering, { members, type, width }: Group): void {
    const f = this.#f;
    const lane = members[0].type;
    const sums: number[] = [];
    for (let c = 0; c < (lower.vector ? lower.chunks(width) : 1); c++) {
      const sum = f.local(lower.vector ? 'v128' : carrier[lane]);
      for (const n of members) {
        this.#push(lower, n, c, width);
        f.get(sum);
        this.#join(lower, type, lane);
        f.set(sum);
      }
      sums.push(sum);
    }
    this.#tests.push(() => {
      sums.forEach((sum, i) => {
        f.get(sum);
        if (i > 0) this.#join(lower, type, lane);
      });
      if (lower.vector) {
        this.#register(lower, type, width);
        f.simd(simd.anyTrue);
      } else this.#scalar(type, isWide(lane));
    });
  }

  // Of the register on the stack: bits that are not 0 where a lane in use is not 0 or not finite.
  #register(lower: Lowering, type: Float | undefined, width: number): void {
    const f = this.#f;
    if (type !== undefined) {
      const sum = f.local('v128');
      f.tee(sum).get(sum).simd(SUB[type].vector); // +0 for finite x, all bits 0
    }
    const used = lower.cx.elements * width;
    if (used >= 16) return;
    f.simd(simd.const);
    for (let b = 0; b < 16; b++) f.op(b < used ? 255 : 0); // the others hold anything
    f.simd(simd.and);
  }

  #scalar(type: Float | undefined, wide: boolean): void {
    const f = this.#f;
    if (type !== undefined) {
      const x = f.local(type);
      f.tee(x).get(x).op(SUB[type].scalar).tee(x).get(x).op(NE[type]);
    } else if (wide) f.op(0x50, 0x45); // eqz, eqz
  }

  // Leaves on the stack, as an i32, whether some lane is suspicious.
  #any(lower: Lowering, nodes: readonly Node[]): void {
    const f = this.#f;
    grouped(lower, nodes).forEach(({ members, type, width }, g) => {
      let count = 0;
      for (const n of members) {
        for (let c = 0; c < (lower.vector ? lower.chunks(width) : 1); c++) {
          this.#push(lower, n, c, width);
          if (count++ > 0) this.#join(lower, type, n.type);
        }
      }
      if (lower.vector) this.#register(lower, type, width);
      else this.#scalar(type, isWide(members[0].type));
      if (g > 0) lower.vector ? f.simd(simd.or) : f.op(0x72);
    });
    if (lower.vector) f.simd(simd.anyTrue);
  }
}

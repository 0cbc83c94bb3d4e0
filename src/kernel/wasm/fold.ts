// Reductions of one run: 16 lanes accumulate elements i ≡ lane (mod 16) of a leaf of 256 elements, the lanes are folded
// by halves (k with k + 8, then + 4, + 2, + 1), and leaves are combined in pairs of neighbours. The tree depends on the
// length alone, so every layout, axis and thread count gives the same bits; the error grows with 16 + log2(n).
// Where order does not matter (min, integers, truth) one leaf is the whole run. A run of nothing gives the identity.
// Source of the idea: pairwise summation, Higham, "The accuracy of floating point summation" (1993).
//
// run(n, pointer…, stride of each strided operand…, parameter…, scratch): the last operand is the result, one state.
// pairs(count, base): combines `count` states that lie one after another, in place; the result is at base.

import type { Lane } from '../../dtype/dtype.ts';
import { laneBytes, type Node, substitute, type ValueType } from '../ir.ts';
import { rebuild } from '../simplify.ts';
import { Bytes, FunctionCode, type ModuleCode } from './encoder.ts';
import { laneLoops } from './lane_loops.ts';
import { type LowerContext, Lowering } from './lower.ts';
import { partsOf, prepared, runLocals } from './map.ts';
import { addNest } from './nest.ts';
import { laneMemory, scalarMemory, simd } from './opcodes.ts';
import * as operand from './operands.ts';
import { itemBytes, type OperandSpec } from './operands.ts';
import { vectorConstant } from './vector_convert.ts';

/** Lanes of a leaf, and elements of a leaf. Part of the definition of every float reduction. */
export const LANES = 16;
export const LEAF = 256;
/** Most elements of one ordered run: a whole subtree, so that longer reductions combine runs by `pairs`. */
export const RUN = 65536;

export interface FoldSpec {
  readonly inputs: readonly OperandSpec[];
  readonly params: readonly ValueType[];
  /** The state that one element contributes, one root per part, all of lane `state.lane`. */
  readonly value: readonly Node[];
  /** State as an operand: where the result goes. Parts share a lane. */
  readonly state: OperandSpec;
  /** Combines two states given as roots: loads of operand `left`, `right` in `combineOperands`. */
  readonly combine: readonly Node[];
  readonly identity: readonly (number | bigint)[];
  /** Does the order of combination change the bits? */
  readonly ordered: boolean;
  /** Elements of a leaf of an ordered reduction. */
  readonly leaf?: number;
  /** State and `times` elements, each after the other, → state, where that is cheaper than `combine` of each: input i of element e is operand e · inputs + i. */
  readonly several?: { readonly times: number; readonly roots: readonly Node[] };
  /** Of a state (operand `left`): will no element change it? Then a run stops; unordered reductions only. */
  readonly settled?: Node;
  readonly tableAddress: (id: number) => number;
}

/** Accumulating lanes: 16 where their number shows in the bits, else at least four registers of narrow lanes. */
const lanesFor = (ordered: boolean, width: number): number => (ordered ? LANES : Math.max(LANES, 64 / width));

/** Operand numbers by which `combine` refers to its two states. */
export const combineOperands = { left: 100, right: 101 } as const;

/** Bytes of scratch that a run needs. */
export const foldScratch = (state: OperandSpec): number => itemBytes(state) * (LANES + RUN / LEAF + 1) + 2 * 64;

const LEFT = combineOperands.left;
const RIGHT = combineOperands.right;

type CallLoop = ReturnType<typeof laneLoops>;
type PushPart = (part: number) => void;

/** A fold being written: one function and what it is made from. */
interface Writing {
  readonly spec: FoldSpec;
  readonly f: FunctionCode;
  readonly callLoop: CallLoop;
  readonly lane: Lane;
  readonly width: 1 | 2 | 4 | 8;
  readonly parts: number;
}

function lowering(w: Writing, roots: readonly Node[], elements: number, more: Partial<LowerContext>): Lowering {
  return new Lowering(
    {
      f: w.f,
      elements,
      callLoop: w.callLoop,
      paramLocal: () => -1,
      laneLocal: -1,
      tableAddress: w.spec.tableAddress,
      uniform: () => false,
      load: () => undefined,
      ...more,
    },
    roots,
  );
}

// Emits `body` after the instructions that its lowering wants to have run before it.
function inline(w: Writing, lower: Lowering, body: () => void): void {
  const outer = w.f.code;
  w.f.code = new Bytes();
  body();
  const emitted = w.f.code;
  w.f.code = outer;
  outer.append(lower.preamble.data).append(emitted.data);
}

// Combines two states; returns the locals of the result's parts.
function combine(w: Writing, elements: number, left: PushPart, right: PushPart): number[] {
  const load: LowerContext['load'] = (i, part) => (i === LEFT ? left(part) : right(part));
  const lower = lowering(w, w.spec.combine, elements, { load });
  let out: number[] = [];
  inline(w, lower, () => {
    out = w.spec.combine.map((n) => lower.localOf(n, 0));
  });
  return out;
}

/** A scalar part at `address local` + part · step bytes. */
function loadPart(w: Writing, address: number, part: number, step: number): void {
  w.f
    .get(address)
    .op(scalarMemory[w.lane][0])
    .memarg(part * step);
}

function storePart(w: Writing, address: number, part: number, step: number, value: () => void): void {
  w.f.get(address);
  value();
  w.f.op(scalarMemory[w.lane][1]).memarg(part * step);
}

function addPairs(module: ModuleCode, spec: FoldSpec, callLoop: CallLoop, exported: boolean): number {
  const f = new FunctionCode(['i32', 'i32']);
  const w = writing(spec, f, callLoop);
  const bytes = w.width * w.parts;
  const [from, to, i] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.block().loop();
  f.get(0).i32(2).op(0x49).brIf(1); // count < 2
  f.get(1).tee(from).set(to).get(0).i32(1).op(0x76).set(i);
  f.loop();
  const out = combine(
    w,
    1,
    (p) => loadPart(w, from, p, w.width),
    (p) => loadPart(w, from, p + w.parts, w.width),
  );
  out.forEach((local, p) => {
    storePart(w, to, p, w.width, () => f.get(local));
  });
  f.bump(from, 2 * bytes).bump(to, bytes);
  f.get(i).i32(1).op(0x6b).tee(i).brIf(0).end();
  f.get(0).i32(1).op(0x71).if();
  for (let p = 0; p < w.parts; p++) storePart(w, to, p, w.width, () => loadPart(w, from, p, w.width));
  f.end();
  f.get(0).i32(1).op(0x6a).i32(1).op(0x76).set(0).br(0).end().end();
  return module.add(f, exported ? 'pairs' : undefined);
}

function writing(spec: FoldSpec, f: FunctionCode, callLoop: CallLoop): Writing {
  const lane = spec.state.lane;
  return { spec, f, callLoop, lane, width: laneBytes[lane], parts: spec.state.parts };
}

/** The two states that a combination may load. */
export const statesAsLoads = (state: OperandSpec) => (operand: number) =>
  operand === LEFT || operand === RIGHT ? state : undefined;

// Several elements at once, where all inputs can be loaded from anywhere in a pass.
function severalOf({ several, inputs, params, state }: FoldSpec, results: ValueType[]): FoldSpec['several'] {
  if (several === undefined || inputs.some((o) => o.layout === 'strided' || o.parts === 2)) return undefined;
  const loads = (i: number): OperandSpec | undefined => (i === LEFT ? state : inputs[i % inputs.length]);
  return { ...several, roots: prepared(several.roots, { loads, params, results }, 'fold of several elements') };
}

/** Adds `run`, `nest` and `pairs` of a reduction to a module, or, not `exported`, what the run needs; the run's number. */
export function addFold(module: ModuleCode, asked: FoldSpec, exported = true): number {
  const { inputs, params, state } = asked;
  const results = partsOf([state]);
  const spec: FoldSpec = {
    ...asked,
    value: prepared(asked.value, { loads: (i) => inputs[i], params, results }, 'fold'),
    combine: prepared(asked.combine, { loads: statesAsLoads(state), params: [], results }, 'fold combination'),
    several: severalOf(asked, results),
    settled:
      asked.settled &&
      prepared([asked.settled], { loads: statesAsLoads(state), params: [], results: ['bool'] }, 'fold')[0],
  };
  const operands = [...spec.inputs, spec.state];
  const at = runLocals(operands, [...spec.params, 'i32'], false);
  const f = new FunctionCode(at.types);
  const run = module.add(f, exported ? 'run' : undefined);
  const callLoop = laneLoops(module);
  const pairs = addPairs(module, spec, callLoop, exported);
  const w = writing(spec, f, callLoop);
  const { width, parts } = w;
  const lanes = lanesFor(spec.ordered, width);
  const registers = (lanes * width) / 16;
  const scratch = at.firstParam + spec.params.length;
  const out = at.pointers[operands.length - 1];
  const acc = Array.from({ length: parts }, () => Array.from({ length: registers }, () => f.local('v128')));
  const [m, left, leaves, leaf, slot] = [0, 1, 2, 3, 4].map(() => f.local('i32'));
  const total = substitute(
    spec.combine,
    (n) => (n.op === 'load' && Number(n.imm) >> 1 === RIGHT ? spec.value[Number(n.imm) & 1] : undefined),
    rebuild,
  );

  // Leaves nothing to do when some lane's state is settled.
  const stopEarly = (settled: Node, taken: number): void => {
    const load: LowerContext['load'] = (_i, part, chunk) => f.get(acc[part][chunk]);
    const lower = lowering(w, [settled], lanes, { load });
    inline(w, lower, () => {
      for (let c = 0; c < registers; c++) {
        lower.push(settled, c, width);
        if (c > 0) f.simd(simd.or);
      }
      f.simd(simd.anyTrue).if().i32(taken).set(left).end();
    });
  };

  // One pass: accumulators (or the scalar states at `slot`) combined with `elements` more elements each, `times` of them.
  const pass = (elements: number, roots: readonly Node[] = total, times = 1): void => {
    const ahead: (number[][] | undefined)[] = [];
    const lower = lowering(w, roots, elements, {
      paramLocal: (i) => at.firstParam + i,
      uniform: (i) => i !== LEFT && inputs[i % inputs.length].layout === 'uniform',
      load: (operandNumber, part, chunk) => {
        if (operandNumber === LEFT) {
          if (elements > 1) f.get(acc[part][chunk]);
          else loadPart(w, slot, part, lanes * width);
          return;
        }
        const i = operandNumber % inputs.length;
        const further = Math.floor(operandNumber / inputs.length);
        const o = inputs[i];
        const loaded = ahead[i];
        if (elements === 1) operand.loadScalar(f, o, at.pointers[i], part);
        else if (o.layout === 'uniform') operand.loadUniform(f, o, at.pointers[i], part);
        else if (loaded !== undefined) f.get(loaded[part][chunk]);
        else operand.loadContiguous(f, o, at.pointers[i], elements, chunk + (further * elements * itemBytes(o)) / 16);
      },
    });
    // the preamble stands before the loop that the body ends
    const outer = f.code;
    f.code = new Bytes();
    f.loop();
    const vector = elements > 1;
    spec.inputs.forEach((o, i) => {
      const early = vector && o.layout !== 'uniform' && (o.layout === 'strided' || o.parts === 2);
      ahead.push(early ? operand.loadAhead(f, o, at.pointers[i], at.strides[i], elements) : undefined);
    });
    for (let c = 0; c < (vector ? registers : 1); c++) {
      // Always taken: in a block of their own the loads stay beside their uses, instead of all before all.
      if (times > 1) f.get(left).if();
      const locals = roots.map((n) => lower.localOf(n, c));
      locals.forEach((local, p) => {
        if (vector) f.get(local).set(acc[p][c]);
        else storePart(w, slot, p, lanes * width, () => f.get(local));
      });
      if (times > 1) f.end();
    }
    spec.inputs.forEach((o, i) => {
      if (o.layout === 'contiguous') f.bump(at.pointers[i], itemBytes(o) * elements * times);
      else if (o.layout === 'strided' && !vector) f.bumpBy(at.pointers[i], at.strides[i]);
    });
    const taken = lanes * times;
    if (vector && spec.settled !== undefined) stopEarly(spec.settled, taken);
    if (vector) f.get(left).i32(taken).op(0x6b).tee(left).i32(taken).op(0x4f).brIf(0).end();
    else f.bump(slot, width).get(left).i32(1).op(0x6b).tee(left).brIf(0).end();
    const body = f.code;
    f.code = outer;
    outer.append(lower.preamble.data).append(body.data);
  };

  const spill = (load: boolean): void => {
    for (let p = 0; p < parts; p++) {
      for (let c = 0; c < registers; c++) {
        const offset = p * lanes * width + c * 16;
        f.get(scratch);
        if (load) f.simd(simd.load).memarg(offset).set(acc[p][c]);
        else f.get(acc[p][c]).simd(simd.store).memarg(offset);
      }
    }
  };

  f.get(scratch)
    .i32(lanes * width * parts)
    .op(0x6a)
    .set(leaf);
  f.i32(0).set(leaves);
  f.loop(); // at least one leaf, so that a run of nothing gives the identity
  f.get(0);
  if (spec.ordered)
    f.i32(spec.leaf ?? LEAF)
      .get(0)
      .i32(spec.leaf ?? LEAF)
      .op(0x49)
      .op(0x1b); // the smaller
  f.set(m);
  for (let p = 0; p < parts; p++) {
    for (let c = 0; c < registers; c++) {
      vectorConstant(f, w.lane, spec.identity[p]);
      f.set(acc[p][c]);
    }
  }
  f.get(m).set(left);
  if (spec.several !== undefined) {
    const { roots, times } = spec.several;
    f.get(m)
      .i32(lanes * times)
      .op(0x4f)
      .if();
    pass(lanes, roots, times);
    f.end();
  }
  f.get(left).i32(lanes).op(0x4f).if();
  pass(lanes);
  f.end();
  f.get(left).if();
  spill(false);
  f.get(scratch).set(slot);
  pass(1);
  spill(true);
  f.end();
  for (let count = registers; count > 1; count /= 2) {
    for (let c = 0; c < count / 2; c++) {
      const locals = combine(
        w,
        16 / width,
        (p) => f.get(acc[p][c]),
        (p) => f.get(acc[p][c + count / 2]),
      );
      locals.forEach((local, p) => {
        f.get(local).set(acc[p][c]);
      });
    }
  }
  for (let folded = 16 / width; folded > 1; folded /= 2) {
    const shift = (folded / 2) * width;
    const upper = Array.from({ length: 16 }, (_, b) => (b + shift) % 16);
    const locals = combine(
      w,
      16 / width,
      (p) => f.get(acc[p][0]),
      (p) => f.get(acc[p][0]).get(acc[p][0]).shuffle(upper),
    );
    locals.forEach((local, p) => {
      f.get(local).set(acc[p][0]);
    });
  }
  for (let p = 0; p < parts; p++)
    f.get(leaf)
      .get(acc[p][0])
      .simd(laneMemory[width].store)
      .memarg(p * width)
      .op(0);
  f.bump(leaf, width * parts)
    .bump(leaves, 1)
    .get(0)
    .get(m)
    .op(0x6b)
    .tee(0)
    .brIf(0)
    .end();
  // leaves → one state → out
  f.get(scratch)
    .i32(lanes * width * parts)
    .op(0x6a)
    .set(leaf);
  f.get(leaves).get(leaf).call(pairs);
  for (let p = 0; p < parts; p++) storePart(w, out, p, width, () => loadPart(w, leaf, p, width));
  if (exported) addNest(module, run, at, operands.length);
  return run;
}

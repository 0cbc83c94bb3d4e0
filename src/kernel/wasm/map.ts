// The elementwise loop: any number of inputs and outputs of any layout, one pass of E elements in SIMD, the rest one
// by one. Exports `run` (one run of n elements) and `nest` (an odometer of outer dimensions around it).
//
// run(n, [lane0], pointer…, stride of each strided operand…, parameter…); operands are the inputs, then the outputs.
// nest(descriptor, [lane step unused], parameter…): see nest.ts. With a watch, both return the bits of what was seen.

import { laneBytes, type Node, topological, type ValueType } from '../ir.ts';
import { legalize } from '../legalize.ts';
import { type Signature, verifyBody } from '../verify.ts';
import { Bytes, FunctionCode, type ModuleCode, type WasmType } from './encoder.ts';
import { laneLoops } from './lane_loops.ts';
import { type LowerContext, Lowering } from './lower.ts';
import { addNest } from './nest.ts';
import { carrier } from './opcodes.ts';
import * as operand from './operands.ts';
import { itemBytes, type OperandSpec } from './operands.ts';
import { type Watch, Watching, watchRoots, withRoots } from './watch.ts';

export interface MapSpec {
  readonly inputs: readonly OperandSpec[];
  readonly outputs: readonly OperandSpec[];
  readonly params: readonly ValueType[];
  /** One root per part of every output, already in its storage lane; legalized here. */
  readonly body: readonly Node[];
  /** Conditions to look for, tested before a pass is stored, so that operands may be outputs. */
  readonly watch?: Watch;
  readonly tableAddress: (id: number) => number;
}

/** Where a run's parameters stand among the locals. */
export interface RunLocals {
  readonly lane: number;
  readonly pointers: readonly number[];
  readonly strides: readonly number[];
  readonly firstParam: number;
  readonly types: WasmType[];
}

export function runLocals(
  operands: readonly OperandSpec[],
  params: readonly ValueType[],
  usesLane: boolean,
): RunLocals {
  const types: WasmType[] = ['i32'];
  const lane = usesLane ? types.push('i32') - 1 : -1;
  const pointers = operands.map(() => types.push('i32') - 1);
  const strides = operands.map((o) => (o.layout === 'strided' ? types.push('i32') - 1 : -1));
  const firstParam = types.length;
  for (const p of params) types.push(carrier[p]);
  return { lane, pointers, strides, firstParam, types };
}

/** Lanes of the parts of operands, one after another. */
export const partsOf = (operands: readonly OperandSpec[]): ValueType[] =>
  operands.flatMap((o) => (o.parts === 2 ? [o.lane, o.lane] : [o.lane]));

/** The body checked against what its kernel declares, in operations that lower well. */
export function prepared(body: readonly Node[], signature: Signature, where: string): Node[] {
  verifyBody(body, signature, where);
  return legalize(body);
}

function preparedWatch(watch: Watch, signature: Signature): Watch {
  const roots = watchRoots(watch);
  return withRoots(watch, prepared(roots, { ...signature, results: roots.map((n) => n.type) }, 'map watch'));
}

export const usesLane = (body: readonly Node[]): boolean => topological(body).some((n) => n.op === 'lane');

/** The nodes that every pass runs: what only the branch of a `rare` needs is left out. */
function everyPass(roots: readonly Node[]): Set<Node> {
  const seen = new Set<Node>();
  const visit = (n: Node): void => {
    if (seen.has(n)) return;
    seen.add(n);
    n.args.forEach((a, i) => {
      if (n.op !== 'rare' || i !== 1) visit(a);
    });
  };
  for (const r of roots) visit(r);
  return seen;
}

/** Elements per SIMD pass: enough to fill the narrowest lane for short bodies, one register of the widest for long. */
export function passLength(body: readonly Node[], operands: readonly OperandSpec[], inputs: number): number {
  let widest = 1;
  let narrowest = 8;
  let weight = 0;
  for (const n of everyPass(body)) {
    if (n.type !== 'bool') widest = Math.max(widest, laneBytes[n.type]);
    weight += n.op === 'const' || n.op === 'load' || n.op === 'param' ? 0 : n.op === 'idiv' ? 8 : 1;
  }
  for (const o of operands) {
    narrowest = Math.min(narrowest, laneBytes[o.lane]);
    widest = Math.max(widest, laneBytes[o.lane]);
  }
  const least = Math.max(2, 16 / widest);
  const most = Math.max((4 * 16) / widest, 16 / narrowest);
  let e = least;
  // Long rare branches are repeated for every register, and compiling them is what a first call waits for.
  const total = topological(body).length;
  const registers = weight <= 12 ? 8 : weight <= 40 ? 4 : weight <= 90 && total <= 200 ? 2 : 1;
  // Loads that one store waits for stand before all that uses them: more than there are registers would be spilled.
  const loads = (n: number): number => (inputs * n * widest) / Math.max(16, n * laneBytes[operands[inputs].lane]);
  while (e * 2 <= most && (e * 2 * widest) / 16 <= registers && loads(e * 2) <= 24) e *= 2;
  return e;
}

/** Elements of a pass whose rest is worth shorter ones, where the body is short enough to be written once more. */
const LONG_PASS = 32;
const SHORT_BODY = 24;

interface Pass {
  readonly spec: MapSpec;
  readonly f: FunctionCode;
  readonly at: RunLocals;
  readonly elements: number;
  readonly callLoop: ReturnType<typeof laneLoops>;
  readonly watching: Watching | undefined;
}

// Emits one pass over `elements` elements, pointers moved on; returns what must run before the loop.
function emitPass({ spec, f, at, elements, callLoop, watching }: Pass): Bytes {
  const { inputs, outputs, body } = spec;
  const ahead: (number[][] | undefined)[] = [];
  const vector = elements > 1;
  const context: LowerContext = {
    f,
    elements,
    callLoop,
    paramLocal: (i) => at.firstParam + i,
    laneLocal: at.lane,
    tableAddress: spec.tableAddress,
    uniform: (i) => inputs[i].layout === 'uniform',
    load: (i, part, chunk) => {
      const o = inputs[i];
      const loaded = ahead[i];
      if (elements === 1) operand.loadScalar(f, o, at.pointers[i], part);
      else if (o.layout === 'uniform') operand.loadUniform(f, o, at.pointers[i], part);
      else if (loaded !== undefined) f.get(loaded[part][chunk]);
      else operand.loadContiguous(f, o, at.pointers[i], elements, chunk);
    },
  };
  const lower = new Lowering(context, watching === undefined ? body : [...body, ...watching.roots]);
  inputs.forEach((o, i) => {
    const early = vector && o.layout !== 'uniform' && (o.layout === 'strided' || o.parts === 2);
    ahead.push(early ? operand.loadAhead(f, o, at.pointers[i], at.strides[i], elements) : undefined);
  });
  const direct =
    !watching?.exact && outputs.length === 1 && outputs[0].parts === 1 && outputs[0].layout === 'contiguous' && vector;
  let root = 0;
  const results = outputs.map((o) =>
    Array.from({ length: o.parts }, () => {
      const n = body[root++];
      const chunks = vector ? lower.chunks(laneBytes[o.lane]) : 1;
      return Array.from({ length: direct ? 0 : chunks }, (_, c) => lower.localOf(n, c));
    }),
  );
  const watchResults = (): void =>
    watching?.pass(lower, (conditions) => {
      const rare = new Lowering(context, conditions);
      results.flat().forEach((locals, k) => {
        locals.forEach((local, c) => {
          rare.assume(body[k], c, local);
        });
      });
      return rare;
    });
  if (watching?.exact) watchResults();
  outputs.forEach((o, i) => {
    const k = inputs.length + i;
    const pointer = at.pointers[k];
    if (direct) {
      for (let c = 0; c < lower.chunks(laneBytes[o.lane]); c++) {
        f.get(pointer);
        lower.push(body[0], c);
        operand.storeBytes(f, Math.min(16, elements * laneBytes[o.lane]), c * 16);
      }
    } else if (vector) operand.storeVector(f, o, pointer, at.strides[k], elements, results[i]);
    else
      results[i].forEach((locals, part) => {
        operand.storeScalar(f, o, pointer, part, locals[0]);
      });
  });
  if (watching?.exact === false) watchResults();
  const operands = [...inputs, ...outputs];
  operands.forEach((o, k) => {
    if (o.layout === 'contiguous') f.bump(at.pointers[k], itemBytes(o) * elements);
    else if (o.layout === 'strided' && !vector) f.bumpBy(at.pointers[k], at.strides[k]);
  });
  if (at.lane >= 0) f.bump(at.lane, elements);
  return lower.preamble;
}

/** Adds `run` and `nest` of an elementwise kernel to a module. */
export function addMap(module: ModuleCode, spec: MapSpec): void {
  const { run, at } = addMapRun(module, spec, 'run');
  addNest(module, run, at, spec.inputs.length + spec.outputs.length, spec.watch !== undefined);
}

/** Adds the run of an elementwise kernel alone, for use by other functions of the module. */
export function addMapRun(module: ModuleCode, asked: MapSpec, exportAs?: string): { run: number; at: RunLocals } {
  const { inputs, outputs, params } = asked;
  const operands = [...inputs, ...outputs];
  const signature: Signature = { loads: (i) => inputs[i], params, results: partsOf(outputs), lane: true };
  const watch = asked.watch === undefined ? undefined : preparedWatch(asked.watch, signature);
  const spec: MapSpec = { ...asked, body: prepared(asked.body, signature, 'map'), watch };
  const at = runLocals(operands, spec.params, usesLane(spec.body));
  const f = new FunctionCode(at.types, watch === undefined ? [] : ['i32']);
  const watching = watch === undefined ? undefined : new Watching(f, watch);
  const run = module.add(f, exportAs);
  const callLoop = laneLoops(module);
  const elements = passLength(spec.body, operands, inputs.length);
  // `pass` is emitted apart, because what it wants done before the loop is known only afterwards.
  const emit = (size: number): { before: Bytes; body: Bytes } => {
    const outer = f.code;
    f.code = new Bytes();
    const before = emitPass({ spec, f, at, elements: size, callLoop, watching });
    const body = f.code;
    f.code = outer;
    return { before, body };
  };
  const passes = (size: number): void => {
    const simd = emit(size);
    f.get(0).i32(size).op(0x4f).if(); // n >= size (unsigned)
    f.code.append(simd.before.data);
    f.loop();
    f.code.append(simd.body.data);
    f.bump(0, -size).get(0).i32(size).op(0x4f).brIf(0).end().end();
  };
  passes(elements);
  // What is left of a long pass is long one by one.
  if (elements >= LONG_PASS && topological(spec.body).length <= SHORT_BODY) passes(elements / 4);
  const single = emit(1);
  f.get(0).if();
  f.code.append(single.before.data);
  f.loop();
  f.code.append(single.body.data);
  f.get(0).i32(1).op(0x6b).tee(0).brIf(0).end().end();
  watching?.finish();
  return { run, at };
}

// Running reductions of one run (cumsum, cumprod …): strictly left to right, one state carried in locals, as NumPy
// defines them; `resume` continues a run from the state before the output's first element. run(n, pointer…, stride of each strided operand…, parameter…); the last operand is the output.

import { laneBytes, type Node, substitute, type ValueType } from '../ir.ts';
import { rebuild } from '../simplify.ts';
import { Bytes, FunctionCode, type ModuleCode } from './encoder.ts';
import { combineOperands, statesAsLoads } from './fold.ts';
import { laneLoops } from './lane_loops.ts';
import { Lowering } from './lower.ts';
import { partsOf, prepared, type RunLocals, runLocals } from './map.ts';
import { addNest } from './nest.ts';
import { carrier, scalarMemory } from './opcodes.ts';
import * as operand from './operands.ts';
import { itemBytes, type OperandSpec } from './operands.ts';

export interface ScanSpec {
  readonly inputs: readonly OperandSpec[];
  readonly params: readonly ValueType[];
  /** State of one element, one root per part. */
  readonly value: readonly Node[];
  /** Result and state: one state per element. */
  readonly state: OperandSpec;
  readonly combine: readonly Node[];
  readonly tableAddress: (id: number) => number;
}

/** Adds `run` and `nest` of a running reduction to a module. */
export function addScan(module: ModuleCode, asked: ScanSpec): void {
  const { inputs, params } = asked;
  const results = partsOf([asked.state]);
  const spec: ScanSpec = {
    ...asked,
    value: prepared(asked.value, { loads: (i) => inputs[i], params, results }, 'scan'),
    combine: prepared(asked.combine, { loads: statesAsLoads(asked.state), params: [], results }, 'scan combination'),
  };
  const operands = [...spec.inputs, spec.state];
  const at = runLocals(operands, spec.params, false);
  const run = addRun(module, spec, at, false);
  addRun(module, spec, at, true);
  addNest(module, run, at, operands.length);
}

// `run` starts from the first element; `resume` goes on from the state before the output's first element.
function addRun(module: ModuleCode, spec: ScanSpec, at: RunLocals, resumes: boolean): number {
  const operands = [...spec.inputs, spec.state];
  const f = new FunctionCode(at.types);
  const index = module.add(f, resumes ? 'resume' : 'run');
  const callLoop = laneLoops(module);
  const { lane, parts } = spec.state;
  const width = laneBytes[lane];
  const k = operands.length - 1;
  const state = Array.from({ length: parts }, () => f.local(carrier[lane]));
  const { left, right } = combineOperands;
  const next = substitute(
    spec.combine,
    (n) => (n.op === 'load' && Number(n.imm) >> 1 === right ? spec.value[Number(n.imm) & 1] : undefined),
    rebuild,
  );
  const step = (roots: readonly Node[]): { before: Bytes; body: Bytes } => {
    const lower = new Lowering(
      {
        f,
        elements: 1,
        callLoop,
        paramLocal: (i) => at.firstParam + i,
        laneLocal: -1,
        tableAddress: spec.tableAddress,
        uniform: (i) => i !== left && spec.inputs[i].layout === 'uniform',
        load: (i, part) =>
          i === left ? void f.get(state[part]) : operand.loadScalar(f, spec.inputs[i], at.pointers[i], part),
      },
      roots,
    );
    const outer = f.code;
    f.code = new Bytes();
    const locals = roots.map((n) => lower.localOf(n, 0));
    locals.forEach((local, p) => {
      f.get(local).set(state[p]);
      f.get(at.pointers[k])
        .get(local)
        .op(scalarMemory[lane][1])
        .memarg(p * width);
    });
    operands.forEach((o, i) => {
      if (o.layout === 'contiguous') f.bump(at.pointers[i], itemBytes(o));
      else if (o.layout === 'strided') f.bumpBy(at.pointers[i], at.strides[i]);
    });
    f.get(0).i32(1).op(0x6b).set(0);
    const body = f.code;
    f.code = outer;
    return { before: lower.preamble, body };
  };
  f.get(0).op(0x45).if().return().end();
  if (resumes) {
    const o = at.pointers[k];
    const back = f.local('i32');
    f.get(o);
    if (spec.state.layout === 'strided') f.get(at.strides[k]);
    else f.i32(itemBytes(spec.state));
    f.op(0x6b).set(back);
    state.forEach((local, p) => {
      f.get(back)
        .op(scalarMemory[lane][0])
        .memarg(p * width);
      f.set(local);
    });
  }
  for (const roots of resumes ? [next] : [spec.value, next]) {
    const { before, body } = step(roots);
    f.code.append(before.data);
    if (roots === spec.value) {
      f.code.append(body.data);
      f.get(0).op(0x45).if().return().end();
    } else {
      f.loop();
      f.code.append(body.data);
      f.get(0).brIf(0).end();
    }
  }
  return index;
}

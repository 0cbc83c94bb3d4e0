// First element of a run for which a condition holds: run(n, pointer…, stride of each strided operand…, parameter…)
// gives its number, or n. Stops early, 16 elements at a time.

import type { Node, ValueType } from '../ir.ts';
import { Bytes, FunctionCode, type ModuleCode } from './encoder.ts';
import { laneLoops } from './lane_loops.ts';
import { Lowering } from './lower.ts';
import { prepared, runLocals } from './map.ts';
import { simd } from './opcodes.ts';
import * as operand from './operands.ts';
import { itemBytes, type OperandSpec } from './operands.ts';

export interface FindSpec {
  readonly inputs: readonly OperandSpec[];
  readonly params: readonly ValueType[];
  readonly condition: Node;
  readonly tableAddress: (id: number) => number;
}

const STEP = 16;

/** Adds `run` of a search to a module. */
export function addFind(module: ModuleCode, asked: FindSpec): void {
  const { inputs, params } = asked;
  const [condition] = prepared([asked.condition], { loads: (i) => inputs[i], params, results: ['bool'] }, 'find');
  const spec: FindSpec = { ...asked, condition };
  const at = runLocals(spec.inputs, spec.params, false);
  const f = new FunctionCode(at.types, ['i32']);
  module.add(f, 'run');
  const callLoop = laneLoops(module);
  const done = f.local('i32');
  const base = at.pointers.map(() => f.local('i32'));
  const test = (elements: number): { before: Bytes; body: Bytes } => {
    const ahead: (number[][] | undefined)[] = [];
    const lower = new Lowering(
      {
        f,
        elements,
        callLoop,
        paramLocal: (i) => at.firstParam + i,
        laneLocal: -1,
        tableAddress: spec.tableAddress,
        uniform: (i) => spec.inputs[i].layout === 'uniform',
        load: (i, part, chunk) => {
          const o = spec.inputs[i];
          const loaded = ahead[i];
          if (elements === 1) operand.loadScalar(f, o, at.pointers[i], part);
          else if (o.layout === 'uniform') operand.loadUniform(f, o, at.pointers[i], part);
          else if (loaded !== undefined) f.get(loaded[part][chunk]);
          else operand.loadContiguous(f, o, at.pointers[i], elements, chunk);
        },
      },
      [spec.condition],
    );
    const outer = f.code;
    f.code = new Bytes();
    const vector = elements > 1;
    spec.inputs.forEach((o, i) => {
      const early = vector && o.layout !== 'uniform' && (o.layout === 'strided' || o.parts === 2);
      ahead.push(early ? operand.loadAhead(f, o, at.pointers[i], at.strides[i], elements) : undefined);
    });
    lower.push(spec.condition, 0, vector ? 1 : 0);
    if (vector) f.simd(simd.anyTrue);
    f.brIf(1);
    spec.inputs.forEach((o, i) => {
      if (o.layout === 'contiguous') f.bump(at.pointers[i], itemBytes(o) * elements);
      else if (o.layout === 'strided' && !vector) f.bumpBy(at.pointers[i], at.strides[i]);
    });
    f.bump(done, elements);
    const body = f.code;
    f.code = outer;
    return { before: lower.preamble, body };
  };
  at.pointers.forEach((p, i) => {
    f.get(p).set(base[i]);
  });
  const wide = test(STEP);
  f.get(0).i32(STEP).op(0x4f).if();
  f.code.append(wide.before.data);
  f.loop();
  f.code.append(wide.body.data);
  f.get(0).get(done).op(0x6b).i32(STEP).op(0x4f).brIf(0).end().end();
  // A hit left the loop with pointers half moved: put them on element `done`.
  spec.inputs.forEach((o, i) => {
    if (o.layout === 'uniform') return;
    f.get(base[i]).get(done);
    if (o.layout === 'contiguous') f.i32(itemBytes(o));
    else f.get(at.strides[i]);
    f.op(0x6c, 0x6a).set(at.pointers[i]);
  });
  const single = test(1);
  f.code.append(single.before.data);
  f.block().loop().get(done).get(0).op(0x4f).brIf(1);
  f.code.append(single.body.data);
  f.br(0).end().end();
  f.get(done);
}

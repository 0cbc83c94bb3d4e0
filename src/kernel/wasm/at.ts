// Changes elements at positions, one after the other, so that a position that comes twice is changed twice:
// run(n, positions, base, step, length, [pointer, [stride]], parameter…). Positions are i32; those below zero count from
// `length`. Operand 0 of the body is the element itself, operand 1 the other one, where it is not a parameter.

import { laneBytes, type Node, type ValueType } from '../ir.ts';
import { Bytes, FunctionCode, type ModuleCode, type WasmType } from './encoder.ts';
import { laneLoops } from './lane_loops.ts';
import { Lowering } from './lower.ts';
import { partsOf, prepared } from './map.ts';
import { carrier, scalarMemory } from './opcodes.ts';
import * as operand from './operands.ts';
import { itemBytes, type OperandSpec } from './operands.ts';

export interface AtSpec {
  /** The elements that are changed; their layout does not count. */
  readonly target: OperandSpec;
  /** The other operand, if it is an array. */
  readonly other?: OperandSpec;
  readonly params: readonly ValueType[];
  /** The new element, one root per part. */
  readonly body: readonly Node[];
  readonly tableAddress: (id: number) => number;
}

/** Adds `run` to a module. */
export function addAt(module: ModuleCode, spec: AtSpec): void {
  const { target, other, params } = spec;
  const inputs = other === undefined ? [target] : [target, other];
  const body = prepared(spec.body, { loads: (i) => inputs[i], params, results: partsOf([target]) }, 'at');
  const types: WasmType[] = ['i32', 'i32', 'i32', 'i32', 'i32'];
  const [n, positions, base, step, length] = [0, 1, 2, 3, 4];
  const pointer = other === undefined ? -1 : types.push('i32') - 1;
  const stride = other?.layout === 'strided' ? types.push('i32') - 1 : -1;
  const firstParam = types.length;
  for (const p of params) types.push(carrier[p]);
  const f = new FunctionCode(types);
  module.add(f, 'run');
  const element = f.local('i32');
  const at = f.local('i32');
  const lower = new Lowering(
    {
      f,
      elements: 1,
      callLoop: laneLoops(module),
      paramLocal: (i) => firstParam + i,
      laneLocal: -1,
      tableAddress: spec.tableAddress,
      uniform: (i) => inputs[i].layout === 'uniform',
      load: (i, part) => operand.loadScalar(f, inputs[i], i === 0 ? element : pointer, part),
    },
    body,
  );
  const outer = f.code;
  f.code = new Bytes();
  const width = laneBytes[target.lane];
  const results = body.map((root) => lower.localOf(root, 0));
  results.forEach((local, part) => {
    f.get(element)
      .get(local)
      .op(scalarMemory[target.lane][1])
      .memarg(part * width);
  });
  const change = f.code;
  f.code = outer;
  f.get(n).op(0x45).if().return().end();
  f.code.append(lower.preamble.data);
  f.loop();
  f.get(positions).op(0x28).memarg(0).tee(at).i32(0).op(0x48).if().get(at).get(length).op(0x6a).set(at).end();
  f.get(base).get(at).get(step).op(0x6c, 0x6a).set(element);
  f.code.append(change.data);
  f.bump(positions, 4);
  if (other !== undefined && other.layout === 'contiguous') f.bump(pointer, itemBytes(other));
  if (stride >= 0) f.bumpBy(pointer, stride);
  f.get(n).i32(1).op(0x6b).tee(n).brIf(0).end();
}

// First element of a run for which a condition holds: run(n, pointer…, stride of each strided operand…, parameter…)
// gives its number, or n. Tests 64 elements at a time where that is cheap, then 16, whose mask tells the place.

import { type Node, topological, type ValueType } from '../ir.ts';
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

/** Elements of a test whose mask is one register of bytes. */
const STEP = 16;
const LONG_STEP = 64;
/** Conditions of at most this many nodes are tested in long steps too. */
const SHORT_CONDITION = 8;
const bitmask = 100;
const ctz = 0x68;

/** Adds the run of a search to a module, `exported` as `run`; its number. */
export function addFind(module: ModuleCode, asked: FindSpec, exported = true): number {
  const { inputs, params } = asked;
  const [condition] = prepared([asked.condition], { loads: (i) => inputs[i], params, results: ['bool'] }, 'find');
  const spec: FindSpec = { ...asked, condition };
  const at = runLocals(spec.inputs, spec.params, false);
  const f = new FunctionCode(at.types, ['i32']);
  const run = module.add(f, exported ? 'run' : undefined);
  const callLoop = laneLoops(module);
  const done = f.local('i32');
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
    if (vector) {
      // as wide as the mask comes: any lane will do
      const width = lower.maskWidth(spec.condition);
      for (let c = 0; c < lower.chunks(width); c++) {
        lower.push(spec.condition, c, width);
        if (c > 0) f.simd(simd.or);
      }
      f.simd(simd.anyTrue);
      if (elements === STEP) {
        f.if().get(done);
        lower.push(spec.condition, 0, 1);
        f.simd(bitmask).op(ctz, 0x6a).return().end();
      } else f.brIf(1);
    } else {
      lower.push(spec.condition);
      f.brIf(1);
    }
    spec.inputs.forEach((o, i) => {
      if (o.layout === 'contiguous') f.bump(at.pointers[i], itemBytes(o) * elements);
      else if (o.layout === 'strided' && !vector) f.bumpBy(at.pointers[i], at.strides[i]);
    });
    f.bump(done, elements);
    const body = f.code;
    f.code = outer;
    return { before: lower.preamble, body };
  };
  const searchBy = (elements: number): void => {
    const { before, body } = test(elements);
    const enough = (): FunctionCode => f.get(0).get(done).op(0x6b).i32(elements).op(0x4f);
    enough().if();
    f.code.append(before.data);
    f.block().loop();
    f.code.append(body.data);
    enough().brIf(0).end().end().end();
  };
  const steady = spec.inputs.every((o) => o.layout !== 'strided'); // a hit leaves the pointers where they were
  if (steady && topological([condition]).length <= SHORT_CONDITION) searchBy(LONG_STEP);
  searchBy(STEP);
  const single = test(1);
  f.code.append(single.before.data);
  f.block().loop().get(done).get(0).op(0x4f).brIf(1);
  f.code.append(single.body.data);
  f.br(0).end().end();
  f.get(done);
  return run;
}

// Visits the elements of a run one after another: what is computed of each is an expression, what is done with it is
// written with the assembler (a table is counted up, a hash set asked). Nothing is vectorized, because such steps write
// to places that depend on the elements. Exports `run` and `nest`, with arguments like those of map.ts.

import type { Node, ValueType } from '../ir.ts';
import { Routine, type Value, Variable } from './assembler.ts';
import { Bytes, type ModuleCode } from './encoder.ts';
import { laneLoops } from './lane_loops.ts';
import { Lowering } from './lower.ts';
import { prepared, runLocals } from './map.ts';
import { addNest } from './nest.ts';
import { carrier } from './opcodes.ts';
import * as operand from './operands.ts';
import { itemBytes, type OperandSpec } from './operands.ts';

export interface VisitSpec {
  readonly inputs: readonly OperandSpec[];
  readonly params: readonly ValueType[];
  /** What is computed of every element. */
  readonly values: readonly Node[];
  readonly tableAddress: (id: number) => number;
  /** Locals that stand through a run, made of the parameters before the loop. */
  readonly prepare?: (r: Routine, params: readonly Variable[]) => readonly Variable[];
  /** Writes what happens to one element: its values, the prepared locals or else the parameters, its turn below `unroll`. */
  readonly step: (
    r: Routine,
    values: readonly Variable[],
    given: readonly Variable[],
    turn: number,
    /** Addresses of the operands' elements: what no value loads may be written to. */
    pointers: readonly Variable[],
  ) => void;
  /** Elements per pass, for short steps. */
  readonly unroll?: number;
}

/** Adds `run` and `nest` of a visit to a module. */
export function addVisit(module: ModuleCode, spec: VisitSpec): void {
  const { inputs, params, unroll = 1 } = spec;
  const results = spec.values.map((n) => n.type);
  const roots = prepared(spec.values, { loads: (i) => inputs[i], params, results }, 'visit');
  const at = runLocals(inputs, params, false);
  const r = new Routine(at.types);
  const { f } = r;
  const run = module.add(f, 'run');
  const callLoop = laneLoops(module);
  const [left] = r.params;
  const given = r.params.slice(at.firstParam);
  const locals = spec.prepare?.(r, given) ?? given;
  const element = (turn: number): Lowering => {
    const lower = new Lowering(
      {
        f,
        elements: 1,
        callLoop,
        paramLocal: (i) => at.firstParam + i,
        laneLocal: -1,
        tableAddress: spec.tableAddress,
        uniform: (i) => inputs[i].layout === 'uniform',
        load: (i, part) => operand.loadScalar(f, inputs[i], at.pointers[i], part),
      },
      roots,
    );
    const values = roots.map((n) => new Variable(carrier[n.type], lower.localOf(n, 0)));
    spec.step(
      r,
      values,
      locals,
      turn,
      at.pointers.map((p) => r.params[p]),
    );
    inputs.forEach((o, i) => {
      if (o.layout === 'contiguous') f.bump(at.pointers[i], itemBytes(o));
      else if (o.layout === 'strided') f.bumpBy(at.pointers[i], at.strides[i]);
    });
    return lower;
  };
  const passes = (size: number): void => {
    const enough = (): Value => (size === 1 ? left : left.lt(size).isZero());
    r.if(enough(), () => {
      const before = f.code;
      f.code = new Bytes(); // what must run before the loop is known only after it
      const lowers: Lowering[] = [];
      r.loop((again) => {
        for (let turn = 0; turn < size; turn++) lowers.push(element(turn));
        r.set(left, left.sub(size));
        again.when(enough());
      });
      const loop = f.code;
      f.code = before;
      for (const lower of lowers) f.code.append(lower.preamble.data);
      f.code.append(loop.data);
    });
  };
  if (unroll > 1) passes(unroll);
  passes(1);
  addNest(module, run, at, inputs.length);
}

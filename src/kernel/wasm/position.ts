// Position of the extreme of a run: blocks are reduced by a fold, the best block's state is kept, and only that block is
// searched. run(n, pointer, out, [stride], scratch) writes an i32, -1 where no search finds anything; `nest` goes around.

import type { Node } from '../ir.ts';
import { laneBytes } from '../ir.ts';
import { legalize } from '../legalize.ts';
import { verifyBody } from '../verify.ts';
import { Bytes, FunctionCode, type ModuleCode } from './encoder.ts';
import { addFind } from './find.ts';
import { addFold, combineOperands, type FoldSpec, foldScratch, statesAsLoads } from './fold.ts';
import { laneLoops } from './lane_loops.ts';
import { Lowering } from './lower.ts';
import { runLocals } from './map.ts';
import { addNest } from './nest.ts';
import { scalarMemory } from './opcodes.ts';
import { itemBytes, type OperandSpec } from './operands.ts';

export interface PositionSpec {
  /** The reduction to the extreme, of one input. */
  readonly fold: FoldSpec;
  /** Does state `right` come before state `left`? Not where they are equal: the first wins. */
  readonly better: Node;
  /** Is the element (operand 0) the extreme, a state (operand 1)? Searched for in turn until one is found. */
  readonly same: readonly Node[];
}

/** Elements of a block: enough to make what is done per block small, few enough to stay in the first cache. */
const BLOCK = 2048;
const STATE = 16;

/** Bytes of scratch that a run needs. */
export const positionScratch = (state: OperandSpec): number => 2 * STATE + foldScratch(state);

/** Adds `run` and `nest` of a search for the position of an extreme to a module. */
export function addPosition(module: ModuleCode, spec: PositionSpec): void {
  const { fold, same } = spec;
  const { state, tableAddress } = fold;
  const [input] = fold.inputs;
  const out: OperandSpec = { lane: 'i32', parts: 1, layout: 'contiguous' };
  const reduce = addFold(module, fold, false);
  const stateAt: OperandSpec = { ...state, layout: 'uniform' };
  const finds = same.map((condition) =>
    addFind(module, { inputs: [input, stateAt], params: [], condition, tableAddress }, false),
  );
  verifyBody([spec.better], { loads: statesAsLoads(state), params: [], results: ['bool'] }, 'position');
  const [better] = legalize([spec.better]);

  const at = runLocals([input, out], ['i32'], false);
  const f = new FunctionCode(at.types);
  const run = module.add(f, 'run');
  const [pointer, to] = at.pointers;
  const [stride] = at.strides;
  const best = at.firstParam;
  const [block, work, start, bestStart, place, found, length] = Array.from({ length: 7 }, () => f.local('i32'));
  const strided = input.layout === 'strided';

  // place = address of element `number`, length = elements of the block there
  const moveTo = (number: number): void => {
    f.get(pointer).get(number);
    if (strided) f.get(stride);
    else f.i32(input.layout === 'uniform' ? 0 : itemBytes(input));
    f.op(0x6c, 0x6a).set(place);
    f.get(0).get(number).op(0x6b).set(length);
    f.get(length).i32(BLOCK).get(length).i32(BLOCK).op(0x49).op(0x1b).set(length); // the smaller
  };
  const reduceBlock = (into: number): void => {
    f.get(length).get(place).get(into);
    if (strided) f.get(stride);
    f.get(work).call(reduce);
  };
  const loadState = (from: number, part: number): void => {
    f.get(from)
      .op(scalarMemory[state.lane][0])
      .memarg(part * laneBytes[state.lane]);
  };

  f.get(best).i32(STATE).op(0x6a).set(block);
  f.get(block).i32(STATE).op(0x6a).set(work);
  moveTo(start);
  reduceBlock(best);
  f.block().loop();
  f.bump(start, BLOCK).get(start).get(0).op(0x4f).brIf(1);
  moveTo(start);
  reduceBlock(block);
  const lower = new Lowering(
    {
      f,
      elements: 1,
      callLoop: laneLoops(module),
      paramLocal: () => -1,
      laneLocal: -1,
      tableAddress,
      uniform: () => false,
      load: (i, part) => loadState(i === combineOperands.left ? best : block, part),
    },
    [better],
  );
  const outer = f.code;
  f.code = new Bytes();
  lower.push(better);
  const test = f.code;
  f.code = outer;
  outer.append(lower.preamble.data).append(test.data);
  f.if();
  f.get(start).set(bestStart);
  for (let p = 0; p < state.parts; p++) {
    f.get(best);
    loadState(block, p);
    f.op(scalarMemory[state.lane][1]).memarg(p * laneBytes[state.lane]);
  }
  f.end().br(0).end().end();

  moveTo(bestStart);
  f.block();
  for (const find of finds) {
    f.get(length).get(place).get(best);
    if (strided) f.get(stride);
    f.call(find).tee(found).get(length).op(0x49).brIf(0);
  }
  f.get(to).i32(-1).op(0x36).memarg(0).return().end();
  f.get(to).get(bestStart).get(found).op(0x6a).op(0x36).memarg(0);
  addNest(module, run, at, 2);
}

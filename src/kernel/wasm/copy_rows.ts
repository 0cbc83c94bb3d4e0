// Rows of bytes copied by the engine's own memory.copy, which beats a loop of 16-byte stores from a few hundred bytes on:
// run(n, from, to) copies n words of 8 bytes, nest goes from row to row.

import { FunctionCode, type ModuleCode } from './encoder.ts';
import { runLocals } from './map.ts';
import { addNest } from './nest.ts';
import type { OperandSpec } from './operands.ts';

/** Bytes of a word. */
export const WORD = 8;

/** Adds `run` and `nest` of a copy of rows to a module. */
export function addCopyRows(module: ModuleCode): void {
  const word: OperandSpec = { lane: 'u64', parts: 1, layout: 'contiguous' };
  const at = runLocals([word, word], [], false);
  const f = new FunctionCode(at.types);
  const run = module.add(f, 'run');
  const [from, to] = at.pointers;
  f.get(to).get(from).get(0).i32(WORD).op(0x6c).op(0xfc, 10, 0, 0); // memory.copy
  addNest(module, run, at, 2);
}

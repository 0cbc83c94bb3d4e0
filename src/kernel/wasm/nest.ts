// Outer dimensions around a `run`: an odometer in WebAssembly over a descriptor in memory, so that short rows cost a
// WebAssembly call and not a JavaScript one.
//
// Descriptor, all i32: [dims, n, pointer × operands, stride × operands, then per dimension, innermost first:
// extent, counter (0), step × operands, back × operands (= step · extent)]. Pointers and counters are used up.

import { FunctionCode, type ModuleCode } from './encoder.ts';
import type { RunLocals } from './map.ts';

/** Words of a descriptor. */
export const nestWords = (dims: number, operands: number): number => 2 + 2 * operands + dims * (2 + 2 * operands);

// One odometer serves every kernel whose `run` takes the same arguments: nothing of the body is in it.
const written = new Map<string, FunctionCode>();

/** Adds `nest` around the function number `run`; where that returns bits (`watched`), nest returns all of them. */
export function addNest(module: ModuleCode, run: number, at: RunLocals, operands: number, watched = false): void {
  const key = `${run}:${at.lane}:${at.strides}:${at.types}:${watched}`;
  let f = written.get(key);
  if (f === undefined) {
    f = odometer(run, at, operands, watched);
    written.set(key, f);
  }
  module.add(f, 'nest');
}

function odometer(run: number, at: RunLocals, operands: number, watched: boolean): FunctionCode {
  const params = at.types.slice(at.firstParam);
  const usesLane = at.lane >= 0;
  const f = new FunctionCode(['i32', ...(usesLane ? (['i32'] as const) : []), ...params], watched ? ['i32'] : []);
  const firstParam = usesLane ? 2 : 1;
  const word = (i: number): number => i * 4;
  const load = (offset: number): FunctionCode => f.op(0x28).memarg(offset);
  const pointers = at.pointers.map(() => f.local('i32'));
  const strides = at.strides.map((s) => (s >= 0 ? f.local('i32') : -1));
  const n = f.local('i32');
  const dims = f.local('i32');
  const d = f.local('i32');
  const dim = f.local('i32'); // address of the current dimension's record
  const seen = watched ? f.local('i32') : -1;
  f.get(0);
  load(word(0)).set(dims).get(0);
  load(word(1)).set(n);
  pointers.forEach((p, k) => {
    f.get(0);
    load(word(2 + k)).set(p);
  });
  strides.forEach((s, k) => {
    if (s < 0) return;
    f.get(0);
    load(word(2 + operands + k)).set(s);
  });
  f.loop();
  f.get(n);
  if (usesLane) f.get(1);
  for (const p of pointers) f.get(p);
  for (const s of strides) if (s >= 0) f.get(s);
  for (let i = 0; i < params.length; i++) f.get(firstParam + i);
  f.call(run);
  if (watched) f.get(seen).op(0x72).set(seen);
  if (usesLane) f.bumpBy(1, n);
  f.get(0)
    .i32(word(2 + 2 * operands))
    .op(0x6a)
    .set(dim);
  f.i32(0).set(d);
  f.block().loop();
  f.get(d).get(dims).op(0x46).brIf(1); // all dimensions done
  pointers.forEach((p, k) => {
    f.get(p).get(dim);
    load(word(2 + k))
      .op(0x6a)
      .set(p);
  });
  // counter += 1; while below the extent: next row
  f.get(dim).get(dim);
  load(word(1)).i32(1).op(0x6a).op(0x36).memarg(word(1));
  f.get(dim);
  load(word(1)).get(dim);
  load(word(0)).op(0x49).brIf(2);
  f.get(dim).i32(0).op(0x36).memarg(word(1));
  pointers.forEach((p, k) => {
    f.get(p).get(dim);
    load(word(2 + operands + k))
      .op(0x6b)
      .set(p);
  });
  f.bump(dim, word(2 + 2 * operands))
    .bump(d, 1)
    .br(0);
  f.end().end().end();
  if (watched) f.get(seen);
  return f;
}

// Elements repeated one after another: every element as often as one count says, or as a list of counts says; and rows
// of bytes as often as a list says. An element is splatted over 16 bytes and stored beyond its own end where something
// that comes later overwrites it; the last ones are stored one by one, so that nothing outside the result is touched.

import { FunctionCode, type ModuleCode } from './encoder.ts';
import { laneMemory, scalarMemory, simd } from './opcodes.ts';

/** Bytes of an element that `addRepeat` can splat. */
export type RepeatWidth = 1 | 2 | 4 | 8 | 16;
export const repeatWidths: readonly number[] = [1, 2, 4, 8, 16] satisfies RepeatWidth[];

const REGISTER = 16;
const lanes = { 1: 'u8', 2: 'u16', 4: 'u32', 8: 'u64' } as const;
const i32s = (n: number) => new Array<'i32'>(n).fill('i32');

/** x = the element at `from`, in all lanes. */
function splat(f: FunctionCode, from: number, width: RepeatWidth, x: number): void {
  f.get(from);
  if (width === REGISTER) f.simd(simd.load);
  else f.simd(laneMemory[width].splat);
  f.memarg(0).set(x);
}

/** Stores x over `left` bytes at `p`, in whole registers. */
function storeWide(f: FunctionCode, x: number, p: number, left: number): void {
  f.get(left)
    .i32(REGISTER - 1)
    .op(0x6a)
    .i32(4)
    .op(0x76)
    .set(left); // registers
  f.loop();
  f.get(p).get(x).simd(simd.store).memarg(0).bump(p, REGISTER);
  f.get(left).i32(1).op(0x6b).tee(left).brIf(0).end();
}

/** Copies one element from `from` to `p` until `left` bytes are written. */
function storeExact(f: FunctionCode, width: RepeatWidth, from: number, p: number, left: number): void {
  f.loop();
  f.get(p).get(from);
  if (width === REGISTER) f.simd(simd.load).memarg(0).simd(simd.store).memarg(0);
  else {
    const [load, store] = scalarMemory[lanes[width]];
    f.op(load).memarg(0).op(store).memarg(0);
  }
  f.bump(p, width);
  f.get(left).i32(width).op(0x6b).tee(left).brIf(0).end();
}

/**
 * run(n, from, to, counts, left, step between elements, step between counts): n > 0 elements, each as often as its
 * 32-bit count at `counts` says; `left` is the number of elements to write in all. A step of 0 between counts means one
 * count for all, and `left` follows from it.
 */
export function addRepeat(module: ModuleCode, width: RepeatWidth): void {
  const f = new FunctionCode(i32s(7));
  const [n, from, to, counts, left, step, countStep] = [0, 1, 2, 3, 4, 5, 6];
  const [bytes, room, p, rest] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  const x = f.local('v128');
  f.get(countStep).op(0x45).if().get(n).get(counts).op(scalarMemory.i32[0]).memarg(0).op(0x6c).set(left).end();
  f.get(left).i32(width).op(0x6c).set(room);
  f.loop();
  f.get(counts).op(scalarMemory.i32[0]).memarg(0).i32(width).op(0x6c).tee(bytes).if();
  f.get(to).set(p).get(bytes).set(rest);
  f.get(bytes)
    .i32(REGISTER - 1)
    .op(0x6a)
    .i32(-REGISTER)
    .op(0x71)
    .get(room)
    .op(0x4d)
    .if(); // whole registers fit
  splat(f, from, width, x);
  storeWide(f, x, p, rest);
  f.else();
  storeExact(f, width, from, p, rest);
  f.end();
  f.bumpBy(to, bytes).get(room).get(bytes).op(0x6b).set(room);
  f.end();
  f.bumpBy(from, step).bumpBy(counts, countStep);
  f.get(n).i32(1).op(0x6b).tee(n).brIf(0).end();
  module.add(f, 'run');
}

/** run(n, from, to, counts, bytes): n > 0 rows of `bytes` bytes that follow each other, each as often as its count says. */
export function addRepeatRows(module: ModuleCode): void {
  const f = new FunctionCode(i32s(5));
  const [n, from, to, counts, bytes] = [0, 1, 2, 3, 4];
  const left = f.local('i32');
  f.loop();
  f.get(counts).op(scalarMemory.i32[0]).memarg(0).tee(left).if();
  f.loop();
  f.get(to).get(from).get(bytes).op(0xfc, 10, 0, 0).bumpBy(to, bytes); // memory.copy
  f.get(left).i32(1).op(0x6b).tee(left).brIf(0).end();
  f.end();
  f.bumpBy(from, bytes).bump(counts, 4);
  f.get(n).i32(1).op(0x6b).tee(n).brIf(0).end();
  module.add(f, 'run');
}

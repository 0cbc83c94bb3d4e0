// How the elements of one operand travel between memory and registers, by layout: contiguous runs, strided lanes, one
// uniform element. Complex operands (two parts) are taken apart on the way in and joined on the way out.

import type { Lane } from '../../dtype/dtype.ts';
import { laneBytes } from '../ir.ts';
import type { FunctionCode } from './encoder.ts';
import { laneMemory, scalarMemory, simd } from './opcodes.ts';

export type Layout = 'contiguous' | 'strided' | 'uniform';

export interface OperandSpec {
  readonly lane: Lane;
  readonly parts: 1 | 2;
  readonly layout: Layout;
}

/** Bytes from one element to the next where they are contiguous. */
export const itemBytes = (o: OperandSpec): number => laneBytes[o.lane] * o.parts;

const lanesOf = (width: number): 1 | 2 | 4 | 8 => (width === 1 ? 1 : width === 2 ? 2 : width === 4 ? 4 : 8);

// Byte shuffles that take every other item of two registers, and that weave two registers.
function every(width: number, odd: boolean): number[] {
  const out: number[] = [];
  for (let item = odd ? 1 : 0; item < 32 / width; item += 2) for (let b = 0; b < width; b++) out.push(item * width + b);
  return out;
}

/** The byte shuffle that takes items of two registers in turn, from their low or high halves. */
export function weave(width: number, high: boolean): number[] {
  const out: number[] = [];
  const per = 16 / width;
  for (let i = 0; i < per / 2; i++) {
    const item = i + (high ? per / 2 : 0);
    for (const side of [0, 16]) for (let b = 0; b < width; b++) out.push(side + item * width + b);
  }
  return out;
}

// Pushes `bytes` (2, 4, 8 or 16) contiguous bytes at the pointer, in the low lanes.
function loadBytes(f: FunctionCode, pointer: number, bytes: number, offset: number): void {
  f.get(pointer);
  const opcode =
    bytes >= 16
      ? simd.load
      : bytes === 8
        ? simd.load64Zero
        : bytes === 4
          ? simd.load32Zero
          : laneMemory[lanesOf(bytes)].splat;
  f.simd(opcode).memarg(offset);
}

/** Registers of an operand for one pass, `[part][chunk]`, loaded into locals (strided and complex operands). */
export function loadAhead(
  f: FunctionCode,
  o: OperandSpec,
  pointer: number,
  stride: number,
  elements: number,
): number[][] {
  const width = laneBytes[o.lane];
  const chunks = Math.max(1, (elements * width) / 16);
  const lanes = Math.min(16 / width, elements);
  const out: number[][] = [];
  for (let p = 0; p < o.parts; p++) out.push(Array.from({ length: chunks }, () => f.local('v128')));
  // Two strides that shuffles are faster for, but with two lanes.
  const near = o.layout === 'strided' && o.parts === 1 && lanes * width === 16 && width <= 4;
  if (near) {
    f.get(stride)
      .i32(2 * width)
      .op(EQUAL)
      .if();
    everySecond(f, pointer, width, out[0]);
    f.else().get(stride).i32(-width).op(EQUAL).if();
    backwards(f, pointer, width, out[0]);
    f.else();
  }
  for (let c = 0; c < chunks; c++) {
    if (o.layout === 'contiguous') {
      const a = f.local('v128');
      const b = f.local('v128');
      const bytes = Math.min(16, elements * width * 2);
      loadBytes(f, pointer, bytes, c * 32);
      f.set(a);
      if (elements * width * 2 > 16) loadBytes(f, pointer, 16, c * 32 + 16);
      else f.get(a);
      f.set(b);
      for (const p of [0, 1])
        f.get(a)
          .get(b)
          .shuffle(every(width, p === 1))
          .set(out[p][c]);
      continue;
    }
    for (let l = 0; l < lanes; l++) {
      for (let p = 0; p < o.parts; p++) {
        f.get(pointer);
        if (l === 0) f.simd(laneMemory[width].splat).memarg(p * width);
        else
          f.get(out[p][c])
            .simd(laneMemory[width].load)
            .memarg(p * width)
            .op(l);
        f.set(out[p][c]);
      }
      f.bumpBy(pointer, stride);
    }
  }
  if (near) f.end().end();
  return out;
}

const EQUAL = 0x46;

// Every second element: two registers that end with the last one wanted, so that nothing behind it is read.
function everySecond(f: FunctionCode, pointer: number, width: number, registers: readonly number[]): void {
  const first = every(width, false).slice(0, 8);
  const second = every(width, true).slice(8);
  registers.forEach((register, c) => {
    f.get(pointer)
      .simd(simd.load)
      .memarg(c * 32);
    f.get(pointer)
      .simd(simd.load)
      .memarg(c * 32 + 16 - width);
    f.shuffle([...first, ...second]).set(register);
  });
  f.bump(pointer, 32 * registers.length);
}

// One after another towards lower addresses: registers from the other end, turned.
function backwards(f: FunctionCode, pointer: number, width: number, registers: readonly number[]): void {
  const turned = Array.from({ length: 16 }, (_, b) => 16 - width - (b - (b % width)) + (b % width));
  const bytes = 16 * registers.length;
  const from = f.local('i32');
  f.get(pointer)
    .i32(bytes - width)
    .op(0x6b)
    .set(from);
  registers.forEach((register, c) => {
    f.get(from)
      .simd(simd.load)
      .memarg(bytes - 16 * (c + 1));
    f.tee(register).get(register).shuffle(turned).set(register);
  });
  f.bump(pointer, -bytes);
}

/** Pushes register `chunk` of a contiguous real operand. */
export function loadContiguous(
  f: FunctionCode,
  o: OperandSpec,
  pointer: number,
  elements: number,
  chunk: number,
): void {
  loadBytes(f, pointer, Math.min(16, elements * laneBytes[o.lane]), chunk * 16);
}

/** Pushes one element of an operand in all lanes. */
export function loadUniform(f: FunctionCode, o: OperandSpec, pointer: number, part: number): void {
  const width = laneBytes[o.lane];
  f.get(pointer)
    .simd(laneMemory[width].splat)
    .memarg(part * width);
}

/** Pushes one element's part as a scalar. */
export function loadScalar(f: FunctionCode, o: OperandSpec, pointer: number, part: number): void {
  f.get(pointer)
    .op(scalarMemory[o.lane][0])
    .memarg(part * laneBytes[o.lane]);
}

/** Stores one pass: `locals[part][chunk]`; a strided pointer moves on by itself. */
export function storeVector(
  f: FunctionCode,
  o: OperandSpec,
  pointer: number,
  stride: number,
  elements: number,
  locals: number[][],
): void {
  const width = laneBytes[o.lane];
  const lanes = Math.min(16 / width, elements);
  const chunks = locals[0].length;
  for (let c = 0; c < chunks; c++) {
    if (o.layout === 'strided') {
      for (let l = 0; l < lanes; l++) {
        for (let p = 0; p < o.parts; p++)
          f.get(pointer)
            .get(locals[p][c])
            .simd(laneMemory[width].store)
            .memarg(p * width)
            .op(l);
        f.bumpBy(pointer, stride);
      }
    } else if (o.parts === 2) {
      const [re, im] = [locals[0][c], locals[1][c]];
      const bytes = Math.min(32, elements * width * 2);
      f.get(pointer).get(re).get(im).shuffle(weave(width, false));
      storeBytes(f, Math.min(16, bytes), c * 32);
      if (bytes === 32) {
        f.get(pointer).get(re).get(im).shuffle(weave(width, true));
        storeBytes(f, 16, c * 32 + 16);
      }
    } else {
      f.get(pointer).get(locals[0][c]);
      storeBytes(f, Math.min(16, elements * width), c * 16);
    }
  }
}

// Stores the low bytes of the register on the stack to the address below it.
export function storeBytes(f: FunctionCode, bytes: number, offset: number): void {
  if (bytes >= 16) f.simd(simd.store).memarg(offset);
  else f.simd(laneMemory[lanesOf(bytes)].store).memarg(offset).op(0);
}

/** Stores one scalar part: `push` leaves it on the stack. */
export function storeScalar(f: FunctionCode, o: OperandSpec, pointer: number, part: number, local: number): void {
  f.get(pointer)
    .get(local)
    .op(scalarMemory[o.lane][1])
    .memarg(part * laneBytes[o.lane]);
}

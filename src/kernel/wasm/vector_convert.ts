// Conversions between lanes in SIMD code: widen and narrow integers step by step, integers ↔ floats where there are
// instructions. Returns false where there are none (64-bit integers ↔ floats): then it is done lane by lane.

import { bitsOf, isFloat, isSigned, laneBytes, type Node, type ValueType } from '../ir.ts';
import type { FunctionCode } from './encoder.ts';
import type { Lowering } from './lower.ts';
import { simd } from './opcodes.ts';

const lowHalves = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
const firstHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const highToLow = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];

const lanesOf16 = new DataView(new ArrayBuffer(16));
const bytesOf16 = new Uint8Array(lanesOf16.buffer);

/** A constant in all lanes. */
export function vectorConstant(f: FunctionCode, type: ValueType, value: number | bigint | boolean): void {
  const width = type === 'bool' ? 1 : laneBytes[type];
  if (type === 'bool') bytesOf16[0] = value ? 255 : 0;
  else if (type === 'f32') lanesOf16.setFloat32(0, Number(value), true);
  else if (type === 'f64') lanesOf16.setFloat64(0, Number(value), true);
  else if (width === 8) lanesOf16.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  else if (width === 4) lanesOf16.setUint32(0, Number(value), true);
  else if (width === 2) lanesOf16.setUint16(0, Number(value), true);
  else bytesOf16[0] = Number(value);
  for (let at: number = width; at < 16; at *= 2) bytesOf16.copyWithin(at, 0, at);
  f.simd(simd.const).code.append(bytesOf16);
}

// Pushes registers `from` of the argument that make up register `chunk` of a result twice as wide: one register, and
// whether its high half is meant.
function widenFrom(lower: Lowering, bytes: number, chunk: number): { chunk: number; high: boolean } {
  const doubled = lower.chunks(bytes * 2) > lower.chunks(bytes);
  return doubled ? { chunk: chunk >> 1, high: (chunk & 1) === 1 } : { chunk, high: false };
}

type PushChunk = (chunk: number) => void;

// Integer of `bytes` wide lanes to lanes twice or half as wide; `push` leaves a register of the argument.
function widenInt(lower: Lowering, bytes: number, signed: boolean, push: PushChunk, chunk: number): void {
  const from = widenFrom(lower, bytes, chunk);
  push(from.chunk);
  const low = { 1: 135, 2: 167, 4: 199 }[bytes as 1 | 2 | 4];
  lower.cx.f.simd(low + (signed ? 0 : 2) + (from.high ? 1 : 0));
}

function narrowInt(lower: Lowering, bytes: number, push: PushChunk, chunk: number): void {
  const { f } = lower.cx;
  const pair = lower.chunks(bytes) > lower.chunks(bytes / 2);
  const part = (c: number): void => {
    push(c);
    if (bytes === 8) return;
    vectorConstant(f, bytes === 4 ? 'u32' : 'u16', bytes === 4 ? 0xffff : 0xff);
    f.simd(simd.and);
  };
  part(pair ? chunk * 2 : chunk);
  part(pair ? chunk * 2 + 1 : chunk);
  if (bytes === 8) f.shuffle(lowHalves);
  else f.simd(bytes === 4 ? 134 : 102); // narrow, unsigned saturation: the mask has made it a wrap
}

function convertInt(lower: Lowering, a: Node, from: number, to: number, signed: boolean, chunk: number): void {
  if (from === to) lower.push(a, chunk);
  else if (from < to) widenInt(lower, to / 2, signed, (c) => convertInt(lower, a, from, to / 2, signed, c), chunk);
  else narrowInt(lower, to * 2, (c) => convertInt(lower, a, from, to * 2, signed, c), chunk);
}

// Two registers of f64 make one of a 4-byte lane.
function joinHalves(lower: Lowering, a: Node, chunk: number, opcode: number): void {
  const { f } = lower.cx;
  const pair = lower.chunks(8) > lower.chunks(4);
  lower.push(a, pair ? chunk * 2 : chunk);
  f.simd(opcode);
  if (!pair) return;
  lower.push(a, chunk * 2 + 1);
  f.simd(opcode).shuffle(firstHalves);
}

// One half of a register of a 4-byte lane makes one of f64.
function spreadHalf(lower: Lowering, a: Node, chunk: number, opcode: number): void {
  const { f } = lower.cx;
  const from = widenFrom(lower, 4, chunk);
  if (from.high) {
    const local = lower.localOf(a, from.chunk);
    f.get(local).get(local).shuffle(highToLow);
  } else lower.push(a, from.chunk);
  f.simd(opcode);
}

/** Pushes register `chunk` of `a` converted to `to`; false if SIMD has no way. */
export function convertVector(lower: Lowering, a: Node, to: ValueType, chunk: number): boolean {
  const { f } = lower.cx;
  const from = a.type;
  if (to === 'bool') return false;
  const width = laneBytes[to];
  if (from === 'bool') {
    lower.push(a, chunk, width);
    vectorConstant(f, to, 1);
    f.simd(simd.and);
    return true;
  }
  if (!isFloat(from) && !isFloat(to)) {
    convertInt(lower, a, laneBytes[from], width, isSigned(from), chunk);
    return true;
  }
  if (from === 'f32' && to === 'f64') spreadHalf(lower, a, chunk, simd.promoteLow);
  else if (from === 'f64' && to === 'f32') joinHalves(lower, a, chunk, simd.demote);
  else if (bitsOf(from) === 32 && !isFloat(from) && to === 'f64')
    spreadHalf(lower, a, chunk, isSigned(from) ? 254 : 255);
  else if (bitsOf(from) === 32 && !isFloat(from) && to === 'f32') {
    lower.push(a, chunk);
    f.simd(isSigned(from) ? 250 : 251);
  } else if (from === 'f32' && bitsOf(to) === 32) {
    lower.push(a, chunk);
    f.simd(isSigned(to) ? 248 : 249);
  } else if (from === 'f64' && bitsOf(to) === 32) joinHalves(lower, a, chunk, isSigned(to) ? 252 : 253);
  else return false;
  return true;
}

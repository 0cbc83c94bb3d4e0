// Shifts by an amount of each lane's own, which SIMD WebAssembly has no instruction for: a shift by n is a product with
// 2^n, and powers of two come from a table of bytes. Down: the product with 2^(bits-1-n), twice as wide, down by bits-1.
// Amounts out of range give anything. 64-bit lanes are no slower one by one.

import { isSigned, laneBytes, type Node } from '../ir.ts';
import type { FunctionCode } from './encoder.ts';
import type { Lowering } from './lower.ts';
import { simd, simdOps } from './opcodes.ts';

const swizzle = 14;
const subtractBytes = 113;
/** By bytes of a lane: products of the low and of the high half of two registers, unsigned, twice as wide. */
const products = { 1: [158, 159], 2: [190, 191], 4: [222, 223] } as const;
/** Shifts down of the doubled lanes, and how two registers of them become one of single lanes. */
const down = { 1: 141, 2: 173, 4: 205 } as const;
const narrow = { 1: 102, 2: 134 } as const;
const lowHalves = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
/** Bytes 2^i for i below 8. An index from 16 on gives 0 too. */
const powers = Array.from({ length: 16 }, (_, i) => (i < 8 ? 1 << i : 0));

const perByte = (f: (byte: number) => number): number[] => Array.from({ length: 16 }, (_, i) => f(i));

// Pushes 2^n, or 2^(bits - 1 - n), in every lane: byte j of it is 2^(exponent - 8 j) where that is one of its bits.
function pushPower(lower: Lowering, amount: number, width: number, turned: boolean): void {
  const { f } = lower.cx;
  const constant = (bytes: readonly number[]): FunctionCode => f.get(lower.fixed(bytes.map((b) => b & 255)));
  constant(powers);
  const spread = (): void => {
    f.get(amount);
    if (width > 1) f.get(amount).shuffle(perByte((i) => i - (i % width)));
  };
  const offsets = perByte((i) => (turned ? 8 * width - 1 : 0) - 8 * (i % width));
  if (turned) {
    constant(offsets);
    spread();
  } else {
    spread();
    constant(offsets.map((o) => -o));
  }
  f.simd(subtractBytes).simd(swizzle);
}

/** Pushes register `chunk` of a shift by lanes' own amounts; false where lane by lane is as good. */
export function emitLaneShift(lower: Lowering, n: Node, chunk: number): boolean {
  const { f } = lower.cx;
  if (n.type === 'bool') return false;
  const width = laneBytes[n.type];
  const up = n.op === 'shl';
  if (width === 8) return false;
  const x = lower.localOf(n.args[0], chunk);
  const amount = lower.localOf(n.args[1], chunk);
  const power = f.local('v128');
  pushPower(lower, amount, width, !up);
  f.set(power);
  if (up && width > 1) {
    f.get(x)
      .get(power)
      .simd(simdOps.mul?.[n.type] ?? 0);
    return true;
  }
  if (up) {
    // bytes: those at even places by products of 16 bits, those at odd places likewise from their own half
    const odd = (local: number): FunctionCode => f.get(local).i32(8).simd(141);
    const even = lower.fixed(perByte((i) => (i % 2 === 0 ? 255 : 0)));
    f.get(x).get(power).simd(149);
    f.get(even).simd(simd.and);
    odd(x);
    odd(power);
    f.simd(149).i32(8).simd(139).simd(simd.or);
    return true;
  }
  // A negative number shifts down as the complement of its complement.
  const signed = isSigned(n.type);
  const sign = signed ? f.local('v128') : -1;
  const flipped = signed ? f.local('v128') : x;
  if (signed) {
    f.get(x)
      .i32(8 * width - 1)
      .simd({ 1: 108, 2: 140, 4: 172 }[width])
      .tee(sign);
    f.get(x)
      .simd(simdOps.xor?.[n.type] ?? 0)
      .set(flipped);
  }
  for (const product of products[width])
    f.get(flipped)
      .get(power)
      .simd(product)
      .i32(8 * width - 1)
      .simd(down[width]);
  if (width === 4) f.shuffle(lowHalves);
  else f.simd(narrow[width]);
  if (signed) f.get(sign).simd(simdOps.xor?.[n.type] ?? 0);
  return true;
}

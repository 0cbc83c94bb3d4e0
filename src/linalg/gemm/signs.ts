// Signs of packed operands: a packed block is negated or conjugated where it lies, before it is multiplied, so that the
// micro-kernel knows sums only. Flipping signs is exact, NaN payloads stay, and costs n² against n³.

import { FunctionCode, type ModuleCode } from '../../kernel/wasm/encoder.ts';
import { simd, simdOps } from '../../kernel/wasm/opcodes.ts';
import { type ElementRow, itemBytes } from './elements.ts';
import { addGather } from './row_kernel.ts';

/** Bits of the kernel's last argument: which parts of which operand change signs, and whether C is added to. */
export const signBits = { realA: 1, imaginaryA: 2, realB: 4, imaginaryB: 8, accumulate: 16 } as const;

const xor = simdOps.xor?.u8 ?? 0;

/**
 * flip(from, to, signs): bit 0 of `signs` changes the signs of real parts, bit 1 of imaginary ones. Works on whole
 * 32 bytes, the last of which may lie behind `to`. `spread` as in the packed block of A.
 */
export function addFlip(module: ModuleCode, e: ElementRow, spread: boolean): number {
  const f = new FunctionCode(['i32', 'i32', 'i32']);
  const [from, to, signs] = [0, 1, 2];
  const masks = [f.local('v128'), f.local('v128')];
  masks.forEach((mask, part) => {
    f.get(signs);
    if (e.parts === 2 && part === 1) f.i32(1).op(0x76); // real matrices have one kind of part
    if (e.width === 4) f.i32(31).op(0x74).simd(17);
    else f.op(0xad).op(0x42, 63).op(0x86).simd(18); // as i64
    f.set(mask);
  });
  if (e.parts === 2 && !spread) {
    f.get(masks[0]).get(masks[1]);
    f.shuffle(Array.from({ length: 16 }, (_, b) => (Math.floor(b / e.width) % 2 === 0 ? b : b + 16)));
    f.tee(masks[0]).set(masks[1]);
  }
  f.loop();
  masks.forEach((mask, half) => {
    f.get(from)
      .get(from)
      .simd(simd.load)
      .memarg(16 * half);
    f.get(mask)
      .simd(xor)
      .simd(simd.store)
      .memarg(16 * half);
  });
  f.bump(from, 32).get(from).get(to).op(0x49).brIf(0).end();
  return module.add(f);
}

/** run(n, from, stride, to, signs): a vector side by side, signs flipped; up to 31 bytes behind it are written, too. */
export function addSignedCopy(module: ModuleCode, e: ElementRow): void {
  const gather = addGather(module, e);
  const flip = addFlip(module, e, false);
  const f = new FunctionCode(['i32', 'i32', 'i32', 'i32', 'i32']);
  const [n, from, stride, to, signs] = [0, 1, 2, 3, 4];
  f.get(n).get(from).get(stride).get(to).call(gather);
  f.get(to).get(to).get(n).i32(itemBytes(e)).op(0x6c).op(0x6a).get(signs).call(flip);
  module.add(f, 'run');
}

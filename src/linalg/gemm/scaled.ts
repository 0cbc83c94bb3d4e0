// Sums of elements times a factor that all lanes share, complex factors included: the step of the kernels whose results
// lie side by side.

import type { FunctionCode } from '../../kernel/wasm/encoder.ts';
import { laneMemory, simd, simdOps } from '../../kernel/wasm/opcodes.ts';
import type { ElementRow } from './elements.ts';
import { accumulate } from './micro_kernel.ts';

/** Loads a factor into all lanes, a local per part; the imaginary part as (−xi, xi), as complex products need it. */
export function splatFactor(
  f: FunctionCode,
  e: ElementRow,
  address: number,
  offset: number,
  parts: readonly number[],
): void {
  parts.forEach((local, p) => {
    f.get(address)
      .simd(laneMemory[e.width].splat)
      .memarg(offset + p * e.width);
    if (p === 1) {
      // times (ai, ar) it gives the second half of a complex product
      f.simd(simd.const).op(...Array.from({ length: 16 }, (_, b) => (b % (2 * e.width) === e.width - 1 ? 0x80 : 0)));
      f.simd(simdOps.xor?.u8 ?? 0);
    }
    f.set(local);
  });
}

/** sum += x · factor; `turned` is a local for x with its parts exchanged. */
export function addScaled(
  f: FunctionCode,
  e: ElementRow,
  sum: number,
  x: number,
  turned: number,
  factor: readonly number[],
  fused = false,
): void {
  accumulate(f, e, fused, sum, x, factor[0]);
  if (e.parts === 1) return;
  f.get(x)
    .get(x)
    .shuffle(Array.from({ length: 16 }, (_, b) => b ^ e.width))
    .set(turned);
  accumulate(f, e, fused, sum, turned, factor[1]);
}

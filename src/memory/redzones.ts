// Debug mode: bytes of a known pattern around every block and inside every freed one, verified when blocks change hands.
// WebAssembly does not trap a stray write inside its own memory; this finds it at the next allocate, dispose or collection.
// Layout of a guarded block: 8 bytes with the array's size, 56 of pattern, the array, pattern to the block's end (>= 64).
import { MemoryError } from '../base/errors.ts';
import type { Segment } from './segment.ts';

const ZONE = 64;
const GUARD = 0xa5;
const POISON = 0xdb;
const POISON_SIZE = (() => new Float64Array(new Uint8Array(8).fill(POISON).buffer)[0])();
const EDGE = 4096; // of a large freed block only this much at either end is verified

/** Arms and verifies guarded blocks. */
export class Zones {
  /** Bytes before an array. */
  readonly lead = ZONE;
  /** Bytes a guarded block needs beyond the array's own. */
  readonly extra = 2 * ZONE;

  /** Fills a region nobody owns with poison, so that the first owner can verify it. */
  poison(segment: Segment, block: number, size: number): void {
    segment.fill(block, size, POISON);
  }

  /** Verifies that the first `known` bytes of a free block are still poison, then puts the zones around `nbytes` bytes. */
  arm(segment: Segment, block: number, size: number, nbytes: number, known: number): void {
    this.#untouched(segment, block, Math.min(size, known));
    segment.fill(block, ZONE, GUARD);
    segment.f64[block / 8] = nbytes;
    segment.fill(block + ZONE + nbytes, size - ZONE - nbytes, GUARD);
  }

  /** Verifies the zones of a block in use, or the poison of one already retired. */
  verify(segment: Segment, block: number, size: number): void {
    const nbytes = segment.f64[block / 8];
    if (Object.is(nbytes, POISON_SIZE) && segment.u8[block + 8] === POISON) {
      this.#untouched(segment, block, size);
      return;
    }
    const after = block + ZONE + nbytes;
    if (!(Number.isInteger(nbytes) && nbytes >= 0 && after + ZONE <= block + size)) {
      throw stray('before', block, block + ZONE, -1);
    }
    this.#expect(segment, block + 8, block + ZONE, GUARD, 'before', block, nbytes);
    this.#expect(segment, after, block + size, GUARD, 'after', block, nbytes);
  }

  /** Verifies a block that is given back and poisons it. */
  retire(segment: Segment, block: number, size: number): void {
    this.verify(segment, block, size);
    segment.fill(block, size, POISON);
  }

  #untouched(segment: Segment, block: number, size: number): void {
    const front = Math.min(size, EDGE);
    this.#expect(segment, block, block + front, POISON, 'into freed', block, -1);
    this.#expect(segment, Math.max(block + front, block + size - EDGE), block + size, POISON, 'into freed', block, -1);
  }

  #expect(segment: Segment, from: number, to: number, byte: number, side: Side, block: number, nbytes: number): void {
    const u8 = segment.u8;
    for (let at = from; at < to; at++) if (u8[at] !== byte) throw stray(side, block, at, nbytes);
  }
}

type Side = 'before' | 'after' | 'into freed';

function stray(side: Side, block: number, address: number, nbytes: number): MemoryError {
  return new MemoryError(
    `stray write ${side} the block at ${block}${nbytes < 0 ? '' : ` of an array of ${nbytes} bytes`}: address ${address} was changed`,
    'a kernel or a native routine wrote outside its operands: check its address ranges and strides',
    { side, block, address, nbytes },
  );
}

// The units memory is measured in, and the size classes of small blocks.
// Small requests are rounded up to one of thirty-two classes (multiples of 64 bytes, at most 25 % apart above 512);
// larger ones to whole units of 1 KiB. Both keep every block on a 64-byte boundary.

/** Every block starts on a multiple of this many bytes: a cache line, four SIMD vectors. */
export const ALIGNMENT = 64;
/** The unit in which blocks above the small size are counted. */
export const UNIT = 1024;
/** The largest request served from slabs, in bytes. */
export const SMALL_LIMIT = 32768;
/** Bytes in one page of WebAssembly memory. */
export const PAGE = 65536;
/** Most pages one WebAssembly memory can have: 4 GiB. */
export const MAX_PAGES = 65536;

/** Block sizes of the small classes, ascending. */
export const CLASS_SIZES: readonly number[] = [
  64, 128, 192, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 5120,
  6144, 7168, 8192, 10240, 12288, 14336, 16384, 20480, 24576, 28672, 32768,
];

/** Small class by number of started 64-byte lines; a request of no bytes gets a block too, so that its address is its own. */
export const CLASS_OF_LINES: Uint8Array = (() => {
  const table = new Uint8Array(SMALL_LIMIT / ALIGNMENT + 1);
  let index = 0;
  for (let lines = 1; lines < table.length; lines++) {
    if (lines * ALIGNMENT > CLASS_SIZES[index]) index++;
    table[lines] = index;
  }
  return table;
})();

/**
 * Blocks per slab of a class. One surviving array pins its whole slab, so this is also the bound on waste: 32 blocks
 * (at most 32 KiB) up to 1 KiB, 16 blocks (at most 64 KiB) up to 4 KiB, 8 blocks (at most 256 KiB) above.
 */
export function blocksPerSlab(size: number): number {
  return size <= 1024 ? 32 : size <= 4096 ? 16 : 8;
}

/** Started units in `nbytes` (which may pass 2^32, so no bit operations). */
export function unitsFor(nbytes: number): number {
  return nbytes <= UNIT ? 1 : Math.ceil(nbytes / UNIT);
}

// CRC-32 as zip has it (polynomial 0xEDB88320, reflected), by the runtime where it has one and by table elsewhere.
import { platform } from '../base/platform.ts';

type Crc = (bytes: Uint8Array, before: number) => number;

/** What each byte does to a checksum of 32 bits with a reflected polynomial. */
export function crcTable(polynomial: number): Int32Array {
  const table = new Int32Array(256);
  for (let i = 0; i < 256; i++) {
    let c = i;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ polynomial : c >>> 1;
    table[i] = c;
  }
  return table;
}

/** The checksum by table of bytes that follow others whose checksum is `before`. */
export function tableCrc(table: Int32Array, bytes: Uint8Array, before: number): number {
  let c = ~before;
  for (let i = 0; i < bytes.length; i++) c = (c >>> 8) ^ table[(c ^ bytes[i]) & 255];
  return ~c >>> 0;
}

const table = crcTable(0xedb88320);

/** The table's way, exported for the test that holds it against the runtime's. */
export const tableCrc32: Crc = (bytes, before) => tableCrc(table, bytes, before);

let chosen: Crc | undefined;

function choose(): Crc {
  const zlib = platform.builtin<{ crc32?: Crc }>('node:zlib');
  return zlib?.crc32 ?? tableCrc32;
}

/** The checksum of bytes that follow others whose checksum is `before` (0 for none). */
export function crc32(bytes: Uint8Array, before = 0): number {
  chosen ??= choose();
  return chosen(bytes, before);
}

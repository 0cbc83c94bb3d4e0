// A checksum behind the bytes: CRC-32C, four bytes, least significant first. Source: RFC 3720, appendix B.4.

import { crcTable, tableCrc } from '../../crc32.ts';
import { type Codec, damagedChunk } from './codec.ts';

const LENGTH = 4;
let table: Int32Array | undefined;

/** The Castagnoli checksum of bytes. */
export function crc32c(bytes: Uint8Array): number {
  table ??= crcTable(0x82f63b78);
  return tableCrc(table, bytes, 0);
}

export const checksum: Codec = {
  name: 'crc32c',
  text: 'crc32c',
  bound: (n) => n + LENGTH,
  outside: () => 0,
  async decode(from, into, where) {
    const n = from.nbytes - LENGTH;
    if (n < 0) throw damagedChunk(where, `${from.nbytes} bytes are too few for a checksum`);
    if (n > into.nbytes) throw damagedChunk(where, `${n} bytes, where ${into.nbytes} belong`);
    const bytes = from.bytes();
    const told = new DataView(bytes.slice(n).buffer).getUint32(0, true);
    const found = crc32c(bytes.subarray(0, n));
    if (found !== told) {
      throw damagedChunk(where, `its checksum is ${found.toString(16)}, and should be ${told.toString(16)}`);
    }
    into.bytes().set(bytes.subarray(0, n));
    return n;
  },
  async encode(from, into) {
    const bytes = from.bytes();
    const target = into.bytes();
    target.set(bytes);
    const tail = new Uint8Array(LENGTH);
    new DataView(tail.buffer).setUint32(0, crc32c(bytes), true);
    target.set(tail, from.nbytes);
    return from.nbytes + LENGTH;
  },
};

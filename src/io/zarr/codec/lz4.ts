// LZ4 as numcodecs stores it: the unpacked size in four bytes, then one block. By the system's library, else in
// WebAssembly in threads of its own. Sources: lz4_Block_format.md; numcodecs' documentation of LZ4.

import { ArgumentError } from '../../../base/errors.ts';
import { nativeCodec } from '../../../native/compression.ts';
import type { Fields } from '../document.ts';
import { type Codec, damagedChunk, deliver } from './codec.ts';
import { unpacked } from './threads.ts';

const HEADER = 4;

export function lz4(acceleration: number): Codec {
  return {
    name: 'lz4',
    text: 'lz4',
    bound: (n) => n + Math.floor(n / 255) + 16 + HEADER,
    outside: (n) => (nativeCodec('lz4') === undefined ? 3 * n : 0),
    async decode(from, into, where) {
      if (from.nbytes <= HEADER) throw damagedChunk(where, `${from.nbytes} bytes are too few for LZ4`);
      const size = new DataView(from.part(0, HEADER).bytes().slice().buffer).getUint32(0, true);
      if (size > into.nbytes) throw damagedChunk(where, `LZ4 announces ${size} bytes, where ${into.nbytes} belong`);
      const native = nativeCodec('lz4');
      const [source, target] = [from.part(HEADER, from.nbytes - HEADER).span, into.part(0, size).span];
      if (native !== undefined && source !== undefined && target !== undefined) {
        const done = await native.decode(source, target);
        if (done === size) return size;
        throw damagedChunk(where, `LZ4 cannot unpack it (answer ${done})`);
      }
      return deliver(await unpacked('lz4', from, where), into, where, 'LZ4');
    },
    async encode(_from, _into, where) {
      const fix = "create the array anew with compressor 'blosc', 'zstd' or 'gzip'";
      throw new ArgumentError(`${where}: arrays compressed by lz4 alone are read, not written`, fix, { acceleration });
    },
  };
}

export const parseLz4 = (fields: Fields): Codec =>
  lz4(fields.get('acceleration') === undefined ? 1 : fields.integer('acceleration', -65537, 65537));

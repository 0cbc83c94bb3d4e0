// Zstandard frames: by the system's library straight between addresses, else by the engine's zlib where it has it
// (Node 22.15), else in WebAssembly in threads of its own. Source: RFC 8878.

import { platform } from '../../../base/platform.ts';
import { nativeCodec } from '../../../native/compression.ts';
import type { Fields } from '../document.ts';
import type { Piece } from '../piece.ts';
import { type Codec, damagedChunk, deliver } from './codec.ts';
import { inThread, unpacked } from './threads.ts';

type Callback = (error: Error | null, made: Uint8Array) => void;
/** What newer engines have. */
interface ZstdModule {
  readonly constants?: Readonly<Record<string, number>>;
  zstdDecompress?(bytes: Uint8Array, options: { maxOutputLength: number }, done: Callback): void;
}

/** The size a frame says it unpacks to; undefined where it does not say. RFC 8878, section 3.1.1.1. */
export function contentSize(frame: Uint8Array): number | undefined {
  if (frame.byteLength < 6 || frame[0] !== 0x28 || frame[1] !== 0xb5 || frame[2] !== 0x2f || frame[3] !== 0xfd) {
    return undefined;
  }
  const single = (frame[4] & 0x20) !== 0;
  const size = [single ? 1 : 0, 2, 4, 8][frame[4] >> 6];
  const at = 5 + (single ? 0 : 1) + [0, 1, 2, 4][frame[4] & 3];
  if (size === 0 || frame.byteLength < at + size) return undefined;
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + frame[at + i];
  return size === 2 ? value + 256 : value;
}

async function decodeElsewhere(from: Piece, room: number, where: string): Promise<Uint8Array> {
  const zlib = platform.builtin<ZstdModule>('node:zlib');
  if (zlib?.zstdDecompress !== undefined) {
    return new Promise((resolve, reject) => {
      zlib.zstdDecompress?.(from.lasting(), { maxOutputLength: Math.max(room, 1) }, (error, made) =>
        error ? reject(damagedChunk(where, `zstd cannot unpack it into ${room} bytes`, error)) : resolve(made),
      );
    });
  }
  const size = contentSize(from.part(0, Math.min(from.nbytes, 18)).bytes());
  // The decoder takes as much memory as it needs, unless the frame says how much that is.
  if (size === undefined || size > room) {
    throw damagedChunk(where, `its frame says that it unpacks to ${size ?? 'an unknown number of'} bytes`);
  }
  return unpacked('zstd', from, where);
}

export function zstd(level: number): Codec {
  return {
    name: 'zstd',
    text: `zstd(level ${level})`,
    bound: (n) => n + Math.floor(n / 256) + 128,
    outside: (n) => (nativeCodec('zstd') === undefined ? 3 * n : 0),
    async decode(from, into, where) {
      const native = nativeCodec('zstd');
      const [source, target] = [from.span, into.span];
      if (native !== undefined && source !== undefined && target !== undefined) {
        const done = await native.decode(source, target);
        if (done >= 0) return done;
        throw damagedChunk(where, `zstd cannot unpack it into ${into.nbytes} bytes (answer ${done})`);
      }
      return deliver(await decodeElsewhere(from, into.nbytes, where), into, where, 'zstd');
    },
    async encode(from, into, where) {
      const native = nativeCodec('zstd');
      const [source, target] = [from.span, into.span];
      if (native !== undefined && source !== undefined && target !== undefined) {
        const done = await native.encode(source, target, { level });
        if (done > 0) return done;
        throw new TypeError(`${where}: zstd answers ${done} for a buffer of its own bound`);
      }
      return deliver(await inThread('zstd', 'encode', from.bytes().slice(), level), into, where, 'zstd');
    },
  };
}

/** From a document. Level 0 is the library's own choice, 3. */
export const parseZstd = (fields: Fields): Codec =>
  zstd(fields.get('level') === undefined ? 0 : fields.integer('level', -131072, 22));

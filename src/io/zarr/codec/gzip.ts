// gzip and zlib streams, by the runtime: node:zlib works beside the event loop, browsers have streams.
// Sources: RFC 1952, RFC 1950.

import { platform } from '../../../base/platform.ts';
import type { Fields } from '../document.ts';
import type { Piece } from '../piece.ts';
import { type Codec, damagedChunk, deliver } from './codec.ts';

type Zlib = typeof import('node:zlib');
type Form = 'gzip' | 'zlib';

/** The web's names of both. */
const streamName = { gzip: 'gzip', zlib: 'deflate' } as const;

/** What a stream makes of bytes, never more than `room`. */
async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
  room: number,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  const reader: ReadableStreamDefaultReader<Uint8Array> = stream.readable.getReader();
  const wrote = writer.write(bytes).then(() => writer.close());
  wrote.catch(() => {}); // told by the reader too
  const made = new Uint8Array(room);
  let n = 0;
  for (let it = await reader.read(); !it.done; it = await reader.read()) {
    if (n + it.value.byteLength > room) throw new RangeError(`more than ${room} bytes`);
    made.set(it.value, n);
    n += it.value.byteLength;
  }
  await wrote;
  return made.subarray(0, n);
}

function unpack(form: Form, from: Piece, room: number): Promise<Uint8Array> {
  const zlib = platform.builtin<Zlib>('node:zlib');
  if (zlib === undefined) return through(new DecompressionStream(streamName[form]), from.bytes().slice(), room);
  const run = form === 'gzip' ? zlib.gunzip : zlib.inflate;
  return new Promise((resolve, reject) => {
    run(from.lasting(), { maxOutputLength: Math.max(room, 1) }, (e, made) => (e ? reject(e) : resolve(made)));
  });
}

function pack(form: Form, from: Piece, room: number, level: number): Promise<Uint8Array> {
  const zlib = platform.builtin<Zlib>('node:zlib');
  if (zlib === undefined) return through(new CompressionStream(streamName[form]), from.bytes().slice(), room);
  const run = form === 'gzip' ? zlib.gzip : zlib.deflate;
  return new Promise((resolve, reject) => {
    run(from.lasting(), { level }, (e, made) => (e ? reject(e) : resolve(made)));
  });
}

export function deflated(form: Form, level: number): Codec {
  return {
    name: form,
    text: `${form}(level ${level})`,
    bound: (n) => n + Math.floor(n / 1000) + 128,
    outside: (n) => n,
    async decode(from, into, where) {
      let made: Uint8Array;
      try {
        made = await unpack(form, from, into.nbytes);
      } catch (cause) {
        throw damagedChunk(where, `${form} cannot unpack it into ${into.nbytes} bytes`, cause);
      }
      return deliver(made, into, where, form);
    },
    async encode(from, into, where) {
      return deliver(await pack(form, from, into.nbytes, level), into, where, form);
    },
  };
}

const levelOf = (fields: Fields): number => (fields.get('level') === undefined ? 1 : fields.integer('level', -1, 9));
export const parseGzip = (fields: Fields): Codec => deflated('gzip', levelOf(fields));
export const parseZlib = (fields: Fields): Codec => deflated('zlib', levelOf(fields));

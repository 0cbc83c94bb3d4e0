// Blosc: a container of blocks, shuffled and compressed by one of several compressors. By the system's library straight
// between addresses; without it WebAssembly unpacks in threads of its own, and nothing packs. The header is checked before
// either sees the bytes. Source: c-blosc, README_CHUNK_FORMAT.rst.

import { ArgumentError } from '../../../base/errors.ts';
import { compressionReport, nativeCodec } from '../../../native/compression.ts';
import type { Fields } from '../document.ts';
import type { Piece } from '../piece.ts';
import { type Codec, damagedChunk, deliver } from './codec.ts';
import { unpacked } from './threads.ts';

export const innerNames = ['lz4', 'lz4hc', 'blosclz', 'zstd', 'zlib', 'snappy'] as const;
export const shuffleNames = ['noshuffle', 'shuffle', 'bitshuffle'] as const;

export interface BloscSettings {
  readonly inner: (typeof innerNames)[number];
  readonly level: number;
  readonly shuffle: (typeof shuffleNames)[number];
  readonly itemsize: number;
  readonly blocksize: number;
}

const HEADER = 16;
const NEWEST = 2;

/** Bytes that the header announces. @throws FormatError where it cannot be true. */
function announced(from: Piece, room: number, where: string): number {
  if (from.nbytes < HEADER) throw damagedChunk(where, `${from.nbytes} bytes are too few for Blosc`);
  const head = from.part(0, HEADER).bytes().slice();
  const view = new DataView(head.buffer);
  const [version, nbytes, blocksize, packed] = [head[0], ...[4, 8, 12].map((at) => view.getUint32(at, true))];
  if (version > NEWEST)
    throw damagedChunk(where, `Blosc's format ${version} is unknown (Blosc 2 writes others than 2)`);
  if (packed !== from.nbytes)
    throw damagedChunk(where, `Blosc announces ${packed} bytes, and there are ${from.nbytes}`);
  if (nbytes > room) throw damagedChunk(where, `Blosc unpacks to ${nbytes} bytes, where ${room} belong`);
  if (nbytes > 0 && (blocksize === 0 || blocksize > Math.max(nbytes, 2 ** 20)))
    throw damagedChunk(where, `Blosc announces blocks of ${blocksize} bytes for ${nbytes}`);
  return nbytes;
}

/** @internal Nothing packs by Blosc here. */
export const noLibrary = (where: string): ArgumentError =>
  new ArgumentError(
    `${where}: compressor 'blosc' writes with the system's library, which is not here or not wanted`,
    "install libblosc (Debian: libblosc1) and the optional package koffi, or use 'zstd' or 'gzip'",
    { compressor: 'blosc', codecs: compressionReport().blosc },
  );

export function blosc(settings: BloscSettings): Codec {
  const { inner, level, shuffle, itemsize, blocksize } = settings;
  return {
    name: 'blosc',
    text: `blosc(${inner}, level ${level}, ${shuffle})`,
    bound: (n) => n + HEADER,
    outside: (n) => (nativeCodec('blosc') === undefined ? 3 * n : 0),
    async decode(from, into, where) {
      const nbytes = announced(from, into.nbytes, where);
      if (nbytes === 0) return 0;
      const native = nativeCodec('blosc');
      const [source, target] = [from.span, into.part(0, nbytes).span];
      if (native !== undefined && source !== undefined && target !== undefined) {
        const done = await native.decode(source, target);
        if (done === nbytes) return nbytes;
        throw damagedChunk(where, `Blosc cannot unpack it (answer ${done})`);
      }
      return deliver(await unpacked('blosc', from, where), into, where, 'Blosc');
    },
    async encode(from, into, where) {
      const native = nativeCodec('blosc');
      const [source, target] = [from.span, into.span];
      if (native === undefined || source === undefined || target === undefined) {
        throw noLibrary(where);
      }
      const how = { level, inner, itemsize, blocksize, shuffle: shuffleNames.indexOf(shuffle) };
      const done = await native.encode(source, target, how);
      if (done > 0) return done;
      throw new ArgumentError(`${where}: Blosc refuses (answer ${done})`, `its library may lack ${inner}: use 'lz4'`, {
        compressor: inner,
      });
    },
  };
}

/** From a document: version 2 numbers the shuffles (−1: bits for single bytes, else bytes), version 3 names them. */
export function parseBlosc(fields: Fields, itemsize: number): Codec {
  const given = fields.get('shuffle');
  const auto = itemsize === 1 ? 2 : 1;
  const shuffle =
    typeof given === 'string'
      ? fields.oneOf('shuffle', ...shuffleNames)
      : shuffleNames[given === undefined || given === -1 ? auto : fields.integer('shuffle', -1, 2)];
  return blosc({
    inner: fields.oneOf('cname', ...innerNames),
    level: fields.integer('clevel', 0, 9),
    shuffle,
    itemsize: fields.get('typesize') === undefined ? itemsize : fields.integer('typesize', 1, 255),
    blocksize: fields.get('blocksize') === undefined ? 0 : fields.integer('blocksize', 0, 2 ** 31 - 1),
  });
}

// Which codecs there are, by the names that both versions give them, and a chain of them: what is stored to a chunk's
// bytes and back. Not what the bytes mean (metadata.ts).

import { FormatError } from '../../base/errors.ts';
import { parseBlosc } from './codec/blosc.ts';
import { type Codec, damagedChunk } from './codec/codec.ts';
import { checksum } from './codec/crc32c.ts';
import { parseGzip, parseZlib } from './codec/gzip.ts';
import { parseLz4 } from './codec/lz4.ts';
import { parseZstd } from './codec/zstd.ts';
import type { Fields } from './document.ts';
import { type Piece, withPiece } from './piece.ts';

type Parse = (settings: Fields, itemsize: number) => Codec;

/** By `id` in version 2. */
export const codecsV2: Readonly<Record<string, Parse>> = {
  blosc: parseBlosc,
  gzip: parseGzip,
  zlib: parseZlib,
  zstd: parseZstd,
  lz4: parseLz4,
};

/** By `name` in version 3. */
export const codecsV3: Readonly<Record<string, Parse>> = {
  blosc: parseBlosc,
  gzip: parseGzip,
  zstd: parseZstd,
  crc32c: () => checksum,
  'numcodecs.zlib': parseZlib,
  'numcodecs.lz4': parseLz4,
};

/** A codec of a document. @throws FormatError for one that there is not. */
export function codecOf(
  table: Readonly<Record<string, Parse>>,
  name: string,
  settings: Fields,
  itemsize: number,
): Codec {
  if (Object.hasOwn(table, name)) return table[name](settings, itemsize);
  throw new FormatError(
    `${settings.file}: the codec '${name}' is not supported`,
    `write the array with ${Object.keys(table).join(', ')} or no compression`,
    { codec: name, file: settings.file },
  );
}

/** Codecs in the order in which a chunk is encoded. */
export class Chain {
  readonly codecs: readonly Codec[];

  constructor(codecs: readonly Codec[]) {
    this.codecs = codecs;
  }

  /** Bytes that a chunk of `n` is stored as, at most; what is longer is refused. */
  bound(n: number): number {
    // Other encoders than ours may need a little more.
    const most = this.codecs.reduce((bytes, codec) => codec.bound(bytes), n);
    const fixed = this.codecs.every((codec) => codec === checksum);
    return fixed ? most : most + Math.floor(n / 64) + 1024;
  }

  /** Bytes beside the stored ones that decoding to `n` takes: between codecs, and outside the heap. */
  between(n: number): number {
    let bytes = 0;
    let size = n;
    for (const [i, codec] of this.codecs.entries()) {
      bytes += codec.outside(size) + (i > 0 ? size : 0);
      size = codec.bound(size);
    }
    return bytes;
  }

  /** Unpacks exactly the bytes of `into`. @throws FormatError for damaged ones, or another number of them. */
  async decode(from: Piece, into: Piece, where: string): Promise<void> {
    await this.#from(this.codecs.length - 1, from, into, where);
  }

  async #from(i: number, from: Piece, into: Piece, where: string): Promise<void> {
    if (i <= 0) {
      const n = i < 0 ? from.nbytes : await this.codecs[i].decode(from, into, where);
      if (n !== into.nbytes) throw damagedChunk(where, `it has ${n} bytes, where ${into.nbytes} belong`);
      if (i < 0) into.bytes().set(from.bytes());
      return;
    }
    const room = this.codecs.slice(0, i).reduce((bytes, codec) => codec.bound(bytes), into.nbytes);
    await withPiece(room, async (middle) => {
      const n = await this.codecs[i].decode(from, middle, where);
      await this.#from(i - 1, middle.part(0, n), into, where);
    });
  }

  /** Packs into memory of its own, for as long as `use` takes. */
  async encode<R>(from: Piece, where: string, use: (packed: Piece) => Promise<R>, i = 0): Promise<R> {
    if (i === this.codecs.length) return use(from);
    return withPiece(this.codecs[i].bound(from.nbytes), async (into) => {
      const n = await this.codecs[i].encode(from, into, where);
      return this.encode(into.part(0, n), where, use, i + 1);
    });
  }
}

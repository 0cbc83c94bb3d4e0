// Zip archives, written: the bytes Python's zipfile writes for NumPy, so that an uncompressed archive is NumPy's to the
// byte (fixed date, zip64 sizes in every local header). Format: PKWARE APPNOTE 6.3.
import { crc32 } from './crc32.ts';
import { Deflater } from './deflate.ts';
import type { ByteSink } from './sink.ts';
import type { Task } from './task.ts';

interface Member {
  readonly name: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const VERSION = 45; // zip64
const UNIX = 3;
/** 1 January 1980: archives of the same arrays are the same bytes. */
const DATE = 0x21;
const MODE = 0o600 << 16;
const FULL = 0xffffffff;
/** From here on sizes and offsets are written in 64 bits; zipfile's limit, half of what would be possible. */
const WIDE = 2 ** 31 - 1;

/** Little-endian fields one after another. */
class Fields {
  private readonly view: DataView;
  private at = 0;

  constructor(size: number) {
    this.view = new DataView(new ArrayBuffer(size));
  }
  u16(...values: number[]): this {
    for (const value of values) {
      this.view.setUint16(this.at, value, true);
      this.at += 2;
    }
    return this;
  }
  u32(...values: number[]): this {
    for (const value of values) {
      this.view.setUint32(this.at, value, true);
      this.at += 4;
    }
    return this;
  }
  u64(...values: number[]): this {
    for (const value of values) this.u32(value % 2 ** 32, Math.floor(value / 2 ** 32));
    return this;
  }
  get bytes(): Uint8Array {
    return new Uint8Array(this.view.buffer, 0, this.at);
  }
}

/** Writes members one after another, then the directory. */
export class ZipWriter {
  private readonly sink: ByteSink;
  private readonly method: 0 | 8;
  private readonly members: Member[] = [];

  constructor(sink: ByteSink, compressed: boolean) {
    this.sink = sink;
    this.method = compressed ? 8 : 0;
  }

  /** One member, whose bytes `body` writes. */
  *add(name: string, body: (write: (bytes: Uint8Array) => Task<void>) => Task<void>): Task<void> {
    const { sink, method } = this;
    const offset = sink.written;
    const nameBytes = new TextEncoder().encode(name);
    const flags = nameBytes.length === name.length ? 0 : 0x800;
    yield* sink.write(localHeader({ name: nameBytes, flags, method, crc: 0, packed: 0, size: 0, offset }));
    const start = sink.written;
    const deflater = method === 8 ? new Deflater() : undefined;
    let crc = 0;
    let size = 0;
    yield* body(function* (bytes) {
      crc = crc32(bytes, crc);
      size += bytes.byteLength;
      yield* sink.write(deflater ? yield* deflater.add(bytes, false) : bytes);
    });
    if (deflater) yield* sink.write(yield* deflater.add(new Uint8Array(0), true));
    const member: Member = { name: nameBytes, flags, method, crc, packed: sink.written - start, size, offset };
    yield* sink.patch(localHeader(member), offset); // now that the sizes are known
    this.members.push(member);
  }

  *finish(): Task<void> {
    const { sink, members } = this;
    const start = sink.written;
    for (const member of members) yield* sink.write(directoryEntry(member));
    const size = sink.written - start;
    const count = members.length;
    const end = new Fields(98);
    if (count > 0xffff || start > WIDE || size > WIDE) {
      end.u32(0x06064b50).u64(44).u16(VERSION, VERSION).u32(0, 0).u64(count, count, size, start);
      end
        .u32(0x07064b50, 0)
        .u64(start + size)
        .u32(1);
    }
    end.u32(0x06054b50).u16(0, 0, Math.min(count, 0xffff), Math.min(count, 0xffff));
    end.u32(Math.min(size, FULL), Math.min(start, FULL)).u16(0);
    yield* sink.write(end.bytes);
  }
}

function joined(head: Uint8Array, name: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + name.length + tail.length);
  bytes.set(head);
  bytes.set(name, head.length);
  bytes.set(tail, head.length + name.length);
  return bytes;
}

function localHeader({ name, flags, method, crc, packed, size }: Member): Uint8Array {
  const head = new Fields(30).u32(0x04034b50).u16(VERSION, flags, method, 0, DATE).u32(crc, FULL, FULL);
  return joined(head.u16(name.length, 20).bytes, name, new Fields(20).u16(1, 16).u64(size, packed).bytes);
}

function directoryEntry({ name, flags, method, crc, packed, size, offset }: Member): Uint8Array {
  const wide = [...(size > WIDE || packed > WIDE ? [size, packed] : []), ...(offset > WIDE ? [offset] : [])];
  const extra = wide.length === 0 ? new Fields(0) : new Fields(28).u16(1, 8 * wide.length).u64(...wide);
  const sizes = size > WIDE || packed > WIDE ? [FULL, FULL] : [packed, size];
  const head = new Fields(46).u32(0x02014b50).u16((UNIX << 8) | VERSION, VERSION, flags, method, 0, DATE);
  head
    .u32(crc, ...sizes)
    .u16(name.length, extra.bytes.length, 0, 0, 0)
    .u32(MODE, offset > WIDE ? FULL : offset);
  return joined(head.bytes, name, extra.bytes);
}

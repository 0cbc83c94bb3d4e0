// Zip archives, read: the directory at the end, and members as readers of bytes. Everything in the archive is
// distrusted: sizes, offsets, names and checksums are verified before or while they are used, and memory is bounded by
// the archive's own size. Format: PKWARE APPNOTE 6.3, stored and deflated members, zip64.
import { FormatError } from '../base/errors.ts';
import { crc32 } from './crc32.ts';
import { Inflater } from './deflate.ts';
import { type ByteReader, type ByteSource, SourceReader } from './source.ts';
import { isAsync, step, type Task } from './task.ts';

export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes of the member. */
  readonly size: number;
  /** Where its local header is. */
  readonly offset: number;
}

const END = { signature: 0x06054b50, size: 22, longestComment: 65535 };
const END64 = { signature: 0x06064b50, size: 56 };
const LOCATOR64 = { signature: 0x07064b50, size: 20 };
const ENTRY = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
/** Deflate's best: 258 bytes from 2 bits. Members that claim more are bombs. */
const MOST_EXPANSION = 1032;
const FULL = 0xffffffff;

function refuse(source: { name: string }, why: string, facts: Record<string, unknown> = {}): FormatError {
  return new FormatError(
    `${source.name}: ${why}`,
    'the archive is damaged, truncated or made to mislead; write it again with np.savez',
    { file: source.name, ...facts },
  );
}

/** 64-bit little-endian, as far as numbers go; past that no archive goes. */
const u64 = (view: DataView, at: number): number => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;

function* viewAt(source: ByteSource, at: number, length: number): Task<DataView> {
  const bytes = new Uint8Array(length);
  const n = at < 0 ? 0 : yield* source.read(() => bytes, at);
  if (n < length)
    throw refuse(source, `${length} bytes expected at ${at}, ${n} found`, { at, expected: length, found: n });
  return new DataView(bytes.buffer);
}

/** All members by name. */
export function* readDirectory(source: ByteSource): Task<Map<string, ZipEntry>> {
  const { start, size, count } = yield* findDirectory(source);
  if (count * ENTRY.size > size)
    throw refuse(source, `${count} members do not fit a directory of ${size} bytes`, { count });
  const view = yield* viewAt(source, start, size);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + ENTRY.size > size || view.getUint32(at, true) !== ENTRY.signature) {
      throw refuse(source, `member ${i} of the directory is not one`, { member: i });
    }
    const length =
      ENTRY.size + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (at + length > size) throw refuse(source, `member ${i} passes the end of the directory`, { member: i });
    const entry = readEntry(source, view, at);
    if (entries.has(entry.name)) throw refuse(source, `two members are called '${entry.name}'`, { name: entry.name });
    entries.set(entry.name, entry);
    at += length;
  }
  refuseOverlaps(source, entries, start);
  return entries;
}

function* findDirectory(source: ByteSource): Task<{ start: number; size: number; count: number }> {
  const tailSize = Math.min(source.size, END.size + END.longestComment + LOCATOR64.size);
  if (tailSize < END.size) throw refuse(source, `${source.size} bytes are too few for a zip archive`);
  const tail = yield* viewAt(source, source.size - tailSize, tailSize);
  let at = tailSize - END.size;
  while (
    at >= 0 &&
    !(tail.getUint32(at, true) === END.signature && at + END.size + tail.getUint16(at + 20, true) === tailSize)
  ) {
    at--;
  }
  if (at < 0) throw refuse(source, 'no zip directory at the end');
  let count = tail.getUint16(at + 10, true);
  let size = tail.getUint32(at + 12, true);
  let start = tail.getUint32(at + 16, true);
  let end = source.size - tailSize + at;
  const disks = tail.getUint32(at + 4, true);
  if (at >= LOCATOR64.size && tail.getUint32(at - LOCATOR64.size, true) === LOCATOR64.signature) {
    const place = u64(tail, at - LOCATOR64.size + 8);
    if (place > end - END64.size) throw refuse(source, 'the zip64 directory end lies past the end', { at: place });
    const view = yield* viewAt(source, place, END64.size);
    if (view.getUint32(0, true) !== END64.signature) throw refuse(source, 'no zip64 directory end where one should be');
    count = u64(view, 32);
    size = u64(view, 40);
    start = u64(view, 48);
    end = place;
  } else if (disks !== 0) throw refuse(source, 'archives in several parts are not supported');
  if (start + size > end) {
    throw refuse(source, `a directory of ${size} bytes at ${start} passes the end at ${end}`, { start, size, end });
  }
  return { start, size, count };
}

function readEntry(source: ByteSource, view: DataView, at: number): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const nameBytes = new Uint8Array(view.buffer, at + ENTRY.size, nameLength);
  const name = new TextDecoder(flags & 0x800 ? 'utf-8' : 'latin1').decode(nameBytes);
  let packed = view.getUint32(at + 20, true);
  let size = view.getUint32(at + 24, true);
  let offset = view.getUint32(at + 42, true);
  const end = at + ENTRY.size + nameLength + extraLength;
  for (let e = at + ENTRY.size + nameLength; e + 4 <= end; e += 4 + view.getUint16(e + 2, true)) {
    if (view.getUint16(e, true) !== 1) continue;
    // Only what does not fit its own field is there, in this order.
    let field = e + 4;
    const wide = [size, packed, offset].map((value) => {
      if (value !== FULL || field + 8 > end) return value;
      field += 8;
      return u64(view, field - 8);
    });
    [size, packed, offset] = wide;
  }
  const say = (why: string) => refuse(source, `'${name}' ${why}`, { name, method, packed, size, offset });
  if (flags & 1) throw say('is encrypted');
  if (method !== 0 && method !== 8) throw say(`is compressed by method ${method}, which is neither stored nor deflate`);
  if (method === 0 && packed !== size) throw say(`is stored in ${packed} bytes and claims to have ${size}`);
  if (size > packed * MOST_EXPANSION) throw say(`claims ${size} bytes from ${packed}, more than deflate can give`);
  return { name, deflated: method === 8, crc: view.getUint32(at + 16, true), packed, size, offset };
}

/** Members that share bytes let a small archive claim a large content. */
function refuseOverlaps(source: ByteSource, entries: Map<string, ZipEntry>, directory: number): void {
  let end = directory;
  for (const entry of [...entries.values()].sort((a, b) => b.offset - a.offset)) {
    if (entry.offset + LOCAL.size + entry.packed > end) {
      throw refuse(source, `'${entry.name}' passes into what follows it`, { name: entry.name, offset: entry.offset });
    }
    end = entry.offset;
  }
}

/** Where a member's bytes are in the archive. */
export function* memberStart(source: ByteSource, entry: ZipEntry): Task<number> {
  const local = yield* viewAt(source, entry.offset, LOCAL.size);
  if (local.getUint32(0, true) !== LOCAL.signature) {
    throw refuse(source, `no member at ${entry.offset}, where '${entry.name}' should be`, { name: entry.name });
  }
  return entry.offset + LOCAL.size + local.getUint16(26, true) + local.getUint16(28, true);
}

/** A member's bytes, unpacked and verified: the checksum is compared when the last byte has been read. */
export function* openMember(source: ByteSource, entry: ZipEntry): Task<MemberReader> {
  const start = yield* memberStart(source, entry);
  const name = `${source.name}[${entry.name}]`;
  const packed = new SourceReader(source, start, start + entry.packed, name);
  return new MemberReader(name, entry, entry.deflated ? new Inflated(packed, entry, name) : packed);
}

export class MemberReader implements ByteReader {
  readonly name: string;
  private readonly entry: ZipEntry;
  private readonly from: ByteReader & { close?(): void };
  private crc = 0;
  private done = 0;

  constructor(name: string, entry: ZipEntry, from: ByteReader & { close?(): void }) {
    this.name = name;
    this.entry = entry;
    this.from = from;
  }

  get left(): number {
    return this.entry.size - this.done;
  }

  *fill(into: () => Uint8Array): Task<number> {
    const most = this.left;
    const n = yield* this.from.fill(() => into().subarray(0, most));
    this.crc = crc32(into().subarray(0, n), this.crc);
    this.done += n;
    return n;
  }

  /** Reads what is left, compares the checksum, and gives up what was held. */
  *finish(): Task<void> {
    const rest = new Uint8Array(Math.min(this.left, 65536));
    while (this.left > 0 && (yield* this.fill(() => rest)) > 0);
    this.close();
    if (this.left === 0 && this.crc === this.entry.crc) return;
    const why = this.left > 0 ? `ends ${this.left} bytes early` : 'does not match its checksum';
    throw refuse(this, `the member ${why}`, { expected: this.entry.crc, found: this.crc, missing: this.left });
  }

  close(): void {
    this.from.close?.();
  }
}

/** Compressed bytes per read. */
const PIECE = 65536;

class Inflated implements ByteReader {
  readonly name: string;
  private readonly packed: ByteReader;
  private readonly codec: Inflater;
  private ready: Uint8Array = new Uint8Array(0);
  private ended = false;
  private out = 0;
  private readonly size: number;

  constructor(packed: ByteReader, entry: ZipEntry, name: string) {
    this.packed = packed;
    this.name = name;
    this.size = entry.size;
    this.codec = new Inflater(name, entry.size);
  }

  get left(): number {
    return this.size - this.out;
  }

  *fill(into: () => Uint8Array): Task<number> {
    const length = into().byteLength;
    let n = 0;
    while (n < length) {
      if (this.ready.byteLength === 0) {
        if (this.ended) break;
        yield* this.more();
        continue;
      }
      const part = this.ready.subarray(0, length - n);
      into().set(part, n);
      n += part.byteLength;
      this.ready = this.ready.subarray(part.byteLength);
    }
    this.out += n;
    return n;
  }

  private *more(): Task<void> {
    const streams = yield* isAsync();
    const piece = new Uint8Array(streams ? Math.min(PIECE, this.packed.left) : this.packed.left);
    const n = yield* this.packed.fill(() => piece);
    const packed = piece.subarray(0, n);
    this.ended = this.packed.left === 0 || n === 0;
    const last = this.ended;
    this.ready = yield* step(
      () => this.codec.all(packed),
      () => this.codec.push(packed, last),
    );
  }

  close(): void {
    this.codec.close();
  }
}

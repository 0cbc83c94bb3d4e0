// Where bytes come from: a file, bytes in memory, or a Blob, all read by position. Readers (below) take them one after
// another. File systems are loaded when a path is first used, so that a browser bundle holds none.
import { ArgumentError } from '../base/errors.ts';
import { platform } from '../base/platform.ts';
import { step, type Task } from './task.ts';

/** @internal Not in the published types: they must not need Node's. */
export type FileSystem = typeof import('node:fs');
/** A file by its path or file: URL. */
export type FilePath = string | URL;
/** Anything that arrays are loaded from. */
export type Bytes = Uint8Array | ArrayBuffer | Blob;

/** Whether it names a file, rather than being the bytes. */
export const isPath = (from: FilePath | Bytes): from is FilePath => typeof from === 'string' || from instanceof URL;

/** Bytes by position. */
export interface ByteSource {
  /** For messages. */
  readonly name: string;
  readonly size: number;
  /**
   * Fills the bytes that `into` gives, from a position on, and says how many there were. A function, because heap
   * memory that is not shared may move while an asynchronous read is under way.
   */
  read(into: () => Uint8Array, at: number): Task<number>;
  close(): Task<void>;
}

/** Bytes one after another. */
export interface ByteReader {
  readonly name: string;
  /** Bytes to come, as far as is known before they came. */
  readonly left: number;
  /** Fills the bytes that `into` gives and says how many there were. */
  fill(into: () => Uint8Array): Task<number>;
}

/** @internal The runtime's file system. ArgumentError where there is none. */
export function fileSystem(where: string): FileSystem {
  const fs = platform.builtin<FileSystem>('node:fs');
  if (fs !== undefined) return fs;
  throw new ArgumentError(
    `${where}: there are no files by path here`,
    'pass the bytes instead: a Uint8Array, an ArrayBuffer or a Blob, as fetch and file inputs give them',
    { where, runtime: platform.runtime },
  );
}

/** The path as a string. */
export function pathText(file: FilePath, where: string): string {
  if (typeof file === 'string' && file !== '') return file;
  const url = platform.builtin<typeof import('node:url')>('node:url');
  if (file instanceof URL && file.protocol === 'file:' && url !== undefined) return url.fileURLToPath(file);
  if (file instanceof URL) {
    const remote = 'fetch it first and pass the bytes: (await fetch(url)).arrayBuffer()';
    throw new ArgumentError(`${where}: ${file} is not a file`, remote, { where, url: String(file) });
  }
  const given = file === '' ? 'an empty string' : Object.prototype.toString.call(file);
  throw new ArgumentError(`${where}: ${given} is not a path`, 'pass a string or a file: URL', { where });
}

/** One system call moves no more than 2 GiB on any system. */
const MOST = 2 ** 30;

/** @internal Files stay open until closed; a reader of a truncated file gets fewer bytes, never an error. */
export class FileSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly fs: FileSystem;
  readonly fd: number;

  constructor(fs: FileSystem, name: string, fd: number, size: number) {
    this.fs = fs;
    this.name = name;
    this.fd = fd;
    this.size = size;
  }

  *read(into: () => Uint8Array, at: number): Task<number> {
    const length = into().byteLength;
    let done = 0;
    while (done < length) {
      const from = done;
      const part = () => into().subarray(from, Math.min(length, from + MOST));
      const n = yield* step(
        () => this.fs.readSync(this.fd, part(), 0, part().byteLength, at + from),
        () => this.readLater(part, at + from),
      );
      if (n === 0) break;
      done += n;
    }
    return done;
  }

  private async readLater(part: () => Uint8Array, at: number): Promise<number> {
    const view = part();
    const stays = !(view.buffer instanceof ArrayBuffer);
    const target = stays ? view : new Uint8Array(Math.min(view.byteLength, 2 ** 24));
    const n = await new Promise<number>((resolve, reject) => {
      this.fs.read(this.fd, target, 0, target.byteLength, at, (error, count) =>
        error ? reject(error) : resolve(count),
      );
    });
    if (!stays) part().set(target.subarray(0, n));
    return n;
  }

  *close(): Task<void> {
    yield* step(
      () => this.fs.closeSync(this.fd),
      () =>
        this.fs.promises
          ? new Promise((resolve, reject) => this.fs.close(this.fd, (e) => (e ? reject(e) : resolve())))
          : Promise.resolve(),
    );
  }
}

class MemorySource implements ByteSource {
  readonly name: string;
  readonly size: number;
  private readonly bytes: Uint8Array;

  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.size = bytes.byteLength;
    this.bytes = bytes;
  }

  // biome-ignore lint/correctness/useYield: it never waits
  *read(into: () => Uint8Array, at: number): Task<number> {
    const target = into();
    const found = this.bytes.subarray(Math.min(at, this.size), at + target.byteLength);
    target.set(found);
    return found.byteLength;
  }

  *close(): Task<void> {}
}

class BlobSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  private readonly blob: Blob;

  constructor(name: string, blob: Blob) {
    this.name = name;
    this.size = blob.size;
    this.blob = blob;
  }

  *read(into: () => Uint8Array, at: number): Task<number> {
    const end = at + into().byteLength;
    const found = yield* step(
      (): ArrayBuffer => {
        throw new ArgumentError(
          `${this.name}: a Blob cannot be read synchronously`,
          'await the asynchronous function',
          {
            source: this.name,
          },
        );
      },
      () => this.blob.slice(at, end).arrayBuffer(),
    );
    into().set(new Uint8Array(found));
    return found.byteLength;
  }

  *close(): Task<void> {}
}

/** Opens a path, bytes or a Blob. System errors (ENOENT …) pass as they are. */
export function* openSource(from: FilePath | Bytes, where: string): Task<ByteSource> {
  if (from instanceof Uint8Array) return new MemorySource('bytes', from);
  if (from instanceof ArrayBuffer) return new MemorySource('bytes', new Uint8Array(from));
  if (typeof Blob !== 'undefined' && from instanceof Blob) {
    return new BlobSource('name' in from ? String(from.name) : 'blob', from);
  }
  return yield* openFile(from as FilePath, where, 'r'); // pathText refuses what is neither
}

/** @internal Opens a regular file, to be written by position too with 'r+'. System errors pass as they are. */
export function* openFile(file: FilePath, where: string, flags: 'r' | 'r+'): Task<FileSource> {
  const path = pathText(file, where);
  const fs = fileSystem(where);
  const fd = yield* step(
    () => fs.openSync(path, flags),
    () => new Promise<number>((resolve, reject) => fs.open(path, flags, (e, n) => (e ? reject(e) : resolve(n)))),
  );
  try {
    const stat = yield* step(
      () => fs.fstatSync(fd),
      () =>
        new Promise<{ isFile(): boolean; size: number }>((resolve, reject) =>
          fs.fstat(fd, (e, s) => (e ? reject(e) : resolve(s))),
        ),
    );
    if (stat.isFile()) return new FileSource(fs, path, fd, stat.size);
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
  fs.closeSync(fd);
  throw new ArgumentError(`${where}: ${path} is not a regular file`, 'read it yourself and pass the bytes', { path });
}

/** A source, or a range of it, from its beginning. */
export class SourceReader implements ByteReader {
  readonly name: string;
  private readonly source: ByteSource;
  private at: number;
  private readonly end: number;

  constructor(source: ByteSource, start = 0, end = source.size, name = source.name) {
    this.source = source;
    this.at = start;
    this.end = end;
    this.name = name;
  }

  get left(): number {
    return this.end - this.at;
  }

  *fill(into: () => Uint8Array): Task<number> {
    const most = this.left;
    const n = yield* this.source.read(() => into().subarray(0, most), this.at);
    this.at += n;
    return n;
  }
}

/** The next `length` bytes in memory of their own; fewer at the end. */
export function* take(reader: ByteReader, length: number): Task<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.min(length, reader.left));
  const n = yield* reader.fill(() => bytes);
  return bytes.subarray(0, n);
}

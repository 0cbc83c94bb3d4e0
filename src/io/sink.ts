// Where bytes go: a file that appears whole or not at all, or memory. A file is written under a temporary name in the
// same directory, flushed to the disk and renamed; when anything fails, the temporary is removed and what was there
// before stays.
import { ArgumentError } from '../base/errors.ts';
import { type FilePath, type FileSystem, fileSystem, pathText } from './source.ts';
import { isAsync, step, type Task } from './task.ts';

/** Bytes written one after another, with a second look at what has been written. */
export interface ByteSink {
  readonly written: number;
  write(bytes: Uint8Array): Task<void>;
  /** Overwrites bytes that were written before. */
  patch(bytes: Uint8Array, at: number): Task<void>;
}

const MOST = 2 ** 30;

/** @internal Bytes to an open file, which it does not close. */
export class FileSink implements ByteSink {
  written = 0;
  private readonly fs: FileSystem;
  private readonly fd: number;

  constructor(fs: FileSystem, fd: number) {
    this.fs = fs;
    this.fd = fd;
  }

  *write(bytes: Uint8Array): Task<void> {
    const at = this.written;
    this.written += bytes.byteLength;
    yield* this.patch(bytes, at);
  }

  *patch(bytes: Uint8Array, at: number): Task<void> {
    // Heap memory that is not shared moves when it grows, which may happen during an asynchronous write.
    const moves = bytes.buffer instanceof ArrayBuffer && (yield* isAsync());
    const whole = moves ? bytes.slice() : bytes;
    let done = 0;
    while (done < whole.byteLength) {
      const part = whole.subarray(done, done + MOST);
      const to = at + done;
      done += yield* step(
        () => this.fs.writeSync(this.fd, part, 0, part.byteLength, to),
        () =>
          new Promise<number>((resolve, reject) => {
            this.fs.write(this.fd, part, 0, part.byteLength, to, (e, n) => (e ? reject(e) : resolve(n)));
          }),
      );
    }
  }
}

/** Collects bytes in memory. */
export class MemorySink implements ByteSink {
  written = 0;
  private room = new Uint8Array(1024);

  // biome-ignore lint/correctness/useYield: it never waits
  *write(bytes: Uint8Array): Task<void> {
    const end = this.written + bytes.byteLength;
    if (end > this.room.byteLength) {
      const larger = new Uint8Array(Math.max(end, 2 * this.room.byteLength));
      larger.set(this.room.subarray(0, this.written));
      this.room = larger;
    }
    this.room.set(bytes, this.written);
    this.written = end;
  }

  // biome-ignore lint/correctness/useYield: it never waits
  *patch(bytes: Uint8Array, at: number): Task<void> {
    this.room.set(bytes, at);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.room.subarray(0, this.written);
  }
}

/** The file that a path means in the end, so that a symbolic link is written through and not replaced. */
function resolved(fs: FileSystem, path: string): { path: string; mode: number | undefined } {
  try {
    const real = fs.realpathSync(path);
    const stat = fs.statSync(real);
    if (stat.isFile()) return { path: real, mode: stat.mode & 0o777 };
    throw new ArgumentError(`${path} is not a regular file`, 'write to a path that is new or names a regular file', {
      path,
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { path, mode: undefined };
    throw error;
  }
}

/** @internal A file under a temporary name, beside the one it takes when it is whole. */
export class NewFile {
  readonly fs: FileSystem;
  readonly fd: number;
  /** The name it takes. */
  readonly path: string;
  readonly temporary: string;
  #open = true;

  constructor(file: FilePath, where: string) {
    const given = pathText(file, where);
    this.fs = fileSystem(where);
    const { path, mode } = resolved(this.fs, given);
    this.path = path;
    this.temporary = `${path}.${Math.random().toString(36).slice(2, 10)}.tmp`;
    this.fd = this.fs.openSync(this.temporary, 'wx+', mode ?? 0o666);
    if (mode !== undefined) this.fs.fchmodSync(this.fd, mode); // the umask does not apply to a file that was there
  }

  /** Puts what was written on the disk. */
  *flush(): Task<void> {
    yield* flushFile(this.fs, this.fd);
  }

  /** Flushes, closes and takes the final name; where that fails nothing is left. */
  *finish(): Task<void> {
    try {
      yield* this.flush();
      this.#close();
      this.fs.renameSync(this.temporary, this.path);
      flushDirectory(this.fs, this.path);
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Closes and removes the temporary. */
  abandon(): void {
    this.#close();
    this.fs.rmSync(this.temporary, { force: true });
  }

  #close(): void {
    if (this.#open) this.fs.closeSync(this.fd);
    this.#open = false;
  }
}

/** @internal Puts what was written to an open file on the disk. */
export const flushFile = (fs: FileSystem, fd: number): Task<void> =>
  step(
    () => fs.fsyncSync(fd),
    () => new Promise<void>((resolve, reject) => fs.fsync(fd, (e) => (e ? reject(e) : resolve()))),
  );

/** Runs `body` on a sink whose file takes its name only when all is on the disk. System errors pass as they are. */
export function* writeWhole<R>(file: FilePath, where: string, body: (sink: ByteSink) => Task<R>): Task<R> {
  const made = new NewFile(file, where);
  let result: R;
  try {
    result = yield* body(new FileSink(made.fs, made.fd));
  } catch (error) {
    made.abandon();
    throw error;
  }
  yield* made.finish();
  return result;
}

/** Makes the new name itself durable, where directories can be opened (not on Windows). */
function flushDirectory(fs: FileSystem, path: string): void {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  let fd: number;
  try {
    fd = fs.openSync(cut < 0 ? '.' : cut === 0 ? path[0] : path.slice(0, cut), 'r');
  } catch {
    return; // a system without open directories: the rename is as durable as it gets
  }
  try {
    fs.fsyncSync(fd);
  } catch {
    // the same: EISDIR, EPERM or EINVAL, by file system
  } finally {
    fs.closeSync(fd);
  }
}

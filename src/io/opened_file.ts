// Whether an open file is still what it was when it was opened: as long as its array needs, and not replaced by another
// of the same name. One system call per look. Not a lock: what others write into it in place is theirs.

import { FormatError } from '../base/errors.ts';
import type { FileSystem } from './source.ts';

/** @internal What is known of a file that arrays are read from again and again. */
export class OpenedFile {
  readonly fs: FileSystem;
  readonly fd: number;
  readonly path: string;
  /** Bytes without which there is no array. */
  readonly needed: number;
  readonly #links: number;
  readonly #inode: number;

  constructor(fs: FileSystem, fd: number, path: string, needed: number) {
    this.fs = fs;
    this.fd = fd;
    this.path = path;
    this.needed = needed;
    const { nlink, ino } = fs.fstatSync(fd);
    this.#links = nlink;
    this.#inode = ino;
  }

  /** @throws FormatError when the file was truncated, or when its name is another's now. */
  require(): void {
    const { size, nlink } = this.fs.fstatSync(this.fd);
    if (size < this.needed) throw this.truncated(size);
    if (nlink !== this.#links) this.#requireSame();
  }

  /** The error of a file that ends after `found` bytes. */
  truncated(found: number): FormatError {
    return new FormatError(
      `${this.path}: ${this.needed} bytes were there when it was opened, now there are ${found}: it was truncated`,
      'open it again when it is whole; write new content to a new file and rename it',
      { file: this.path, expected: this.needed, found },
    );
  }

  // A file that was removed and not replaced keeps its elements for as long as it is open.
  #requireSame(): void {
    const now = this.fs.statSync(this.path, { throwIfNoEntry: false });
    if (now === undefined || now.ino === this.#inode) return;
    throw new FormatError(
      `${this.path}: the file was replaced by another one after it was opened`,
      'open it again to see the new content',
      { file: this.path },
    );
  }
}

// Files mapped into this process, as buffers. Pages never go away under a buffer that somebody may still look at: a
// mapping that is given up gets empty pages in place of the file's, and its addresses are freed when the buffer is collected.
// Linux only: elsewhere files are read and written by position.

import { platform } from '../base/platform.ts';
import { type Bound, bind, bufferAt, whyNotNative } from './ffi.ts';

const symbols = {
  mmap: 'uintptr_t mmap(uintptr_t address, size_t length, int protection, int flags, int file, int64_t offset)',
  munmap: 'int munmap(uintptr_t address, size_t length)',
  msync: 'int msync(uintptr_t address, size_t length, int flags)',
  fallocate: 'int fallocate(int file, int mode, int64_t offset, int64_t length)',
} as const;

/** sys/mman.h of Linux, the same on all its architectures that Node runs on. */
const READ_WRITE = 1 | 2;
const flags = { shared: 1, private: 2, fixed: 0x10, anonymous: 0x20, noReserve: 0x4000 } as const;
const MS_SYNC = 4;
const FAILED = 2n ** 64n - 1n;

/** Offsets and addresses of mappings are multiples of this: the largest page that Linux is built with. */
export const GRANULE = 65536;
/** Bytes of one mapping: engines refuse larger buffers, Node 20 by ending the process. */
export const LARGEST_MAPPING: number = 2 ** 32 - GRANULE;

type Library = Bound<typeof symbols>;
let library: Library | string | undefined;

function system(): Library | string {
  library ??= found();
  return library;
}

function found(): Library | string {
  if (!platform.linux) return 'files are mapped on Linux only';
  const bound = bind('libc.so.6', symbols);
  if (bound === undefined) return whyNotNative();
  // Once, with a page of nothing: does the engine take buffers from outside at all?
  const address = BigInt(bound.mmap(0, GRANULE, READ_WRITE, flags.private | flags.anonymous, -1, 0));
  if (address === FAILED) return 'the system maps no memory';
  if (bufferAt(address, GRANULE) !== undefined) return bound; // the page stays: its buffer may be collected whenever
  bound.munmap(address, GRANULE);
  return 'this engine takes no buffers from outside its own memory';
}

/** Why files cannot be mapped here; undefined where they can. */
export function whyNotMapped(): string | undefined {
  const bound = system();
  return typeof bound === 'string' ? bound : undefined;
}

/** Whether files are mapped for typed arrays, and why not; it does not find out. */
export interface MappingReport {
  readonly mapped: boolean | 'not asked for yet';
  readonly why?: string;
}

/** The state of it, for reports. */
export function mappingReport(): MappingReport {
  if (library === undefined) return { mapped: 'not asked for yet' };
  return typeof library === 'string' ? { mapped: false, why: library } : { mapped: true };
}

/** A range of a file as a buffer. */
export interface Mapping {
  readonly buffer: ArrayBuffer;
  /** Copies bytes out of the buffer and into it; false, and no end of the process, where the file does not have them. */
  read(at: number, into: Uint8Array): boolean;
  write(at: number, from: Uint8Array): boolean;
  /** Puts what was written into the buffer on the disk; false when the system could not. */
  flush(): boolean;
  /** Gives up the file's pages. The buffer reads as zeros from then on, and what is written to it is lost. */
  retire(): void;
}

interface Range {
  readonly address: bigint;
  readonly nbytes: number;
}

let registry: FinalizationRegistry<Range> | undefined;

function freeWhenCollected(buffer: ArrayBuffer, range: Range): void {
  registry ??= new FinalizationRegistry(({ address, nbytes }) => {
    const bound = system();
    if (typeof bound !== 'string') bound.munmap(address, nbytes);
  });
  registry.register(buffer, range);
}

/**
 * Maps `nbytes` of an open file from an offset on, both multiples of GRANULE but for the file's end. `shared`: what is
 * written to the buffer reaches the file; otherwise it stays with this mapping. Undefined when the system refuses.
 */
export function mapFile(fd: number, offset: number, nbytes: number, shared: boolean): Mapping | undefined {
  const bound = system();
  if (typeof bound === 'string') return undefined;
  // Private ones are writeable too: a stray write through a typed array must not end the process.
  const how = shared ? flags.shared : flags.private | flags.noReserve;
  const address = BigInt(bound.mmap(0, nbytes, READ_WRITE, how, fd, offset));
  if (address === FAILED) return undefined;
  const buffer = bufferAt(address, nbytes);
  if (buffer === undefined) {
    bound.munmap(address, nbytes);
    return undefined;
  }
  freeWhenCollected(buffer, { address, nbytes });
  let live = true;
  return {
    buffer,
    read: (at, into) => copied((fs, fd) => fs.readSync(fd, into, 0, into.byteLength, address + BigInt(at)), into),
    write: (at, from) => copied((fs, fd) => fs.writeSync(fd, from, 0, from.byteLength, Number(address) + at), from), // addresses have 47 bits
    flush: () => !live || bound.msync(address, nbytes, MS_SYNC) === 0,
    retire() {
      if (!live) return;
      live = false;
      const empty = flags.private | flags.anonymous | flags.fixed | flags.noReserve;
      bound.mmap(address, nbytes, READ_WRITE, empty, -1, 0);
    },
  };
}

type FileSystem = typeof import('node:fs');
let ownMemory: number | undefined;

/** The process's memory as a file: pages that are gone are an error there, and a signal anywhere else. */
function copied(move: (fs: FileSystem, fd: number) => number, bytes: Uint8Array): boolean {
  const fs = platform.builtin<FileSystem>('node:fs');
  if (fs === undefined) return false;
  ownMemory ??= fs.openSync('/proc/self/mem', 'r+');
  try {
    return move(fs, ownMemory) === bytes.byteLength;
  } catch {
    return false; // EIO: the file ends before
  }
}

/** Takes room on the disk for a file's bytes; false where that cannot be done, or there is none. */
export function reserveFile(fd: number, nbytes: number): boolean {
  const bound = system();
  return typeof bound !== 'string' && bound.fallocate(fd, 0, 0, nbytes) === 0;
}

// What the operating system is told of the heap's pages, through the C library: that large pages are welcome, and which
// pages nobody needs any more. Linux only; elsewhere, and without native code, nothing is told and everything works as before, only slower.
import { platform } from '../base/platform.ts';
import { addressOf, type Bound, bind } from './ffi.ts';

const symbols = { madvise: 'int madvise(uintptr_t address, size_t length, int advice)' } as const;

/** linux/mman.h */
const advice = { dontNeed: 4, hugePages: 14 } as const;

let library: Bound<typeof symbols> | null | undefined;

function system(): Bound<typeof symbols> | null {
  if (library === undefined) library = (platform.linux ? bind('libc.so.6', symbols) : undefined) ?? null;
  return library;
}

function advise(buffer: ArrayBufferLike, from: number, nbytes: number, what: number): boolean {
  const { madvise } = system() ?? {};
  const address = madvise && addressOf(buffer);
  return address !== undefined && madvise?.(address + BigInt(from), nbytes, what) === 0;
}

/** Pages can be given back to the system here. */
export function canDropPages(): boolean {
  return system() !== null;
}

/**
 * Asks for large pages behind `nbytes` of address space from the start of a buffer, of which only a part may be in use:
 * the advice holds for the reserve too. True when the system took it.
 * @see https://man7.org/linux/man-pages/man2/madvise.2.html
 */
export function adviseLargePages(buffer: ArrayBufferLike, nbytes: number): boolean {
  return advise(buffer, 0, nbytes, advice.hugePages);
}

/** Gives whole pages back to the system; they read as zero from then on. True when the system took them. */
export function dropPages(buffer: ArrayBufferLike, from: number, nbytes: number): boolean {
  return advise(buffer, from, nbytes, advice.dontNeed);
}

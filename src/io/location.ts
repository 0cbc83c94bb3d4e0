// Where an array is: a path or address, and behind '#' the name of an array inside. What kind of file it is, is told by
// its first bytes.

import { FormatError } from '../base/errors.ts';
import { NPY_MAGIC } from './npy_header.ts';
import { type ByteSource, type FilePath, fileSystem, pathText } from './source.ts';
import type { Task } from './task.ts';

/** On a server, not in a file. */
export const isRemote = (location: string): boolean => /^https?:/.test(location);

/** The location and the part behind '#', unless a file has a name with '#' in it. */
export function located(from: FilePath, where: string): { location: string; part: string | undefined } {
  if (from instanceof URL) {
    const part = from.hash === '' ? undefined : decodeURIComponent(from.hash.slice(1));
    const bare = new URL(from);
    bare.hash = '';
    return { location: isRemote(bare.href) ? bare.href : pathText(bare, where), part };
  }
  const cut = from.lastIndexOf('#');
  const whole = cut < 0 || (!isRemote(from) && fileSystem(where).existsSync(from));
  return whole
    ? { location: pathText(from, where), part: undefined }
    : { location: from.slice(0, cut), part: from.slice(cut + 1) };
}

const PICKLE = 0x80;

/** What the first bytes say. @throws FormatError for anything else. */
export function* kindOf(source: ByteSource): Task<'npy' | 'npz'> {
  const start = new Uint8Array(8);
  const n = yield* source.read(() => start, 0);
  if (n >= NPY_MAGIC.length && NPY_MAGIC.every((byte, i) => start[i] === byte)) return 'npy';
  if (start[0] === 0x50 && start[1] === 0x4b && (start[2] === 3 || start[2] === 5)) return 'npz';
  const pickle = start[0] === PICKLE && start[1] >= 2 && start[1] <= 5;
  throw new FormatError(
    n === 0
      ? `${source.name} is empty`
      : `${source.name} is neither .npy nor .npz${pickle ? ' but a pickle, which can run code' : ''}`,
    pickle
      ? 'in NumPy, save it again with np.save'
      : 'load files written by np.save and np.savez; for text use loadtxt',
    { file: source.name, start: [...start.subarray(0, n)] },
  );
}

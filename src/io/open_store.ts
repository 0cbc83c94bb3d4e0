// Opens whatever holds an array, by what is there and not by its name: a .npy file, an array in a .npz archive, a
// directory or an address in a format of its own. Formats are rows; what they do is in files of their own.

import { ArgumentError } from '../base/errors.ts';
import { kindOf } from './files.ts';
import { isPath, npyStoreOn, type OpenStoreOptions, openForStore } from './npy_open.ts';
import { npzStoreOn } from './npz_store.ts';
import { type Bytes, type FilePath, fileSystem, pathText } from './source.ts';
import type { ArrayStore } from './store.ts';
import { runAsync } from './task.ts';

/** What may hold an array: a path, a file: or http(s): URL, or the bytes themselves. */
export type StoreLocation = FilePath | Bytes;

/** A way to hold arrays that is no single file. */
interface Format {
  /** For messages. */
  readonly name: string;
  /** Is the location one of these? `isDirectory` is about the path before a '#'. */
  fits(location: string, isDirectory: boolean): boolean;
  /** `part` is what follows a '#': the path of an array inside. */
  open(location: string, part: string | undefined, options: OpenStoreOptions): Promise<ArrayStore>;
}

const formats: readonly Format[] = [];

/**
 * The array at a location, to be read (and with mode 'r+' written) by rectangle. `archive.npz#name` is an array of an
 * archive, and may leave out the name where there is one only.
 * @throws ArgumentError for what holds no array or several, FormatError for what is damaged, and the system's own errors.
 */
export async function openStore(from: StoreLocation, options: OpenStoreOptions = {}): Promise<ArrayStore> {
  const where = 'openStore';
  if (!isPath(from)) return byContent(from, undefined, options, where);
  const { location, part } = located(from, where);
  const isDirectory =
    !isRemote(location) && fileSystem(where).statSync(location, { throwIfNoEntry: false })?.isDirectory() === true;
  for (const format of formats) if (format.fits(location, isDirectory)) return format.open(location, part, options);
  if (isDirectory || isRemote(location)) {
    const known = ['.npy and .npz files', ...formats.map((f) => f.name)].join(', ');
    throw new ArgumentError(`${where}: ${location} holds no array in a known format`, `open one of: ${known}`, {
      location,
    });
  }
  return byContent(location, part, options, where);
}

const isRemote = (location: string): boolean => /^https?:/.test(location);

/** The location and the part behind '#', unless a file has a name with '#' in it. */
function located(from: FilePath, where: string): { location: string; part: string | undefined } {
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

async function byContent(
  from: StoreLocation,
  part: string | undefined,
  options: OpenStoreOptions,
  where: string,
): Promise<ArrayStore> {
  const source = await openForStore(from, options, where);
  let kind: 'npy' | 'npz';
  try {
    kind = await runAsync(kindOf(source));
    if (kind === 'npz' && options.mode === 'r+') {
      const fix = "open it with mode 'r', or write the array to a .npy file";
      throw new ArgumentError(`${where}: ${source.name} is an archive, which is not written into`, fix, {
        file: source.name,
      });
    }
    if (kind === 'npy' && part !== undefined) {
      throw new ArgumentError(
        `${where}: ${source.name} holds one array and no '${part}'`,
        'leave out the part from # on',
        { part },
      );
    }
  } catch (error) {
    await runAsync(source.close());
    throw error;
  }
  return kind === 'npy' ? npyStoreOn(source, options.mode === 'r+') : npzStoreOn(source, part);
}

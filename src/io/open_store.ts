// Opens whatever holds an array, by what is there and not by its name: a .npy file, an array in a .npz archive, a Zarr
// array in a directory or on a server. What they are is in files of their own.

import { ArgumentError } from '../base/errors.ts';
import { isRemote, kindOf, located } from './location.ts';
import { npyStoreOn, type OpenStoreOptions, openForStore, openOptions } from './npy_open.ts';
import { npzStoreOn } from './npz_store.ts';
import { type Bytes, type FilePath, fileSystem, isPath } from './source.ts';
import type { ArrayStore } from './store.ts';
import { runAsync } from './task.ts';
import { zarr } from './zarr/namespace.ts';

/** What may hold an array: a path, a file: or http(s): URL, or the bytes themselves. */
export type StoreLocation = FilePath | Bytes;

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
  if (isDirectory || isRemote(location)) {
    openOptions.check(options, where);
    return zarr.open(location, { path: part, mode: options.mode });
  }
  return byContent(location, part, options, where);
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

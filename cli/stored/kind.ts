// What a path holds, told by what is there and not by the name: an array, an archive of them, a Zarr directory, a table.
import { closeSync, existsSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import * as np from '../../src/index.ts';
import { NPY_MAGIC } from '../../src/io/npy_header.ts';

export type Kind = 'npy' | 'npz' | 'zarr' | 'csv';

/** Any of these makes a directory a Zarr hierarchy: versions 3 and 2. */
const zarrFiles = ['zarr.json', '.zarray', '.zgroup', '.zmetadata'];
const archives = ['PK\x03\x04', 'PK\x05\x06'].map((start) => Buffer.from(start));

const refusal = (what: string, file: string): np.FormatError =>
  new np.FormatError(what, 'pass a file written by np.save or np.savez, a Zarr directory, or a table as text', {
    file,
  });

/** What a path is when it is neither a file nor a directory: opening it could wait for ever, or never end. */
function special(stats: Stats): string {
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/** @throws FormatError for what holds neither arrays nor text, and the system's own errors. */
export function kindOf(file: string): Kind {
  if (/^https?:\/\//.test(file)) return 'zarr'; // nothing else is read from servers
  const stats = statSync(file);
  if (stats.isDirectory()) {
    if (zarrFiles.some((name) => existsSync(join(file, name)))) return 'zarr';
    throw refusal(`${file} is a directory, and none of Zarr: it holds no ${zarrFiles.join(', ')}`, file);
  }
  if (!stats.isFile()) throw refusal(`${file} is ${special(stats)} and no file`, file);
  const bytes = firstBytes(file, 4096);
  if (bytes.subarray(0, 6).equals(Buffer.from(NPY_MAGIC))) return 'npy';
  if (archives.some((start) => bytes.subarray(0, 4).equals(start))) return 'npz';
  const named = /\.(npy|npz)$/i.exec(file)?.[0];
  if (bytes.length === 0) throw refusal(`${file} is empty`, file);
  if (named !== undefined) throw refusal(`${file} is not a ${named} file: its first bytes are others`, file);
  if (bytes.includes(0)) throw refusal(`${file} holds neither arrays nor text`, file);
  return 'csv';
}

function firstBytes(file: string, count: number): Buffer {
  const start = Buffer.alloc(count);
  const fd = openSync(file, 'r');
  try {
    return start.subarray(0, readSync(fd, start));
  } finally {
    closeSync(fd);
  }
}

// A Zarr store in a directory: a file per key, each written under a temporary name and renamed, so that a reader sees
// the old one or the new one. Links inside the directory are not followed unless asked: an archive that was unpacked may
// hold links to anything.

import { ArgumentError, FormatError } from '../../base/errors.ts';
import { type FileSystem, fileSystem } from '../source.ts';
import { damagedChunk } from './codec/codec.ts';
import { LONGEST } from './document.ts';
import { type Entry, type Get, type KeyStore, window } from './keys.ts';
import type { Piece } from './piece.ts';

type Handle = Awaited<ReturnType<FileSystem['promises']['open']>>;

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
/** There is no such file. */
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';

/** One system call moves no more than 2 GiB on any system. */
const MOST = 2 ** 30;

export class Directory implements KeyStore {
  readonly name: string;
  private readonly fs: FileSystem;
  private readonly links: boolean;
  /** Directories that were looked at, so that each is asked about once. */
  private readonly known = new Map<string, Promise<void>>();
  /** Folders that this store has made. */
  private readonly made = new Set<string>();
  private readonly unflushed = new Set<string>();

  constructor(path: string, links: boolean) {
    this.name = path.length > 1 ? path.replace(/[/\\]+$/, '') : path;
    this.fs = fileSystem('zarr');
    this.links = links;
  }

  address(key: string): string {
    return `${this.name}/${key}`;
  }

  locate(prefix: string): string {
    return prefix === '' ? this.name : this.address(prefix.replace(/\/$/, ''));
  }

  async document(key: string): Promise<string | undefined> {
    const handle = await this.open(key);
    if (handle === undefined) return undefined;
    try {
      const { size } = await handle.stat();
      if (size > LONGEST) {
        throw new FormatError(
          `${this.address(key)} has ${size} bytes, more than any metadata`,
          `documents have ${LONGEST} bytes at most`,
          { file: this.address(key), size },
        );
      }
      const bytes = new Uint8Array(size);
      const { bytesRead } = await handle.read(bytes, 0, size, 0);
      return new TextDecoder().decode(bytes.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  }

  async get({ key, most, range, signal }: Get, room: (nbytes: number) => Piece): Promise<Piece | undefined> {
    const handle = await this.open(key);
    if (handle === undefined) return undefined;
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw damagedChunk(this.address(key), 'it is not a regular file');
      const { from, nbytes } = window(range, stat.size);
      if (nbytes > most)
        throw damagedChunk(this.address(key), `${nbytes} bytes are more than its chunk can have, ${most}`);
      const piece = room(nbytes);
      let done = 0;
      while (done < nbytes) {
        signal?.throwIfAborted();
        const size = Math.min(nbytes - done, MOST);
        const target = piece.stays ? piece.part(done, size).bytes() : new Uint8Array(size);
        const { bytesRead } = await handle.read(target, 0, size, from + done);
        if (bytesRead === 0) break; // it was cut off meanwhile: whoever unpacks it will say so
        if (!piece.stays) piece.part(done, bytesRead).bytes().set(target.subarray(0, bytesRead));
        done += bytesRead;
      }
      return piece.part(0, done);
    } finally {
      await handle.close();
    }
  }

  sizeOf(key: string): number | undefined {
    return this.fs.statSync(this.address(key), { throwIfNoEntry: false })?.size ?? 0;
  }

  async list(prefix: string): Promise<Entry[]> {
    const path = prefix === '' ? this.name : this.address(prefix);
    try {
      const found = await this.fs.promises.readdir(path, { withFileTypes: true });
      return found.map((it) => ({ name: it.name, directory: it.isDirectory() || (this.links && it.isSymbolicLink()) }));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  async put(key: string, value: Piece): Promise<void> {
    const path = this.address(key);
    const cut = path.lastIndexOf('/');
    const folder = path.slice(0, cut);
    if (!this.made.has(folder)) {
      await this.fs.promises.mkdir(folder, { recursive: true });
      this.made.add(folder);
      this.known.delete(folder); // whoever looked before it was there has been told so
    }
    await this.inside(folder);
    // A dot in front: no key of a chunk begins so.
    const temporary = `${folder}/.${path.slice(cut + 1)}.${Math.random().toString(36).slice(2, 10)}.tmp`;
    const handle = await this.fs.promises.open(temporary, 'wx');
    try {
      const bytes = value.lasting();
      for (let done = 0; done < bytes.byteLength; ) {
        const { bytesWritten } = await handle.write(bytes, done, Math.min(bytes.byteLength - done, MOST), done);
        done += bytesWritten;
      }
      await handle.close();
      await this.fs.promises.rename(temporary, path);
    } catch (error) {
      await handle.close().catch(() => {}); // closed already, or failing with what is thrown below
      await this.fs.promises.rm(temporary, { force: true });
      throw error;
    }
    this.unflushed.add(path);
  }

  async flush(): Promise<void> {
    const paths = [...this.unflushed];
    const folders = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/'))));
    for (const path of [...paths, ...folders]) {
      const handle = await this.fs.promises.open(path, 'r');
      try {
        await handle.sync();
      } catch (error) {
        if (!folders.has(path)) throw error; // some systems cannot flush a directory
      } finally {
        await handle.close();
      }
      this.unflushed.delete(path);
    }
  }

  private async open(key: string): Promise<Handle | undefined> {
    const path = this.address(key);
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = this.fs.constants;
    try {
      const cut = path.lastIndexOf('/');
      await this.inside(path.slice(0, cut));
      // Without waiting: a pipe in the place of a chunk would hold the thread until somebody writes into it.
      return await this.fs.promises.open(path, O_RDONLY | O_NONBLOCK | (this.links ? 0 : O_NOFOLLOW));
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (codeOf(error) === 'ELOOP' || codeOf(error) === 'EMLINK') throw refusedLink(path);
      throw error;
    }
  }

  /** Sees to it, once, that a folder is inside the store. */
  private inside(folder: string): Promise<void> {
    const known = this.known.get(folder);
    if (known !== undefined) return known;
    const looked = this.refuseLink(folder);
    this.known.set(folder, looked);
    looked.catch(() => {
      if (this.known.get(folder) === looked) this.known.delete(folder); // asked again next time
    });
    return looked;
  }

  private async refuseLink(folder: string): Promise<void> {
    if (this.links || folder.length <= this.name.length) return; // the store itself may be a link
    const [root, real] = await Promise.all([this.fs.promises.realpath(this.name), this.fs.promises.realpath(folder)]);
    if (real !== root + folder.slice(this.name.length)) throw refusedLink(folder);
  }
}

const refusedLink = (path: string): FormatError =>
  new FormatError(
    `${path} is, or is behind, a symbolic link, which may lead anywhere`,
    'pass { links: true } for a store that you trust',
    {
      path,
    },
  );

/** What must not be overwritten by accident: anything there that is no Zarr array or group. */
export async function requireReplaceable(path: string, overwrite: boolean, where: string): Promise<boolean> {
  const { promises } = fileSystem(where);
  let names: string[];
  try {
    names = await promises.readdir(path);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  if (names.length === 0) return true;
  const zarr = ['zarr.json', '.zarray', '.zgroup'].some((name) => names.includes(name));
  if (zarr && overwrite) return true;
  throw new ArgumentError(
    zarr ? `${where}: ${path} holds a Zarr array or group` : `${where}: ${path} is a directory that is not Zarr's`,
    zarr ? 'pass { overwrite: true } to replace it, or open it with np.zarr.open' : 'choose a path that is new',
    { path },
  );
}

// Stores of the members of .npz archives. Stored members are read where they lie; deflated ones are unpacked once, when
// elements are first asked for, into a temporary file, in pieces.

import { platform } from '../base/platform.ts';
import { refuseTruncated } from './npy.ts';
import { type NpyHeader, readHeader } from './npy_header.ts';
import { elementsOn } from './npy_open.ts';
import { NpyStore } from './npy_store.ts';
import { memberOf, namesOf, onlyName } from './npz.ts';
import { FileSink, NewFile } from './sink.ts';
import { type ByteSource, type Bytes, type FilePath, FileSource, openSource } from './source.ts';
import type { ArrayStore } from './store.ts';
import { runAsync, type Task } from './task.ts';
import { memberStart, openMember, readDirectory, type ZipEntry } from './zip_read.ts';

/** Bytes of one write while a member is unpacked. */
const PIECE = 2 ** 20;
/** Compressed bytes that are unpacked at a time. */
const PACKED = 2 ** 16;

/**
 * The elements of an array in a .npz archive by rectangle, to be read. Archives are not written into: the checksums of
 * their members would not hold any more.
 * @throws ArgumentError for an unknown name, FormatError for a damaged archive, and the system's own errors.
 */
export async function openNpzStore(from: FilePath | Bytes, name: string): Promise<ArrayStore> {
  return npzStoreOn(await runAsync(openSource(from, 'openNpzStore')), name);
}

/** @internal The same on an open source, which the store then owns; without a name where there is one array only. */
export async function npzStoreOn(source: ByteSource, given?: string): Promise<ArrayStore> {
  try {
    const entries = await runAsync(readDirectory(source));
    const name = given ?? onlyName(namesOf(entries), source.name);
    const entry = memberOf(entries, name, source.name);
    const header = await runAsync(headerOf(source, entry));
    const location = source instanceof FileSource ? `${source.name}#${name}` : undefined;
    const parts = { name: `${source.name}[${name}]`, format: 'npz', location, writes: false } as const;
    if (!entry.deflated) {
      const elements = elementsOn(source, header, await runAsync(memberStart(source, entry)), false);
      return new NpyStore(header, {
        ...parts,
        elements: async () => elements,
        close: () => runAsync(source.close()),
      });
    }
    let unpacked: NewFile | undefined;
    return new NpyStore(header, {
      ...parts,
      cost: entry.packed / entry.size,
      holds: 2 * PIECE + Math.ceil(4 * Math.min(entry.size, (PACKED * entry.size) / entry.packed)),
      async elements() {
        unpacked = temporaryFile();
        const file = await runAsync(unpack(source, entry, unpacked));
        return { source: file, start: header.offset };
      },
      async close() {
        unpacked?.abandon();
        await runAsync(source.close());
      },
    });
  } catch (error) {
    await runAsync(source.close());
    throw error;
  }
}

function* headerOf(source: ByteSource, entry: ZipEntry): Task<NpyHeader> {
  const member = yield* openMember(source, entry);
  try {
    const header = yield* readHeader(member);
    refuseTruncated(member, header);
    return header;
  } finally {
    member.close();
  }
}

/** Where the system keeps what is not to last. */
function temporaryFile(): NewFile {
  const os = platform.builtin<typeof import('node:os')>('node:os');
  return new NewFile(`${os?.tmpdir() ?? '.'}/orthant-unpacked`, 'openNpzStore');
}

/** Its name is gone at once where the system allows that, so that nothing stays behind whatever happens. */
function* unpack(source: ByteSource, entry: ZipEntry, file: NewFile): Task<FileSource> {
  const { fs, fd, temporary } = file;
  if (platform.linux) fs.rmSync(temporary, { force: true });
  const sink = new FileSink(fs, fd);
  const member = yield* openMember(source, entry);
  try {
    const piece = new Uint8Array(Math.min(PIECE, entry.size));
    for (let n = -1; n !== 0; ) {
      n = yield* member.fill(() => piece);
      yield* sink.write(piece.subarray(0, n));
    }
    yield* member.finish();
  } finally {
    member.close();
  }
  return new FileSource(fs, source.name, fd, sink.written);
}

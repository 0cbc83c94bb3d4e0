// The arrays of a path as the commands look at them: header and layout first, elements block by block. One entry per
// array; an entry that cannot be read says so without hiding the others.
import * as np from '../../src/index.ts';
import { npyBlocks, type StoredArray, storedArray } from '../../src/io/blocks.ts';
import { refuseTruncated } from '../../src/io/npy.ts';
import { type NpyHeader, readHeader } from '../../src/io/npy_header.ts';
import { type ByteReader, type ByteSource, openSource, SourceReader } from '../../src/io/source.ts';
import type { ArrayStore } from '../../src/io/store.ts';
import { runAsync } from '../../src/io/task.ts';
import type { JsonObject } from '../../src/io/zarr/document.ts';
import { listZarr, openZarr } from '../../src/io/zarr/open.ts';
import { openMember, readDirectory, type ZipEntry } from '../../src/io/zip_read.ts';
import type { Kind } from './kind.ts';

/** How an array is kept, beside shape and dtype: what its format has to say. */
export interface Layout {
  readonly version?: string;
  readonly endian?: 'little' | 'big';
  /** Bytes before the first element. */
  readonly offset?: number;
  /** Bytes behind the last element that belong to no array. */
  readonly trailing?: number;
  /** How elements become stored bytes, step by step. */
  readonly codecs?: readonly string[];
  /** Bytes as stored. */
  readonly stored?: number;
  /** The rectangle that is read at once, and that of a stored object where it holds several. */
  readonly chunks?: readonly number[];
  readonly shards?: readonly number[];
  /** Chunks along each axis. */
  readonly grid?: readonly number[];
  /** What is read where no chunk is, as text. */
  readonly fill?: string;
  readonly dimensions?: readonly (string | null)[];
  readonly attributes?: JsonObject;
}

export interface Entry {
  /** Of the array within the file; '' where the file is the array. */
  readonly name: string;
  /** @throws FormatError and DTypeError for what cannot be read. */
  open(): Promise<{ readonly array: StoredArray; readonly layout: Layout }>;
}

export interface StoredFile {
  readonly entries: readonly Entry[];
  close(): Promise<void>;
}

/** Opens the arrays of a path; its kind was told by kindOf. */
export async function openStored(file: string, kind: Exclude<Kind, 'csv'>): Promise<StoredFile> {
  if (kind === 'zarr') return zarrFile(file);
  const source = await runAsync(openSource(file, 'orthant'));
  const close = (): Promise<void> => runAsync(source.close());
  try {
    const entries = kind === 'npy' ? [npyEntry(source)] : await npzEntries(source);
    return { entries, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const headerLayout = (header: NpyHeader, left: number): Layout => ({
  version: header.version,
  ...(header.dtype.itemsize > 1 && { endian: header.swapped ? 'big' : 'little' }),
  offset: header.offset,
  ...(left > header.nbytes && { trailing: left - header.nbytes }),
});

/** The header at the beginning of a reader, whose elements are all there. */
async function wholeHeader(reader: ByteReader): Promise<{ header: NpyHeader; layout: Layout }> {
  const header = await runAsync(readHeader(reader));
  refuseTruncated(reader, header);
  return { header, layout: headerLayout(header, reader.left) };
}

function npyEntry(source: ByteSource): Entry {
  return {
    name: '',
    async open() {
      const { header, layout } = await wholeHeader(new SourceReader(source));
      const blocks = () => npyBlocks(new SourceReader(source, header.offset), header);
      return { array: { ...header, name: source.name, blocks }, layout };
    },
  };
}

async function npzEntries(source: ByteSource): Promise<Entry[]> {
  const members = await runAsync(readDirectory(source));
  return [...members.values()].map((member) => npzEntry(source, member));
}

function npzEntry(source: ByteSource, member: ZipEntry): Entry {
  const name = member.name.replace(/\.npy$/, '');
  return {
    name,
    async open() {
      const where = `${source.name}[${name}]`;
      if (name === member.name) {
        throw new np.FormatError(`${where} is not an array`, 'only .npy members can be read', { name });
      }
      const reader = await runAsync(openMember(source, member));
      try {
        const { header, layout } = await wholeHeader(reader);
        const codecs = member.deflated ? ['deflate'] : [];
        return {
          array: { ...header, name: where, blocks: () => memberBlocks(source, member) },
          layout: { ...layout, codecs, stored: member.packed },
        };
      } finally {
        reader.close();
      }
    },
  };
}

/** A member from its beginning; the checksum is compared when its last element has been seen. */
async function* memberBlocks(source: ByteSource, member: ZipEntry) {
  const reader = await runAsync(openMember(source, member));
  try {
    const header = await runAsync(readHeader(reader));
    yield* npyBlocks(reader, header);
    await runAsync(reader.finish());
  } finally {
    reader.close();
  }
}

/** Every array of a Zarr hierarchy, by its path in it; '' where the directory is the array. */
async function zarrFile(location: string): Promise<StoredFile> {
  const nodes = (await listZarr(location)).filter(({ kind }) => kind === 'array');
  const open = new Set<ArrayStore>();
  return {
    entries: nodes.map(({ path, version }) => ({
      name: path,
      async open() {
        const store = await openZarr(location, { path });
        open.add(store);
        const { shape, chunks, shards, codecs, attributes, dimension_names: dimensions } = store;
        const layout: Layout = {
          version: `Zarr ${version}`,
          chunks,
          grid: shape.map((n, axis) => Math.ceil(n / chunks[axis])),
          codecs,
          stored: store.readBytes({ start: shape.map(() => 0), shape }),
          fill: String(store.fill_value),
          ...(shards !== undefined && { shards }),
          ...(dimensions !== undefined && { dimensions }),
          ...(Object.keys(attributes).length > 0 && { attributes }),
        };
        return { array: storedArray(store), layout };
      },
    })),
    async close() {
      for (const store of open) await store.close();
    },
  };
}

// Makes Zarr arrays and groups in directories: the documents are written beside the final name and appear with it, whole.
// Chunks are written by the store that comes back (array.ts).

import { ArgumentError, ShapeError } from '../../base/errors.ts';
import { asDType, type DType, type DTypeLike } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { describe, Options } from '../../exec/options.ts';
import { nativeCodec } from '../../native/compression.ts';
import { checkShape, sizeOf } from '../../shape/strides.ts';
import { writeWhole } from '../sink.ts';
import { type FilePath, fileSystem, pathText } from '../source.ts';
import { runAsync } from '../task.ts';
import type { WritableZarrArray } from './array.ts';
import { innerNames, noLibrary } from './codec/blosc.ts';
import { Directory, requireReplaceable } from './directory.ts';
import { documentText, type JsonObject } from './document.ts';
import { fillOf } from './fill.ts';
import { documentsV2 } from './metadata_v2.ts';
import { documentV3 } from './metadata_v3.ts';
import { openZarrIn } from './open.ts';

export interface ZarrGroupOptions {
  /** Of the format; 3 by default. */
  readonly version?: 2 | 3;
  /** What to say of it: anything that JSON can hold. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Replace the Zarr array or group that is there. */
  readonly overwrite?: boolean;
}

export interface ZarrCreateOptions extends ZarrGroupOptions {
  readonly shape: number | readonly number[];
  /** float64 by default. */
  readonly dtype?: DTypeLike;
  /** Extents of a chunk; some MB by default. */
  readonly chunks?: number | readonly number[];
  /** 'zstd' by default. 'blosc' is the fastest to read, and needs the system's library to write. */
  readonly compressor?: 'none' | 'gzip' | 'zstd' | 'blosc';
  /** How hard to compress: gzip 0 to 9 (1 by default), zstd 1 to 22 (1), blosc 0 to 9 (5). */
  readonly level?: number;
  /** What blosc compresses with; 'lz4' by default. */
  readonly inner?: 'lz4' | 'lz4hc' | 'blosclz' | 'zstd' | 'zlib' | 'snappy';
  /** What is read where nothing was written; 0 by default. */
  readonly fill_value?: Scalar;
  /** A name, or null, per axis. */
  readonly dimension_names?: readonly (string | null)[];
}

const group = [
  ['version', 'value'],
  ['attributes', 'value'],
  ['overwrite', 'flag'],
] as const;
const groupOptions = new Options(...group);
const createOptions = new Options(
  ...([
    'shape',
    'dtype',
    ['chunks', 'shape'],
    ['compressor', 'value'],
    ['level', 'integer'],
    ['inner', 'value'],
  ] as const),
  ...([
    ['fill_value', 'initial'],
    ['dimension_names', 'value'],
  ] as const),
  ...group,
);

/** One that was made here. */
export type NewZarrArray = WritableZarrArray & Required<Pick<WritableZarrArray, 'abandon'>>;

/** Bytes of a chunk whose extents nobody gave. */
const CHUNK = 4 * 2 ** 20;
const MOST = 2 ** 31 - 1;

/** The largest axis halved until a chunk has some MB. */
function usualChunks(shape: readonly number[], itemsize: number): number[] {
  const chunks = shape.map((n) => Math.max(1, n));
  while (sizeOf(chunks) * itemsize > CHUNK) {
    const longest = chunks.indexOf(Math.max(...chunks));
    chunks[longest] = Math.ceil(chunks[longest] / 2);
  }
  return chunks;
}

function checkChunks(
  given: number | readonly number[],
  shape: readonly number[],
  dtype: DType,
  where: string,
): number[] {
  const chunks = checkShape(typeof given === 'number' ? shape.map(() => given) : given, where);
  if (chunks.length !== shape.length || chunks.includes(0) || sizeOf(chunks) * dtype.itemsize > MOST) {
    throw new ShapeError(
      `${where}: chunks of (${chunks.join(', ')}) for an array of shape (${shape.join(', ')})`,
      `give an extent from 1 per axis, and together at most ${MOST} bytes`,
      { chunks, shape },
    );
  }
  return chunks;
}

/** What a compressor is called and told, the same in both versions but for its frame. */
const compressors = {
  gzip: { level: 1, least: 0, most: 9, settings: (level: number) => ({ level }) },
  zstd: { level: 1, least: 1, most: 22, settings: (level: number) => ({ level }) },
  blosc: { level: 5, least: 0, most: 9, settings: (clevel: number) => ({ clevel }) },
} as const;

function compressorOf(options: ZarrCreateOptions, version: 2 | 3, dtype: DType, where: string): JsonObject | null {
  const { compressor = 'zstd', inner = 'lz4' } = options;
  const refuse = (name: string, value: unknown, must: string): ArgumentError =>
    new ArgumentError(`${where}: ${name} is ${describe(value)}`, `${name} must be ${must}`, { [name]: value });
  if (compressor !== 'blosc' && options.inner !== undefined) throw refuse('inner', inner, "left out but for 'blosc'");
  if (compressor === 'none') {
    if (options.level !== undefined) throw refuse('level', options.level, "left out where compressor is 'none'");
    return null;
  }
  if (!Object.hasOwn(compressors, compressor)) {
    throw refuse('compressor', compressor, "'none', 'gzip', 'zstd' or 'blosc'");
  }
  const row = compressors[compressor];
  const { level = row.level } = options;
  if (level < row.least || level > row.most) throw refuse('level', level, `from ${row.least} to ${row.most}`);
  if (!innerNames.includes(inner)) throw refuse('inner', inner, innerNames.map((n) => `'${n}'`).join(' or '));
  if (compressor === 'blosc' && nativeCodec('blosc') === undefined) throw noLibrary(where);
  const single = dtype.itemsize === 1;
  const shuffled = { cname: inner, blocksize: 0 };
  if (version === 2) {
    const own = compressor === 'blosc' ? { ...shuffled, shuffle: single ? 2 : 1 } : {};
    return { id: compressor, ...row.settings(level), ...own };
  }
  const own: JsonObject =
    compressor === 'blosc'
      ? { ...shuffled, shuffle: single ? 'bitshuffle' : 'shuffle', typesize: dtype.itemsize }
      : compressor === 'zstd'
        ? { checksum: false }
        : {};
  return { name: compressor, configuration: { ...row.settings(level), ...own } };
}

function checkGroup(options: ZarrGroupOptions, where: string): { version: 2 | 3; attributes: JsonObject } {
  const { version = 3, attributes = {} } = options;
  if (version !== 2 && version !== 3) {
    throw new ArgumentError(`${where}: version is ${describe(version)}`, 'version must be 2 or 3', { version });
  }
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) {
    throw new ArgumentError(`${where}: attributes are ${describe(attributes)}`, 'pass a plain object', {});
  }
  return { version, attributes: attributes as JsonObject }; // documentText refuses what is none
}

/** Writes documents into a new directory, which takes its name when all are on the disk. */
async function place(
  path: string,
  documents: Readonly<Record<string, JsonObject>>,
  overwrite: boolean,
  where: string,
): Promise<void> {
  const texts = Object.entries(documents).map(([name, value]) => [name, documentText(value, where)] as const);
  const fs = fileSystem(where).promises;
  const there = await requireReplaceable(path, overwrite, where);
  const own = Math.random().toString(36).slice(2, 10);
  const [fresh, old] = [`${path}.${own}.tmp`, `${path}.${own}.old.tmp`];
  await fs.mkdir(fresh, { recursive: true });
  try {
    for (const [name, text] of texts) {
      await runAsync(writeWhole(`${fresh}/${name}`, where, (file) => file.write(new TextEncoder().encode(text))));
    }
    if (there) await fs.rename(path, old);
    await fs.rename(fresh, path);
  } catch (error) {
    await fs.rm(fresh, { recursive: true, force: true });
    throw error;
  }
  if (there) await fs.rm(old, { recursive: true, force: true });
}

/**
 * A new Zarr array in a directory, to be written by rectangle; where nothing is written it reads as its fill value. Chunks
 * appear whole, each under its name when it is complete; `flush` puts them on the disk.
 * @throws ArgumentError for a directory that is there (unless it is Zarr's and `overwrite` is given) and for options that
 *   do not fit, ShapeError, DTypeError, PrecisionError for a fill value that the dtype cannot hold.
 * @example const t = await np.zarr.create('t.zarr', { shape: [365, 720], chunks: [30, 720], dtype: 'float32' })
 * @see https://zarr.dev
 */
export async function createZarr(path: FilePath, options: ZarrCreateOptions): Promise<NewZarrArray> {
  const where = 'zarr.create';
  createOptions.check(options, where);
  const { version, attributes } = checkGroup(options, where);
  const shape = checkShape(typeof options.shape === 'number' ? [options.shape] : options.shape, where);
  const dtype = asDType(options.dtype ?? 'float64');
  const chunks =
    options.chunks === undefined
      ? usualChunks(shape, dtype.itemsize)
      : checkChunks(options.chunks, shape, dtype, where);
  const { dimension_names } = options;
  if (dimension_names !== undefined && !namesFit(dimension_names, shape.length, version)) {
    const must = `a list of ${shape.length} strings${version === 3 ? ' or nulls' : ''}`;
    throw new ArgumentError(`${where}: dimension_names are ${describe(dimension_names)}`, `give ${must}`, {});
  }
  const fill = fillOf(options.fill_value ?? 0, dtype, where);
  const array = { shape, dtype, chunks, fill, attributes, dimension_names };
  const compressor = compressorOf(options, version, dtype, where);
  const documents = version === 2 ? documentsV2(array, compressor) : { 'zarr.json': documentV3(array, compressor) };
  const text = pathText(path, where);
  await place(text, documents, options.overwrite === true, where);
  const remove = () => fileSystem(where).promises.rm(text, { recursive: true, force: true });
  const made = await openZarrIn(new Directory(text, false), '', true, undefined, remove);
  return made as NewZarrArray; // opened to be written, with what removes it
}

const namesFit = (names: unknown, ndim: number, version: 2 | 3): boolean =>
  Array.isArray(names) &&
  names.length === ndim &&
  names.every((name) => typeof name === 'string' || (version === 3 && name === null));

/**
 * A new group in a directory, for arrays and groups inside it.
 * @throws ArgumentError for a directory that is there, unless it is Zarr's and `overwrite` is given.
 * @example await np.zarr.createGroup('runs.zarr', { attributes: { title: 'runs' } })
 */
export async function createZarrGroup(path: FilePath, options: ZarrGroupOptions = {}): Promise<void> {
  const where = 'zarr.createGroup';
  groupOptions.check(options, where);
  const { version, attributes } = checkGroup(options, where);
  const documents: Record<string, JsonObject> =
    version === 3
      ? { 'zarr.json': { zarr_format: 3, node_type: 'group', attributes } }
      : {
          '.zgroup': { zarr_format: 2 },
          ...(Object.keys(attributes).length > 0 ? { '.zattrs': attributes } : {}),
        };
  await place(pathText(path, where), documents, options.overwrite === true, where);
}

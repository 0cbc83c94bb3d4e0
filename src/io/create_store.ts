// Makes a place for an array that is written by rectangle, by the ending of its name or the format asked for: the other side
// of open_store.ts. Formats are rows; what they do is in files of their own.

import { ArgumentError } from '../base/errors.ts';
import type { DTypeLike } from '../dtype/dtype.ts';
import { createNpyStore, type NewArrayStore } from './npy_open.ts';
import { type FilePath, pathText } from './source.ts';
import type { ArrayStore } from './store.ts';
import type { ZarrCreateOptions } from './zarr/create.ts';
import { zarr } from './zarr/namespace.ts';

export type StoreFormat = 'npy' | 'zarr';
/** What formats take besides; see `zarr.create`. */
export type StoreFormatOptions = Omit<ZarrCreateOptions, 'shape' | 'dtype' | 'chunks'>;

/** What every format is told. */
export interface NewStoreOptions {
  readonly shape: readonly number[];
  readonly dtype: DTypeLike;
  /** Extents in which it will be written; formats without chunks take any rectangle. */
  readonly chunks: readonly number[];
}

interface Format {
  readonly name: StoreFormat;
  readonly endings: readonly string[];
  /** Options that are the format's own. */
  readonly own: readonly string[];
  create(path: FilePath, options: NewStoreOptions, own: Readonly<Record<string, unknown>>): Promise<NewStore>;
}

/** `close` ends it, `abandon` removes what was written. */
export type NewStore = ArrayStore &
  Required<Pick<ArrayStore, 'write' | 'writeMemory'>> &
  Pick<NewArrayStore, 'abandon'>;

/** Every new store can be written and abandoned. */
const asNew = (store: ArrayStore): NewStore => store as NewStore;

const formats: readonly Format[] = [
  {
    name: 'npy',
    endings: ['.npy'],
    own: [],
    create: async (path, { shape, dtype }) => asNew(await createNpyStore(path, { shape, dtype })),
  },
  {
    name: 'zarr',
    endings: ['.zarr', '.zarr/'],
    own: ['version', 'attributes', 'overwrite', 'compressor', 'level', 'inner', 'fill_value', 'dimension_names'],
    create: async (path, options, own) => asNew(await zarr.create(path, { ...options, ...own })),
  },
];

/**
 * A new array at a path, which has its name when the store is closed; `own` are options of the format alone.
 * @throws ArgumentError for an ending that tells no format and for options that the format does not have.
 */
export function createStore(
  path: FilePath,
  options: NewStoreOptions,
  format?: StoreFormat,
  own: Readonly<Record<string, unknown>> = {},
): Promise<NewStore> {
  const where = 'store';
  const text = pathText(path, where);
  const row = formats.find((f) => (format === undefined ? f.endings.some((e) => text.endsWith(e)) : f.name === format));
  if (row === undefined) {
    const known = formats.map((f) => `${f.name} (${f.endings.join(', ')})`).join(', ');
    throw new ArgumentError(`${where}: ${format ?? text} names no format to write`, `choose one of: ${known}`, {
      path: text,
      format,
    });
  }
  const foreign = Object.keys(own).filter((name) => own[name] !== undefined && !row.own.includes(name));
  if (foreign.length > 0) {
    throw new ArgumentError(
      `${where}: .${row.name} has no ${foreign.join(', ')}`,
      row.own.length === 0 ? 'leave it out, or write another format' : `its options are ${row.own.join(', ')}`,
      { path: text, options: foreign },
    );
  }
  return row.create(path, options, own);
}

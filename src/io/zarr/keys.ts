// What a Zarr store is below arrays: bytes by key. A directory (directory.ts) and a server (http.ts) are such.

import { ArgumentError } from '../../base/errors.ts';
import type { Piece } from './piece.ts';

/** A part of a value: from a position on, or its end. */
export type Range = { readonly from: number; readonly nbytes: number } | { readonly last: number };

export interface Get {
  readonly key: string;
  /** Longer values are refused. */
  readonly most: number;
  readonly range?: Range;
  readonly signal?: AbortSignal;
}

/** An entry of a listing. */
export interface Entry {
  readonly name: string;
  readonly directory: boolean;
}

export interface KeyStore {
  /** The path or address. */
  readonly name: string;
  /** Path or address of a key, for messages. */
  address(key: string): string;
  /** Where a part of the store can be opened again from. */
  locate(prefix: string): string;
  /** A document's text; undefined where there is none. */
  document(key: string, signal?: AbortSignal): Promise<string | undefined>;
  /**
   * A value's bytes, in memory that `room` gives for as many as there are (or may be, where that is not known); fewer
   * where a range goes past the end. Undefined where there is no such key.
   */
  get(request: Get, room: (nbytes: number) => Piece): Promise<Piece | undefined>;
  /** Bytes of a value, 0 where there is none; undefined where only asking would tell. */
  sizeOf(key: string): number | undefined;
  /** Names under a prefix; undefined where they cannot be listed. */
  list(prefix: string): Promise<Entry[] | undefined>;
  /** Writes a value whole or not at all; absent where nothing can be written. */
  put?(key: string, value: Piece): Promise<void>;
  /** What was put is on the disk when this returns. */
  flush?(): Promise<void>;
}

/** The parts of the path of an array inside a store. @throws ArgumentError for what would lead out of it. */
export function pathParts(path: string, where: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  const bad = parts.find((part) => /^\.+$|[\\\0]/.test(part));
  if (bad === undefined) return parts;
  throw new ArgumentError(`${where}: '${bad}' is no name of an array or group`, "pass names with '/' between them", {
    path,
  });
}

/** The bytes that are wanted of a value of `total`. */
export function window(range: Range | undefined, total: number): { from: number; nbytes: number } {
  if (range === undefined) return { from: 0, nbytes: total };
  if ('last' in range) return { from: Math.max(0, total - range.last), nbytes: Math.min(total, range.last) };
  const from = Math.min(range.from, total);
  return { from, nbytes: Math.min(range.nbytes, total - from) };
}

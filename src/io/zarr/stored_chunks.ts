// How much of an array is stored: objects that are there, and their bytes. By listing, so not for servers.

import { sizeOf } from '../../shape/strides.ts';
import type { KeyStore } from './keys.ts';

/** What is stored of an array. */
export interface StoredChunks {
  /** Stored objects: chunks, or shards of them. */
  readonly present: number;
  /** As many as there can be. */
  readonly total: number;
  readonly nbytes: number;
}

/** The place of so many numbers that a key names: between separators, in version 3 behind a c. */
function placeOf(key: string, ndim: number): number[] | undefined {
  if (ndim === 0) return [];
  const [, digits] = /^(?:c[./])?(\d+(?:[./]\d+)*)$/.exec(key) ?? [];
  const place = digits?.split(/[./]/).map(Number);
  return place?.length === ndim ? place : undefined;
}

/** Undefined where keys cannot be listed. */
export async function storedChunks(
  store: KeyStore,
  prefix: string,
  keyOf: (place: readonly number[]) => string,
  grid: readonly number[],
): Promise<StoredChunks | undefined> {
  let present = 0;
  let nbytes = 0;
  const walk = async (folder: string): Promise<boolean> => {
    const entries = await store.list(prefix + folder);
    for (const { name, directory } of entries ?? []) {
      const key = `${folder}${name}`;
      if (directory) {
        // Nothing of this array: another one's name, in a group.
        if (/^c$|^\d+$/.test(name)) await walk(`${key}/`);
        continue;
      }
      const place = placeOf(key, grid.length);
      if (place === undefined || place.some((p, d) => p >= grid[d]) || keyOf(place) !== key) continue;
      present++;
      nbytes += store.sizeOf(prefix + key) ?? 0;
    }
    return entries !== undefined;
  };
  return (await walk('')) ? { present, total: sizeOf(grid), nbytes } : undefined;
}

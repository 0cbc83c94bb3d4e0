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

/** The place that a key names: numbers between separators, in version 3 behind a c. */
function placeOf(key: string): number[] | undefined {
  const [, digits] = /^(?:c[./]?)?((?:\d+(?:[./]\d+)*)?)$/.exec(key) ?? [];
  return digits === undefined ? undefined : digits === '' ? [] : digits.split(/[./]/).map(Number);
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
      const place = placeOf(key);
      const inside = place?.length === grid.length && place.every((p, d) => p < grid[d]);
      if (place === undefined || !inside || keyOf(place) !== key) continue;
      present++;
      nbytes += store.sizeOf(prefix + key) ?? 0;
    }
    return entries !== undefined;
  };
  return (await walk('')) ? { present, total: sizeOf(grid), nbytes } : undefined;
}

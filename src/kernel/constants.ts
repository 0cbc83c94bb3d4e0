// Constant tables in the heap: each segment gets its own copy of a table the first time a kernel over it needs one.

import { heap } from '../memory/allocate.ts';
import type { Segment } from '../memory/segment.ts';
import type { Storage } from '../memory/storage.ts';
import { tableById } from './tables.ts';

// Held for the life of the process: code has the addresses in it.
const placed = new Map<string, Storage>();

/** Address in `segment` of constant table `id`. */
export function allocateIn(segment: Segment, id: number): number {
  const key = `${segment.id}:${id}`;
  const known = placed.get(key);
  if (known !== undefined) return known.ptr;
  const { bytes } = tableById(id);
  const storage = heap().allocateIn(segment, bytes.byteLength);
  segment.u8.set(bytes, storage.ptr);
  placed.set(key, storage);
  return storage.ptr;
}

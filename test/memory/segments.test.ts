// Operands spread over the segments of a heap whose segments are tiny: every function gives what it gives in one segment,
// to the bit, and results that find no room are made elsewhere.
import { expect, it } from 'vitest';
import { ArrayBase } from '../../src/exec/array_base.ts';
import { heapCopy } from '../../src/exec/copy.ts';
import { heap, within } from '../../src/memory/allocate.ts';
import { type Any, np, table, type World, world } from './_calls.ts';

const PAGES = 512; // 32 MB
const own = heap({ maxPages: PAGES });
const N = 20_000; // of 8 bytes: 160 KB, which is above the size of a tile (2048 elements)

const raw = (x: ArrayBase): ArrayBuffer => {
  const a = heapCopy(x);
  const { segment, ptr } = a.storage;
  return (segment as Any).u8.slice(ptr, ptr + a.nbytes).buffer;
};
const digest = (x: unknown): unknown => {
  if (x instanceof ArrayBase) {
    const bytes = new Uint32Array(raw(x.itemsize % 4 === 0 ? x : (np.asarray(x).astype('int32') as ArrayBase)));
    let h = 2166136261;
    for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i], 16777619);
    return [x.shape, x.dtype.name, h];
  }
  if (Array.isArray(x)) return x.map(digest);
  if (typeof x === 'object' && x !== null && !('dtype' in x)) return Object.values(x).map(digest);
  return String(x);
};

// Some segments besides the first: as many as it takes to hold these.
let fillers: unknown[] | null = [];
while (own.segments.length < 4) fillers.push(np.zeros([500_000]));
fillers = null;
own.reclaim();

const { segments } = own;

/** The same arrays, each in a segment of its own by a small generator. */
function spread(w: World, seed: number): World {
  let state = seed;
  const place = (x: Any): Any => {
    if (!(x instanceof ArrayBase)) return x;
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return within(segments[1 + ((state >>> 16) % (segments.length - 1))], () => heapCopy(x));
  };
  return Object.fromEntries(Object.entries(w).map(([k, x]) => [k, place(x)])) as Any;
}

const together = world(N);
const worlds = [7].map((seed) => spread(together, seed));

it('has several segments', () => expect(segments.length).toBeGreaterThanOrEqual(3));

it.each(table)('%s', (_, call) => {
  const expected = digest(call(together));
  for (const w of worlds) expect(digest(call(w))).toEqual(expected);
});

// Arrays outside of memory for tests: elements in memory, read with failures, pauses and counts.
import * as np from '../../src/index.ts';
import type { ArrayStore, Region } from '../../src/io/store.ts';

export interface Behaviour {
  /** Called before every read; may throw or wait. */
  readonly before?: (region: Region, nth: number) => void | Promise<void>;
  readonly chunks?: readonly number[];
}

export interface Watched extends ArrayStore {
  reads: number;
  /** Reads under way now, and the most there were. */
  active: number;
  most: number;
}

const slices = ({ start, shape }: Region): string[] => start.map((s, d) => `${s}:${s + shape[d]}`);

/** A store over an array. */
export function storeOf(a: np.NDArray, { before, chunks = a.shape }: Behaviour = {}): Watched {
  const store: Watched = {
    name: 'a test store',
    format: 'blocks',
    shape: a.shape,
    dtype: a.dtype,
    chunks,
    location: undefined,
    reads: 0,
    active: 0,
    most: 0,
    async read(region) {
      store.reads++;
      store.active++;
      store.most = Math.max(store.most, store.active);
      try {
        await before?.(region, store.reads);
        await new Promise((go) => setImmediate(go));
        return (region.start.length === 0 ? a : a.get(...(slices(region) as never))).copy() as np.NDArray;
      } finally {
        store.active--;
      }
    },
    readMemory: () => 0,
    readBytes: ({ shape }) => shape.reduce((x, y) => x * y, a.dtype.itemsize),
    close: async () => undefined,
  };
  return store;
}

/** A store to be written to; `fail` may throw. */
export function targetOf(shape: readonly number[], fail?: (region: Region) => void) {
  const array = np.zeros([...shape]) as np.NDArray;
  const chunks = shape.map((n) => Math.min(n, 8));
  return {
    ...storeOf(array, { chunks }),
    array,
    writes: [] as string[],
    async write(region: Region, values: np.NDArray) {
      fail?.(region);
      this.writes.push(String(region.start));
      array.set(slices(region) as never, values);
    },
    writeMemory: () => 0,
  };
}

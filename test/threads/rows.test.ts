// Every row, every dtype: the same bits with 1, 2, 3 and 8 threads. Cut into slices from the second element on, so that
// small arrays do for what is otherwise shared from a hundred thousand elements on.

import { afterAll, expect, it, vi } from 'vitest';
import { dtypeList } from '../../src/dtype/dtype.ts';
import { Pool, usePool } from '../../src/exec/threads/pool.ts';
import { startWorker } from '../../src/exec/threads/start.ts';
import * as np from '../../src/index.ts';
import { reductions } from '../../src/ops/reduce/rows.ts';
import { elementwise, elementwiseNames } from '../../src/ops/rows.ts';
import { warm } from './_pool.ts';

vi.mock(import('../../src/exec/threads/cut.ts'), async (original) => ({
  ...(await original()),
  SHARED_FROM_LEAST: 2,
  sharedFrom: () => 2,
  sharedFoldFrom: () => 2,
  sliceLength: () => 193,
}));

const ROWS = 37;
const COLUMNS = 53;

/** Bits as a number, all NaN alike: which NaN a computation gives is the engine's choice. */
function fingerprint(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(fingerprint);
  if (!(x instanceof np.NDArray)) return typeof x === 'number' ? (Object.is(x, -0) ? '-0' : x) : String(x);
  const bytes = new Uint8Array(x.tobytes());
  const { kind, itemsize, parts } = x.dtype;
  if ('fc'.includes(kind) && itemsize / parts > 2) {
    const wide = itemsize / parts === 8;
    const values = wide ? new Float64Array(bytes.buffer) : new Float32Array(bytes.buffer);
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = Number.NaN;
  }
  let hash = 2166136261;
  for (const b of bytes) hash = Math.imul(hash ^ b, 16777619);
  return `${x.dtype.name}[${x.shape}]${hash >>> 0}`;
}

function attempt(f: () => unknown): unknown {
  try {
    return fingerprint(f());
  } catch (error) {
    if (error instanceof np.OrthantError) return error.what;
    throw error;
  }
}

// Rows differ in the number of operands; by name they are all the same.
const functions = np as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>;

type Operands = readonly np.NDArray[];

/** Values of every size and sign as this dtype: a matrix, another one, positions. */
function operands(dtype: string): Operands {
  let state = 4321;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24 - 0.5;
  };
  const made = (): np.NDArray => {
    const values = Float64Array.from({ length: ROWS * COLUMNS }, () => next() * 10 ** (next() * 5));
    const wide = np.asarray(values).astype(/int|bool/.test(dtype) ? 'int64' : 'float64', { casting: 'unsafe' });
    return wide.astype(dtype, { casting: 'unsafe' }).reshape(ROWS, COLUMNS);
  };
  return [made(), made(), made()];
}

const arrangements: Readonly<Record<string, (a: np.NDArray, i: number) => np.NDArray>> = {
  contiguous: (a) => a,
  'reversed, every other': (a) => a.get('::-1', '::2'),
  'a row beside a matrix': (a, i) => (i === 0 ? a : a.get(0)),
  'across one another': (a, i) => (i === 0 ? a.get(':', ':37') : a.get(':', ':37').T),
};

function everything(dtype: string): Record<string, unknown> {
  const given = operands(dtype);
  const [a, b] = given;
  const results: Record<string, unknown> = {};
  const kinds = Object.entries(arrangements);
  const turn = dtypeList.findIndex(({ name }) => name === dtype);
  for (const [i, name] of elementwiseNames.entries()) {
    const { nin } = elementwise[name];
    const f = functions[name];
    // What an arrangement takes of the kernels is the same for every dtype: the others take turns.
    const some = dtype === 'float64' ? kinds : [kinds[0], kinds[1 + ((i + turn) % (kinds.length - 1))]];
    for (const [how, arrange] of some) {
      results[`${name}, ${how}`] = attempt(() => f(...given.slice(0, nin).map(arrange)));
    }
  }
  for (const name of Object.keys(reductions).filter((key) => functions[key] !== undefined)) {
    for (const axis of [undefined, 0, 1]) {
      results[`${name} along ${axis}`] = attempt(() => functions[name](a, axis === undefined ? {} : { axis }));
    }
  }
  const flat = np.ravel(a);
  const positions = np.argsort(np.ravel(b));
  const mask = np.not_equal(np.remainder(positions, 3), 0);
  const others: Readonly<Record<string, () => unknown>> = {
    sort: () => np.sort(a, { axis: 0 }),
    'sort of rows': () => np.sort(a),
    'sort of all': () => np.sort(flat),
    argsort: () => np.argsort(flat, { kind: 'stable' } as never),
    partition: () => np.partition(flat, 100).get(100),
    searchsorted: () => np.searchsorted(np.sort(flat), np.ravel(b)),
    unique: () => np.unique(a),
    take: () => np.take(flat, positions),
    'take of columns': () => np.take(a, [3, 1, 2], 1),
    mask: () => flat.get(mask),
    assignment: () => {
      const copy = flat.copy();
      copy.set([positions], np.flip(flat).copy());
      copy.set([mask], 1);
      return copy;
    },
    nonzero: () => np.nonzero(a),
    where: () => np.where(mask, flat, np.ravel(b)),
    matmul: () => np.matmul(a, b.T),
    'matmul of vectors': () => np.matmul(a, b.get(0)),
    cumsum: () => np.cumsum(a, 0),
    mean: () => np.mean(a, 0),
    var: () => np.var(a, 1),
    cast: () => a.astype('float32', { casting: 'unsafe' }),
    transposed: () => np.ascontiguousarray(a.T),
  };
  for (const [name, f] of Object.entries(others)) results[name] = attempt(f);
  return results;
}

// One pool of each size for all dtypes: what its workers have compiled stays with them.
const pools = [1, 2, 3, 8].map(
  (threads) => new Pool({ count: () => ({ threads, source: 'test' }), start: startWorker, yields: false }),
);

afterAll(() => {
  for (const pool of pools) pool.stop();
});

it.each(dtypeList.map(({ name }) => name))('%s', { timeout: 60_000 }, async (dtype) => {
  const run = (pool: Pool): Record<string, unknown> => {
    const before = usePool(pool);
    try {
      warm(pool);
      const results = np.errstate({ all: 'ignore' }, () => everything(dtype));
      const { taken, lost, ready } = pool.figures();
      expect({ lost, ready }).toEqual({ lost: undefined, ready: pool.size - 1 });
      if (pool.size > 1) expect(taken).toBeGreaterThan(0);
      return results;
    } finally {
      usePool(before);
    }
  };
  const [alone, ...shared] = dtype === 'float64' ? pools : [pools[0], pools[2]];
  const want = run(alone);
  expect(Object.keys(want).length).toBeGreaterThan(dtype === 'float64' ? 400 : 200);
  for (const pool of shared) {
    await new Promise((turn) => setImmediate(turn));
    expect(run(pool), `${pool.size} threads`).toEqual(want);
  }
});

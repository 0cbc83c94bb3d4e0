// The bound: every operation is run with exactly what was projected for it, charged to a budget that refuses whatever is more,
// and what was really taken is measured. With less it is refused before anything is read.
import { describe, expect, it } from 'vitest';
import { ufuncs } from '../../src/array/ufuncs.ts';
import type { ChunkedArray } from '../../src/chunked/array.ts';
import * as np from '../../src/index.ts';
import { heap } from '../../src/memory/allocate.ts';
import { storeOf } from './_stores.ts';

const [rows, columns] = [512, 512];
const floats = np.add(np.sin(np.arange(rows * columns)), 1.5).reshape(rows, columns) as np.NDArray;
const kinds = {
  float64: floats,
  int32: np.multiply(floats, 1000).astype('int32') as np.NDArray,
  bool: np.greater(floats, 1) as np.NDArray,
  complex128: floats.astype('complex128') as np.NDArray,
};
type Kind = keyof typeof kinds;
const stores = (kind: Kind) => storeOf(kinds[kind], { chunks: [64, columns] });
const blocks = (kind: Kind): ChunkedArray => np.chunked.from(stores(kind), { chunks: [128, columns] });

type Case = [name: string, make: () => ChunkedArray];
const a = (): ChunkedArray => blocks('float64');

/** Every elementwise row, with the first kind of operands that it takes. */
const elementwise: Case[] = Object.entries(ufuncs).flatMap(([name, ufunc]): Case[] => {
  for (const kind of Object.keys(kinds) as Kind[]) {
    const make = (): ChunkedArray => {
      const made = blocks(kind).applied(
        ufunc,
        Array.from({ length: ufunc.nin }, () => blocks(kind)),
      );
      return Array.isArray(made) ? made[0] : made;
    };
    try {
      make();
      return [[`${name} of ${kind}`, make]];
    } catch {
      // not of this kind
    }
  }
  return [];
});

const reductions: Case[] = (
  ['sum', 'prod', 'min', 'max', 'any', 'all', 'count_nonzero', 'mean', 'var', 'std', 'argmin', 'argmax'] as const
).flatMap((name) =>
  [null, 0, 1].map(
    (axis): Case => [
      `${name} over ${axis}`,
      () => (a() as unknown as Record<string, (axis: number | null) => ChunkedArray>)[name](axis),
    ],
  ),
);

const chunked = np.chunked;
const others: Case[] = [
  ['copy', a],
  ['astype', () => a().astype('float32')],
  ['a formula', () => a().subtract(1).square().add(a().sqrt()).exp()],
  ['a row of means taken from all rows', () => a().subtract(a().mean(0))],
  [
    'a standard score',
    () =>
      a()
        .subtract(a().mean(1, { keepdims: true }))
        .divide(a().std(1, { keepdims: true })),
  ],
  ['a mask', () => a().sum(0, { where: blocks('bool') as never })],
  ['where', () => np.where(blocks('bool') as never, a() as never, 0) as never],
  ['slices', () => a().get('3:400:3', '::-2')],
  ['transpose', () => a().transpose()],
  ['with its transpose', () => a().add(a().transpose())],
  ['rechunk to columns', () => a().rechunk([rows, 16])],
  ['rechunk of a result', () => a().add(1).rechunk([rows, 16]).multiply(2)],
  ['rechunk to squares', () => a().add(1).rechunk([100, 100])],
  ['a new axis', () => a().get(null, ':', 0)],
  ['a stretched row', () => a().get(0).broadcast_to([rows, columns]).add(1)],
  ['held in memory', () => chunked.from(floats, { chunks: [64, columns] }).add(a())],
  ['concatenate', () => chunked.concatenate([a(), blocks('float64')], 0)],
  ['stack', () => chunked.stack([a(), blocks('float64')])],
  ['roll', () => chunked.roll(a(), 100, 0)],
  ['tile', () => chunked.tile(a(), [1, 2])],
  ['repeat', () => chunked.repeat(a(), 2, 0)],
  ['pad', () => chunked.pad(a(), 3)],
  ['take', () => chunked.take(a(), [5, 400, 3], 0)],
  ['matmul', () => chunked.matmul(a(), a().transpose())],
  ['tensordot', () => chunked.tensordot(a(), blocks('float64'), [[0], [0]])],
  ['outer', () => chunked.outer(a().get(0), a().get(1))],
  ['cumsum', () => chunked.cumsum(a(), 0)],
  ['cumulative_prod', () => chunked.cumulative_prod(a(), { axis: 1 })],
  ['diff', () => chunked.diff(a(), 1, 0)],
  ['full and range', () => chunked.full([rows, columns], 2, { chunks: [64, columns] }).add(chunked.arange(0, columns))],
];

/** Runs with the least memory that is not refused, found by the refusals; what was allowed, and what was taken. */
async function run(make: () => ChunkedArray): Promise<{ readonly allowed: number; readonly taken: number }> {
  const own = heap();
  let allowed = 1;
  for (let i = 0; i < 16; i++) {
    const plan = make();
    const before = own.live;
    own.resetPeak();
    try {
      const made = await plan.compute({ memory: allowed });
      if (made instanceof np.NDArray) made.dispose();
      return { allowed, taken: own.figures().peak - before };
    } catch (error) {
      if (!(error instanceof np.MemoryError) || error.facts.projected === undefined) throw error;
      allowed = Math.ceil(error.facts.projected as number);
    }
  }
  throw new Error('there is no end of refusals');
}

describe.each<[string, Case[]]>([
  ['elementwise', elementwise],
  ['reductions', reductions],
  ['others', others],
])('%s', (_, cases) => {
  it.each(cases)('%s: no more than projected', async (_name, make) => {
    np.seterr({ all: 'ignore' });
    const { allowed, taken } = await run(make);
    expect(taken).toBeLessThanOrEqual(allowed);
  });
});

it('is not much more than what is taken', async () => {
  const { allowed } = await run(() => a().exp());
  expect(allowed).toBeLessThan(floats.nbytes + 3 * 128 * columns * 8 + 2 ** 21);
});

it('does not depend on how many blocks there are', async () => {
  const sum = async (n: number) => (await run(() => chunked.ones([n, 1024], { chunks: [64, 1024] }).sum())).allowed;
  expect(await sum(6400)).toBeLessThan((await sum(640)) + 2 ** 18);
});

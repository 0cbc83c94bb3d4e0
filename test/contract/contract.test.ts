// Contracts of arrays: what their texts mean, what fits, what every refusal says.

import { describe, expect, test } from 'vitest';
import * as np from '../../src/index.ts';
import { openStore } from '../../src/io/open_store.ts';

const refusal = (f: () => unknown): Error & { tag?: string; facts?: Record<string, unknown> } => {
  try {
    f();
  } catch (error) {
    if (error instanceof np.OrthantError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

test.each<[clause: np.Clause, shape: number[], dtype: np.DTypeName]>([
  ['float64[n, d]', [2, 3], 'float64'],
  ['float64[n,n]', [3, 3], 'float64'],
  ['float64', [2, 3, 4], 'float64'],
  ['float64[]', [], 'float64'],
  ['int32|int64[3]', [3], 'int64'],
  ['floating[*, 3]', [0, 3], 'float16'],
  ['any[...]', [], 'complex64'],
  ['number[..., 2*n, n]', [7, 7, 6, 3], 'uint8'],
  ['bool[n+1, n-1]', [4, 2], 'bool'],
  [{ array: 'float32[n]', min: 0, max: 0, nan: false, inf: false, order: 'C' }, [5], 'float32'],
  [{ array: 'float32[n, m]', order: 'F' }, [1, 5], 'float32'],
])('%j takes %j %s', (clause, shape, dtype) => {
  expect(np.check(np.zeros(shape, { dtype }), clause).shape).toEqual(shape);
});

test.each<[clause: np.Clause, value: () => unknown, problems: string[]]>([
  ['float64[n, d]', () => np.zeros([2]), ['1 dimensions (2,) instead of 2']],
  ['float64[..., n, d]', () => np.zeros([2]), ['1 dimensions (2,) instead of at least 2']],
  ['float32[n, 3]', () => np.zeros([2, 4]), ['dtype float64 instead of float32', 'dimension 1 is 4 instead of 3']],
  ['any[n, n]', () => np.zeros([2, 3]), ['dimension 1 is 3 instead of n = 2 (n = 2 from x, dimension 0)']],
  ['any[2*n]', () => np.zeros([3]), ['dimension 0 is 3 is not 2*n for any n']],
  ['any[n+2]', () => np.zeros([1]), ['dimension 0 is 1 is not n+2 for any n']],
  [{ array: 'floating', nan: false }, () => np.array([1, Number.NaN]), ['NaN among its elements, at [1]']],
  [{ array: 'floating', inf: false }, () => np.array([-1 / 0]), ['NaN or infinities among its elements, at [0]']],
  [
    { array: 'any', min: 0, max: 1 },
    () => np.array([-1, 2]),
    ['least element -1 at [0], the bound is 0', 'greatest element 2 at [1], the bound is 1'],
  ],
  [
    { array: 'int64', max: 5 },
    () => np.array([2n ** 63n - 1n]),
    ['greatest element 9223372036854775807 at [0], the bound is 5'],
  ],
  [{ array: 'any', min: 0 }, () => np.array([new np.Complex(1, 2)]), ['bounds do not apply to complex elements']],
  [{ array: 'any', order: 'C' }, () => np.ones([2, 3]).T, ['not C-contiguous']],
  [{ array: 'any', order: 'F' }, () => np.ones([2, 3]), ['not F-contiguous']],
])('%j refuses', (clause, value, problems) => {
  const error = refusal(() => np.check(value(), clause, 'x'));
  expect(error.tag).toBe('ContractError');
  expect(error.facts?.violations).toMatchObject([{ name: 'x', problems }]);
});

test.each<[clause: unknown, message: RegExp]>([
  ['float3[n]', /'float3' is neither a dtype nor a kind of dtypes at column 1/],
  ['int8|floot[n]', /'floot' .* at column 6/],
  ['float32[n, 2x]', /'2x' is no dimension at column 11/],
  ['float32[n, ]', /'' is no dimension at column 11/],
  ['float32[n', /']' is missing/],
  ['any[..., ...]', /a second '...'/],
  [5, /a clause is a text or an object/],
  [{ array: 'any', least: 5 }, /a clause has no 'least'/],
])('the clause %j cannot be read', (clause, message) => {
  const error = refusal(() => np.check([1], clause as np.Clause));
  expect(error.tag).toBe('ArgumentError');
  expect(error.message).toMatch(message);
});

const multiply = np.contract({ x: 'float64[n, d]', w: 'float64[d, k]' }, 'float64[n, k]');

test('a function under contract', () => {
  let calls = 0;
  const product = multiply(({ x, w }) => {
    calls++;
    return np.matmul(x, w);
  });
  expect(product({ x: np.ones([2, 3]), w: [[1], [2], [3]] }).tolist()).toEqual([[6], [6]]);
  const wrong = refusal(() => product({ x: np.ones([2, 3]), w: np.ones([4, 5]) }));
  expect(wrong.message).toContain('w (float64[d, k]): dimension 0 is 4 instead of d = 3 (d = 3 from x, dimension 1)');
  expect(calls).toBe(1); // not called with wrong arguments
  const turned = multiply(({ x, w }) => np.matmul(x, w).T);
  expect(refusal(() => turned({ x: np.ones([2, 3]), w: np.ones([3, 4]) })).message).toContain('the result');
  expect(refusal(() => product({ x: np.ones([2, 3]) } as never)).message).toContain('w (float64[d, k]): missing');
  expect(refusal(() => product({ x: [[1]], w: [[1]], y: 1 } as never)).tag).toBe('ArgumentError');
});

test('several results', () => {
  const split = np.contract({ x: 'float64[2*n]' }, ['float64[n]', 'float64[n]'])(({ x }) => [x.get(':2'), x.get('2:')]);
  expect(split({ x: [1, 2, 3, 4] }).map((a) => a.tolist())).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(refusal(() => split({ x: [1, 2, 3, 4, 5, 6] })).tag).toBe('ContractError');
  const one = np.contract({ x: 'any' }, ['any', 'any'])(({ x }) => [x]);
  expect(refusal(() => one({ x: [1] })).message).toContain('it returned 1 arrays, the contract has 2');
});

test('a contract from JSON', () => {
  const text = '{"version":1,"arrays":{"edges":"float64[n+1]","counts":{"array":"integer[n]","min":0}}}';
  const made = np.contractFrom(JSON.parse(text));
  const good = { edges: [0, 1, 2], counts: np.array([5n, 6n]) };
  expect(made.dims(good)).toEqual({ n: 2 });
  expect(made.check(good).counts.dtype.name).toBe('int64');
  expect(refusal(() => made.check({ edges: [0, 1], counts: np.array([-1n]) })).message).toContain('least element -1');
  for (const wrong of [null, 5, {}, { version: 2, arrays: {} }, { version: 1, arrays: [] }]) {
    expect(refusal(() => np.contractFrom(wrong)).tag).toBe('ArgumentError');
  }
});

describe('arrays outside of memory', () => {
  const contract = np.contractFrom({
    version: 1,
    arrays: { x: { array: 'float64[n, 2]', max: 5, nan: false }, w: 'int32[n]' },
  });
  const blocksOf = (a: np.NDArray, order: 'C' | 'F' = 'C'): np.StoredArray => ({
    name: 'a',
    shape: a.shape,
    dtype: a.dtype,
    order,
    async *blocks() {
      for (let i = 0; i < a.shape[0]; i++) yield { start: [i, 0], data: a.get(`${i}:${i + 1}`) };
    },
  });
  const refused = (values: Parameters<typeof contract.checkStored>[0]) =>
    contract.checkStored(values).then(
      () => undefined,
      (error: unknown) => (error instanceof np.ContractError ? error.facts.violations : error),
    );
  const w = blocksOf(np.zeros([3], { dtype: 'int32' }));

  test('hold, and elements that no clause asks about are not read', async () => {
    const unread: np.StoredArray = {
      ...w,
      blocks: () => {
        throw new Error('read');
      },
    };
    expect(await refused({ x: blocksOf(np.ones([3, 2])), w: unread })).toBeUndefined();
  });

  test('everything wrong is said, with the place in the whole', async () => {
    const x = np.array([
      [1, 2],
      [6, 7],
      [3, Number.NaN],
    ]);
    expect(await refused({ x: blocksOf(x) })).toMatchObject([
      { name: 'x', problems: ['NaN among its elements, at [2, 1]', 'greatest element NaN at [2, 1], the bound is 5'] },
      { name: 'w', problems: ['missing'] },
    ]);
    expect(await refused({ x: blocksOf(x.get('0:2')), w })).toMatchObject([
      { name: 'x', problems: ['greatest element 7 at [1, 1], the bound is 5'] },
      { name: 'w', problems: ['dimension 0 is 3 instead of n = 2 (n = 2 from x, dimension 0)'] },
    ]);
    expect(await refused({ y: w })).toBeInstanceOf(np.ArgumentError);
  });

  test('stores', async () => {
    const store = await openStore(np.npyBytes(np.full([3, 2], 9)));
    expect(await refused({ x: store, w })).toMatchObject([
      { problems: ['greatest element 9 at [0, 0], the bound is 5'] },
    ]);
    await store.close();
  });
});

test.each([{ min: '0' }, { max: Number.NaN }, { nan: 'no' }, { order: 'K' }])('a clause with %j', (demand) => {
  expect(() => np.contractFrom({ version: 1, arrays: { x: { array: 'any', ...demand } } })).toThrow(np.ArgumentError);
});

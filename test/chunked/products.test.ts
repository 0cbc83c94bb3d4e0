// Products whose panels do not fit one block: summed panel by panel, the same numbers and the same shape.

import { expect, test } from 'vitest';
import * as np from '../../src/index.ts';

test('matmul by panels', async () => {
  const n = 150_000;
  const x = np.chunked
    .arange(n, undefined, 1, { chunks: 20_000 })
    .get(':', null)
    .remainder(7)
    .add(np.zeros([64]));
  const made = np.chunked.matmul(x.T, x);
  expect(made.shape).toEqual([64, 64]);
  expect(made.explain().stages.length).toBeGreaterThan(1); // that there are panels
  const m = (await made.compute({ memory: '256MB' })) as np.NDArray;
  const column = np.remainder(np.arange(n), 7);
  expect(m.shape).toEqual([64, 64]);
  expect(np.array_equal(m, np.full([64, 64], Number(np.dot(column, column))))).toBe(true); // sums of small integers
});

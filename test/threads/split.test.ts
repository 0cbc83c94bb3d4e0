// The sweep over reductions with everything cut: slices of 17 elements, from the second element on, on three threads.
// What is shared only when it is large is held against the same expectations as what is small.

import { afterAll, expect, vi } from 'vitest';
import { Pool, usePool } from '../../src/exec/threads/pool.ts';
import { startWorker } from '../../src/exec/threads/start.ts';
import { warm } from './_pool.ts';

vi.mock(import('../../src/exec/threads/cut.ts'), async (original) => ({
  ...(await original()),
  SHARED_FROM_LEAST: 2,
  sharedFrom: () => 2,
  sharedFoldFrom: () => 2,
  sliceLength: () => 17,
}));

const pool = new Pool({ count: () => ({ threads: 3, source: 'test' }), start: startWorker, yields: false });
const before = usePool(pool);
warm(pool);
await import('../sweep/reductions.test.ts');

afterAll(() => {
  const { taken, lost } = pool.figures();
  pool.stop();
  usePool(before);
  expect(lost).toBe(undefined);
  expect(taken).toBeGreaterThan(1000);
});

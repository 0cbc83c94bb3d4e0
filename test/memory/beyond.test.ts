// More than one segment holds: arrays of 4.5 GiB in all, made, written, reduced and joined. Left out where the machine
// has no room for it; pages that are never written cost nothing, and giving them up would write poison into them.

import { freemem } from 'node:os';
import { expect, test } from 'vitest';
import * as np from '../../src/index.ts';

const ROOM = 8e9;
const BYTES = 1.5 * 2 ** 30;

test.runIf(freemem() > ROOM)('arrays beyond 4 GiB work together', () => {
  const arrays = [1, 2, 3].map((x) => {
    const a = np.zeros([BYTES], { dtype: 'uint8' });
    a.set(-1, x);
    return a;
  });
  expect(np.memory.snapshot().live).toBeGreaterThan(2 ** 32);
  expect(arrays.map((a) => np.sum(a.get('-1000:')))).toEqual([1, 2, 3]);
  const ends = arrays.map((a) => a.get('-100000:'));
  expect(np.sum(np.add(ends[0], ends[2]))).toBe(4);
  expect(np.add(arrays[1].get('-3:'), arrays[2].get('-3:')).tolist()).toEqual([0, 0, 5]);
  expect(np.concatenate(ends).shape).toEqual([300_000]);
  expect(np.argmax(arrays[2])).toBe(BYTES - 1);
});

// Loops of temporaries inside one turn of the event loop, where finalizers never run: memory stays flat, results stay
// right, and what is held stays as it was. bench/soak.ts has the long versions.
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';
import { heap, memoryFigures } from '../../src/memory/allocate.ts';

const MB = 2 ** 20;
const MINUTES = 180_000; // on a machine that is busy with other tests
const rss = (): number => process.memoryUsage.rss() / MB;

/** Runs the loop and gives the growth of RSS in MB over what it was after the first few rounds. */
function growth(rounds: number, round: (i: number) => void): number {
  for (let i = 0; i < 3; i++) round(i);
  const before = rss();
  let most = before;
  for (let i = 3; i < rounds; i++) {
    round(i);
    if (i % 100 === 0) most = Math.max(most, rss());
  }
  return Math.max(most, rss()) - before;
}

describe('one turn', () => {
  it('1500 sums of 8 MB: RSS within 1.3 × working set + 256 MB', { timeout: MINUTES }, () => {
    const a = np.arange(1e6);
    const b = np.ones([1e6]);
    let ticks = 0;
    queueMicrotask(() => ticks++);
    const grown = growth(1500, (i) => {
      const c = np.add(a, b);
      if (i % 100 === 0) expect(c.item(-1)).toBe(1e6);
    });
    expect(ticks).toBe(0);
    expect(grown).toBeLessThan(1.3 * 24 + 256);
    expect([a.item(-1), b.item(0)]).toEqual([999_999, 1]);
  });

  it('200,000 sums of 1 KB', { timeout: MINUTES }, () => {
    const a = np.arange(128);
    const b = np.ones([128]);
    const grown = growth(200_000, (i) => {
      const c = np.add(a, b);
      if (i % 10_000 === 0) expect(c.item(127)).toBe(128);
    });
    expect(grown).toBeLessThan(256);
  });

  it('chains of temporaries of changing sizes, views and reductions, some of them held', { timeout: MINUTES }, () => {
    const held: { array: np.NDArray; first: number; last: number }[] = [];
    const grown = growth(2000, (i) => {
      const n = 1000 + ((i * 7919) % 60_000);
      const x = np.arange(n);
      const y = x.multiply(2).add(i).get('::-1').subtract(np.flip(x));
      expect(y.item(0)).toBe(n - 1 + i);
      expect(np.sum(y.get(':10'))).toBe(10 * (n - 1 + i) - 45);
      if (i % 20 === 0) held.push({ array: y, first: n - 1 + i, last: i });
      if (held.length > 20) held.shift();
    });
    expect(grown).toBeLessThan(300);
    for (const { array, first, last } of held) expect([array.item(0), array.item(-1)]).toEqual([first, last]);
  });

  it('out= allocates nothing', () => {
    const a = np.ones([1e6]);
    const out = np.empty([1e6]);
    np.add(a, a, { out });
    const before = memoryFigures();
    for (let i = 0; i < 200; i++) np.add(a, i, { out });
    const after = memoryFigures();
    expect(out.item(5)).toBe(200);
    expect(after.peak).toBe(before.peak);
    expect(after.live).toBeLessThanOrEqual(before.live + MB);
  });
});

it('between turns: what is dropped comes back without a call', async () => {
  const before = memoryFigures().live;
  for (let i = 0; i < 30; i++) {
    np.ones([1e6]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(memoryFigures().live - before).toBeLessThan(256 * MB);
});

it('dispose and using give memory back at once', () => {
  heap().reclaim(); // what the tests before left is not this one's
  const before = memoryFigures();
  for (let i = 0; i < 500; i++) {
    using a = np.ones([1e6]);
    expect(a.item(0)).toBe(1);
  }
  const after = memoryFigures();
  expect(after.live).toBeLessThanOrEqual(before.live + MB);
  expect(after.reclaims).toBe(before.reclaims);
});

// Arrays of many sizes with lifetimes in no order: what is held decides on memory, not how long the program runs.
// bench/soak.ts runs the same for minutes.
import { expect, it } from 'vitest';
import { mixed } from '../../bench/memory/mixed.ts';
import * as np from '../../src/index.ts';

const MB = 2 ** 20;

it('mixed sizes and lifetimes: live memory is flat, little lies free between arrays', { timeout: 180_000 }, () => {
  const held = 64 * MB;
  const seen = mixed(5, held, (round) => round >= 5000);
  const [first, ...later] = seen.live;
  // What waits for a collection differs between engines; a leak of these rounds would be ten times as much.
  for (const live of later) expect(live).toBeLessThan(first + 2 * held);
  expect(seen.touched).toBeLessThanOrEqual(1.3 * seen.peak);
  if (np.memory.snapshot().trimmable === true) {
    // red zones, which tests have, keep their pages
    expect(seen.residentAfterTrim).toBeLessThan(1.2 * seen.peak + 128 * MB);
  }
});

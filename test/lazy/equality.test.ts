// An expression gives the bits that eager calls give: random trees over dtypes, layouts, broadcasting, reductions, views;
// computed as planned, and tile by tile. LAZY_SEED=… replays one, LAZY_CASES=… runs more.
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as np from '../../src/index.ts';
import { compute } from '../../src/lazy/compute.ts';
import { planOf } from '../../src/lazy/plan.ts';
import { tilingOf } from '../../src/lazy/tile.ts';
import { bitsOf, Trees } from './_trees.ts';

const only = process.env.LAZY_SEED;
const cases = Number(process.env.LAZY_CASES ?? 40);
const seeds = only === undefined ? Array.from({ length: cases }, (_, i) => i + 1) : [Number(only)];

let before: np.ErrorState;
beforeAll(() => {
  before = np.seterr({ all: 'ignore' });
});
afterAll(() => {
  np.seterr(before);
});

test.each(seeds)('random expressions, seed %d', (seed) => {
  const trees = new Trees(seed);
  for (let i = 0; i < 40; i++) {
    const made = trees.grow();
    if (made === undefined || made.eager.size > 5000) continue;
    trees.pool.push(made);
    if (trees.pool.length > 12) trees.pool.splice(0, 1);
    if (i % 4 !== 3 && i < 36) continue;
    const where = `LAZY_SEED=${seed} ${made.text}`;
    const want = bitsOf(made.eager);
    expect(bitsOf(made.lazy.compute()), where).toBe(want);
    const plan = planOf([made.lazy.node]);
    const tiling = tilingOf(plan, 64);
    if (tiling !== undefined) expect(bitsOf(compute(plan, [], {}, { tiling })[0]), `${where} in tiles`).toBe(want);
    const whole = compute(plan, [], {}, { tiling: undefined })[0];
    expect(bitsOf(whole), `${where} stage by stage`).toBe(want);
  }
});

// Many calls at once, of random size, some aborted, some failing, for several tenants: all results right, nothing left, and
// no block's red zone touched (the heap's debug mode is on in tests).

import { afterAll, beforeAll, expect, it } from 'vitest';
import { executors } from '../../src/exec/executor/executors.ts';
import * as np from '../../src/index.ts';
import { heap } from '../../src/memory/allocate.ts';
import { buildExecutor } from '../executor_module.ts';

beforeAll(buildExecutor);
afterAll(() => executors().rest());

let state = 99;
function random(n: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state >>> 8) % n;
}

interface Answer {
  readonly got: np.NDArray;
  readonly want: () => np.NDArray;
}

function ask(n: number, signal: AbortSignal): Promise<Answer> {
  const a = np.add(np.arange(n), random(10));
  const answer = async (call: Promise<unknown>, want: () => unknown): Promise<Answer> => ({
    got: (await call) as np.NDArray, // every call below gives an array
    want: want as () => np.NDArray,
  });
  const kinds = [
    () => answer(np.async.add(a, 1, { signal }), () => np.add(a, 1)),
    () => answer(np.async.sort(a.get('::-1'), { signal }), () => np.sort(a)),
    () => answer(np.async.concatenate([a, a.get('::2')], { signal } as never), () => np.concatenate([a, a.get('::2')])),
    () => answer(np.async.sqrt(a, { out: np.zeros([n]), signal }), () => np.sqrt(a)),
    () => answer(np.async.cumsum(a, { signal }), () => np.cumsum(a)),
    () => answer(np.async.add(a, np.ones([n + 1]) as never, { signal }), () => a),
  ];
  return kinds[random(kinds.length)]();
}

it('a hundred calls in ten rounds', { timeout: 120_000 }, async () => {
  const ends: Record<string, number> = {};
  for (let round = 0; round < 10; round++) {
    await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        const control = new AbortController();
        if (random(4) === 0) setTimeout(() => control.abort(), random(30));
        const n = 1 + random(i % 3 === 0 ? 1_000_000 : 5000);
        const end = await np
          .scope({ tag: `tenant ${i % 3}`, memory: '200MB' }, async () => {
            const { got, want } = await ask(n, control.signal);
            return np.array_equal(got, want()) ? 'right' : 'wrong';
          })
          .catch((error: Error) => error.name);
        ends[end] = (ends[end] ?? 0) + 1;
      }),
    );
    heap().verify();
  }
  expect(Object.keys(ends).filter((end) => !['right', 'AbortError', 'ShapeError'].includes(end))).toEqual([]);
  expect(ends.right).toBeGreaterThan(30);
  await np.threads.rest();
  expect(np.threads.figures().async).toMatchObject({ executors: 0, running: 0, waiting: 0, held: 0 });
  heap().reclaim();
  heap().verify();
});

// Allocations that fail, one after the other, in every function: the operands stay as they were, nothing leaks, what could
// be done before can be done after. And what the error says.
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryError } from '../../src/base/errors.ts';
import { ArrayBase } from '../../src/exec/array_base.ts';
import { heap, scratch } from '../../src/memory/allocate.ts';
import { type Any, np, table, world } from './_calls.ts';

const w = world(8192);
const own = heap();
const charge = own.charge.bind(own);

/** From here on the charge number `at` (0: the first) is refused, and those after it go through. */
function failAt(at: number): () => number {
  let count = 0;
  own.charge = (nbytes, where) => {
    if (count++ === at) throw new MemoryError(`${where}: refused on purpose`, 'none', { requested: nbytes });
    charge(nbytes, where);
  };
  return () => count;
}
afterEach(() => {
  own.charge = charge;
});

const digest = (a: ArrayBase): number => {
  const bytes = new Uint8Array((a as Any).toTypedArray().buffer);
  let h = 0;
  for (const b of bytes) h = (Math.imul(h, 31) + b) | 0;
  return h;
};
const operands = Object.values(w).filter((x): x is Any => x instanceof ArrayBase);
const before = operands.map(digest);
/** Failures tried per function: beyond, they repeat in loops. */
const MOST = 8;

/** Calls that write into what they are given, and what that is. */
const writing: readonly (readonly [string, (to: Any) => unknown])[] = [
  ['add, out', (to) => np.add(w.v, w.u, { out: to })],
  ['add, out and mask', (to) => np.add(w.v, w.u, { out: to, where: w.m })],
  ['sum, out', (to) => np.cumsum(w.v, { out: to })],
  ['sqrt, out of another layout', (to) => np.sqrt(to.get('::-1'), { out: to })],
  ['set from itself, turned', (to) => to.set([':'], to.get('::-1'))],
  ['set at positions', (to) => to.set([w.k], w.u)],
  ['set under a mask', (to) => to.set([w.m], np.add(w.v.get(w.m), 1))],
  ['put', (to) => np.put(to, w.k, w.u)],
  ['copyto', (to) => np.copyto(to, w.f)],
  ['concatenate, out', (to) => np.concatenate([w.v.get('1:'), w.few.get(':1')], { out: to })],
  ['take, out', (to) => np.take(w.v, w.k, { out: to })],
  ['clip, out', (to) => np.clip(w.v, 0.2, 0.4, { out: to })],
  ['matmul, out', (to) => np.matmul(w.q, w.q, { out: to.get(`:${w.q.size}`).reshape(w.q.shape) })],
];

describe('at every allocation', () => {
  it.each(table)('%s', (_, call) => {
    call(w); // kernels and tables are there from now on
    for (let at = 0; at < MOST; at++) {
      const count = failAt(at);
      let error: unknown;
      try {
        call(w);
      } catch (thrown) {
        error = thrown;
      }
      own.charge = charge;
      expect(scratch.mark()).toBe(0);
      if (count() <= at) break; // there are no more
      expect(error).toBeInstanceOf(MemoryError);
    }
    expect(operands.map(digest)).toEqual(before);
    call(w);
  });

  it.each(writing)('%s: the target is as it was', (_, call) => {
    call(w.v.copy());
    for (let at = 0; at < MOST; at++) {
      const target = w.v.copy();
      const was = digest(target);
      const count = failAt(at);
      let failed = false;
      try {
        call(target);
      } catch {
        failed = true;
      }
      own.charge = charge;
      if (count() <= at) break;
      if (failed) expect(digest(target)).toBe(was);
    }
    expect(operands.map(digest)).toEqual(before);
  });

  it('and nothing is left behind', () => {
    own.reclaim();
    const live = own.live;
    for (const [, call] of table.slice(0, 60)) {
      failAt(1);
      try {
        call(w);
      } catch {
        // refused on purpose
      }
      own.charge = charge;
    }
    own.reclaim();
    expect(own.live - live).toBeLessThanOrEqual(512 * 1024); // slabs
  });
});

describe('what the error says', () => {
  it('operation, shapes, expansion, figures, the largest arrays', () => {
    using tracing = np.memory.trace({ minimum: 2 ** 16 });
    const held = np.ones([300, 1000]);
    const [x, y] = [np.ones([3e6, 1]), np.ones([1, 1e6])];
    let error: Any;
    try {
      np.add(x, y);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(MemoryError);
    expect(error.facts).toMatchObject({
      operation: 'np.add',
      shapes: [
        [3e6, 1],
        [1, 1e6],
      ],
      expansion: 1e6,
    });
    for (const name of ['requested', 'live', 'peak', 'limit']) expect(error.facts[name]).toBeGreaterThan(0);
    expect(error.facts.largest.length).toBeLessThanOrEqual(5);
    expect(error.facts.largest[0].site).toMatch(/refused\.test/);
    expect(error.message).toMatch(/np\.add of \(3000000,1\) and \(1,1000000\), whose result .* 1000000 times/);
    tracing.stop();
    expect(held.size).toBe(300_000);
  });

  it.each<[string, () => unknown]>([
    ['np.zeros', () => np.zeros([2 ** 40])],
    ['np.sort', () => np.scope({ memory: 2 ** 16 }, () => np.sort(w.v))],
    ['np.matmul', () => np.scope({ memory: 2 ** 10 }, () => np.matmul(w.q, w.q))],
    ['np.concatenate', () => np.scope({ memory: 2 ** 10 }, () => np.concatenate([w.v, w.v]))],
  ])('the name of the function: %s', (name, call) => {
    let error: Any;
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    expect(error.facts.operation).toBe(name);
    expect(error.message).toContain(name);
  });
});

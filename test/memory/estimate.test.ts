// np.estimate of every function against what the function then takes: never less, mostly not much more. And what it must
// not do: compute, take memory, write, or show elements.
import { describe, expect, it } from 'vitest';
import { heap } from '../../src/memory/allocate.ts';
import { type Any, np, table, world } from './_calls.ts';

const w = world(2 ** 17); // arrays of 1 MiB
const KIB = 1024;

/** What an estimate adds for first calls, and slabs of small arrays and scratch, which are there or not. */
const SLABS = 512 * KIB;

function measured(call: () => unknown): number {
  const own = heap();
  own.resetPeak();
  const before = own.live;
  call();
  return own.figures().peak - before; // less where garbage of earlier calls was collected in between
}

describe('every function', () => {
  const ratios: [string, number][] = [];
  it.each(table)('%s: no more than estimated', (name, call) => {
    const { peak, result, largest } = np.estimate(() => call(w));
    const taken = measured(() => call(w));
    expect(peak).toBeGreaterThanOrEqual(taken);
    expect(peak).toBeGreaterThanOrEqual(Math.max(result, largest));
    ratios.push([name, peak - taken < SLABS ? 1 : peak / taken]);
  });

  it('95 of 100 estimates are within a factor of 1.5', () => {
    const off = ratios.filter(([, ratio]) => ratio > 1.5);
    expect(off.length / ratios.length, off.map(([name, r]) => `${name} ${r.toFixed(2)}`).join(', ')).toBeLessThan(0.05);
  });
});

describe('estimate', () => {
  it('takes nothing and computes nothing', () => {
    const before = np.memory.snapshot();
    const { peak, result, largest } = np.estimate(() => np.add(np.ones([10 ** 6, 10 ** 5]), 1));
    expect(peak).toBeGreaterThanOrEqual(1.6e12);
    expect(result).toBe(8e11);
    expect(largest).toBeGreaterThanOrEqual(8e11);
    expect(np.memory.diff(before).committed).toBe(0);
  });

  it('leaves arrays from outside as they are', () => {
    const a = np.arange(5);
    np.estimate(() => np.add(a, 1, { out: a }));
    np.estimate(() => a.set(':', 7));
    np.estimate(() => a.sort({ descending: true }));
    const host = np.asarray(new Float64Array([1, 2, 3]));
    np.estimate(() => np.add(host, 1, { out: host }));
    expect([a.tolist(), host.tolist()]).toEqual([
      [0, 1, 2, 3, 4],
      [1, 2, 3],
    ]);
  });

  it.each<[string, (x: Any) => unknown]>([
    ['item', (x) => x.item(0)],
    ['tolist', (x) => x.tolist()],
    ['data', (x) => x.data],
    ['iteration', (x) => [...x]],
    ['toString', (x) => `${x}`],
    ['tobytes', (x) => x.tobytes()],
  ])('%s of an estimated array is refused', (where, read) => {
    const estimated = (): unknown => np.estimate(() => read(np.add(w.v, 1)));
    expect(estimated).toThrow(np.EstimateError);
    expect(estimated).toThrow(where);
  });

  it('its arrays end with it', () => {
    let kept: Any;
    np.estimate(() => {
      kept = np.add(w.v, 1);
    });
    expect(() => np.add(kept, 1)).toThrow(np.EstimateError);
    expect(() => np.sum(kept)).toThrow(np.EstimateError);
    expect(np.sum(np.ones([10]))).toBe(10);
  });

  it('refuses async functions and estimates inside estimates', () => {
    expect(() => np.estimate(async () => np.ones(3))).toThrow(np.ArgumentError);
    expect(() => np.estimate(() => np.estimate(() => np.ones(3)))).toThrow(np.ArgumentError);
    expect(() => np.estimate()).toThrow(np.ArgumentError);
  });
});

// Binary search without branches that depend on keys: the steps are the same for all keys, so several searches run side
// by side and hide each other's waits for memory. NaN is past everything, as it is sorted.
// Source: P. Khuong, P. Morin, "Array Layouts for Comparison-Based Searching", JEA 22, 2017 (the branch-free search).

import { constant, define, type Routine, type Value, type Variable } from '../wasm/assembler.ts';
import type { ModuleCode } from '../wasm/encoder.ts';
import type { Ordering } from './ordering.ts';

/** Lanes that are searched as they are; narrower ones are widened first. */
export type SearchLane = 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64';

/** Searches side by side. */
const ABREAST = 8;

/** All ones where a condition holds. */
const mask = (condition: Value): Value => constant('i32', 0).sub(condition);

/** address += step where the condition holds. */
const advance = (r: Routine, address: Variable, condition: Value, step: Value): void => {
  r.bump(address, mask(condition).and(step));
};

/**
 * run(n, keys, target, sorted, m): for n keys the number of elements, of m sorted ones, that come before each: those
 * less than the key, or not greater where `right`.
 */
export function addSearch(module: ModuleCode, lane: SearchLane, right: boolean): void {
  const bytes = lane.endsWith('64') ? 8 : 4;
  const log = bytes === 8 ? 3 : 2;
  const floating = lane.startsWith('f');
  const signed = lane.startsWith('i');
  const less = (a: Value, b: Value): Value => (signed ? a.lessSigned(b) : a.lt(b));
  // Is the element before the key? For keys that are NaN all numbers are.
  const before = (element: Value, key: Value): Value => {
    if (right) return less(key, element).isZero();
    return floating ? key.le(element).isZero() : less(element, key);
  };
  define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, n, keys, target, sorted, m) => {
      const numbers = r.let(m); // elements that are not NaN
      if (floating) {
        const [low, half] = [r.local('i32'), r.local('i32')];
        r.while(low.lt(numbers), () => {
          r.set(half, low.add(numbers).shr(1));
          const x = r.load(lane, sorted.add(half.shl(log)));
          r.if(
            x.ne(x),
            () => r.set(numbers, half),
            () => r.set(low, half.add(1)),
          );
        });
      }
      const [left, step] = [r.local('i32'), r.local('i32')];
      const search = (abreast: number): void => {
        const lanes = Array.from({ length: abreast }, (_, i) => ({
          key: r.let(r.load(lane, keys, i * bytes)),
          at: r.let(sorted),
        }));
        r.set(left, numbers);
        r.while(constant('i32', 1).lt(left), () => {
          r.set(step, left.shr(1).shl(log));
          for (const { key, at } of lanes) {
            advance(r, at, before(r.load(lane, at.add(step).sub(bytes)), key), step);
          }
          r.set(left, left.sub(left.shr(1)));
        });
        r.if(numbers, () => {
          for (const { key, at } of lanes) advance(r, at, before(r.load(lane, at), key), constant('i32', bytes));
        });
        for (const [i, { key, at }] of lanes.entries()) {
          const found = at.sub(sorted).shr(log);
          r.store('i32', target, floating && right ? key.eq(key).select(found, m) : found, 4 * i);
        }
        r.bump(keys, abreast * bytes);
        r.bump(target, 4 * abreast);
        r.bump(n, -abreast);
      };
      r.while(n.lt(ABREAST).isZero(), () => search(ABREAST));
      r.while(n, () => search(1));
    },
    'run',
  );
}

/** The same for elements that are compared by a function: complex ones. */
export function addOrderedSearch(module: ModuleCode, ordering: Ordering, right: boolean): void {
  const less = ordering.addLess(module, ordering.addWord(module));
  const { bytes } = ordering;
  define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, n, keys, target, sorted, m) => {
      const [low, high, half, element] = [r.local('i32'), r.local('i32'), r.local('i32'), r.local('i32')];
      r.while(n, () => {
        r.set(low, 0);
        r.set(high, m);
        r.while(low.lt(high), () => {
          r.set(half, low.add(high).shr(1));
          r.set(element, sorted.add(half.mul(bytes)));
          const before = right ? r.call(less, keys, element).isZero() : r.call(less, element, keys);
          r.if(
            before,
            () => r.set(low, half.add(1)),
            () => r.set(high, half),
          );
        });
        r.store('i32', target, low);
        r.bump(target, 4);
        r.bump(keys, bytes);
        r.bump(n, -1);
      });
    },
    'run',
  );
}

// Sorting of short runs of keys without branches that depend on them: groups of up to eight by a network in locals, then
// merges of halves from both ends at once. Stable where keys carry their position.
// Sources: the network of 19 exchanges: Knuth, TAOCP 3, 5.3.4; merging from both ends without bounds checks: the Rust
// project's `bidirectional_merge` (L. Bergdoll, O. Peters), described in "sort-research-rs".

import { type Callee, constant, define, type Routine, type Value, type Variable } from '../wasm/assembler.ts';
import type { ModuleCode } from '../wasm/encoder.ts';

/** Longest run that is sorted here rather than by digits. */
export const SMALL = 160;

const network: readonly (readonly [number, number])[] = [
  [0, 2], [1, 3], [4, 6], [5, 7],
  [0, 4], [1, 5], [2, 6], [3, 7],
  [0, 1], [2, 3], [4, 5], [6, 7],
  [2, 4], [3, 5],
  [1, 4], [3, 6],
  [1, 2], [3, 4], [5, 6],
]; // biome-ignore format: one layer a line

/** The key of element number `index`. */
export type KeyAt = (r: Routine, index: Value, scratch: Variable) => Value;

/** Bytes of work space for runs of up to n: two rows of keys, one with room past its end. */
export const smallBytes = (n: number, keyBytes: number): number => 2 * (n + 8) * keyBytes;

/**
 * small(n, work, extra…) → address of the n ≥ 1 sorted keys inside `work`. `keyAt` reads keys with the help of the extra
 * parameters, which follow `work` in the order of `extra`.
 */
export function addSmall(
  module: ModuleCode,
  type: 'i32' | 'i64',
  extra: readonly ('i32' | 'i64')[],
  keyAt: (r: Routine, extra: readonly Variable[]) => KeyAt,
): Callee {
  const bytes = type === 'i64' ? 8 : 4;
  const merge = addMerge(module, type);
  const groups = addGroups(module, type, extra, keyAt);
  return define(module, ['i32', 'i32', ...extra], 'i32', (r, n, work, ...more) => {
    const level = r.let(n.lt(9).select(constant('i32', 0), n.sub(1).shr(3).clz().sub(32).mul(-1)));
    const [part, lo, mid, hi] = Array.from({ length: 4 }, () => r.local('i32'));
    const boundary = (p: Value): Value => p.mul(n).shr(level);
    const parts = r.let(constant('i32', 1).shl(level));
    r.run(groups, n, work, level, ...more);
    const from = r.let(work);
    const to = r.let(work.add(n.add(8).mul(bytes)));
    const other = r.local('i32');
    r.while(level, () => {
      r.set(part, 0);
      r.set(lo, 0);
      r.loop((again) => {
        r.set(mid, boundary(part.add(1)));
        r.set(hi, boundary(part.add(2)));
        const at = (i: Value): Value => from.add(i.mul(bytes));
        r.run(merge, mid.sub(lo), hi.sub(mid), at(lo), to.add(lo.mul(bytes)));
        r.set(lo, hi);
        again.when(part.tee(part.add(2)).lt(parts));
      });
      r.set(parts, parts.shr(1));
      r.bump(level, -1);
      r.set(other, from);
      r.set(from, to);
      r.set(to, other);
    });
    r.return(from);
    r.f.i32(0); // never reached; the function's type wants it
  });
}

/**
 * groups(n, work, level, extra…): the keys in 2^level groups of at most eight, each sorted. Eight keys are written, of
 * which the next group overwrites those past its end.
 */
function addGroups(
  module: ModuleCode,
  type: 'i32' | 'i64',
  extra: readonly ('i32' | 'i64')[],
  keyAt: (r: Routine, extra: readonly Variable[]) => KeyAt,
): Callee {
  const bytes = type === 'i64' ? 8 : 4;
  const lane = type === 'i64' ? 'u64' : 'u32';
  return define(module, ['i32', 'i32', 'i32', ...extra], undefined, (r, n, work, level, ...more) => {
    const read = keyAt(r, more);
    const scratch = r.local(type);
    const [part, lo, hi] = [r.local('i32'), r.local('i32'), r.local('i32')];
    const parts = r.let(constant('i32', 1).shl(level));
    const x = Array.from({ length: 8 }, () => r.local(type));
    const inside = r.local('i32');
    r.loop((again) => {
      r.set(hi, part.add(1).mul(n).shr(level));
      for (const [i, key] of x.entries()) {
        if (i === 0) {
          r.set(key, read(r, lo, scratch));
          continue;
        }
        r.set(inside, lo.add(i).lt(hi));
        r.set(key, read(r, inside.select(lo.add(i), lo), scratch));
        r.set(key, inside.select(key, -1));
      }
      for (const [a, b] of network) {
        const swapped = x[b].lt(x[a]);
        r.set(scratch, swapped.select(x[b], x[a]));
        r.set(x[b], swapped.select(x[a], x[b]));
        r.set(x[a], scratch);
      }
      for (const [i, key] of x.entries()) r.store(lane, work.add(lo.mul(bytes)), key, i * bytes);
      r.set(lo, hi);
      again.when(part.tee(part.add(1)).lt(parts));
    });
  });
}

/** merge(m, k, left, to): m keys at `left` and the k after them, |m − k| ≤ 1, into `to`. */
function addMerge(module: ModuleCode, type: 'i32' | 'i64'): Callee {
  const bytes = type === 'i64' ? 8 : 4;
  const lane = type === 'i64' ? 'u64' : 'u32';
  return define(module, ['i32', 'i32', 'i32', 'i32'], undefined, (r, m, k, left, to) => {
    const right = r.let(left.add(m.mul(bytes)));
    const leftEnd = r.let(right.sub(bytes));
    const rightEnd = r.let(leftEnd.add(k.mul(bytes)));
    const toEnd = r.let(to.add(m.add(k).mul(bytes)).sub(bytes));
    const turns = r.let(m.lt(k).select(m, k));
    const [x, y, u, v] = [r.local(type), r.local(type), r.local(type), r.local(type)];
    const [fromRight, fromLeft] = [r.local('i32'), r.local('i32')];
    r.while(turns, () => {
      r.set(x, r.load(lane, left));
      r.set(y, r.load(lane, right));
      r.set(u, r.load(lane, leftEnd));
      r.set(v, r.load(lane, rightEnd));
      r.set(fromRight, y.lt(x));
      r.set(fromLeft, v.lt(u));
      r.store(lane, to, fromRight.select(y, x));
      r.store(lane, toEnd, fromLeft.select(u, v));
      r.set(fromRight, fromRight.mul(bytes));
      r.set(fromLeft, fromLeft.mul(bytes));
      r.bump(right, fromRight);
      r.set(left, left.sub(fromRight).add(bytes));
      r.set(leftEnd, leftEnd.sub(fromLeft));
      r.set(rightEnd, rightEnd.add(fromLeft).sub(bytes));
      r.bump(to, bytes);
      r.bump(toEnd, -bytes);
      r.bump(turns, -1);
    });
    r.if(m.ne(k), () => {
      r.store(lane, to, r.load(lane, leftEnd.lt(left).select(right, left)));
    });
  });
}

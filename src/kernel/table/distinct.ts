// Distinct elements by hashing: a table of open slots that is asked for every element, and what it has not seen is
// appended to a list in order of appearance. Keys are the bits of 4- or 8-byte elements, those of floats such that equal
// numbers have equal bits (−0 and 0, and all NaN, are one). An empty slot holds the first key: it is in the set anyway.
// Sources: Knuth, TAOCP 3, 6.4 (linear probing, multiplicative hashing).

import { type Callee, constant, define, type Routine, type Value, type Variable } from '../wasm/assembler.ts';
import type { ModuleCode } from '../wasm/encoder.ts';

/** Elements that can be hashed: four or eight bytes. */
export type HashLane = 'i32' | 'i64' | 'f32' | 'f64';
export const keyBytes = { i32: 4, i64: 8, f32: 4, f64: 8 } as const satisfies Record<HashLane, number>;

/** What is kept beside the set. `numbers`: of every slot its place in the list, which the others need. */
export interface DistinctWants {
  readonly numbers: boolean;
  /** For every element the number of its value: int32. */
  readonly inverse: boolean;
  /** For every value how often it occurs: int32. */
  readonly counts: boolean;
  /** For every value where it occurs first: int32. */
  readonly first: boolean;
}

const isFloat = (lane: HashLane): boolean => lane === 'f32' || lane === 'f64';

/** Loads an element's key. */
function keyAt(r: Routine, lane: HashLane, address: Value, to: Variable): void {
  if (!isFloat(lane)) {
    r.set(to, r.load(lane, address));
    return;
  }
  const x = r.let(r.load(lane, address).add(0)); // −0 + 0 is 0
  const nan = lane === 'f32' ? 0x7fc00000 : 0x7ff8000000000000n;
  r.set(to, x.eq(x).select(x.bits(), nan));
}

const carried = (lane: HashLane): 'i32' | 'i64' => (keyBytes[lane] === 4 ? 'i32' : 'i64');

// The slot that a key hashes to, as its offset in a table of 2^(32 - shift) or, of 64 bits, 2^(64 - shift) slots.
function home(lane: HashLane, key: Value, shift: Value): Value {
  if (carried(lane) === 'i32') return key.mul(0x9e3779b1).shr(shift);
  return key.mul(0x9e3779b97f4a7c15n).shr(shift.wide()).low();
}

/**
 * run(n, elements, slots, shift, list, limit, state, [numbers], [inverse], [counts], [first, number of the first
 * element]): enters n elements and gives how many are left when the list has `limit` values. `state` is the number of
 * values so far, from 1 on: the first is in the list already, and in every empty slot.
 */
export function addDistinct(module: ModuleCode, lane: HashLane, wants: DistinctWants): Callee {
  const bytes = keyBytes[lane];
  const log = bytes === 4 ? 2 : 3;
  const extras = Number(wants.numbers) + Number(wants.inverse) + Number(wants.counts) + 2 * Number(wants.first);
  const params = new Array<'i32'>(7 + extras).fill('i32');
  return define(
    module,
    params,
    'i32',
    (r, left, from, slots, shift, list, limit, state, ...more) => {
      const numbers = wants.numbers ? more.shift() : undefined;
      const inverse = wants.inverse ? more.shift() : undefined;
      const counts = wants.counts ? more.shift() : undefined;
      const [first, at] = wants.first ? more : [];
      const type = carried(lane);
      const empty = r.let(r.load(type, list));
      const values = r.let(r.load('i32', state));
      const last = r.let(lastSlot(shift, lane));
      const key = r.local(type);
      const slot = r.local('i32');
      const held = r.local(type);
      const place = r.local('i32');
      r.block((full) => {
        r.while(left, () => {
          keyAt(r, lane, from, key);
          r.set(slot, home(lane, key, shift));
          r.block((found) => {
            r.loop((probe) => {
              r.set(place, slots.add(slot.shl(log)));
              r.set(held, r.load(type, place));
              found.when(held.eq(key));
              r.if(held.eq(empty), () => {
                full.when(values.eq(limit));
                r.store(type, place, key);
                r.store(type, list.add(values.shl(log)), key);
                if (numbers !== undefined) r.store('i32', numbers.add(slot.shl(2)), values);
                if (first !== undefined && at !== undefined) r.store('i32', first.add(values.shl(2)), at);
                if (counts !== undefined) r.store('i32', counts.add(values.shl(2)), 0);
                r.set(values, values.add(1));
                found();
              });
              r.set(slot, slot.add(1).and(last));
              probe();
            });
          });
          if (numbers !== undefined && (inverse !== undefined || counts !== undefined)) {
            r.set(place, r.load('i32', numbers.add(slot.shl(2))));
            if (inverse !== undefined) {
              r.store('i32', inverse, place);
              r.bump(inverse, 4);
            }
            if (counts !== undefined) {
              r.set(place, counts.add(place.shl(2)));
              r.store('i32', place, r.load('i32', place).add(1));
            }
          }
          r.bump(from, bytes);
          if (at !== undefined) r.bump(at, 1);
          r.set(left, left.sub(1));
        });
      });
      r.store('i32', state, values);
      r.return(left);
    },
    'run',
  );
}

// The number of slots, less one: a mask.
const lastSlot = (shift: Variable, lane: HashLane): Value =>
  constant('i32', 1)
    .shl(constant('i32', keyBytes[lane] * 8).sub(shift))
    .sub(1);

/**
 * run(n, elements, slots, shift, list, out, invert): for each of n elements 1 where its key is in the set, else 0, as a
 * byte; `invert` (0 or 1) exchanges the two. NaN is in no set.
 */
export function addContains(module: ModuleCode, lane: HashLane): Callee {
  const bytes = keyBytes[lane];
  const type = carried(lane);
  return define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, left, from, slots, shift, list, out, invert) => {
      const empty = r.let(r.load(type, list));
      const last = r.let(lastSlot(shift, lane));
      const key = r.local(type);
      const slot = r.local('i32');
      const held = r.local(type);
      r.while(left, () => {
        keyAt(r, lane, from, key);
        r.set(slot, home(lane, key, shift));
        r.block((done) => {
          r.loop((probe) => {
            r.set(held, r.load(type, slots.add(slot.shl(bytes === 4 ? 2 : 3))));
            done.when(held.eq(key));
            done.when(held.eq(empty));
            r.set(slot, slot.add(1).and(last));
            probe();
          });
        });
        const hit = held.eq(key);
        const x = r.load(lane, from);
        r.store('u8', out, (isFloat(lane) ? hit.and(x.eq(x)) : hit).xor(invert));
        r.bump(from, bytes);
        r.bump(out, 1);
        r.set(left, left.sub(1));
      });
    },
    'run',
  );
}

/**
 * run(n, elements, out, previous, [starts, number of the first element]): copies those of n sorted elements that differ
 * from the one before them, the first from that at `previous` (0: there is none), and gives the address after the last
 * copy; `out` may be `elements`. `starts` takes the numbers of the elements copied. Unless `nanDiffers`, NaN after NaN does
 * not differ.
 */
export function addCompact(module: ModuleCode, lane: HashLane, nanDiffers: boolean, starts: boolean): Callee {
  const bytes = keyBytes[lane];
  return define(
    module,
    new Array<'i32'>(starts ? 6 : 4).fill('i32'),
    'i32',
    (r, left, from, out, previous, ...places) => {
      const before = r.local(lane);
      const x = r.local(lane);
      const [place, number] = starts ? places : [];
      const note = (): void => {
        if (place !== undefined && number !== undefined) r.store('i32', place, number);
      };
      const moveOn = (by: Value): void => {
        if (place !== undefined) r.set(place, place.add(by.mul(4)));
        if (number !== undefined) r.bump(number, 1);
      };
      r.if(
        previous,
        () => r.set(before, r.load(lane, previous)),
        () => {
          r.set(before, r.load(lane, from));
          r.store(lane, out, before);
          note();
          moveOn(constant('i32', 1));
          r.bump(out, bytes);
          r.bump(from, bytes);
          r.set(left, left.sub(1));
        },
      );
      r.while(left, () => {
        r.set(x, r.load(lane, from));
        r.store(lane, out, x);
        const differs = x.ne(before);
        const counts = isFloat(lane) && !nanDiffers ? differs.and(before.eq(before)) : differs;
        const step = r.let(counts);
        note();
        moveOn(step);
        r.set(out, out.add(step.mul(bytes)));
        r.set(before, x);
        r.bump(from, bytes);
        r.set(left, left.sub(1));
      });
      r.return(out);
    },
    'run',
  );
}

// Partition of rows around positions. A sorted sample gives two keys that bracket the wanted positions; one pass without
// branches splits a row into what is below, above and between them, and only what is between is looked at again. Where
// the sample misled, the row is sorted, so that no input is worse than that.
// Source: R. Floyd, R. Rivest, "Expected time bounds for selection", CACM 18(3), 1975 (the bracket from a sample).

import { type Callee, constant, define, type Routine, type Value, type Variable } from '../wasm/assembler.ts';
import type { ModuleCode } from '../wasm/encoder.ts';
import type { Keys } from './keys.ts';
import { addApply, addOrderRow, orderScratch } from './order.ts';
import type { Ordering } from './ordering.ts';
import { exactSource, type Source } from './radix.ts';
import { addSortRow, rowsScratch } from './rows.ts';
import { addSmall, smallBytes } from './small.ts';

/** Rows of fewer elements are sorted. */
const SHORT = 400;
/** Sample sizes (logarithms), and how many sampled keys the bracket reaches past the wanted position on either side. */
const samples = { many: { log: 10, margin: 40 }, few: { log: 7, margin: 13 }, manyFrom: 2 ** 14 } as const;
const SAMPLE_BYTES: number = smallBytes(2 ** samples.many.log, 8);

/** For aligning the areas of all depths. */
const ROOM = 4096;

/** Bytes of work space to partition rows of n elements. */
export const partitionScratch = (n: number, keys: Keys): number =>
  SAMPLE_BYTES + 3 * n * keys.bytes + ROOM + rowsScratch(n, keys);

/** Bytes of work space for positions that partition rows of n elements of so many bytes. */
export const partitionOrderScratch = (n: number, bytes: number): number =>
  SAMPLE_BYTES + n * (bytes + 8) + ROOM + orderScratch(n);

/** Keys below and above positions first … last of n elements, from a sample. */
interface Bracket {
  readonly low: Variable;
  readonly high: Variable;
}

/** small(n, work, source, stride): the sorted keys of a sample. */
function addSample(module: ModuleCode, source: Source): Callee {
  return addSmall(module, source.type, ['i32', 'i32'], (_, [from, stride]) => (r, index, scratch) => {
    // a position within each stretch that looks random and is always the same
    const within = index.mul(0x9e3779b1).shr(22).mul(stride).shr(10);
    return source.key(r, from.add(index.mul(stride).add(within).mul(source.bytes)), scratch);
  });
}

function bracket(
  r: Routine,
  sample: Callee,
  source: Source,
  at: { n: Value; from: Value; first: Value; last: Value; work: Value },
): Bracket {
  const { n, from, first, last, work } = at;
  const { type } = source;
  const large = r.let(n.lt(samples.manyFrom).isZero());
  const log = r.let(large.select(constant('i32', samples.many.log), samples.few.log));
  const size = r.let(constant('i32', 1).shl(log));
  const margin = r.let(large.select(constant('i32', samples.many.margin), samples.few.margin));
  const keys = r.let(r.call(sample, size, work, from, n.shr(log)));
  const rank = (position: Value): Value => position.wide().shl(log.wide()).div(n.wide()).low();
  const [a, b] = [r.let(rank(first).sub(margin)), r.let(rank(last).add(margin))];
  const keyAt = (i: Value): Value => r.load(type === 'i64' ? 'u64' : 'u32', keys.add(i.mul(type === 'i64' ? 8 : 4)));
  const [low, high] = [r.let(constant(type, 0)), r.let(constant(type, -1))];
  r.if(a.lessSigned(0).isZero(), () => r.set(low, keyAt(a)));
  r.if(b.lt(size), () => r.set(high, keyAt(b)));
  return { low, high };
}

/**
 * split(size, from, to, area, ends, low, high): elements of `size` bytes below `low` to the beginning of `to`, those above
 * `high` to its end, from behind, those between to `area`. Where the first and the last of these end goes to `ends`. A
 * function of its own, for around calls the engine keeps locals in memory.
 */
function addSplit(module: ModuleCode, keys: Keys): Callee {
  const { type, bytes } = keys;
  return define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', type, type],
    undefined,
    (r, size, from, to, area, ends, low, high) => {
      const [left, right, between] = [r.let(to), r.let(to.add(size)), r.let(area)];
      const end = r.let(from.add(size));
      const [bits, key, scratch] = [r.local(type), r.local(type), r.local(type)];
      const [below, above] = [r.local('i32'), r.local('i32')];
      r.while(from.lt(end), () => {
        r.set(key, keys.exact(bits.tee(keys.loadBits(r, from)), scratch));
        keys.storeBits(r, left, bits);
        keys.storeBits(r, right.sub(bytes), bits);
        keys.storeBits(r, between, bits);
        r.set(below, key.lt(low).mul(bytes));
        r.set(above, high.lt(key).mul(bytes));
        r.bump(left, below);
        r.set(right, right.sub(above));
        r.set(between, between.add(bytes).sub(below).sub(above));
        r.bump(from, bytes);
      });
      r.store('i32', ends, left);
      r.store('i32', ends, between, 4);
    },
  );
}

/**
 * run(rows, n, from, to, first, last, step, work): rows `step` bytes apart, of n elements each; the elements at positions
 * first … last are where sorting puts them. from may be to.
 */
export function addPartitionRows(module: ModuleCode, keys: Keys): void {
  const { bytes } = keys;
  const source = exactSource(keys);
  const sample = addSample(module, source);
  const sortRow = addSortRow(module, keys);
  const split = addSplit(module, keys);
  // The function below calls itself on what lies between, so its number is taken before it is written.
  const self: Callee = { index: module.functions.length, result: undefined };
  const row = define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, n, from, to, first, last, work, area) => {
      r.if(n.lt(SHORT), () => {
        r.run(sortRow, n, from, to, area);
        r.return();
      });
      const size = r.let(n.mul(bytes));
      r.if(from.eq(to), () => {
        r.copy(area, from, size);
        r.set(from, area);
        r.bump(area, size);
      });
      const { low, high } = bracket(r, sample, source, { n, from, first, last, work });
      r.run(split, size, from, to, area, work, low, high);
      const left = r.let(r.load('i32', work));
      const between = r.let(r.load('i32', work, 4));
      const count = r.let(between.sub(area));
      const before = r.let(left.sub(to).div(bytes));
      const after = before.add(count.div(bytes));
      const misled = first.lt(before).or(last.lt(after).isZero());
      r.if(misled.or(low.eq(high)), () => {
        r.copy(left, area, count);
        r.if(misled, () => r.run(sortRow, n, to, to, area));
        r.return();
      });
      r.if(
        size.shr(1).lt(count),
        () => r.run(sortRow, count.div(bytes), area, left, between.add(8)),
        () =>
          r.run(
            self,
            count.div(bytes),
            area,
            left,
            first.sub(before),
            last.sub(before),
            work,
            between.add(64).and(-64),
          ),
      );
    },
  );
  define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, rows, n, from, to, first, last, step, work) => {
      r.while(rows, () => {
        r.run(row, n, from, to, first, last, work, work.add(SAMPLE_BYTES));
        r.bump(from, step);
        r.bump(to, step);
        r.bump(rows, -1);
      });
    },
    'run',
  );
}

/**
 * run(rows, n, from, to, first, last, work): positions (i32) of n elements in each row, of which those numbered
 * first … last are where sorting puts them.
 */
export function addPartitionOrderRows(module: ModuleCode, ordering: Ordering): void {
  const { bytes } = ordering;
  const source = ordering.coarse;
  const { type } = source;
  const sample = addSample(module, source);
  const orderRow = addOrderRow(module, ordering);
  const apply = addApply(module, bytes);
  define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, rows, n, from, to, first, last, work) => {
      const area = r.let(work.add(SAMPLE_BYTES));
      const [left, right, between] = [r.local('i32'), r.local('i32'), r.local('i32')];
      const [position, at, below, above, count] = Array.from({ length: 5 }, () => r.local('i32'));
      const [key, scratch] = [r.local(type), r.local(type)];
      r.while(rows, () => {
        r.block((sorted) => {
          r.block((misled) => {
            misled.when(n.lt(SHORT));
            const { low, high } = bracket(r, sample, source, { n, from, first, last, work });
            r.set(left, to);
            r.set(right, to.add(n.shl(2)));
            r.set(between, area);
            r.set(position, 0);
            r.set(at, from);
            r.while(position.lt(n), () => {
              r.set(key, source.key(r, at, scratch));
              r.store('i32', left, position);
              r.store('i32', right.sub(4), position);
              r.store('i32', between, position);
              r.set(below, key.lt(low).shl(2));
              r.set(above, high.lt(key).shl(2));
              r.bump(left, below);
              r.set(right, right.sub(above));
              r.set(between, between.add(4).sub(below).sub(above));
              r.bump(at, bytes);
              r.bump(position, 1);
            });
            r.set(count, between.sub(area).shr(2));
            const before = left.sub(to).shr(2);
            misled.when(first.lt(before).or(last.lt(before.add(count)).isZero()));
            // the elements between in order: gather them, order them, and their positions by that
            const elements = r.let(between.add(71).and(-64));
            const found = r.let(elements.add(count.mul(bytes)).add(71).and(-64));
            r.run(apply, count, from, area, elements);
            r.run(orderRow, count, elements, found, found.add(count.shl(2)).add(71).and(-64));
            r.set(position, left);
            r.set(at, found);
            r.while(position.lt(right), () => {
              r.store('i32', position, r.load('i32', area.add(r.load('i32', at).shl(2))));
              r.bump(position, 4);
              r.bump(at, 4);
            });
            sorted();
          });
          r.run(orderRow, n, from, to, area);
        });
        r.bump(from, n.mul(bytes));
        r.bump(to, n.shl(2));
        r.bump(rows, -1);
      });
    },
    'run',
  );
}

// The order of rows as positions (argsort), always stable. An element becomes a record of 64 bits: the leading 32 bits
// of its key, then its position. Sorting records by value (short rows) or by digits (long ones) orders all elements but
// those of one prefix, which `finishOrder` compares in full, within a budget. Past it the row is sorted by all words of
// its keys, least significant first.

import { type Callee, constant, define, type Value } from '../wasm/assembler.ts';
import type { ModuleCode } from '../wasm/encoder.ts';
import { Keys } from './keys.ts';
import { addNetwork, networks, sideBySide } from './network.ts';
import type { Ordering } from './ordering.ts';
import { addRadix, addSurvey, exactSource, keyPrefix, order, type Prefix, skipGroup, TABLE_BYTES } from './radix.ts';
import { addRadixParts, digitsFor, RECORD_BYTES } from './rows.ts';
import { addSmall, SMALL, smallBytes } from './small.ts';

/** Records sort as unsigned numbers, by their upper half where positions are in order already. */
export const records: Keys = new Keys({ lane: 'u64', half: false, descending: false });
export const recordPrefix: Prefix = keyPrefix('record', exactSource(records));

/** Bytes of work space to order rows of n elements: two rows of records. */
export function orderScratch(n: number): number {
  return RECORD_BYTES + (n <= SMALL ? smallBytes(n, 8) : TABLE_BYTES + 16 * n);
}

/** A record of the low 32 bits of prefix >> shift. */
const record = (prefix: Value, shift: Value, position: Value): Value =>
  (prefix.type === 'i64' ? prefix.shr(shift) : prefix.wide()).shl(32).or(position.wide());

/** pack(n, source, position, records, shift, prefix…): records of n elements, the first of which has this position. */
export function addPack(module: ModuleCode, prefix: Prefix, exportAs?: string): Callee {
  return define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', ...prefix.params],
    undefined,
    (r, n, from, position, to, shift, ...params) => {
      const by = r.let(shift.wide());
      const prefixAt = prefix.open(r, params);
      const end = r.let(to.add(n.shl(3)));
      r.while(to.lt(end), () => {
        r.store('i64', to, record(prefixAt(from), by, position));
        r.bump(from, prefix.bytes);
        r.bump(to, 8);
        r.bump(position, 1);
      });
    },
    exportAs,
  );
}

/**
 * packWord(n, source, positions, first, records, word): records of one word of n elements, those at `positions`, or where
 * that is 0 those from number `first` on; `source` is the address of element 0.
 */
export function addPackWord(module: ModuleCode, ordering: Ordering, exportAs?: string): Callee {
  const word = ordering.addWord(module);
  return define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, n, from, positions, first, to, which) => {
      const end = r.let(to.add(n.shl(3)));
      const position = r.local('i32');
      r.while(to.lt(end), () => {
        r.set(position, first);
        r.if(positions, () => {
          r.set(position, r.load('i32', positions));
          r.bump(positions, 4);
        });
        const value = r.call(word, from.add(position.mul(ordering.bytes)), which);
        r.store('i64', to, value.wide().shl(32).or(position.wide()));
        r.bump(to, 8);
        r.bump(first, 1);
      });
    },
    exportAs,
  );
}

/** unpack(n, records, target): the positions. */
export function addUnpack(module: ModuleCode, exportAs?: string): Callee {
  return define(
    module,
    ['i32', 'i32', 'i32'],
    undefined,
    (r, n, from, to) => {
      const end = r.let(to.add(n.shl(2)));
      r.while(to.lt(end), () => {
        r.store('i32', to, r.load('i32', from));
        r.bump(to, 4);
        r.bump(from, 8);
      });
    },
    exportAs,
  );
}

/**
 * finishOrder(from, to, first, end, source, shift, budget) → done: as `finish`, of the records in [first, end), by the
 * elements they point at.
 */
export function addFinishOrder(module: ModuleCode, ordering: Ordering): Callee {
  const less = ordering.addLess(module, ordering.addWord(module));
  return define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    'i32',
    (r, from, to, first, end, source, shift, budget) => {
      const prefix = (address: Value): Value => r.load('u32', address, 4).shr(shift);
      for (const edge of [from, to]) skipGroup(r, edge, first, end, 8, prefix);
      const elementOf = (address: Value): Value => source.add(r.load('i32', address).mul(ordering.bytes));
      const [at, hole, element] = [r.let(from.add(8)), r.local('i32'), r.local('i32')];
      const [previous, current] = [r.local('i32'), r.local('i32')];
      const kept = r.local('i64');
      r.if(from.lt(to), () => {
        r.set(previous, prefix(from));
        r.while(at.lt(to), () => {
          r.if(current.tee(prefix(at)).eq(previous), () => {
            r.set(hole, at);
            r.set(kept, r.load('i64', at));
            r.set(element, elementOf(at));
            r.block((placed) => {
              r.loop((again) => {
                placed.when(r.call(less, element, elementOf(hole.sub(8))).isZero());
                r.store('i64', hole, r.load('i64', hole.sub(8)));
                r.bump(hole, -8);
                r.bump(budget, -1);
                r.if(from.lt(hole), () => again.when(prefix(hole.sub(8)).eq(current)));
              });
            });
            r.store('i64', hole, kept);
            r.if(budget.lessSigned(0), () => r.return(0));
          });
          r.set(previous, current);
          r.bump(at, 8);
        });
      });
      r.return(1);
      r.f.i32(0); // never reached; the function's type wants it
    },
  );
}

/** positions(n, target, first, step): first, first + step, … */
export function addPositions(module: ModuleCode, exportAs?: string): Callee {
  return define(
    module,
    ['i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, n, to, first, step) => {
      const end = r.let(to.add(n.shl(2)));
      r.while(to.lt(end), () => {
        r.store('i32', to, first);
        r.bump(to, 4);
        r.bump(first, step);
      });
    },
    exportAs,
  );
}

/** run(rows, n, source, target, work): positions (i32) that sort rows of n elements, from 0 in each row. */
export function addOrderRows(module: ModuleCode, ordering: Ordering): void {
  const row = addOrderRow(module, ordering);
  const { coarse, exact, bytes } = ordering;
  // Rows side by side need records that decide alone.
  const alone = exact && coarse.type === 'i32';
  const network = alone ? addNetwork(module, 'i64') : undefined;
  const { rows: abreast, longest } = networks.i64;
  define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, rows, n, from, to, work) => {
      const [size, scratch] = [r.let(n.mul(bytes)), r.local(coarse.type)];
      const next = (count: number): void => {
        r.bump(from, size.mul(count));
        r.bump(to, n.shl(2).mul(count));
        r.bump(rows, -count);
      };
      if (network !== undefined) {
        r.if(n.le(longest), () => {
          r.while(constant('i32', abreast - 1).lt(rows), () => {
            const read = (of: number, i: Value): Value =>
              record(coarse.key(r, from.add(size.mul(of)).add(i.mul(bytes)), scratch), constant('i64', 0), i);
            sideBySide(r, network, 'i64', n, work, read, (of, i, key) =>
              r.store('i32', to.add(n.mul(4 * of)).add(i.shl(2)), key.low()),
            );
            next(abreast);
          });
        });
      }
      r.while(rows, () => {
        r.run(row, n, from, to, work);
        next(1);
      });
    },
    'run',
  );
}

export function addOrderRow(module: ModuleCode, ordering: Ordering): Callee {
  const { coarse, exact, words } = ordering;
  const { type } = coarse;
  const long = type === 'i64';
  const keyLane = long ? 'i64' : 'i32';
  const prefix = keyPrefix(ordering.name, coarse);
  const small = addSmall(module, 'i64', ['i32', 'i32', type], (r, [from, shift, least]) => {
    const by = r.let(shift.wide());
    const prefixAt = prefix.open(r, [least]);
    return (_, index) => record(prefixAt(from.add(index.mul(coarse.bytes))), by, index);
  });
  const survey = addSurvey(module, coarse, !exact);
  const pack = addPack(module, prefix);
  const radix = addRadix(module, recordPrefix, addRadixParts(module, recordPrefix, records));
  const finish = addFinishOrder(module, ordering);
  const packWord = addPackWord(module, ordering);
  const unpack = addUnpack(module);
  const positions = addPositions(module);
  return define(module, ['i32', 'i32', 'i32', 'i32'], undefined, (r, n, from, to, work) => {
    const [least, span] = [r.local(type), r.local(type)];
    const area = r.let(work.add(RECORD_BYTES));
    const [sorted, end, shift, known] = [r.local('i32'), r.local('i32'), r.local('i32'), r.local('i32')];
    const range = (): void => {
      r.set(known, r.call(survey, n, from, work));
      r.set(least, r.load(keyLane, work));
      r.set(span, r.load(keyLane, work, 8).sub(least));
      // bits of a key that do not fit a record
      if (long) r.set(shift, constant('i32', 32).sub(span.clz().low()));
      if (long) r.set(shift, shift.lessSigned(0).select(constant('i32', 0), shift));
    };
    const zero = constant('i32', 0);
    r.if(n.le(SMALL), () => {
      if (long) range();
      r.set(sorted, r.call(small, n, area, from, shift, least));
      const settle = (): void => {
        r.set(end, sorted.add(n.shl(3)));
        r.set(known, r.call(finish, sorted, end, sorted, end, from, zero, n.mul(n)));
      };
      if (!exact) settle();
      else if (long) r.if(shift, settle);
      r.run(unpack, n, sorted, to);
      r.return();
    });
    range();
    r.if(known, () => {
      const ascending = known.eq(order.ascending);
      const [first, step] = [ascending.select(zero, n.sub(1)), ascending.select(constant('i32', 1), -1)];
      r.run(positions, n, to, first, step);
      r.return();
    });
    r.set(sorted, area.add(TABLE_BYTES));
    r.set(end, sorted.add(n.shl(3)));
    r.run(pack, n, from, zero, sorted, shift, least);
    const inRecord = r.let(long ? span.shr(shift.wide()).low() : span);
    const digits = digitsFor(r, n, zero, inRecord, 32);
    const first = constant('i64', 0);
    r.run(radix, n, sorted, sorted, end, area, digits.shift.add(32), digits.width, digits.passes, first);
    const settled = (): Value => r.call(finish, sorted, end, sorted, end, from, digits.shift, n.mul(4));
    const which = r.local('i32');
    r.block((done) => {
      if (exact) done.when(shift.or(digits.shift).isZero());
      done.when(settled());
      r.loop((again) => {
        r.run(packWord, n, from, which.select(to, zero), zero, sorted, which);
        r.run(radix, n, sorted, sorted, end, area, constant('i32', 32), constant('i32', 11), constant('i32', 3), first);
        r.run(unpack, n, sorted, to);
        again.when(which.tee(which.add(1)).lt(words));
      });
      r.return();
    });
    r.run(unpack, n, sorted, to);
  });
}

/** apply(n, source, positions, target): the elements at n positions. */
export function addApply(module: ModuleCode, bytes: number): Callee {
  return define(module, ['i32', 'i32', 'i32', 'i32'], undefined, (r, n, from, positions, to) => {
    const end = r.let(positions.add(n.shl(2)));
    const element = r.local('i32');
    const lane = bytes >= 8 ? 'u64' : bytes === 4 ? 'u32' : bytes === 2 ? 'u16' : 'u8';
    r.while(positions.lt(end), () => {
      r.set(element, from.add(r.load('i32', positions).mul(bytes)));
      for (let i = 0; i < bytes; i += 8) r.store(lane, to, r.load(lane, element, i), i);
      r.bump(to, bytes);
      r.bump(positions, 4);
    });
  });
}

/** run(rows, n, source, positions, target): rows of n elements in the order of their positions. */
export function addApplyRows(module: ModuleCode, bytes: number): void {
  const apply = addApply(module, bytes);
  define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, rows, n, from, positions, to) => {
      r.while(rows, () => {
        r.run(apply, n, from, positions, to);
        r.bump(from, n.mul(bytes));
        r.bump(positions, n.shl(2));
        r.bump(to, n.mul(bytes));
        r.bump(rows, -1);
      });
    },
    'run',
  );
}

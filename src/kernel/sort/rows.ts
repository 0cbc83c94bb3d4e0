// Sorting of contiguous rows of real elements, each in one call: short rows by merging, ordered ones not at all, others
// by their leading digits (radix.ts). Rows too long for one call are sorted in parts by exec/sort.ts.

import { type Callee, constant, define, type Routine, type Value, type Variable } from '../wasm/assembler.ts';
import type { ModuleCode } from '../wasm/encoder.ts';
import type { Keys } from './keys.ts';
import { addNetwork, networkBytes, networks, sideBySide } from './network.ts';
import {
  addCount,
  addFinish,
  addPrefix,
  addRadix,
  addScatter,
  addSurvey,
  exactSource,
  keyPrefix,
  order,
  type Prefix,
  type RadixParts,
  TABLE_BYTES,
} from './radix.ts';
import { addSmall, SMALL, smallBytes } from './small.ts';

/** Two keys of 64 bits that `survey` writes, and room to align. */
export const RECORD_BYTES = 64;

/** Bytes of work space to sort rows of n elements. */
export function rowsScratch(n: number, keys: Keys): number {
  const small = Math.max(networkBytes(Math.min(n, SMALL)), smallBytes(Math.min(n, SMALL), keys.type === 'i64' ? 8 : 4));
  return RECORD_BYTES + (n <= SMALL ? small : TABLE_BYTES + n * keys.bytes);
}

/** Bits of a prefix that tells most of 2^m elements apart, less m: a sign and an exponent, and two more. */
export const PREFIX_BITS = 14;
/** Most bits that are sorted by before the rest is looked at: three digits. */
export const MOST_BITS = 33;
/** Bits of the widest digit, for at least so many elements: for fewer, many counters cost more than elements. */
export const WIDE = { bits: 11, from: 4096, otherwise: 8 } as const;

/** The digits of a sort in locals: `passes` of `width` bits from bit `shift`, of keys with `bits` significant bits. */
export interface Digits {
  readonly bits: Variable;
  readonly width: Variable;
  readonly passes: Variable;
  readonly shift: Variable;
}

/** Chooses digits for n elements whose keys span least … greatest, or all digits. */
export function digitsFor(r: Routine, n: Value, least: Value, greatest: Value, most: number): Digits {
  const long = least.type === 'i64';
  const zeros = greatest.sub(least).clz();
  const bits = r.let(constant('i32', long ? 64 : 32).sub(long ? zeros.low() : zeros));
  const wanted = r.let(constant('i32', PREFIX_BITS + 31).sub(n.clz()));
  r.set(wanted, wanted.lt(bits).select(wanted, bits));
  r.set(wanted, wanted.lt(most).select(wanted, most));
  r.set(wanted, wanted.or(wanted.isZero())); // a span of 0 has one digit
  const width = r.let(n.lt(WIDE.from).select(constant('i32', WIDE.otherwise), WIDE.bits));
  const passes = r.let(wanted.add(width).sub(1).div(width));
  r.set(width, wanted.add(passes).sub(1).div(passes));
  const shift = r.let(bits.sub(width.mul(passes)));
  r.set(shift, shift.lessSigned(0).select(constant('i32', 0), shift));
  return { bits, width, passes, shift };
}

export function addRadixParts(module: ModuleCode, prefix: Prefix, keys: Keys): RadixParts {
  return {
    count: addCount(module, prefix),
    prefix: addPrefix(module),
    scatter: addScatter(module, prefix, keys),
  };
}

/** run(rows, n, source, target, work): rows of n elements one after another; source may be target. */
export function addSortRows(module: ModuleCode, keys: Keys): void {
  const row = addSortRow(module, keys);
  const { type } = keys;
  const network = addNetwork(module, type);
  const { rows: abreast, longest } = networks[type];
  define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, rows, n, from, to, work) => {
      const bytes = r.let(n.mul(keys.bytes));
      const scratch = r.local(type);
      const next = (count: number): void => {
        r.bump(from, bytes.mul(count));
        r.bump(to, bytes.mul(count));
        r.bump(rows, -count);
      };
      const element = (start: Value, of: number, i: Value): Value =>
        start.add(of === 0 ? i.mul(keys.bytes) : bytes.mul(of).add(i.mul(keys.bytes)));
      r.if(n.le(longest), () => {
        r.while(constant('i32', abreast - 1).lt(rows), () => {
          const read = (of: number, i: Value): Value => keys.exact(keys.loadBits(r, element(from, of, i)), scratch);
          sideBySide(r, network, type, n, work, read, (of, i, key) =>
            keys.storeBits(r, element(to, of, i), keys.bitsOf(key, scratch)),
          );
          next(abreast);
        });
      });
      r.while(rows, () => {
        r.run(row, n, from, to, work);
        next(1);
      });
    },
    'run',
  );
}

export function addSortRow(module: ModuleCode, keys: Keys): Callee {
  const { type, bytes } = keys;
  const source = exactSource(keys);
  const small = addSmall(
    module,
    type,
    ['i32'],
    (_, [from]) =>
      (r, index, scratch) =>
        keys.exact(keys.loadBits(r, from.add(index.mul(bytes))), scratch),
  );
  const survey = addSurvey(module, source, false);
  const prefix = keyPrefix(keys.name, source);
  const radix = addRadix(module, prefix, addRadixParts(module, prefix, keys));
  const finish = addFinish(module, source, prefix, keys);
  const write = addWrite(module, keys);
  const reverse = addReverse(module, keys);
  return define(module, ['i32', 'i32', 'i32', 'i32'], undefined, (r, n, from, to, work) => {
    const size = r.let(n.mul(bytes));
    r.if(n.le(SMALL), () => {
      r.run(write, size, r.call(small, n, work, from), to);
      r.return();
    });
    const table = r.let(work.add(RECORD_BYTES));
    const other = r.let(table.add(TABLE_BYTES));
    const known = r.let(r.call(survey, n, from, work));
    r.if(known.eq(order.descending), () => {
      r.run(reverse, other, from, size);
      r.set(from, other);
    });
    r.if(known.ne(order.none), () => {
      r.if(from.ne(to), () => r.copy(to, from, size));
      r.return();
    });
    const least = r.let(r.load(type === 'i64' ? 'i64' : 'i32', work));
    const greatest = r.load(type === 'i64' ? 'i64' : 'i32', work, 8);
    const { bits, width, passes, shift } = digitsFor(r, n, least, greatest, MOST_BITS);
    r.run(radix, n, from, to, other, table, shift, width, passes, least);
    r.if(shift, () => {
      r.if(r.call(finish, to, to.add(size), to, to.add(size), shift, n.mul(8), least).isZero(), () => {
        const all = r.let(bits.add(WIDE.bits - 1).div(WIDE.bits));
        r.run(radix, n, to, to, other, table, constant('i32', 0), constant('i32', WIDE.bits), all, least);
      });
    });
  });
}

/** write(size, keys, target): elements of `size` bytes from their keys. */
function addWrite(module: ModuleCode, keys: Keys): Callee {
  const lane = keys.type === 'i64' ? 'u64' : 'u32';
  return define(module, ['i32', 'i32', 'i32'], undefined, (r, size, at, to) => {
    const scratch = r.local(keys.type);
    const end = r.let(to.add(size));
    r.while(to.lt(end), () => {
      keys.storeBits(r, to, keys.bitsOf(r.load(lane, at), scratch));
      r.bump(to, keys.bytes);
      r.bump(at, keys.type === 'i64' ? 8 : 4);
    });
  });
}

/** reverse(target, source, size): elements in reversed order. */
function addReverse(module: ModuleCode, keys: Keys): Callee {
  return define(module, ['i32', 'i32', 'i32'], undefined, (r, to, at, size) => {
    const back = r.let(to.add(size));
    r.while(to.lt(back), () => {
      r.bump(back, -keys.bytes);
      keys.storeBits(r, back, keys.loadBits(r, at));
      r.bump(at, keys.bytes);
    });
  });
}

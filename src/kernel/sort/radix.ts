// Radix sorting, least significant digit first, as the parts it consists of: survey (range and order), count, prefix,
// scatter, finish. Each is a function over a stretch of elements, so that long arrays can be cut for threads; `radix`
// calls them for one stretch. Only the leading digits are sorted, as many as tell most elements apart; `finish` inserts
// the few that are left, within a budget, after which the caller sorts by all digits.
// Sources: Knuth, TAOCP 3, 5.2.5; the insertion after an incomplete radix sort: Knuth, ibid., exercise 5.2.5-14.

import { type Callee, constant, define, type Routine, type Value, type Variable } from '../wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../wasm/encoder.ts';
import type { Keys } from './keys.ts';

/** Where keys come from: elements of `bytes` bytes, each with a key of a type. */
export interface Source {
  readonly type: 'i32' | 'i64';
  readonly bytes: number;
  /** The key of the element at an address; may write to `scratch`, a local of the key's type. */
  readonly key: (r: Routine, address: Value, scratch: Variable, offset?: number) => Value;
}

/** Keys that are one to one with elements. */
export const exactSource = (keys: Keys): Source => ({
  type: keys.type,
  bytes: keys.bytes,
  key: (r, address, scratch, offset) => keys.exact(keys.loadBits(r, address, offset), scratch),
});

/** Keys that are equal where elements are. */
export const mergedSource = (keys: Keys): Source => ({
  type: keys.type,
  bytes: keys.bytes,
  key: (r, address, scratch, offset) => keys.merged(r, address, scratch, offset),
});

/** Widest digit: 2048 counters of 4 bytes. */
export const MOST_DIGITS = 2048;
export const TABLE_BYTES: number = 4 * MOST_DIGITS;

/** What `survey` returns. */
export const order = { none: 0, ascending: 1, descending: 2 } as const;

/**
 * Leading digits of elements: unsigned numbers that never contradict the elements' order, computed with the help of
 * parameters that follow a function's own.
 */
export interface Prefix {
  readonly name: string;
  readonly type: 'i32' | 'i64';
  readonly bytes: number;
  readonly params: readonly WasmType[];
  /** The prefix of the element at an address; reserves the locals that it needs. */
  readonly open: (r: Routine, params: readonly Value[]) => (address: Value, offset?: number) => Value;
}

/** What a key is past the least one, its parameter. */
export const keyPrefix = (name: string, source: Source): Prefix => ({
  name,
  type: source.type,
  bytes: source.bytes,
  params: [source.type],
  open: (r, [least]) => {
    const scratch = r.local(source.type);
    return (address, offset = 0) => source.key(r, address, scratch, offset).sub(least);
  },
});

/**
 * x · scale + shift as an integer, of finite floats: digits of equal width in value, where the bits of floats spend
 * most of theirs on exponents. `shift` holds 1.5 · 2⁵², which makes the sum's low bits the integer.
 */
export const linearPrefix = (keys: Keys, bytes: number): Prefix => ({
  name: `linear.${keys.name}.${bytes}`,
  type: 'i32',
  bytes,
  params: ['f64', 'f64'],
  open:
    (r, [scale, shift]) =>
    (address, offset = 0) => {
      const x = r.load(keys.kind.lane, address, offset);
      return (x.type === 'f32' ? x.promote() : x).mul(scale).add(shift).bits().low();
    },
});

// Shifts of 64-bit prefixes take a 64-bit amount.
const shiftFor = (r: Routine, { type }: Prefix, shift: Value): Value => (type === 'i64' ? r.let(shift.wide()) : shift);

const digitOf = (prefix: Value, shift: Value, mask: Value): Value => {
  const digit = prefix.shr(shift);
  return (prefix.type === 'i64' ? digit.low() : digit).and(mask);
};

/** body for elements from `at` to `end`, four at a time as long as there are. */
function each(r: Routine, at: Variable, end: Value, bytes: number, body: (offset: number) => void): void {
  r.while(
    end
      .sub(at)
      .lt(4 * bytes)
      .isZero(),
    () => {
      for (let i = 0; i < 4; i++) body(i * bytes);
      r.bump(at, 4 * bytes);
    },
  );
  r.while(at.lt(end), () => {
    body(0);
    r.bump(at, bytes);
  });
}

/**
 * survey(n, source, record) → order: least and greatest key of n ≥ 1 elements go to record and record + 8, as 64-bit
 * integers, the order to record + 16. Ascending, or strictly descending; `strict` where equal keys do not mean equal
 * elements.
 */
export function addSurvey(module: ModuleCode, source: Source, strict: boolean, exportAs?: string): Callee {
  const { type, bytes, key } = source;
  return define(
    module,
    ['i32', 'i32', 'i32'],
    'i32',
    (r, n, from, record) => {
      const x = r.local(type);
      const scratch = r.local(type);
      const [least, greatest] = [r.local(type), r.local(type)];
      const at = r.let(from.add(bytes));
      const end = r.let(from.add(n.mul(bytes)));
      const answer = (code: number): void => {
        for (const [i, v] of [least, greatest].entries()) {
          r.store('i64', record, type === 'i64' ? v : v.wide(), 8 * i);
        }
        r.store('i32', record, code, 16);
        r.return(code);
      };
      r.set(least, key(r, from, scratch));
      r.set(greatest, least);
      r.block((unordered) => {
        r.block((notAscending) => {
          r.while(at.lt(end), () => {
            r.set(x, key(r, at, scratch));
            notAscending.when(strict ? x.le(greatest) : x.lt(greatest));
            r.set(greatest, x);
            r.bump(at, bytes);
          });
          answer(order.ascending);
        });
        unordered.when(at.ne(from.add(bytes)));
        r.while(at.lt(end), () => {
          r.set(x, key(r, at, scratch));
          unordered.when(least.le(x));
          r.set(least, x);
          r.bump(at, bytes);
        });
        answer(order.descending);
      });
      const [least2, greatest2] = [r.let(least), r.let(greatest)];
      each(r, at, end, bytes, (offset) => {
        const odd = (offset / bytes) % 2 === 1;
        r.set(x, key(r, at, scratch, offset));
        const [lo, hi] = odd ? [least2, greatest2] : [least, greatest];
        r.set(lo, x.lt(lo).select(x, lo));
        r.set(hi, hi.lt(x).select(x, hi));
      });
      r.set(least, least2.lt(least).select(least2, least));
      r.set(greatest, greatest.lt(greatest2).select(greatest2, greatest));
      answer(order.none);
    },
    exportAs,
  );
}

/** count(n, source, table, shift, mask, prefix…): how often each digit occurs. */
export function addCount(module: ModuleCode, prefix: Prefix, exportAs?: string): Callee {
  const { bytes } = prefix;
  return define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', ...prefix.params],
    undefined,
    (r, n, from, table, shift, mask, ...params) => {
      const at = r.let(from);
      const counter = r.local('i32');
      const by = shiftFor(r, prefix, shift);
      const prefixAt = prefix.open(r, params);
      const digits = mask.add(1);
      // Four tables where counters are few: an increment that meets one still under way waits for it.
      const step = r.let(digits.le(MOST_DIGITS / 4).select(digits.shl(2), 0));
      // A loop, not memory.fill: that is a call, and a call makes the engine keep parameters in memory for good.
      const tables = r.let(table.add(digits.shl(2)).add(step.mul(3)));
      r.set(counter, table);
      r.while(counter.lt(tables), () => {
        r.store('i64', counter, 0);
        r.bump(counter, 8);
      });
      each(r, at, r.let(from.add(n.mul(bytes))), bytes, (offset) => {
        const own = table.add(step.mul((offset / bytes) % 4));
        r.set(counter, own.add(digitOf(prefixAt(at, offset), by, mask).shl(2)));
        r.store('i32', counter, r.load('i32', counter).add(1));
      });
      r.if(step, () => {
        const end = r.let(table.add(step));
        r.set(counter, table);
        r.while(counter.lt(end), () => {
          const others = [1, 2, 3].map((k) => r.load('i32', counter.add(step.mul(k))));
          r.store(
            'i32',
            counter,
            others.reduce((sum, x) => sum.add(x), r.load('i32', counter)),
          );
          r.bump(counter, 4);
        });
      });
    },
    exportAs,
  );
}

/**
 * prefix(tables, count of tables, digits, target, bytes): counts become addresses, digit by digit, table by table; tables
 * are TABLE_BYTES apart.
 */
export function addPrefix(module: ModuleCode, exportAs?: string): Callee {
  return define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, tables, count, digits, target, bytes) => {
      const [digit, table, at, n] = [r.local('i32'), r.local('i32'), r.local('i32'), r.local('i32')];
      const running = r.let(target);
      r.while(digit.lt(digits), () => {
        r.set(table, 0);
        r.set(at, tables.add(digit.shl(2)));
        r.loop((again) => {
          r.set(n, r.load('i32', at));
          r.store('i32', at, running);
          r.bump(running, n.mul(bytes));
          r.bump(at, TABLE_BYTES);
          again.when(table.tee(table.add(1)).lt(count));
        });
        r.bump(digit, 1);
      });
    },
    exportAs,
  );
}

/** scatter(n, source, table, shift, mask, prefix…): every element to the address of its digit, in order. */
export function addScatter(module: ModuleCode, prefix: Prefix, keys: Keys, exportAs?: string): Callee {
  const { bytes } = prefix;
  return define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', ...prefix.params],
    undefined,
    (r, n, from, table, shift, mask, ...params) => {
      const at = r.let(from);
      const [place, to] = [r.local('i32'), r.local('i32')];
      const by = shiftFor(r, prefix, shift);
      const prefixAt = prefix.open(r, params);
      each(r, at, r.let(from.add(n.mul(bytes))), bytes, (offset) => {
        r.set(place, table.add(digitOf(prefixAt(at, offset), by, mask).shl(2)));
        r.set(to, r.load('i32', place));
        keys.storeBits(r, to, keys.loadBits(r, at, offset));
        r.store('i32', place, to.add(bytes));
      });
    },
    exportAs,
  );
}

/**
 * finish(from, to, first, end, shift, budget, prefix…) → done: inserts where neighbours of one prefix >> shift are out of
 * order. Works on the groups of equal prefixes that begin in [from, to) of the elements in [first, end), so
 * that parts of an array can be finished at the same time. 0 when more than `budget` moves were needed.
 */
export function addFinish(module: ModuleCode, source: Source, prefix: Prefix, keys: Keys): Callee {
  const { type, bytes, key } = source;
  return define(module, [...FINISH, ...prefix.params], 'i32', (r, from, to, first, end, shift, budget, ...params) => {
    const scratch = r.local(type);
    const by = shiftFor(r, prefix, shift);
    const prefixAt = prefix.open(r, params);
    for (const edge of [from, to]) skipGroup(r, edge, first, end, bytes, (address) => prefixAt(address).shr(by));
    r.if(from.lt(to), () => {
      const previous = r.let(key(r, from, scratch));
      const at = r.let(from.add(bytes));
      const x = r.local(type);
      const hole = r.local('i32');
      const bits = r.local(type);
      r.while(at.lt(to), () => {
        r.set(x, key(r, at, scratch));
        r.if(
          x.lt(previous),
          () => {
            r.set(bits, keys.loadBits(r, at));
            r.set(hole, at);
            r.loop((again) => {
              keys.storeBits(r, hole, keys.loadBits(r, hole.sub(bytes)));
              r.bump(hole, -bytes);
              r.bump(budget, -1);
              r.if(from.lt(hole), () => {
                again.when(x.lt(key(r, hole.sub(bytes), scratch)));
              });
            });
            keys.storeBits(r, hole, bits);
            r.if(budget.lessSigned(0), () => r.return(0));
          },
          () => r.set(previous, x),
        );
        r.bump(at, bytes);
      });
    });
    r.return(1);
  });
}
const FINISH = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;

/** The same with one parameter more, an address, where a 0 goes when it was not done: for parts run by other threads. */
export function addVerdict(module: ModuleCode, finish: Callee, more: readonly WasmType[]): void {
  define(
    module,
    [...FINISH, ...more, 'i32'],
    undefined,
    (r, ...given) => {
      const verdict = given[given.length - 1];
      r.if(r.call(finish, ...given.slice(0, -1)).isZero(), () => r.store('i32', verdict, 0));
    },
    'run',
  );
}

/** Moves an edge inside (first, end) up to where the next group of equal prefixes begins. */
export function skipGroup(
  r: Routine,
  edge: Variable,
  first: Value,
  end: Value,
  bytes: number,
  prefix: (address: Value) => Value,
): void {
  r.if(first.lt(edge), () => {
    r.block((leave) => {
      r.while(edge.lt(end), () => {
        leave.when(prefix(edge).ne(prefix(edge.sub(bytes))));
        r.bump(edge, bytes);
      });
    });
  });
}

/** The parts of a radix sort in a module. */
export interface RadixParts {
  readonly count: Callee;
  readonly prefix: Callee;
  readonly scatter: Callee;
}

/**
 * radix(n, source, target, other, table, shift, width, passes, prefix…): sorts by `passes` digits of `width` bits from bit
 * `shift` of the prefix. `other` has room for n elements; source may be target, not other.
 */
export function addRadix(module: ModuleCode, prefix: Prefix, parts: RadixParts): Callee {
  const { bytes } = prefix;
  return define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', ...prefix.params],
    undefined,
    (r, n, given, target, other, table, shift, width, passes, ...params) => {
      const from = r.let(given);
      const odd = passes.and(1);
      const mask = r.let(constant('i32', 1).shl(width).sub(1));
      r.if(from.eq(target).and(odd), () => {
        r.copy(other, from, n.mul(bytes));
        r.set(from, other);
      });
      const to = r.let(odd.select(target, other));
      r.loop((again) => {
        r.run(parts.count, n, from, table, shift, mask, ...params);
        r.run(parts.prefix, table, constant('i32', 1), mask.add(1), to, bytes);
        r.run(parts.scatter, n, from, table, shift, mask, ...params);
        r.set(from, to);
        r.set(to, to.eq(target).select(other, target));
        r.bump(shift, width);
        again.when(passes.tee(passes.sub(1)));
      });
    },
  );
}

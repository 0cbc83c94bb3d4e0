// Sorting of one long row, in parts on every thread: the phases of kernel/sort's radix sort, each a job over slices of
// the row. Every slice counts and scatters with a table of its own, laid out so that the result is that of one pass from
// left to right: neither threads nor slices show. Addresses and kernels only; arrays are sort.ts's.

import { type Kernel, kernelOf } from '../kernel/compile.ts';
import type { Keys } from '../kernel/sort/keys.ts';
import {
  addFinishOrder,
  addPack,
  addPackWord,
  addPositions,
  addUnpack,
  recordPrefix,
  records,
} from '../kernel/sort/order.ts';
import type { Ordering } from '../kernel/sort/ordering.ts';
import {
  addCount,
  addFinish,
  addPrefix,
  addScatter,
  addSurvey,
  addVerdict,
  exactSource,
  keyPrefix,
  order,
  TABLE_BYTES,
} from '../kernel/sort/radix.ts';
import { RECORD_BYTES } from '../kernel/sort/rows.ts';
import type { ModuleCode } from '../kernel/wasm/encoder.ts';
import { primarySegment, scratch } from '../memory/allocate.ts';
import { allDigits, type Digits, digitsFor, type Survey } from './sort_digits.ts';
import { piecesFor } from './threads/cut.ts';
import { pool } from './threads/pool.ts';

/** Rows of more elements are sorted here. */
export const LONG = 2 ** 16;
/** Most elements of a slice. */
const LONGEST_SLICE = 2 ** 18;

type Args = (number | bigint)[];

/** A stretch of a row. */
interface Slice {
  readonly start: number;
  readonly length: number;
  readonly number: number;
}

/** A row of n elements cut into slices, with room for what each of them counts and reports. */
class Row {
  readonly n: number;
  readonly segment = primarySegment();
  readonly threads: number;
  readonly slices: readonly Slice[];
  readonly tables: number;
  readonly reports: number;

  constructor(n: number) {
    this.n = n;
    this.threads = pool().threadsFor(this.segment, n);
    const length = Math.ceil(Math.min(LONGEST_SLICE, n / piecesFor(this.threads)) / 64) * 64;
    this.slices = Array.from({ length: Math.ceil(n / length) }, (_, number) => {
      const start = number * length;
      return { start, length: Math.min(length, n - start), number };
    });
    this.tables = scratch.take(this.segment, this.slices.length * TABLE_BYTES);
    this.reports = scratch.take(this.segment, this.slices.length * RECORD_BYTES);
  }

  /** Runs a kernel over all slices. */
  each(kernel: Kernel, args: (slice: Slice) => Args): void {
    if (this.threads > 1) {
      pool().job(kernel, this.segment, 'run', (job) => {
        for (const slice of this.slices) job.add(args(slice));
      });
      return;
    }
    const { run } = kernel.at(this.segment);
    for (const slice of this.slices) run(...args(slice));
  }

  /** Runs a kernel that writes a 0 to its last argument where it gave up; did none? */
  allDone(kernel: Kernel, args: (slice: Slice) => Args): boolean {
    const { i32 } = this.segment;
    for (const { number } of this.slices) i32[(this.reports + number * RECORD_BYTES) >>> 2] = 1;
    this.each(kernel, (slice) => [...args(slice), this.reports + slice.number * RECORD_BYTES]);
    return this.slices.every(({ number }) => this.segment.i32[(this.reports + number * RECORD_BYTES) >>> 2] !== 0);
  }

  /** Least and greatest key of the row, and whether it is in order. */
  survey(kernel: Kernel, from: number, bytes: number): Survey {
    this.each(kernel, ({ start, length, number }) => [
      Math.min(length + 1, this.n - start), // with the first element of the next slice, so that orders meet
      from + start * bytes,
      this.reports + number * RECORD_BYTES,
    ]);
    const { u64, i32 } = this.segment;
    let [least, greatest, known] = [2n ** 64n, 0n, -1];
    for (const { number } of this.slices) {
      const at = this.reports + number * RECORD_BYTES;
      if (u64[at / 8] < least) least = u64[at / 8];
      if (u64[at / 8 + 1] > greatest) greatest = u64[at / 8 + 1];
      const found = i32[at / 4 + 4];
      known = known === -1 || known === found ? found : order.none;
    }
    return { least, greatest, known };
  }
}

const phase = (name: string, add: (module: ModuleCode) => void): Kernel => kernelOf(`sort.${name}`, add);

/** Sorts by digits of a prefix from `given` into `target`; `other` has room for the row. `given` may be `target`. */
function radix(
  row: Row,
  keys: Keys,
  { prefix, params, width, count, shift }: Digits,
  given: number,
  target: number,
  other: number,
): void {
  const counting = phase(`count:${prefix.name}`, (module) => addCount(module, prefix, 'run'));
  const scattering = phase(`scatter:${prefix.name}`, (module) => addScatter(module, prefix, keys, 'run'));
  const addresses = phase('prefix', (module) => addPrefix(module, 'run')).at(row.segment).run;
  const { bytes } = keys;
  const digits = 2 ** width;
  let from = given;
  if (from === target && count % 2 === 1) {
    row.segment.copy(other, from, row.n * bytes);
    from = other;
  }
  let to = count % 2 === 1 ? target : other;
  for (let pass = 0; pass < count; pass++) {
    const args = ({ start, length, number }: Slice): Args => [
      length,
      from + start * bytes,
      row.tables + number * TABLE_BYTES,
      shift + pass * width,
      digits - 1,
      ...params,
    ];
    row.each(counting, args);
    addresses(row.tables, row.slices.length, digits, to, bytes);
    row.each(scattering, args);
    from = to;
    to = to === target ? other : target;
  }
}

// Scratch that was taken inside is given back.
function within(work: () => void): void {
  const mark = scratch.mark();
  try {
    work();
  } finally {
    scratch.release(mark);
  }
}

/** Sorts n elements at `from` to `to`, which may be the same place; scratch for as many. */
export function sortLong(keys: Keys, n: number, from: number, to: number): void {
  within(() => {
    const row = new Row(n);
    const { bytes, name } = keys;
    const { segment } = row;
    const source = exactSource(keys);
    const surveying = phase(`survey:${name}`, (module) => addSurvey(module, source, false, 'run'));
    const survey = row.survey(surveying, from, bytes);
    if (survey.known === order.ascending) {
      if (from !== to) segment.copy(to, from, n * bytes);
      return;
    }
    const other = scratch.take(segment, n * bytes);
    const digits = digitsFor(keys, keyPrefix(name, source), bytes, survey, { n, at: from, parts: 1 });
    radix(row, keys, digits, from, to, other);
    if (digits.exact) return;
    const { prefix, params, shift } = digits;
    const finishing = phase(`finish:${prefix.name}`, (module) =>
      addVerdict(module, addFinish(module, source, prefix, keys), prefix.params),
    );
    const done = row.allDone(finishing, ({ start, length }) => [
      to + start * bytes,
      to + (start + length) * bytes,
      to,
      to + n * bytes,
      shift,
      8 * length,
      ...params,
    ]);
    if (!done) radix(row, keys, allDigits(keys, keyPrefix(name, source), survey), to, to, other);
  });
}

/** Positions that sort n elements at `from`, to `to`; scratch of 16 bytes per element. */
export function orderLong(ordering: Ordering, n: number, from: number, to: number): void {
  within(() => {
    const row = new Row(n);
    const { coarse, part, bytes, name } = ordering;
    const { segment } = row;
    const surveying = phase(`survey.order:${name}`, (module) => addSurvey(module, coarse, !ordering.exact, 'run'));
    const survey = row.survey(surveying, from, bytes);
    if (survey.known !== order.none) {
      const positions = phase('positions', (module) => addPositions(module, 'run')).at(segment).run;
      if (survey.known === order.ascending) positions(n, to, 0, 1);
      else positions(n, to, n - 1, -1);
      return;
    }
    const area = scratch.take(segment, 16 * n);
    const other = area + 8 * n;
    const chosen = digitsFor(part, keyPrefix(`order.${name}`, coarse), records.bytes, survey, {
      n,
      at: from,
      parts: ordering.complex ? 2 : 1,
    });
    // A record has 32 bits of a prefix: those from the first digit on, or fewer digits.
    const lost = Math.max(0, chosen.bits - 32);
    const packing = phase(`pack:${chosen.prefix.name}`, (module) => addPack(module, chosen.prefix, 'run'));
    row.each(packing, ({ start, length }) => [
      length,
      from + start * bytes,
      start,
      area + 8 * start,
      lost,
      ...chosen.params,
    ]);
    const unpacking = phase('unpack', (module) => addUnpack(module, 'run'));
    const unpack = (): void => row.each(unpacking, ({ start, length }) => [length, area + 8 * start, to + 4 * start]);
    const inRecord = { prefix: recordPrefix, params: [0n], exact: true, bits: 64 };
    const shift = Math.max(0, chosen.shift - lost);
    radix(row, records, { ...chosen, ...inRecord, shift: shift + 32 }, area, area, other);
    const finishing = phase(`finish.order:${name}`, (module) =>
      addVerdict(module, addFinishOrder(module, ordering), ['i32']),
    );
    const done = (): boolean =>
      row.allDone(finishing, ({ start, length }) => [
        area + 8 * start,
        area + 8 * (start + length),
        area,
        area + 8 * n,
        from,
        shift,
        4 * length,
      ]);
    if ((ordering.exact && chosen.exact) || done()) {
      unpack();
      return;
    }
    const packingWords = phase(`word:${name}`, (module) => addPackWord(module, ordering, 'run'));
    for (let word = 0; word < ordering.words; word++) {
      const places = word === 0 ? () => 0 : (start: number) => to + 4 * start;
      row.each(packingWords, ({ start, length }) => [length, from, places(start), start, area + 8 * start, word]);
      radix(row, records, { ...inRecord, width: 8, count: 4, shift: 32 }, area, area, other);
      unpack();
    }
  });
}

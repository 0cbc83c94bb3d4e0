// What masks do to runs of elements: count the true ones, list their positions, pack the elements they select, and put
// elements back under them. A mask is read 16 bytes at a time as 16 bits; groups of all false cost one branch, groups of
// all true one block copy, mixed ones are packed without a branch per element: 8 bits look up the order of the elements
// they keep (as in "SIMD compression": Lemire, Boytsov, Kurz, 2016).

import { registerTable } from '../tables.ts';
import { FunctionCode, type ModuleCode } from '../wasm/encoder.ts';
import { laneMoves, scalarMemory, simd, simdOps } from '../wasm/opcodes.ts';
import { moveItem } from './moves.ts';

/** Finds a constant table in the segment at hand. */
export type TableAddress = (id: number) => number;

// For each byte the positions of its bits, lowest first, in 8 bytes.
const kept = registerTable('bits kept', 'u8', keptBits());
function keptBits(): Int32Array {
  const bytes = new Uint8Array(256 * 8);
  for (let b = 0; b < 256; b++) {
    let n = 0;
    for (let bit = 0; bit < 8; bit++) if ((b >> bit) & 1) bytes[8 * b + n++] = bit;
  }
  return new Int32Array(bytes.buffer);
}

const GROUP = 16;
const BITMASK = 100; // i8x16.bitmask
const ALL = 0xffff;
const [SWIZZLE, WIDEN_BYTES, WIDEN_LOW, WIDEN_HIGH] = [14, 2, 169, 170];

/** Pushes the bits of the 16 mask bytes at a pointer. */
function pushBits(f: FunctionCode, mask: number): void {
  f.get(mask).simd(simd.load).memarg(0);
  f.simd(simd.const).op(...new Array<number>(16).fill(0));
  f.simd(simdOps.ne?.i8 ?? 0).simd(BITMASK);
}

/** For each `width` bits of the group: sets `part` to them, runs `write` with the number of the first, moves `out` on. */
function eachPart(
  f: FunctionCode,
  bits: number,
  width: number,
  out: number,
  item: number,
  write: (part: number, at: number) => void,
): void {
  const part = f.local('i32');
  for (let at = 0; at < GROUP; at += width) {
    f.get(bits)
      .i32(at)
      .op(0x76)
      .i32((1 << width) - 1)
      .op(0x71)
      .set(part);
    write(part, at);
    f.get(out).get(part).op(0x69).i32(item).op(0x6c).op(0x6a).set(out);
  }
}

interface Scan {
  readonly n: number;
  readonly mask: number;
  /** Local with the bits of the group. */
  readonly bits: number;
  /** Does the work for element `k` of the group, a local; or, without one, for the element that pointers are at. */
  readonly one: (k: number | undefined) => void;
  /** All 16. */
  readonly every: () => void;
  /** Any number of them without a branch; `roomy` pushes whether it may write as if all were true. */
  readonly packed?: { readonly roomy: () => void; readonly write: () => void };
  /** Moves on what moves with the elements, chosen or not. */
  readonly advance: (elements: number) => void;
}

// The loop over a mask.
function emitScan(f: FunctionCode, s: Scan): void {
  const k = f.local('i32');
  const chosen = (): void => {
    f.loop();
    f.get(s.bits).op(0x68).set(k);
    s.one(k);
    f.get(s.bits).get(s.bits).i32(1).op(0x6b).op(0x71).tee(s.bits).brIf(0).end();
  };
  f.get(s.n).i32(GROUP).op(0x4f).if().loop();
  pushBits(f, s.mask);
  f.tee(s.bits).if();
  f.get(s.bits).i32(ALL).op(0x46).if();
  s.every();
  f.else();
  if (s.packed === undefined) chosen();
  else {
    s.packed.roomy();
    f.if();
    s.packed.write();
    f.else();
    chosen();
    f.end();
  }
  f.end().end();
  s.advance(GROUP);
  f.bump(s.mask, GROUP).bump(s.n, -GROUP);
  f.get(s.n).i32(GROUP).op(0x4f).brIf(0).end().end();
  f.get(s.n).if().loop();
  f.get(s.mask).op(scalarMemory.u8[0]).memarg(0).if();
  s.one(undefined);
  f.end();
  s.advance(1);
  f.bump(s.mask, 1).get(s.n).i32(1).op(0x6b).tee(s.n).brIf(0).end().end();
}

/** Adds run(n, mask): how many are true. */
export function addCount(module: ModuleCode): void {
  const f = new FunctionCode(['i32', 'i32'], ['i32']);
  module.add(f, 'run');
  const [n, mask] = [0, 1];
  const total = f.local('i32');
  const [lanes, sums] = [f.local('v128'), f.local('v128')];
  const rounds = f.local('i32');
  // bytes count up to 255 and are then added to four wide sums
  f.get(n).i32(GROUP).op(0x4f).if().loop();
  f.simd(simd.const)
    .op(...new Array<number>(16).fill(0))
    .set(lanes);
  f.i32(0).set(rounds).loop();
  f.get(lanes).get(mask).simd(simd.load).memarg(0);
  f.simd(simd.const).op(...new Array<number>(16).fill(0));
  f.simd(simdOps.ne?.i8 ?? 0)
    .simd(simdOps.sub?.i8 ?? 0)
    .set(lanes);
  f.bump(mask, GROUP).bump(n, -GROUP).bump(rounds, 1);
  f.get(rounds).i32(255).op(0x49).get(n).i32(GROUP).op(0x4f).op(0x71).brIf(0).end();
  f.get(sums)
    .get(lanes)
    .simd(125)
    .simd(127)
    .simd(simdOps.add?.i32 ?? 0)
    .set(sums); // pairwise to 16, to 32 bits
  f.get(n).i32(GROUP).op(0x4f).brIf(0).end().end();
  f.get(n).if().loop();
  f.get(total).get(mask).op(scalarMemory.u8[0]).memarg(0).i32(0).op(0x47).op(0x6a).set(total);
  f.bump(mask, 1).get(n).i32(1).op(0x6b).tee(n).brIf(0).end().end();
  f.get(total);
  for (let lane = 0; lane < 4; lane++) f.get(sums).simd(27).op(lane).op(0x6a);
}

/** Adds run(n, mask, out, number, end): the numbers of the true elements, counted from `number`, to out … end. */
export function addPositions(module: ModuleCode, tableAddress: TableAddress): void {
  const f = new FunctionCode(['i32', 'i32', 'i32', 'i32', 'i32'], ['i32']);
  module.add(f, 'run');
  const [n, mask, out, number, end] = [0, 1, 2, 3, 4];
  const bits = f.local('i32');
  const [order, base] = [f.local('v128'), f.local('v128')];
  const store = (push: () => void, offset: number): void => {
    f.get(out);
    push();
    f.op(scalarMemory.i32[1]).memarg(offset);
  };
  emitScan(f, {
    n,
    mask,
    bits,
    one: (k) => {
      store(() => (k === undefined ? f.get(number) : f.get(number).get(k).op(0x6a)), 0);
      f.bump(out, 4);
    },
    every: () => {
      for (let k = 0; k < GROUP; k++) store(() => f.get(number).i32(k).op(0x6a), 4 * k);
      f.bump(out, 4 * GROUP);
    },
    packed: {
      roomy: () =>
        f
          .get(end)
          .get(out)
          .op(0x6b)
          .i32(4 * GROUP)
          .op(0x4f),
      write: () => {
        eachPart(f, bits, 8, out, 4, (part, at) => {
          f.get(part).i32(3).op(0x74).simd(WIDEN_BYTES).memarg(tableAddress(kept)).set(order);
          f.get(number).i32(at).op(0x6a).simd(laneMoves.i32.splat).set(base);
          [WIDEN_LOW, WIDEN_HIGH].forEach((widen, half) => {
            f.get(out)
              .get(order)
              .simd(widen)
              .get(base)
              .simd(simdOps.add?.i32 ?? 0);
            f.simd(simd.store).memarg(16 * half);
          });
        });
      },
    },
    advance: (elements) => f.bump(number, elements),
  });
  f.get(out);
}

// How the bytes of several elements are put in order at once: how many, and the order from the bits on the stack.
const repeat = (pattern: readonly number[]): number[] =>
  Array.from({ length: 16 }, (_, b) => pattern[b % pattern.length]);
const byteOrders: Readonly<Record<number, { together: number; order: (f: FunctionCode, table: number) => void }>> = {
  1: { together: 8, order: (f, table) => f.simd(simd.load64Zero).memarg(table) },
  2: {
    together: 8,
    order: (f, table) => {
      f.simd(WIDEN_BYTES).memarg(table); // element e is bytes 2e and 2e + 1
      f.simd(simd.const)
        .op(...repeat([2, 2]))
        .simd(simdOps.mul?.i16 ?? 0);
      f.simd(simd.const)
        .op(...repeat([0, 1]))
        .simd(simdOps.add?.i16 ?? 0);
    },
  },
  4: {
    together: 4,
    order: (f, table) => {
      f.simd(WIDEN_BYTES).memarg(table);
      f.simd(WIDEN_LOW)
        .simd(simd.const)
        .op(...repeat([4, 4, 4, 4]))
        .simd(simdOps.mul?.i32 ?? 0);
      f.simd(simd.const)
        .op(...repeat([0, 1, 2, 3]))
        .simd(simdOps.add?.i32 ?? 0);
    },
  },
};

/** Adds run(n, mask, from, out, end): the elements that the mask selects, side by side, to out … end. */
export function addPack(module: ModuleCode, item: number, tableAddress: TableAddress): void {
  const f = new FunctionCode(['i32', 'i32', 'i32', 'i32', 'i32'], ['i32']);
  module.add(f, 'run');
  const [n, mask, from, out, end] = [0, 1, 2, 3, 4];
  const [bits, address] = [f.local('i32'), f.local('i32')];
  const row = byteOrders[item];
  const part = row === undefined ? item : row.together * item;
  const room = GROUP * item + (row === undefined ? 0 : 16 - part); // the last part is stored as a whole register
  emitScan(f, {
    n,
    mask,
    bits,
    one: (k) => {
      if (k !== undefined) f.get(from).get(k).i32(item).op(0x6c).op(0x6a).set(address);
      moveItem(f, item, out, 0, k === undefined ? from : address, 0);
      f.bump(out, item);
    },
    every: () => {
      for (let b = 0; b < item; b++) moveItem(f, 16, out, 16 * b, from, 16 * b);
      f.bump(out, GROUP * item);
    },
    packed: {
      roomy: () => f.get(end).get(out).op(0x6b).i32(room).op(0x4f),
      write: () => {
        if (row === undefined) {
          eachPart(f, bits, 1, out, item, (_, k) => moveItem(f, item, out, 0, from, k * item));
          return;
        }
        eachPart(f, bits, row.together, out, item, (taken, at) => {
          f.get(out)
            .get(from)
            .simd(part === 8 ? simd.load64Zero : simd.load)
            .memarg(at * item);
          f.get(taken).i32(3).op(0x74);
          row.order(f, tableAddress(kept));
          f.simd(SWIZZLE).simd(simd.store).memarg(0);
        });
      },
    },
    advance: (elements) => f.bump(from, elements * item),
  });
  f.get(out);
}

/** Adds run(n, mask, to, values): puts the next value where the mask is true; returns where the values go on. */
export function addUnpack(module: ModuleCode, item: number): void {
  const f = new FunctionCode(['i32', 'i32', 'i32', 'i32'], ['i32']);
  module.add(f, 'run');
  const [n, mask, to, values] = [0, 1, 2, 3];
  const [bits, address] = [f.local('i32'), f.local('i32')];
  emitScan(f, {
    n,
    mask,
    bits,
    one: (k) => {
      if (k !== undefined) f.get(to).get(k).i32(item).op(0x6c).op(0x6a).set(address);
      moveItem(f, item, k === undefined ? to : address, 0, values, 0);
      f.bump(values, item);
    },
    every: () => {
      for (let b = 0; b < item; b++) moveItem(f, 16, to, 16 * b, values, 16 * b);
      f.bump(values, GROUP * item);
    },
    advance: (elements) => f.bump(to, elements * item),
  });
  f.get(values);
}

/**
 * Adds run(n, positions, size, rows, columns, step): position = row · size + column for each of n ascending positions;
 * results `step` bytes apart. `rows` may be `positions`.
 */
export function addCoordinates(module: ModuleCode): void {
  const f = new FunctionCode(new Array<'i32'>(6).fill('i32'));
  module.add(f, 'run');
  const [n, positions, size, rows, columns, step] = [0, 1, 2, 3, 4, 5];
  const [p, row, start] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(n).op(0x45).if().return().end();
  f.loop();
  f.get(positions).op(scalarMemory.i32[0]).memarg(0).tee(p);
  // ascending: a new row is looked for only when the present one is left
  f.get(start).op(0x6b).get(size).op(0x4f).if();
  f.get(p).get(size).op(0x6e).tee(row).get(size).op(0x6c).set(start).end();
  f.get(rows).get(row).op(scalarMemory.i32[1]).memarg(0);
  f.get(columns).get(p).get(start).op(0x6b).op(scalarMemory.i32[1]).memarg(0);
  f.bump(positions, 4).bumpBy(rows, step).bumpBy(columns, step);
  f.get(n).i32(1).op(0x6b).tee(n).brIf(0).end();
}

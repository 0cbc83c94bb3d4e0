// Matrix times vector by dot products along rows; with one row, the dot product. Four registers of partial sums per row,
// joined every SPAN elements: the order of a sum depends on its length alone, not on strides or on the other rows.
// Strided vectors and rows are gathered, a span at a time. Sums by columns are column_kernel.ts's.

import { FunctionCode, type ModuleCode } from '../../kernel/wasm/encoder.ts';
import { laneMemory, simd } from '../../kernel/wasm/opcodes.ts';
import { type ElementRow, itemBytes, perVector } from './elements.ts';
import { accumulate, pushJoined } from './micro_kernel.ts';
import { copyElement } from './pack.ts';

/** Elements of a dot product that are summed before they join the total. */
export const SPAN = 2048;
const REGISTERS = 4;

/** Bytes of scratch that a run takes: one span of the vector and one of a row. */
export const rowScratch = (k: number, e: ElementRow): number => 2 * Math.min(k, SPAN) * itemBytes(e) + 16;

const i32s = (n: number) => new Array<'i32'>(n).fill('i32');
const shuffled = (by: (byte: number) => number): number[] => Array.from({ length: 16 }, (_, b) => by(b));

/** gather(n, source, stride, target): elements side by side. */
function addGather(module: ModuleCode, e: ElementRow): number {
  const f = new FunctionCode(i32s(4));
  const [n, source, stride, target] = [0, 1, 2, 3];
  f.loop();
  copyElement(f, e, source, target, 0, false);
  f.bumpBy(source, stride).bump(target, itemBytes(e));
  f.get(n).i32(1).op(0x6b).tee(n).brIf(0).end();
  return module.add(f);
}

/** Loads one element at an address; lanes above it hold anything that does no harm. */
export function pushSingle(f: FunctionCode, e: ElementRow, address: number): void {
  const bytes = itemBytes(e);
  f.get(address);
  if (bytes === 16) f.simd(simd.load).memarg(0);
  else if (bytes === 8) f.simd(simd.load64Zero).memarg(0);
  else f.simd(laneMemory[e.width].splat).memarg(0);
}

/** Stores the first element of the register on the stack; the address was pushed before it. */
export function storeSingle(f: FunctionCode, e: ElementRow): void {
  const bytes = itemBytes(e);
  if (bytes === 16) f.simd(simd.store).memarg(0);
  else
    f.simd(laneMemory[e.parts === 2 ? 8 : e.width].store)
      .memarg(0)
      .op(0);
}

/** dots(k, a, row stride, x, y, add): `rows` neighbouring dot products of side-by-side elements. */
function addDots(module: ModuleCode, e: ElementRow, rows: number, conjugate: boolean): number {
  const f = new FunctionCode(i32s(6));
  const [k, a, rowStride, x, y, add] = [0, 1, 2, 3, 4, 5];
  const { parts } = e;
  const vectors = (n: number): number[] => Array.from({ length: n }, () => f.local('v128'));
  // [row][register][part of x]
  const acc = Array.from({ length: rows }, () => Array.from({ length: REGISTERS }, () => vectors(parts)));
  const at = Array.from({ length: rows }, (_, r) => (r === 0 ? a : f.local('i32')));
  const [left, total] = vectors(2);
  const right = vectors(parts);
  const per = perVector(e);
  at.forEach((p, r) => {
    if (r > 0)
      f.get(at[r - 1])
        .get(rowStride)
        .op(0x6a)
        .set(p);
  });

  /** Takes the register on the stack as x and spreads its parts. */
  const splitRight = (): void => {
    f.set(right[0]);
    if (parts === 1) return;
    const part = (p: number): number[] =>
      shuffled((b) => Math.floor(b / (2 * e.width)) * 2 * e.width + p * e.width + (b % e.width));
    f.get(right[0]).get(right[0]).shuffle(part(1)).set(right[1]);
    f.get(right[0]).get(right[0]).shuffle(part(0)).set(right[0]);
  };
  const pass = (registers: number): void => {
    f.get(k)
      .i32(per * registers)
      .op(0x4f)
      .if()
      .loop();
    for (let j = 0; j < registers; j++) {
      f.get(x)
        .simd(simd.load)
        .memarg(16 * j);
      splitRight();
      for (let r = 0; r < rows; r++) {
        f.get(at[r])
          .simd(simd.load)
          .memarg(16 * j)
          .set(left);
        for (let p = 0; p < parts; p++) accumulate(f, e, false, acc[r][j][p], left, right[p]);
      }
    }
    for (const p of [x, ...at]) f.bump(p, 16 * registers);
    f.get(k)
      .i32(per * registers)
      .op(0x6b)
      .tee(k)
      .i32(per * registers)
      .op(0x4f)
      .brIf(0)
      .end()
      .end();
  };
  pass(REGISTERS);
  pass(1);
  // Registers, then lanes, by halves: the first element of register 0 holds the sum of each part.
  for (const row of acc) {
    for (let p = 0; p < parts; p++) {
      for (let half = REGISTERS / 2; half >= 1; half /= 2) {
        for (let j = 0; j < half; j++)
          f.get(row[j][p])
            .get(row[j + half][p])
            .simd(e.add)
            .set(row[j][p]);
      }
      for (let bytes = 8; bytes >= itemBytes(e); bytes /= 2) {
        f.get(row[0][p])
          .get(row[0][p])
          .get(row[0][p])
          .shuffle(shuffled((b) => (b + bytes) % 16))
          .simd(e.add)
          .set(row[0][p]);
      }
    }
  }
  f.get(k).if().loop();
  pushSingle(f, e, x);
  splitRight();
  acc.forEach((row, r) => {
    pushSingle(f, e, at[r]);
    f.set(left);
    for (let p = 0; p < parts; p++) accumulate(f, e, false, row[0][p], left, right[p]);
  });
  for (const p of [x, ...at]) f.bump(p, itemBytes(e));
  f.get(k).i32(1).op(0x6b).tee(k).brIf(0).end().end();
  for (const row of acc) {
    if (parts === 1) f.get(row[0][0]);
    else if (!conjugate) pushJoined(f, e, row[0][0], row[0][1]);
    else {
      // conj(a)·x: the same with the imaginary part of a negated, which is part 1 of both registers
      for (const p of row[0]) {
        f.get(p)
          .simd(simd.const)
          .op(...shuffled((b) => (b % (2 * e.width) === 2 * e.width - 1 ? 0x80 : 0)));
        f.simd(81).set(p); // xor
      }
      pushJoined(f, e, row[0][0], row[0][1]);
    }
    f.set(total);
    f.get(add).if();
    pushSingle(f, e, y);
    f.get(total).simd(e.add).set(total).end();
    f.get(y).get(total);
    storeSingle(f, e);
    f.bump(y, itemBytes(e));
  }
  return module.add(f);
}

/**
 * run(m, k, a, row stride, column stride, x, x stride, y, scratch): y = A·x into neighbouring elements, m, k ≥ 1. With
 * `conjugate` the elements of A are conjugated.
 */
export function addRowKernel(module: ModuleCode, e: ElementRow, conjugate: boolean): void {
  const item = itemBytes(e);
  const together = e.parts === 1 ? 2 : 1;
  const gather = addGather(module, e);
  const one = addDots(module, e, 1, conjugate);
  const more = together === 1 ? one : addDots(module, e, together, conjugate);

  // rows(m, k, a, row stride, column stride, x, y, add, buffer): one span of every row
  const rows = new FunctionCode(i32s(9));
  const rowsIndex = module.add(rows);
  {
    const f = rows;
    const [m, k, a, rowStride, columnStride, x, y, add, buffer] = Array.from({ length: 9 }, (_, i) => i);
    f.get(columnStride).i32(item).op(0x47).if().loop();
    f.get(k).get(a).get(columnStride).get(buffer).call(gather);
    f.get(k).get(buffer).i32(0).get(x).get(y).get(add).call(one);
    f.bumpBy(a, rowStride).bump(y, item);
    f.get(m).i32(1).op(0x6b).tee(m).brIf(0).end().return().end();
    f.get(m).i32(together).op(0x4f).if().loop();
    f.get(k).get(a).get(rowStride).get(x).get(y).get(add).call(more);
    for (let r = 0; r < together; r++) f.bumpBy(a, rowStride);
    f.bump(y, together * item);
    f.get(m).i32(together).op(0x6b).tee(m).i32(together).op(0x4f).brIf(0).end().end();
    f.get(m).if();
    f.get(k).get(a).get(rowStride).get(x).get(y).get(add).call(one);
    f.end();
  }

  const f = new FunctionCode(i32s(9));
  const [m, k, a, rowStride, columnStride, x, xStride, y, scratch] = Array.from({ length: 9 }, (_, i) => i);
  const [span, vector, buffer, add] = Array.from({ length: 4 }, () => f.local('i32'));
  f.get(scratch).get(k).i32(SPAN).get(k).i32(SPAN).op(0x49).op(0x1b).tee(span).i32(item).op(0x6c).op(0x6a).set(buffer);
  f.loop();
  f.get(k).i32(SPAN).get(k).i32(SPAN).op(0x49).op(0x1b).set(span);
  f.get(x).set(vector);
  f.get(xStride).i32(item).op(0x47).if();
  f.get(span).get(x).get(xStride).get(scratch).call(gather).get(scratch).set(vector);
  f.end();
  f.get(m).get(span).get(a).get(rowStride).get(columnStride).get(vector).get(y).get(add).get(buffer).call(rowsIndex);
  f.get(a).get(span).get(columnStride).op(0x6c).op(0x6a).set(a);
  f.get(x).get(span).get(xStride).op(0x6c).op(0x6a).set(x);
  f.i32(1).set(add);
  f.get(k).get(span).op(0x6b).tee(k).brIf(0).end();
  module.add(f, 'run');
}

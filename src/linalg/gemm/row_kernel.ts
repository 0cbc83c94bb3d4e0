// Matrix times vector by dot products along rows; with one row, the dot product. Four registers of partial sums per row,
// joined every SPAN elements: the order of a sum depends on its length alone, not on strides or on the other rows.
// Strided vectors and rows are gathered, a span at a time. Sums by columns are column_kernel.ts's.

import { FunctionCode, type ModuleCode } from '../../kernel/wasm/encoder.ts';
import { laneMemory, simd, simdOps } from '../../kernel/wasm/opcodes.ts';
import { type ElementRow, itemBytes, perVector } from './elements.ts';
import { accumulate, pushJoined } from './micro_kernel.ts';
import { copyElement } from './pack.ts';

/** Elements of a dot product that are summed before they join the total. */
export const SPAN = 2048;
const REGISTERS = 4;
const xor = simdOps.xor?.u8 ?? 0;

/** Bytes of scratch that a run takes: one span of the vector and one of a row. */
export const rowScratch = (k: number, e: ElementRow): number => 2 * Math.min(k, SPAN) * itemBytes(e) + 16;

const i32s = (n: number) => new Array<'i32'>(n).fill('i32');
const shuffled = (by: (byte: number) => number): number[] => Array.from({ length: 16 }, (_, b) => by(b));

/** gather(n, source, stride, target): elements side by side. */
export function addGather(module: ModuleCode, e: ElementRow): number {
  const f = new FunctionCode(i32s(4));
  const [n, source, stride, target] = [0, 1, 2, 3];
  f.loop();
  copyElement(f, e, source, target, 0, false);
  f.bumpBy(source, stride).bump(target, itemBytes(e));
  f.get(n).i32(1).op(0x6b).tee(n).brIf(0).end();
  return module.add(f);
}

/** Loads one element at an address; lanes above it hold anything that does no harm. */
export function pushSingle(f: FunctionCode, e: ElementRow, address: number, offset = 0): void {
  const bytes = itemBytes(e);
  f.get(address);
  if (bytes === 16) f.simd(simd.load).memarg(offset);
  else if (bytes === 8) f.simd(simd.load64Zero).memarg(offset);
  else f.simd(laneMemory[e.width].splat).memarg(offset);
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

/** dot(k, a, x, y, add): the dot product of side-by-side elements. */
function addDot(module: ModuleCode, e: ElementRow, conjugate: boolean): number {
  const f = new FunctionCode(i32s(5));
  const [k, a, x, y, add] = [0, 1, 2, 3, 4];
  const { parts } = e;
  const vectors = (n: number): number[] => Array.from({ length: n }, () => f.local('v128'));
  // [register][part of x]
  const acc = Array.from({ length: REGISTERS }, () => vectors(parts));
  const [left, total] = vectors(2);
  const right = vectors(parts);
  const per = perVector(e);

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
      f.get(a)
        .simd(simd.load)
        .memarg(16 * j)
        .set(left);
      for (let p = 0; p < parts; p++) accumulate(f, e, false, acc[j][p], left, right[p]);
      // Never taken, k is at least what this pass consumes: it keeps the engine from moving later loads up here, where
      // they would spill.
      if (j < registers - 1) f.get(k).op(0x45).brIf(1);
    }
    f.bump(x, 16 * registers).bump(a, 16 * registers);
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
  for (let p = 0; p < parts; p++) {
    for (let half = REGISTERS / 2; half >= 1; half /= 2) {
      for (let j = 0; j < half; j++)
        f.get(acc[j][p])
          .get(acc[j + half][p])
          .simd(e.add)
          .set(acc[j][p]);
    }
    for (let bytes = 8; bytes >= itemBytes(e); bytes /= 2) {
      const sum = acc[0][p];
      f.get(sum)
        .get(sum)
        .get(sum)
        .shuffle(shuffled((b) => (b + bytes) % 16))
        .simd(e.add)
        .set(sum);
    }
  }
  f.get(k).if().loop();
  pushSingle(f, e, x);
  splitRight();
  pushSingle(f, e, a);
  f.set(left);
  for (let p = 0; p < parts; p++) accumulate(f, e, false, acc[0][p], left, right[p]);
  f.bump(x, itemBytes(e)).bump(a, itemBytes(e));
  f.get(k).i32(1).op(0x6b).tee(k).brIf(0).end().end();
  if (conjugate) {
    // conj(a)·x: the same with the imaginary part of a negated, which is part 1 of both registers
    for (const p of acc[0]) {
      f.get(p)
        .simd(simd.const)
        .op(...shuffled((b) => (b % (2 * e.width) === 2 * e.width - 1 ? 0x80 : 0)));
      f.simd(xor).set(p);
    }
  }
  if (parts === 1) f.get(acc[0][0]);
  else pushJoined(f, e, acc[0][0], acc[0][1]);
  f.set(total);
  f.get(add).if();
  pushSingle(f, e, y);
  f.get(total).simd(e.add).set(total).end();
  f.get(y).get(total);
  storeSingle(f, e);
  return module.add(f);
}

/**
 * run(m, k, a, row stride, column stride, x, x stride, y, scratch, add): y = A·x, or y += A·x, of neighbouring elements,
 * m, k ≥ 1. With `conjugate` the elements of A are conjugated. For one row that threads share: nest(k, a, stride, x, stride, y,
 * scratch) writes the sum of every span, columns(count, sums, y) joins them as run does.
 */
export function addRowKernel(module: ModuleCode, e: ElementRow, conjugate: boolean): void {
  const item = itemBytes(e);
  const gather = addGather(module, e);
  const dot = addDot(module, e, conjugate);

  // rows(m, k, a, row stride, column stride, x, y, add, buffer): one span of every row
  const rows = new FunctionCode(i32s(9));
  const rowsIndex = module.add(rows);
  {
    const f = rows;
    const [m, k, a, rowStride, columnStride, x, y, add, buffer] = Array.from({ length: 9 }, (_, i) => i);
    const row = f.local('i32');
    f.loop().get(a).set(row);
    f.get(columnStride).i32(item).op(0x47).if();
    f.get(k).get(a).get(columnStride).get(buffer).call(gather).get(buffer).set(row).end();
    f.get(k).get(row).get(x).get(y).get(add).call(dot);
    f.bumpBy(a, rowStride).bump(y, item);
    f.get(m).i32(1).op(0x6b).tee(m).brIf(0).end();
  }

  const f = new FunctionCode(i32s(10));
  const [m, k, a, rowStride, columnStride, x, xStride, y, scratch, add] = Array.from({ length: 10 }, (_, i) => i);
  const [span, vector, buffer] = Array.from({ length: 3 }, () => f.local('i32'));
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
  module.add(spansOf(e, gather, dot), 'nest');
  module.add(joined(e), 'columns');
}

/** spans(k, a, stride, x, stride, y, scratch): the dot product of every span, side by side. */
function spansOf(e: ElementRow, gather: number, dot: number): FunctionCode {
  const item = itemBytes(e);
  const f = new FunctionCode(i32s(7));
  const [k, a, aStride, x, xStride, y, scratch] = Array.from({ length: 7 }, (_, i) => i);
  const [span, left, right] = Array.from({ length: 3 }, () => f.local('i32'));
  f.loop();
  f.get(k).i32(SPAN).get(k).i32(SPAN).op(0x49).op(0x1b).set(span);
  for (const [from, stride, to, offset] of [
    [a, aStride, left, 0],
    [x, xStride, right, SPAN * item],
  ]) {
    f.get(from).set(to);
    f.get(stride).i32(item).op(0x47).if();
    f.get(scratch).i32(offset).op(0x6a).set(to);
    f.get(span).get(from).get(stride).get(to).call(gather).end();
    f.get(from).get(span).get(stride).op(0x6c).op(0x6a).set(from);
  }
  f.get(span).get(left).get(right).get(y).i32(0).call(dot);
  f.bump(y, item);
  f.get(k).get(span).op(0x6b).tee(k).brIf(0).end();
  return f;
}

/** joined(count, sums, y): the first sum, plus the second, and so on. */
function joined(e: ElementRow): FunctionCode {
  const f = new FunctionCode(i32s(3));
  const [count, sums, y] = [0, 1, 2];
  const total = f.local('v128');
  pushSingle(f, e, sums);
  f.set(total).get(count).i32(1).op(0x6b).tee(count).if().loop();
  f.bump(sums, itemBytes(e)).get(total);
  pushSingle(f, e, sums);
  f.simd(e.add).set(total);
  f.get(count).i32(1).op(0x6b).tee(count).brIf(0).end().end();
  f.get(y).get(total);
  storeSingle(f, e);
  return f;
}

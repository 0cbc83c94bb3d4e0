// Matrix times vector by sums of columns, for matrices whose columns lie side by side in memory: y += column · x, four
// columns at a time over a stretch of y that stays in the nearest cache. Every element of y is summed in order of k, so
// its bits depend on nothing else.

import { FunctionCode, type ModuleCode } from '../../kernel/wasm/encoder.ts';
import { simd } from '../../kernel/wasm/opcodes.ts';
import { type ElementRow, itemBytes, perVector } from './elements.ts';
import { pushSingle, storeSingle } from './row_kernel.ts';
import { addScaled, splatFactor } from './scaled.ts';

const STRETCH = 8192; // bytes of y
const TOGETHER = 4;
/** Registers of y per pass: whole passes first, then the rest one by one. */
const UNROLLED = [4, 1];

const i32s = (n: number) => new Array<'i32'>(n).fill('i32');

/** columns(m, a, column stride, x, x stride, y): y += Σ column · x over `count` columns. */
export function addColumns(module: ModuleCode, e: ElementRow, count: number, fused = false): number {
  const f = new FunctionCode(i32s(6));
  const [m, a, columnStride, x, xStride, y] = [0, 1, 2, 3, 4, 5];
  const item = itemBytes(e);
  const per = perVector(e);
  const at = Array.from({ length: count }, (_, c) => (c === 0 ? a : f.local('i32')));
  const factors = Array.from({ length: count }, () => Array.from({ length: e.parts }, () => f.local('v128')));
  const [sum, left, turned] = [f.local('v128'), f.local('v128'), f.local('v128')];
  factors.forEach((parts, c) => {
    if (c > 0)
      f.get(at[c - 1])
        .get(columnStride)
        .op(0x6a)
        .set(at[c]);
    splatFactor(f, e, x, 0, parts);
    f.bumpBy(x, xStride);
  });
  const add = (load: (address: number) => void, store: () => void): void => {
    load(y);
    f.set(sum);
    at.forEach((p, c) => {
      load(p);
      f.set(left);
      addScaled(f, e, sum, left, turned, factors[c], fused);
    });
    f.get(y).get(sum);
    store();
  };
  const next = (bytes: number, elements: number): void => {
    for (const p of [y, ...at]) f.bump(p, bytes);
    f.get(m).i32(elements).op(0x6b).tee(m).i32(elements).op(0x4f).brIf(0).end().end();
  };
  for (const registers of UNROLLED) {
    f.get(m)
      .i32(per * registers)
      .op(0x4f)
      .if()
      .loop();
    for (let r = 0; r < registers; r++) {
      add(
        (p) =>
          f
            .get(p)
            .simd(simd.load)
            .memarg(16 * r),
        () => f.simd(simd.store).memarg(16 * r),
      );
    }
    next(16 * registers, per * registers);
  }
  f.get(m).if().loop();
  add(
    (p) => pushSingle(f, e, p),
    () => storeSingle(f, e),
  );
  next(item, 1);
  return module.add(f);
}

/**
 * run(m, k, a, column stride, x, x stride, y, add): y = A·x, or y += A·x, of neighbouring elements, rows of A side by side;
 * m, k ≥ 1.
 */
export function addColumnKernel(module: ModuleCode, e: ElementRow): void {
  const item = itemBytes(e);
  const four = addColumns(module, e, TOGETHER);
  const one = addColumns(module, e, 1);

  // all(m, k, a, column stride, x, x stride, y, add): every column over one stretch of y
  const all = new FunctionCode(i32s(8));
  const allIndex = module.add(all);
  {
    const f = all;
    const [m, k, a, columnStride, x, xStride, y, more] = Array.from({ length: 8 }, (_, i) => i);
    f.get(more).op(0x45).if().get(y).i32(0).get(m).i32(item).op(0x6c).op(0xfc, 11, 0).end();
    for (const [count, index] of [
      [TOGETHER, four],
      [1, one],
    ]) {
      f.get(k).i32(count).op(0x4f).if().loop();
      f.get(m).get(a).get(columnStride).get(x).get(xStride).get(y).call(index);
      f.get(a).get(columnStride).i32(count).op(0x6c).op(0x6a).set(a);
      f.get(x).get(xStride).i32(count).op(0x6c).op(0x6a).set(x);
      f.get(k).i32(count).op(0x6b).tee(k).i32(count).op(0x4f).brIf(0).end().end();
    }
  }

  const f = new FunctionCode(i32s(8));
  const [m, k, a, columnStride, x, xStride, y, more] = Array.from({ length: 8 }, (_, i) => i);
  const stretch = f.local('i32');
  const most = STRETCH / item;
  f.loop();
  f.get(m).i32(most).get(m).i32(most).op(0x49).op(0x1b).set(stretch);
  f.get(stretch).get(k).get(a).get(columnStride).get(x).get(xStride).get(y).get(more).call(allIndex);
  for (const p of [a, y]) f.get(p).get(stretch).i32(item).op(0x6c).op(0x6a).set(p);
  f.get(m).get(stretch).op(0x6b).tee(m).brIf(0).end();
  module.add(f, 'run');
}

// Products of a few rows with a large matrix whose rows lie side by side: there packing costs as much as multiplying.
// Four rows of B at a time are added, times their factors, to a stretch of every row of C that stays in the nearest cache;
// B streams by once. Sums are those of block_kernel.ts, bit for bit: in order of k, blocks of KC on their own. Complex
// numbers join the parts of a block at its end and cannot be summed in memory: they go the usual way.

import { FunctionCode, type ModuleCode } from '../../kernel/wasm/encoder.ts';
import { simd } from '../../kernel/wasm/opcodes.ts';
import { clamp } from './block_kernel.ts';
import { KC } from './blocking.ts';
import { addColumns } from './column_kernel.ts';
import { type ElementRow, itemBytes } from './elements.ts';
import { pushSingle, storeSingle } from './row_kernel.ts';

/** Bytes of a row of C per stretch: eight rows and four of B fit a cache of 32 KB. */
const STRETCH = 2048;
const TOGETHER = 4;

/** Bytes of scratch: a stretch of every row of C. */
export const fewRowsScratch = (m: number): number => m * STRETCH;

const i32s = (n: number) => new Array<'i32'>(n).fill('i32');

/** run(m, n, k, a, row stride, column stride, b, row stride, c, ldc, add, work): C = A·B or C += A·B, m ≤ 8, sizes at least 1. */
export function addFewRowsKernel(module: ModuleCode, e: ElementRow, fused: boolean): void {
  const item = itemBytes(e);
  const kinds = [
    [TOGETHER, addColumns(module, e, TOGETHER, fused)],
    [1, addColumns(module, e, 1, fused)],
  ];

  // block(m, width, k, a, rsa, csa, b, rsb, work): one block of k over one stretch, into zeroed work
  const block = new FunctionCode(i32s(9));
  const blockIndex = module.add(block);
  {
    const f = block;
    const [m, width, k, a, rsa, csa, b, rsb, work] = Array.from({ length: 9 }, (_, i) => i);
    const [row, to, left] = Array.from({ length: 3 }, () => f.local('i32'));
    f.get(work).i32(0).get(m).i32(STRETCH).op(0x6c).op(0xfc, 11, 0);
    for (const [count, index] of kinds) {
      f.get(k).i32(count).op(0x4f).if().loop();
      f.get(a).set(row).get(work).set(to).get(m).set(left);
      f.loop();
      f.get(width).get(b).get(rsb).get(row).get(csa).get(to).call(index);
      f.bumpBy(row, rsa).bump(to, STRETCH);
      f.get(left).i32(1).op(0x6b).tee(left).brIf(0).end();
      for (const [p, stride] of [
        [a, csa],
        [b, rsb],
      ])
        f.get(p).get(stride).i32(count).op(0x6c).op(0x6a).set(p);
      f.get(k).i32(count).op(0x6b).tee(k).i32(count).op(0x4f).brIf(0).end().end();
    }
  }

  // store(m, bytes, work, c, ldc, add): rows of work to C, or the sum of both
  const store = new FunctionCode(i32s(6));
  const storeIndex = module.add(store);
  {
    const f = store;
    const [m, bytes, work, c, ldc, add] = [0, 1, 2, 3, 4, 5];
    const [from, to, end] = Array.from({ length: 3 }, () => f.local('i32'));
    f.loop();
    f.get(add).if();
    // The sum in work first, then one copy.
    f.get(work).set(from).get(c).set(to).get(work).get(bytes).op(0x6a).set(end);
    f.get(bytes).i32(16).op(0x4f).if().loop();
    f.get(from).get(to).simd(simd.load).memarg(0).get(from).simd(simd.load).memarg(0).simd(e.add);
    f.simd(simd.store).memarg(0);
    f.bump(from, 16).bump(to, 16);
    f.get(end).get(from).op(0x6b).i32(16).op(0x4f).brIf(0).end().end();
    f.get(from).get(end).op(0x47).if().loop();
    f.get(from);
    pushSingle(f, e, to);
    pushSingle(f, e, from);
    f.simd(e.add);
    storeSingle(f, e);
    f.bump(from, item).bump(to, item);
    f.get(from).get(end).op(0x47).brIf(0).end().end();
    f.end();
    f.get(c).get(work).get(bytes).op(0xfc, 10, 0, 0);
    f.bump(work, STRETCH).bumpBy(c, ldc);
    f.get(m).i32(1).op(0x6b).tee(m).brIf(0).end();
  }

  const f = new FunctionCode(i32s(12));
  const [m, n, k, a, rsa, csa, b, rsb, c, ldc, add, work] = Array.from({ length: 12 }, (_, i) => i);
  const [width, left, kc, atA, atB, more] = Array.from({ length: 6 }, () => f.local('i32'));
  f.loop();
  clamp(f, n, STRETCH / item, width);
  f.get(k).set(left).get(a).set(atA).get(b).set(atB).get(add).set(more);
  f.loop();
  clamp(f, left, KC, kc);
  f.get(m).get(width).get(kc).get(atA).get(rsa).get(csa).get(atB).get(rsb).get(work).call(blockIndex);
  f.get(m).get(width).i32(item).op(0x6c).get(work).get(c).get(ldc).get(more).call(storeIndex);
  f.get(atA).get(kc).get(csa).op(0x6c).op(0x6a).set(atA);
  f.get(atB).get(kc).get(rsb).op(0x6c).op(0x6a).set(atB);
  f.i32(1).set(more);
  f.get(left).get(kc).op(0x6b).tee(left).brIf(0).end();
  for (const p of [b, c]) f.get(p).get(width).i32(item).op(0x6c).op(0x6a).set(p);
  f.get(n).get(width).op(0x6b).tee(n).brIf(0).end();
  module.add(f, 'run');
}

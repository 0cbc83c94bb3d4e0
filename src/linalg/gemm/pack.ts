// Packing: the panels of A and B that the micro-kernel reads from front to back, copied out of matrices of any strides.
// A short panel is filled up with zeros, so that the micro-kernel knows whole tiles only.

import { FunctionCode, type ModuleCode } from '../../kernel/wasm/encoder.ts';
import { laneMemory, scalarMemory, simd } from '../../kernel/wasm/opcodes.ts';
import { type ElementRow, itemBytes, tileColumns } from './elements.ts';
import { panelStepA } from './micro_kernel.ts';

/** Integer instructions that move one lane: bits travel unchanged, NaN payloads too. */
const moves = { 1: scalarMemory.u8, 2: scalarMemory.u16, 4: scalarMemory.i32, 8: scalarMemory.i64 } as const;

/** Emits the copy of one element from `source` to `target` + `offset`, each part spread over a register or not. */
export function copyElement(
  f: FunctionCode,
  e: ElementRow,
  source: number,
  target: number,
  offset: number,
  spread: boolean,
) {
  for (let p = 0; p < e.parts; p++) {
    f.get(target).get(source);
    if (spread) {
      f.simd(laneMemory[e.width].splat).memarg(p * e.width);
      f.simd(simd.store).memarg(offset + 16 * p);
    } else {
      const [load, store] = moves[e.width];
      f.op(load).memarg(p * e.width);
      f.op(store).memarg(offset + e.width * p);
    }
  }
}

/**
 * pack(steps, count, source, step stride, item stride, target): one panel of `count` items per step. A's items are rows,
 * spread where the element row says so; B's are columns.
 */
export function addPack(module: ModuleCode, e: ElementRow, side: 'a' | 'b'): number {
  const f = new FunctionCode(['i32', 'i32', 'i32', 'i32', 'i32', 'i32']);
  const [steps, count, source, step, item, target] = [0, 1, 2, 3, 4, 5];
  const spread = side === 'a' && e.spread;
  const full = side === 'a' ? e.rows : tileColumns(e);
  const each = spread ? 16 * e.parts : itemBytes(e);
  const bytes = side === 'a' ? panelStepA(e) : full * each;
  const next = (): void => {
    f.bump(target, bytes).bumpBy(source, step);
    f.get(steps).i32(1).op(0x6b).tee(steps).brIf(0).end();
  };
  f.get(count).i32(full).op(0x46).if();
  if (!spread && bytes % 16 === 0) {
    // Items side by side in memory: whole registers.
    f.get(item).i32(itemBytes(e)).op(0x46).if().loop();
    for (let b = 0; b < bytes; b += 16) f.get(target).get(source).simd(simd.load).memarg(b).simd(simd.store).memarg(b);
    next();
    f.return().end();
  }
  if (full <= 8) {
    const at = Array.from({ length: full }, () => f.local('i32'));
    at.forEach((p, i) => {
      if (i === 0) f.get(source).set(p);
      else
        f.get(at[i - 1])
          .get(item)
          .op(0x6a)
          .set(p);
    });
    f.loop();
    at.forEach((p, i) => {
      copyElement(f, e, p, target, i * each, spread);
      f.bumpBy(p, step);
    });
    next();
    f.return();
  }
  f.end();
  const [p, to, left] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.loop();
  f.get(source).set(p).get(target).set(to).get(count).set(left);
  f.loop();
  copyElement(f, e, p, to, 0, spread);
  f.bumpBy(p, item).bump(to, each);
  f.get(left).i32(1).op(0x6b).tee(left).brIf(0).end();
  // memory.fill of what is missing
  f.get(to).i32(0).get(target).i32(bytes).op(0x6a).get(to).op(0x6b).op(0xfc, 11, 0);
  next();
  return module.add(f);
}

/** Panels of B that are packed together, where its rows lie side by side. */
export const WIDE = 8;

/**
 * packWide(steps, source, step stride, target, bytes of a panel): WIDE whole panels, row by row. A panel alone would touch a
 * few bytes of every row, and with large matrices a page of memory for each.
 */
export function addPackWide(module: ModuleCode, e: ElementRow): number {
  const f = new FunctionCode(['i32', 'i32', 'i32', 'i32', 'i32']);
  const [steps, source, step, target, panel] = [0, 1, 2, 3, 4];
  const bytes = tileColumns(e) * itemBytes(e);
  const to = Array.from({ length: WIDE }, () => f.local('i32'));
  to.forEach((p, g) => {
    f.get(target).get(panel).i32(g).op(0x6c).op(0x6a).set(p);
  });
  f.loop();
  to.forEach((p, g) => {
    for (let b = 0; b < bytes; b += 16) {
      f.get(p)
        .get(source)
        .simd(simd.load)
        .memarg(g * bytes + b)
        .simd(simd.store)
        .memarg(b);
    }
    f.bump(p, bytes);
  });
  f.bumpBy(source, step);
  f.get(steps).i32(1).op(0x6b).tee(steps).brIf(0).end();
  return module.add(f);
}

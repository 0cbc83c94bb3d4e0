// The loops around the micro-kernel: blocks of columns, of k, of rows; packing; edges. One call does one whole product,
// so that JavaScript's part is constant; the inner functions are called often and short, which lets the engine replace
// them by optimized code while a product runs.
// Source: Van Zee, van de Geijn, "BLIS", TOMS 41(3), 2015 (the five loops).

import { FunctionCode, type ModuleCode } from '../../kernel/wasm/encoder.ts';
import { scalarMemory } from '../../kernel/wasm/opcodes.ts';
import { blockColumns, blockRows, KC } from './blocking.ts';
import { type ElementRow, itemBytes, tileColumns } from './elements.ts';
import { addMicroKernel, panelStepA } from './micro_kernel.ts';
import { addPack, addPackWide, WIDE } from './pack.ts';
import { addFlip, signBits } from './signs.ts';

const i32s = (n: number) => new Array<'i32'>(n).fill('i32');

/** local = min(left, most). */
export function clamp(f: FunctionCode, left: number, most: number, local: number): void {
  f.get(left).i32(most).get(left).i32(most).op(0x48).op(0x1b); // left < most ? left : most, unsigned by construction
  f.set(local);
}

/** edge(tile, c, ldc, rows, parts of a row, add): the part of a tile that lies inside C. */
export function addEdge(module: ModuleCode, e: ElementRow): number {
  const f = new FunctionCode(i32s(6));
  const [tile, c, ldc, rows, length, add] = [0, 1, 2, 3, 4, 5];
  const [from, to, left] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const [load, store] = scalarMemory[e.lane];
  f.loop();
  f.get(tile).set(from).get(c).set(to).get(length).set(left);
  f.loop();
  f.get(add).if();
  f.get(to).get(to).op(load).memarg(0).get(from).op(load).memarg(0).op(e.addScalar).op(store).memarg(0);
  f.else();
  f.get(to).get(from).op(load).memarg(0).op(store).memarg(0);
  f.end();
  f.bump(from, e.width).bump(to, e.width);
  f.get(left).i32(1).op(0x6b).tee(left).brIf(0).end();
  f.bump(tile, tileColumns(e) * itemBytes(e)).bumpBy(c, ldc);
  f.get(rows).i32(1).op(0x6b).tee(rows).brIf(0).end();
  return module.add(f);
}

/** column(m, columns, k, packed A, panel of B, c, ldc, add, tile): one panel of B against all panels of A. */
function addColumn(module: ModuleCode, e: ElementRow, micro: number, edge: number): number {
  const f = new FunctionCode(i32s(9));
  const [m, columns, k, a, b, c, ldc, add, tile] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const [rows, panel, down] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(k).i32(panelStepA(e)).op(0x6c).set(panel);
  f.get(ldc).i32(e.rows).op(0x6c).set(down);
  f.loop();
  clamp(f, m, e.rows, rows);
  f.get(rows).i32(e.rows).op(0x46).get(columns).i32(tileColumns(e)).op(0x46).op(0x71).if();
  f.get(k).get(a).get(b).get(c).get(ldc).get(add).call(micro);
  f.else();
  f.get(k)
    .get(a)
    .get(b)
    .get(tile)
    .i32(tileColumns(e) * itemBytes(e))
    .i32(0)
    .call(micro);
  f.get(tile).get(c).get(ldc).get(rows).get(columns).i32(e.parts).op(0x6c).get(add).call(edge);
  f.end();
  f.bumpBy(a, panel).bumpBy(c, down);
  f.get(m).get(rows).op(0x6b).tee(m).brIf(0).end();
  return module.add(f);
}

/** packAll(total, steps, source, step stride, item stride, target, signs): panel after panel, then signs flipped. */
export function addPackAll(
  module: ModuleCode,
  pack: number,
  flip: number | undefined,
  full: number,
  stepBytes: number,
  wide?: number,
): number {
  const f = new FunctionCode(i32s(7));
  const [total, steps, source, step, item, target, signs] = [0, 1, 2, 3, 4, 5, 6];
  const [count, start, panel] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(target).set(start);
  f.block();
  if (wide !== undefined) {
    const together = WIDE * full;
    f.get(steps).i32(stepBytes).op(0x6c).set(panel);
    f.get(item)
      .i32(stepBytes / full)
      .op(0x46)
      .get(total)
      .i32(together)
      .op(0x4f)
      .op(0x71)
      .if()
      .loop();
    f.get(steps).get(source).get(step).get(target).get(panel).call(wide);
    f.bump(source, WIDE * stepBytes);
    f.get(target).get(panel).i32(WIDE).op(0x6c).op(0x6a).set(target);
    f.get(total).i32(together).op(0x6b).tee(total).i32(together).op(0x4f).brIf(0).end().end();
    f.get(total).op(0x45).brIf(0);
  }
  f.loop();
  clamp(f, total, full, count);
  f.get(steps).get(count).get(source).get(step).get(item).get(target).call(pack);
  f.get(source).get(item).i32(full).op(0x6c).op(0x6a).set(source);
  f.get(target).get(steps).i32(stepBytes).op(0x6c).op(0x6a).set(target);
  f.get(total).get(count).op(0x6b).tee(total).brIf(0).end().end();
  if (flip !== undefined) f.get(signs).if().get(start).get(target).get(signs).call(flip).end();
  return module.add(f);
}

/**
 * run(m, n, k, a, row stride, column stride, b, row stride, column stride, c, ldc, packed A, packed B, tile, mode):
 * C = A·B, all sizes at least 1, strides in bytes; packed B and tile are said in bytes from packed A. `mode` has the bits
 * of signs.ts: operands negated and conjugated (floats only), C added to.
 */
export function addBlockKernel(module: ModuleCode, e: ElementRow, fused: boolean): void {
  const columns = tileColumns(e);
  const micro = addMicroKernel(module, e, fused);
  const column = addColumn(module, e, micro, addEdge(module, e));
  // Only floats have a sign that one bit flips.
  const flips = e.fused === 0 ? [] : [addFlip(module, e, e.spread), addFlip(module, e, false)];
  const packA = addPackAll(module, addPack(module, e, 'a'), flips[0], e.rows, panelStepA(e));
  const packB = addPackAll(
    module,
    addPack(module, e, 'b'),
    flips[1],
    columns,
    columns * itemBytes(e),
    addPackWide(module, e),
  );
  const f = new FunctionCode(i32s(15));
  const [m, n, k, a, rsa, csa, b, rsb, csb, c, ldc, pa, pb, tile, mode] = Array.from({ length: 15 }, (_, i) => i);
  const [mc, nc, kc, mLeft, jLeft, kLeft, jc, add] = Array.from({ length: 8 }, () => f.local('i32'));
  const [aK, bK, aM, cM, cJ, panel] = Array.from({ length: 6 }, () => f.local('i32'));
  /** pointer += count · stride */
  const advance = (pointer: number, count: number, stride: number): void => {
    f.get(pointer).get(count).get(stride).op(0x6c).op(0x6a).set(pointer);
  };
  f.get(pa).get(pb).op(0x6a).set(pb).get(pa).get(tile).op(0x6a).set(tile);
  f.loop(); // columns of C
  clamp(f, n, blockColumns(e), nc);
  f.get(a).set(aK).get(b).set(bK).get(k).set(kLeft);
  f.get(mode).i32(signBits.accumulate).op(0x71).set(add);
  f.loop(); // k
  clamp(f, kLeft, KC, kc);
  f.get(nc).get(kc).get(bK).get(rsb).get(csb).get(pb);
  f.get(mode)
    .i32(signBits.realB | signBits.imaginaryB)
    .op(0x71)
    .i32(2)
    .op(0x76)
    .call(packB);
  f.get(aK).set(aM).get(c).set(cM).get(m).set(mLeft);
  f.loop(); // rows of C
  clamp(f, mLeft, blockRows(e), mc);
  f.get(mc).get(kc).get(aM).get(csa).get(rsa).get(pa);
  f.get(mode)
    .i32(signBits.realA | signBits.imaginaryA)
    .op(0x71)
    .call(packA);
  f.get(nc).set(jLeft).get(pb).set(panel).get(cM).set(cJ);
  f.loop(); // panels of B
  clamp(f, jLeft, columns, jc);
  f.get(mc).get(jc).get(kc).get(pa).get(panel).get(cJ).get(ldc).get(add).get(tile).call(column);
  f.get(panel)
    .get(kc)
    .i32(columns * itemBytes(e))
    .op(0x6c)
    .op(0x6a)
    .set(panel);
  f.bump(cJ, columns * itemBytes(e));
  f.get(jLeft).get(jc).op(0x6b).tee(jLeft).brIf(0).end();
  advance(aM, mc, rsa);
  advance(cM, mc, ldc);
  f.get(mLeft).get(mc).op(0x6b).tee(mLeft).brIf(0).end();
  advance(aK, kc, csa);
  advance(bK, kc, rsb);
  f.i32(1).set(add);
  f.get(kLeft).get(kc).op(0x6b).tee(kLeft).brIf(0).end();
  advance(b, nc, csb);
  f.get(c).get(nc).i32(itemBytes(e)).op(0x6c).op(0x6a).set(c);
  f.get(n).get(nc).op(0x6b).tee(n).brIf(0).end();
  module.add(f, 'run');
}

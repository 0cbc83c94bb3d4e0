// Products whose left operand is read where it lies: small ones, stacks of them, and those with few columns, where
// packing A would cost as much as multiplying. Rows of A lie side by side (or are copied so first), rows of B too, or B is
// packed, once per block of k. Sums are those of block_kernel.ts, bit for bit.

import { FunctionCode, type ModuleCode } from '../../kernel/wasm/encoder.ts';
import { laneMemory, simd } from '../../kernel/wasm/opcodes.ts';
import { addEdge, addPackAll, clamp } from './block_kernel.ts';
import { KC } from './blocking.ts';
import { type ElementRow, itemBytes, tileColumns } from './elements.ts';
import { accumulate, storeTile } from './micro_kernel.ts';
import { addPack } from './pack.ts';
import { addGather } from './row_kernel.ts';

/** Steps of k per pass. */
const UNROLL = 4;

const i32s = (n: number) => new Array<'i32'>(n).fill('i32');
const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Bytes of scratch, in this order: B in panels, rows of A if they must be copied, one tile. */
export function directScratch(m: number, n: number, k: number, e: ElementRow, copiesA: boolean) {
  const depth = Math.min(k, KC);
  const panels = Math.ceil(n / tileColumns(e)) * tileColumns(e);
  const b = depth * panels * itemBytes(e);
  const a = copiesA ? Math.ceil((m * depth * itemBytes(e)) / 16) * 16 : 0;
  return { b, total: a + b + e.rows * tileColumns(e) * itemBytes(e), tile: a + b };
}

/** tile(k, rows, a, row stride, b, row stride, c, ldc, add): a whole tile; of fewer rows than it has, the last one repeats. */
function addTile(module: ModuleCode, e: ElementRow, fused: boolean): number {
  const f = new FunctionCode(i32s(9));
  const [k, rows, a, rsa, b, rsb, c, ldc, add] = count(9);
  const vectors = (n: number): number[] => Array.from({ length: n }, () => f.local('v128'));
  const acc = Array.from({ length: e.rows * e.parts }, () => vectors(e.vectors));
  const right = vectors(e.vectors);
  const left = f.local('v128');
  const item = itemBytes(e);
  const at = Array.from({ length: e.rows }, (_, i) => (i === 0 ? a : f.local('i32')));
  at.forEach((p, i) => {
    if (i === 0) return;
    f.get(at[i - 1]);
    f.get(rsa).i32(0).get(rows).i32(i).op(0x4b).op(0x1b); // rows > i
    f.op(0x6a).set(p);
  });
  f.block().loop();
  for (let u = 0; u < UNROLL; u++) {
    right.forEach((v, j) => {
      f.get(b)
        .simd(simd.load)
        .memarg(16 * j)
        .set(v);
    });
    f.bumpBy(b, rsb);
    acc.forEach((row, i) => {
      const [r, part] = [Math.floor(i / e.parts), i % e.parts];
      f.get(at[r])
        .simd(laneMemory[e.width].splat)
        .memarg(u * item + part * e.width)
        .set(left);
      row.forEach((v, j) => {
        accumulate(f, e, fused, v, left, right[j]);
      });
    });
    // As in the micro-kernel: an exit after every step keeps loads where they are.
    if (u < UNROLL - 1)
      f.get(k)
        .i32(u + 1)
        .op(0x46)
        .brIf(1);
  }
  for (const p of at) f.bump(p, UNROLL * item);
  f.get(k).i32(UNROLL).op(0x6b).tee(k).brIf(0).end().end();
  storeTile(f, e, acc, c, ldc, add);
  return module.add(f);
}

/** rows(m, n, k, a, row stride, b, row stride, next panel, rest, c, ldc, add, tile): one block of k; `rest`: the last panel. */
function addRowsOfTiles(module: ModuleCode, e: ElementRow, tile: number, edge: number): number {
  const f = new FunctionCode(i32s(13));
  const [m, n, k, a, rsa, b, rsb, next, rest, c, ldc, add, buffer] = count(13);
  const columns = tileColumns(e);
  const bytes = columns * itemBytes(e);
  const [rows, left, panel, to, now] = count(5).map(() => f.local('i32'));
  f.loop();
  clamp(f, m, e.rows, rows);
  f.get(n).set(left).get(b).set(panel).get(c).set(to);
  f.loop();
  clamp(f, left, columns, now);
  f.get(rows).i32(e.rows).op(0x46).get(now).i32(columns).op(0x46).op(0x71).if();
  f.get(k).get(rows).get(a).get(rsa).get(panel).get(rsb).get(to).get(ldc).get(add).call(tile);
  f.else();
  f.get(k).get(rows).get(a).get(rsa);
  f.get(rest).get(panel).get(now).i32(columns).op(0x47).op(0x1b); // the last panel, if it is short, is packed
  f.i32(bytes).get(rsb).get(now).i32(columns).op(0x47).op(0x1b);
  f.get(buffer).i32(bytes).i32(0).call(tile);
  f.get(buffer).get(to).get(ldc).get(rows).get(now).i32(e.parts).op(0x6c).get(add).call(edge);
  f.end();
  f.bumpBy(panel, next).bump(to, bytes);
  f.get(left).get(now).op(0x6b).tee(left).brIf(0).end();
  f.get(a).get(rows).get(rsa).op(0x6c).op(0x6a).set(a);
  f.get(c).get(rows).get(ldc).op(0x6c).op(0x6a).set(c);
  f.get(m).get(rows).op(0x6b).tee(m).brIf(0).end();
  return module.add(f);
}

/**
 * run(m, n, k, a, row stride, column stride, b, row stride, column stride, c, ldc, work, packed A, tile, add, count,
 * step of a, step of b, step of c): C = A·B or C += A·B for `count` products, sizes at least 1; packed A and tile are said in
 * bytes from `work`, where B's panels lie.
 */
export function addDirectKernel(module: ModuleCode, e: ElementRow, fused: boolean): void {
  const item = itemBytes(e);
  const columns = tileColumns(e);
  const bytes = columns * item;
  const rows = addRowsOfTiles(module, e, addTile(module, e, fused), addEdge(module, e));
  const pack = addPackAll(module, addPack(module, e, 'b'), undefined, columns, bytes);
  const gather = addGather(module, e);

  // one(m, n, k, a, rsa, csa, b, rsb, csb, c, ldc, work, packed A, tile, add): one product
  const one = new FunctionCode(i32s(15));
  const oneIndex = module.add(one);
  {
    const f = one;
    const [m, n, k, a, rsa, csa, b, rsb, csb, c, ldc, work, pa, tile, add] = count(15);
    const [kc, short, left, at, to] = count(5).map(() => f.local('i32'));
    const [rowA, rowB, next, panels, rest, rowsA] = count(6).map(() => f.local('i32'));
    f.get(n).i32(columns).op(0x70).set(short); // n % columns
    f.loop();
    clamp(f, k, KC, kc);
    f.get(a).set(rowsA).get(rsa).set(rowA);
    f.get(csa).i32(item).op(0x47).if();
    f.get(a).set(at).get(pa).tee(to).set(rowsA).get(m).set(left).get(kc).i32(item).op(0x6c).set(rowA);
    f.loop();
    f.get(kc).get(at).get(csa).get(to).call(gather);
    f.bumpBy(at, rsa).bumpBy(to, rowA);
    f.get(left).i32(1).op(0x6b).tee(left).brIf(0).end().end();
    f.get(csb).i32(item).op(0x47).if();
    f.get(n).get(kc).get(b).get(rsb).get(csb).get(work).i32(0).call(pack);
    f.get(work).set(panels).i32(bytes).set(rowB).get(kc).i32(bytes).op(0x6c).set(next);
    // the last panel is where the ones before it end
    f.get(work).get(n).get(short).op(0x6b).get(kc).op(0x6c).i32(item).op(0x6c).op(0x6a).set(rest);
    f.else();
    f.get(b).set(panels).get(rsb).set(rowB).i32(bytes).set(next).get(work).set(rest);
    f.get(short).if();
    f.get(short).get(kc).get(b).get(n).get(short).op(0x6b).i32(item).op(0x6c).op(0x6a).get(rsb).get(csb).get(work);
    f.i32(0).call(pack).end();
    f.end();
    f.get(m).get(n).get(kc).get(rowsA).get(rowA).get(panels).get(rowB).get(next).get(rest);
    f.get(c).get(ldc).get(add).get(tile).call(rows);
    f.get(a).get(kc).get(csa).op(0x6c).op(0x6a).set(a);
    f.get(b).get(kc).get(rsb).op(0x6c).op(0x6a).set(b);
    f.i32(1).set(add);
    f.get(k).get(kc).op(0x6b).tee(k).brIf(0).end();
  }

  const f = new FunctionCode(i32s(19));
  const [, , , a, , , b, , , c, , work, pa, tile, , products, stepA, stepB, stepC] = count(19);
  f.get(work).get(pa).op(0x6a).set(pa).get(work).get(tile).op(0x6a).set(tile);
  f.loop();
  for (const argument of count(15)) f.get(argument);
  f.call(oneIndex);
  f.bumpBy(a, stepA).bumpBy(b, stepB).bumpBy(c, stepC);
  f.get(products).i32(1).op(0x6b).tee(products).brIf(0).end();
  module.add(f, 'run');
}

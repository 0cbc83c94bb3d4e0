// The innermost loop of GEMM: a tile of C held in registers while packed steps of A and B go by, then stored or added to
// memory. It knows whole tiles and packed panels only; edges, blocks and layouts are block_kernel.ts's and pack.ts's.
// Complex tiles keep A's parts in separate accumulators, (ar·b) and (ai·b), which are joined once at the end.
// Source: Van Zee, van de Geijn, "BLIS: A Framework for Rapidly Instantiating BLAS Functionality", TOMS 41(3), 2015.

import { FunctionCode, type ModuleCode } from '../../kernel/wasm/encoder.ts';
import { laneMemory, simd } from '../../kernel/wasm/opcodes.ts';
import { type ElementRow, itemBytes, tileColumns } from './elements.ts';

/** Bytes of one step of k in a packed panel of A. */
export const panelStepA = (e: ElementRow): number => e.rows * e.parts * (e.spread ? 16 : e.width);

/** Pushes (re of p − im of q, im of p + re of q) for every complex element: p holds x·br, q holds x·bi, or ar·y, ai·y. */
export function pushJoined(f: FunctionCode, e: ElementRow, p: number, q: number): void {
  const swapped = Array.from({ length: 16 }, (_, b) => b ^ e.width);
  const real = Array.from({ length: 16 }, (_, b) => (b % (2 * e.width) < e.width ? 0xff : 0));
  f.get(q).get(q).shuffle(swapped).set(q);
  f.get(p).get(q).simd(e.subtract).get(p).get(q).simd(e.add);
  f.simd(simd.const)
    .op(...real)
    .simd(simd.bitselect);
}

/** Emits acc += left · right, all locals. */
export function accumulate(
  f: FunctionCode,
  e: ElementRow,
  fused: boolean,
  acc: number,
  left: number,
  right: number,
): void {
  if (fused && e.fused !== 0) f.get(left).get(right).get(acc).simd(e.fused).set(acc);
  else f.get(acc).get(left).get(right).simd(e.multiply).simd(e.add).set(acc);
}

/** Emits the end of a tile, [row and part][register]: C = tile, or C += tile where the local `add` is not 0. */
export function storeTile(
  f: FunctionCode,
  e: ElementRow,
  acc: readonly (readonly number[])[],
  c: number,
  ldc: number,
  add: number,
): void {
  const store = (added: boolean): void => {
    for (let i = 0; i < e.rows; i++) {
      for (let j = 0; j < e.vectors; j++) {
        f.get(c);
        if (added)
          f.get(c)
            .simd(simd.load)
            .memarg(16 * j);
        if (e.parts === 1) f.get(acc[i][j]);
        else pushJoined(f, e, acc[2 * i][j], acc[2 * i + 1][j]);
        if (added) f.simd(e.add);
        f.simd(simd.store).memarg(16 * j);
      }
      if (i < e.rows - 1) f.bumpBy(c, ldc);
    }
  };
  f.get(add).if();
  store(true);
  f.else();
  store(false);
  f.end();
}

/**
 * micro(k, a, b, c, ldc, add): a whole tile, C = A·B when add is 0, else C += A·B; k ≥ 1. `a` holds the tile's rows for
 * each step of k, `b` its columns, C has rows `ldc` bytes apart.
 */
export function addMicroKernel(module: ModuleCode, e: ElementRow, fused: boolean): number {
  const f = new FunctionCode(['i32', 'i32', 'i32', 'i32', 'i32', 'i32']);
  const [k, a, b, c, ldc, add] = [0, 1, 2, 3, 4, 5];
  const vectors = (count: number): number[] => Array.from({ length: count }, () => f.local('v128'));
  const acc = Array.from({ length: e.rows * e.parts }, () => vectors(e.vectors));
  const right = vectors(e.vectors);
  const left = f.local('v128');
  const stepA = panelStepA(e);
  const stepB = tileColumns(e) * itemBytes(e);

  const step = (u: number): void => {
    right.forEach((v, j) => {
      f.get(b)
        .simd(simd.load)
        .memarg(u * stepB + 16 * j)
        .set(v);
    });
    acc.forEach((row, i) => {
      f.get(a);
      if (e.spread) f.simd(simd.load).memarg(u * stepA + 16 * i);
      else f.simd(laneMemory[e.width].splat).memarg(u * stepA + e.width * i);
      f.set(left);
      row.forEach((v, j) => {
        accumulate(f, e, fused, v, left, right[j]);
      });
    });
  };
  // An exit after every step, not a second loop for the rest: the branch also keeps the engine from moving all loads of
  // a pass to its front, which spills (V8 11: 14.5 against 6.6 GFLOP/s for four steps at once).
  f.block().loop();
  for (let u = 0; u < e.unroll; u++) {
    step(u);
    if (u < e.unroll - 1)
      f.get(k)
        .i32(u + 1)
        .op(0x46)
        .brIf(1);
  }
  f.bump(a, e.unroll * stepA).bump(b, e.unroll * stepB);
  f.get(k).i32(e.unroll).op(0x6b).tee(k).brIf(0).end().end();

  storeTile(f, e, acc, c, ldc, add);
  return module.add(f);
}

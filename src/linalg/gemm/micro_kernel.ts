// The innermost loop of GEMM: a tile of C held in registers while the steps of k go by, then stored or added to memory.
// The same loop serves packed panels and matrices where they lie (direct.ts); blocks and edges are block_kernel.ts's.
// Complex tiles keep A's parts in separate accumulators, (ar·b) and (ai·b), which are joined once at the end.
// Source: Van Zee, van de Geijn, "BLIS: A Framework for Rapidly Instantiating BLAS Functionality", TOMS 41(3), 2015.

import { FunctionCode, type ModuleCode } from '../../kernel/wasm/encoder.ts';
import { laneMemory, simd } from '../../kernel/wasm/opcodes.ts';
import { type ElementRow, itemBytes, tileColumns } from './elements.ts';

/** A tile being written into a function. */
export interface TileSpec {
  readonly f: FunctionCode;
  readonly e: ElementRow;
  /** Elements of A. */
  readonly rows: number;
  /** Registers of B. */
  readonly vectors: number;
  /** One element of B instead of whole registers (vectors is 1). */
  readonly single: boolean;
  readonly fused: boolean;
}

/** Accumulators and working registers of a tile. */
export class TileCode {
  readonly #spec: TileSpec;
  readonly #acc: number[][];
  readonly #right: number[];
  readonly #left: number;

  constructor(spec: TileSpec) {
    const { f, e, rows, vectors } = spec;
    this.#spec = spec;
    this.#acc = Array.from({ length: rows * e.parts }, () => Array.from({ length: vectors }, () => f.local('v128')));
    this.#right = Array.from({ length: vectors }, () => f.local('v128'));
    this.#left = f.local('v128');
  }

  /** Sets the accumulators to zero: needed only when the function holds more than one tile. */
  clear(): void {
    const { f } = this.#spec;
    for (const acc of this.#acc.flat())
      f.simd(simd.const)
        .op(...new Array<number>(16).fill(0))
        .set(acc);
  }

  /** One step of k: `pushLeft(row)` pushes one real row of A in every lane, `right` is B's address local. */
  step(pushLeft: (row: number) => void, right: number, offset: number): void {
    const { f, e, single, fused } = this.#spec;
    this.#right.forEach((b, j) => {
      f.get(right)
        .simd(single ? zeroLoad(e) : simd.load)
        .memarg(offset + 16 * j)
        .set(b);
    });
    this.#acc.forEach((row, i) => {
      pushLeft(i);
      f.set(this.#left);
      row.forEach((acc, j) => {
        if (fused) f.get(this.#left).get(this.#right[j]).get(acc).simd(e.fused).set(acc);
        else f.get(acc).get(this.#left).get(this.#right[j]).simd(e.multiply).simd(e.add).set(acc);
      });
    });
  }

  /** The tile to memory at `c`, rows `ldc` bytes apart, added to what is there or not. Moves `c`. */
  store(c: number, ldc: number, added: boolean): void {
    const { f, e, rows, vectors, single } = this.#spec;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < vectors; j++) {
        f.get(c);
        if (added)
          f.get(c)
            .simd(single ? zeroLoad(e) : simd.load)
            .memarg(16 * j);
        this.#push(i, j);
        if (added) f.simd(e.add);
        if (!single) f.simd(simd.store).memarg(16 * j);
        else if (itemBytes(e) === 16) f.simd(simd.store).memarg(0);
        else f.simd(laneMemory[singleWidth(e)].store).memarg(0).op(0);
      }
      if (i < rows - 1) f.bumpBy(c, ldc);
    }
  }

  /** Pushes the finished register of row i: for complex types (ar·br − ai·bi, ar·bi + ai·br). */
  #push(i: number, j: number): void {
    const { f, e } = this.#spec;
    if (e.parts === 1) {
      f.get(this.#acc[i][j]);
      return;
    }
    const swapped = Array.from({ length: 16 }, (_, b) => b ^ e.width);
    const [re, im] = [this.#acc[2 * i][j], this.#acc[2 * i + 1][j]];
    f.get(im).get(im).shuffle(swapped).set(im);
    const real = Array.from({ length: 16 }, (_, b) => (b % (2 * e.width) < e.width ? 0xff : 0));
    f.get(re).get(im).simd(e.subtract).get(re).get(im).simd(e.add);
    f.simd(simd.const)
      .op(...real)
      .simd(simd.bitselect);
  }
}

const singleWidth = (e: ElementRow): 1 | 2 | 4 | 8 => (e.parts === 2 ? 8 : e.width);

// Loads one element and nothing after it; lanes above it may hold copies, which are never stored.
function zeroLoad(e: ElementRow): number {
  const bytes = itemBytes(e);
  return bytes === 16
    ? simd.load
    : bytes === 8
      ? simd.load64Zero
      : bytes === 4
        ? simd.load32Zero
        : laneMemory[e.width].splat;
}

/**
 * micro(k, a, b, c, ldc, add): a whole tile, C = A·B when add is 0, else C += A·B; k ≥ 1. `a` holds the tile's rows for
 * each step of k, `b` its columns, C has rows `ldc` bytes apart.
 */
export function addMicroKernel(module: ModuleCode, e: ElementRow, fused: boolean): number {
  const f = new FunctionCode(['i32', 'i32', 'i32', 'i32', 'i32', 'i32']);
  const [k, a, b, c, ldc, add] = [0, 1, 2, 3, 4, 5];
  const tile = new TileCode({ f, e, rows: e.rows, vectors: e.vectors, single: false, fused });
  const stepA = panelStepA(e);
  const stepB = tileColumns(e) * itemBytes(e);
  // An exit after every step, not a second loop for the rest: the branch also keeps the engine from moving all loads of
  // a pass to its front, which spills (V8 11: 14.5 against 6.6 GFLOP/s for four steps at once).
  f.block().loop();
  for (let u = 0; u < e.unroll; u++) {
    const pushLeft = (row: number): void => {
      f.get(a);
      if (e.spread) f.simd(simd.load).memarg(u * stepA + 16 * row);
      else f.simd(laneMemory[e.width].splat).memarg(u * stepA + e.width * row);
    };
    tile.step(pushLeft, b, u * stepB);
    if (u < e.unroll - 1)
      f.get(k)
        .i32(u + 1)
        .op(0x46)
        .brIf(1);
  }
  f.bump(a, e.unroll * stepA).bump(b, e.unroll * stepB);
  f.get(k).i32(e.unroll).op(0x6b).tee(k).brIf(0).end().end();
  f.get(add).if();
  tile.store(c, ldc, true);
  f.else();
  tile.store(c, ldc, false);
  f.end();
  return module.add(f);
}

/** Bytes of one step of k in a packed panel of A. */
export const panelStepA = (e: ElementRow): number => e.rows * e.parts * (e.spread ? 16 : e.width);

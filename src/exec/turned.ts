// Operands that run along the dimension before the innermost while the others run along the innermost (a.T + b): they
// are turned tile by tile into scratch, where the kernel reads them as contiguous. Copies are turned without a kernel.

import { type Kernel, kernelOf } from '../kernel/compile.ts';
import { addTranspose, type TurnedWidth } from '../kernel/wasm/transpose.ts';
import { scratch } from '../memory/allocate.ts';
import type { Segment } from '../memory/segment.ts';
import type { Loops } from '../shape/coalesce.ts';
import { eachOuter, nest, type Operands } from './run.ts';

/**
 * Columns of a tile, and rows for elements of a width: few and long rows, so that what is done per row and per tile is
 * small against the elements; a tile stays in the second cache.
 */
const COLUMNS = 1024;
const rowsOf = (width: number): number => Math.min(64, 256 / width);
/** Between rows of a tile, so that they do not fall on the same lines of a cache. */
const PADDING = 64;
/** Rows and columns that a copy turns at once. */
const SQUARE = 64;
/** Both dimensions must be at least this long. */
const LEAST = 16;

const turner = (width: TurnedWidth): Kernel =>
  kernelOf(`transpose:${width}`, (module) => {
    addTranspose(module, width);
  });

const isWidth = (n: number): n is TurnedWidth => n === 1 || n === 2 || n === 4 || n === 8 || n === 16;

/** Does an operand of this item size run along the dimension before the innermost? */
export function isTurned({ shape }: Loops, strides: readonly number[], itemsize: number): boolean {
  const j = shape.length - 1;
  return (
    j > 0 &&
    shape[j] >= LEAST &&
    shape[j - 1] >= LEAST &&
    strides[j - 1] === itemsize &&
    Math.abs(strides[j]) >= 4 * itemsize &&
    isWidth(itemsize)
  );
}

/** Which of the first `inputs` operands are to be turned; undefined where none is. */
export function turnedInputs(loops: Loops, itemsizes: readonly number[], inputs: number): boolean[] | undefined {
  let any = false;
  const turned = itemsizes.map((size, k) => {
    const is = k < inputs && isTurned(loops, loops.strides[k], size);
    any ||= is;
    return is;
  });
  return any ? turned : undefined;
}

/** As runLoops; the operands that `turned` names have the code of contiguous ones. Returns the bits of the kernel. */
export function runTurned(
  kernel: Kernel,
  segment: Segment,
  loops: Loops,
  { addresses, itemsizes, codes }: Operands,
  turned: readonly boolean[],
  params: (number | bigint)[],
): number {
  const { shape, strides } = loops;
  const code = kernel.at(segment);
  const j = shape.length - 1;
  const [rows, columns] = [shape[j - 1], shape[j]];
  const height = rowsOf(Math.max(...itemsizes.filter((_, k) => turned[k])));
  const mark = scratch.mark();
  const tiles = itemsizes.map((size, k) =>
    turned[k] ? scratch.take(segment, height * (COLUMNS * size + PADDING)) : 0,
  );
  const turners = itemsizes.map((size, k) => (turned[k] && isWidth(size) ? turner(size).at(segment).run : undefined));
  const inner = strides.map((s, k) => (codes[k] === 0 ? itemsizes[k] : s[j]));
  const outer = strides.map((s, k) => [turned[k] ? COLUMNS * itemsizes[k] + PADDING : s[j - 1]]);
  let seen = 0;
  try {
    const at = addresses.slice();
    eachOuter(shape, strides, j - 1, addresses, (base) => {
      for (let r = 0; r < rows; r += height) {
        const n = Math.min(height, rows - r);
        for (let c = 0; c < columns; c += COLUMNS) {
          const m = Math.min(COLUMNS, columns - c);
          for (let k = 0; k < at.length; k++) {
            at[k] = base[k] + r * strides[k][j - 1] + c * strides[k][j];
            const turn = turners[k];
            if (turn === undefined) continue;
            turn(n, m, at[k], strides[k][j], tiles[k], COLUMNS * itemsizes[k] + PADDING);
            at[k] = tiles[k];
          }
          seen |= nest(code, [n], outer, 1, at, inner, m, params);
        }
      }
    });
  } finally {
    scratch.release(mark);
  }
  return seen;
}

/** Copies elements of one width over loops whose source is turned and whose target is contiguous in the innermost. */
export function copyTurned(segment: Segment, loops: Loops, addresses: readonly number[], width: number): void {
  if (!isWidth(width)) throw new TypeError('elements of no width that is turned');
  const { run } = turner(width).at(segment);
  const { shape, strides } = loops;
  const j = shape.length - 1;
  const [from, to] = strides;
  eachOuter(shape, strides, j - 1, addresses, ([source, target]) => {
    for (let r = 0; r < shape[j - 1]; r += SQUARE) {
      for (let c = 0; c < shape[j]; c += SQUARE) {
        run(
          Math.min(SQUARE, shape[j - 1] - r),
          Math.min(SQUARE, shape[j] - c),
          source + r * width + c * from[j],
          from[j],
          target + r * to[j - 1] + c * width,
          to[j - 1],
        );
      }
    }
  });
}

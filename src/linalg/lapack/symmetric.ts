// The embedded syevd and heevd.

import { kernelOf } from '../../kernel/compile.ts';
import type { EighJob } from '../provider/routines.ts';
import { overStack } from './over_stack.ts';
import { addSymmetric, symmetricScratch } from './symmetric_kernel.ts';

/** Order up to which one call does everything. */
export const SMALL = 2000;

export function eigh({ segment, field, count, info, n, a, w, lower, vectors }: EighJob): void {
  const { bytes, width, name } = field;
  if (n <= SMALL) {
    const kernel = kernelOf(`eigh.${name}`, (module) => addSymmetric(module, field));
    const operands = [
      [a, n * n * bytes],
      [w, n * width],
      [info, 4],
    ] as const;
    const rest = [n, lower ? 1 : 0, vectors ? 1 : 0];
    overStack(segment, kernel, count, 6 * n * n * n, operands, rest, symmetricScratch(n, field));
  }
}

// The embedded syevd and heevd: small matrices in one call for the stack; of large ones the eigenvectors by divide and
// conquer in float64 whatever the field, brought back by blocks of reflectors.

import { type Kernel, kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import type { EighJob } from '../provider/routines.ts';
import { applyReflectors, realsFrom, realsTo, rescale, spreadReal } from './back_transform.ts';
import { divideSymmetric } from './divide_symmetric.ts';
import { type Field, fields } from './language.ts';
import { byColumns } from './level3.ts';
import { overStack } from './over_stack.ts';
import { addQl, addReduction, addSymmetric, symmetricScratch } from './symmetric_kernel.ts';
import { REDUCTION_SCRATCH } from './tridiagonal_reduction.ts';

/** Orders up to which one call does everything, with vectors and without. */
const SMALL = { vectors: 110, values: 48 } as const;
export function eigh(job: EighJob): void {
  const { segment, field, count, info, n, a, w, lower, vectors } = job;
  const { bytes, width, name } = field;
  if (n <= (vectors ? SMALL.vectors : SMALL.values)) {
    const kernel = kernelOf(`eigh.${name}`, (module) => addSymmetric(module, field));
    const operands = [
      [a, n * n * bytes],
      [w, n * width],
      [info, 4],
    ] as const;
    const rest = [n, lower ? 1 : 0, vectors ? 1 : 0];
    overStack(segment, kernel, count, 6 * n * n * n, operands, rest, symmetricScratch(n, field));
    return;
  }
  const mark = scratch.mark();
  try {
    const e = scratch.take(segment, n * width);
    const tau = scratch.take(segment, n * bytes);
    const work = scratch.take(segment, REDUCTION_SCRATCH * n * bytes);
    for (let i = 0; i < count; i++) {
      const [matrix, values] = [a + i * n * n * bytes, w + i * n * width];
      const factor = kernelOf(`eigh.reduce.${name}`, (module) => addReduction(module, field))
        .at(segment)
        .run(n, matrix, lower ? 1 : 0, values, e, tau, work);
      let failed = n;
      if (factor !== 0 && !vectors) failed = qlOf(field).at(segment).run(n, values, e, 0, 0, 0);
      if (factor !== 0 && vectors) failed = withVectors(segment, field, n, matrix, values, e, tau);
      rescale(segment, field, n, values, factor);
      segment.i32[info / 4 + i] = failed;
    }
  } finally {
    scratch.release(mark);
  }
}

const qlOf = ({ width }: Field): Kernel => {
  const real = width === 4 ? fields.float32 : fields.float64;
  return kernelOf(`ql.${real.name}`, (module) => addQl(module, real));
};

/** From T (d at `values`, e) and the reflectors in `a` to eigenvalues and, in place of the reflectors, vectors. */
function withVectors(
  segment: Segment,
  field: Field,
  n: number,
  a: number,
  values: number,
  e: number,
  tau: number,
): number {
  const { bytes, name } = field;
  const mark = scratch.mark();
  try {
    const tridiagonal = scratch.take(segment, 16 * n);
    const z = scratch.take(segment, 8 * n * n);
    const x = name === 'float64' ? z : scratch.take(segment, bytes * n * n);
    realsTo(segment, field, n, values, tridiagonal);
    realsTo(segment, field, n - 1, e, tridiagonal + 8 * n);
    const failed = divideSymmetric(segment, n, tridiagonal, tridiagonal + 8 * n, z);
    if (failed > 0) return failed;
    realsFrom(segment, field, n, tridiagonal, values);
    spreadReal(segment, field, n * n, z, x);
    const reflectors = { v: byColumns(name, a, n), m: n, count: n - 1, first: 1, tau } as const;
    applyReflectors(segment, field, reflectors, byColumns(name, x, n), n);
    segment.f32.copyWithin(a / 4, x / 4, (x + bytes * n * n) / 4);
    return 0;
  } finally {
    scratch.release(mark);
  }
}

// The embedded syevd and heevd: small matrices in one call for the stack; of large ones the eigenvectors by divide and
// conquer in float64 whatever the field, brought back by blocks of reflectors.

import { type Kernel, kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import type { EighJob } from '../provider/routines.ts';
import { applyBlockLeft, blockReflector } from './block_reflector.ts';
import { divideSymmetric } from './divide_symmetric.ts';
import { type Field, fields } from './language.ts';
import { byColumns, from } from './level3.ts';
import { overStack } from './over_stack.ts';
import { addQl, addReduction, addSymmetric, symmetricScratch } from './symmetric_kernel.ts';
import { REDUCTION_SCRATCH } from './tridiagonal_reduction.ts';

/** Orders up to which one call does everything, with vectors and without. */
const SMALL = { vectors: 48, values: 48 } as const;
/** Reflectors of a block. */
const BLOCK = 32;

/** The reals of a field as the heap shows them. */
export const realView = (segment: Segment, field: Field): Float32Array | Float64Array =>
  field.width === 4 ? segment.f32 : segment.f64;

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
      const view = realView(segment, field);
      for (let j = 0; factor !== 1 && j < n; j++) view[values / width + j] /= factor === 0 ? Number.NaN : factor;
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
  const { bytes, width, name } = field;
  const mark = scratch.mark();
  try {
    const tridiagonal = scratch.take(segment, 16 * n);
    const z = scratch.take(segment, 8 * n * n);
    const x = name === 'float64' ? z : scratch.take(segment, bytes * n * n);
    const given = realView(segment, field);
    segment.f64.set(given.subarray(values / width, values / width + n), tridiagonal / 8);
    segment.f64.set(given.subarray(e / width, e / width + n - 1), tridiagonal / 8 + n);
    const failed = divideSymmetric(segment, n, tridiagonal, tridiagonal + 8 * n, z);
    if (failed > 0) return failed;
    const view = realView(segment, field);
    view.set(segment.f64.subarray(tridiagonal / 8, tridiagonal / 8 + n), values / width);
    spreadReal(segment, field, n * n, z, x);
    const [reflectors, vectors] = [byColumns(name, a, n), byColumns(name, x, n)];
    for (let k = Math.floor((n - 2) / BLOCK) * BLOCK; k >= 0; k -= BLOCK) {
      applyReflectors(segment, field, n, k, Math.min(BLOCK, n - 1 - k), n, reflectors, tau, vectors);
    }
    segment.f32.copyWithin(a / 4, x / 4, (x + bytes * n * n) / 4);
    return 0;
  } finally {
    scratch.release(mark);
  }
}

/** n float64 into elements of the field. */
export function spreadReal(segment: Segment, field: Field, n: number, from: number, to: number): void {
  if (from === to) return;
  const [source, target] = [segment.f64, realView(segment, field)];
  const [start, first, step] = [from / 8, to / field.width, field.complex ? 2 : 1];
  if (step === 1) {
    target.set(source.subarray(start, start + n), first);
    return;
  }
  for (let i = 0; i < n; i++) {
    target[first + 2 * i] = source[start + i];
    target[first + 2 * i + 1] = 0;
  }
}

/** X = (I − V·T·Vᴴ)·X for the `count` reflectors of columns k …, which begin below the diagonal of a. */
function applyReflectors(
  segment: Segment,
  field: Field,
  n: number,
  k: number,
  count: number,
  columns: number,
  a: ReturnType<typeof byColumns>,
  tau: number,
  x: ReturnType<typeof byColumns>,
): void {
  const mark = scratch.mark();
  try {
    const block = blockReflector(segment, field.name, n - 1 - k, count, from(a, k + 1, k), tau + k * field.bytes);
    applyBlockLeft(segment, field.name, block, columns, from(x, k + 1, 0), false);
  } finally {
    scratch.release(mark);
  }
}

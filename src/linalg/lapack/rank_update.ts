// Hermitian (symmetric) updates of one triangle: C ± Σ A·Bᴴ where the sum is known to be Hermitian, as A·Aᴴ or
// V·Wᴴ + W·Vᴴ. By halving C: the square off the diagonal is a plain product, half of the work of the whole is saved.
// Source: Elmroth, Gustavson, Jonsson, Kågström, "Recursive blocked algorithms", SIAM Review 46(1), 2004.

import { kernelOf } from '../../kernel/compile.ts';
import { constant } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { defineNumeric, type Field, type FieldName, fields } from './language.ts';
import { adjoint, byColumns, from, type MatrixAt, multiplyInto, type Update } from './level3.ts';

/** Rows of the diagonal blocks, which are computed whole and stored by half. */
const BLOCK = 48;

/** Two operands of a product A·Bᴴ, both n × k. */
export type Pair = readonly [MatrixAt, MatrixAt];

const params: WasmType[] = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'];

/** run(n, s, row stride, column stride, c, row stride, column stride, add): C = S or C += S on and below the diagonal. */
function addStoreLower(module: ModuleCode, field: Field): void {
  defineNumeric(
    module,
    field,
    params,
    undefined,
    (r, n, s, rowS, columnS, c, rowC, columnC, add) => {
      r.range(r.int(0), n, (i) => {
        const [at, to] = [r.let(s), r.let(c)];
        const sum = r.variable(0);
        r.range(constant('i32', 0), i.add(1), (j) => {
          sum.set(r.get(at));
          r.if(add, () => sum.set(sum.add(r.get(to))));
          // The diagonal of a Hermitian matrix is real, whatever rounding left.
          if (sum.im !== undefined) r.set(sum.im, i.eq(j).select(constant(field.lane, 0), sum.im));
          r.put(to, sum);
          r.bump(at, columnS);
          r.bump(to, columnC);
        });
        r.bump(s, rowS);
        r.bump(c, rowC);
      });
    },
    'run',
  );
}

/**
 * C = ΣA·Bᴴ, C += ΣA·Bᴴ or C −= ΣA·Bᴴ on one triangle of C (n × n, by rows or by columns) and its diagonal; the other
 * triangle is left alone.
 */
export function rankUpdate(
  segment: Segment,
  name: FieldName,
  n: number,
  k: number,
  pairs: readonly Pair[],
  c: MatrixAt,
  lower: boolean,
  update: Update,
): void {
  if (n === 0) return;
  const summed = (m: number, columns: number, i: number, j: number, to: MatrixAt, first: Update): void => {
    let mode = first;
    for (const [a, b] of pairs) {
      multiplyInto(segment, name, m, columns, k, from(a, i, 0), adjoint(from(b, j, 0)), to, mode);
      if (mode === 0) mode = 1;
    }
  };
  if (n > BLOCK) {
    const h = Math.ceil(n / (2 * BLOCK)) * BLOCK;
    if (lower) summed(n - h, h, h, 0, from(c, h, 0), update);
    else summed(h, n - h, 0, h, from(c, 0, h), update);
    rankUpdate(segment, name, h, k, pairs, c, lower, update);
    const rest = pairs.map(([a, b]): Pair => [from(a, h, 0), from(b, h, 0)]);
    rankUpdate(segment, name, n - h, k, rest, from(c, h, h), lower, update);
    return;
  }
  const field = fields[name];
  const mark = scratch.mark();
  try {
    const bytes = n * n * field.bytes;
    const s = byColumns(name, scratch.take(segment, bytes), n);
    if (update === -1) segment.fill(s.ptr, bytes, 0);
    summed(n, n, 0, 0, s, update === -1 ? -1 : 0);
    const { run } = kernelOf(`triangle.store.${name}`, (module) => addStoreLower(module, field)).at(segment);
    // The upper triangle is the lower one of the transpose.
    const strides = ({ rowStride, columnStride }: MatrixAt): readonly [number, number] =>
      lower ? [rowStride, columnStride] : [columnStride, rowStride];
    run(n, s.ptr, ...strides(s), c.ptr, ...strides(c), update === 0 ? 0 : 1);
  } finally {
    scratch.release(mark);
  }
}

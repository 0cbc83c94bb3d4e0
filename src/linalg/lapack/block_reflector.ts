// Products of Householder reflectors as one block: H₁·H₂⋯H_k = I − V·T·Vᴴ, T upper triangular, applied by products of
// matrices. V is copied out of the factored matrix with its ones and zeros written out, so that nothing but plain
// products is needed.
// Source: Schreiber, Van Loan, "A storage-efficient WY representation", SIAM J. Sci. Stat. Comput. 10(1), 1989.

import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { defineNumeric, type FieldName, fields, i32s } from './language.ts';
import { adjoint, byColumns, type MatrixAt, multiplyInto } from './level3.ts';
import { perField } from './per_field.ts';
import { adjointTriangle, type Triangle } from './triangle.ts';
import { triangularMultiply, triangularMultiplyRight } from './triangular_multiply.ts';

/** I − V·T·Vᴴ: V m × k, T k × k. */
export interface BlockReflector {
  readonly m: number;
  readonly k: number;
  readonly v: MatrixAt;
  readonly t: Triangle;
}

/** run(m, k, reflectors, bytes from column to column, v): V dense by columns, ones on the diagonal, zeros above. */
const spreadKernel = perField('reflectors.spread', (module, field) => {
  const { bytes } = field;
  defineNumeric(
    module,
    field,
    i32s(5),
    undefined,
    (r, m, k, from, ld, to) => {
      r.range(r.int(0), k, (j) => {
        const above = r.let(j.mul(bytes));
        r.fill(to, 0, above);
        r.put(to.add(above), 1);
        const below = r.let(above.add(bytes));
        r.copy(to.add(below), from.add(below), m.mul(bytes).sub(below));
        r.bump(to, m.mul(bytes));
        r.bump(from, ld);
      });
    },
    'run',
  );
});

/** run(k, s, tau): S = VᴴV (k × k, by columns, its strict upper triangle is read) becomes T in place. */
const triangleKernel = perField('reflectors.triangle', (module, field) => {
  const { bytes } = field;
  defineNumeric(
    module,
    field,
    i32s(3),
    undefined,
    (r, k, s, tau) => {
      const ld = r.let(k.mul(bytes));
      r.range(r.int(0), k, (i) => {
        const column = r.let(s.add(i.mul(ld)));
        const t = r.get(tau.add(i.mul(bytes)));
        const factor = t.neg();
        // The column's upper part x becomes −tau·T·x with the columns of T found so far.
        r.range(r.int(0), i, (c) => {
          const known = r.let(s.add(c.mul(ld)));
          const at = r.let(column.add(c.mul(bytes)));
          const x = factor.mul(r.get(at));
          r.range(r.int(0), c, (row) => {
            const to = r.let(column.add(row.mul(bytes)));
            r.put(to, r.get(to).add(x.mul(r.get(known.add(row.mul(bytes))))));
          });
          r.put(at, x.mul(r.get(known.add(c.mul(bytes)))));
        });
        r.put(column.add(i.mul(bytes)), t);
      });
    },
    'run',
  );
});

/**
 * The block of k reflectors of order m whose vectors lie below the diagonal of the first k columns of `a` (by columns),
 * with their factors at `tau`. V and T are in scratch: the caller marks it before and releases it after the last use.
 */
export function blockReflector(
  segment: Segment,
  name: FieldName,
  m: number,
  k: number,
  a: MatrixAt,
  tau: number,
): BlockReflector {
  const field = fields[name];
  const v = byColumns(name, scratch.take(segment, m * k * field.bytes), m);
  spreadKernel(field).at(segment).run(m, k, a.ptr, a.columnStride, v.ptr);
  const s = byColumns(name, scratch.take(segment, k * k * field.bytes), k);
  multiplyInto(segment, name, k, k, m, adjoint(v), v, s);
  triangleKernel(field).at(segment).run(k, s.ptr, tau);
  return { m, k, v, t: { ...s, lower: false } };
}

/** C = H·C, or Hᴴ·C, of the m × n matrix C by rows or by columns. */
export function applyBlockLeft(
  segment: Segment,
  name: FieldName,
  h: BlockReflector,
  n: number,
  c: MatrixAt,
  adjointed: boolean,
): void {
  if (n === 0 || h.k === 0) return;
  const mark = scratch.mark();
  try {
    // W = op(T)·Vᴴ·C
    const w = byColumns(name, scratch.take(segment, h.k * n * fields[name].bytes), h.k);
    multiplyInto(segment, name, h.k, n, h.m, adjoint(h.v), c, w);
    triangularMultiply(segment, name, h.k, n, adjointed ? adjointTriangle(h.t) : h.t, w);
    multiplyInto(segment, name, h.m, n, h.k, h.v, w, c, -1);
  } finally {
    scratch.release(mark);
  }
}

/** C = C·H, or C·Hᴴ, of the n × m matrix C by rows or by columns. */
export function applyBlockRight(
  segment: Segment,
  name: FieldName,
  h: BlockReflector,
  n: number,
  c: MatrixAt,
  adjointed: boolean,
): void {
  if (n === 0 || h.k === 0) return;
  const mark = scratch.mark();
  try {
    // W = C·V·op(T)
    const w = byColumns(name, scratch.take(segment, h.k * n * fields[name].bytes), n);
    multiplyInto(segment, name, n, h.k, h.m, c, h.v, w);
    triangularMultiplyRight(segment, name, n, h.k, adjointed ? adjointTriangle(h.t) : h.t, w);
    multiplyInto(segment, name, n, h.m, h.k, w, adjoint(h.v), c, -1);
  } finally {
    scratch.release(mark);
  }
}

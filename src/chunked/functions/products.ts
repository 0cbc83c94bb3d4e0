// Products of arrays in chunks: matmul, tensordot, dot, inner, outer, vecdot and einsum of two operands. All are one operation
// over numbered axes (operations/contract.ts).

import { ShapeError } from '../../base/errors.ts';
import { formatShape, normalizeAxes } from '../../shape/strides.ts';
import { ChunkedArray, type ChunkedLike, nodeOf } from '../array.ts';
import type { Node } from '../node.ts';
import { type Contract, contracted } from '../operations/contract.ts';

const product = (a: Node, b: Node, labels: Contract): ChunkedArray => new ChunkedArray(contracted(a, b, labels));

function requireEqual(a: Node, i: number, b: Node, j: number, where: string): void {
  if (a.shape[i] === b.shape[j]) return;
  throw new ShapeError(
    `${where}: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not meet: axis ${i} has ${a.shape[i]} elements, axis ${j} of the other ${b.shape[j]}`,
    'transpose or reshape one of them',
    { a: a.shape, b: b.shape },
  );
}

function requireAxes(x: Node, where: string): void {
  if (x.shape.length > 0) return;
  throw new ShapeError(`${where}: an operand without axes`, 'multiply with np.multiply', { shape: x.shape });
}

/**
 * Matrix product of the last two axes, over stacks of matrices; operands of one axis are a row or a column. Integers are
 * exact; sums of floats go by panels in an order that shapes and blocks alone decide.
 * @throws ShapeError where shapes do not meet.
 * @example await np.chunked.matmul(np.chunked.ones([4, 3]), np.chunked.ones([3, 2])).sum().compute() // 24
 * @see https://numpy.org/doc/stable/reference/generated/numpy.matmul.html
 */
export function matmul(a: ChunkedLike, b: ChunkedLike): ChunkedArray {
  const where = 'np.chunked.matmul';
  const [x, y] = [nodeOf(a, where), nodeOf(b, where)];
  requireAxes(x, where);
  requireAxes(y, where);
  const [m, n] = [x.shape.length, y.shape.length];
  requireEqual(x, m - 1, y, Math.max(0, n - 2), where);
  const stack = Math.max(m, n, 2) - 2;
  const [row, deep, column] = [stack, stack + 1, stack + 2];
  const batch = (axes: number): number[] =>
    Array.from({ length: Math.max(0, axes - 2) }, (_, i) => stack - (axes - 2) + i);
  const out = [...batch(Math.max(m, n)), ...(m > 1 ? [row] : []), ...(n > 1 ? [column] : [])];
  for (let i = 1; i <= Math.min(m, n) - 2; i++) {
    const [p, q] = [x.shape[m - 2 - i], y.shape[n - 2 - i]];
    if (p !== q && p !== 1 && q !== 1) requireEqual(x, m - 2 - i, y, n - 2 - i, where);
  }
  return product(x, y, {
    a: [...batch(m), ...(m > 1 ? [row] : []), deep],
    b: [...batch(n), deep, ...(n > 1 ? [column] : [])],
    out,
  });
}

/**
 * Sums of products over axes of both: the last `axes` of the first with the first of the other, or axes given as [of a, of b].
 * @throws ShapeError where shapes do not meet, AxisError.
 * @example (await np.chunked.tensordot(np.chunked.ones([2, 3]), np.chunked.ones([3, 4]), 1).compute()).shape // [2, 4]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.tensordot.html
 */
export function tensordot(
  a: ChunkedLike,
  b: ChunkedLike,
  axes: number | readonly [number | readonly number[], number | readonly number[]] = 2,
): ChunkedArray {
  const where = 'np.chunked.tensordot';
  const [x, y] = [nodeOf(a, where), nodeOf(b, where)];
  const [m, n] = [x.shape.length, y.shape.length];
  const listed = (of: number | readonly number[], ndim: number): readonly number[] =>
    (typeof of === 'number' ? [of] : of).map((d) => normalizeAxes(d, ndim, where)[0]);
  const [ours, theirs] =
    typeof axes === 'number'
      ? [Array.from({ length: axes }, (_, i) => m - axes + i), Array.from({ length: axes }, (_, i) => i)]
      : [listed(axes[0], m), listed(axes[1], n)];
  if (ours.length !== theirs.length || ours.length > Math.min(m, n)) {
    throw new ShapeError(
      `${where}: ${ours.length} axes of one and ${theirs.length} of the other`,
      'name as many of both',
      {
        axes,
        a: x.shape,
        b: y.shape,
      },
    );
  }
  ours.forEach((d, i) => {
    requireEqual(x, d, y, theirs[i], where);
  });
  const left = x.shape.map((_, d) => d);
  const right = y.shape.map((_, d) => (theirs.includes(d) ? ours[theirs.indexOf(d)] : m + d));
  const out = [...left.filter((d) => !ours.includes(d)), ...right.filter((l) => l >= m)];
  return product(x, y, { a: left, b: right, out });
}

/**
 * The product that `np.dot` means: of matrices, of a matrix and a vector, or over the last axis of the one and the last but
 * one of the other.
 * @throws ShapeError where shapes do not meet.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.dot.html
 */
export function dot(a: ChunkedLike, b: ChunkedLike): ChunkedArray {
  const where = 'np.chunked.dot';
  const [x, y] = [nodeOf(a, where), nodeOf(b, where)];
  if (x.shape.length === 0 || y.shape.length === 0) return new ChunkedArray(x).multiply(new ChunkedArray(y));
  return tensordot(a, b, [x.shape.length - 1, Math.max(0, y.shape.length - 2)]);
}

/** Sums of products over the last axes of both. @see https://numpy.org/doc/stable/reference/generated/numpy.inner.html */
export function inner(a: ChunkedLike, b: ChunkedLike): ChunkedArray {
  const where = 'np.chunked.inner';
  const [x, y] = [nodeOf(a, where), nodeOf(b, where)];
  if (x.shape.length === 0 || y.shape.length === 0) return new ChunkedArray(x).multiply(new ChunkedArray(y));
  return tensordot(a, b, [x.shape.length - 1, y.shape.length - 1]);
}

/** Products of all elements of the one with all of the other. @see https://numpy.org/doc/stable/reference/generated/numpy.outer.html */
export function outer(a: ChunkedLike, b: ChunkedLike): ChunkedArray {
  const where = 'np.chunked.outer';
  const [x, y] = [a, b].map((v) => new ChunkedArray(nodeOf(v, where)).ravel());
  return x.get(':', null).multiply(y.get(null, ':'));
}

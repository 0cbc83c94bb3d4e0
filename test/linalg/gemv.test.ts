// Matrix times vector and dot products on addresses: exact for integers, within the bound of a sum for floats, and the
// same bits for every layout that sums in the same order.
import { afterEach, describe, expect, it } from 'vitest';
import { config } from '../../src/base/config.ts';
import { type ElementName, elements, itemBytes } from '../../src/linalg/gemm/elements.ts';
import type { MatrixAt } from '../../src/linalg/gemm/gemm.ts';
import { dot, gemv } from '../../src/linalg/gemm/gemv.ts';
import { SPAN } from '../../src/linalg/gemm/row_kernel.ts';
import { primarySegment } from '../../src/memory/allocate.ts';
import { expected, fill, type Item, type Layout, matrix, names, release, take, view } from './_operands.ts';

afterEach(release);

function check(name: ElementName, m: number, k: number, left: Layout, right: Layout): void {
  const e = elements[name];
  const a = matrix(name, m, k, left);
  const x = matrix(name, k, 1, right);
  const y = take((m + 2) * itemBytes(e));
  const frame = view(name, y.ptr, (m + 2) * e.parts);
  if (frame instanceof BigInt64Array) frame.fill(77n);
  else frame.fill(77);
  gemv(primarySegment(), name, m, k, a.at, { ptr: x.at.ptr, stride: x.at.rowStride }, y.ptr + itemBytes(e));
  const float = e.lane[0] === 'f';
  const bound = float ? (k + 4) * (e.width === 4 ? 2 ** -24 : 2 ** -53) * 0.5 * e.parts : 0;
  for (let i = -1; i <= m; i++) {
    const want = i < 0 || i === m ? [77, 77] : expected(name, k, a.item, x.item, i, 0);
    for (let q = 0; q < e.parts; q++) {
      const got = frame[(i + 1) * e.parts + q];
      const off = Math.abs(Number(got) - Number(want[q]));
      if (!(off <= bound) || (typeof got === 'bigint' && i >= 0 && i < m && got !== want[q])) {
        expect.fail(`${name} ${m}×${k} ${left} ${right} row ${i} part ${q}: ${got} is not ${want[q]}`);
      }
    }
  }
}

describe.each(names)('gemv of %s', (name) => {
  it('sizes at the edges of registers', () => {
    const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 65, 127, 129];
    for (const m of [1, 2, 3, 5, 8, 17]) for (const k of sizes) check(name, m, k, 'rows', 'rows');
    for (const m of sizes) for (const k of [1, 2, 3, 4, 5, 8, 9]) check(name, m, k, 'columns', 'rows');
  });
  it('layouts', () => {
    const layouts: Layout[] = ['rows', 'columns', 'strided', 'reversed', 'broadcast'];
    for (const left of layouts) {
      for (const right of ['rows', 'strided', 'reversed', 'broadcast'] as const) check(name, 7, 45, left, right);
    }
  });
  it('more than one span, more than one stretch, nothing', () => {
    check(name, 3, SPAN + 7, 'rows', 'strided');
    check(name, 3, 2 * SPAN, 'strided', 'rows');
    check(name, 8197, 6, 'columns', 'rows');
    check(name, 3, 0, 'rows', 'rows');
    check(name, 0, 3, 'rows', 'rows');
  });
});

describe('threads', () => {
  // Each over what threads share; workers may come or not, the bits stay.
  it('change no bits', () => {
    for (const name of ['float64', 'float32', 'complex128', 'int32'] as const) {
      const item = itemBytes(elements[name]);
      const { parts } = elements[name];
      const k = 700;
      const m = Math.ceil(2 ** 21 / (k * item));
      const n = m * k;
      const [a, x, y] = [take(n * item), take(n * item), take((m + 1) * item)];
      for (const s of [a, x]) fill(name, view(name, s.ptr, n * parts));
      const layouts: MatrixAt[] = [
        { ptr: a.ptr, rowStride: k * item, columnStride: item },
        { ptr: a.ptr, rowStride: item, columnStride: m * item },
        { ptr: a.ptr + (n - 1) * item, rowStride: -k * item, columnStride: -item },
      ];
      const segment = primarySegment();
      for (const at of layouts) {
        const results = [1, 2].map((threads) => {
          config.set('threads', threads);
          gemv(segment, name, m, k, at, { ptr: x.ptr, stride: 2 * item }, y.ptr);
          dot(segment, name, n, { ptr: a.ptr, stride: item }, { ptr: x.ptr, stride: item }, y.ptr + m * item);
          return view(name, y.ptr, (m + 1) * parts).slice();
        });
        config.reset('threads');
        expect(results[1]).toEqual(results[0]);
      }
      release();
    }
  });
});

describe('updates', () => {
  it.each(['float64', 'float32', 'complex64', 'complex128'] as const)('of %s add, subtract and conjugate', (name) => {
    const e = elements[name];
    const [m, k, item] = [6, 11, itemBytes(e)];
    for (const layout of ['rows', 'columns', 'strided'] as const) {
      for (const update of [1, -1] as const) {
        const a = matrix(name, m, k, layout);
        const x = matrix(name, k, 1, 'strided');
        const y = take(m * item);
        const v = view(name, y.ptr, m * e.parts);
        fill(name, v);
        const before = v.slice();
        const conj = layout !== 'columns';
        const turned =
          (of: Item): Item =>
          (i, j, q) =>
            q === 1 ? -Number(of(i, j, q)) : of(i, j, q);
        const at = { ptr: x.at.ptr, stride: x.at.rowStride, conj: true };
        gemv(primarySegment(), name, m, k, { ...a.at, conj }, at, y.ptr, update);
        for (let i = 0; i < m; i++) {
          const sum = expected(name, k, conj ? turned(a.item) : a.item, turned(x.item), i, 0);
          for (let q = 0; q < e.parts; q++) {
            const want = Number(before[i * e.parts + q]) + update * Number(sum[q]);
            expect(Number(v[i * e.parts + q])).toBeCloseTo(want, e.width === 4 ? 5 : 13);
          }
        }
      }
    }
  });
});

describe('dot', () => {
  it('has the same bits for every stride, and those of a row of gemv', () => {
    for (const name of ['float64', 'float32', 'complex64', 'complex128'] as const) {
      const e = elements[name];
      const item = itemBytes(e);
      const n = 2 * SPAN + 53;
      const [a, b, wide, y] = [take(n * item), take(n * item), take(3 * n * item), take(4 * item)];
      fill(name, view(name, a.ptr, n * e.parts));
      fill(name, view(name, b.ptr, n * e.parts));
      for (let i = 0; i < n; i++) {
        view(name, wide.ptr + 3 * i * item, e.parts).set(view(name, a.ptr + i * item, e.parts) as never); // same class
      }
      const segment = primarySegment();
      const [A, B] = [
        { ptr: a.ptr, stride: item },
        { ptr: b.ptr, stride: item },
      ];
      dot(segment, name, n, A, B, y.ptr);
      dot(segment, name, n, { ptr: wide.ptr, stride: 3 * item }, B, y.ptr + item);
      gemv(segment, name, 2, n, { ptr: a.ptr, rowStride: 0, columnStride: item }, B, y.ptr + 2 * item);
      const got = view(name, y.ptr, 4 * e.parts);
      for (let q = 1; q < 4; q++)
        expect(got.subarray(q * e.parts, (q + 1) * e.parts)).toEqual(got.subarray(0, e.parts));
    }
  });
  it('conjugates its first operand', () => {
    for (const name of ['complex64', 'complex128'] as const) {
      const item = itemBytes(elements[name]);
      const s = take(7 * item);
      view(name, s.ptr, 12).set([1, 2, 3, -4, 0, 1, 5, 6, -7, 8, 2, 2] as never); // numbers, as the class holds
      const segment = primarySegment();
      dot(
        segment,
        name,
        3,
        { ptr: s.ptr, stride: item },
        { ptr: s.ptr + 3 * item, stride: item },
        s.ptr + 6 * item,
        true,
      );
      // (1−2i)(5+6i) + (3+4i)(−7+8i) + (−i)(2+2i) = 17−4i + −53−4i + 2−2i
      expect([...view(name, s.ptr + 6 * item, 2)]).toEqual([-34, -10]);
    }
  });
});

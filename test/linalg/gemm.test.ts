// The embedded GEMM on addresses against sums written out in the order its definition gives them: bit for bit.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { config } from '../../src/base/config.ts';
import { platform } from '../../src/base/platform.ts';
import { KC } from '../../src/linalg/gemm/blocking.ts';
import { type ElementName, elements, itemBytes } from '../../src/linalg/gemm/elements.ts';
import { gemm, type MatrixAt, type Update } from '../../src/linalg/gemm/gemm.ts';
import type { FieldName } from '../../src/linalg/lapack/language.ts';
import { multiplyInto } from '../../src/linalg/lapack/level3.ts';
import { heap, primarySegment } from '../../src/memory/allocate.ts';
import { expected, fill, type Item, type Layout, matrix, names, release, take, view } from './_operands.ts';

// Engines with fused multiply-add round once where the sums below round twice.
beforeEach(() => config.set('determinism', 'bitwise'));
afterEach(() => {
  config.reset('determinism');
  release();
});

type Bits = number | bigint;

/** C as multiplyInto leaves it, by rows or by columns, against the written-out sums; operands conjugated as asked. */
function checkUpdate(
  name: FieldName,
  [m, n, k]: readonly number[],
  update: Update,
  columns: boolean,
  conj: readonly [boolean, boolean],
): void {
  const e = elements[name];
  const w = itemBytes(e);
  const a = matrix(name, m, k, columns ? 'strided' : 'columns');
  const b = matrix(name, k, n, columns ? 'rows' : 'reversed');
  const c = matrix(name, m, n, columns ? 'columns' : 'rows');
  const before = view(name, c.at.ptr, m * n * e.parts).slice();
  const sign = (x: Bits, negative: boolean): Bits => (negative ? -Number(x) : x);
  const left: Item = (i, j, q) => sign(a.item(i, j, q), (update === -1) !== (q === 1 && conj[0]));
  const right: Item = (i, j, q) => sign(b.item(i, j, q), q === 1 && conj[1]);
  const at = (of: MatrixAt, side: 0 | 1): MatrixAt => ({ ...of, conj: conj[side] });
  multiplyInto(primarySegment(), name, m, n, k, at(a.at, 0), at(b.at, 1), c.at, update);
  const after = view(name, c.at.ptr, m * n * e.parts);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const place = ((i * c.at.rowStride + j * c.at.columnStride) / w) * e.parts;
      const start = update === 0 ? undefined : ([...before.subarray(place, place + e.parts)] as Bits[]); // either class
      const want = expected(name, k, left, right, i, j, start);
      const got = [...after.subarray(place, place + e.parts)];
      // One row or column is matrix times vector, whose sums run otherwise.
      if (m > 1 && n > 1) expect(got).toEqual(want);
      for (const [q, x] of got.entries()) expect(Number(x)).toBeCloseTo(Number(want[q]), e.width === 4 ? 5 : 13);
    }
  }
}

/** Asserts A·B for some elements of C, all of them when C is small; the frame around C must stay as it was. */
function check(name: ElementName, [m, n, k]: readonly number[], left: Layout = 'rows', right: Layout = 'rows'): void {
  const e = elements[name];
  const w = itemBytes(e);
  const a = matrix(name, m, k, left);
  const b = matrix(name, k, n, right);
  const columns = n + 3;
  const c = take((m + 2) * columns * w);
  const frame = view(name, c.ptr, (m + 2) * columns * e.parts);
  if (frame instanceof BigInt64Array) frame.fill(77n);
  else frame.fill(77);
  gemm(primarySegment(), name, m, n, k, a.at, b.at, c.ptr + (columns + 1) * w, columns * w);
  const every = m * n * k < 10_000 ? 1 : Math.ceil((m * n * k) / 10_000);
  for (let at = 0, seen = 0; at < (m + 2) * columns; at++) {
    const [i, j] = [Math.floor(at / columns) - 1, (at % columns) - 1];
    const inside = i >= 0 && i < m && j >= 0 && j < n;
    if (inside && seen++ % every !== 0 && i < m - 4 && j < n - 4) continue;
    const got = frame.subarray(at * e.parts, (at + 1) * e.parts);
    const sums = inside ? expected(name, k, a.item, b.item, i, j) : [77, 77];
    for (let q = 0; q < e.parts; q++) {
      const want = sums[q];
      if (Number(got[q]) !== Number(want) || (typeof got[q] === 'bigint' && inside && got[q] !== want)) {
        expect.fail(`${name} ${m}×${n}×${k} ${left} ${right} (${i},${j}) part ${q}: ${got[q]} is not ${want}`);
      }
    }
  }
}

const edges = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33];

describe.each(names)('gemm of %s', (name) => {
  it('square products at the edges of tiles', () => {
    for (const n of edges) check(name, [n, n, n]);
  });
  it('every pair of small rows and columns', () => {
    for (const m of [1, 2, 3, 4, 5, 6, 9]) for (const n of [1, 2, 3, 4, 5, 7, 8, 9, 11, 17]) check(name, [m, n, 3]);
  });
  it('layouts of the operands', () => {
    const layouts: Layout[] = ['rows', 'columns', 'strided', 'reversed', 'broadcast'];
    for (const left of layouts) {
      for (const right of layouts) {
        check(name, [5, 7, 6], left, right);
        check(name, [33, 35, 19], left, right);
      }
    }
  });
  it('more than one block of k, of rows and of columns', () => {
    check(name, [9, 10, KC]);
    check(name, [9, 10, KC + 1], 'columns', 'strided');
    check(name, [63, 65, 2 * KC + 3]);
    check(name, [200, 300, 250]);
    check(name, [1030, 5, 7]);
    check(name, [5, 8200, 3]);
  });
  it('few rows, few columns', () => {
    check(name, [2, 130, KC + 6], 'strided');
    check(name, [8, 1031, 24]);
    check(name, [65, 3, KC + 6]);
    check(name, [150, 5, 70], 'rows', 'columns');
  });
  it('an empty sum is zero, empty sizes write nothing', () => {
    check(name, [3, 4, 0]);
    check(name, [0, 4, 3]);
    check(name, [3, 0, 2]);
  });
});

describe.each(['float32', 'float64', 'complex64', 'complex128'] as const)('multiplyInto of %s', (name) => {
  const complex = name[0] === 'c';
  const conjugations = complex
    ? ([
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ] as const)
    : ([[true, true]] as const);
  it('assigns, adds and subtracts, by rows and by columns, conjugated or not', () => {
    for (const columns of [false, true]) {
      for (const update of [0, 1, -1] as const) {
        for (const conj of conjugations) {
          checkUpdate(name, [5, 9, 7], update, columns, conj);
          checkUpdate(name, [1, 1, 1], update, columns, conj);
        }
        checkUpdate(name, [13, 6, KC + 1], update, columns, conjugations[0]);
        checkUpdate(name, [3, 4, 0], update, columns, conjugations[0]);
        checkUpdate(name, [1, 6, 3], update, columns, conjugations[0]);
        checkUpdate(name, [6, 1, 3], update, columns, conjugations[0]);
        checkUpdate(name, [2, 66, KC + 1], update, columns, conjugations[0]);
      }
    }
  });
});

describe('gemm of floats', () => {
  it('NaN and infinities travel', () => {
    const s = take(3 * 64);
    const f = primarySegment().f64.subarray(s.ptr / 8, s.ptr / 8 + 24);
    f.set([Infinity, 1, NaN, 2, 0, -1, 3, 1]);
    const at = (ptr: number): MatrixAt => ({ ptr, rowStride: 16, columnStride: 8 });
    gemm(primarySegment(), 'float64', 2, 2, 2, at(s.ptr), at(s.ptr + 32), s.ptr + 64, 16);
    // [[∞, 1], [NaN, 2]] · [[0, −1], [3, 1]]
    expect([...f.subarray(8, 12)]).toEqual([NaN, -Infinity, NaN, NaN]);
  });
  it('parts of a product have the bits of the whole', () => {
    const [m, n, k] = [37, 41, 300];
    const [a, b] = [take(m * k * 8), take(k * n * 8)];
    fill('float64', view('float64', a.ptr, m * k));
    fill('float64', view('float64', b.ptr, k * n));
    const [whole, parts] = [take(m * n * 8), take(m * n * 8)];
    const B: MatrixAt = { ptr: b.ptr, rowStride: n * 8, columnStride: 8 };
    const A = (row: number): MatrixAt => ({ ptr: a.ptr + row * k * 8, rowStride: k * 8, columnStride: 8 });
    gemm(primarySegment(), 'float64', m, n, k, A(0), B, whole.ptr, n * 8);
    for (const [r0, r1] of [
      [0, 1],
      [1, 14],
      [14, 37],
    ]) {
      gemm(primarySegment(), 'float64', r1 - r0, n, k, A(r0), B, parts.ptr + r0 * n * 8, n * 8);
    }
    expect(view('float64', parts.ptr, m * n)).toEqual(view('float64', whole.ptr, m * n));
  });
  it.runIf(platform.relaxedSimd)('fused multiply-add stays within the bound of a sum', () => {
    const [m, n, k] = [21, 34, 300];
    for (const name of ['float32', 'float64', 'complex64', 'complex128'] as const) {
      const { parts, width } = elements[name];
      const w = itemBytes(elements[name]);
      const [a, b] = [matrix(name, m, k, 'rows'), matrix(name, k, n, 'columns')];
      const [fused, exact] = [take(m * n * w), take(m * n * w)];
      config.set('determinism', 'stable');
      gemm(primarySegment(), name, m, n, k, a.at, b.at, fused.ptr, n * w);
      config.set('determinism', 'bitwise');
      gemm(primarySegment(), name, m, n, k, a.at, b.at, exact.ptr, n * w);
      const [got, want] = [fused, exact].map((s) => view(name, s.ptr, m * n * parts));
      const bound = k * 0.25 * parts * (width === 4 ? 2 ** -23 : 2 ** -52);
      got.forEach((x: number | bigint, i: number) => {
        expect(Math.abs(Number(x) - Number(want[i]))).toBeLessThan(bound);
      });
    }
  });
  it('gives its scratch back', () => {
    const before = heap().figures().live;
    check('float32', [40, 50, 60]);
    release();
    check('float32', [40, 50, 60]);
    release();
    expect(heap().figures().live - before).toBeLessThan(8 * 2 ** 20);
  });
});

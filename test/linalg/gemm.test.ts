// The embedded GEMM on addresses against sums written out in the order its definition gives them: bit for bit.
import { afterEach, describe, expect, it } from 'vitest';
import { KC } from '../../src/linalg/gemm/blocking.ts';
import { type ElementName, elements, itemBytes } from '../../src/linalg/gemm/elements.ts';
import { gemm, type MatrixAt } from '../../src/linalg/gemm/gemm.ts';
import { allocate, heap, primarySegment } from '../../src/memory/allocate.ts';
import type { Storage } from '../../src/memory/storage.ts';

type Numbers = Float64Array | Float32Array | Int16Array | Int32Array | Uint8Array | BigInt64Array;
const names = Object.keys(elements) as ElementName[]; // Object.keys forgets literal keys

const live: Storage[] = [];
afterEach(() => {
  for (const s of live.splice(0)) s.dispose();
});
function take(nbytes: number): Storage {
  const s = allocate(Math.max(1, nbytes), true);
  live.push(s);
  return s;
}

function view(name: ElementName, ptr: number, length: number): Numbers {
  const segment = primarySegment();
  const { lane, width } = elements[name];
  return segment[lane as 'f64'].subarray(ptr / width, ptr / width + length); // one of the lanes' views
}

let seed = 1;
const random = (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
function fill(name: ElementName, v: Numbers): void {
  const { lane } = elements[name];
  for (let i = 0; i < v.length; i++) {
    if (v instanceof BigInt64Array) v[i] = BigInt(Math.floor(random() * 2 ** 52)) * 4099n - 2n ** 62n;
    else v[i] = lane === 'u8' ? Number(random() < 0.1) : lane[0] === 'f' ? random() - 0.5 : random() * 2 ** 32;
  }
}

type Layout = 'rows' | 'columns' | 'strided' | 'reversed' | 'broadcast';

/** A matrix of random elements in a layout, and its elements by index. */
function matrix(name: ElementName, rows: number, columns: number, layout: Layout) {
  const w = itemBytes(elements[name]);
  const { parts } = elements[name];
  const gap = layout === 'strided' ? 3 : 1;
  const wide = layout === 'columns' ? rows : columns * gap;
  const high = layout === 'columns' ? columns : rows * gap;
  const s = take(wide * high * w);
  fill(name, view(name, s.ptr, wide * high * parts));
  const at: MatrixAt = {
    rows: { ptr: s.ptr, rowStride: wide * w, columnStride: w },
    columns: { ptr: s.ptr, rowStride: w, columnStride: wide * w },
    strided: { ptr: s.ptr, rowStride: gap * wide * w, columnStride: gap * w },
    reversed: { ptr: s.ptr + (rows * columns - 1) * w, rowStride: -wide * w, columnStride: -w },
    broadcast: { ptr: s.ptr, rowStride: 0, columnStride: w },
  }[layout];
  const item = (i: number, j: number, part: number): number | bigint =>
    view(name, at.ptr + i * at.rowStride + j * at.columnStride, parts)[part];
  return { at, item };
}

function wrap(name: ElementName): (x: number | bigint) => number | bigint {
  if (name === 'int64') return (x) => BigInt.asIntN(64, BigInt(x));
  if (name === 'int16') return (x) => (Number(x) << 16) >> 16;
  if (name === 'int32') return (x) => Number(x) | 0;
  return elements[name].width === 4 ? (x) => Math.fround(Number(x)) : (x) => x;
}

type Item = (i: number, j: number, part: number) => number | bigint;

/** Element (i, j) of A·B: products summed in order, sums split at KC, parts of complex products summed apart. */
function expected(name: ElementName, k: number, a: Item, b: Item, i: number, j: number): (number | bigint)[] {
  const round = wrap(name);
  const big = name === 'int64';
  const { parts } = elements[name];
  const times = (x: number | bigint, y: number | bigint): number | bigint => {
    if (big) return round(BigInt(x) * BigInt(y));
    if (name === 'bool') return Number(x) & Number(y);
    return name === 'int32' ? Math.imul(Number(x), Number(y)) : round(Number(x) * Number(y));
  };
  const plus = (x: number | bigint, y: number | bigint): number | bigint => {
    if (big) return round(BigInt(x) + BigInt(y));
    return name === 'bool' ? Number(x) | Number(y) : round(Number(x) + Number(y));
  };
  let total: (number | bigint)[] | undefined;
  for (let k0 = 0; k0 < k; k0 += KC) {
    const sums: (number | bigint)[] = new Array(parts * parts).fill(big ? 0n : 0);
    for (let p = k0; p < Math.min(k, k0 + KC); p++) {
      for (let u = 0; u < parts; u++) {
        for (let v = 0; v < parts; v++) {
          sums[u * parts + v] = plus(sums[u * parts + v], times(a(i, p, u), b(p, j, v)));
        }
      }
    }
    const block = parts === 1 ? sums : [plus(sums[0], -sums[3]), plus(sums[1], sums[2])];
    total = total === undefined ? block : total.map((t, q) => plus(t, block[q]));
  }
  return total ?? new Array(parts).fill(big ? 0n : 0);
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
  it('an empty sum is zero, empty sizes write nothing', () => {
    check(name, [3, 4, 0]);
    check(name, [0, 4, 3]);
    check(name, [3, 0, 2]);
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
  it('gives its scratch back', () => {
    const before = heap().figures().live;
    check('float32', [40, 50, 60]);
    for (const s of live.splice(0)) s.dispose();
    check('float32', [40, 50, 60]);
    for (const s of live.splice(0)) s.dispose();
    expect(heap().figures().live - before).toBeLessThan(8 * 2 ** 20);
  });
});

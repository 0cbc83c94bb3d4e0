// Random operands on raw addresses for the tests of the embedded kernels, and exact products in the order of their
// definition. The caller frees what it took with `release`.
import { KC } from '../../src/linalg/gemm/blocking.ts';
import { type ElementName, elements, itemBytes } from '../../src/linalg/gemm/elements.ts';
import type { MatrixAt } from '../../src/linalg/gemm/gemm.ts';
import { allocate, primarySegment } from '../../src/memory/allocate.ts';
import type { Storage } from '../../src/memory/storage.ts';

export type Numbers = Float64Array | Float32Array | Int16Array | Int32Array | Uint8Array | BigInt64Array;
export const names = Object.keys(elements) as ElementName[]; // Object.keys forgets literal keys

const live: Storage[] = [];
export function release(): void {
  for (const s of live.splice(0)) s.dispose();
}
export function take(nbytes: number): Storage {
  const s = allocate(Math.max(1, nbytes), true);
  live.push(s);
  return s;
}

export function view(name: ElementName, ptr: number, length: number): Numbers {
  const segment = primarySegment();
  const { lane, width } = elements[name];
  return segment[lane as 'f64'].subarray(ptr / width, ptr / width + length); // one of the lanes' views
}

let seed = 1;
const random = (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
export function fill(name: ElementName, v: Numbers): void {
  const { lane } = elements[name];
  for (let i = 0; i < v.length; i++) {
    if (v instanceof BigInt64Array) v[i] = BigInt(Math.floor(random() * 2 ** 52)) * 4099n - 2n ** 62n;
    else v[i] = lane === 'u8' ? Number(random() < 0.1) : lane[0] === 'f' ? random() - 0.5 : random() * 2 ** 32;
  }
}

export type Layout = 'rows' | 'columns' | 'strided' | 'reversed' | 'broadcast';

/** A matrix of random elements in a layout, and its elements by index. */
export function matrix(name: ElementName, rows: number, columns: number, layout: Layout) {
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

export function wrap(name: ElementName): (x: number | bigint) => number | bigint {
  if (name === 'int64') return (x) => BigInt.asIntN(64, BigInt(x));
  if (name === 'int16') return (x) => (Number(x) << 16) >> 16;
  if (name === 'int32') return (x) => Number(x) | 0;
  return elements[name].width === 4 ? (x) => Math.fround(Number(x)) : (x) => x;
}

export type Item = (i: number, j: number, part: number) => number | bigint;

/** Element (i, j) of A·B: products summed in order, sums split at KC, parts of complex products summed apart. */
export function expected(
  name: ElementName,
  k: number,
  a: Item,
  b: Item,
  i: number,
  j: number,
  start?: (number | bigint)[],
): (number | bigint)[] {
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
  let total = start;
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

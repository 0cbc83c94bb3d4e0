// Truth values to bits and back, row by row: pack(rows, n, x, row stride, y, bits per byte reversed) and the inverse.
// Sixteen bytes become two at once by the instruction that collects top bits; two bytes become sixteen by a shuffle.

import { asValue, define, type Routine, Value, type Variable } from './assembler.ts';
import type { FunctionCode, ModuleCode } from './encoder.ts';
import { simd, simdOps } from './opcodes.ts';

/** Which bit of a byte comes first. */
export type BitOrder = 'big' | 'little';

const BITMASK = 100; // i8x16.bitmask
const SPLAT16 = 16;

const vector = (write: (f: FunctionCode) => void): Value => new Value('v128', write);
const constantBytes = (byte: (i: number) => number): Value =>
  vector((f) => f.simd(simd.const).op(...Array.from({ length: 16 }, (_, i) => byte(i))));
const shuffled = (x: Value, byte: (i: number) => number): Value =>
  vector((f) => {
    x.write(f);
    x.write(f);
    f.shuffle(Array.from({ length: 16 }, (_, i) => byte(i)));
  });
const nonzero = (x: Value): Value =>
  vector((f) => {
    x.write(f);
    constantBytes(() => 0).write(f);
    f.simd(simdOps.ne?.u8 ?? 0);
  });
const bitmask = (x: Value): Value =>
  new Value('i32', (f) => {
    x.write(f);
    f.simd(BITMASK);
  });

/** The bit of a byte that element i of eight goes to. */
const place = (order: BitOrder, i: number): number => (order === 'little' ? i : 7 - i);

/** Rows of n elements, each from its own address; `row` handles one. */
function overRows(r: Routine, rows: Variable, row: () => void): void {
  r.while(rows, () => {
    row();
    r.set(rows, rows.sub(1));
  });
}

/** Elements in blocks of 64, then of 16, as many as are left. */
function inBlocks(r: Routine, left: Variable, block: (elements: number, vectors: number) => void): void {
  for (const vectors of [4, 1]) {
    const k = 16 * vectors;
    r.while(asValue(k - 1, 'i32').lt(left), () => {
      block(k, vectors);
      r.set(left, left.sub(k));
    });
  }
}

/** run(rows, n, x, bytes from row to row of x, y): rows of n bytes, 0 or not, to rows of ⌈n / 8⌉ packed bytes. */
export function addPackBits(module: ModuleCode, order: BitOrder): void {
  define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, rows, n, x, stride, y) => {
      const [at, left, bits, i] = ['i32', 'i32', 'i32', 'i32'].map(() => r.local('i32'));
      overRows(r, rows, () => {
        r.set(at, x);
        r.set(left, n);
        inBlocks(r, left, (k, count) => {
          for (let u = 0; u < count; u++) {
            const lanes = r.let(r.loadVector(at, 16 * u));
            const ordered = order === 'little' ? lanes : shuffled(lanes, (b) => (b & 8) | (7 - (b & 7)));
            r.store('u16', y, bitmask(nonzero(ordered)), 2 * u);
          }
          r.bump(at, k);
          r.bump(y, k / 8);
        });
        r.while(left, () => {
          r.set(bits, 0);
          r.set(i, 0);
          r.while(i.lt(8).and(i.lt(left)), () => {
            const bit = order === 'little' ? i : asValue(7, 'i32').sub(i);
            r.set(bits, bits.or(r.load('u8', at.add(i)).ne(0).shl(bit)));
            r.bump(i, 1);
          });
          r.store('u8', y, bits);
          r.bump(at, 8);
          r.bump(y, 1);
          r.set(left, left.sub(i));
        });
        r.bump(x, stride);
      });
    },
    'run',
  );
}

/** run(rows, n, x, bytes from row to row of x, y): n bits of each row, as bytes 0 and 1. */
export function addUnpackBits(module: ModuleCode, order: BitOrder): void {
  define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, rows, n, x, stride, y) => {
      const [at, left, i] = ['i32', 'i32', 'i32'].map(() => r.local('i32'));
      const masks = constantBytes((b) => 1 << place(order, b & 7));
      const ones = constantBytes(() => 1);
      const both = (a: Value, b: Value): Value =>
        vector((f) => {
          a.write(f);
          b.write(f);
          f.simd(simd.and);
        });
      overRows(r, rows, () => {
        r.set(at, x);
        r.set(left, n);
        r.while(asValue(15, 'i32').lt(left), () => {
          const pair = vector((f) => {
            r.load('u16', at).write(f);
            f.simd(SPLAT16);
          });
          r.storeVector(
            y,
            both(
              nonzero(
                both(
                  shuffled(pair, (b) => b >> 3),
                  masks,
                ),
              ),
              ones,
            ),
          );
          r.bump(at, 2);
          r.bump(y, 16);
          r.set(left, left.sub(16));
        });
        r.set(i, 0);
        r.while(i.lt(left), () => {
          const shift = order === 'little' ? i.and(7) : asValue(7, 'i32').sub(i.and(7));
          r.store(
            'u8',
            y,
            r
              .load('u8', at.add(i.shr(3)))
              .shr(shift)
              .and(1),
          );
          r.bump(y, 1);
          r.bump(i, 1);
        });
        r.bump(x, stride);
      });
    },
    'run',
  );
}

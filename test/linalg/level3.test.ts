// Triangular solves and products, Hermitian updates on addresses: against the definition, element by element, for every
// field, triangle, transposition, side, and sizes around the blocks. What is not to be read holds NaN, what is not to be
// written must stay as it was.
import { afterEach, describe, expect, it } from 'vitest';
import { type FieldName, fields } from '../../src/linalg/lapack/language.ts';
import { adjoint, byColumns, type MatrixAt, transposed } from '../../src/linalg/lapack/level3.ts';
import { rankUpdate } from '../../src/linalg/lapack/rank_update.ts';
import type { Triangle } from '../../src/linalg/lapack/triangle.ts';
import { adjointTriangle, transposedTriangle } from '../../src/linalg/lapack/triangle.ts';
import { triangularMultiply, triangularMultiplyRight } from '../../src/linalg/lapack/triangular_multiply.ts';
import { triangularSolve, triangularSolveRight } from '../../src/linalg/lapack/triangular_solve.ts';
import { primarySegment } from '../../src/memory/allocate.ts';
import { fill, release, take, view } from './_operands.ts';

afterEach(release);

const names = Object.keys(fields) as FieldName[]; // Object.keys forgets literal keys
const parts = (name: FieldName): number => (fields[name].complex ? 2 : 1);

/** A matrix by columns with `gap` rows between its columns, random. */
function random(name: FieldName, rows: number, columns: number, gap = 3): MatrixAt {
  const ld = rows + gap;
  const s = take(ld * columns * fields[name].bytes);
  fill(name, view(name, s.ptr, ld * columns * parts(name)));
  return byColumns(name, s.ptr, ld);
}

type Complex = readonly [number, number];
const get = (name: FieldName, a: MatrixAt, i: number, j: number): Complex => {
  const [re, im = 0] = view(name, a.ptr + i * a.rowStride + j * a.columnStride, parts(name));
  return [Number(re), a.conj === true && im !== 0 ? -Number(im) : Number(im)];
};
const set = (name: FieldName, a: MatrixAt, i: number, j: number, x: Complex): void => {
  view(name, a.ptr + i * a.rowStride + j * a.columnStride, parts(name)).set(x.slice(0, parts(name)) as never); // class
};
const read = (name: FieldName, a: MatrixAt, rows: number, columns: number): Complex[][] =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => get(name, a, i, j)));
const plus = (x: Complex, y: Complex, factor: Complex): Complex => [
  x[0] + y[0] * factor[0] - y[1] * factor[1],
  x[1] + y[0] * factor[1] + y[1] * factor[0],
];

function product(a: Complex[][], b: Complex[][]): Complex[][] {
  return a.map((row) =>
    Array.from({ length: b[0]?.length ?? 0 }, (_, j) => row.reduce<Complex>((s, x, k) => plus(s, x, b[k][j]), [0, 0])),
  );
}

function near(name: FieldName, got: Complex[][], want: Complex[][], what: string): void {
  const bound = fields[name].eps * 40 * (got.length + 2);
  got.forEach((row, i) => {
    row.forEach((x, j) => {
      const off = Math.hypot(x[0] - want[i][j][0], x[1] - want[i][j][1]);
      if (!(off <= bound)) expect.fail(`${name} ${what} (${i},${j}): ${x} is not ${want[i][j]}`);
    });
  });
}

/** A triangle with a dominant diagonal; NaN in all that must not be read. */
function triangle(name: FieldName, n: number, lower: boolean, unit: boolean): Triangle {
  const t = random(name, n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const x = get(name, t, i, j);
      const inside = lower ? j < i : j > i;
      const scaled: Complex = inside ? [x[0] / n, x[1] / n] : [Number.NaN, Number.NaN];
      set(name, t, i, j, i === j && !unit ? [1 + x[0], x[1]] : scaled);
    }
  }
  return { ...t, lower, unit };
}

/** T as a full matrix. */
const full = (name: FieldName, t: Triangle, n: number): Complex[][] =>
  read(name, t, n, n).map((row, i) =>
    row.map((x, j) => {
      if (i === j) return t.unit === true ? [1, 0] : x;
      return (t.lower ? j < i : j > i) ? x : [0, 0];
    }),
  );

const kinds = { as: (t: Triangle) => t, transposed: transposedTriangle, adjoint: adjointTriangle } as const;
const sizes: readonly (readonly [number, number])[] = [
  [1, 1],
  [5, 3],
  [20, 17],
  [33, 1],
  [65, 4],
];

describe.each(names)('triangular problems of %s', (name) => {
  const segment = primarySegment();
  const each = (check: (t: Triangle, n: number, columns: number, byRows: boolean, what: string) => void): void => {
    for (const [n, columns] of sizes) {
      for (const lower of [true, false]) {
        for (const unit of [true, false]) {
          for (const [kind, op] of Object.entries(kinds)) {
            for (const byRows of n > 33 ? [unit] : [false, true]) {
              const what = `${n}×${columns} ${lower ? 'lower' : 'upper'} ${unit ? 'unit' : ''} ${kind} rows ${byRows}`;
              check(op(triangle(name, n, lower, unit)), n, columns, byRows, what);
            }
          }
        }
      }
      release();
    }
  };
  const matrixOf = (rows: number, columns: number, byRows: boolean): MatrixAt =>
    byRows ? transposed(random(name, columns, rows)) : random(name, rows, columns);

  it('solves from the left and from the right', () => {
    each((t, n, columns, byRows, what) => {
      const x = matrixOf(n, columns, byRows);
      const before = read(name, x, n, columns);
      triangularSolve(segment, name, n, columns, t, x);
      near(name, product(full(name, t, n), read(name, x, n, columns)), before, what);
      const y = matrixOf(columns, n, byRows);
      const given = read(name, y, columns, n);
      triangularSolveRight(segment, name, columns, n, t, y);
      near(name, product(read(name, y, columns, n), full(name, t, n)), given, `right ${what}`);
    });
  });
  it('multiplies from the left and from the right', () => {
    each((t, n, columns, byRows, what) => {
      const x = matrixOf(n, columns, byRows);
      const want = product(full(name, t, n), read(name, x, n, columns));
      triangularMultiply(segment, name, n, columns, t, x);
      near(name, read(name, x, n, columns), want, what);
      const y = matrixOf(columns, n, byRows);
      const wanted = product(read(name, y, columns, n), full(name, t, n));
      triangularMultiplyRight(segment, name, columns, n, t, y);
      near(name, read(name, y, columns, n), wanted, `right ${what}`);
    });
  });
  it('writes between the columns of B nowhere', () => {
    const t = triangle(name, 40, true, false);
    const s = take(50 * 9 * fields[name].bytes);
    const all = view(name, s.ptr, 50 * 9 * parts(name));
    (all as Float64Array).fill(7);
    triangularSolve(segment, name, 40, 9, t, byColumns(name, s.ptr, 50));
    for (let j = 0; j < 9; j++) {
      const gap = all.subarray((50 * j + 40) * parts(name), 50 * (j + 1) * parts(name));
      expect(new Set(gap as Float64Array)).toEqual(new Set([7]));
    }
  });
  it('a zero on the diagonal gives what is not finite', () => {
    const t = { ...random(name, 3, 3), lower: true };
    set(name, t, 1, 1, [0, 0]);
    const b = random(name, 3, 2);
    triangularSolve(segment, name, 3, 2, t, b);
    expect(Number.isFinite(get(name, b, 0, 0)[0])).toBe(true);
    expect(Number.isFinite(get(name, b, 1, 0)[0])).toBe(false);
  });

  it('Hermitian updates of one triangle', () => {
    for (const n of [1, 5, 70]) {
      for (const lower of [true, false]) {
        for (const update of [0, 1, -1] as const) {
          for (const two of [false, true]) {
            const k = 7;
            const [a, b] = [random(name, n, k), random(name, n, k)];
            const c = random(name, n, n);
            for (let i = 0; i < n; i++) set(name, c, i, i, [get(name, c, i, i)[0], 0]);
            const before = read(name, c, n, n);
            const pairs = two
              ? ([
                  [a, b],
                  [b, a],
                ] as const)
              : ([[a, a]] as const);
            const sums = pairs.map(([x, y]) => product(read(name, x, n, k), read(name, adjoint(y), k, n)));
            rankUpdate(segment, name, n, k, pairs, c, lower, update);
            const want = before.map((row, i) =>
              row.map((x, j) => {
                if (lower ? j > i : j < i) return x;
                const start: Complex = update === 0 ? [0, 0] : x;
                return sums.reduce<Complex>((s, m) => plus(s, m[i][j], [update === -1 ? -1 : 1, 0]), start);
              }),
            );
            near(name, read(name, c, n, n), want, `rank update ${n} ${lower} ${update} ${two}`);
            if (fields[name].complex) expect(get(name, c, n - 1, n - 1)[1]).toBe(0);
            release();
          }
        }
      }
    }
  });
});

// LU with partial pivoting of panels and small matrices inside WebAssembly, column after column, and what goes with its
// pivots: the pivot of a column is the first element of greatest |re| + |im|, as in LAPACK. Large matrices: lu.ts.
// Source: Golub, Van Loan, "Matrix Computations", 3.4.

import { kernelOf } from '../../kernel/compile.ts';
import { type Callee, constant, type Value } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, type NumberRoutine } from './language.ts';
import { Vectors } from './vectors.ts';

export const i32s = (n: number): WasmType[] => new Array<WasmType>(n).fill('i32');

/** factor(m, n, a, ld, pivots): L and U in place, pivots from 1; 0, or the first column whose pivot is 0. */
export function addFactor(module: ModuleCode, field: Field, { greatest, scale, axpy }: Vectors): Callee {
  const { bytes } = field;
  return defineNumeric(module, field, i32s(5), 'i32', (r, m, n, a, ld, pivots) => {
    const info = r.let(constant('i32', 0));
    const diagonal = r.let(a);
    r.range(r.int(0), m.lt(n).select(m, n), (j) => {
      const left = r.let(m.sub(j));
      const p = r.let(r.call(greatest, left, diagonal));
      r.store('i32', pivots, p.add(j).add(1));
      r.bump(pivots, 4);
      const d = r.get(diagonal.add(p.mul(bytes)));
      r.if(
        d.eq(0),
        () => r.if(info.isZero(), () => r.set(info, j.add(1))),
        () => {
          r.if(p.ne(0), () => {
            const row = r.let(a.add(j.mul(bytes)));
            r.range(r.int(0), n, () => {
              const other = r.let(row.add(p.mul(bytes)));
              const [x, y] = [r.get(row), r.get(other)];
              r.put(row, y);
              r.put(other, x);
              r.bump(row, ld);
            });
          });
          const below = diagonal.add(bytes);
          r.if(
            r.number(field.tiny).le(d.abs1()),
            () => r.run(scale, ...r.argument(r.number(1).div(d)), left.sub(1), below),
            () => {
              const at = r.let(below);
              r.range(r.int(1), left, () => {
                r.put(at, r.get(at).div(d));
                r.bump(at, bytes);
              });
            },
          );
        },
      );
      const right = r.let(diagonal.add(ld));
      r.range(j.add(1), n, () => {
        r.run(axpy, ...r.argument(r.get(right).neg()), left.sub(1), diagonal.add(bytes), right.add(bytes));
        r.bump(right, ld);
      });
      r.bump(diagonal, ld.add(bytes));
    });
    r.return(info);
  });
}

/** Exchanges the rows of one column by `count` pivots, from the first on or from the last. */
function swapRows(r: NumberRoutine, column: Value, pivots: Value, count: Value, bytes: number): void {
  const [at, pivot] = [r.let(column), r.let(pivots)];
  r.range(r.int(0), count, () => {
    const other = r.let(column.add(r.load('i32', pivot).sub(1).mul(bytes)));
    const [x, y] = [r.get(at), r.get(other)];
    r.put(at, y);
    r.put(other, x);
    r.bump(at, bytes);
    r.bump(pivot, 4);
  });
}

/** swap(columns, a, ld, pivots, count): the exchanges of `count` pivots in the rows of every column. */
export const addSwapRows = (module: ModuleCode, field: Field, exportAs?: string): Callee =>
  defineNumeric(
    module,
    field,
    i32s(5),
    undefined,
    (r, columns, a, ld, pivots, count) => {
      r.range(r.int(0), columns, () => {
        swapRows(r, a, pivots, count, field.bytes);
        r.bump(a, ld);
      });
    },
    exportAs,
  );

/** substitute(n, lu, ld, b): x of L·U·x = b in place, rows exchanged already. */
export function addSubstitute(module: ModuleCode, field: Field, { axpy }: Vectors): Callee {
  const { bytes } = field;
  return defineNumeric(module, field, i32s(5), undefined, (r, n, a, ld, b, first) => {
    // Elements of b before `first` are 0.
    r.range(first, n, (j) => {
      const at = r.let(b.add(j.mul(bytes)));
      const below = a.add(j.mul(ld.add(bytes))).add(bytes);
      r.run(axpy, ...r.argument(r.get(at).neg()), n.sub(j).sub(1), below, at.add(bytes));
    });
    r.downward(n, r.int(0), (j) => {
      const column = r.let(a.add(j.mul(ld)));
      const at = r.let(b.add(j.mul(bytes)));
      r.put(at, r.get(at).div(r.get(column.add(j.mul(bytes)))));
      r.run(axpy, ...r.argument(r.get(at).neg()), j, column, b);
    });
  });
}

/** run(columns, a, ld, pivots, count): see addSwapRows. */
export const swapRowsKernel = (field: Field) =>
  kernelOf(`lu.swap.${field.name}`, (module) => {
    addSwapRows(module, field, 'run');
  });

/** run(count, a, pivots, info, m, n, ld, a's step, pivots' step): every matrix of a stack. */
export const factorKernel = (field: Field) =>
  kernelOf(`lu.factor.${field.name}`, (module) => {
    const factor = addFactor(module, field, new Vectors(module, field));
    defineNumeric(
      module,
      field,
      i32s(10),
      undefined,
      (r, count, a, pivots, info, m, n, ld, step, pivotStep) => {
        r.range(r.int(0), count, () => {
          r.store('i32', info, r.call(factor, m, n, a, ld, pivots));
          r.bump(a, step);
          r.bump(pivots, pivotStep);
          r.bump(info, 4);
        });
      },
      'run',
    );
  });

/** run(count, a, b, info, n, columns, pivots): a becomes L and U, b the solution; dense matrices. */
export const solveKernel = (field: Field) =>
  kernelOf(`lu.solve.${field.name}`, (module) => {
    const vectors = new Vectors(module, field);
    const factor = addFactor(module, field, vectors);
    const swap = addSwapRows(module, field);
    const substitute = addSubstitute(module, field, vectors);
    defineNumeric(
      module,
      field,
      i32s(7),
      undefined,
      (r, count, a, b, info, n, columns, pivots) => {
        const ld = r.let(n.mul(field.bytes));
        r.range(r.int(0), count, () => {
          const failed = r.let(r.call(factor, n, n, a, ld, pivots));
          r.store('i32', info, failed);
          r.run(swap, columns, b, ld, pivots, n);
          r.range(r.int(0), columns, () => {
            r.run(substitute, n, a, ld, b, r.int(0));
            r.bump(b, ld);
          });
          r.bump(a, n.mul(ld));
          r.bump(info, 4);
        });
      },
      'run',
    );
  });

/** run(count, a, info, n, work): a becomes its inverse; `work` has room for the matrix and n pivots. */
export const inverseKernel = (field: Field) =>
  kernelOf(`lu.inverse.${field.name}`, (module) => {
    const vectors = new Vectors(module, field);
    const factor = addFactor(module, field, vectors);
    const substitute = addSubstitute(module, field, vectors);
    defineNumeric(
      module,
      field,
      i32s(5),
      undefined,
      (r, count, a, info, n, work) => {
        const ld = r.let(n.mul(field.bytes));
        const size = r.let(n.mul(ld));
        const pivots = r.let(work.add(size));
        r.range(r.int(0), count, () => {
          r.store('i32', info, r.call(factor, n, n, a, ld, pivots));
          // Columns of (L·U)⁻¹ first, then the exchanges undone from the last on.
          r.fill(work, 0, size);
          const column = r.let(work);
          r.range(r.int(0), n, (j) => {
            r.put(column.add(j.mul(field.bytes)), 1);
            r.run(substitute, n, a, ld, column, j);
            r.bump(column, ld);
          });
          r.downward(n, r.int(0), (j) => {
            const other = r.let(r.load('i32', pivots.add(j.mul(4))).sub(1));
            r.if(other.ne(j), () => r.run(vectors.swap, n, work.add(j.mul(ld)), work.add(other.mul(ld))));
          });
          r.copy(a, work, size);
          r.bump(a, size);
          r.bump(info, 4);
        });
      },
      'run',
    );
  });

// LU with partial pivoting of panels and small matrices inside WebAssembly, column after column, and what goes with its
// pivots: the pivot of a column is the first element of greatest |re| + |im|, as in LAPACK. Large matrices: lu.ts.
// Source: Golub, Van Loan, "Matrix Computations", 3.4.

import { type Callee, constant, type Value, type Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, i32s, type NumberRoutine } from './language.ts';
import { perField } from './per_field.ts';
import { addTransfer } from './transfer.ts';
import { Vectors } from './vectors.ts';

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

/**
 * invert(n, a, x, pivots): the dense a becomes L and U, the dense x its inverse; 0, or the first column whose pivot is 0.
 */
function addInvert(module: ModuleCode, field: Field): Callee {
  const vectors = new Vectors(module, field);
  const factor = addFactor(module, field, vectors);
  const substitute = addSubstitute(module, field, vectors);
  const { bytes } = field;
  return defineNumeric(module, field, i32s(4), 'i32', (r, n, a, x, pivots) => {
    const ld = r.let(n.mul(bytes));
    const failed = r.let(r.call(factor, n, n, a, ld, pivots));
    r.if(failed, () => r.return(failed));
    // Columns of (L·U)⁻¹ first, then the exchanges undone from the last on.
    r.fill(x, 0, n.mul(ld));
    const column = r.let(x);
    r.range(r.int(0), n, (j) => {
      r.put(column.add(j.mul(bytes)), 1);
      r.run(substitute, n, a, ld, column, j);
      r.bump(column, ld);
    });
    r.downward(n, r.int(0), (j) => {
      const other = r.let(r.load('i32', pivots.add(j.mul(4))).sub(1));
      r.if(other.ne(j), () => r.run(vectors.swap, n, x.add(j.mul(ld)), x.add(other.mul(ld))));
    });
    r.return(0);
  });
}

/** solve(n, columns, a, b, pivots): the dense a becomes L and U, the columns of b solutions; 0, or a column as above. */
function addSolve(module: ModuleCode, field: Field): Callee {
  const vectors = new Vectors(module, field);
  const factor = addFactor(module, field, vectors);
  const swap = addSwapRows(module, field);
  const substitute = addSubstitute(module, field, vectors);
  return defineNumeric(module, field, i32s(5), 'i32', (r, n, columns, a, b, pivots) => {
    const ld = r.let(n.mul(field.bytes));
    const failed = r.let(r.call(factor, n, n, a, ld, pivots));
    r.if(failed, () => r.return(failed));
    r.run(swap, columns, b, ld, pivots, n);
    r.range(r.int(0), columns, () => {
      r.run(substitute, n, a, ld, b, r.int(0));
      r.bump(b, ld);
    });
    r.return(0);
  });
}

/** run(columns, a, ld, pivots, count): see addSwapRows. */
export const swapRowsKernel = perField('lu.swap', (module, field) => {
  addSwapRows(module, field, 'run');
});

/** run(count, a, pivots, info, m, n, ld, a's step, pivots' step, work): every matrix of a stack. */
export const factorKernel = perField('lu.factor', (module, field) => {
  const factor = addFactor(module, field, new Vectors(module, field));
  const write = (r: NumberRoutine, ...params: Variable[]): void => {
    const [count, a, pivots, info, m, n, ld, step, pivotStep] = params;
    r.range(r.int(0), count, () => {
      r.store('i32', info, r.call(factor, m, n, a, ld, pivots));
      r.bump(a, step);
      r.bump(pivots, pivotStep);
      r.bump(info, 4);
    });
  };
  defineNumeric(module, field, i32s(10), undefined, write, 'run');
});

/** run(count, a, b, info, n, columns, pivots): a becomes L and U, b the solution; dense matrices. */
export const solveKernel = perField('lu.solve', (module, field) => {
  const solve = addSolve(module, field);
  const write = (r: NumberRoutine, ...params: Variable[]): void => {
    const [count, a, b, info, n, columns, pivots] = params;
    const ld = r.let(n.mul(field.bytes));
    r.range(r.int(0), count, () => {
      r.store('i32', info, r.call(solve, n, columns, a, b, pivots));
      r.bump(a, n.mul(ld));
      r.bump(b, columns.mul(ld));
      r.bump(info, 4);
    });
  };
  defineNumeric(module, field, i32s(7), undefined, write, 'run');
});

/** run(count, a, info, n, work): a becomes its inverse; `work` has room for the matrix and n pivots. */
export const inverseKernel = perField('lu.inverse', (module, field) => {
  const invert = addInvert(module, field);
  const write = (r: NumberRoutine, ...params: Variable[]): void => {
    const [count, a, info, n, work] = params;
    const size = r.let(n.mul(n).mul(field.bytes));
    r.range(r.int(0), count, () => {
      r.store('i32', info, r.call(invert, n, a, work, work.add(size)));
      r.copy(a, work, size);
      r.bump(a, size);
      r.bump(info, 4);
    });
  };
  defineNumeric(module, field, i32s(5), undefined, write, 'run');
});

/**
 * run(count, a, out, n, row, column, a's step, out's step, work): inverses by rows of matrices as they lie; 1 where one is
 * singular. `work` has room for two matrices and n pivots.
 */
export const smallInverseKernel = perField('small.inverse', (module, field) => {
  const invert = addInvert(module, field);
  const transfer = addTransfer(module, field);
  const { bytes } = field;
  const write = (r: NumberRoutine, ...params: Variable[]): void => {
    const [count, a, out, n, row, column, step, outStep, work] = params;
    const ld = r.let(n.mul(bytes));
    const x = r.let(work.add(n.mul(ld)));
    const failed = r.local('i32');
    r.range(r.int(0), count, () => {
      r.run(transfer, n, n, a, row, column, work, r.int(bytes), ld);
      r.set(failed, failed.or(r.call(invert, n, work, x, x.add(n.mul(ld)))));
      r.run(transfer, n, n, x, r.int(bytes), ld, out, ld, r.int(bytes));
      r.bump(a, step);
      r.bump(out, outStep);
    });
    r.return(failed.ne(0));
  };
  defineNumeric(module, field, i32s(9), 'i32', write, 'run');
});

/**
 * run(count, a, b, out, n, columns, a's row, column and step, b's, out's step, work): solutions by rows of systems as they
 * lie; 1 where one is singular. `work` has room for a matrix, its right sides and n pivots.
 */
export const smallSolveKernel = perField('small.solve', (module, field) => {
  const solve = addSolve(module, field);
  const transfer = addTransfer(module, field);
  const { bytes } = field;
  const write = (r: NumberRoutine, ...params: Variable[]): void => {
    const [count, a, b, out, n, columns, row, column, step, rowB, columnB, stepB, outStep, work] = params;
    const ld = r.let(n.mul(bytes));
    const x = r.let(work.add(n.mul(ld)));
    const pivots = r.let(x.add(columns.mul(ld)));
    const failed = r.local('i32');
    r.range(r.int(0), count, () => {
      r.run(transfer, n, n, a, row, column, work, r.int(bytes), ld);
      r.run(transfer, n, columns, b, rowB, columnB, x, r.int(bytes), ld);
      r.set(failed, failed.or(r.call(solve, n, columns, work, x, pivots)));
      r.run(transfer, n, columns, x, r.int(bytes), ld, out, columns.mul(bytes), r.int(bytes));
      r.bump(a, step);
      r.bump(b, stepB);
      r.bump(out, outStep);
    });
    r.return(failed.ne(0));
  };
  defineNumeric(module, field, i32s(14), 'i32', write, 'run');
});

// Balancing before eigenvalues: permutes what is isolated to the ends of the diagonal and scales rows against columns by
// powers of two, exactly; and undoes both in eigenvectors. A whole matrix too large or too small is scaled first.
// Source: Parlett, Reinsch, "Balancing a matrix for calculation of eigenvalues and eigenvectors", Numer. Math. 13, 1969;
// James, Langou, Lowery, "On matrix balancing and eigenvector computation", 2014 (norms of length 2).

import type { Callee, Value, Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { type Columns, defineNumeric, type Field, type Num, type NumberRoutine } from './language.ts';
import type { Vectors } from './vectors.ts';

/** Passes over all rows; two or three are usual. */
const PASSES = 64;
/** A pass that shortens rows and columns by less than this share is the last. */
const GAIN = 0.95;
/** Factors stay within 2^±this, so that no element leaves the range of its type. */
const MOST = { 4: 40, 8: 400 } as const;

/** Exchanges rows i and j of the columns from `first` below `end`. */
function swapRows(r: NumberRoutine, a: Columns, i: Value, j: Value, first: Value, end: Value): void {
  const { bytes } = r.field;
  const column = r.let(a.ptr.add(first.mul(a.ld)));
  const [above, below] = [r.let(i.mul(bytes)), r.let(j.mul(bytes))];
  r.range(first, end, () => {
    const [x, y] = [r.get(column.add(above)), r.get(column.add(below))];
    r.put(column.add(above), y);
    r.put(column.add(below), x);
    r.bump(column, a.ld);
  });
}

/**
 * balance(n, a, ld, factors, span, work): a becomes P·D⁻¹·A·D·Pᵀ. `span` (two i32) says which rows and columns are left
 * between the isolated ones; `factors` (n reals) holds D there and elsewhere the row exchanged. `work`: n elements.
 */
export function balanceOf(module: ModuleCode, field: Field, vectors: Vectors): Callee {
  const { norm, swap, scaleReal } = vectors;
  const { bytes, width } = field;
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  return defineNumeric(module, field, params, undefined, (r, n, ptr, ld, factors, span, work) => {
    const a = { ptr, ld };
    const first = r.let(r.int(0));
    const end = r.let(n);
    const factorAt = (i: Value): Value => factors.add(i.mul(width));
    const exchange = (i: Variable, j: Value): void => {
      r.store('i32', factorAt(j), i); // a place, where no factor is needed
      r.if(i.ne(j), () => {
        r.run(swap, end, r.at(a, r.int(0), i), r.at(a, r.int(0), j));
        swapRows(r, a, i, j, first, n);
      });
    };
    /** Is line i 0 between `first` and `end`, its diagonal aside? */
    const isolated = (i: Variable, element: (k: Variable) => Value): Variable => {
      const result = r.let(r.int(1));
      r.range(first, end, (k, leave) => {
        r.if(k.ne(i).and(r.get(element(k)).eq(0).isZero()), () => {
          r.set(result, 0);
          leave();
        });
      });
      return result;
    };
    r.loop((again) => {
      r.downward(end, r.int(0), (i) => {
        r.if(
          isolated(i, (k) => r.at(a, i, k)),
          () => {
            exchange(i, r.let(end.sub(1)));
            r.bump(end, -1);
            again();
          },
        );
      });
    });
    r.loop((again) => {
      r.range(first, end, (j) => {
        r.if(
          isolated(j, (k) => r.at(a, k, j)),
          () => {
            exchange(j, first);
            r.bump(first, 1);
            again();
          },
        );
      });
    });
    r.store('i32', span, first);
    r.store('i32', span, end, 4);

    const inner = r.let(end.sub(first));
    r.range(first, end, (i) => r.putReal(factorAt(i), 1));
    const most = 2 ** MOST[width];
    const scaleLine = (i: Variable): Value => {
      const column = r.let(r.at(a, first, i));
      const line = r.let(r.at(a, i, first));
      r.range(r.int(0), inner, (k) => {
        r.put(work.add(k.mul(bytes)), r.get(line));
        r.bump(line, ld);
      });
      const c = r.variable(r.real(r.call(norm, inner, column)), 'real');
      const l = r.variable(r.real(r.call(norm, inner, work)), 'real');
      const changed = r.let(r.int(0));
      r.if(r.number(0).lt(c).and(r.number(0).lt(l)), () => {
        const before = c.add(l);
        const f = r.variable(1, 'real');
        r.while(c.re.lt(l.re.mul(0.5)).and(f.re.lt(most)), () => {
          for (const [x, by] of [
            [f, 2],
            [c, 2],
            [l, 0.5],
          ] as const)
            x.set(x.mul(by));
        });
        r.while(l.re.le(c.re.mul(0.5)).and(f.re.le(1 / most).isZero()), () => {
          for (const [x, by] of [
            [f, 0.5],
            [c, 0.5],
            [l, 2],
          ] as const)
            x.set(x.mul(by));
        });
        const total = r.getReal(factorAt(i)).mul(f);
        const small = r
          .number(1 / most)
          .le(total)
          .and(total.le(most));
        r.if(c.add(l).lt(before.mul(GAIN)).and(small), () => {
          r.putReal(factorAt(i), total);
          const inverse = r.number(1).div(f);
          r.set(line, r.at(a, i, first));
          r.range(first, n, () => {
            r.put(line, r.get(line).mul(inverse));
            r.bump(line, ld);
          });
          r.run(scaleReal, f.re, end, r.at(a, r.int(0), i));
          r.set(changed, 1);
        });
      });
      return changed;
    };
    r.range(r.int(0), r.int(PASSES), (_pass, leave) => {
      const any = r.let(r.int(0));
      r.range(first, end, (i) => r.set(any, any.or(scaleLine(i))));
      leave.when(any.isZero());
    });
  });
}

/** undo(n, columns, v, ld, factors, span): rows of v become those of the eigenvectors before balancing. */
export function unbalanceOf(module: ModuleCode, field: Field): Callee {
  const { bytes, width } = field;
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  return defineNumeric(module, field, params, undefined, (r, n, columns, ptr, ld, factors, span) => {
    const first = r.let(r.load('i32', span));
    const end = r.let(r.load('i32', span, 4));
    r.range(r.int(0), columns, (j) => {
      const column = r.let(ptr.add(j.mul(ld)));
      r.range(first, end, (i) => {
        const at = r.let(column.add(i.mul(bytes)));
        r.put(at, r.get(at).mul(r.getReal(factors.add(i.mul(width)))));
      });
      const back = (i: Variable): void => {
        const other = r.let(column.add(r.load('i32', factors.add(i.mul(width))).mul(bytes)));
        const at = r.let(column.add(i.mul(bytes)));
        const [x, y] = [r.get(at), r.get(other)];
        r.put(at, y);
        r.put(other, x);
      };
      r.downward(first, r.int(0), back);
      r.range(end, n, back);
    });
  });
}

/**
 * The power of two by which a matrix with this greatest element is multiplied first, and 1 where it may stay: so that
 * squares and a few products on the way stay in range.
 */
export function rangeFactor(r: NumberRoutine, greatest: Num): Num {
  const { eps, tiny, width } = r.field;
  const least = Math.sqrt(tiny) / eps;
  const factor = r.variable(1, 'real');
  const size = r.variable(greatest, 'real');
  const move = (outside: Value, by: number): void => {
    r.while(outside, () => {
      size.set(size.mul(by));
      factor.set(factor.mul(by));
    });
  };
  const step = 2 ** (width === 4 ? 8 : 32);
  r.if(r.number(0).lt(size).and(size.lt(Number.POSITIVE_INFINITY)), () => {
    move(size.re.lt(least), step);
    move(size.re.le(1 / least).isZero(), 1 / step);
  });
  return factor;
}

// The last steps of general eigenvectors: Schur vectors times those of the Schur form for small matrices, and the lengths,
// phases and places in which LAPACK's geev hands them out. Inside WebAssembly.
// Source: LAPACK Users' Guide, 3rd edition, geev.

import type { Callee, Value, Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { type Columns, defineNumeric, type Field } from './language.ts';
import type { Vectors } from './vectors.ts';

/** multiply(n, q, x, a): a = q·x with x upper triangular, all n × n and dense; one entry below x's diagonal counts too. */
export function multiplyTriangleOf(module: ModuleCode, field: Field, { addColumns }: Vectors): Callee {
  const { bytes } = field;
  return defineNumeric(module, field, ['i32', 'i32', 'i32', 'i32'], undefined, (r, n, q, x, a) => {
    const ld = r.let(n.mul(bytes));
    r.range(r.int(0), n, (j) => {
      const to = r.let(a.add(j.mul(ld)));
      r.fill(to, 0, ld);
      const count = r.let(j.add(2));
      r.if(n.lessSigned(count), () => r.set(count, n));
      r.run(addColumns, ...r.argument(r.number(1)), n, count, q, ld, x.add(j.mul(ld)), r.int(bytes), to);
    });
  });
}

/** normalize(n, v, turned): n complex numbers of length 1; with `turned` the first of the greatest is made real. */
function normalizeOf(module: ModuleCode, field: Field, { norm }: Vectors): Callee {
  const { width } = field;
  const parts = field.complex ? 1 : 2; // numbers of the field per complex number
  return defineNumeric(module, field, ['i32', 'i32', 'i32'], undefined, (r, n, v, turned) => {
    const size = r.real(r.call(norm, n.mul(parts), v));
    const factor = r.number(1).div(size);
    const greatest = r.variable(-1, 'real');
    const [re, im] = [r.variable(1, 'real'), r.variable(0, 'real')];
    const at = r.local('i32');
    const p = r.let(v);
    r.range(r.int(0), n, () => {
      const [x, y] = [r.getReal(p).mul(factor), r.getReal(p, width).mul(factor)];
      r.putReal(p, x);
      r.putReal(p, y, width);
      const square = r.complex(x, y).square();
      r.if(greatest.lt(square), () => {
        greatest.set(square);
        re.set(x);
        im.set(y);
        r.set(at, p);
      });
      r.bump(p, 2 * width);
    });
    r.if(turned.and(im.eq(0).isZero()), () => {
      const length = greatest.sqrt();
      const phase = field.complex
        ? r.complex(re.div(length), im.div(length).neg())
        : // LAPACK turns a pair of real columns by a rotation that keeps the sign
          r.complex(re.div(length), im.div(length).neg()).mul(r.number(1).copysign(re));
      r.set(p, v);
      r.range(r.int(0), n, () => {
        const turnedOne = r.complex(r.getReal(p), r.getReal(p, width)).mul(phase);
        r.putReal(p, turnedOne.real());
        r.putReal(p, turnedOne.imag(), width);
        r.bump(p, 2 * width);
      });
      r.putReal(at, 0, width);
    });
  });
}

/**
 * finish(n, a, w, v): the columns of a, real ones in pairs where w says so, become n × n complex numbers in v, each column
 * of length 1, and of complex eigenvectors the greatest element real.
 */
export function finishOf(module: ModuleCode, field: Field, vectors: Vectors): Callee {
  const { bytes, width, complex } = field;
  const normalize = normalizeOf(module, field, vectors);
  return defineNumeric(module, field, ['i32', 'i32', 'i32', 'i32'], undefined, (r, n, ptr, w, to) => {
    const a: Columns = { ptr, ld: r.let(n.mul(bytes)) };
    const v: Columns = { ptr: to, ld: r.let(n.mul(2 * width)) };
    const columnOf = (m: Columns, j: Value): Variable => r.let(m.ptr.add(j.mul(m.ld)));
    if (complex) {
      r.copy(to, ptr, n.mul(v.ld));
      r.range(r.int(0), n, (j) => r.run(normalize, n, columnOf(v, j), r.int(1)));
      return;
    }
    /** Complex column j of v, from real columns; the imaginary part is 0 where there is none. */
    const spread = (j: Value, real: Value, imaginary: Value | undefined): Variable => {
      const column = columnOf(v, j);
      const p = r.let(column);
      const at = r.let(real);
      r.range(r.int(0), n, () => {
        const im = imaginary === undefined ? r.number(0) : r.get(at.add(imaginary.sub(real)));
        r.putReal(p, r.get(at));
        r.putReal(p, im, width);
        r.bump(p, 2 * width);
        r.bump(at, bytes);
      });
      return column;
    };
    const j = r.let(r.int(0));
    r.while(j.lessSigned(n), () => {
      const im = r.getReal(w.add(j.mul(2 * width)), width);
      r.if(
        im.eq(0),
        () => r.run(normalize, n, spread(j, columnOf(a, j), undefined), r.int(0)),
        () => {
          const column = spread(j, columnOf(a, j), columnOf(a, j.add(1)));
          r.run(normalize, n, column, r.int(1));
          r.bump(j, 1);
          const p = columnOf(v, j);
          r.range(r.int(0), n, () => {
            r.putReal(p, r.getReal(column));
            r.putReal(p, r.getReal(column, width).neg(), width);
            r.bump(p, 2 * width);
            r.bump(column, 2 * width);
          });
        },
      );
      r.bump(j, 1);
    });
  });
}

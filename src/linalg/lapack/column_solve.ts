// One right side of a triangular system: bound by reading T once, by columns (sums of columns) or by rows (dot products)
// as it lies. Several right sides, and other strides: triangular_solve.ts.

import { constant, type Value, type Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, type Num, type NumberRoutine } from './language.ts';
import { triangleBits } from './triangular_kernel.ts';
import { Vectors } from './vectors.ts';

/** How T lies: columns side by side, or rows, or rows to be conjugated. */
export type ColumnSolve = 'columns' | 'rows' | 'conjugatedRows';

/**
 * run(n, t, step, x, mode): x = T⁻¹·x of a lower triangle, x of neighbouring elements, `step` bytes from column (row) to
 * column (row); upper(…) the same of an upper triangle. n ≥ 1.
 */
export function addColumnSolve(module: ModuleCode, field: Field, kind: ColumnSolve): void {
  const vectors = new Vectors(module, field);
  const { bytes } = field;
  const conjugated = kind === 'conjugatedRows';
  const { axpy, dot, dotConjugated } = vectors;
  for (const lower of [true, false]) {
    const write = (r: NumberRoutine, n: Variable, t: Variable, step: Variable, x: Variable, mode: Variable): void => {
      const body = (i: Value): void => {
        const line = r.let(t.add(i.mul(step)));
        const at = r.let(x.add(i.mul(bytes)));
        const diagonal = line.add(i.mul(bytes));
        const divided = (y: Num): void => {
          r.put(at, y);
          r.if(mode.and(triangleBits.unit).isZero(), () => {
            const d = r.get(diagonal);
            r.put(at, y.div(conjugated ? d.conj() : d));
          });
        };
        // What lies behind the diagonal of this column, or before it; of a row the other way round.
        const behind = lower === (kind === 'columns');
        const length = r.let(behind ? n.sub(i).sub(1) : i);
        const part = behind ? line.add(i.add(1).mul(bytes)) : line;
        const others = behind ? at.add(bytes) : x;
        if (kind === 'columns') {
          divided(r.get(at));
          r.run(axpy, ...r.argument(r.get(at).neg()), length, part, others);
        } else {
          const sum = r.numberFrom(r.call(conjugated ? dotConjugated : dot, length, part, others));
          divided(r.get(at).sub(sum));
        }
      };
      if (lower) r.range(constant('i32', 0), n, body);
      else r.downward(n, constant('i32', 0), body);
    };
    defineNumeric(module, field, ['i32', 'i32', 'i32', 'i32', 'i32'], undefined, write, lower ? 'run' : 'nest');
  }
}

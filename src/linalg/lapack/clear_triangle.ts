// Zeros in the triangle that a factorization left alone: below or above the diagonal of matrices by columns.

import type { Callee, Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import type { Segment } from '../../memory/segment.ts';
import { defineNumeric, type Field, i32s, type NumberRoutine } from './language.ts';
import { overStack } from './over_stack.ts';
import { perField } from './per_field.ts';

/** clear(a, m, n, above): of one dense matrix. */
export const addClear = (module: ModuleCode, field: Field): Callee =>
  defineNumeric(module, field, i32s(4), undefined, (r, a, m, n, above) => {
    const ld = r.let(m.mul(field.bytes));
    r.range(r.int(0), n, (j) => {
      r.if(
        above,
        () => r.fill(a, 0, j.lt(m).select(j, m).mul(field.bytes)),
        () => {
          const kept = r.let(j.add(1));
          r.if(kept.lt(m), () => r.fill(a.add(kept.mul(field.bytes)), 0, m.sub(kept).mul(field.bytes)));
        },
      );
      r.bump(a, ld);
    });
  });

/** run(count, a, m, n, above, work): dense matrices one after another. */
const clearKernel = perField('triangle.clear', (module, field) => {
  const clear = addClear(module, field);
  const write = (r: NumberRoutine, ...params: Variable[]): void => {
    const [count, a, m, n, above] = params;
    r.range(r.int(0), count, () => {
      r.run(clear, a, m, n, above);
      r.bump(a, m.mul(n).mul(field.bytes));
    });
  };
  defineNumeric(module, field, i32s(6), undefined, write, 'run');
});

/** Zeros above or below the diagonals of `count` dense m × n matrices. */
export function clearTriangle(
  segment: Segment,
  field: Field,
  count: number,
  a: number,
  m: number,
  n: number,
  side: 'above' | 'below',
): void {
  const step = m * n * field.bytes;
  overStack(segment, clearKernel(field), count, (m * n) / 8, [[a, step]], [m, n, side === 'above' ? 1 : 0]);
}

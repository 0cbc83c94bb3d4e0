// Zeros in the triangle that a factorization left alone: below or above the diagonal of matrices by columns.

import { kernelOf } from '../../kernel/compile.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import type { Segment } from '../../memory/segment.ts';
import { defineNumeric, type Field } from './language.ts';
import { overStack } from './over_stack.ts';

/** run(count, a, m, n, above): dense matrices one after another. */
function addClear(module: ModuleCode, field: Field): void {
  const { bytes } = field;
  defineNumeric(
    module,
    field,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, count, a, m, n, above) => {
      const ld = r.let(m.mul(bytes));
      r.range(r.int(0), count, () => {
        r.range(r.int(0), n, (j) => {
          r.if(
            above,
            () => r.fill(a, 0, j.lt(m).select(j, m).mul(bytes)),
            () => {
              const kept = r.let(j.add(1));
              r.if(kept.lt(m), () => r.fill(a.add(kept.mul(bytes)), 0, m.sub(kept).mul(bytes)));
            },
          );
          r.bump(a, ld);
        });
      });
    },
    'run',
  );
}

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
  const kernel = kernelOf(`triangle.clear.${field.name}`, (module) => addClear(module, field));
  const step = m * n * field.bytes;
  overStack(segment, kernel, count, (m * n) / 8, [[a, step]], [m, n, side === 'above' ? 1 : 0]);
}

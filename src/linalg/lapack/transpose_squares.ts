// Square matrices of a stack transposed where they lie: from columns to rows without another array.

import { kernelOf } from '../../kernel/compile.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import type { Segment } from '../../memory/segment.ts';
import { defineNumeric, type Field, i32s } from './language.ts';
import { overStack } from './over_stack.ts';

/** run(count, a, n, scratch): dense matrices one after another. */
function addTranspose(module: ModuleCode, field: Field): void {
  const { bytes } = field;
  defineNumeric(
    module,
    field,
    i32s(4),
    'i32',
    (r, count, a, n) => {
      const ld = r.let(n.mul(bytes));
      r.range(r.int(0), count, () => {
        r.range(r.int(1), n, (j) => {
          const [p, q] = [r.let(a.add(j.mul(ld))), r.let(a.add(j.mul(bytes)))];
          r.range(r.int(0), j, () => {
            const [x, y] = [r.get(p), r.get(q)];
            r.put(p, y);
            r.put(q, x);
            r.bump(p, bytes);
            r.bump(q, ld);
          });
        });
        r.bump(a, n.mul(ld));
      });
      r.return(0);
    },
    'run',
  );
}

/** Transposes `count` dense n × n matrices in place. */
export function transposeSquares(segment: Segment, field: Field, count: number, n: number, a: number): void {
  const kernel = kernelOf(`transpose.squares.${field.name}`, (module) => addTranspose(module, field));
  overStack(segment, kernel, count, n * n, [[a, n * n * field.bytes]], [n]);
}

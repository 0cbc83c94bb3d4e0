// Elements of a matrix from any strides to any strides, inside WebAssembly: into the columns that the algorithms work on,
// and out of them.

import type { Callee } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, i32s } from './language.ts';

/** transfer(m, n, from, row stride, column stride, to, row stride, column stride), strides in bytes. */
export function addTransfer(module: ModuleCode, field: Field): Callee {
  return defineNumeric(module, field, i32s(8), undefined, (r, m, n, from, rowFrom, columnFrom, to, rowTo, columnTo) => {
    r.range(r.int(0), n, () => {
      const [p, q] = [r.let(from), r.let(to)];
      r.range(r.int(0), m, () => {
        r.put(q, r.get(p));
        r.bump(p, rowFrom);
        r.bump(q, rowTo);
      });
      r.bump(from, columnFrom);
      r.bump(to, columnTo);
    });
  });
}

// Elements of a matrix from any strides to any strides, inside WebAssembly: into the columns that the algorithms work on,
// and out of them.

import type { Callee } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field } from './language.ts';

/** transfer(m, n, from, row stride, column stride, to, row stride, column stride), strides in bytes. */
export function addTransfer(module: ModuleCode, field: Field): Callee {
  const params = new Array<WasmType>(8).fill('i32');
  return defineNumeric(module, field, params, undefined, (r, m, n, from, rowFrom, columnFrom, to, rowTo, columnTo) => {
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

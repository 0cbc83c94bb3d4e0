// Fills arrays from the number of each element: arange, linspace, eye-like patterns. A map kernel without inputs.

import type { DType } from '../dtype/dtype.ts';
import { type Expr, type ExprValue, laneNumber, param } from '../kernel/builder.ts';
import { kernelOf } from '../kernel/compile.ts';
import { castValue, encode } from '../kernel/element.ts';
import type { ValueType } from '../kernel/ir.ts';
import { legalize } from '../kernel/legalize.ts';
import { addMap } from '../kernel/wasm/map.ts';
import { keepAlive } from '../memory/allocate.ts';
import { type ArrayBase, newArray } from './array_base.ts';
import { runLong } from './run.ts';

/** How an element follows from its number (an i32 expression) and parameters. */
export interface Pattern {
  readonly name: string;
  readonly params: readonly ValueType[];
  /** Dtype of the body's value; it is cast to the array's. */
  readonly of: DType;
  readonly body: (number: Expr, params: readonly Expr[]) => ExprValue;
}

/** A new 1-d array of `n` elements made by a pattern. */
export function generate(n: number, dtype: DType, pattern: Pattern, params: readonly (number | bigint)[]): ArrayBase {
  const out = newArray([n], dtype);
  const kernel = kernelOf(`generate:${pattern.name}:${pattern.of.char}${dtype.char}`, (module, tableAddress) => {
    const value = pattern.body(
      laneNumber(),
      pattern.params.map((t, i) => param(i, t)),
    );
    addMap(module, {
      inputs: [],
      outputs: [{ lane: dtype.lane, parts: dtype.parts, layout: 'contiguous' }],
      params: pattern.params,
      body: legalize(encode(castValue(value, pattern.of, dtype), dtype)),
      tableAddress,
    });
  });
  runLong(kernel, n, [0, out.storage.ptr + out.offset], [1, dtype.itemsize], params);
  keepAlive(out.storage);
  return out;
}

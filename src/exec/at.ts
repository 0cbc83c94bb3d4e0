// Unbuffered changes in place: element after element at given positions, each seeing what those before it did. Dtypes are
// settled by the caller; here are the kernel and its run.

import { type DType, dtypes } from '../dtype/dtype.ts';
import { load, param } from '../kernel/builder.ts';
import { type Kernel, kernelOf } from '../kernel/compile.ts';
import { castValue, decode, encode } from '../kernel/element.ts';
import type { ValueType } from '../kernel/ir.ts';
import { addAt } from '../kernel/wasm/at.ts';
import { addFind } from '../kernel/wasm/find.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import type { ArrayBase } from './array_base.ts';
import { layoutOf, SLICE } from './run.ts';
import { type Loop, layoutCodes, paramValue, specOf } from './ufunc.ts';

/** The other operand: an array of one dimension, parameters of the kernel, or none. */
export type Other = ArrayBase | readonly (number | bigint)[] | undefined;

const isArray = (x: Other): x is ArrayBase => x !== undefined && 'storage' in x;

function kernelFor(loop: Loop, target: DType, other: DType | undefined, code: number, takesParams: boolean): Kernel {
  const { ins, outs, body } = loop.types;
  const key = `at:${loop.name}:${ins.map((d) => d.char).join('')}:${target.char}${other?.char ?? ''}${code}${takesParams}`;
  return kernelOf(key, (module, tableAddress) => {
    const values = [castValue(decode(0, target), target, ins[0])];
    let params: ValueType[] = [];
    if (other !== undefined) values.push(castValue(decode(1, other), other, ins[1]));
    else if (takesParams) {
      const p = paramValue(ins[1], 0);
      values.push(p.value);
      params = p.types;
    }
    const made = body(values, ins[0]);
    const result = Array.isArray(made) ? made[0] : made;
    addAt(module, {
      target: specOf(target, 'strided'),
      ...(other !== undefined && { other: specOf(other, (['contiguous', 'strided', 'uniform'] as const)[code]) }),
      params,
      body: encode(castValue(result, outs[0], target), target),
      tableAddress,
    });
  });
}

/**
 * Replaces elements of `target` (resident; element i at i times `step` bytes) at `positions` (contiguous int32, in range)
 * by the loop's result for them and the other operand.
 */
export function runAt(loop: Loop, target: ArrayBase, step: number, positions: ArrayBase, other: Other): void {
  const n = positions.size;
  const array = isArray(other) ? other : undefined;
  const stride = array === undefined || array.ndim === 0 ? 0 : array.strides[0];
  const code = array === undefined ? 0 : layoutOf(stride, array.dtype.itemsize, n);
  const kernel = kernelFor(loop, target.dtype, array?.dtype, code, other !== undefined && array === undefined);
  const { run } = kernel.at(primarySegment());
  const length = step === 0 ? 0 : target.size;
  const from = positions.storage.ptr + positions.offset;
  const base = target.storage.ptr + target.offset;
  for (let done = 0; done < n; done += SLICE) {
    const args: (number | bigint)[] = [Math.min(SLICE, n - done), from + done * 4, base, step, length];
    if (array !== undefined) args.push(array.storage.ptr + array.offset + done * stride);
    if (array !== undefined && code === layoutCodes.strided) args.push(stride);
    if (other !== undefined && array === undefined) for (const p of other as readonly (number | bigint)[]) args.push(p); // not an array
    run(...args);
  }
  keepAlive(positions.storage);
  keepAlive(target.storage);
  if (array !== undefined) keepAlive(array.storage);
}

/** Number of the first position outside [least, length), or the number of positions. */
export function firstOutside(positions: ArrayBase, least: number, length: number): number {
  const kernel = kernelOf('outside', (module, tableAddress) => {
    const x = load(0, 0, 'i32');
    const [low, high] = [param(0, 'i32'), param(1, 'i32')];
    const condition = x.lt(low).or(x.ge(high)).node;
    addFind(module, {
      inputs: [specOf(dtypes.int32, 'contiguous')],
      params: ['i32', 'i32'],
      condition,
      tableAddress,
    });
  });
  const found = kernel
    .at(primarySegment())
    .run(positions.size, positions.storage.ptr + positions.offset, least, length);
  keepAlive(positions.storage);
  return found;
}

// Registered constant tables that expressions may index (bits of 2/π and the like). Tables are values: registering the
// same name twice is an error, and every segment holds its own copy of the bytes (placed there by the cache).

import { KernelError } from '../base/errors.ts';
import type { Lane } from '../dtype/dtype.ts';

export interface ConstantTable {
  readonly id: number;
  readonly name: string;
  readonly lane: Lane;
  readonly bytes: Uint8Array;
}

const registered: ConstantTable[] = [];

/** Registers a constant table and returns the number that `table(id, index, lane)` takes. */
export function registerTable(
  name: string,
  lane: Lane,
  values: Float64Array | Float32Array | BigInt64Array | BigUint64Array | Int32Array,
): number {
  if (registered.some((t) => t.name === name)) {
    throw new KernelError(`constant table '${name}' is registered already`, 'give every table a name of its own');
  }
  const bytes = new Uint8Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
  registered.push({ id: registered.length, name, lane, bytes });
  return registered.length - 1;
}

export function tableById(id: number): ConstantTable {
  return registered[id];
}

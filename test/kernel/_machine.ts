// Operands of kernels in real heap memory: fills them, calls compiled code over any layout and reads the elements back.
// Buffers come from allocate(), so that with red zones on a stray write fails the test that made it.

import type { Lane } from '../../src/dtype/dtype.ts';
import { type KernelExports, kernelOf } from '../../src/kernel/compile.ts';
import type { Value } from '../../src/kernel/interpret.ts';
import { interpret } from '../../src/kernel/interpret.ts';
import { laneBytes, type Node } from '../../src/kernel/ir.ts';
import { tableById } from '../../src/kernel/tables.ts';
import type { ModuleCode } from '../../src/kernel/wasm/encoder.ts';
import type { Layout, OperandSpec } from '../../src/kernel/wasm/operands.ts';
import { allocate, primarySegment } from '../../src/memory/allocate.ts';
import type { Storage } from '../../src/memory/storage.ts';
import { type Random, randomValue } from './_random.ts';

let kernels = 0;

/** Compiles a kernel of its own for a test. */
export function compiled(build: (module: ModuleCode, tableAddress: (id: number) => number) => void): KernelExports {
  return kernelOf(`test ${kernels++}`, build).at(primarySegment());
}

export function readLane(v: DataView, at: number, lane: Lane): number | bigint {
  switch (lane) {
    case 'i8':
      return v.getInt8(at);
    case 'u8':
      return v.getUint8(at);
    case 'i16':
      return v.getInt16(at, true);
    case 'u16':
      return v.getUint16(at, true);
    case 'i32':
      return v.getInt32(at, true);
    case 'u32':
      return v.getUint32(at, true);
    case 'i64':
      return v.getBigInt64(at, true);
    case 'u64':
      return v.getBigUint64(at, true);
    case 'f32':
      return v.getFloat32(at, true);
    case 'f64':
      return v.getFloat64(at, true);
  }
}

export function writeLane(v: DataView, at: number, lane: Lane, x: Value): void {
  if (lane === 'i64') v.setBigInt64(at, BigInt(x), true);
  else if (lane === 'u64') v.setBigUint64(at, BigInt(x), true);
  else if (lane === 'f64') v.setFloat64(at, Number(x), true);
  else if (lane === 'f32') v.setFloat32(at, Number(x), true);
  else if (laneBytes[lane] === 4) v.setUint32(at, Number(x), true);
  else if (laneBytes[lane] === 2) v.setUint16(at, Number(x), true);
  else v.setUint8(at, Number(x));
}

/** One operand of a kernel: its bytes and where its elements are. */
export class Column {
  readonly spec: OperandSpec;
  readonly stride: number;
  readonly storage: Storage;
  /** Address of the element numbered 0. */
  readonly pointer: number;
  readonly count: number;

  constructor(spec: OperandSpec, count: number, stride?: number) {
    const item = laneBytes[spec.lane] * spec.parts;
    this.spec = spec;
    this.count = count;
    this.stride = spec.layout === 'uniform' ? 0 : spec.layout === 'contiguous' ? item : (stride ?? item);
    const last = Math.max(0, count - 1) * this.stride;
    const nbytes = count === 0 && spec.layout !== 'uniform' ? 0 : Math.abs(last) + item;
    this.storage = allocate(nbytes, true);
    this.pointer = this.storage.ptr + (last < 0 ? -last : 0);
  }
  #view(): DataView {
    return new DataView(primarySegment().buffer);
  }
  get(i: number, part = 0): number | bigint {
    return readLane(this.#view(), this.pointer + i * this.stride + part * laneBytes[this.spec.lane], this.spec.lane);
  }
  set(i: number, part: number, x: Value): void {
    writeLane(this.#view(), this.pointer + i * this.stride + part * laneBytes[this.spec.lane], this.spec.lane, x);
  }
  fill(r: Random): this {
    const distinct = this.spec.layout === 'uniform' ? 1 : this.stride === 0 ? Math.min(1, this.count) : this.count;
    for (let i = 0; i < distinct; i++)
      for (let p = 0; p < this.spec.parts; p++) this.set(i, p, randomValue(r, this.spec.lane));
    return this;
  }
  bytes(): Uint8Array {
    return primarySegment().u8.slice(this.storage.ptr, this.storage.ptr + this.storage.nbytes);
  }
  free(): void {
    this.storage.dispose(); // verifies the red zones
  }
}

export function tableValue(id: number, index: number): Value {
  const { lane, bytes } = tableById(id);
  return readLane(new DataView(bytes.buffer, bytes.byteOffset), index * laneBytes[lane], lane);
}

/** What the interpreter says of element i. */
export function expected(
  body: readonly Node[],
  columns: readonly Column[],
  params: readonly Value[],
  i: number,
): Value[] {
  return interpret(body, {
    load: (operand, part) => columns[operand].get(columns[operand].spec.layout === 'uniform' ? 0 : i, part),
    param: (k) => params[k],
    lane: () => i,
    table: tableValue,
  });
}

/** Parameters as exported functions take them. */
export const asArguments = (params: readonly Value[]): (number | bigint)[] =>
  params.map((p) => (typeof p === 'boolean' ? Number(p) : p));

export const layouts: readonly Layout[] = ['contiguous', 'strided', 'uniform'];

/** A stride for a strided operand: forward, backward, spread out, unaligned, or none at all (inputs only). */
export function randomStride(r: Random, spec: OperandSpec, output: boolean): number {
  const item = laneBytes[spec.lane] * spec.parts;
  return r.pick([item, 2 * item, 3 * item, -item, -2 * item, item + 1, -(item + 3), 7 * item, output ? 5 * item : 0]);
}

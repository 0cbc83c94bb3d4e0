// Kernels as modules: one per key, compiled at first use, also over unshared memory; refusals name kernel and body.

import { describe, expect, it } from 'vitest';
import { events } from '../../src/base/events.ts';
import { load } from '../../src/kernel/builder.ts';
import { Kernel, kernelFigures, kernelOf } from '../../src/kernel/compile.ts';
import { ModuleCode } from '../../src/kernel/wasm/encoder.ts';
import { addMap } from '../../src/kernel/wasm/map.ts';
import type { OperandSpec } from '../../src/kernel/wasm/operands.ts';
import { primarySegment } from '../../src/memory/allocate.ts';

const f64: OperandSpec = { lane: 'f64', parts: 1, layout: 'contiguous' };
const double = (module: ModuleCode, tableAddress: (id: number) => number): void =>
  addMap(module, {
    inputs: [f64],
    outputs: [f64],
    params: [],
    body: [load(0, 0, 'f64').mul(2).node],
    tableAddress,
  });

describe('kernels', () => {
  it('are one per key', () => {
    const first = kernelOf('compile test', double);
    expect(kernelOf('compile test', () => expect.fail('described twice'))).toBe(first);
    expect(first.bytes).toBe(0);
    const before = kernelFigures();
    const made = first.at(primarySegment());
    expect(first.at(primarySegment())).toBe(made);
    expect(kernelFigures()).toEqual({ kernels: before.kernels, bytes: before.bytes + first.bytes });
  });

  it('say when they are compiled', () => {
    const seen: string[] = [];
    const off = events.on('kernel.compile', ({ key, bytes, milliseconds }) => {
      expect(bytes).toBeGreaterThan(0);
      expect(milliseconds).toBeGreaterThanOrEqual(0);
      seen.push(key);
    });
    const kernel = new Kernel('compile event', double);
    kernel.at(primarySegment());
    kernel.at(primarySegment());
    off();
    expect(seen).toEqual(['compile event']);
  });

  it('run on unshared memory', () => {
    const code = new ModuleCode();
    double(code, () => 0);
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code.encode(false)), { m: { m: memory } });
    const numbers = new Float64Array(memory.buffer);
    for (let i = 0; i < 21; i++) numbers[i] = i + 0.5;
    (exports.run as (n: number, from: number, to: number) => void)(21, 0, 800);
    expect(Array.from(numbers.subarray(100, 122))).toEqual([...Array.from({ length: 21 }, (_, i) => 2 * i + 1), 0]);
  });

  it('are the same bytes whatever was built before', () => {
    const bytes = (): string => {
      const code = new ModuleCode();
      double(code, () => 0);
      return Buffer.from(code.encode(true)).toString('hex');
    };
    const first = bytes();
    load(5, 0, 'f64').add(0.123).sqrt();
    expect(bytes()).toBe(first);
  });

  it('refuse a body that does not fit its operands', () => {
    const wrong = (body: ReturnType<typeof load>) => () =>
      addMap(new ModuleCode(), { inputs: [f64], outputs: [f64], params: [], body: [body.node], tableAddress: () => 0 });
    expect(wrong(load(1, 0, 'f64'))).toThrow(/map kernel: there is no operand 1/);
    expect(wrong(load(0, 0, 'f64').lt(0))).toThrow(/result 0 is bool, its operand is f64/);
  });
});

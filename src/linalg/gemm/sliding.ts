// Sliding dot products: y[i] = Σ v[j] · a[i + j], the heart of convolve and correlate. A block of results stays in
// registers while the weights go by, so that every element of `a` is loaded once per weight and nothing is stored in
// between. Sums run in order of j for every result, whatever its place in a block.

import { FunctionCode, type ModuleCode } from '../../kernel/wasm/encoder.ts';
import { simd } from '../../kernel/wasm/opcodes.ts';
import { type ElementRow, itemBytes, perVector } from './elements.ts';
import { pushSingle, storeSingle } from './row_kernel.ts';
import { addScaled, splatFactor } from './scaled.ts';

/** Registers of results per pass: whole passes first, then the rest by ones. */
const REGISTERS = { 1: [8, 1], 2: [4, 1] } as const;

/** Weights per turn of the inner loop. */
const UNROLLED = 2;

/** run(n, a, y, v, k, add): n results from n + k − 1 neighbouring elements and k weights, added to y if asked; k ≥ 1. */
export function addSliding(module: ModuleCode, e: ElementRow): void {
  const f = new FunctionCode(['i32', 'i32', 'i32', 'i32', 'i32', 'i32']);
  const [n, a, y, v, k, more] = [0, 1, 2, 3, 4, 5];
  const item = itemBytes(e);
  const [at, weight, left] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const widest = REGISTERS[e.parts][0];
  const sums = Array.from({ length: widest }, () => f.local('v128'));
  const factors = Array.from({ length: e.parts }, () => f.local('v128'));
  const [x, turned] = [f.local('v128'), f.local('v128')];

  const add = (sum: number, load: () => void): void => {
    load();
    f.set(x);
    addScaled(f, e, sum, x, turned, factors);
  };
  /** As many passes as there are elements for; `load` pushes a register from an address, `store` puts one. */
  const passes = (
    registers: number,
    elements: number,
    load: (from: number, r: number, offset?: number) => void,
    store: (r: number) => void,
  ): void => {
    f.get(n).i32(elements).op(0x4f).if().loop();
    f.get(more).if();
    for (let r = 0; r < registers; r++) {
      load(y, r);
      f.set(sums[r]);
    }
    f.else();
    for (let r = 0; r < registers; r++) {
      f.simd(simd.const)
        .op(...new Array(16).fill(0))
        .set(sums[r]);
    }
    f.end();
    f.get(a).set(at).get(v).set(weight).get(k).set(left);
    f.block().loop();
    for (let u = 0; u < UNROLLED; u++) {
      splatFactor(f, e, weight, u * item, factors);
      for (let r = 0; r < registers; r++) add(sums[r], () => load(at, r, u * item));
      // An exit after every weight also keeps the engine from moving all loads to the front, which would spill.
      if (u < UNROLLED - 1)
        f.get(left)
          .i32(u + 1)
          .op(0x46)
          .brIf(1);
    }
    f.bump(at, UNROLLED * item).bump(weight, UNROLLED * item);
    f.get(left).i32(UNROLLED).op(0x6b).tee(left).brIf(0).end().end();
    for (let r = 0; r < registers; r++) store(r);
    const step = elements * item;
    f.bump(a, step).bump(y, step);
    f.get(n).i32(elements).op(0x6b).tee(n).i32(elements).op(0x4f).brIf(0).end().end();
  };
  for (const registers of REGISTERS[e.parts]) {
    passes(
      registers,
      registers * perVector(e),
      (from, r, offset = 0) =>
        f
          .get(from)
          .simd(simd.load)
          .memarg(16 * r + offset),
      (r) =>
        f
          .get(y)
          .get(sums[r])
          .simd(simd.store)
          .memarg(16 * r),
    );
  }
  passes(
    1,
    1,
    (from, _, offset) => pushSingle(f, e, from, offset),
    () => {
      f.get(y).get(sums[0]);
      storeSingle(f, e);
    },
  );
  module.add(f, 'run');
}

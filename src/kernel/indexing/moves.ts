// Copies between an array reached through positions and a plain one: out[k] = array[i[k], j[k] …] and back. Any number of
// index operands, each checked while it is read; negative positions count from the end. One element may be any small
// number of bytes, so that short rows move as one. Which loops there are around it: exec/gather.ts.
//
// run(n, index pointer…, array pointer, plain pointer, stride of each strided operand…, (size, step) per index…, flag):
// a position out of bounds writes 1 to the word at `flag` and ends the run.

import type { Lane } from '../../dtype/dtype.ts';
import { FunctionCode, type ModuleCode } from '../wasm/encoder.ts';
import { type RunLocals, runLocals } from '../wasm/map.ts';
import { addNest } from '../wasm/nest.ts';
import { scalarMemory, simd } from '../wasm/opcodes.ts';
import type { Layout } from '../wasm/operands.ts';

/** Lanes of positions. */
export type IndexLane = Exclude<Lane, 'f32' | 'f64'>;

export interface IndexSpec {
  readonly lane: IndexLane;
  readonly layout: Layout;
}

export interface MoveSpec {
  /** Bytes of an element. */
  readonly item: number;
  readonly indices: readonly IndexSpec[];
  /** Layouts of what does not depend on the positions. */
  readonly array: Layout;
  readonly plain: Layout;
  /** From plain to array; else from array to plain. */
  readonly stores: boolean;
}

const laneSize: Readonly<Record<IndexLane, number>> = { i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, i64: 8, u64: 8 };

/** Elements per pass of the loop over contiguous positions. */
const UNROLLED = 4;
/** From so many bytes on a run is left to memory.copy. */
const BULK = 512;

/** Pieces that an element of so many bytes is moved in. */
export function pieces(item: number): { width: number; at: number }[] {
  const out: { width: number; at: number }[] = [];
  let at = 0;
  for (const width of [16, 8, 4, 2, 1]) {
    for (; item - at >= width; at += width) out.push({ width, at });
  }
  return out;
}

const moveOps: Readonly<Record<number, readonly [load: readonly number[], store: readonly number[]]>> = {
  1: [[scalarMemory.u8[0]], [scalarMemory.u8[1]]],
  2: [[scalarMemory.u16[0]], [scalarMemory.u16[1]]],
  4: [[scalarMemory.i32[0]], [scalarMemory.i32[1]]],
  8: [[scalarMemory.i64[0]], [scalarMemory.i64[1]]],
  16: [
    [0xfd, simd.load],
    [0xfd, simd.store],
  ],
};

/** Copies one element from an address in a local to another. */
export function moveItem(
  f: FunctionCode,
  item: number,
  to: number,
  toOffset: number,
  from: number,
  fromOffset: number,
): void {
  for (const { width, at } of pieces(item)) {
    const [load, store] = moveOps[width];
    f.get(to)
      .get(from)
      .op(...load)
      .memarg(fromOffset + at)
      .op(...store)
      .memarg(toOffset + at);
  }
}

/** Emits the reading of positions of one lane. */
export class PositionReader {
  readonly #f: FunctionCode;
  readonly #lane: IndexLane;
  readonly #size: number;
  readonly #wide: boolean;
  readonly #i: number;

  /** `size` is the local with the axis' length. */
  constructor(f: FunctionCode, lane: IndexLane, size: number) {
    this.#f = f;
    this.#lane = lane;
    this.#wide = laneSize[lane] === 8;
    this.#i = f.local(this.#wide ? 'i64' : 'i32');
    this.#size = this.#wide ? f.local('i64') : size;
    if (this.#wide) f.get(size).op(0xad).set(this.#size); // extended once
  }

  get bytes(): number {
    return laneSize[this.#lane];
  }

  /** Pushes the position at a pointer, from 0 on, as i32; leaves for the block `depth` outside when out of bounds. */
  push(pointer: number, offset: number, depth: number): void {
    const f = this.#f;
    const i = this.#i;
    f.get(pointer).op(scalarMemory[this.#lane][0]).memarg(offset).set(i);
    const size = this.#size;
    const [atLeast, add] = this.#wide ? [0x5a, 0x7c] : [0x4f, 0x6a]; // unsigned
    const outside = (): FunctionCode => f.get(i).get(size).op(atLeast);
    outside();
    if (this.#lane[0] === 'i') {
      // negative ones are unsigned and large: the way of the others costs them nothing
      f.if().get(i).get(size).op(add).set(i);
      outside()
        .brIf(depth + 1)
        .end();
    } else f.brIf(depth);
    f.get(i);
    if (this.#wide) f.op(0xa7);
  }
}

interface Emission {
  readonly f: FunctionCode;
  readonly spec: MoveSpec;
  readonly at: RunLocals;
  readonly readers: readonly PositionReader[];
  /** Number of the operand that the positions lead into. */
  readonly array: number;
}

const stepParam = (at: RunLocals, j: number): number => at.firstParam + 2 * j + 1;

// One element; the bounds block is two outside. Pointers stay where they are but for the strided ones.
function emitElement({ f, spec, at, readers, array }: Emission, k: number, address: number): void {
  const { indices, item } = spec;
  const fixed = (layout: Layout, bytes: number): number => (layout === 'contiguous' ? k * bytes : 0);
  f.get(at.pointers[array]);
  indices.forEach(({ layout }, j) => {
    if (layout === 'uniform') return;
    readers[j].push(at.pointers[j], fixed(layout, readers[j].bytes), 2);
    f.get(stepParam(at, j)).op(0x6c).op(0x6a);
    if (layout === 'strided') f.bumpBy(at.pointers[j], at.strides[j]);
  });
  f.set(address);
  const inArray = fixed(spec.array, item);
  const inPlain = fixed(spec.plain, item);
  const plain = at.pointers[array + 1];
  if (spec.stores) moveItem(f, item, address, inArray, plain, inPlain);
  else moveItem(f, item, plain, inPlain, address, inArray);
  if (spec.array === 'strided') f.bumpBy(at.pointers[array], at.strides[array]);
  if (spec.plain === 'strided') f.bumpBy(plain, at.strides[array + 1]);
}

// Moves the contiguous pointers on by so many elements, and counts them.
function advance({ f, spec, at, readers, array }: Emission, elements: number): void {
  spec.indices.forEach(({ layout }, j) => {
    if (layout === 'contiguous') f.bump(at.pointers[j], elements * readers[j].bytes);
  });
  if (spec.array === 'contiguous') f.bump(at.pointers[array], elements * spec.item);
  if (spec.plain === 'contiguous') f.bump(at.pointers[array + 1], elements * spec.item);
  f.bump(0, -elements);
}

// A run whose positions are settled and whose sides are both contiguous: one stretch of bytes.
function emitStretch({ f, spec, at, array }: Emission): void {
  const [to, from] = spec.stores
    ? [at.pointers[array], at.pointers[array + 1]]
    : [at.pointers[array + 1], at.pointers[array]];
  f.get(0).i32(spec.item).op(0x6c).set(0);
  f.get(0).i32(BULK).op(0x4f).if().get(to).get(from).get(0).op(0xfc, 10, 0, 0).return().end();
  for (const width of [64, 16, ...(spec.item < 16 ? [spec.item] : [])]) {
    f.get(0).i32(width).op(0x4f).if().loop();
    moveItem(f, width, to, 0, from, 0);
    f.bump(to, width).bump(from, width).bump(0, -width);
    f.get(0).i32(width).op(0x4f).brIf(0).end().end();
  }
  f.return();
}

/** Adds `run` and `nest` of a move. */
export function addMove(module: ModuleCode, spec: MoveSpec): void {
  const { indices } = spec;
  const operands = [
    ...indices.map(({ lane, layout }) => ({ lane, parts: 1 as const, layout })),
    { lane: 'u8' as const, parts: 1 as const, layout: spec.array },
    { lane: 'u8' as const, parts: 1 as const, layout: spec.plain },
  ];
  const at = runLocals(operands, [...indices.flatMap(() => ['i32', 'i32'] as const), 'i32'], false);
  const f = new FunctionCode(at.types);
  const run = module.add(f, 'run');
  const array = indices.length;
  f.get(0).op(0x45).if().return().end();
  const readers = indices.map(({ lane }, j) => new PositionReader(f, lane, at.firstParam + 2 * j));
  const all: Emission = { f, spec, at, readers, array };
  const address = f.local('i32');
  f.block();
  indices.forEach(({ layout }, j) => {
    if (layout !== 'uniform') return;
    f.get(at.pointers[array]);
    readers[j].push(at.pointers[j], 0, 0);
    f.get(stepParam(at, j)).op(0x6c).op(0x6a).set(at.pointers[array]);
  });
  const settled = indices.every(({ layout }) => layout === 'uniform');
  if (settled && spec.array === 'contiguous' && spec.plain === 'contiguous' && 16 % spec.item === 0) emitStretch(all);
  else {
    for (const elements of [UNROLLED, 1]) {
      f.get(0).i32(elements).op(0x4f).if().loop();
      for (let k = 0; k < elements; k++) emitElement(all, k, address);
      advance(all, elements);
      f.get(0).i32(elements).op(0x4f).brIf(0).end().end();
    }
    f.return();
  }
  f.end();
  f.get(at.firstParam + 2 * indices.length)
    .i32(1)
    .op(scalarMemory.i32[1])
    .memarg(0);
  addNest(module, run, at, operands.length);
}

// SIMD opcodes of the wide lanes: splat, add, subtract, sign bits.
const laneOps: Readonly<Record<number, { splat: number; add: number; sub: number; signs: number }>> = {
  4: { splat: 17, add: 174, sub: 177, signs: 164 },
  8: { splat: 18, add: 206, sub: 209, signs: 196 },
};
const STRIDE = 64;

/** Adds run(n, pointer, size, flag): are all of n contiguous positions in bounds? Writes 1 to the flag if not. */
export function addBounds(module: ModuleCode, lane: IndexLane): void {
  const f = new FunctionCode(['i32', 'i32', 'i32', 'i32']);
  module.add(f, 'run');
  const [n, pointer, size, flag] = [0, 1, 2, 3];
  const reader = new PositionReader(f, lane, size);
  const ops = laneOps[reader.bytes];
  f.block();
  if (ops !== undefined) {
    // in bounds: neither size - 1 - i nor, for the signed, i + size has its sign bit
    const [sizes, lasts, seen, i] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')];
    const wide = reader.bytes === 8;
    f.get(size)
      .op(...(wide ? [0xad] : []))
      .simd(ops.splat)
      .set(sizes);
    f.get(size)
      .i32(1)
      .op(0x6b)
      .op(...(wide ? [0xac] : []))
      .simd(ops.splat)
      .set(lasts);
    const count = STRIDE / reader.bytes;
    f.get(n).i32(count).op(0x4f).if().loop();
    for (let at = 0; at < STRIDE; at += 16) {
      f.get(seen).get(pointer).simd(simd.load).memarg(at);
      f.tee(i);
      if (lane[0] === 'i') f.get(sizes).simd(ops.add);
      f.simd(simd.or).get(lasts).get(i).simd(ops.sub).simd(simd.or).set(seen);
    }
    f.bump(pointer, STRIDE).bump(n, -count);
    f.get(n).i32(count).op(0x4f).brIf(0).end().end();
    f.get(seen).simd(ops.signs).brIf(0);
  }
  f.get(n).if().loop();
  reader.push(pointer, 0, 2);
  f.op(0x1a).bump(pointer, reader.bytes).get(n).i32(1).op(0x6b).tee(n).brIf(0).end().end();
  f.return().end();
  f.get(flag).i32(1).op(scalarMemory.i32[1]).memarg(0);
}

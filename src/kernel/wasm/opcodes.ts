// WebAssembly opcodes as rows: what one IR operation is in scalar and in SIMD code, per machine class. A missing SIMD
// opcode means the lowering works lane by lane; a missing scalar one means it is composed (see scalar.ts).
// Source: WebAssembly Core Specification 2.0, index of instructions.

import type { Op, ValueType } from '../ir.ts';
import type { WasmType } from './encoder.ts';

/** The scalar machine type that carries a lane. */
export const carrier = {
  bool: 'i32',
  i8: 'i32',
  u8: 'i32',
  i16: 'i32',
  u16: 'i32',
  i32: 'i32',
  u32: 'i32',
  i64: 'i64',
  u64: 'i64',
  f32: 'f32',
  f64: 'f64',
} as const satisfies Record<ValueType, WasmType>;

type Scalar = Partial<Record<'i32' | 'i64' | 'f32' | 'f64', number>>;

const same = (i32: number, i64: number): Scalar => ({ i32, i64 });

/** Scalar opcodes that do not depend on signedness. */
export const scalarOps: Partial<Record<Op, Scalar>> = {
  add: { i32: 0x6a, i64: 0x7c, f32: 0x92, f64: 0xa0 },
  sub: { i32: 0x6b, i64: 0x7d, f32: 0x93, f64: 0xa1 },
  mul: { i32: 0x6c, i64: 0x7e, f32: 0x94, f64: 0xa2 },
  div: { f32: 0x95, f64: 0xa3 },
  and: same(0x71, 0x83),
  or: same(0x72, 0x84),
  xor: same(0x73, 0x85),
  shlk: same(0x74, 0x86),
  shl: same(0x74, 0x86),
  eq: { i32: 0x46, i64: 0x51, f32: 0x5b, f64: 0x61 },
  ne: { i32: 0x47, i64: 0x52, f32: 0x5c, f64: 0x62 },
  abs: { f32: 0x8b, f64: 0x99 },
  neg: { f32: 0x8c, f64: 0x9a },
  ceil: { f32: 0x8d, f64: 0x9b },
  floor: { f32: 0x8e, f64: 0x9c },
  trunc: { f32: 0x8f, f64: 0x9d },
  nearest: { f32: 0x90, f64: 0x9e },
  sqrt: { f32: 0x91, f64: 0x9f },
  clz: same(0x67, 0x79),
  popcnt: same(0x69, 0x7b),
};

/** Scalar opcodes that do: signed first, unsigned second; floats use the first. */
export const signedOps: Partial<Record<Op, readonly [Scalar, Scalar]>> = {
  lt: [{ i32: 0x48, i64: 0x53, f32: 0x5d, f64: 0x63 }, same(0x49, 0x54)],
  le: [{ i32: 0x4c, i64: 0x57, f32: 0x5f, f64: 0x65 }, same(0x4d, 0x58)],
  shrk: [same(0x75, 0x87), same(0x76, 0x88)],
  shr: [same(0x75, 0x87), same(0x76, 0x88)],
  idiv: [same(0x6d, 0x7f), same(0x6e, 0x80)],
  irem: [same(0x6f, 0x81), same(0x70, 0x82)],
};

type Lanes = Partial<Record<ValueType, number>>;

const bySign = (i8: number, u8: number, i16: number, u16: number, i32: number, u32: number): Lanes => ({
  i8,
  u8,
  i16,
  u16,
  i32,
  u32,
});
const ints = (x8: number, x16: number, x32: number, x64: number): Lanes => ({
  i8: x8,
  u8: x8,
  i16: x16,
  u16: x16,
  i32: x32,
  u32: x32,
  i64: x64,
  u64: x64,
});
const floats = (f32: number, f64: number): Lanes => ({ f32, f64 });
const all = (n: number): Lanes => ({ ...ints(n, n, n, n), bool: n });

// Both shifts take their amount from the stack, the same for all lanes.
const shifts = (name: 'shl' | 'shr', lanes: Lanes): Partial<Record<Op, Lanes>> => ({
  [name]: lanes,
  [`${name}k`]: lanes,
});

/** SIMD opcodes (after the 0xfd prefix), by the type of the arguments. */
export const simdOps: Partial<Record<Op, Lanes>> = {
  add: { ...ints(110, 142, 174, 206), ...floats(228, 240) },
  sub: { ...ints(113, 145, 177, 209), ...floats(229, 241) },
  mul: { i16: 149, u16: 149, i32: 181, u32: 181, i64: 213, u64: 213, ...floats(230, 242) },
  div: floats(231, 243),
  neg: { ...ints(97, 129, 161, 193), ...floats(225, 237) },
  abs: { i8: 96, i16: 128, i32: 160, i64: 192, ...floats(224, 236) },
  sqrt: floats(227, 239),
  ceil: floats(103, 116),
  floor: floats(104, 117),
  trunc: floats(105, 122),
  nearest: floats(106, 148),
  pmin: floats(234, 246),
  pmax: floats(235, 247),
  min: bySign(118, 119, 150, 151, 182, 183),
  max: bySign(120, 121, 152, 153, 184, 185),
  and: all(78),
  or: all(80),
  xor: all(81),
  not: all(77),
  ...shifts('shl', ints(107, 139, 171, 203)),
  ...shifts('shr', { ...bySign(108, 109, 140, 141, 172, 173), i64: 204, u64: 205 }),
  popcnt: { i8: 98, u8: 98 },
  eq: { ...ints(35, 45, 55, 214), ...floats(65, 71) },
  ne: { ...ints(36, 46, 56, 215), ...floats(66, 72) },
  lt: { ...bySign(37, 38, 47, 48, 57, 58), i64: 216, ...floats(67, 73) },
  le: { ...bySign(41, 42, 51, 52, 61, 62), i64: 218, ...floats(69, 75) },
};

/** Instructions that move one lane between a vector and a scalar, or a scalar into all lanes. */
export const laneMoves = {
  i8: { splat: 15, extract: 21, replace: 23 },
  u8: { splat: 15, extract: 22, replace: 23 },
  i16: { splat: 16, extract: 24, replace: 26 },
  u16: { splat: 16, extract: 25, replace: 26 },
  i32: { splat: 17, extract: 27, replace: 28 },
  u32: { splat: 17, extract: 27, replace: 28 },
  i64: { splat: 18, extract: 29, replace: 30 },
  u64: { splat: 18, extract: 29, replace: 30 },
  f32: { splat: 19, extract: 31, replace: 32 },
  f64: { splat: 20, extract: 33, replace: 34 },
} as const;

/** Memory instructions by lane width in bytes: splatting load, load and store of one lane. */
export const laneMemory = {
  1: { splat: 7, load: 84, store: 88 },
  2: { splat: 8, load: 85, store: 89 },
  4: { splat: 9, load: 86, store: 90 },
  8: { splat: 10, load: 87, store: 91 },
} as const;

export const simd = {
  load: 0,
  store: 11,
  const: 12,
  bitselect: 82,
  anyTrue: 83,
  load32Zero: 92,
  load64Zero: 93,
  demote: 94,
  promoteLow: 95,
  and: 78,
  or: 80,
} as const;

/** Scalar memory instructions per lane: load, store. */
export const scalarMemory = {
  i8: [0x2c, 0x3a],
  u8: [0x2d, 0x3a],
  i16: [0x2e, 0x3b],
  u16: [0x2f, 0x3b],
  i32: [0x28, 0x36],
  u32: [0x28, 0x36],
  i64: [0x29, 0x37],
  u64: [0x29, 0x37],
  f32: [0x2a, 0x38],
  f64: [0x2b, 0x39],
} as const;

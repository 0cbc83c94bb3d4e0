// What one machine type needs to multiply and add in registers, and the tile its micro-kernel holds: a row per element
// type of the embedded GEMM. Other dtypes are converted on the way in (matmul.ts). Booleans multiply by AND and add by
// OR; integers wrap. A complex matrix is a real one here: A's parts are two rows, B's parts two columns.

import type { DTypeName, Lane } from '../../dtype/dtype.ts';
import { scalarOps, simd, simdOps } from '../../kernel/wasm/opcodes.ts';

export type Width = 1 | 2 | 4 | 8;

export interface ElementRow {
  readonly lane: Lane;
  /** Bytes of a lane. */
  readonly width: Width;
  readonly parts: 1 | 2;
  /** Vector opcodes. */
  readonly multiply: number;
  readonly add: number;
  readonly subtract: number;
  /** Scalar addition, for the edges of a tile. */
  readonly addScalar: number;
  /** Fused multiply-add of relaxed SIMD, on engines that have it (Node 20 only behind a flag); 0 for integers. */
  readonly fused: number;
  /** Elements of A per tile. */
  readonly rows: number;
  /** Registers of B per tile. */
  readonly vectors: number;
  /** Steps of k per pass of the packed micro-kernel. */
  readonly unroll: number;
  /** A's lanes are packed spread over a register: a plain load, where a splatting one is slow. */
  readonly spread: boolean;
}

type Shape = Pick<ElementRow, 'rows' | 'vectors' | 'unroll' | 'spread'>;
type Carrier = 'i32' | 'i64' | 'f32' | 'f64';

function arithmetic(lane: Lane, width: Width, carrier: Carrier, fused: number, shape: Shape) {
  const vector = (op: 'add' | 'sub' | 'mul'): number => simdOps[op]?.[lane] ?? 0;
  return {
    lane,
    width,
    parts: 1,
    multiply: vector('mul'),
    add: vector('add'),
    subtract: vector('sub'),
    addScalar: scalarOps.add?.[carrier] ?? 0,
    fused,
    ...shape,
  } as const satisfies ElementRow;
}

// Tiles as measured (docs/design/linalg.md): 8 accumulators; more registers spill, fewer starve the two adders.
const plain = { rows: 4, vectors: 2, unroll: 4, spread: false };
const f32 = arithmetic('f32', 4, 'f32', 0x105, { ...plain, unroll: 8 });
const f64 = arithmetic('f64', 8, 'f64', 0x107, { ...plain, unroll: 1, spread: true });

/** Element types that the kernels work on. */
export const elements = {
  bool: {
    lane: 'u8',
    width: 1,
    parts: 1,
    multiply: simd.and,
    add: simd.or,
    subtract: 0,
    addScalar: scalarOps.or?.i32 ?? 0,
    fused: 0,
    ...plain,
  },
  int16: arithmetic('i16', 2, 'i32', 0, plain),
  int32: arithmetic('i32', 4, 'i32', 0, plain),
  int64: arithmetic('i64', 8, 'i64', 0, plain),
  float32: f32,
  float64: f64,
  complex64: { ...f32, parts: 2, rows: f32.rows / 2 },
  complex128: { ...f64, parts: 2, rows: f64.rows / 2 },
} as const satisfies Record<string, ElementRow>;

export type ElementName = keyof typeof elements;

/** The element type that computes each dtype; a dtype of another size is converted first and back afterwards. */
export const elementOf = {
  bool: 'bool',
  int8: 'int16',
  int16: 'int16',
  int32: 'int32',
  int64: 'int64',
  uint8: 'int16',
  uint16: 'int16',
  uint32: 'int32',
  uint64: 'int64',
  float16: 'float32',
  float32: 'float32',
  float64: 'float64',
  complex64: 'complex64',
  complex128: 'complex128',
} as const satisfies Record<DTypeName, ElementName>;

/** Bytes of one element. */
export const itemBytes = (e: ElementRow): number => e.width * e.parts;

/** Elements of B per register. */
export const perVector = (e: ElementRow): number => 16 / itemBytes(e);

/** Elements of B per tile. */
export const tileColumns = (e: ElementRow): number => e.vectors * perVector(e);

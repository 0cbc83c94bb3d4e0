// The dtype table: one row per element type, and every fact about it that is not derived from another.
// Adding a dtype starts (and, where WebAssembly has the type, ends) with a row here. Order is identity: `id` is the row
// number, and promotion and casting tables are indexed by it. Rules about pairs of dtypes live in promotion.ts.
// Names, character codes and descriptors follow the .npy format specification (NEP 1).

import { DTypeError } from '../base/errors.ts';

/** NumPy's kind letters: bool, signed, unsigned, float, complex. */
export type Kind = 'b' | 'i' | 'u' | 'f' | 'c';

/** Machine type that stores one component of an element. */
export type Lane = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64';

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

export interface TypedArrayConstructor {
  new (length: number): TypedArray;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): TypedArray;
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
}

interface Row {
  readonly kind: Kind;
  readonly itemsize: number;
  readonly char: string;
  /** NumPy's number of the dtype, on machines with 64-bit longs. */
  readonly num: number;
  readonly lane: Lane;
  /** Significand bits with the hidden one, and largest exponent: IEEE 754 formats only. */
  readonly float?: { readonly digits: number; readonly emax: number };
  /** Further spellings `asDType` accepts, besides the name, the char and the descriptor. */
  readonly aliases: readonly string[];
}

const rows = {
  bool: { kind: 'b', itemsize: 1, char: '?', num: 0, lane: 'u8', aliases: ['bool_', 'boolean'] },
  int8: { kind: 'i', itemsize: 1, char: 'b', num: 1, lane: 'i8', aliases: ['byte'] },
  int16: { kind: 'i', itemsize: 2, char: 'h', num: 3, lane: 'i16', aliases: ['short'] },
  int32: { kind: 'i', itemsize: 4, char: 'i', num: 5, lane: 'i32', aliases: ['intc'] },
  int64: {
    kind: 'i',
    itemsize: 8,
    char: 'l',
    num: 7,
    lane: 'i64',
    aliases: ['int', 'int_', 'intp', 'long', 'longlong', 'q', 'bigint'],
  },
  uint8: { kind: 'u', itemsize: 1, char: 'B', num: 2, lane: 'u8', aliases: ['ubyte'] },
  uint16: { kind: 'u', itemsize: 2, char: 'H', num: 4, lane: 'u16', aliases: ['ushort'] },
  uint32: { kind: 'u', itemsize: 4, char: 'I', num: 6, lane: 'u32', aliases: ['uintc'] },
  uint64: {
    kind: 'u',
    itemsize: 8,
    char: 'L',
    num: 8,
    lane: 'u64',
    aliases: ['uint', 'uintp', 'ulong', 'ulonglong', 'Q'],
  },
  float16: {
    kind: 'f',
    itemsize: 2,
    char: 'e',
    num: 23,
    lane: 'u16',
    float: { digits: 11, emax: 15 },
    aliases: ['half'],
  },
  float32: {
    kind: 'f',
    itemsize: 4,
    char: 'f',
    num: 11,
    lane: 'f32',
    float: { digits: 24, emax: 127 },
    aliases: ['single'],
  },
  float64: {
    kind: 'f',
    itemsize: 8,
    char: 'd',
    num: 12,
    lane: 'f64',
    float: { digits: 53, emax: 1023 },
    aliases: ['float', 'double', 'number'],
  },
  complex64: { kind: 'c', itemsize: 8, char: 'F', num: 14, lane: 'f32', aliases: ['csingle'] },
  complex128: { kind: 'c', itemsize: 16, char: 'D', num: 15, lane: 'f64', aliases: ['complex', 'cdouble'] },
} as const satisfies Record<string, Row>;

/** The literal types of the rows, for the type-level twin. */
export type DTypeRows = typeof rows;
export type DTypeName = keyof DTypeRows;

const laneArray = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const satisfies Record<Lane, TypedArrayConstructor>;

/** The raw view of an array of a dtype: complex has two numbers per element, float16 its bits. */
export type RawView<N extends DTypeName> = InstanceType<(typeof laneArray)[DTypeRows[N]['lane']]>;

/** One element type; the fourteen instances in `dtypes` are the only ones, so compare them with `===`. */
export interface DType<N extends DTypeName = DTypeName> {
  readonly name: N;
  /** Row number, 0 to 13. */
  readonly id: number;
  readonly kind: Kind;
  /** Bytes per element. */
  readonly itemsize: number;
  /** NumPy's character code. */
  readonly char: string;
  readonly num: number;
  /** Descriptor in .npy files: '<f8', '|b1'. */
  readonly descr: string;
  /** The same, under NumPy's name of it. */
  readonly str: string;
  /** '=', or '|' where one byte has no order. */
  readonly byteorder: '=' | '|';
  readonly isnative: true;
  /** Bytes whose multiple an address must be: those of a component. */
  readonly alignment: number;
  /** Storage lane of one component: bool is u8, float16 is u16, complex128 is f64. */
  readonly lane: Lane;
  /** Components per element: 2 for complex. */
  readonly parts: 1 | 2;
  /** Constructor of the raw view: float16 gives Uint16Array, complex64 Float32Array with two numbers per element. */
  readonly array: TypedArrayConstructor;
  /** True for float16 only: its lane holds IEEE binary16 bits, not an integer. */
  readonly half: boolean;
  readonly float: Row['float'];
}

/** A class so that all dtypes share one hidden class and print as their names. */
class ElementType<N extends DTypeName> implements DType<N> {
  readonly name: N;
  readonly id: number;
  readonly kind: Kind;
  readonly itemsize: number;
  readonly char: string;
  readonly num: number;
  readonly descr: string;
  readonly lane: Lane;
  readonly parts: 1 | 2;
  readonly array: TypedArrayConstructor;
  readonly half: boolean;
  readonly float: Row['float'];

  constructor(name: N, id: number, row: Row) {
    this.name = name;
    this.id = id;
    this.kind = row.kind;
    this.itemsize = row.itemsize;
    this.char = row.char;
    this.num = row.num;
    this.descr = `${row.itemsize === 1 ? '|' : '<'}${row.kind}${row.itemsize}`;
    this.lane = row.lane;
    this.parts = row.kind === 'c' ? 2 : 1;
    this.array = laneArray[row.lane];
    this.half = row.kind === 'f' && row.lane === 'u16';
    this.float = row.float;
    Object.freeze(this);
  }

  get str(): string {
    return this.descr;
  }
  get byteorder(): '=' | '|' {
    return this.itemsize === 1 ? '|' : '=';
  }
  get isnative(): true {
    return true;
  }
  get alignment(): number {
    return this.array.BYTES_PER_ELEMENT;
  }

  toString(): string {
    return this.name;
  }

  toJSON(): string {
    return this.name;
  }
}

// Object.keys and Object.fromEntries forget literal keys; the shape is what `rows` says.
const names = Object.keys(rows) as DTypeName[];

/** All dtypes in row order: `dtypeList[d.id] === d`. */
export const dtypeList: readonly DType[] = Object.freeze(
  names.map((name, id) => new ElementType(name, id, rows[name])),
);

/** All dtypes by name: `dtypes.float64.itemsize === 8`. */
export const dtypes = Object.freeze(Object.fromEntries(dtypeList.map((d) => [d.name, d]))) as {
  readonly [N in DTypeName]: DType<N>;
};

export type DTypeLike = DType | DTypeName | (string & {});

const spellings = new Map<string, DType>();
for (const d of dtypeList) {
  const code = d.descr.slice(1);
  for (const s of [d.name, d.char, code, `<${code}`, `=${code}`, ...rows[d.name].aliases]) spellings.set(s, d);
  if (d.itemsize === 1) spellings.set(d.descr, d);
}

/**
 * The dtype named by `x`: a dtype, its name, NumPy's character code or descriptor, or a common alias.
 * @throws DTypeError for anything else; big-endian descriptors are refused with the native spelling.
 * @example asDType('<f4') // dtypes.float32
 */
export function asDType<N extends DTypeName>(x: DType<N> | N): DType<N>;
export function asDType(x: DTypeLike): DType;
export function asDType(x: DTypeLike): DType {
  if (x instanceof ElementType) return x;
  if (typeof x === 'string') {
    const found = spellings.get(x);
    if (found !== undefined) return found;
    const native = x.startsWith('>') || x.startsWith('!') ? spellings.get(x.slice(1)) : undefined;
    if (native !== undefined) {
      throw new DTypeError(
        `dtype '${x}' is big-endian; arrays hold little-endian elements only`,
        `use '${native.descr}' and swap the bytes when reading them`,
        { dtype: x, native: native.name },
      );
    }
  }
  throw new DTypeError(
    `${typeof x === 'string' ? `'${x}'` : String(x)} is not a dtype`,
    `use one of ${names.join(', ')}`,
    {
      dtype: x,
    },
  );
}

/** True when `x` is one of the dtypes (not a name of one). */
export function isDType(x: unknown): x is DType {
  return x instanceof ElementType;
}

const byArrayName = new Map<string, DType>([
  ['Uint8ClampedArray', dtypes.uint8],
  ['Float16Array', dtypes.float16],
]);
for (const d of dtypeList) {
  if (d.parts === 1 && d.kind !== 'b' && !d.half) byArrayName.set(d.array.name, d);
}

/**
 * The dtype of a JavaScript typed array, by its constructor: `Uint8Array` is uint8, never bool.
 * Undefined for anything that is not a typed array (DataView included).
 * @example typedArrayDType(new Float32Array(3)) // dtypes.float32
 */
export function typedArrayDType(x: unknown): DType | undefined {
  if (!ArrayBuffer.isView(x)) return undefined;
  // The tag survives subclasses (Buffer is a Uint8Array) and other realms, which the constructor's name does not.
  return byArrayName.get((x as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? '');
}

// Order as unsigned integers: for every kind of element a key whose unsigned order is NumPy's order of the elements,
// NaN last in both directions. `exact` keys are one to one with the bits, so that sorting keys sorts values; `merged`
// keys are equal where elements are (−0 and 0, all NaN), which stable orders need.
// Source of the float transform: M. Herf, "Radix tricks", 2001. The subtraction that puts negative NaN last is ours.

import { constant, type Routine, type Value, type Variable } from '../wasm/assembler.ts';

/** Elements that have one key: real ones. float16 has lane u16 and `half`. */
export interface KeyKind {
  readonly lane: 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64';
  readonly half: boolean;
  readonly descending: boolean;
}

interface LaneRow {
  readonly bytes: 1 | 2 | 4 | 8;
  /** How the bits are read. */
  readonly bits: 'u8' | 'u16' | 'u32' | 'u64';
  readonly signed?: true;
  /** Bits of +Inf. */
  readonly infinity?: bigint;
}
const rows: Readonly<Record<KeyKind['lane'] | 'f16', LaneRow>> = {
  i8: { bytes: 1, bits: 'u8', signed: true },
  u8: { bytes: 1, bits: 'u8' },
  i16: { bytes: 2, bits: 'u16', signed: true },
  u16: { bytes: 2, bits: 'u16' },
  i32: { bytes: 4, bits: 'u32', signed: true },
  u32: { bytes: 4, bits: 'u32' },
  i64: { bytes: 8, bits: 'u64', signed: true },
  u64: { bytes: 8, bits: 'u64' },
  f16: { bytes: 2, bits: 'u16', infinity: 0x7c00n },
  f32: { bytes: 4, bits: 'u32', infinity: 0x7f800000n },
  f64: { bytes: 8, bits: 'u64', infinity: 0x7ff0000000000000n },
};

/** The keys of one kind of elements. */
export class Keys {
  readonly kind: KeyKind;
  /** Bytes of an element. */
  readonly bytes: 1 | 2 | 4 | 8;
  /** The type keys are computed in; narrower ones are zero-extended. */
  readonly type: 'i32' | 'i64';
  readonly #row: LaneRow;
  /** Significant bits of a key. */
  readonly width: number;
  readonly #sign: bigint;
  readonly #mask: bigint;
  /** Key of −Inf before it is moved to 0, and of +Inf after that. */
  readonly #lowest: bigint;
  readonly #highest: bigint;

  constructor(kind: KeyKind) {
    const row = rows[kind.half ? 'f16' : kind.lane];
    this.kind = kind;
    this.#row = row;
    this.bytes = row.bytes;
    this.type = row.bytes === 8 ? 'i64' : 'i32';
    this.width = 8 * row.bytes;
    this.#sign = 1n << BigInt(this.width - 1);
    this.#mask = 2n * this.#sign - 1n;
    const infinity = row.infinity ?? 0n;
    this.#lowest = this.#mask ^ (this.#sign | infinity);
    this.#highest = row.infinity === undefined ? this.#mask : (infinity ^ this.#sign) - this.#lowest;
  }

  /** Words that tell the kind in keys of kernels. */
  get name(): string {
    return `${this.kind.half ? 'f16' : this.kind.lane}${this.kind.descending ? '.descending' : ''}`;
  }

  /** The element at an address as it is in memory. */
  loadBits(r: Routine, address: Value, offset = 0): Value {
    return r.load(this.#row.bits, address, offset);
  }
  storeBits(r: Routine, address: Value, bits: Value, offset = 0): void {
    r.store(this.#row.bits, address, bits, offset);
  }

  // A lane narrower than its carrier keeps its upper bits 0.
  #narrow(x: Value): Value {
    return this.#row.bytes < 4 ? x.and(Number(this.#mask)) : x;
  }
  /** All ones where the top bit of a lane is set, else 0. */
  #topBit(x: Value): Value {
    const carried = this.type === 'i64' ? 64 : 32;
    const moved = this.width < carried ? x.shl(carried - this.width) : x;
    return moved.sar(carried - 1);
  }

  /** The exact key of bits; writes to `scratch`. */
  exact(bits: Value, scratch: Variable): Value {
    const { descending } = this.kind;
    let key: Value;
    if (this.#row.infinity !== undefined) {
      const x = scratch.tee(bits);
      key = this.#narrow(x.xor(this.#topBit(scratch).or(this.#sign)).sub(this.#lowest));
      return descending ? this.#narrow(constant(this.type, this.#highest).sub(key)) : key;
    }
    const flips = (this.#row.signed ? this.#sign : 0n) ^ (descending ? this.#mask : 0n);
    key = bits;
    return flips === 0n ? key : key.xor(flips);
  }

  /** The bits of an exact key; writes to `scratch`. */
  bitsOf(key: Value, scratch: Variable): Value {
    const { descending } = this.kind;
    if (this.#row.infinity !== undefined) {
      const ascending = descending ? constant(this.type, this.#highest).sub(key) : key;
      const x = scratch.tee(this.#narrow(ascending.add(this.#lowest)));
      return this.#narrow(x.xor(this.#topBit(scratch.xor(-1)).or(this.#sign)));
    }
    return this.exact(key, scratch); // flipping bits is its own inverse
  }

  /** The merged key of the element at an address; writes to `scratch`. */
  merged(r: Routine, address: Value, scratch: Variable, offset = 0): Value {
    if (this.#row.infinity === undefined) return this.exact(this.loadBits(r, address, offset), scratch);
    // `select` computes its two values before its condition, so that they may write to scratch.
    const bits = this.kind.half
      ? scratch.eq(0x8000).select(constant('i32', 0), scratch.tee(this.loadBits(r, address, offset)))
      : r.load(this.kind.lane, address, offset).add(0).bits(); // −0 + 0 is 0
    const past = this.kind.descending ? this.#mask : this.#highest + 1n; // the keys of NaN begin after +Inf's
    return scratch.le(this.#highest).select(scratch.tee(this.exact(bits, scratch)), past);
  }

  /** The number that a key, exact or merged, stands for; not of float16. */
  valueOf(key: bigint): number {
    const { infinity, signed } = this.#row;
    if (infinity === undefined) {
      const bits = key ^ (signed ? this.#sign : 0n) ^ (this.kind.descending ? this.#mask : 0n);
      return Number(signed ? BigInt.asIntN(this.width, bits) : bits);
    }
    const moved = ((this.kind.descending ? this.#highest - key : key) + this.#lowest) & this.#mask;
    const bits = moved & this.#sign ? moved ^ this.#sign : moved ^ this.#mask;
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setBigUint64(0, bits << BigInt(64 - this.width));
    return this.bytes === 8 ? bytes.getFloat64(0) : bytes.getFloat32(0);
  }

  /** Is this merged key that of NaN? */
  isNaN(key: Value): Value | undefined {
    if (this.#row.infinity === undefined) return undefined;
    return constant(this.type, this.#highest).lt(key);
  }
}

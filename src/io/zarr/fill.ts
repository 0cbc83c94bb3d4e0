// Fill values: what chunks that are not there hold. Kept as the bytes of one element, so that every NaN and −0 is exact.
// Source: the Zarr specifications, v2 "Fill value encoding" and v3 "Fill value"; v2 writes NaN as v3 does.

import { Complex } from '../../dtype/complex.ts';
import type { DType, TypedArray } from '../../dtype/dtype.ts';
import { checkScalar, readElement, type Scalar, writeElement } from '../../dtype/scalars.ts';
import type { Fields, Json } from './document.ts';

/** The bytes of one element. */
export type FillBytes = Uint8Array<ArrayBuffer>;

/** The components of such an element. */
const parts = (bytes: FillBytes, d: DType): TypedArray => new d.array(bytes.buffer);

/** The bytes of a value. @throws PrecisionError, CastError where the dtype cannot hold it. */
export function fillOf(value: Scalar, d: DType, where: string): FillBytes {
  const bytes = new Uint8Array(d.itemsize);
  writeElement(parts(bytes, d), 0, d, checkScalar(value, d, where));
  return bytes;
}

/** The value as JavaScript has it. */
export const fillScalar = (bytes: FillBytes, d: DType): Scalar => readElement(parts(bytes, d), 0, d, 'auto');

const words: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** A float as both versions write it: a number, a word, or its bits, most significant first. */
function putFloat(into: FillBytes, at: number, size: number, value: Json): boolean {
  const view = new DataView(into.buffer, at, size);
  if (typeof value === 'string' && /^0x[0-9a-fA-F]+$/.test(value)) {
    if (value.length !== 2 + 2 * size) return false;
    for (let i = 0; i < size; i++) into[at + size - 1 - i] = Number.parseInt(value.slice(2 + 2 * i, 4 + 2 * i), 16);
    return true;
  }
  const word = typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : value;
  if (typeof word !== 'number' && typeof word !== 'bigint') return false;
  const x = Number(word);
  if (size === 8) view.setFloat64(0, x, true);
  else if (size === 4) view.setFloat32(0, x, true);
  else return false;
  return true;
}

function putHalf(into: FillBytes, d: DType, value: Json): boolean {
  const wide = new Uint8Array(8);
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{4}$/.test(value)) {
    new DataView(into.buffer).setUint16(0, Number.parseInt(value, 16), true);
    return true;
  }
  if (typeof value === 'string' && value.startsWith('0x')) return false;
  if (!putFloat(wide, 0, 8, value)) return false;
  into.set(fillOf(new DataView(wide.buffer).getFloat64(0, true), d, 'fill_value'));
  return true;
}

/** The fill value of a document; zeros where it says null, or nothing. @throws FormatError for what the dtype cannot be. */
export function parseFill(fields: Fields, d: DType): FillBytes {
  const value = fields.get('fill_value');
  const bytes = new Uint8Array(d.itemsize);
  if (value === undefined || value === null) return bytes;
  const wrong = () => fields.wrong('fill_value', `a value of ${d.name}`);
  if (d.kind === 'b') {
    if (typeof value !== 'boolean' && value !== 0 && value !== 1) throw wrong();
    return fillOf(value === true || value === 1, d, 'fill_value');
  }
  if (d.kind === 'i' || d.kind === 'u') {
    // Python writes integers of old arrays as 0.0: JSON has one kind of number.
    const whole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
    if (!whole) throw wrong();
    try {
      return fillOf(value, d, fields.file);
    } catch {
      throw wrong(); // out of the dtype's range
    }
  }
  if (d.half) {
    if (!putHalf(bytes, d, value)) throw wrong();
    return bytes;
  }
  const size = d.itemsize / d.parts;
  const values: readonly Json[] = d.parts === 2 && Array.isArray(value) ? value : [value];
  if (d.parts === 2 && Array.isArray(value) && values.length !== 2) throw wrong();
  for (const [i, part] of values.entries()) if (!putFloat(bytes, i * size, size, part)) throw wrong();
  return bytes;
}

function floatJson(x: number): Json {
  if (Number.isFinite(x)) return x;
  return Number.isNaN(x) ? 'NaN' : x > 0 ? 'Infinity' : '-Infinity';
}

/** The value as documents of both versions have it. NaN with bits of its own is not told apart from NaN. */
export function fillJson(bytes: FillBytes, d: DType): Json {
  const value = fillScalar(bytes, d);
  if (value instanceof Complex) return [floatJson(value.re), floatJson(value.im)];
  return typeof value === 'number' ? floatJson(value) : value;
}

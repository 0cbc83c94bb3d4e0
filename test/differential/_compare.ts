// Compares our outcome with NumPy's: shapes, dtypes, values to the bit, to units in the last place, or to a bound.

import { OrthantError } from '../../src/base/errors.ts';
import { realOf } from '../../src/dtype/category.ts';
import type { DType } from '../../src/dtype/dtype.ts';
import { floatLimits } from '../../src/dtype/limits.ts';
import { castScalar, halfToNumber, isScalar, scalarDType, writeElement } from '../../src/dtype/scalars.ts';
import { ArrayBase } from '../../src/exec/array_base.ts';
import { gather } from '../sweep/_layouts.ts';
import { scalarAt } from '../sweep/_oracle.ts';
import { blank, type Elements, elementsOf } from '../sweep/_values.ts';
import type { Tolerance } from './_case.ts';
import type { Outcome } from './_oracle.ts';

/** Our result as an outcome; a JS scalar takes the dtype NumPy gave, as it has none of its own. */
export function outcomeOf(made: unknown, theirs: Outcome): Outcome {
  if (made instanceof ArrayBase) return { kind: 'array', e: gather(made), shape: made.shape };
  if (typeof made === 'string') return { kind: 'text', text: made };
  if (isScalar(made)) {
    const d = theirs.kind === 'array' ? theirs.e.d : scalarDType(made);
    const e = blank(d, 1);
    writeElement(e.raw, 0, d, castScalar(made, scalarDType(made), d));
    return { kind: 'array', e, shape: [] };
  }
  if (Array.isArray(made)) {
    const items = theirs.kind === 'list' ? theirs.items : [];
    return { kind: 'list', items: made.map((m, i) => outcomeOf(m, items[i] ?? { kind: 'error', message: '' })) };
  }
  return { kind: 'error', message: `a result that is no array: ${String(made)}` };
}

/** Only errors of ours are answers; a TypeError or RangeError out of our code is a defect. */
export const failure = (error: unknown): Outcome => ({
  kind: 'error',
  message:
    error instanceof OrthantError
      ? `${error.tag}: ${error.message.split('\n')[0]}`
      : `CRASH ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 5).join(' | ') : String(error)}`,
});

export function difference(ours: Outcome, theirs: Outcome, t: Tolerance): string | undefined {
  if (ours.kind === 'error') {
    if (ours.message.startsWith('CRASH') || theirs.kind !== 'error')
      return `ours: ${ours.message}; NumPy: ${brief(theirs)}`;
    return undefined;
  }
  if (theirs.kind === 'error') return `NumPy: ${theirs.message}; ours: ${brief(ours)}`;
  if (ours.kind === 'text' && theirs.kind === 'text')
    return ours.text === theirs.text ? undefined : `ours:\n${ours.text}\nNumPy:\n${theirs.text}`;
  if (ours.kind === 'list' && theirs.kind === 'list') {
    if (ours.items.length !== theirs.items.length) return `${ours.items.length} results, not ${theirs.items.length}`;
    for (let i = 0; i < ours.items.length; i++) {
      const wrong = difference(ours.items[i], theirs.items[i], t);
      if (wrong !== undefined) return `result ${i}: ${wrong}`;
    }
    return undefined;
  }
  if (ours.kind !== 'array' || theirs.kind !== 'array') return `ours: ${brief(ours)}; NumPy: ${brief(theirs)}`;
  if (ours.shape.join() !== theirs.shape.join()) return `shape (${ours.shape}), NumPy (${theirs.shape})`;
  if (ours.e.d !== theirs.e.d && t.anyDType !== true) return `dtype ${ours.e.d.name}, NumPy ${theirs.e.d.name}`;
  return valueDifference(ours.e, theirs.e, t);
}

const brief = (o: Outcome): string =>
  o.kind === 'array'
    ? `${o.e.d.name} (${o.shape}) ${o.e.n > 0 ? scalarAt(o.e, 0) : ''}`
    : o.kind === 'error'
      ? o.message
      : o.kind;

/** Components as numbers; 64-bit integers as bigint. */
const component = (e: Elements, i: number): number | bigint => (e.d.half ? halfToNumber(Number(e.raw[i])) : e.raw[i]);

function valueDifference(a: Elements, b: Elements, t: Tolerance): string | undefined {
  const allowed = a.d.kind === 'f' || a.d.kind === 'c' ? (t.ulp?.(a.d) ?? 0) : 0;
  const { parts } = a.d;
  for (let i = 0; i < a.raw.length; i++) {
    const x = component(a, i);
    const y = component(b, i);
    if (x === y && (x !== 0 || Object.is(x, y) || t.zeros || allowed > 0)) continue;
    if (typeof x === 'bigint' || typeof y === 'bigint') {
      if (BigInt(x) === BigInt(y)) continue;
    } else {
      if (x !== x && y !== y) continue;
      if (Object.is(x, y)) continue;
      if (x !== y && near(a, x, y, t, allowed, magnitude(b, i))) continue;
    }
    const k = Math.floor(i / parts);
    return `element ${k} is ${scalarAt(a, k)}, NumPy ${scalarAt(b, k)}`;
  }
  return undefined;
}

/** Largest part of the complex number that component `i` belongs to. */
function magnitude(e: Elements, i: number): number {
  if (e.d.parts === 1) return 0;
  const first = i - (i % 2);
  const size = Math.hypot(Number(e.raw[first]), Number(e.raw[first + 1]));
  return Number.isFinite(size) ? size : 0;
}

function near(e: Elements, x: number, y: number, t: Tolerance, allowed: number, size: number): boolean {
  const d = realOf(e.d);
  if (d.kind !== 'f') return false;
  const { eps } = floatLimits(d);
  if (t.absolute !== undefined && Math.abs(x - y) <= t.absolute * eps) return true;
  if (allowed === 0) return false;
  if (size > 0 && Math.abs(x - y) <= allowed * eps * size) return true;
  if (x !== x || y !== y) return false;
  const apart = ordinal(x, d) - ordinal(y, d);
  return (apart < 0n ? -apart : apart) <= BigInt(Math.ceil(allowed));
}

/** Position of a float among the floats of its dtype. */
function ordinal(x: number, d: DType): bigint {
  const one = elementsOf(d, [x]);
  const bytes = new DataView(one.raw.buffer);
  const width = BigInt(8 * d.itemsize);
  let bits = 0n;
  for (let b = d.itemsize - 1; b >= 0; b--) bits = (bits << 8n) | BigInt(bytes.getUint8(b));
  const size = BigInt.asUintN(Number(width) - 1, bits);
  return bits >> (width - 1n) ? -size : size;
}

// Promotion and casting rules between two dtypes: NumPy 2's tables, built once from kinds and sizes, looked up by row id.
// One deliberate exception: uint64 with a signed integer has no common integer, and float64 would lose digits silently,
// so it is an error unless config 'promote.uint64_int64' says 'float64'. Scalars are weak and live in scalars.ts.

import { config } from '../base/config.ts';
import { DTypeError } from '../base/errors.ts';
import { dtypeOf } from './category.ts';
import { type DType, dtypeList, dtypes } from './dtype.ts';

export type Casting = 'no' | 'equiv' | 'safe' | 'same_kind' | 'unsafe';

const count = dtypeList.length;

/** Smallest dtype of `kind` with at least `size` bytes; undefined past the widest. */
function atLeast(kind: DType['kind'], size: number): DType | undefined {
  for (let s = size; s <= 16; s *= 2) {
    const d = dtypeOf(kind, s);
    if (d !== undefined) return d;
  }
  return undefined;
}

/** Bytes of the float whose significand holds a real dtype; 64-bit integers get float64, as in NumPy. */
function floatSize(d: DType): number {
  return d.kind === 'f' ? d.itemsize : d.kind === 'b' ? 2 : Math.min(8, 2 * d.itemsize);
}

/** The rule, applied to each pair once. Undefined for the one pair of families without a common integer. */
function common(a: DType, b: DType): DType | undefined {
  const rank = 'biufc';
  if (rank.indexOf(a.kind) > rank.indexOf(b.kind)) return common(b, a);
  // From here the kind of `a` comes before that of `b`, or is the same.
  if (a.kind === b.kind) return a.itemsize > b.itemsize ? a : b;
  if (a.kind === 'b') return b;
  if (b.kind === 'u') return atLeast('i', Math.max(a.itemsize, 2 * b.itemsize));
  if (b.kind === 'f') return atLeast('f', Math.max(b.itemsize, floatSize(a)));
  return atLeast('c', Math.max(b.itemsize, 2 * floatSize(a)));
}

const NONE = 255;
const table = new Uint8Array(count * count);
/** Bit set of `Casting` kinds allowed from row to column. */
const castTable = new Uint8Array(count * count);

const castingBit = { no: 1, equiv: 2, safe: 4, same_kind: 8, unsafe: 16 } as const satisfies Record<Casting, number>;

/** All casting kinds, strictest first. */
export const castings = Object.freeze(Object.keys(castingBit)) as readonly Casting[];

for (const a of dtypeList) {
  for (const b of dtypeList) {
    const at = a.id * count + b.id;
    const to = common(a, b);
    table[at] = to === undefined ? NONE : to.id;
    let bits: number = castingBit.unsafe;
    if (a === b) bits |= castingBit.no | castingBit.equiv;
    if ((to ?? dtypes.float64) === b) bits |= castingBit.safe;
    const order = 'buifc'; // uint to int stays within its kind, int to uint does not
    if (bits & castingBit.safe || order.indexOf(a.kind) <= order.indexOf(b.kind)) bits |= castingBit.same_kind;
    castTable[at] = bits;
  }
}

/**
 * The dtype that holds both: NumPy 2's promotion table, O(1).
 * @throws DTypeError for uint64 with a signed integer, unless config 'promote.uint64_int64' is 'float64'.
 * @example promote(dtypes.int16, dtypes.uint16) // dtypes.int32
 */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  const id = table[a.id * count + b.id];
  return id === NONE ? promoteUnsigned64(a, b) : dtypeList[id];
}

function promoteUnsigned64(a: DType, b: DType): DType {
  if (config.get('promote.uint64_int64') === 'float64') return dtypes.float64;
  const signed = a.kind === 'i' ? a : b;
  throw new DTypeError(
    `${a.name} and ${b.name} have no common integer dtype; float64 would silently lose digits past 2**53`,
    `convert one of them first, astype('${signed.itemsize === 8 ? 'int64' : signed.name}') or astype('uint64'), ` +
      `or set config 'promote.uint64_int64' to 'float64'`,
    { left: a.name, right: b.name },
  );
}

/**
 * The common dtype of one or more dtypes, whatever their order: a float or complex dtype among them decides, and
 * integers only widen it, as NumPy's `result_type` does. uint64 with int64 and a float is therefore no error.
 * @throws DTypeError as `promote`; for an empty list.
 */
export function promoteAll(list: readonly DType[]): DType {
  if (list.length === 0) throw new DTypeError('no dtypes to promote', 'pass at least one dtype');
  let out: DType | undefined;
  for (let i = 0; i < list.length; i++) {
    const d = list[i];
    if (d.kind === 'f' || d.kind === 'c') out = out === undefined ? d : promote(out, d);
  }
  for (let i = 0; i < list.length; i++) {
    const d = list[i];
    if (d.kind !== 'f' && d.kind !== 'c') out = out === undefined ? d : promote(out, d);
  }
  // The list is not empty, so one of the loops assigned it.
  return out as DType;
}

/**
 * Whether `from` may be cast to `to` under a casting rule, as NumPy's `can_cast` for dtypes.
 * @example canCast(dtypes.float64, dtypes.float32, 'same_kind') // true
 */
export function canCast(from: DType, to: DType, casting: Casting): boolean {
  return (castTable[from.id * count + to.id] & castingBit[casting]) !== 0;
}

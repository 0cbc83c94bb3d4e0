// Categories: named sets of dtypes, given by kind, so that no operation lists dtypes by hand.
// Not promotion: a category says which dtypes a row accepts, never what it returns.

import { type DType, dtypeList, dtypes, type Kind } from './dtype.ts';

const kinds = {
  bool: 'b',
  signed: 'i',
  unsigned: 'u',
  ints: 'iu',
  /** Bool and integers: what bitwise operations take. */
  exact: 'biu',
  floats: 'f',
  complexes: 'c',
  inexact: 'fc',
  /** Integers and floats. */
  real: 'iuf',
  /** Everything with an order: real and bool. */
  ordered: 'biuf',
  numeric: 'iufc',
  all: 'biufc',
} as const satisfies Record<string, string>;

export type Category = keyof typeof kinds;

/** All category names. */
export const categories = Object.freeze(Object.keys(kinds)) as readonly Category[];

const members = {} as Record<Category, readonly DType[]>; // filled for every key just below
const masks = {} as Record<Category, number>; // same; bit `id` is set for members
for (const c of categories) {
  members[c] = Object.freeze(dtypeList.filter((d) => kinds[c].includes(d.kind)));
  masks[c] = members[c].reduce((mask, d) => mask | (1 << d.id), 0);
}

/**
 * Whether a dtype belongs to a category.
 * @example inCategory(dtypes.uint8, 'ints') // true
 */
export function inCategory(d: DType, c: Category): boolean {
  return ((masks[c] >>> d.id) & 1) === 1;
}

/** The dtypes of a category, in row order. */
export function category(c: Category): readonly DType[] {
  return members[c];
}

const byKindAndSize = new Map<string, DType>();
for (const d of dtypeList) byKindAndSize.set(d.kind + d.itemsize, d);

/** The dtype of a kind with a given itemsize, or undefined where there is none: ('f', 4) is float32. */
export function dtypeOf(kind: Kind, itemsize: number): DType | undefined {
  return byKindAndSize.get(kind + itemsize);
}

/** The dtype of an element's real part: complex64 gives float32; every other dtype gives itself. */
export function realOf(d: DType): DType {
  return d.parts === 2 ? (d.lane === 'f32' ? dtypes.float32 : dtypes.float64) : d;
}

/** The complex dtype that holds a dtype exactly: float32, float16 and small integers give complex64, as promotion does. */
export function complexOf(d: DType): DType {
  if (d.parts === 2) return d;
  const narrow = d.kind === 'f' ? d.itemsize <= 4 : d.itemsize <= 2;
  return narrow ? dtypes.complex64 : dtypes.complex128;
}

// Abstract kinds of dtypes, NumPy's tree from `generic` down and the array API's names, and the questions asked of them.
// Categories (category.ts) are what operation rows take; these are what users ask. A kind is its set of kind letters.
// Source: NumPy's scalar hierarchy; Python array API standard 2024.12, isdtype.

import { ArgumentError } from '../base/errors.ts';
import { asDType, type DType, type DTypeLike, dtypeList, isDType } from './dtype.ts';

/** A set of dtypes with a name: `np.floating` holds float16, float32 and float64. */
export class AbstractKind {
  readonly name: string;
  /** The kind letters of its dtypes. */
  readonly kinds: string;

  constructor(name: string, kinds: string) {
    this.name = name;
    this.kinds = kinds;
    Object.freeze(this);
  }

  toString(): string {
    return this.name;
  }
}

/** Every dtype. */
export const generic: AbstractKind = new AbstractKind('generic', 'biufcSU');
/** Integers, floats and complex numbers. */
export const number: AbstractKind = new AbstractKind('number', 'iufc');
export const integer: AbstractKind = new AbstractKind('integer', 'iu');
export const signedinteger: AbstractKind = new AbstractKind('signedinteger', 'i');
export const unsignedinteger: AbstractKind = new AbstractKind('unsignedinteger', 'u');
/** Floats and complex numbers. */
export const inexact: AbstractKind = new AbstractKind('inexact', 'fc');
export const floating: AbstractKind = new AbstractKind('floating', 'f');
export const complexfloating: AbstractKind = new AbstractKind('complexfloating', 'c');
/** Elements of a length that the dtype states: text and bytes. */
export const flexible: AbstractKind = new AbstractKind('flexible', 'SU');
export const character: AbstractKind = new AbstractKind('character', 'SU');

const byName = new Map(
  [
    generic,
    number,
    integer,
    signedinteger,
    unsignedinteger,
    inexact,
    floating,
    complexfloating,
    flexible,
    character,
  ].map((k) => [k.name, k]),
);

/** A dtype, an abstract kind, or the name of either. */
export type KindLike = AbstractKind | DTypeLike;

function kindOrDType(x: KindLike): AbstractKind | DType {
  if (x instanceof AbstractKind) return x;
  return (typeof x === 'string' ? byName.get(x) : undefined) ?? asDType(x);
}

/**
 * Is the first a dtype of the second, or a kind within it? A dtype is of no other dtype's kind.
 * @throws DTypeError for what is neither a dtype nor a kind.
 * @example np.issubdtype('float32', np.floating) // true
 * @see https://numpy.org/doc/stable/reference/generated/numpy.issubdtype.html
 */
export function issubdtype(of: KindLike, within: KindLike): boolean {
  const [a, b] = [kindOrDType(of), kindOrDType(within)];
  if (isDType(b)) return a === b;
  const kinds = isDType(a) ? a.kind : a.kinds;
  return [...kinds].every((k) => b.kinds.includes(k));
}

/** The array API standard's names of kinds. */
const standardKinds = {
  bool: 'b',
  'signed integer': 'i',
  'unsigned integer': 'u',
  integral: 'iu',
  'real floating': 'f',
  'complex floating': 'c',
  numeric: 'iufc',
} as const satisfies Record<string, string>;

export type StandardKind = keyof typeof standardKinds;

/** A kind as `isdtype` takes it: a name of the standard's, a dtype, or a list of these of which one must fit. */
export type DTypeKind = StandardKind | DType | readonly DTypeKind[];

/**
 * Is a dtype of a kind?
 * @throws ArgumentError for a kind that the array API standard does not have.
 * @example np.isdtype(np.float64, ['integral', 'real floating']) // true
 * @see https://numpy.org/doc/stable/reference/generated/numpy.isdtype.html
 */
export function isdtype(dtype: DTypeLike, kind: DTypeKind): boolean {
  const d = asDType(dtype);
  const list = Array.isArray(kind) ? kind : [kind];
  let found = false;
  for (const k of list) {
    if (isDType(k)) found ||= d === k;
    else if (Array.isArray(k)) found = isdtype(d, k) || found;
    else if (Object.hasOwn(standardKinds, k)) found ||= standardKinds[k as StandardKind].includes(d.kind);
    else {
      throw new ArgumentError(
        `np.isdtype: '${String(k)}' is not a kind of dtypes`,
        `use a dtype object or one of ${Object.keys(standardKinds).join(', ')}`,
        { kind: k },
      );
    }
  }
  return found;
}

/** The dtypes of a standard's kind by name, or of all of them. */
export function dtypesOfKind(kind?: DTypeKind): Record<string, DType> {
  return Object.fromEntries(dtypeList.filter((d) => kind === undefined || isdtype(d, kind)).map((d) => [d.name, d]));
}

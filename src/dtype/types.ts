// The type-level twin of promotion.ts: the same rule over the same rows, so that `NDArray<'int8'>` plus
// `NDArray<'float32'>` is known to be float32 before anything runs. No values here. A wide argument gives a wide answer.
// Checked pair by pair against NumPy's table in test/dtype/types.test.ts.

import type { Complex } from './complex.ts';
import type { DType, DTypeName, DTypeRows } from './dtype.ts';

type KindOf<N extends DTypeName> = DTypeRows[N]['kind'];
type BytesOf<N extends DTypeName> = DTypeRows[N]['itemsize'];
type Bytes = BytesOf<DTypeName>;

/** Names by kind and itemsize, turned round from the rows once. */
type Named = {
  [K in KindOf<DTypeName>]: {
    [B in Bytes]: { [N in DTypeName]: KindOf<N> extends K ? (BytesOf<N> extends B ? N : never) : never }[DTypeName];
  };
};

interface UpTo {
  1: 1;
  2: 1 | 2;
  4: 1 | 2 | 4;
  8: 1 | 2 | 4 | 8;
  16: Bytes;
}
type Max<A extends Bytes, B extends Bytes> = A extends UpTo[B] ? B : A;

interface Twice {
  1: 2;
  2: 4;
  4: 8;
  8: 16;
  16: 16;
}

/** Bytes of the float that takes a real dtype in; 64-bit integers get float64. */
type FloatBytes<N extends DTypeName> =
  KindOf<N> extends 'f' ? BytesOf<N> : KindOf<N> extends 'b' ? 2 : BytesOf<N> extends 8 ? 8 : Twice[BytesOf<N>];
type ComplexBytes<N extends DTypeName> = KindOf<N> extends 'c' ? BytesOf<N> : Twice[FloatBytes<N>];

/** The float in which NumPy computes what has no integer form: float16 for one byte, float32 for two, else float64. */
export type FloatName<N extends DTypeName> = KindOf<N> extends 'f' | 'c' ? N : Named['f'][FloatBytes<N>];

type Half<B extends Bytes> = { [H in keyof Twice]: Twice[H] extends B ? H : never }[2 | 4 | 8];
/** The dtype of a complex dtype's parts; others are their own. */
export type RealName<N extends DTypeName> = KindOf<N> extends 'c' ? Named['f'][Half<BytesOf<N>>] : N;

type Mixed<Signed extends DTypeName, Unsigned extends DTypeName> = Unsigned extends 'uint64'
  ? 'float64'
  : Named['i'][Max<BytesOf<Signed>, Twice[BytesOf<Unsigned>]>];

/**
 * The dtype two dtypes promote to. uint64 with a signed integer gives float64, which is what comes back if anything
 * does (see `NoCommonInteger`).
 * @example Promote<'int16', 'uint16'> // 'int32'
 */
export type Promote<A extends DTypeName, B extends DTypeName> = DTypeName extends A | B
  ? DTypeName
  : A extends DTypeName // one pair at a time
    ? B extends DTypeName
      ? PromotePair<A, B, KindOf<A>, KindOf<B>>
      : never
    : never;

type PromotePair<A extends DTypeName, B extends DTypeName, KA, KB> = KA extends 'b'
  ? B
  : KB extends 'b'
    ? A
    : KA extends KB & ('i' | 'u' | 'f' | 'c')
      ? Named[KA][Max<BytesOf<A>, BytesOf<B>>]
      : 'c' extends KA | KB
        ? Named['c'][Max<ComplexBytes<A>, ComplexBytes<B>>]
        : 'f' extends KA | KB
          ? Named['f'][Max<FloatBytes<A>, FloatBytes<B>>]
          : KA extends 'i'
            ? Mixed<A, B>
            : Mixed<B, A>;

/** True for uint64 with a signed integer, which `promote` refuses by default. */
export type NoCommonInteger<A extends DTypeName, B extends DTypeName> = DTypeName extends A | B
  ? false
  : [KindOf<A>, B] extends ['i', 'uint64']
    ? true
    : [A, KindOf<B>] extends ['uint64', 'i']
      ? true
      : false;

/** The dtype of an array made from a scalar type. */
export type ScalarDType<X> = X extends number
  ? 'float64'
  : X extends bigint
    ? 'int64'
    : X extends boolean
      ? 'bool'
      : X extends Complex
        ? 'complex128'
        : never;

/**
 * The dtype in which an array meets a scalar: scalars are weak.
 * @example WeakPromote<'float32', number> // 'float32'
 */
export type WeakPromote<A extends DTypeName, X> = DTypeName extends A
  ? DTypeName
  : X extends Complex
    ? A extends 'float16' | 'float32'
      ? 'complex64'
      : KindOf<A> extends 'c'
        ? A
        : 'complex128'
    : A extends 'bool'
      ? ScalarDType<X>
      : A;

/** The JavaScript type of an element: what `item()` returns. 64-bit integers are numbers or an error. */
export type ElementOf<N extends DTypeName> = DTypeName extends N
  ? number | boolean | Complex
  : KindOf<N> extends 'b'
    ? boolean
    : KindOf<N> extends 'c'
      ? Complex
      : number;

/** The name in a dtype argument: a dtype, its name, or any other spelling, which is known at run time only. */
export type DTypeNameOf<L> = L extends DType<infer N> ? N : L extends DTypeName ? L : DTypeName;

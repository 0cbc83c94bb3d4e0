// The type-level twin of shapes: broadcasting, axes, transposition, reshaping, matrix products and indexing of shapes that
// the compiler knows. No values here. A dimension is a literal or `number`; a shape of unknown rank is `Dynamic`, and
// whatever is computed from it is Dynamic again. Mistakes are string types whose text is what the user should read.

/** The shape of an array whose dimensions may be known. */
export type Dims = readonly number[];

/**
 * Not known before the program runs. It has to be `any`, the one type that is assignable both ways: a plain `NDArray`
 * fits where a shape or a dtype is asked for, and the reverse.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Dynamic = any;

export type IsDynamic<T> = 0 extends 1 & T ? true : false;
/** The rank is not known. */
export type Unranked<S> =
  IsDynamic<S> extends true ? true : S extends Dims ? (number extends S['length'] ? true : false) : true;
/** What a property of an array of known or unknown `T` has: `T`, or the wide type. */
export type Known<T, Wide> = IsDynamic<T> extends true ? Wide : T;
/** `readonly [2, 3]` as `[2, 3]`; a list of unknown length as Dynamic. */
export type ShapeOf<S> = S extends number
  ? [S]
  : Unranked<S> extends true
    ? Dynamic
    : S extends Dims
      ? { -readonly [K in keyof S]: S[K] }
      : Dynamic;

type Dimension<A extends number, B extends number> = A extends 1
  ? B
  : B extends 1
    ? A
    : number extends A
      ? B
      : number extends B
        ? A
        : A extends B
          ? A
          : `cannot broadcast dimension ${A} with ${B}`;

type Align<A, B, Out extends unknown[]> = A extends readonly [...infer RestA, infer LastA extends number]
  ? B extends readonly [...infer RestB, infer LastB extends number]
    ? Align<RestA, RestB, [Dimension<LastA, LastB>, ...Out]>
    : [...A, ...Out]
  : B extends Dims
    ? [...B, ...Out]
    : Out;

type Mistake<S> = IsDynamic<S> extends true ? never : S extends readonly unknown[] ? Extract<S[number], string> : never;

/**
 * The shape two shapes broadcast to.
 * @example Broadcast<[3, 1], [1, 4]> // [3, 4]
 */
export type Broadcast<A, B> = true extends Unranked<A> | Unranked<B> ? Dynamic : Align<A, B, []>;
/** Why two shapes do not broadcast; never when they do. */
export type BroadcastMistake<A, B> = Mistake<Broadcast<A, B>>;

/** The last of a tuple first. */
export type Reversed<S> =
  Unranked<S> extends true
    ? Dynamic
    : S extends readonly [infer First, ...infer Rest]
      ? [...Reversed<Rest>, First]
      : [];
/** The last two dimensions exchanged. */
export type Exchanged<S> = S extends readonly [...infer Rest, infer M, infer N] ? [...Rest, N, M] : Dynamic;

type Index<S extends readonly unknown[], Axis extends number> = `${Axis}` extends `-${infer N extends number}`
  ? FromEnd<S, N>
  : Axis;
// Position of the Nth from the end: the length of what remains after dropping N.
type FromEnd<
  S extends readonly unknown[],
  N extends number,
  Dropped extends unknown[] = [],
> = Dropped['length'] extends N
  ? S['length']
  : S extends readonly [...infer Rest, unknown]
    ? FromEnd<Rest, N, [...Dropped, unknown]>
    : never;

type Replace<S, At, By extends unknown[], Before extends unknown[] = []> = S extends readonly [
  infer First,
  ...infer Rest,
]
  ? Before['length'] extends At
    ? [...Before, ...By, ...Rest]
    : Replace<Rest, At, By, [...Before, First]>
  : Dynamic;

type Ones<S> = S extends Dims ? { -readonly [K in keyof S]: 1 } : Dynamic;

/** The shape after reducing one axis, or all where the axis is null; `Keep` leaves ones. Several axes are not followed. */
export type Reduced<S, Axis, Keep> =
  Unranked<S> extends true
    ? Dynamic
    : IsDynamic<Axis> extends true
      ? Dynamic
      : boolean extends Keep
        ? Dynamic
        : Axis extends number
          ? number extends Axis
            ? Dynamic
            : S extends Dims
              ? Replace<S, Index<S, Axis>, Keep extends true ? [1] : []>
              : Dynamic
          : Axis extends null | undefined
            ? Keep extends true
              ? Ones<S>
              : []
            : Dynamic;

/** The shape that `reshape` gives: what was asked for, where -1 stands for a dimension known at run time. */
export type Reshaped<S> =
  Unranked<S> extends true
    ? Dynamic
    : S extends Dims
      ? { -readonly [K in keyof S]: S[K] extends -1 ? number : S[K] }
      : Dynamic;

type Inner<A extends number, B extends number> = number extends A | B
  ? never
  : A extends B
    ? never
    : `cannot multiply matrices: ${A} columns against ${B} rows`;

/** The shape of a matrix product of shapes of one or two dimensions, or of stacks; a text where it is none. */
export type Product<A, B> = true extends Unranked<A> | Unranked<B>
  ? Dynamic
  : A extends readonly [infer K extends number]
    ? B extends readonly [infer L extends number]
      ? [Inner<K, L>] extends [never]
        ? []
        : [Inner<K, L>]
      : B extends readonly [...infer Stack, infer L extends number, infer N extends number]
        ? [Inner<K, L>] extends [never]
          ? [...Stack, N]
          : [Inner<K, L>]
        : Dynamic
    : A extends readonly [...infer Stack, infer M extends number, infer K extends number]
      ? B extends readonly [infer L extends number]
        ? [Inner<K, L>] extends [never]
          ? [...Stack, M]
          : [Inner<K, L>]
        : B extends readonly [...infer Others, infer L extends number, infer N extends number]
          ? [Inner<K, L>] extends [never]
            ? [...Align<Stack, Others, []>, M, N]
            : [Inner<K, L>]
          : Dynamic
      : Dynamic;
/** Why two shapes have no matrix product; never when they have. */
export type ProductMistake<A, B> = Mistake<Product<A, B>>;

/**
 * The shape that an index leaves: an integer takes its axis away, null makes one, ':' keeps it, another slice leaves a
 * dimension that is known at run time. Anything else (arrays, an ellipsis) is not followed.
 */
export type Selected<S, Items extends readonly unknown[], Out extends unknown[] = []> =
  Unranked<S> extends true
    ? Dynamic
    : S extends readonly [...Dims]
      ? Items extends readonly [infer Item, ...infer Rest]
        ? Item extends null
          ? Selected<S, Rest, [...Out, 1]>
          : S extends readonly [infer First, ...infer Others]
            ? Item extends number | bigint
              ? Selected<Others, Rest, Out>
              : Item extends ':'
                ? Selected<Others, Rest, [...Out, First]>
                : Item extends `${string}:${string}`
                  ? Selected<Others, Rest, [...Out, number]>
                  : Dynamic
            : Dynamic
        : [...Out, ...S]
      : Dynamic;

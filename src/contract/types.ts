// What the compiler reads from a contract's text: `Described<'float64[n, 3]'>` is NDArray<'float64', [number, 3]>.
// Named dimensions are `number`: that they are equal across arguments is checked when the program runs.

import type { NDArray } from '../array/ndarray.ts';
import type { DTypeName } from '../dtype/dtype.ts';
import type { Dynamic } from '../shape/types.ts';

type Trim<T extends string> = T extends ` ${infer R}` ? Trim<R> : T extends `${infer R} ` ? Trim<R> : T;

type Names<T extends string> = T extends `${infer A}|${infer B}` ? Trim<A> | Names<B> : Trim<T>;
// A kind (floating), or any: not one dtype.
type DTypeOf<T extends string> = [Names<T>] extends [DTypeName] ? Names<T> : Dynamic;

type Dim<T extends string> = T extends `${infer N extends number}` ? N : number;
type Dims<T extends string, Out extends number[] = []> =
  Trim<T> extends ''
    ? Out
    : T extends `${infer First},${infer Rest}`
      ? Dims<Rest, [...Out, Dim<Trim<First>>]>
      : [...Out, Dim<Trim<T>>];
type ShapeOf<T extends string> = T extends `${string}...${string}` ? Dynamic : Dims<T>;

/** The array that a contract describes; plain where its text is not known to the compiler. */
export type Described<T> = T extends string
  ? string extends T
    ? NDArray
    : T extends `${infer D}[${infer S}]`
      ? NDArray<DTypeOf<D>, ShapeOf<S>>
      : NDArray<DTypeOf<T>, Dynamic>
  : T extends { readonly array: infer A }
    ? Described<A>
    : NDArray;

/** The arguments of a function under contract, in the order of its names. */
export type DescribedList<T> = { -readonly [K in keyof T]: Described<T[K]> };

// frompyfunc: a vectorized function that knows its number of operands, with reduce, accumulate and outer.

import { type NDArray, nd } from '../array/ndarray.ts';
import { reshape } from '../array/views.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import type { DTypeLike } from '../dtype/dtype.ts';
import { type ArrayBase, newArray, reinterpret } from '../exec/array_base.ts';
import { type ArrayLike, arrayFrom, toArray } from '../exec/coerce.ts';
import { copyInto } from '../exec/copy.ts';
import { checkInteger, Options } from '../exec/options.ts';
import { normalizeAxis } from '../shape/strides.ts';
import { vectorize } from './vectorize.ts';

export interface FromFunctionOptions {
  /** Dtype of each output; by default that of the first value returned. */
  readonly otypes?: DTypeLike | readonly DTypeLike[];
  /** Result of reducing nothing. */
  readonly identity?: number | boolean;
}

/** A function of arrays that knows its number of operands, with the methods of two operands. */
export interface FunctionOfArrays {
  (...operands: ArrayLike[]): NDArray & NDArray[];
  readonly nin: number;
  readonly nout: number;
  readonly nargs: number;
  readonly identity: number | boolean | null;
  /** Folds the elements along an axis (the first), from left to right. */
  reduce(x: ArrayLike, axis?: number): NDArray;
  /** The results of folding ever more elements along an axis (the first). */
  accumulate(x: ArrayLike, axis?: number): NDArray;
  /** Every element of `a` with every element of `b`. */
  outer(a: ArrayLike, b: ArrayLike): NDArray;
}

const options = new Options(['otypes', 'dtypes'], 'identity');
const where = 'np.frompyfunc';

/**
 * A function of arrays from one of `nin` scalars with `nout` results. There are no arrays of objects: results have the dtypes
 * of `otypes`, or of the first values returned, where NumPy gives objects.
 * @throws ArgumentError for a call with another number of operands or results; see `vectorize`.
 * @example np.frompyfunc((a, b) => a * 10 + b, 2, 1).reduce([1, 2, 3]) // array(123.)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.frompyfunc.html
 */
export function frompyfunc(
  fn: (...args: never[]) => unknown,
  nin: number,
  nout: number,
  given: FromFunctionOptions = {},
): FunctionOfArrays {
  options.check(given, where);
  checkInteger(nin, 'nin', where, 0);
  checkInteger(nout, 'nout', where, 1);
  const { otypes, identity } = given;
  const vector = vectorize(fn, otypes === undefined ? {} : { otypes });
  const call = (...operands: unknown[]): NDArray & NDArray[] => {
    if (operands.length !== nin) throw announced(`${operands.length} operands for a function of ${nin}`, nin, nout);
    const made: unknown = vector(...operands);
    const results = Array.isArray(made) ? made.length : 1;
    if (results !== nout) throw announced(`the function gave ${results} results, not ${nout}`, nin, nout);
    return made as NDArray & NDArray[]; // a list where nout is not 1
  };
  const steps = (x: ArrayLike, axis: number): Steps => {
    if (nin !== 2 || nout !== 1) throw announced('reductions need two operands and one result', nin, nout);
    return folded(call, toArray(x, where), axis, identity);
  };
  return Object.assign(call, {
    nin,
    nout,
    nargs: nin + nout,
    identity: identity ?? null,
    reduce: (x: ArrayLike, axis = 0) => steps(x, axis).last,
    accumulate: (x: ArrayLike, axis = 0) => stacked(steps(x, axis)),
    outer: (a: ArrayLike, b: ArrayLike) => {
      const [x, y] = [toArray(a, where), toArray(b, where)];
      return call(reshape(x, [...x.shape, ...new Array<number>(y.ndim).fill(1)]), y);
    },
  });
}

const announced = (what: string, nin: number, nout: number): ArgumentError =>
  new ArgumentError(`${where}: ${what}`, `it was announced with ${nin} operands and ${nout} results`, { nin, nout });

interface Steps {
  readonly list: readonly NDArray[];
  readonly last: NDArray;
  readonly along: number;
}

function folded(
  call: (...operands: unknown[]) => unknown,
  a: ArrayBase,
  axis: number,
  identity: number | boolean | undefined,
): Steps {
  const along = normalizeAxis(axis, a.ndim, where);
  const without = (list: readonly number[]): number[] => list.filter((_, d) => d !== along);
  const [shape, strides] = [without(a.shape), without(a.strides)];
  const list: NDArray[] = [];
  for (let i = 0; i < a.shape[along]; i++) {
    const slice = nd(reinterpret(a, a.offset + i * a.strides[along], shape, strides));
    list.push(i === 0 ? slice : nd(toArray(call(list[i - 1], slice), where)));
  }
  if (list.length > 0) return { list, last: list[list.length - 1], along };
  if (identity === undefined) {
    throw new ShapeError(`${where}: nothing to reduce, and no identity`, 'pass identity', { shape: a.shape });
  }
  const nothing = newArray(shape, a.dtype);
  copyInto(arrayFrom(identity, a.dtype, where), nothing);
  return { list, last: nd(nothing), along };
}

// The steps beside each other along the axis, in the dtype of the last.
function stacked({ list, last, along }: Steps): NDArray {
  const insert = (x: readonly number[], n: number): number[] => [...x.slice(0, along), n, ...x.slice(along)];
  const out = newArray(insert(last.shape, list.length), last.dtype);
  const strides = out.strides.filter((_, d) => d !== along);
  list.forEach((step, i) => {
    copyInto(step, reinterpret(out, i * out.strides[along], last.shape, strides));
  });
  return nd(out);
}

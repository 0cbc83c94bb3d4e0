// JavaScript functions of scalars made functions of arrays: vectorize and frompyfunc. One call per element, so the price is
// that of the function; what can be said as a formula is compiled by np.ufunc instead.

import { type NDArray, nd } from '../array/ndarray.ts';
import { reshape } from '../array/views.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { asDType, type DType, type DTypeLike } from '../dtype/dtype.ts';
import { checkScalar, isScalar, type Scalar, scalarDType, writeElement } from '../dtype/scalars.ts';
import { ArrayBase, reinterpret } from '../exec/array_base.ts';
import { type ArrayLike, arrayFrom, operandOf, readAt, toArray, wrapTyped } from '../exec/coerce.ts';
import { contiguousIn, heapCopy } from '../exec/copy.ts';
import { describe, Options } from '../exec/options.ts';
import { broadcastShapes, broadcastStrides } from '../shape/broadcast.ts';
import { formatShape, sameShape, sizeOf } from '../shape/strides.ts';
import { coreSizes, parseSignature, type Signature } from './core_dimensions.ts';

/** What a vectorized function may return for one position: a value, or a list of them. */
type Returned = unknown;
type Callback = (...args: never[]) => Returned;

export interface VectorizeOptions {
  /** Dtype of each output; by default that of the first value returned. */
  readonly otypes?: DTypeLike | readonly DTypeLike[];
  /** Positions of arguments that are handed on as they are. */
  readonly excluded?: readonly number[];
  /** Dimensions that the function works on itself, '(n),(n)->()': it gets arrays of these and returns such arrays. */
  readonly signature?: string;
}

/** A function of arrays made of a function of scalars; scalars alone give a scalar, several outputs a list. */
export type Vectorized = (...args: (ArrayLike | unknown)[]) => NDArray & NDArray[];

const vectorizeOptions = new Options(['otypes', 'dtypes'], ['excluded', 'body'], 'signature');

/** A function with everything settled that does not depend on arguments. */
interface Vector {
  readonly call: (...args: unknown[]) => Returned;
  readonly where: string;
  readonly otypes: readonly DType[] | undefined;
  readonly excluded: ReadonlySet<number>;
  readonly signature: Signature | undefined;
}

/**
 * A function of arrays from one of scalars: it is called for every position of the operands broadcast together. Results of
 * the first call decide on the dtypes unless `otypes` does; a list of results makes several outputs.
 * @throws ArgumentError for results that are no scalars; ShapeError for operands that do not broadcast or lack core dimensions.
 * @example np.vectorize((a, b) => (a > b ? a - b : a + b))([1, 2, 3, 4], 2) // array([3., 4., 1., 2.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.vectorize.html
 */
export function vectorize(fn: Callback, options: VectorizeOptions = {}): Vectorized {
  vectorizeOptions.check(options, 'np.vectorize');
  if (typeof fn !== 'function') {
    throw new ArgumentError(`np.vectorize of ${describe(fn)}`, 'pass a function of scalars', {});
  }
  const { otypes, signature, excluded } = options;
  const where = fn.name === '' ? 'np.vectorize' : `np.vectorize(${fn.name})`;
  const vector: Vector = {
    call: fn as unknown as Vector['call'], // called with as many arguments as it is given
    where,
    otypes: otypes === undefined ? undefined : (Array.isArray(otypes) ? otypes : [otypes]).map(asDType),
    excluded: new Set(excluded),
    signature: signature === undefined ? undefined : parseSignature(signature, where),
  };
  return ((...args: unknown[]) => run(vector, args)) as Vectorized;
}

// Results in ordinary memory until all calls are made: functions may throw, or allocate and move what is in the heap.
class Output {
  readonly dtype: DType;
  readonly core: readonly number[];
  readonly values: InstanceType<DType['array']>;
  readonly #where: string;
  readonly #size: number;

  constructor(dtype: DType, core: readonly number[], positions: number, where: string) {
    this.dtype = dtype;
    this.core = core;
    this.#size = sizeOf(core);
    this.#where = where;
    this.values = new dtype.array(positions * this.#size * dtype.parts);
  }

  put(position: number, made: unknown): void {
    const { dtype } = this;
    if (this.core.length === 0 && isScalar(made)) {
      writeElement(this.values, position, dtype, checkScalar(made, dtype, this.#where));
      return;
    }
    const a = arrayOf(made, this.#where);
    if (!sameShape(a.shape, this.core)) {
      throw new ShapeError(
        `${this.#where}: a result has shape ${formatShape(a.shape)}, not ${formatShape(this.core)}`,
        'return results of one shape, that of the signature',
        { shape: a.shape, core: this.core },
      );
    }
    const size = this.#size * dtype.parts;
    const bytes = contiguousIn(a, dtype);
    this.values.set(nd(bytes).data as never, position * size); // both are the dtype's own typed array
  }

  array(shape: readonly number[]): NDArray {
    return reshape(nd(heapCopy(wrapTyped(this.values, this.#where), this.dtype)), [...shape, ...this.core]);
  }
}

function arrayOf(made: unknown, where: string): ArrayBase {
  if (made instanceof ArrayBase || isScalar(made) || Array.isArray(made) || ArrayBuffer.isView(made)) {
    return toArray(made, where);
  }
  throw new ArgumentError(
    `${where}: the function returned ${describe(made)}`,
    'return a number, bigint, boolean or Complex; there are no arrays of objects',
    { where },
  );
}

function run(vector: Vector, args: readonly unknown[]): NDArray | NDArray[] | Scalar | Scalar[] {
  const { where, excluded, signature, call } = vector;
  const moving = args.map((_, i) => i).filter((i) => !excluded.has(i));
  const given = moving.map((i) => operandOf(args[i], where));
  const arrays = given.map((x) => (x instanceof ArrayBase ? x : arrayFrom(x, undefined, where)));
  const cores = arrays.map((_, k) => signature?.inputs[k]?.length ?? 0);
  const sizes = signature === undefined ? undefined : coreSizes(signature, arrays, where);
  const loops = arrays.map((a, k) => a.shape.slice(0, a.ndim - cores[k]));
  const shape = broadcastShapes(loops, where);
  const strides = arrays.map((a, k) => broadcastStrides(loops[k], a.strides.slice(0, a.ndim - cores[k]), shape));
  const positions = sizeOf(shape);
  let outputs: Output[] | undefined;
  if (positions === 0) {
    outputs = emptyOutputs(vector, sizes);
    return delivered(outputs, shape, false, vector);
  }
  const passed = args.slice();
  const counter = new Array<number>(shape.length).fill(0);
  const at = arrays.map((a) => a.offset);
  for (let position = 0; position < positions; position++) {
    for (let k = 0; k < arrays.length; k++) {
      const a = arrays[k];
      const first = a.ndim - cores[k];
      passed[moving[k]] =
        cores[k] === 0 && signature === undefined
          ? readAt(a, at[k])
          : reinterpret(a, at[k], a.shape.slice(first), a.strides.slice(first));
    }
    const made = call(...passed);
    const list = isList(made, signature) ? made : [made];
    outputs ??= outputsFor(list, vector, positions, sizes);
    if (list.length !== outputs.length) {
      throw new ArgumentError(
        `${where}: the function returned ${list.length} results after ${outputs.length}`,
        'return as many results each time',
        { where },
      );
    }
    for (let k = 0; k < list.length; k++) outputs[k].put(position, list[k]);
    for (let d = shape.length - 1; d >= 0; d--) {
      counter[d]++;
      for (let k = 0; k < at.length; k++) at[k] += strides[k][d];
      if (counter[d] < shape[d]) break;
      for (let k = 0; k < at.length; k++) at[k] -= strides[k][d] * shape[d];
      counter[d] = 0;
    }
  }
  const scalars = signature === undefined && given.every((x) => !(x instanceof ArrayBase));
  return delivered(outputs ?? [], shape, scalars, vector);
}

// Of a function with core dimensions a list is a list of outputs only where the signature has several.
const isList = (made: unknown, signature: Signature | undefined): made is readonly unknown[] =>
  Array.isArray(made) && (signature === undefined || signature.outputs.length > 1);

function outputsFor(
  list: readonly unknown[],
  { otypes, signature, where }: Vector,
  positions: number,
  sizes: ReadonlyMap<string, number> | undefined,
): Output[] {
  const expected = signature?.outputs.length ?? otypes?.length ?? list.length;
  if (expected !== list.length) {
    throw new ArgumentError(`${where}: ${list.length} results, ${expected} were announced`, 'return as many', {
      where,
    });
  }
  const known = new Map(sizes);
  return list.map((made, k) => {
    const a = signature === undefined && isScalar(made) ? undefined : arrayOf(made, where);
    if (signature === undefined && a !== undefined) {
      throw new ArgumentError(
        `${where}: the function returned ${describe(made)}`,
        "return scalars, or say which dimensions it makes: signature '(n)->(m)'",
        { where },
      );
    }
    const names = signature?.outputs[k] ?? [];
    const core = names.map((name, d) => {
      const size = known.get(name) ?? a?.shape[d] ?? 0;
      known.set(name, size);
      return size;
    });
    const dtype = otypes?.[k] ?? a?.dtype ?? scalarDType(made as Scalar); // it is one where it is no array
    return new Output(dtype, core, positions, where);
  });
}

function emptyOutputs({ otypes, signature, where }: Vector, sizes: ReadonlyMap<string, number> | undefined): Output[] {
  if (otypes === undefined) {
    throw new ArgumentError(`${where} of nothing: no result says which dtype it has`, 'pass otypes', { where });
  }
  return otypes.map((d, k) => {
    const core = (signature?.outputs[k] ?? []).map((name) => {
      const size = sizes?.get(name);
      if (size !== undefined) return size;
      throw new ShapeError(`${where} of nothing: no result says how long '${name}' is`, 'pass some elements', { name });
    });
    return new Output(d, core, 0, where);
  });
}

function delivered(
  outputs: readonly Output[],
  shape: readonly number[],
  scalars: boolean,
  { otypes, signature }: Vector,
): NDArray | NDArray[] | Scalar | Scalar[] {
  const arrays = outputs.map((o) => o.array(shape));
  const several = outputs.length !== 1 || (signature?.outputs.length ?? otypes?.length ?? 1) > 1;
  if (!scalars) return several ? arrays : arrays[0];
  const values = arrays.map((a) => readAt(a, a.offset));
  return several ? values : values[0];
}

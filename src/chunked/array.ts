// Arrays in chunks as users hold them: the functions and methods of arrays, noted and not computed, until `compute` or
// `store` runs all of it block by block within a budget of memory.

import { getItem, type Index } from '../array/indexing.ts';
import type { NDArray } from '../array/ndarray.ts';
import { type PositionOptions, requireElements } from '../array/positions.ts';
import type { ReduceOptions } from '../array/reductions.ts';
import { type MeanOptions, meanDType, type VarianceOptions } from '../array/statistics.ts';
import { ufuncNamed } from '../array/ufuncs.ts';
import { squeeze } from '../array/views.ts';
import { ArgumentError, DTypeError } from '../base/errors.ts';
import { asDType, type DType } from '../dtype/dtype.ts';
import type { Casting } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { isScalar } from '../dtype/scalars.ts';
import type { UfuncOptions } from '../exec/call.ts';
import { toArray } from '../exec/coerce.ts';
import type { Deferred, Moment as MomentName, ViewStep } from '../exec/deferred.ts';
import { isBasic } from '../exec/indexing/select.ts';
import type { Ufunc } from '../exec/ufunc.ts';
import type { FilePath } from '../io/source.ts';
import { type ArrayStore, isStore } from '../io/store.ts';
import { DeferredArray, type ReductionMethod, type ReductionOptions } from '../lazy/deferred_array.ts';
import type { ReduceRow } from '../ops/reduce/define.ts';
import type { ExtremeName } from '../ops/reduce/extremes.ts';
import type { ElementwiseName } from '../ops/rows.ts';
import { inferShape } from '../shape/reshape.ts';
import { normalizeAxes } from '../shape/strides.ts';
import { type ComputeOptions, computeAll, explainAll } from './compute.ts';
import type { ChunkedExplanation } from './explain.ts';
import { type ChunkSpec, chunksFor, type Grid, gridOf } from './grid.ts';
import { inOrder, type Node, type OpNode } from './node.ts';
import { type Elementwise, elementwise } from './operations/elementwise.ts';
import { found } from './operations/positions.ts';
import { type AgainName, again } from './operations/reductions.ts';
import { regrid } from './operations/regrid.ts';
import { reshaped } from './operations/reshape.ts';
import { reduceTree } from './operations/tree.ts';
import { viewNode } from './operations/view.ts';
import { type StoreOptions, storeAt, storeInto } from './store.ts';

/** What an operation on arrays in chunks takes. */
export type ChunkedLike = ChunkedArray | NDArray | Scalar | readonly unknown[];

/** An operand as a node: arrays in memory and numbers are held as they are. */
export function nodeOf(x: unknown, where: string): Node {
  if (x instanceof ChunkedArray) return x.node;
  const value = isScalar(x) ? x : (toArray(x as never, where) as NDArray); // checked there
  const shape = isScalar(value) ? [] : value.shape;
  const dtype = isScalar(value) ? asDType('float64') : value.dtype; // a number takes the dtype that it joins
  return { kind: 'held', value, shape, dtype, chunks: shape.map((n) => Math.max(1, n)) };
}

/**
 * An array that is larger than memory may be: in files, or computed from others, in blocks of a regular grid. Functions
 * and methods give others like it; nothing is computed until `compute`.
 * @example (await np.chunked.ones([4, 4], { chunks: [2, 2] }).add(1).sum().compute()) // 32
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods come from the rows
export class ChunkedArray extends DeferredArray<ChunkedArray> {
  readonly node: Node;

  constructor(node: Node) {
    super();
    this.node = node;
  }

  get shape(): readonly number[] {
    return this.node.shape;
  }
  get dtype(): DType {
    return this.node.dtype;
  }
  /** Extents of the blocks; the last of an axis may be smaller. */
  get chunks(): readonly number[] {
    return this.node.chunks;
  }
  get nbytes(): number {
    return this.size * this.dtype.itemsize;
  }
  get grid(): Grid {
    return gridOf(this.shape, this.chunks);
  }

  values(where: string): never {
    throw new ArgumentError(
      `${where}: an array in chunks has no values before it is computed`,
      'most functions are in np.chunked too; else await a.compute() for an array in memory, or take a.mapBlocks(fn)',
      { where, shape: this.shape },
    );
  }
  applied(ufunc: Ufunc, operands: readonly unknown[], options: UfuncOptions = {}): ChunkedArray | ChunkedArray[] {
    const where = `np.${ufunc.name}`;
    const { where: mask, out, ...rest } = options;
    refuseOut(out, where);
    const masked = mask !== undefined && mask !== true;
    const inputs = [...operands, ...(masked ? [mask] : [])].map((x) => nodeOf(x, where));
    const own = ufuncNamed(ufunc.name) === ufunc ? {} : { ufunc };
    const asked = rest.dtype === undefined ? rest : { ...rest, dtype: asDType(rest.dtype).name };
    const p: Elementwise = { call: 'ufunc', name: ufunc.name, masked, options: asked, ...own };
    const made = elementwise(p, inputs).map((n) => new ChunkedArray(n));
    return made.length === 1 ? made[0] : made;
  }
  reduced(name: string, _row: ReduceRow, options: ReduceOptions): ChunkedArray {
    const where = `np.${name}`;
    refuseOut(options.out, where);
    if (!Object.hasOwn(again, name)) throw new DTypeError(`${where} of an array in chunks`, 'compute() it first', {});
    const masked = options.where !== undefined && options.where !== true;
    const { initial } = options;
    const dtype = options.dtype === undefined ? undefined : asDType(options.dtype).name;
    const p = { name: name as AgainName, dtype, initial, masked }; // a name of the table, as just seen
    return this.#folded(where, options, (axes, inputs) => reduceTree('reduce', p, inputs, axes));
  }
  moment(name: MomentName, options: VarianceOptions): ChunkedArray {
    const where = `np.${name}`;
    refuseOut(options.out, where);
    const masked = options.where !== undefined && options.where !== true;
    const ddof = options.correction ?? options.ddof ?? 0;
    const dtype = asDType(options.dtype ?? meanDType(this.dtype)).name;
    return this.#folded(where, options, (axes, inputs) =>
      reduceTree('moment', { name, ddof, dtype, masked }, inputs, axes),
    );
  }
  // Axes, mask and keepdims, as all reductions have them.
  #folded(
    where: string,
    options: Pick<MeanOptions, 'axis' | 'keepdims' | 'where'>,
    fold: (axes: readonly number[], inputs: readonly Node[]) => OpNode,
  ): ChunkedArray {
    const axes = normalizeAxes(options.axis, this.ndim, where);
    const mask = options.where;
    const made = fold(axes, mask === undefined || mask === true ? [this.node] : [this.node, nodeOf(mask, where)]);
    if (options.keepdims === true || axes.length === 0) return new ChunkedArray(made);
    const step: ViewStep = {
      text: `squeeze(${axes.join(', ')})`,
      of: (a) => squeeze(a as NDArray, axes), // every array is an NDArray
      keepsAxes: true,
    };
    const whole = options.axis === undefined || options.axis === null;
    return new ChunkedArray({ ...viewNode(made, step), weak: whole });
  }
  located(extreme: ExtremeName, options: PositionOptions): ChunkedArray {
    const name = `arg${extreme.replace('nan', '')}`;
    const where = `np.${extreme.startsWith('nan') ? 'nan' : ''}${name}`;
    refuseOut(options.out, where);
    const { shape } = this;
    const whole = options.axis === undefined || options.axis === null;
    if (whole && this.size === 0) requireElements([0], 0, where);
    else if (!whole) requireElements(shape, normalizeAxes(options.axis, this.ndim, where)[0], where);
    return this.#folded(where, options, (axes, inputs) => {
      const made = reduceTree('position', { extreme, shape, whole }, inputs, axes);
      return extreme.startsWith('nan') ? found(made, name) : made;
    });
  }
  viewed(step: ViewStep): ChunkedArray {
    if (step.reshape !== undefined) {
      const { shape, order } = step.reshape;
      if (order === 'C') return new ChunkedArray(reshaped(this.node, shape));
      const to = inferShape(typeof shape === 'number' ? [shape] : shape, this.size, 'reshape');
      return new ChunkedArray(reshaped(this.T.node, to.toReversed())).T;
    }
    return new ChunkedArray(viewNode(this.node, step));
  }
  chosen(condition: unknown, x: unknown, y: unknown): ChunkedArray {
    const inputs = [condition, x, y].map((v) => nodeOf(v, 'np.where'));
    return new ChunkedArray(elementwise({ call: 'where', name: 'where' }, inputs)[0]);
  }
  converted(dtype: DType, casting: Casting): ChunkedArray {
    const options = { dtype: dtype.name, casting };
    return new ChunkedArray(elementwise({ call: 'astype', name: 'astype', options }, [this.node])[0]);
  }

  /** Elements selected by slices ('1:5', '::-1', '...'), integers and null (a new axis). */
  get(...index: readonly Index[]): ChunkedArray {
    if (!isBasic(index)) {
      throw new ArgumentError(
        'get of an array in chunks by positions or masks',
        'np.chunked.take(a, positions, axis), np.chunked.compress(mask, a, axis), or np.where(mask, a, 0)',
        { shape: this.shape },
      );
    }
    const text = `get(${index.map((i) => (typeof i === 'string' ? `'${i}'` : String(i))).join(', ')})`;
    return this.viewed({ text, of: (a) => getItem(a, index), keepsAxes: true });
  }

  /** The same elements in other blocks. */
  rechunk(chunks: ChunkSpec): ChunkedArray {
    return new ChunkedArray(regrid(this.node, chunksFor(chunks, this.shape, this.dtype, 'rechunk', this.chunks)));
  }

  /**
   * The values, in memory: an array, or a scalar where all elements were reduced.
   * @throws MemoryError before anything is read, where the plan needs more than it is allowed.
   */
  async compute(options: ComputeOptions = {}): Promise<NDArray | Scalar> {
    return (await computeAll([this.node], options))[0];
  }

  /**
   * Computes the array into a file, .npy or Zarr by the ending of the name, or into a store that is open. Chunks of the file are
   * the array's own unless `chunks` says otherwise; a run that ends early leaves nothing behind.
   * @throws MemoryError as compute; ArgumentError for names that tell no format and for options that it does not have;
   *   ShapeError and DTypeError for a store of others; and the system's own errors.
   */
  async store(to: FilePath | ArrayStore, options: StoreOptions = {}): Promise<void> {
    await (isStore(to) ? storeInto(this.node, to, options) : storeAt(this.node, to, options));
  }

  /** What computing it would do: stages, blocks, bytes, memory; as data, text, and a picture. Nothing is computed. */
  explain(options: Pick<ComputeOptions, 'memory'> = {}): ChunkedExplanation {
    return explainAll([this.node], options);
  }

  /** Closes the files that it reads; after it nothing is computed of them. */
  async close(): Promise<void> {
    for (const n of inOrder([this.node])) if (n.kind === 'source') await n.store.close();
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  override toString(): string {
    return `ChunkedArray(shape=[${this.shape.join(', ')}], dtype=${this.dtype.name}, chunks=[${this.chunks.join(', ')}])`;
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

type Operand = ChunkedLike | Deferred;
type Methods = { readonly [K in ElementwiseName]: (...args: (Operand | UfuncOptions)[]) => ChunkedArray };
type Reductions = { readonly [K in ReductionMethod]: Reduction<ReductionOptions<K>> };
type Axes = number | readonly number[] | null;
interface Reduction<O> {
  (axis?: Axes, options?: O): ChunkedArray;
  (options: O): ChunkedArray;
}
export interface ChunkedArray extends Methods, Reductions {
  readonly abs: Methods['absolute'];
  readonly pow: Methods['power'];
}

export function refuseOut(out: unknown, where: string): void {
  if (out === undefined) return;
  throw new ArgumentError(`${where}: out for an array in chunks`, 'store the result: await a.store(path)', { where });
}

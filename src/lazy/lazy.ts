// Expressions as users hold them: `np.lazy(x)`, with the methods of arrays, and what functions of the namespace hand
// over when an operand is an expression. Methods come from the rows and from the functions of the same name; nothing
// here knows an operation.

import { getItem, type Index } from '../array/indexing.ts';
import { NDArray, type NestedList } from '../array/ndarray.ts';
import type { Extreme, PositionOptions } from '../array/positions.ts';
import { position } from '../array/positions.ts';
import type { ReduceOptions } from '../array/reductions.ts';
import type { VarianceOptions } from '../array/statistics.ts';
import { DTypeError, TraceError } from '../base/errors.ts';
import type { DType } from '../dtype/dtype.ts';
import type { Casting } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import type { UfuncOptions } from '../exec/call.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import type { Moment, ViewStep } from '../exec/deferred.ts';
import { isBasic } from '../exec/indexing/select.ts';
import type { Ufunc } from '../exec/ufunc.ts';
import type { ReduceRow } from '../ops/reduce/define.ts';
import type { ElementwiseName, elementwise } from '../ops/rows.ts';
import { apply, choose, convert, operandNode } from './build.ts';
import { type ComputeOptions, compute, computeAsync } from './compute.ts';
import { DeferredArray, type ReductionMethod, type ReductionOptions } from './deferred_array.ts';
import { type Explanation, explain } from './explain.ts';
import { momentNode, positionNode, reduceNode } from './fold.ts';
import { inOrder, type Node, sourceOf, viewNode } from './node.ts';
import { type Plan, planOf } from './plan.ts';
import { textOf } from './text.ts';

/** What an operation on an expression takes. */
export type LazyLike = Lazy<NDArray | Scalar> | ArrayLike;

const nodeOf = (x: unknown): Node | undefined => (x instanceof Lazy ? x.node : undefined);
const asNode = (x: unknown, where: string): Node => nodeOf(x) ?? sourceOf(toArray(x, where));

type WithMask<O> = Omit<O, 'where'> & { readonly where?: Node };
const withMask = <O extends { readonly where?: unknown }>(options: O, where: string): WithMask<O> => {
  const { where: mask, ...rest } = options;
  return mask === undefined || mask === true ? rest : { ...rest, where: asNode(mask, `${where} where`) };
};

/** An expression that was built before for operands like these: it computes without being built again. */
export interface KnownExpression {
  build(): Node;
  compute(): NDArray | Scalar;
}

/**
 * An expression: what an array would be, with its shape and dtype, before it is computed. It has the elementwise methods,
 * reductions and views of arrays; functions of the namespace take it and give expressions.
 * @example np.lazy([1, 2, 3]).multiply(2).sum().compute() // 12
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are defined below, from the rows
export class Lazy<R extends NDArray | Scalar = NDArray> extends DeferredArray<Lazy> {
  /** What compute gives; known to the compiler alone. */
  declare readonly result: R;
  #node: Node | undefined;
  readonly #known: KnownExpression | undefined;
  #plan: Plan | undefined;

  constructor(node: Node | KnownExpression) {
    super();
    if ('build' in node) this.#known = node;
    else this.#node = node;
  }

  get node(): Node {
    this.#node ??= this.#known?.build();
    if (this.#node === undefined) throw new TypeError('an expression is a node, or can be built');
    return this.#node;
  }

  get shape(): readonly number[] {
    return this.node.shape;
  }
  get dtype(): DType {
    return this.node.dtype;
  }

  #planned(where: string): Plan {
    if (this.#plan === undefined) {
      requireValues(this.node, where);
      this.#plan = planOf([this.node]);
    }
    return this.#plan;
  }

  /**
   * The values, as eager calls would have given them bit for bit: an array, or a scalar where all elements were reduced.
   * @throws FloatingPointError where the error state says so; ArgumentError for elements that an operation refuses.
   * @example np.lazy([1, 4]).sqrt().compute().tolist() // [1, 2]
   */
  compute(options: ComputeOptions & { readonly out: ArrayBase }): NDArray;
  compute(options?: ComputeOptions): R;
  compute(options?: ComputeOptions): NDArray | Scalar {
    if (this.#known !== undefined && options === undefined) return this.#known.compute();
    return compute(this.#planned('compute'), [], options)[0];
  }

  /** The same, with turns of the event loop between tiles and kernels. */
  async computeAsync(options?: ComputeOptions): Promise<R> {
    return (await computeAsync(this.#planned('computeAsync'), [], options))[0] as R; // as the node says
  }

  /** What would be computed, in which kernels, and the memory that it takes here and in eager calls. */
  explain(): Explanation {
    return explain(planOf([this.node]));
  }

  /** The expression as a formula over its shapes and dtypes. */
  override toString(): string {
    return textOf(this.node);
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `lazy(${textOf(this.node)}, shape=[${this.shape.join(', ')}], dtype=${this.dtype.name})`;
  }
  /** Operators do not work on expressions, as they do not on arrays. */
  [Symbol.toPrimitive](hint: string): string | number {
    if (hint === 'string') return this.toString();
    requireValues(this.node, 'a JavaScript operator');
    throw new DTypeError('operators do not work on expressions', 'use methods: x.add(y), x.less(y)', {});
  }

  tolist(): NestedList {
    const made = this.values('tolist');
    return made instanceof NDArray ? made.tolist() : (made as Scalar); // the two results of compute
  }
  item(): Scalar {
    const made = this.values('item');
    return made instanceof NDArray ? made.item() : (made as Scalar); // as above
  }

  values(where: string): unknown {
    return compute(this.#planned(where), [])[0];
  }
  applied(ufunc: Ufunc, operands: readonly unknown[], options: UfuncOptions = {}): Lazy | Lazy[] {
    const where = `np.${ufunc.name}`;
    const nodes = operands.map((x) => operandNode(x, where, nodeOf));
    const made = apply(ufunc, nodes, withMask(options, where)).map((n) => new Lazy(n));
    return made.length === 1 ? made[0] : made;
  }
  reduced(name: string, row: ReduceRow, options: ReduceOptions): Lazy {
    return new Lazy(reduceNode(name, row, this.node, withMask(options, `np.${name}`)));
  }
  moment(name: Moment, options: VarianceOptions): Lazy {
    return new Lazy(momentNode(name, this.node, withMask(options, `np.${name}`)));
  }
  located(extreme: Extreme, options: PositionOptions): Lazy {
    if (!extreme.startsWith('nan')) return new Lazy(positionNode(extreme, this.node, options));
    return lazy(position(extreme, toArray(this.values('argmin'), 'argmin'), options, undefined)); // what it refuses is data
  }
  viewed(step: ViewStep): Lazy {
    return new Lazy(viewNode(this.node, step));
  }
  chosen(condition: unknown, x: unknown, y: unknown): Lazy {
    const [a, b] = [x, y].map((v) => operandNode(v, 'np.where', nodeOf));
    return new Lazy(choose(asNode(condition, 'np.where'), a, b));
  }
  converted(dtype: DType, casting: Casting): Lazy {
    return new Lazy(convert(this.node, dtype, casting));
  }

  /** Elements selected by slices ('1:5', '::-1', '...'), integers and null (a new axis). */
  get(...index: readonly Index[]): Lazy {
    if (isBasic(index)) {
      const text = `get(${index.map((i) => (typeof i === 'string' ? `'${i}'` : String(i))).join(', ')})`;
      return this.viewed({ text, of: (a) => getItem(a, index), keepsAxes: true });
    }
    return lazy(getItem(toArray(this.values('get'), 'get'), index)); // which elements there are depends on values
  }
}

/** Refuses to read values that are not there: those of a function's arguments while it is traced. */
function requireValues(n: Node, where: string): void {
  if (!inOrder([n]).some((m) => m.kind === 'source' && m.slot >= 0)) return;
  throw new TraceError(
    `${where} reads values while np.fuse follows the function, when there are none`,
    'leave the decision to np.where or np.select, move the call out of the fused function, or call it without np.fuse',
    { where, shape: n.shape, dtype: n.dtype.name },
  );
}

// An array as soon as one of the operands is one; of scalars alone a scalar.
type Meeting<R, B> = R extends NDArray ? NDArray : B extends Scalar ? R : B extends Lazy<infer Q> ? Q : NDArray;
type Made<Row, R extends NDArray | Scalar> = Row extends { readonly nout: 2 } ? [Lazy<R>, Lazy<R>] : Lazy<R>;
type Operation<Row, R extends NDArray | Scalar> = Row extends { readonly nin: 1 }
  ? (options?: UfuncOptions) => Made<Row, R>
  : <B extends LazyLike>(b: B, options?: UfuncOptions) => Made<Row, Meeting<R, B>>;
type Rows = typeof elementwise;
type Elementwise<R extends NDArray | Scalar> = { readonly [K in ElementwiseName]: Operation<Rows[K], R> };

/** A reduction: of all elements a scalar, along axes an array. */
interface Reduction<O> {
  (axis: number | readonly number[], options?: O): Lazy;
  (options: O & ({ readonly axis: number | readonly number[] } | { readonly keepdims: true })): Lazy;
  (axis?: null | O, options?: O): Lazy<Scalar>;
}

type Reductions = { readonly [K in ReductionMethod]: Reduction<ReductionOptions<K>> };

export interface Lazy<R> extends Elementwise<R>, Reductions {
  /** The same method as absolute. */
  readonly abs: Operation<Rows['absolute'], R>;
  /** The same method as power. */
  readonly pow: Operation<Rows['power'], R>;
}

/**
 * An array as the start of an expression: what is called on it is not computed but noted, until `compute` runs all of it
 * as few fused kernels without temporaries. Shapes, dtypes and casts are checked at once.
 * @example np.lazy([3, 4]).square().sum().sqrt().compute() // 5
 */
export function lazy<R extends NDArray | Scalar>(x: Lazy<R>): Lazy<R>;
export function lazy(x: ArrayLike): Lazy;
export function lazy(x: LazyLike): Lazy<NDArray | Scalar> {
  return x instanceof Lazy ? x : new Lazy(sourceOf(toArray(x, 'np.lazy')));
}

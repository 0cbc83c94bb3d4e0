// broadcast: what arrays look like together, without computing anything: the common shape and size, known before memory
// is spent, and the tuples of elements one after another.

import type { NDArray } from '../array/ndarray.ts';
import { asNDArray } from '../array/views.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { reinterpret } from '../exec/array_base.ts';
import { type ArrayLike, elements } from '../exec/coerce.ts';
import { broadcastShapes, broadcastStrides } from '../shape/broadcast.ts';
import { sizeOf } from '../shape/strides.ts';

/** Operands that broadcast together. Loops over it go on where the last one stopped, until `reset`. */
export class Broadcast implements Iterable<Scalar[]> {
  readonly shape: readonly number[];
  /** Number of elements of the result. */
  readonly size: number;
  readonly #operands: readonly NDArray[];
  #loops: Iterator<Scalar>[] | undefined;
  #index = 0;

  constructor(operands: readonly NDArray[]) {
    this.#operands = operands;
    this.shape = broadcastShapes(
      operands.map((a) => a.shape),
      'np.broadcast',
    );
    this.size = sizeOf(this.shape);
  }
  get ndim(): number {
    return this.shape.length;
  }
  get nd(): number {
    return this.shape.length;
  }
  /** Number of operands. */
  get numiter(): number {
    return this.#operands.length;
  }
  /** Number of tuples given so far. */
  get index(): number {
    return this.#index;
  }
  /** Loops over the elements of each operand, stretched. */
  get iters(): Iterable<Scalar>[] {
    return this.#operands.map((a) => ({ [Symbol.iterator]: () => this.#stretched(a) }));
  }
  /** Starts the tuples over. */
  reset(): void {
    this.#loops = undefined;
    this.#index = 0;
  }
  [Symbol.iterator](): Iterator<Scalar[]> {
    return { next: () => this.#next() };
  }

  #next(): IteratorResult<Scalar[]> {
    this.#loops ??= this.#operands.map((a) => this.#stretched(a));
    if (this.#index === this.size) return { value: undefined, done: true };
    this.#index++;
    return { value: this.#loops.map((loop) => loop.next().value), done: false };
  }
  #stretched(a: NDArray): Iterator<Scalar> {
    return elements(reinterpret(a, a.offset, this.shape, broadcastStrides(a.shape, a.strides, this.shape)));
  }
}

/**
 * The arguments as they broadcast together: their common shape, its size, and loops over tuples of elements. Costs nothing,
 * so that a large result can be refused before it is made.
 * @throws ShapeError for shapes that do not broadcast.
 * @example np.broadcast([[1], [2]], [10, 20, 30]).shape // [2, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.broadcast.html
 */
export const broadcast = (...xs: ArrayLike[]): Broadcast => new Broadcast(xs.map((x) => asNDArray(x, 'np.broadcast')));

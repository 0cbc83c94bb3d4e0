// The first and last elements of an array that comes in blocks, shown as np.array2string shows the whole: the rows and
// columns that it would leave out are never kept.
import * as np from '../../src/index.ts';
import type { Block } from '../../src/io/blocks.ts';

/** Arrays up to this size are shown whole. */
const WHOLE = 60;

/** Indices along an axis that are shown, and one between them that stands for all others. */
function shownOf(length: number, edge: number): number[] {
  if (length <= 2 * edge + 1) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: 2 * edge + 1 }, (_, i) => (i <= edge ? i : length - 2 * edge - 1 + i));
}

export class Corners {
  readonly #edge: number;
  readonly #shown: readonly (readonly number[])[];
  readonly #elements: np.NDArray;

  constructor(shape: readonly number[], dtype: np.DType) {
    const whole = shape.reduce((size, n) => size * n, 1) <= WHOLE;
    this.#edge = whole ? WHOLE : shape.length < 3 ? 3 : shape.length === 3 ? 2 : 1;
    this.#shown = shape.map((length) => shownOf(length, this.#edge));
    this.#elements = np.zeros(
      this.#shown.map((indices) => indices.length),
      { dtype },
    );
  }

  add({ start, data }: Block): void {
    // Per axis: where in the block the shown elements lie, and where among the shown.
    const [from, to]: number[][][] = [[], []];
    this.#shown.forEach((indices, axis) => {
      const here = indices.map((index, at) => ({ at, index: index - start[axis] }));
      const inside = here.filter(({ index }) => index >= 0 && index < data.shape[axis]);
      from.push(inside.map(({ index }) => index));
      to.push(inside.map(({ at }) => at));
    });
    if (from.some((indices) => indices.length === 0)) return;
    if (data.ndim === 0) this.#elements.set([], data);
    else this.#elements.set(np.ix_(...to.map(index)), data.get(...np.ix_(...from.map(index))));
  }

  text(): string {
    const threshold = this.#edge === WHOLE ? WHOLE : 0;
    return np.array2string(this.#elements, { threshold, edgeitems: this.#edge, separator: ', ' });
  }
}

const index = (indices: readonly number[]): np.NDArray => np.asarray(Int32Array.from(indices));

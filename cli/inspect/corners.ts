// The first and last elements of an array that comes in blocks, shown as np.array2string shows the whole: the rows and
// columns that it would leave out are never kept.
import * as np from '../../src/index.ts';
import type { Block } from '../../src/io/blocks.ts';
import { Sample } from './sample.ts';

/** Arrays up to this size are shown whole. */
const WHOLE = 60;

/** Indices along an axis that are shown, and one between them that stands for all others. */
function shownOf(length: number, edge: number): number[] {
  if (length <= 2 * edge + 1) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: 2 * edge + 1 }, (_, i) => (i <= edge ? i : length - 2 * edge - 1 + i));
}

export class Corners {
  readonly #edge: number;
  readonly #sample: Sample;

  constructor(shape: readonly number[], dtype: np.DType) {
    const whole = shape.reduce((size, n) => size * n, 1) <= WHOLE;
    this.#edge = whole ? WHOLE : shape.length < 3 ? 3 : shape.length === 3 ? 2 : 1;
    this.#sample = new Sample(
      shape.map((length) => shownOf(length, this.#edge)),
      dtype,
    );
  }

  add(block: Block): void {
    this.#sample.add(block);
  }

  text(): string {
    const threshold = this.#edge === WHOLE ? WHOLE : 0;
    return np.array2string(this.#sample.elements, { threshold, edgeitems: this.#edge, separator: ', ' });
  }
}

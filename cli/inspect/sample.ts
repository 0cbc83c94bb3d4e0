// Elements at chosen places of an array that comes in blocks: per axis a list of indices, and every combination of them.
import * as np from '../../src/index.ts';
import type { Block } from '../../src/io/blocks.ts';

const index = (indices: readonly number[]): np.NDArray => np.asarray(Int32Array.from(indices));

export class Sample {
  readonly #chosen: readonly (readonly number[])[];
  readonly elements: np.NDArray;

  constructor(chosen: readonly (readonly number[])[], dtype: np.DType) {
    this.#chosen = chosen;
    this.elements = np.zeros(
      chosen.map((indices) => indices.length),
      { dtype },
    );
  }

  add({ start, data }: Block): void {
    // Per axis: where in the block the chosen elements lie, and where among the chosen.
    const [from, to]: number[][][] = [[], []];
    this.#chosen.forEach((indices, axis) => {
      const here = indices.map((i, at) => ({ at, i: i - start[axis] }));
      const inside = here.filter(({ i }) => i >= 0 && i < data.shape[axis]);
      from.push(inside.map(({ i }) => i));
      to.push(inside.map(({ at }) => at));
    });
    if (from.some((indices) => indices.length === 0)) return;
    if (data.ndim === 0) this.elements.set([], data);
    else this.elements.set(np.ix_(...to.map(index)), data.get(...np.ix_(...from.map(index))));
  }
}

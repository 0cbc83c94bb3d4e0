// What is said of one array outside of memory: shape, dtype, layout, statistics, the first and last elements. One pass
// over its blocks.
import type { StoredArray } from '../../src/io/blocks.ts';
import type { Layout } from '../stored/open.ts';
import { Corners } from './corners.ts';
import { type Statistics, Summary } from './summary.ts';

export interface Description {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly order: 'C' | 'F';
  readonly bytes: number;
  readonly layout: Layout;
  /** None for arrays without elements. */
  readonly statistics?: Statistics;
  /** As np.array2string writes it. */
  readonly preview: string;
}

/** `seen` is told after each block how many bytes of elements it had. */
export async function describe(
  array: StoredArray,
  layout: Layout,
  seen: (bytes: number) => void,
): Promise<Description> {
  const { shape, dtype, order } = array;
  const summary = new Summary(dtype);
  const corners = new Corners(shape, dtype);
  for await (const block of array.blocks()) {
    summary.add(block.data);
    corners.add(block);
    seen(block.data.nbytes);
  }
  const statistics = summary.result();
  return {
    shape,
    dtype: dtype.name,
    order,
    bytes: shape.reduce((size, n) => size * n, dtype.itemsize),
    layout,
    ...(statistics !== undefined && { statistics }),
    preview: corners.text(),
  };
}

// What is said of one array outside of memory: shape, dtype, layout, statistics, the first and last elements. One pass
// over its blocks.
import type { StoredArray } from '../../src/io/blocks.ts';
import type { Layout } from '../stored/open.ts';
import { Corners } from './corners.ts';
import { type Picture, Thumbnail } from './picture.ts';
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
  /** Of arrays of two dimensions and more, where it was asked for. */
  readonly picture?: Picture;
}

/** `seen` is told after each block how many bytes of elements it had. */
export async function describe(
  array: StoredArray,
  layout: Layout,
  seen: (bytes: number) => void,
  pictures: boolean,
): Promise<Description> {
  const { shape, dtype, order } = array;
  const summary = new Summary(dtype);
  const corners = new Corners(shape, dtype);
  const drawable = pictures && shape.length >= 2 && Math.min(...shape.slice(-2)) > 1 && !shape.includes(0);
  const thumbnail = drawable ? new Thumbnail(shape, dtype) : undefined;
  for await (const block of array.blocks()) {
    summary.add(block.data);
    corners.add(block);
    thumbnail?.add(block);
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
    ...(thumbnail !== undefined && { picture: thumbnail.picture() }),
  };
}

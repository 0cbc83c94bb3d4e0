// Functions of the user over arrays in chunks: of blocks, of blocks with their neighbours, of rectangles that are made; and
// reductions of windows.

import { asarray, ones } from '../../array/creation.ts';
import { ArgumentError, ShapeError } from '../../base/errors.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../../dtype/dtype.ts';
import { isScalar, type Scalar } from '../../dtype/scalars.ts';
import { Options } from '../../exec/options.ts';
import { broadcastShapes } from '../../shape/broadcast.ts';
import { formatShape, normalizeAxis, sameShape } from '../../shape/strides.ts';
import { ChunkedArray, type ChunkedLike, nodeOf } from '../array.ts';
import { type ChunkSpec, chunksFor, gridOf } from '../grid.ts';
import type { Node } from '../node.ts';
import { meetingChunks } from '../operations/elementwise.ts';
import { type BlockFunction, type BlockPlace, mapped } from '../operations/map.ts';
import { type RollingName, rolled, rollingNames, rollingNode } from '../operations/rolling.ts';
import { type PadMode, pad } from './arrange.ts';

export type { BlockFunction, BlockPlace, RollingName };

export interface MapOptions {
  /** Of the result; found out by a call on a block of ones if not said. */
  readonly dtype?: DTypeLike;
  /** Of the result, where blocks change their shape: as many blocks along each axis as the operands have. */
  readonly shape?: readonly number[];
  /** Extents of the result's blocks. */
  readonly chunks?: readonly number[];
}
const mapOptions = new Options('dtype', 'shape', ['chunks', 'value']);

// What the function gives of small blocks of ones: its dtype counts.
function dtypeOf(fn: BlockFunction, inputs: readonly Node[], shape: readonly number[], where: string): DType {
  try {
    const blocks = inputs.map((x) =>
      ones(
        x.shape.map((n, d) => Math.min(n, x.chunks[d], 4)),
        { dtype: x.dtype },
      ),
    );
    const place: BlockPlace = {
      region: { start: shape.map(() => 0), shape: shape.map((n) => Math.min(n, 4)) },
      block: shape.map(() => 0),
    };
    const made = fn(...([...blocks, place] as never)); // the blocks, then the place
    return isScalar(made) ? asarray(made).dtype : asarray(made as never).dtype; // anything array-like
  } catch (cause) {
    const error = new ArgumentError(
      `${where}: the dtype of the result could not be found out by a call on a small block`,
      "say { dtype: 'float64' }",
      { where },
    );
    error.cause = cause;
    throw error;
  }
}

const nameOf = (fn: BlockFunction, where: string): string => (fn.name === '' ? where : `${where}(${fn.name})`);

function requireFunction(fn: unknown, where: string): void {
  if (typeof fn === 'function') return;
  throw new ArgumentError(`${where}: there is no function`, 'pass (block, place) => …', { where });
}

/**
 * What a function gives of each block: of arrays that broadcast to one shape, it gets the same rectangle of each and where
 * that stands, `{ region, block }`. The result has the shape of the block, unless `shape` and `chunks` say what it becomes.
 * A plan with it cannot be written down.
 * @throws ArgumentError that names the block and the region where the function throws, ShapeError for a result of another shape.
 * @example (await np.chunked.mapBlocks((x) => x.multiply(2), [np.chunked.ones([3], { chunks: 2 })]).compute()).tolist() // [2, 2, 2]
 */
export function mapBlocks(
  fn: BlockFunction,
  arrays: ChunkedLike | readonly ChunkedLike[],
  options: MapOptions = {},
): ChunkedArray {
  const where = 'np.chunked.mapBlocks';
  mapOptions.check(options, where);
  requireFunction(fn, where);
  const list = Array.isArray(arrays) ? (arrays as readonly ChunkedLike[]) : [arrays as ChunkedLike];
  const inputs = list.map((x) => nodeOf(x, where));
  const shape = broadcastShapes(
    inputs.map((x) => x.shape),
    where,
  );
  const chunks = meetingChunks(inputs, shape, asDType(options.dtype ?? dtypes.float64).itemsize);
  const to = options.shape ?? shape;
  const by = options.chunks ?? (sameShape(to, shape) ? chunks : undefined);
  const fits =
    by !== undefined && by.length === to.length && sameShape(gridOf(to, by).counts, gridOf(shape, chunks).counts);
  if (!fits) {
    throw new ShapeError(
      `${where}: blocks of ${by === undefined ? 'no known extents' : formatShape(by)} for a result of shape ${formatShape(to)}`,
      `say { shape, chunks } with ${formatShape(gridOf(shape, chunks).counts)} blocks, as the operands have`,
      { shape: to, chunks: by, blocks: gridOf(shape, chunks).counts },
    );
  }
  const dtype = options.dtype === undefined ? dtypeOf(fn, inputs, shape, where) : asDType(options.dtype);
  const from = to === shape && by === chunks ? undefined : { shape, chunks };
  const name = nameOf(fn, 'mapBlocks');
  const shapes = inputs.map((x) => x.shape);
  return new ChunkedArray(
    mapped({ fn, name, dtype: dtype.name, shape: to, chunks: by, from, inputs: shapes, depth: undefined }, inputs),
  );
}

export interface OverlapOptions {
  /** Elements of the neighbours on both sides: for all axes, or one number per axis. */
  readonly depth: number | readonly number[];
  /** What lies beyond the ends of the array: a number, or as `pad` does; 'reflect' if not said. */
  readonly boundary?: PadMode | number;
  readonly dtype?: DTypeLike;
}
const overlapOptions = new Options(['depth', 'value'], ['boundary', 'value'], 'dtype');

/**
 * What a function gives of each block with elements of its neighbours around it: stencils, filters. It may give the block with
 * or without what was around.
 * @throws ArgumentError for a depth that is no number from 0, and as mapBlocks.
 * @example (await np.chunked.mapOverlap((x) => x.get('2:').subtract(x.get(':-2')), np.chunked.arange(4), { depth: 1, boundary: 'edge' }).compute()).tolist() // [1, 2, 2, 1]
 */
export function mapOverlap(fn: BlockFunction, x: ChunkedLike, options: OverlapOptions): ChunkedArray {
  const where = 'np.chunked.mapOverlap';
  overlapOptions.check(options, where);
  requireFunction(fn, where);
  const a = new ChunkedArray(nodeOf(x, where));
  const { depth: asked, boundary = 'reflect' } = options;
  const depth = typeof asked === 'number' ? a.shape.map(() => asked) : asked;
  if (!Array.isArray(depth) || depth.length !== a.ndim || !depth.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new ArgumentError(`${where}: depth ${asked}`, 'pass an integer from 0, or one per axis', {
      depth: asked,
      shape: a.shape,
    });
  }
  const widths = depth.map((n: number) => [n, n] as const);
  const padded =
    typeof boundary === 'number'
      ? pad(a, widths, 'constant', { constant_values: boundary as Scalar })
      : pad(a, widths, boundary);
  const dtype = asDType(options.dtype ?? (a.dtype.kind === 'f' || a.dtype.kind === 'c' ? a.dtype : dtypes.float64));
  const name = nameOf(fn, 'mapOverlap');
  const { shape, chunks } = a;
  return new ChunkedArray(
    mapped({ fn, name, dtype: dtype.name, shape, chunks, from: undefined, inputs: [padded.shape], depth }, [
      padded.node,
    ]),
  );
}

export interface FromFunctionOptions {
  readonly dtype?: DTypeLike;
  readonly chunks?: ChunkSpec;
}
const fromFunctionOptions = new Options('dtype', ['chunks', 'value']);

/**
 * An array whose rectangles a function makes: it gets `{ region, block }` and gives an array of the region's shape.
 * @throws as mapBlocks.
 * @example (await np.chunked.fromFunction(({ region }) => np.full(region.shape, region.start[0]), [4], { chunks: 2 }).compute()).tolist() // [0, 0, 2, 2]
 */
export function fromFunction(
  fn: (place: BlockPlace) => unknown,
  shape: readonly number[],
  options: FromFunctionOptions = {},
): ChunkedArray {
  const where = 'np.chunked.fromFunction';
  fromFunctionOptions.check(options, where);
  requireFunction(fn, where);
  const dtype = asDType(options.dtype ?? dtypes.float64);
  const chunks = chunksFor(options.chunks, shape, dtype, where);
  const name = nameOf(fn as BlockFunction, 'fromFunction'); // without operands
  return new ChunkedArray(
    mapped(
      {
        fn: fn as BlockFunction,
        name,
        dtype: dtype.name,
        shape,
        chunks,
        from: undefined,
        inputs: [],
        depth: undefined,
      },
      [],
    ),
  );
}

/**
 * A reduction (sum, prod, min, max, mean, median, std, var) of every window of so many neighbours along an axis.
 * @throws ArgumentError for another reduction or a window that does not fit, AxisError.
 * @example (await np.chunked.rolling(np.chunked.arange(5), 3, 'sum').compute()).tolist() // [3, 6, 9]
 */
export function rolling(x: ChunkedLike, size: number, name: RollingName, axis = -1): ChunkedArray {
  const where = 'np.chunked.rolling';
  const a = new ChunkedArray(nodeOf(x, where));
  const d = normalizeAxis(axis, a.ndim, where);
  if (!rollingNames.includes(name)) {
    throw new ArgumentError(`${where}: no reduction '${name}'`, `use one of ${rollingNames.join(', ')}`, { name });
  }
  if (!Number.isSafeInteger(size) || size < 1 || size > a.shape[d]) {
    throw new ArgumentError(
      `${where}: windows of ${size} along ${a.shape[d]} elements`,
      'pass an integer from 1 that fits',
      { size, shape: a.shape },
    );
  }
  const { dtype } = rolled({ name, axis: 0, size: 1 }, ones([1, 1], { dtype: a.dtype }));
  return new ChunkedArray(rollingNode(a.node, { name, axis: d, size }, dtype));
}

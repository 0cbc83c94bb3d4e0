// Arrays in chunks that are computed from where their elements stand: linspace, eye, and others' shapes.

import { where as choose } from '../../array/select.ts';
import { ArgumentError } from '../../base/errors.ts';
import { asDType, type DTypeLike, dtypes } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { Options } from '../../exec/options.ts';
import { ChunkedArray, type ChunkedLike, nodeOf } from '../array.ts';
import { type ChunkSpec, chunksFor } from '../grid.ts';
import { fullNode, rangeNode } from '../operations/create.ts';

export interface LikeOptions {
  readonly dtype?: DTypeLike;
  readonly chunks?: ChunkSpec;
}
const likeOptions = new Options('dtype', ['chunks', 'value']);

/** An array of one value with shape, dtype and blocks of another. @see https://numpy.org/doc/stable/reference/generated/numpy.full_like.html */
export function full_like(x: ChunkedLike, value: Scalar, options: LikeOptions = {}): ChunkedArray {
  const where = 'np.chunked.full_like';
  likeOptions.check(options, where);
  const n = nodeOf(x, where);
  const dtype = asDType(options.dtype ?? n.dtype);
  return new ChunkedArray(
    fullNode(n.shape, { value, dtype: dtype.name }, chunksFor(options.chunks ?? n.chunks, n.shape, dtype, where)),
  );
}
/** Zeros with shape, dtype and blocks of another. */
export const zeros_like = (x: ChunkedLike, options: LikeOptions = {}): ChunkedArray => full_like(x, 0, options);
/** Ones with shape, dtype and blocks of another. */
export const ones_like = (x: ChunkedLike, options: LikeOptions = {}): ChunkedArray => full_like(x, 1, options);

const spaceOptions = new Options('dtype', ['chunks', 'value'], 'endpoint');
const eyeOptions = new Options('dtype', ['chunks', 'value']);

const positions = (n: number, chunk: number): ChunkedArray =>
  new ChunkedArray(rangeNode(n, { start: 0, step: 1, dtype: 'float64' }, [chunk]));

/**
 * `num` samples from start to stop, both included unless `endpoint` is false.
 * @throws ArgumentError for a number below 0.
 * @example (await np.chunked.linspace(0, 1, 3).compute()).tolist() // [0, 0.5, 1]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linspace.html
 */
export function linspace(
  start: number,
  stop: number,
  num = 50,
  options: LikeOptions & { readonly endpoint?: boolean } = {},
): ChunkedArray {
  const where = 'np.chunked.linspace';
  spaceOptions.check(options, where);
  if (!Number.isSafeInteger(num) || num < 0)
    throw new ArgumentError(`${where}: ${num} samples`, 'pass an integer from 0', { num });
  const { endpoint = true } = options;
  const dtype = asDType(options.dtype ?? dtypes.float64);
  const [chunk] = chunksFor(options.chunks, [num], dtype, where);
  const parts = endpoint ? num - 1 : num;
  const at = positions(num, chunk);
  const step = (stop - start) / parts;
  const made = step === 0 || parts === 0 ? at.multiply(0).add(start) : at.multiply(step).add(start);
  const exact =
    endpoint && num > 1 ? (choose(at.equal(num - 1) as never, stop, made as never) as unknown as ChunkedArray) : made; // hands over
  return dtype.kind === 'i' || dtype.kind === 'u' ? exact.floor().astype(dtype) : exact.astype(dtype);
}

/**
 * Ones on the diagonal `k`, zeros elsewhere.
 * @example (await np.chunked.eye(2).compute()).tolist() // [[1, 0], [0, 1]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.eye.html
 */
export function eye(n: number, m: number = n, k = 0, options: LikeOptions = {}): ChunkedArray {
  const where = 'np.chunked.eye';
  eyeOptions.check(options, where);
  const dtype = asDType(options.dtype ?? dtypes.float64);
  const chunks = chunksFor(options.chunks, [n, m], dtype, where);
  const [i, j] = [positions(n, chunks[0]), positions(m, chunks[1])];
  return i.add(k).get(':', null).equal(j.get(null, ':')).astype(dtype);
}

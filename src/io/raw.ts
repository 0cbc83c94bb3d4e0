// fromfile and tofile: the elements of an array and nothing else, little-endian, in C order. For data of known shape
// and dtype; .npy files say both themselves.
import { asarray, empty } from '../array/creation.ts';
import type { NDArray } from '../array/ndarray.ts';
import { FormatError } from '../base/errors.ts';
import { asDType, type DTypeLike } from '../dtype/dtype.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { typedView } from '../memory/storage.ts';
import { normalizeBooleans, writeStrided } from './npy.ts';
import { writeWhole } from './sink.ts';
import { type Bytes, type FilePath, openSource, SourceReader } from './source.ts';
import { wholeOption } from './table.ts';
import { runAsync, runSync, type Task } from './task.ts';

export interface FromFileOptions {
  readonly dtype?: DTypeLike;
  /** Number of elements; all that there are by default. */
  readonly count?: number | null;
  /** Bytes to skip. */
  readonly offset?: number;
}

function* fromTask(from: FilePath | Bytes, options: FromFileOptions, where: string): Task<NDArray> {
  const dtype = asDType(options.dtype ?? 'float64');
  const offset = wholeOption(options.offset, 'offset', 0, where) ?? 0;
  const wanted = wholeOption(options.count, 'count', 0, where);
  const source = yield* openSource(from, where);
  try {
    const room = Math.max(0, source.size - offset);
    const count = wanted ?? room / dtype.itemsize;
    if (!Number.isInteger(count) || count * dtype.itemsize > room) {
      throw new FormatError(
        `${source.name}: ${wanted ?? 'whole'} elements of ${dtype.name} do not make ${room} bytes`,
        'check dtype, count and offset, or whether the file is complete',
        { file: source.name, expected: Math.ceil(count) * dtype.itemsize, found: room },
      );
    }
    const a = empty([count], { dtype });
    const all = () => typedView(a.storage, a.offset, a.nbytes, Uint8Array);
    const n = yield* new SourceReader(source, offset).fill(all);
    if (n < a.nbytes) {
      throw new FormatError(
        `${source.name}: ${a.nbytes} bytes expected, ${n} found`,
        'the file changed while it was read',
        {
          expected: a.nbytes,
          found: n,
        },
      );
    }
    if (dtype.kind === 'b') normalizeBooleans(all());
    return a;
  } finally {
    yield* source.close();
  }
}

/**
 * A 1-d array of the bytes of a file, or of bytes or a Blob.
 * @throws FormatError when they are not a whole number of elements, and the system's own errors.
 * @example await np.fromfile('samples.f32', { dtype: 'float32' })
 */
export const fromfile = async (from: FilePath | Bytes, options: FromFileOptions = {}): Promise<NDArray> =>
  runAsync(fromTask(from, options, 'fromfile'));
/** `fromfile`, blocking; not from a Blob. */
export const fromfileSync = (from: FilePath | Bytes, options: FromFileOptions = {}): NDArray =>
  runSync(fromTask(from, options, 'fromfileSync'));

const toTask = (file: FilePath, x: ArrayLike, where: string): Task<void> => {
  const a = asarray(x);
  return writeWhole(file, where, (sink) => writeStrided(a, (bytes) => sink.write(bytes)));
};

/**
 * Writes the elements of an array, in C order, and nothing else. The file appears whole or not at all.
 * @example await np.tofile(a, 'samples.f32')
 */
export const tofile = async (x: ArrayLike, file: FilePath): Promise<void> => runAsync(toTask(file, x, 'tofile'));
/** `tofile`, blocking. */
export const tofileSync = (x: ArrayLike, file: FilePath): void => runSync(toTask(file, x, 'tofileSync'));

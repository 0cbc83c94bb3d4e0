// load, save, savez and savez_compressed, each asynchronous and blocking. What is read and written is in npy.ts and
// npz.ts; files appear whole or not at all (sink.ts).
import { asarray } from '../array/creation.ts';
import type { NDArray } from '../array/ndarray.ts';
import { FormatError } from '../base/errors.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { readNpy, saveNpy } from './npy.ts';
import { NPY_MAGIC } from './npy_header.ts';
import { type NamedArrays, type NpzFile, namedArrays, openNpz, saveNpz } from './npz.ts';
import { MemorySink, writeWhole } from './sink.ts';
import { type ByteSource, type Bytes, type FilePath, openSource, pathText, SourceReader } from './source.ts';
import { runAsync, runSync, type Task } from './task.ts';

/** What a file holds, when its name alone does not tell the compiler. */
export interface LoadOptions<K extends 'npy' | 'npz' = 'npy' | 'npz'> {
  /** Refuse anything else. The name decides by default: .npy, .npz, or else whatever is there. */
  readonly kind?: K;
}
type Loaded<K> = K extends 'npz' ? NpzFile : NDArray;

const PICKLE = 0x80;

function* loadTask(from: FilePath | Bytes, options: LoadOptions, where: string): Task<NDArray | NpzFile> {
  const source = yield* openSource(from, where);
  let npz: NpzFile | undefined;
  try {
    const found = yield* kindOf(source);
    const named = /\.(npy|npz)$/.exec(typeof from === 'string' ? from : '')?.[1];
    const wanted = options.kind ?? named ?? found;
    if (wanted !== found) {
      throw new FormatError(
        `${source.name} holds .${found} data where .${wanted} was expected`,
        `rename it to end in .${found}, or pass { kind: '${found}' }`,
        { file: source.name, found, expected: wanted },
      );
    }
    if (found === 'npy') return yield* readNpy(new SourceReader(source));
    npz = yield* openNpz(source);
    return npz;
  } finally {
    if (npz === undefined) yield* source.close();
  }
}

/** What the first bytes say. @throws FormatError for anything else. */
export function* kindOf(source: ByteSource): Task<'npy' | 'npz'> {
  const start = new Uint8Array(8);
  const n = yield* source.read(() => start, 0);
  if (n >= NPY_MAGIC.length && NPY_MAGIC.every((byte, i) => start[i] === byte)) return 'npy';
  if (start[0] === 0x50 && start[1] === 0x4b && (start[2] === 3 || start[2] === 5)) return 'npz';
  const pickle = start[0] === PICKLE && start[1] >= 2 && start[1] <= 5;
  throw new FormatError(
    n === 0
      ? `${source.name} is empty`
      : `${source.name} is neither .npy nor .npz${pickle ? ' but a pickle, which can run code' : ''}`,
    pickle
      ? 'in NumPy, save it again with np.save'
      : 'load files written by np.save and np.savez; for text use loadtxt',
    { file: source.name, start: [...start.subarray(0, n)] },
  );
}

/**
 * The array in a .npy file, or an open .npz archive. Data comes from a path, a file: URL, bytes, or a Blob; elements go
 * straight into the heap, in pieces; big-endian files are swapped.
 * @throws FormatError for damaged, truncated or hostile files, DTypeError for element types there are not, MemoryError,
 *   and the system's own errors (code 'ENOENT' …).
 * @example const a = await np.load('a.npy')
 */
export function load(from: `${string}.npz`): Promise<NpzFile>;
export function load(from: `${string}.npy`): Promise<NDArray>;
export function load<K extends 'npy' | 'npz'>(
  from: FilePath | Bytes,
  options: Required<LoadOptions<K>>,
): Promise<Loaded<K>>;
export function load(from: FilePath | Bytes, options?: LoadOptions): Promise<NDArray | NpzFile>;
export function load(from: FilePath | Bytes, options: LoadOptions = {}): Promise<NDArray | NpzFile> {
  return runAsync(loadTask(from, options, 'load'));
}

/** `load`, blocking; not from a Blob. */
export function loadSync(from: `${string}.npz`): NpzFile;
export function loadSync(from: `${string}.npy`): NDArray;
export function loadSync<K extends 'npy' | 'npz'>(from: FilePath | Bytes, options: Required<LoadOptions<K>>): Loaded<K>;
export function loadSync(from: FilePath | Bytes, options?: LoadOptions): NDArray | NpzFile;
export function loadSync(from: FilePath | Bytes, options: LoadOptions = {}): NDArray | NpzFile {
  return runSync(loadTask(from, options, 'loadSync'));
}

/** The path with NumPy's suffix, which it adds where it is missing. */
function suffixed(file: FilePath, suffix: string, where: string): string {
  const path = pathText(file, where);
  return path.endsWith(suffix) ? path : path + suffix;
}

function saveTask(file: FilePath, x: ArrayLike, where: string): Task<void> {
  const a = asarray(x);
  return writeWhole(suffixed(file, '.npy', where), where, (sink) => saveNpy(a, sink));
}

/**
 * Writes an array as .npy, the bytes NumPy writes; '.npy' is added to a name without it. The file appears whole or not
 * at all.
 * @throws DisposedError, ArgumentError where there are no files, and the system's own errors.
 * @example await np.save('a.npy', np.arange(10))
 */
export const save = async (file: FilePath, x: ArrayLike): Promise<void> => runAsync(saveTask(file, x, 'save'));
/** `save`, blocking. */
export const saveSync = (file: FilePath, x: ArrayLike): void => runSync(saveTask(file, x, 'saveSync'));

type Arrays = readonly (ArrayLike | NamedArrays)[];

function savezTask(file: FilePath, args: Arrays, compressed: boolean, where: string): Task<void> {
  const arrays = namedArrays(args, where);
  return writeWhole(suffixed(file, '.npz', where), where, (sink) => saveNpz(arrays, sink, compressed));
}

/**
 * Writes arrays into one .npz archive: listed ones as arr_0, arr_1 …, those of a last plain object by their names.
 * @throws ArgumentError for names that clash, and as `save`.
 * @example await np.savez('run.npz', a, { weights: w })
 */
export const savez = async (file: FilePath, ...arrays: Arrays): Promise<void> =>
  runAsync(savezTask(file, arrays, false, 'savez'));
/** `savez`, blocking. */
export const savezSync = (file: FilePath, ...arrays: Arrays): void =>
  runSync(savezTask(file, arrays, false, 'savezSync'));
/** `savez` with deflate. */
export const savez_compressed = async (file: FilePath, ...arrays: Arrays): Promise<void> =>
  runAsync(savezTask(file, arrays, true, 'savez_compressed'));
/** `savez_compressed`, blocking. */
export const savez_compressedSync = (file: FilePath, ...arrays: Arrays): void =>
  runSync(savezTask(file, arrays, true, 'savez_compressedSync'));

/**
 * The bytes `save` would write, for where there are no files.
 * @example new Blob([np.npyBytes(a)])
 */
export function npyBytes(x: ArrayLike): Uint8Array<ArrayBuffer> {
  const sink = new MemorySink();
  runSync(saveNpy(asarray(x), sink));
  return sink.bytes();
}

/**
 * The bytes `savez` or, with `compressed`, `savez_compressed` would write.
 * @example await np.npzBytes({ x: a }, { compressed: true })
 */
export async function npzBytes(
  arrays: NamedArrays,
  options: { readonly compressed?: boolean } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const sink = new MemorySink();
  await runAsync(saveNpz(namedArrays([arrays], 'npzBytes'), sink, options.compressed ?? false));
  return sink.bytes();
}

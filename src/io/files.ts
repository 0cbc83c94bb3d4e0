// load, save, savez and savez_compressed, each asynchronous and blocking. What is read and written is in npy.ts and
// npz.ts; files appear whole or not at all (sink.ts).
import { asarray } from '../array/creation.ts';
import type { NDArray } from '../array/ndarray.ts';
import { ArgumentError, FormatError } from '../base/errors.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { kindOf } from './location.ts';
import { type MapMode, type MappedArray, openArray } from './memmap.ts';
import { readNpy, saveNpy } from './npy.ts';
import { type NamedArrays, type NpzFile, namedArrays, openNpz, saveNpz } from './npz.ts';
import { MemorySink, writeWhole } from './sink.ts';
import { type Bytes, type FilePath, isPath, openSource, pathText, SourceReader } from './source.ts';
import { runAsync, runSync, type Task } from './task.ts';

/** What a file holds, when its name alone does not tell the compiler. */
export interface LoadOptions<K extends 'npy' | 'npz' = 'npy' | 'npz'> {
  /** Refuse anything else. The name decides by default: .npy, .npz, or else whatever is there. */
  readonly kind?: K;
}
/** An array over the file instead of one in memory, as `openArray` opens it. */
export interface MapOptions {
  readonly mmap_mode: MapMode;
}
type Loaded<K> = K extends 'npz' ? NpzFile : NDArray;

type AnyOptions = LoadOptions & Partial<MapOptions>;

function* loadTask(from: FilePath | Bytes, options: AnyOptions, where: string): Task<NDArray | NpzFile | MappedArray> {
  const { mmap_mode: mode } = options;
  if (mode !== undefined && mode !== null) {
    if (isPath(from)) return openArray(from, { mode });
    throw new ArgumentError(`${where}: mmap_mode is for files, not for bytes`, 'leave it out, or pass a path', {
      where,
    });
  }
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

/**
 * The array in a .npy file, or an open .npz archive. Data comes from a path, a file: URL, bytes, or a Blob; elements go
 * straight into the heap, in pieces; big-endian files are swapped.
 * @throws FormatError for damaged, truncated or hostile files, DTypeError for element types there are not, MemoryError,
 *   and the system's own errors (code 'ENOENT' …).
 * @example const a = await np.load('a.npy')
 */
export function load(from: FilePath, options: MapOptions): Promise<MappedArray>;
export function load(from: `${string}.npz`): Promise<NpzFile>;
export function load(from: `${string}.npy`): Promise<NDArray>;
export function load<K extends 'npy' | 'npz'>(
  from: FilePath | Bytes,
  options: Required<LoadOptions<K>>,
): Promise<Loaded<K>>;
export function load(from: FilePath | Bytes, options?: LoadOptions): Promise<NDArray | NpzFile>;
export function load(from: FilePath | Bytes, options: AnyOptions = {}): Promise<NDArray | NpzFile | MappedArray> {
  return runAsync(loadTask(from, options, 'load'));
}

/** `load`, blocking; not from a Blob. */
export function loadSync(from: FilePath, options: MapOptions): MappedArray;
export function loadSync(from: `${string}.npz`): NpzFile;
export function loadSync(from: `${string}.npy`): NDArray;
export function loadSync<K extends 'npy' | 'npz'>(from: FilePath | Bytes, options: Required<LoadOptions<K>>): Loaded<K>;
export function loadSync(from: FilePath | Bytes, options?: LoadOptions): NDArray | NpzFile;
export function loadSync(from: FilePath | Bytes, options: AnyOptions = {}): NDArray | NpzFile | MappedArray {
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

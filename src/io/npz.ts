// Archives of arrays: NpzFile reads members when they are asked for, saveNpz writes them. The container is in zip_*.ts,
// the members in npy.ts.
import { asarray } from '../array/creation.ts';
import type { NDArray } from '../array/ndarray.ts';
import { ArgumentError, DisposedError, FormatError } from '../base/errors.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { readNpy, writeNpy } from './npy.ts';
import type { ByteSink } from './sink.ts';
import type { ByteSource } from './source.ts';
import { runAsync, runSync, type Task } from './task.ts';
import { openMember, readDirectory, type ZipEntry } from './zip_read.ts';
import { ZipWriter } from './zip_write.ts';

const SUFFIX = '.npy';

/**
 * An open .npz archive. Arrays are read each time they are asked for; nothing is kept. Close it, or declare it with
 * `await using` or `using`.
 * @example
 * await using npz = await np.load('run.npz');
 * const weights = await npz.get('weights');
 */
export class NpzFile implements AsyncDisposable, Disposable {
  /** Names of the arrays, in the archive's order. */
  readonly files: readonly string[];
  readonly #source: ByteSource;
  readonly #entries: Map<string, ZipEntry>;
  #open = true;

  /** Made by `load`. */
  constructor(source: ByteSource, entries: Map<string, ZipEntry>) {
    this.#source = source;
    this.#entries = entries;
    this.files = namesOf(entries);
  }

  /** Whether there is an array of this name. */
  has(name: string): boolean {
    return find(this.#entries, name) !== undefined;
  }

  /**
   * Reads one array.
   * @throws ArgumentError for an unknown name, FormatError for a damaged member, DisposedError after close.
   */
  get(name: string): Promise<NDArray> {
    return runAsync(this.#read(name));
  }

  /** `get`, blocking. */
  getSync(name: string): NDArray {
    return runSync(this.#read(name));
  }

  /** Closes the file; a second call does nothing. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await runAsync(this.#source.close());
  }

  /** `close`, blocking. */
  closeSync(): void {
    if (!this.#open) return;
    this.#open = false;
    runSync(this.#source.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
  [Symbol.dispose](): void {
    this.closeSync();
  }

  *#read(name: string): Task<NDArray> {
    const archive = this.#source.name;
    if (!this.#open) {
      throw new DisposedError(`${archive}: the archive was closed`, 'read its arrays before close()', {
        file: archive,
      });
    }
    const entry = memberOf(this.#entries, name, archive);
    const member = yield* openMember(this.#source, entry);
    let a: NDArray | undefined;
    try {
      a = yield* readNpy(member);
      yield* member.finish();
      return a;
    } catch (error) {
      a?.dispose(); // a wrong checksum is only seen at the end
      throw error;
    } finally {
      member.close();
    }
  }
}

type Entries = ReadonlyMap<string, ZipEntry>;

/** Names of the arrays, in the archive's order. */
export const namesOf = (entries: Entries): string[] =>
  [...entries.keys()].map((name) => (name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name));

/** With or without .npy, as NumPy's. */
const find = (entries: Entries, name: string): ZipEntry | undefined => entries.get(name + SUFFIX) ?? entries.get(name);

/** The member that holds an array. @throws ArgumentError where there is none of this name, FormatError for other members. */
export function memberOf(entries: Entries, name: string, archive: string): ZipEntry {
  const entry = find(entries, name);
  if (entry === undefined) {
    const files = namesOf(entries);
    const some = files.slice(0, 20).join(', ');
    throw new ArgumentError(`${archive} has no array '${name}'`, `use one of: ${some}`, { name, files });
  }
  if (entry.name.endsWith(SUFFIX)) return entry;
  throw new FormatError(`${archive}[${entry.name}] is not an array`, 'only .npy members can be read', { name });
}

/** The name of the one array. @throws ArgumentError where there is none, or several. */
export function onlyName(files: readonly string[], archive: string): string {
  if (files.length === 1) return files[0];
  const fix = `say which: '${archive}#${files[0] ?? 'name'}'`;
  throw new ArgumentError(`${archive} holds ${files.length} arrays: ${files.slice(0, 20).join(', ')}`, fix, { files });
}

/** Opens an archive on a source, which it then owns. */
export function* openNpz(source: ByteSource): Task<NpzFile> {
  return new NpzFile(source, yield* readDirectory(source));
}

/** Arrays by name: `savez(file, a, b)` calls them arr_0 and arr_1, `savez(file, { x: a })` x. */
export type NamedArrays = Readonly<Record<string, ArrayLike>>;

/** Arguments of savez as names and arrays, named ones first as NumPy writes them. */
export function namedArrays(args: readonly (ArrayLike | NamedArrays)[], where: string): Map<string, NDArray> {
  const last = args[args.length - 1];
  const named = isNamed(last) ? last : {};
  const listed = (isNamed(last) ? args.slice(0, -1) : args) as readonly ArrayLike[]; // isNamed has told them apart
  const made = new Map<string, NDArray>();
  for (const [name, x] of Object.entries(named)) made.set(name, asarray(x));
  listed.forEach((x, i) => {
    const name = `arr_${i}`;
    if (made.has(name)) {
      throw new ArgumentError(`${where}: ${name} is both a name and the position of an array`, `rename '${name}'`, {
        name,
      });
    }
    made.set(name, asarray(x));
  });
  for (const name of made.keys()) {
    if (name === '' || name.includes('\0')) {
      throw new ArgumentError(`${where}: '${name}' cannot name an array`, 'use a name of at least one character', {
        name,
      });
    }
  }
  return made;
}

function isNamed(x: ArrayLike | NamedArrays | undefined): x is NamedArrays {
  return typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;
}

/** Writes an archive. */
export function* saveNpz(arrays: Map<string, NDArray>, sink: ByteSink, compressed: boolean): Task<void> {
  const zip = new ZipWriter(sink, compressed);
  for (const [name, a] of arrays) yield* zip.add(name + SUFFIX, (write) => writeNpy(a, write));
  yield* zip.finish();
}

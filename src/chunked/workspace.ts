// Where blocks of intermediate results are between two stages: in memory as long as the budget lasts, the oldest on disk
// after that. One directory per run, made when the first block goes there and removed at the end; directories of processes
// that have died are removed by whoever comes next.

import { empty } from '../array/creation.ts';
import { getItem, setItem } from '../array/indexing.ts';
import type { NDArray } from '../array/ndarray.ts';
import { events } from '../base/events.ts';
import { platform } from '../base/platform.ts';
import { type FileSystem, fileSystem } from '../io/source.ts';
import type { Region } from '../io/store.ts';
import { sameShape } from '../shape/strides.ts';
import { isWhole, piecesOf, readPiece, writeBlock } from './block_file.ts';
import { type Grid, regionOf } from './grid.ts';
import { isAlive } from './journal.ts';
import { blocksIn, meeting, slicesOf, within } from './region.ts';

export interface WorkspaceOptions {
  /** Bytes of blocks that stay in memory. */
  readonly budget: number;
  /** Where blocks go that do not; the system's directory of temporary files if not said. */
  readonly directory?: string | undefined;
  /** Blocks go to disk at once, stay there, and are found by a later run. */
  readonly durable?: boolean;
  /** Another file system, for tests. */
  readonly fs?: FileSystem | undefined;
}

/** A block that is kept. */
interface Entry {
  array: NDArray | undefined;
  readonly nbytes: number;
  /** Who uses the array now. */
  users: number;
  /** It is on disk, so that the array is disposed after its last use. */
  leaving: boolean;
  readonly path: string;
  readonly pieces: Grid;
}

/** Elements for a while: `release` says that they are not needed any more. */
export interface Taken {
  readonly array: NDArray;
  release(): void;
}

const PREFIX = 'orthant-';
/** The directory of a run that may be taken up again. */
const DURABLE = 'orthant-run';

export class Workspace {
  /** Bytes in memory, and the most there were. */
  held = 0;
  peak = 0;
  /** Bytes that went to disk. */
  spilled = 0;
  budget: number;
  readonly durable: boolean;
  readonly #fs: FileSystem | undefined;
  readonly #asked: string | undefined;
  #directory: string | undefined;
  /** Blocks in memory, the oldest first. */
  readonly #inMemory = new Set<Entry>();

  constructor({ budget, directory, durable = false, fs }: WorkspaceOptions) {
    this.budget = budget;
    this.durable = durable;
    this.#asked = directory;
    this.#fs = fs;
  }

  get fs(): FileSystem {
    return this.#fs ?? fileSystem('the workspace of a plan over blocks');
  }

  /** The run's directory, made when it is first asked for. */
  get directory(): string {
    if (this.#directory !== undefined) return this.#directory;
    const { fs } = this;
    const root = this.#asked ?? platform.builtin<typeof import('node:os')>('node:os')?.tmpdir() ?? '/tmp';
    fs.mkdirSync(root, { recursive: true });
    if (this.durable) {
      this.#directory = `${root}/${DURABLE}`;
      fs.mkdirSync(this.#directory, { recursive: true });
    } else {
      removeStale(fs, root);
      this.#directory = fs.mkdtempSync(`${root}/${PREFIX}${process.pid}-`);
    }
    return this.#directory;
  }

  /** Takes a block over. On disk when this returns, where memory is full or the workspace is durable. */
  async put(file: string, values: NDArray, parts: readonly number[]): Promise<Entry> {
    const entry: Entry = {
      array: values,
      nbytes: values.nbytes,
      users: 0,
      leaving: false,
      path: file,
      pieces: piecesOf(values.shape, parts),
    };
    this.held += entry.nbytes;
    this.peak = Math.max(this.peak, this.held);
    this.#inMemory.add(entry);
    if (this.durable) await this.#write(entry, values);
    await this.#fit();
    return entry;
  }

  /** Another budget: when this returns, what is in memory is within it, or on its way out. */
  async allow(budget: number): Promise<void> {
    this.budget = budget;
    await this.#fit();
  }

  async #fit(): Promise<void> {
    while (this.held > this.budget) {
      const [oldest] = this.#inMemory;
      if (oldest?.array === undefined) break; // all that is left is on its way out
      this.#inMemory.delete(oldest);
      if (!this.durable) await this.#spill(oldest, oldest.array);
      this.#leave(oldest);
    }
  }

  async #spill(entry: Entry, values: NDArray): Promise<void> {
    entry.users++;
    try {
      await this.#write(entry, values);
    } finally {
      entry.users--;
    }
    this.spilled += entry.nbytes;
    if (events.active['chunked.spill']) {
      events.emit('chunked.spill', { nbytes: entry.nbytes, spilled: this.spilled, path: this.directory });
    }
  }

  #write({ path, pieces }: Entry, values: NDArray): Promise<void> {
    return writeBlock(this.fs, this.pathOf(path), values, pieces, { durable: this.durable });
  }

  pathOf(file: string): string {
    return `${this.directory}/${file}`;
  }

  // The array goes when nobody uses it any more.
  #leave(entry: Entry): void {
    entry.leaving = true;
    if (entry.users > 0) return;
    if (entry.array !== undefined) this.held -= entry.nbytes;
    entry.array?.storage.dispose();
    entry.array = undefined;
  }

  /** A block that is on disk from an earlier run. */
  found(file: string, shape: readonly number[], parts: readonly number[], itemsize: number): Entry {
    const nbytes = shape.reduce((a, b) => a * b, itemsize);
    return { array: undefined, nbytes, users: 0, leaving: true, path: file, pieces: piecesOf(shape, parts) };
  }

  /** The elements of a rectangle of a block: as they are in memory, or read. */
  async take(entry: Entry, region: Region, dtype: NDArray['dtype']): Promise<Taken> {
    const { array, pieces } = entry;
    if (array !== undefined) {
      entry.users++;
      let over = false;
      const release = (): void => {
        if (over) return;
        over = true;
        entry.users--;
        if (entry.leaving) this.#leave(entry);
      };
      return { array: cutFrom(array, region), release };
    }
    const made = empty(region.shape, { dtype });
    const path = this.pathOf(entry.path);
    try {
      for (const piece of blocksIn(pieces, region)) {
        const at = regionOf(pieces, piece);
        if (sameShape(at.shape, region.shape)) await readPiece(this.fs, path, made, pieces, piece);
        else {
          const whole = empty(at.shape, { dtype });
          try {
            await readPiece(this.fs, path, whole, pieces, piece);
            const part = meeting(at, region);
            setItem(made, slicesOf(part, region.start), cutFrom(whole, within(part, at.start)));
          } finally {
            whole.storage.dispose();
          }
        }
      }
    } catch (error) {
      made.storage.dispose();
      throw error;
    }
    return { array: made, release: () => made.storage.dispose() };
  }

  /** Nobody reads the block any more; `keep` leaves its file for a later run. */
  drop(entry: Entry, keep: boolean): void {
    this.#inMemory.delete(entry);
    const onDisk = entry.leaving || this.durable;
    this.#leave(entry);
    if (onDisk && !keep) this.fs.rmSync(this.pathOf(entry.path), { force: true });
  }

  /** Is a block on disk as it was written? */
  isWhole(file: string, nbytes: number): Promise<boolean> {
    return isWhole(this.fs, this.pathOf(file), nbytes);
  }

  /** Removes what is left of the run; a durable one's only when it is `finished`. */
  close(finished: boolean): void {
    for (const entry of this.#inMemory) this.#leave(entry);
    this.#inMemory.clear();
    if (this.#directory !== undefined && (finished || !this.durable)) {
      this.fs.rmSync(this.#directory, { recursive: true, force: true });
    }
    this.#directory = undefined;
  }
}

export type { Entry };

/** The elements of a rectangle of a block. */
export const cutFrom = (a: NDArray, region: Region): NDArray =>
  sameShape(a.shape, region.shape)
    ? a
    : getItem(
        a,
        slicesOf(
          region,
          region.start.map(() => 0),
        ),
      );

/** Removes the directories of processes that are no more. */
function removeStale(fs: FileSystem, root: string): void {
  for (const name of fs.readdirSync(root)) {
    const [, pid] = new RegExp(`^${PREFIX}(\\d+)-`).exec(name) ?? [];
    if (pid === undefined || Number(pid) === process.pid) continue;
    if (!isAlive(Number(pid))) fs.rmSync(`${root}/${name}`, { recursive: true, force: true });
  }
}

// Blocks as files: the elements, piece after piece, and a few bytes at the end that say whether all of it is there. A file
// gets its name when it is written, so that a name means a whole block. Not a format for users: the workspace's own.

import { empty } from '../array/creation.ts';
import { getItem } from '../array/indexing.ts';
import type { NDArray } from '../array/ndarray.ts';
import { FormatError, OrthantError } from '../base/errors.ts';
import { contiguousIn } from '../exec/copy.ts';
import { crc32 } from '../io/crc32.ts';
import { FileSink } from '../io/sink.ts';
import { FileSource, type FileSystem } from '../io/source.ts';
import { runAsync } from '../io/task.ts';
import { readable } from '../memory/refusal.ts';
import { typedView } from '../memory/storage.ts';
import { sameShape, sizeOf } from '../shape/strides.ts';
import { type Grid, gridOf, regionOf } from './grid.ts';
import { slicesOf } from './region.ts';

const MAGIC = 0x4b4c4248; // 'HBLK'
const FOOTER = 16;
/** Bytes of elements that are summed at a time, so that the event loop has its turn. */
const SUMMED = 2 ** 19;

/** How a block is written. */
export interface Writing {
  /** On the disk when it is done, and checked when it is read again: for runs that are taken up again. */
  readonly durable: boolean;
}

const bytesOf = (a: NDArray): Uint8Array => typedView(a.storage, a.offset, a.nbytes, Uint8Array);

/** The pieces of a block: where each is in the block. */
export const piecesOf = (shape: readonly number[], parts: readonly number[]): Grid =>
  gridOf(
    shape,
    parts.map((n, d) => Math.max(1, Math.min(n, shape[d]))),
  );

/** Bytes that writing a block takes besides it. */
export const writeMemory = (nbytes: number, whole: boolean): number => (whole ? 0 : nbytes);

/**
 * Writes a block under its name, or nothing.
 * @throws OrthantError where the disk is full; the system's own errors else.
 */
export async function writeBlock(
  fs: FileSystem,
  path: string,
  values: NDArray,
  pieces: Grid,
  { durable }: Writing,
): Promise<void> {
  const temporary = `${path}.tmp`;
  const fd = fs.openSync(temporary, 'w', 0o600);
  let open = true;
  try {
    const sink = new FileSink(fs, fd);
    let sum = 0;
    for (let i = 0; i < pieces.blocks; i++) {
      const region = regionOf(pieces, i);
      const all = sameShape(region.shape, values.shape);
      const part = all
        ? values
        : getItem(
            values,
            slicesOf(
              region,
              region.start.map(() => 0),
            ),
          );
      const lies = contiguousIn(part) as NDArray; // the class that results have
      try {
        const bytes = bytesOf(lies);
        await runAsync(sink.write(bytes));
        if (durable) sum = crc32(bytes, sum);
      } finally {
        if (lies.storage !== values.storage) lies.storage.dispose();
      }
    }
    const footer = new DataView(new ArrayBuffer(FOOTER));
    footer.setUint32(0, MAGIC);
    footer.setUint32(4, sum);
    footer.setBigUint64(8, BigInt(values.nbytes));
    await runAsync(sink.write(new Uint8Array(footer.buffer)));
    if (durable) await new Promise<void>((done, fail) => fs.fsync(fd, (e) => (e ? fail(e) : done())));
    fs.closeSync(fd);
    open = false;
    fs.renameSync(temporary, path);
  } catch (error) {
    if (open) fs.closeSync(fd);
    fs.rmSync(temporary, { force: true });
    throw diskFull(error, fs, path, values.nbytes);
  }
}

/** What a full disk means: where, how much was to be written, how much there is. Other errors as they are. */
export function diskFull(error: unknown, fs: FileSystem, path: string, needed: number): unknown {
  const code = (error as { code?: unknown }).code;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  let free: number | undefined;
  try {
    const { bavail, bsize } = fs.statfsSync(path.replace(/[/\\][^/\\]*$/, ''));
    free = bavail * bsize;
  } catch {
    // a file system that does not say
  }
  const left = free === undefined ? '' : `, ${readable(free)} are free`;
  return new OrthantError(
    `${path}: the disk is full: ${readable(needed)} were to be written${left}`,
    'make room and run it again, pass { workspace } on a larger disk, or allow more memory so that less is put aside',
    { path, needed, free, code },
    { cause: error },
  );
}

/** The elements of one piece of a block. @throws FormatError where the file is not as long as it should be. */
export async function readPiece(
  fs: FileSystem,
  path: string,
  into: NDArray,
  pieces: Grid,
  piece: number,
): Promise<void> {
  const { itemsize } = into.dtype;
  const fd = await new Promise<number>((done, fail) => fs.open(path, 'r', (e, n) => (e ? fail(e) : done(n))));
  try {
    const source = new FileSource(fs, path, fd, 0);
    const n = await runAsync(source.read(() => bytesOf(into), offsetOf(pieces, piece) * itemsize));
    if (n !== into.nbytes) throw damaged(path);
  } finally {
    fs.closeSync(fd);
  }
}

/** Elements before a piece: those of whole pieces, in C order of the pieces. */
function offsetOf(pieces: Grid, piece: number): number {
  if (piece === 0) return 0;
  const { start, shape } = regionOf(pieces, piece);
  // Slabs of earlier pieces along the first axis hold everything there; then the same within the slab.
  let before = 0;
  let rest = sizeOf(pieces.shape);
  for (let d = 0; d < start.length; d++) {
    rest /= Math.max(1, pieces.shape[d]);
    before += start[d] * rest;
    rest *= shape[d];
  }
  return before;
}

/** Is a file a whole block of so many bytes, unchanged since it was written? */
export async function isWhole(fs: FileSystem, path: string, nbytes: number): Promise<boolean> {
  let fd: number;
  try {
    if (fs.statSync(path).size !== nbytes + FOOTER) return false;
    fd = fs.openSync(path, 'r');
  } catch {
    return false;
  }
  const room = empty([Math.max(FOOTER, Math.min(SUMMED, nbytes))], { dtype: 'uint8' });
  try {
    const source = new FileSource(fs, path, fd, 0);
    const take = async (at: number, n: number): Promise<Uint8Array> => {
      const part = (): Uint8Array => bytesOf(room).subarray(0, n);
      return (await runAsync(source.read(part, at))) === n ? part() : new Uint8Array(0);
    };
    let sum = 0;
    for (let at = 0; at < nbytes; at += SUMMED) sum = crc32(await take(at, Math.min(SUMMED, nbytes - at)), sum);
    const footer = (await take(nbytes, FOOTER)).slice();
    if (footer.byteLength !== FOOTER) return false;
    const view = new DataView(footer.buffer);
    return view.getUint32(0) === MAGIC && view.getUint32(4) === sum && view.getBigUint64(8) === BigInt(nbytes);
  } catch {
    return false; // what cannot be read is computed again
  } finally {
    fs.closeSync(fd);
    room.dispose();
  }
}

const damaged = (path: string): FormatError =>
  new FormatError(`${path}: a block of an intermediate result is damaged`, 'run it again: it is computed anew', {
    path,
  });

// Raw deflate through the runtime: node:zlib where there is one, the web's streams elsewhere. Compresses in pieces that
// know the 32 KiB before them, so that the blocking form streams too. Not a codec of our own.
import { ArgumentError, FormatError } from '../base/errors.ts';
import { platform } from '../base/platform.ts';
import { isAsync, step, type Task } from './task.ts';

type Zlib = typeof import('node:zlib');
const zlibOf = (): Zlib | undefined => platform.builtin<Zlib>('node:zlib');

/** How far deflate looks back. */
const WINDOW = 32768;

const onlyAsync = (what: string): never => {
  throw new ArgumentError(`${what} cannot run synchronously here`, 'await the asynchronous function', {
    runtime: platform.runtime,
  });
};

/** Compresses pieces one after another; what `add` returns, strung together, is one deflate stream. */
export class Deflater {
  private before: Uint8Array | undefined;
  private web: WebCodec | undefined;

  *add(piece: Uint8Array, last: boolean): Task<Uint8Array> {
    const zlib = zlibOf();
    if (zlib === undefined) {
      this.web ??= new WebCodec(new CompressionStream('deflate-raw'));
      const web = this.web;
      return yield* step(
        () => onlyAsync('compression'),
        () => web.push(piece.slice(), last),
      );
    }
    const { Z_FINISH, Z_SYNC_FLUSH } = zlib.constants;
    const options = { finishFlush: last ? Z_FINISH : Z_SYNC_FLUSH, dictionary: this.before };
    // A flushed piece ends on a byte and is not marked as the last, so the next one may follow it as it is.
    const input = (yield* isAsync()) ? piece.slice() : piece;
    const made = yield* step<Uint8Array>(
      () => zlib.deflateRawSync(input, options),
      () =>
        new Promise((resolve, reject) => zlib.deflateRaw(input, options, (e, out) => (e ? reject(e) : resolve(out)))),
    );
    if (piece.byteLength > 0) this.before = piece.slice(-WINDOW);
    return made;
  }
}

/** Decompresses: gives compressed bytes in, takes what has come out, never more than `most` in all. */
export class Inflater {
  private readonly name: string;
  private readonly most: number;
  private codec: NodeCodec | WebCodec | undefined;

  constructor(name: string, most: number) {
    this.name = name;
    this.most = most;
  }

  /** The whole of a compressed member at once. */
  all(compressed: Uint8Array): Uint8Array {
    const zlib = zlibOf();
    if (zlib === undefined) return onlyAsync('decompression');
    try {
      return zlib.inflateRawSync(compressed, { maxOutputLength: Math.max(this.most, 1) });
    } catch (error) {
      throw this.refusal(error);
    }
  }

  async push(compressed: Uint8Array<ArrayBuffer>, last: boolean): Promise<Uint8Array> {
    const zlib = zlibOf();
    this.codec ??= zlib ? new NodeCodec(zlib) : new WebCodec(new DecompressionStream('deflate-raw'));
    try {
      return await this.codec.push(compressed, last);
    } catch (error) {
      throw this.refusal(error);
    }
  }

  /** Gives up what the runtime holds. */
  close(): void {
    this.codec?.close();
  }

  private refusal(cause: unknown): FormatError {
    return new FormatError(
      `${this.name}: the compressed data is damaged, or more than the ${this.most} bytes announced`,
      'write the archive again with np.savez_compressed, and copy it in binary mode',
      { member: this.name, announced: this.most },
      { cause },
    );
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

class NodeCodec {
  private readonly stream: ReturnType<Zlib['createInflateRaw']>;
  private parts: Uint8Array[] = [];
  private failure: unknown;

  constructor(zlib: Zlib) {
    this.stream = zlib.createInflateRaw();
    this.stream.on('data', (part: Uint8Array) => this.parts.push(part));
    this.stream.on('error', (error) => {
      this.failure = error;
    });
  }

  async push(piece: Uint8Array, last: boolean): Promise<Uint8Array> {
    await new Promise<void>((resolve, reject) => {
      this.stream.once('error', reject);
      const done = () => {
        this.stream.off('error', reject);
        resolve();
      };
      if (!last) this.stream.write(piece, done);
      else {
        this.stream.once('end', done);
        this.stream.end(piece);
      }
    });
    if (this.failure !== undefined) throw this.failure;
    const made = joined(this.parts);
    this.parts = [];
    return made;
  }

  close(): void {
    this.stream.destroy();
  }
}

class WebCodec {
  private readonly writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  private readonly finished: Promise<void>;
  private parts: Uint8Array[] = [];

  constructor(stream: CompressionStream | DecompressionStream) {
    this.writer = stream.writable.getWriter();
    this.finished = this.collect(stream.readable.getReader());
    this.finished.catch(() => {}); // seen by whoever awaits the last piece; until then it must not count as unhandled
  }

  private async collect(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    for (let it = await reader.read(); !it.done; it = await reader.read()) this.parts.push(it.value);
  }

  async push(piece: Uint8Array<ArrayBuffer>, last: boolean): Promise<Uint8Array> {
    await this.writer.write(piece);
    if (last) await Promise.all([this.writer.close(), this.finished]);
    const made = joined(this.parts);
    this.parts = [];
    return made;
  }

  close(): void {
    this.writer.abort().catch(() => {}); // already closed or failed: nothing is left to give up
  }
}

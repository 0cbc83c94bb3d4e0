// A Zarr store on a server: a GET per key, with a Range for parts of shards. Bytes go into the heap as they arrive, never
// more of them than were asked for. Not retrying, which is for whoever runs many reads (../transient.ts).

import { FormatError, TransferError } from '../../base/errors.ts';
import { damagedChunk } from './codec/codec.ts';
import { LONGEST } from './document.ts';
import { type Entry, type Get, type KeyStore, type Range, window } from './keys.ts';
import type { Piece } from './piece.ts';

export interface HttpOptions {
  /** Sent with every request: Authorization and the like. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds without a byte after which a request is given up; 30,000 by default. */
  readonly timeout?: number;
  /** Requests at a time; 8 by default. */
  readonly connections?: number;
  /** Answers that mean that a key is not there; 404 and 410 by default. Some stores say 403. */
  readonly missing?: readonly number[];
}

/** What came of a request before its body. */
interface Answer {
  readonly body: ReadableStreamDefaultReader<Uint8Array> | undefined;
  /** Where the body begins in the value, and how long it is, where that is known. */
  readonly from: number | undefined;
  readonly nbytes: number | undefined;
  /** The server gave all of it though a part was asked for. */
  readonly whole: boolean;
}

export class HttpStore implements KeyStore {
  readonly name: string;
  private readonly base: URL;
  private readonly options: Required<HttpOptions>;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(base: URL, options: HttpOptions) {
    this.base = base;
    this.name = `${base.origin}${base.pathname.replace(/\/+$/, '')}`;
    const { headers = {}, timeout = 30_000, connections = 8, missing = [404, 410] } = options;
    this.options = { headers, timeout, connections, missing };
  }

  address(key: string): string {
    return `${this.name}/${key}`;
  }

  locate(prefix: string): string {
    return this.url(prefix.replace(/\/$/, '')).href;
  }

  async document(key: string, signal?: AbortSignal): Promise<string | undefined> {
    return this.request({ key, most: LONGEST, signal }, async ({ body, nbytes }, next) => {
      if (nbytes !== undefined && nbytes > LONGEST) throw this.tooLong(key, nbytes);
      const decoder = new TextDecoder();
      let text = '';
      let n = 0;
      for (let it = await next(body); it !== undefined; it = await next(body)) {
        n += it.byteLength;
        if (n > LONGEST) throw this.tooLong(key, n);
        text += decoder.decode(it, { stream: true });
      }
      return text + decoder.decode();
    });
  }

  async get(request: Get, room: (nbytes: number) => Piece): Promise<Piece | undefined> {
    const { key, most, range } = request;
    return this.request(request, async ({ body, nbytes, whole }, next) => {
      const tooMany = (n: number) =>
        damagedChunk(this.address(key), `${n} bytes are more than its chunk can have, ${most}`);
      // Of a whole value a part is taken as it passes by; from its end on only when its length is known.
      if (whole && range !== undefined && 'last' in range && nbytes === undefined) {
        throw new TransferError(
          `${this.address(key)}: the server serves no ranges and does not say how long the value is`,
          'use a server that answers Range requests: shards are read in parts',
          { url: this.address(key) },
        );
      }
      const part = whole ? window(range, nbytes ?? Number.MAX_SAFE_INTEGER) : { from: 0, nbytes };
      if (part.nbytes !== undefined && part.nbytes > most && nbytes !== undefined) throw tooMany(part.nbytes);
      const piece = room(Math.min(part.nbytes ?? most, most));
      let passed = 0;
      let done = 0;
      for (let it = await next(body); it !== undefined; it = await next(body)) {
        const from = Math.max(0, part.from - passed);
        passed += it.byteLength;
        if (from >= it.byteLength) continue;
        let found = it.subarray(from);
        if (whole && range !== undefined) found = found.subarray(0, piece.nbytes - done);
        if (done + found.byteLength > piece.nbytes) throw tooMany(done + found.byteLength);
        piece.part(done, found.byteLength).bytes().set(found);
        done += found.byteLength;
        if (whole && range !== undefined && done === piece.nbytes) break;
      }
      return piece.part(0, done);
    });
  }

  sizeOf(): undefined {
    return undefined;
  }

  async list(): Promise<Entry[] | undefined> {
    return undefined;
  }

  private url(key: string): URL {
    const url = new URL(this.base); // with its query: signed addresses
    const parts = key === '' ? [] : key.split('/').map(encodeURIComponent);
    url.pathname = [url.pathname.replace(/\/+$/, ''), ...parts].join('/');
    return url;
  }

  /** Runs a request when it is its turn, and gives up when nothing arrives for too long. */
  private async request<R>(
    { key, range, signal }: Get,
    use: (answer: Answer, next: (body: Answer['body']) => Promise<Uint8Array | undefined>) => Promise<R>,
  ): Promise<R | undefined> {
    signal?.throwIfAborted();
    if (this.running >= this.options.connections) await new Promise<void>((turn) => this.waiting.push(turn));
    else this.running++;
    const giveUp = new AbortController();
    const onAbort = () => giveUp.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    const { timeout } = this.options;
    const late = new TransferError(
      `${this.address(key)}: nothing arrived for ${timeout} ms`,
      'try again, or give the server longer with { timeout }',
      { url: this.address(key), timeout },
    );
    let timer = setTimeout(() => giveUp.abort(late), timeout);
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => giveUp.abort(late), timeout);
    };
    let body: Answer['body'];
    try {
      signal?.throwIfAborted();
      const answer = await this.send(key, range, giveUp.signal);
      if (answer === undefined) return undefined;
      body = answer.body;
      return await use(answer, async (from) => {
        alive();
        const it = await from?.read();
        return it === undefined || it.done ? undefined : it.value;
      });
    } catch (error) {
      if (giveUp.signal.aborted) throw giveUp.signal.reason;
      if (error instanceof TypeError) {
        throw new TransferError(
          `${this.address(key)}: no answer: ${error.message}`,
          'see whether the server can be reached from here',
          { url: this.address(key) },
          { cause: error },
        );
      }
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      body?.cancel().catch(() => {}); // what is left of it; it may have ended by itself
      const turn = this.waiting.shift();
      if (turn === undefined) this.running--;
      else turn();
    }
  }

  private async send(key: string, range: Range | undefined, signal: AbortSignal): Promise<Answer | undefined> {
    // Packed once more on the way, lengths and ranges would be those of the packed bytes.
    const headers: Record<string, string> = { 'accept-encoding': 'identity', ...this.options.headers };
    if (range !== undefined) {
      headers.range = 'last' in range ? `bytes=-${range.last}` : `bytes=${range.from}-${range.from + range.nbytes - 1}`;
    }
    const response = await fetch(this.url(key), { headers, signal });
    const { status } = response;
    if (this.options.missing.includes(status) || !response.ok) await response.body?.cancel();
    if (this.options.missing.includes(status)) return undefined;
    if (status === 416) throw damagedChunk(this.address(key), 'it is shorter than its index says');
    if (!response.ok) {
      throw new TransferError(
        `${this.address(key)}: the server answers ${status} ${response.statusText}`.trimEnd(),
        status >= 500 || status === 429 ? 'try again later' : 'see whether the address and the headers are right',
        { url: this.address(key), status },
      );
    }
    const whole = status !== 206;
    if (whole === false && range === undefined) {
      throw new TransferError(`${this.address(key)}: a part came that was not asked for`, 'see what the server does', {
        url: this.address(key),
        status,
      });
    }
    const encoded = response.headers.get('content-encoding') ?? 'identity';
    const length = encoded === 'identity' ? Number(response.headers.get('content-length') ?? Number.NaN) : Number.NaN;
    const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
    if (!whole && range !== undefined && 'from' in range && start !== undefined && Number(start) !== range.from) {
      throw damagedChunk(this.address(key), `the server gave bytes from ${start}, not from ${range.from}`);
    }
    return {
      body: response.body?.getReader(),
      from: start === undefined ? undefined : Number(start),
      nbytes: Number.isSafeInteger(length) ? length : undefined,
      whole,
    };
  }

  private tooLong(key: string, nbytes: number): FormatError {
    return new FormatError(
      `${this.address(key)} has ${nbytes} bytes or more, which no metadata has`,
      `documents have ${LONGEST} bytes at most`,
      { url: this.address(key), nbytes },
    );
  }
}

// The monitor's HTTP server: a page, a stream of server-sent events, the last view as JSON. It answers GET and nothing
// else, has limits on who listens and how much waits for them, and lets nobody in whom access.ts does not know.
// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { platform } from '../../base/platform.ts';
import { Access, type Credentials, isLoopback } from './access.ts';
import { page, tokenPage } from './page.ts';
import { needsToken } from './seat.ts';
import type { Silence, Subject, Tick } from './tick.ts';
import { Window } from './window.ts';

/** Pages and terminals at a time; connections at a time. */
const MOST_STREAMS = 16;
const MOST_CONNECTIONS = 64;
/** Bytes that may wait for one of them: more is some minutes of ticks. */
const MOST_WAITING = 1 << 20;
const HEADER_BYTES = 8192;
/** A comment line that often keeps proxies from closing a quiet stream. */
const KEEP_ALIVE_MS = 15_000;

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly subject: Subject;
}

/** On every answer: nothing is kept, framed, guessed or sent on. */
const headers = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const;

const text = 'text/plain; charset=utf-8';

const required = <T>(module: T | undefined, name: string): T => {
  if (module === undefined) throw new Error(`there is no ${name} here`);
  return module;
};

/** A server that is not listening yet. */
export class MonitorServer {
  readonly #options: ServerOptions;
  readonly #window: Window;
  readonly #streams = new Set<ServerResponse>();
  readonly #server: Server;
  readonly #keepAlive: ReturnType<typeof setInterval>;
  #access: Access | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#window = new Window(options.subject);
    const { createServer } = required(platform.builtin<typeof import('node:http')>('node:http'), 'node:http');
    this.#server = createServer(
      { maxHeaderSize: HEADER_BYTES, headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 5000 },
      (request, response) => this.#answer(request, response),
    );
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#keepAlive = setInterval(() => this.#broadcast(': \n\n'), KEEP_ALIVE_MS);
  }

  /** Binds; the port and address it came out with. Rejects with the system's error. */
  async listen(): Promise<{ readonly port: number; readonly address: string }> {
    const { host, port: wanted, token } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(wanted, host, resolve);
    });
    const bound = this.#server.address();
    if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
    const { port, address } = bound;
    if (!isLoopback(address) && token === undefined) throw Object.assign(new Error('no token'), { code: needsToken });
    const crypto = required(platform.builtin<typeof import('node:crypto')>('node:crypto'), 'node:crypto');
    this.#access = new Access(crypto, { token, host, address, port });
    return { port, address };
  }

  /** Sends a tick to all who listen. */
  tick(tick: Tick): void {
    this.#broadcast(message('view', this.#window.add(tick)));
  }

  /** Tells all who listen that no ticks come, and why. */
  silence(silence: Silence): void {
    this.#broadcast(message('silence', silence));
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    clearInterval(this.#keepAlive);
    for (const stream of this.#streams) stream.end();
    await new Promise<void>((done) => {
      this.#server.close(() => done());
      this.#server.closeAllConnections?.();
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = parsed(request.url);
    const { authorization, cookie, host } = request.headers;
    const query = url?.searchParams.get('token') ?? null;
    const credentials: Credentials = { host, authorization, cookie, query };
    const access = this.#access;
    const route = this.#routes[url?.pathname ?? ''];
    const refuse = (status: number, why: string, more: Record<string, string> = {}): void => {
      response.writeHead(status, { ...headers, ...more, 'Content-Type': text, Connection: 'close' }).end(`${why}\n`);
    };
    if (access === undefined || !access.knows(credentials)) {
      refuse(421, 'this server does not go by that name: use the address that it printed');
    } else if (request.method !== 'GET') refuse(405, 'the monitor is read-only', { Allow: 'GET' });
    else if (route === undefined) refuse(404, 'there is /, /events and /view');
    else if (route !== this.#routes['/'] && request.headers['sec-fetch-site'] === 'cross-site') {
      refuse(403, 'not for pages from elsewhere');
    } else {
      const { admitted, byQuery } = access.admits(credentials);
      const wrong = query !== null || authorization !== undefined;
      const challenge = { 'WWW-Authenticate': 'Bearer realm="orthant monitor"' };
      if (admitted && byQuery && route === this.#routes['/']) {
        // The token leaves the address bar, and with it histories and screenshots.
        response.writeHead(303, { ...headers, Location: '/', 'Set-Cookie': access.cookie }).end();
      } else if (admitted) route(request, response);
      else if (route === this.#routes['/']) this.#send(response, 401, tokenPage(wrong), challenge);
      else refuse(401, wrong ? 'the token is wrong' : 'a token is needed', challenge);
    }
  }

  readonly #routes: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
    __proto__: null as never, // paths such as /constructor lead nowhere
    '/': (_, response) => this.#send(response, 200, page()),
    '/view': (_, response) => {
      response.writeHead(200, { ...headers, 'Content-Type': 'application/json' });
      const { subject, view } = this.#window.welcome;
      response.end(JSON.stringify({ subject, ...view }));
    },
    '/events': (request, response) => this.#stream(request, response),
  };

  #send(
    response: ServerResponse,
    status: number,
    { html, policy }: { readonly html: string; readonly policy: string },
    more: Record<string, string> = {},
  ): void {
    const all = { ...headers, ...more, 'Content-Security-Policy': policy, 'Content-Type': 'text/html; charset=utf-8' };
    response.writeHead(status, all).end(html);
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    if (this.#streams.size >= MOST_STREAMS) {
      response.writeHead(503, { ...headers, 'Content-Type': text, 'Retry-After': '10' });
      response.end(`${MOST_STREAMS} are watching already\n`);
      return;
    }
    response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream; charset=utf-8' });
    request.socket.setNoDelay(true);
    this.#streams.add(response);
    const gone = (): void => {
      this.#streams.delete(response);
    };
    response.on('close', gone).on('error', gone);
    response.write(`retry: 2000\n${message('welcome', this.#window.welcome)}`);
  }

  #broadcast(text: string): void {
    for (const stream of this.#streams) {
      // Somebody who does not keep up is let go, and comes back when he can: his page reconnects by itself.
      if (stream.writableLength > MOST_WAITING) {
        this.#streams.delete(stream);
        stream.destroy();
      } else stream.write(text);
    }
  }
}

/** JSON has no line breaks of its own, so that it is one line of data. */
const message = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

function parsed(path: string | undefined): URL | null {
  try {
    return new URL(path ?? '/', 'http://monitor');
  } catch {
    return null; // what it is called below
  }
}

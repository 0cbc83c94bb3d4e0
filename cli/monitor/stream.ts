// Reads a monitor: one view, or the stream of server-sent events, over node:http.
import { get, type IncomingMessage } from 'node:http';
import type { Silence, Subject, View, Welcome } from '../../src/diag/monitor/tick.ts';
import { ArgumentError } from '../../src/index.ts';

/** What the stream says. */
export type Said =
  | { readonly event: 'welcome'; readonly data: Welcome }
  | { readonly event: 'view'; readonly data: View }
  | { readonly event: 'silence'; readonly data: Silence };

/** Bytes of one message: more is no monitor. */
const MOST = 1 << 24;

/** The address of a monitor: a URL, a port of this machine, or host:port. */
export function addressOf(given: string): URL {
  const text = /^\d+$/.test(given) ? `127.0.0.1:${given}` : given;
  let url: URL;
  try {
    url = new URL(/^https?:\/\//.test(text) ? text : `http://${text}`);
  } catch {
    throw new ArgumentError(`'${given}' is no address`, 'pass a port, host:port, or the URL that the process printed');
  }
  if (url.protocol !== 'http:') {
    throw new ArgumentError(`${given}: a monitor speaks http`, 'pass the URL that the process printed');
  }
  return url;
}

/** How a process comes to be watched, for those who found none. */
export const howToEnable = (port: string): string =>
  `start the process with ORTHANT_MONITOR=${port}, or call await np.monitor({ port: ${port} }) in it`;

/** @throws ArgumentError for what is not there, wants a token, or is no monitor. */
export function open(
  base: URL,
  path: string,
  token: string | undefined,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(path, base);
  const known = token ?? base.searchParams.get('token') ?? undefined;
  const headers = known === undefined ? {} : { authorization: `Bearer ${known}` };
  const port = base.port === '' ? '80' : base.port;
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, ...(signal && { signal }), timeout: 10_000 }, (response) => {
      const refuse = (what: string, fix: string): void => {
        response.resume();
        reject(new ArgumentError(`${base.host}: ${what}`, fix, { status: response.statusCode }));
      };
      const type = response.headers['content-type'] ?? '';
      if (response.statusCode === 401) {
        refuse(
          known === undefined ? 'a token is needed' : 'the token is wrong',
          'pass --token, or set ORTHANT_MONITOR_TOKEN',
        );
      } else if (response.statusCode === 503) refuse('too many are watching', 'try again later');
      else if (response.statusCode !== 200 || !/^(?:application\/json|text\/event-stream)/.test(type)) {
        refuse(`this is no monitor (status ${response.statusCode})`, howToEnable(port));
      } else resolve(response);
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 10 s')));
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (signal?.aborted) reject(error);
      else {
        const why = error.code === 'ECONNREFUSED' ? 'nothing listens there' : (error.code ?? error.message);
        reject(new ArgumentError(`${base.host}: ${why}`, howToEnable(port), { code: error.code }));
      }
    });
  });
}

/** The last view. */
export async function lastView(base: URL, token: string | undefined): Promise<{ subject: Subject } & Partial<View>> {
  let text = '';
  for await (const part of (await open(base, '/view', token)).setEncoding('utf8')) text += part;
  return JSON.parse(text);
}

/** All that is said until the process ends or `signal` does. */
export async function* stream(base: URL, token: string | undefined, signal: AbortSignal): AsyncGenerator<Said> {
  const response = await open(base, '/events', token, signal);
  let rest = '';
  try {
    for await (const part of response.setEncoding('utf8')) {
      rest += part;
      if (rest.length > MOST) throw new ArgumentError(`${base.host}: this is no monitor`, howToEnable(base.port));
      const messages = rest.split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/m.exec(message) ?? [];
        if (event !== undefined) yield { event, data: JSON.parse(data) } as Said; // as the server writes them
      }
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // of the connection: it has one
    if (!signal.aborted && code !== 'ECONNRESET' && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

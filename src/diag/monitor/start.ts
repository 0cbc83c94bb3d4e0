// Starts the monitor's thread and feeds it: a tick every interval, from a timer between turns of the event loop and from
// the operations themselves while there are no turns.

import { ArgumentError, OrthantError, ThreadError } from '../../base/errors.ts';
import { events, type Subscription } from '../../base/events.ts';
import { platform } from '../../base/platform.ts';
import { version } from '../../base/version.ts';
import { describe, Options } from '../../exec/options.ts';
import { tracing } from '../../memory/tracing.ts';
import { memory, type TraceOptions } from '../memory.ts';
import { Figures } from './figures.ts';
import type { Monitor, MonitorOptions } from './monitor.ts';
import { type FromThread, needsToken, type Seat, type ToThread, word } from './seat.ts';
import script from './thread.ts?bundled';

type Worker = InstanceType<typeof import('node:worker_threads')['Worker']>;

const monitorOptions = new Options(
  ['host', 'name'],
  ['port', 'count'],
  ['token', 'name'],
  ['interval', 'count'],
  ['trace', 'value'],
);
/** A stack takes 0.15 ms: 3 % of the time at most, however many arrays a loop makes. */
const TRACE: TraceOptions = { minimum: 2 ** 20, perSecond: 200 };
const MOST_PORT = 65_535;
/** Names of operations that the thread is told; fused functions bring names of their own. */
const MOST_NAMES = 1000;
/** The thread's JavaScript heap, in megabytes: pages and ten minutes of figures. */
const LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };

interface Settled extends Required<Omit<MonitorOptions, 'token' | 'trace'>> {
  readonly token: string | undefined;
  readonly trace: TraceOptions | undefined;
}

function settle(options: MonitorOptions, where: string): Settled {
  monitorOptions.check(options, where);
  const { host = '127.0.0.1', port = 0, token, interval = 1000, trace = true } = options;
  const refuse = (what: string, fix: string): never => {
    throw new ArgumentError(`${where}: ${what}`, fix, { host, port, interval });
  };
  if (port > MOST_PORT) refuse(`there is no port ${port}`, `pass 0 for any free one, or one up to ${MOST_PORT}`);
  if (interval < 100 || interval > 60_000) refuse(`an interval of ${interval} ms`, 'pass 100 to 60000 milliseconds');
  if (host === '') refuse('host is empty', "pass an address or a name: '127.0.0.1', 'localhost'");
  if (token !== undefined && !/^[\x21-\x7e]{8,256}$/.test(token)) {
    refuse(
      'the token is too short, too long or has characters that cannot be sent',
      'pass 8 to 256 of A-Z a-z 0-9 _ -',
    );
  }
  if (typeof trace !== 'boolean' && (typeof trace !== 'object' || trace === null)) {
    refuse(`trace is ${describe(trace)}`, 'pass true, false, or { minimum, sample }');
  }
  return { host, port, token, interval, trace: trace === true ? TRACE : trace === false ? undefined : trace };
}

const reasons: Readonly<Record<string, (s: Settled) => readonly [what: string, fix: string]>> = {
  EADDRINUSE: ({ host, port }) => [
    `port ${port} of ${host} is taken`,
    'pass port: 0 for any free one, or another port',
  ],
  EACCES: ({ port }) => [`this user may not listen on port ${port}`, 'pass a port from 1024'],
  [needsToken]: ({ host }) => [
    `other machines reach ${host}, and there is no token`,
    "pass a token (np.monitor({ host, token }) or ORTHANT_MONITOR_TOKEN), or listen on '127.0.0.1' and forward the port",
  ],
};
for (const code of ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL']) {
  Object.assign(reasons, {
    [code]: ({ host }: Settled) => [
      `'${host}' is no address of this machine`,
      "pass '127.0.0.1', or '0.0.0.0' with a token",
    ],
  });
}

interface Host {
  process?: { pid?: number; title?: string; argv?: readonly string[] };
}
const { process: own }: Host = globalThis; // absent in browsers

/** What a process is called: its script's file, or the program's. */
function titleOf(): string {
  const [program = 'process', file] = own?.argv ?? [];
  return (file ?? program).replace(/^.*[\\/]/, '');
}

/** Starts one; `hold` keeps the process alive until it listens, for those who wait for that. */
export async function start(options: MonitorOptions, where: string, hold = true): Promise<Monitor> {
  const settled = settle(options, where);
  const { host, port, token, interval } = settled;
  const threads = platform.builtin<typeof import('node:worker_threads')>('node:worker_threads');
  if (threads === undefined) {
    throw new ThreadError(`${where}: this engine has no node:worker_threads`, 'use it in Node, Deno or Bun', {});
  }
  const shared = new SharedArrayBuffer(4 * word.words);
  const subject = {
    pid: own?.pid ?? 0,
    title: titleOf(),
    runtime: platform.runtime,
    version,
    interval,
    startedAt: Date.now(),
  };
  const seat: Seat = { host, port, token, subject, shared };
  const settings = { eval: true, workerData: seat, env: {}, execArgv: [], name: 'orthant monitor' };
  const worker = new threads.Worker(script, { ...settings, resourceLimits: LIMITS });
  if (!hold) worker.unref();
  const feed = new Feed(worker, new Int32Array(shared), settled); // before it listens: there may be no turn for long
  try {
    const said = await firstWord(worker, where);
    if (said.say === 'refused') {
      const [what, fix] = reasons[said.code]?.(settled) ?? [said.message, 'pass another host or port'];
      throw new ArgumentError(`${where}: ${what}`, fix, { host, port, code: said.code });
    }
    worker.unref();
    const wild = /^(?:0\.0\.0\.0|::)$/.test(said.address);
    const name = wild ? 'localhost' : host.includes(':') ? `[${host}]` : host;
    return feed.monitor(`http://${name}:${said.port}/`);
  } catch (error) {
    feed.end();
    await worker.terminate();
    throw error;
  }
}

function firstWord(worker: Worker, where: string): Promise<FromThread> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    const failed = (reason: unknown): void => {
      const why = reason instanceof Error ? reason.message : `it ended with code ${reason}`;
      reject(new ThreadError(`${where}: its thread could not start: ${why}`, 'report this', {}));
    };
    worker.once('error', failed).once('exit', failed);
  });
}

/** What goes to the thread, and ends with it. */
class Feed {
  readonly #worker: Worker;
  readonly #figures: Figures;
  readonly #began: Subscription;
  readonly #trace: Disposable | undefined;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #ids = new Map<string, number>();
  readonly #gone: Promise<void>;
  #ended = false;

  constructor(worker: Worker, words: Int32Array, { interval, trace }: Settled) {
    this.#worker = worker;
    if (trace !== undefined && !tracing.active) this.#trace = memory.trace(trace);
    this.#figures = new Figures(() => {
      Atomics.store(words, word.op, 0);
      // The timer is late: operations follow each other without a turn of the event loop.
      if (this.#figures.age > 1.2 * interval) this.#tick();
    });
    this.#began = events.on('exec.begin', ({ op }) => {
      Atomics.store(words, word.op, this.#ids.get(op) ?? this.#introduce(op));
    });
    this.#timer = setInterval(() => {
      if (this.#figures.age > interval / 2) this.#tick();
    }, interval);
    this.#timer.unref?.(); // a number in some engines
    this.#gone = new Promise((resolve) => {
      worker.once('exit', () => {
        this.end();
        resolve();
      });
    });
    worker.on('error', () => this.end()); // whoever waits for it is told by firstWord
  }

  #say(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #tick(): void {
    this.#say({ say: 'tick', tick: this.#figures.tick() });
  }

  #introduce(op: string): number {
    if (this.#ids.size >= MOST_NAMES) return 0;
    const id = this.#ids.size + 1;
    this.#ids.set(op, id);
    this.#say({ say: 'name', id, op });
    return id;
  }

  /** Stops looking and listening; what runs on here is as before. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#figures.close();
    this.#began();
    this.#trace?.[Symbol.dispose]();
  }

  async #close(): Promise<void> {
    this.end();
    this.#worker.ref(); // whoever waits for the end is not left alone
    this.#say({ say: 'close' });
    await this.#gone;
  }

  monitor(url: string): Monitor {
    this.#tick();
    const close = (): Promise<void> => this.#close();
    return { url, close, [Symbol.asyncDispose]: close };
  }
}

/** The error in one line, for those who started it by the environment. */
export const oneLine = (error: unknown): string =>
  error instanceof OrthantError ? `${error.what}; to fix it: ${error.fix}` : String(error);

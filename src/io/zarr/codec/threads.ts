// Codecs in WebAssembly, for where the system has no libraries: in threads of their own, so that they neither stop the
// event loop nor each other. Started when a chunk needs one; they do not keep the process alive.

import { config } from '../../../base/config.ts';
import { ThreadError } from '../../../base/errors.ts';
import { platform } from '../../../base/platform.ts';
import type { Piece } from '../piece.ts';
import { damagedChunk } from './codec.ts';

/** @internal What a thread is told. */
export interface Task {
  readonly id: number;
  readonly codec: 'blosc' | 'lz4' | 'zstd';
  readonly what: 'decode' | 'encode';
  readonly bytes: Uint8Array;
  readonly level: number;
}
/** @internal What it answers. */
export type Answer = { readonly id: number } & ({ readonly made: Uint8Array } | { readonly error: string });

interface Waiting {
  resolve(made: Uint8Array): void;
  reject(error: unknown): void;
}

/** Of either kind of worker, what is needed here. */
interface Port {
  send(task: Task): void;
  /** Keeps the process alive while it works. */
  hold(on: boolean): void;
}

interface WebWorker {
  postMessage(task: Task, transfer: ArrayBufferLike[]): void;
  onmessage: ((event: { data: Answer }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
}

class Thread {
  readonly waiting = new Map<number, Waiting>();
  readonly #port: Promise<Port>;

  constructor() {
    this.#port = this.#start();
    this.#port.catch(() => {}); // told by every call
  }

  async call(task: Task): Promise<Uint8Array> {
    const port = await this.#port;
    return new Promise((resolve, reject) => {
      if (this.waiting.size === 0) port.hold(true);
      this.waiting.set(task.id, { resolve, reject });
      port.send(task);
    });
  }

  async #start(): Promise<Port> {
    const { default: script } = await import('./script.ts');
    const threads = platform.builtin<typeof import('node:worker_threads')>('node:worker_threads');
    if (threads !== undefined) {
      const worker = new threads.Worker(script, { eval: true, env: {}, execArgv: [], name: 'orthant codecs' });
      worker.unref();
      const port: Port = {
        send: (task) => worker.postMessage(task, [task.bytes.buffer as ArrayBuffer]), // a copy of our own
        hold: (on) => (on ? worker.ref() : worker.unref()),
      };
      worker.on('message', (answer: Answer) => this.#settle(answer, port));
      worker.on('error', (error) => this.#lost(error instanceof Error ? error.message : String(error)));
      worker.on('exit', (code) => this.#lost(`it ended with code ${code}`));
      return port;
    }
    const { Worker } = globalThis as { Worker?: new (url: string) => WebWorker }; // the web's constructor
    if (Worker === undefined) throw lost('this engine has no workers');
    const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
    const port: Port = { send: (task) => worker.postMessage(task, [task.bytes.buffer]), hold: () => {} };
    worker.onmessage = ({ data }) => this.#settle(data, port);
    worker.onerror = ({ message }) => this.#lost(message ?? 'it could not be started');
    return port;
  }

  #settle(answer: Answer, port: Port): void {
    const call = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0) port.hold(false);
    if ('made' in answer) call?.resolve(answer.made);
    else call?.reject(new Error(answer.error));
  }

  #lost(reason: string): void {
    threads.delete(this);
    for (const call of this.waiting.values()) call.reject(lost(reason));
    this.waiting.clear();
  }
}

const lost = (reason: string): ThreadError =>
  new ThreadError(
    `the thread that unpacks chunks cannot work: ${reason}`,
    'install the libraries that do it without one: libblosc, libzstd, liblz4, and the optional package koffi',
    { reason },
  );

const threads = new Set<Thread>();
let tasks = 0;
/** More of them than this would fight with the pool of kernels. */
const MOST = 4;

/** Unpacks or packs bytes, which become the thread's: they must be a copy. */
export function inThread(codec: Task['codec'], what: Task['what'], bytes: Uint8Array, level = 0): Promise<Uint8Array> {
  const processors = (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator?.hardwareConcurrency;
  const most = Math.min(MOST, config.get('threads') ?? processors ?? 2);
  let idlest: Thread | undefined;
  for (const it of threads) if (idlest === undefined || it.waiting.size < idlest.waiting.size) idlest = it;
  if (idlest === undefined || (idlest.waiting.size > 0 && threads.size < most)) {
    idlest = new Thread();
    threads.add(idlest);
  }
  return idlest.call({ id: tasks++, codec, what, bytes, level });
}

/** Bytes unpacked in a thread. @throws FormatError for those that the codec refuses. */
export async function unpacked(codec: Task['codec'], from: Piece, where: string): Promise<Uint8Array> {
  try {
    return await inThread(codec, 'decode', from.bytes().slice());
  } catch (cause) {
    if (cause instanceof ThreadError) throw cause;
    throw damagedChunk(where, `${codec} cannot unpack it`, cause);
  }
}

// Starts an executor of whatever kind the engine has, from the module that serves the namespace. Not in here: what it
// does (serve.ts), what it is given to do (executors.ts).

import { config } from '../../base/config.ts';
import { platform } from '../../base/platform.ts';
import type { Call, Said, Seat } from './protocol.ts';

/** One thread to talk to. */
export interface Channel {
  post(message: Seat | Call): void;
  /** Ends it; resolves when it can no longer write anywhere. */
  end(): Promise<void>;
  /** Whether it keeps the process alive. */
  hold(busy: boolean): void;
}

/** Starts a thread; `ended` is called once when it ends by itself or cannot start. */
export type StartExecutor = (listener: (said: Said) => void, ended: (reason: string) => void) => Channel;

interface WebWorker {
  postMessage(data: unknown): void;
  terminate(): void;
  onmessage: ((event: { data: Said }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
}
interface WebGlobals {
  Worker?: new (url: string, options: { type: 'module' }) => WebWorker;
}

/** A page does not tell when a worker's last instruction has run: after this long it surely has. */
const SETTLE_MS = 100;

/** Where the executor's module is: as configured, or beside the package's own. */
export function executorModule(): string {
  const configured = config.get('threads.executor');
  if (configured !== null) return configured;
  // This text is part of index.js or of a chunk of the build.
  return import.meta.url.replace(/(\/chunks)?\/[^/]*$/, '/executor.js');
}

/** Why no executor can be started here; undefined where one can. */
export function whyNoExecutors(): string | undefined {
  if (!platform.sharedMemory) return 'this engine has no shared memory (a page needs cross-origin isolation for it)';
  const threads = platform.builtin<typeof import('node:worker_threads')>('node:worker_threads');
  if (threads === undefined && (globalThis as WebGlobals).Worker === undefined) return 'this engine has no workers';
  return undefined;
}

/** The engine's own way. */
export const startExecutor: StartExecutor = (listener, ended) => {
  const module = executorModule();
  const threads = platform.builtin<typeof import('node:worker_threads')>('node:worker_threads');
  if (threads !== undefined) {
    const file = /^[a-z]+:/.test(module) ? new URL(module) : module;
    const env = processEnvironment();
    const worker = new threads.Worker(file, { env, execArgv: [], name: 'orthant executor' });
    worker.on('message', listener);
    worker.on('error', (error) => ended(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => ended(`it ended with code ${code}`));
    worker.unref();
    return {
      post: (message) => worker.postMessage(message),
      end: async () => void (await worker.terminate()),
      hold: (busy) => (busy ? worker.ref() : worker.unref()),
    };
  }
  const { Worker } = globalThis as WebGlobals; // the web's constructor, where there is no worker_threads
  if (Worker === undefined) throw new Error('this engine has no workers');
  const worker = new Worker(module, { type: 'module' });
  worker.onmessage = ({ data }) => listener(data);
  worker.onerror = (event) => ended(event.message ?? 'the module could not be loaded');
  return {
    post: (message) => worker.postMessage(message),
    end: async () => {
      worker.terminate();
      await new Promise((done) => setTimeout(done, SETTLE_MS));
    },
    hold: () => undefined,
  };
};

/** Environment variables, without what preloads the user's modules. */
function processEnvironment(): Record<string, string | undefined> {
  const { process } = globalThis as { process?: { env: Record<string, string | undefined> } }; // absent in browsers
  return { ...process?.env, NODE_OPTIONS: undefined };
}

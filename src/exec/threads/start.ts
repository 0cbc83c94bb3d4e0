// Starts one worker of whatever kind the engine has. Workers never keep the process alive and run none of the user's
// preloaded code: no NODE_OPTIONS, no loaders. Not in here: what they do (worker.ts), how many (size.ts).

import { platform } from '../../base/platform.ts';
import { serverWorker, webWorker } from './worker.ts';

/** What a worker is told. */
export interface WorkerSeat {
  readonly memory: WebAssembly.Memory;
  /** Address of the control block. */
  readonly address: number;
  readonly number: number;
}

/** Starts a worker, or throws; `lost` is called, some turn of the event loop later, when it ends by itself. */
export type StartWorker = (seat: WorkerSeat, lost: (reason: string) => void) => void;

interface WebWorker {
  postMessage(data: unknown): void;
  onerror: ((event: { message?: string }) => void) | null;
}
interface WebGlobals {
  Worker?: new (url: string) => WebWorker;
}

let script: string | undefined;

/** The engine's own way. */
export const startWorker: StartWorker = (seat, lost) => {
  const threads = platform.builtin<typeof import('node:worker_threads')>('node:worker_threads');
  if (threads !== undefined) {
    const worker = new threads.Worker(serverWorker, {
      eval: true,
      workerData: seat,
      env: {}, // its own: without NODE_OPTIONS
      execArgv: [],
      name: `orthant ${seat.number + 1}`,
    });
    worker.on('error', (error) => lost(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => lost(`it ended with code ${code}`));
    worker.unref();
    return;
  }
  const { Worker } = globalThis as WebGlobals; // the web's constructor, where there is no worker_threads
  if (Worker === undefined) throw new Error('this engine has no workers');
  script ??= URL.createObjectURL(new Blob([webWorker], { type: 'text/javascript' }));
  const worker = new Worker(script);
  worker.onerror = (event) => lost(event.message ?? 'the worker could not be started');
  worker.postMessage(seat);
};

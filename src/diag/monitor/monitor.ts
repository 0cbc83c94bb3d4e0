// np.monitor: the way in. What it needs, a server and a page, is loaded at the first call.

import type { TraceOptions } from '../memory.ts';

export interface MonitorOptions {
  /** Where it listens: '127.0.0.1' unless told; anything that other machines reach needs a token. */
  readonly host?: string;
  /** The port; 0, the default, for any that is free. */
  readonly port?: number;
  /** What readers must know: 8 to 256 visible characters. */
  readonly token?: string;
  /** Milliseconds between two ticks: 1000 unless told, from 100. */
  readonly interval?: number;
  /** Whether, and how, the lines that ask for large arrays are noted; those of 1 MiB and more, 200 a second, unless told. */
  readonly trace?: boolean | TraceOptions;
}

/** A monitor that runs. It does not keep the process alive. */
export interface Monitor extends AsyncDisposable {
  /** The address of its page, without the token. */
  readonly url: string;
  /** Ends it; resolves when nothing of it is left. */
  close(): Promise<void>;
}

/**
 * Serves a live page about this process: memory by scope and by line of code, operations per second and the slowest of
 * them, threads, throttling, collections and refusals. The server has a thread of its own, so that the page lives while
 * this one computes. Operations take some 0.3 µs longer each until it is closed.
 * @throws ArgumentError for a port that is taken, a host that is none of this machine's or that others reach without a
 *   token; ThreadError where there are no threads.
 * @example typeof np.monitor // 'function'
 */
export async function monitor(options: MonitorOptions = {}): Promise<Monitor> {
  const { start } = await import('./start.ts');
  return start(options, 'np.monitor');
}

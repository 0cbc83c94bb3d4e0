// Reads that fail for a while: tried again after pauses that double. What will fail for ever fails at once.

import { events } from '../base/events.ts';
import { isTransient } from '../io/transient.ts';

export interface RetryOptions {
  /** How often a call is tried again. */
  readonly retries: number;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds before the first repetition, and at most. */
const FIRST = 50;
const LONGEST = 5000;

/** The result of a call, tried again while its errors pass. */
export async function retried<R>(what: string, work: () => Promise<R>, { retries, signal }: RetryOptions): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt > retries || signal?.aborted === true || !isTransient(error)) throw error;
      const pause = Math.min(LONGEST, FIRST * 2 ** (attempt - 1));
      if (events.active['chunked.retry']) {
        events.emit('chunked.retry', { what, attempt, error: String((error as Error).message ?? error), pause });
      }
      await sleep(pause, signal);
    }
  }
}

/** Waits; rejected with the signal's reason. */
function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      if (signal?.aborted === true) reject(signal.reason as Error);
      else resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });
}

// Reads that fail for a while: tried again after pauses that double. What will fail for ever fails at once.

import { OrthantError } from '../base/errors.ts';
import { events } from '../base/events.ts';

/** System errors that may be gone a moment later. */
const passing: ReadonlySet<string> = new Set([
  'EIO',
  'EAGAIN',
  'EBUSY',
  'EINTR',
  'EMFILE',
  'ENFILE',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** May the same call succeed a moment later? By the codes of systems, of networks, and of HTTP. */
export function isTransient(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, cause } = error as { code?: unknown; cause?: unknown }; // looked at below
  if (typeof code === 'string' && passing.has(code)) return true;
  const status = error instanceof OrthantError ? error.facts.status : (error as { status?: unknown }).status;
  if (typeof status === 'number' && (status === 408 || status === 429 || (status >= 500 && status <= 599))) return true;
  return cause !== undefined && cause !== error && isTransient(cause);
}

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

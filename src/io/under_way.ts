// Asynchronous work that a store has under way: several items of a sequence at once, and calls that closing waits for.

import { DisposedError } from '../base/errors.ts';

/** Works on the items of a sequence, a few at a time; the first error, or the signal, ends it when those are done. */
export async function eachAtOnce<T>(
  items: Iterator<T>,
  atOnce: number,
  signal: AbortSignal | undefined,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (let next = items.next(); !next.done; next = items.next()) {
      try {
        await work(next.value);
        signal?.throwIfAborted();
      } catch (error) {
        failure ??= { error };
      }
      if (failure !== undefined) return;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failure !== undefined) throw failure.error;
}

/** Calls of something that can be closed. */
export class Calls {
  readonly #name: string;
  readonly #underWay = new Set<Promise<unknown>>();
  #closed = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** Runs a call. @throws DisposedError after `close`. */
  during<R>(what: string, work: () => Promise<R>): Promise<R> {
    if (this.#closed) {
      const fix = 'open it again, or close it after its last use';
      return Promise.reject(new DisposedError(`${this.#name}: ${what} after close()`, fix, { store: this.#name }));
    }
    const done = work();
    this.#underWay.add(done);
    const settled = (): void => void this.#underWay.delete(done);
    done.then(settled, settled);
    return done;
  }

  /** Allows no more calls and waits for those under way; false where that was done before. */
  async close(): Promise<boolean> {
    if (this.#closed) return false;
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
    return true;
  }
}

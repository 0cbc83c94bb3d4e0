// A pool of a given size for a test, with its workers up: sizes beyond the machine's processors are what tests want and
// users do not get.

import { createHash } from 'node:crypto';
import { type Pool, Pool as PoolClass, usePool } from '../../src/exec/threads/pool.ts';
import { type StartWorker, startWorker } from '../../src/exec/threads/start.ts';
import * as np from '../../src/index.ts';

/** Runs `body` with a pool of `threads` threads in place, until it ends or what it promised has come. */
export function withThreads<T>(threads: number, body: (pool: Pool) => T, start: StartWorker = startWorker): T {
  const made = new PoolClass({ count: () => ({ threads, source: 'test' }), start, yields: false });
  const before = usePool(made);
  const end = (): void => {
    made.stop();
    usePool(before);
  };
  let result: T;
  try {
    result = body(made);
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) return result.finally(end) as T; // the same promise's value, later
  end();
  return result;
}

/** Gives the pool work until its workers are up; they need no turn of the event loop for it. */
export function warm(pool: Pool, seconds = 20): void {
  const a = np.ones([2 ** 20], { dtype: 'uint8' });
  const end = performance.now() + seconds * 1000;
  do np.invert(a).dispose();
  while (pool.figures().ready < pool.size - 1 && performance.now() < end);
}

/** What stands for the bytes of an array or scalar where they are compared bit for bit. */
export function bits(x: unknown): string {
  if (x instanceof np.NDArray) {
    return `${x.dtype.name}${JSON.stringify(x.shape)}:${createHash('sha1').update(x.tobytes()).digest('base64')}`;
  }
  if (Array.isArray(x)) return x.map(bits).join(';');
  return typeof x === 'number' ? `${x}:${new BigUint64Array(new Float64Array([x]).buffer)[0]}` : String(x);
}

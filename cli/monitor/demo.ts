// `orthant monitor --demo`: a process with something to watch. Requests of three kinds come in, each in a scope of its
// own, and one of them asks for more than its budget now and then.
import { setTimeout as sleep } from 'node:timers/promises';
import * as np from '../../src/index.ts';

/** Some work for each tag: bytes, sorting, products. */
export const work: Readonly<Record<string, (round: number) => unknown>> = {
  'report 24h': (round) => {
    const days = np.reshape(np.sin(np.arange(400_000)), [400, 1000]);
    const scaled = np.add(np.multiply(days, 1 + round / 100), 1);
    return np.mean(np.sqrt(np.abs(scaled)), 0);
  },
  ranking: (round) => np.argsort(np.cos(np.multiply(np.arange(150_000), round + 1))),
  'model fit': () => {
    const x = np.reshape(np.cos(np.arange(90_000)), [300, 300]);
    return np.linalg.solve(np.add(np.matmul(x.T, x), np.eye(300)), np.ones([300]));
  },
};

/** One round of all of it; what the caches keep. */
export function round(n: number, cache: unknown[]): void {
  const kinds = Object.entries(work);
  const [tag, run] = kinds[n % kinds.length];
  cache.push(np.scope({ tag, memory: '256MB' }, () => run(n)));
  if (n % 9 === 0) cache.push(np.scope({ tag: 'cache' }, () => np.ones([1 << 20])));
  if (cache.length > 40) cache.splice(0, 30);
  if (n % 50 === 49) {
    try {
      np.scope({ tag: 'tenant 7', memory: '8MB' }, () => np.ones([4_000_000]));
    } catch (error) {
      if (!(error instanceof np.MemoryError)) throw error; // that one is what the log shows
    }
  }
}

/** Works until it is interrupted. */
export async function demo(): Promise<number> {
  const control = new AbortController();
  process.once('SIGINT', () => control.abort());
  const monitor = await np.monitor({ port: Number(process.env.PORT ?? 0) });
  console.log(`open ${monitor.url}, or run: orthant monitor ${new URL(monitor.url).port}`);
  const cache: unknown[] = [];
  for (let n = 0; !control.signal.aborted; n++) {
    round(n, cache);
    await sleep(15);
  }
  await monitor.close();
  return 0;
}

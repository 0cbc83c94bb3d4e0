// A service of eight tenants on two cores: each keeps asking for products, sorts and sums, some of them away from the
// event loop, some at once. Latency and throughput with a scope and a lease per request, and without; and how long the
// event loop was kept waiting. Needs a build. Run: node tools/run.mjs bench/threads/service.ts [seconds per variant]

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Orthant from '../../src/index.ts';
import { quantile, table } from './_table.ts';

const np: typeof Orthant = await import(pathToFileURL(resolve('dist/index.js')).href);
const seconds = Number(process.argv[2] ?? 12);
const TENANTS = 8;
/** Tenants that ask for the large things, several at a time. */
const GREEDY = 2;
const AT_ONCE = 6;

const m = np.divide(np.arange(360_000).reshape([600, 600]), 1e6);
const long = np.divide(np.remainder(np.multiply(np.arange(1_000_000), 7919), 1_000_003), 1e6);
const short = np.ones([10_000]);
type Request = () => unknown;
const small: readonly Request[] = [
  () => np.sum(np.add(short, 1)),
  () => np.async.exp(long.get(':100000')),
  () => np.async.sort(long.get(':100000')),
];
const large: readonly Request[] = [() => np.async.matmul(m, m), () => np.async.sort(long), () => np.async.exp(long)];

async function serve(request: Request, tag: string, governed: boolean): Promise<void> {
  if (governed) await np.scope({ tag, threads: 1, memory: '256MB' }, async () => void (await request()));
  else await request();
}

async function variant(governed: boolean): Promise<(string | number)[]> {
  const latencies: { small: number[]; large: number[] } = { small: [], large: [] };
  let late = 0;
  let ticked = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    late = Math.max(late, now - ticked - 2);
    ticked = now;
  }, 2);
  const end = performance.now() + 1000 * seconds;
  const tenant = async (number: number): Promise<void> => {
    const kind = number < GREEDY ? 'large' : 'small';
    const requests = kind === 'large' ? large : small;
    for (let i = number; performance.now() < end; i++) {
      const start = performance.now();
      await serve(requests[i % requests.length], `tenant ${number}`, governed);
      latencies[kind].push(performance.now() - start);
      await new Promise((turn) => setTimeout(turn, 1));
    }
  };
  const all = Array.from({ length: TENANTS }, (_, number) => new Array(number < GREEDY ? AT_ONCE : 1).fill(number));
  await Promise.all(all.flat().map(tenant));
  clearInterval(timer);
  const { small: s, large: l } = latencies;
  const rate = (values: readonly number[]): number => values.length / seconds;
  return [
    governed ? 'scope and lease per request' : 'neither',
    ...[rate(s), quantile(s, 0.5), quantile(s, 0.99)],
    ...[rate(l), quantile(l, 0.5), quantile(l, 0.99)],
    late,
  ];
}

await Promise.all([...small, ...large].map((request) => request()));
const rows = [];
for (const governed of [false, true, false, true]) rows.push(await variant(governed));
table(['requests', 'small/s', 'p50 ms', 'p99 ms', 'large/s', 'p50 ms', 'p99 ms', 'loop late ms'], rows);
console.log(np.threads.figures());
await np.threads.rest();

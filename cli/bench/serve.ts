// The process that measures: answers the requests of protocol.ts, one at a time, and ends when nobody asks any more.
// Cases are timed here and nowhere else; what the times mean is the command's.

import { OrthantError } from '../../src/base/errors.ts';
import type { BenchCase, Namespace, ReadyCase } from '../../src/bench.ts';
import { loadCases } from './cases.ts';
import { probe } from './probe.ts';
import type { Asked, Gives, Name, Place, Reply, Request } from './protocol.ts';

interface Server {
  np: Namespace;
  cases: readonly BenchCase[];
  ready: ReadyCase | undefined;
}

const server: Partial<Server> = {};
const opened = (): Server => server as Server; // `open` is asked first, by side.ts

function readyCase(): ReadyCase {
  if (server.ready === undefined) throw new Error('no case is ready');
  return server.ready;
}

function end(): void {
  const { ready } = server;
  server.ready = undefined;
  ready?.end?.();
}

async function namespaceOf({ build }: Place): Promise<Namespace> {
  return build === undefined ? import('../../src/index.ts') : import(build);
}

/** Nanoseconds of a run. Promises are awaited, one after the other, as a caller would. */
async function timed({ run }: ReadyCase, runs: number): Promise<number> {
  const start = performance.now();
  let last = run();
  if (last instanceof Promise) {
    await last;
    for (let i = 1; i < runs; i++) await run();
  } else {
    for (let i = 1; i < runs; i++) last = run();
  }
  return ((performance.now() - start) * 1e6) / runs;
}

/** Runs until `warm` milliseconds are over, in longer and longer rows; nanoseconds of a run in the last. */
async function warmUp(ready: ReadyCase, warm: number): Promise<number> {
  const start = performance.now();
  let ns = await timed(ready, 1);
  for (let runs = 1; performance.now() - start < warm; runs *= 2) ns = await timed(ready, runs);
  return ns;
}

const answers: { readonly [N in Name]: (asked: Asked<N>) => Gives<N> | Promise<Gives<N>> } = {
  async open(place) {
    server.np = await namespaceOf(place);
    server.cases = await loadCases(place.cases);
    return server.cases.map(({ name, about = '', size = 1, settle = 0 }) => ({ name, about, size, settle }));
  },
  facts() {
    const { np } = opened();
    np.matmul(np.ones([256, 256]), np.ones([256, 256])); // so that a BLAS is chosen
    return { ...np.lock().locked, threads: String(np.runtime().threads.size) };
  },
  async prepare({ name, size, warm }) {
    end();
    const { np, cases } = opened();
    const row = cases.find((c) => c.name === name);
    if (row === undefined) throw new Error('the module has no such case any more');
    np.memory.peak({ reset: true });
    const ready = await row.make(np, size);
    if (typeof ready?.run !== 'function') throw new Error('make gave no function run');
    server.ready = ready;
    const right = (await ready.check?.()) ?? true;
    if (right !== true) throw new Error(`its result is wrong${typeof right === 'string' ? `: ${right}` : ''}`);
    return { ns: await warmUp(ready, warm), bytes: ready.bytes };
  },
  measure: ({ runs }) => timed(readyCase(), runs),
  finish() {
    end();
    const { memory } = opened().np;
    const most = memory.peak();
    memory.trim(); // the next case finds none of the memory of this one
    return most;
  },
  probe,
  used() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
};

async function answer({ ask, with: asked }: Request): Promise<Reply> {
  try {
    return { gave: await answers[ask](asked as never) }; // the channel carries what side.ts was given to ask
  } catch (error) {
    if (error instanceof OrthantError) return { failed: error.what, fix: error.fix };
    const [failed] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { failed };
  }
}

/** Serves the process that forked this one, until it goes; gives the exit code of the command. */
export function serve(): Promise<number> {
  process.on('exit', end);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130)); // so that `end` runs
  process.on('message', async (request: Request) => {
    const reply = await answer(request);
    if (process.connected) process.send?.(reply);
  });
  return new Promise(() => {
    process.on('disconnect', () => process.exit(0));
  });
}

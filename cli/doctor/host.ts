// Where the doctor looks: the files of this system, and what the runtime itself says of this process, for systems
// without /proc. Tests hand in another one.
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { type ProcessFacts, variablesIn } from '../../src/diag/doctor/process_facts.ts';
import type { List, Read } from '../../src/diag/doctor/threads_now.ts';
import * as np from '../../src/index.ts';

export interface Host {
  readonly read: Read;
  readonly list: List;
  readonly pid: number;
  /** What can be said of this process without files about it. */
  facts(): ProcessFacts;
  sleep(milliseconds: number): Promise<unknown>;
}

/** Files of a process that may not be read. */
export const denied = (pid: number, path: string): np.OrthantError =>
  new np.ArgumentError(
    `process ${pid} may not be looked at by this user: ${path} is not readable`,
    'run this as the user of that process, or as root (sudo)',
    { pid, path },
  );

/** A file that is missing says nothing, nor does one of a process that is gone; one that is kept from us is told. */
function reading<T>(path: string, from: (path: string) => T): T | undefined {
  try {
    return from(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // of the file system: it has one
    const [, pid] = /^\/proc\/(\d+)\//.exec(path) ?? [];
    if (pid === undefined || (code !== 'EACCES' && code !== 'EPERM')) return undefined;
    throw denied(Number(pid), path);
  }
}

function ownFacts(): ProcessFacts {
  const [cpu] = cpus();
  return {
    pid: process.pid,
    command: process.argv.join(' '),
    engine: 'node',
    processors: availableParallelism(),
    quotas: [],
    memoryLimits: [],
    addressLimit: undefined,
    peak: 1024 * process.resourceUsage().maxRSS,
    outOfMemory: 0,
    variables: variablesIn((name) => process.env[name]),
    libraries: [],
    samples: [
      { time: 0, rss: process.memoryUsage().rss, swapped: 0, threads: 0, throttled: 0, runnable: 0, ran: 0, waited: 0 },
    ],
    machine: {
      model: cpu?.model,
      processors: cpus().length || undefined,
      simd: undefined,
      memory: totalmem(),
      available: freemem(),
      pressure: { cpu: undefined, memory: undefined },
      hugePages: undefined,
    },
  };
}

export const thisHost: Host = {
  read: (path) => reading(path, (p) => readFileSync(p, 'utf8')),
  list: (path) => reading(path, (p) => readdirSync(p)),
  pid: process.pid,
  facts: ownFacts,
  sleep: (milliseconds) => setTimeout(milliseconds),
};

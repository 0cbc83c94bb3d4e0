// Looks at a process: several samples, then its facts. What is refused: processes that are gone, not ours to see, or none.
import {
  factsOf,
  type ProcessFacts,
  readAs,
  type Sample,
  sampleOf,
  whyNoProcess,
} from '../../src/diag/doctor/process_facts.ts';
import * as np from '../../src/index.ts';
import type { Host } from './host.ts';

export interface Looks {
  readonly count: number;
  /** Milliseconds between them. */
  readonly interval: number;
}

/** Facts of this process; without /proc those that the runtime knows. */
export const lookHere = async (host: Host, looks: Looks): Promise<ProcessFacts> =>
  host.read('/proc/self/status') === undefined ? host.facts() : looked(host, 'self', host.pid, looks);

/** @throws ArgumentError where there is no such process, or it may not be looked at. */
export async function lookAt(host: Host, pid: number, looks: Looks): Promise<ProcessFacts> {
  if (host.read('/proc/self/status') === undefined) {
    throw new np.ArgumentError('processes cannot be looked at here: there is no /proc', 'use it on Linux', {});
  }
  const status = host.read(`/proc/${pid}/status`);
  const why = status === undefined ? 'is not there' : whyNoProcess(status);
  if (why !== undefined) {
    throw new np.ArgumentError(
      status === undefined ? `there is no process ${pid}` : `process ${pid} ${why}`,
      'pass the number of a running process (ps -e shows them)',
      { pid },
    );
  }
  return looked(host, pid, pid, looks);
}

async function looked(host: Host, as: number | 'self', pid: number, { count, interval }: Looks): Promise<ProcessFacts> {
  const [read, list] = [readAs(host.read, as), readAs(host.list, as)];
  const started = performance.now();
  const samples: Sample[] = [];
  let facts: ProcessFacts | undefined;
  for (let i = 0; i < count; i++) {
    if (i > 0) await host.sleep(interval);
    const sample = sampleOf(read, list, (performance.now() - started) / 1000);
    if (sample === undefined) throw ended(pid, i);
    samples.push(sample);
    facts = factsOf(read, pid, samples);
  }
  if (facts === undefined) throw ended(pid, count);
  return facts;
}

const ended = (pid: number, looks: number): np.OrthantError =>
  new np.ArgumentError(
    `process ${pid} ended while it was watched, after ${looks} looks`,
    'watch one that runs longer',
    {
      pid,
    },
  );

// How many threads an operation may use: what the processors allow (affinity), what the cgroups pay for (quota over
// period, every ancestor), what the configuration asks for. The smallest wins, at least one, and its source is told.

import { config } from '../../base/config.ts';
import { platform } from '../../base/platform.ts';
import { cgroupFolders } from '../../memory/machine.ts';

/** A number of threads and where it comes from. */
export interface ThreadCount {
  readonly threads: number;
  readonly source: string;
}

type Read = (path: string) => string | undefined;

/** A quota: threads it is good for, and the processors' worth of time it really is. */
export interface Quota extends ThreadCount {
  readonly processors: number;
}

/** Processors' worth of time that each cgroup with a quota gets. `read` gives a file's text if it exists. */
export function cgroupQuotas(read: Read): Quota[] {
  const found: Quota[] = [];
  for (const { folder, v2 } of cgroupFolders(read, 'cpu')) {
    const file = `${folder}/${v2 ? 'cpu.max' : 'cpu.cfs_quota_us'}`;
    const [quota, period] = v2
      ? (read(file) ?? '').trim().split(/\s+/)
      : [read(file) ?? '', read(`${folder}/cpu.cfs_period_us`) ?? ''];
    const share = Number.parseInt(quota, 10) / Number.parseInt(period, 10); // 'max' and -1: no quota
    if (!(share > 0 && share < Number.POSITIVE_INFINITY)) continue; // also a period of 0, or text that is no number
    found.push({ threads: Math.max(1, Math.floor(share)), source: file, processors: share });
  }
  return found;
}

/** The smallest of all bounds; `configured` is null where nothing was asked for. */
export function threadCount(affinity: ThreadCount, quotas: readonly ThreadCount[], configured: ThreadCount | null) {
  let least = affinity;
  for (const q of quotas) if (q.threads < least.threads) least = q;
  if (configured !== null && configured.threads <= least.threads) return configured;
  return least;
}

/** What holds now for this process. */
export function threadsHere(): ThreadCount {
  const asked = config.get('threads');
  const configured = asked === null ? null : { threads: asked, source: `threads (${config.source('threads')})` };
  const workers = platform.builtin<typeof import('node:worker_threads')>('node:worker_threads');
  if (workers?.isMainThread === false && configured === null) return { threads: 1, source: 'inside a worker' };
  return threadCount(processors(), cgroupQuotas(platform.readText), configured);
}

function processors(): ThreadCount {
  const os = platform.builtin<typeof import('node:os')>('node:os');
  const threads = os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
  return { threads: Math.max(1, threads), source: 'processors' };
}

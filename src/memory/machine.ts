// How much memory this process may use: the tightest limit among its cgroups (v2 and v1, ancestors included) and the
// machine's own memory, less a reserve for everything that is not array bytes. Read once, when the heap opens.
import { platform } from '../base/platform.ts';

/** A limit in bytes and where it comes from. */
export interface MemoryLimit {
  readonly bytes: number;
  readonly source: string;
}

const MB = 2 ** 20;

/** The default limit on live array bytes. Infinity where the host does not tell (browsers). */
export function machineLimit(): MemoryLimit {
  const os = platform.builtin<typeof import('node:os')>('node:os');
  if (os === undefined) return { bytes: Number.POSITIVE_INFINITY, source: 'none known' };
  let limit: MemoryLimit = { bytes: os.totalmem(), source: 'machine' };
  for (const found of cgroupLimits(platform.readText)) if (found.bytes < limit.bytes) limit = found;
  return { bytes: limit.bytes - reserveOf(limit.bytes), source: limit.source };
}

/** Kept free for code, stacks, the JavaScript heap and others: an eighth, at least 128 MB, at most half. */
export function reserveOf(total: number): number {
  return Math.min(total / 2, Math.max(128 * MB, total / 8));
}

/** Every limit set on the cgroups this process is in, up to the root of the mount. `read` gives a file's text if it exists. */
export function cgroupLimits(read: (path: string) => string | undefined): MemoryLimit[] {
  const limits: MemoryLimit[] = [];
  for (const { folder, v2 } of cgroupFolders(read, 'memory')) {
    for (const file of v2 ? ['memory.max', 'memory.high'] : ['memory.limit_in_bytes']) {
      const bytes = Number.parseInt(read(`${folder}/${file}`) ?? '', 10); // 'max' is NaN: no limit
      if (bytes > 0 && bytes < 2 ** 60) limits.push({ bytes, source: `${folder}/${file}` });
    }
  }
  return limits;
}

/** Folders of the cgroups (v2, and v1 of one controller) that this process is in, from its own up to the mount's root. */
export function* cgroupFolders(
  read: (path: string) => string | undefined,
  controller: 'memory' | 'cpu',
): Generator<{ readonly folder: string; readonly v2: boolean }> {
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    const v2 = controllers === '';
    if (!v2 && !controllers.split(',').includes(controller)) continue;
    const root = v2 ? '/sys/fs/cgroup' : `/sys/fs/cgroup/${controller}`;
    // Inside a container the path may be the host's: then only the mount's root exists, and it is the container's own.
    const parts = path.split('/').filter((part) => part !== '');
    for (let depth = parts.length; depth >= 0; depth--)
      yield { folder: [root, ...parts.slice(0, depth)].join('/'), v2 };
  }
}

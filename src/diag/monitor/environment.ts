// ORTHANT_MONITOR: a monitor for a process whose code is not touched. Importing the library reads one variable; where it
// is set the monitor starts after the turn in which that happens, or before it by `node --import orthant/monitor`. It is
// the main thread's; it never keeps the process alive, and what prevents it is a line on standard error, no failure.

import { config } from '../../base/config.ts';
import { platform } from '../../base/platform.ts';
import type { Monitor } from './monitor.ts';

interface Host {
  process?: { stderr?: { write(text: string): unknown } };
}
const host: Host = globalThis; // absent in browsers

const say = (text: string): void => void host.process?.stderr?.write(`orthant monitor: ${text}\n`);

let started: Promise<Monitor | undefined> | undefined;
let wanted = true;

/** Not in this process: it reads another one's. */
export function leaveOut(): void {
  wanted = false;
}

/**
 * Starts what the environment asks for, once; undefined where that cannot be. Never rejects. `hold` keeps the process
 * alive until it listens.
 */
export function startFromEnvironment(hold: boolean): Promise<Monitor | undefined> {
  started ??= starting(hold);
  return started;
}

async function starting(hold: boolean): Promise<Monitor | undefined> {
  const threads = platform.builtin<typeof import('node:worker_threads')>('node:worker_threads');
  if (!wanted || threads?.isMainThread !== true) return undefined;
  const { start, oneLine } = await import('./start.ts');
  try {
    const [, host, port] = /^(?:(.*):)?(\d+)$/.exec(config.get('monitor') ?? '0') ?? [];
    const token = config.get('monitor.token')?.reveal();
    const bare = host?.replace(/^\[(.*)\]$/, '$1');
    const options = { port: Number(port), ...(bare && { host: bare }), ...(token !== undefined && { token }) };
    const monitor = await start(options, 'ORTHANT_MONITOR', hold);
    say(monitor.url);
    return monitor;
  } catch (error) {
    say(oneLine(error));
    return undefined;
  }
}

if (platform.env('ORTHANT_MONITOR') !== undefined) setTimeout(() => void startFromEnvironment(false));

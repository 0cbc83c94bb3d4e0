// How much memory a run may take, and who says so.

import { config, parseBytes } from '../base/config.ts';
import { ArgumentError } from '../base/errors.ts';
import { describe } from '../exec/options.ts';
import { accountHere } from '../memory/account.ts';
import { heapHere } from '../memory/allocate.ts';

export interface Allowed {
  readonly bytes: number;
  /** Whose limit it is, for messages. */
  readonly source: string;
}

/** What is asked for, and not more than what is left of the scope's budget and of the process's limit. */
export function allowedMemory(asked: number | string | undefined, where: string): Allowed {
  const own = asked === undefined ? undefined : parseBytes(asked);
  if (asked !== undefined && typeof own !== 'number') {
    throw new ArgumentError(
      `${where}: ${describe(asked)} is not an amount of memory`,
      "pass bytes as a number, or a text with a unit: '256MB', '2GiB'",
      { memory: asked },
    );
  }
  const { live, limit } = heapHere().figures();
  let least: Allowed = {
    bytes: limit - live,
    source: config.get('memory.limit') === null ? 'the process' : 'memory.limit',
  };
  for (let account = accountHere.get(); account !== null; account = account.parent) {
    const left = account.limit - account.live;
    if (left < least.bytes) least = { bytes: left, source: `the scope '${account.tag}'` };
  }
  return typeof own === 'number' && own <= least.bytes ? { bytes: own, source: 'the option memory' } : least;
}

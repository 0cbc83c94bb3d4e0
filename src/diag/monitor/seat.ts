// What the watched thread and the monitor's thread say to each other.

import type { ServerOptions } from './server.ts';
import type { Tick } from './tick.ts';

/** What the thread starts with. */
export interface Seat extends ServerOptions {
  readonly shared: SharedArrayBuffer;
}

/** Words of the shared memory: the number of the operation that runs, 0 for none. */
export const word = { op: 0, words: 1 } as const;

/** Said instead of the system's code where the address can be reached from elsewhere and there is no token. */
export const needsToken = 'NEEDS_TOKEN';

export type ToThread =
  | { readonly say: 'tick'; readonly tick: Tick }
  /** Operation number `id` is called so. */
  | { readonly say: 'name'; readonly id: number; readonly op: string }
  | { readonly say: 'close' };

export type FromThread =
  | { readonly say: 'listening'; readonly port: number; readonly address: string }
  /** The system's code and message. */
  | { readonly say: 'refused'; readonly code: string; readonly message: string };

// Bytes handed to other threads that have heaps of their own: the giver keeps them until every taker has let go, which is
// counted in two shared words, so that nobody needs a turn of anybody's event loop. Not the executors' borrowing
// (lending.ts), where one heap governs.
import { ArgumentError, DisposedError } from '../base/errors.ts';
import { platform } from '../base/platform.ts';
import { pin } from './pins.ts';
import type { Segment } from './segment.ts';
import { type Owner, Storage } from './storage.ts';

/** What travels: plain data and shared buffers. */
export interface SharedBytes {
  readonly buffer: SharedArrayBuffer;
  readonly ptr: number;
  readonly nbytes: number;
  /** Which heap's memory it is, and which segment of it; where it is none's, an empty text. */
  readonly heap: string;
  readonly segment: number;
  /** Receipts still to come, and takers that have not let go. */
  readonly count: SharedArrayBuffer;
}

const COMING = 0;
const HELD = 1;
/** How often the giver looks which takers have let go. */
const LOOK_MS = 250;

let heapName: string | undefined;
const nameOfHeap = (): string => (heapName ??= crypto.randomUUID());

interface Given {
  readonly words: Int32Array;
  /** Ends the pin, which holds the storage. */
  readonly end: () => void;
}
const given = new Set<Given>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Lets go of what no taker holds any more; the number of shares still out. */
export function settleShares(): number {
  for (const share of given) {
    if (Atomics.load(share.words, HELD) > 0) continue;
    given.delete(share);
    share.end();
  }
  if (given.size === 0 && timer !== undefined) {
    clearInterval(timer);
    timer = undefined;
  }
  return given.size;
}

/** Gives a storage's bytes to `receivers` takers. `over` hears when one of them has ended without letting go. */
export function giveBytes(storage: Storage, receivers: number, over?: (ended: () => void) => void): SharedBytes {
  const { segment, host, ptr, nbytes } = storage;
  const buffer = host ?? segment?.buffer;
  if (!(typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer)) {
    throw new ArgumentError(
      'np.share: the bytes are not in shared memory',
      host === null
        ? 'this engine has no shared memory (a page needs cross-origin isolation): post a.data.slice() instead'
        : 'share a copy(), which lies in the heap, or post the typed array itself',
      {},
    );
  }
  settleShares();
  const count = new SharedArrayBuffer(8);
  const words = new Int32Array(count).fill(receivers);
  given.add({ words, end: pin(storage) });
  over?.(() => {
    Atomics.store(words, COMING, 0);
    Atomics.store(words, HELD, 0);
    settleShares();
  });
  if (timer === undefined) {
    timer = setInterval(settleShares, LOOK_MS);
    timer.unref?.(); // a number in browsers
  }
  const home = homes.get(storage) ?? { heap: segment === null ? '' : nameOfHeap(), segment: segment?.id ?? -1 };
  return { buffer, ptr, nbytes, ...home, count };
}

/** Whose heap bytes are that were taken: given on, they may come home. */
const homes = new WeakMap<Storage, Pick<SharedBytes, 'heap' | 'segment'>>();

/** The taker's owner: letting go is one subtraction in shared memory. */
class Taken implements Owner {
  readonly #words: Int32Array;
  #gone = false;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  release(): void {
    if (this.#gone) return;
    this.#gone = true;
    Atomics.sub(this.#words, HELD, 1);
    taken.delete(this);
  }
}
const taken = new Set<Taken>();
let dead: FinalizationRegistry<Taken> | undefined;

// What dies with its thread: the registry does not run then.
function watchEnd(): void {
  const threads = platform.builtin<typeof import('node:worker_threads')>('node:worker_threads');
  if (threads === undefined || threads.isMainThread) return;
  const { process } = globalThis as { process?: { once(event: 'exit', listener: () => void): void } }; // Node's and Bun's
  process?.once('exit', () => {
    for (const owner of [...taken]) owner.release();
  });
}

/** A storage over bytes that another thread gave: over the heap's own where they are that, else over its buffer. */
export function takeBytes(bytes: SharedBytes, segments: readonly Segment[]): Storage {
  const words = new Int32Array(bytes.count);
  for (;;) {
    const coming = Atomics.load(words, COMING);
    if (coming <= 0) {
      throw new DisposedError(
        'np.receive: the array was received as often as it was shared, or its receiver has ended',
        'share it again, or once for several: np.share(a, { receivers: 2 })',
        {},
      );
    }
    if (Atomics.compareExchange(words, COMING, coming, coming - 1) === coming) break;
  }
  const owner = new Taken(words);
  const { ptr, nbytes, buffer } = bytes;
  const own = bytes.heap !== '' && bytes.heap === heapName;
  const storage = own
    ? new Storage(segments[bytes.segment], ptr, nbytes, null, owner, -1)
    : new Storage(null, ptr, nbytes, buffer, owner, -1);
  if (dead === undefined) {
    dead = new FinalizationRegistry((it) => it.release());
    watchEnd();
  }
  if (!own) homes.set(storage, { heap: bytes.heap, segment: bytes.segment });
  taken.add(owner);
  dead.register(storage, owner);
  return storage;
}

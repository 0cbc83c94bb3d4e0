// Typed events from the lower layers to whoever watches: diagnostics, tests, a user's own monitor.
// Not a message bus: synchronous, no queue, no return values. Emitters test `events.active[type]` before they build
// an event, so that nobody pays for events that nobody reads.

/** What each event carries. Payloads are plain data: layers do not share classes through events. */
export interface EventMap {
  'config.change': { readonly name: string; readonly value: unknown };
  'memory.allocate': { readonly nbytes: number; readonly segment: number; readonly ptr: number };
  'memory.free': { readonly nbytes: number; readonly segment: number; readonly ptr: number };
  'memory.grow': { readonly segment: number; readonly from: number; readonly to: number };
  'memory.reclaim': { readonly freed: number; readonly live: number; readonly milliseconds: number };
  'memory.refuse': { readonly nbytes: number; readonly live: number; readonly limit: number; readonly source: string };
  'memory.trim': { readonly nbytes: number };
  'native.load': { readonly path: string; readonly symbols: number };
  'kernel.compile': { readonly key: string; readonly bytes: number; readonly milliseconds: number };
  'exec.begin': { readonly op: string };
  'exec.done': {
    readonly op: string;
    readonly milliseconds: number;
    /** Of the largest array among operands and result; absent where there is none. */
    readonly dtype: string | undefined;
    readonly shape: readonly number[] | undefined;
  };
  'exec.call': { readonly op: string; readonly dtypes: readonly string[]; readonly shape: readonly number[] };
  'exec.cast': { readonly op: string; readonly from: string; readonly to: string; readonly size: number };
  'exec.broadcast': { readonly op: string; readonly shapes: readonly (readonly number[])[]; readonly nbytes: number };
  'exec.float': { readonly op: string; readonly kind: string; readonly index: number };
  'threads.start': { readonly threads: number; readonly milliseconds: number };
  'threads.lost': { readonly worker: number; readonly reason: string };
  'threads.throttled': {
    readonly threads: number;
    readonly periods: number;
    readonly milliseconds: number;
    readonly advised: number;
    readonly source: string;
  };
  'chunked.stage': { readonly stage: number; readonly stages: number; readonly text: string; readonly blocks: number };
  'chunked.progress': {
    readonly stage: number;
    readonly stages: number;
    /** Blocks of the stage. */
    readonly done: number;
    readonly blocks: number;
    readonly bytesRead: number;
    readonly bytesWritten: number;
    /** Seconds; eta is undefined until there is something to go by. */
    readonly elapsed: number;
    readonly eta: number | undefined;
  };
  'chunked.retry': { readonly what: string; readonly attempt: number; readonly error: string; readonly pause: number };
  'chunked.spill': { readonly nbytes: number; readonly spilled: number; readonly path: string };
}
export type EventType = keyof EventMap;

/** One sentence per event; the docs and `active` come from these rows. */
export const eventRows = {
  'config.change': 'a configuration row was set',
  'memory.allocate': 'a block was handed out',
  'memory.free': 'a block came back',
  'memory.grow': 'a segment grew; sizes in bytes',
  'memory.reclaim': 'dead arrays were collected inside a turn of the event loop',
  'memory.refuse': 'an allocation would have passed a limit or budget',
  'memory.trim': 'free pages were handed back to the system',
  'native.load': 'a shared library was loaded',
  'kernel.compile': 'a kernel was generated and compiled',
  'exec.begin': 'an operation of no other begins',
  'exec.done': 'an operation of no other ended; with the time it took',
  'exec.call': 'an operation ran',
  'exec.cast': 'an operand was converted to another dtype',
  'exec.broadcast': 'operands were stretched into a larger result',
  'exec.float': 'a floating-point or integer condition was seen',
  'threads.start': 'the worker pool started',
  'threads.lost': 'a worker could not start or ended; the main thread works alone from here',
  'threads.throttled': 'the cgroup stopped this process while an operation ran; with the number of threads to use',
  'chunked.stage': 'a stage of a plan over blocks begins',
  'chunked.progress': 'how far a plan over blocks is; a few times a second',
  'chunked.retry': 'a read failed and is tried again after a pause, in milliseconds',
  'chunked.spill': 'an intermediate block went to disk, because memory is for others',
} satisfies Record<EventType, string>;

type Listener<T extends EventType> = (event: EventMap[T]) => void;
/** Ends a subscription: call it, or hold it with `using`. */
export type Subscription = (() => void) & Disposable;

// Short paths are timed like all others.
const timedTypes: ReadonlySet<string> = new Set<EventType>(['exec.begin', 'exec.done']);

class Events {
  /** True for the types somebody listens to. Read it before building an event. */
  readonly active: { readonly [T in EventType]: boolean };
  /** Somebody listens to what single operations do: short paths, which tell nothing, are left aside. */
  watched = false;
  /** Somebody listens to how long operations take, and none is under way: the next one is timed (exec/timed.ts). */
  timing = false;
  private readonly flags: Record<EventType, boolean>;
  private readonly listeners = new Map<EventType, readonly Listener<never>[]>();

  constructor() {
    // Keys are those of the rows, which `satisfies` closed over EventType.
    this.flags = Object.fromEntries(Object.keys(eventRows).map((type) => [type, false])) as Record<EventType, boolean>;
    this.active = this.flags;
  }

  /** Calls `listener` for every event of the type until the subscription ends. */
  on<T extends EventType>(type: T, listener: Listener<T>): Subscription {
    const entry: Listener<T> = (event) => listener(event); // its own identity: the same function may listen twice
    this.replace(type, [...(this.listeners.get(type) ?? []), entry]);
    const off = () =>
      this.replace(
        type,
        (this.listeners.get(type) ?? []).filter((other) => other !== entry),
      );
    return Object.assign(off, { [Symbol.dispose]: off });
  }

  /** Hands the event to each listener. One that throws is reported as uncaught; the operation is not disturbed. */
  emit<T extends EventType>(type: T, event: EventMap[T]): void {
    for (const listener of this.listeners.get(type) ?? []) {
      try {
        (listener as Listener<T>)(event); // stored under its own type by `on`
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  private replace(type: EventType, listeners: readonly Listener<never>[]): void {
    this.listeners.set(type, listeners);
    this.flags[type] = listeners.length > 0;
    this.watched = Object.entries(this.flags).some(
      ([name, on]) => on && name.startsWith('exec.') && !timedTypes.has(name),
    );
    this.timing = this.flags['exec.done'];
  }
}

/** The one emitter. */
export const events = new Events();

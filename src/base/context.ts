// Context variables: values that hold for a callback, or for a block with `using`, and follow its async continuations.
// Not process-wide settings (config.ts). The state is one linked list of frames, in AsyncLocalStorage where there is
// one and in a plain variable elsewhere (browsers), where a context ends at the first await.
import { platform } from './platform.ts';

interface Frame {
  readonly variable: object;
  readonly value: unknown;
  readonly parent: Frame | undefined;
  /** False once a `using` block ended: continuations that still hold the frame look through it. */
  live: boolean;
}

/** Where the current frame lives. */
interface Store {
  readonly followsAsync: boolean;
  get(): Frame | undefined;
  enter(frame: Frame | undefined): void;
  run<R>(frame: Frame | undefined, fn: () => R): R;
}

function plainStore(): Store {
  let current: Frame | undefined;
  return {
    followsAsync: false,
    get: () => current,
    enter(frame) {
      current = frame;
    },
    run(frame, fn) {
      const before = current;
      current = frame;
      try {
        return fn();
      } finally {
        current = before;
      }
    },
  };
}

function asyncStore(hooks: typeof import('node:async_hooks')): Store {
  const storage = new hooks.AsyncLocalStorage<Frame | undefined>();
  return {
    followsAsync: true,
    get: () => storage.getStore(),
    enter: (frame) => storage.enterWith(frame),
    run: (frame, fn) => storage.run(frame, fn),
  };
}

// Made at the first entry: until then every read is one test, and Node's promise hooks stay off.
let store: Store | undefined;

function openStore(): Store {
  if (store === undefined) {
    const hooks = platform.builtin<typeof import('node:async_hooks')>('node:async_hooks');
    store = hooks === undefined ? plainStore() : asyncStore(hooks);
  }
  return store;
}

/**
 * A value with an initial setting that callbacks and blocks may replace for themselves.
 * @example
 * const depth = new ContextVariable('depth', 0);
 * depth.run(1, () => depth.get()); // 1, also after an await inside; outside it is still 0
 */
export class ContextVariable<T> {
  readonly name: string;
  readonly initial: T;

  constructor(name: string, initial: T) {
    this.name = name;
    this.initial = initial;
  }

  /** The innermost value in force here. */
  get(): T {
    if (store === undefined) return this.initial;
    for (let frame = store.get(); frame !== undefined; frame = frame.parent) {
      if (frame.variable === this && frame.live) return frame.value as T; // written by run or enter of this variable
    }
    return this.initial;
  }

  /** Calls `fn` with the value in force, in it and in everything it starts. */
  run<R>(value: T, fn: () => R): R {
    const open = openStore();
    return open.run(this.frame(value, open), fn);
  }

  /**
   * Puts the value in force until disposed: `using _ = variable.enter(value)`. In an async function the caller shares
   * the value until the block ends; `run` does not have this flaw.
   */
  enter(value: T): Disposable {
    const open = openStore();
    const frame = this.frame(value, open);
    open.enter(frame);
    return {
      [Symbol.dispose]: () => {
        frame.live = false;
        if (open.get() === frame) open.enter(frame.parent);
      },
    };
  }

  private frame(value: T, open: Store): Frame {
    let parent = open.get();
    while (parent !== undefined && !parent.live) parent = parent.parent; // ended blocks must not pile up
    return { variable: this, value, parent, live: true };
  }
}

/** All context variables as they are now: call the result to run a function under them later. */
export function captureContext(): <R>(fn: () => R) => R {
  const open = openStore();
  const frame = open.get();
  return (fn) => open.run(frame, fn);
}

/** Calls `fn` with every context variable at its initial value. */
export function isolateContext<R>(fn: () => R): R {
  return openStore().run(undefined, fn);
}

// Making the JavaScript engine collect now, inside a synchronous call, and forget which objects it promised to keep.
// A WeakRef keeps its target until the end of the job; an evaluation in a vm context with microtaskMode 'afterEvaluate'
// ends such a job for the whole isolate, without running the user's microtasks. Then gc() through V8's own flag.
// Where neither exists (browsers, Deno) `synchronous` is false and blocks come back between turns only.
import { platform } from '../base/platform.ts';

/** What the engine can do for the heap. */
export interface Collector {
  /** Whether objects created in this very turn can be found dead in it. Known for sure after the first `collect`. */
  readonly synchronous: boolean;
  /** Ends the promise to keep the targets of WeakRefs made or read in this job; about 4 µs. */
  forget(): void;
  /** A full collection; about 4 ms on a small JavaScript heap. */
  collect(): void;
}

const nothing: Collector = { synchronous: false, forget() {}, collect() {} };

let opened: Collector | undefined;

/** The engine's collector, found once per process. */
export function collector(): Collector {
  opened ??= openBun() ?? openNode() ?? nothing;
  return opened;
}

/** Proves on the first collection that a fresh object is seen dead, and stands down for good if it is not. */
class Proven implements Collector {
  synchronous = true;
  readonly forget: () => void;
  readonly #gc: () => void;
  #tested = false;

  constructor(gc: () => void, forget: () => void) {
    this.#gc = gc;
    this.forget = forget;
  }

  collect(): void {
    if (!this.synchronous) return;
    const probe = this.#tested ? undefined : freshProbe();
    this.forget();
    this.#gc();
    if (probe === undefined) return;
    this.#tested = true;
    this.synchronous = probe.deref() === undefined;
  }
}

/** In a function of its own, so that no register of the caller holds the object. */
function freshProbe(): WeakRef<object> {
  return new WeakRef({});
}

function openNode(): Collector | undefined {
  if (!platform.node) return undefined;
  try {
    const vm = platform.builtin<typeof import('node:vm')>('node:vm');
    const v8 = platform.builtin<typeof import('node:v8')>('node:v8');
    if (vm === undefined || v8 === undefined) return undefined;
    v8.setFlagsFromString('--expose-gc');
    const gc: unknown = vm.runInNewContext('gc');
    v8.setFlagsFromString('--no-expose-gc');
    if (typeof gc !== 'function') return undefined;
    const context = vm.createContext({}, { microtaskMode: 'afterEvaluate' });
    const script = new vm.Script('0');
    // gc() without arguments: on V8 11 (Node 20) any object as argument, {type: 'major'} too, means a minor collection.
    return new Proven(
      () => gc(),
      () => script.runInContext(context),
    );
  } catch {
    return undefined; // no permission to set flags or make contexts: the heap works without
  }
}

function openBun(): Collector | undefined {
  const host: typeof globalThis & { Bun?: { gc?(sync: boolean): unknown } } = globalThis;
  const gc = host.Bun?.gc;
  if (gc === undefined) return undefined;
  return new Proven(
    () => gc(true),
    () => {},
  );
}

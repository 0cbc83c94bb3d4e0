// Making the JavaScript engine collect now, inside a synchronous call, and forget which objects it promised to keep.
// A WeakRef keeps its target until the end of the job; an evaluation in a vm context with microtaskMode 'afterEvaluate'
// ends such a job for the whole isolate, without running the user's microtasks. Then gc() through V8's own flag.
// Where neither exists (browsers, Deno) `synchronous` is false and blocks come back between turns only.
import { platform } from '../base/platform.ts';

/** How a minor collection (young objects only, some 0.2 ms against 4) tells which objects died. */
export type YoungSight =
  /** It does not: only full collections count. */
  | 'none'
  /** WeakRefs to dead young objects are cleared (V8 14). */
  | 'weakref'
  /** WeakRefs keep young objects alive, but a WeakSet loses its dead ones, and can be listed (V8 11). */
  | 'weakset';

/** What the engine can do for the heap. */
export interface Collector {
  /** Whether objects created in this very turn can be found dead in it; known for sure after the first `collect`. */
  readonly synchronous: boolean;
  readonly youngSight: YoungSight;
  /** Ends the promise to keep the targets of WeakRefs made or read in this job; about 4 µs. */
  forget(): void;
  /** A full collection; about 4 ms on a small JavaScript heap. */
  collect(): void;
  /** A minor collection; about 0.2 ms. */
  collectYoung(): void;
  /** Calls LISTED of every object in the set; how many were listed, -1 when the listing was cut short. */
  list(set: WeakSet<object>): number;
}

/** The method by which an object in a listed set is found: what Node's inspect calls to print an object. */
export const LISTED: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never; // a registered symbol, made unique here

const nothing: Collector = {
  synchronous: false,
  youngSight: 'none',
  forget() {},
  collect() {},
  collectYoung() {},
  list: () => -1,
};

let opened: Collector | undefined;

/** The engine's collector, found once per process. */
export function collector(): Collector {
  opened ??= openBun() ?? openNode() ?? nothing;
  return opened;
}

/** Proves on the first collection that a fresh object is seen dead, and stands down for good if it is not. */
class Proven implements Collector {
  synchronous = true;
  youngSight: YoungSight = 'none';
  readonly forget: () => void;
  readonly list: (set: WeakSet<object>) => number;
  readonly #gc: (minor: boolean) => void;
  #tested = false;

  constructor(gc: (minor: boolean) => void, forget: () => void, list: (set: WeakSet<object>) => number) {
    this.#gc = gc;
    this.forget = forget;
    this.list = list;
  }

  collect(): void {
    if (!this.synchronous) return;
    const probe = this.#tested ? undefined : freshProbe();
    this.forget();
    this.#gc(false);
    if (probe === undefined) return;
    this.#tested = true;
    this.synchronous = probe.deref() === undefined;
    this.forget();
  }

  collectYoung(): void {
    if (this.youngSight === 'weakref') this.forget();
    this.#gc(true);
  }

  /** Finds out how the dead among the young can be told; the engines differ and none documents it. */
  look(): void {
    const probes = Array.from({ length: 16 }, freshProbe);
    this.forget();
    this.#gc(true);
    const cleared = probes.filter((probe) => probe.deref() === undefined).length;
    this.forget();
    if (cleared > 8) this.youngSight = 'weakref';
    else if (this.#listsExactly()) this.youngSight = 'weakset';
  }

  /** A listing must name all of 600 live objects and, but for a straggler, none of 600 dead ones. */
  #listsExactly(): boolean {
    const set = new WeakSet<object>();
    const seen = new Set<number>();
    const kept = addProbes(set, seen);
    this.#gc(true);
    return this.list(set) === seen.size && seen.size < 610 && kept.every((probe) => seen.has(probe.id));
  }
}

/** In a function of its own, so that no register of the caller holds the object. */
function freshProbe(): WeakRef<object> {
  return new WeakRef({});
}

function addProbes(set: WeakSet<object>, seen: Set<number>): { id: number }[] {
  const kept: { id: number }[] = [];
  for (let id = 0; id < 1200; id++) {
    const probe = {
      id,
      [LISTED](): string {
        seen.add(id);
        return 'x';
      },
    };
    set.add(probe);
    if (id % 2 === 0) kept.push(probe);
  }
  return kept;
}

function openNode(): Collector | undefined {
  if (!platform.node) return undefined;
  try {
    const vm = platform.builtin<typeof import('node:vm')>('node:vm');
    const v8 = platform.builtin<typeof import('node:v8')>('node:v8');
    const util = platform.builtin<typeof import('node:util')>('node:util');
    if (vm === undefined || v8 === undefined || util === undefined) return undefined;
    v8.setFlagsFromString('--expose-gc');
    const gc: unknown = vm.runInNewContext('gc');
    v8.setFlagsFromString('--no-expose-gc');
    if (typeof gc !== 'function') return undefined;
    const context = vm.createContext({}, { microtaskMode: 'afterEvaluate' });
    const script = new vm.Script('0');
    // showHidden lists the entries of a WeakSet and calls each one's own inspect method.
    const listing = {
      showHidden: true,
      customInspect: true,
      depth: 0,
      maxArrayLength: Infinity,
      breakLength: Infinity,
    };
    const minor = { type: 'minor' };
    const proven = new Proven(
      // A full one takes no argument: on V8 11 any object, {type: 'major'} too, means a minor collection.
      (young) => (young ? gc(minor) : gc()),
      () => script.runInContext(context),
      (set) => countEntries(util.inspect(set, listing)),
    );
    proven.look();
    return proven;
  } catch {
    return undefined; // no permission to set flags or make contexts: the heap works without
  }
}

/** Entries in 'WeakSet { x, x }'; -1 for anything else, such as the notice that the inspection was interrupted. */
function countEntries(text: string): number {
  if (text === 'WeakSet {}') return 0;
  if (!/^WeakSet \{ x(, x)* \}$/.test(text)) return -1;
  return (text.length - 'WeakSet {  }'.length + 2) / 3;
}

function openBun(): Collector | undefined {
  const host: typeof globalThis & { Bun?: { gc?(sync: boolean): unknown } } = globalThis;
  const gc = host.Bun?.gc;
  if (gc === undefined) return undefined;
  return new Proven(
    () => gc(true),
    () => {},
    () => -1,
  );
}

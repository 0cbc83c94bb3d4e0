// The one way to native code: loads a shared library and binds its symbols from rows. koffi does it today, where it is
// installed and runs (Node, Bun); everywhere else there is no native code and callers do without, saying so.
// It knows no library by name: those are rows beside the code that uses them.
import { events } from '../base/events.ts';
import { platform } from '../base/platform.ts';

/** A C prototype, and what calling it means in TypeScript. */
export type Symbols = Readonly<Record<string, string>>;
/** Bound functions by the names of their rows. */
export type Bound<S extends Symbols> = { readonly [K in keyof S]: (...args: (number | bigint)[]) => number };

/** A function of a library; what it takes and gives is its prototype's business. */
export type Foreign = (...args: (number | bigint)[]) => number;
/** One that gives a text. */
export type ForeignText = (...args: (number | bigint)[]) => string;
/** One that runs on a thread of the engine's; what its addresses mean must stay until it has answered. */
export type ForeignLater = (...args: (number | bigint | string)[]) => Promise<number>;

type KoffiFunction = Foreign & { async(...args: unknown[]): void };

interface Koffi {
  load(path: string): { func(prototype: string): KoffiFunction };
  address(view: Uint8Array): bigint;
  view(address: bigint, nbytes: number): ArrayBuffer;
  config(settings?: { sync_stack_size: number }): { sync_stack_size: number };
}

/** Native code runs on a stack of koffi's; OpenBLAS keeps tables there that grow with the square of its most threads. */
const STACK_BYTES = 16 * 2 ** 20;

let koffi: Koffi | null | undefined; // null: asked for and not there
let absence = 'nothing native was asked for yet';

function loader(): Koffi | null {
  if (koffi !== undefined) return koffi;
  koffi = null;
  const module = platform.builtin<typeof import('node:module')>('node:module');
  if (module === undefined) {
    absence = 'this engine has no foreign functions';
    return koffi;
  }
  try {
    koffi = module.createRequire(import.meta.url)('koffi') as Koffi; // its own typings name Node's globals
    enlargeStack(koffi);
  } catch (error) {
    absence = `the optional package koffi could not be loaded: ${error instanceof Error ? error.message : error}`;
  }
  return koffi;
}

function enlargeStack(foreign: Koffi): void {
  const settings = foreign.config();
  if (settings.sync_stack_size >= STACK_BYTES) return;
  try {
    foreign.config({ ...settings, sync_stack_size: STACK_BYTES });
  } catch {
    // Somebody else loaded a library through it before, and with that its settings are fixed: theirs hold.
  }
}

/** Native code can be called here. */
export function hasNative(): boolean {
  return loader() !== null;
}

/** Why there is no native code, for reports. */
export function whyNotNative(): string {
  return absence;
}

/** Loads a library and binds its symbols; undefined where there is no native code, no such library or no such symbol. */
export function bind<const S extends Symbols>(path: string, symbols: S): Bound<S> | undefined {
  const foreign = loader();
  if (foreign === null) return undefined;
  try {
    const library = foreign.load(path);
    const bound: Record<string, Foreign> = Object.fromEntries(
      Object.entries(symbols).map(([name, text]) => [name, library.func(text)]),
    );
    if (events.active['native.load']) events.emit('native.load', { path, symbols: Object.keys(symbols).length });
    return bound as Bound<S>; // one entry per row
  } catch (error) {
    absence = `${path}: ${error instanceof Error ? error.message : error}`;
    return undefined;
  }
}

/** A loaded library: its functions one by one, where a symbol may be missing. */
export interface Library {
  readonly path: string;
  /** The function of a C prototype; undefined when the library lacks it. */
  find(prototype: string): Foreign | undefined;
  /** The same, of a prototype that gives `const char *`. */
  findText(prototype: string): ForeignText | undefined;
  /** The same function, run beside the event loop. */
  findLater(prototype: string): ForeignLater | undefined;
}

const later =
  (fn: KoffiFunction): ForeignLater =>
  (...args) =>
    new Promise((resolve, reject) => {
      fn.async(...args, (error: unknown, result: number) => (error ? reject(error) : resolve(result)));
    });

/** Loads a library; undefined where there is no native code or no such library. */
export function open(path: string): Library | undefined {
  const foreign = loader();
  if (foreign === null) return undefined;
  try {
    const library = foreign.load(path);
    const find = (prototype: string): KoffiFunction | undefined => {
      try {
        return library.func(prototype);
      } catch {
        return undefined; // the symbol is not there, which is what was asked
      }
    };
    if (events.active['native.load']) events.emit('native.load', { path, symbols: 0 });
    return {
      path,
      find,
      findText: (prototype) => find(prototype) as ForeignText | undefined, // as its prototype says
      findLater(prototype) {
        const fn = find(prototype);
        return fn && later(fn);
      },
    };
  } catch (error) {
    absence = `${path}: ${error instanceof Error ? error.message : error}`;
    return undefined;
  }
}

/** Where the bytes of a buffer are in this process. Only for memory that never moves: WebAssembly memory. */
export function addressOf(buffer: ArrayBufferLike): bigint | undefined {
  return loader()?.address(new Uint8Array(buffer, 0, 1));
}

/**
 * The bytes at an address of this process, without a copy; whoever asks knows that they stay as long as the buffer does.
 * Undefined where the engine has buffers in a region of its own only (pointer compression, a sandbox).
 */
export function bufferAt(address: bigint, nbytes: number): ArrayBuffer | undefined {
  try {
    const buffer = loader()?.view(address, nbytes);
    return buffer !== undefined && addressOf(buffer) === address ? buffer : undefined;
  } catch {
    return undefined; // the engine's refusal
  }
}

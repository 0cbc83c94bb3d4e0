// What the engine underneath is and can do: runtime, shared memory, SIMD, environment variables, built-in modules.
// Not what the machine has: processors and memory limits are read by threads and memory, which need them fresh.
// Feature tests are lazy, so that importing Orthant costs nothing.

interface Globals {
  process?: {
    platform?: string;
    versions?: Record<string, string | undefined>;
    env?: Record<string, string | undefined>;
    getBuiltinModule?: (name: string) => unknown;
  };
  Deno?: { version: { deno: string } };
  Bun?: { version: string };
  crossOriginIsolated?: boolean;
}
const globals = globalThis as Globals; // the one place that asks which engine's globals exist

const deno = globals.Deno !== undefined;
const bun = globals.Bun !== undefined;
const node = !deno && !bun && globals.process?.versions?.node !== undefined;

/** A module of one function, () -> v128, with the given body: `WebAssembly.validate` is the feature test. */
function validates(body: readonly number[]): boolean {
  const code = [0, ...body, 0x0b];
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0];
  return WebAssembly.validate(new Uint8Array([...bytes, 10, code.length + 2, 1, code.length, ...code]));
}
const splat = [0x41, 0, 0xfd, 0x0f]; // i32.const 0, i8x16.splat

function once<T>(compute: () => T): () => T {
  let value: { readonly of: T } | undefined;
  return () => {
    value ??= { of: compute() };
    return value.of;
  };
}

const simd = once(() => validates(splat));
const relaxedSimd = once(() => validates([...splat, ...splat, ...splat, 0xfd, 0x87, 0x02])); // f64x2.relaxed_madd
const sharedMemory = once(() => {
  // Browsers without cross-origin isolation can make a shared memory and then refuse to post it: ask them first.
  if (typeof SharedArrayBuffer === 'undefined' || globals.crossOriginIsolated === false) return false;
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer;
  } catch {
    return false; // the feature test's answer: an engine that refuses the descriptor has no shared memory
  }
});

/** The engine Orthant runs on. Exactly one of node, bun, deno and browser is true. */
export const platform = Object.freeze({
  node,
  bun,
  deno,
  browser: !node && !bun && !deno,
  linux: globals.process?.platform === 'linux',
  /** Name and version, for reports: 'node 20.20.2'. */
  get runtime(): string {
    if (deno) return `deno ${globals.Deno?.version.deno}`;
    if (bun) return `bun ${globals.Bun?.version}`;
    return node ? `node ${globals.process?.versions?.node}` : 'browser';
  },
  /** Shared WebAssembly memory exists and may be sent to workers. */
  get sharedMemory(): boolean {
    return sharedMemory();
  },
  /** WebAssembly SIMD128. */
  get simd(): boolean {
    return simd();
  },
  /** WebAssembly relaxed SIMD, fused multiply-add included. */
  get relaxedSimd(): boolean {
    return relaxedSimd();
  },
  /** An environment variable; undefined when unset, empty, or where there is no environment. */
  env(name: string): string | undefined {
    return globals.process?.env?.[name] || undefined;
  },
  /** Calls a function while an environment variable that is unset has this value, for libraries that read it when loaded. */
  withEnv<R>(name: string, value: string, fn: () => R): R {
    const env = globals.process?.env;
    if (env === undefined || env[name] !== undefined) return fn();
    env[name] = value;
    try {
      return fn();
    } finally {
      Reflect.deleteProperty(env, name);
    }
  },
  /** Names of the environment variables that start with a prefix. */
  envNames(prefix: string): string[] {
    return Object.keys(globals.process?.env ?? {}).filter((name) => name.startsWith(prefix));
  },
  /** The text of a file that may be missing, as files about the system are; undefined where there are no files. */
  readText(path: string): string | undefined {
    try {
      return platform.builtin<typeof import('node:fs')>('node:fs')?.readFileSync(path, 'utf8');
    } catch {
      return undefined; // absent on this system, or not ours to read
    }
  },
  /**
   * A module of the server-side runtime ('node:fs'), without an import that would break a browser bundle; undefined in
   * browsers. The type argument is the caller's claim: `platform.builtin<typeof import('node:fs')>('node:fs')`.
   */
  builtin<T>(name: `node:${string}`): T | undefined {
    return globals.process?.getBuiltinModule?.(name) as T | undefined; // typed by its caller, as an import would be
  },
});

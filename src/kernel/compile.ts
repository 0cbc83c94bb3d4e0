// From a kernel's description to callable functions: builds the module at first use, compiles it synchronously, and
// keeps one instance per heap segment. `kernelOf` is the cache: one kernel per key for the life of the process.

import { events } from '../base/events.ts';
import type { Segment } from '../memory/segment.ts';
import { allocateIn } from './constants.ts';

import { ModuleCode } from './wasm/encoder.ts';

/** Exported functions of a kernel; 64-bit parameters are bigint. */
export type KernelFunction = (...args: (number | bigint)[]) => number;
export interface KernelExports {
  readonly run: KernelFunction;
  /** Odometer around `run`; missing in searches. */
  readonly nest: KernelFunction;
  /** Combines states; reductions only. */
  readonly pairs: KernelFunction;
  /** Continues a run; scans only. */
  readonly resume: KernelFunction;
  /** Reduces columns; column kernels only. */
  readonly columns: KernelFunction;
}

const rest = (): number => 0;
/** Kernels over a ghost. */
const idle: KernelExports = { run: rest, nest: rest, pairs: rest, resume: rest, columns: rest };

export class Kernel {
  readonly key: string;
  readonly #build: (module: ModuleCode, tableAddress: (id: number) => number) => void;
  readonly #instances: (KernelExports | undefined)[] = [];
  #module: WebAssembly.Module | undefined;
  /** Per segment, for other threads to compile. */
  readonly #binaries: (Uint8Array | undefined)[] = [];
  #shared: Uint8Array | undefined;
  /** Size of the compiled code's binary in bytes, 0 before the first use. */
  bytes = 0;

  constructor(key: string, build: (module: ModuleCode, tableAddress: (id: number) => number) => void) {
    this.key = key;
    this.#build = build;
  }

  /** The kernel's functions over this segment's memory. */
  at(segment: Segment): KernelExports {
    return segment.ghost ? idle : (this.#instances[segment.id] ?? this.#instantiate(segment));
  }

  /** The bytes of the module behind `at(segment)`. */
  binary(segment: Segment): Uint8Array {
    this.at(segment);
    const found = this.#binaries[segment.id] ?? this.#shared;
    if (found === undefined) throw new TypeError(`kernel ${this.key} was instantiated without a binary`);
    return found;
  }

  #instantiate(segment: Segment): KernelExports {
    const started = events.active['kernel.compile'] ? performance.now() : 0;
    let usesTables = false;
    let module = this.#module;
    if (module === undefined) {
      const code = new ModuleCode();
      this.#build(code, (id) => {
        usesTables = true;
        return allocateIn(segment, id);
      });
      const binary = code.encode(segment.shared);
      this.bytes = binary.byteLength;
      module = new WebAssembly.Module(binary);
      // Code with addresses of tables in it belongs to its segment.
      if (usesTables) this.#binaries[segment.id] = binary;
      else [this.#module, this.#shared] = [module, binary];
    }
    const instance = new WebAssembly.Instance(module, { m: { m: segment.memory } });
    // The binary was generated with exactly these exports.
    const made = instance.exports as unknown as KernelExports;
    this.#instances[segment.id] = made;
    if (events.active['kernel.compile']) {
      events.emit('kernel.compile', { key: this.key, bytes: this.bytes, milliseconds: performance.now() - started });
    }
    return made;
  }
}

const cache = new Map<string, Kernel>();

/** The kernel of this key, described by `build` the first time. */
export function kernelOf(
  key: string,
  build: (module: ModuleCode, tableAddress: (id: number) => number) => void,
): Kernel {
  let found = cache.get(key);
  if (found === undefined) {
    found = new Kernel(key, build);
    cache.set(key, found);
  }
  return found;
}

/** Kernels described so far and the bytes of code compiled. */
export function kernelFigures(): { readonly kernels: number; readonly bytes: number } {
  let bytes = 0;
  for (const k of cache.values()) bytes += k.bytes;
  return { kernels: cache.size, bytes };
}

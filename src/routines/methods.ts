// Composed functions as methods of NDArray. Each is the function of the same name with the array as its first argument;
// documentation and checks are there.

import { NDArray } from '../array/ndarray.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { tofile, tofileSync } from '../io/raw.ts';
import { dot } from '../linalg/matmul.ts';
import { type TraceOptions, trace } from '../linalg/trace.ts';
import { repeat } from './repeat.ts';

interface Methods {
  /** Every element as often as a count, or counts, say. */
  repeat(repeats: ArrayLike, axis?: number | null): NDArray;
  /** Sum along a diagonal. */
  trace(offset?: number | TraceOptions, axis1?: number, axis2?: number, options?: TraceOptions): NDArray | Scalar;
  /** Product with another array, over the last axis of this one. */
  dot(other: ArrayLike): NDArray | Scalar;
  /** Writes the elements in C order, and nothing else, to a file. */
  tofile(file: string | URL): Promise<void>;
  /** `tofile`, blocking. */
  tofileSync(file: string | URL): void;
}

declare module '../array/ndarray.ts' {
  interface NDArray<D, S> extends Methods {}
}

const functions: Record<keyof Methods, (x: NDArray, ...args: never[]) => unknown> = {
  repeat,
  trace,
  dot,
  tofile,
  tofileSync,
};
for (const [name, f] of Object.entries(functions)) {
  const value = function (this: NDArray, ...args: unknown[]): unknown {
    return f(this, ...(args as never[])); // checked by the function itself
  };
  Object.defineProperty(value, 'name', { value: name });
  Object.defineProperty(NDArray.prototype, name, { value, writable: true, configurable: true });
}

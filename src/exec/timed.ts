// How long operations take, told as 'exec.done' while somebody listens. What is called inside an operation belongs to it:
// only the outermost call is told. A function that is timed opens with one test:
// `if (events.timing) return timed('sort', sort, x, …)`. Not with a closure: that would cost every call an allocation.

import { events } from '../base/events.ts';
import { ArrayBase } from './array_base.ts';

type AnyFunction = (...args: never) => unknown;

/** Calls `fn`, the very function that asks, and tells what it took; a call that throws is not told. */
export function timed<R>(op: string, fn: AnyFunction, ...args: readonly unknown[]): R {
  events.timing = false;
  if (events.active['exec.begin']) events.emit('exec.begin', { op });
  const started = performance.now();
  try {
    const result = fn(...(args as never)) as R; // its caller's own result, of its caller's own arguments
    const milliseconds = performance.now() - started;
    const of = largest(result, args);
    events.emit('exec.done', { op, dtype: of?.dtype.name, shape: of?.shape, milliseconds });
    return result;
  } finally {
    events.timing = events.active['exec.done'];
  }
}

// The array that says most about the work: a broadcast is as large as its result, a sum as its operand.
function largest(result: unknown, args: readonly unknown[]): ArrayBase | undefined {
  let most = result instanceof ArrayBase ? result : undefined;
  const look = (x: unknown): void => {
    if (x instanceof ArrayBase && (most === undefined || x.size > most.size)) most = x;
  };
  for (const x of args)
    if (Array.isArray(x) && x.length <= 16) x.forEach(look);
    else look(x);
  return most;
}

/** The same functions under the same names, timed. */
export function timedAll<T extends object>(prefix: string, functions: T): T {
  const entries = Object.entries(functions).map(([name, f]: [string, AnyFunction]) => {
    const op = `${prefix}${name}`;
    const through = (...args: never): unknown => (events.timing ? timed(op, f, ...(args as unknown[])) : f(...args));
    return [name, Object.defineProperty(through, 'name', { value: name })];
  });
  return Object.fromEntries(entries) as T; // each is called as before
}

// A public function by the names that lead to it: ['sum'], ['linalg', 'svd'].

import { ArgumentError } from '../../base/errors.ts';

export type Functions = Readonly<Record<string, unknown>>;
export type AnyFunction = (...args: readonly unknown[]) => unknown;

/** The function at `path` of a namespace; only what a namespace itself holds, nothing inherited. */
export function functionAt(namespace: Functions, path: readonly string[]): AnyFunction {
  let at: unknown = namespace;
  for (const name of path) {
    const holds = typeof at === 'object' && at !== null && Object.hasOwn(at, name);
    at = holds ? (at as Functions)[name] : undefined;
  }
  if (typeof at === 'function') return at as AnyFunction;
  const name = path.join('.');
  throw new ArgumentError(`np.async.${name}: there is no such function`, 'use the name of a function of np', { name });
}

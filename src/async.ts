// np.async: every function of the namespace as a promise, computed by a thread of its own over the same memory. The types
// follow the functions themselves; the work is exec/executor.

import { callElsewhere } from './exec/executor/call.ts';
import type * as Namespace from './index.ts';

/** What every call takes besides, in its last options object or in one of its own at the end. */
export interface AsyncOptions {
  /** Ends the call: the promise is rejected with the signal's reason when nothing of it is left. */
  readonly signal?: AbortSignal;
}

type AnyFunction = (...args: never[]) => unknown;
// Options objects take a signal too.
type WithSignal<A extends readonly unknown[]> = { [I in keyof A]: A[I] | (A[I] & AsyncOptions) };
type Call<A extends readonly unknown[], R> = {
  (...args: WithSignal<A>): Promise<Awaited<R>>;
  (...args: [...A, AsyncOptions]): Promise<Awaited<R>>;
};
// An overloaded function keeps up to four of its signatures.
type Calls<F> = F extends {
  (...args: infer A): infer Ra;
  (...args: infer B): infer Rb;
  (...args: infer C): infer Rc;
  (...args: infer D): infer Rd;
}
  ? Call<A, Ra> & Call<B, Rb> & Call<C, Rc> & Call<D, Rd>
  : F extends (...args: infer A) => infer R
    ? Call<A, R>
    : never;

/** The functions of a namespace as promises, and so the namespaces in it. */
export type AsyncForms<T> = {
  readonly [K in Exclude<keyof T, 'async'>]: T[K] extends AnyFunction
    ? Calls<T[K]>
    : T[K] extends object
      ? { readonly [L in keyof T[K]]: T[K][L] extends AnyFunction ? Calls<T[K][L]> : never }
      : never;
};

const namespace = (): Promise<Readonly<Record<string, unknown>>> => import('./index.ts');

function formsAt(path: readonly string[]): object {
  const known = new Map<string, object>();
  return new Proxy(() => undefined, {
    get(_, name) {
      // A namespace must not look like a promise, or like anything else that engines ask for.
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined;
      let form = known.get(name);
      if (form === undefined) {
        form = formsAt([...path, name]);
        known.set(name, form);
      }
      return form;
    },
    apply: (_, __, args: readonly unknown[]) => callElsewhere(path, args, namespace),
  });
}

/**
 * Every function of the namespace, away from the event loop: same arguments, and an AbortSignal as `signal` among the
 * options. Operands are read in place and must not be written until the promise is settled; results are charged to the
 * scope of the caller before they are taken; threads are divided fairly among scopes and within leases.
 * @throws (rejects with) ArgumentError for functions among the arguments; what the function itself throws; the signal's
 * reason; ThreadError when no thread could be started.
 * @example await np.async.sum(np.ones([1000])) // 1000
 */
export const async: AsyncForms<typeof Namespace> = formsAt([]) as AsyncForms<typeof Namespace>; // by name, as asked for

// np.fuse: a function of arrays followed once with expressions in place of its arguments; after that a call is a run of
// the plan that came out. What the function does besides is done while it is followed, and not again.

import { NDArray } from '../array/ndarray.ts';
import { ArgumentError, TraceError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { isScalar, type Scalar, scalarDType } from '../dtype/scalars.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { toArray } from '../exec/coerce.ts';
import { describe } from '../exec/options.ts';
import { timed } from '../exec/timed.ts';
import { compute, type Way, wayOf } from './compute.ts';
import { type Explanation, explain } from './explain.ts';
import { Lazy } from './lazy.ts';
import { type Node, slotOf } from './node.ts';
import { type Plan, planOf } from './plan.ts';
import type { Given } from './run.ts';

/** A function that was followed, for arguments of these dtypes and shapes. */
interface Traced {
  readonly plan: Plan;
  readonly way: Way;
  /** Puts results in the place of the expressions that the function returned. */
  readonly shaped: (results: readonly unknown[]) => unknown;
}

/** What `np.fuse` makes of a function: the same function, in few kernels. */
export type Fused<F> = F & {
  /** What is computed for such arguments. */
  explain(...args: unknown[]): Explanation;
  /** How many signatures have been followed. */
  readonly traces: number;
};

/** Signatures that one function keeps; a service that sees ever new shapes would keep all of them. */
const MOST_TRACES = 256;

/**
 * The function with its array operations fused: it is followed once for every combination of dtypes and shapes, and
 * computed by few kernels from then on, with the same bits. Numbers among the arguments may change from call to call.
 * Decisions that depend on values cannot be followed.
 * @throws TraceError where the function reads a value while it is followed; ArgumentError for arguments that are neither
 * arrays nor numbers.
 * @example np.fuse((a, b) => np.sqrt(np.add(np.square(np.subtract(a, b)), 1)))(np.array([3, 5]), np.array([3, 5])).tolist() // [1, 1]
 */
export function fuse<F extends (...args: never[]) => unknown>(f: F): Fused<F> {
  if (typeof f !== 'function')
    throw new ArgumentError(`np.fuse: ${describe(f)} is not a function`, 'pass a function', {});
  const traces = new Map<string, Traced>();
  const name = f.name === '' ? 'function' : f.name;
  const tracedFor = (given: Given): Traced => {
    const key = given.map(signature).join(';');
    let traced = traces.get(key);
    if (traced === undefined) {
      traced = trace(f, given, name);
      if (traces.size >= MOST_TRACES) for (const [oldest] of [...traces].slice(0, 1)) traces.delete(oldest);
      traces.set(key, traced);
    }
    return traced;
  };
  const call = (...args: unknown[]): unknown => {
    if (events.timing) return timed(`fuse ${name}`, call, ...args);
    if (args.some((x) => x instanceof Lazy)) return f(...(args as never[])); // part of a larger expression
    const given = args.map((x, i) => argument(x, i, name));
    const { plan, way, shaped } = tracedFor(given);
    return shaped(compute(plan, given, {}, way));
  };
  Object.defineProperty(call, 'name', { value: name });
  Object.defineProperty(call, 'traces', { get: () => traces.size });
  const explained = (...args: unknown[]): Explanation =>
    explain(tracedFor(args.map((x, i) => argument(x, i, name))).plan);
  return Object.assign(call, { explain: explained }) as unknown as Fused<F>; // it takes and gives what `f` does
}

function argument(x: unknown, i: number, name: string): ArrayBase | Scalar {
  if (isScalar(x)) return x;
  if (x instanceof ArrayBase || Array.isArray(x) || ArrayBuffer.isView(x)) return toArray(x, `np.fuse ${name}`);
  throw new ArgumentError(
    `np.fuse: argument ${i} of ${name} is ${describe(x)}`,
    'pass arrays and numbers; what else the function needs, let it close over',
    { argument: i },
  );
}

const signature = (x: ArrayBase | Scalar): string =>
  x instanceof ArrayBase ? `${x.dtype.char}${x.shape}` : typeof x === 'object' ? 'complex' : typeof x;

function trace(f: (...args: never[]) => unknown, given: Given, name: string): Traced {
  const args = given.map((x, i) =>
    x instanceof ArrayBase ? new Lazy(slotOf(i, x.shape, x.dtype)) : new Lazy(slotOf(i, [], scalarDType(x), x)),
  );
  const made = f(...(args as never[])); // stand-ins for what it takes
  if (made instanceof Promise) {
    throw new TraceError(`np.fuse: ${name} is asynchronous`, 'fuse the parts between its awaits', { name });
  }
  const roots: Node[] = [];
  const shaped = placing(made, roots, name);
  const plan = planOf(roots);
  return { plan, way: wayOf(plan), shaped };
}

// Collects the expressions in what a function returned, and says how results take their places.
function placing(made: unknown, roots: Node[], name: string): (results: readonly unknown[]) => unknown {
  if (made instanceof Lazy) {
    const at = roots.push(made.node) - 1;
    return (results) => results[at];
  }
  if (Array.isArray(made)) {
    const places = made.map((m) => placing(m, roots, name));
    return (results) => places.map((place) => place(results));
  }
  if (made === undefined || made === null || isScalar(made) || typeof made === 'string' || made instanceof NDArray) {
    return () => made;
  }
  if (typeof made === 'object' && Object.getPrototypeOf(made) === Object.prototype) {
    const places = Object.entries(made).map(([k, m]) => [k, placing(m, roots, name)] as const);
    return (results) => Object.fromEntries(places.map(([k, place]) => [k, place(results)]));
  }
  throw new TraceError(
    `np.fuse: ${name} returns ${describe(made)}`,
    'return an array, or a list or plain object of arrays',
    { name },
  );
}

// Data of the suite's cases: numbers that look random and are the same everywhere, and comparisons for their checks.
import type { Namespace } from '../../../src/bench.ts';
import type { NDArray } from '../../../src/index.ts';

/** Numbers drawn before they repeat: a prime, so that rows of a matrix do not. */
const PERIOD = 65_521;

/** Fractions by a linear congruential generator (Numerical Recipes' constants). */
function fractions(seed: number): () => number {
  let state = (seed + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function drawn(np: Namespace, shape: readonly number[], draw: () => number): NDArray {
  const count = shape.reduce((a, b) => a * b, 1);
  const values = Float64Array.from({ length: Math.min(count, PERIOD) }, draw);
  return np.resize(np.array(values), [...shape]);
}

/** Float64 numbers between 0 and 1. */
export const spread = (np: Namespace, shape: readonly number[], seed = 0): NDArray => drawn(np, shape, fractions(seed));

/** Float64 numbers of a normal distribution (Box and Muller). */
export function normal(np: Namespace, shape: readonly number[], seed = 0): NDArray {
  const next = fractions(seed);
  return drawn(np, shape, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
}

/** Largest difference of two results. */
export const apart = (np: Namespace, a: NDArray, b: NDArray | number): number =>
  Number(np.max(np.absolute(np.subtract(a, b))));

/** Whether `found` is as wanted to `tolerance`; else a text. */
export const near = (what: string, found: number, wanted: number, tolerance = 1e-9): true | string =>
  Math.abs(found - wanted) <= tolerance || `${what} is ${found}, should be ${wanted}`;

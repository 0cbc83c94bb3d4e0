// Whether two layouts over the same storage share bytes, and whether one visits a byte twice.
// Cheap bounds first; the exact answer is a bounded linear Diophantine problem, solved by descent with gcd and range
// pruning under a work limit, and answered "yes" when the limit is hit: a needless copy is right, a missed one is not.
// NP-hard in general; the formulation is the usual one for strided access (Banerjee, "Dependence Analysis", 1997).

import { type Shape, sizeOf } from './strides.ts';

/** Where the elements of an array lie; arrays themselves have this form. Offsets count from the same storage. */
export interface Layout {
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly itemsize: number;
}

/** Work limit of the exact tests: tens of microseconds. */
const WORK = 10_000;

/**
 * The bytes a layout can touch, as [lo, hi); lo === hi for an empty one.
 * @example extent(0, [2, 3], [-24, 8], 8) // [-24, 24]
 */
export function extent(offset: number, shape: Shape, strides: readonly number[], itemsize: number): [number, number] {
  let lo = offset;
  let hi = offset + itemsize;
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] === 0) return [offset, offset];
    const reach = (shape[i] - 1) * strides[i];
    if (reach < 0) lo += reach;
    else hi += reach;
  }
  return [lo, hi];
}

/** Bounds test: false means surely disjoint. The caller has checked that both lie in the same storage. */
export function mayOverlap(a: Layout, b: Layout): boolean {
  const [alo, ahi] = extent(a.offset, a.shape, a.strides, a.itemsize);
  const [blo, bhi] = extent(b.offset, b.shape, b.strides, b.itemsize);
  return alo < ahi && blo < bhi && alo < bhi && blo < ahi;
}

/** Whether both visit the same elements in the same order: reading one while writing the other is then safe. */
export function sameLayout(a: Layout, b: Layout): boolean {
  if (a.offset !== b.offset || a.itemsize !== b.itemsize || a.shape.length !== b.shape.length) return false;
  for (let i = 0; i < a.shape.length; i++) {
    if (a.shape[i] !== b.shape[i]) return false;
    if (a.shape[i] > 1 && a.strides[i] !== b.strides[i]) return false;
  }
  return true;
}

/**
 * Whether two layouts share a byte: exact, or true when deciding takes more than `work` steps.
 * @example two interleaved columns of a matrix do not overlap although their bounds do
 */
export function solveOverlap(a: Layout, b: Layout, work: number = WORK): boolean {
  if (!mayOverlap(a, b)) return false;
  // a.offset + Σ sᵢxᵢ + p = b.offset + Σ tⱼyⱼ + q, every unknown from 0 to its bound; unknowns with a negative
  // coefficient are counted from their other end, which moves the target and makes all coefficients positive.
  const p = new Terms(b.offset - a.offset);
  for (let i = 0; i < a.shape.length; i++) p.add(a.strides[i], a.shape[i] - 1);
  p.add(1, a.itemsize - 1);
  for (let i = 0; i < b.shape.length; i++) p.add(-b.strides[i], b.shape[i] - 1);
  p.add(-1, b.itemsize - 1);
  return p.solvable(work);
}

/**
 * Whether some byte belongs to two elements of one layout (a broadcast output, an overlapping window): exact, or true
 * when deciding takes more than `work` steps. Such a layout must not be written in parallel or in place.
 */
export function overlapsItself(a: Layout, work: number = WORK): boolean {
  if (sizeOf(a.shape) === 0) return false;
  const order: number[] = [];
  for (let i = 0; i < a.shape.length; i++) {
    if (a.shape[i] === 1) continue;
    if (a.strides[i] === 0) return true;
    order.push(i);
  }
  order.sort((i, j) => Math.abs(a.strides[i]) - Math.abs(a.strides[j]));
  // The usual case: each stride steps over everything the smaller ones reach.
  let reach = a.itemsize;
  let nested = true;
  for (const i of order) {
    const stride = Math.abs(a.strides[i]);
    if (stride < reach) nested = false;
    reach += stride * (a.shape[i] - 1);
  }
  if (nested) return false;
  // Otherwise: is there a difference of index tuples, its first nonzero entry positive, that moves less than one item?
  for (let first = 0; first < order.length; first++) {
    const lead = order[first];
    const p = new Terms(-a.strides[lead]);
    p.add(a.strides[lead], a.shape[lead] - 2);
    for (let k = first + 1; k < order.length; k++) {
      const n = a.shape[order[k]] - 1;
      p.shift(a.strides[order[k]] * n);
      p.add(a.strides[order[k]], 2 * n);
    }
    p.shift(a.itemsize - 1);
    p.add(1, 2 * (a.itemsize - 1));
    if (p.solvable(work)) return true;
  }
  return false;
}

/** Σ cₖxₖ = target with 0 ≤ xₖ ≤ uₖ: collects terms, then decides. */
class Terms {
  private target: number;
  private readonly bounds = new Map<number, number>();

  constructor(target: number) {
    this.target = target;
  }

  add(coefficient: number, bound: number): void {
    if (coefficient === 0 || bound <= 0) return;
    if (coefficient < 0) this.target -= coefficient * bound;
    const c = Math.abs(coefficient);
    // Equal coefficients are one unknown with the sum of the bounds.
    this.bounds.set(c, (this.bounds.get(c) ?? 0) + bound);
  }

  /** Adds to the target: an unknown counted from -n to n is one from 0 to 2n after shifting by its coefficient · n. */
  shift(by: number): void {
    this.target += by;
  }

  solvable(work: number): boolean {
    const c = [...this.bounds.keys()].sort((x, y) => y - x);
    const u = c.map((k) => this.bounds.get(k) ?? 0);
    const n = c.length;
    // Of the terms from k on: what they can reach at most, and their gcd.
    const most = new Array<number>(n + 1).fill(0);
    const gcds = new Array<number>(n + 1).fill(0);
    for (let k = n - 1; k >= 0; k--) {
      most[k] = most[k + 1] + c[k] * u[k];
      gcds[k] = gcd(c[k], gcds[k + 1]);
    }
    let steps = work;
    const descend = (k: number, rest: number): boolean => {
      if (rest < 0 || rest > most[k]) return false;
      if (rest === 0) return true;
      if (rest % gcds[k] !== 0) return false;
      if (k === n - 1) return true; // divisible by the last coefficient, and within its bound
      // Only these leave a remainder the smaller terms can still reach.
      const high = Math.min(u[k], Math.floor(rest / c[k]));
      const low = Math.max(0, Math.ceil((rest - most[k + 1]) / c[k]));
      for (let x = high; x >= low; x--) {
        if (--steps < 0) return true;
        if (descend(k + 1, rest - c[k] * x)) return true;
      }
      return false;
    };
    return descend(0, this.target);
  }
}

function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

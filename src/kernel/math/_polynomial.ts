// Polynomials with the coefficients of _coefficients.ts in the lane of their argument. Estrin's scheme, since lanes wait
// for latency more than for throughput; powers of the argument are interned, so functions of one argument share them.

import type { Expr } from '../builder.ts';
import { polynomials, split } from './_coefficients.ts';
import { formatOf } from './_format.ts';

/** Sum of c[i] * x^i by halves: log2(n) steps deep. */
export function estrin(x: Expr, c: readonly number[]): Expr {
  let terms: Expr[] = c.map((v) => x.like(v));
  let power = x;
  while (terms.length > 1) {
    const next: Expr[] = [];
    for (let i = 0; i < terms.length; i += 2) {
      next.push(i + 1 < terms.length ? terms[i].add(power.mul(terms[i + 1])) : terms[i]);
    }
    terms = next;
    power = power.mul(power);
  }
  return terms[0];
}

/** The named minimax polynomial at x. */
export const poly = (name: keyof typeof polynomials, x: Expr): Expr => estrin(x, polynomials[name][formatOf(x).lane]);

/** The same with leading coefficients in front of it: lead + x^n poly(x). */
export const polyAfter = (lead: readonly number[], name: keyof typeof polynomials, x: Expr): Expr =>
  estrin(x, [...lead, ...polynomials[name][formatOf(x).lane]]);

/** The parts of a named constant in the lane of x. */
export const parts = (name: keyof typeof split, x: Expr): readonly number[] => split[name][formatOf(x).lane];

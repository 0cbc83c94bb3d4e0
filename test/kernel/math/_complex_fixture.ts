// Reads the complex fixtures and holds a body against one of their results: budgets in ULP of each part or of the
// modulus of the result, specials and signs of zeros exactly, known differences left out by a stated condition.

import { readFileSync } from 'node:fs';
import type { ComplexExpr, ExprValue } from '../../../src/kernel/builder.ts';
import { complex, ulps } from './_columns.ts';

interface Fixture {
  readonly arguments: readonly string[];
  readonly results: Readonly<Record<string, readonly [string, string]>>;
  readonly pairs: readonly string[];
  readonly pairResults: Readonly<Record<string, readonly [string, string]>>;
}

export interface Budget {
  readonly parts?: number;
  readonly modulus?: number;
  /** More ULP of the modulus for each unit of a magnitude that the test computes. */
  readonly perUnit?: number;
}

export type Numbers = readonly number[];

const decode = (text: string): Float64Array => {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float64Array(bytes.buffer);
};

export const fixture = (name: string): Fixture =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8'));

export interface Check {
  readonly body: (...z: ComplexExpr[]) => ExprValue;
  readonly budget: Budget;
  /** Arguments (re, im of each) where the answer differs from NumPy's on purpose. */
  readonly except?: (z: Numbers) => boolean;
  readonly units?: (z: Numbers) => number;
}

/** Lines about the elements that miss their budget (none, if all is well) and the worst errors met. */
export function misses(f: Fixture, name: string, check: Check): { lines: string[]; worst: number } {
  const two = name in f.pairResults;
  const columns = (two ? f.pairs : f.arguments).map(decode);
  const wanted = (two ? f.pairResults : f.results)[name].map(decode);
  const got = complex(check.body, 'f64', ...columns);
  const lines: string[] = [];
  let worst = 0;
  for (let i = 0; i < columns[0].length; i++) {
    const z = columns.map((c) => c[i]);
    if (check.except?.(z)) continue;
    const want = wanted.map((w) => w[i]);
    const modulus = Math.hypot(want[0], want[1]);
    const unit = Math.max(2 ** (Math.floor(Math.log2(modulus)) - 52), 2 ** -1074);
    for (const [k, column] of got.entries()) {
      const g = Number(column[i]);
      let error = ulps('f64', g, want[k]);
      const allowed =
        (check.budget.parts ?? check.budget.modulus ?? 0) + (check.budget.perUnit ?? 0) * (check.units?.(z) ?? 0);
      const byModulus = check.budget.modulus !== undefined && Number.isFinite(modulus) && modulus > 0 && want[k] !== 0;
      if (byModulus && Number.isFinite(g)) error = Math.abs(g - want[k]) / unit;
      worst = Math.max(worst, Math.min(error, 1e6));
      if (error > allowed) lines.push(`${name}(${z}) part ${k}: got ${g}, want ${want[k]}, ${error.toFixed(1)} ULP`);
    }
  }
  return { lines, worst };
}

/** The f32 body against the f64 body on the same numbers, rounded: lines where they differ by more than one ULP. */
export function singleMisses(f: Fixture, name: string, check: Check, allowed = 1): string[] {
  const two = name in f.pairResults;
  const columns = (two ? f.pairs : f.arguments).map((c) => Float32Array.from(decode(c)));
  const wide = complex(check.body, 'f64', ...columns);
  const got = complex(check.body, 'f32', ...columns);
  const lines: string[] = [];
  for (const [k, column] of got.entries()) {
    for (let i = 0; i < column.length; i++) {
      const want = Math.fround(Number(wide[k][i]));
      const error = ulps('f32', Number(column[i]), want);
      if (error > allowed)
        lines.push(`f32 ${name}(${columns.map((c) => c[i])}) part ${k}: got ${column[i]}, want ${want}`);
    }
  }
  return lines;
}

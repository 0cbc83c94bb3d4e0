// All elementwise operations by name: the one table that functions, methods, docs, sweep and benchmarks are made from.

import type { ElementwiseRow } from './define.ts';
import { arithmetic } from './elementwise/arithmetic.ts';
import { bitwise } from './elementwise/bitwise.ts';
import { comparison } from './elementwise/comparison.ts';
import { exponential } from './elementwise/exponential.ts';
import { extrema } from './elementwise/extrema.ts';
import { floating } from './elementwise/floating.ts';
import { logical } from './elementwise/logical.ts';
import { rounding } from './elementwise/rounding.ts';
import { special } from './elementwise/special.ts';
import { trigonometric } from './elementwise/trigonometric.ts';

/** Rows by topic, in the order of the docs. */
export const topics = {
  arithmetic,
  exponential,
  trigonometric,
  rounding,
  extrema,
  comparison,
  logical,
  bitwise,
  floating,
  special,
} as const satisfies Record<string, Readonly<Record<string, ElementwiseRow>>>;

/** Every row by its first name. */
export const elementwise = {
  ...arithmetic,
  ...exponential,
  ...trigonometric,
  ...rounding,
  ...extrema,
  ...comparison,
  ...logical,
  ...bitwise,
  ...floating,
  ...special,
} as const satisfies Readonly<Record<string, ElementwiseRow>>;

export type ElementwiseName = keyof typeof elementwise;
export const elementwiseNames = Object.freeze(Object.keys(elementwise)) as readonly ElementwiseName[];

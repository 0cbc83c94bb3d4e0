// What stands for an array that is not computed yet: the one thing that functions of lower layers know of expressions.
// A function that has a lazy form hands the call over; every other one asks for the values and gets an array. What an
// expression is, and how it runs, is in lazy/.

import type { DType } from '../dtype/dtype.ts';
import type { ReduceRow } from '../ops/reduce/define.ts';
import type { ExtremeName } from '../ops/reduce/extremes.ts';
import type { ArrayBase } from './array_base.ts';
import type { Ufunc } from './ufunc.ts';

/** A view of an array: the same function for an array and for what stands for one. */
export interface ViewStep {
  /** Name and arguments: two steps with equal text do the same. */
  readonly text: string;
  readonly of: (a: ArrayBase) => ArrayBase;
  /** Does every axis stay an axis (or go, or come with length 1)? Not where elements are dealt out anew, as by reshape. */
  readonly keepsAxes: boolean;
  /** A reshape, for what reads its elements itself. */
  readonly reshape?: { readonly shape: number | readonly number[]; readonly order: 'C' | 'F' };
}

/** Which composed reduction: a mean, a variance or its root. */
export type Moment = 'mean' | 'var' | 'std';

/** An expression. The methods that users call are added by lazy/. */
export abstract class Deferred {
  abstract readonly shape: readonly number[];
  abstract readonly dtype: DType;

  /** The values, for a function without a lazy form. */
  abstract values(where: string): unknown;
  /** An elementwise operation some operand of which this is. */
  abstract applied(ufunc: Ufunc, operands: readonly unknown[], options: object | undefined): Deferred | Deferred[];
  abstract reduced(name: string, row: ReduceRow, options: object): Deferred;
  abstract moment(name: Moment, options: object): Deferred;
  abstract located(extreme: ExtremeName, options: object): Deferred;
  abstract viewed(step: ViewStep): Deferred;
  /** `np.where` some operand of which this is. */
  abstract chosen(condition: unknown, x: unknown, y: unknown): Deferred;
  /** The elements in another dtype. */
  abstract converted(dtype: DType, casting: string): Deferred;
}

/** The first expression among operands. */
export function deferredIn(operands: readonly unknown[]): Deferred | undefined {
  for (let i = 0; i < operands.length; i++) {
    const x = operands[i];
    if (x instanceof Deferred) return x;
  }
  return undefined;
}

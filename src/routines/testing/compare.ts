// The comparison behind every assertion on arrays: shapes, dtypes, then elements; and what is said of those that differ.
// The elements are compared by whole arrays; a report is made only when something differs.

import { array_repr } from '../../array/format/repr.ts';
import { abs, divide, isfinite, logical_and, not_equal, subtract } from '../../array/functions.generated.ts';
import { type NDArray, nd } from '../../array/ndarray.ts';
import { argmax } from '../../array/positions.ts';
import { count_nonzero, max } from '../../array/reduce_functions.ts';
import { broadcast_to } from '../../array/views.ts';
import { dtypes } from '../../dtype/dtype.ts';
import { isScalar, type Scalar } from '../../dtype/scalars.ts';
import { ArrayBase } from '../../exec/array_base.ts';
import { type ArrayLike, readAt, toArray } from '../../exec/coerce.ts';
import { heapCopy } from '../../exec/copy.ts';
import { errstate } from '../../exec/errstate/state.ts';
import { Options } from '../../exec/options.ts';
import { formatShape, sameShape } from '../../shape/strides.ts';
import { AssertionError } from './assertion_error.ts';

export interface CompareOptions {
  /** Said in front of the message. */
  readonly err_msg?: string;
  /** Show both arrays (the default). */
  readonly verbose?: boolean;
  /**
   * Arrays must have the same dtype and the same shape (the default). Otherwise dtypes may differ, and an array without
   * dimensions stands for any shape.
   */
  readonly strict?: boolean;
}

/** The options that all assertions on arrays take. */
export const compareNames = [
  ['err_msg', 'value'],
  ['verbose', 'flag'],
  ['strict', 'flag'],
] as const;
export const compareOptions: Options = new Options(...compareNames);

/** What an assertion compares by. */
export interface Comparison {
  /** Name of the assertion. */
  readonly name: string;
  /** What elements that differ do not do: 'equal', 'near within rtol=1e-7, atol=0'. */
  readonly relation: string;
  /** Does it hold everywhere? A quick answer where there is one. */
  readonly holds?: (x: NDArray, y: NDArray) => boolean;
  /** Where it does not hold, as bools. */
  readonly wrong: (x: NDArray, y: NDArray) => NDArray;
}

/** Has the value a dtype of its own to insist on? Lists and scalars are weak. */
const isTyped = (x: unknown): boolean => x instanceof ArrayBase || ArrayBuffer.isView(x);

function failure(
  { name }: Comparison,
  o: CompareOptions,
  what: string,
  fix: string,
  facts: Record<string, unknown>,
  [x, y]: readonly NDArray[],
): AssertionError {
  const texts = { actual: array_repr(x), expected: array_repr(y) };
  const shown = o.verbose === false ? '' : `\n  actual:   ${texts.actual}\n  expected: ${texts.expected}`;
  const lead = o.err_msg ? `${o.err_msg}\n` : '';
  return new AssertionError(`${lead}${name}: ${what}${shown}`, fix, facts, texts);
}

/** The position of a flat index in a shape. */
function positionOf(flat: number, shape: readonly number[]): number[] {
  const at = new Array<number>(shape.length);
  let rest = flat;
  for (let d = shape.length - 1; d >= 0; d--) {
    at[d] = rest % shape[d];
    rest = Math.floor(rest / shape[d]);
  }
  return at;
}

const elementAt = (a: NDArray, at: readonly number[]): Scalar =>
  readAt(
    a,
    at.reduce((offset, i, d) => offset + i * a.strides[d], a.offset),
  );

interface Largest {
  readonly value: number;
  readonly at: number[];
}

/** The largest finite element where `among` allows. */
function largest(of: NDArray, among: NDArray): Largest | undefined {
  const eligible = logical_and(isfinite(of), among);
  if (count_nonzero(eligible) === 0) return undefined;
  const value = Number(max(of, { where: eligible, initial: 0 }));
  const flat = Number(argmax(logical_and(eligible, of.equal(value))));
  return { value, at: positionOf(flat, of.shape) };
}

const asFloats = (a: NDArray): NDArray =>
  a.dtype.kind === 'f' || a.dtype.kind === 'c' ? a : nd(heapCopy(a, dtypes.float64));

function describeDifferences(
  x: NDArray,
  y: NDArray,
  wrong: NDArray,
): { lines: string; facts: Record<string, unknown> } {
  const count = Number(count_nonzero(wrong));
  const first = positionOf(Number(argmax(wrong)), wrong.shape);
  const difference = abs(subtract(asFloats(x), asFloats(y)));
  const size = abs(asFloats(y));
  const absolute = largest(difference, wrong);
  const relative = largest(divide(difference, size), logical_and(wrong, not_equal(size, 0)));
  const percent = ((100 * count) / wrong.size).toPrecision(3);
  const at = (p: readonly number[]): string => (p.length === 0 ? '' : ` at [${p.join(', ')}]`);
  const [actual, expected] = [elementAt(x, first), elementAt(y, first)];
  const lines = [
    `${count} of ${wrong.size} elements (${Number(percent)} %)`,
    `\n  first${at(first)}: ${String(actual)}, expected ${String(expected)}`,
    absolute === undefined ? '' : `\n  largest absolute difference ${absolute.value}${at(absolute.at)}`,
    relative === undefined ? '' : `\n  largest relative difference ${relative.value}${at(relative.at)}`,
  ];
  const facts = {
    mismatches: count,
    elements: wrong.size,
    index: first,
    actual,
    expected,
    absolute: absolute?.value,
    relative: relative?.value,
  };
  return { lines: lines.join(''), facts };
}

/** Throws unless two values have the same shape and dtype and the comparison holds for all elements. */
export function assertArrays(actual: ArrayLike, expected: ArrayLike, c: Comparison, o: CompareOptions): void {
  errstate({ all: 'ignore' }, () => {
    const strict = o.strict !== false;
    let [x, y] = [nd(toArray(actual, c.name)), nd(toArray(expected, c.name))];
    const given = [x, y];
    if (!sameShape(x.shape, y.shape)) {
      // A scalar of JavaScript stands for every element, an array without dimensions only where it may.
      const spreads = (v: unknown, a: NDArray): boolean => isScalar(v) || (!strict && a.ndim === 0);
      if (spreads(expected, y)) y = broadcast_to(y, x.shape);
      else if (spreads(actual, x)) x = broadcast_to(x, y.shape);
      else {
        throw failure(
          c,
          o,
          `shapes ${formatShape(x.shape)} and ${formatShape(y.shape)} differ`,
          'compare arrays of one shape: reshape or squeeze one of them',
          { shapes: [x.shape, y.shape] },
          given,
        );
      }
    }
    if (strict && isTyped(actual) && isTyped(expected) && x.dtype !== y.dtype) {
      throw failure(
        c,
        o,
        `dtypes ${x.dtype.name} and ${y.dtype.name} differ`,
        `convert one with astype, or allow it with { strict: false }`,
        { dtypes: [x.dtype.name, y.dtype.name] },
        given,
      );
    }
    if (c.holds?.(x, y) === true) return;
    const wrong = c.wrong(x, y);
    if (wrong.size === 0 || count_nonzero(wrong) === 0) return;
    const { lines, facts } = describeDifferences(x, y, wrong);
    const fix = 'look at the first element that differs, and whether the tolerance or the expectation is right';
    throw failure(c, o, `not ${c.relation}: ${lines}`, fix, facts, given);
  });
}

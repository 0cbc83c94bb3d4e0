// The reductions that are one monoid: sum, prod, min, max, any, all, count_nonzero. Mean, variance and the positions of
// extremes are composed of these (array/reductions.ts).

import { type DType, dtypes } from '../../dtype/dtype.ts';
import { integerLimits } from '../../dtype/limits.ts';
import { ComplexExpr, Expr, type ExprValue } from '../../kernel/builder.ts';
import { narrowSum } from '../../kernel/narrow_sum.ts';
import { asState, either, isFloating, type Monoid, type ReduceRow, stateOf, wideAccumulator } from './define.ts';

const zeroLike = (d: DType, v: number): (number | bigint)[] => {
  const one = d.lane === 'i64' || d.lane === 'u64' ? BigInt(v) : v;
  return d.parts === 2 ? [one, 0] : [one];
};

const element = (x: readonly ExprValue[]): ExprValue => asState(x[0]);

function sumOf(d: DType): Monoid {
  const state = stateOf(d);
  // -0 is neutral to the bit: x + -0 = x, and -0 + -0 = -0.
  const identity = isFloating(d) ? (d.parts === 2 ? [-0, -0] : [-0]) : zeroLike(state, 0);
  const combine = either(
    (a, b) => a.add(b),
    (a, b) => a.add(b),
  );
  const ordered = isFloating(d);
  const several = ordered ? undefined : addingNarrow((x) => x[0] as Expr); // of an integer dtype
  return { name: 'sum', ins: [d], state, value: element, combine, identity, ordered, ...(several && { several }) };
}

const addingNarrow =
  (value: (x: readonly ExprValue[]) => Expr): NonNullable<Monoid['several']> =>
  (state, elements) => {
    const sum = narrowSum(elements.map(value));
    return sum && (state as Expr).add(sum); // 64-bit integers
  };

// One times an infinity or a negative zero is not that value in complex arithmetic; the identity must be neutral.
function complexProduct(a: ComplexExpr, b: ComplexExpr): ComplexExpr {
  const isOne = ({ re, im }: ComplexExpr): Expr => re.eq(1).and(im.eq(0)).and(im.signbit().not());
  return ComplexExpr.select(isOne(b), a, ComplexExpr.select(isOne(a), b, a.mul(b)));
}

function prodOf(d: DType): Monoid {
  const state = stateOf(d);
  const combine = either((a, b) => a.mul(b), complexProduct);
  return {
    name: 'prod',
    ins: [d],
    state,
    value: element,
    combine,
    identity: zeroLike(state, 1),
    ordered: isFloating(d),
  };
}

// The first operand wins ties and, if NaN, everything: the result is NaN where any element is. Which of two zeros or
// NaNs it is follows the tree, so floats are ordered.
function extremeOf(d: DType, name: 'min' | 'max'): Monoid {
  const least = name === 'min';
  const real = (a: Expr, b: Expr): Expr => {
    if (a.type !== 'f32' && a.type !== 'f64') return least ? a.min(b) : a.max(b);
    return b.isNaN().select(b, least ? a.pmin(b) : a.pmax(b));
  };
  // One test for NaN for all of them.
  const several = (state: ExprValue, elements: readonly (readonly ExprValue[])[]): ExprValue => {
    let best = state as Expr; // of a real dtype, see below
    let nan: Expr | undefined;
    for (const e of elements) {
      const x = element(e) as Expr;
      best = least ? best.pmin(x) : best.pmax(x);
      nan = nan === undefined ? x.isNaN() : nan.or(x.isNaN());
    }
    return nan === undefined ? best : nan.select(best.like(Number.NaN), best);
  };
  const complex = (a: ComplexExpr, b: ComplexExpr): ComplexExpr => {
    const [x, y] = least ? [b, a] : [a, b]; // y better than x: lexicographic
    const better = least ? before(x, y) : before(a, b);
    const keep = a.isNaN().or(b.isNaN().not().and(better.not()));
    return ComplexExpr.select(keep, a, b);
  };
  const state = stateOf(d);
  return {
    name,
    ins: [d],
    state,
    value: element,
    combine: either(real, complex),
    identity: worst(state, least),
    ordered: isFloating(d),
    ...(isFloating(d) && { tiesOnly: true }),
    ...(d.kind === 'f' && { several }),
  };
}

/** Lexicographic a < b of complex values. */
const before = (a: ComplexExpr, b: ComplexExpr): Expr => a.re.lt(b.re).or(a.re.eq(b.re).and(a.im.lt(b.im)));

/** a < b of values of one dtype: false < true, complex lexicographic. */
export function isBefore(a: ExprValue, b: ExprValue): Expr {
  if (a instanceof ComplexExpr && b instanceof ComplexExpr) return before(a, b);
  if (a instanceof Expr && b instanceof Expr) return a.type === 'bool' ? a.not().and(b) : a.lt(b);
  throw new TypeError('mixed real and complex');
}

function worst(d: DType, least: boolean): (number | bigint)[] {
  const inf = least ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (d.kind === 'f') return [inf];
  if (d.kind === 'c') return [inf, inf];
  const { min, max } = integerLimits(d);
  const v = least ? max : min;
  return [d.lane === 'i64' || d.lane === 'u64' ? v : Number(v)];
}

const truth = (v: ExprValue): Expr => (v instanceof ComplexExpr ? v.re.ne(0).or(v.im.ne(0)) : v.to('bool'));

function truthOf(d: DType, name: 'any' | 'all'): Monoid {
  const join = (a: Expr, b: Expr): Expr => (name === 'any' ? a.or(b) : a.and(b));
  return {
    name,
    ins: [d],
    state: dtypes.uint8,
    value: (x) => truth(x[0]).to('u8'),
    combine: either(join, (a) => a),
    identity: [name === 'any' ? 0 : 1],
    ordered: false,
    // Truth values are joined as wide as they come, and narrowed once.
    several: (state, elements) =>
      join(
        state as Expr,
        elements
          .map((x) => truth(x[0]))
          .reduce(join)
          .to('u8'),
      ), // uint8
    settled: (state) => (state as Expr).ne(name === 'any' ? 0 : 1), // uint8
  };
}

function countOf(d: DType): Monoid {
  return {
    name: 'count_nonzero',
    ins: [d],
    state: dtypes.int64,
    value: (x) => truth(x[0]).to('i64'),
    combine: either(
      (a, b) => a.add(b),
      (a) => a,
    ),
    several: addingNarrow((x) => truth(x[0]).to('i64')),
    identity: [0n],
    ordered: false,
  };
}

const sameResult = (make: (d: DType) => Monoid) => (d: DType) => ({ monoid: make(d), result: d });

export const reductions = {
  sum: {
    summary: 'Sum of the elements along axes; small integers accumulate in 64 bits, floats by a fixed pairwise tree.',
    example: ['np.sum([[1, 2], [3, 4]], 0)', 'array([4., 6.])'],
    of: sameResult(sumOf),
    accumulate: wideAccumulator,
    faults: true,
    empty: 0,
  },
  prod: {
    summary: 'Product of the elements along axes.',
    example: ['np.prod([[1, 2], [3, 4]], 1)', 'array([ 2., 12.])'],
    of: sameResult(prodOf),
    accumulate: wideAccumulator,
    faults: true,
    empty: 1,
  },
  min: {
    summary: 'Least element along axes; NaN where there is one.',
    example: ['np.min([[1, 5], [3, 4]], 0)', 'array([1., 4.])'],
    of: sameResult((d) => extremeOf(d, 'min')),
    aliases: ['amin'],
  },
  max: {
    summary: 'Greatest element along axes; NaN where there is one.',
    example: ['np.max([[1, 5], [3, 4]], 0)', 'array([3., 5.])'],
    of: sameResult((d) => extremeOf(d, 'max')),
    aliases: ['amax'],
  },
  any: {
    summary: 'Is some element along axes true (not zero)?',
    example: ['np.any([[0, 0], [0, 2]], 1)', 'array([False,  True])'],
    of: (d) => ({ monoid: truthOf(d, 'any'), result: dtypes.bool }),
    empty: false,
  },
  all: {
    summary: 'Are all elements along axes true (not zero)?',
    example: ['np.all([[1, 0], [3, 2]], 1)', 'array([False,  True])'],
    of: (d) => ({ monoid: truthOf(d, 'all'), result: dtypes.bool }),
    empty: true,
  },
  count_nonzero: {
    summary: 'Number of elements along axes that are not zero.',
    example: ['np.count_nonzero([[0, 7], [3, 2]], { axis: 1 })', 'array([1, 2])'],
    of: (d) => ({ monoid: countOf(d), result: dtypes.int64 }),
    empty: 0,
  },
} as const satisfies Record<string, ReduceRow>;

export type ReductionName = keyof typeof reductions;

// Peak to peak: the greatest element less the least. Floats in one pass, whose state is the pair of both; integers in
// two, which their vector instructions make faster.

import { subtract } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { type Axis, deliver, reduceOptions, requireSome, residentArray } from '../array/reductions.ts';
import { DTypeError } from '../base/errors.ts';
import { complexOf } from '../dtype/category.ts';
import type { DType } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import { clashes } from '../exec/call.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { evaluate, loopOf } from '../exec/formula.ts';
import { reducerOf } from '../exec/monoid.ts';
import { Options } from '../exec/options.ts';
import { reduceStates } from '../exec/reduce.ts';
import { ComplexExpr, Expr } from '../kernel/builder.ts';
import { type Monoid, stateOf } from '../ops/reduce/define.ts';
import { reductions } from '../ops/reduce/rows.ts';
import { splitAxes } from '../shape/reduction.ts';
import { normalizeAxes } from '../shape/strides.ts';

export interface PtpOptions {
  readonly axis?: Axis;
  readonly keepdims?: boolean;
  readonly out?: ArrayBase;
}

const ptpOptions = new Options('axis', 'keepdims', 'out');

// The least element as the real part, the greatest as the imaginary one; NaN in both where there is one.
function extent(d: DType): Monoid {
  const wins = (a: Expr, b: Expr, best: Expr): Expr => b.isNaN().select(b, a.isNaN().select(a, best));
  return {
    name: 'extent',
    ins: [d],
    state: complexOf(stateOf(d)),
    value: ([x]) => {
      if (x instanceof Expr) return new ComplexExpr(x, x);
      throw new TypeError('an extent of complex numbers');
    },
    combine: (a, b) => {
      if (!(a instanceof ComplexExpr && b instanceof ComplexExpr)) throw new TypeError('a pair is complex');
      return new ComplexExpr(wins(a.re, b.re, a.re.pmin(b.re)), wins(a.im, b.im, a.im.pmax(b.im)));
    },
    identity: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ordered: false,
  };
}

/**
 * The greatest element less the least, along axes; NaN where there is one. Integers wrap in their dtype.
 * @throws ShapeError for nothing, DTypeError for bool.
 * @example np.ptp([3, 1, 7]) // 6
 * @see https://numpy.org/doc/stable/reference/generated/numpy.ptp.html
 */
export function ptp(x: ArrayLike, axis?: Axis | PtpOptions, options?: PtpOptions): NDArray | Scalar {
  const where = 'np.ptp';
  const o = reduceOptions(axis, options, ptpOptions, where);
  const given = residentArray(x, where);
  const d = given.dtype;
  if (d.kind === 'b')
    throw new DTypeError(`${where}: bool has no differences`, "use astype('int8')", { dtype: d.name });
  const axes = normalizeAxes(o.axis, given.ndim, where);
  requireSome('ptp', given.shape, axes);
  const a = o.out !== undefined && clashes(given, o.out) ? heapCopy(given) : given;
  const { keptShape } = splitAxes(a.shape, axes);
  let result: ArrayBase;
  if (keptShape.includes(0)) result = newArray(keptShape, d);
  else if (d.kind === 'f') {
    const pair = reduceStates(
      reducerOf(`extent:${d.char}`, () => extent(d)),
      [a],
      a.shape,
      axes,
    );
    const span = loopOf('span', [pair.dtype], d, ([p]) => {
      if (p instanceof ComplexExpr) return p.im.sub(p.re);
      throw new TypeError('a pair is complex');
    });
    result = evaluate(span, [pair], keptShape);
  } else {
    const [high, low] = (['max', 'min'] as const).map((name) =>
      nd(
        reduceStates(
          reducerOf(`${name}:${d.char}`, () => reductions[name].of(d).monoid),
          [a],
          a.shape,
          axes,
        ),
      ),
    );
    result = subtract(high, low);
  }
  return deliver(result, a.shape, axes, o, 'ptp');
}

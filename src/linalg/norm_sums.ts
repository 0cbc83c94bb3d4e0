// The sums and extremes that norms are made of, each one reduction over the elements as they are: no array of magnitudes
// or squares is made. Which norm is made of which is norm.ts.

import { reducerFor } from '../array/masked_reducer.ts';
import { residentArray, usableArray } from '../array/reductions.ts';
import { broadcast_to } from '../array/views.ts';
import { realOf } from '../dtype/category.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import { arrayFrom } from '../exec/coerce.ts';
import type { Reducer } from '../exec/monoid.ts';
import { reduceStates } from '../exec/reduce.ts';
import { atHome, liesElsewhere } from '../exec/tiles.ts';
import { ComplexExpr, type Expr, type ExprValue } from '../kernel/builder.ts';
import { absolute } from '../kernel/math/complex_arithmetic.ts';
import { pow } from '../kernel/math/power.ts';
import { asReal } from '../ops/define.ts';
import { altered, isFloating, type Monoid, stateOf } from '../ops/reduce/define.ts';
import { reductions } from '../ops/reduce/rows.ts';
import { splitAxes } from '../shape/reduction.ts';

const magnitude = (x: ExprValue): Expr => (x instanceof ComplexExpr ? absolute(x) : asReal(x).abs());

/** |x|² without a root on the way. */
function square(x: ExprValue): Expr {
  if (x instanceof ComplexExpr) return x.re.mul(x.re).add(x.im.mul(x.im));
  const real = asReal(x);
  return real.mul(real);
}

function differs(x: ExprValue): Expr {
  const set = x instanceof ComplexExpr ? x.re.ne(0).or(x.im.ne(0)) : asReal(x).ne(0);
  const part = x instanceof ComplexExpr ? x.re : asReal(x);
  return set.select(part.like(1), part.like(0));
}

/** One state of elements: what each becomes, and how states are joined. */
const rows = {
  /** Σ|x|. */
  sum: { join: 'sum', value: ([x]) => magnitude(x) },
  /** Σ|x|². */
  squares: { join: 'sum', value: ([x]) => square(x) },
  /** Σ|x|ᵖ; p is a second operand. */
  powers: { join: 'sum', value: ([x, p]) => pow(magnitude(x), asReal(p)) },
  /** Elements that are not 0. */
  count: { join: 'sum', value: ([x]) => differs(x) },
  max: { join: 'max', value: ([x]) => magnitude(x) },
  min: { join: 'min', value: ([x]) => magnitude(x) },
} as const satisfies Record<
  string,
  { readonly join: 'sum' | 'max' | 'min'; readonly value: (x: readonly ExprValue[]) => Expr }
>;
export type NormSum = keyof typeof rows;

/** Dtype that a norm of elements is computed in: floats as they are, all else in float64. */
export const workingOf = (d: DType): DType => (isFloating(d) ? d : dtypes.float64);

const known: Partial<Record<NormSum, Reducer[]>> = {};

/** The reducer of one of the sums over elements computed in `working`. */
export function normReducer(name: NormSum, working: DType): Reducer {
  const list = known[name] ?? [];
  known[name] = list;
  list[working.id] ??= made(name, working);
  return list[working.id];
}

function made(name: NormSum, working: DType): Reducer {
  const { join, value } = rows[name];
  const part = realOf(working);
  const monoid: Monoid = altered(reductions[join].of(part).monoid, {
    name: `norm.${name}`,
    ins: name === 'powers' ? [working, part] : [working],
    value,
  });
  return reducerFor(`norm.${name}:${working.char}`, monoid, false);
}

/** States of a norm along axes, in the kept shape; 0 where there is nothing. */
export function normStates(name: NormSum, x: ArrayBase, axes: readonly number[], power = 1): ArrayBase {
  if (liesElsewhere(x)) return atHome([x], () => normStates(name, x, axes, power));
  const a = usableArray(x, 'np.linalg.norm');
  const working = workingOf(a.dtype);
  if (axes.some((d) => a.shape[d] === 0)) {
    return newArray(splitAxes(a.shape, axes).keptShape, stateOf(realOf(working)), true);
  }
  const operands: ArrayBase[] = [a];
  if (name === 'powers') {
    const exponent = arrayFrom(power, realOf(working), 'np.linalg.norm');
    operands.push(broadcast_to(residentArray(exponent, 'np.linalg.norm'), a.shape));
  }
  return reduceStates(normReducer(name, working), operands, a.shape, axes);
}

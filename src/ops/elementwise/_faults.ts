// What rows can meet beside their results, by family. Floating-point kinds follow IEEE 754 and NumPy's practice
// (test/fixtures/errstate.json); integers are exact conditions. `integer` is any result that is not the mathematical one;
// division by zero and the one overflow of a quotient are NumPy's divide and over as well.

import { ComplexExpr, type Expr, type ExprValue, konst } from '../../kernel/builder.ts';
import type { FloatFaults, IntegerFaults } from '../../kernel/faults.ts';
import { laneRange } from '../../kernel/interpret.ts';
import { bitsOf, isSigned, type ValueType } from '../../kernel/ir.ts';
import * as bits from '../../kernel/math/bits.ts';
import { exactProduct, exactQuotient } from '../../kernel/math/exactness.ts';
import { pow } from '../../kernel/math/power.ts';
import type { RowFaults } from '../define.ts';

type Condition = (x: readonly Expr[], results: readonly Expr[]) => Expr;

const least = (a: Expr): Expr => a.like(laneRange(a.type)[0]);

const sum: Condition = ([a, b], [r]) => (isSigned(a.type) ? a.xor(r).and(b.xor(r)).lt(0) : r.lt(a));
const difference: Condition = ([a, b], [r]) => (isSigned(a.type) ? a.xor(b).and(a.xor(r)).lt(0) : a.lt(b));

// Narrow products are compared in a lane twice as wide, 64-bit ones by dividing back.
const wider: Partial<Record<ValueType, ValueType>> = {
  i8: 'i32',
  i16: 'i32',
  i32: 'i64',
  u8: 'u32',
  u16: 'u32',
  u32: 'u64',
};
function product([a, b]: readonly Expr[], [r]: readonly Expr[]): Expr {
  const wide = wider[a.type];
  if (wide !== undefined) return a.to(wide).mul(b.to(wide)).ne(r.to(wide));
  const differs = a.ne(0).and(r.idiv(a).ne(b));
  return isSigned(a.type) ? differs.or(a.eq(-1).and(b.eq(least(b)))) : differs;
}

// Powers other than those of two keep a distance of 10^-10 from powers of two, so a double tells them apart.
function integerPower([a, b]: readonly Expr[], [r]: readonly Expr[]): Expr {
  const limit = 2 ** (bitsOf(a.type) - (isSigned(a.type) ? 1 : 0));
  const size = pow(a.to('f64').abs(), b.to('f64'));
  const large = size.gt(limit * (1 - 1e-12)).and(b.gt(1));
  if (!isSigned(a.type)) return large;
  return large.and(
    r
      .eq(least(r))
      .and(a.lt(0))
      .and(size.lt(limit * (1 + 1e-12)))
      .not(),
  );
}

const byZero: Condition = ([, b]) => b.eq(0);
const quotientOver: Condition = ([a, b]) => (isSigned(a.type) ? a.eq(least(a)).and(b.eq(-1)) : konst('bool', false));

const quotient: IntegerFaults = {
  divide: byZero,
  over: quotientOver,
  integer: (x, r) => byZero(x, r).or(quotientOver(x, r)),
};
const modulo: IntegerFaults = { divide: byZero, integer: byZero };

const isZero = ([a]: readonly Expr[]): Expr => a.eq(0);

const vanishes = (a: ExprValue): Expr => (a instanceof ComplexExpr ? a.re.eq(0).and(a.im.eq(0)) : a.eq(0));
const firstIsZero: FloatFaults['pole'] = ([a]) => vanishes(a);
const secondIsZero: FloatFaults['pole'] = ([, b]) => vanishes(b);

const invalid: FloatFaults = { kinds: ['invalid'] };
const spread: FloatFaults = { kinds: ['over', 'invalid'] };

/** Complex functions meet more than their real namesakes: parts are products. */
const complexes = spread;

export const faults = {
  sum: { floats: spread, ints: { integer: sum } },
  difference: { floats: spread, ints: { integer: difference } },
  product: { floats: { kinds: ['over', 'under', 'invalid'], exact: exactProduct }, ints: { integer: product } },
  square: {
    floats: { kinds: ['over', 'under'], exact: ([a], r) => exactProduct([a, a], r) },
    complexes: { kinds: ['over', 'under', 'invalid'] },
    ints: { integer: ([a], r) => product([a, a], r) },
  },
  quotient: {
    floats: { kinds: ['divide', 'over', 'under', 'invalid'], pole: secondIsZero, exact: exactQuotient },
  },
  floorQuotient: { floats: { kinds: ['divide', 'over', 'invalid'], pole: secondIsZero }, ints: quotient },
  modulo: { floats: invalid, ints: modulo },
  reciprocal: {
    floats: {
      kinds: ['divide', 'over', 'under'],
      pole: firstIsZero,
      exact: ([a], r) => exactQuotient([a.like(1), a], r),
    },
    complexes: { kinds: ['divide', 'over', 'under', 'invalid'], pole: firstIsZero },
    ints: { divide: ([a]) => a.eq(0), integer: ([a]) => a.eq(0) },
  },
  negative: { ints: { integer: ([a], [r]) => (isSigned(a.type) ? r.eq(a).and(a.ne(0)) : a.ne(0)) } },
  absolute: { complexes: { kinds: ['over'] }, ints: { integer: (_, [r]) => r.signbit() } },
  power: {
    floats: {
      kinds: ['divide', 'over', 'under', 'invalid'],
      pole: firstIsZero,
      exact: ([a, b]) => a.eq(0).or(b.eq(1)),
    },
    ints: { integer: integerPower },
  },
  leftShift: { ints: { integer: ([a, b], [r]) => r.shr(b).ne(a) } },
  gcd: { ints: { integer: (_, [r]) => r.signbit() } },
  lcm: {
    ints: {
      integer: ([a, b], [r]) =>
        a
          .ne(0)
          .and(b.ne(0))
          .and(
            r
              .idiv(b)
              .abs()
              .ne(a.idiv(a.gcd(b)).abs()),
          ),
    },
  },
  /** Not a number outside the domain. */
  domain: { floats: invalid },
  circular: { floats: invalid, complexes },
  /** The same, with infinite values at its ends. */
  poles: { floats: { kinds: ['divide', 'invalid'] } },
  exponential: { floats: { kinds: ['over', 'under'] }, complexes: { kinds: ['over', 'under', 'invalid'] } },
  growth: { floats: { kinds: ['over'] }, complexes },
  length: { floats: { kinds: ['over', 'under'], exact: ([a, b]) => a.eq(0).or(b.eq(0)) } },
  scaling: { floats: { kinds: ['over', 'under'], exact: ([a, n], r) => bits.ldexp(r, n.neg()).eq(a) } },
  spacing: { floats: { kinds: ['over'] } },
  degrees: { floats: { kinds: ['over', 'under'], exact: isZero } },
  radians: { floats: { kinds: ['under'], exact: isZero } },
  rounded: { floats: spread },
  complexOnly: { complexes: invalid },
} as const satisfies Record<string, RowFaults>;

// np.polynomial's classes by what must hold in every basis: values of sums, products, quotients, derivatives, integrals,
// zeros, fits and conversions agree with the same polynomial in powers; a few values as NumPy gives them.

import { describe, expect, it } from 'vitest';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';

const { Polynomial, ...others } = np.polynomial;
const kinds = [Polynomial, others.Chebyshev, others.Legendre, others.Hermite, others.HermiteE, others.Laguerre];
const close = (a: np.ArrayLike, b: np.ArrayLike): void =>
  expect(np.allclose(a, b, { rtol: 1e-9, atol: 1e-9 })).toBe(true);

describe.each(kinds.map((kind) => [kind.basis_row.name, kind] as const))('%s', (_name, kind) => {
  const domain = [-2, 3] as const;
  const [p, q] = [new kind([1, 2, -3, 0.5, 4], { domain }), new kind([2, -1, 0.25], { domain })];
  const x = np.linspace(-2, 3, 9);
  const [px, qx] = [p.at(x), q.at(x)];

  it('arithmetic', () => {
    close(p.add(q).at(x), px.add(qx));
    close(p.subtract(q).at(x), px.subtract(qx));
    close(p.multiply(q).at(x), px.multiply(qx));
    close(p.multiply(3).add(1).negative().at(x), px.multiply(-3).subtract(1));
    close(q.power(3).at(x), qx.multiply(qx).multiply(qx));
    expect(q.power(0).coef.tolist()).toEqual([1]);
    const [quotient, rest] = p.divmod(q);
    close(quotient.multiply(q).add(rest).at(x), px);
    expect(rest.degree()).toBeLessThan(q.degree());
    expect(() => p.divmod(0)).toThrow(np.ArgumentError);
  });

  it('derivatives, integrals, conversions', () => {
    const powers = p.convert(Polynomial, { domain, window: domain });
    close(powers.at(x), px);
    close(powers.coef, np.flip(np.polyfit(x, px, 4)));
    close(p.deriv().at(x), powers.deriv().at(x));
    close(
      p
        .integ(2, { k: [1, 2], lbnd: 0.5 })
        .deriv(2)
        .at(x),
      px,
    );
    expect(Number(p.integ(1, { k: [7], lbnd: 0.5 }).at(0.5))).toBeCloseTo(7, 9);
    close(p.convert().convert(kind, { domain }).coef, p.coef);
    expect(() => p.convert({} as never)).toThrow(np.ArgumentError);
    for (const other of kinds) close(p.convert(other).convert(kind, { domain }).coef, p.coef);
    close(kind.identity({ domain }).at(x), x);
    close(kind.cast(powers, { domain }).coef, p.coef);
  });

  it('zeros and fits', () => {
    const zeros = [-1.5, 0.5, 2];
    const made = kind.fromroots(zeros, { domain });
    close(made.roots(), zeros);
    close(made.at(x), np.polyval(np.poly(zeros), x));
    close(kind.fit(x, px, 4).at(x), px);
    expect(kind.fit(x, px, 4).domain).toEqual([-2, 3]);
    expect(new kind([3]).roots().shape).toEqual([0]);
    const z = new kind(np.array([new np.Complex(1, 2), new np.Complex(3, 0), new np.Complex(0, -1)]));
    close(np.abs(z.at(z.roots())) as NDArray, [0, 0]);
  });

  it('shortening', () => {
    expect(p.cutdeg(1).coef.tolist()).toEqual([1, 2]);
    expect(new kind([1, 2, 1e-9, 0]).coef.size).toBe(3);
    expect(new kind([1, 2, 1e-9]).trim(1e-8).degree()).toBe(1);
    expect(kind.basis(3).coef.tolist()).toEqual([0, 0, 0, 1]);
    expect(() => p.truncate(0)).toThrow(np.ArgumentError);
    expect(() => p.add(new kind([1, 2]))).toThrow(/convert one of them/);
    expect(() => new kind([[1, 2]])).toThrow(np.ShapeError);
    const [at, values] = p.linspace(3);
    expect(at.tolist()).toEqual([-2, 0.5, 3]);
    close(values, p.at(at));
  });
});

it('values as NumPy has them', () => {
  const at = (kind: (typeof kinds)[number]): number => Number(new kind([0, 0, 0, 1]).at(0.5));
  expect(kinds.map(at).map((v) => Math.round(v * 1e9) / 1e9)).toEqual([0.125, -1, -0.4375, -5, -1.375, -0.145833333]);
  expect(typeof new Polynomial([1, 2]).at(3)).toBe('number');
  expect(new Polynomial([1n, 2n]).coef.dtype.name).toBe('float64');
  expect(new Polynomial(np.array([1, 2], { dtype: 'float32' })).coef.dtype.name).toBe('float32');
});

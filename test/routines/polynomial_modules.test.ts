// np.polynomial's modules against what NumPy gave (test/fixtures/make_polynomial.py): every function in every basis, all
// names; and what they refuse.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';

type Plain = number | Plain[] | { list: Plain[] } | { re: Plain; im: Plain };
type Case = [module: string, name: string, args: unknown[] | null, options: object, result: Plain];
const { names, cases } = JSON.parse(readFileSync('test/fixtures/polynomial.json', 'utf8')) as {
  names: Record<string, string[]>;
  cases: Case[];
};
const modules = np.polynomial as unknown as Record<string, Record<string, unknown>>;

function compare(got: unknown, want: Plain, where: string): void {
  if (typeof want === 'object' && 'list' in want) {
    want.list.forEach((w, i) => {
      compare((got as unknown[])[i], w, `${where}[${i}]`);
    });
    return;
  }
  const parts = (typeof want === 'object' && 're' in want ? [want.re, want.im] : [want]) as np.ArrayLike[];
  const [real, imaginary] = parts.map((x) => np.add(x, np.zeros([1])).reshape(np.shape(x)));
  const expected = imaginary === undefined ? real : np.add(real, imaginary.multiply(new np.Complex(0, 1)));
  const made = np.asarray(got as np.ArrayLike) as np.NDArray;
  expect(made.shape, where).toEqual(expected.shape);
  expect(made.dtype.name, where).toBe(expected.dtype.name);
  if (!np.allclose(made, expected, { rtol: 1e-11, atol: 1e-13 })) {
    expect(String(made), where).toBe(String(expected));
    expect(made.tolist(), where).toEqual(expected.tolist());
  }
}

describe.each(Object.keys(names))('%s', (module) => {
  it("has NumPy's names", () => {
    expect(names[module].filter((name) => !(name in modules[module]))).toEqual([]);
  });
  const own = cases.filter(([of]) => of === module);
  it.each([...new Set(own.map(([, name]) => name))])('%s', (name) => {
    for (const [, , args, options, result] of own.filter(([, n]) => n === name)) {
      const f = modules[module][name];
      const given = Object.keys(options).length > 0 ? [...(args ?? []), options] : (args ?? []);
      const got = args === null ? f : (f as (...args: unknown[]) => unknown)(...given);
      compare(got, result, `${name}(${JSON.stringify(given)})`);
    }
  });
});

const { polynomial, chebyshev } = np.polynomial;

it('chebinterpolate is exact for polynomials of its degree', () => {
  const c = chebyshev.chebinterpolate((x) => np.add(np.power(x, 3), x), 4);
  expect(np.allclose(c, [0, 1.75, 0, 0.25, 0], { atol: 1e-14 })).toBe(true);
});

it('quadrature integrates up to degree 2n - 1', () => {
  const [x, w] = np.polynomial.legendre.leggauss(6);
  expect(Math.abs(Number(np.sum(np.multiply(w, np.power(x, 10)))) - 2 / 11)).toBeLessThan(1e-15);
});

it.each<[string, () => unknown, string]>([
  ['division by 0', () => polynomial.polydiv([1, 2], [0]), 'ArgumentError'],
  ['a matrix as a list', () => polynomial.polyadd([[1, 2]], [1]), 'ShapeError'],
  ['a negative order', () => polynomial.polyder([1, 2], -1), 'ArgumentError'],
  ['too many constants', () => polynomial.polyint([1, 2], 1, { k: [1, 2] }), 'ArgumentError'],
  ['an unknown option', () => polynomial.polyder([1], 1, { scale: 2 } as object), 'ArgumentError'],
  ['a power beyond maxpower', () => chebyshev.chebpow([1, 2], 17), 'ArgumentError'],
  ['coordinates of different shapes', () => polynomial.polyval2d([1, 2], [1], [[1]]), 'ShapeError'],
  ['a negative tolerance', () => polynomial.polytrim([1], -1), 'ArgumentError'],
  ['no points', () => chebyshev.chebgauss(0), 'ArgumentError'],
  ['a constant has no companion', () => chebyshev.chebcompanion([1]), 'ArgumentError'],
])('refuses %s', (_, call, tag) => {
  expect(call).toThrow(expect.objectContaining({ tag }));
});

// Ufuncs made of formulas, in-place operators, functions of scalars over arrays: what they give and what they refuse. The
// methods of ufuncs are compared with NumPy in numpy.test.ts.
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';

const text = (x: unknown): string => (Array.isArray(x) ? x.map(text).join(' | ') : String(x)).replace(/\s+/g, ' ');
const table = (rows: Readonly<Record<string, readonly [() => unknown, string]>>): void => {
  it.each(Object.entries(rows))('%s', (_, [call, want]) => expect(text(call())).toBe(want));
};
const tagOf = (call: () => unknown): unknown => {
  try {
    return text(call());
  } catch (error) {
    return error instanceof np.OrthantError ? error.tag : error;
  }
};

const fma = np.ufunc({ name: 'fma', body: (a, b, c) => a.multiply(b).add(c) });
const polar = np.ufunc({ name: 'polar', body: (x, y) => [x.hypot(y), y.arctan2(x)] });
const leaky = np.ufunc({ name: 'leaky', body: (x) => x.less(0).select(x.multiply(0.5), x) });
const clock = np.ufunc({ name: 'clock', body: (a, b) => a.add(b).remainder(7), identity: 0, reorderable: true });
const parts = np.ufunc({ name: 'parts', body: (z) => [z.real, z.imag, z.absolute()] });
const scaled = np.ufunc({ name: 'scaled', body: (x, k) => x.ldexp(k).astype('float32'), fixed: { 1: 'int64' } });

describe('a ufunc from a formula', () => {
  table({
    'of arrays and a number': [() => fma([1, 2], [3, 4], 5), '[ 8. 13.]'],
    'of numbers': [() => fma(2, 3, 4), '10'],
    broadcasts: [() => fma([[1], [2]], [3, 4], 1), '[[4. 5.] [7. 9.]]'],
    'into out': [() => fma([1, 2], [3, 4], 5, { out: np.zeros([2], { dtype: 'float32' }) }), '[ 8. 13.]'],
    'where a mask holds': [() => fma([1, 2], [3, 4], 5, { where: [false, true] }), '[ 0. 13.]'],
    'in the dtype of its operands': [() => fma([1n], new Float32Array([2]), 3).dtype.name, 'float64'],
    'in integers': [() => fma([1n], [2n], 3n).dtype.name, 'int64'],
    'in a dtype asked for': [() => fma([1], [2], 3, { dtype: 'float32' }).dtype.name, 'float32'],
    'of complex numbers': [() => fma([new np.Complex(0, 1)], [new np.Complex(0, 1)], 0), '[-1.+0.j]'],
    'with several results': [() => polar([3], [4]), '[5.] | [0.92729522]'],
    'with several results of numbers': [() => polar(0, 2), '2 | 1.5707963267948966'],
    'with a condition': [() => leaky([-2, 2]), '[-1. 2.]'],
    'of integers that a fraction does not join': [() => leaky([-2n, 2n]).dtype.name, 'float64'],
    'parts of complex numbers': [() => parts([new np.Complex(3, 4)]), '[3.] | [4.] | [5.]'],
    'an operand of its own dtype': [() => scaled([1, 3], [2n, 1n]).dtype.name, 'float32'],
    'rounds as its steps do': [
      () => {
        const x = np.arange(300).astype('float16').divide(7);
        const formula = np.ufunc({ body: (v) => v.negative().exp().add(1).reciprocal() });
        const steps = np.reciprocal(np.add(np.exp(np.negative(x)), 1));
        return np.not_equal(formula(x), steps).any();
      },
      'false',
    ],
    loops: [() => np.ufunc({ body: (x) => x.add(0.5) }).types.join(' '), '?->d e->e f->f d->d F->F D->D'],
    'loops asked for': [
      () => np.ufunc({ body: (x) => x.add(1), dtypes: 'signed' }).types.join(' '),
      'b->b h->h i->i l->l',
    ],
    reduce: [() => clock.reduce(np.arange(100n).reshape(10, 10), null), '1'],
    'reduce in order': [() => np.ufunc({ body: (a, b) => a.multiply(10).add(b) }).reduce([1, 2, 3]), '123'],
    accumulate: [() => fma2().accumulate([1, 2, 3]), '[ 1. 3. 10.]'],
    outer: [() => fma2().outer([1, 2], [3, 4]), '[[4. 5.] [7. 9.]]'],
    at: [
      () => {
        const a = np.ones([3]);
        fma2().at(a, [0, 0, 2], [2, 3, 4]);
        return a;
      },
      '[10. 1. 5.]',
    ],
    'two of one name': [
      () => [np.ufunc({ body: (x) => x.add(1) })([1]), np.ufunc({ body: (x) => x.add(2) })([1])],
      '[2.] | [3.]',
    ],
    attributes: [
      () => [fma.name, fma.nin, fma.nout, fma.nargs, clock.identity, fma.identity === null],
      'fma | 3 | 1 | 4 | 0 | true',
    ],
  });
  const fma2 = () => np.ufunc({ name: 'fma2', body: (a, b) => a.multiply(b).add(1) });

  it.each<[() => unknown, string]>([
    [() => fma([1], 2 as never, undefined as never), 'ArgumentError'],
    [() => (fma as (...args: unknown[]) => unknown)([1], 2), 'ArgumentError'],
    [() => (fma as (...args: unknown[]) => unknown)(1, 2, 3, {}, 4), 'ArgumentError'],
    [() => fma(1, 2, 3, { ot: 1 } as never), 'ArgumentError'],
    [() => np.ufunc({} as never), 'ArgumentError'],
    [() => np.ufunc({ body: () => 1 }), 'ArgumentError'],
    [() => np.ufunc({ bdy: 1 } as never), 'ArgumentError'],
    [() => np.ufunc({ body: (x) => x.add(x), reorderable: true }), 'ArgumentError'],
    [() => np.ufunc({ body: (x) => x.add('1' as never) }), 'ArgumentError'],
    [() => np.ufunc({ body: (x) => `${x}` as never }), 'DTypeError'],
    [() => np.ufunc({ body: (x, k) => x.power(k), dtypes: 'ints' }), 'DTypeError'],
    [() => np.ufunc({ body: (x) => x.add(0.5), dtypes: ['int8'] }), 'PrecisionError'],
    [() => np.ufunc({ body: (x) => x.invert(), dtypes: 'floats' }), 'DTypeError'],
  ])('%s throws %s', (call, tag) => expect(tagOf(call)).toBe(tag));
});

describe('vectorize', () => {
  const dot = (x: np.NDArray, y: np.NDArray): unknown => np.dot(x, y);
  table({
    'over two arrays': [
      () => np.vectorize((a: number, b: number) => (a > b ? a - b : a + b))([1, 2, 3, 4], 2),
      '[3. 4. 1. 2.]',
    ],
    'of numbers': [() => np.vectorize((a: number) => a + 1)(2), '3'],
    'with several outputs': [() => np.vectorize((a: number) => [a, a > 1])([1, 2]), '[1. 2.] | [False True]'],
    otypes: [() => np.vectorize((a: number) => a, { otypes: 'float32' })([]).dtype.name, 'float32'],
    excluded: [
      () =>
        np.vectorize((x: number, p: number[]) => p.reduce((s, c) => s * x + c, 0), { excluded: [1] })([0, 1], [1, 2]),
      '[2. 3.]',
    ],
    '(n),(n)->()': [
      () =>
        np.vectorize(dot, { signature: '(n),(n)->()' })(
          [
            [1, 2],
            [3, 4],
          ],
          [10, 20],
        ),
      '[ 50. 110.]',
    ],
    '(n)->(n)': [
      () =>
        np.vectorize((x: np.NDArray) => np.cumsum(x), { signature: '(n)->(n)' })([
          [1, 2],
          [3, 4],
        ]),
      '[[1. 3.] [3. 7.]]',
    ],
    '(n)->(n),()': [
      () => np.vectorize((x: np.NDArray) => [x, x.sum()], { signature: '(n)->(n),()' })([[1, 2]]),
      '[[1. 2.]] | [3.]',
    ],
    'a function that allocates': [
      () => np.vectorize((a: number) => np.ones([100]).sum() + a)(np.zeros([3])),
      '[100. 100. 100.]',
    ],
  });
  it.each<[() => unknown, string]>([
    [() => np.vectorize((a: number) => a)([]), 'ArgumentError'],
    [() => np.vectorize(() => 'a')([1]), 'ArgumentError'],
    [() => np.vectorize((x: number) => (x > 1 ? 2.5 : 1n))([1, 2]), 'PrecisionError'],
    [() => np.vectorize((x: number) => (x > 1 ? [1, 2] : 1))([1, 2]), 'ArgumentError'],
    [() => np.vectorize((x: number) => x, { signature: '(n->()' })([1]), 'ArgumentError'],
    [() => np.vectorize(dot, { signature: '(n),(n)->()' })([1, 2], [1, 2, 3]), 'ShapeError'],
    [() => np.vectorize(dot, { signature: '(n),(n)->()' })([1, 2]), 'ArgumentError'],
    [() => np.vectorize(dot, { signature: '(n),(n)->()' })(1, [1]), 'ShapeError'],
    [() => np.vectorize((a: number) => a)([1, 2], [1, 2, 3]), 'ShapeError'],
    [() => np.vectorize(5 as never), 'ArgumentError'],
  ])('%s throws %s', (call, tag) => expect(tagOf(call)).toBe(tag));
});

describe('frompyfunc', () => {
  const digits = np.frompyfunc((a: number, b: number) => a * 10 + b, 2, 1);
  table({
    call: [() => digits([1, 2], [[3], [4]]), '[[13. 23.] [14. 24.]]'],
    reduce: [
      () =>
        digits.reduce([
          [1, 2],
          [3, 4],
        ]),
      '[13. 24.]',
    ],
    accumulate: [
      () =>
        digits.accumulate(
          [
            [1, 2],
            [3, 4],
          ],
          1,
        ),
      '[[ 1. 12.] [ 3. 34.]]',
    ],
    outer: [() => digits.outer([1, 2], [3, 4]), '[[13. 14.] [23. 24.]]'],
    outputs: [() => np.frompyfunc((a: number) => [a, -a], 1, 2)([1, 2]), '[1. 2.] | [-1. -2.]'],
    identity: [() => np.frompyfunc((a: number, b: number) => a + b, 2, 1, { identity: 7 }).reduce([]), '7.0'],
  });
  it('refuses another number of operands', () => expect(tagOf(() => digits(1))).toBe('ArgumentError'));
  it('refuses to reduce nothing', () => expect(tagOf(() => digits.reduce([]))).toBe('ShapeError'));
});

describe('operators', () => {
  const a = (): np.NDArray => np.array([1, 2, 3]);
  const n = (): np.NDArray => np.array([6n, 5n, 4n]);
  table({
    'iadd, imul, isub, idiv': [() => a().iadd(1).imul([1, 2, 3]).isub(1).idiv(2), '[0.5 2.5 5.5]'],
    'itruediv, ifloordiv, imod, ipow': [() => np.array([9, 18]).itruediv(2).ifloordiv(2).imod(3).ipow(2), '[4. 1.]'],
    'ilshift, irshift, iand, ior, ixor': [() => n().ilshift(2n).irshift(1n).iand(14n).ior(1n).ixor(3n), '[14 8 10]'],
    'on a view': [
      () => {
        const x = a();
        x.get('1:').iadd(10);
        return x;
      },
      '[ 1. 12. 13.]',
    ],
    'where a mask holds': [() => a().iadd(1, { where: [true, false, true] }), '[2. 2. 4.]'],
    imatmul: [
      () =>
        np
          .array([
            [1, 2],
            [3, 4],
          ])
          .imatmul([
            [0, 1],
            [1, 0],
          ]),
      '[[2. 1.] [4. 3.]]',
    ],
    'matmul, dot': [
      () => [
        np
          .array([
            [1, 2],
            [3, 4],
          ])
          .matmul([1, 1]),
        a().dot([1, 1, 1]),
      ],
      '[3. 7.] | 6',
    ],
    'has, bool': [
      () => [a().has(2), a().has(9), np.array([0]).bool(), np.array(2).bool()],
      'true | false | false | true',
    ],
  });
  it.each<[() => unknown, string]>([
    [() => n().iadd([0.5, 1, 2]), 'CastError'],
    [() => n().idiv(2n), 'CastError'],
    [() => n().iadd(0.5), 'PrecisionError'],
    [() => a().iadd([[1, 2, 3]]), 'ShapeError'],
    [() => a().iadd(1, { dtyp: 1 } as never), 'ArgumentError'],
    [() => a().bool(), 'ShapeError'],
    [() => np.array([]).bool(), 'ShapeError'],
  ])('%s throws %s', (call, tag) => expect(tagOf(call)).toBe(tag));
});

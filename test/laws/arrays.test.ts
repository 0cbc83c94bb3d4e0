// Laws of arrays: what must hold for every shape, layout and dtype, whoever knows the values.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';
import { broadcastable, counted, dtypeNames, indices, shapes, sizeOf, views } from './_arbitrary.ts';

const runs = { numRuns: 300 };
const same = (a: np.NDArray, b: np.NDArray): void => {
  expect(a.dtype.name).toBe(b.dtype.name);
  expect(a.shape).toEqual(b.shape);
  expect(a.tolist()).toEqual(b.tolist());
};
const law = <T>(values: fc.Arbitrary<T>, check: (x: T) => void): void => fc.assert(fc.property(values, check), runs);

describe('elementwise operations commute with', () => {
  it('transposition', () => law(views, (a) => same(np.add(a, a).T, np.add(a.T, a.T))));
  it('reversal', () => law(views, (a) => same(np.flip(np.multiply(a, 3)), np.multiply(np.flip(a), 3))));
  it('reshaping', () => law(views, (a) => same(np.ravel(np.negative(a)), np.negative(np.ravel(a)))));
  it('copying', () => law(views, (a) => same(np.square(a), np.square(a.copy()))));
  it('slicing', () => {
    const cut = shapes().chain((shape) => fc.tuple(fc.constant(shape), indices(shape), dtypeNames));
    law(cut, ([shape, index, dtype]) => {
      const a = counted(shape, dtype);
      same(np.subtract(a, 1).get(...index), np.subtract(a.get(...index), 1));
    });
  });
  it('broadcasting', () => {
    const pair = shapes().chain((shape) => fc.tuple(fc.constant(shape), broadcastable(shape), dtypeNames, dtypeNames));
    law(pair, ([shape, small, d, e]) => {
      const a = counted(shape, d);
      const b = counted(small, e);
      const stretched = np.broadcast_to(b, shape);
      same(np.maximum(a, b), np.maximum(a, stretched.copy()));
      same(np.maximum(a, b), np.maximum(b, a));
      same(np.add(a, b), np.add(a, b, { out: np.empty(shape, { dtype: np.add(a, b).dtype }) }));
    });
  });
  it('computing in place', () =>
    law(views, (view) => {
      const a = view.copy();
      const want = np.add(a, 1);
      np.add(a, 1, { out: a });
      same(a, want);
    }));
});

describe('in place on overlapping views', () => {
  it('gives what it would apart', () => {
    const cut = fc.integer({ min: 2, max: 40 }).chain((n) => fc.tuple(fc.constant(n), fc.nat(n - 1), dtypeNames));
    law(cut, ([n, by, dtype]) => {
      const a = counted([n], dtype);
      const from = a.get(`:${n - by}`);
      const want = np.add(from.copy(), from.get('::-1').copy());
      np.add(from, from.get('::-1'), { out: a.get(`${by}:`) });
      same(a.get(`${by}:`), want);
    });
  });
});

describe('broadcasting', () => {
  it('is commutative, idempotent, and 1 is neutral', () => {
    const pair = shapes().chain((shape) => fc.tuple(fc.constant(shape), broadcastable(shape)));
    law(pair, ([a, b]) => {
      expect(np.broadcast_shapes(a, b)).toEqual(a);
      expect(np.broadcast_shapes(b, a)).toEqual(a);
      expect(np.broadcast_shapes(a, a, [1])).toEqual(a.length === 0 ? [1] : a);
    });
  });
});

describe('get and set', () => {
  const cut = shapes(1).chain((shape) => fc.tuple(fc.constant(shape), indices(shape), dtypeNames));
  it('set, then get gives the value; the rest stays', () =>
    law(cut, ([shape, index, dtype]) => {
      const a = counted(shape, dtype);
      const before = a.copy();
      const touched = np.zeros(shape, { dtype: 'bool' });
      touched.set(index, true);
      const part = a.get(...index);
      const value = counted(part.shape, dtype).add(1);
      a.set(index, value);
      same(a.get(...index), value);
      same(np.where(touched, before, a), before);
      expect(np.count_nonzero(touched)).toBe(part.size);
    }));
  it('a view writes through', () =>
    law(cut, ([shape, index, dtype]) => {
      const a = counted(shape, dtype);
      const b = a.copy();
      a.get(...index).set('...', 5);
      b.set(index, 5);
      same(a, b);
    }));
  it('reversing twice, and taking all, change nothing', () =>
    law(views, (a) => {
      same(np.flip(np.flip(a)), a);
      same(a.get('...'), a);
    }));
});

describe('views', () => {
  it('transposes invert, reshapes come back', () =>
    law(views, (a) => {
      same(a.T.T, a);
      same(a.reshape(-1, ...(a.size === 0 ? [1] : [])).reshape(a.shape), a);
      same(np.reshape(np.ravel(a, { order: 'F' }), a.shape, { order: 'F' }), a);
      if (a.ndim > 1) same(np.moveaxis(np.moveaxis(a, 0, -1), -1, 0), a);
      same(np.squeeze(np.expand_dims(a, -1), -1), a);
    }));
  it('tolist, tobytes, iteration and item agree', () =>
    law(views, (a) => {
      same(np.array(a.tolist() as never, { dtype: a.dtype }).reshape(a.shape), a.copy());
      same(np.frombuffer(a.tobytes(), { dtype: a.dtype }).reshape(a.shape), a.copy());
      if (a.ndim > 0) expect([...a].map((x) => (x instanceof np.NDArray ? x.tolist() : x))).toEqual(a.tolist());
      if (a.size > 0) expect(a.item(a.size - 1)).toBe(np.ravel(a).item(-1));
    }));
  it('casting to a wider dtype and back changes nothing', () =>
    law(views, (a) => same(a.astype('complex128').real.astype(a.dtype), a.copy())));
});

describe('reductions', () => {
  const summed = shapes(1).chain((shape) => fc.tuple(fc.constant(shape), fc.subarray(shape.map((_, d) => d))));
  it('integer sums over axes in any order are equal', () =>
    law(summed, ([shape, axes]) => {
      const a = counted(shape, 'int64');
      const atOnce = np.sum(a, axes);
      const last = [...axes].sort((p, q) => q - p).reduce((x, d) => np.sum(x, d), a);
      const first = [...axes].sort((p, q) => p - q).reduce((x, d, i) => np.sum(x, d - i), a);
      same(last, atOnce);
      same(first, atOnce);
    }));
  it('float sums have the same bits for every layout', () =>
    law(views, (view) => {
      const a = np.divide(view, 7);
      for (const layout of [np.asfortranarray(a), a.copy(), np.flip(np.flip(a).copy())]) {
        expect(Object.is(np.sum(layout), np.sum(a))).toBe(true);
        for (let d = 0; d < a.ndim; d++) expect(np.sum(layout, d).tobytes()).toEqual(np.sum(a, d).tobytes());
      }
    }));
  it('extremes are where argmin and argmax say', () =>
    law(views, (a) => {
      if (a.size === 0) return;
      const flat = np.ravel(a);
      expect(flat.item(np.argmax(a))).toBe(np.max(a));
      expect(flat.item(np.argmin(a))).toBe(np.min(a));
    }));
  it('the last running sum is the sum; differences give the elements back', () =>
    law(views, (view) => {
      const a = view.astype('int64');
      const sums = np.cumsum(a);
      if (a.size > 0) expect(sums.item(-1)).toBe(np.sum(a));
      same(np.subtract(sums.get('1:'), sums.get(':-1')), np.ravel(a).get('1:').copy());
    }));
  it('a mask takes part as zero or one', () =>
    law(views, (view) => {
      const a = view.astype('int64');
      const even = np.equal(np.remainder(a, 2), 0);
      expect(np.sum(a, { where: even })).toBe(np.sum(np.multiply(a, even)));
      expect(np.count_nonzero(even)).toBe(np.sum(even));
      expect(np.all(even)).toBe(np.count_nonzero(even) === sizeOf(a.shape));
    }));
});

// Expressions as users meet them: composed functions, results in `out`, errors, faults, fused functions, memory, reports.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetWarnings } from '../../src/exec/errstate/report.ts';
import * as np from '../../src/index.ts';
import { kernelFigures } from '../../src/kernel/compile.ts';
import { compute, wayOf } from '../../src/lazy/compute.ts';
import { planOf } from '../../src/lazy/plan.ts';
import { tilingOf } from '../../src/lazy/tile.ts';
import { warm, withThreads } from '../threads/_pool.ts';
import { bitsOf, random } from './_trees.ts';

// biome-ignore lint/suspicious/noExplicitAny: the same functions take arrays and expressions
type Any = any;
const call = np as Any;

function data(seed: number, shape: readonly number[], dtype = 'float64'): Any {
  const next = random(seed);
  const list = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => next() * 20 - 10);
  return call.array(list).astype(dtype).reshape(shape);
}

const rows = (x: Any): Any => ({ axis: x.ndim - 1, keepdims: true });
/** Functions of one array, as users write them. */
const composed: Record<string, (x: Any) => Any> = {
  softmax(x) {
    const e = call.exp(call.subtract(x, call.max(x, rows(x))));
    return call.divide(e, call.sum(e, rows(x)));
  },
  'log-softmax'(x) {
    const moved = call.subtract(x, call.max(x, rows(x)));
    return call.subtract(moved, call.log(call.sum(call.exp(moved), rows(x))));
  },
  'layer norm': (x) =>
    call.divide(call.subtract(x, call.mean(x, rows(x))), call.sqrt(call.add(call.var(x, rows(x)), 1e-5))),
  'z-score of columns': (x) => call.divide(call.subtract(x, call.mean(x, 0)), call.std(x, 0)),
  'rows of length one': (x) => call.divide(x, call.sqrt(call.sum(call.square(x), rows(x)))),
  'mean of what is positive': (x) => call.mean(x, { axis: 0, where: call.greater(x, 0) }),
  'distances of rows': (x) => call.sum(call.square(call.subtract(call.expand_dims(x, 1), call.expand_dims(x, 0))), -1),
  'nearest other row': (x) => {
    const y = call.expand_dims(x.get(':20'), 0);
    return call.argmin(call.sum(call.absolute(call.subtract(call.expand_dims(x, 1), y)), -1), 1);
  },
  'scaled by all': (x) => call.divide(call.subtract(x, x.min()), call.subtract(x.max(), x.min())),
  gelu: (x) => call.multiply(call.multiply(x, 0.5), call.add(call.tanh(call.multiply(x, 0.8)), 1)),
  'huber loss': (x) => {
    const far = call.absolute(x);
    return call.sum(call.where(call.less(far, 1), call.multiply(call.square(x), 0.5), call.subtract(far, 0.5)));
  },
  'softmax of columns': (x) => composed.softmax(x.T).T,
};

describe('composed functions', () => {
  const cases = Object.keys(composed).flatMap((name) =>
    ['float64', 'float32', 'float16'].map((dtype) => [name, dtype] as const),
  );
  it.each(cases)('%s of %s: eager, planned, in tiles, stage by stage, fused, between turns', async (name, dtype) => {
    const f = composed[name];
    for (const shape of [
      [50, 33],
      [7, 300],
    ]) {
      const x = data(1, shape, dtype);
      const want = bitsOf(f(x));
      const lazy = f(call.lazy(x)) as np.Lazy;
      expect(bitsOf(lazy.compute())).toBe(want);
      const plan = planOf([lazy.node]);
      for (const way of [wayOf(plan), { tiling: tilingOf(plan, 100) }, { tiling: undefined }]) {
        expect(bitsOf(compute(plan, [], {}, way)[0])).toBe(want);
      }
      expect(bitsOf(np.fuse(f)(x as never) as Any)).toBe(want);
      expect(bitsOf((await lazy.computeAsync()) as Any)).toBe(want);
    }
  });

  it('large ones on several threads', () => {
    const x = data(2, [600, 500]);
    const names = ['softmax', 'layer norm', 'z-score of columns', 'huber loss'];
    const want = names.map((n) => bitsOf(composed[n](x)));
    withThreads(3, (pool) => {
      warm(pool);
      expect(names.map((n) => bitsOf(composed[n](call.lazy(x)).compute()))).toEqual(want);
    });
  });
});

describe('compute', () => {
  it('several results in one kernel, equal values once', () => {
    const f = np.fuse((a: Any, b: Any) => [call.add(a, b), call.multiply(call.add(a, b), 2), call.add(a, b)]);
    const [a, b] = [data(3, [4]), data(4, [4])];
    const made = f(a as never, b as never) as Any[];
    expect(made.map(bitsOf)).toEqual([np.add(a, b), np.multiply(np.add(a, b), 2), np.add(a, b)].map(bitsOf));
    expect(made[0]).not.toBe(made[2]);
    expect(f.explain(a, b).kernels).toHaveLength(1);
  });

  it('into out: another dtype, an operand itself, an overlapping part', () => {
    const a = data(5, [40]);
    const e = call.lazy(a).multiply(2).add(1);
    const want = np.add(np.multiply(a, 2), 1);
    const out = np.empty([40], { dtype: 'float32' });
    expect(e.compute({ out })).toBe(out);
    expect(bitsOf(out)).toBe(bitsOf(call.asarray(want).astype('float32')));
    const b = a.copy();
    call.lazy(b).multiply(2).add(1).compute({ out: b });
    expect(bitsOf(b)).toBe(bitsOf(want));
    const c = a.copy();
    const shifted = np.add(c.get(':-1'), 1);
    call
      .lazy(c.get(':-1'))
      .add(1)
      .compute({ out: c.get('1:') });
    expect(bitsOf(c.get('1:'))).toBe(bitsOf(shifted));
  });

  it('new numbers compile nothing', () => {
    const f = np.fuse((a: Any, k: Any) => call.sqrt(call.add(call.square(a), k)));
    const a = data(6, [100]);
    f(a as never, 1 as never);
    call.lazy(a).subtract(1.5).sum().compute();
    const before = kernelFigures().kernels;
    expect(bitsOf(f(a as never, 3 as never) as Any)).toBe(bitsOf(np.sqrt(np.add(np.square(a), 3))));
    call
      .lazy(data(7, [100]))
      .subtract(2.5)
      .sum()
      .compute();
    expect(kernelFigures().kernels).toBe(before);
    expect(f.traces).toBe(1);
  });

  it('operands in host memory, views, empty and 0-d arrays', () => {
    const host = call.asarray(new Float32Array([1, 2, 3, 4]));
    expect(call.lazy(host).multiply(2).sum().compute()).toBe(20);
    expect(
      call
        .lazy(np.zeros([0, 3]))
        .add(1)
        .compute().shape,
    ).toEqual([0, 3]);
    expect(
      call
        .lazy(np.zeros([0, 3]))
        .sum(0)
        .compute()
        .tolist(),
    ).toEqual([0, 0, 0]);
    expect(call.lazy(np.array(3)).add(1).compute().item()).toBe(4);
    expect(
      call
        .lazy(np.ones([2, 3]))
        .T.reshape(-1)
        .compute().shape,
    ).toEqual([6]);
    expect(
      bitsOf(
        call
          .lazy(data(8, [6, 4]))
          .get('::2')
          .sum(1, { keepdims: true })
          .compute(),
      ),
    ).toBe(bitsOf(call.sum(data(8, [6, 4]).get('::2'), 1, { keepdims: true })));
  });

  it('holds no more than a tile: 10^6 × 10', () => {
    const [a, b] = [data(9, [1_000_000]), data(10, [10])];
    const e = call.lazy(a.get(':', null)).add(b.get(null)).max({ axis: 1 });
    np.memory.peak({ reset: true });
    const { live } = np.memory.snapshot();
    const made = e.compute();
    expect(np.memory.snapshot().peak - live).toBeLessThan(64 * 2 ** 20 + made.nbytes);
  });
});

describe('errors', () => {
  const a = np.ones([2, 3]);
  const wrong: [string, string, () => unknown][] = [
    ['shapes', 'ShapeError', () => call.lazy(a).add(np.ones([4]))],
    ['dtypes', 'DTypeError', () => call.lazy(a).bitwise_and(1)],
    ['scalars', 'PrecisionError', () => call.lazy(a.astype('int32')).add(0.5)],
    ['casting', 'CastError', () => call.lazy(a).add(a, { casting: 'no', dtype: 'float32' })],
    ['axes', 'AxisError', () => call.lazy(a).sum(2)],
    ['options', 'ArgumentError', () => call.lazy(a).sum({ axes: 1 })],
    ['out inside', 'ArgumentError', () => call.lazy(a).add(1, { out: a })],
    ['nothing to reduce', 'ShapeError', () => call.lazy(np.ones([0])).max()],
    ['astype', 'CastError', () => call.lazy(a).astype('int8', { casting: 'safe' })],
    ['views', 'ShapeError', () => call.lazy(a).reshape(5)],
    ['operators', 'DTypeError', () => call.lazy(a) * 2],
    [
      'shape of out',
      'ShapeError',
      () =>
        call
          .lazy(a)
          .add(1)
          .compute({ out: np.ones([3]) }),
    ],
    [
      'dtype of out',
      'CastError',
      () =>
        call
          .lazy(a)
          .add(1)
          .compute({ out: np.ones([2, 3], { dtype: 'int8' }) }),
    ],
    [
      'refused elements',
      'ArgumentError',
      () =>
        call
          .lazy(np.array([2n]))
          .power(np.array([-1n]))
          .add(1)
          .compute(),
    ],
    ['a value while traced', 'TraceError', () => np.fuse((x: Any) => (x.item() > 0 ? x : x))(np.array(1) as never)],
    ['a function of values while traced', 'TraceError', () => np.fuse((x: Any) => call.sort(x))(a as never)],
    ['what cannot be returned', 'TraceError', () => np.fuse((x: Any) => new Map([[1, x]]))(a as never)],
    ['arguments of fused functions', 'ArgumentError', () => np.fuse((x: Any) => x)({} as never)],
    [
      'numbers of fused functions',
      'PrecisionError',
      () => np.fuse((x: Any, k: Any) => x.add(k))(a.astype('int8') as never, 0.5 as never),
    ],
  ];
  it.each(wrong)('%s: %s', (_, tag, run) => {
    expect(thrown(run)?.tag).toBe(tag);
  });
});

function thrown(run: () => unknown): np.OrthantError | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof np.OrthantError) return error;
    throw error;
  }
  return undefined;
}

describe('faults', () => {
  let before: np.ErrorState;
  beforeEach(() => {
    before = np.geterr();
    forgetWarnings();
  });
  afterEach(() => {
    np.seterr(before);
    np.seterrcall(null);
  });

  const zero = np.array([1, 0, 2]);
  const faulty: [string, () => Any, string][] = [
    [
      'in a chain',
      () => call.lazy(zero).reciprocal().add(1).negative().compute(),
      'divide by zero encountered in reciprocal',
    ],
    [
      'hidden by what follows',
      () => call.exp(call.lazy(zero).reciprocal().negative()).compute(),
      'divide by zero encountered in reciprocal',
    ],
    ['into a sum', () => call.lazy(zero).log().sum().compute(), 'divide by zero encountered in log'],
    ['into a flag', () => call.lazy(zero).log().less(0).any().compute(), 'divide by zero encountered in log'],
    ['of the sum itself', () => call.lazy([1e308, 1e308]).add(0).sum().compute(), 'overflow encountered in sum'],
    [
      'along rows',
      () => composed.softmax(call.lazy(np.full([3, 20], 1e308)).multiply(10)).compute(),
      'overflow encountered in multiply',
    ],
  ];
  it.each(faulty)('%s', (_, run, message) => {
    np.seterr({ all: 'raise' });
    expect(thrown(run)?.message).toContain(message);
    np.seterr({ all: 'ignore' });
    expect(thrown(run)).toBeUndefined();
  });

  it('are told of by the operation that met them, and leave out as it was where they throw', () => {
    const words: string[] = [];
    np.seterr({ divide: 'call', over: 'call', invalid: 'call' });
    np.seterrcall((_words, _bit, fault) => words.push(fault.message));
    call.lazy(zero).reciprocal().add(1).compute();
    call.lazy(zero).log().sum().compute();
    expect(words).toEqual(['divide by zero encountered in reciprocal', 'divide by zero encountered in log']);
    np.seterr({ divide: 'raise' });
    const out = np.array([7, 7, 7]);
    expect(thrown(() => call.lazy(zero).reciprocal().add(1).compute({ out }))?.tag).toBe('FloatingPointError');
    expect(out.tolist()).toEqual([7, 7, 7]);
  });
});

describe('explain', () => {
  const x = np.ones([2000, 500]);
  it('names kernels, memory and tiles', () => {
    const told = (composed.softmax(call.lazy(x)) as np.Lazy).explain();
    expect(told.kernels.map((k) => [k.kind, k.reads, k.formula])).toEqual([
      ['reduction', [], 'max(x0, axis=1)'],
      ['elementwise', [0], 'exp(subtract(x0, x1))'],
      ['reduction', [1], 'sum(x0, axis=1)'],
      ['elementwise', [1, 2], 'divide(x0, x1)'],
    ]);
    expect(told.eagerBytes).toBe(3 * x.nbytes + 2 * 2000 * 8);
    expect(told.fusedBytes).toBeLessThan(x.nbytes * 1.1);
    expect(told.kernels.every((k) => k.inRows)).toBe(true);
    expect(String(told)).toContain('5 operations in 4 kernels');
    expect((composed.softmax(call.lazy(x).T) as np.Lazy).explain().kernels.length).toBe(4);
    const tiled = (composed['nearest other row'](call.lazy(np.ones([6000, 40]))) as np.Lazy).explain();
    expect(tiled.tiles?.axis).toBe(0);
    expect(tiled.fusedBytes).toBeLessThan(tiled.eagerBytes / 100);
    expect(told.svg()).toMatch(/^<svg [\s\S]*softmax|^<svg [\s\S]*divide[\s\S]*<\/svg>\n$/);
  });
  it('writes an expression as a formula', () => {
    expect(String(call.lazy(x).subtract(1).square().sum(0))).toBe('sum(square(subtract(a0, 1)), axis=0)');
  });
});

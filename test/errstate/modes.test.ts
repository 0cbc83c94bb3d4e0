// The modes of errstate: what each does, where a state holds (blocks, callbacks, async continuations), and that nothing is
// published when a fault throws. Which elements are faulty is compared with NumPy in numpy.test.ts.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FloatingPointError } from '../../src/base/errors.ts';
import { events } from '../../src/base/events.ts';
import { forgetWarnings } from '../../src/exec/errstate/report.ts';
import * as np from '../../src/index.ts';

const raising = { all: 'raise' } as const;

function thrown(fn: () => unknown): FloatingPointError {
  try {
    fn();
  } catch (error) {
    if (error instanceof FloatingPointError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

let before: np.ErrorState;
beforeEach(() => {
  before = np.geterr();
  forgetWarnings();
});
afterEach(() => {
  np.seterr(before);
  np.seterrcall(null);
  vi.restoreAllMocks();
});

describe('modes', () => {
  it('defaults are those of NumPy, integers and casts ignored', () => {
    expect(np.geterr()).toEqual({
      divide: 'warn',
      over: 'warn',
      under: 'ignore',
      invalid: 'warn',
      integer: 'ignore',
      cast: 'ignore',
    });
  });

  it('raise: the error carries kind, operation, count, first index, operands, result and call site', () => {
    const a = np.array([
      [1, 2],
      [3, 4],
      [5, 0],
    ]);
    const error = thrown(() => np.errstate(raising, () => np.divide(a.T, np.array([1, 0, 0]))));
    expect(error.facts).toMatchObject({
      kind: 'divide',
      op: 'divide',
      count: 3,
      index: [0, 1],
      operands: [3, 0],
      results: [Number.POSITIVE_INFINITY],
    });
    expect(error.message).toContain('divide by zero encountered in divide, 3 elements, the first at [0, 1]');
    expect(error.facts.callSite).toMatch(/modes\.test\.ts:\d+:\d+$/);
  });

  it('raise: the kinds that throw come before those that warn', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const error = thrown(() => np.errstate({ invalid: 'raise' }, () => np.divide([1, 0], 0)));
    expect(error.facts.kind).toBe('invalid');
    expect(warn).not.toHaveBeenCalled();
  });

  it('warn: once per call site', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    for (let i = 0; i < 30; i++) np.log(np.array([0, i]));
    np.log(np.array([0]));
    expect(warn).toHaveBeenCalledTimes(2);
    expect(warn.mock.calls[0]).toMatchObject([
      'divide by zero encountered in log, 2 elements, the first at [0]: of 0 it is -Infinity',
      { type: 'RuntimeWarning', code: 'ORTHANT_DIVIDE', detail: expect.stringMatching(/^at .*modes\.test\.ts:\d+/) },
    ]);
  });

  it('call: words, bit and everything known', () => {
    const call = vi.fn();
    expect(np.errstate({ over: 'call', call }, () => np.exp(np.array([1, 1000]))).tolist()).toEqual([
      Math.E,
      Number.POSITIVE_INFINITY,
    ]);
    expect(call.mock.calls).toEqual([
      ['overflow', 2, expect.objectContaining({ kind: 'over', op: 'exp', count: 1, index: [1], operands: [1000] })],
    ]);
  });

  it('log: a line to the object', () => {
    const write = vi.fn();
    np.errstate({ invalid: 'log', call: { write } }, () => np.sqrt([-1]));
    expect(write.mock.calls).toEqual([['Warning: invalid value encountered in sqrt, at [0]: of -1 it is NaN\n']]);
  });

  it('print: a line on the console', () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    np.errstate({ under: 'print' }, () => np.multiply(np.array([1e-300]), 1e-300));
    expect(log.mock.calls).toEqual([
      ['Warning: underflow encountered in multiply, at [0]: of 1e-300 and 1e-300 it is 0'],
    ]);
  });

  it('ignore: nothing', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    expect(np.errstate({ all: 'ignore' }, () => np.log(0))).toBe(Number.NEGATIVE_INFINITY);
    expect(warn).not.toHaveBeenCalled();
  });

  it('an event tells whoever listens', () => {
    const seen: unknown[] = [];
    using _ = events.on('exec.float', (event) => seen.push(event));
    np.errstate({ all: 'call', call: null }, () => np.divide([1, 2, 0], [1, 0, 0]));
    expect(seen).toEqual([
      { op: 'divide', kind: 'divide', index: 1 },
      { op: 'divide', kind: 'invalid', index: 2 },
    ]);
  });

  it('what operands bring along is no fault', () => {
    const call = vi.fn();
    const x = np.array([Number.NaN, Number.POSITIVE_INFINITY, 1]);
    np.errstate({ all: 'call', call }, () => {
      np.add(x, 1);
      np.multiply(x, x);
      np.exp(x);
      np.divide(x, np.array([1, 2, 3]));
      np.add(x, x, { out: np.zeros([3]) });
    });
    expect(call).not.toHaveBeenCalled();
  });

  it.each<[string, unknown]>([
    ['a kind', { overflow: 'raise' }],
    ['a mode', { over: 'throw' }],
    ['options', 'raise'],
    ['a handler', { over: 'call', call: 3 }],
  ])('%s that does not exist is refused', (_, options) => {
    expect(() => np.errstate(options as np.ErrstateOptions)).toThrow(np.ArgumentError);
  });
});

describe('where a state holds', () => {
  it('in a callback, and not after it', () => {
    expect(np.errstate({ over: 'raise' }, () => np.geterr().over)).toBe('raise');
    expect(np.geterr().over).toBe('warn');
    expect(() => np.errstate(raising, () => np.log(0))).toThrow(FloatingPointError);
    expect(np.geterr().over).toBe('warn');
  });

  it('in a block with using', () => {
    {
      using _ = np.errstate({ divide: 'raise' });
      expect(() => np.log(0)).toThrow(FloatingPointError);
      {
        using _inner = np.errstate({ divide: 'ignore' });
        expect(np.log(0)).toBe(Number.NEGATIVE_INFINITY);
      }
      expect(() => np.log(0)).toThrow(FloatingPointError);
    }
    expect(np.geterr().divide).toBe('warn');
  });

  it('seterr changes the process, in a block the block alone', () => {
    expect(np.seterr({ under: 'print' }).under).toBe('ignore');
    np.errstate({ over: 'raise' }, () => {
      expect(np.geterr()).toMatchObject({ under: 'print', over: 'raise' });
      np.seterr({ all: 'ignore' });
      expect(np.geterr()).toMatchObject({ under: 'ignore', over: 'ignore' });
    });
    expect(np.geterr()).toMatchObject({ under: 'print', over: 'warn' });
  });

  it('seterrcall gives the handler before', () => {
    const first = (): void => undefined;
    expect(np.seterrcall(first)).toBe(null);
    expect(np.geterrcall()).toBe(first);
    expect(np.seterrcall(null)).toBe(first);
  });

  it('follows async continuations, and those beside it do not see it', async () => {
    const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
    const work = (mode: np.ErrorMode): Promise<string> =>
      np.errstate({ divide: mode }, async () => {
        await turn();
        try {
          np.log(np.array([1, 0]));
        } catch {
          return 'threw';
        }
        await turn();
        return np.geterr().divide;
      });
    expect(await Promise.all([work('raise'), work('ignore'), work('raise'), work('print')])).toEqual([
      'threw',
      'ignore',
      'threw',
      'print',
    ]);
    expect(np.geterr().divide).toBe('warn');
  });
});

describe('nothing is published when a fault throws', () => {
  const x = np.array([4, 1, 0, 2]);
  const cases: Readonly<Record<string, () => { out: np.NDArray; run: () => unknown }>> = {
    'a fresh out': () => {
      const out = np.full([4], 7);
      return { out, run: () => np.divide(8, x, { out }) };
    },
    'an out with a mask': () => {
      const out = np.full([4], 7);
      return { out, run: () => np.divide(8, x, { out, where: np.array([true, false, true, true]) }) };
    },
    'in place': () => {
      const out = x.copy();
      return { out, run: () => np.log(out, { out }) };
    },
    overlapping: () => {
      const all = np.array([0, 1, 2, 3, 4]);
      const out = all.get('1:');
      return { out, run: () => np.log(all.get(':-1'), { out }) };
    },
    strided: () => {
      const out = np.full([8], 7).get('::2');
      return { out, run: () => np.reciprocal(x, { out }) };
    },
    'a typed array of the user': () => {
      const out = np.asarray(new Float64Array([7, 7, 7, 7]));
      return { out, run: () => np.reciprocal(x, { out }) };
    },
    'a narrower out': () => {
      const out = np.full([2], 7, { dtype: 'float32' });
      return { out, run: () => np.multiply(np.array([1, 1e30]), 1e30, { out }) };
    },
    'two outputs': () => {
      const out = np.full([4], 7);
      return { out, run: () => np.divmod(8, x, { out: [out, np.zeros([4])] }) };
    },
    assignment: () => {
      const out = np.full([2], 7, { dtype: 'float32' });
      return { out, run: () => out.set(':', np.array([1, 1e300])) };
    },
  };
  it.each(Object.keys(cases))('%s', (name) => {
    const { out, run } = cases[name]();
    const old = out.tolist();
    expect(() => np.errstate(raising, run)).toThrow(FloatingPointError);
    expect(out.tolist()).toEqual(old);
    np.errstate({ all: 'ignore' }, run);
    expect(out.tolist()).not.toEqual(old);
  });

  it('an element that the mask leaves out is no fault', () => {
    const out = np.zeros([4]);
    np.errstate(raising, () => np.divide(8, x, { out, where: np.not_equal(x, 0) }));
    expect(out.tolist()).toEqual([2, 8, 0, 4]);
  });
});

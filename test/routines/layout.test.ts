// What the values of manipulated arrays do not show: who shares memory with whom, what is read-only, what is refused and
// what stays untouched then, arrays over typed arrays, and every length around a register for repeated elements.
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';

const grid = (): np.NDArray => np.arange(12).reshape(3, 4);
const { as_strided, sliding_window_view } = np.lib.stride_tricks;

const views: [string, (a: np.NDArray) => np.NDArray][] = [
  ['split', (a) => np.split(a, 2, 1)[1]],
  ['array_split at positions', (a) => np.array_split(a, [1])[1]],
  ['unstack', (a) => np.unstack(a, { axis: 1 })[2]],
  ['rot90', (a) => np.rot90(a)],
  ['rot90 by nothing', (a) => np.rot90(a, 4)],
  ['rollaxis', (a) => np.rollaxis(a, 1)],
  ['atleast_3d', (a) => np.atleast_3d(a) as np.NDArray],
  ['trim_zeros', (a) => np.trim_zeros(a)],
  ['as_strided', (a) => as_strided(a, [2, 2], [32, 8])],
  ['view', (a) => a.view('uint8')],
  ['getfield', (a) => a.getfield('float32', 4)],
  ['require what it is', (a) => np.require(a, 'float64', ['C', 'W'])],
];
const copies: [string, (a: np.NDArray) => np.NDArray][] = [
  ['concatenate of one', (a) => np.concatenate([a])],
  ['hstack', (a) => np.hstack([a])],
  ['block', (a) => np.block(a)],
  ['tile', (a) => np.tile(a, 1)],
  ['repeat once', (a) => np.repeat(a, 1, 0)],
  ['roll by nothing', (a) => np.roll(a, 0)],
  ['pad by nothing', (a) => np.pad(a, 0)],
  ['delete nothing', (a) => np.delete(a, [], 0)],
  ['insert nothing', (a) => np.insert(a, [], 1, 0)],
  ['resize', (a) => np.resize(a, [3, 4])],
  ['copy', (a) => np.copy(a)],
  ['byteswap', (a) => a.byteswap()],
  ['flat.get', (a) => a.flat.get(':')],
  ['require a view to be its own', (a) => np.require(a.T, null, 'O')],
];

describe('memory', () => {
  it.each(views)('%s shares it', (_, make) => {
    const a = grid();
    expect(make(a).storage).toBe(a.storage);
  });
  it.each(copies)('%s does not', (_, make) => {
    const a = grid();
    const made = make(a);
    expect(made.storage).not.toBe(a.storage);
    expect(made.flags.owndata || made.base !== null).toBe(true);
  });
  it('views know the array they are views of, results do not have one', () => {
    const a = np.arange(6);
    expect(a.base).toBeNull();
    expect(a.reshape(2, 3).T.get(0).base).toBe(a);
    expect(np.add(a.reshape(2, 3).T, 1).base).toBeNull();
    expect(np.zeros([2, 3], { order: 'F' }).flags.owndata).toBe(true);
    expect(np.asarray(new Float64Array(2)).flags.owndata).toBe(false);
  });
});

describe('flags', () => {
  const facts = (a: np.NDArray): string => Object.values(a.flags.toJSON()).map(Number).join('');
  const rows: [string, np.NDArray, string][] = [
    // C, F, own, writeable, aligned
    ['a fresh array', np.zeros([2, 3]), '10111'],
    ['a vector', np.zeros(3), '11111'],
    ['F order', np.zeros([2, 3], { order: 'F' }), '01111'],
    ['a slice', grid().get(':', '::2'), '00011'],
    ['stretched', np.broadcast_to([1, 2], [3, 2]), '00001'],
    ['windows', sliding_window_view([1, 2, 3], 2), '00001'],
    ['bytes', np.frombuffer(new Uint8Array(17), { dtype: 'float64', count: 2, offset: 1 }), '11010'],
  ];
  it.each(rows)('%s', (_, a, want) => expect(facts(a)).toBe(want));
  it('print as a list', () => expect(String(np.zeros(1).flags)).toContain('C_CONTIGUOUS : true'));
});

describe('read-only arrays', () => {
  const frozen = (): np.NDArray => {
    const a = grid();
    a.setflags({ write: false });
    return a;
  };
  const writes: [string, (a: np.NDArray) => unknown][] = [
    ['set', (a) => a.set(0, 1)],
    ['set by mask', (a) => a.set([np.greater(a, 3)], 1)],
    ['itemset', (a) => a.itemset(0, 1)],
    ['fill', (a) => a.fill(1)],
    ['out', (a) => np.add(a, 1, { out: a })],
    ['copyto', (a) => np.copyto(a, 1)],
    ['put', (a) => np.put(a, [0], 1)],
    ['sort', (a) => a.sort()],
    ['byteswap', (a) => a.byteswap(true)],
    ['flat', (a) => a.flat.set(0, 1)],
    ['a view made of it', (a) => a.T.get(1).fill(1)],
    ['another dtype', (a) => a.view('int64').fill(1n)],
    ['setfield', (a) => a.setfield(1, 'int8')],
  ];
  it.each(writes)('refuse %s', (_, write) => {
    const a = frozen();
    expect(() => write(a)).toThrowError(/read-only/);
    expect(a.tolist()).toEqual(grid().tolist());
  });
  it('become writeable again, a view of them only after them', () => {
    const a = np.arange(4);
    const v = a.get('1:');
    a.flags.writeable = false;
    v.flags.writeable = false;
    expect(() => v.setflags({ write: true })).toThrowError(/view of a read-only array/);
    a.setflags({ write: true });
    v.setflags({ write: true });
    v.fill(7);
    expect(a.tolist()).toEqual([0, 7, 7, 7]);
  });
});

describe('refusals', () => {
  const a = grid();
  const i8 = np.zeros([2], { dtype: 'int8' });
  const rows: [string, () => unknown][] = [
    ['ArgumentError', () => np.concatenate([])],
    ['ArgumentError', () => np.concatenate(5 as never)],
    ['ShapeError', () => np.concatenate([1, 2])],
    ['ShapeError', () => np.concatenate([a, a.T])],
    ['ShapeError', () => np.concatenate([a, [1]])],
    ['AxisError', () => np.concatenate([a, a], 2)],
    ['ShapeError', () => np.concatenate([a, a], { out: np.zeros([3, 4]) })],
    ['ArgumentError', () => np.concatenate([a, a], { out: np.zeros([6, 4]), dtype: 'float64' })],
    ['CastError', () => np.concatenate([a, a], { dtype: 'int8' })],
    ['ShapeError', () => np.stack([a, a.T])],
    ['ArgumentError', () => np.block([[a], a])],
    ['ArgumentError', () => np.block([])],
    ['ShapeError', () => np.block([a, a.T])],
    ['ShapeError', () => np.split(a, 5, 1)],
    ['ArgumentError', () => np.array_split(a, 0)],
    ['ShapeError', () => np.vsplit([1, 2], 2)],
    ['ArgumentError', () => np.tile(a, -1)],
    ['ArgumentError', () => np.repeat(a, 1.5)],
    ['ArgumentError', () => np.repeat(a, -1)],
    ['ArgumentError', () => np.repeat([1, 2], np.array([1, 2]))],
    ['ShapeError', () => np.repeat(a, [1, 2], 0)],
    ['ShapeError', () => np.roll(a, [1, 2, 3], [0, 1])],
    ['ShapeError', () => np.rot90([1, 2])],
    ['AxisError', () => np.rot90(a, 1, [0, 0])],
    ['ArgumentError', () => np.pad(a, -1)],
    ['ShapeError', () => np.pad(a, [1, 2, 3])],
    ['ArgumentError', () => np.pad(a, 1, 'mirror' as never)],
    ['ArgumentError', () => np.pad(a, 1, { mode: 'edge', end_values: 1 })],
    ['ArgumentError', () => np.pad(a, 1, { mode: 'mean', stat_length: 0 })],
    ['ArgumentError', () => np.pad(a, 1, { mode: 'reflect', reflect_type: 'both' as never })],
    ['ShapeError', () => np.pad(np.zeros([0]), 1, 'edge')],
    ['PrecisionError', () => np.pad(i8, 1, { constant_values: 300 })],
    ['IndexError', () => np.delete(a, 3, 0)],
    ['IndexError', () => np.delete(a, [0, 3], 0)],
    ['ShapeError', () => np.delete([1, 2], [true])],
    ['IndexError', () => np.insert([1, 2], 3, 0)],
    ['IndexError', () => np.insert([1, 2], [0, -3], 0)],
    ['PrecisionError', () => np.insert(i8, 0, 300)],
    ['CastError', () => np.insert(i8, 0, np.array([1.5]))],
    ['ArgumentError', () => np.trim_zeros(a, 'x')],
    ['ShapeError', () => as_strided(a, [13], [8])],
    ['ShapeError', () => as_strided(a, [2], [-8])],
    ['ShapeError', () => as_strided(a, [2, 2], [8])],
    ['ShapeError', () => sliding_window_view(a, [4, 1])],
    ['ShapeError', () => sliding_window_view(a, 2)],
    ['IndexError', () => np.unravel_index(42, [7, 6])],
    ['IndexError', () => np.unravel_index([-1], [7, 6])],
    ['IndexError', () => np.ravel_multi_index([[1], [6]], [7, 6])],
    ['ShapeError', () => np.ravel_multi_index([[1]], [7, 6])],
    ['ArgumentError', () => np.mgrid('1')],
    ['ArgumentError', () => np.mgrid('0:1:0')],
    ['ArgumentError', () => np.r_('row', [1])],
    ['ShapeError', () => np.ix_([[1]])],
    ['PrecisionError', () => np.copyto(i8, 300)],
    ['CastError', () => np.copyto(i8, np.array([0.5, 1]))],
    ['ShapeError', () => np.copyto(i8, np.array([1, 2, 3]))],
    ['ShapeError', () => a.view('complex128').get(0) && a.get(':', ':3').view('complex128')],
    ['ShapeError', () => a.T.view('float32')],
    ['ArgumentError', () => a.getfield('float64', 4)],
    ['ArgumentError', () => np.require(a, null, 'CF')],
    ['ArgumentError', () => np.fromiter([1], 'int8', 2)],
    ['ArgumentError', () => np.asarray_chkfinite([1, Number.NaN])],
    ['ArgumentError', () => np.piecewise([1, 2], [[true, false]], [1, 2, 3])],
    ['ShapeError', () => np.apply_along_axis((v) => v, 0, np.zeros([2, 0]))],
  ];
  it.each(rows)('%s: %s', (tag, call) => {
    let thrown: unknown;
    try {
      call();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ tag });
    expect(a.tolist()).toEqual(grid().tolist());
    expect(i8.tolist()).toEqual([0, 0]);
  });
});

describe('arrays over typed arrays', () => {
  it('are read and written', () => {
    const bytes = new Float32Array([1, 2, 3, 4]);
    const a = np.asarray(bytes);
    expect(np.concatenate([a, a.get('::-1')]).tolist()).toEqual([1, 2, 3, 4, 4, 3, 2, 1]);
    expect(np.repeat(a, 2).tolist()).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    expect(np.pad(a, 1, 'wrap').tolist()).toEqual([4, 1, 2, 3, 4, 1]);
    np.concatenate([[9], [8]], { out: a.get(':2') });
    np.copyto(a, 7, { where: [false, false, true, false] });
    a.flat.set(-1, 6);
    expect([...bytes]).toEqual([9, 8, 7, 6]);
  });
});

describe('every length', () => {
  const dtypes = ['uint8', 'int16', 'float32', 'float64', 'complex128'];
  it.each(dtypes)('of repeated %s', (dtype) => {
    for (let n = 1; n <= 20; n += 3) {
      for (const count of [1, 2, 3, 5, 15, 16, 17, 33]) {
        const a = np.arange(n).astype(dtype);
        const want = Array.from({ length: n * count }, (_, i) => Math.floor(i / count));
        expect(np.repeat(a, count).astype('float64', { casting: 'unsafe' }).tolist()).toEqual(want);
        expect(np.repeat(a, new Array(n).fill(count)).astype('float64', { casting: 'unsafe' }).tolist()).toEqual(want);
      }
    }
  });
  it('of long rows, which are copied in words', () => {
    for (const columns of [255, 256, 257, 263, 511, 1000, 1001]) {
      const a = np
        .remainder(np.arange(5 * columns), 251)
        .astype('uint8')
        .reshape(5, columns);
      const wide = np.concatenate([a, a.get(':', ':1')], 1);
      expect(np.array_equal(wide.get(':', ':-1'), a)).toBe(true);
      expect(np.array_equal(wide.get(':', -1), a.get(':', 0))).toBe(true);
      const halves = np.roll(a.astype('float16'), 3, 1);
      expect(np.array_equal(halves.get(':', '3:'), a.get(':', ':-3').astype('float16'))).toBe(true);
    }
  });
  it('of short rows, which are copied along their longest loop', () => {
    for (const [rows, columns] of [
      [600, 3],
      [1200, 5],
      [513, 7],
      [1030, 2],
      [100, 8],
    ]) {
      const a = np
        .arange(rows * columns)
        .astype('int32')
        .reshape(rows, columns);
      const wide = np.zeros([rows, columns + 1], { dtype: 'int32' });
      wide.set([':', ':-1'], a);
      expect(np.array_equal(wide.get(':', ':-1'), a)).toBe(true);
      expect(np.sum(wide.get(':', -1))).toBe(0);
      expect(np.array_equal(np.tile(a, [1, 2]).get(':', `${columns}:`), a)).toBe(true);
      expect(np.array_equal(wide.get(':', ':-1').astype('float64'), a.astype('float64'))).toBe(true);
    }
  });
});

describe('loops in JavaScript', () => {
  it('ndindex, ndenumerate, broadcast, flat', () => {
    expect([...np.ndindex(2, 2)]).toEqual([[0, 0], [0, 1], [1, 0], [1, 1]]); // biome-ignore format: one row
    expect([...np.ndindex([])]).toEqual([[]]);
    expect([...np.ndindex(0, 3)]).toEqual([]);
    expect([...np.ndenumerate([[1n, 2n]])]).toEqual([[[0, 0], 1], [[0, 1], 2]]); // biome-ignore format: one row
    const b = np.broadcast([[1], [2]], [10, 20]);
    expect([b.shape, b.size, b.ndim, b.numiter]).toEqual([[2, 2], 4, 2, 2]);
    const loop = b[Symbol.iterator]();
    expect([loop.next().value, loop.next().value, b.index]).toEqual([[1, 10], [1, 20], 2]);
    b.reset();
    expect([...b].length).toBe(4);
    expect([...grid().T.flat].slice(0, 4)).toEqual([0, 4, 8, 1]);
  });
  it('a function as mode of pad sees every vector', () => {
    const seen: number[] = [];
    const made = np.pad(
      np.ones([2, 2]),
      [
        [0, 1],
        [1, 0],
      ],
      (vector, [before, after], axis) => {
        seen.push(axis);
        if (before > 0) vector.set(`:${before}`, 5);
        if (after > 0) vector.set(`-${after}:`, 6);
      },
    );
    expect(made.tolist()).toEqual([
      [5, 1, 1],
      [5, 1, 1],
      [5, 6, 6],
    ]);
    expect(seen).toEqual([0, 0, 0, 1, 1, 1]);
  });
  it('indices as values', () => {
    const index = np.index_exp('1:3', null, -1);
    expect(
      grid()
        .get(...index)
        .tolist(),
    ).toEqual([[7], [11]]);
    expect(String(np.s_('1:3'))).toBe('1:3');
  });
});

// Who shares memory with whom: views do, copies do not, typed arrays stay their owner's; and what leaves the array world.
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';

const grid = (): np.NDArray => np.arange(6).reshape(2, 3);

describe('views share memory', () => {
  const made: [string, (a: np.NDArray) => np.NDArray][] = [
    ['get', (a) => a.get('::-1', '1:')],
    ['get of an element', (a) => a.get(1, 1)],
    ['T', (a) => a.T],
    ['mT', (a) => a.mT],
    ['reshape', (a) => a.reshape(3, 2)],
    ['reshape of a slice', (a) => a.get('1:').reshape(3)],
    ['ravel', (a) => a.ravel()],
    ['swapaxes', (a) => np.swapaxes(a, 0, 1)],
    ['moveaxis', (a) => np.moveaxis(a, 0, 1)],
    ['expand_dims', (a) => np.expand_dims(a, 0)],
    ['squeeze', (a) => np.squeeze(np.expand_dims(a, 0))],
    ['flip', (a) => np.flip(a)],
    ['diagonal', (a) => np.diagonal(a, 0)],
    ['asarray', (a) => np.asarray(a)],
    ['an element of the iteration', (a) => [...a][1] as np.NDArray],
    ['astype without a copy', (a) => a.astype('float64', { copy: false })],
  ];
  it.each(made)('%s', (_, view) => {
    const a = grid();
    const v = view(a);
    v.set('...', 99);
    expect(np.sum(np.equal(a, 99))).toBe(v.size);
    expect(v.storage).toBe(a.storage);
  });
  it('of views', () => {
    const a = np.arange(24).reshape(2, 3, 4);
    a.get(1).T.get('::2').set([0, -1], -1);
    expect(a.item(1, 2, 0)).toBe(-1);
  });
  it('empty ones too, without a byte', () => {
    const v = np.zeros([3, 0]).get(2);
    expect([v.shape, v.tolist(), v.tobytes().length]).toEqual([[0], [], 0]);
  });
});

describe('copies do not', () => {
  const made: [string, (a: np.NDArray) => np.NDArray][] = [
    ['array', (a) => np.array(a)],
    ['copy', (a) => a.copy()],
    ['astype', (a) => a.astype('float64')],
    ['flatten', (a) => a.flatten()],
    ['flatten of F order', (a) => a.flatten('F')],
    ['ravel in F order', (a) => a.ravel('F')],
    ['reshape with copy', (a) => a.reshape([3, 2], { copy: true })],
    ['reshape of a transpose', (a) => a.T.reshape(6)],
    ['asarray with copy', (a) => np.asarray(a, { copy: true })],
    ['asarray in another order', (a) => np.asfortranarray(a)],
    ['full_like', (a) => np.full_like(a, 1)],
    ['triu', (a) => np.triu(a)],
    ['diag', (a) => np.diag(a)],
    ['meshgrid', (a) => np.meshgrid(a.get(0))[0]],
    ['positive', (a) => np.positive(a)],
  ];
  it.each(made)('%s', (_, copied) => {
    const a = grid();
    copied(a).set('...', 99);
    expect(a.tolist()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });
});

describe('typed arrays', () => {
  it('are shared by asarray and frombuffer, copied by array', () => {
    const bytes = new Float64Array([1, 2, 3]);
    const shared = np.asarray(bytes);
    const copied = np.array(bytes);
    bytes[0] = 7;
    expect([shared.item(0), copied.item(0)]).toEqual([7, 1]);
    shared.set(1, 8);
    np.add(shared, 1, { out: shared });
    expect([...bytes]).toEqual([8, 9, 4]);
    expect(np.frombuffer(bytes.buffer, { count: 1, offset: 8 }).item()).toBe(9);
  });
  it('of each kind have their own dtype', () => {
    const kinds = [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
    const names = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'];
    expect(kinds.map((Kind) => np.asarray(new Kind(2)).dtype.name)).toEqual(names);
    expect(np.asarray(new BigInt64Array(1)).dtype.name).toBe('int64');
    expect(np.asarray(new BigUint64Array(1)).dtype.name).toBe('uint64');
    expect(np.asarray(new Uint8ClampedArray(1)).dtype.name).toBe('uint8');
    expect(np.asarray(Buffer.from([1, 2])).tolist()).toEqual([1, 2]);
  });
  it('that are parts of a buffer, and bytes that are not aligned', () => {
    const buffer = new ArrayBuffer(32);
    const part = np.asarray(new Float32Array(buffer, 4, 3));
    part.set('...', 5);
    expect([...new Float32Array(buffer).subarray(0, 5)]).toEqual([0, 5, 5, 5, 0]);
    const odd = np.frombuffer(new Uint8Array(buffer, 3), { dtype: 'float64', count: 2, offset: 0 });
    np.add(np.zeros([2]), [1.5, 2.5], { out: odd });
    expect(odd.tolist()).toEqual([1.5, 2.5]);
    expect(np.sum(odd)).toBe(4);
    expect(np.add(odd, odd).tolist()).toEqual([3, 5]);
  });
  it('from data are views of the heap, and keep it alive', () => {
    const a = np.arange(3);
    const { data } = a;
    data[0] = 9;
    expect(a.item(0)).toBe(9);
    expect(np.asarray(data).get('1:').tolist()).toEqual([1, 2]);
    expect(a.toTypedArray().buffer).not.toBe(data.buffer);
  });
});

describe('scalars', () => {
  it('leave by their kind', () => {
    expect(np.array(true).item()).toBe(true);
    expect(np.array(5n).item()).toBe(5);
    expect(np.array(5n).item({ as: 'bigint' })).toBe(5n);
    expect(np.array(2n ** 60n + 1n).item({ as: 'auto' })).toBe(2n ** 60n + 1n);
    expect(np.array(new np.Complex(1, 2)).item()).toEqual(new np.Complex(1, 2));
    expect(np.array(0.1, { dtype: 'float16' }).item()).toBe(0.0999755859375);
    expect(np.array([2n ** 53n + 1n, 3n]).tolist()).toEqual([2n ** 53n + 1n, 3]);
  });
  it('go where itemset says', () => {
    const a = np.zeros([2, 3], { dtype: 'int16' });
    a.itemset(4, 7);
    a.itemset(0, -1, 8n);
    np.array(5).itemset(6);
    expect(a.tolist()).toEqual([
      [0, 0, 8],
      [0, 7, 0],
    ]);
  });
  it('come out of reductions, and arrays with an axis', () => {
    const a = grid();
    expect([a.sum(), a.max(), a.mean(), a.argmax(), a.any(), a.count_nonzero()]).toEqual([15, 5, 2.5, 5, true, 5]);
    expect(a.sum(0).tolist()).toEqual([3, 5, 7]);
    expect(a.sum({ keepdims: true }).shape).toEqual([1, 1]);
    expect(a.cumsum(1).tolist()).toEqual([
      [0, 1, 3],
      [3, 7, 12],
    ]);
    const out = np.empty([3]);
    expect(a.sum(0, { out })).toBe(out);
    expect(a.std(1).tolist()).toEqual(np.std(a, 1).tolist());
  });
});

describe('lists assigned to an array', () => {
  it('take its dtype where every number fits', () => {
    const a = np.zeros([3], { dtype: 'uint8' });
    a.set(':', [1, 2n, true]);
    expect(a.tolist()).toEqual([1, 2, 1]);
    const z = np.zeros([2], { dtype: 'complex64' });
    z.set(':', [1, new np.Complex(0, 2)]);
    expect(z.tolist()).toEqual([new np.Complex(1), new np.Complex(0, 2)]);
  });
});

// Arrays over files: the four modes, views that reach the file, files that change or go away underneath, use after close.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import * as np from '../../src/index.ts';
import { swapBytes } from '../../src/io/npy.ts';
import { whyNotMapped } from '../../src/native/mapping.ts';
import { buildExecutor } from '../executor_module.ts';

const folder = mkdtempSync(join(tmpdir(), 'orthant-memmap-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const maps = whyNotMapped() === undefined;
const cube = (): np.NDArray => np.arange(60).reshape([3, 4, 5]);
const saved = (name: string, a: np.NDArray = cube()): string => {
  np.saveSync(at(name), a);
  return at(name);
};
const load = (name: string): np.NDArray => np.loadSync(at(name), { kind: 'npy' });

describe('modes', () => {
  test('r: read, and nothing else', () => {
    using m = np.openArray(saved('r.npy'));
    expect([m.shape, m.dtype, m.size, m.nbytes, m.mode, m.order]).toEqual([[3, 4, 5], np.float64, 60, 480, 'r', 'C']);
    expect(m.get(1, ':', '::2').tolist()).toEqual(cube().get(1, ':', '::2').tolist());
    expect(m.get([2, 0], 1).tolist()).toEqual(cube().get([2, 0], 1).tolist());
    expect(m.item(2, 3, 4)).toBe(59);
    expect(m.array.sum()).toBe(1770);
    expect(np.add(m.array, 1).tolist()).toEqual(cube().add(1).tolist());
    expect(m.array.flags.writeable).toBe(false);
    for (const write of [
      () => m.set([0], 1),
      () => m.array.itemset(0, 1),
      () => np.add(m.array, 1, { out: m.array }),
      () => m.array.setflags({ write: true }),
      () => m.get(0).setflags({ write: true }),
    ]) {
      expect(write).toThrow(np.ArgumentError);
    }
    m.flush();
  });

  test('r+: views write the file', () => {
    const path = saved('w.npy');
    const expected = cube();
    {
      using m = np.openArray(path, { mode: 'r+' });
      for (const a of [m.array, expected]) {
        a.set([0, '1:3'], np.arange(5));
        a.get(1).multiply(2, { out: a.get(1) });
        a.set(
          [
            [2, 2],
            [0, 1],
          ],
          -1,
        );
        a.itemset(2, 3, 4, 7);
        a.get(2, '2:').sort();
        np.copyto(a.get(0, 0), a.get(1, 0));
        a.set(['1:', 3], a.get(':2', 3)); // overlapping
      }
      m.flush();
      expect(m.array.tolist()).toEqual(expected.tolist());
      expect(load('w.npy').tolist()).toEqual(expected.tolist());
    }
    using again = np.openArray(path);
    expect(again.array.tolist()).toEqual(expected.tolist());
  });

  test('w+: a new file in place of what was there', () => {
    const path = saved('n.npy');
    using old = np.openArray(path);
    using m = np.openArray(path, { mode: 'w+', shape: [2, 3], dtype: 'int16', order: 'F' });
    expect([m.array.tolist(), m.array.flags.f_contiguous]).toEqual([
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      true,
    ]);
    m.set(
      ['...'],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    );
    expect(load('n.npy').tolist()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(load('n.npy').dtype).toBe(np.int16);
    expect(() => old.get(0)).toThrow(np.FormatError); // replaced
    expect(() => np.openArray(path, { mode: 'w+' })).toThrow(np.ArgumentError);
    expect(() => np.openArray(path, { mode: 'w+', shape: [-1] })).toThrow(np.ShapeError);
    expect(m.array.tolist()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(() => np.openArray(at('huge.npy'), { mode: 'w+', shape: [2 ** 47] })).toThrow();
    expect(existsSync(at('huge.npy'))).toBe(false);
  });

  test('c: what is written stays in memory', () => {
    const big = np.arange(40_000).reshape([200, 200]);
    const path = saved('c.npy', big);
    const before = readFileSync(path);
    using m = np.openArray(path, { mode: 'c' });
    using other = np.openArray(path, { mode: 'c' });
    for (const a of [m.array, big]) {
      a.set(['::7', '3:'], -1);
      np.add(a.get('150:'), 1, { out: a.get('150:') });
    }
    expect(np.array_equal(m.array, big)).toBe(true);
    if (maps) {
      expect(m.array.data[3]).toBe(-1);
      m.array.data[4] = 5;
      big.itemset(4, 5);
      m.set([1], 8);
      big.set([1], 8);
      expect(np.array_equal(m.array, big)).toBe(true);
    }
    m.flush();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(other.array.item(0, 3)).toBe(3);
  });
});

describe('np.memmap', () => {
  test('raw elements, a shape, an offset', () => {
    writeFileSync(at('raw'), new Uint8Array(new Float32Array([9, 1, 2, 3, 4, 5, 6]).buffer));
    using m = np.memmap(at('raw'), { dtype: 'float32', offset: 4, shape: [2, 3], mode: 'r' });
    expect(m.array.tolist()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    using f = np.memmap(at('raw'), { dtype: 'float32', offset: 4, shape: [2, 3], mode: 'c', order: 'F' });
    expect(f.array.tolist()).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
    using bytes = np.memmap(at('raw'));
    expect([bytes.shape, bytes.dtype, bytes.mode]).toEqual([[28], np.uint8, 'r+']);
    using longer = np.memmap(at('raw'), { dtype: 'float32', shape: 10 });
    expect([longer.get('5:').tolist(), statSync(at('raw')).size]).toEqual([[5, 6, 0, 0, 0], 40]);
    using made = np.memmap(at('new'), { dtype: 'int8', mode: 'w+', shape: [3], offset: 5 });
    made.set([1], 4);
    expect([...readFileSync(at('new'))]).toEqual([0, 0, 0, 0, 0, 0, 4, 0]);
    expect(() => np.memmap(at('raw'), { dtype: 'float64', offset: 4, mode: 'r' })).toThrow(np.FormatError);
    expect(() => np.memmap(at('raw'), { shape: [99], mode: 'r' })).toThrow(np.FormatError);
    expect(() => np.memmap(at('raw'), { mode: 'w' as 'r' })).toThrow(np.ArgumentError);
    expect(() => np.memmap(at('none'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

describe('what is in the file', () => {
  test.each(['bool', 'int8', 'uint64', 'float16', 'complex64'] as const)('%s', (dtype) => {
    const a = cube().astype(dtype);
    using m = np.openArray(saved('d.npy', a), { mode: 'r+' });
    expect(m.array.tolist()).toEqual(a.tolist());
    m.set([1], 1);
    a.set([1], 1);
    expect(load('d.npy').tolist()).toEqual(a.tolist());
    expect(String(m.array)).toBe(String(a));
  });

  test('big-endian elements, and bytes that are no truth values', () => {
    const bytes = np.npyBytes(cube());
    swapBytes(bytes.subarray(bytes.byteLength - 480), 8);
    bytes[bytes.indexOf(60)] = 62; // '<' and '>'
    writeFileSync(at('big.npy'), bytes);
    using m = np.openArray(at('big.npy'), { mode: 'r+' });
    expect(m.array.tolist()).toEqual(cube().tolist());
    m.set([0, 0], 3);
    expect(m.get(0, ':2', ':2').tolist()).toEqual([
      [3, 3],
      [5, 6],
    ]);
    expect(load('big.npy').get(0, ':2', ':2').tolist()).toEqual([
      [3, 3],
      [5, 6],
    ]);
    expect(() => m.array.data).toThrow(np.ArgumentError);
    const little = m.get(0, 0).copy().view('uint8').tolist();
    expect(m.array.view('uint8').get(0, 0).tolist()).toEqual(little);
    expect(m.array.view('uint8').get(0, 0, '3:13').tolist()).toEqual((little as number[]).slice(3, 13));

    const truth = np.npyBytes([true, false, true]);
    truth[truth.byteLength - 1] = 7;
    writeFileSync(at('truth.npy'), truth);
    using t = np.openArray(at('truth.npy'));
    expect([np.count_nonzero(t.array), t.array.astype('int8').tolist()]).toEqual([2, [1, 0, 1]]);
  });

  test('members of archives that are stored', async () => {
    np.savezSync(at('a.npz'), { x: cube(), y: [1] });
    np.savez_compressedSync(at('z.npz'), { x: cube() });
    using m = np.openArray(`${at('a.npz')}#x`);
    expect([m.array.tolist(), m.location]).toEqual([cube().tolist(), `${at('a.npz')}#x`]);
    using own = np.openArray(`${at('a.npz')}#x`, { mode: 'c' });
    own.set([0], 0);
    expect(own.array.sum()).toBe(1770 - 190);
    expect((await own.asStore().read({ start: [0, 0, 0], shape: [2, 1, 1] })).tolist()).toEqual([[[0]], [[20]]]);
    for (const [path, mode] of [
      [`${at('a.npz')}#x`, 'r+'],
      [`${at('z.npz')}#x`, 'r'],
      [at('a.npz'), 'r'],
      [`${at('a.npz')}#q`, 'r'],
    ] as const) {
      expect(() => np.openArray(path, { mode }), path).toThrow(np.ArgumentError);
    }
  });

  test('no dimensions, no elements, nothing at all', () => {
    using scalar = np.openArray(saved('0.npy', np.array(5)), { mode: 'r+' });
    scalar.set([], 6);
    expect([scalar.array.item(), scalar.array.add(1).item()]).toEqual([6, 7]);
    using none = np.openArray(saved('none.npy', np.zeros([0, 3])));
    expect([none.array.shape, none.array.sum(), none.array.data.length]).toEqual([[0, 3], 0, 0]);
    writeFileSync(at('nothing'), '');
    expect(() => np.openArray(at('nothing'))).toThrow(np.FormatError);
    using bytes = np.memmap(at('nothing'), { mode: 'r' });
    expect(bytes.shape).toEqual([0]);
  });

  test('np.load with mmap_mode, saving, asynchronous calls, the store', async () => {
    const path = saved('l.npy');
    using m = await np.load(path, { mmap_mode: 'r' });
    using s = np.loadSync(path, { mmap_mode: 'c' });
    expect([m.mode, s.mode, s.array.sum()]).toEqual(['r', 'c', 1770]);
    np.saveSync(at('copy.npy'), m.array.transpose(2, 0, 1));
    expect(load('copy.npy').tolist()).toEqual(cube().transpose(2, 0, 1).tolist());
    expect(m.array.tobytes()).toEqual(cube().tobytes());
    await buildExecutor();
    expect(await np.async.sum(m.array)).toBe(1770);
    const store = m.asStore();
    expect((await store.read({ start: [1, 0, 0], shape: [2, 4, 5] })).tolist()).toEqual(cube().get('1:').tolist());
    expect([store.location, store.write]).toEqual([path, undefined]);
    await store.close();
    expect(m.item(0, 0, 1)).toBe(1);
    await expect(np.load(new Uint8Array(9) as unknown as string, { mmap_mode: 'r' })).rejects.toThrow(np.ArgumentError);
  });
});

describe('files that go away', () => {
  test('closed', () => {
    const m = np.openArray(saved('x.npy'), { mode: 'r+' });
    const { array } = m;
    const part = m.get(1);
    const raw = maps ? array.data : undefined;
    const store = m.asStore();
    m.close();
    m.close();
    expect(m.closed).toBe(true);
    for (const use of [
      () => m.get(0),
      () => m.array,
      () => m.set([0], 1),
      () => m.flush(),
      () => array.sum(),
      () => part.item(0, 0),
      () => part.data,
      () => part.set([0], 1),
      () => np.add(part, 1),
      () => String(part),
    ]) {
      expect(use).toThrow(np.DisposedError);
    }
    if (raw !== undefined) {
      raw[3] = 9; // nobody's
      expect(raw[4]).toBe(0);
    }
    expect(load('x.npy').tolist()).toEqual(cube().tolist());
    return expect(store.read({ start: [0, 0, 0], shape: [1, 1, 1] })).rejects.toThrow(np.DisposedError);
  });

  test('a view disposed by itself', () => {
    using m = np.openArray(saved('v.npy'));
    m.get(0).dispose();
    m.array.dispose();
    expect(m.array.sum()).toBe(1770);
  });

  test.each(['r', 'r+', 'c'] as const)('truncated, mode %s', (mode) => {
    const path = saved('t.npy', np.arange(10_000));
    using m = np.openArray(path, { mode });
    const { array } = m;
    truncateSync(path, 4096);
    for (const use of [
      () => array.sum(),
      () => m.get(9000),
      () => array.item(1),
      () => array.data,
      () => array.tolist(),
      () => np.sort(array),
      ...(mode === 'r' ? [] : [() => array.set([0], 1)]),
    ]) {
      expect(use).toThrow(np.FormatError);
    }
  });

  test('replaced, removed', () => {
    const path = saved('p.npy');
    using m = np.openArray(path);
    saved('q.npy', np.zeros([60]));
    renameSync(at('q.npy'), path);
    expect(() => m.array.sum()).toThrow(np.FormatError);
    using removed = np.openArray(path);
    rmSync(path);
    expect(removed.array.sum()).toBe(0);
  });
});

describe('in a process of its own', { timeout: 120_000 }, () => {
  const child = (path: string, what: string): Record<string, number & string[]> => {
    const args = ['tools/run.mjs', 'test/io/_mapped_child.ts', path, what];
    const env = { ...process.env, ORTHANT_MEMORY_LIMIT: String(64 * 2 ** 20), ORTHANT_DEBUG_REDZONES: '0' };
    const out = execFileSync(process.execPath, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'inherit'] });
    return JSON.parse(out);
  };

  test('three times the memory limit', () => {
    const path = at('large.npy');
    np.openArray(path, { mode: 'w+', shape: [24 * 1024, 1024] }).close();
    const { results, grown, peak, limit, nbytes } = child(path, 'reduce');
    expect([results, nbytes]).toEqual([[0, 1024], 3 * limit]);
    expect(peak).toBeLessThan(limit / 2);
    expect(grown).toBeLessThan(limit);
    rmSync(path);
  });

  test('truncated by another thread in the middle of it all', () => {
    const { seen } = child(saved('race.npy', np.arange(1_000_000)), 'truncate');
    expect(seen).toEqual(['FormatError', 'FormatError', 'FormatError', 'FormatError']);
  });
});

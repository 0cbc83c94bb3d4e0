// .npy files and members of .npz archives by rectangle: every region against the array itself, files of both orders and
// byte orders, damage while they are open, files that appear whole or not at all.
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { array, asfortranarray, zeros } from '../../src/array/creation.ts';
import type { NDArray } from '../../src/array/ndarray.ts';
import { arange } from '../../src/array/ranges.ts';
import { loadSync, npyBytes, npzBytes, saveSync, savez_compressedSync, savezSync } from '../../src/io/files.ts';
import { swapBytes } from '../../src/io/npy.ts';
import { createNpyStore, openNpyStore } from '../../src/io/npy_open.ts';
import { openNpzStore } from '../../src/io/npz_store.ts';
import { openStore } from '../../src/io/open_store.ts';
import { spans } from '../../src/io/spans.ts';
import type { ArrayStore, Region } from '../../src/io/store.ts';
import { array_equal } from '../../src/routines/closeness.ts';

const folder = mkdtempSync(join(tmpdir(), 'orthant-store-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

/** The same region of an array in memory. */
const part = (a: NDArray, { start, shape }: Region): NDArray =>
  a.ndim === 0 ? a : a.get(...start.map((s, d) => `${s}:${s + shape[d]}`));

const region = (start: number[], shape: number[]): Region => ({ start, shape });

const regions = [
  region([0, 0, 0], [7, 5, 6]),
  region([2, 0, 0], [3, 5, 6]),
  region([2, 1, 0], [3, 2, 6]),
  region([1, 1, 2], [4, 3, 3]),
  region([0, 4, 5], [7, 1, 1]),
  region([6, 0, 0], [1, 5, 1]),
  region([3, 2, 1], [0, 2, 2]),
];

async function expectRegions(store: ArrayStore, a: NDArray, list: readonly Region[] = regions): Promise<void> {
  for (const r of list) {
    const got = await store.read(r);
    expect(got.contiguous).toBe(true);
    expect(got.dtype).toBe(a.dtype);
    expect(got.shape).toEqual(r.shape);
    expect(got.tolist(), JSON.stringify(r)).toEqual(part(a, r).tolist());
    expect(store.readBytes(r)).toBeGreaterThanOrEqual(store.format === 'npz' ? 0 : got.nbytes);
  }
}

const cube = (): NDArray => arange(210).reshape([7, 5, 6]);

describe('reading', () => {
  test.each(['bool', 'int8', 'uint16', 'int32', 'int64', 'float16', 'float32', 'float64', 'complex64', 'complex128'])(
    '%s in both orders',
    async (name) => {
      const a = cube().astype(name);
      for (const [file, order] of [
        ['c.npy', a],
        ['f.npy', asfortranarray(a)],
      ] as const) {
        saveSync(at(file), order);
        const store = await openNpyStore(at(file));
        expect([store.format, store.shape, store.dtype.name]).toEqual(['npy', [7, 5, 6], name]);
        await expectRegions(store, a);
        await store.close();
      }
    },
  );

  test('big-endian files, bytes that are no truth values, no dimensions, no elements', async () => {
    const a = cube();
    const bytes = npyBytes(a);
    const elements = bytes.subarray(bytes.byteLength - a.nbytes);
    swapBytes(new Uint8Array(elements.buffer, elements.byteOffset, a.nbytes), 8);
    bytes[bytes.indexOf('<'.charCodeAt(0))] = '>'.charCodeAt(0);
    writeFileSync(at('big.npy'), bytes);
    const big = await openNpyStore(at('big.npy'), { mode: 'r+' });
    await expectRegions(big, a);
    await big.write?.(region([1, 1, 1], [2, 2, 2]), zeros([2, 2, 2]));
    await big.close();
    a.set(['1:3', '1:3', '1:3'], 0);
    expect(loadSync(at('big.npy'), { kind: 'npy' }).tolist()).toEqual(a.tolist());

    const truth = npyBytes(array([true, false, true]));
    truth[truth.byteLength - 1] = 7;
    expect((await (await openNpyStore(truth)).read(region([0], [3]))).tolist()).toEqual([true, false, true]);
    const scalar = await openNpyStore(npyBytes(array(5)));
    expect([(await scalar.read(region([], []))).item(), scalar.chunks]).toEqual([5, []]);
    const none = await openNpyStore(npyBytes(zeros([0, 3])));
    expect((await none.read(region([0, 0], [0, 3]))).shape).toEqual([0, 3]);
    expect([none.chunks, none.readBytes(region([0, 0], [0, 3]))]).toEqual([[1, 3], 0]);
  });

  test('from a URL and a Blob', async () => {
    saveSync(at('u.npy'), cube());
    await expectRegions(await openNpyStore(pathToFileURL(at('u.npy'))), cube());
    await expectRegions(await openNpyStore(new Blob([npyBytes(cube())])), cube());
  });

  test('large: several reads for one region, rows together where the gaps are small', async () => {
    const a = arange(3 * 2 ** 20).reshape([3 * 1024, 1024]);
    saveSync(at('large.npy'), a);
    const store = await openNpyStore(at('large.npy'));
    expect(store.chunks).toEqual([512, 1024]);
    for (const r of [region([0, 0], [3072, 1024]), region([5, 0], [3000, 1000]), region([1, 1023], [3071, 1])]) {
      const got = await store.read(r);
      expect(array_equal(got, part(a, r))).toBe(true);
      expect(store.readMemory(r)).toBeLessThanOrEqual(4 * 2 ** 22);
    }
    expect(store.readMemory(region([0, 0], [3072, 1024]))).toBe(0);
    await store.close();
  });

  test('refusals', async () => {
    saveSync(at('r.npy'), cube());
    const store = await openNpyStore(at('r.npy'));
    expect(store.write).toBeUndefined();
    for (const r of [
      region([0, 0], [1, 1]),
      region([7, 0, 0], [1, 1, 1]),
      region([-1, 0, 0], [1, 1, 1]),
      region([0, 0, 0], [1, 1.5, 1]),
    ]) {
      await expect(store.read(r)).rejects.toMatchObject({ tag: 'IndexError' });
    }
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(store.read(regions[0], { signal: stop.signal })).rejects.toThrow('enough');
    await store.close();
    await store.close();
    await expect(store.read(regions[0])).rejects.toMatchObject({ tag: 'DisposedError' });
    await expect(openNpyStore(npyBytes(cube()), { mode: 'r+' })).rejects.toMatchObject({ tag: 'ArgumentError' });
    await expect(openNpyStore(npyBytes(cube()).subarray(0, 500))).rejects.toMatchObject({ tag: 'FormatError' });
  });

  test('truncated or replaced while open', async () => {
    saveSync(at('t.npy'), cube());
    const store = await openNpyStore(at('t.npy'));
    truncateSync(at('t.npy'), 1000);
    await expect(store.read(regions[1])).rejects.toMatchObject({ tag: 'FormatError', facts: { found: 1000 } });
    await store.close();

    saveSync(at('t.npy'), cube());
    const replaced = await openNpyStore(at('t.npy'));
    saveSync(at('t.npy'), zeros([2]));
    await expect(replaced.read(regions[1])).rejects.toMatchObject({ tag: 'FormatError' });

    saveSync(at('t.npy'), cube());
    const removed = await openNpyStore(at('t.npy'));
    rmSync(at('t.npy'));
    await expectRegions(removed, cube());
  });
});

describe('writing', () => {
  test.each(['C', 'F'] as const)('a new file of order %s', async (order) => {
    const a = cube().astype('float32');
    const store = await createNpyStore(at('new.npy'), { shape: [7, 5, 6], dtype: 'float32', order });
    await store.write?.(region([0, 0, 0], [7, 5, 6]), zeros([7, 5, 6], { dtype: 'float32' }));
    for (const r of regions) await store.write?.(r, part(a, r));
    await expectRegions(store, a);
    expect(store.location).not.toBe(at('new.npy'));
    const again = await openNpyStore(store.location ?? '', { mode: 'r' });
    await expectRegions(again, a);
    await again.close();
    expect(existsSync(at('new.npy'))).toBe(false);
    await store.flush?.();
    await store.close();
    expect(store.location).toBe(at('new.npy'));
    await store.abandon();
    const read = loadSync(at('new.npy'), { kind: 'npy' });
    expect(read.tolist()).toEqual(a.tolist());
    expect(read.contiguous).toBe(order === 'C');
    rmSync(at('new.npy'));
  });

  test('what is abandoned leaves nothing; what fails keeps the file that was there', async () => {
    saveSync(at('kept.npy'), array([1, 2]));
    const before = readdirSync(folder);
    const store = await createNpyStore(at('kept.npy'), { shape: 10 });
    await store.write?.(region([0], [2]), array([8, 9]));
    await store.abandon();
    await store.abandon();
    await store.close();
    expect(readdirSync(folder)).toEqual(before);
    expect(loadSync(at('kept.npy'), { kind: 'npy' }).tolist()).toEqual([1, 2]);
    await expect(createNpyStore(at('kept.npy'), { shape: [-1] })).rejects.toMatchObject({ tag: 'ShapeError' });
    expect(readdirSync(folder)).toEqual(before);
  });

  test('in place, and only what fits', async () => {
    const a = cube();
    saveSync(at('in.npy'), a);
    const store = await openNpyStore(at('in.npy'), { mode: 'r+' });
    const turned = arange(18).reshape([3, 2, 3]).transpose(2, 1, 0);
    await store.write?.(region([1, 1, 1], [3, 2, 3]), turned);
    a.set(['1:4', '1:3', '1:4'], turned);
    await expectRegions(store, a);
    await expect(store.write?.(regions[0], zeros([7, 5]))).rejects.toMatchObject({ tag: 'ShapeError' });
    await expect(store.write?.(regions[0], zeros([7, 5, 6], { dtype: 'int8' }))).rejects.toMatchObject({
      tag: 'DTypeError',
    });
    await store.flush?.();
    await store.close();
    expect(loadSync(at('in.npy'), { kind: 'npy' }).tolist()).toEqual(a.tolist());
  });
});

describe('archives', () => {
  test.each([
    ['stored', savezSync],
    ['deflated', savez_compressedSync],
  ] as const)('%s members', async (name, save) => {
    const a = cube();
    const file = at(`${name}.npz`);
    save(file, { first: array([1]), a, last: asfortranarray(a) });
    const temporaries = readdirSync(tmpdir()).filter((f) => f.startsWith('orthant-unpacked'));
    for (const member of ['a', 'last']) {
      const store = await openNpzStore(file, member);
      expect([store.format, store.location]).toEqual(['npz', `${file}#${member}`]);
      await expectRegions(store, a);
      await store.close();
      await expectRegions(await openStore(`${file}#${member}`), a);
    }
    expect(readdirSync(tmpdir()).filter((f) => f.startsWith('orthant-unpacked'))).toEqual(temporaries);
    await expect(openNpzStore(file, 'b')).rejects.toMatchObject({ tag: 'ArgumentError', facts: { name: 'b' } });
    await expectRegions(await openStore(await npzBytes({ a }, { compressed: name === 'deflated' })), a);
  });

  test('damaged ones', async () => {
    const bytes = await npzBytes({ a: cube() }, { compressed: true });
    bytes[300] ^= 255;
    const store = await openStore(bytes);
    await expect(store.read(regions[0])).rejects.toMatchObject({ tag: 'FormatError' });
    await expect(store.read(regions[1])).rejects.toMatchObject({ tag: 'FormatError' });
    await store.close();
  });
});

describe('openStore', () => {
  test('by content, not by name', async () => {
    saveSync(at('plain.npy'), cube());
    renameSync(at('plain.npy'), at('pla#in.data'));
    const store = await openStore(at('pla#in.data'), { mode: 'r+' });
    expect([store.format, store.write === undefined]).toEqual(['npy', false]);
    await expectRegions(store, cube());
  });

  test('refusals', async () => {
    saveSync(at('one.npy'), cube());
    savezSync(at('two.npz'), { a: [1], b: [2] });
    const cases = [
      [at('two.npz'), {}],
      [`${at('two.npz')}#a`, { mode: 'r+' as const }],
      [`${at('one.npy')}#a`, {}],
      [5 as unknown as string, {}],
    ] as const;
    for (const [location, options] of cases) {
      await expect(openStore(location, options), String(location)).rejects.toMatchObject({ tag: 'ArgumentError' });
    }
    await expect(openStore(at('none.npy'))).rejects.toMatchObject({ code: 'ENOENT' });
    writeFileSync(at('text'), 'hello world');
    await expect(openStore(at('text'))).rejects.toMatchObject({ tag: 'FormatError' });
  });
});

test('spans cover every element once, and count themselves', () => {
  const whole = [4, 5, 6];
  for (const box of [
    region([0, 0, 0], [4, 5, 6]),
    region([1, 2, 3], [2, 3, 2]),
    region([0, 0, 2], [4, 5, 1]),
    region([0, 1, 0], [3, 4, 6]),
  ]) {
    for (const most of [2, 12, 24, 60, 500]) {
      for (const gap of [0, 4, 20, 1000]) {
        const cutting = spans(whole, 2, box, most, gap);
        const list = [...cutting.each()];
        const seen = new Set<number>();
        for (const s of list) {
          for (let i = 0; i < s.shape[0]; i++)
            for (let j = 0; j < s.shape[1]; j++)
              for (let k = 0; k < s.shape[2]; k++) {
                const place = ((s.start[0] + i) * 5 + s.start[1] + j) * 6 + s.start[2] + k;
                expect(place * 2).toBeGreaterThanOrEqual(s.at);
                expect(place * 2 + 2).toBeLessThanOrEqual(s.at + s.nbytes);
                seen.add(place);
              }
        }
        expect(seen.size).toBe(box.shape.reduce((a, b) => a * b));
        expect(list.reduce((n, s) => n + s.shape.reduce((a, b) => a * b), 0)).toBe(seen.size);
        expect([cutting.count, cutting.total, cutting.longest, cutting.solid]).toEqual([
          list.length,
          list.reduce((n, s) => n + s.nbytes, 0),
          Math.max(...list.map((s) => s.nbytes)),
          list.every((s) => s.solid),
        ]);
      }
    }
  }
});

// Zarr written by us: its bytes against the specification, zarrita as a reader that is not ours, every dtype and
// compressor, parts of chunks, and files that appear whole or not at all.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as zarrita from 'zarrita';
import { array, full, zeros } from '../../../src/array/creation.ts';
import { setItem } from '../../../src/array/indexing.ts';
import type { NDArray } from '../../../src/array/ndarray.ts';
import { arange } from '../../../src/array/ranges.ts';
import { Complex } from '../../../src/dtype/complex.ts';
import { dtypeList } from '../../../src/dtype/dtype.ts';
import { createZarr, createZarrGroup, type ZarrCreateOptions } from '../../../src/io/zarr/create.ts';
import { listZarr, openZarr } from '../../../src/io/zarr/open.ts';
import { nativeCodec } from '../../../src/native/compression.ts';
import { freshPath, part, rectangles, whole } from './_stores.ts';

const hex = (a: NDArray): string => Buffer.from(a.tobytes()).toString('hex');

/** A store of zarrita's over a directory. */
const theirs = (root: string) => ({
  async get(key: string): Promise<Uint8Array | undefined> {
    const file = join(root, key);
    return existsSync(file) ? new Uint8Array(readFileSync(file)) : undefined;
  },
});

/** The elements as zarrita reads them, as text. */
async function readByZarrita(root: string): Promise<{ shape: number[]; data: string[] }> {
  const opened = await zarrita.open(theirs(root), { kind: 'array' });
  const found = await zarrita.get(opened);
  if (typeof found !== 'object' || found === null || !('data' in found)) return { shape: [], data: [String(found)] };
  const { data, shape } = found;
  return { shape, data: Array.from(data as ArrayLike<unknown>, String) };
}

async function written(options: ZarrCreateOptions, values: NDArray): Promise<string> {
  const root = freshPath();
  const store = await createZarr(root, options);
  await store.write?.(whole(values.shape), values);
  await store.flush?.();
  await store.close();
  return root;
}

describe('the bytes of version 3', () => {
  test('a document and a chunk, to the byte', async () => {
    const values = arange(6).reshape(2, 3).astype('int16');
    const root = await written(
      { shape: [2, 3], dtype: 'int16', chunks: [2, 2], compressor: 'none', fill_value: -1, attributes: { unit: 'm' } },
      values,
    );
    expect(JSON.parse(readFileSync(join(root, 'zarr.json'), 'utf8'))).toEqual({
      zarr_format: 3,
      node_type: 'array',
      shape: [2, 3],
      data_type: 'int16',
      chunk_grid: { name: 'regular', configuration: { chunk_shape: [2, 2] } },
      chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
      fill_value: -1,
      codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
      attributes: { unit: 'm' },
    });
    const file = (key: string) => readFileSync(join(root, key)).toString('hex');
    expect(file('c/0/0')).toBe('0000010003000400');
    expect(file('c/0/1')).toBe('0200ffff0500ffff'); // past the edge: the fill value
    expect(readdirSync(join(root, 'c/0')).sort()).toEqual(['0', '1']);
  });

  test('gzip, and settings as the specification names them', async () => {
    const root = await written(
      { shape: 4, dtype: 'uint8', compressor: 'gzip', level: 9 },
      array([1n, 2n, 3n, 4n]).astype('uint8'),
    );
    expect([...gunzipSync(readFileSync(join(root, 'c/0')))]).toEqual([1, 2, 3, 4]);
    const document = JSON.parse(readFileSync(join(root, 'zarr.json'), 'utf8'));
    expect(document.codecs).toEqual([{ name: 'bytes' }, { name: 'gzip', configuration: { level: 9 } }]);
    const of = async (options: Partial<ZarrCreateOptions>) => {
      const path = freshPath();
      await createZarr(path, { shape: 4, ...options });
      return JSON.parse(readFileSync(join(path, options.version === 2 ? '.zarray' : 'zarr.json'), 'utf8'));
    };
    expect((await of({ compressor: 'blosc' })).codecs[1]).toEqual({
      name: 'blosc',
      configuration: { cname: 'lz4', clevel: 5, shuffle: 'shuffle', typesize: 8, blocksize: 0 },
    });
    expect((await of({})).codecs[1]).toEqual({ name: 'zstd', configuration: { level: 1, checksum: false } });
    expect((await of({ compressor: 'blosc', version: 2, inner: 'zstd', level: 3 })).compressor).toEqual({
      id: 'blosc',
      cname: 'zstd',
      clevel: 3,
      shuffle: 1,
      blocksize: 0,
    });
  });

  test.each([
    ['float64', Number.NaN, 'NaN'],
    ['float32', Number.NEGATIVE_INFINITY, '-Infinity'],
    ['float64', -0, -0],
    ['complex128', new Complex(1, Number.NaN), [1, 'NaN']],
    ['bool', true, true],
  ])('fill value of %s: %s', async (dtype, fill_value, json) => {
    const root = freshPath();
    const store = await createZarr(root, { shape: 3, dtype, fill_value });
    expect(JSON.parse(readFileSync(join(root, 'zarr.json'), 'utf8')).fill_value).toEqual(json);
    expect(hex(await store.read(whole([3])))).toBe(hex(full([3], fill_value, { dtype })));
  });

  test('integers that JSON.parse would round', async () => {
    const root = freshPath();
    const attributes = { large: 2n ** 62n + 1n, text: '9007199254740993', zero: -0 };
    const store = await createZarr(root, { shape: 1, dtype: 'uint64', fill_value: 2n ** 64n - 1n, attributes });
    expect(readFileSync(join(root, 'zarr.json'), 'utf8')).toContain('"fill_value": 18446744073709551615');
    expect(store.fill_value).toBe(2n ** 64n - 1n);
    expect(store.attributes).toEqual(attributes);
  });
});

const compressors: Partial<ZarrCreateOptions>[] = [
  { compressor: 'none' },
  { compressor: 'gzip' },
  { compressor: 'zstd', level: 5 },
  ...(nativeCodec('blosc') === undefined
    ? []
    : [{ compressor: 'blosc' } as const, { compressor: 'blosc', inner: 'zstd', level: 1 } as const]),
];

describe.each([2, 3] as const)('read back, version %i', (version) => {
  test.each(compressors.map((c) => [JSON.stringify(c), c] as const))('%s', async (_, compressor) => {
    const values = arange(7 * 5 * 4)
      .reshape(7, 5, 4)
      .astype('float32');
    const root = await written(
      { shape: [7, 5, 4], dtype: 'float32', chunks: [3, 5, 2], version, ...compressor },
      values,
    );
    const { shape, data } = await readByZarrita(root);
    expect(shape).toEqual([7, 5, 4]);
    expect(data).toEqual(Array.from(values.ravel().tolist() as number[], String));
    const store = await openZarr(root);
    for (const region of rectangles([7, 5, 4], 12)) {
      expect(hex(await store.read(region))).toBe(hex(part(values, region)));
    }
    expect((await store.stored())?.present).toBe(6);
  });

  test('every dtype', async () => {
    for (const dtype of dtypeList) {
      const values = arange(11).astype(dtype.name);
      const root = await written({ shape: 11, dtype, chunks: 4, version }, values);
      expect(hex(await (await openZarr(root)).read(whole([11]))), dtype.name).toBe(hex(values));
      if (dtype.parts === 1 && !dtype.half) {
        const said = (value: unknown): string => String(dtype.kind === 'b' ? Boolean(value) : value);
        expect((await readByZarrita(root)).data.map(String), dtype.name).toEqual(
          (values.tolist() as unknown[]).map(said),
        );
      }
    }
  });

  test('no dimensions, no elements, names of dimensions', async () => {
    const scalar = await written({ shape: [], dtype: 'int32', version, fill_value: 3 }, array(7n).astype('int32'));
    expect((await (await openZarr(scalar)).read({ start: [], shape: [] })).item()).toBe(7);
    expect((await readByZarrita(scalar)).data).toEqual(['7']);
    const empty = await createZarr(freshPath(), { shape: [0, 3], version, dimension_names: ['t', 'x'] });
    expect((await empty.read(whole([0, 3]))).shape).toEqual([0, 3]);
    expect(empty.dimension_names).toEqual(['t', 'x']);
  });
});

describe('writing parts', () => {
  test('any rectangle, any layout, against the same in memory', async () => {
    for (const compressor of ['none', 'gzip'] as const) {
      const store = await createZarr(freshPath(), {
        shape: [6, 7],
        chunks: [4, 3],
        compressor,
        dtype: 'int32',
        fill_value: 9,
      });
      const memory = full([6, 7], 9, { dtype: 'int32' });
      for (const [i, region] of rectangles([6, 7], 16).entries()) {
        const n = region.shape[0] * region.shape[1];
        const rows = arange(100 * i, 100 * i + n).astype('int32');
        const values = i % 2 === 0 ? rows.reshape(...region.shape) : rows.reshape(...[...region.shape].reverse()).T;
        await store.write?.(region, values);
        setItem(
          memory,
          region.start.map((s, d) => `${s}:${s + region.shape[d]}`),
          values,
        );
        expect(hex(await store.read(whole([6, 7])))).toBe(hex(memory));
      }
    }
  });

  test('parts of one chunk at once do not lose each other', async () => {
    const store = await createZarr(freshPath(), { shape: [8, 8], chunks: [8, 8], dtype: 'uint8' });
    const one = full([1, 1], 1, { dtype: 'uint8' });
    const places = Array.from({ length: 64 }, (_, i) => ({ start: [i >> 3, i % 8], shape: [1, 1] }));
    await Promise.all(places.map((region) => store.write?.(region, one)));
    expect(hex(await store.read(whole([8, 8])))).toBe('01'.repeat(64));
  });

  test('big-endian and Fortran order stay what they are', async () => {
    const root = freshPath();
    mkdirSync(root, { recursive: true });
    const document = {
      ...{ zarr_format: 2, shape: [3, 4], chunks: [2, 4], dtype: '>i4', order: 'F' },
      ...{ compressor: null, fill_value: 5, filters: null },
    };
    writeFileSync(join(root, '.zarray'), JSON.stringify(document));
    const store = await openZarr(root, { mode: 'r+' });
    await store.write?.({ start: [0, 0], shape: [1, 4] }, arange(4).reshape(1, 4).astype('int32'));
    expect(readFileSync(join(root, '0.0')).toString('hex')).toBe(
      [0, 5, 1, 5, 2, 5, 3, 5].map((n) => n.toString(16).padStart(8, '0')).join(''),
    );
    expect((await store.read(whole([3, 4]))).tolist()).toEqual([
      [0, 1, 2, 3],
      [5, 5, 5, 5],
      [5, 5, 5, 5],
    ]);
  });

  test('values that do not fit, and stores that are not written', async () => {
    const root = freshPath();
    const store = await createZarr(root, { shape: [4], dtype: 'int32' });
    await expect(store.write?.(whole([4]), zeros([4]))).rejects.toMatchObject({ tag: 'DTypeError' });
    await expect(store.write?.(whole([4]), zeros([3], { dtype: 'int32' }))).rejects.toMatchObject({
      tag: 'ShapeError',
    });
    await expect(store.write?.(whole([5]), zeros([5], { dtype: 'int32' }))).rejects.toMatchObject({
      tag: 'IndexError',
    });
    expect((await openZarr(root)).write).toBeUndefined();
    expect(existsSync(join(root, 'c'))).toBe(false);
  });

  test('a chunk that cannot be written leaves the old one and no temporary', async () => {
    const root = freshPath();
    const store = await createZarr(root, { shape: [4], dtype: 'int32', compressor: 'none' });
    await store.write?.(whole([4]), full([4], 1, { dtype: 'int32' }));
    const other = await createZarr(join(root, 'blocked'), { shape: [4], dtype: 'int32', compressor: 'none' });
    mkdirSync(join(root, 'blocked/c/0'), { recursive: true }); // a directory in the chunk's place
    await expect(other.write?.(whole([4]), zeros([4], { dtype: 'int32' }))).rejects.toThrow();
    expect(readdirSync(join(root, 'blocked/c'))).toEqual(['0']);
    expect((await store.read(whole([4]))).tolist()).toEqual([1, 1, 1, 1]);
  });

  test('abandon removes the store, close keeps it', async () => {
    const root = freshPath();
    const store = await createZarr(root, { shape: [4] });
    await store.abandon?.();
    expect(existsSync(root)).toBe(false);
    const kept = await createZarr(root, { shape: [4] });
    await kept.close();
    await kept.abandon?.();
    expect(existsSync(root)).toBe(true);
  });
});

describe('making stores', () => {
  test('what is there is not overwritten unasked, and never when it is not Zarr', async () => {
    const root = freshPath();
    await createZarr(root, { shape: [4] });
    await expect(createZarr(root, { shape: [5] })).rejects.toThrow('holds a Zarr array');
    expect((await openZarr(root)).shape).toEqual([4]);
    expect((await createZarr(root, { shape: [5], overwrite: true })).shape).toEqual([5]);
    const home = freshPath();
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'letter.txt'), 'dear');
    await expect(createZarr(home, { shape: [4], overwrite: true })).rejects.toThrow("not Zarr's");
    expect(readFileSync(join(home, 'letter.txt'), 'utf8')).toBe('dear');
    expect(readdirSync(join(home, '..'))).toEqual(['store']);
  });

  test('groups and arrays inside them', async () => {
    for (const version of [2, 3] as const) {
      const root = freshPath();
      await createZarrGroup(root, { version, attributes: { title: 'x' } });
      await createZarr(`${root}/a`, { shape: [2], version });
      await createZarrGroup(`${root}/b`, { version });
      await createZarr(`${root}/b/c`, { shape: [3], version });
      expect((await listZarr(root)).map(({ path, kind }) => `${kind} ${path}`)).toEqual([
        'group ',
        'array a',
        'group b',
        'array b/c',
      ]);
      expect((await openZarr(root, { path: 'b/c' })).shape).toEqual([3]);
      const group = await zarrita.open(theirs(root), { kind: 'group' });
      expect(group.attrs).toEqual({ title: 'x' });
    }
  });

  test.each([
    [{ shape: [2], chunks: [0] }, 'ShapeError'],
    [{ shape: [2], chunks: [1, 1] }, 'ShapeError'],
    [{ shape: [2 ** 40], chunks: [2 ** 30] }, 'ShapeError'],
    [{ shape: [-1] }, 'ShapeError'],
    [{ shape: [2], dtype: 'datetime64' }, 'DTypeError'],
    [{ shape: [2], dtype: 'uint8', fill_value: 300 }, 'PrecisionError'],
    [{ shape: [2], compressor: 'lzma' }, 'ArgumentError'],
    [{ shape: [2], compressor: 'gzip', level: 10 }, 'ArgumentError'],
    [{ shape: [2], inner: 'zstd' }, 'ArgumentError'],
    [{ shape: [2], version: 1 }, 'ArgumentError'],
    [{ shape: [2], attributes: { x: Number.NaN } }, 'ArgumentError'],
    [{ shape: [2], attributes: [] }, 'ArgumentError'],
    [{ shape: [2], dimension_names: ['a', 'b'] }, 'ArgumentError'],
    [{ shape: [2], compresor: 'gzip' }, 'ArgumentError'],
  ])('refused: %o', async (options, tag) => {
    const root = freshPath();
    await expect(createZarr(root, options as ZarrCreateOptions)).rejects.toMatchObject({ tag });
    expect(existsSync(join(root, '..'))).toBe(false);
  });

  test('chunks of some MB by default', async () => {
    const { chunks } = await createZarr(freshPath(), { shape: [100_000, 3, 1000] });
    expect(chunks.reduce((a, b) => a * b, 8)).toBeLessThanOrEqual(4 * 2 ** 20);
    expect(chunks.reduce((a, b) => a * b, 8)).toBeGreaterThan(2 ** 20);
  });
});

// Zarr of version 2 as zarr-python writes it, read by rectangle: every dtype, byte order, compressor, grid and fill value;
// and what is refused. Native codecs where the system has them, WebAssembly otherwise and once everywhere.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { frombuffer } from '../../../src/array/creation.ts';
import { arange } from '../../../src/array/ranges.ts';
import { config } from '../../../src/base/config.ts';
import { FormatError, OrthantError } from '../../../src/base/errors.ts';
import { runtime } from '../../../src/diag/runtime.ts';
import type { ZarrArray } from '../../../src/io/zarr/array.ts';
import { createZarr } from '../../../src/io/zarr/create.ts';
import { listZarr, openZarr } from '../../../src/io/zarr/open.ts';
import { type Case, directoryOf, elementsOf, fixtures, freshPath, part, rectangles, whole } from './_stores.ts';

const bytesOf = (a: { tobytes(): Uint8Array }): string => Buffer.from(a.tobytes()).toString('hex');

async function expectAll(store: ZarrArray, c: Case): Promise<void> {
  const a = elementsOf(c);
  expect(store.shape).toEqual(c.shape);
  expect(store.dtype.name).toBe(c.dtype);
  for (const region of rectangles(c.shape, 20)) {
    const got = await store.read(region);
    expect(got.shape).toEqual(region.shape);
    expect(bytesOf(got), JSON.stringify(region)).toBe(bytesOf(part(a, region)));
    expect(store.readMemory(region)).toBeGreaterThanOrEqual(0);
  }
}

describe('arrays of version 2', () => {
  test.each(fixtures.good.map((c) => [c.name, c] as const))('%s', async (_, c) => {
    const store = await openZarr(directoryOf(c.files));
    expect(store.format).toBe('zarr2');
    await expectAll(store, c);
    const { present } = (await store.stored()) ?? { present: -1 };
    expect(present).toBe(Object.keys(c.files).filter((key) => !key.startsWith('.')).length);
    await store.close();
    await expect(store.read(whole(c.shape))).rejects.toThrow('after close()');
  });

  test('a hierarchy: listed, opened by path, attributes exact', async () => {
    const root = directoryOf(fixtures.hierarchy.files);
    expect(await listZarr(root)).toEqual([
      { path: '', kind: 'group', version: 2 },
      { path: 'inside', kind: 'group', version: 2 },
      { path: 'inside/values', kind: 'array', version: 2 },
      { path: 'other', kind: 'array', version: 2 },
    ]);
    const store = await openZarr(root, { path: 'inside/values' });
    await expectAll(store, fixtures.hierarchy);
    expect(store.dimension_names).toEqual(['y', 'x']);
    expect(store.attributes).toMatchObject({ missing: Number.NaN, large: 2n ** 60n + 1n });
    expect((await openZarr(`${root}/inside/values`)).shape).toEqual([3, 4]);
    expect(store.location).toBe(`${root}/inside/values`);
    await expect(openZarr(root)).rejects.toThrow("{ path: 'inside/values' }");
  });
});

test('every compressor in WebAssembly, damage included', async () => {
  config.set('codecs', 'embedded');
  try {
    const cases = fixtures.good.filter(({ name }) => /^(zstd|lz4|blosc .* 1)$/.test(name));
    expect(cases.length).toBe(7);
    for (const c of cases) {
      const root = directoryOf(c.files);
      const store = await openZarr(root);
      expect(bytesOf(await store.read(whole(c.shape))), c.name).toBe(bytesOf(elementsOf(c)));
      const file = join(root, '0.0');
      writeFileSync(file, readFileSync(file).subarray(0, -3));
      await expect(store.read(whole(c.shape)), c.name).rejects.toMatchObject({ tag: 'FormatError' });
    }
    expect(runtime().codecs.blosc).toContain('WebAssembly');
    await expect(createZarr(freshPath(), { shape: 4, compressor: 'blosc' })).rejects.toThrow("use 'zstd'");
    const values = arange(1000);
    const made = await createZarr(freshPath(), { shape: 1000, compressor: 'zstd' });
    await made.write?.(whole([1000]), values);
    expect(bytesOf(await made.read(whole([1000])))).toBe(bytesOf(values));
  } finally {
    config.reset('codecs');
  }
});

describe('refused', () => {
  test.each(fixtures.bad.map((c) => [c.name, c] as const))('%s', async (_, { files, says }) => {
    const error = await openZarr(directoryOf(files)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OrthantError);
    expect(String(error)).toContain(says);
  });

  const good = fixtures.good.find(({ name }) => name === 'one axis');
  if (good === undefined) throw new Error('the fixture has no such case');
  const document = JSON.parse(Buffer.from(good.files['.zarray'], 'base64').toString());
  const withDocument = (changes: object | string): string =>
    directoryOf({
      ...good.files,
      '.zarray': Buffer.from(typeof changes === 'string' ? changes : JSON.stringify({ ...document, ...changes })),
    });
  test.each([
    ['no JSON', '{', 'not JSON'],
    ['a list', '[]', 'not an object'],
    ['deep', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 'nested'],
    ['a long unfinished string', `{"a":"${'\\"'.repeat(100_000)}`, 'not JSON'],
    ['shape of a text', { shape: '10' }, 'shape is "10"'],
    ['a negative shape', { shape: [-1] }, 'shape is [-1]'],
    ['a fraction', { shape: [1.5] }, 'shape is [1.5]'],
    ['more elements than can be counted', { shape: [2 ** 53 - 1], dtype: '<f8' }, 'more elements'],
    ['65 dimensions', { shape: Array(65).fill(1), chunks: Array(65).fill(1) }, '65 dimensions'],
    ['chunks of nothing', { chunks: [0] }, 'chunks is [0]'],
    ['chunks of another rank', { chunks: [1, 1] }, 'chunks have 2 dimensions'],
    ['huge chunks', { chunks: [2 ** 31] }, 'more than 2147483647 bytes'],
    ['order', { order: 'K' }, "'C' or 'F'"],
    ['separator', { dimension_separator: '../' }, "'.' or '/'"],
    ['version', { zarr_format: 4 }, 'zarr_format is 4'],
    ['fill value', { fill_value: 2 ** 70 }, 'fill_value'],
    ['fill value of a text', { fill_value: 'zero' }, 'fill_value'],
    ['compressor', { compressor: { id: 'constructor' } }, "codec 'constructor'"],
    ['level', { compressor: { id: 'gzip', level: 99 } }, 'level is 99'],
    ['no compressor', { compressor: 'blosc' }, 'compressor'],
    ['dtype', { dtype: '<f16' }, '<f16'],
  ])('%s', async (_, changes, says) => {
    const error = await openZarr(withDocument(changes)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OrthantError);
    expect(String(error)).toContain(says);
  });

  test('a document longer than any', async () => {
    await expect(openZarr(withDocument(' '.repeat(16 * 2 ** 20 + 1)))).rejects.toThrow('more than any metadata');
  });

  test('nothing there, nothing of Zarr, and paths that lead out', async () => {
    await expect(openZarr(freshPath())).rejects.toThrow('neither zarr.json nor .zarray');
    const root = directoryOf({ 'other.txt': 'AAAA' });
    await expect(openZarr(root)).rejects.toThrow('neither zarr.json nor .zarray');
    for (const path of ['..', 'a/../b', './a', '...', 'a\\b', 'a\0']) {
      await expect(openZarr(root, { path }), path).rejects.toThrow('no name of an array');
    }
    await expect(openZarr('ftp://example.org/a')).rejects.toThrow("'ftp:'");
  });

  test('links inside the store, unless they are wanted', async () => {
    const c = fixtures.good.find(({ name }) => name === 'separator');
    if (c === undefined) throw new Error('the fixture has no such case');
    const elsewhere = directoryOf(c.files);
    const root = directoryOf({ '.zarray': c.files['.zarray'], '0/1': c.files['0/1'] });
    symlinkSync(join(elsewhere, '0/0'), join(root, '0/0'));
    symlinkSync(join(elsewhere, '1'), join(root, '1'));
    const store = await openZarr(root);
    await expect(store.read(whole([2, 2]))).rejects.toThrow('symbolic link');
    await expect(store.read({ start: [2, 0], shape: [2, 2] })).rejects.toThrow('symbolic link');
    expect((await store.read({ start: [0, 2], shape: [2, 2] })).shape).toEqual([2, 2]);
    const trusted = await openZarr(root, { links: true });
    await trusted.read(whole([4, 2]));
    const alias = freshPath();
    mkdirSync(join(alias, '..'), { recursive: true });
    symlinkSync(elsewhere, alias);
    await (await openZarr(alias)).read(whole([5, 5])); // the store itself may be a link
  });
});

describe('damaged chunks', () => {
  const cases = fixtures.good.filter(({ name }) => /^(none|gzip|zlib|zstd|lz4|blosc lz4 1)$/.test(name));
  test.each(cases.map((c) => [c.name, c] as const))('%s: cut, longer, another file', async (_, c) => {
    const root = directoryOf(c.files);
    const store = await openZarr(root);
    const good = readFileSync(join(root, '0.0'));
    for (const bytes of [
      good.subarray(0, good.length - 1),
      Buffer.alloc(0),
      Buffer.alloc(good.length - 2, 255),
      good.subarray(0, 7),
    ]) {
      writeFileSync(join(root, '0.0'), bytes);
      const error = await store.read(whole(c.shape)).catch((e: unknown) => e);
      expect(error, `${bytes.length} of ${good.length}`).toBeInstanceOf(FormatError);
      expect(String(error)).toContain('0.0');
    }
    writeFileSync(join(root, '0.0'), Buffer.alloc(1_000_000));
    await expect(store.read(whole(c.shape))).rejects.toThrow('more than its chunk can have');
    expect((await store.read({ start: [8, 0], shape: [8, 24] })).size).toBe(192);
  });

  test('single bytes changed anywhere: an answer or a tagged error', async () => {
    const c = fixtures.good.find(({ name }) => name === 'blosc zstd 2');
    if (c === undefined) throw new Error('the fixture has no such case');
    const root = directoryOf(c.files);
    let refusedOnes = 0;
    for (const [key, step] of [
      ['.zarray', 3],
      ['0.0', 5],
    ] as const) {
      const bytes = Buffer.from(c.files[key], 'base64');
      for (let i = 0; i < bytes.length; i += i < 32 ? 1 : step) {
        const changed = Buffer.from(bytes);
        changed[i] = [0, 255, bytes[i] ^ (1 << (i % 8))][i % 3];
        writeFileSync(join(root, key), changed);
        try {
          const store = await openZarr(root);
          if (store.shape.reduce((n, d) => n * d, 1) > 1e6) continue;
          await store.read(whole(store.shape));
        } catch (error) {
          expect(error, `${key} ${i}`).toBeInstanceOf(OrthantError);
          refusedOnes++;
        }
      }
      writeFileSync(join(root, key), bytes);
    }
    expect(refusedOnes).toBeGreaterThan(50);
  });
});

test('a signal ends a read', async () => {
  const c = fixtures.good[0];
  const store = await openZarr(directoryOf(c.files));
  const reason = new Error('enough');
  await expect(store.read(whole(c.shape), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const later = new AbortController();
  const read = store.read(whole(c.shape), { signal: later.signal });
  later.abort(reason);
  await expect(read).rejects.toBe(reason);
  expect(bytesOf(await store.read(whole(c.shape)))).toBe(bytesOf(elementsOf(c)));
});

test('regions outside the array are refused', async () => {
  const store = await openZarr(directoryOf(fixtures.good[0].files));
  for (const region of [
    whole([9, 9]),
    whole([1]),
    { start: [-1, 0], shape: [1, 1] },
    { start: [0.5, 0], shape: [1, 1] },
  ]) {
    await expect(store.read(region)).rejects.toMatchObject({ tag: 'IndexError' });
    expect(() => store.readMemory(region)).toThrow('there is no region');
  }
});

test('the bits of fill values survive', async () => {
  const c = fixtures.good.find(({ name }) => name === 'no chunks');
  if (c === undefined) throw new Error('the fixture has no such case');
  const document = JSON.parse(Buffer.from(c.files['.zarray'], 'base64').toString());
  const root = directoryOf({
    '.zarray': Buffer.from(JSON.stringify({ ...document, fill_value: '0x7ff8000000000123' })),
  });
  const got = await (await openZarr(root)).read(whole([1, 1]));
  expect(bytesOf(got)).toBe(bytesOf(frombuffer(new BigUint64Array([0x7ff8000000000123n]))));
});

// Shards of version 3, made here after the specification and read by zarrita too: parts by range, indexes at either end,
// with and without a checksum; transposed and big-endian chunks; documents and indexes that are hostile.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as zarrita from 'zarrita';
import { arange } from '../../../src/array/ranges.ts';
import { OrthantError } from '../../../src/base/errors.ts';
import { crc32c } from '../../../src/io/zarr/codec/crc32c.ts';
import { openZarr } from '../../../src/io/zarr/open.ts';
import { directoryOf, part, rectangles, whole } from './_stores.ts';

const SHAPE = [7, 10];
const SHARD = [4, 6];
const CHUNK = [2, 3];
const values = arange(70).reshape(7, 10).astype('int16');
const at = (i: number, j: number): number => (i < 7 && j < 10 ? 10 * i + j : -1);
const NOWHERE = 2n ** 64n - 1n;

interface Form {
  readonly location: 'start' | 'end';
  readonly checksum: boolean;
  readonly gzip: boolean;
  /** Chunks that are left out. */
  readonly without: readonly string[];
}
const usual: Form = { location: 'end', checksum: true, gzip: true, without: [] };

const document = (form: Form, changes: object = {}, sharding: object = {}): object => ({
  ...{ zarr_format: 3, node_type: 'array', shape: SHAPE, data_type: 'int16', fill_value: -1, attributes: {} },
  chunk_grid: { name: 'regular', configuration: { chunk_shape: SHARD } },
  chunk_key_encoding: { name: 'default' },
  codecs: [
    {
      name: 'sharding_indexed',
      configuration: {
        chunk_shape: CHUNK,
        codecs: [
          { name: 'bytes', configuration: { endian: 'little' } },
          ...(form.gzip ? [{ name: 'gzip', configuration: { level: 1 } }] : []),
        ],
        index_codecs: [
          { name: 'bytes', configuration: { endian: 'little' } },
          ...(form.checksum ? [{ name: 'crc32c' }] : []),
        ],
        index_location: form.location,
        ...sharding,
      },
    },
  ],
  ...changes,
});

/** A shard after the specification. */
function shardOf(place: readonly number[], form: Form): Buffer {
  const packed: Buffer[] = [];
  const index = new BigUint64Array(8);
  const indexBytes = 64 + (form.checksum ? 4 : 0);
  let from = form.location === 'start' ? indexBytes : 0;
  for (let k = 0; k < 4; k++) {
    const corner = [place[0] * 4 + (k >> 1) * 2, place[1] * 6 + (k & 1) * 3];
    const name = corner.map((c, d) => c / CHUNK[d]).join('.');
    if (form.without.includes(name)) {
      index.fill(NOWHERE, 2 * k, 2 * k + 2);
      continue;
    }
    const elements = Int16Array.from({ length: 6 }, (_, e) => at(corner[0] + Math.floor(e / 3), corner[1] + (e % 3)));
    const bytes = Buffer.from(elements.buffer);
    const stored = form.gzip ? gzipSync(bytes) : bytes;
    packed.push(stored);
    index.set([BigInt(from), BigInt(stored.length)], 2 * k);
    from += stored.length;
  }
  const tail = Buffer.alloc(indexBytes);
  Buffer.from(index.buffer).copy(tail);
  if (form.checksum) tail.writeUInt32LE(crc32c(tail.subarray(0, 64)), 64);
  return Buffer.concat(form.location === 'start' ? [tail, ...packed] : [...packed, tail]);
}

function storeOf(form: Form, changes: object = {}, sharding: object = {}): string {
  const shards = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ].map((place) => [`c/${place.join('/')}`, shardOf(place, form)] as const);
  return directoryOf({
    'zarr.json': Buffer.from(JSON.stringify(document(form, changes, sharding))),
    ...Object.fromEntries(shards),
  });
}

const theirs = (root: string) => {
  const get = async (key: string) => new Uint8Array(readFileSync(join(root, key)));
  return {
    get,
    async getRange(key: string, range: { offset: number; length: number } | { suffixLength: number }) {
      const bytes = await get(key);
      return 'suffixLength' in range
        ? bytes.subarray(-range.suffixLength)
        : bytes.subarray(range.offset, range.offset + range.length);
    },
  };
};

test('the checksum is the one of RFC 3720', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
});

describe('read', () => {
  const forms: Form[] = (['start', 'end'] as const).flatMap((location) =>
    [true, false].flatMap((checksum) => [true, false].map((gzip) => ({ ...usual, location, checksum, gzip }))),
  );
  test.each(forms)('index at the $location, checksum $checksum, gzip $gzip', async (form) => {
    const root = storeOf(form);
    const store = await openZarr(root);
    expect(store.chunks).toEqual(CHUNK);
    expect(store.shards).toEqual(SHARD);
    for (const region of rectangles(SHAPE, 30)) {
      expect((await store.read(region)).tolist()).toEqual(part(values, region).tolist());
    }
    if (form.location === 'end') {
      // zarrita 0.7 looks for the index at the end, whatever the document says.
      const { data } = await zarrita.get(await zarrita.open.v3(theirs(root), { kind: 'array' }));
      expect(Array.from(data as ArrayLike<number>)).toEqual(values.ravel().tolist());
    }
    expect(await store.stored()).toMatchObject({ present: 4, total: 4 });
    expect(store.readBytes(whole(SHAPE))).toBeGreaterThan(64 * 4);
    expect(store.write).toBeUndefined();
    await expect(openZarr(root, { mode: 'r+' })).rejects.toThrow('read, not written');
  });

  test('chunks and shards that are not there', async () => {
    const root = storeOf({ ...usual, without: ['0.1', '3.2'] });
    const got = await (await openZarr(root)).read(whole(SHAPE));
    expect(got.item(0, 3)).toBe(-1);
    expect(got.item(0, 2)).toBe(2);
    expect(got.item(6, 6)).toBe(-1);
    const other = directoryOf({ 'zarr.json': readFileSync(join(root, 'zarr.json')) });
    expect((await (await openZarr(other)).read(whole([2, 2]))).tolist()).toEqual([
      [-1, -1],
      [-1, -1],
    ]);
  });
});

test('transposed, big-endian chunks with a checksum', async () => {
  const bytes = (rows: number[][]): Buffer => {
    const plain = Buffer.alloc(12);
    for (const [i, v] of rows.flat().entries()) plain.writeInt16BE(v, 2 * i);
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32c(plain));
    return Buffer.concat([plain, sum]);
  };
  const document = {
    ...{ zarr_format: 3, node_type: 'array', shape: [2, 3], data_type: 'int16', fill_value: 0 },
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [2, 3] } },
    chunk_key_encoding: { name: 'v2', configuration: { separator: '.' } },
    codecs: [
      { name: 'transpose', configuration: { order: [1, 0] } },
      { name: 'bytes', configuration: { endian: 'big' } },
      { name: 'crc32c' },
    ],
    storage_transformers: [],
    hint: { must_understand: false },
  };
  const chunk = bytes([
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
  const root = directoryOf({ 'zarr.json': Buffer.from(JSON.stringify(document)), '0.0': chunk });
  const store = await openZarr(root);
  expect((await store.read(whole([2, 3]))).tolist()).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect((await store.read({ start: [1, 1], shape: [1, 2] })).tolist()).toEqual([[5, 6]]);
  expect(store.codecs).toEqual(['transpose(1, 0)', 'big-endian', 'crc32c']);
  chunk[3] ^= 1;
  writeFileSync(join(root, '0.0'), chunk);
  await expect(store.read(whole([2, 3]))).rejects.toThrow('its checksum is');
});

describe('hostile', () => {
  test.each([
    ['an extension', { extra: { name: 'x' } }, {}, 'must be understood'],
    ['a transformer', { storage_transformers: [{ name: 'x' }] }, {}, 'storage_transformers'],
    ['another grid', { chunk_grid: { name: 'rectangular' } }, {}, 'chunk_grid'],
    ['another type', { data_type: 'r16' }, {}, "'r16'"],
    ['no fill value', { fill_value: undefined }, {}, 'fill_value is missing'],
    ['names', { dimension_names: ['a'] }, {}, 'dimension_names'],
    ['no codecs', { codecs: [] }, {}, 'codecs'],
    [
      'a codec that is not there',
      { codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'x' }] },
      {},
      "'x'",
    ],
    ['bytes without an order', { codecs: ['bytes'] }, {}, 'endian'],
    ['no group', { node_type: 'folder' }, {}, 'node_type'],
    ['chunks that do not divide', {}, { chunk_shape: [3, 3] }, 'divisors'],
    [
      'a packed index',
      {},
      { index_codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'gzip' }] },
      'index',
    ],
    ['shards in shards', {}, { codecs: [{ name: 'sharding_indexed' }] }, 'inside shards'],
    [
      'a huge index',
      { chunk_grid: { name: 'regular', configuration: { chunk_shape: [4000, 6000] } } },
      { chunk_shape: [1, 1] },
      'chunks in a shard',
    ],
  ])('%s', async (_, changes, sharding, says) => {
    const error = await openZarr(storeOf(usual, changes, sharding)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OrthantError);
    expect(String(error)).toContain(says);
  });

  test('single bytes of a shard changed: an answer or a tagged error', async () => {
    const form = { ...usual, checksum: false };
    const root = storeOf(form);
    const file = join(root, 'c/0/0');
    const bytes = readFileSync(file);
    let refused = 0;
    for (let i = bytes.length - 64; i < bytes.length; i++) {
      for (const value of [0, 1, 255]) {
        const changed = Buffer.from(bytes);
        changed[i] = value;
        writeFileSync(file, changed);
        try {
          await (await openZarr(root)).read(whole([4, 6]));
        } catch (error) {
          expect(error, `byte ${i}`).toBeInstanceOf(OrthantError);
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(60);
    writeFileSync(file, bytes.subarray(0, 30));
    await expect((await openZarr(root)).read(whole([4, 6]))).rejects.toMatchObject({ tag: 'FormatError' });
  });
});

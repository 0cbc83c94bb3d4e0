// Zarr over HTTP from a server on this machine: chunks, ranges of shards, servers without ranges, what is missing, what
// fails, what takes too long, and what a read takes at most.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { arange } from '../../../src/array/ranges.ts';
import { FormatError } from '../../../src/base/errors.ts';
import { isTransient } from '../../../src/io/transient.ts';
import { createZarr } from '../../../src/io/zarr/create.ts';
import { listZarr, openZarr } from '../../../src/io/zarr/open.ts';
import {
  directoryOf,
  elementsOf,
  fixtures,
  freshPath,
  part,
  rectangles,
  type Served,
  serve,
  whole,
} from './_stores.ts';

let served: Served | undefined;
afterEach(() => served?.close());

const c = fixtures.hierarchy;

describe('a hierarchy', () => {
  test('arrays by path, rectangles, and what consolidated metadata lists', async () => {
    served = await serve(directoryOf(c.files));
    const store = await openZarr(served.url, { path: 'inside/values' });
    expect(store.location).toBe(`${served.url}/inside/values`);
    for (const region of rectangles([3, 4], 10)) {
      expect((await store.read(region)).tolist()).toEqual(part(elementsOf(c), region).tolist());
    }
    expect((await listZarr(new URL(served.url))).map(({ path, kind }) => `${kind} ${path}`).sort()).toEqual([
      'array inside/values',
      'array other',
      'group ',
      'group inside',
    ]);
    expect(await store.stored()).toBeUndefined();
    expect(store.readBytes(whole([3, 4]))).toBe(4 * 4 * 4);
    await expect(openZarr(served.url, { mode: 'r+' })).rejects.toThrow('cannot be written');
    await expect(openZarr(served.url)).rejects.toThrow('is a group');
    await expect(openZarr(`${served.url}/nothing`)).rejects.toBeInstanceOf(FormatError);
  });

  test('addresses keep their query, headers are sent', async () => {
    served = await serve(directoryOf(c.files));
    const seen: (string | undefined)[] = [];
    served.intercept = (request) => {
      seen.push(`${request.url?.split('?')[1]} ${request.headers.authorization}`);
      return false;
    };
    const store = await openZarr(`${served.url}/inside?token=a%20b`, {
      path: 'values',
      headers: { authorization: 'me' },
    });
    await store.read(whole([1, 1]));
    expect(new Set(seen)).toEqual(new Set(['token=a%20b me']));
    expect(store.location).toBe(`${served.url}/inside/values?token=a%20b`);
    expect(store.name).not.toContain('token');
  });
});

/** An array with a large shard: parts of it come by range. */
async function sharded(ranges: boolean): Promise<Served> {
  const { default: make } = await import('./_sharded.ts');
  return serve(make(), ranges);
}

test.each([true, false])('shards, by range where the server knows them: %s', async (ranges) => {
  served = await sharded(ranges);
  const store = await openZarr(served.url);
  const all = arange(64).astype('int16');
  for (const region of rectangles([64], 12)) {
    expect((await store.read(region)).tolist()).toEqual(part(all, region).tolist());
  }
  const parts = served.requests.filter(({ path }) => path === '/c/0');
  expect(parts.filter(({ range }) => range === 'bytes=-68')).toHaveLength(1); // the index, once
  expect(parts.every(({ range }) => range !== undefined)).toBe(true);
});

describe('failures', () => {
  const answer =
    (status: number, body = '') =>
    (_: unknown, response: { writeHead(n: number): { end(s: string): void } }) => {
      response.writeHead(status).end(body);
      return true;
    };

  test.each([
    [500, true],
    [503, true],
    [429, true],
    [403, false],
    [401, false],
  ])('answer %i, to be tried again: %s', async (status, again) => {
    served = await serve(directoryOf(c.files));
    const store = await openZarr(served.url, { path: 'other' });
    served.intercept = answer(status);
    const error = await store.read(whole([3])).catch((e: unknown) => e);
    expect(error).toMatchObject({ tag: 'TransferError', facts: { status } });
    expect(isTransient(error)).toBe(again);
    served.intercept = () => false;
    expect((await store.read(whole([3]))).tolist()).toEqual([0, 0, 0]);
  });

  test('403 as missing, for stores that say so', async () => {
    served = await serve(directoryOf(c.files));
    const store = await openZarr(served.url, { path: 'inside/values', missing: [403, 404] });
    served.intercept = answer(403);
    expect((await store.read(whole([1, 2]))).tolist()).toEqual([[0, 0]]);
  });

  test('nobody answers; nothing arrives; the signal', async () => {
    served = await serve(directoryOf(c.files));
    const store = await openZarr(served.url, { path: 'other', timeout: 200 });
    served.intercept = (_, response) => {
      response.writeHead(200, { 'content-length': '24' }).write('x'); // and no more
      return true;
    };
    const late = await store.read(whole([3])).catch((e: unknown) => e);
    expect(late).toMatchObject({ tag: 'TransferError', facts: { timeout: 200 } });
    expect(isTransient(late)).toBe(true);
    const stop = new AbortController();
    const reading = store.read(whole([3]), { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    served.intercept = (_, response) => {
      response.destroy();
      return true;
    };
    const broken = await store.read(whole([3])).catch((e: unknown) => e);
    expect(broken).toMatchObject({ tag: 'TransferError' });
    expect(isTransient(broken)).toBe(true);
    await served.close();
    const gone = await store.read(whole([3])).catch((e: unknown) => e);
    expect(isTransient(gone)).toBe(true);
  });

  test('more bytes than a chunk can have, announced or not', async () => {
    served = await serve(directoryOf(c.files));
    const store = await openZarr(served.url, { path: 'other' });
    const much = Buffer.alloc(1_000_000);
    served.intercept = (_, response) => {
      response.writeHead(200, { 'content-length': much.length }).end(much);
      return true;
    };
    await expect(store.read(whole([3]))).rejects.toThrow('more than its chunk can have');
    served.intercept = (_, response) => {
      response.writeHead(200);
      response.write(much.subarray(0, 100));
      response.end(much);
      return true;
    };
    await expect(store.read(whole([3]))).rejects.toThrow('more than its chunk can have');
  });

  test('as many requests at a time as allowed', async () => {
    const root = freshPath();
    const made = await createZarr(root, { shape: 40, chunks: 1, dtype: 'uint8', compressor: 'none' });
    await made.write?.(whole([40]), arange(40).astype('uint8'));
    served = await serve(root);
    let now = 0;
    let most = 0;
    served.intercept = (request, response) => {
      now++;
      most = Math.max(most, now);
      setTimeout(() => {
        now--;
        response.end(readFileSync(join(root, request.url ?? '')));
      }, 2);
      return true;
    };
    served.intercept = (
      (slow) => (request, response) =>
        !request.url?.includes('.z') && !request.url?.endsWith('.json') && slow(request, response)
    )(served.intercept);
    const store = await openZarr(served.url, { connections: 3 });
    const halves = await Promise.all([
      store.read({ start: [0], shape: [20] }),
      store.read({ start: [20], shape: [20] }),
    ]);
    expect(halves.flatMap((a) => a.tolist())).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(most).toBe(3);
  });
});

// Zarr stores for tests: directories from tables of files, and a server of a directory that counts what it is asked.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { frombuffer } from '../../../src/array/creation.ts';
import type { NDArray } from '../../../src/array/ndarray.ts';
import type { Region } from '../../../src/io/store.ts';

export interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: string;
  readonly path?: string;
}
interface Fixtures {
  readonly good: readonly Case[];
  readonly hierarchy: Case;
  readonly bad: readonly { readonly name: string; readonly files: Case['files']; readonly says: string }[];
}

/** What zarr-python wrote: see test/fixtures/make_zarr.py. */
export const fixtures: Fixtures = JSON.parse(readFileSync('test/fixtures/zarr.json', 'utf8'));

const folder = mkdtempSync(join(tmpdir(), 'orthant-zarr-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** A path that nothing is at. */
export const freshPath = (name = 'store'): string => join(folder, `${count++}`, name);

/** A directory with these files: bytes, or base64. */
export function directoryOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = freshPath();
  for (const [key, value] of Object.entries(files)) {
    mkdirSync(dirname(join(root, key)), { recursive: true });
    writeFileSync(join(root, key), typeof value === 'string' ? Buffer.from(value, 'base64') : value);
  }
  return root;
}

/** The elements of a case. */
export const elementsOf = ({ data, dtype, shape }: Case): NDArray =>
  frombuffer(new Uint8Array(Buffer.from(data, 'base64')).buffer, { dtype }).reshape([...shape]);

/** A rectangle of an array in memory. */
export const part = (a: NDArray, { start, shape }: Region): NDArray =>
  a.ndim === 0 ? a : a.get(...start.map((s, d) => `${s}:${s + shape[d]}`));

export const whole = (shape: readonly number[]): Region => ({ start: shape.map(() => 0), shape });

/** Every rectangle of a small array, or as many as `most`, spread evenly. */
export function rectangles(shape: readonly number[], most = 40): Region[] {
  let found: Region[] = [{ start: [], shape: [] }];
  for (const n of shape) {
    const spans: [number, number][] = [];
    for (let s = 0; s <= n; s++) for (let e = s; e <= n; e++) spans.push([s, e - s]);
    found = found.flatMap((r) => spans.map(([s, e]) => ({ start: [...r.start, s], shape: [...r.shape, e] })));
    if (found.length > 20_000) found = found.filter((_, i) => i % 7 === 0);
  }
  const step = Math.max(1, Math.floor(found.length / most));
  return [...found.filter((_, i) => i % step === 0), whole(shape)];
}

export interface Served {
  readonly url: string;
  readonly requests: { readonly path: string; readonly range: string | undefined }[];
  /** Answers instead of the file when it gives true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  close(): Promise<void>;
}

/** Serves a directory on this machine; `ranges` as a server that knows them. */
export async function serve(root: string, ranges = true): Promise<Served> {
  const requests: Served['requests'] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    requests.push({ path, range: request.headers.range });
    if (served.intercept(request, response)) return;
    const file = join(root, path);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const bytes = readFileSync(file);
    const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    if (!ranges || from === undefined) {
      response.writeHead(200, { 'content-length': bytes.byteLength }).end(bytes);
      return;
    }
    const start = from === '' ? Math.max(0, bytes.byteLength - Number(to)) : Number(from);
    const end = from === '' || to === '' ? bytes.byteLength : Math.min(bytes.byteLength, Number(to) + 1);
    if (start >= bytes.byteLength) {
      response.writeHead(416).end();
      return;
    }
    const found = bytes.subarray(start, end);
    const headers = {
      'content-length': found.byteLength,
      'content-range': `bytes ${start}-${end - 1}/${bytes.byteLength}`,
    };
    response.writeHead(206, headers).end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const served: Served = {
    url: `http://127.0.0.1:${port}`,
    requests,
    intercept: () => false,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return served;
}

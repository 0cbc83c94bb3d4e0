// .npy: NumPy's files read and written to the byte (test/fixtures/npy.json), damaged and hostile ones refused, files
// that appear whole or not at all.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { array, asarray, zeros } from '../../src/array/creation.ts';
import { NDArray, nd } from '../../src/array/ndarray.ts';
import { ArgumentError, DTypeError, FormatError, type OrthantError } from '../../src/base/errors.ts';
import { asDType, type DTypeName } from '../../src/dtype/dtype.ts';
import { viewOf } from '../../src/exec/array_base.ts';
import { load, loadSync, npyBytes, save, saveSync } from '../../src/io/files.ts';
import { writeNpy } from '../../src/io/npy.ts';
import { headerBytes, parseHeader } from '../../src/io/npy_header.ts';
import { writeWhole } from '../../src/io/sink.ts';
import { runAsync, runSync, step } from '../../src/io/task.ts';
import { wrapHost } from '../../src/memory/storage.ts';

interface Case {
  file: string;
  dtype: DTypeName;
  shape: number[];
  order: 'C' | 'F';
  big: boolean;
  version: number;
  data: string;
}
const fixture: { files: Case[]; unsupported: Record<string, string> } = JSON.parse(
  readFileSync(new URL('../fixtures/npy.json', import.meta.url), 'utf8'),
);
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const folder = mkdtempSync(join(tmpdir(), 'orthant-npy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const npy = (from: Parameters<typeof loadSync>[0]): NDArray => loadSync(from, { kind: 'npy' });

function error(call: () => unknown): OrthantError {
  try {
    call();
  } catch (e) {
    return e as OrthantError; // every test asserts its class
  }
  throw new Error('nothing was thrown');
}

describe('NumPy files', () => {
  test.each(
    fixture.files.map(
      (c, i) => [`${i} ${c.dtype} ${c.shape} ${c.order} v${c.version} ${c.big ? '>' : '<'}`, c] as const,
    ),
  )('%s', (_, c) => {
    const a = npy(bytesOf(c.file));
    expect(a.dtype.name).toBe(c.dtype);
    expect(a.shape).toEqual(c.shape);
    expect(Buffer.from(a.tobytes()).toString('base64')).toBe(c.data);
    if (!c.big && c.version === 1) expect(Buffer.from(npyBytes(a)).toString('base64')).toBe(c.file);
  });

  test('from a path, a URL, a Blob, bytes at an odd offset, later and at once', async () => {
    const path = join(folder, 'in.npy');
    const file = bytesOf(fixture.files[9].file);
    writeFileSync(path, file);
    const odd = new Uint8Array(file.length + 3);
    odd.set(file, 3);
    const expected = npy(file).tolist();
    for (const from of [path, pathToFileURL(path), file, odd.subarray(3), file.slice().buffer]) {
      expect(npy(from).tolist()).toEqual(expected);
      expect((await load(from, { kind: 'npy' })).tolist()).toEqual(expected);
    }
    const blob = new Blob([file.slice()]);
    expect((await load(blob, { kind: 'npy' })).tolist()).toEqual(expected);
    expect(() => loadSync(blob)).toThrow(/a Blob cannot be read synchronously\n {2}fix: await/);
  });

  test('bools other than 0 and 1 are read as true', () => {
    const file = npyBytes(array([true, false, true]));
    file.set([7, 0, 255], file.length - 3);
    expect([...npy(file).tobytes()]).toEqual([1, 0, 1]);
  });

  test('what follows the array is left alone', () => {
    const file = npyBytes(array([1, 2]));
    expect(npy(new Uint8Array([...file, 1, 2, 3])).tolist()).toEqual([1, 2]);
  });
});

describe('strided arrays', () => {
  const base = asarray(Float64Array.from({ length: 60 }, (_, i) => i)).reshape(3, 4, 5);
  const views: [string, NDArray][] = [
    ['reversed', base.get('::-1')],
    ['stepped', base.get('...', '::2')],
    ['swapped', base.swapaxes(0, 1)],
    ['broadcast', nd(viewOf(base.storage, base.offset, [4, 3], [0, 8], base.dtype))],
    ['fortran', base.T],
    ['scalar', base.get(1, 2, '3:4').reshape()],
  ];
  test.each(views)('%s', (_, a) => {
    const back = npy(npyBytes(a));
    expect(back.shape).toEqual(a.shape);
    expect(back.tolist()).toEqual(a.tolist());
  });

  test('more than a piece: in parts, of rows and within a row', () => {
    for (const [shape, strides] of [
      [
        [3, 1000, 1500],
        [8, 36000, 24],
      ],
      [
        [2, 2500000],
        [0, 8],
      ],
      [[5000000], [8]],
    ]) {
      const size = shape.reduce((x, y) => x * y);
      const large = viewOf(wrapHost(new Float64Array(size).map((_, i) => i)), 0, shape, strides, asDType('float64'));
      const parts: Uint8Array[] = [];
      runSync(
        // biome-ignore lint/correctness/useYield: a sink that never waits
        writeNpy(nd(large), function* (bytes) {
          expect(bytes.length).toBeLessThanOrEqual(2 ** 24);
          parts.push(bytes.slice());
        }),
      );
      const whole = Buffer.concat(parts);
      expect(whole.length).toBe(128 + size * 8);
      expect(whole.subarray(128).equals(nd(large).tobytes())).toBe(true);
    }
  });
});

describe('refused', () => {
  const good = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";
  const file = (text: string, data = 16): Uint8Array => {
    const head = headerBytes(asDType('f8'), [2], 'C');
    const bytes = new Uint8Array(10 + text.length + data);
    bytes.set(head.subarray(0, 8));
    bytes.set([text.length & 255, text.length >> 8], 8);
    bytes.set(new TextEncoder().encode(text), 10);
    return bytes;
  };

  test('the same text passes', () => expect(npy(file(good)).shape).toEqual([2]));

  const headers: [string, string, RegExp][] = [
    ['no dict', '[1]', /no '\{' where one belongs/],
    ['code', "__import__('os')", /no '\{' where one belongs/],
    ['call', good.replace('(2,)', 'int(2)'), /no string, integer, boolean or tuple/],
    ['unclosed', good.slice(0, -1), /the header has no '\}'|a key that is not a string|something/],
    ['more', `${good} x`, /more than a dict/],
    ['missing key', "{'descr': '<f8', 'shape': (2,)}", /no 'fortran_order'/],
    ['other key', good.replace('{', "{'x': 1, "), /other keys/],
    ['key twice', good.replace('{', "{'shape': (1,), "), /'shape' twice/],
    ['number key', good.replace("'descr'", '1'), /a key that is not a string/],
    ['negative', good.replace('2,', '-2,'), /a dimension of -2/],
    ['not a tuple', good.replace('(2,)', '2'), /shape is not a tuple/],
    ['brackets', good.replace('(2,)', '(2)'), /make no tuple/],
    ['float', good.replace('2,', '2.5,'), /no string, integer/],
    ['string dimension', good.replace('2,', "'2',"), /shape is not a tuple/],
    ['order', good.replace('False', '0'), /fortran_order is neither/],
    ['escape', good.replace('<f8', '\\x3cf8'), /an escape in a string/],
    ['deep', good.replace('(2,)', '('.repeat(60)), /brackets too deep/],
    ['descr number', good.replace("'<f8'", '8'), /descr is not a string/],
    ['descr unknown', good.replace('<f8', '<q9'), /descr '<q9' names no dtype/],
    ['descr alias', good.replace('<f8', 'float64'), /names no dtype/],
    ['width', good.replace('<f8', '<f3'), /names no dtype/],
    ['too large', good.replace('2,', '999999999999999, 999999'), /larger than any file/],
    [
      'huge dimension',
      good.replace('2,', '99999999999999999999,'),
      /a dimension of 1e\+20|dimension of 100000000000000000000/,
    ],
    ['many dimensions', good.replace('2,', '1, '.repeat(65)), /65 dimensions are more than 64/],
  ];
  test.each(headers)('header: %s', (_, text, message) => {
    const e = error(() => npy(file(text)));
    expect(e).toBeInstanceOf(FormatError);
    expect(e.what).toMatch(message);
    expect(e.fix).toContain('write it again with np.save');
  });

  test('Python 2 longs and lists are read', () => {
    expect(npy(file(good.replace('2,', '2L,'))).shape).toEqual([2]);
    expect(parseHeader(good.replace('(2,)', '[1, 2]'), 'x').shape).toEqual([1, 2]);
  });

  test('a shape larger than the file allocates nothing', () => {
    const e = error(() => npy(file(good.replace('2,', '1000000, 1000000,'))));
    expect(e).toBeInstanceOf(FormatError);
    expect(e.what).toContain('needs 8000000000000 bytes of data, the file has 16');
    expect(e.facts).toMatchObject({ expected: 8e12, found: 16 });
    expect(e.fix).toContain('truncated');
  });

  const whole = npyBytes(array([1, 2, 3]));
  test.each([0, 5, 7, 9, 60, 127, 128, 151])('cut after %i bytes', (n) => {
    const e = error(() => npy(whole.subarray(0, n)));
    expect(e).toBeInstanceOf(FormatError);
    if (n > 127) expect(e.facts).toMatchObject({ expected: 24, found: n - 128 });
  });

  test('a file that shrinks while it is open', () => {
    const path = join(folder, 'short.npy');
    writeFileSync(path, whole.subarray(0, 140));
    expect(() => npy(path)).toThrow(/needs 24 bytes of data, the file has 12/);
  });

  const others: [string, Uint8Array, RegExp][] = [
    ['version', whole.map((b, i) => (i === 6 ? 4 : b)), /version 4.0 is unknown\n {2}fix: save it as version 1.0/],
    ['long header', Uint8Array.from([...whole.subarray(0, 6), 2, 0, 0, 0, 16, 0]), /longer than any real one/],
    ['pickle', Uint8Array.from([0x80, 4, 0x95, 0]), /a pickle, which can run code\n {2}fix: in NumPy, save it again/],
    ['text', new TextEncoder().encode('1 2 3\n'), /neither .npy nor .npz\n {2}fix: .*for text use loadtxt/],
    ['empty', new Uint8Array(0), /is empty/],
  ];
  test.each(others)('%s', (_, bytes, message) => {
    const e = error(() => loadSync(bytes));
    expect(e).toBeInstanceOf(FormatError);
    expect(e.message).toMatch(message);
  });

  const remedies: Record<string, RegExp> = {
    object: /Python objects.*\n {2}fix: in NumPy, save a.astype\('float64'\)/,
    string: /strings.*\n {2}fix: in NumPy, encode them as numbers/,
    bytes: /strings/,
    date: /dates or durations.*\n {2}fix: in NumPy, save a.astype\('int64'\)/,
    structured: /structured\n {2}fix: save each field/,
    void: /raw bytes.*\n {2}fix: in NumPy, save a.view\('uint8'\)/,
    long: /extended-precision floats.*\n {2}fix: .*'float64'/,
    longcomplex: /extended-precision complex.*\n {2}fix: .*'complex128'/,
  };
  test.each(Object.entries(fixture.unsupported))('elements: %s', (kind, text) => {
    const e = error(() => npy(bytesOf(text)));
    expect(e).toBeInstanceOf(DTypeError);
    expect(e.message).toMatch(remedies[kind]);
  });

  test('a name that promises something else, and paths that are none', () => {
    const path = join(folder, 'wrong.npz');
    writeFileSync(path, whole);
    expect(() => loadSync(path)).toThrow(/holds .npy data where .npz was expected\n {2}fix: rename it to end in .npy/);
    expect(() => loadSync(folder)).toThrow(/is not a regular file\n {2}fix: read it yourself/);
    expect(() => loadSync('')).toThrow(ArgumentError);
    expect(() => loadSync(new URL('https://example.org/a.npy'))).toThrow(/is not a file\n {2}fix: fetch it first/);
    expect(() => loadSync(3 as never)).toThrow(/is not a path\n {2}fix: pass a string or a file: URL/);
    expect(() => loadSync(join(folder, 'none.npy'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  test('without a file system', () => {
    const { getBuiltinModule } = process;
    try {
      Object.assign(process, { getBuiltinModule: undefined });
      expect(() => loadSync('a.npy')).toThrow(/there are no files by path here\n {2}fix: pass the bytes instead/);
      expect(() => saveSync('a.npy', [1])).toThrow(ArgumentError);
    } finally {
      Object.assign(process, { getBuiltinModule });
    }
  });
});

describe('files', () => {
  test('both forms write the same, and the suffix is added', async () => {
    const a = asarray(Int32Array.from({ length: 1000 }, (_, i) => i)).reshape(10, 100);
    await save(join(folder, 'later'), a);
    saveSync(pathToFileURL(join(folder, 'now.npy')), a);
    const now = readFileSync(join(folder, 'now.npy'));
    expect(readFileSync(join(folder, 'later.npy')).equals(now)).toBe(true);
    expect((await load(`${folder}/later.npy`)).tolist()).toEqual(a.tolist());
    expect(loadSync(`${folder}/now.npy`)).toBeInstanceOf(NDArray);
  });

  test('a failed write leaves what was there, and no temporary', async () => {
    const path = join(folder, 'kept.npy');
    saveSync(path, [1, 2]);
    const before = readdirSync(folder);
    const failing = () =>
      writeWhole(path, 'test', function* (sink) {
        yield* sink.write(new Uint8Array(10));
        yield* step(
          () => {
            throw new Error('full');
          },
          () => Promise.reject(new Error('full')),
        );
      });
    expect(() => runSync(failing())).toThrow('full');
    await expect(runAsync(failing())).rejects.toThrow('full');
    expect(readdirSync(folder)).toEqual(before);
    expect(npy(path).tolist()).toEqual([1, 2]);
    const gone = zeros([2]);
    gone.dispose();
    expect(() => saveSync(path, gone)).toThrow(/disposed/);
    await expect(save(path, gone)).rejects.toThrow(/disposed/);
    expect(() => saveSync(join(folder, 'no', 'such.npy'), [1])).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(() => saveSync('/dev/null/x.npy', [1])).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
    expect(readdirSync(folder)).toEqual(before);
  });

  test('links are written through and modes kept', () => {
    const target = join(folder, 'target.npy');
    const link = join(folder, 'link.npy');
    writeFileSync(target, '', { mode: 0o640 });
    symlinkSync(target, link);
    saveSync(link, [3]);
    expect(npy(target).tolist()).toEqual([3]);
    expect(existsSync(link) && statSync(target).mode & 0o777).toBe(0o640);
  });
});

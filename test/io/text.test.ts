// loadtxt, genfromtxt, savetxt, fromfile, tofile, fromstring: NumPy's answers (test/fixtures/text.json), texts longer
// than a piece, round trips through files, and messages.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { asarray, zeros } from '../../src/array/creation.ts';
import { nd } from '../../src/array/ndarray.ts';
import { OrthantError } from '../../src/base/errors.ts';
import { Complex } from '../../src/dtype/complex.ts';
import { asDType, type DTypeName, dtypes } from '../../src/dtype/dtype.ts';
import { viewOf } from '../../src/exec/array_base.ts';
import { type GenFromTextOptions, genfromtxt, genfromtxtSync } from '../../src/io/genfromtxt.ts';
import { fromstring, type LoadTextOptions, loadtxt, loadtxtSync } from '../../src/io/loadtxt.ts';
import { elementParser } from '../../src/io/parse_element.ts';
import { formatted, parseFormat } from '../../src/io/printf.ts';
import { fromfile, fromfileSync, tofile, tofileSync } from '../../src/io/raw.ts';
import { type SaveTextOptions, savetxt, savetxtSync, tableText } from '../../src/io/savetxt.ts';
import { wrapHost } from '../../src/memory/storage.ts';
import { contiguousStrides } from '../../src/shape/strides.ts';

interface Case {
  call: 'loadtxt' | 'genfromtxt' | 'savetxt';
  text: string;
  options: LoadTextOptions & GenFromTextOptions & SaveTextOptions;
  dtype: DTypeName;
  shape: number[];
  data: string;
  error?: boolean;
}
const folder = mkdtempSync(join(tmpdir(), 'orthant-text-'));
afterAll(() => rmSync(folder, { recursive: true }));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Both what NumPy made and what we made, as texts to compare. */
function answers(c: Case): { numpy: string; ours: string } {
  const numpy = c.error ? 'an error' : c.call === 'savetxt' ? c.text : `${c.dtype} ${c.shape} ${c.data}`;
  try {
    if (c.call === 'savetxt') {
      const d = asDType(c.dtype);
      const storage = wrapHost(new Uint8Array(Buffer.from(c.data, 'base64')).slice());
      const a = nd(viewOf(storage, 0, c.shape, contiguousStrides(c.shape, d.itemsize), d));
      return { numpy, ours: [...tableText(a, c.options)].join('') };
    }
    const a = (c.call === 'loadtxt' ? loadtxtSync : genfromtxtSync)(bytes(c.text), c.options);
    return { numpy, ours: `${a.dtype.name} ${a.shape} ${Buffer.from(a.tobytes()).toString('base64')}` };
  } catch (e) {
    if (!(e instanceof OrthantError)) throw e;
    return { numpy, ours: 'an error' };
  }
}

function check(path: string | URL): void {
  const { cases }: { cases: Case[] } = JSON.parse(readFileSync(path, 'utf8'));
  for (const c of cases) {
    const { numpy, ours } = answers(c);
    expect(ours, JSON.stringify(c)).toBe(numpy);
  }
}

describe('as NumPy', () => {
  test('reads and writes', () => check(new URL('../fixtures/text.json', import.meta.url)));

  test('a fresh random run, where NumPy is at hand', (context) => {
    const python = (...args: string[]) => String(execFileSync('python3', args, { stdio: 'pipe' }));
    let version = '';
    try {
      version = python('-c', 'import numpy; print(numpy.__version__)');
    } catch {
      context.skip();
    }
    if (!/^2\.[4-9]/.test(version)) context.skip();
    const seed = String(Date.now() % 1e6);
    console.log(`seed ${seed}`);
    const path = join(folder, 'fresh.json');
    python(new URL('../fixtures/make_text.py', import.meta.url).pathname, seed, '150', path);
    check(path);
  });
});

describe('numbers', () => {
  test('are what the engine reads', () => {
    const parse = elementParser(dtypes.float64, false);
    const view = new Float64Array(1);
    const digits = fc.stringMatching(/^[0-9]{1,25}$/);
    const text = fc.oneof(
      fc.double({ noNaN: true }).map(String),
      fc.tuple(digits, digits, fc.integer({ min: -340, max: 320 })).map(([a, b, e]) => `${a}.${b}e${e}`),
      fc.tuple(digits, digits).map(([a, b]) => `-${a}.${b}`),
      fc.integer().map(String),
    );
    fc.assert(
      fc.property(text, (x) => {
        if (x.includes('Infinity')) return;
        expect(parse(view, 0, ` ${x}\t`, 0, x.length + 2)).toBe(true);
        expect(view[0]).toBe(Number(x));
      }),
      { numRuns: 5000 },
    );
  });

  const formats: [string, number | bigint | boolean, string][] = [
    ['%d', 1.9, '1'],
    ['%d', 2n ** 63n - 1n, '9223372036854775807'],
    ['%+08.2f', -Infinity, '-0000inf'],
    ['%.0f|%%', 2.5, '2|%'],
    ['%.20f', 0.1, '0.10000000000000000555'],
    ['%.3f', 1e22, '10000000000000000000000.000'],
    ['%.110f', 2 ** -105, (2 ** -105).toFixed(100) + '7890625000'],
    ['%#.0e', 1, '1.e+00'],
    ['%g', 1e-5, '1e-05'],
    ['%#g', 1, '1.00000'],
    ['%G', 1e100, '1E+100'],
    ['%-6d|', 5, '5     |'],
    ['%s', true, 'True'],
    ['%s', Number.NaN, 'nan'],
  ];
  test.each(formats)('%s of %s', (format, x, expected) => {
    const d = typeof x === 'bigint' ? dtypes.int64 : typeof x === 'boolean' ? dtypes.bool : dtypes.float64;
    if (format === '%.110f') return expect(formatted(parseFormat(format, ''), [x], 0, d, '').length).toBe(112);
    expect(formatted(parseFormat(format, ''), [x], 0, d, '')).toBe(expected);
  });
});

describe('sources', () => {
  test('lines across pieces, in any ending, with characters cut in two', async () => {
    const rows = 90_000;
    const expected = Array.from({ length: rows }, (_, i) => [i, 0 - i / 8]);
    for (const end of ['\n', '\r\n', '\r']) {
      const path = join(folder, 'long.txt');
      writeFileSync(path, expected.map(([x, y]) => `${x} ${y} # é€😀`).join(end));
      const now = loadtxtSync(path);
      expect(now.shape).toEqual([rows, 2]);
      expect(now.get(-1).tolist()).toEqual(expected[rows - 1]);
      expect(Buffer.from(now.tobytes()).equals(new Uint8Array(Float64Array.from(expected.flat()).buffer))).toBe(true);
      expect((await loadtxt(path, { max_rows: 3 })).tolist()).toEqual(expected.slice(0, 3));
      const [x] = [...(await genfromtxt(path, { unpack: true }))];
      expect(x).toHaveProperty('size', rows);
    }
  });

  test('lines, Blobs, encodings, byte-order marks', async () => {
    expect(loadtxtSync(['1 2\n', '3 4']).tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect((await loadtxt(new Blob(['1,2\n']), { delimiter: ',' })).tolist()).toEqual([1, 2]);
    expect(loadtxtSync(bytes('\ufeff1 2')).tolist()).toEqual([1, 2]);
    expect(loadtxtSync(Uint8Array.from([49, 32, 50, 35, 0xe9]), { encoding: 'latin1' }).tolist()).toEqual([1, 2]);
  });

  test('converters, by column and for all', () => {
    const text = bytes('1,a\n2,b\n');
    const code = (s: string) => s.charCodeAt(0);
    expect(loadtxtSync(text, { delimiter: ',', converters: { 1: code } }).tolist()).toEqual([
      [1, 97],
      [2, 98],
    ]);
    expect(loadtxtSync(text, { delimiter: ',', converters: code, usecols: -1 }).tolist()).toEqual([97, 98]);
    expect(genfromtxtSync(text, { delimiter: ',', converters: { '-1': code }, dtype: 'int64' }).tolist()).toEqual([
      [1, 97],
      [2, 98],
    ]);
    expect(
      loadtxtSync(bytes('"a ""b"""\t2'), {
        delimiter: '\t',
        quotechar: '"',
        converters: { 0: (s) => s.length },
      }).tolist(),
    ).toEqual([5, 2]);
    expect(loadtxtSync(bytes('"1\n" 2'), { quotechar: '"' }).tolist()).toEqual([1, 2]);
  });

  test('filling values: for all, in order, by column', () => {
    const read = (options: GenFromTextOptions) =>
      genfromtxtSync(bytes('1,,x'), { delimiter: ',', ...options }).tolist();
    expect(read({ filling_values: 7 })).toEqual([1, 7, 7]);
    expect(read({ filling_values: [0, 5, 6] })).toEqual([1, 5, 6]);
    expect(read({ filling_values: { 1: 5 } })).toEqual([1, 5, Number.NaN]);
    expect(read({ filling_values: new Complex(0, 1), dtype: 'complex128' })).toEqual([
      new Complex(1),
      new Complex(0, 1),
      new Complex(0, 1),
    ]);
    expect(read({ loose: false, missing_values: { 2: 'x' } })).toEqual([1, Number.NaN, Number.NaN]);
    expect(genfromtxtSync(bytes('1234\n5  6'), { delimiter: [1, 3] }).tolist()).toEqual([
      [1, 234],
      [5, 6],
    ]);
  });

  test('footers are never converted', () => {
    const text = bytes('1 2\n3 4\nTotal of all\n');
    expect(genfromtxtSync(text, { skip_footer: 1, loose: false }).shape).toEqual([2, 2]);
  });
});

describe('files', () => {
  const a = asarray(Float64Array.from({ length: 3000 }, (_, i) => Math.sin(i) * 10 ** (i % 40))).reshape(1500, 2);

  test('savetxt and back, in both forms', async () => {
    const paths = [join(folder, 'a.txt'), join(folder, 'b.txt')];
    await savetxt(paths[0], a, { header: 'x y' });
    savetxtSync(paths[1], a, { header: 'x y' });
    expect(readFileSync(paths[0]).equals(readFileSync(paths[1]))).toBe(true);
    expect(Buffer.from(loadtxtSync(paths[0]).tobytes()).equals(a.tobytes())).toBe(true);
    expect([...tableText(asarray([1, 2, 3, 4]).get('::-2'), { fmt: '%.1f' })].join('')).toBe('4.0\n2.0\n');
  });

  test('tofile and fromfile, in both forms, with offset and count', async () => {
    const path = join(folder, 'raw.bin');
    await tofile(a.T, path);
    expect(readFileSync(path).equals(a.T.tobytes())).toBe(true);
    tofileSync(a, path);
    expect(Buffer.from(fromfileSync(path).tobytes()).equals(a.tobytes())).toBe(true);
    const part = await fromfile(path, { offset: 16, count: 3 });
    expect(part.tolist()).toEqual(a.reshape(3000).get('2:5').tolist());
    expect([...fromfileSync(Uint8Array.from([0, 7]), { dtype: 'bool' }).tobytes()]).toEqual([0, 1]);
  });

  test('a failed savetxt leaves nothing', () => {
    const before = readdirSync(folder);
    expect(() => savetxtSync(join(folder, 'none.txt'), [1, Number.NaN], { fmt: '%d' })).toThrow(/cannot write NaN/);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('fromstring', () => {
    expect(fromstring('1 2  3\n4').tolist()).toEqual([1, 2, 3, 4]);
    expect(fromstring('1, 2,3,', { sep: ',', dtype: 'int32' }).tolist()).toEqual([1, 2, 3]);
    expect(fromstring('1 2 3', { count: 2 }).tolist()).toEqual([1, 2]);
    expect(fromstring('').shape).toEqual([0]);
  });
});

describe('refused', () => {
  const load = (text: string, options?: LoadTextOptions) => () => loadtxtSync(bytes(text), options);
  const gen = (text: string, options?: GenFromTextOptions) => () => genfromtxtSync(bytes(text), options);
  const save = (x: Parameters<typeof savetxtSync>[1], options?: SaveTextOptions) => () => [...tableText(x, options)];
  const rows: [string, () => unknown, string, RegExp][] = [
    [
      'no number',
      load('1 2\n3 x'),
      'FormatError',
      /^bytes, line 2, column 2: 'x' is not float64\n {2}fix: check delimiter/,
    ],
    ['too large', load('300', { dtype: 'uint8' }), 'FormatError', /line 1, column 1: '300' is not an element of uint8/],
    ['uneven', load('1 2\n3'), 'FormatError', /line 2: 1 columns, where the rows before have 2\n {2}fix: .*usecols/],
    ['no column', load('1 2', { usecols: 2 }), 'FormatError', /line 1: no column 2 among 2\n {2}fix: .*count from 0/],
    [
      'quote',
      load('1 "2', { quotechar: '"' }),
      'FormatError',
      /line 1: a quote is opened and never closed\n {2}fix: close/,
    ],
    [
      'encoding',
      () => loadtxtSync(Uint8Array.from([0xff, 49])),
      'FormatError',
      /not utf-8.*\n {2}fix: .*encoding: 'latin1'/,
    ],
    [
      'unknown encoding',
      load('1', { encoding: 'x' }),
      'ArgumentError',
      /encoding 'x' is unknown\n {2}fix: use 'utf-8'/,
    ],
    ['delimiter', load('1', { delimiter: '||' }), 'ArgumentError', /delimiter is "\|\|"\n {2}fix: .*use genfromtxt/],
    ['same marks', load('1', { delimiter: '#' }), 'ArgumentError', /share a character\n {2}fix: choose/],
    ['empty mark', load('1', { comments: '' }), 'ArgumentError', /comments has an empty mark\n {2}fix: pass null/],
    [
      'skiprows',
      load('1', { skiprows: -1 }),
      'ArgumentError',
      /skiprows is -1\n {2}fix: pass skiprows as a whole number/,
    ],
    ['usecols', load('1', { usecols: [0.5] }), 'ArgumentError', /usecols has 0.5\n {2}fix: pass whole numbers/],
    ['ndmin', load('1', { ndmin: 3 as never }), 'ArgumentError', /ndmin is 3\n {2}fix: pass 0, 1 or 2/],
    ['option', load('1', { delim: 1 } as never), 'ArgumentError', /no option 'delim'\n {2}fix: use one of dtype, conv/],
    ['dtype', load('1', { dtype: 'U5' }), 'DTypeError', /fix: use one of/],
    [
      'fields',
      load('1', { dtype: [['a', 'f4']] as never }),
      'ArgumentError',
      /one dtype for all columns is needed\n {2}fix: pass it/,
    ],
    ['lines', () => loadtxtSync([1] as never), 'ArgumentError', /line 1 is not a string\n {2}fix: pass a path/],
    [
      'converter',
      load('1 a', { converters: { 1: String } }),
      'ArgumentError',
      /column 2: the converter gave string for 'a'\n/,
    ],
    ['converter column', load('1', { converters: { 4: Number } }), 'FormatError', /no column 4 among 1/],
    [
      'converter name',
      load('1', { converters: { x: Number } as never }),
      'ArgumentError',
      /name columns by their numbers/,
    ],
    ['converted', load('a', { dtype: 'int8', converters: () => 1.5 }), 'PrecisionError', /1.5 is not an integer/],
    [
      'names',
      gen('a b\n1 2', { names: true } as never),
      'ArgumentError',
      /no option 'names'\n {2}fix: names make structured/,
    ],
    [
      'rows',
      gen('1 2\n3\n4 5 6'),
      'FormatError',
      /2 columns expected, but line 2 has 1, line 3 has 3\n {2}fix: .*invalid_raise/,
    ],
    ['short rows', gen('1 2\n3', { usecols: 1 }), 'FormatError', /column 1 expected, but line 2 has 1/],
    ['strict', gen('1 x', { loose: false }), 'FormatError', /column 2: 'x' is not float64/],
    [
      'unsigned gap',
      gen('1,', { delimiter: ',', dtype: 'uint8' }),
      'PrecisionError',
      /-1, is no uint8\n {2}fix: pass filling_values/,
    ],
    [
      'filling',
      gen('x', { dtype: 'int8', filling_values: 300 }),
      'PrecisionError',
      /filling_values of column 0: 300 does not fit/,
    ],
    ['overflow', gen('300', { dtype: 'uint8' }), 'FormatError', /'300' is not an element of uint8/],
    ['both ends', gen('1', { max_rows: 1, skip_footer: 1 }), 'ArgumentError', /exclude each other\n {2}fix: pass one/],
    ['max_rows', gen('1', { max_rows: 0 }), 'ArgumentError', /max_rows is 0\n {2}fix: .*from 1/],
    ['widths', gen('1', { delimiter: [0] }), 'ArgumentError', /delimiter is \[0\]\n {2}fix: pass a string, a width/],
    ['0-d', save(1), 'ShapeError', /a 0-d array is no table\n {2}fix: reshape/],
    ['3-d', save(zeros([1, 1, 1])), 'ShapeError', /a 3-d array/],
    ['conversion', save([1], { fmt: '%q' }), 'ArgumentError', /'%q' is no conversion, in '%q'\n {2}fix: use %d %i/],
    ['star', save([1], { fmt: '%*d' }), 'ArgumentError', /is no conversion/],
    [
      'count',
      save([[1, 2]], { fmt: '%d %d %d' }),
      'ArgumentError',
      /takes 3 values, for 2 columns of float64\n {2}fix: pass one/,
    ],
    ['list', save([[1, 2]], { fmt: ['%d'] }), 'ArgumentError', /fmt has 1 formats/],
    ['pairs', save([[1, 2]], { fmt: ['%d', '%d%d'] }), 'ArgumentError', /another number of values/],
    ['type', save([1], { fmt: 3 as never }), 'ArgumentError', /fmt is 3/],
    ['hex', save([1.5], { fmt: '%x' }), 'ArgumentError', /cannot write float64\n {2}fix: use '%d', or convert/],
    ['nan', save([Number.NaN], { fmt: '%d' }), 'ArgumentError', /cannot write NaN\n {2}fix: use '%g'/],
    [
      'complex',
      () => formatted(parseFormat('%d', 's'), [new Complex(1)], 0, dtypes.complex128, 's'),
      'ArgumentError',
      /use '%s'/,
    ],
    [
      'save option',
      () => savetxtSync('x', [1], { sep: ',' } as never),
      'ArgumentError',
      /no option 'sep'\n {2}fix: use one of fmt/,
    ],
    [
      'raw size',
      () => fromfileSync(new Uint8Array(9)),
      'FormatError',
      /do not make 9 bytes\n {2}fix: check dtype, count/,
    ],
    [
      'raw count',
      () => fromfileSync(new Uint8Array(8), { count: 2 }),
      'FormatError',
      /2 elements of float64 do not make 8/,
    ],
    ['string', () => fromstring('1 x'), 'FormatError', /'x' is not float64/],
    [
      'string gap',
      () => fromstring('1,,2', { sep: ',' }),
      'FormatError',
      /nothing between separators at number 2\n {2}fix: check sep/,
    ],
    [
      'string count',
      () => fromstring('1', { count: 2 }),
      'FormatError',
      /2 numbers wanted, 1 found\n {2}fix: leave count out/,
    ],
  ];
  test.each(rows)('%s', (_, call, tag, message) => {
    let error: unknown;
    try {
      call();
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(OrthantError);
    expect(error).toMatchObject({ tag, message: expect.stringMatching(message) });
    expect(error).toHaveProperty('fix');
  });
});

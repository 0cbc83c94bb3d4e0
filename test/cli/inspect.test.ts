// `orthant inspect` on sound and on hostile files.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { inspect } from '../../cli/inspect/command.ts';
import * as np from '../../src/index.ts';
import { createZarr, createZarrGroup, type ZarrCreateOptions } from '../../src/io/zarr/create.ts';
import { runHere, useFolder } from './_here.ts';

const at = useFolder();
const run = (...args: readonly string[]) => runHere(inspect, ...args);

const whole = np.array(
  [
    [1, 2.5, -4],
    [Number.NaN, Number.POSITIVE_INFINITY, 0],
  ],
  { dtype: 'float32' },
);
const big = np.array([2n ** 60n, 2n ** 60n + 1n]);

beforeAll(() => {
  np.saveSync(at('a.npy'), whole);
  np.saveSync(at('fortran.npy'), np.asfortranarray(np.arange(6).reshape(2, 3)));
  np.saveSync(at('big.npy'), big);
  np.saveSync(at('bool.npy'), np.array([true, false, true]));
  np.saveSync(at('complex.npy'), np.array([new np.Complex(1, 2), new np.Complex(3)]));
  np.saveSync(at('empty.npy'), np.zeros([0, 3], { dtype: 'float16' }));
  np.saveSync(at('nan.npy'), np.full([2], Number.NaN));
  np.saveSync(at('scalar.npy'), np.array(3));
  writeFileSync(at('swapped.npy'), withHeader("'<i2'", "'>i2'", np.npyBytes(np.array([256, 513], { dtype: 'int16' }))));
  writeFileSync(at('trailing.npy'), Buffer.concat([np.npyBytes(np.arange(2)), Buffer.alloc(5, 'x')]));
  np.savez_compressedSync(at('packed.npz'), { x: np.arange(4e5) });
  np.savezSync(at('mixed.npz'), { x: np.arange(3), 'readme.txtx': np.arange(1) });
  // The same length, so that no offset changes.
  const mixed = readFileSync(at('mixed.npz'), 'latin1').replaceAll('readme.txtx.npy', 'readme.txt/.bin');
  writeFileSync(at('mixed.npz'), mixed.replaceAll('readme.txt/.bin', 'readme.txt     '), 'latin1');
  np.savezSync(at('two.npz'), { x: np.arange(100), y: np.array([[1n, 2n]]) });
  writeFileSync(at('t.csv'), 'name,height,n\r\n"a, b",1.5,3\r\nc,,4\r\nd,2,5\r\n');
  writeFileSync(at('plain.txt'), '1\t2\n3\t4\n');
  writeFileSync(at('steer.csv'), 'a\u001b[2J,b\n1,2\n');
});

interface Found {
  readonly files: readonly Record<string, unknown>[];
}
const json = async (file: string): Promise<Record<string, unknown>> => {
  const { status, output, errors } = await run('--json', at(file));
  expect([status, errors]).toEqual([0, '']);
  const { files }: Found = JSON.parse(output);
  return files[0];
};

describe('sound files', () => {
  test('an array: facts and statistics of the finite elements', async () => {
    expect(await json('a.npy')).toEqual({
      file: at('a.npy'),
      kind: 'npy',
      size: 152,
      arrays: [
        {
          shape: [2, 3],
          dtype: 'float32',
          order: 'C',
          bytes: 24,
          layout: { version: '1.0', endian: 'little', offset: 128 },
          statistics: {
            count: 6,
            min: -4,
            max: 2.5,
            mean: -0.125,
            std: Math.sqrt(5.796875),
            nan: 1,
            inf: 1,
            neginf: 0,
            zeros: 1,
            histogram: { from: -4, width: expect.any(Number), counts: expect.any(Array) },
          },
        },
      ],
    });
  });

  const array = (facts: object): object => ({ arrays: [facts] });
  test.each([
    ['fortran.npy', array({ order: 'F', dtype: 'float64', shape: [2, 3], statistics: { mean: 2.5 } })],
    ['swapped.npy', array({ dtype: 'int16', layout: { endian: 'big' }, statistics: { min: 1, max: 258 } })],
    ['trailing.npy', array({ shape: [2], layout: { trailing: 5 }, statistics: { max: 1 } })],
    ['big.npy', array({ statistics: { min: String(2n ** 60n), max: String(2n ** 60n + 1n), std: 0 } })],
    ['bool.npy', array({ dtype: 'bool', statistics: { mean: 2 / 3, zeros: 1 } })],
    ['complex.npy', array({ statistics: { mean: '(2+1j)', std: Math.SQRT2 } })],
    ['empty.npy', array({ shape: [0, 3], bytes: 0 })],
    ['nan.npy', array({ statistics: { mean: null, std: null, nan: 2, inf: 0, zeros: 0 } })],
    ['scalar.npy', array({ shape: [], statistics: { min: 3, max: 3, std: 0 } })],
    [
      'two.npz',
      {
        kind: 'npz',
        arrays: [
          { name: 'x', statistics: { mean: 49.5 }, layout: { codecs: [] } },
          { name: 'y', dtype: 'int64' },
        ],
      },
    ],
    ['packed.npz', array({ name: 'x', statistics: { max: 4e5 - 1 }, layout: { codecs: ['deflate'] } })],
    [
      't.csv',
      {
        kind: 'csv',
        table: {
          delimiter: ',',
          rows: 3,
          columns: [
            { name: 'name', holds: 'text', distinct: 3 },
            { name: 'height', holds: 'numbers', missing: 1, statistics: { min: 1.5, max: 2 } },
            { name: 'n', statistics: { mean: 4 } },
          ],
        },
      },
    ],
    ['plain.txt', { table: { delimiter: '\t', rows: 2, columns: [{ name: 'column 1' }, { name: 'column 2' }] } }],
  ])('%s as JSON', async (file, facts) => {
    expect(await json(file)).toMatchObject(facts);
  });

  test('an array as text ends with its preview', async () => {
    const { output } = await run(at('a.npy'));
    expect(output).toMatch(/^ {2}shape {5}\(2, 3\)$/m);
    expect(output).toMatch(/^ {2}NaN {7}1 \(16\.7 %\)$/m);
    expect(output).toMatch(/^ {2}values {4}-4 █ +█ +█ +█ 2\.5$/m);
    expect(output.endsWith(`\n\n${np.array2string(whole, { separator: ', ' })}\n`)).toBe(true);
  });

  test('an archive and a table as text', async () => {
    const archive = await run(at('two.npz'));
    expect(archive.output).toContain('.npz of 2 arrays');
    expect(archive.output).toContain('  [ 0.,  1.,  2., ..., 97., 98., 99.]\n');
    const csv = await run(at('t.csv'));
    expect(csv.output).toContain("table of 3 rows and 3 columns, separated by ','");
    expect(csv.output).toContain('text, 3 distinct');
  });

  test('a file cannot steer the terminal', async () => {
    const { output } = await run(at('steer.csv'));
    expect(output).toContain('a [2J');
    expect(output).not.toContain('\u001b');
  });
});

describe('several files', () => {
  test('one after another; what cannot be read is told and does not hide the others', async () => {
    const { status, output, errors } = await run(at('bool.npy'), at('absent.npy'), at('plain.txt'));
    expect(status).toBe(1);
    expect(output).toContain('bool.npy: .npy');
    expect(output).toContain('plain.txt: table of 2 rows');
    expect(errors).toMatch(/^orthant inspect: .*absent\.npy: no such file\n$/);
    const both = await run('--json', at('bool.npy'), at('absent.npy'));
    expect(JSON.parse(both.output)).toMatchObject({
      files: [{ file: at('bool.npy') }],
      failures: [{ file: at('absent.npy'), error: expect.stringContaining('no such file') }],
    });
  });

  test('a member that cannot be read does not hide the others', async () => {
    const { status, output } = await run(at('mixed.npz'));
    expect(status).toBe(1);
    expect(output).toMatch(/^x\n {2}shape/m);
    expect(output).toMatch(/^readme\.txt *\n {2}cannot be read: .* is not an array$/m);
  });
});

describe('Zarr', () => {
  beforeAll(async () => {
    await createZarrGroup(at('z.zarr'));
    for (const [path, options] of Object.entries({
      a: { shape: [5, 6], chunks: [2, 3], attributes: { units: 'K', deep: { n: [1] } }, dimension_names: ['t', 'x'] },
      b: { shape: [4], dtype: 'int32', fill_value: 7, compressor: 'none' },
    } satisfies Record<string, ZarrCreateOptions>)) {
      const store = await createZarr(at(`z.zarr/${path}`), options);
      if (path === 'a') await store.write?.({ start: [0, 0], shape: [5, 6] }, np.arange(30).reshape(5, 6));
      await store.close();
    }
    mkdirSync(at('broken.zarr'));
    writeFileSync(at('broken.zarr/zarr.json'), '{"zarr_format": 3, "node_type": "array"');
  });

  test('a hierarchy: chunks, codecs, fill value, stored bytes, attributes', async () => {
    expect(await json('z.zarr')).toMatchObject({
      kind: 'zarr',
      arrays: [
        {
          name: 'a',
          shape: [5, 6],
          layout: {
            version: 'Zarr 3',
            chunks: [2, 3],
            grid: [3, 2],
            codecs: [expect.stringContaining('zstd')],
            fill: '0',
            dimensions: ['t', 'x'],
            attributes: { units: 'K', deep: { n: [1] } },
          },
          statistics: { min: 0, max: 29, mean: 14.5 },
        },
        { name: 'b', dtype: 'int32', layout: { fill: '7', stored: 0 }, statistics: { min: 7, max: 7 } },
      ],
    });
    const { output } = await run(at('z.zarr'));
    expect(output).toContain('z.zarr: Zarr of 2 arrays');
    expect(output).toMatch(/^ {2}chunks +\(2, 3\), 3 × 2 of them$/m);
    expect(output).toMatch(/^ {2}\.units +"K"$/m);
  });

  test('an array inside, by its path, and documents that are damaged', async () => {
    expect(await json('z.zarr/a')).toMatchObject({ arrays: [{ shape: [5, 6] }] });
    const { status, errors } = await run(at('broken.zarr'));
    expect(status).toBe(1);
    expect(errors).toMatch(/^orthant inspect: .*zarr\.json.*\n$/);
  });
});

describe('the page', () => {
  test('one for all files, with pictures, and nothing from elsewhere', async () => {
    const page = at('page.html');
    const given = ['a.npy', 'two.npz', 't.csv', 'absent.npy', 'bool.npy', 'empty.npy', 'steer.csv'].map(at);
    const { status } = await run(...given, '--html', page);
    expect(status).toBe(1);
    const html = readFileSync(page, 'utf8');
    for (const file of given) expect(html).toContain(`<h2>${file}</h2>`);
    expect(html).toContain('Histogram of x');
    expect(html).toContain('no such file');
    expect(html).toMatch(/<img src="data:image\/png;base64,[^"]+" alt="Elements of the array" width="12" height="8"/);
    expect(html).not.toMatch(/<script|<link|src="http/);
    expect(html).not.toContain('\u001b');
  });

  test('that cannot be written leaves nothing', async () => {
    const { status, errors } = await run(at('a.npy'), '--html', at('no/such/page.html'));
    expect(status).toBe(1);
    expect(errors).toMatch(/no such file\n$/);
    expect(readdirSync(at('.')).filter((name) => name.includes('page.html.'))).toEqual([]);
  });
});

const sound = np.npyBytes(whole);
function withHeader(from: string, to: string, of = sound): Uint8Array {
  const text = Buffer.from(of).toString('latin1').replace(from, to.padEnd(from.length));
  return Buffer.from(text, 'latin1');
}
const hostile: Record<string, [Uint8Array | string, RegExp]> = {
  'nothing.csv': ['', /nothing\.csv is empty/],
  'nothing.npy': ['', /nothing\.npy is empty/],
  'text.npy': ['a,b\n1,2\n', /text\.npy is not a \.npy file/],
  'text.npz': ['a,b\n1,2\n', /text\.npz is not a \.npz file/],
  'cut.npy': [sound.subarray(0, 140), /cut\.npy/],
  'magic.npy': [sound.subarray(0, 7), /magic\.npy/],
  'huge.npy': [withHeader('(2, 3), }       ', '(9999999, 99), }'), /huge\.npy/],
  'object.npy': [withHeader("'<f4'", "'|O' "), /object\.npy/],
  'fields.npy': [withHeader("'<f4'", "[('a','<f4')]"), /fields\.npy/],
  'code.npy': [withHeader("'shape'", '__imp__'), /code\.npy/],
  'cut.npz': [Buffer.from('PK\x03\x04garbage'), /cut\.npz/],
  'binary.csv': [Uint8Array.of(1, 0, 2, 0), /binary\.csv holds neither arrays nor text/],
  'latin1.csv': [Uint8Array.of(0x61, 0x2c, 0xe9, 0x0a), /latin1\.csv is not text in UTF-8/],
  'ragged.csv': ['a,b\n1\n', /row 2 has another number of fields than the first \(1, 2\)/],
  'blank.csv': ['\n\n', /blank\.csv is no table: holds no rows/],
};

describe('files that are refused: one line, exit code 1', () => {
  beforeAll(() => {
    for (const [name, [bytes]] of Object.entries(hostile)) writeFileSync(at(name), bytes);
    if (process.platform !== 'win32') execFileSync('mkfifo', [at('pipe')]);
  });

  test.each(Object.entries(hostile))('%s', async (name, [, message]) => {
    const { status, output, errors } = await run(at(name));
    expect([status, output]).toEqual([1, '']);
    expect(errors).toMatch(message);
    expect(errors.startsWith('orthant inspect: ')).toBe(true);
    expect(errors.trimEnd().split('\n')).toHaveLength(1);
  });

  test.each([
    ['absent.npy', /absent\.npy: no such file\n$/],
    ['.', /is a directory, and none of Zarr: it holds no zarr\.json/],
    ['../../../../../../../../dev/zero', /zero is a device and no file; to fix it/],
    ['pipe', /pipe is a pipe and no file; to fix it/],
  ])('%s', async (name, message) => {
    const { status, errors } = await run(at(name));
    expect(status).toBe(1);
    expect(errors).toMatch(message);
  });
});

// `orthant inspect` on sound and on hostile files.
import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import * as np from '../../src/index.ts';
import { useCli } from './_cli.ts';

const { run, at } = useCli();

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
  np.savezSync(at('two.npz'), { x: np.arange(100), y: np.array([[1n, 2n]]) });
  writeFileSync(at('t.csv'), 'name,height,n\r\n"a, b",1.5,3\r\nc,,4\r\nd,2,5\r\n');
  writeFileSync(at('plain.txt'), '1\t2\n3\t4\n');
  writeFileSync(at('steer.csv'), 'a\u001b[2J,b\n1,2\n');
});

const json = async (file: string): Promise<Record<string, unknown>> => {
  const { status, output, errors } = await run('inspect', '--json', at(file));
  expect([status, errors]).toEqual([0, '']);
  return JSON.parse(output);
};

describe('sound files', () => {
  test('an array: facts and statistics of the finite elements', async () => {
    expect(await json('a.npy')).toEqual({
      file: at('a.npy'),
      kind: 'npy',
      size: 152,
      endian: 'little-endian',
      shape: [2, 3],
      dtype: 'float32',
      order: 'C',
      bytes: 24,
      statistics: { min: -4, max: 2.5, mean: -0.125, std: Math.sqrt(5.796875), nan: 1, inf: 1, nonzero: 5 },
    });
  });

  test.each([
    ['fortran.npy', { order: 'F', dtype: 'float64', shape: [2, 3] }],
    ['big.npy', { statistics: { min: String(2n ** 60n), max: String(2n ** 60n + 1n), std: 0 } }],
    ['bool.npy', { dtype: 'bool', statistics: { mean: 2 / 3, nonzero: 2 } }],
    ['complex.npy', { statistics: { mean: '(2+1j)', std: Math.SQRT2 } }],
    ['empty.npy', { shape: [0, 3], bytes: 0 }],
    ['nan.npy', { statistics: { mean: null, std: null, nan: 2, inf: 0, nonzero: 2 } }],
    [
      'two.npz',
      {
        kind: 'npz',
        arrays: [
          { name: 'x', statistics: { mean: 49.5 } },
          { name: 'y', dtype: 'int64' },
        ],
      },
    ],
    [
      't.csv',
      {
        delimiter: ',',
        rows: 3,
        columns: [
          { name: 'name', holds: 'text', distinct: 3 },
          { name: 'height', holds: 'numbers', missing: 1, statistics: { min: 1.5, max: 2 } },
          { name: 'n', statistics: { mean: 4 } },
        ],
      },
    ],
    ['plain.txt', { delimiter: '\t', rows: 2, columns: [{ name: 'column 1' }, { name: 'column 2' }] }],
  ])('%s as JSON', async (file, facts) => {
    expect(await json(file)).toMatchObject(facts);
  });

  test('an array as text ends with its preview', async () => {
    const { output } = await run('inspect', at('a.npy'));
    expect(output).toContain('shape     (2, 3)\n');
    expect(output).toContain('NaN       1\n');
    expect(output.endsWith(`\n${np.array_repr(whole)}\n`)).toBe(true);
  });

  test('an archive and a table as text', async () => {
    const archive = await run('inspect', at('two.npz'));
    expect(archive.output).toContain('.npz of 2 arrays');
    expect(archive.output).toContain('  [ 0.,  1., ..., 98., 99.]\n');
    const csv = await run('inspect', at('t.csv'));
    expect(csv.output).toContain("table of 3 rows and 3 columns, separated by ','");
    expect(csv.output).toContain('text, 3 distinct');
  });

  test('a file cannot steer the terminal', async () => {
    const { output } = await run('inspect', at('steer.csv'));
    expect(output).toContain('a [2J');
    expect(output).not.toContain('\u001b');
  });
});

const sound = np.npyBytes(whole);
const withHeader = (from: string, to: string): Uint8Array => {
  const text = Buffer.from(sound).toString('latin1').replace(from, to.padEnd(from.length));
  return Buffer.from(text, 'latin1');
};
const hostile: Record<string, [Uint8Array | string, RegExp]> = {
  'nothing.csv': ['', /nothing\.csv is empty/],
  'nothing.npy': ['', /nothing\.npy is not a \.npy file/],
  'text.npy': ['a,b\n1,2\n', /text\.npy is not a \.npy file/],
  'text.npz': ['a,b\n1,2\n', /text\.npz is not a \.npz file/],
  'cut.npy': [sound.subarray(0, 140), /cut\.npy/],
  'magic.npy': [sound.subarray(0, 7), /magic\.npy/],
  'huge.npy': [withHeader('(2, 3), }       ', '(9999999, 99), }'), /huge\.npy/],
  'object.npy': [withHeader("'<f4'", "'|O' "), /object\.npy/],
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
  });

  test.each(Object.entries(hostile))('%s', async (name, [, message]) => {
    const { status, output, errors } = await run('inspect', at(name));
    expect([status, output]).toEqual([1, '']);
    expect(errors).toMatch(message);
    expect(errors.startsWith('orthant inspect: ')).toBe(true);
    expect(errors.trimEnd().split('\n')).toHaveLength(1);
  });

  test.each([
    ['absent.npy', /absent\.npy: no such file\n$/],
    ['.', /is a directory; to fix it/],
  ])('%s', async (name, message) => {
    const { status, errors } = await run('inspect', at(name));
    expect(status).toBe(1);
    expect(errors).toMatch(message);
  });
});

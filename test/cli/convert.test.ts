// `orthant convert`: every format into every other and back with the same elements, and what it refuses.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { convert } from '../../cli/convert/command.ts';
import * as np from '../../src/index.ts';
import { runHere, useFolder } from './_here.ts';

const at = useFolder();
const run = (...args: readonly string[]) => runHere(convert, ...args);

const x = np.divide(np.arange(600).reshape(50, 12), 7);
np.saveSync(at('x.npy'), x);
np.savezSync(at('two.npz'), { x, n: np.arange(5n) });

const read = async (path: string): Promise<np.NDArray> => (await (await np.chunked.open(path)).compute()) as np.NDArray;

test.each([
  ['x.npy', 'a.zarr', ['--chunks', '20,-1', '--compressor', 'gzip', '--level', '3']],
  ['a.zarr', 'b.zarr', ['--zarr-version', '2', '--chunks', '7,5']],
  ['b.zarr', 'c.npz', ['--name', 'q', '--compressed']],
  ['c.npz#q', 'd.csv', []],
  ['d.csv', 'e.npy', []],
  ['two.npz#x', 'f.tsv', []],
  ['f.tsv', 'g.npz', []],
] as const)('%s to %s', async (from, to, options) => {
  const done = await run(at(from), at(to), ...options, '--json');
  expect([done.status, done.errors]).toEqual([0, '']);
  expect(JSON.parse(done.output)).toMatchObject({ shape: [50, 12], dtype: 'float64', bytes: 4800 });
  if (/\.(csv|tsv)$/.test(to))
    expect(np.array_equal(np.loadtxtSync(at(to), { delimiter: to.endsWith('csv') ? ',' : '\t' }), x)).toBe(true);
  else expect(np.array_equal(await read(at(to)), x)).toBe(true);
});

test('tables with names, gaps, integers and other dtypes', async () => {
  writeFileSync(at('t.csv'), 'when,what\n1,2.5\n2,\n3,nan\n');
  expect((await run(at('t.csv'), at('t.npy'), '--dtype', 'float32')).status).toBe(0);
  const t = np.loadSync(at('t.npy'), { kind: 'npy' });
  expect([t.dtype.name, t.tolist()]).toEqual([
    'float32',
    [
      [1, 2.5],
      [2, Number.NaN],
      [3, Number.NaN],
    ],
  ]);
  expect((await run(at('two.npz#n'), at('n.txt'))).status).toBe(0);
  expect(readFileSync(at('n.txt'), 'utf8')).toBe('0\n1\n2\n3\n4\n');
  expect((await run(at('n.txt'), at('n.npy'), '--dtype', 'int64')).status).toBe(0);
  expect(np.loadSync(at('n.npy'), { kind: 'npy' }).dtype.name).toBe('int64');
});

writeFileSync(at('ragged.csv'), '1,2\n3\n');
writeFileSync(at('text.csv'), 'a,b\n1,x\n');
writeFileSync(at('there.npy'), 'kept');
test.each([
  ['x.npy', 'there.npy', [], 1, 'is there already'],
  ['missing.npy', 'o.npy', [], 1, 'no such file'],
  ['two.npz', 'o.npy', [], 1, 'say which'],
  ['x.npy', 'o.tif', [], 1, 'names no format'],
  ['x.npy', 'o.npy', ['--chunks', '5'], 2, 'says nothing about'],
  ['x.npy', 'o.zarr', ['--chunks', 'many'], 2, 'takes whole numbers'],
  ['x.npy', 'o.zarr', ['--compressor', 'rar'], 1, 'compressor'],
  ['x.npy', 'o.npy', ['--memory', '1000'], 1, 'a block would take'],
  ['x.npy', 'o.npy', ['--dtype', 'int7'], 1, 'is not a dtype'],
  ['ragged.csv', 'o.npy', [], 1, 'row 2 has 1 fields'],
  ['text.csv', 'o.npy', [], 1, "'x' in row 2, column 2"],
] as const)('%s to %s %j is refused, and nothing is left', async (from, to, options, status, why) => {
  const before = readdirSync(at('.'));
  const done = await run(at(from), at(to), ...options);
  expect(done.status).toBe(status);
  expect(done.errors).toContain(why);
  expect(readdirSync(at('.'))).toEqual(before);
  expect(readFileSync(at('there.npy'), 'utf8')).toBe('kept');
  expect(existsSync(at('o.npy'))).toBe(false);
});

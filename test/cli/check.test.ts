// `orthant check` as CI runs it: files that hold and files that do not, reports, and files that are none.

import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import * as np from '../../src/index.ts';
import { createZarr } from '../../src/io/zarr/create.ts';
import { runHere, useFolder } from './_here.ts';

const at = useFolder();
const run = (...args: readonly string[]) => runHere(check, ...args);
const text = (name: string, content: unknown): string => {
  writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
  return at(name);
};

const one = text('one.json', { version: 1, arrays: { x: { array: 'float64[n, 3]', nan: false } } });
const two = text('two.json', { version: 1, arrays: { x: 'float64[n, d]', w: 'float64[d]' } });
np.saveSync(at('good.npy'), np.ones([4, 3]));
np.saveSync(at('bad.npy'), np.ones([4, 2]));
np.saveSync(at('nan.npy'), np.full([1, 3], Number.NaN));
np.saveSync(at('w.npy'), np.ones([3]));
np.savezSync(at('good.npz'), { x: np.ones([4, 3]), w: np.ones([3]), other: np.ones([1]) });
np.savezSync(at('bad.npz'), { x: np.ones([4, 3]), w: np.ones([4]) });
text('no.npy', 'this is no array');
const ranged = text('ranged.json', { version: 1, arrays: { x: { array: 'float64[*, ...]', min: 0, inf: false } } });
const ordered = text('ordered.json', { version: 1, arrays: { x: { array: 'float64[*, *]', order: 'C' } } });
np.saveSync(at('fortran.npy'), np.asfortranarray(np.ones([2, 3])));
/** Two million zeros, and one element: several blocks. */
const large = np.zeros([2000, 1000]);
np.saveSync(at('zeros.npy'), large);
large.set([1999, 998], -3);
np.saveSync(at('below.npy'), large);
np.savez_compressedSync(at('below.npz'), { x: large });

beforeAll(async () => {
  for (const [name, values] of Object.entries({ 'sound.zarr': np.ones([20, 3]), 'below.zarr': large })) {
    const store = await createZarr(at(name), {
      shape: values.shape,
      chunks: values.shape.map((n) => Math.ceil(n / 2)),
    });
    await store.write?.({ start: [0, 0], shape: values.shape }, values);
    await store.close();
  }
  // A member whose last byte is another: only its checksum tells.
  const bytes = readFileSync(at('below.npz'));
  bytes[bytes.length - 200] ^= 1;
  writeFileSync(at('damaged.npz'), bytes);
});

test.each<[name: string, args: () => string[], status: number, output: RegExp]>([
  ['what holds', () => [one, at('good.npy')], 0, /ok {4}.*good\.npy\n1 of 1 hold/],
  ['a violation', () => [one, at('good.npy'), at('bad.npy')], 1, /dimension 1 is 2 instead of 3\n1 of 2 hold/],
  ['NaN', () => [one, at('nan.npy')], 1, /NaN among its elements/],
  ['an archive', () => [two, at('good.npz')], 0, /1 of 1 hold/],
  ['lengths that disagree', () => [two, at('bad.npz')], 1, /d = 3 from x, dimension 1/],
  ['named files', () => [two, `x=${at('good.npy')}`, `w=${at('w.npy')}`], 0, /1 of 1 hold/],
  ['a name that is missing', () => [two, `x=${at('good.npy')}`], 1, /w \(float64\[d\]\): missing/],
  ['a file that is no array', () => [one, at('no.npy')], 1, /FAIL/],
  [
    'a file that is not there',
    () => [one, at('none.npy'), at('good.npy')],
    1,
    /none\.npy: no such file\nok {4}.*\n1 of 2/,
  ],
  ['a directory', () => [one, '/'], 1, /is a directory, and none of Zarr/],
  ['a table', () => [one, one], 1, /one\.json is text, not an array/],
  ['several blocks', () => [ranged, at('zeros.npy')], 0, /1 of 1 hold/],
  [
    'the last of several blocks',
    () => [ranged, at('below.npy')],
    1,
    /least element -3 at \[1999, 998\], the bound is 0/,
  ],
  ['a compressed archive', () => [ranged, at('below.npz')], 1, /least element -3 at \[1999, 998\]/],
  ['a damaged archive', () => [ranged, at('damaged.npz')], 1, /FAIL.*\n.*(checksum|damaged)/],
  ['Zarr', () => [one, at('sound.zarr')], 0, /1 of 1 hold/],
  ['Zarr that does not hold', () => [ranged, at('below.zarr')], 1, /least element -3 at \[1999, 998\]/],
  ['a named Zarr array', () => [two, `x=${at('sound.zarr')}`, `w=${at('w.npy')}`], 0, /1 of 1 hold/],
  ['memory order', () => [ordered, at('good.npy'), at('fortran.npy')], 1, /not C-contiguous\n1 of 2 hold/],
])('%s', async (_, args, status, output) => {
  const outcome = await run(...args());
  expect(outcome.errors).toBe('');
  expect(outcome.output).toMatch(output);
  expect(outcome.status).toBe(status);
});

test('JSON and JUnit', async () => {
  const xml = at('report.xml');
  const { output, status } = await run(one, at('good.npy'), at('bad.npy'), '--json', '--junit', xml);
  expect(status).toBe(1);
  expect(JSON.parse(output)).toMatchObject({
    failures: 1,
    outcomes: [{ name: at('good.npy') }, { name: at('bad.npy') }],
  });
  const report = readFileSync(xml, 'utf8');
  expect(report).toContain('<testsuite name="orthant check" tests="2" failures="1">');
  expect(report).toMatch(/<testcase [^>]*bad\.npy"><failure message="[^"]*instead of 3"\/>/);
});

test('the runtime against a manifest', async () => {
  const manifest = np.lock(at('lock.json'));
  expect(np.drift(JSON.parse(readFileSync(at('lock.json'), 'utf8')))).toEqual([]);
  const changed = { ...manifest, locked: { ...manifest.locked, orthant: '0.0.1', gone: 'yes' } };
  expect(np.drift(changed).map((d) => d.name)).toEqual(['gone', 'orthant']);
  expect(() => np.drift({ version: 2 })).toThrow(np.ArgumentError);
  const { output, status } = await run('--lock', text('changed.json', changed));
  expect(status).toBe(1);
  expect(output).toMatch(/orthant is \S+, locked was 0\.0\.1/);
});

test.each<[args: () => string[], status: number, message: RegExp]>([
  [() => [], 2, /CONTRACT and FILE, or --lock, are missing/],
  [() => [one], 2, /FILE is missing/],
  [() => [two, at('good.npy')], 2, /say which .*good\.npy is/],
  [() => [at('none.json'), at('good.npy')], 1, /none\.json: no such file/],
  [() => [text('broken.json', '{'), at('good.npy')], 1, /broken\.json is not JSON/],
  [() => [text('other.json', {}), at('good.npy')], 1, /not a contract of version 1/],
  [() => [one, `y=${at('good.npy')}`], 2, /the contract has no 'y': it has x/],
  [() => [text('bad.json', { version: 1, arrays: { x: { array: 'any', min: '0' } } }), one], 1, /'min' is "0"/],
  [() => [text('huge.json', { version: 1, arrays: { x: 'float65[n]' } }), one], 1, /'float65' is neither a dtype/],
  [() => [one, at('good.npy'), '--junit', '/no/such/folder/report.xml'], 1, /no such file/],
])('refused %#', async (args, status, message) => {
  const outcome = await run(...args());
  expect(outcome.errors).toMatch(message);
  expect(outcome.status).toBe(status);
});

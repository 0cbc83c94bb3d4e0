// Configuration rows: defaults, environment, parsing, refusals, change events.
import { afterEach, expect, test, vi } from 'vitest';
import { type ConfigName, config, configRows } from '../../src/base/config.ts';
import { ArgumentError } from '../../src/base/errors.ts';
import { events } from '../../src/base/events.ts';

const variables = Object.values(configRows).flatMap((row) => row.env);

afterEach(() => {
  vi.unstubAllEnvs();
  config.reset();
});

/** A clean environment but for these variables. */
function environment(set: Record<string, string>): void {
  for (const name of variables) vi.stubEnv(name, set[name] ?? '');
  for (const [name, text] of Object.entries(set)) vi.stubEnv(name, text);
  config.reset();
}

test.each(Object.entries(configRows))('%s is a complete row', (_, row) => {
  expect(row.env[0]).toMatch(/^ORTHANT_[A-Z0-9_]+$/);
  expect(row.doc).toMatch(/\.$/);
  expect(row.accepts).not.toBe('');
});

test('without an environment the defaults hold', () => {
  environment({});
  for (const { name, value, source } of config.entries()) {
    expect([name, value, source]).toEqual([name, configRows[name].default, 'default']);
  }
});

const parsed: [ConfigName, string, unknown][] = [
  ['promote.uint64_int64', 'float64', 'float64'],
  ['threads', '4', 4],
  ['threads', 'auto', null],
  ['threads', '3,2', 3],
  ['blas', 'embedded', 'embedded'],
  ['blas', '/opt/lib/libopenblas.so.0', '/opt/lib/libopenblas.so.0'],
  ['determinism', 'bitwise', 'bitwise'],
  ['debug.redzones', 'on', true],
  ['debug.redzones', '1', true],
  ['debug.redzones', 'false', false],
  ['memory.limit', '1000', 1000],
  ['memory.limit', '512MiB', 512 * 2 ** 20],
  ['memory.limit', '1.5 GB', 1.5e9],
  ['memory.limit', 'auto', null],
  ['memory.limit', 'unlimited', Number.POSITIVE_INFINITY],
];

test.each(parsed)('%s takes %j from the environment and from set', (name, text, value) => {
  const variable = configRows[name].env[0];
  environment({ [variable]: text });
  expect([config.get(name), config.source(name)]).toEqual([value, variable]);
  environment({});
  config.set(name, text);
  expect([config.get(name), config.source(name)]).toEqual([value, 'set']);
});

const refused: [ConfigName, string][] = [
  ['promote.uint64_int64', 'int64'],
  ['threads', '0'],
  ['threads', '2.5'],
  ['threads', 'many'],
  ['blas', 'mkl'],
  ['determinism', 'STABLE'],
  ['debug.redzones', 'toString'],
  ['debug.redzones', 'yes'],
  ['memory.limit', '-1'],
  ['memory.limit', '1 parsec'],
  ['memory.limit', '5 toString'],
  ['memory.limit', 'NaN'],
];

test.each(refused)('%s refuses %j, naming where it came from', (name, text) => {
  const variable = configRows[name].env[0];
  environment({ [variable]: text });
  expect(() => config.get(name)).toThrow(ArgumentError);
  expect(() => config.get(name)).toThrow(variable);
  expect(() => config.set(name, text)).toThrow(configRows[name].accepts);
});

test('the first environment variable of a row wins', () => {
  environment({ OMP_NUM_THREADS: '8' });
  expect([config.get('threads'), config.source('threads')]).toEqual([8, 'OMP_NUM_THREADS']);
  environment({ OMP_NUM_THREADS: '8', ORTHANT_NUM_THREADS: '2' });
  expect([config.get('threads'), config.source('threads')]).toEqual([2, 'ORTHANT_NUM_THREADS']);
});

test('set takes values as they are typed, and reset forgets them', () => {
  environment({});
  config.set('memory.limit', 4096);
  config.set('threads', 3);
  expect([config.get('memory.limit'), config.get('threads')]).toEqual([4096, 3]);
  config.reset('threads');
  expect([config.get('memory.limit'), config.get('threads')]).toEqual([4096, null]);
});

test('a name that is no row is refused', () => {
  expect(() => config.get('thread' as ConfigName)).toThrow("'thread' is not a configuration row");
  expect(() => config.set('toString' as ConfigName, 'x')).toThrow(ArgumentError);
});

test('misspelt variables can be listed', () => {
  environment({ ORTHANT_NUM_THREAD: '4' });
  expect(config.unknownEnv()).toEqual(['ORTHANT_NUM_THREAD']);
});

test('a change is an event', () => {
  const seen: unknown[] = [];
  using _ = events.on('config.change', (event) => seen.push(event));
  config.set('determinism', 'fast');
  config.reset('determinism');
  expect(seen).toEqual([
    { name: 'determinism', value: 'fast' },
    { name: 'determinism', value: 'stable' },
  ]);
});

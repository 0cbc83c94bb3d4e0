// The module of cases in docs/guide/benchmarking.md is run by the command, and its other blocks name options that exist.
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { bench } from '../../cli/bench/command.ts';
import { buildExecutor } from '../executor_module.ts';
import { useCli } from './_cli.ts';

const { run, at } = useCli();
beforeAll(buildExecutor); // for np.async
const guide = readFileSync('docs/guide/benchmarking.md', 'utf8');
const blocks = (language: string): string[] =>
  [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language).map(([, , text]) => text);

test('its cases run', async () => {
  const [module] = blocks('js');
  writeFileSync(at('my_cases.mjs'), module);
  const tiny = ['--processes', '1', '--runs', '2', '--time', '0.01'];
  const { status, output, errors } = await run('bench', '--cases', at('my_cases.mjs'), '--json', ...tiny);
  expect([status, errors]).toEqual([0, '']);
  const told = JSON.parse(output);
  expect(told.failures).toEqual({});
  expect(told.cases.map(({ name }: { name: string }) => name)).toEqual([
    'score a batch',
    'answer away from the event loop',
  ]);
  // The fields that the block for programs reads.
  expect(told.cases[0].samples.flat().length).toBeGreaterThan(0);
  expect([Array.isArray(told.warnings), typeof told.disturbance.others]).toEqual([true, 'number']);
});

test('its options exist, and its exit codes are those of --help', () => {
  const commands = [...blocks('sh'), ...blocks('yaml')].join('\n').match(/orthant bench.*/g) ?? [];
  const named = commands.join(' ').match(/--[a-z]+/g) ?? [];
  expect(named.length).toBeGreaterThan(8);
  for (const option of named) expect(Object.keys(bench.options)).toContain(option.slice(2));
  for (const [code, meaning] of Object.entries(bench.exits ?? {})) {
    expect(guide).toContain(`| ${code} | ${meaning.split(':')[0]}`);
  }
});

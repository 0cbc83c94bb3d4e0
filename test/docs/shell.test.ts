// Runs the commands of README.md and docs/: lines of ```sh blocks, and of workflows and images that say `npx orthant`.
// What cannot run here stands in a table with the reason; of the options of `orthant` it must at least be true that
// they exist. Code blocks in TypeScript are examples.test.ts.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as np from '../../src/index.ts';
import { useCli } from '../cli/_cli.ts';
import { blocksOf } from './_blocks.ts';

const notRun: readonly { readonly line: RegExp; readonly why: string }[] = [
  { line: /^npm (start|test|install|ci)\b/, why: 'runs the whole project, these tests included' },
  { line: /^orthant (tour|bench|monitor)\b/, why: 'lasts, or does not end by itself: test/cli runs it' },
  { line: /\bnode .*\w+\.m?js\b/, why: "a program of the reader's" },
];

const { main, at } = useCli();
const lines = [
  ...blocksOf('sh').flatMap(({ path, line, code }) =>
    code.split('\n').map((text, i) => ({ where: `${path}:${line + i}`, text })),
  ),
  ...[...blocksOf('yaml'), ...blocksOf('dockerfile')].flatMap(({ path, line, code }) =>
    code.split('\n').flatMap((text, i) => {
      const command = /\b(?:run:|RUN) npx (orthant .*)/.exec(text)?.[1];
      return command === undefined ? [] : [{ where: `${path}:${line + i}`, text: command }];
    }),
  ),
]
  .map(({ where, text }) => ({ where, command: text.replace(/(^|\s)#.*$/, '').trim() }))
  .filter(({ command }) => command !== '');

const runnable = lines
  .filter(({ command }) => !notRun.some(({ line }) => line.test(command)))
  .filter((it, i, all) => all.findIndex(({ command }) => command === it.command) === i);
const leftOut = lines.filter(({ command }) => notRun.some(({ line }) => line.test(command)));

/** The process $PID that the pages speak of. */
const looked = spawn('sleep', ['600'], { stdio: 'ignore' });
afterAll(() => {
  looked.kill();
});

/** Their files. */
beforeAll(() => {
  for (const folder of ['bin', 'data']) mkdirSync(at(folder));
  writeFileSync(at('bin/orthant'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(at('bin/orthant'), 0o755);
  const [contract] = blocksOf('json').filter(({ path }) => path.endsWith('ci.md'));
  writeFileSync(at('contract.json'), contract.code);
  const [x, w] = [np.ones([4, 3]), np.ones([3])];
  for (const path of ['features.npz', 'data/features.npz']) np.savezSync(at(path), { x, w });
  np.saveSync(at('features.npy'), x);
  np.saveSync(at('weights.npy'), w);
  np.lock(at('orthant-lock.json'));
});

test.each(runnable)('$where $command', { timeout: 60_000 }, ({ command }) => {
  const folder = dirname(at('bin'));
  const { status, stderr } = spawnSync('sh', ['-c', command], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${at('bin')}${delimiter}${process.env.PATH}`, PID: String(looked.pid) },
  });
  expect(stderr).toBe('');
  if (command.startsWith('orthant doctor'))
    expect([0, 1]).toContain(status); // 1: this machine has a finding
  else expect(status).toBe(0);
});

test.each(leftOut.filter(({ command }) => command.startsWith('orthant ')))(
  '$where $command: options',
  ({ command }) => {
    const [, name, ...rest] = command.split(/\s+/);
    const { stdout, status } = spawnSync(process.execPath, [main, 'help', name], { encoding: 'utf8' });
    expect(status).toBe(0);
    const options = rest.filter((word) => word.startsWith('-')).map((word) => word.split('=', 1)[0]);
    expect(stdout.split(/[\s,]+/)).toEqual(expect.arrayContaining(options));
  },
);

test('every reason is needed', () => {
  for (const { line } of notRun)
    expect(
      leftOut.some(({ command }) => line.test(command)),
      String(line),
    ).toBe(true);
  expect(runnable.length).toBeGreaterThan(5);
});

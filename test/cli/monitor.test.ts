// `orthant monitor` against a monitor of this process, and processes that ORTHANT_MONITOR starts one in.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, lastView } from '../../cli/monitor/stream.ts';
import * as np from '../../src/index.ts';
import { bundledText } from '../../tools/bundled_text.mjs';
import { useCli } from './_cli.ts';

const { run } = useCli();
const token = 'cli-test-token';
let watched: np.Monitor;
let port = '';
let timer: ReturnType<typeof setInterval>;
beforeAll(async () => {
  watched = await np.monitor({ interval: 100, token });
  ({ port } = new URL(watched.url));
  const a = np.ones([1000]);
  timer = setInterval(() => np.add(a, 1), 10);
});
afterAll(async () => {
  clearInterval(timer);
  await watched.close();
});

test('once, as text and as JSON', async () => {
  const text = await run('monitor', port, '--once', '--token', token);
  expect(text).toMatchObject({ status: 0, errors: '' });
  expect(text.output).toMatch(/\(process \d+\), node \d/);
  expect(text.output).toMatch(/^ {2}arrays {6}[█░]{20} {2}\S+ \S+ of /m);
  expect(text.output).toContain('operations of the last minute');
  expect(text.output).toMatch(/^ {2}add +\d/m);
  const json = await run('monitor', watched.url, '--once', '--json', '--token', token);
  expect(JSON.parse(json.output)).toMatchObject({ subject: { pid: process.pid }, tick: { memory: {} } });
});

test('lines where there is no terminal; one object per tick', async () => {
  const { status, output } = await run('monitor', `127.0.0.1:${port}`, '--ticks', '2', '--token', token);
  expect(status).toBe(0);
  const lines = output.trim().split('\n');
  expect(lines.filter((line) => /^\d\d:\d\d:\d\d {2}arrays .* {2}processors /.test(line))).toHaveLength(2);
  const json = await run('monitor', port, '--ticks', '1', '--json', '--token', token);
  const objects = json.output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(objects[0].subject.pid).toBe(process.pid);
  expect(objects[objects.length - 1].point.calls).toBeGreaterThan(0);
});

test('the address of the page', async () => {
  expect((await run('monitor', `${port}`, '--url', '--token', token)).output).toBe(`${watched.url}\n`);
});

test('wrong usage', async () => {
  const extra = await run('monitor', port, 'x');
  expect([extra.status, extra.output, extra.errors.trim().split('\n').length]).toEqual([2, '', 1]);
  const none = await run('monitor');
  expect(none.status).toBe(2);
  expect(none.errors).toMatch(/PORT or URL is missing; to have one, start the process with ORTHANT_MONITOR=9100/);
  const wrong = await run('monitor', port, '--token', 'wrong-token');
  expect(wrong).toMatchObject({ status: 1, output: '' });
  expect(wrong.errors).toMatch(/the token is wrong; to fix it: pass --token/);
});

test.each<[where: string, token: string | undefined, message: RegExp]>([
  ['', undefined, /a token is needed/],
  ['', 'wrong-token', /the token is wrong/],
  ['1', undefined, /127\.0\.0\.1:1: nothing listens there\n.*start the process with ORTHANT_MONITOR=1, or call/],
  ['http://', undefined, /'http:\/\/' is no address/],
  ['https://127.0.0.1:9', undefined, /a monitor speaks http/],
  ['::::', undefined, /is no address/],
])('%s with token %s is refused', async (where, given, message) => {
  const reading = async () => lastView(addressOf(where === '' ? port : where), given);
  await expect(reading()).rejects.toThrow(message);
  await expect(reading()).rejects.toBeInstanceOf(np.ArgumentError);
});

test('a server that is something else', async () => {
  const other = createServer((_, response) => response.end('<p>hello</p>')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const where = typeof address === 'object' && address !== null ? String(address.port) : '';
  await expect(lastView(addressOf(where), undefined)).rejects.toThrow(/this is no monitor \(status 200\)/);
  other.close();
});

describe('ORTHANT_MONITOR', () => {
  const folder = resolve(`node_modules/.cache/orthant/monitored.${process.pid}`);
  beforeAll(async () => {
    await build({
      entryPoints: { monitor: 'src/monitor.ts', index: 'src/index.ts' },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true, // as in dist/
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      plugins: [bundledText],
      logLevel: 'warning',
    });
    const job = (text: string): string => `import * as np from './index.mjs';\nconst a = np.ones([1000]);\n${text}`;
    writeFileSync(join(folder, 'short.mjs'), job('np.add(a, 1);'));
    // Not one turn of the event loop, for as long as nobody has looked.
    writeFileSync(
      join(folder, 'long.mjs'),
      job(`const end = Date.now() + 20_000; import { existsSync } from 'node:fs';
while (Date.now() < end && !existsSync('${join(folder, 'seen')}')) np.add(a, 1);`),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function start(
    env: Record<string, string>,
    ...args: string[]
  ): { child: ChildProcess; told: () => string; exit: Promise<unknown[]> } {
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env } });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text;
    });
    return { child, told: () => told, exit: once(child, 'exit') };
  }

  test('does not keep a process alive', async () => {
    const { told, exit } = start({ ORTHANT_MONITOR: '0' }, 'short.mjs');
    const [code] = await exit;
    expect(code, told()).toBe(0);
    expect(told()).toMatch(/^(orthant monitor: http:\/\/127\.0\.0\.1:\d+\/\n)?$/); // where it came to listening
  });

  test('watches a program that computes from its first line', async () => {
    const { child, told, exit } = start({ ORTHANT_MONITOR: '0' }, '--import', './monitor.mjs', 'long.mjs');
    const url = await new Promise<string>((found, lost) => {
      exit.then(() => lost(new Error(told())));
      child.stderr?.on('data', () => {
        const [address] = /http:\S+/.exec(told()) ?? [];
        if (address !== undefined) found(address);
      });
    });
    const { status, output } = await run('monitor', url, '--ticks', '2', '--json');
    writeFileSync(join(folder, 'seen'), '');
    const [code] = await exit;
    expect([code, status]).toEqual([0, 0]);
    const views = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(views[views.length - 1].operations[0].op).toBe('add');
    expect(views[views.length - 1].point.calls).toBeGreaterThan(100);
  });

  test.each<[value: string, message: RegExp]>([
    ['lots', /environment variable ORTHANT_MONITOR: 'monitor' cannot be 'lots'; to fix it: give a port/],
    ['0.0.0.0:0', /other machines reach 0\.0\.0\.0, and there is no token; to fix it/],
    ['192.0.2.1:0', /'192\.0\.2\.1' is no address of this machine/],
  ])('%s is told in one line and harms nothing', async (value, message) => {
    const { told, exit } = start({ ORTHANT_MONITOR: value }, '--import', './monitor.mjs', 'short.mjs');
    const [code] = await exit;
    expect(code, told()).toBe(0);
    expect(told()).toMatch(message);
    expect(told().trim().split('\n')).toHaveLength(1);
  });
});

// The monitor's server as clients meet it: page, stream, JSON; token, names, methods; limits; what its end leaves open.
import { once } from 'node:events';
import { get, request } from 'node:http';
import { connect, createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { events } from '../../src/base/events.ts';
import { Figures } from '../../src/diag/monitor/figures.ts';
import { MonitorServer } from '../../src/diag/monitor/server.ts';
import type { View, Welcome } from '../../src/diag/monitor/tick.ts';
import * as np from '../../src/index.ts';
import { tracing } from '../../src/memory/tracing.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const m of open.splice(0)) await m.close();
});
async function started(options: np.MonitorOptions = {}): Promise<np.Monitor> {
  const m = await np.monitor({ interval: 100, ...options });
  open.push(m);
  return m;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}
function ask(url: string, options: Record<string, unknown> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const r = request(url, options, async (response) => {
      let body = '';
      for await (const part of response.setEncoding('utf8')) body += part;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    r.on('error', reject).end();
  });
}

/** Messages of the stream until `enough`. */
async function listen(url: string, enough: (event: string, data: never) => boolean): Promise<[string, unknown][]> {
  const seen: [string, unknown][] = [];
  const [response] = await once(get(new URL('/events', url)), 'response');
  expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  let rest = '';
  for await (const part of response.setEncoding('utf8')) {
    rest += part;
    const messages = rest.split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const [, event, json] = /^event: (\w+)\ndata: (.*)$/m.exec(message) ?? [];
      if (event === undefined) continue;
      const data = JSON.parse(json);
      seen.push([event, data]);
      if (enough(event, data as never)) {
        response.destroy();
        return seen;
      }
    }
  }
  return seen;
}

test('page, JSON and stream', async () => {
  const m = await started();
  expect(m.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const page = await ask(m.url);
  expect(page.status).toBe(200);
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(page.body).not.toMatch(/(?:src|href)="(?!data:|\/view)/); // nothing is fetched from anywhere
  expect(page.headers['x-content-type-options']).toBe('nosniff');
  for (let i = 0; i < 5; i++) np.add(np.ones([10]), i);
  const seen = await listen(m.url, (event, view: View) => event === 'view' && view.operations.length > 0);
  expect(seen[0][0]).toBe('welcome');
  expect((seen[0][1] as Welcome).subject).toMatchObject({ pid: process.pid, interval: 100 });
  const view = seen[seen.length - 1][1] as View;
  expect(view.operations.find(({ op }) => op === 'add')?.calls).toBe(5);
  const json = await ask(new URL('/view', m.url).href);
  expect(JSON.parse(json.body)).toMatchObject({ subject: { pid: process.pid }, point: {}, operations: [{}] });
});

test('somebody who comes later gets the past', async () => {
  const m = await started();
  await listen(m.url, (_, data: View & Welcome) => (data.point?.at ?? 0) > 0 && data.tick.milliseconds > 0);
  const [[event, welcome]] = await listen(m.url, () => true);
  expect(event).toBe('welcome');
  expect((welcome as Welcome).points.length).toBeGreaterThanOrEqual(1);
});

test('figures come while the event loop stands still, and then the operation is named', async () => {
  const m = await started();
  const heard = listen(m.url, (event) => event === 'view');
  await heard;
  // Nothing of this thread runs between two operations: the figures are those of the loop's own middle.
  const end = performance.now() + 450;
  while (performance.now() < end) np.add(np.ones([10]), 1);
  const { points } = (await listen(m.url, () => true))[0][1] as Welcome;
  expect(points.filter(({ calls }) => calls > 0).length).toBeGreaterThanOrEqual(3);
  // And one operation that lasts: the monitor's thread says so by itself.
  const silent = listen(m.url, (event) => event === 'silence');
  await new Promise((turn) => setTimeout(turn, 150));
  events.emit('exec.begin', { op: 'linalg.svd' });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
  const said = (await silent).pop();
  expect(said?.[1]).toMatchObject({ op: 'linalg.svd' });
});

test.each<[what: string, path: string, options: Record<string, unknown>, status: number, words: string]>([
  ['POST', '/', { method: 'POST' }, 405, 'read-only'],
  ['DELETE', '/view', { method: 'DELETE' }, 405, 'read-only'],
  ['another path', '/etc/passwd', {}, 404, 'there is /'],
  ['what objects inherit', '/constructor', {}, 404, 'there is /'],
  ['another name', '/', { headers: { host: 'evil.example:80' } }, 421, 'does not go by that name'],
  ['another name of the right port', '/events', { headers: { host: '127.0.0.1.evil.example' } }, 421, 'name'],
  ['a page from elsewhere', '/view', { headers: { 'sec-fetch-site': 'cross-site' } }, 403, 'elsewhere'],
  ['no address', '//', {}, 404, 'there is /'],
])('%s is refused', async (_, path, options, status, words) => {
  const m = await started();
  const answer = await ask(m.url, { path, ...options });
  expect(answer.status).toBe(status);
  expect(answer.body).toContain(words);
  expect(answer.body.trim().split('\n')).toHaveLength(1);
});

test.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])('it goes by the name of %s', async (name) => {
  const m = await started();
  expect((await ask(m.url, { headers: { host: `${name}:${new URL(m.url).port}` } })).status).toBe(200);
});

test('a token: header, address, cookie', async () => {
  const token = 'open-sesame-42';
  const m = await started({ token });
  const view = new URL('/view', m.url).href;
  const as = (given: string) => ask(view, { headers: { authorization: `Bearer ${given}` } });
  expect(m.url).not.toContain(token);
  expect(await ask(view)).toMatchObject({ status: 401, body: 'a token is needed\n' });
  expect((await ask(view)).headers['www-authenticate']).toMatch(/^Bearer/);
  expect(await as('open-sesame-43')).toMatchObject({ status: 401, body: 'the token is wrong\n' });
  expect((await as(`${token}x`)).status).toBe(401);
  expect((await as(token)).status).toBe(200);
  expect((await ask(`${view}?token=${token}`)).status).toBe(200);
  // A browser: asked for, taken from the address, remembered.
  const asked = await ask(m.url);
  expect(asked.status).toBe(401);
  expect(asked.body).toContain('<form method="get"');
  expect((await ask(`${m.url}?token=wrong`)).body).toContain('That is not the token');
  const sent = await ask(`${m.url}?token=${token}`);
  expect([sent.status, sent.headers.location]).toEqual([303, '/']);
  const [cookie] = sent.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^orthant_monitor_\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
  expect(cookie).not.toContain(token);
  const [pair] = String(cookie).split(';');
  expect((await ask(m.url, { headers: { cookie: `other=1; ${pair}` } })).status).toBe(200);
  expect((await ask(m.url, { headers: { cookie: `${pair}x` } })).status).toBe(401);
});

test.each<[np.MonitorOptions, RegExp]>([
  [{ port: 70_000 }, /there is no port 70000/],
  [{ port: -1 }, /port must be an integer/],
  [{ interval: 5 }, /an interval of 5 ms/],
  [{ host: '' }, /host is empty/],
  [{ host: '192.0.2.1' }, /'192\.0\.2\.1' is no address of this machine/],
  [{ host: 'no-such-host.invalid' }, /is no address of this machine/],
  [{ host: '0.0.0.0' }, /other machines reach 0\.0\.0\.0, and there is no token/],
  [{ host: '::' }, /no token|no address/],
  [{ token: 'short' }, /the token is too short/],
  [{ token: 'with a blank in it' }, /the token/],
  [{ trace: 3 as never }, /trace is 3/],
  [{ prot: 1 } as never, /prot/],
])('%j is refused', async (options, message) => {
  await expect(np.monitor(options)).rejects.toThrow(message);
  await expect(np.monitor(options)).rejects.toBeInstanceOf(np.ArgumentError);
  expect(events.active['exec.done']).toBe(false);
});

test('a port that is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(np.monitor({ port })).rejects.toThrow(`port ${port} of 127.0.0.1 is taken`);
  other.close();
});

test('other machines, with a token', async () => {
  const m = await started({ host: '0.0.0.0', token: 'a-token-of-ours' });
  expect(m.url).toMatch(/^http:\/\/localhost:/);
  const answer = await ask(m.url, { headers: { host: 'server.example', authorization: 'Bearer a-token-of-ours' } });
  expect(answer.status).toBe(200);
});

test('its end leaves nothing open', async () => {
  const before = tracing.active;
  const m = await np.monitor({ interval: 100 });
  expect(tracing.active).toBe(true);
  const [response] = await once(get(new URL('/events', m.url)), 'response');
  response.resume();
  const ended = once(response, 'close');
  await m.close();
  await ended;
  await m.close(); // once is enough, twice no harm
  expect(tracing.active).toBe(before);
  for (const type of ['exec.done', 'exec.begin', 'memory.reclaim', 'kernel.compile'] as const) {
    expect(events.active[type], type).toBe(false);
  }
  await expect(ask(m.url)).rejects.toThrow(/ECONNREFUSED/);
});

test('several at a time; `await using` ends one', async () => {
  const m = await started();
  let url = '';
  {
    await using other = await np.monitor({ interval: 100, trace: false });
    url = other.url;
    expect((await ask(url)).status).toBe(200);
  }
  await expect(ask(url)).rejects.toThrow(/ECONNREFUSED/);
  expect((await ask(m.url)).status).toBe(200);
  expect(events.active['exec.done']).toBe(true);
});

const subject = { pid: 1, title: '<b>x</b>', runtime: 'node', version: '0', interval: 1000, startedAt: 0 };

test('sixteen may watch, and whoever does not read is let go', async () => {
  const server = new MonitorServer({ host: '127.0.0.1', port: 0, token: undefined, subject });
  open.push(server);
  const { port } = await server.listen();
  const figures = new Figures();
  const happenings = Array.from({ length: 200 }, (_, at) => ({ at, type: 'x', text: 'y'.repeat(4000) }));
  const tick = { ...figures.tick(), happenings };
  figures.close();
  const deaf = connect(port, '127.0.0.1');
  deaf.on('error', () => undefined); // it is let go
  await once(deaf, 'connect');
  deaf.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n');
  deaf.pause();
  const readers = [];
  for (let i = 0; i < 15; i++) {
    const [response] = await once(get(`http://127.0.0.1:${port}/events`), 'response');
    expect(response.statusCode).toBe(200);
    response.resume().on('error', () => undefined); // ended by the test's end
    readers.push(response);
  }
  expect(await ask(`http://127.0.0.1:${port}/events`)).toMatchObject({
    status: 503,
    body: '16 are watching already\n',
  });
  let gone = false;
  for (let i = 0; i < 200 && !gone; i++) {
    server.tick(tick);
    await new Promise((turn) => setTimeout(turn, 5));
    const { status } = await new Promise<{ status: number }>((resolve) => {
      get(`http://127.0.0.1:${port}/events`, (r) => {
        r.on('error', () => undefined).destroy();
        resolve({ status: r.statusCode ?? 0 });
      });
    });
    gone = status === 200; // there is a place again
  }
  expect(gone).toBe(true);
  for (const r of readers) r.destroy();
  deaf.destroy();
});

// Loads the built package in Chromium, in a page with cross-origin isolation (shared memory) and in one without, and
// runs the rows of test/browser/cases.ts. Everything is served from loopback; the browser is told to call nobody.
// Run after a build: node tools/run.mjs tools/browser.ts
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { browserFlags } from './browser_flags.ts';
import { findChromium } from './requirements.ts';

interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Runs inside the page: everything it uses is there or an argument. */
async function inPage(isolated: boolean): Promise<Outcome[]> {
  // Computed, so that neither the type checker nor the bundler looks for files that only the server has.
  const load = (path: string) => import(new URL(path, location.href).href);
  const np = await load('/dist/index.js');
  const { cases } = await load('/cases.js');
  const outcomes = [{ name: 'cross-origin isolation is as served', ok: crossOriginIsolated === isolated, detail: '' }];
  for (const { name, run, want } of cases) {
    const got = await (async () => run(np, isolated))().catch(String);
    const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
    outcomes.push({ name, ok: a === b, detail: a === b ? '' : `got ${a}, want ${b}` });
  }
  return outcomes;
}

/** Serves dist/ and the compiled cases; returns the address and how to stop. */
async function serve(isolated: boolean): Promise<{ url: string; close: () => void }> {
  const bundled = await build({ entryPoints: ['test/browser/cases.ts'], bundle: true, format: 'esm', write: false });
  const [cases] = bundled.outputFiles;
  const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
  const server = createServer(async ({ url = '/' }, response) => {
    const script = url.endsWith('.js') || url.endsWith('.map');
    const body =
      url === '/'
        ? '<!doctype html><title>Orthant</title><link rel="icon" href="data:,">'
        : url === '/cases.js'
          ? cases.contents
          : /^\/dist\/[\w/.-]+$/.test(url) && !url.includes('..')
            ? await readFile(`.${url}`).catch(() => undefined)
            : undefined;
    const type = script ? 'text/javascript' : 'text/html';
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': type, ...(isolated ? isolation : {}) });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

const executablePath = findChromium();
if (executablePath === undefined) throw new Error('no Chromium: apt-get install chromium, or name one in CHROMIUM');
const browser = await chromium.launch({ executablePath, args: browserFlags });
console.log(`browser: Chromium ${browser.version()}`);
let failed = 0;
try {
  for (const isolated of [true, false]) {
    const { url, close } = await serve(isolated);
    const page = await browser.newPage();
    page.on('pageerror', (error) => {
      failed++;
      console.log(`  failed  uncaught in the page: ${error.stack ?? error}`);
    });
    await page.goto(url);
    console.log(isolated ? 'with cross-origin isolation' : 'without cross-origin isolation');
    for (const { name, ok, detail } of await page.evaluate(inPage, isolated)) {
      console.log(`  ${ok ? 'passed' : 'failed'}  ${name} ${detail}`);
      if (!ok) failed++;
    }
    await page.close();
    close();
  }
} finally {
  await browser.close();
}
process.exitCode = failed > 0 ? 1 : 0;

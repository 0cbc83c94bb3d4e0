// The page in Chromium: figures move while the process works, nothing is fetched from elsewhere, names from the process
// stay text. Left out where there is no Chromium, whose absence tools/browser.ts reports. Pictures go to out/, to be looked
// at.
import { mkdirSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { round } from '../../cli/monitor/demo.ts';
import { events } from '../../src/base/events.ts';
import * as np from '../../src/index.ts';
import { browserFlags } from '../../tools/browser_flags.ts';
import { findChromium } from '../../tools/requirements.ts';

const executablePath = findChromium();
describe.runIf(executablePath !== undefined)('the page', () => {
  let browser: Browser;
  let monitor: np.Monitor;
  const token = 'page-test-token';
  const cache: unknown[] = [];
  let rounds = 0;
  /** Works, with turns of the event loop in between, for so long. */
  const work = async (milliseconds: number): Promise<void> => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      round(rounds++, cache);
      await new Promise((turn) => setTimeout(turn, 5));
    }
  };
  beforeAll(async () => {
    mkdirSync('out', { recursive: true });
    browser = await chromium.launch({ executablePath, args: browserFlags });
    monitor = await np.monitor({ interval: 100, token });
  });
  afterAll(async () => {
    await browser?.close();
    await monitor?.close();
  });

  async function opened(options: Parameters<Browser['newPage']>[0]): Promise<{ page: Page; wrong: string[] }> {
    const page = await browser.newPage(options);
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('console', (message) => wrong.push(message.text()));
    page.on('request', (r) => {
      if (!/^data:/.test(r.url()) && new URL(r.url()).origin !== new URL(monitor.url).origin) wrong.push(r.url());
    });
    await page.goto(`${monitor.url}?token=${token}`);
    return { page, wrong };
  }

  test('shows moving figures while the process works, and a picture of them', async () => {
    const { page, wrong } = await opened({ viewport: { width: 1400, height: 1000 } });
    expect(page.url()).toBe(monitor.url); // without the token
    const markup = '<img src=x onerror="document.title=1">';
    np.scope({ tag: markup }, () => cache.push(np.ones([1 << 17])));
    cache.unshift(np.scope({ tag: markup, free: false }, () => np.ones([1 << 17])));
    await work(800);
    const figures = () =>
      page.evaluate(() => ({
        live: document.querySelector('#now-live dd')?.textContent,
        calls: document.querySelector('#now-calls dd')?.textContent,
        rows: document.querySelectorAll('#operations tbody tr').length,
        label: document.querySelector('#calls .chart')?.getAttribute('aria-label'),
        drawn: [...document.querySelectorAll<HTMLCanvasElement>('.chart canvas')].map((canvas) => {
          const blank = document.createElement('canvas');
          [blank.width, blank.height] = [canvas.width, canvas.height];
          return canvas.toDataURL() !== blank.toDataURL();
        }),
      }));
    const first = await figures();
    await work(400);
    const second = await figures();
    expect(second.calls).toMatch(/^[\d.,]+\/s$/);
    expect([second.live, second.calls, second.label]).not.toEqual([first.live, first.calls, first.label]);
    expect(second.rows).toBeGreaterThan(3);
    expect(second.drawn).toEqual([true, true, true, true]);
    expect(second.label).toMatch(/^Operations per second: operations per second \d/);
    expect(await page.textContent('#tags')).toContain(markup); // as text
    expect(await page.locator('#tags img').count()).toBe(0);
    expect(await page.textContent('#slow')).toMatch(/…\/monitor\/demo\.ts:\d+/);
    expect(await page.textContent('#state')).toMatch(/^live/);
    events.emit('threads.throttled', { threads: 4, periods: 2, milliseconds: 30, advised: 3, source: 'a test' });
    await work(200);
    expect(await page.textContent('#log tr.alarm')).toContain('use 3 (a test)');
    await page.screenshot({ path: 'out/monitor.png', fullPage: true });
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('fits a phone, in the dark; curves as tables; stands still when paused', async () => {
    const { page, wrong } = await opened({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
    await work(250);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(18, 23, 29)');
    await page.click('#memory summary');
    await work(200);
    expect(await page.locator('#memory tbody tr').count()).toBeGreaterThan(2);
    await page.click('#pause');
    const before = await page.textContent('main');
    await work(250);
    expect(await page.textContent('main')).toBe(before);
    expect(await page.getAttribute('#pause', 'aria-pressed')).toBe('true');
    await page.screenshot({ path: 'out/monitor_phone.png', fullPage: true });
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('says that the process is inside an operation, and that it is gone', async () => {
    const other = await np.monitor({ interval: 100 });
    const page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(other.url);
    await page.waitForFunction(() => /^live/.test(document.querySelector('#state')?.textContent ?? ''));
    // Noted by the page itself: nothing can be asked of it while this thread stands still.
    await page.evaluate(() => {
      const silence = document.querySelector<HTMLElement>('#silence');
      new MutationObserver(() => {
        if (silence?.hidden === false) silence.dataset.seen = silence.textContent ?? '';
      }).observe(silence as HTMLElement, { attributeFilter: ['hidden'], childList: true });
    });
    events.emit('exec.begin', { op: 'linalg.svd' });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500); // long enough for a slow page to see it
    const seen = await page.waitForFunction(() => document.querySelector<HTMLElement>('#silence')?.dataset.seen);
    expect(await seen.jsonValue()).toContain('np.linalg.svd');
    await page.waitForFunction(() => document.querySelector<HTMLElement>('#silence')?.hidden); // and goes on
    await other.close();
    await page.waitForFunction(() => /connection lost/.test(document.querySelector('#state')?.textContent ?? ''));
    await page.close();
  });
});

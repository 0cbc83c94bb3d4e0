// The kit of the reports and of the terminal: escaping, tables, charts, colour, progress.
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { durationText, table } from '../../cli/amounts.ts';
import { paintFor, usesColour } from '../../cli/colour.ts';
import { progressOf } from '../../cli/progress.ts';
import { draw } from '../../cli/report/chart.ts';
import { escaped, html } from '../../cli/report/html.ts';
import { figure, gallery, grid, key, reportPage, tiles } from '../../cli/report/page.ts';

const hostile = `<script>alert("1")</script>&'\u202e\u0000`;
const harmless = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;  ';

describe('html', () => {
  test('what is put in is escaped, pieces of HTML and lists of them are not, undefined is nothing', () => {
    expect(escaped(hostile)).toBe(harmless);
    expect(html`<b>${hostile}</b>`.text).toBe(`<b>${harmless}</b>`);
    expect(html`<p>${[html`<i>1</i>`, [html`<i>2</i>`, 'a<b']]}${undefined}${3}</p>`.text).toBe(
      '<p><i>1</i>\n<i>2</i>\na&lt;b3</p>',
    );
  });

  test('a page of all parts holds no text of ours as markup and needs nothing else', () => {
    const chart = draw(hostile, { marks: [], x: { label: hostile, domain: [0, 1] } });
    const page = reportPage({
      title: hostile,
      heading: hostile,
      about: hostile,
      body: html`${tiles([[hostile, hostile]])}${grid([hostile, 'n'], [[hostile, 1]], { total: true })}
${key({ [hostile]: '#fff' })}${gallery([figure('data:image/png;base64,', hostile, hostile)])}${chart}`,
    });
    expect(parseHTML(page).document.querySelectorAll('script')).toHaveLength(0);
    expect(page.split('&lt;script&gt;').length).toBeGreaterThan(9);
    expect(page).not.toMatch(/(?:src|href)="(?!data:|#)/);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('@media print');
    expect(page).toContain('<table class="total">');
  });
});

describe('terminal', () => {
  test.each([
    [true, {}, true],
    [true, { TERM: 'dumb' }, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [false, {}, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
  ])('terminal %j with %j: colour %j', (isTTY, env, colour) => {
    expect(usesColour({ isTTY }, env)).toBe(colour);
    expect(paintFor({ isTTY }, env)('bad', 'x') !== 'x').toBe(colour);
  });

  test('painted cells align', () => {
    const paint = paintFor({ isTTY: true }, {});
    expect(
      table(
        [
          ['a', paint('bad', 'b')],
          ['ccc', 'dd'],
        ],
        '',
      ),
    ).toBe('a     \x1b[31mb\x1b[39m\nccc  dd\n');
  });

  test.each([
    [0.5, '0.500 ns'],
    [12.34, '12.3 ns'],
    [999.4, '999 ns'],
    [999.6, '1.00 µs'],
    [1234567, '1.23 ms'],
    [9.876e9, '9.88 s'],
    [2e12, '2000 s'],
  ])('%d ns is %s', (ns, text) => {
    expect(durationText(ns)).toBe(text);
  });

  test('a pipe gets a line per step, a terminal a bar that is taken back, --json nothing', () => {
    const written = (isTTY: boolean, silent = false): string => {
      let text = '';
      const stream = { isTTY, columns: 40, write: (s: string) => (text += s) };
      let clock = 0;
      const progress = progressOf(4, { stream, silent, now: () => (clock += 1) });
      for (const [done, label] of [
        [0, 'one'],
        [0.5, 'one'],
        [1, 'two\u001b[2J'],
      ] as const)
        progress.at(done, label);
      progress.say('note\n');
      progress.end();
      return text;
    };
    expect(written(false)).toBe('one\ntwo [2J\nnote\n');
    expect(written(false, true)).toBe('');
    const drawn = written(true);
    expect(drawn.split('\r\x1b[K')).toHaveLength(5); // two steps, taken back for the note, and at the end
    expect(drawn).toContain(`${'━'.repeat(6)}${'┄'.repeat(18)}  25 % two [`);
    expect(drawn.endsWith('\r\x1b[K')).toBe(true);
    for (const line of drawn.replaceAll('\r\x1b[K', '\n').split('\n')) expect(line.length).toBeLessThan(40);
  });
});

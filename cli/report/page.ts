// A report: one HTML file that needs nothing else (no script, no network) and reads well when printed. How to make one:
//   const body = html`${tiles([['3.2 GB', 'read']])} <h2>Time</h2> ${grid(['stage', 's'], [['read', '0.3']])} ${svg}`;
//   writeText(path, reportPage({ title: 'Orthant bench', heading: 'What was found', about: html`…`, body }));
// `html` (html.ts) escapes whatever is put in; `draw` (chart.ts) makes SVG with Observable Plot and must be loaded by
// `await import`, only when a report is wanted; `pngUri` (png.ts) makes small images; `writeText` is cli/files.ts.
import { type Html, html, type Part, trusted } from './html.ts';
import { stylesheet } from './stylesheet.ts';

export interface Report {
  /** Of the tab and of the printed file. */
  readonly title: string;
  readonly heading: Part;
  /** A quiet line below the heading: what made the report, of what, when. */
  readonly about?: Part;
  readonly body: Html;
}

export function reportPage({ title, heading, about, body }: Report): string {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(stylesheet)}</style>
<h1>${heading}</h1>
${about === undefined ? undefined : html`<p class="quiet">${about}</p>`}
${body}
</html>
`.text;
}

/** The few numbers that matter most, large: [value, what it is]. */
export const tiles = (figures: readonly (readonly [value: Part, what: Part])[]): Html =>
  html`<div class="tiles">
${figures.map(([value, what]) => html`<div class="tile"><b>${value}</b><span>${what}</span></div>`)}
</div>`;

/** A table: the first column to the left, the others to the right; with `total` the last row is set apart. */
export function grid(
  head: readonly Part[],
  rows: readonly (readonly Part[])[],
  look: { readonly total?: boolean; readonly align?: 'left' | 'right' } = {},
): Html {
  const cells = (row: readonly Part[], tag: 'th' | 'td'): Html[] =>
    row.map((cell) => html`<${trusted(tag)}>${cell}</${trusted(tag)}>`);
  const kind = trusted([look.total === true && 'total', look.align === 'left' && 'texts'].filter(Boolean).join(' '));
  return html`<table class="${kind}">
<thead><tr>${cells(head, 'th')}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${cells(row, 'td')}</tr>`)}
</tbody></table>`;
}

/** What the colours of a chart mean. */
export const key = (colors: Readonly<Record<string, string>>): Html =>
  html`<p class="key">${Object.entries(colors).map(([name, color]) => html`<i style="background:${color}"></i>${name}`)}</p>`;

/** A small image with a line below: `uri` of png.ts, `name` for a screen reader, `size` in pixels as shown. */
export const figure = (uri: string, name: string, caption: Part, size = 56): Html =>
  html`<figure><img src="${uri}" alt="${name}" width="${size}" height="${size}"><figcaption>${caption}</figcaption></figure>`;

export const gallery = (figures: readonly Html[]): Html => html`<div class="gallery">${figures}</div>`;

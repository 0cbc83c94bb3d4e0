// The page of `orthant inspect --html`: for each array its facts, a histogram, and its first and last elements; one page
// for all files.
import * as Plot from '@observablehq/plot';
import { bytesText, countText, printable } from '../amounts.ts';
import { blue, draw } from '../report/chart.ts';
import { type Html, html } from '../report/html.ts';
import { grid, reportPage, tiles } from '../report/page.ts';
import { type FoundArray, type FoundFile, titleOf } from './command.ts';
import type { Table } from './csv.ts';
import type { Description } from './describe.ts';
import type { Bins } from './histogram.ts';
import type { Picture } from './picture.ts';
import type { Statistics } from './summary.ts';
import { columnCells, layoutRows, shapeText, statisticsRows } from './text.ts';

/** A number on an axis: whole, or in powers of ten where it would be long. */
const shortText = (x: number): string => {
  const size = Math.abs(x);
  return x === 0 || (size >= 1e-3 && size < 1e5) ? String(Number(x.toPrecision(5))) : x.toExponential(1);
};

/** Counts over values; the scale is linear, or of logarithms where a few bins hold nearly all. */
function histogramChart({ from, width, counts }: Bins, of: string, height = 180): Html {
  const bars = counts.map((count, i) => ({ x1: from + i * width, x2: from + (i + 1) * width, count }));
  const most = Math.max(...counts);
  const filled = counts.filter((count) => count > 0);
  const steep = filled.length > 1 && filled.filter((count) => count > most / 50).length < filled.length / 4;
  return draw(printable(`Histogram of ${of}`), {
    height,
    marginLeft: 60,
    x: {
      label: 'value',
      ticks: 8,
      tickFormat: shortText,
      domain: width > 0 ? [from, from + counts.length * width] : [from - 1, from + 1],
    },
    y: {
      label: steep ? 'elements (logarithmic)' : 'elements',
      type: steep ? 'symlog' : 'linear',
      grid: true,
      ticks: 4,
    },
    marks: [Plot.rectY(bars, { x1: 'x1', x2: 'x2', y: 'count', fill: blue, insetRight: 0.5 }), Plot.ruleY([0])],
  });
}

/** One bin shows nothing, and ends beyond all numbers cannot be drawn. */
const drawable = ({ from, width, counts }: Bins): boolean =>
  counts.length > 1 && Number.isFinite(from + counts.length * width);

/** Of a part of the whole: where NaN, infinities and zeros take their share. */
function parts(s: Statistics): Html | undefined {
  const shares = { NaN: s.nan, infinite: s.inf, zero: s.zeros };
  const some = Object.entries(shares).filter(([, n]) => n > 0);
  if (some.length === 0) return undefined;
  const text = some.map(([name, n]) => `${countText(n)} ${name}`).join(', ');
  return html`<p${s.nan + s.inf > 0 ? html` class="note"` : undefined}>Of ${countText(s.count)} elements: ${text}.</p>`;
}

/** At two to four times its pixels where it is small. */
function pictureOf({ uri, width, height, part }: Picture, of: string): Html {
  const times = Math.max(1, Math.min(4, Math.floor(320 / Math.max(width, height))));
  return html`<p class="quiet">Rows and columns${part === '' ? '' : ` at ${part}`}, from the least value (dark) to the greatest (light); NaN and infinities orange.</p>
<p><img src="${uri}" alt="${printable(`Elements of ${of}`)}" width="${times * width}" height="${times * height}" style="image-rendering: pixelated"></p>`;
}

function arrayPart(name: string, found: Description): Html {
  const { statistics: s, dtype, preview, picture } = found;
  const rows = [...layoutRows(found), ...(s === undefined ? [] : statisticsRows(s, dtype))].filter(
    ([row]) => row !== 'values' && row !== 'abs',
  );
  return html`<h3>${name === '' ? 'The array' : name}: ${dtype} ${shapeText(found.shape)}</h3>
${s === undefined ? html`<p>It has no elements.</p>` : parts(s)}
${s?.histogram !== undefined && drawable(s.histogram) ? histogramChart(s.histogram, name || 'the array') : undefined}
${picture === undefined ? undefined : pictureOf(picture, name || 'the array')}
${grid(['', ''], rows, { align: 'left' })}
<pre>${preview}</pre>`;
}

function tablePart({ columns, head }: Table): Html {
  const [names, ...rows] = head;
  return html`${grid(['column', 'holds', 'missing', 'min', 'max', 'mean', 'std'], columns.map(columnCells))}
${columns.map(({ name, statistics }) =>
  statistics?.histogram !== undefined && drawable(statistics.histogram)
    ? html`<h3>${name}</h3>${histogramChart(statistics.histogram, name, 130)}`
    : undefined,
)}
<h3>The first rows</h3>
${grid(names, rows)}`;
}

const broken = (error: string): Html => html`<p class="note">It cannot be read: ${error}</p>`;

function filePart(one: FoundFile): Html {
  const array = ({ name, found, error }: FoundArray): Html =>
    found === undefined ? html`<h3>${name}</h3>${broken(error ?? '')}` : arrayPart(name, found);
  return html`<h2>${one.file}</h2>
<p class="quiet">${titleOf(one)}, ${bytesText(one.size)}</p>
${one.table === undefined ? one.arrays.map(array) : tablePart(one.table)}`;
}

/** One page about all files; those that could not be read stand at its end. */
export function inspectPage(
  files: readonly FoundFile[],
  failures: readonly { readonly file: string; readonly error: string }[],
): string {
  const arrays = files.flatMap((one) => one.arrays.flatMap(({ found }) => (found === undefined ? [] : [found])));
  const bad = arrays.reduce((sum, { statistics: s }) => sum + (s?.nan ?? 0) + (s?.inf ?? 0), 0);
  const heading = files.length === 1 ? files[0].file : `${files.length} files`;
  return reportPage({
    title: `orthant inspect: ${heading}`,
    heading,
    about: html`Written by <code>orthant inspect</code>.`,
    body: html`${tiles([
      [countText(arrays.length), arrays.length === 1 ? 'array' : 'arrays'],
      [bytesText(files.reduce((sum, { size }) => sum + size, 0)), 'on the disk'],
      [bytesText(arrays.reduce((sum, { bytes }) => sum + bytes, 0)), 'in memory'],
      [countText(bad), 'NaN and infinite elements'],
    ])}
${files.map(filePart)}
${failures.map(({ file, error }) => html`<h2>${file}</h2>${broken(error)}`)}`,
  });
}

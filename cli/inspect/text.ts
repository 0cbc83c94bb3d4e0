// What was found, as lines for a terminal.
import { countText, percentText, printable, table } from '../amounts.ts';
import type { Paint } from '../colour.ts';
import type { Column, Table } from './csv.ts';
import type { Description } from './describe.ts';
import { type Bins, sparkline } from './histogram.ts';
import type { Statistics, Value } from './summary.ts';

export const shapeText = (shape: readonly number[]): string => `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;

export const valueText = (x: Value | undefined, digits = 10): string =>
  typeof x === 'number' ? String(Number.isInteger(x) ? x : Number(x.toPrecision(digits))) : (x ?? '-');

/** Digits that an element has; means have more. */
const digitsOf = (dtype: string): number => (dtype === 'float16' ? 5 : dtype === 'float32' ? 8 : 10);

function shareText(n: number, of: number): string {
  if (n === 0) return '0';
  return `${countText(n)} (${n / of < 0.001 ? '< 0.1 %' : percentText(n / of)})`;
}

/** Bins of the line; the histogram has twice as many. */
const COLUMNS = 32;

/** A bar of blocks, one for each of some bins. */
export function lineOf({ counts }: Bins): string {
  const per = Math.ceil(counts.length / COLUMNS);
  const joined = Array.from({ length: Math.ceil(counts.length / per) }, (_, i) =>
    counts.slice(i * per, (i + 1) * per).reduce((sum, count) => sum + count, 0),
  );
  return sparkline(joined);
}

/** Between the least and the greatest value. */
function histogramRow({ histogram, min, max }: Statistics, digits: number): [string, string][] {
  if (histogram === undefined) return [];
  const { from, width, counts } = histogram;
  const ends = min === undefined ? [from, from + width * counts.length] : [min, max];
  return [
    [
      min === undefined ? 'abs' : 'values',
      `${valueText(ends[0], digits)} ${lineOf(histogram)} ${valueText(ends[1], digits)}`,
    ],
  ];
}

/** For JSON.stringify: integers that numbers do not hold, as text. */
export const plainNumbers = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** JSON of an unknown value on one line, cut. */
const jsonText = (value: unknown): string => {
  const text = JSON.stringify(value, plainNumbers) ?? '-';
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
};

/** What is known of how the elements lie: [name, value]. */
export function layoutRows({ shape, dtype, order, bytes, layout: l }: Description): [string, string][] {
  const rows: [string, string][] = [
    ['shape', shapeText(shape)],
    ['dtype', l.endian === 'big' ? `${dtype}, big-endian` : dtype],
    ['order', order],
    ['bytes', countText(bytes)],
  ];
  if (l.version !== undefined) {
    rows.push(['header', l.offset === undefined ? l.version : `version ${l.version}, ${l.offset} bytes`]);
  }
  if (l.trailing !== undefined) rows.push(['trailing', `${countText(l.trailing)} bytes behind the array, unused`]);
  if (l.dimensions !== undefined) rows.push(['axes', l.dimensions.map((name) => name ?? '-').join(', ')]);
  if (l.chunks !== undefined) rows.push(['chunks', `${shapeText(l.chunks)}, ${l.grid?.join(' × ') || 1} of them`]);
  if (l.shards !== undefined) rows.push(['shards', shapeText(l.shards)]);
  if (l.codecs !== undefined) rows.push(['codecs', l.codecs.join(', ') || 'none']);
  if (l.stored !== undefined) {
    const ratio = l.stored > 0 && l.stored < bytes ? `, ${(bytes / l.stored).toPrecision(3)} times smaller` : '';
    rows.push(['stored', `${countText(l.stored)} bytes${ratio}`]);
  }
  if (l.fill !== undefined) rows.push(['fill', l.fill]);
  for (const [name, value] of Object.entries(l.attributes ?? {})) rows.push([`.${name}`, jsonText(value)]);
  return rows.map(([name, value]) => [printable(name), printable(value)]);
}

/** Statistics as [name, value]. */
export function statisticsRows(s: Statistics, dtype: string): [string, string][] {
  const rows: [string, string][] = [];
  const digits = digitsOf(dtype);
  if (s.min !== undefined) rows.push(['min', valueText(s.min, digits)], ['max', valueText(s.max, digits)]);
  rows.push(['mean', valueText(s.mean)], ['std', valueText(s.std)]);
  if (dtype === 'bool') rows.push(['true', shareText(s.count - s.zeros, s.count)]);
  else rows.push(['zeros', shareText(s.zeros, s.count)]);
  if (s.nan > 0) rows.push(['NaN', shareText(s.nan, s.count)]);
  if (s.inf > 0) {
    const negative = s.neginf > 0 ? `, ${countText(s.neginf)} of them negative` : '';
    rows.push(['infinite', `${shareText(s.inf, s.count)}${negative}`]);
  }
  return [...rows, ...histogramRow(s, digits)];
}

/** All rows of an array, and its first and last elements. */
export function arrayText(found: Description, paint: Paint, indent = '  '): string {
  const { statistics: s, dtype } = found;
  const rows = [...layoutRows(found), ...(s === undefined ? [] : statisticsRows(s, dtype))];
  const warning = new Set(['NaN', 'infinite', 'trailing']);
  const painted = rows.map(([name, value]) => [
    paint('quiet', name),
    warning.has(name) ? paint('warning', value) : value,
  ]);
  return table(painted, indent, 'left');
}

/** Of a table's columns. */
export function tableText({ columns, head }: Table): string {
  return `${table([['column', 'holds', 'missing', 'min', 'max', 'mean', 'std', 'values'], ...columns.map(columnRow)])}\n${table(head)}`;
}

export const delimiterText = (delimiter: string): string =>
  delimiter === '\t' ? 'tabs' : delimiter === ' ' ? 'blanks' : `'${delimiter}'`;

/** A column as cells: its name, what it holds, and its numbers. */
export function columnCells({ name, holds, missing, distinct, statistics: s }: Column): string[] {
  const kind =
    holds !== 'text' ? holds : distinct === undefined ? 'text, many distinct' : `text, ${countText(distinct)} distinct`;
  return [
    printable(name),
    kind,
    countText(missing),
    ...[s?.min, s?.max, s?.mean, s?.std].map((x) => (s === undefined ? '' : valueText(x))),
  ];
}

const columnRow = (column: Column): string[] => {
  const bins = column.statistics?.histogram;
  return [...columnCells(column), bins === undefined ? '' : lineOf(bins)];
};

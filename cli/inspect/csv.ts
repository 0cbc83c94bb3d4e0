// A table as text, column by column: numbers become an array with statistics, text is counted. For a look at a file;
// np.genfromtxt is for reading one. Fields are split by d3-dsv (RFC 4180).
import { readFileSync } from 'node:fs';
import { dsvFormat } from 'd3-dsv';
import * as np from '../../src/index.ts';
import { printable } from '../amounts.ts';
import { type Statistics, statisticsOf } from './describe.ts';

export interface Column {
  readonly name: string;
  readonly holds: 'numbers' | 'text' | 'nothing';
  readonly missing: number;
  /** Different texts. */
  readonly distinct?: number;
  readonly statistics?: Statistics;
}

export interface Table {
  readonly delimiter: string;
  /** Without the line of names. */
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Names and the first rows of the first columns, cut to a terminal's measure. */
  readonly head: readonly (readonly string[])[];
}

const HEAD = { rows: 5, columns: 12 };
const absent = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '-', '?']);
const isAbsent = (field: string): boolean => absent.has(field.trim().toLowerCase());
const isNumber = (field: string): boolean => field.trim() !== '' && !Number.isNaN(Number(field));

/** @throws FormatError for text that is no table: rows of different lengths, or text of another encoding. */
export function readCsv(file: string): Table {
  const text = textOf(file);
  const delimiter = delimiterOf(text);
  const all = dsvFormat(delimiter).parseRows(text, (row) => (row.length === 1 && row[0].trim() === '' ? null : row));
  const width = all[0]?.length ?? 0;
  const ragged = all.findIndex((row) => row.length !== width);
  if (width === 0 || ragged >= 0) {
    const why =
      width === 0
        ? 'holds no rows'
        : `row ${ragged + 1} has another number of fields than the first (${all[ragged].length}, ${width})`;
    throw new np.FormatError(`${file} is no table: ${why}`, 'every row needs the same number of fields', { ragged });
  }
  const named = all.length > 1 && all[0].some((field) => !isNumber(field) && !isAbsent(field));
  const rows = named ? all.slice(1) : all;
  const names = all[0].map((field, c) => (named && field.trim() !== '' ? field.trim() : `column ${c + 1}`));
  return {
    delimiter,
    rows: rows.length,
    columns: names.map((name, c) => column(name, rows, c)),
    head: [names, ...rows.slice(0, HEAD.rows)].map((row) => row.slice(0, HEAD.columns).map(shortened)),
  };
}

function textOf(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)).replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof Error && 'path' in error) throw error;
    throw new np.FormatError(`${file} is not text in UTF-8`, 'convert it to UTF-8 first', { file }, { cause: error });
  }
}

/** The candidate that cuts the first lines into most fields; a comma when none does. */
function delimiterOf(text: string): string {
  const lines = text.split(/\r?\n/, 10).filter((line) => line !== '' && !line.startsWith('#'));
  const fields = (d: string): number => Math.min(...lines.map((line) => line.split(d).length));
  const best = [',', ';', '\t', '|', ' '].map((d) => ({ d, n: fields(d) })).sort((a, b) => b.n - a.n)[0];
  return lines.length > 0 && best.n > 1 ? best.d : ',';
}

function column(name: string, rows: readonly (readonly string[])[], c: number): Column {
  const missing = rows.filter((row) => isAbsent(row[c])).length;
  if (missing === rows.length) return { name, holds: 'nothing', missing };
  if (rows.some((row) => !isAbsent(row[c]) && !isNumber(row[c]))) {
    return { name, holds: 'text', missing, distinct: new Set(rows.map((row) => row[c])).size };
  }
  const numbers = Float64Array.from(rows, (row) => (isAbsent(row[c]) ? Number.NaN : Number(row[c])));
  return { name, holds: 'numbers', missing, statistics: statisticsOf(np.asarray(numbers)) };
}

const shortened = (field: string): string => printable(field.length > 24 ? `${field.slice(0, 23)}…` : field);

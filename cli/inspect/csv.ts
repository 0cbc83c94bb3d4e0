// A table as text, column by column: numbers get statistics, text is counted. For a look at a file of any length;
// np.genfromtxt is for reading one.
import { createHash } from 'node:crypto';
import * as np from '../../src/index.ts';
import { printable } from '../amounts.ts';
import { recordsOf } from './records.ts';
import { type Statistics, Summary } from './summary.ts';

export interface Column {
  readonly name: string;
  readonly holds: 'numbers' | 'text' | 'nothing';
  readonly missing: number;
  /** Different texts; undefined for numbers, and for more texts than are counted. */
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
/** Different texts that are remembered, of a column and of all. */
const DISTINCT = { column: 10_000, all: 1_000_000 };
const absent = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '-', '?']);
const isAbsent = (field: string): boolean => absent.has(field.trim().toLowerCase());
const isNumber = (field: string): boolean => field.trim() !== '' && !Number.isNaN(Number(field));

/** What is known of a column so far. */
class ColumnCount {
  readonly #most: number;
  readonly #numbers = new Summary(np.dtypes.float64);
  #texts: Set<string> | undefined = new Set();
  #text = false;
  #missing = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(fields: readonly string[]): void {
    const present = fields.filter((field) => !isAbsent(field));
    this.#missing += fields.length - present.length;
    for (const field of fields) this.#remember(field);
    this.#text ||= present.some((field) => !isNumber(field));
    if (!this.#text) this.#numbers.add(np.asarray(Float64Array.from(present, Number)));
  }

  #remember(field: string): void {
    if (this.#texts === undefined) return;
    // A copy: a part of a text keeps the whole piece of the file in memory. Long ones by their digest.
    const text = field.length > 100 ? createHash('sha1').update(field).digest('base64') : field;
    if (!this.#texts.has(text)) this.#texts.add(` ${text}`.slice(1));
    if (this.#texts.size > this.#most) this.#texts = undefined;
  }

  result(name: string): Column {
    const statistics = this.#text ? undefined : this.#numbers.result();
    const distinct = this.#text ? this.#texts?.size : undefined;
    return {
      name,
      holds: this.#text ? 'text' : statistics === undefined ? 'nothing' : 'numbers',
      missing: this.#missing,
      ...(distinct !== undefined && { distinct }),
      ...(statistics !== undefined && { statistics }),
    };
  }
}

/** @throws FormatError for text that is no table: rows of different lengths, or text of another encoding. */
export function readCsv(file: string, seen: (bytes: number) => void = () => {}): Table {
  let first: readonly string[] | undefined;
  let names: readonly string[] | undefined;
  let counts: ColumnCount[] = [];
  let [rows, taken, delimiter] = [0, 0, ','];
  const head: (readonly string[])[] = [];
  const add = (batch: readonly (readonly string[])[]): void => {
    rows += batch.length;
    for (const row of batch.slice(0, HEAD.rows - head.length)) head.push(row);
    if (batch.length === 0) return;
    for (const [c, count] of counts.entries()) count.add(batch.map((row) => row[c]));
  };
  for (const { rows: batch, delimiter: found, bytes } of recordsOf(file)) {
    delimiter = found;
    let rest = batch;
    if (first === undefined && batch.length > 0) {
      [first, ...rest] = batch;
      taken = 1;
      counts = first.map(() => new ColumnCount(Math.min(DISTINCT.column, Math.floor(DISTINCT.all / batch[0].length))));
    }
    refuseRagged(file, rest, first?.length ?? 0, taken + 1);
    taken += rest.length;
    if (first !== undefined && names === undefined && rest.length > 0) {
      const named = first.some((field) => !isNumber(field) && !isAbsent(field));
      names = first.map((field, c) => (named && field.trim() !== '' ? field.trim() : `column ${c + 1}`));
      if (!named) add([first]);
    }
    add(rest);
    seen(bytes);
  }
  if (first === undefined) throw noTable(file, 'holds no rows', 0);
  if (names === undefined) add([first]); // a line alone is not names
  names ??= first.map((_, c) => `column ${c + 1}`);
  const shown = [names, ...head].map((row) => row.slice(0, HEAD.columns).map(shortened));
  return { delimiter, rows, columns: counts.map((count, c) => count.result(names[c])), head: shown };
}

const noTable = (file: string, why: string, row: number): np.FormatError =>
  new np.FormatError(`${file} is no table: ${why}`, 'every row needs the same number of fields', { row });

function refuseRagged(file: string, rows: readonly (readonly string[])[], width: number, before: number): void {
  const at = rows.findIndex((row) => row.length !== width);
  if (at < 0) return;
  const row = before + at;
  throw noTable(file, `row ${row} has another number of fields than the first (${rows[at].length}, ${width})`, row);
}

const shortened = (field: string): string => printable(field.length > 24 ? `${field.slice(0, 23)}…` : field);

// genfromtxt: text with gaps. Fields that are missing or no numbers take a filling value; rows of another length are
// all reported, or dropped. Slower than loadtxt, which refuses such files. Behaviour and names are NumPy's.
import type { NDArray } from '../array/ndarray.ts';
import { ArgumentError, FormatError, PrecisionError } from '../base/errors.ts';
import type { DType } from '../dtype/dtype.ts';
import { checkScalar, type Scalar, writeElement } from '../dtype/scalars.ts';
import { openLines, type TextSource } from './lines.ts';
import { type ElementParser, elementParser } from './parse_element.ts';
import {
  type Converter,
  convertInto,
  emptyTable,
  notAnElement,
  type Place,
  Rows,
  type TableOptions,
  type TableRules,
  tableRules,
  wholeOption,
} from './table.ts';
import { runAsync, runSync, type Task } from './task.ts';

/** One for all columns, one per column in order, or by column. */
type PerColumn<T> = T | readonly T[] | Readonly<Record<number, T>>;

export interface GenFromTextOptions extends TableOptions {
  /** A string between fields, the width of all fields, or the width of each; runs of blanks by default. */
  delimiter?: string | number | readonly number[] | null;
  comments?: string | null;
  /** Lines to skip at the start. */
  skip_header?: number;
  /** Rows to drop at the end. */
  skip_footer?: number;
  max_rows?: number | null;
  /** Words that stand for a missing value where `loose` is false; the empty field always does. */
  missing_values?: PerColumn<string>;
  /** What missing values become: NaN, -1 or false by default, by dtype. */
  filling_values?: PerColumn<Scalar>;
  /** Take everything that is no number as missing (the default), or refuse it. */
  loose?: boolean;
  /** Refuse rows of another length (the default), or drop them. */
  invalid_raise?: boolean;
}

interface Rules extends TableRules {
  readonly split: (line: string) => string[];
  readonly comments: string | undefined;
  readonly skipHeader: number;
  readonly skipFooter: number;
  readonly most: number;
  readonly missing: (column: number) => readonly string[];
  readonly filling: (column: number) => Scalar;
  readonly loose: boolean;
  readonly raise: boolean;
}

const knownOptions = [
  'delimiter',
  'comments',
  'skip_header',
  'skip_footer',
  'max_rows',
  'missing_values',
  'filling_values',
  'loose',
  'invalid_raise',
];

function rulesOf(options: GenFromTextOptions, where: string): Rules {
  const { delimiter, comments = '#', skip_header, skip_footer, max_rows, missing_values, filling_values } = options;
  const { loose = true, invalid_raise = true } = options;
  const table = tableRules(options, knownOptions, where);
  const most = wholeOption(max_rows, 'max_rows', 1, where);
  const skipFooter = wholeOption(skip_footer, 'skip_footer', 0, where) ?? 0;
  if (most !== undefined && skipFooter > 0) {
    throw new ArgumentError(`${where}: max_rows and skip_footer exclude each other`, 'pass one of them', {
      max_rows,
      skip_footer,
    });
  }
  if (comments === '')
    throw new ArgumentError(`${where}: comments is empty`, 'pass null for no comments', { comments });
  return {
    ...table,
    split: splitter(delimiter, where),
    comments: comments ?? undefined,
    skipHeader: wholeOption(skip_header, 'skip_header', 0, where) ?? 0,
    skipFooter,
    most: most ?? Number.POSITIVE_INFINITY,
    missing: missingOf(missing_values),
    filling: fillingOf(filling_values, table, where),
    loose,
    raise: invalid_raise,
  };
}

function splitter(delimiter: GenFromTextOptions['delimiter'], where: string): (line: string) => string[] {
  if (delimiter === undefined || delimiter === null) return (line) => line.trim().split(/\s+/);
  if (typeof delimiter === 'string' && delimiter !== '') {
    const ends = /^ +| +$/g;
    return (line) => line.replace(ends, '').split(delimiter);
  }
  const widths = [delimiter].flat();
  if (widths.length > 0 && widths.every((w) => typeof w === 'number' && Number.isInteger(w) && w > 0)) {
    return (line) => fixedWidths(line, typeof delimiter === 'number' ? repeated(delimiter, line.length) : widths);
  }
  throw new ArgumentError(
    `${where}: delimiter is ${JSON.stringify(delimiter)}`,
    'pass a string, a width, or an array of widths',
    { delimiter },
  );
}

const repeated = (width: number, length: number): number[] => new Array(Math.ceil(length / width)).fill(width);

function fixedWidths(line: string, widths: readonly unknown[]): string[] {
  let at = 0;
  return widths.map((width) => {
    const from = at;
    at += Number(width);
    return line.slice(from, at).trim();
  });
}

function perColumn<T>(
  value: PerColumn<T> | undefined,
  isOne: (x: unknown) => x is T,
): (column: number) => T | undefined {
  if (value === undefined || isOne(value)) return () => value;
  const list = value as Readonly<Record<number, T>>; // an array or an object, both by number
  return (column) => list[column];
}

function missingOf(value: GenFromTextOptions['missing_values']): (column: number) => readonly string[] {
  const find = perColumn(value, (x): x is string => typeof x === 'string');
  return (column) => [
    '',
    ...(find(column)
      ?.split(',')
      .map((word) => word.trim()) ?? []),
  ];
}

const noDefault = (d: DType, column: number, where: string): PrecisionError =>
  new PrecisionError(
    `${where}: column ${column} has missing values, and the default for integers, -1, is no ${d.name}`,
    'pass filling_values, or a signed or float dtype',
    { column, dtype: d.name },
  );

const defaults: Readonly<Record<string, Scalar>> = { b: false, f: Number.NaN, c: Number.NaN, i: -1, u: -1 };

function fillingOf(
  value: GenFromTextOptions['filling_values'],
  { dtype }: TableRules,
  where: string,
): (c: number) => Scalar {
  const find = perColumn(value, (x): x is Scalar => typeof x !== 'object' || x === null || 're' in x);
  const known = new Map<number, Scalar>();
  return (column) => {
    let x = known.get(column);
    if (x === undefined) {
      // Checked only when it is needed: -1 is no element of unsigned dtypes, and most files have no gaps.
      const given = find(column);
      if (given === undefined && dtype.kind === 'u') throw noDefault(dtype, column, where);
      x = checkScalar(given ?? defaults[dtype.kind], dtype, `${where}: filling_values of column ${column}`);
      known.set(column, x);
    }
    return x;
  };
}

/** A row whose turn to be converted has not come: it may yet turn out to be a footer. */
interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

class Generator {
  private readonly rules: Rules;
  private readonly file: string;
  private readonly rows: Rows;
  private readonly waiting: Row[] = [];
  private readonly uneven: { readonly line: number; readonly found: number }[] = [];
  private readonly parse: ElementParser;
  private line = 0;
  private fieldCount = -1;
  private columns: readonly number[] = [];
  private byColumn: (Converter | undefined)[] = [];

  constructor(rules: Rules, file: string) {
    this.rules = rules;
    this.file = file;
    this.rows = new Rows(rules.dtype);
    this.parse = elementParser(rules.dtype, true);
  }

  get full(): boolean {
    return this.rows.count >= this.rules.most;
  }

  add(lines: readonly string[]): void {
    const { comments, skipHeader, skipFooter, split } = this.rules;
    for (const text of lines) {
      this.line++;
      if (this.line <= skipHeader) continue;
      if (this.full) return;
      const cut = comments === undefined ? -1 : text.indexOf(comments);
      const data = cut < 0 ? text : text.slice(0, cut);
      if (data.trim() === '') continue;
      this.waiting.push({ line: this.line, fields: split(data) });
      if (this.waiting.length > skipFooter) this.row(this.waiting.shift() as Row); // there is one: skipFooter is from 0
    }
  }

  finish(): NDArray {
    if (this.uneven.length > 0 && this.rules.raise) throw this.refusal();
    return this.rows.count === 0 ? emptyTable(this.rules, 1) : this.rows.toArray(this.rules);
  }

  private row({ line, fields }: Row): void {
    const { rules, rows } = this;
    if (this.fieldCount < 0) this.first(line, fields.length);
    const even =
      rules.columns === undefined
        ? fields.length === this.fieldCount
        : this.columns.every((column) => column >= 0 && column < fields.length);
    if (!even) {
      this.uneven.push({ line, found: fields.length });
      return;
    }
    const { view, at, width } = rows;
    for (let k = 0; k < width; k++) {
      const column = this.columns[k];
      const text = fields[column];
      const convert = this.byColumn[column];
      const place = { file: this.file, line, column: column + 1 };
      if (convert !== undefined) convertInto(view, at + k, rules.dtype, convert, text, place);
      else if (!this.parse(view, at + k, text, 0, text.length)) this.fill(at + k, column, text, place);
    }
    rows.count++;
  }

  private fill(i: number, column: number, text: string, place: Place): void {
    const { loose, missing, filling, dtype } = this.rules;
    const word = text.trim();
    // An integer that does not fit is no gap: filling it in would hide it.
    const overflow = (dtype.kind === 'i' || dtype.kind === 'u') && /^[+-]?\d+$/.test(word);
    if (overflow || (!loose && !missing(column).includes(word))) throw notAnElement(word, dtype, place);
    writeElement(this.rows.view, i, dtype, filling(column));
  }

  private first(line: number, count: number): void {
    const { columns, converters } = this.rules;
    this.fieldCount = count;
    this.columns = columns?.map((c) => (c < 0 ? c + count : c)) ?? Array.from({ length: count }, (_, i) => i);
    this.rows.width = this.columns.length;
    if (typeof converters === 'function') this.byColumn = new Array(count).fill(converters);
    else {
      for (const [key, convert] of Object.entries(converters ?? {})) {
        if (!Number.isInteger(Number(key))) {
          throw new ArgumentError(`genfromtxt: converters has '${key}'`, 'name columns by their numbers', { key });
        }
        this.byColumn[this.column(Number(key), count, line)] = convert;
      }
    }
  }

  private column(column: number, count: number, line: number): number {
    const i = column < 0 ? column + count : column;
    if (i >= 0 && i < count) return i;
    throw new FormatError(
      `${this.file}, line ${line}: a converter for column ${column} among ${count}`,
      'check delimiter and converters; columns count from 0',
      { file: this.file, line, column, count },
    );
  }

  private refusal(): FormatError {
    const { uneven, rules } = this;
    const shown = uneven.slice(0, 10).map(({ line, found }) => `line ${line} has ${found}`);
    const more = uneven.length > shown.length ? ` and ${uneven.length - shown.length} more` : '';
    const wanted = rules.columns === undefined ? `${this.fieldCount} columns` : `column ${Math.max(...this.columns)}`;
    return new FormatError(
      `${this.file}: ${wanted} expected, but ${shown.join(', ')}${more}`,
      'check delimiter and comments, choose columns with usecols, or drop such rows with invalid_raise: false',
      { file: this.file, expected: this.fieldCount, lines: uneven.map(({ line }) => line) },
    );
  }
}

function* genTask(from: TextSource, options: GenFromTextOptions, where: string): Task<NDArray> {
  const rules = rulesOf(options, where);
  const lines = yield* openLines(from, rules.encoding, where);
  try {
    const made = new Generator(rules, lines.name);
    while (!made.full) {
      const batch = yield* lines.next();
      if (batch === undefined) break;
      made.add(batch);
    }
    return made.finish();
  } finally {
    yield* lines.close();
  }
}

/**
 * An array from text with gaps: fields that are empty or no numbers become NaN, -1 or false, or what `filling_values`
 * says. Text comes from where loadtxt takes it.
 * @throws FormatError for rows of another length, all at once, and integers that do not fit; PrecisionError for a filling
 *   value that is no element of the dtype.
 * @example await np.genfromtxt('survey.csv', { delimiter: ',', skip_header: 1, filling_values: 0 })
 */
export const genfromtxt = async (from: TextSource, options: GenFromTextOptions = {}): Promise<NDArray> =>
  runAsync(genTask(from, options, 'genfromtxt'));
/** `genfromtxt`, blocking; not from a Blob. */
export const genfromtxtSync = (from: TextSource, options: GenFromTextOptions = {}): NDArray =>
  runSync(genTask(from, options, 'genfromtxtSync'));

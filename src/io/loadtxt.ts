// loadtxt: numbers in text, all rows of one length, read in one pass and in little more memory than the result.
// Not for missing values (genfromtxt.ts). Behaviour and names are NumPy's.
import type { NDArray } from '../array/ndarray.ts';
import { ArgumentError, FormatError } from '../base/errors.ts';
import { Fields } from './fields.ts';
import { openLines, type TextSource } from './lines.ts';
import { type ElementParser, elementParser } from './parse_element.ts';
import {
  type Converter,
  convertInto,
  emptyTable,
  notAnElement,
  placeText,
  Rows,
  type TableOptions,
  type TableRules,
  tableRules,
  wholeOption,
} from './table.ts';
import { runAsync, runSync, type Task } from './task.ts';

export interface LoadTextOptions extends TableOptions {
  /** One character between fields; runs of blanks by default. */
  delimiter?: string | null;
  /** What starts a comment: '#' by default, several, or null for none. */
  comments?: string | readonly string[] | null;
  /** Lines to skip at the start, comments and empty lines included. */
  skiprows?: number;
  /** Most rows to read; lines without data do not count. */
  max_rows?: number | null;
  /** Fields that begin with it run to the next one, delimiters, comments and ends of lines included. */
  quotechar?: string | null;
}

interface LoadTextRules extends TableRules {
  readonly fields: Fields;
  readonly skip: number;
  readonly most: number;
}

function rulesOf(options: LoadTextOptions, where: string): LoadTextRules {
  const { delimiter, comments = '#', quotechar, skiprows, max_rows, ...rest } = options;
  const known = ['delimiter', 'comments', 'skiprows', 'max_rows', 'quotechar'];
  const character = (x: string | null | undefined, name: string): string | undefined => {
    if (x === null || x === undefined) return undefined;
    if (typeof x === 'string' && x.length === 1 && x !== '\n' && x !== '\r') return x;
    const fix =
      name === 'delimiter' ? `pass one character, leave it out for blanks, or use genfromtxt` : 'pass one character';
    throw new ArgumentError(`${where}: ${name} is ${JSON.stringify(x)}`, fix, { [name]: x });
  };
  const marks = comments === null ? [] : [comments].flat();
  if (marks.some((mark) => typeof mark !== 'string' || mark === '')) {
    throw new ArgumentError(`${where}: comments has an empty mark`, 'pass null for no comments', { comments });
  }
  const separator = character(delimiter, 'delimiter');
  const quote = character(quotechar, 'quotechar');
  if (
    [separator, quote].some((x) => x !== undefined && marks.includes(x)) ||
    (quote !== undefined && quote === separator)
  ) {
    throw new ArgumentError(`${where}: delimiter, comments and quotechar share a character`, 'choose different ones', {
      delimiter,
      comments,
      quotechar,
    });
  }
  return {
    ...tableRules(rest, known, where),
    fields: new Fields({ delimiter: separator, comments: marks, quote }),
    skip: wholeOption(skiprows, 'skiprows', 0, where) ?? 0,
    most: wholeOption(max_rows, 'max_rows', 0, where) ?? Number.POSITIVE_INFINITY,
  };
}

/** Reads line after line; keeps what a file of any length needs from one line to the next. */
class Loader {
  private readonly rules: LoadTextRules;
  private readonly file: string;
  private readonly rows: Rows;
  private readonly parse: ElementParser;
  private line = 0;
  /** Fields of the first row, which all rows must have unless columns are chosen. */
  private fieldCount = -1;
  private byField: (Converter | undefined)[] = [];
  private pending: string | undefined;
  private pendingLine = 0;

  constructor(rules: LoadTextRules, file: string) {
    this.rules = rules;
    this.file = file;
    this.rows = new Rows(rules.dtype);
    this.parse = elementParser(rules.dtype, false);
  }

  get full(): boolean {
    return this.rows.count >= this.rules.most;
  }

  add(lines: readonly string[]): void {
    const { fields, skip } = this.rules;
    for (const text of lines) {
      this.line++;
      if (this.line <= skip) continue;
      if (this.full) return;
      const whole = this.pending === undefined ? text : `${this.pending}\n${text}`;
      fields.cut(whole);
      if (fields.open) {
        if (this.pending === undefined) this.pendingLine = this.line;
        this.pending = whole;
      } else {
        this.pending = undefined;
        if (fields.count > 0) this.row();
      }
    }
  }

  finish(): NDArray {
    if (this.pending !== undefined) {
      throw new FormatError(
        `${placeText({ file: this.file, line: this.pendingLine })}: a quote is opened and never closed`,
        'close it, or leave quotechar out if it is part of the data',
        { file: this.file, line: this.pendingLine },
      );
    }
    if (this.rows.count === 0) return emptyTable(this.rules, this.rules.columns?.length ?? 1);
    return this.rows.toArray(this.rules);
  }

  private row(): void {
    const { rows, parse } = this;
    const { fields, columns, dtype } = this.rules;
    if (this.fieldCount < 0) this.first(fields.count);
    else if (columns === undefined && fields.count !== this.fieldCount) throw this.uneven(fields.count);
    const { view, at, width } = rows;
    for (let k = 0; k < width; k++) {
      const i = columns === undefined ? k : this.column(columns[k], fields.count);
      const convert = this.byField[i];
      if (convert !== undefined) {
        const place = { file: this.file, line: this.line, column: i + 1 };
        convertInto(view, at + k, dtype, convert, fields.field(i), place);
      } else if (!parse(view, at + k, fields.text, fields.start[i], fields.end[i])) {
        throw notAnElement(fields.field(i), dtype, { file: this.file, line: this.line, column: i + 1 });
      }
    }
    rows.count++;
  }

  private first(count: number): void {
    const { columns, converters } = this.rules;
    this.fieldCount = count;
    this.rows.width = columns?.length ?? count;
    if (typeof converters === 'function') this.byField = new Array(count).fill(converters);
    else if (converters !== undefined) {
      for (const [key, convert] of Object.entries(converters)) {
        const column = Number(key);
        if (!Number.isInteger(column)) {
          throw new ArgumentError(`loadtxt: converters has '${key}'`, 'name columns by their numbers', { key });
        }
        this.byField[this.column(column, count)] = convert;
      }
    }
  }

  private column(column: number, count: number): number {
    const i = column < 0 ? column + count : column;
    if (i >= 0 && i < count) return i;
    throw new FormatError(
      `${placeText({ file: this.file, line: this.line })}: no column ${column} among ${count}`,
      'check delimiter and usecols; columns count from 0',
      { file: this.file, line: this.line, column, count },
    );
  }

  private uneven(count: number): FormatError {
    const { file, line, fieldCount } = this;
    return new FormatError(
      `${placeText({ file, line })}: ${count} columns, where the rows before have ${fieldCount}`,
      'choose columns that all rows have with usecols, or use genfromtxt with invalid_raise: false',
      { file, line, expected: fieldCount, found: count },
    );
  }
}

function* loadTask(from: TextSource, options: LoadTextOptions, where: string): Task<NDArray> {
  const rules = rulesOf(options, where);
  const lines = yield* openLines(from, rules.encoding, where);
  try {
    const loader = new Loader(rules, lines.name);
    while (!loader.full) {
      const batch = yield* lines.next();
      if (batch === undefined) break;
      loader.add(batch);
    }
    return loader.finish();
  } finally {
    yield* lines.close();
  }
}

/**
 * An array from text: a row per line, fields between blanks or delimiters. Text comes from a path, a file: URL, bytes, a
 * Blob, or an array of lines.
 * @throws FormatError with file, line and column for fields that are no numbers and rows of another length,
 *   ArgumentError for options, and the system's own errors.
 * @example await np.loadtxt('points.csv', { delimiter: ',', skiprows: 1 })
 */
export const loadtxt = async (from: TextSource, options: LoadTextOptions = {}): Promise<NDArray> =>
  runAsync(loadTask(from, options, 'loadtxt'));
/** `loadtxt`, blocking; not from a Blob. */
export const loadtxtSync = (from: TextSource, options: LoadTextOptions = {}): NDArray =>
  runSync(loadTask(from, options, 'loadtxtSync'));

/**
 * A 1-d array from numbers in a string: `sep` is what stands between them, blanks by default.
 * @throws FormatError for anything that is no number.
 * @example np.fromstring('1, 2, 3', { sep: ',' })
 */
export function fromstring(
  text: string,
  options: { readonly dtype?: TableOptions['dtype']; readonly sep?: string; readonly count?: number } = {},
): NDArray {
  const { dtype, sep = ' ', count } = options;
  const most = wholeOption(count, 'count', 0, 'fromstring');
  const words = sep.trim() === '' ? text.split(/\s+/) : text.split(sep.trim());
  const filled = words.map((word) => word.trim());
  while (filled.length > 0 && filled[filled.length - 1] === '') filled.pop();
  if (filled[0] === '' && sep.trim() === '') filled.shift();
  const lines = most === undefined ? filled : filled.slice(0, most);
  if (most !== undefined && lines.length < most) {
    throw new FormatError(
      `fromstring: ${most} numbers wanted, ${lines.length} found`,
      'leave count out to take them all',
      {
        expected: most,
        found: lines.length,
      },
    );
  }
  const empty = lines.indexOf('');
  if (empty >= 0)
    throw new FormatError(`fromstring: nothing between separators at number ${empty + 1}`, 'check sep', { sep });
  return loadtxtSync(lines, { dtype, comments: null, ndmin: 1, delimiter: '\t' });
}

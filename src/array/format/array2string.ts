// Arrays as text: which elements are shown, brackets, lines and their wrapping. Only shown elements are ever read, so
// printing a large array costs what its edges cost. Elements themselves are in element_text.ts.
import { ArgumentError } from '../../base/errors.ts';
import type { DType } from '../../dtype/dtype.ts';
import type { IntegerAs, Scalar } from '../../dtype/scalars.ts';
import { ArrayBase } from '../../exec/array_base.ts';
import { readAt } from '../../exec/coerce.ts';
import { elementText } from './element_text.ts';
import { changedOptions, get_printoptions, type PrintOptions } from './print_options.ts';

/** Options of array2string; what is left out is as set_printoptions has it. */
export interface Array2StringOptions
  extends Partial<Pick<PrintOptions, 'precision' | 'threshold' | 'edgeitems' | 'floatmode' | 'sign' | 'formatter'>> {
  max_line_width?: number | null;
  suppress_small?: boolean | null;
  /** Between elements, ' ' by default; its trailing blanks are dropped at the ends of lines. */
  separator?: string;
  /** What the caller prints before and after: indents the lines and shortens them. Not part of the result. */
  prefix?: string;
  suffix?: string;
}

/**
 * The array as text, as NumPy's array2string.
 * @throws ArgumentError for an invalid option, DisposedError after dispose.
 * @example array2string(np.array([1, 2.5]), { separator: ', ' }) // '[1. , 2.5]'
 */
export function array2string(a: ArrayBase, options: Array2StringOptions = {}): string {
  requireArray(a, 'array2string');
  if (typeof options !== 'object' || options === null) changedOptions(get_printoptions(), options, 'array2string'); // refuses
  const { max_line_width, suppress_small, separator = ' ', prefix = '', suffix = '', ...rest } = options;
  const changes = { ...rest, linewidth: max_line_width, suppress: suppress_small } as Partial<PrintOptions>; // null: as set
  return textOf(a, changedOptions(get_printoptions(), changes, 'array2string'), separator, prefix, suffix);
}

/** Refuses what is not an array. */
export function requireArray(a: unknown, where: string): void {
  if (a instanceof ArrayBase) return;
  throw new ArgumentError(`${where}: ${typeof a} is not an array`, 'make one first with np.asarray', { where });
}

/** array2string with checked options. */
export function textOf(a: ArrayBase, options: PrintOptions, separator: string, prefix: string, suffix: string): string {
  if (a.size === 0) return '[]';
  const edge = a.size > options.threshold ? options.edgeitems : Number.POSITIVE_INFINITY;
  const shown = shownElements(a, edge);
  const text = elementText(shown, a.dtype, options, a.shape.length === 0);
  const words = shown.map(text);
  return new Page(a.shape, words, edge, separator).text(
    ` ${' '.repeat(prefix.length)}`,
    options.linewidth - suffix.length,
  );
}

/** An axis is cut when its middle is longer than nothing; with no edge items its last element is shown all the same. */
const isCut = (n: number, edge: number): boolean => n > 2 * edge;

/** 64-bit integers print as bigints: a number past 2^53 prints the shortest digits that identify it, not its own. */
export const integersOf = (d: DType): IntegerAs => (d.itemsize === 8 ? 'bigint' : 'number');

function shownElements(a: ArrayBase, edge: number): Scalar[] {
  const { shape, strides } = a;
  const integers = integersOf(a.dtype);
  const shown: Scalar[] = [];
  const walk = (axis: number, at: number): void => {
    if (axis === shape.length) {
      shown.push(readAt(a, at, integers));
      return;
    }
    const n = shape[axis];
    const cut = isCut(n, edge);
    const head = cut ? edge : n;
    for (let i = 0; i < head; i++) walk(axis + 1, at + i * strides[axis]);
    if (cut) for (let i = n - Math.max(edge, 1); i < n; i++) walk(axis + 1, at + i * strides[axis]);
  };
  walk(0, a.offset);
  return shown;
}

const ELLIPSIS = '...';

/** Lays out words in brackets and lines; takes the words one by one, in the order in which they are printed. */
class Page {
  private readonly shape: readonly number[];
  private readonly words: readonly string[];
  private readonly edge: number;
  private readonly separator: string;
  private next = 0;

  constructor(shape: readonly number[], words: readonly string[], edge: number, separator: string) {
    this.shape = shape;
    this.words = words;
    this.edge = edge;
    this.separator = separator;
  }

  text(indent: string, width: number): string {
    return this.part(0, indent, width);
  }

  /** The part from one axis on; `indent` stands before its lines, of which `width` characters may be used. */
  private part(axis: number, indent: string, width: number): string {
    const left = this.shape.length - axis;
    if (left === 0) return this.word();
    const n = this.shape[axis];
    const cut = isCut(n, this.edge);
    const head = cut ? this.edge : 0;
    const tail = cut ? this.edge : n;
    const body =
      left === 1 ? this.row(head, cut, tail, indent, width) : this.block(axis, head, cut, tail, indent, width);
    return `[${body.slice(indent.length)}]`;
  }

  private word(): string {
    return this.words[this.next++];
  }

  private row(head: number, cut: boolean, tail: number, indent: string, width: number): string {
    const { separator } = this;
    // Every line ends with a separator or with the bracket that closes this axis.
    const room = width - Math.max(separator.trimEnd().length, 1);
    const lines = new Lines(indent, room);
    for (let i = 0; i < head; i++) lines.add(this.word(), separator);
    if (cut) lines.addPlain(ELLIPSIS, separator);
    for (let i = tail; i > 1; i--) lines.add(this.word(), separator);
    lines.add(this.word(), '');
    return lines.text();
  }

  private block(axis: number, head: number, cut: boolean, tail: number, indent: string, width: number): string {
    const end = this.separator.trimEnd() + '\n'.repeat(this.shape.length - axis - 1);
    const parts: string[] = [];
    for (let i = 0; i < head; i++) parts.push(this.part(axis + 1, `${indent} `, width - 1));
    if (cut) parts.push(ELLIPSIS);
    for (let i = Math.max(tail, 1); i > 0; i--) parts.push(this.part(axis + 1, `${indent} `, width - 1));
    return parts.map((part) => indent + part).join(end);
  }
}

/** Lines filled with words, broken where the next word does not fit and a line of its own would help. */
class Lines {
  private readonly indent: string;
  private readonly room: number;
  private done = '';
  private line: string;

  constructor(indent: string, room: number) {
    this.indent = indent;
    this.room = room;
    this.line = indent;
  }

  addPlain(word: string, separator: string): void {
    if (this.breaks(word.length)) this.wrap(this.indent);
    this.line += word + separator;
  }

  /** A word of several lines, which only a custom formatter makes, is set as a column. */
  add(word: string, separator: string): void {
    if (!word.includes('\n')) {
      this.addPlain(word, separator);
      return;
    }
    const rows = word.split('\n');
    const wide = Math.max(...rows.map((row) => row.length));
    if (this.breaks(wide)) this.wrap(this.indent);
    const column = ' '.repeat(this.line.length);
    this.line += rows[0];
    for (const row of rows.slice(1)) {
      this.wrap(column);
      this.line += row;
    }
    this.line += ' '.repeat(wide - rows[rows.length - 1].length) + separator;
  }

  text(): string {
    return this.done + this.line;
  }

  private breaks(length: number): boolean {
    return this.line.length + length > this.room && this.line.length > this.indent.length;
  }

  private wrap(start: string): void {
    this.done += `${this.line.trimEnd()}\n`;
    this.line = start;
  }
}

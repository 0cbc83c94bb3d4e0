// savetxt: a 1-d or 2-d array as text, a row per line, written in pieces to a file that appears whole or not at all.
// Formats are in printf.ts. Behaviour and names are NumPy's.
import { asarray, ascontiguousarray } from '../array/creation.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { Complex } from '../dtype/complex.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { readElement, type Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, rawView, viewOf } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { type Format, formatted, parseFormat } from './printf.ts';
import { writeWhole } from './sink.ts';
import type { FilePath } from './source.ts';
import { runAsync, runSync, type Task } from './task.ts';

export interface SaveTextOptions {
  /** printf-style: one for all elements, one per column, or one string for a whole row. '%.18e' by default. */
  fmt?: string | readonly string[];
  delimiter?: string;
  newline?: string;
  /** Written before and after, each of its lines behind `comments`. */
  header?: string;
  footer?: string;
  comments?: string;
}

interface RowFormat {
  /** One per column, or one for the row. */
  readonly formats: readonly Format[];
  readonly delimiter: string;
  /** Write re and im of each element as two values. */
  readonly halves: boolean;
}

function rowFormat(options: SaveTextOptions, width: number, d: DType): RowFormat {
  const { fmt = '%.18e', delimiter = ' ' } = options;
  const complex = d.parts === 2;
  const refuse = (why: string) =>
    new ArgumentError(
      `savetxt: ${why}, for ${width} columns of ${d.name}`,
      `pass one format for all elements, or one per column${complex ? ', or two for re and im' : ''}`,
      { fmt, columns: width },
    );
  if (Array.isArray(fmt)) {
    if (fmt.length !== width) throw refuse(`fmt has ${fmt.length} formats`);
    const formats = fmt.map((one) => parseFormat(one, 'savetxt'));
    const each = formats.map(({ count }) => count);
    const halves = complex && each.every((n) => n === 2);
    if (!halves && each.some((n) => n !== 1))
      throw refuse('fmt has formats of another number of values than a column has');
    return { formats, delimiter, halves };
  }
  if (typeof fmt !== 'string') throw refuse(`fmt is ${String(fmt)}`);
  const format = parseFormat(fmt, 'savetxt');
  if (format.count === 1) {
    const one = complex ? parseFormat(` (${fmt}+${fmt}j)`, 'savetxt') : format;
    return { formats: new Array(width).fill(one), delimiter, halves: complex };
  }
  if (format.count === width * d.parts || (format.count === width && !complex)) {
    return { formats: [format], delimiter: '', halves: complex };
  }
  throw refuse(`fmt '${fmt}' takes ${format.count} values`);
}

/** Rows per piece of text. */
const ROWS = 1024;

/** The text of a table, in pieces. */
export function* tableText(x: ArrayLike, options: SaveTextOptions = {}): Generator<string> {
  const given = asarray(x);
  if (given.ndim !== 1 && given.ndim !== 2) {
    throw new ShapeError(`savetxt: a ${given.ndim}-d array is no table`, 'reshape it to 1 or 2 dimensions', {
      shape: given.shape,
    });
  }
  const { newline = '\n', header = '', footer = '', comments = '# ' } = options;
  const table = given.ndim === 1 ? given.reshape(given.size, 1) : given;
  const [rows, width] = table.shape;
  const { dtype } = table;
  const format = rowFormat(options, width, dtype);
  const remark = (text: string) => comments + text.replaceAll('\n', `\n${comments}`) + newline;
  if (header !== '') yield remark(header);
  for (let from = 0; from < rows; from += ROWS) {
    const count = Math.min(ROWS, rows - from);
    const part = ascontiguousarray(rowsOf(table, from, count));
    const view = rawView(part);
    const as = dtype.itemsize === 8 ? 'bigint' : 'number'; // every digit of a 64-bit integer
    let text = '';
    for (let r = 0; r < count; r++) {
      const values: Scalar[] = [];
      for (let c = 0; c < width; c++) {
        const value = readElement(view, r * width + c, dtype, as);
        if (format.halves && value instanceof Complex) values.push(value.re, value.im);
        else values.push(value);
      }
      text += rowText(format, values, dtype) + newline;
    }
    yield text;
  }
  if (footer !== '') yield remark(footer);
}

function rowsOf(table: NDArray, from: number, count: number): NDArray {
  const base: ArrayBase = table;
  const at = base.offset + from * base.strides[0];
  return nd(viewOf(base.storage, at, [count, base.shape[1]], base.strides, base.dtype));
}

function rowText({ formats, delimiter, halves }: RowFormat, values: readonly Scalar[], d: DType): string {
  const part = !halves ? d : d === dtypes.complex64 ? dtypes.float32 : dtypes.float64;
  let text = '';
  let at = 0;
  for (let i = 0; i < formats.length; i++) {
    text += (i > 0 ? delimiter : '') + formatted(formats[i], values, at, part, 'savetxt');
    at += formats[i].count;
  }
  return halves ? text.replaceAll('+-', '-') : text;
}

function saveTask(file: FilePath, x: ArrayLike, options: SaveTextOptions, where: string): Task<void> {
  const known = ['fmt', 'delimiter', 'newline', 'header', 'footer', 'comments'];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new ArgumentError(`${where}: no option '${unknown}'`, `use one of ${known.join(', ')}`, { option: unknown });
  }
  return writeWhole(file, where, function* (sink) {
    const encoder = new TextEncoder();
    for (const text of tableText(x, options)) yield* sink.write(encoder.encode(text));
  });
}

/**
 * Writes a 1-d array (as a column) or a 2-d array as text. The file appears whole or not at all.
 * @throws ShapeError for other dimensions, ArgumentError for formats, and the system's own errors.
 * @example await np.savetxt('points.csv', a, { delimiter: ',', fmt: '%.3f', header: 'x,y', comments: '' })
 */
export const savetxt = async (file: FilePath, x: ArrayLike, options: SaveTextOptions = {}): Promise<void> =>
  runAsync(saveTask(file, x, options, 'savetxt'));
/** `savetxt`, blocking. */
export const savetxtSync = (file: FilePath, x: ArrayLike, options: SaveTextOptions = {}): void =>
  runSync(saveTask(file, x, options, 'savetxtSync'));

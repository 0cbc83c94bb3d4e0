// A table as text made an array of rows, and rows made text: both a batch at a time, so that the file may be larger than
// memory. What the fields of a table are is inspect's (records.ts) and savetxt's (io/savetxt.ts).
import * as np from '../../src/index.ts';
import { createNpyStore } from '../../src/io/npy_open.ts';
import { tableText } from '../../src/io/savetxt.ts';
import { writeWhole } from '../../src/io/sink.ts';
import { runAsync, step } from '../../src/io/task.ts';
import { recordsOf } from '../inspect/records.ts';

type Row = readonly string[];

const isNumber = (field: string): boolean => field.trim() !== '' && !Number.isNaN(Number(field));
const missing = new Set(['', 'na', 'n/a', 'nan', 'null', 'none']);

interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** The first line holds names. */
  readonly named: boolean;
}

/** Rows and columns, by a first pass. @throws FormatError for rows of several lengths. */
function extentOf(file: string): Extent {
  let [rows, columns, named] = [0, -1, false];
  for (const batch of recordsOf(file)) {
    for (const row of batch.rows) {
      if (columns < 0) {
        columns = row.length;
        named = row.some((field) => !isNumber(field) && !missing.has(field.trim().toLowerCase()));
      }
      rows++;
      if (row.length !== columns) {
        throw new np.FormatError(
          `${file}: row ${rows} has ${row.length} fields, the first has ${columns}`,
          'give every row as many fields, and look for quotes that are not closed',
          { file, row: rows, fields: row.length, expected: columns },
        );
      }
    }
  }
  if (columns < 0) throw new np.FormatError(`${file} holds no rows`, 'pass a table', { file });
  return { rows: named ? rows - 1 : rows, columns, named };
}

/** A table of numbers as a .npy file of rows. @throws FormatError and PrecisionError, which say row and column. */
export async function tableToNpy(file: string, to: string, dtype: np.DType): Promise<void> {
  const { rows, columns, named } = extentOf(file);
  const store = await createNpyStore(to, { shape: [rows, columns], dtype });
  const write = store.write?.bind(store);
  if (write === undefined) throw new TypeError('a new file can be written');
  try {
    let [at, seen] = [0, 0];
    for (const batch of recordsOf(file)) {
      const from = named && seen === 0 ? 1 : 0;
      seen += batch.rows.length;
      const part = batch.rows.slice(from);
      if (part.length === 0) continue;
      const values = np.array(parsed(part, dtype, file, at + (named ? 2 : 1)), { dtype });
      await write({ start: [at, 0], shape: [part.length, columns] }, values);
      values.dispose();
      at += part.length;
    }
    await store.close();
  } catch (error) {
    await store.abandon();
    throw error;
  }
}

function parsed(rows: readonly Row[], dtype: np.DType, file: string, first: number): np.Scalar[][] {
  const whole = dtype.kind === 'i' || dtype.kind === 'u';
  const refuse = (i: number, column: number, field: string): np.FormatError =>
    new np.FormatError(
      `${file}: '${field.slice(0, 40)}' in row ${first + i}, column ${column + 1}, is no ${dtype.name}`,
      whole && (missing.has(field.trim().toLowerCase()) || isNumber(field))
        ? 'pass --dtype float64, which holds fractions and marks what is missing as NaN'
        : 'take out the columns of text, or mark what is missing as nan',
      { file, row: first + i, column: column + 1 },
    );
  return rows.map((row, i) =>
    row.map((field, column) => {
      const text = field.trim();
      if (whole) {
        if (!/^[+-]?\d+$/.test(text)) throw refuse(i, column, field);
        return BigInt(text);
      }
      if (missing.has(text.toLowerCase())) return Number.NaN;
      if (!isNumber(text)) throw refuse(i, column, field);
      return Number(text);
    }),
  );
}

export interface TextOptions {
  readonly delimiter: string;
  readonly fmt: string;
}

/** Rows of an array in chunks as text, in order. */
export async function chunkedToText(
  x: np.ChunkedArray,
  to: string,
  options: TextOptions,
  compute: { readonly memory?: string | undefined },
  told: (rows: number) => void,
): Promise<void> {
  if (x.ndim > 2 || x.ndim === 0) {
    throw new np.ShapeError(`a ${x.ndim}-d array is no table`, 'convert an array of one or two axes', {
      shape: x.shape,
    });
  }
  const encoder = new TextEncoder();
  const rows = Math.max(1, Math.floor(2 ** 22 / Math.max(1, x.nbytes / Math.max(1, x.shape[0]))));
  await runAsync(
    writeWhole(to, 'convert', function* (sink) {
      for (let i = 0; i < x.shape[0]; i += rows) {
        const part = (yield* step(
          () => {
            throw new TypeError('chunks are computed asynchronously');
          },
          () => x.get(`${i}:${i + rows}`).compute(compute),
        )) as np.NDArray; // a slice is an array
        for (const text of tableText(part, options)) yield* sink.write(encoder.encode(text));
        part.dispose();
        told(Math.min(x.shape[0], i + rows));
      }
    }),
  );
}

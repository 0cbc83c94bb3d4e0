// `orthant inspect FILE…`: what .npy, .npz, Zarr and CSV hold, as text, JSON or one HTML page. Arrays of any size: one
// pass over blocks of them, a few MB at a time. What is said is in describe.ts and csv.ts, printing in text.ts.
import { statSync } from 'node:fs';
import { bytesText, countText, printable } from '../amounts.ts';
import { type Paint, paintFor } from '../colour.ts';
import type { Command, Given } from '../command.ts';
import { explain, isUsers, problemOf } from '../explain.ts';
import { writeText } from '../files.ts';
import { progressOf } from '../progress.ts';
import { type Kind, kindOf } from '../stored/kind.ts';
import { openStored } from '../stored/open.ts';
import { readCsv, type Table } from './csv.ts';
import { type Description, describe } from './describe.ts';
import { arrayText, delimiterText, plainNumbers, tableText } from './text.ts';

export const inspect: Command = {
  name: 'inspect',
  summary: 'Show what .npy, .npz, Zarr and CSV files hold.',
  takes: ['FILE', '[FILE…]'],
  options: {
    json: { doc: 'print one JSON object instead of text' },
    html: { value: 'PAGE', doc: 'write one HTML page with pictures of the values too' },
  },
  about: `Shows header, shape, dtype, memory order, chunks, bytes, statistics, a histogram and
the first and last elements, of every array in every file. NaN and infinities are
counted and left out of min, max, mean and std. Files may be larger than the
memory: they are read once, in blocks. Files that hold neither arrays nor a table
are refused; the others are shown, and the exit code is 1.
`,
  run,
};

/** An array of a file, or why it could not be read. */
export interface FoundArray {
  readonly name: string;
  readonly found: Description | undefined;
  readonly error: string | undefined;
}

export interface FoundFile {
  readonly file: string;
  readonly kind: Kind;
  /** Bytes on the disk. */
  readonly size: number;
  readonly arrays: readonly FoundArray[];
  readonly table: Table | undefined;
}

/** Told how much of a file is done, from 0 to 1. */
type At = (share: number) => void;

async function arraysOf(file: string, kind: Exclude<Kind, 'csv'>, pictures: boolean, at: At): Promise<FoundFile> {
  const stored = await openStored(file, kind);
  try {
    const arrays: FoundArray[] = [];
    for (const [i, { name, open }] of stored.entries.entries()) {
      try {
        const { array, layout } = await open();
        const total = array.shape.reduce((size, n) => size * n, array.dtype.itemsize);
        let done = 0;
        const seen = (bytes: number): void => {
          done += bytes;
          at((i + done / total) / stored.entries.length);
        };
        arrays.push({ name, found: await describe(array, layout, seen, pictures), error: undefined });
      } catch (error) {
        if (name === '' || !isUsers(error)) throw error; // the file itself
        arrays.push({ name, found: undefined, error: problemOf(error) });
      }
    }
    return { file, kind, size: sizeOf(file, kind, arrays), arrays, table: undefined };
  } finally {
    await stored.close();
  }
}

async function look(file: string, pictures: boolean, at: At): Promise<FoundFile> {
  const kind = kindOf(file);
  if (kind !== 'csv') return arraysOf(file, kind, pictures, at);
  const { size } = statSync(file);
  let done = 0;
  const seen = (bytes: number): void => {
    done += bytes;
    at(done / size);
  };
  return { file, kind, size, arrays: [], table: readCsv(file, seen) };
}

async function run(given: Given): Promise<number> {
  const files = given.args;
  const json = given.flag('json');
  const page = given.text('html');
  const found: FoundFile[] = [];
  const failures: { file: string; error: string }[] = [];
  const paint = paintFor(process.stdout);
  const progress = progressOf(files.length, { silent: true });
  for (const [i, file] of files.entries()) {
    try {
      progress.at(i, file);
      const one = await look(file, page !== undefined, (share) => progress.at(i + Math.min(1, share), file));
      found.push(one);
      progress.end();
      if (!json) process.stdout.write(`${found.length + failures.length > 1 ? '\n' : ''}${text(one, paint)}`);
    } catch (error) {
      progress.end();
      if (!isUsers(error)) throw error;
      failures.push({ file, error: problemOf(error) });
      process.stderr.write(`orthant inspect: ${explain(error)}\n`);
    }
  }
  if (json) process.stdout.write(`${JSON.stringify({ files: found.map(facts), failures }, plainNumbers, 2)}\n`);
  if (page !== undefined && found.length > 0) {
    const { inspectPage } = await import('./page.ts'); // with the charts, which are heavy
    writeText(page, inspectPage(found, failures));
  }
  const unread = found.some(({ arrays }) => arrays.some(({ error }) => error !== undefined));
  return failures.length > 0 || unread ? 1 : 0;
}

/** Bytes on the disk: of a directory, those of its arrays. */
function sizeOf(file: string, kind: Kind, arrays: readonly FoundArray[]): number {
  if (kind !== 'zarr') return statSync(file).size;
  return arrays.reduce((sum, { found }) => sum + (found?.layout.stored ?? 0), 0);
}

function facts({ file, kind, size, arrays, table }: FoundFile): object {
  const each = arrays.map(({ name, found, error }) => {
    const { preview: _, picture: __, ...rest } = found ?? { preview: '' };
    return { ...(name !== '' && { name }), ...rest, ...(error !== undefined && { error }) };
  });
  return { file, kind, size, ...(table === undefined ? { arrays: each } : { table }) };
}

const plural = (n: number, what: string): string => `${countText(n)} ${what}${n === 1 ? '' : 's'}`;

/** What a file is, in words. */
export function titleOf({ kind, arrays, table }: FoundFile): string {
  if (table !== undefined) {
    const { rows, columns, delimiter } = table;
    return `table of ${plural(rows, 'row')} and ${plural(columns.length, 'column')}, separated by ${delimiterText(delimiter)}`;
  }
  if (kind === 'npy') return '.npy';
  return `${kind === 'npz' ? '.npz' : 'Zarr'} of ${plural(arrays.length, 'array')}`;
}

function text(one: FoundFile, paint: Paint): string {
  const { file, size, arrays, table } = one;
  const title = `${paint('strong', printable(file))}: ${titleOf(one)}, ${bytesText(size)}\n\n`;
  if (table !== undefined) return title + tableText(table);
  const parts = arrays.map(({ name, found, error }) => {
    const head = name === '' ? '' : `${paint('strong', printable(name))}\n`;
    if (found === undefined) return `${head}  ${paint('bad', printable(`cannot be read: ${error}`))}\n`;
    return `${head}${arrayText(found, paint)}\n${found.preview.replace(/^/gm, name === '' ? '' : '  ')}\n`;
  });
  return title + parts.join('\n');
}

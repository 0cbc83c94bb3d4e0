// `orthant inspect FILE`: what a .npy, .npz or CSV file holds, as text or JSON. Decides by the first bytes, not the name.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import * as np from '../../src/index.ts';
import { NPY_MAGIC, readHeader } from '../../src/io/npy_header.ts';
import { openSource, SourceReader } from '../../src/io/source.ts';
import { runSync } from '../../src/io/task.ts';
import { bytesText, countText, printable, table } from '../amounts.ts';
import type { Command, Given } from '../command.ts';
import { type Column, readCsv } from './csv.ts';
import { type Description, describe, type Statistics, type Value } from './describe.ts';

export const inspect: Command = {
  name: 'inspect',
  summary: 'Show what a .npy, .npz or CSV file holds.',
  takes: ['FILE'],
  options: { json: { doc: 'print one JSON object instead of text' } },
  about: `Shows format, shape, dtype, memory order, bytes, statistics and the first and
last elements. NaN and infinities are counted and left out of min, max, mean
and std. Files that hold neither arrays nor a table are refused.
`,
  run,
};

async function run(given: Given): Promise<number> {
  const [file] = given.args;
  const kind = kindOf(file);
  const report = kind === 'npy' ? inspectNpy(file) : kind === 'npz' ? inspectNpz(file) : inspectCsv(file);
  const size = statSync(file).size;
  if (given.flag('json')) {
    process.stdout.write(`${JSON.stringify({ file, kind, size, ...report.facts }, null, 2)}\n`);
    return 0;
  }
  process.stdout.write(`${file}: ${report.title}, ${bytesText(size)}\n\n`);
  for (const part of report.text()) process.stdout.write(part);
  return 0;
}

interface Report {
  /** What kind of file it is, in words. */
  readonly title: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** The rest, piece by piece. */
  text(): Iterable<string>;
}

function kindOf(file: string): 'npy' | 'npz' | 'csv' {
  if (statSync(file).isDirectory()) throw refusal(`${file} is a directory`, file);
  const start = Buffer.alloc(4096);
  const fd = openSync(file, 'r');
  let n = 0;
  try {
    n = readSync(fd, start);
  } finally {
    closeSync(fd);
  }
  const bytes = start.subarray(0, n);
  if (bytes.subarray(0, 6).equals(Buffer.from(NPY_MAGIC))) return 'npy';
  if (
    bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04')) ||
    bytes.subarray(0, 4).equals(Buffer.from('PK\x05\x06'))
  ) {
    return 'npz';
  }
  if (/\.npy$/i.test(file)) throw refusal(`${file} is not a .npy file: its first bytes are others`, file);
  if (/\.npz$/i.test(file)) throw refusal(`${file} is not a .npz file: its first bytes are others`, file);
  if (n === 0) throw refusal(`${file} is empty`, file);
  if (bytes.includes(0)) throw refusal(`${file} holds neither arrays nor text`, file);
  return 'csv';
}

const refusal = (what: string, file: string): np.FormatError =>
  new np.FormatError(what, 'pass a file written by np.save or np.savez, or a table as text', { file });

function inspectNpy(file: string): Report {
  const source = runSync(openSource(file, 'inspect'));
  let swapped = false;
  try {
    ({ swapped } = runSync(readHeader(new SourceReader(source))));
  } finally {
    runSync(source.close());
  }
  const a = np.loadSync(file, { kind: 'npy' });
  const endian = swapped ? 'big-endian' : 'little-endian';
  const description = describe(a);
  return {
    title: `.npy, ${endian}`,
    facts: { endian, ...description },
    *text() {
      yield facts(description);
      yield `\n${np.array_repr(a)}\n`;
    },
  };
}

function inspectNpz(file: string): Report {
  const archive = np.loadSync(file, { kind: 'npz' });
  // One array at a time: an archive may hold more than the memory does.
  const arrays = archive.files.map((name) => {
    const a = archive.getSync(name);
    const found = { name, ...describe(a), preview: preview(a) };
    a.dispose();
    return found;
  });
  archive.closeSync();
  return {
    title: `.npz of ${arrays.length} array${arrays.length === 1 ? '' : 's'}`,
    facts: { arrays: arrays.map(({ preview, ...rest }) => rest) },
    *text() {
      for (const { name, preview, ...rest } of arrays)
        yield `${printable(name)}\n${facts(rest)}${indented(preview)}\n\n`;
    },
  };
}

/** A few lines, for arrays among others. */
function preview(a: np.NDArray): string {
  return np.array2string(a, { threshold: 30, edgeitems: 2, separator: ', ' });
}

const indented = (text: string): string => text.replace(/^/gm, '  ');

const shapeText = (shape: readonly number[]): string => `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;

const valueText = (x: Value | undefined): string =>
  typeof x === 'number' ? String(Number.isInteger(x) ? x : Number(x.toPrecision(10))) : (x ?? '-');

function facts({ shape, dtype, order, bytes, statistics: s }: Description): string {
  const rows: [string, string][] = [
    ['shape', shapeText(shape)],
    ['dtype', dtype],
    ['order', order],
    ['bytes', countText(bytes)],
  ];
  if (s !== undefined) {
    if (s.min !== undefined) rows.push(['min', valueText(s.min)], ['max', valueText(s.max)]);
    rows.push(['mean', valueText(s.mean)], ['std', valueText(s.std)]);
    if (s.nan + s.inf > 0) rows.push(['NaN', countText(s.nan)], ['infinite', countText(s.inf)]);
    if (dtype === 'bool') rows.push(['true', countText(s.nonzero)]);
  }
  return rows.map(([name, value]) => `  ${name.padEnd(8)}  ${value}\n`).join('');
}

function inspectCsv(file: string): Report {
  const { delimiter, rows, columns, head } = readCsv(file);
  const names = delimiter === '\t' ? 'tabs' : delimiter === ' ' ? 'blanks' : `'${delimiter}'`;
  return {
    title: `table of ${countText(rows)} rows and ${columns.length} columns, separated by ${names}`,
    facts: { delimiter, rows, columns },
    *text() {
      yield table([['column', 'holds', 'missing', 'min', 'max', 'mean', 'std'], ...columns.map(columnRow)]);
      yield `\n${table(head)}`;
    },
  };
}

function columnRow({ name, holds, missing, distinct, statistics: s }: Column): string[] {
  const numbers: (keyof Statistics)[] = ['min', 'max', 'mean', 'std'];
  const values = numbers.map((key) => (s === undefined ? '' : valueText(s[key])));
  return [
    printable(name),
    distinct === undefined ? holds : `${holds}, ${countText(distinct)} distinct`,
    countText(missing),
    ...values,
  ];
}

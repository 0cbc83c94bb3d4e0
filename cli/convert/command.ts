// `orthant convert FROM TO`: an array from one format to another, by the endings of the names, in blocks: files may be larger
// than memory. What a conversion needs of memory is checked before it starts; TO appears whole or not at all.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import * as np from '../../src/index.ts';
import { bytesText, printable } from '../amounts.ts';
import { type Command, type Given, UsageError, wholeNumber } from '../command.ts';
import { type Progress, progressOf } from '../progress.ts';
import { kindOf } from '../stored/kind.ts';
import { archived } from './archive.ts';
import { chunkedToText, tableToNpy } from './table.ts';

export const convert: Command = {
  name: 'convert',
  summary: 'Write an array in another format: .npy, .npz, Zarr, or a table as text.',
  takes: ['FROM', 'TO'],
  options: {
    chunks: { value: 'N,N…', doc: 'extents of the chunks of Zarr; -1 for a whole axis' },
    dtype: { value: 'DTYPE', doc: 'convert the elements (default: as they are; float64 for tables)' },
    compressor: { value: 'NAME', doc: 'of Zarr: zstd (default), gzip, blosc, none' },
    level: { value: 'N', doc: 'how hard to compress' },
    'zarr-version': { value: 'N', doc: 'of Zarr: 3 (default) or 2' },
    name: { value: 'NAME', doc: 'of the array in an archive (default: arr_0)' },
    compressed: { doc: 'compress the archive' },
    delimiter: { value: 'TEXT', doc: 'between the fields of a table (default: by the ending: , or a tab)' },
    fmt: { value: 'FORMAT', doc: 'of the numbers of a table, as in printf (default: %.17g, or %d for integers)' },
    memory: { value: 'AMOUNT', doc: 'most memory to take, such as 256MB' },
    overwrite: { doc: 'replace what is at TO' },
    json: { doc: 'print one JSON object instead of text' },
  },
  about: `FROM is a .npy file, an array of an archive (runs.npz#x), a Zarr directory or URL, or a table
of numbers as text. TO ends in .npy, .npz, .zarr, .csv, .tsv or .txt. Elements go in blocks,
so both may be larger than the memory:

  orthant convert runs.npz#x runs.zarr --chunks 1000,-1 --compressor blosc
  orthant convert table.csv table.npy --dtype float32
`,
  run,
};

const tables: Readonly<Record<string, string>> = { '.csv': ',', '.tsv': '\t', '.txt': ' ' };
const isTable = (path: string): boolean => extname(path) in tables;

async function run(given: Given): Promise<number> {
  const [from, to] = given.args;
  const settings = settingsOf(given, to);
  if (existsSync(to) && !given.flag('overwrite')) {
    throw new np.ArgumentError(`${to} is there already`, 'choose another name, or pass --overwrite', { path: to });
  }
  const begun = performance.now();
  const progress = progressOf(1, { silent: given.flag('json') });
  let x: np.ChunkedArray;
  const folder = mkdtempSync(join(tmpdir(), 'orthant-convert-'));
  try {
    const read = await openFrom(from, folder, given.text('dtype'), progress);
    const dtype = given.text('dtype');
    x = dtype === undefined || read.dtype.name === dtype ? read : read.astype(np.dtype(dtype as np.DTypeName)); // checked there
    await writeTo(x, to, settings, given, progress);
  } finally {
    progress.end();
    rmSync(folder, { recursive: true, force: true });
  }
  const told = {
    from,
    to,
    shape: x.shape,
    dtype: x.dtype.name,
    bytes: x.nbytes,
    seconds: (performance.now() - begun) / 1000,
  };
  const line = `${printable(to)}: ${x.dtype.name} (${x.shape.join(', ')}), ${bytesText(x.nbytes)}\n`;
  process.stdout.write(given.flag('json') ? `${JSON.stringify(told)}\n` : line);
  return 0;
}

interface Settings {
  readonly chunks: readonly number[] | undefined;
  /** Of Zarr alone. */
  readonly zarr: np.chunked.StoreOptions;
}

/** Options that TO has no use for are refused, not dropped. */
function settingsOf(given: Given, to: string): Settings {
  const format = isTable(to) ? 'text' : to.endsWith('.npz') ? 'npz' : to.endsWith('.npy') ? 'npy' : 'zarr';
  const owners = {
    chunks: ['zarr'],
    compressor: ['zarr'],
    level: ['zarr'],
    'zarr-version': ['zarr'],
    name: ['npz'],
    compressed: ['npz'],
    delimiter: ['text'],
    fmt: ['text'],
  };
  for (const [option, formats] of Object.entries(owners)) {
    if ((given.text(option) !== undefined || given.flag(option)) && !formats.includes(format)) {
      throw new UsageError(`--${option} says nothing about ${to}`);
    }
  }
  const number = (option: string, least: number): number | undefined => {
    const text = given.text(option);
    return text === undefined ? undefined : wholeNumber(text, option, least);
  };
  const compressor = given.text('compressor') as np.chunked.StoreOptions['compressor']; // checked by zarr.create
  const version = number('zarr-version', 2) as 2 | 3 | undefined; // as above
  const level = number('level', 0);
  const own = { compressor, level, version, overwrite: given.flag('overwrite') || undefined };
  return { chunks: extents(given.text('chunks')), zarr: format === 'zarr' ? own : {} };
}

function extents(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined;
  const found = text.split(',').map(Number);
  if (found.every((n) => Number.isInteger(n) && n !== 0 && n >= -1)) return found;
  throw new UsageError(`--chunks takes whole numbers such as 1000,-1, not '${text}'`);
}

async function openFrom(
  from: string,
  folder: string,
  dtype: string | undefined,
  progress: Progress,
): Promise<np.ChunkedArray> {
  if (/^https?:/.test(from) || !existsSync(from) || kindOf(from) !== 'csv') return np.chunked.open(from);
  progress.at(0, `reading ${from}`);
  const npy = join(folder, 'table.npy');
  await tableToNpy(from, npy, np.dtype((dtype ?? 'float64') as np.DTypeName)); // checked there
  return np.chunked.open(npy);
}

async function writeTo(
  x: np.ChunkedArray,
  to: string,
  { chunks, zarr }: Settings,
  given: Given,
  progress: Progress,
): Promise<void> {
  const memory = given.text('memory');
  const onProgress = (p: { readonly done: number; readonly blocks: number }): void =>
    progress.at(p.done / Math.max(1, p.blocks), `writing ${to}`);
  const options = { memory, onProgress };
  if (isTable(to)) {
    const delimiter = given.text('delimiter') ?? tables[extname(to)];
    const whole = ['i', 'u', 'b'].includes(x.dtype.kind);
    const fmt = given.text('fmt') ?? (whole ? '%d' : '%.17g');
    const tell = (rows: number): void => progress.at(rows / Math.max(1, x.shape[0]), `writing ${to}`);
    await chunkedToText(x, to, { delimiter, fmt }, { memory }, tell);
  } else if (to.endsWith('.npz')) {
    await archived(to, given.text('name') ?? 'arr_0', given.flag('compressed'), (npy) => x.store(npy, options));
  } else {
    await x.store(to, { ...options, ...zarr, ...(chunks !== undefined && { chunks }) });
  }
}

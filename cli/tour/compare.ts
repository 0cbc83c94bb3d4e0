// The same job in NumPy, where Python has it: job.py is run on the same data, and its results are held against ours.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as np from '../../src/index.ts';
import { packageFile } from '../package_files.ts';
import { type Results, resultArrays } from './analysis.ts';

/** What job.py prints. */
interface Answer {
  readonly numpy: string;
  readonly seconds: Readonly<Record<string, number>>;
  readonly accuracy: number;
  readonly baseline: number;
  readonly readBack: Readonly<Record<string, readonly number[]>>;
}

export interface Comparison extends Answer {
  /** Largest relative difference of a component's variance. */
  readonly variances: number;
  /** Smallest |cosine| between a component of ours and NumPy's; those of nearly equal variance may turn. */
  readonly alignment: number;
  /** Share of test images told as the same digit. */
  readonly agreement: number;
  /** NumPy read every array of our archive in its shape. */
  readonly archiveRead: boolean;
  /** Where ours and NumPy's differ by more than rounding explains; empty when all is well. */
  readonly disagreements: readonly string[];
}

export interface Run {
  readonly data: string;
  /** Training images; 0 for all. */
  readonly rows: number;
  /** Where NumPy puts its results, and where ours are. */
  readonly theirs: string;
  readonly ours: string;
  readonly python: string;
}

/** Runs the job in NumPy; a text instead of a comparison says why there is none. */
export async function compareWithNumpy(run: Run, results: Results): Promise<Comparison | string> {
  const script = packageFile('cli/tour/job.py');
  if (script === undefined) return 'NumPy: this installation does not carry the script to compare with';
  const { status, output, errors } = await python(
    run.python,
    ['-', run.data, String(run.rows), run.theirs, run.ours],
    readFileSync(script, 'utf8'),
  );
  if (status === undefined) return `NumPy: ${run.python} is not installed, so there is nothing to compare with`;
  if (/No module named '?numpy/.test(errors))
    return `NumPy: ${run.python} does not have it, so there is nothing to compare with`;
  if (status !== 0) return `NumPy: the same job failed there: ${errors.trim().split('\n').at(-1)}`;
  return compared(JSON.parse(output), run, results);
}

interface Finished {
  /** undefined when there is no such program. */
  readonly status: number | null | undefined;
  readonly output: string;
  readonly errors: string;
}

function python(command: string, args: readonly string[], script: string): Promise<Finished> {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: 'pipe' });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (errors += text));
    child.on('error', (error) => done({ status: undefined, output, errors: error.message }));
    child.on('close', (status) => done({ status, output, errors }));
    child.stdin.on('error', () => {}); // it ended before it read the script: `close` tells how
    child.stdin.end(script);
  });
}

function compared(answer: Answer, run: Run, ours: Results): Comparison {
  const archive = np.loadSync(run.theirs, { kind: 'npz' });
  const [variances, vectors, predicted] = ['variances', 'components', 'predicted'].map((name) => archive.getSync(name));
  archive.closeSync();
  const off = np.divide(np.subtract(ours.components.variances, variances), variances);
  const cosines = np.sum(np.multiply(ours.components.vectors, vectors), 0);
  const found = {
    variances: Number(np.max(np.absolute(off))),
    alignment: Number(np.min(np.absolute(cosines))),
    agreement: Number(np.mean(np.equal(ours.predicted, predicted))),
    archiveRead: Object.entries(resultArrays(ours)).every(
      ([name, a]) => String(answer.readBack[name]) === String(a.shape),
    ),
  };
  const disagreements = [
    found.variances > 1e-4 && `variances differ by up to ${found.variances.toExponential(1)}`,
    found.agreement < 0.998 && `only ${(100 * found.agreement).toFixed(2)} % of the digits are told alike`,
    Math.abs(answer.accuracy - ours.accuracy) > 0.001 && `accuracy ${ours.accuracy} against ${answer.accuracy}`,
    !found.archiveRead && 'NumPy does not read our archive as it was written',
  ].filter((text) => text !== false);
  return { ...answer, ...found, disagreements };
}

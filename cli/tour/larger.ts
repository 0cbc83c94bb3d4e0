// The tour's last chapter: a table several times larger than the memory that it may take, made, standardised, reduced and
// decomposed in blocks. The table goes into a temporary folder and is removed, whatever happens.
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as np from '../../src/index.ts';
import { bytesText, countText, percentText } from '../amounts.ts';
import type { Stopwatch } from './stages.ts';

/** What the run may take of memory. */
export const BUDGET = 256e6;
/** Bytes of the table, where the disk has room for it. */
export const TABLE = 2e9;
const COLUMNS = 64;
/** Directions of the made-up signal. */
const SIGNALS = 3;

export interface Larger {
  readonly rows: number;
  readonly columns: number;
  /** Bytes: of the table, the budget, and of the run that took most what was projected and what its arrays took. */
  readonly table: number;
  readonly budget: number;
  readonly projected: number;
  readonly peak: number;
  /** Share of the variance in the first directions. */
  readonly explained: number;
  /** Largest difference between the spread along a direction and the root of its eigenvalue, relative. */
  readonly residual: number;
}

/** Bytes that a temporary file may have: a quarter of what is free, a whole table at most. */
export function roomFor(wanted: number): number {
  const { bavail, bsize } = statfsSync(tmpdir());
  return Math.min(wanted, Math.floor((bavail * bsize) / 4));
}

/** Three slow signals seen by 64 instruments, each with noise of its own. */
function observations(rows: number): np.ChunkedArray {
  const columns = np.arange(COLUMNS);
  const time = np.chunked.arange(rows, undefined, 1, { chunks: Math.ceil(8e6 / (COLUMNS * 8)) }).get(':', null);
  // The fraction of a large sine: noise without a state, so that every block can be made alone.
  const large = time.multiply(12.9898).add(columns.multiply(78.233)).sin().multiply(43758.5453);
  let x = large.subtract(large.floor());
  for (let k = 1; k <= SIGNALS; k++) {
    const loadings = np.cos(columns.multiply(k)).multiply(SIGNALS + 1 - k);
    x = x.add(
      time
        .multiply(0.0001 * k ** 2)
        .sin()
        .multiply(loadings),
    );
  }
  return x;
}

/** Runs the chapter with a table of about so many bytes. */
export async function largerThanMemory(bytes: number, watch: Stopwatch): Promise<Larger> {
  const rows = Math.max(1000, Math.floor(bytes / (COLUMNS * 8)));
  const folder = mkdtempSync(join(tmpdir(), 'orthant-tour-'));
  const memory = BUDGET;
  const marks = { projected: 0, peak: 0 };
  // What a run takes, as the heap counts it, beside what it was projected to take: which is all that it is then allowed.
  const within = async <R>(of: readonly np.ChunkedArray[], run: (allowed: number) => Promise<R>): Promise<R> => {
    const plan = np.chunked.explain(of, { memory });
    const allowed = Math.min(memory, plan.memory + plan.kept);
    const { live } = np.memory.snapshot();
    np.memory.peak({ reset: true });
    const result = await run(allowed);
    const peak = np.memory.peak() - live;
    if (peak > marks.peak) Object.assign(marks, { peak, projected: allowed });
    return result;
  };
  try {
    const path = join(folder, 'table.npy');
    const made = observations(rows);
    await watch.run(
      'make',
      () => within([made], (allowed) => made.store(path, { memory: allowed })),
      () => `${countText(rows)} by ${COLUMNS} float64, ${bytesText(made.nbytes)}, within ${bytesText(memory)}`,
    );
    const x = await np.chunked.open(path);
    const [mean, deviation] = await watch.run(
      'moments',
      () => {
        const asked = [x.mean(0), x.std(0)];
        return within(asked, (allowed) => np.chunked.compute(asked, { memory: allowed })) as Promise<np.NDArray[]>; // along an axis: arrays
      },
      () => 'mean and deviation of every column, in one pass',
    );
    const z = x.subtract(mean).divide(deviation);
    const covariance = (await watch.run(
      'covariance',
      () => {
        const asked = np.chunked.matmul(z.T, z).divide(rows);
        return within([asked], (allowed) => asked.compute({ memory: allowed }));
      },
      () => `${COLUMNS} by ${COLUMNS}, of columns standardised on the way`,
    )) as np.NDArray;
    const { eigenvalues, eigenvectors } = np.linalg.eigh(covariance);
    const axes = eigenvectors.get(':', `-${SIGNALS}:`);
    const spread = (await watch.run(
      'project',
      () => {
        const asked = np.chunked.matmul(z, axes).std(0);
        return within([asked], (allowed) => asked.compute({ memory: allowed }));
      },
      () => `onto the ${SIGNALS} directions of most variance`,
    )) as np.NDArray;
    const expected = np.sqrt(eigenvalues.get(`-${SIGNALS}:`));
    return {
      rows,
      columns: COLUMNS,
      table: x.nbytes,
      budget: memory,
      ...marks,
      explained: Number(np.sum(eigenvalues.get(`-${SIGNALS}:`))) / COLUMNS,
      residual: Number(np.max(np.absolute(np.subtract(np.divide(spread, expected), 1)))),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the chapter has shown, in a sentence or two. */
export const largerText = (l: Larger): string =>
  `${bytesText(l.table)} within ${bytesText(l.budget)}: arrays took ${bytesText(l.peak)} at most, ${bytesText(l.projected)} were projected before that run; ` +
  `${SIGNALS} directions hold ${percentText(l.explained, 1)} of the variance, spread along them as eigenvalues say to ${l.residual.toExponential(0)}`;

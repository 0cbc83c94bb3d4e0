// Pipelines over one Zarr store beside dask's, alternating, medians: elementwise and reductions, as they come compressed from
// disk. Needs dask and zarr of Debian's Python (apt-get install python3-dask python3-zarr); run by hand:
// node tools/run.mjs bench/dask.ts [rounds, default 5] [rows, default 8000]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as np from '../src/index.ts';
import { median, Side } from './side.ts';

const rounds = Number(process.argv[2] ?? 5);
const rows = Number(process.argv[3] ?? 8000);
const chunk = 1000;
const folder = mkdtempSync(join(tmpdir(), 'orthant-dask-'));
const path = join(folder, 'x.zarr');

type X = np.ChunkedArray;
const pipelines: Readonly<Record<string, (x: X) => X>> = {
  'sqrt(x) * 2 + 1, mean': (x) => x.sqrt().multiply(2).add(1).mean(),
  '(x - mean) / std over columns, largest': (x) => x.subtract(x.mean(0)).divide(x.std(0)).max(),
  'sum over rows': (x) => x.sum(1).sum(),
};

const dask = new Side('dask', [
  '/usr/bin/python3',
  'bench/dask_worker.py',
  path,
  String(rows),
  String(rows),
  String(chunk),
]);
try {
  console.log(JSON.stringify(await dask.ask({})));
  for (const [name, pipeline] of Object.entries(pipelines)) {
    const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
    for (let i = 0; i <= rounds; i++) {
      const theirs = await dask.ask(name as never); // any JSON value is a request
      const x = await np.chunked.open(path);
      const start = performance.now();
      const result = Number(await pipeline(x).compute());
      const seconds = (performance.now() - start) / 1000;
      if (Math.abs(result / Number(theirs.result) - 1) > 1e-9)
        throw new Error(`${name}: ${result}, dask ${theirs.result}`);
      if (i === 0) continue; // first calls compile, there and here
      times.ours.push(seconds);
      times.theirs.push(Number(theirs.seconds));
    }
    const [ours, theirs] = [median(times.ours), median(times.theirs)];
    console.log(`${name}: ${(theirs / ours).toFixed(2)} times as fast as dask`);
  }
} finally {
  dask.stop();
  rmSync(folder, { recursive: true, force: true });
}

// Mean and standard deviation of a .npy file within a budget, beside reading the file once from the beginning to the end and
// doing nothing with it; peak memory of the process. `node tools/run.mjs bench/chunked.ts [gigabytes] [budget]`, minima of
// several interleaved repetitions, the file in the system's cache. 4 GB if not said.
import { closeSync, existsSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as np from '../src/index.ts';
import { npyHeader } from './chunked_file.ts';

const gigabytes = Number(process.argv[2] ?? 4);
const memory = process.argv[3] ?? '256MB';
const length = Math.round((gigabytes * 1e9) / 8);
const path = join(tmpdir(), `orthant-bench-${length}.npy`);
const PIECE = 2 ** 20;

function write(): void {
  if (existsSync(path)) return;
  const piece = np.sin(np.arange(PIECE)) as np.NDArray;
  const fd = openSync(path, 'w');
  writeSync(fd, npyHeader(length));
  for (let left = length; left > 0; left -= PIECE)
    writeSync(fd, piece.data as Float64Array, 0, 8 * Math.min(left, PIECE));
  closeSync(fd);
}

function plain(): number {
  const fd = openSync(path, 'r');
  const room = new Uint8Array(2 ** 23);
  const begun = performance.now();
  while (readSync(fd, room, 0, room.byteLength, null) > 0);
  closeSync(fd);
  return performance.now() - begun;
}

async function chunked(): Promise<number> {
  const begun = performance.now();
  const a = await np.chunked.open(path);
  await np.chunked.compute([a.mean(), a.std()], { memory });
  return performance.now() - begun;
}

write();
try {
  let [reading, computing] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < 5; i++) {
    reading = Math.min(reading, plain());
    computing = Math.min(computing, await chunked());
  }
  const rate = (ms: number): string => `${((8 * length) / ms / 1e6).toFixed(2)} GB/s`;
  console.log(`read ${rate(reading)}, mean and std ${rate(computing)}, ratio ${(reading / computing).toFixed(2)}`);
  console.log(`budget ${memory}, peak RSS ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`);
} finally {
  if (process.env.KEEP === undefined) rmSync(path);
}

// Zarr stores of version 2 against zarr-python: random ones of theirs read here whole and in parts, random ones of ours
// read there. Run: node tools/run.mjs test/differential/zarr.ts [how many] (needs Debian's python3-zarr)
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as np from '../../src/index.ts';

interface Told {
  readonly d: string;
  readonly s: number[];
  readonly b: string;
  readonly e?: string;
  readonly about?: string;
}

const pythons = ['/usr/bin/python3', 'python3'];
const python = pythons.find((it) => spawnSync(it, ['-c', 'import zarr, numcodecs']).status === 0);

/** Whole numbers below n, the same for every run of a seed. */
function numbers(seed: number): (n: number) => number {
  let state = seed * 2654435761 + 1;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const textOf = (a: np.NDArray): string => Buffer.from(a.tobytes()).toString('base64');

async function main(executable: string): Promise<boolean> {
  const process_ = spawn(executable, ['test/differential/zarr_worker.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Told> => JSON.parse((await lines.next()).value ?? '{"e":"it ended"}');
  const ask = (request: object): Promise<Told> => {
    process_.stdin.write(`${JSON.stringify(request)}\n`);
    return answer();
  };
  console.log(`zarr-python ${JSON.stringify(await answer())}`);
  const folder = mkdtempSync(join(tmpdir(), 'orthant-zarr-'));
  const total = Number(process.argv[2] ?? 150);
  const wrong: string[] = [];
  try {
    for (let seed = 0; seed < total; seed++) {
      const pick = numbers(seed);
      const path = join(folder, String(seed));
      const theirs = await ask({ write: path, seed });
      if (theirs.e !== undefined) throw new Error(`${seed}: ${theirs.e}`);
      const store = await np.zarr.open(path);
      const whole = { start: theirs.s.map(() => 0), shape: theirs.s };
      const all = await store.read(whole);
      const same = textOf(all) === theirs.b && store.dtype.name === theirs.d;
      if (!same) wrong.push(`read ${seed}: ${theirs.about}`);
      const start = theirs.s.map((n) => pick(n + 1));
      const shape = theirs.s.map((n, d) => pick(n - start[d] + 1));
      const cut = all.ndim === 0 ? all : all.get(...start.map((s, d) => `${s}:${s + shape[d]}`));
      if (textOf(await store.read({ start, shape })) !== textOf(cut)) wrong.push(`part ${seed}: ${theirs.about}`);

      const compressor = (['none', 'gzip', 'zstd', 'blosc'] as const)[pick(4)];
      const ours = `${path}.ours`;
      const made = await np.zarr.create(ours, {
        ...{ shape: theirs.s, dtype: all.dtype, version: 2, compressor },
        chunks: theirs.s.map((n) => 1 + pick(n + 2)),
      });
      await made.write?.(whole, all);
      const read = await ask({ read: ours });
      if (read.b !== theirs.b || read.d !== theirs.d)
        wrong.push(`write ${seed}: ${compressor} ${theirs.about} ${read.e}`);
    }
  } finally {
    process_.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  }
  for (const line of wrong) console.log(line);
  console.log(`${total} stores read and ${total} written, ${wrong.length} differences`);
  return wrong.length === 0;
}

if (python === undefined) console.log('left out: no Python with zarr here (apt-get install python3-zarr)');
else process.exitCode = (await main(python)) ? 0 : 1;

// The long loops of temporaries: 100,000 × 8 MB and 10 million × 1 KB, each in one turn of the event loop. Prints resident
// memory as it goes and fails when it is not flat. Takes minutes, so it is run by hand:
// node tools/run.mjs bench/soak.ts [share of the iterations, default 1] [large | small]
// node tools/run.mjs bench/soak.ts mixed [seconds, default 600] [seed]: mixed sizes with random lifetimes, and figures of
// live memory, fragmentation, and what is resident after trim.
// test/soak runs the same, shorter, with every test run.
import * as np from '../src/index.ts';
import { memoryFigures } from '../src/memory/allocate.ts';
import { mixed } from './memory/mixed.ts';

interface Soak {
  readonly name: string;
  readonly iterations: number;
  /** Elements of the float64 operands. */
  readonly size: number;
}

const soaks: Record<string, Soak> = {
  large: { name: '8 MB', iterations: 100_000, size: 1e6 },
  small: { name: '1 KB', iterations: 10_000_000, size: 128 },
};

const MB = 2 ** 20;
const rss = (): number => process.memoryUsage.rss() / MB;
const SAMPLES = 10;

/** Runs a share of a soak without ever leaving the turn; whether RSS stayed within 1.3 × working set + 256 MB of its start. */
function run({ name, iterations, size }: Soak, share: number): boolean {
  const n = Math.round(iterations * share);
  const a = np.arange(size);
  const b = np.ones([size]);
  const start = rss();
  const limit = start + 1.3 * ((3 * size * 8) / MB) + 256;
  let most = start;
  const samples: string[] = [];
  const began = performance.now();
  for (let i = 0; i < n; i++) {
    const c = np.add(a, b);
    if (i % 1000 === 0 && c.item(size - 1) !== size) throw new Error(`iteration ${i}: wrong sum`);
    if (i % Math.ceil(n / SAMPLES) === 0) {
      const now = rss();
      samples.push(now.toFixed(0));
      most = Math.max(most, now);
    }
  }
  const seconds = (performance.now() - began) / 1000;
  most = Math.max(most, rss());
  const { reclaims, youngReclaims, reclaimMilliseconds, committed } = memoryFigures();
  console.log(`${n} × np.add of ${name} in one turn: ${seconds.toFixed(1)} s`);
  console.log(
    `  RSS MB: ${start.toFixed(0)} before, then ${samples.join(' ')}, ${rss().toFixed(0)} after; limit ${limit.toFixed(0)}`,
  );
  console.log(
    `  heap: ${(committed / MB).toFixed(0)} MB committed; collections so far: ${reclaims} full, ${youngReclaims} minor, ` +
      `${(reclaimMilliseconds / 1000).toFixed(1)} s`,
  );
  return most <= limit;
}

/** Whether memory stayed flat over so many seconds, and came back after. */
function runMixed(seconds: number, seed: number): boolean {
  const end = performance.now() + seconds * 1000;
  const seen = mixed(seed, 256 * MB, () => performance.now() > end);
  const mb = (bytes: number): string => (bytes / MB).toFixed(0);
  const fragmentation = seen.touched / seen.peak;
  const allowed = 1.2 * seen.liveAfterTrim + 128 * MB;
  console.log(`${seen.rounds} rounds of mixed sizes and lifetimes in ${seconds} s`);
  console.log(
    `  live MB: ${seen.live
      .map(mb)
      .filter((_, i, all) => i % Math.ceil(all.length / SAMPLES) === 0)
      .join(' ')}`,
  );
  console.log(
    `  peak ${mb(seen.peak)} MB, resident for arrays at most ${mb(seen.touched)} MB: ${fragmentation.toFixed(2)} ×`,
  );
  console.log(
    `  after trim: live ${mb(seen.liveAfterTrim)} MB, RSS ${mb(seen.residentAfterTrim)} MB more than at the start, allowed ${mb(allowed)} MB`,
  );
  const [first, ...later] = seen.live;
  const flat = later.every((live) => live < first + 256 * MB);
  const trimmed = np.memory.snapshot().trimmable !== true || seen.residentAfterTrim <= allowed;
  return flat && fragmentation <= 1.3 && trimmed;
}

const [, , which, ...more] = process.argv;
let flat: boolean[];
if (which === 'mixed') flat = [runMixed(Number(more[0] ?? 600), Number(more[1] ?? 1))];
else {
  const chosen = more[0] === undefined ? Object.keys(soaks) : [more[0]];
  flat = chosen.map((key) => run(soaks[key], Number(which ?? 1)));
}
if (flat.includes(false)) {
  console.error('error: resident memory is not flat');
  process.exitCode = 1;
}

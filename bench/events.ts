// What the tests for events cost calls while nobody listens, and what listening costs: the library bundled as it is and
// with the tests taken out, timed in turns in one process, the quietest of many rounds.
// Run: node tools/run.mjs bench/events.ts
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type * as Orthant from '../src/index.ts';
import { bundledText } from '../tools/bundled_text.mjs';

type Namespace = typeof Orthant;

const ROUNDS = 2000;
const CALLS = 1000;

/** The sources without the tests: nothing listens, and the compiler knows it. */
const untested: Plugin = {
  name: 'untested',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (/(?:events|timed)\.ts$/.test(path)) return { contents: text, loader: 'ts' };
      return { contents: text.replaceAll(/\bevents\.(?:timing|watched|active\[[^\]]+\])/g, 'false'), loader: 'ts' };
    });
  },
};

async function load(
  name: string,
  plugins: Plugin[],
): Promise<Namespace & { events: typeof import('../src/base/events.ts').events }> {
  const outfile = resolve('node_modules/.cache/orthant', `events.${name}.${process.pid}.mjs`);
  mkdirSync('node_modules/.cache/orthant', { recursive: true });
  await build({
    stdin: {
      contents: `export * from './src/index.ts'; export { events } from './src/base/events.ts';`,
      resolveDir: '.',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    minifySyntax: true,
    plugins: [bundledText, ...plugins],
    logLevel: 'warning',
  });
  process.on('exit', () => rmSync(outfile, { force: true }));
  return import(pathToFileURL(outfile).href);
}

const cases: Record<string, (np: Namespace) => () => unknown> = {
  'np.add, 10 elements': (np) => {
    const [a, b] = [np.arange(10), np.arange(10)];
    return () => np.add(a, b);
  },
  'np.add, 10 elements and a number': (np) => {
    const a = np.arange(10);
    return () => np.add(a, 1);
  },
  'np.sum, 10 elements': (np) => {
    const a = np.arange(10);
    return () => np.sum(a);
  },
  'a.get of a row': (np) => {
    const a = np.ones([8, 8]);
    return () => a.get(3);
  },
  'np.matmul, 4 × 4': (np) => {
    const a = np.ones([4, 4]);
    return () => np.matmul(a, a);
  },
};

/** Nanoseconds per call. */
function time(call: () => unknown): number {
  const start = performance.now();
  for (let i = 0; i < CALLS; i++) call();
  return ((performance.now() - start) * 1e6) / CALLS;
}

/** Nanoseconds of one test: of flags that the compiler cannot know, against reading what holds them. */
function testAlone(): number {
  const flags = Array.from({ length: 16 }, () => ({ timing: false, calls: 1 }));
  let sum = 0;
  const loop = (tests: boolean): number => {
    const start = performance.now();
    if (tests) {
      for (let i = 0; i < 1e6; i++) {
        const flag = flags[i & 15];
        if (flag.timing) sum += 2;
        sum += flag.calls;
      }
    } else for (let i = 0; i < 1e6; i++) sum += flags[i & 15].calls;
    return performance.now() - start;
  };
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < 100; i++) for (const k of [0, 1]) best[k] = Math.min(best[k], loop(k === 1));
  return sum > 0 ? best[1] - best[0] : Number.NaN; // the sum is used, so that it is computed
}

const [plain, bare] = [await load('tests', []), await load('none', [untested])];
console.log(`${'ns per call'.padEnd(34)} no tests   tests    more   heard`);
for (const [name, make] of Object.entries(cases)) {
  const calls = [make(bare), make(plain)];
  const rounds: number[][] = [[], []];
  for (let i = 0; i < ROUNDS; i++) for (const k of i % 2 === 0 ? [0, 1] : [1, 0]) rounds[k].push(time(calls[k]));
  let seen = 0;
  using _ = plain.events.on('exec.done', () => void seen++);
  const heard: number[] = [];
  for (let i = 0; i < ROUNDS; i++) heard.push(time(calls[1]));
  const sorted = rounds.map((r) => r.sort((x, y) => x - y));
  // Not the very best: a round that the clock favoured is no measurement.
  const quiet = [...sorted, heard.sort((x, y) => x - y)].map((r) => r[r.length >> 5]);
  const figures = [quiet[0], quiet[1], quiet[1] - quiet[0], quiet[2]].map((ns) => ns.toFixed(1));
  console.log(`${name.padEnd(34)} ${figures.map((f) => f.padStart(8)).join('')}`);
}
console.log(`${'one test alone'.padEnd(34)} ${testAlone().toFixed(2).padStart(24)}`);

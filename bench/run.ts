// `npm run bench`: Orthant, NumPy and numpy-ts on the same cases, alternating, each in one process.
// Options: --group NAME, --case TEXT, --quick (few cases, short), --json (out/bench.json), --markdown
// (docs/benchmark-cases.md), --no-once (no fresh-process measurements), --no-others (NumPy only: a third less time),
// --blas native|embedded|PATH (who does our linear algebra).

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { findNumpy } from '../tools/requirements.ts';
import type { BenchCase, Each } from './case.ts';
import { cases, goals } from './cases.ts';
import { goalOf } from './linear_algebra.ts';
import { measureOnce } from './once.ts';
import { caseLine, type Measured, markdown, NUMPY, OTHER, OURS, onceLine, summarize, summaryLine } from './report.ts';
import { median, Side, type Statement } from './side.ts';

const { values: options } = parseArgs({
  options: {
    group: { type: 'string' },
    case: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    once: { type: 'boolean', default: true },
    others: { type: 'boolean', default: true },
    blas: { type: 'string' },
  },
  allowNegative: true,
} as never) as { values: Record<string, string | boolean | undefined> }; // Node 20's types lack allowNegative

const quick = options.quick === true;
const rounds = quick ? 3 : 7;
const target = quick ? 15 : 30; // milliseconds of one measurement

/** Threads of NumPy's OpenBLAS look for work 110 ms after a call, on processors that the other side then lacks. */
const PAUSE_MS = 150;
const pause = (c: BenchCase): Promise<void> =>
  new Promise((go) => setTimeout(go, c.group.startsWith('linear algebra') ? PAUSE_MS : 0));

const textFor = (side: string, text: string | Each): string =>
  typeof text === 'string' ? text : side === NUMPY ? text.py : text.js;

/** The case as one side reads it, with no more set up than the expression needs. */
function statementFor(side: string, c: BenchCase): Statement {
  const run = textFor(side, c.run);
  const setup: [string, string][] = [];
  let needed = run;
  for (const [name, text] of Object.entries(c.setup).reverse()) {
    if (!new RegExp(`\\b${name}\\b`).test(needed)) continue;
    const expression = textFor(side, text);
    setup.unshift([name, expression]);
    needed += ` ${expression}`;
  }
  return { setup: Object.fromEntries(setup), run };
}

const missing = new Map<string, string>();

async function measure(sides: readonly Side[], c: BenchCase): Promise<Measured | undefined> {
  const ready: Side[] = [];
  for (const side of sides) {
    const why = await side.prepare(statementFor(side.name, c), target);
    if (why === undefined) ready.push(side);
    else if (side.name === OURS) {
      missing.set(c.name, why);
      return undefined;
    }
  }
  const taken: Record<string, number[]> = Object.fromEntries(ready.map((s) => [s.name, []]));
  for (let i = 0; i < rounds; i++) {
    for (const side of ready) {
      await pause(c);
      taken[side.name].push(await side.measure());
    }
  }
  const ns = Object.fromEntries(Object.entries(taken).map(([name, all]) => [name, median(all)]));
  return { group: c.group, name: c.name, ns };
}

async function main(): Promise<void> {
  const numpy = findNumpy();
  const blas = options.blas === undefined ? undefined : String(options.blas);
  if (blas !== undefined) process.env.ORTHANT_BLAS = blas; // for the side that is ours, which inherits it
  const sides = [new Side(OURS, [process.execPath, 'bench/worker.mjs', 'dist/index.js'])];
  if (numpy !== undefined) sides.push(new Side(NUMPY, [numpy.python, 'bench/worker.py']));
  if (options.others === true) sides.push(new Side(OTHER, [process.execPath, 'bench/worker.mjs', 'numpy-ts']));
  const load = loadavg()[0];
  const facts = [
    `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}; Node ${process.version}`,
    numpy === undefined ? 'no NumPy here: ratios are missing' : `NumPy ${numpy.version}`,
    `linear algebra of ours: ${blas ?? "blas is 'auto'"}`,
    `numpy-ts 1.7.0 with its heap raised to 2 GiB; load average at the start ${load.toFixed(2)}`,
  ];
  for (const f of facts) console.log(f);
  if (load > 0.3 * cpus().length) console.log('WARNING: the machine is busy; these numbers are worth little');

  const wanted = cases.filter(
    (c) =>
      (options.group === undefined || c.group === options.group || c.group.startsWith(`${options.group},`)) &&
      (options.case === undefined || c.name.includes(String(options.case))) &&
      (!quick || c.quick === true),
  );
  console.log(`\n${'case'.padEnd(48)} ${'Orthant'.padStart(9)} ${'NumPy'.padStart(9)}   ratio  numpy-ts`);
  const all: Measured[] = [];
  for (const c of wanted) {
    const m = await measure(sides, c);
    if (m === undefined) continue;
    all.push(m);
    console.log(caseLine(m));
  }
  for (const side of sides) side.stop();
  const once =
    options.once === false || options.group !== undefined || options.case !== undefined
      ? []
      : measureOnce(numpy?.python, quick ? 1 : 5);
  if (once.length > 0) console.log('\nin a fresh process'.padEnd(46), 'Orthant'.padStart(9), 'NumPy'.padStart(9));
  for (const o of once) console.log(onceLine(o));
  const summaries = summarize(all, { ...goals, 'linear algebra': goalOf(blas) });
  console.log('\ntime / NumPy’s time, geometric mean');
  for (const s of summaries) console.log(summaryLine(s));
  if (missing.size > 0) {
    console.log(
      `\nnot there yet, ${missing.size} cases: ${[...missing]
        .slice(0, 4)
        .map(([n, why]) => `${n} (${why})`)
        .join('; ')} …`,
    );
  }
  if (options.json === true) {
    mkdirSync('out', { recursive: true });
    writeFileSync('out/bench.json', `${JSON.stringify({ facts, summaries, once, cases: all }, null, 1)}\n`);
    console.log('written: out/bench.json');
  }
  if (options.markdown === true) {
    writeFileSync('docs/benchmark-cases.md', markdown(facts, all, summaries, once));
    console.log('written: docs/benchmark-cases.md');
  }
}

await main();

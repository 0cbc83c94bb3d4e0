// Formulas beside numexpr, the engine of Python's data tools for expressions of its own kind: `node tools/run.mjs
// bench/numexpr.ts` after a build. Wants Debian's python3-numexpr; without it there is nothing to compare with.

import { spawnSync } from 'node:child_process';
import { geometricMean, median, Side } from './side.ts';

const PYTHON = '/usr/bin/python3';
const ROUNDS = 7;
const TARGET = 60; // milliseconds of one measurement

const formulas = [
  'sqrt((a - b)**2 + 1)',
  '2*a + 3*b',
  'sin(a)**2 + cos(b)**2',
  'where(a > 0.5, exp(a), -b)',
  '(a > 0.25) & (b < 0.75)',
  'log1p(a) / (1 + b*b)',
  'sum(a * b)',
];
/** The same with its operands put in, as np.expr wants them. */
const asTemplate = (formula: string): string => formula.replaceAll(/\b[ab]\b/g, (name) => `$\{${name}}`);
const sizes = [1000, 100_000, 10_000_000];

async function main(): Promise<void> {
  if (spawnSync(PYTHON, ['-c', 'import numexpr']).status !== 0) {
    console.log('numexpr is not installed (apt-get install python3-numexpr): nothing to compare with');
    return;
  }
  const ours = new Side('Orthant', [process.execPath, 'bench/worker.mjs', 'dist/index.js']);
  const theirs = new Side('numexpr', [PYTHON, 'bench/worker.py']);
  const ratios: number[] = [];
  for (const n of sizes) {
    for (const formula of formulas) {
      const setup = { a: `data('float64', [${n}], 0, 1)`, b: `data('float64', [${n}], 0, 1)` };
      const taken: number[][] = [[], []];
      const sides = [ours, theirs];
      for (const [side, run] of [
        [ours, `np.expr\`${asTemplate(formula)}\`.compute()`],
        [theirs, `ne.evaluate("${formula}")`],
      ] as const) {
        const why = await side.prepare({ setup, run }, TARGET);
        if (why !== undefined) throw new Error(`${side.name}: ${why}`);
      }
      for (let i = 0; i < ROUNDS; i++) for (const [k, side] of sides.entries()) taken[k].push(await side.measure());
      const ratio = median(taken[0]) / median(taken[1]);
      ratios.push(ratio);
      console.log(`${String(n).padStart(9)}  ${formula.padEnd(32)} ${ratio.toFixed(2)}`);
    }
  }
  console.log(`time / numexpr's time, geometric mean: ${geometricMean(ratios).toFixed(2)}`);
  ours.stop();
  theirs.stop();
}

await main();

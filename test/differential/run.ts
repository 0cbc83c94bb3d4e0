// The differential run: seeded random cases against the newest NumPy found, in one process.
// Run: npm run differential. DIFFERENTIAL_CASES=20000 how many, DIFFERENTIAL_SEED=1 which, DIFFERENTIAL=text only cases
// whose Python contains it, DIFFERENTIAL_CASE=elementwise:17 one case alone.

import '../../src/index.ts';
import { array_repr } from '../../src/array/format/repr.ts';
import type { NDArray } from '../../src/array/ndarray.ts';
import { findNumpy } from '../../tools/requirements.ts';
import { type Random, seeded, seedOf } from '../sweep/_values.ts';
import { differentialGaps } from '../xfails.ts';
import { arrayOf, type Case } from './_case.ts';
import { difference, failure, outcomeOf } from './_compare.ts';
import { NumpyOracle, type Outcome } from './_oracle.ts';
import * as arrays from './arrays.ts';
import { decisions } from './decisions.ts';
import { eigenCases } from './eigen.ts';
import { elementwiseCases } from './elementwise.ts';
import { indexingCases } from './indexing.ts';
import { linalgEquationCases } from './linalg_equations.ts';
import { manipulationCases } from './manipulation.ts';
import { mathsCases } from './maths.ts';
import { productCases } from './products.ts';
import { setCases } from './sets.ts';
import { sortingCases } from './sorting.ts';
import { spectralCases } from './spectral.ts';
import { statisticsCases } from './statistics.ts';
import { ufuncMethodCases } from './ufunc_methods.ts';
import * as views from './views.ts';

const total = Number(process.env.DIFFERENTIAL_CASES ?? 20_000);
const seed = process.env.DIFFERENTIAL_SEED ?? '1';
const only = process.env.DIFFERENTIAL ?? '';
const [oneGroup, oneCase] = (process.env.DIFFERENTIAL_CASE ?? '').split(':');
const SHOWN = Number(process.env.DIFFERENTIAL_SHOWN ?? 40);
const BATCH = 400;

type Source = (random: Random, numpy: NumpyOracle) => Generator<Case>;
/** Groups of cases with their shares of the total. */
const groups: Readonly<Record<string, readonly [share: number, source: Source]>> = {
  eigen: [0.06, eigenCases],
  elementwise: [0.42, elementwiseCases],
  reductions: [0.15, arrays.reductionCases],
  casts: [0.08, arrays.castCases],
  sets: [0.03, setCases],
  statistics: [0.06, statisticsCases],
  views: [0.08, views.viewCases],
  indexing: [0.08, views.indexCases],
  indexing_lines: [5, indexingCases],
  linalg_equations: [0.06, linalgEquationCases],
  manipulation: [0.08, manipulationCases],
  maths: [0.06, mathsCases],
  printing: [0.06, arrays.printingCases],
  creation: [0.04, arrays.creationCases],
  products: [0.08, productCases],
  promotion: [0.01, arrays.promotionCases],
  sorting: [0.1, sortingCases],
  spectral: [0.05, spectralCases],
  ufunc_methods: [0.08, ufuncMethodCases],
};

interface Found {
  readonly name: string;
  readonly text: string;
}

class Run {
  readonly numpy: NumpyOracle;
  readonly found: Found[] = [];
  readonly decided = new Map<string, number>();
  readonly gaps = new Map<RegExp, { cases: number; failed: number }>();
  cases = 0;
  refused = 0;

  constructor(numpy: NumpyOracle) {
    this.numpy = numpy;
  }

  #last: Promise<void> = Promise.resolve();

  /** Sends cases to NumPy and judges those sent before, so that both sides work at the same time. */
  async batch(cases: readonly (readonly [number, Case])[]): Promise<void> {
    const answered = this.numpy.evaluate(cases.map(([, c]) => c));
    await this.#last;
    this.#last = answered.then((answers) => this.#judgeAll(cases, answers));
  }

  /** All that was sent is judged. */
  settled(): Promise<void> {
    return this.#last;
  }

  #judgeAll(cases: readonly (readonly [number, Case])[], answers: readonly Outcome[]): void {
    cases.forEach(([number, c], i) => {
      this.#judge(number, c, answers[i]);
    });
  }

  #judge(number: number, c: Case, theirs: Outcome): void {
    this.cases++;
    if (theirs.kind === 'error') this.refused++;
    let ours: Outcome;
    try {
      ours = outcomeOf(c.ours(c.x.map((o) => arrayOf(o) as NDArray)), theirs); // the registered class
    } catch (error) {
      ours = failure(error);
    }
    const wrong = difference(ours, theirs, c.tolerance);
    if (oneCase !== undefined) for (const [i, o] of c.x.entries()) console.log(`x[${i}] = ${array_repr(arrayOf(o))}`);
    for (const { cases } of differentialGaps) {
      if (!cases.test(c.py)) continue;
      const met = this.gaps.get(cases) ?? { cases: 0, failed: 0 };
      this.gaps.set(cases, { cases: met.cases + 1, failed: met.failed + (wrong === undefined ? 0 : 1) });
      return;
    }
    if (wrong === undefined) return;
    const decision = decisions.find((d) => d.covers(c, wrong));
    if (decision !== undefined) {
      this.decided.set(decision.reason, (this.decided.get(decision.reason) ?? 0) + 1);
      return;
    }
    const inputs = c.x.map((o) => `${o.e.d.name}(${o.shape})`).join(', ');
    const paste = `DIFFERENTIAL_SEED=${seed} DIFFERENTIAL_CASE=${c.group}:${number} npm run differential`;
    const text = c.js === undefined ? `${c.py} with x = ${inputs}` : `${c.py}\n${c.js}\n   `;
    this.found.push({ name: String(c.facts.name), text: `${text}: ${wrong}\n    ${paste}` });
  }

  /** Prints what was found; true when it is no more than the allowed share of the cases. */
  report(allowance: number): boolean {
    for (const [reason, n] of this.decided) console.log(`on purpose, ${n} cases: ${reason}`);
    for (const [cases, { cases: n, failed }] of this.gaps) {
      if (failed > 0) console.log(`known gap, ${failed} of ${n} cases: ${cases}`);
      else if (only === '' && oneCase === undefined)
        this.found.push({ name: 'gap', text: `all ${n} cases of ${cases} pass: remove it from test/xfails.ts` });
    }
    const shownOf = new Map<string, number>();
    let shown = 0;
    for (const { name, text } of this.found) {
      const times = (shownOf.get(name) ?? 0) + 1;
      shownOf.set(name, times);
      if (times > 2 || shown++ >= SHOWN) continue;
      console.log(text);
    }
    const names = [...shownOf].sort((a, b) => b[1] - a[1]).map(([name, n]) => `${name} ${n}`);
    if (names.length > 0) console.log(`differences by name: ${names.join(', ')}`);
    console.log(`${this.cases} cases, both refused or NumPy refused ${this.refused}, ${this.found.length} differences`);
    return this.found.length <= allowance * this.cases;
  }
}

async function main(): Promise<boolean> {
  const found = findNumpy();
  if (found === undefined) {
    console.log('left out: no Python with NumPy here (apt-get install python3-numpy)');
    return true;
  }
  const numpy = await NumpyOracle.start(found.python);
  console.log(`NumPy ${numpy.version} (${found.python}), seed ${seed}`);
  const started = performance.now();
  const run = new Run(numpy);
  for (const [name, [share, source]] of Object.entries(groups)) {
    if (oneGroup !== '' && oneGroup !== name) continue;
    let batch: (readonly [number, Case])[] = [];
    let number = 0;
    for (const c of source(seeded(seedOf(`${seed}:${name}`)), numpy)) {
      if (number >= (oneCase === undefined ? total * share : Number(oneCase) + 1)) break;
      const chosen = oneCase === undefined ? c.py.includes(only) : number === Number(oneCase);
      if (chosen) batch.push([number, c]);
      number++;
      if (batch.length < BATCH) continue;
      await run.batch(batch);
      batch = [];
    }
    await run.batch(batch);
    await run.settled();
  }
  numpy.stop();
  // Before NumPy 2 a scalar's value decided on dtypes, and some functions had other results: such a version can only tell
  // whether something broke at large. The strict run needs NumPy 2.
  const old = numpy.version.startsWith('1.');
  if (old) console.log(`NumPy ${numpy.version} has other rules than 2: up to 2 % of the cases may differ`);
  const clean = run.report(old ? 0.02 : 0);
  console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
  return clean;
}

process.exitCode = (await main()) ? 0 : 1;

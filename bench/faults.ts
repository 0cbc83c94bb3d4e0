// What looking for faults costs: operations with every kind ignored, as by default (divide, over and invalid looked for),
// and with all kinds looked for, on the same arrays, interleaved, the best of many runs; nothing of NumPy.
// Run: node tools/run.mjs bench/faults.ts

import * as np from '../src/index.ts';

const states = {
  ignored: { all: 'ignore' },
  default: { all: 'ignore', divide: 'warn', over: 'warn', invalid: 'warn' },
  all: { all: 'warn' },
} as const;
type State = keyof typeof states;
const names = Object.keys(states) as State[]; // keys of the const above

const sizes = [10, 1000, 100_000, 4_000_000];
const dtypes = ['float64', 'float32', 'int32'] as const;
const ops: Readonly<Record<string, (a: np.NDArray, b: np.NDArray) => unknown>> = {
  add: (a, b) => np.add(a, b),
  multiply: (a, b) => np.multiply(a, b),
  divide: (a, b) => np.divide(a, b),
  floor_divide: (a, b) => np.floor_divide(a, b),
  'add, in place': (a, b) => np.add(a, b, { out: a }),
  exp: (a) => np.exp(a),
  log: (a) => np.log(a),
  sum: (a) => np.sum(a),
  'astype int16': (a) => a.astype('int16'),
};

const ROUNDS = 15;
const ELEMENTS_PER_ROUND = 2e6;

function measure(run: () => unknown, n: number): Record<State, number> {
  const best: Record<State, number> = {
    ignored: Number.POSITIVE_INFINITY,
    default: Number.POSITIVE_INFINITY,
    all: Number.POSITIVE_INFINITY,
  };
  const reps = Math.max(1, Math.min(20_000, Math.floor(ELEMENTS_PER_ROUND / n)));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      np.seterr(states[name]);
      run();
      const start = performance.now();
      for (let i = 0; i < reps; i++) run();
      best[name] = Math.min(best[name], ((performance.now() - start) * 1e6) / reps);
    }
  }
  return best;
}

console.log('| operation | elements | ns, ignored | default | all kinds |\n|---|---|---|---|---|');
const means = names.map(() => 0);
let count = 0;
for (const dtype of dtypes) {
  for (const [name, op] of Object.entries(ops)) {
    for (const n of sizes) {
      const a = np.full([n], 1, { dtype });
      const b = np.full([n], 1, { dtype });
      const best = measure(() => op(a, b), n);
      const ratios = names.map((s) => best[s] / best.ignored);
      ratios.forEach((r, i) => {
        means[i] += Math.log(r);
      });
      count++;
      const [, usual, all] = ratios.map((r) => r.toFixed(2));
      console.log(`| ${name} ${dtype} | ${n} | ${best.ignored.toFixed(0)} | ${usual} | ${all} |`);
    }
  }
}
console.log(`\ngeometric means: ${names.map((s, i) => `${s} ${Math.exp(means[i] / count).toFixed(3)}`).join(', ')}`);

// A service's day in short: arrays of sizes spread over five decades, made by many kinds of operations, some kept for a
// while and dropped in no order. What the heap does with it: used by bench/soak.ts (long) and test/soak (short).
import * as np from '../../src/index.ts';
import { memoryFigures } from '../../src/memory/allocate.ts';

/** What was seen of memory, in bytes. */
export interface Seen {
  readonly rounds: number;
  /** Live after every tenth of the rounds, garbage collected before. */
  readonly live: readonly number[];
  readonly peak: number;
  /** Address space that the arrays and what lay free between them took at most. */
  readonly touched: number;
  /** Resident memory of the process beyond what it was before, after free pages were given back. */
  readonly residentAfterTrim: number;
  readonly liveAfterTrim: number;
  /** Arrays that were held to the end. */
  readonly kept: number;
}

/** Numbers in [0, 1) that are the same in every run (a linear congruence). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

type Make = (n: number, random: () => number) => np.NDArray;

const makes: readonly Make[] = [
  (n) => np.arange(n),
  (n) => np.add(np.arange(n), 1),
  (n) =>
    np
      .ones([Math.ceil(n / 8), 8])
      .multiply(2)
      .T.copy(),
  (n) => np.arange(n, { dtype: 'float32' }).astype('float64'),
  (n) => np.sort(np.arange(n).get('::-1')),
  (n) => np.concatenate([np.zeros([n]), np.ones([n >> 1])]),
  (n) => np.cumsum(np.ones([n])),
  (n) => np.arange(n).get(np.greater(np.arange(n), n / 2)),
  (n) => np.arange(n).get(':100'), // a view that holds all of it
];

/** Runs until `enough` says so; at most `held` bytes are kept at a time. */
export function mixed(seed: number, held: number, enough: (round: number) => boolean): Seen {
  const random = numbers(seed);
  const before = process.memoryUsage.rss();
  const kept: np.NDArray[] = [];
  let bytes = 0;
  const live: number[] = [];
  let round = 0;
  let most = 0;
  for (; !enough(round); round++) {
    const n = Math.floor(10 ** (1 + 4.5 * random()));
    const made = makes[Math.floor(random() * makes.length)](n, random);
    if (random() < 0.4) {
      kept.push(made);
      bytes += made.storage.nbytes;
    }
    while (bytes > held || (kept.length > 0 && random() < 0.3)) {
      const at = Math.floor(random() * kept.length);
      const [dropped] = kept.splice(at, 1, kept[kept.length - 1]);
      kept.pop();
      bytes -= dropped.storage.nbytes;
      if (random() < 0.3) dropped.dispose(); // the others are left to the collector
    }
    if (round % 500 === 499) {
      const { touched, returned } = memoryFigures();
      most = Math.max(most, touched - returned);
      if (round % 2500 === 2499) live.push(memoryFigures().live);
    }
  }
  const { peak } = memoryFigures();
  np.memory.trim();
  return {
    rounds: round,
    live,
    peak,
    touched: most,
    residentAfterTrim: process.memoryUsage.rss() - before,
    liveAfterTrim: memoryFigures().live,
    kept: kept.length,
  };
}

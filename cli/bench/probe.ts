// How fast the machine is just now, without Orthant: a fixed piece of arithmetic, and a copy that no cache holds. Between
// two runs of the command it tells a change of the machine from one of the code.
import type { Probe } from './protocol.ts';

const STEPS = 2_000_000;
const WORDS = 2_000_000; // 16 MB, twice
const TIMES = 3;

let memory: Float64Array[] | undefined;
const buffers = (): Float64Array[] => {
  memory ??= [new Float64Array(WORDS).fill(1), new Float64Array(WORDS)];
  return memory;
};

/** The same calculation always: a linear congruential generator in 32 bits. */
function arithmetic(): void {
  let state = 1;
  for (let i = 0; i < STEPS; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  buffers()[0][0] = state; // so that it is not left out
}

function copy(): void {
  const [from, to] = buffers();
  to.set(from);
}

/** The quickest of a few: what others do meanwhile only adds. */
function quickest(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TIMES; i++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

export const probe = (): Probe => ({ arithmetic: quickest(arithmetic), memory: quickest(copy) });

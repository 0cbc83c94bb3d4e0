// Medians with intervals, for times taken in several processes. The median, because noise only ever adds; processes as
// the larger unit, because runs within one resemble each other (its memory layout, its compiled code) more than runs of
// another. Intervals are percentile bootstraps that draw processes first and runs within them second.
// Sources: Efron, Bootstrap Methods, Annals of Statistics 7 (1979); Davison and Hinkley, Bootstrap Methods and their
// Application (1997), 3.8 (hierarchical data); Kalibera and Jones, Rigorous Benchmarking in Reasonable Time, ISMM 2013.

/** Times of one case: a list for each process, in the order of measurement. */
export type Samples = readonly (readonly number[])[];

export interface Interval {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

/** Share of the drawn medians that lie in an interval. */
export const LEVEL = 0.99;
const DRAWS = 2000;

/** The value at a share of the sorted values, between neighbours by distance (R's type 7, NumPy's 'linear'). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

export const median = (values: readonly number[]): number => quantile(Float64Array.from(values).sort(), 0.5);

/** Whole numbers below a bound, the same in every run of the program: Marsaglia's xorshift, 32 bits. */
function draws(): (below: number) => number {
  let state = 0x9e3779b9;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}

/** Times of all processes in a row, and where each process begins. */
interface Flat {
  readonly times: Float64Array;
  readonly starts: readonly number[];
}

function flat(samples: Samples): Flat {
  const starts = [0];
  for (const group of samples) starts.push(starts[starts.length - 1] + group.length);
  return { times: Float64Array.from(samples.flat()), starts };
}

/** Positions of one draw: as many processes as there are, each with as many of its times as it has. */
function draw({ starts }: Flat, next: (below: number) => number): number[] {
  const positions: number[] = [];
  const groups = starts.length - 1;
  for (let i = 0; i < groups; i++) {
    const group = next(groups);
    const length = starts[group + 1] - starts[group];
    for (let k = 0; k < length; k++) positions.push(starts[group] + next(length));
  }
  return positions;
}

function medianAt({ times }: Flat, positions: readonly number[]): number {
  const drawn = new Float64Array(positions.length);
  for (let i = 0; i < drawn.length; i++) drawn[i] = times[positions[i]];
  return quantile(drawn.sort(), 0.5);
}

function interval(mid: number, once: () => number): Interval {
  const drawn = Float64Array.from({ length: DRAWS }, once).sort();
  return { low: quantile(drawn, (1 - LEVEL) / 2), mid, high: quantile(drawn, (1 + LEVEL) / 2) };
}

/** The median of all times and where it may lie. */
export function medianInterval(samples: Samples): Interval {
  const [next, all] = [draws(), flat(samples)];
  return interval(median(samples.flat()), () => medianAt(all, draw(all, next)));
}

/**
 * The ratio of the medians of two sets of times. `paired`: time k of process i was taken right beside the other's, so
 * both are drawn together, and what befell both cancels.
 */
export function ratioInterval(ours: Samples, theirs: Samples, paired: boolean): Interval {
  const [next, own, other] = [draws(), flat(ours), flat(theirs)];
  return interval(median(ours.flat()) / median(theirs.flat()), () => {
    const positions = draw(own, next);
    return medianAt(own, positions) / medianAt(other, paired ? positions : draw(other, next));
  });
}

// Two runs held against each other: a verdict for every case, or the reasons why none is given. A change must be proved
// (the interval of the ratio lies on one side of 1) and be of size (the ratio is past the tolerance); a case is the same
// only if its interval is narrow enough to have shown such a change (after Schuirmann's two one-sided tests, J.
// Pharmacokinet. Biopharm. 15, 1987). What is neither is unclear.
import { percentText } from '../amounts.ts';
import { complaints, differences } from './machine.ts';
import type { Measured } from './measure.ts';
import type { Run } from './saved.ts';
import { type Interval, median, ratioInterval } from './statistics.ts';

export type Verdict = 'slower' | 'faster' | 'same' | 'unclear';

export interface Compared {
  readonly name: string;
  /** Medians in nanoseconds. */
  readonly before: number;
  readonly now: number;
  /** Time now by time before. */
  readonly ratio: Interval;
  readonly verdict: Verdict;
}

/** 'interleaved': both builds were measured in turn, here; 'stored': one of the runs is from another time. */
export type Basis = 'interleaved' | 'stored';

/** A case without a partner. */
export interface Left {
  readonly name: string;
  readonly why: string;
}

export interface Comparison {
  readonly basis: Basis;
  /** Share by which a time may change. */
  readonly tolerance: number;
  /** Why the verdicts count for nothing; with `forced` they count all the same. */
  readonly doubts: readonly string[];
  readonly forced: boolean;
  /** In what the builds differ besides their code, as where only one of them finds a BLAS. */
  readonly notes: readonly string[];
  readonly cases: readonly Compared[];
  /** Cases that are not in both, or not in the same size. */
  readonly left: readonly Left[];
}

export function verdictOf({ low, mid, high }: Interval, tolerance: number): Verdict {
  const most = 1 + tolerance;
  if (low > 1 && mid > most) return 'slower';
  if (high < 1 && mid < 1 / most) return 'faster';
  return high <= mid * most && low >= mid / most ? 'same' : 'unclear';
}

/** A change of the machine itself, from which its times are no longer those of the other run. */
const MOST_DRIFT = 0.05;

export const threadsOf = ({ machine }: Run): number => Number(machine.threads) || 1;

/** What speaks against comparing runs of different times. */
function doubtsOf(now: Run, before: Run): string[] {
  const drifts = (['arithmetic', 'memory'] as const).flatMap((work) => {
    const ratio = now.probe[work] / before.probe[work];
    const slower = ratio > 1;
    if (Math.max(ratio, 1 / ratio) <= 1 + MOST_DRIFT) return [];
    const size = percentText(slower ? ratio - 1 : 1 / ratio - 1, 0);
    return [`the machine without Orthant is ${size} ${slower ? 'slower' : 'faster'} at ${work} than then`];
  });
  return [
    ...differences(before.machine, now.machine).map((text) => `made elsewhere: ${text}`),
    ...complaints(before.disturbance, threadsOf(before)).map((text) => `when it was saved, ${text}`),
    ...complaints(now.disturbance, threadsOf(now)).map((text) => `now ${text}`),
    ...drifts,
  ];
}

/** Of fewer, a bootstrap has too few to draw from: its interval would be too narrow. */
const FEWEST_PROCESSES = 5;

function tooFew(...runs: readonly Run[]): string[] {
  const fewest = Math.min(...runs.flatMap(({ cases }) => cases.map(({ samples }) => samples.length)));
  return fewest < FEWEST_PROCESSES
    ? [`times of ${fewest} processes are too few for an interval: take ${FEWEST_PROCESSES}`]
    : [];
}

export interface CompareOptions {
  readonly basis: Basis;
  readonly tolerance: number;
  readonly forced: boolean;
}

export function compareRuns(now: Run, before: Run, { basis, tolerance, forced }: CompareOptions): Comparison {
  const known = new Map(before.cases.map((one) => [one.name, one]));
  const cases: Compared[] = [];
  const left: Left[] = [];
  for (const one of now.cases) {
    const other = known.get(one.name);
    known.delete(one.name);
    if (other === undefined) left.push({ name: one.name, why: 'only now' });
    else if (other.size !== one.size) {
      left.push({ name: one.name, why: `of size ${other.size} before, ${one.size} now` });
    } else cases.push(compared(one, other, basis, tolerance));
  }
  for (const name of known.keys()) left.push({ name, why: 'only before' });
  // In turn, what disturbs befalls both builds, and the width of the intervals tells it.
  const doubts = [...(basis === 'interleaved' ? [] : doubtsOf(now, before)), ...tooFew(now, before)];
  const builds = basis === 'interleaved' ? differences(before.machine, now.machine) : [];
  const notes = builds.map((text) => `the builds differ in more than code: ${text}`);
  return { basis, tolerance, doubts, forced, notes, cases, left };
}

function compared(now: Measured, before: Measured, basis: Basis, tolerance: number): Compared {
  const ratio = ratioInterval(now.samples, before.samples, basis === 'interleaved');
  return {
    name: now.name,
    before: median(before.samples.flat()),
    now: median(now.samples.flat()),
    ratio,
    verdict: verdictOf(ratio, tolerance),
  };
}

export const refused = ({ doubts, forced }: Comparison): boolean => doubts.length > 0 && !forced;

export const countOf = ({ cases }: Comparison, verdict: Verdict): number =>
  cases.filter((one) => one.verdict === verdict).length;

/** 0 no regression, 1 a case is slower, 3 no conclusion. */
export function exitCodeOf(comparison: Comparison): 0 | 1 | 3 {
  if (refused(comparison)) return 3;
  if (countOf(comparison, 'slower') > 0) return 1;
  return countOf(comparison, 'unclear') > 0 ? 3 : 0;
}

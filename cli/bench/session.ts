// One session of measuring: all cases, then once more those that seem to have changed or stayed unclear, so that a
// verdict other than 'same' was found on twice the data.
import { progressOf } from '../progress.ts';
import { type Comparison, refused } from './compare.ts';
import type { Disturbance } from './machine.ts';
import { type Effort, type Measured, measure, type Part, stepsOf, type Taken } from './measure.ts';
import type { CaseInfo, Place } from './protocol.ts';
import type { Run } from './saved.ts';

/** Holds a run against the other build's, where there is one, or against what else there is. */
export type Compare = (now: Run, theirs: Run | undefined) => Comparison | undefined;

export interface Session {
  readonly run: Run;
  readonly comparison: Comparison | undefined;
  readonly failures: Readonly<Record<string, string>>;
}

const runOf = (part: Part, { probe, disturbance }: Taken): Run => ({
  format: 'orthant-bench',
  version: 1,
  made: new Date().toISOString(),
  machine: part.machine,
  probe,
  disturbance,
  cases: part.cases,
});

function sessionOf(taken: Taken, compare: Compare): Session {
  const [ours, theirs] = taken.parts;
  const run = runOf(ours, taken);
  const comparison = compare(run, theirs && runOf(theirs, taken));
  const failed = theirs?.failures ?? {};
  const left = [
    ...(comparison?.left ?? []).filter(({ name }) => !(name in failed)),
    ...Object.entries(failed).map(([name, why]) => ({ name, why: `failed in the other build: ${why}` })),
  ];
  return { run, comparison: comparison && { ...comparison, left }, failures: ours.failures };
}

/** `silent`: no lines but the bar of a terminal. */
export async function takeRun(
  places: readonly Place[],
  cases: readonly CaseInfo[],
  effort: Effort,
  compare: Compare,
  silent: boolean,
): Promise<Session> {
  const take = async (wanted: readonly CaseInfo[], label: string): Promise<Taken> => {
    const progress = progressOf(stepsOf(wanted, effort), { silent });
    try {
      return await measure(places, wanted, effort, {
        ...progress,
        at: (n, step, one) => progress.at(n, label + step, one),
      });
    } finally {
      progress.end();
    }
  };
  const taken = await take(cases, '');
  const session = sessionOf(taken, compare);
  const { comparison } = session;
  if (comparison === undefined || refused(comparison)) return session;
  const open = new Set(comparison.cases.filter(({ verdict }) => verdict !== 'same').map(({ name }) => name));
  if (open.size === 0) return session;
  const again = cases.filter(({ name }) => open.has(name));
  const more = await take(again, `${open.size} that may differ, once more: `);
  return sessionOf(joined(taken, more), compare);
}

const merged = (one: Measured, more: Measured | undefined): Measured =>
  more === undefined
    ? one
    : { ...one, peak: Math.max(one.peak ?? 0, more.peak ?? 0), samples: [...one.samples, ...more.samples] };

function joined(first: Taken, second: Taken): Taken {
  const parts = first.parts.map((part, i): Part => {
    const more = new Map(second.parts[i].cases.map((one) => [one.name, one]));
    const failures = { ...part.failures, ...second.parts[i].failures };
    const cases = part.cases.filter(({ name }) => !(name in failures)).map((one) => merged(one, more.get(one.name)));
    return { ...part, failures, cases };
  });
  const [a, b] = [first.disturbance, second.disturbance];
  const seconds = a.seconds + b.seconds;
  const mean = (of: (d: Disturbance) => number): number => (of(a) * a.seconds + of(b) * b.seconds) / seconds;
  const disturbance: Disturbance = {
    ...b,
    seconds,
    throttled: mean((d) => d.throttled),
    stolen: mean((d) => d.stolen),
    others: mean((d) => d.others),
  };
  return { parts, probe: first.probe, disturbance };
}

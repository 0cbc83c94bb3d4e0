// Takes the times: a few processes one after another (or pairs of them, for two builds), every case in each of them, runs
// of two builds in turn. What the times mean is statistics.ts and compare.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../progress.ts';
import { counters, type Disturbance, disturbance, type Facts, machineFacts } from './machine.ts';
import type { CaseInfo, Gives, Place, Probe } from './protocol.ts';
import { type Side, SideError, startSide } from './side.ts';
import { median } from './statistics.ts';

export interface Effort {
  /** Processes for each build. */
  readonly processes: number;
  /** Times taken of a case at most, and at least so many in each process. */
  readonly runs: number;
  /** Seconds of measuring a case, for each build; slow cases take the least number of runs all the same. */
  readonly seconds: number;
}

export interface Measured extends Pick<CaseInfo, 'name' | 'about' | 'size'> {
  readonly bytes?: number;
  /** Bytes of arrays at most, the case's data included. */
  readonly peak?: number;
  /** Nanoseconds of a run, by process. */
  readonly samples: readonly (readonly number[])[];
}

/** One build's part of a run. */
export interface Part {
  readonly machine: Facts;
  readonly cases: readonly Measured[];
  /** Why a case has no times. */
  readonly failures: Readonly<Record<string, string>>;
}

export interface Taken {
  readonly parts: readonly Part[];
  readonly probe: Probe;
  readonly disturbance: Disturbance;
}

const FEWEST_RUNS = 2; // in a process
const SHORTEST_NS = 10e6; // of one time taken: what the clock and the scheduler do is small beside it
const WARM_MS = 150; // and no longer than measuring

interface Notes {
  facts: Facts;
  readonly failures: Map<string, string>;
  readonly cases: Map<string, { bytes?: number; peak?: number; samples: number[][] }>;
}

/** The pieces of work that `measure` reports as progress. */
export const stepsOf = (cases: readonly CaseInfo[], effort: Effort): number => cases.length * effort.processes;

export async function measure(
  places: readonly Place[],
  cases: readonly CaseInfo[],
  effort: Effort,
  progress: Progress,
): Promise<Taken> {
  const notes = places.map((): Notes => ({ facts: {}, failures: new Map(), cases: new Map() }));
  const probes: Probe[] = [];
  const before = counters();
  const usedBefore = process.cpuUsage();
  let used = 0;
  for (let p = 0; p < effort.processes; p++) {
    const sides: Side[] = [];
    try {
      for (const place of places) sides.push((await startSide(place)).side);
      if (p === 0) for (const [i, side] of sides.entries()) notes[i].facts = machineFacts(await side.ask('facts', {}));
      probes.push(await sides[0].ask('probe', {}));
      for (const [i, one] of cases.entries()) {
        const label = effort.processes === 1 ? 'measuring' : `measuring, process ${p + 1} of ${effort.processes}`;
        progress.at(p * cases.length + i, label, one.name);
        if (notes.some(({ failures }) => failures.has(one.name))) continue;
        await inTurn(sides, one, effort, p, notes);
        for (const [k, side] of sides.entries()) if (!side.alive) sides[k] = (await startSide(places[k])).side;
      }
      for (const side of sides) used += await side.ask('used', {});
    } finally {
      for (const side of sides) side.stop();
    }
  }
  const own = process.cpuUsage(usedBefore);
  used += (own.user + own.system) / 1e6;
  return {
    parts: notes.map((note) => partOf(note, cases)),
    probe: {
      arithmetic: median(probes.map(({ arithmetic }) => arithmetic)),
      memory: median(probes.map(({ memory }) => memory)),
    },
    disturbance: disturbance(before, counters(), used),
  };
}

const partOf = ({ facts, failures, cases }: Notes, wanted: readonly CaseInfo[]): Part => ({
  machine: facts,
  failures: Object.fromEntries(failures),
  cases: wanted.flatMap(({ name, about, size }) => {
    const taken = cases.get(name);
    return taken === undefined || failures.has(name) ? [] : [{ name, about, size, ...taken }];
  }),
});

/** One case in one process of each build: A B, B A, A B …, so that neither is always first. */
async function inTurn(sides: readonly Side[], one: CaseInfo, effort: Effort, p: number, notes: readonly Notes[]) {
  const warm = Math.min(WARM_MS, (1000 * effort.seconds) / effort.processes);
  let asking = 0; // whose failure it would be
  try {
    const ready: Gives<'prepare'>[] = [];
    for (; asking < sides.length; asking++) {
      ready.push(await sides[asking].ask('prepare', { name: one.name, size: one.size, warm }));
    }
    const slowest = Math.max(...ready.map(({ ns }) => ns));
    const runs = Math.max(1, Math.round(SHORTEST_NS / slowest));
    const affordable = Math.floor((effort.seconds * 1e9) / effort.processes / (runs * slowest));
    const rounds = Math.max(FEWEST_RUNS, Math.min(Math.ceil(effort.runs / effort.processes), affordable));
    const times = sides.map((): number[] => []);
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < sides.length; turn++) {
        asking = (round + p) % 2 === 0 ? turn : sides.length - 1 - turn;
        times[asking].push(await sides[asking].ask('measure', { runs }));
        if (sides.length > 1 && one.settle > 0) await sleep(one.settle);
      }
    }
    for (asking = 0; asking < sides.length; asking++) {
      const peak = await sides[asking].ask('finish', {});
      const known = notes[asking].cases.get(one.name);
      const samples = [...(known?.samples ?? []), times[asking]];
      const { bytes } = ready[asking];
      notes[asking].cases.set(one.name, { bytes, peak: Math.max(peak, known?.peak ?? 0), samples });
    }
  } catch (error) {
    if (!(error instanceof SideError)) throw error;
    notes[asking].failures.set(one.name, error.message);
  }
}

// A run as a file: what --save writes and --compare reads. Everything that is read is looked at first, because baselines
// come from artifact stores and other people.
import { readFileSync, statSync } from 'node:fs';
import { FormatError } from '../../src/base/errors.ts';
import { writeText } from '../files.ts';
import type { Disturbance, Facts } from './machine.ts';
import type { Measured } from './measure.ts';
import type { Probe } from './protocol.ts';

/** What one run found out. */
export interface Run {
  readonly format: 'orthant-bench';
  readonly version: 1;
  /** When, as ISO 8601. */
  readonly made: string;
  readonly machine: Facts;
  readonly probe: Probe;
  readonly disturbance: Disturbance;
  readonly cases: readonly Measured[];
}

const LARGEST = 16 * 2 ** 20;
const MOST_CASES = 10_000;
const MOST_TEXT = 1000;

export function saveRun(path: string, run: Run): void {
  writeText(path, `${JSON.stringify(run)}\n`);
}

type Fields = Readonly<Record<string, unknown>>;

/** The run in a file. @throws FormatError for anything but a run of version 1; system errors pass as they are. */
export function readRun(path: string): Run {
  const wrong = (what: string): never => {
    throw new FormatError(`${path}: ${what}`, 'give a file that orthant bench --save wrote', { path });
  };
  return checkedRun(parsed(textOf(path, wrong), wrong), wrong);
}

type Wrong = (what: string) => never;

function textOf(path: string, wrong: Wrong): string {
  const stat = statSync(path); // before it is opened: a pipe would wait for somebody to write
  if (!stat.isFile()) wrong('it is no regular file');
  if (stat.size > LARGEST) wrong(`it has ${stat.size} bytes, a saved run has at most ${LARGEST}`);
  return readFileSync(path, 'utf8');
}

function parsed(text: string, wrong: Wrong): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return wrong(`it is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

export function checkedRun(read: unknown, wrong: Wrong): Run {
  const fields = (value: unknown, what: string): Fields =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : wrong(`${what} is no object`);
  const list = (value: unknown, what: string, most: number): readonly unknown[] => {
    if (!Array.isArray(value) || value.length === 0 || value.length > most) wrong(`${what} is no list of 1 to ${most}`);
    return value as readonly unknown[];
  };
  const text = (value: unknown, what: string): string => {
    if (typeof value !== 'string' || value.length > MOST_TEXT) wrong(`${what} is no text of at most ${MOST_TEXT}`);
    return value as string;
  };
  const number = (value: unknown, what: string, above = -1): number => {
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= above)
      wrong(`${what} is no number${above < 0 ? '' : ` above ${above}`}`);
    return value as number;
  };
  const optional = (value: unknown, what: string): number | undefined =>
    value === undefined ? undefined : number(value, what);

  const run = fields(read, 'it');
  if (run.format !== 'orthant-bench') wrong("it is no saved run: format is not 'orthant-bench'");
  if (run.version !== 1) wrong(`its version is ${JSON.stringify(run.version)?.slice(0, 40)}, this Orthant reads 1`);
  const probe = fields(run.probe, 'probe');
  const disturbed = fields(run.disturbance, 'disturbance');
  const names = new Set<string>();
  const cases = list(run.cases, 'cases', MOST_CASES).map((entry, i): Measured => {
    const one = fields(entry, `case ${i}`);
    const name = text(one.name, `the name of case ${i}`);
    if (names.has(name)) wrong(`case '${name}' is there twice`);
    names.add(name);
    const samples = list(one.samples, `samples of '${name}'`, 1000).map((group) =>
      list(group, `samples of '${name}'`, 100_000).map((ns) => number(ns, `a time of '${name}'`, 0)),
    );
    const about = text(one.about, `about of '${name}'`);
    const [bytes, peak] = [optional(one.bytes, `bytes of '${name}'`), optional(one.peak, `peak of '${name}'`)];
    return { name, about, size: number(one.size, `size of '${name}'`, 0), bytes, peak, samples };
  });
  const machine = Object.entries(fields(run.machine, 'machine')).map(([name, value]) => [
    text(name, 'a fact'),
    text(value, 'a fact'),
  ]);
  const keys = ['seconds', 'throttled', 'stolen', 'others', 'processors', 'load'] as const;
  const disturbance = Object.fromEntries(keys.map((key) => [key, number(disturbed[key], `disturbance.${key}`)]));
  return {
    format: 'orthant-bench',
    version: 1,
    made: text(run.made, 'made'),
    machine: Object.fromEntries(machine),
    probe: {
      arithmetic: number(probe.arithmetic, 'probe.arithmetic', 0),
      memory: number(probe.memory, 'probe.memory', 0),
    },
    disturbance: disturbance as unknown as Disturbance, // the keys are those of Disturbance
    cases,
  };
}

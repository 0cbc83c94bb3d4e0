// Turns measurements into a table: per case and, per group, the geometric mean of the ratios against its goal.

import { durationText } from '../cli/amounts.ts';
import type { Once } from './once.ts';
import { geometricMean } from './side.ts';

export interface Measured {
  readonly group: string;
  readonly name: string;
  /** Nanoseconds of one run, by side. */
  readonly ns: Readonly<Record<string, number>>;
}

export interface Summary {
  readonly group: string;
  readonly cases: number;
  readonly ratio: number;
  readonly goal: number | undefined;
  readonly other: number | undefined;
}

export const OURS = 'orthant';
export const NUMPY = 'numpy';
export const OTHER = 'numpy-ts';

const ratio = (m: Measured, side: string): number | undefined =>
  m.ns[side] === undefined || m.ns[NUMPY] === undefined ? undefined : m.ns[side] / m.ns[NUMPY];
const known = (xs: readonly (number | undefined)[]): number[] => xs.filter((x) => x !== undefined);

export function summarize(all: readonly Measured[], goals: Readonly<Record<string, number>>): Summary[] {
  return [...new Set(all.map((m) => m.group))].map((group) => {
    const own = all.filter((m) => m.group === group);
    const ours = known(own.map((m) => ratio(m, OURS)));
    const other = known(own.map((m) => ratio(m, OTHER)));
    return {
      group,
      cases: ours.length,
      ratio: ours.length === 0 ? Number.NaN : geometricMean(ours),
      goal: goals[group],
      other: other.length === 0 ? undefined : geometricMean(other),
    };
  });
}

export const duration = (ns: number | undefined): string => (ns === undefined ? '' : durationText(ns));

const times = (x: number | undefined): string => (x === undefined || Number.isNaN(x) ? '' : x.toFixed(2));

export const caseLine = (m: Measured): string =>
  `${m.name.padEnd(48)} ${duration(m.ns[OURS]).padStart(9)} ${duration(m.ns[NUMPY]).padStart(9)}  ${times(ratio(m, OURS)).padStart(6)}  ${times(ratio(m, OTHER)).padStart(6)}`;

export const summaryLine = (s: Summary): string =>
  `${s.group.padEnd(16)} ${times(s.ratio).padStart(6)}${s.goal === undefined ? '' : `  goal ${s.goal}${s.ratio <= s.goal ? '' : '  MISSED'}`}  (${s.cases} cases)`;

export const onceLine = (o: Once): string =>
  `${o.name.padEnd(44)} ${o.ours.toFixed(1).padStart(9)} ${o.numpy === undefined ? '' : o.numpy.toFixed(1).padStart(9)} ${o.unit}`;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export function markdown(
  facts: readonly string[],
  all: readonly Measured[],
  summaries: readonly Summary[],
  once: readonly Once[],
): string {
  const lines = [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- --markdown`. Every side is one process that lives for the whole run; measurements',
    'alternate, and the median of each is taken. Ratios are time / NumPy’s time: below 1 is faster than NumPy.',
    '',
    ...facts.map((f) => `- ${f}`),
    '',
    row(['group', 'cases', 'Orthant / NumPy', 'goal', 'numpy-ts / NumPy']),
    row(['---', '--:', '--:', '--:', '--:']),
    ...summaries.map((s) =>
      row([s.group, String(s.cases), times(s.ratio), s.goal === undefined ? '' : `≤ ${s.goal}`, times(s.other)]),
    ),
  ];
  if (once.length > 0) {
    lines.push('', row(['in a fresh process', 'Orthant', 'NumPy', '']), row(['---', '--:', '--:', '---']));
    for (const o of once) lines.push(row([o.name, o.ours.toFixed(1), o.numpy?.toFixed(1) ?? '', o.unit]));
  }
  for (const { group } of summaries) {
    lines.push(
      '',
      `## ${group}`,
      '',
      row(['case', 'Orthant', 'NumPy', 'ratio', 'numpy-ts ratio']),
      row(['---', '--:', '--:', '--:', '--:']),
    );
    for (const m of all.filter((x) => x.group === group)) {
      lines.push(
        row([
          `\`${m.name}\``,
          duration(m.ns[OURS]),
          duration(m.ns[NUMPY]),
          times(ratio(m, OURS)),
          times(ratio(m, OTHER)),
        ]),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

// A run and a comparison as lines of text.
import { bytesText, durationText, percentText, printable, table } from '../amounts.ts';
import type { Paint } from '../colour.ts';
import { type Comparison, countOf, refused, threadsOf, type Verdict } from './compare.ts';
import { complaints } from './machine.ts';
import type { Measured } from './measure.ts';
import type { CaseInfo } from './protocol.ts';
import type { Run } from './saved.ts';
import { type Interval, medianInterval } from './statistics.ts';

export const listText = (cases: readonly CaseInfo[]): string =>
  table(
    cases.map(({ name, size, about }) => [printable(name), String(size), printable(about)]),
    '',
    'left',
  );

/** Half of an interval, as a share of its middle. */
export const halfWidth = ({ low, mid, high }: Interval): number => (high - low) / 2 / mid;

/** Bytes per nanosecond are GB/s. */
export const rateText = (bytes: number | undefined, ns: number): string =>
  bytes === undefined ? '' : String(Number((bytes / ns).toPrecision(3)));

/** The machine in a line, of the facts that there are. */
export function machineLine({ machine }: Run): string {
  const threads = machine.threads && `${machine.threads} ${machine.threads === '1' ? 'thread' : 'threads'}`;
  const blas = machine['blas.family'] ?? machine['blas.provider'];
  const facts = [
    machine.orthant && `Orthant ${machine.orthant}`,
    machine['engine.runtime'],
    threads,
    blas && `BLAS ${blas}`,
    machine.processor,
  ];
  return facts
    .filter((text) => text !== undefined && text !== '')
    .map((text) => printable(String(text)))
    .join(', ');
}

export function runText(run: Run): string {
  const rows = run.cases.map((one: Measured) => {
    const time = medianInterval(one.samples);
    const peak = one.peak === undefined ? '' : bytesText(one.peak);
    const runs = String(one.samples.flat().length);
    return [
      printable(one.name),
      durationText(time.mid),
      percentText(halfWidth(time)),
      runs,
      rateText(one.bytes, time.mid),
      peak,
    ];
  });
  return rows.length === 0 ? '' : table([['case', 'median', '±', 'times', 'GB/s', 'memory'], ...rows]);
}

const looks = { slower: 'bad', faster: 'good', unclear: 'warning', same: 'quiet' } as const satisfies Record<
  Verdict,
  string
>;

const ratio = (x: number): string => (x >= 10 ? x.toPrecision(3) : x.toFixed(3));
export const intervalText = ({ low, high }: Interval): string => `${ratio(low)} to ${ratio(high)}`;

const MOST_NAMES = 6;

/** Cases without a partner, by reason. */
export function leftTexts({ left }: Comparison): string[] {
  const reasons = [...new Set(left.map(({ why }) => why))];
  return reasons.map((reason) => {
    const names = left.filter(({ why }) => why === reason).map(({ name }) => name);
    const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES + 1} others` : '';
    return `${names.slice(0, more === '' ? MOST_NAMES : MOST_NAMES - 1).join(', ')}${more}: ${reason}`;
  });
}

export function comparisonText(comparison: Comparison, paint: Paint): string {
  const rows = comparison.cases.map(({ name, before, now, ratio, verdict }) => [
    printable(name),
    durationText(before),
    durationText(now),
    ratio.mid.toFixed(3),
    intervalText(ratio),
    refused(comparison) ? paint('quiet', '-') : paint(looks[verdict], verdict),
  ]);
  const left = leftTexts(comparison).map((text) => `  not compared: ${printable(text)}\n`);
  return `${table([['case', 'before', 'now', 'ratio', '99 % interval', 'verdict'], ...rows])}${left.join('')}`;
}

/** What it comes to, in a sentence or two. */
export function conclusion(comparison: Comparison): string {
  if (refused(comparison)) return 'No conclusion: see the warnings (--force gives verdicts all the same).';
  const counts = (['slower', 'faster', 'same', 'unclear'] as const)
    .map((verdict) => [verdict, countOf(comparison, verdict)] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`);
  const unclear = countOf(comparison, 'unclear') > 0;
  return [
    `${counts.join(', ')}, where up to ${percentText(comparison.tolerance, 0)} count as the same.`,
    unclear && 'What is unclear varies more than that: a quieter machine, --time or --tolerance would tell.',
  ]
    .filter((text) => text !== false)
    .join(' ');
}

/** Warnings about the machine and doubts about the comparison, a line each. */
export const warnings = (run: Run, comparison: Comparison | undefined): string[] =>
  comparison?.basis === 'stored'
    ? [...comparison.doubts]
    : [...(comparison?.doubts ?? []), ...(comparison?.notes ?? []), ...complaints(run.disturbance, threadsOf(run))];

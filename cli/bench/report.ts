// The report of `orthant bench` in pictures: ratios with their intervals, the times of every case as they were taken, and
// the tables.
import * as Plot from '@observablehq/plot';
import { bytesText, durationText, percentText } from '../amounts.ts';
import { blue, draw, grey, orange } from '../report/chart.ts';
import { type Html, html } from '../report/html.ts';
import { grid, key, reportPage, tiles } from '../report/page.ts';
import { type Comparison, countOf, refused, type Verdict } from './compare.ts';
import type { Run } from './saved.ts';
import { LEVEL, medianInterval, quantile } from './statistics.ts';
import { conclusion, halfWidth, intervalText, leftTexts, machineLine, rateText, warnings } from './text.ts';

const verdictColors: Readonly<Record<Verdict, string>> = {
  slower: '#b3261e',
  faster: '#2c6e49',
  same: blue,
  unclear: orange,
};

const ROW = 22; // pixels of a case
const shortName = (name: string): string => (name.length > 34 ? `${name.slice(0, 33)}…` : name);

/** Time now by time before, a line per case. */
function ratios(comparison: Comparison): Html {
  const { cases, tolerance } = comparison;
  const colorOf = (verdict: Verdict): string => (refused(comparison) ? '#8a98a3' : verdictColors[verdict]);
  const ends = cases.flatMap(({ ratio }) => [ratio.low, ratio.high]);
  const reach = Math.min(20, Math.max(1.25, ...ends, ...ends.map((end) => 1 / end)) * 1.03);
  const rows = cases.map(({ name, ratio, verdict }, i) => ({ row: i, name, ...ratio, color: colorOf(verdict) }));
  return draw('Time now by time before', {
    height: ROW * cases.length + 60,
    marginLeft: 230,
    marginRight: 60,
    marginTop: 40,
    x: {
      type: 'log',
      domain: [1 / reach, reach],
      label: 'time now / time before',
      axis: 'top',
      ticks: 7,
      tickFormat: '.2~f',
      grid: true,
      clamp: true,
    },
    y: {
      type: 'band',
      domain: rows.map(({ row }) => row),
      label: null,
      tickSize: 0,
      tickFormat: (i: number) => shortName(cases[i].name),
    },
    marks: [
      Plot.rectX([0], { x1: 1 / (1 + tolerance), x2: 1 + tolerance, fill: grey, fillOpacity: 0.35 }),
      Plot.ruleX([1], { stroke: '#5b6b76' }),
      Plot.ruleY(rows, { y: 'row', x1: 'low', x2: 'high', stroke: 'color', strokeWidth: 3, strokeLinecap: 'round' }),
      Plot.dot(rows, { y: 'row', x: 'mid', fill: 'color', r: 5 }),
      Plot.text(rows, { y: 'row', x: () => reach, text: ({ mid }) => mid.toFixed(3), dx: 8, textAnchor: 'start' }),
    ],
  });
}

/** Every time that was taken, by the median of its case: what noise there was. */
function spreads({ cases }: Run): Html {
  const times = cases.flatMap(({ samples }, row) => {
    const middle = quantile(Float64Array.from(samples.flat()).sort(), 0.5);
    return samples.flatMap((group, process) => group.map((ns) => ({ row, process: process % 2, share: ns / middle })));
  });
  return draw('Times by the median of their case', {
    height: ROW * cases.length + 60,
    marginLeft: 230,
    marginRight: 30,
    marginTop: 40,
    x: {
      type: 'log',
      domain: [0.5, 2],
      label: 'time / median of the case',
      axis: 'top',
      ticks: 7,
      tickFormat: '.2~f',
      grid: true,
      clamp: true,
    },
    y: {
      type: 'band',
      domain: cases.map((_, row) => row),
      label: null,
      tickSize: 0,
      tickFormat: (i: number) => shortName(cases[i].name),
    },
    color: { domain: [0, 1], range: [blue, orange] },
    marks: [
      Plot.ruleX([1], { stroke: '#5b6b76' }),
      Plot.tickX(times, { y: 'row', x: 'share', stroke: 'process', strokeOpacity: 0.6, strokeWidth: 1.5 }),
    ],
  });
}

export interface Findings {
  readonly run: Run;
  readonly comparison: Comparison | undefined;
  readonly failures: Readonly<Record<string, string>>;
  /** What the run was held against. */
  readonly before: string | undefined;
}

const verdictHtml = (verdict: Verdict): Html =>
  html`<span class="${{ slower: 'bad', faster: 'good', same: 'quiet', unclear: '' }[verdict]}">${verdict}</span>`;

function compared(comparison: Comparison, before: string | undefined): Html {
  const rows = comparison.cases.map(({ name, before, now, ratio, verdict }) => [
    name,
    durationText(before),
    durationText(now),
    ratio.mid.toFixed(3),
    intervalText(ratio),
    refused(comparison) ? '–' : verdictHtml(verdict),
  ]);
  const how =
    comparison.basis === 'interleaved'
      ? 'Both builds were measured in turn on the same data, so that what disturbed one disturbed the other.'
      : 'The runs were made at different times: only what the machine did the same can be told apart from the code.';
  return html`<h2>Compared with ${before}</h2>
<p>${conclusion(comparison)} ${how}</p>
${refused(comparison) ? undefined : key(verdictColors)}
${ratios(comparison)}
${grid(['case', 'before', 'now', 'ratio', '99 % interval', 'verdict'], rows)}
${comparison.left.length === 0 ? undefined : html`<p class="quiet">Not compared: ${leftTexts(comparison).join('; ')}.</p>`}`;
}

function measured(run: Run): Html {
  const rows = run.cases.map((one) => {
    const time = medianInterval(one.samples);
    const peak = one.peak === undefined ? '' : bytesText(one.peak);
    return [
      html`${one.name}<small>${one.about}</small>`,
      durationText(time.mid),
      percentText(halfWidth(time)),
      rateText(one.bytes, time.mid),
      peak,
    ];
  });
  return html`<h2>Times</h2>
${grid(['case', 'median', '±', 'GB/s', 'memory'], rows)}
<h2>Every time that was taken</h2>
<p>A line is one time, by the median of its case; colours alternate from process to process. Lines far to the right are
disturbances, two clusters are two states of the machine or of the compiled code. Beyond the edges it is drawn at the edge.</p>
${spreads(run)}`;
}

function headline(comparison: Comparison): string {
  if (refused(comparison)) return 'No conclusion';
  const slower = countOf(comparison, 'slower');
  return slower === 0 ? 'Nothing is slower' : `${slower} of ${comparison.cases.length} cases slower`;
}

export function benchPage(findings: Findings): string {
  const { run, comparison, failures, before } = findings;
  const told = warnings(run, comparison);
  const failed = Object.entries(failures);
  const figures: [string, string][] = [[String(run.cases.length), 'cases']];
  if (comparison !== undefined && !refused(comparison)) {
    for (const verdict of ['slower', 'faster', 'same', 'unclear'] as const) {
      figures.push([String(countOf(comparison, verdict)), verdict]);
    }
  }
  const facts = Object.entries(run.machine).map(([name, value]) => [name, value]);
  return reportPage({
    title: 'Orthant bench',
    heading: comparison === undefined ? 'How fast it is here' : headline(comparison),
    about: `orthant bench, ${run.made}. ${machineLine(run)}`,
    body: html`${tiles(figures)}
${told.map((text) => html`<p class="note">${text}</p>`)}
${failed.length === 0 ? undefined : html`<h2>Failed</h2>${grid(['case', 'why'], failed, { align: 'left' })}`}
${comparison === undefined || comparison.cases.length === 0 ? undefined : compared(comparison, before)}
${run.cases.length === 0 ? undefined : measured(run)}
<h2>How it was measured</h2>
<p>Every case ran in several processes one after another; a time is the mean of as many runs as fill 10 ms. Shown is the
median of all times; ± is half of its ${percentText(LEVEL, 0)} interval, a percentile bootstrap that draws processes first and
times within them second (Efron 1979; Davison and Hinkley 1997; Kalibera and Jones 2013). Memory is what arrays took at most, the
case’s data included.</p>
${grid(['fact', 'value'], facts, { align: 'left' })}`,
  });
}

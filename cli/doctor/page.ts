// The page of `orthant doctor --html`: findings first, then what was seen of machine, process and, over the looks, memory
// and threads.
import * as Plot from '@observablehq/plot';
import type { Finding } from '../../src/diag/doctor/findings.ts';
import { processorsOf } from '../../src/diag/doctor/findings.ts';
import type { Sample } from '../../src/diag/doctor/process_facts.ts';
import { bytesText } from '../amounts.ts';
import { blue, draw, orange } from '../report/chart.ts';
import { type Html, html } from '../report/html.ts';
import { grid, reportPage, tiles } from '../report/page.ts';
import type { Diagnosis } from './command.ts';
import { machineRows, processRows, runtimeRows } from './text.ts';

const colours = { error: 'bad', warning: 'strong', note: 'quiet' } as const;

const findingPart = ({
  severity,
  id,
  what,
  evidence,
  fix,
}: Finding): Html => html`<h3><span class="${colours[severity]}">${severity}</span>: ${what}</h3>
<p class="quiet">${id}</p>
<pre>${evidence.join('\n')}</pre>
<p>To fix it: ${fix}</p>`;

/** How memory and threads went; two looks at least make a line. */
function trend(samples: readonly Sample[], processors: number): Html | undefined {
  if (samples.length < 2) return undefined;
  const x = { label: 'seconds', ticks: 6 };
  const dots = { x: 'time', stroke: blue, strokeWidth: 2, marker: 'circle' } as const;
  const memory = samples.map(({ time, rss }) => ({ time, megabytes: rss / 1e6 }));
  return html`<h2>While it was watched</h2>
<div class="beside">
${draw('Resident memory', {
  width: 400,
  height: 200,
  marginLeft: 60,
  x,
  y: { label: 'MB resident', grid: true, zero: true },
  marks: [Plot.ruleY([0]), Plot.lineY(memory, { ...dots, y: 'megabytes' })],
})}
${draw('Threads that could run, and processors', {
  width: 400,
  height: 200,
  x,
  y: { label: 'threads that could run', grid: true, zero: true },
  marks: [
    Plot.ruleY([0]),
    Plot.ruleY([processors], { stroke: orange, strokeDasharray: '4 3' }),
    Plot.text([{ time: 0, y: processors }], {
      x: 'time',
      y: 'y',
      text: () => 'processors',
      fill: orange,
      dy: -8,
      textAnchor: 'start',
    }),
    Plot.lineY(samples, { ...dots, y: 'runnable' }),
  ],
})}
</div>`;
}

export function doctorPage({ facts, runtime, findings }: Diagnosis): string {
  const { samples } = facts;
  const last = samples[samples.length - 1];
  const count = (severity: Finding['severity']): number => findings.filter((f) => f.severity === severity).length;
  const rows = (title: string, of: readonly (readonly string[])[]): Html =>
    html`<h2>${title}</h2>${grid(['', ''], of, { align: 'left' })}`;
  return reportPage({
    title: `orthant doctor: ${facts.pid}`,
    heading: facts.command,
    about: html`Written by <code>orthant doctor</code> about process ${facts.pid}.`,
    body: html`${tiles([
      [count('error'), 'errors'],
      [count('warning'), 'warnings'],
      [`${processorsOf(facts)}`, 'processors that it can have'],
      [bytesText(last.rss), 'resident'],
    ])}
<h2>Findings</h2>
${findings.length === 0 ? html`<p class="good">Nothing is wrong.</p>` : findings.map(findingPart)}
${trend(samples, processorsOf(facts))}
${rows('The machine', machineRows(facts))}
${rows('The process', processRows(facts))}
${runtime === undefined ? undefined : rows('Orthant in it', runtimeRows(runtime))}`,
  });
}

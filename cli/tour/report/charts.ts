// The charts of the tour's report.
import * as Plot from '@observablehq/plot';
import * as np from '../../../src/index.ts';
import { blue, draw, grey, orange } from '../../report/chart.ts';
import type { Html } from '../../report/html.ts';
import type { Results } from '../analysis.ts';
import type { Story } from '../command.ts';
import { CLASSES } from '../dataset.ts';

/** One colour for each digit, told apart by most eyes. */
const digitColors = '#4e79a7 #f28e2b #e15759 #76b7b2 #59a14f #b6992d #b07aa1 #ff9da7 #9c755f #6b6b6b'.split(' ');

const numbers = (a: np.NDArray): number[] => Array.from(a.data, Number);

/** Share of the variance by component, and the sum so far. */
export function spectrum({ explained }: Results): Html {
  const shares = numbers(explained).map((share, i) => ({ component: i + 1, share }));
  const sums = numbers(np.cumsum(explained)).map((sum, i) => ({ component: i + 1, sum }));
  const last = sums[sums.length - 1];
  return draw('Variance explained by component', {
    height: 260,
    marginLeft: 50,
    marginRight: 70,
    x: { label: 'component', tickSize: 0 },
    y: { label: 'share of the variance', percent: true, grid: true, domain: [0, 100] },
    marks: [
      Plot.rectY(shares, { x1: (d) => d.component - 0.9, x2: (d) => d.component - 0.1, y: 'share', fill: blue }),
      Plot.line(sums, { x: (d) => d.component - 0.5, y: 'sum', stroke: orange, strokeWidth: 2 }),
      Plot.text([last], {
        x: (d) => d.component - 0.5,
        y: 'sum',
        text: (d) => `${(100 * d.sum).toFixed(1)} %`,
        dx: 8,
        textAnchor: 'start',
        fill: orange,
        fontWeight: 'bold',
      }),
      Plot.text([sums[Math.floor(sums.length / 2)]], {
        x: (d) => d.component - 0.5,
        y: 'sum',
        text: () => 'all components so far',
        dy: -14,
        fill: orange,
      }),
      Plot.ruleY([0]),
    ],
  });
}

/** Test images on the first two components, each as its digit. */
export function plane({ dataset, results }: Story): Html {
  const shown = Math.min(1500, dataset.test.labels.size);
  const [x, y] = [0, 1].map((c) => numbers(results.projected.get(`:${shown}`, c).copy()));
  const digits = numbers(dataset.test.labels.get(`:${shown}`));
  const points = digits.map((digit, i) => ({ x: x[i], y: y[i], digit: String(digit) }));
  return draw('Test images on the first two components', {
    height: 520,
    x: { label: 'first component', ticks: 6 },
    y: { label: 'second component', ticks: 6 },
    grid: true,
    color: { type: 'categorical', domain: Array.from({ length: CLASSES }, (_, d) => String(d)), range: digitColors },
    marks: [Plot.text(points, { x: 'x', y: 'y', text: 'digit', fill: 'digit', fontSize: 10, fontWeight: 'bold' })],
  });
}

/** How many of each digit were told as which. */
export function confusion({ confusion }: Results): Html {
  const counts = numbers(confusion);
  const totals = numbers(np.sum(confusion, 1));
  const cells = counts.map((count, i) => {
    const [truth, told] = [Math.floor(i / CLASSES), i % CLASSES];
    return { truth, told, count, share: totals[truth] === 0 ? 0 : count / totals[truth], right: truth === told };
  });
  const wrong = cells.filter(({ right, count }) => !right && count > 0);
  return draw('Digits and what they were told as', {
    width: 520,
    height: 460,
    marginTop: 50,
    marginLeft: 50,
    padding: 0.04,
    x: { axis: 'top', label: 'told as', tickSize: 0, domain: cells.slice(0, CLASSES).map(({ told }) => told) },
    y: { label: 'is', tickSize: 0, domain: cells.slice(0, CLASSES).map(({ told }) => told) },
    color: { type: 'sqrt', range: ['#fdf3e7', '#d1495b'] },
    marks: [
      Plot.cell(cells, { x: 'told', y: 'truth', fill: '#f6f7f9' }),
      Plot.cell(wrong, { x: 'told', y: 'truth', fill: 'share' }),
      Plot.cell(
        cells.filter(({ right }) => right),
        { x: 'told', y: 'truth', fill: '#dcebf3' },
      ),
      Plot.text(
        cells.filter(({ count }) => count > 0),
        {
          x: 'told',
          y: 'truth',
          text: (d) => d.count.toLocaleString('en-US'),
          fontSize: 11,
        },
      ),
    ],
  });
}

/** Share of each digit that was told right. */
export function recalls({ confusion }: Results): Html {
  const right = np.divide(np.diagonal(confusion), np.maximum(np.sum(confusion, 1), 1));
  const bars = numbers(right).map((share, digit) => ({ digit, share }));
  const low = Math.max(0, Math.floor(20 * Math.min(...bars.map(({ share }) => share)) - 1) / 20);
  return draw('Share told right by digit', {
    width: 330,
    height: 460,
    marginTop: 50,
    marginRight: 50,
    x: { axis: 'top', label: 'told right, %', percent: true, domain: [100 * low, 100], ticks: 4, grid: true },
    y: { label: null, tickSize: 0, type: 'band' },
    marks: [
      Plot.barX(bars, { x1: () => low, x2: 'share', y: 'digit', fill: blue }),
      Plot.text(bars, { x: 'share', y: 'digit', text: (d) => (100 * d.share).toFixed(1), dx: 6, textAnchor: 'start' }),
    ],
  });
}

/** Seconds by stage, Orthant above NumPy. */
export function times({ stages, comparison }: Story): Html {
  const theirs = typeof comparison === 'string' ? {} : comparison.seconds;
  const bars = stages.flatMap(({ name, seconds }) => [
    { name, who: 'Orthant', seconds },
    ...(name in theirs ? [{ name, who: 'NumPy', seconds: theirs[name] }] : []),
  ]);
  const both = Object.keys(theirs).length > 0;
  return draw('Seconds by stage', {
    height: stages.length * (both ? 40 : 26) + 70,
    marginTop: 44,
    marginLeft: 20,
    marginRight: 60,
    x: { axis: 'top', label: 'seconds', labelOffset: 38, grid: true },
    y: { axis: null, domain: both ? ['Orthant', 'NumPy'] : ['Orthant'], padding: 0.12 },
    fy: { label: null, domain: stages.map(({ name }) => name), axis: 'left', padding: 0.2 },
    facet: { marginLeft: 100 },
    color: { domain: ['Orthant', 'NumPy'], range: [blue, grey] },
    marks: [
      Plot.barX(bars, { x: 'seconds', y: 'who', fy: 'name', fill: 'who' }),
      Plot.text(bars, {
        x: 'seconds',
        y: 'who',
        fy: 'name',
        text: (d) => d.seconds.toPrecision(2),
        dx: 5,
        textAnchor: 'start',
        fontSize: 11,
      }),
    ],
  });
}

/** Heap and process memory after each stage. */
export function memory({ stages }: Story): Html {
  const lines = stages.flatMap(({ name, live, resident }) => [
    { name, what: 'arrays', megabytes: live / 1e6 },
    { name, what: 'whole process', megabytes: resident / 1e6 },
  ]);
  return draw('Memory after each stage', {
    height: 240,
    marginLeft: 50,
    marginRight: 100,
    x: { label: null, type: 'point', domain: stages.map(({ name }) => name), padding: 0.3 },
    y: { label: 'MB', grid: true, zero: true },
    color: { domain: ['arrays', 'whole process'], range: [blue, orange] },
    marks: [
      Plot.ruleY([0]),
      Plot.lineY(lines, { x: 'name', y: 'megabytes', stroke: 'what', strokeWidth: 2, marker: 'circle' }),
      Plot.text(lines.slice(-2), {
        x: 'name',
        y: 'megabytes',
        text: 'what',
        fill: 'what',
        dx: 10,
        textAnchor: 'start',
        fontWeight: 'bold',
      }),
    ],
  });
}

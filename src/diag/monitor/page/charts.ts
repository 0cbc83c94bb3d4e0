// The curves of the page, by uPlot: rows say what each shows, colours come from the style sheet, and beside every picture
// there are a sentence and a table with the same figures.
// Source: https://github.com/leeoniya/uPlot.

import UPlot, { type AlignedData, type Options } from 'uplot';
import { readable } from '../../../memory/refusal.ts';
import type { Point } from '../tick.ts';
import { clock, fill, panelOf } from './elements.ts';

interface Curve {
  readonly name: string;
  readonly color: 'blue' | 'orange' | 'green' | 'red';
  readonly of: (point: Point) => number;
  /** The ground under it is filled. */
  readonly filled?: boolean;
  /** Drawn as dashes: a bound, no measurement. */
  readonly dashed?: boolean;
}

interface ChartRow {
  readonly curves: readonly Curve[];
  readonly text: (value: number) => string;
  /** The axis ends here even where no curve comes so far. */
  readonly top: number;
  readonly steps?: number[];
}

const percent = (x: number): string => `${x.toFixed(x > 0 && x < 9.95 ? 1 : 0)} %`;
/** Steps of an axis of bytes. */
const powers = Array.from({ length: 44 }, (_, k) => 2 ** k);
const plain = (x: number): string => x.toLocaleString('en-US', { maximumFractionDigits: x < 10 ? 2 : 0 });

/** What the page draws, by the ids of its figures. */
const rows: Readonly<Record<string, ChartRow>> = {
  memory: {
    curves: [
      { name: 'arrays', color: 'blue', of: (p) => p.live, filled: true },
      { name: 'kept for reuse', color: 'green', of: (p) => p.pooled },
      { name: 'process', color: 'orange', of: (p) => p.rss },
    ],
    text: readable,
    top: 2 ** 20,
    steps: powers,
  },
  calls: {
    curves: [{ name: 'operations per second', color: 'blue', of: (p) => p.calls, filled: true }],
    text: plain,
    top: 10,
  },
  time: {
    curves: [
      { name: 'operations', color: 'blue', of: (p) => 100 * p.busy, filled: true },
      { name: 'collections', color: 'orange', of: (p) => p.reclaiming / 10 },
      { name: 'stopped by the cgroup', color: 'red', of: (p) => p.throttled / 10 },
    ],
    text: percent,
    top: 100,
  },
  processors: {
    curves: [
      { name: 'used', color: 'blue', of: (p) => p.processors, filled: true },
      { name: 'threads of an operation', color: 'orange', of: (p) => p.threads, dashed: true },
    ],
    text: plain,
    top: 1,
  },
};

/** Rows of the table beside a picture. */
const TABLE_ROWS = 12;

const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function optionsOf(row: ChartRow, width: number): Options {
  const axis = { stroke: css('quiet'), grid: { stroke: css('grid'), width: 1 }, ticks: { stroke: css('grid') } };
  return {
    width,
    height: 180,
    cursor: { drag: { x: false, y: false }, sync: { key: 'monitor' } },
    scales: { y: { range: (_, __, most) => [0, Math.max(row.top, (most ?? 0) * 1.1)] } },
    axes: [
      { ...axis, size: 28, values: '{HH}:{mm}:{ss}', space: 80 },
      { ...axis, size: 74, values: (_, values) => values.map(row.text), ...(row.steps && { incrs: row.steps }) },
    ],
    series: [
      { label: 'at', value: '{HH}:{mm}:{ss}' },
      ...row.curves.map(({ name, color, filled, dashed }) => ({
        label: name,
        stroke: css(color),
        width: 1.5,
        value: (_: UPlot, v: number | null) => (v === null ? '–' : row.text(v)),
        points: { show: false },
        ...(filled && { fill: css(`${color}-fill`) }),
        ...(dashed && { dash: [5, 4] }),
      })),
    ],
  };
}

export class Charts {
  #points: Point[] = [];
  #plots = new Map<string, UPlot>();

  constructor() {
    const again = (): void => this.#make();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
    const watch = new ResizeObserver(() => {
      for (const [id, plot] of this.#plots) {
        const width = panelOf(id).clientWidth - 28;
        if (width > 0 && Math.abs(plot.width - width) > 1) plot.setSize({ width, height: 180 });
      }
    });
    watch.observe(document.body);
    this.#make();
  }

  /** From here on these points are shown. */
  replace(points: readonly Point[]): void {
    this.#points = [...points];
  }

  add(point: Point): void {
    this.#points.push(point);
    if (this.#points.length > 600) this.#points.shift();
  }

  draw(): void {
    for (const [id, row] of Object.entries(rows)) {
      const plot = this.#plots.get(id);
      plot?.setData(this.#dataOf(row));
      // What the pointer is at, or else the last.
      if (plot !== undefined && (plot.cursor.left ?? -1) < 0) plot.setLegend({ idx: plot.data[0].length - 1 }, false);
      this.#describe(id, row);
    }
  }

  #make(): void {
    for (const [id, row] of Object.entries(rows)) {
      this.#plots.get(id)?.destroy();
      const panel = panelOf(id);
      const place = panel.querySelector<HTMLElement>('.chart');
      if (place === null) continue;
      this.#plots.set(id, new UPlot(optionsOf(row, panel.clientWidth - 28), this.#dataOf(row), place));
    }
  }

  #dataOf({ curves }: ChartRow): AlignedData {
    const xs = this.#points.map((p) => p.at / 1000);
    // A process that has just begun does not stretch over the whole width.
    const from = xs.length === 0 ? Date.now() / 1000 : xs[0];
    const last = xs.length === 0 ? from : xs[xs.length - 1];
    const empty = last - from < 60 ? [last - 60] : [];
    const ys = curves.map(({ of }) => [
      ...empty.map(() => null),
      ...this.#points.map((p) => {
        const y = of(p);
        return Number.isFinite(y) ? y : null;
      }),
    ]);
    return [[...empty, ...xs], ...ys];
  }

  #describe(id: string, { curves, text }: ChartRow): void {
    const last = this.#points.at(-1);
    if (last === undefined) return;
    const panel = panelOf(id);
    const now = curves.map(({ name, of }) => `${name} ${text(of(last))}`).join(', ');
    panel.querySelector('.chart')?.setAttribute('aria-label', `${panel.querySelector('h2')?.textContent}: ${now}`);
    const table = panel.querySelector('details[open] table');
    if (table === null) return;
    const columns = [{ name: 'at' }, ...curves.map(({ name }) => ({ name, kind: 'number' as const }))];
    const lines = this.#points
      .slice(-TABLE_ROWS)
      .reverse()
      .map((p) => [clock(p.at), ...curves.map(({ of }) => text(of(p)))]);
    fill(table, columns, lines);
  }
}

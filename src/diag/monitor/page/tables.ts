// The page's tables: which columns each has, and the words beside them.

import { readable } from '../../../memory/refusal.ts';
import type { Happening, Holding, View } from '../tick.ts';
import { type Column, clock, fill, panelOf, write } from './elements.ts';

const figure = (name: string): Column => ({ name, kind: 'number' });
const code = (name: string): Column => ({ name, kind: 'code' });

const milliseconds = (x: number): string =>
  x >= 1000 ? `${(x / 1000).toFixed(2)} s` : x >= 1 ? `${x.toFixed(1)} ms` : `${(1000 * x).toFixed(1)} µs`;
const count = (x: number): string => x.toLocaleString('en-US');

function show(id: string, note: string, columns: readonly Column[], rows: string[][], alarm?: (i: number) => boolean) {
  const panel = panelOf(id);
  write(panel.querySelector('.note'), note);
  const table = panel.querySelector('table');
  if (table !== null) fill(table, columns, rows, alarm);
}

const held = (list: readonly Holding[], live: number): string[][] =>
  list.map(({ name, nbytes, arrays }) => [
    name,
    readable(nbytes),
    `${((100 * nbytes) / Math.max(1, live)).toFixed(0)} %`,
    count(arrays),
  ]);

const alarming = /^(?:memory\.refuse|threads\.lost|threads\.throttled)$/;

/** Fills all tables. */
export function showTables({ tick, operations, slow }: View, happenings: readonly Happening[]): void {
  const { memory, threads, kernels } = tick;
  const holding = [figure('bytes'), figure('of arrays'), figure('arrays')];
  show(
    'operations',
    operations.length === 0 ? 'none yet' : '',
    [code('operation'), figure('calls'), figure('time'), figure('each'), figure('longest')],
    operations.map((o) => [
      o.op,
      count(o.calls),
      milliseconds(o.milliseconds),
      milliseconds(o.milliseconds / o.calls),
      milliseconds(o.most),
    ]),
  );
  show(
    'slow',
    slow.length === 0 ? 'none yet' : '',
    [
      figure('took'),
      code('operation'),
      { name: 'largest array', kind: 'wordless' },
      code('from'),
      { name: 'at', kind: 'wordless' },
    ],
    slow.map((s) => [milliseconds(s.milliseconds), s.op, s.array, s.site ?? '', clock(s.at)]),
  );
  show(
    'tags',
    `${count(memory.arrays)} arrays of more than 32 KiB; ${readable(memory.small)} in smaller ones`,
    [code('scope'), ...holding],
    held(memory.tags, memory.live),
  );
  show(
    'sites',
    memory.tracing
      ? memory.sites.length === 0
        ? 'no traced array is alive'
        : ''
      : 'not traced: start the monitor with trace, or call np.memory.trace()',
    [code('line'), ...holding],
    held(memory.sites, memory.live),
  );
  const { size, source, workers, jobs, slices, taken, lost } = threads;
  show(
    'threads',
    lost === undefined ? '' : `workers lost: ${lost}`,
    [{ name: 'what' }, { name: 'now', kind: 'name' }],
    [
      ['threads of an operation', `${size} (${source})`],
      ['workers running', String(workers)],
      [
        'operations shared since the last tick',
        `${count(jobs)} in ${count(slices)} slices, ${count(taken)} by workers`,
      ],
      ['np.async', `${threads.running} running, ${threads.waiting} waiting`],
      [
        'kernels',
        `${count(kernels.kernels)}, ${kernels.compiled} compiled since the last tick (${milliseconds(kernels.milliseconds)})`,
      ],
      [
        'collections since the last tick',
        `${memory.reclaims} in ${milliseconds(memory.reclaimMilliseconds)}, ${readable(memory.reclaimed)} freed`,
      ],
      ['most arrays at a time', readable(memory.peak)],
      ['this monitor', `${milliseconds(tick.cost)} per tick in the watched thread`],
    ],
  );
  const log = [...happenings].reverse();
  show(
    'log',
    log.length === 0 ? 'nothing happened yet: refusals, pages handed back, throttling and lost workers stand here' : '',
    [
      { name: 'at', kind: 'wordless' },
      { name: 'event', kind: 'wordless' },
      { name: 'what', kind: 'name' },
    ],
    log.map(({ at, type, text }) => [clock(at), type, text]),
    (i) => alarming.test(log[i].type),
  );
}

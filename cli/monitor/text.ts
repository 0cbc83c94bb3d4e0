// A view in words: the screen of a terminal, and the one line per tick of everything else.
import type { Happening, Silence, Subject, View } from '../../src/diag/monitor/tick.ts';
import { bytesText, countText, percentText, printable, secondsText, table } from '../amounts.ts';

const clock = (at: number): string => new Date(at).toTimeString().slice(0, 8);
const rate = (x: number): string => `${countText(Math.round(x))}/s`;

export const titleText = ({ pid, title, runtime, version }: Subject): string =>
  printable(`${title} (process ${pid}), ${runtime}, Orthant ${version}`);

/** One line: for logs and pipes. */
export function lineText({ tick, point, operations }: View): string {
  const { memory, threads } = tick;
  const [most] = operations;
  return [
    clock(tick.at),
    `arrays ${bytesText(memory.live)} of ${bytesText(memory.limit)}`,
    `process ${bytesText(memory.rss)}`,
    `operations ${rate(point.calls)}, ${percentText(point.busy, 0)} of the time`,
    ...(most === undefined ? [] : [`most np.${printable(most.op)}`]),
    `processors ${threads.processors.toFixed(2)} of ${threads.size}`,
    ...(threads.throttledMilliseconds > 0 ? [`stopped ${Math.round(threads.throttledMilliseconds)} ms`] : []),
  ].join('  ');
}

export const happeningText = ({ at, type, text }: Happening): string =>
  `${clock(at)}  ${printable(type)}: ${printable(text)}`;

export const silenceText = ({ milliseconds, op }: Silence): string =>
  `no figures for ${secondsText(milliseconds / 1000)}: inside ${op === '' ? 'code that calls no operation' : `np.${printable(op)}`}`;

/** Filled to a part of its width. */
function bar(part: number, width: number): string {
  const full = Math.round(Math.max(0, Math.min(1, part)) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
}

/** As many lines as fit the terminal. */
export function screenText(
  subject: Subject,
  view: View,
  log: readonly Happening[],
  columns: number,
  rows: number,
): string {
  const { tick, point, operations, slow } = view;
  const { memory, threads } = tick;
  const part = memory.live / memory.limit;
  const head = [
    titleText(subject),
    '',
    `  arrays      ${bar(part, 20)}  ${bytesText(memory.live)} of ${bytesText(memory.limit)} (${memory.limitSource}), most ${bytesText(memory.peak)}`,
    `  processors  ${bar(threads.processors / threads.size, 20)}  ${threads.processors.toFixed(2)} of ${threads.size} (${threads.source})`,
    `  operations  ${bar(point.busy, 20)}  ${rate(point.calls)}, ${percentText(point.busy, 0)} of the time`,
    `  process     ${bytesText(memory.rss)}, ${memory.reclaims} collections (${secondsText(memory.reclaimMilliseconds / 1000)})`,
  ];
  if (threads.throttledMilliseconds > 0) {
    head.push(
      `  stopped     ${Math.round(threads.throttledMilliseconds)} ms by the cgroup; use ${threads.advised} threads`,
    );
  }
  const lists: [string, string[][]][] = [
    [
      'operations of the last minute',
      operations.map((o) => [printable(o.op), countText(o.calls), secondsText(o.milliseconds / 1000)]),
    ],
    [
      'slowest calls',
      slow.map((s) => [printable(s.op), secondsText(s.milliseconds / 1000), printable(`${s.array}  ${s.site ?? ''}`)]),
    ],
    ['memory by scope', memory.tags.map((h) => [printable(h.name), bytesText(h.nbytes), countText(h.arrays)])],
    ['memory by line', memory.sites.map((h) => [printable(h.name), bytesText(h.nbytes), countText(h.arrays)])],
    ['events', log.slice(-6).map((h) => [happeningText(h)])],
  ];
  const shown = lists.filter(([, list]) => list.length > 0);
  const each = Math.max(2, Math.floor((rows - head.length - 2 * shown.length - 1) / Math.max(1, shown.length)));
  const lines = [
    ...head,
    ...shown.flatMap(([title, list]) => ['', title, ...table(list.slice(0, each), '  ', 'left').trimEnd().split('\n')]),
  ];
  return lines
    .slice(0, rows - 1)
    .map((line) => line.slice(0, columns))
    .join('\n');
}

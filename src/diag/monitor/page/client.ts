// The page's script: listens to the stream and keeps tiles, curves and tables up to date; says when the watched thread is
// silent or gone. Bundled with uPlot into the page (page.ts).

import { readable } from '../../../memory/refusal.ts';
import type { Happening, Silence, Subject, View, Welcome } from '../tick.ts';
import { Charts } from './charts.ts';
import { panelOf, write } from './elements.ts';
import { showTables } from './tables.ts';

const MOST_HAPPENINGS = 200;

const charts = new Charts();
let subject: Subject | undefined;
let happenings: Happening[] = [];
let view: View | undefined;
let paused = false;

const percent = (x: number): string => (Number.isFinite(x) ? `${(100 * x).toFixed(x < 0.0995 ? 1 : 0)} %` : '–');
const count = (x: number): string => x.toLocaleString('en-US', { maximumFractionDigits: x < 10 ? 1 : 0 });

function tile(id: string, value: string, note: string, alarm = false): void {
  const element = panelOf(id);
  const [main, small] = element.querySelectorAll('dd');
  write(main, value);
  write(small, note);
  element.classList.toggle('alarm', alarm);
}

function state(kind: 'live' | 'busy' | 'lost' | 'paused', text: string): void {
  const element = panelOf('state');
  element.className = `state ${kind}`;
  write(element, text);
}

function tiles({ tick, point }: View): void {
  const { memory, threads } = tick;
  const part = memory.live / memory.limit;
  const bounded = Number.isFinite(memory.limit);
  tile(
    'now-live',
    readable(memory.live),
    bounded ? `${percent(part)} of ${readable(memory.limit)} (${memory.limitSource})` : 'no limit',
    part > 0.9,
  );
  tile('now-rss', readable(memory.rss), `${readable(memory.javascript)} of it JavaScript's`);
  tile('now-calls', `${count(point.calls)}/s`, `event loop ${percent(threads.loop)} busy`);
  tile('now-busy', percent(point.busy), `${percent(point.reclaiming / 1000)} in collections`);
  tile('now-processors', threads.processors.toFixed(2), `${threads.size} threads an operation: ${threads.source}`);
  const { throttledMilliseconds, throttledPeriods, advised } = threads;
  tile(
    'now-throttled',
    `${Math.round(throttledMilliseconds)} ms`,
    advised === undefined ? `${throttledPeriods} periods` : `set ORTHANT_NUM_THREADS=${advised}`,
    throttledMilliseconds > 0,
  );
}

function draw(): void {
  if (paused || document.hidden || view === undefined) return;
  tiles(view);
  charts.draw();
  showTables(view, happenings);
}

function welcome({ subject: given, points, happenings: past, view: last }: Welcome): void {
  subject = given;
  view = last;
  happenings = [...past];
  charts.replace(points);
  write(panelOf('title'), given.title);
  document.title = `${given.title} – Orthant monitor`;
  const since = new Date(given.startedAt).toLocaleString();
  write(panelOf('subject'), `process ${given.pid}, ${given.runtime}, Orthant ${given.version}, since ${since}`);
  draw();
}

function silent({ milliseconds, op, rss }: Silence): void {
  const seconds = (milliseconds / 1000).toFixed(0);
  state('busy', `busy for ${seconds} s`);
  const element = panelOf('silence');
  element.hidden = false;
  const doing = op === '' ? 'code that calls no operation' : `np.${op}`;
  write(element, `The process has been inside ${doing} for ${seconds} s; the process takes ${readable(rss)}.`);
}

const source = new EventSource('/events');
const on = <T>(type: string, listener: (data: T) => void): void =>
  source.addEventListener(type, ({ data }) => listener(JSON.parse(data)));

on<Welcome>('welcome', (data) => {
  state(paused ? 'paused' : 'live', paused ? 'paused' : 'live');
  welcome(data);
});
on<View>('view', (data) => {
  view = data;
  charts.add(data.point);
  happenings = [...happenings, ...data.tick.happenings].slice(-MOST_HAPPENINGS);
  panelOf('silence').hidden = true;
  state(paused ? 'paused' : 'live', paused ? 'paused' : `live, every ${(subject?.interval ?? 1000) / 1000} s`);
  draw();
});
on<Silence>('silence', silent);
source.onerror = () =>
  state(
    'lost',
    source.readyState === EventSource.CLOSED
      ? 'refused: too many are watching, or the token has changed'
      : 'connection lost, trying again',
  );

const pause = panelOf('pause');
pause.addEventListener('click', () => {
  paused = !paused;
  pause.setAttribute('aria-pressed', String(paused));
  write(pause, paused ? 'Go on' : 'Pause');
  state(paused ? 'paused' : 'live', paused ? 'paused' : 'live');
  draw();
});
document.addEventListener('visibilitychange', draw);
for (const details of document.querySelectorAll('details')) details.addEventListener('toggle', draw);

// `orthant monitor [PORT|URL]`: watches a process that allowed it, in the terminal; one line per tick where there is none.
// The page of the same figures is the process's own (src/diag/monitor).
import { leaveOut } from '../../src/diag/monitor/environment.ts';
import type { Happening, Subject } from '../../src/diag/monitor/tick.ts';
import { type Command, type Given, UsageError, wholeNumber } from '../command.ts';
import { demo } from './demo.ts';
import { addressOf, howToEnable, lastView, stream } from './stream.ts';
import { happeningText, lineText, screenText, silenceText, titleText } from './text.ts';

export const monitor: Command = {
  name: 'monitor',
  summary: 'Watch a running process: memory, operations, threads, events.',
  takes: ['[PORT|URL]'],
  options: {
    token: { value: 'TEXT', doc: "the monitor's token (or ORTHANT_MONITOR_TOKEN)" },
    once: { doc: 'print the last figures and stop' },
    ticks: { value: 'N', doc: 'stop after so many ticks' },
    url: { doc: 'print the address of the page for a browser and stop' },
    demo: { doc: 'start a process with work to watch, and print the address of its page' },
    json: { doc: 'print one JSON object per tick' },
  },
  about: `The process must allow it. With its code untouched:

  ORTHANT_MONITOR=9100 node service.js
  ORTHANT_MONITOR=9100 node --import orthant/monitor job.js   (computes from its first line)

or in its code: const monitor = await np.monitor({ port: 9100 }). Then

  orthant monitor 9100

shows it here, and http://127.0.0.1:9100/ in a browser. Without an argument the
port is ORTHANT_MONITOR's. The monitor answers this machine only unless it is
told otherwise and given a token.
`,
  run,
};

async function run(given: Given): Promise<number> {
  leaveOut(); // a monitor of this command is not what ORTHANT_MONITOR is for
  if (given.flag('demo')) return demo();
  if (given.args.length > 1) throw new UsageError(`unexpected argument '${given.args[1]}'`);
  const where = given.args[0] ?? process.env.ORTHANT_MONITOR;
  if (where === undefined) throw new UsageError(`PORT or URL is missing; to have one, ${howToEnable('9100')}`);
  const ticks = given.text('ticks');
  const most = ticks === undefined ? Number.POSITIVE_INFINITY : wholeNumber(ticks, 'ticks', 1);
  const token = given.text('token') ?? process.env.ORTHANT_MONITOR_TOKEN;
  const base = addressOf(where);
  const json = given.flag('json');
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  if (given.flag('once') || given.flag('url')) {
    const { subject, ...view } = await lastView(base, token);
    const { tick, point, operations, slow } = view;
    if (given.flag('url')) print(new URL('/', base).href.replace(/\?.*$/, ''));
    else if (json) print(JSON.stringify({ subject, ...view }));
    else if (tick === undefined || point === undefined || operations === undefined || slow === undefined) {
      print(`${titleText(subject)}: no figures yet`);
    } else print(screenText(subject, { tick, point, operations, slow }, tick.happenings, 200, 60));
    return 0;
  }
  return watch(base, token, most, json, print);
}

async function watch(
  base: URL,
  token: string | undefined,
  most: number,
  json: boolean,
  print: (text: string) => void,
): Promise<number> {
  const live = process.stdout.isTTY === true && !json;
  const control = new AbortController();
  const stop = (): void => control.abort();
  process.once('SIGINT', stop);
  let subject: Subject | undefined;
  let log: Happening[] = [];
  let ticks = 0;
  // The alternate screen: what was there is there again afterwards.
  if (live) process.stdout.write('\x1b[?1049h\x1b[?25l');
  const screen = (text: string): void => {
    const lines = text.split('\n').map((line) => `${line}\x1b[K`);
    process.stdout.write(`\x1b[H${lines.join('\n')}\x1b[J`);
  };
  try {
    for await (const said of stream(base, token, control.signal)) {
      if (said.event === 'welcome') {
        ({ subject } = said.data);
        log = [...said.data.happenings];
        if (json) print(JSON.stringify({ subject }));
        else if (!live) print(titleText(subject));
      } else if (said.event === 'silence') {
        if (json) print(JSON.stringify({ silence: said.data }));
        else if (live) process.stdout.write(`\x1b[H${silenceText(said.data)}\x1b[K`);
        else print(silenceText(said.data));
      } else {
        const view = said.data;
        log = [...log, ...view.tick.happenings].slice(-50);
        if (json) print(JSON.stringify(view));
        else if (live && subject !== undefined) {
          screen(screenText(subject, view, log, process.stdout.columns, process.stdout.rows));
        } else {
          for (const happening of view.tick.happenings) print(happeningText(happening));
          print(lineText(view));
        }
        if (++ticks >= most) break;
      }
    }
  } finally {
    if (live) process.stdout.write('\x1b[?25h\x1b[?1049l');
    process.off('SIGINT', stop);
    control.abort();
  }
  if (ticks < most && !control.signal.aborted) console.error('the process has ended');
  return 0;
}

// How far a command is: a bar that redraws itself on a terminal, a plain line per step elsewhere, nothing when silent.
// It goes to standard error, so that what is printed as the result can be piped.
import { printable } from './amounts.ts';

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  /** Work number `done` (from 0, fractions allowed) of the total begins or goes on; `detail` is for the bar alone. */
  at(done: number, label: string, detail?: string): void;
  /** Text in lines of its own, above the bar. */
  say(text: string): void;
  /** Removes the bar. */
  end(): void;
}

const BAR = 24;
const REDRAW_MS = 80;

function bar(total: number, stream: ProgressStream, now: () => number): Progress {
  let [shown, last] = ['', Number.NEGATIVE_INFINITY];
  let label = '';
  const clear = (): void => {
    if (shown !== '') stream.write('\r\x1b[K');
    shown = '';
  };
  return {
    at(done, step, detail) {
      const text = detail === undefined ? step : `${step}, ${detail}`;
      if (text === label && now() - last < REDRAW_MS) return;
      [label, last] = [text, now()];
      const share = total <= 0 ? 1 : Math.min(1, Math.max(0, done / total));
      const full = Math.round(share * BAR);
      const drawn = `${'━'.repeat(full)}${'┄'.repeat(BAR - full)} ${String(Math.floor(100 * share)).padStart(3)} % ${printable(text)}`;
      shown = drawn.slice(0, (stream.columns ?? 80) - 1); // a line that wraps could not be taken back
      stream.write(`\r\x1b[K${shown}`);
    },
    say(text) {
      const line = shown;
      clear();
      stream.write(text);
      if (line !== '') stream.write(line);
      shown = line;
    },
    end: clear,
  };
}

function lines(stream: ProgressStream): Progress {
  let label = '';
  return {
    at(_, text) {
      if (text !== label) stream.write(`${printable(text)}\n`);
      label = text;
    },
    say: (text) => stream.write(text),
    end() {},
  };
}

/** Progress through `total` pieces of work; `silent` (for --json) keeps the bar of a terminal and drops plain lines. */
export function progressOf(
  total: number,
  { silent = false, stream = process.stderr as ProgressStream, now = () => performance.now() } = {},
): Progress {
  if (stream.isTTY === true && process.env.TERM !== 'dumb') return bar(total, stream, now);
  return silent ? { at() {}, say() {}, end() {} } : lines(stream);
}

// A process that measures, as the command sees it: started by forking this program, asked one thing at a time. When it
// ends or does not answer, that is an error of what was asked.
import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { FormatError } from '../../src/base/errors.ts';
import type { Asked, Gives, Name, Place, Reply, Request } from './protocol.ts';

/** Seconds after which a request is taken to have no end. */
const PATIENCE_SECONDS = 300;

/** Milliseconds that a process has for taking its files away when this one is told to stop. */
const FAREWELL_MS = 500;

/** What was asked could not be done there: the case's mistake, or the end of the process. */
export class SideError extends Error {
  readonly fix: string | undefined;

  constructor(what: string, fix?: string) {
    super(what);
    this.fix = fix;
  }
}

export class Side {
  readonly #child: ChildProcess;
  #waiting: ((reply: Reply) => void) | undefined;
  #ended: string | undefined;

  constructor() {
    // What cases print goes to standard error: standard output belongs to the results.
    this.#child = fork(process.argv[1], ['bench', '--serve'], { stdio: ['ignore', 2, 2, 'ipc'] });
    this.#child.on('message', (reply: Reply) => this.#answer(reply));
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('exit', (code, signal) => this.#end(signal === null ? `exit code ${code}` : `signal ${signal}`));
  }

  /** @throws SideError with what went wrong there. */
  async ask<N extends Name>(name: N, asked: Asked<N>): Promise<Gives<N>> {
    if (this.#ended !== undefined) throw new SideError(this.#ended);
    const reply = await new Promise<Reply>((resolve) => {
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), 1000 * PATIENCE_SECONDS);
      this.#waiting = (reply) => {
        clearTimeout(timer);
        resolve(reply);
      };
      this.#child.send({ ask: name, with: asked } satisfies Request, (error) => {
        if (error !== null) this.#end(error.message);
      });
    });
    if ('failed' in reply) throw new SideError(reply.failed, reply.fix);
    return reply.gave as Gives<N>; // serve.ts answers by the same table
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  /** Ends it now, and for certain: in the middle of long work it hears nothing but SIGKILL. */
  async kill(): Promise<void> {
    this.#child.kill('SIGTERM');
    for (let waited = 0; this.alive && waited < FAREWELL_MS; waited += 10) await sleep(10);
    this.#child.kill('SIGKILL');
  }

  #answer(reply: Reply): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(reply);
  }

  #end(why: string): void {
    this.#ended ??= `the process ended (${why})`;
    if (stopping) return; // nobody wants to hear any more
    this.#answer({ failed: this.#ended });
  }
}

const started = new Set<Side>();
let stopping = false;

/** Told to stop, this program takes its processes along. */
function stopAll(): void {
  stopping = true;
  Promise.all([...started].map((side) => side.kill())).finally(() => process.exit(130));
}

/** A process that holds a build and its cases. @throws FormatError where one of them cannot be loaded. */
export async function startSide(place: Place): Promise<{ side: Side; cases: Gives<'open'> }> {
  if (started.size === 0) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stopAll);
  const side = new Side();
  started.add(side);
  try {
    return { side, cases: await side.ask('open', place) };
  } catch (error) {
    side.stop();
    if (!(error instanceof SideError)) throw error;
    const mend = 'mend the module of cases, or the build';
    throw new FormatError(error.message, error.fix ?? mend, { build: place.build, cases: place.cases });
  }
}

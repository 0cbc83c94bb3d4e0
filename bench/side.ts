// One competitor of the benchmark: a process that is kept alive for the whole run and times statements on request.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Statement {
  readonly setup: Readonly<Record<string, string>>;
  readonly run: string;
}

interface Reply {
  readonly ns?: number;
  readonly error?: string;
  readonly [fact: string]: unknown;
}

export class Side {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #reps = 1;

  constructor(name: string, command: readonly string[]) {
    this.name = name;
    const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  async ask(request: object): Promise<Reply> {
    this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    return done ? { error: 'the process ended' } : JSON.parse(value);
  }

  /** Makes a case ready and finds how often it must run to take `target` milliseconds; why not, if it cannot. */
  async prepare(statement: Statement, target: number): Promise<string | undefined> {
    const first = await this.ask(statement);
    if (first.ns === undefined) return first.error ?? 'no answer';
    // The first run compiled and short runs measure the clock: repeat until a run takes a fair part of the target.
    this.#reps = 1;
    let ns = await this.measure();
    while (this.#reps * ns < target * 0.4e6) {
      this.#reps = Math.min(Math.ceil((target * 1e6) / Math.max(ns, 1)), this.#reps * 8);
      ns = await this.measure();
    }
    this.#reps = Math.max(1, Math.round((target * 1e6) / ns));
    for (let i = 0; i < 2; i++) ns = Math.min(ns, await this.measure()); // optimizers and allocators settle
    this.#reps = Math.max(1, Math.round((target * 1e6) / ns));
    return undefined;
  }

  /** Nanoseconds of one run of the case at hand. */
  async measure(): Promise<number> {
    const { ns, error } = await this.ask({ reps: this.#reps });
    if (ns === undefined) throw new Error(`${this.name}: ${error}`);
    return ns;
  }

  stop(): void {
    this.#process.stdin?.end();
  }
}

export { median } from '../cli/bench/statistics.ts';

export const geometricMean = (xs: readonly number[]): number =>
  Math.exp(xs.reduce((sum, x) => sum + Math.log(x), 0) / xs.length);

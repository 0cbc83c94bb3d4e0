// The NumPy process: started once, asked in batches over its standard input and output.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { asDType } from '../../src/dtype/dtype.ts';
import { blank, type Elements } from '../sweep/_values.ts';

/** An array as it travels. */
export interface Operand {
  readonly e: Elements;
  readonly shape: readonly number[];
}

/** What an evaluation gave. */
export type Outcome =
  | { readonly kind: 'array'; readonly e: Elements; readonly shape: readonly number[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Outcome[] }
  | { readonly kind: 'error'; readonly message: string };

type Wire = { d: string; s: number[]; b: string } | { t: string } | { l: Wire[] } | { e: string };

function received(w: Wire): Outcome {
  if ('e' in w) return { kind: 'error', message: w.e };
  if ('t' in w) return { kind: 'text', text: w.t };
  if ('l' in w) return { kind: 'list', items: w.l.map(received) };
  const d = asDType(w.d);
  const bytes = Buffer.from(w.b, 'base64');
  const e = blank(d, bytes.length / d.itemsize);
  new Uint8Array(e.raw.buffer).set(bytes);
  return { kind: 'array', e, shape: w.s };
}

const sent = ({ e, shape }: Operand): [string, readonly number[], string] => [
  e.d.name,
  shape,
  Buffer.from(e.raw.buffer, e.raw.byteOffset, e.raw.byteLength).toString('base64'),
];

export class NumpyOracle {
  readonly version: string;
  readonly names: ReadonlySet<string>;
  readonly ufuncs: ReadonlySet<string>;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(
    process: ChildProcessWithoutNullStreams,
    lines: AsyncIterator<string>,
    hello: { version: string; names: string[]; ufuncs: string[] },
  ) {
    this.#process = process;
    this.#lines = lines;
    this.version = hello.version;
    this.names = new Set(hello.names);
    this.ufuncs = new Set(hello.ufuncs);
  }

  static async start(python: string): Promise<NumpyOracle> {
    const process = spawn(python, ['test/differential/worker.py'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }) as never as ChildProcessWithoutNullStreams; // its error stream goes to ours and is not used
    const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
    return new NumpyOracle(process, lines, JSON.parse(await next(lines)));
  }

  async evaluate(cases: readonly { py: string; x: readonly Operand[] }[]): Promise<Outcome[]> {
    this.#process.stdin.write(`${JSON.stringify({ cases: cases.map(({ py, x }) => ({ py, x: x.map(sent) })) })}\n`);
    const { results }: { results: Wire[] } = JSON.parse(await next(this.#lines));
    return results.map(received);
  }

  stop(): void {
    this.#process.stdin.end();
  }
}

async function next(lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next();
  if (done) throw new Error('the NumPy process ended');
  return value;
}

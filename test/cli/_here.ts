// Runs a command in this very process: what it writes is collected. For the many cases; that the whole command line
// works is shown by those that start one (_cli.ts).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Command } from '../../cli/command.ts';
import { runCommand } from '../../cli/run_command.ts';
import type { Outcome } from './_cli.ts';

/** A folder for the tests of this file, removed after them. */
export function useFolder(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'orthant-here-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

export async function runHere(command: Command, ...args: readonly string[]): Promise<Outcome> {
  const written = { output: '', errors: '' };
  const streams = [
    ['output', process.stdout],
    ['errors', process.stderr],
  ] as const;
  const before = streams.map(([, stream]) => stream.write);
  for (const [name, stream] of streams) {
    stream.write = (text: string | Uint8Array) => {
      written[name] += text;
      return true;
    };
  }
  try {
    const status = await runCommand(command, args);
    return { status, ...written };
  } finally {
    for (const [i, [, stream]] of streams.entries()) stream.write = before[i];
  }
}

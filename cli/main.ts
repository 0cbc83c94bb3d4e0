#!/usr/bin/env node
// The command `orthant`: finds the command, hands it what was given, prints, and says by its exit code how it went.
// Commands are rows; what they do is in their own files, loaded when asked for.
import { OrthantError } from '../src/base/errors.ts';
import { check } from './check/command.ts';
import { type Command, helpOf, overview, parseArguments, UsageError } from './command.ts';
import { doctor } from './doctor/command.ts';
import { inspect } from './inspect/command.ts';
import { packageVersion } from './package_files.ts';
import { tour } from './tour/command.ts';

const commands: readonly Command[] = [tour, inspect, check, doctor];

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    (name === undefined ? process.stderr : process.stdout).write(overview(commands));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const wanted = name === 'help' ? rest[0] : name;
  const command = commands.find((c) => c.name === wanted);
  if (command === undefined) return refuse(`unknown ${wanted.startsWith('-') ? 'option' : 'command'} '${wanted}'`);
  if (name === 'help') {
    process.stdout.write(helpOf(command));
    return 0;
  }
  try {
    const given = parseArguments(command, rest);
    if (!given.help) return await command.run(given);
    process.stdout.write(helpOf(command));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) return refuse(`${command.name}: ${error.message}`, command.name);
    console.error(`orthant ${command.name}: ${explain(error)}`);
    return 1;
  }
}

function refuse(why: string, command = ''): number {
  console.error(`orthant ${why} (see orthant ${command === '' ? '' : `${command} `}--help)`);
  return 2;
}

/** One line for what a user can mend; the whole trace for what only we can. */
function explain(error: unknown): string {
  if (error instanceof OrthantError) return `${error.what}; to fix it: ${error.fix}`.replaceAll(/\s*\n\s*/g, ' ');
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException; // a system error has both; anything else has neither
  const meaning = code === undefined ? undefined : systemErrors[code];
  if (meaning !== undefined) return path === undefined ? meaning : `${path}: ${meaning}`;
  return `${error.stack ?? error.message}\nThis is a mistake in Orthant: please report it.`;
}

const systemErrors: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'may not be read or written by this user',
  EPERM: 'may not be read or written by this user',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
};

// A reader that went away (`orthant inspect a.npy | head -1`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2));

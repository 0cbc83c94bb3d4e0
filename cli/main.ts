#!/usr/bin/env node
// The command `orthant`: finds the command, hands it what was given, prints, and says by its exit code how it went.
// Commands are rows; what they do is in their own files, loaded when asked for.
import { bench } from './bench/command.ts';
import { check } from './check/command.ts';
import { type Command, helpOf, overview } from './command.ts';
import { convert } from './convert/command.ts';
import { doctor } from './doctor/command.ts';
import { inspect } from './inspect/command.ts';
import { monitor } from './monitor/command.ts';
import { packageVersion } from './package_files.ts';
import { refuse, runCommand } from './run_command.ts';
import { tour } from './tour/command.ts';

const commands: readonly Command[] = [tour, inspect, check, doctor, bench, monitor, convert];

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
  return runCommand(command, rest);
}

// A reader that went away (`orthant inspect a.npy | head -1`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2));

// Runs one command with what was given: help, wrong usage, errors as one line, and the exit code.
import { type Command, helpOf, parseArguments, UsageError } from './command.ts';
import { explain } from './explain.ts';

/** The exit code: the command's own, 2 for wrong usage, 1 for an error. */
export async function runCommand(command: Command, args: readonly string[]): Promise<number> {
  try {
    const given = parseArguments(command, args);
    if (!given.help) return await command.run(given);
    process.stdout.write(helpOf(command));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) return refuse(`${command.name}: ${error.message}`, command.name);
    process.stderr.write(`orthant ${command.name}: ${explain(error)}\n`);
    return 1;
  }
}

/** Says what is wrong with the command line and where help is. */
export function refuse(why: string, command = ''): number {
  process.stderr.write(`orthant ${why} (see orthant ${command === '' ? '' : `${command} `}--help)\n`);
  return 2;
}

// What a command is, and what follows from its rows: parsing (by node:util), checks of its arguments, help.
import { type ParseArgsConfig, parseArgs } from 'node:util';

export interface OptionRow {
  /** Name of the value, as help shows it; without it the option is a flag. */
  readonly value?: string;
  readonly short?: string;
  /** Empty: the command's own business, and help is silent about it. */
  readonly doc: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Names of the arguments, all required; one in brackets takes any number, and the command looks at them. */
  readonly takes: readonly string[];
  readonly options: Readonly<Record<string, OptionRow>>;
  /** More for `--help`, wrapped by hand. */
  readonly about: string;
  /** What an exit code means here, where it is not what it means everywhere. */
  readonly exits?: Readonly<Record<number, string>>;
  /** Gives the exit code. */
  run(given: Given): Promise<number>;
}

/** What was given: texts of options with a value, true for flags, and the arguments in order. */
export interface Given {
  readonly help: boolean;
  readonly args: readonly string[];
  text(option: string): string | undefined;
  flag(option: string): boolean;
}

/** The command line is wrong: exit code 2, and a pointer to help. */
export class UsageError extends Error {}

const helpRow: OptionRow = { short: 'h', doc: 'show this and stop' };
const rowsOf = (command: Command): [string, OptionRow][] => [...Object.entries(command.options), ['help', helpRow]];

/** @throws UsageError for unknown options, missing values, and too few or too many arguments. */
export function parseArguments(command: Command, args: readonly string[]): Given {
  const options = Object.fromEntries(
    rowsOf(command).map(([name, { value, short }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short !== undefined && { short }) },
    ]),
  );
  const { values, positionals } = parsed(options, args);
  const help = values.help === true;
  const takes = command.takes.filter((name) => !name.startsWith('['));
  const open = takes.length < command.takes.length;
  if (!help && positionals.length < takes.length) throw new UsageError(`${takes[positionals.length]} is missing`);
  if (!help && !open && positionals.length > takes.length) {
    throw new UsageError(`unexpected argument '${positionals[takes.length]}'`);
  }
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { help, args: positionals, text, flag: (name) => values[name] === true };
}

type Values = Readonly<Record<string, unknown>>;

function parsed(
  options: NonNullable<ParseArgsConfig['options']>,
  args: readonly string[],
): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ options, args: [...args], allowPositionals: true, strict: true });
  } catch (error) {
    // Node's messages are sentences with advice; the first sentence says what is wrong.
    const [first] = error instanceof Error ? error.message.split(/\. |\n/) : [String(error)];
    throw new UsageError(first.charAt(0).toLowerCase() + first.slice(1));
  }
}

/** A whole number given as an option. @throws UsageError for anything else, or less than `least`. */
export function wholeNumber(text: string, option: string, least: number): number {
  const n = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(n) && n >= least) return n;
  throw new UsageError(`--${option} takes a whole number of at least ${least}, not '${text}'`);
}

const exits = { 0: 'done', 1: 'not done (what went wrong is on standard error)', 2: 'wrong usage' };

/** On one line; where a command has meanings of its own, each code on its own line. */
function exitCodes(own: Command['exits'] = {}): string {
  const codes = Object.entries({ ...exits, ...own });
  if (Object.keys(own).length > 0) return `Exit codes:\n${columns(codes)}`;
  return `Exit codes: ${codes.map(([code, meaning]) => `${code} ${meaning}`).join(', ')}.\n`;
}

/** Two columns, the first as wide as its longest entry. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}

export function helpOf(command: Command): string {
  const usage = ['orthant', command.name, ...command.takes, '[options]'].join(' ');
  const shown = rowsOf(command).filter(([, { doc }]) => doc !== '');
  const options = shown.map(([name, { value, short, doc }]): [string, string] => [
    `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    doc,
  ]);
  return `${usage}\n\n${command.summary}\n\n${columns(options)}\n${command.about}\n${exitCodes(command.exits)}`;
}

export function overview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, takes, summary }): [string, string] => [[name, ...takes].join(' '), summary]);
  return [
    'orthant COMMAND [options]\n\nN-dimensional arrays for TypeScript.\n\n',
    columns(rows),
    '\n',
    columns([
      ['-h, --help', 'show this; `orthant COMMAND --help` shows more'],
      ['-v, --version', 'show the version'],
    ]),
    `\n${exitCodes()}`,
  ].join('');
}

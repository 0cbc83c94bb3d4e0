// The command line itself: help, version, and what wrong usage gets.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bytesText, countText, printable, ratioText, secondsText, table } from '../../cli/amounts.ts';
import { type Command, parseArguments, UsageError, wholeNumber } from '../../cli/command.ts';
import { useCli } from './_cli.ts';

const { run, at } = useCli();

describe('orthant', () => {
  test('--version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await run('--version')).toEqual({ status: 0, output: `${version}\n`, errors: '' });
  });

  test.each([
    [['--help'], ['orthant COMMAND', 'tour', 'inspect FILE', 'Exit codes: 0']],
    [['help'], ['orthant COMMAND']],
    [
      ['help', 'inspect'],
      ['orthant inspect FILE', '--json'],
    ],
    [
      ['tour', '--help'],
      ['orthant tour [options]', '--rows N', '--out DIR', 'Exit codes: 0'],
    ],
    [
      ['inspect', '-h'],
      ['orthant inspect FILE', '--json', '-h, --help'],
    ],
  ])('%j explains', async (args, texts) => {
    const { status, output, errors } = await run(...args);
    expect([status, errors]).toEqual([0, '']);
    for (const text of texts) expect(output).toContain(text);
  });

  test.each([
    [[], 'orthant COMMAND'],
    [['tuor'], "orthant unknown command 'tuor' (see orthant --help)"],
    [['--frobnicate'], "orthant unknown option '--frobnicate' (see orthant --help)"],
    [['help', 'tuor'], "orthant unknown command 'tuor' (see orthant --help)"],
    [['inspect'], 'orthant inspect: FILE is missing (see orthant inspect --help)'],
    [['doctor', 'b'], "orthant doctor: unexpected argument 'b' (see orthant doctor --help)"],
    [['inspect', '--yaml', 'a'], "orthant inspect: unknown option '--yaml'"],
    [['tour', '--rows'], 'orthant tour: option'],
    [['tour', '--rows', 'many'], "--rows takes a whole number of at least 100, not 'many'"],
    [['tour', '--rows', '99'], "--rows takes a whole number of at least 100, not '99'"],
    [['tour', '--json=yes'], 'orthant tour: option'],
  ])('%j is wrong usage', async (args, text) => {
    const { status, output, errors } = await run(...args);
    expect([status, output]).toEqual([2, '']);
    expect(errors).toContain(text);
    if (args.length > 0) expect(errors.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a command that cannot do its work exits with 1 and one line', async () => {
    const { status, output, errors } = await run('tour', '--data', at('nowhere'), '--out', at('out'));
    expect([status, output]).toEqual([1, '']);
    expect(errors).toMatch(/^orthant tour: .*nowhere holds no train-images-idx3-ubyte; to fix it: .*\n$/);
  });
});

describe('parts', () => {
  const command: Command = {
    name: 'c',
    summary: '',
    takes: ['A'],
    options: { size: { value: 'N', short: 's', doc: '' }, plain: { doc: '' } },
    about: '',
    run: async () => 0,
  };

  test('arguments are parsed by the rows', () => {
    const given = parseArguments(command, ['-s', '3', 'x', '--plain']);
    expect([given.args, given.text('size'), given.flag('plain'), given.help]).toEqual([['x'], '3', true, false]);
    const bare = parseArguments(command, ['x']);
    expect([bare.text('size'), bare.flag('plain')]).toEqual([undefined, false]);
    expect(() => parseArguments(command, ['x', '--plain=1'])).toThrow(UsageError);
  });

  test('whole numbers', () => {
    expect(wholeNumber('100', 'rows', 100)).toBe(100);
    for (const text of ['', '1.5', '-3', '1e3', '99999999999999999999', '0x10']) {
      expect(() => wholeNumber(text, 'rows', 1), text).toThrow(UsageError);
    }
  });

  test.each([
    [bytesText(0), '0 bytes'],
    [bytesText(999), '999 bytes'],
    [bytesText(1570), '1.57 KB'],
    [bytesText(999_900), '999.9 KB'],
    [bytesText(328_000_000), '328 MB'],
    [countText(60000), '60,000'],
    [secondsText(12.34), '12.3 s'],
    [secondsText(0.45), '0.45 s'],
    [secondsText(0.0421), '42 ms'],
    [secondsText(0.0021), '2.1 ms'],
    [ratioText(0.871), '0.87'],
    [ratioText(14.52), '14.5'],
    [printable('a\u001b[31m\u202eb'), 'a [31m b'],
    [
      table(
        [
          ['a', 'bb'],
          ['ccc', 'd'],
        ],
        '',
      ),
      'a    bb\nccc   d\n',
    ],
  ])('%s', (made, text) => {
    expect(made).toBe(text);
  });
});

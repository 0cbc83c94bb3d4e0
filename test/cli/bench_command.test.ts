// `orthant bench` as users run it, on tiny cases of their own: results, files, wrong usage, cases that go wrong. No test
// looks at how long anything takes.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { bench } from '../../cli/bench/command.ts';
import type { Run } from '../../cli/bench/saved.ts';
import { parseArguments, UsageError } from '../../cli/command.ts';
import { bundledText } from '../../tools/bundled_text.mjs';
import { useCli } from './_cli.ts';

const { run, at } = useCli();
const tiny = ['--processes', '1', '--runs', '2', '--time', '0.01'];

/** A module of cases; the text of the list. */
function cases(name: string, list: string): string {
  const path = at(`${name}.mjs`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `export default ${list};\n`);
  return path;
}

const good = `[
  { name: 'sum', about: 'of ones', size: 100, make(np, size) {
    const x = np.ones(size);
    return { run: () => np.sum(x), check: () => np.sum(x) === size, bytes: x.nbytes };
  } },
  { name: 'later', make: async () => { console.log('noise'); return { run: async () => 1 }; } },
]`;

const runFile = (name: string, ns: number, more: Partial<Run> = {}): string => {
  const disturbance = { seconds: 1, throttled: 0, stolen: 0, others: 0, processors: 2, load: 0 };
  const machine = { orthant: '0.1.0', threads: '2' };
  const one = { name: 'a', about: 'b', size: 1, samples: [[ns, ns], [ns], [ns], [ns], [ns]] };
  const head = { format: 'orthant-bench', version: 1, made: '2026', probe: { arithmetic: 1, memory: 1 } } as const;
  writeFileSync(at(name), JSON.stringify({ ...head, machine, disturbance, cases: [one], ...more }));
  return at(name);
};

describe('measuring', () => {
  test('text, with a saved run that --compare takes, and a report', async () => {
    const own = ['--cases', cases('good', good), ...tiny];
    const first = await run('bench', ...own, '--save', at('base.json'));
    expect(first.status).toBe(0);
    expect(first.output).toMatch(
      /^Orthant \d.*, node \d.*\n\n {2}case +median +± +times +GB\/s +memory\n {2}sum +\S+ [nµm]?s /,
    );
    expect(first.output).toContain(`saved: ${at('base.json')}\n`);
    expect(first.errors).toBe('measuring\nnoise\n');
    const saved = JSON.parse(readFileSync(at('base.json'), 'utf8'));
    expect(
      saved.cases.map(({ name, size, samples }: Run['cases'][0]) => [name, size, samples.length, samples[0].length]),
    ).toEqual([
      ['sum', 100, 1, 2],
      ['later', 1, 1, 2],
    ]);

    const second = await run(
      'bench',
      ...own,
      '--compare',
      at('base.json'),
      '--force',
      '--json',
      '--html',
      at('r.html'),
    );
    const told = JSON.parse(second.output);
    expect(told.comparison.cases.map(({ name }: { name: string }) => name)).toEqual(['sum', 'later']);
    expect(told.comparison.basis).toBe('stored');
    expect([0, 1, 3]).toContain(second.status); // as the machine has it
    expect(second.errors).not.toContain('measuring');
    expect(readFileSync(at('r.html'), 'utf8')).toContain('base.json</h2>');
  });

  test('--list, --filter and --scale', async () => {
    const path = cases('listed', good);
    const { status, output } = await run(
      'bench',
      '--cases',
      path,
      '--list',
      '--filter',
      'SUM, nothing',
      '--scale',
      '0.1',
    );
    expect([status, output]).toEqual([0, 'sum  10  of ones\n']);
    const json = JSON.parse((await run('bench', '--list', '--json')).output);
    expect(json.cases.length).toBeGreaterThanOrEqual(20);
  });

  test('another build, in turn with this one', async () => {
    const other = at('other/dist/index.mjs');
    await build({
      entryPoints: ['src/index.ts'],
      outfile: other,
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['koffi', '@opentelemetry/api'],
      plugins: [bundledText],
    });
    const manifest = { name: 'orthant', exports: { '.': { default: './dist/index.mjs' } } };
    writeFileSync(at('other/package.json'), JSON.stringify(manifest));
    const options = [
      '--cases',
      cases('turns', good),
      '--against',
      at('other'),
      '--tolerance',
      '400',
      '--json',
      ...tiny,
    ];
    const { status, output } = await run('bench', ...options);
    const { comparison, warnings } = JSON.parse(output);
    expect(comparison).toMatchObject({ basis: 'interleaved', left: [], tolerance: 4 });
    expect(comparison.cases).toHaveLength(2);
    expect(comparison.doubts).toEqual(['times of 1 processes are too few for an interval: take 5']);
    expect(warnings.join()).not.toContain('made elsewhere');
    expect([status, comparison.refused]).toEqual([3, true]);
  });

  test('what goes wrong in a case is told by name, and the others are measured', async () => {
    const path = cases(
      'bad',
      `[
      { name: 'wrong', make: () => ({ run: () => 1, check: () => 'one is not two' }) },
      { name: 'false', make: () => ({ run: () => 1, check: () => false }) },
      { name: 'throws', make: () => ({ run() { throw new Error('no luck\\u001b[31m'); } }) },
      { name: 'empty', make: () => ({}) },
      { name: 'leaves', make: () => process.exit(7) },
      { name: 'rejects', make: () => ({ run: () => Promise.reject(new Error('later')) }) },
      { name: 'fine', make: () => ({ run: () => 1 }) },
    ]`,
    );
    const { status, output } = await run(
      'bench',
      '--cases',
      path,
      ...tiny,
      '--processes',
      '2',
      '--save',
      at('partial.json'),
    );
    expect(status).toBe(1);
    expect(output).toContain('failed: wrong: its result is wrong: one is not two\n');
    expect(output).toContain('failed: false: its result is wrong\n');
    expect(output).toContain('failed: throws: no luck [31m\n');
    expect(output).toContain('failed: empty: make gave no function run\n');
    expect(output).toContain('failed: leaves: the process ended (exit code 7)\n');
    expect(output).toContain('failed: rejects: later\n');
    expect(
      JSON.parse(readFileSync(at('partial.json'), 'utf8')).cases.map(({ name }: { name: string }) => name),
    ).toEqual(['fine']);
  });

  test('files of a case are taken away, also when it fails', async () => {
    const mark = at('mark');
    const path = cases(
      'ends',
      `['ok', 'bad'].map((name) => ({ name, make: () => ({
        run: () => 1, check: () => name === 'ok', end: () => fs.appendFileSync(${JSON.stringify(mark)}, name) }) }))`,
    );
    writeFileSync(path, `import fs from 'node:fs';\n${readFileSync(path, 'utf8')}`);
    await run('bench', '--cases', path, ...tiny);
    expect(readFileSync(mark, 'utf8')).toBe('okbad');
  });
});

describe('saved runs', () => {
  test.each([
    ['equal', 100, {}, 0, '1 same'],
    ['slower', 150, {}, 1, '1 slower'],
    ['elsewhere', 150, { machine: { orthant: '0.1.0', threads: '8' } }, 3, 'made elsewhere: threads: 2, now 8'],
  ] as const)('%s', async (name, ns, more, code, text) => {
    const [before, now] = [runFile('before.json', 100), runFile(`${name}.json`, ns, more)];
    const { status, output, errors } = await run('bench', '--compare', before, now);
    expect([status, errors]).toEqual([code, '']);
    expect(output).toContain(text);
    expect(output).not.toContain('\u001b');
  });

  test('one alone is shown', async () => {
    const { status, output } = await run('bench', runFile('alone.json', 100));
    expect([status, output]).toEqual([0, expect.stringContaining('  a     100 ns  0.0 %      6\n')]);
  });
});

const asked = (...args: readonly string[]): Promise<number> => bench.run(parseArguments(bench, args));

describe('wrong usage', () => {
  test('exits with 2 and a line', async () => {
    const { status, output, errors } = await run('bench', '--cases', cases('usage', good), '--filter', 'no such case');
    expect([status, output]).toEqual([2, '']);
    expect(errors).toBe(
      "orthant bench: no case has 'no such case' in its name: see --list (see orthant bench --help)\n",
    );
  });

  test.each([
    [['--compare', 'a', '--against', 'b'], '--compare and --against cannot go together'],
    [['--force'], '--force belongs to --compare or --against'],
    [['--tolerance', '3'], '--tolerance belongs to --compare or --against'],
    [['--runs', '0'], "--runs takes a whole number of at least 1, not '0'"],
    [['--runs', '1000000'], '--runs takes at most 10000'],
    [['--time', 'soon'], "--time takes a number above 0, not 'soon'"],
    [['--scale=-1'], "--scale takes a number above 0, not '-1'"],
    [['--scale', '0'], "--scale takes a number above 0, not '0'"],
    [['a.json', 'b.json'], "unexpected argument 'b.json'"],
    [['a.json', '--save', 'b.json'], '--save is of no use with a saved run: nothing is measured'],
    [['a.json', '--list'], '--list is of no use with a saved run: nothing is measured'],
  ])('%j', async (args, text) => {
    await expect(asked(...args)).rejects.toThrow(UsageError);
    await expect(asked(...args)).rejects.toThrow(text);
  });

  test.each([
    ['--compare', 'missing.json', /no such file/],
    ['--compare', '/dev/zero', /it is no regular file/],
    ['--save', 'missing/base.json', /no such file/],
    ['--html', '', /is a directory/],
    ['--against', 'missing', /holds no build of Orthant/],
    ['--against', '', /holds no build of Orthant/],
  ])('%s %s is refused before anything is measured', async (option, name, text) => {
    await expect(asked(option, name.startsWith('/') ? name : at(name))).rejects.toThrow(text);
  });

  test('a module that is none leaves nothing behind', async () => {
    const target = join(dirname(at('x')), 'never');
    mkdirSync(target);
    const { status, output, errors } = await run(
      'bench',
      '--cases',
      cases('empty', '[]'),
      '--save',
      join(target, 'run.json'),
    );
    expect([status, output, errors.trimEnd().split('\n').length]).toEqual([1, '', 1]);
    expect(errors).toContain('its default export is no list of cases; to fix it: export default [');
    expect(readdirSync(target)).toEqual([]);
  });
});

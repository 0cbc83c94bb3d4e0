// `npm test`: Vitest with the arguments given, or all tests in two runs, one with a process per file and one in which
// files share processes (tools/test_folders.ts says which); then what this machine left out and how to get it.
// `--engine` leaves out what proves the same on every engine. With CI=true the counts of all runs go to out/tests.json,
// where .ci/run reads them. Run: node tools/run.mjs tools/test.ts [--engine] [arguments of Vitest]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { requirements } from './requirements.ts';
import { testFolders } from './test_folders.ts';

const given = process.argv.slice(2);
const engineOnly = given.includes('--engine');
const others = given.filter((arg) => arg !== '--engine');
const counted = process.env.CI === 'true';

/** Folders of test/ as filters of Vitest. */
function folders(wanted: (name: string) => boolean): string[] {
  return readdirSync('test', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && wanted(entry.name))
    .map(({ name }) => `test/${name}/`);
}

const may = (name: string): boolean => !engineOnly || testFolders[name]?.once === undefined;
const mayShare = (name: string): boolean => testFolders[name] !== undefined && testFolders[name].alone === undefined;
const runs: readonly (readonly string[])[] =
  others.length > 0
    ? [others]
    : [
        ['--no-isolate', ...folders((name) => may(name) && mayShare(name))],
        folders((name) => may(name) && !mayShare(name)),
      ];

const counts = { numPassedTests: 0, numFailedTests: 0 };
for (const [i, args] of runs.entries()) {
  const file = `out/tests.${i}.json`;
  const report = counted ? ['--reporter=default', '--reporter=json', `--outputFile=${file}`] : [];
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...report, ...args];
  const { status } = spawnSync(process.execPath, vitest, { stdio: 'inherit' });
  if (status !== 0) process.exitCode = status ?? 1;
  if (!counted) continue;
  const found: typeof counts = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  counts.numPassedTests += found.numPassedTests;
  counts.numFailedTests += found.numFailedTests;
}
if (counted) {
  mkdirSync('out', { recursive: true });
  writeFileSync('out/tests.json', JSON.stringify(counts));
}

for (const [name, { find, leavesOut, get }] of Object.entries(requirements)) {
  if (find() === undefined) console.log(`left out, ${name} is absent: ${leavesOut} (${get})`);
}

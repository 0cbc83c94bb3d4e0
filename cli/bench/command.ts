// `orthant bench`: realistic work, timed in processes of its own, and held against a saved run or another build. Here the
// command line is read and the parts are put together; taking times is measure.ts, verdicts are compare.ts.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { printable } from '../amounts.ts';
import { paintFor } from '../colour.ts';
import { type Command, type Given, UsageError } from '../command.ts';
import { writeText } from '../files.ts';
import { buildAt } from './build.ts';
import { compareRuns, exitCodeOf, refused } from './compare.ts';
import { amount, effortOf, refuseContradictions, refuseUnwritable } from './options.ts';
import type { CaseInfo, Place } from './protocol.ts';
import type { Findings } from './report.ts';
import { readRun, saveRun } from './saved.ts';
import { type Compare, takeRun } from './session.ts';
import { startSide } from './side.ts';
import { comparisonText, conclusion, listText, machineLine, runText, warnings } from './text.ts';

export const bench: Command = {
  name: 'bench',
  summary: 'Time realistic work, and tell changes of speed from noise.',
  takes: ['[RUN.json]'],
  options: {
    filter: { value: 'TEXTS', doc: 'only cases whose names have one of these texts, with commas between' },
    list: { doc: 'name the cases and stop' },
    cases: { value: 'FILE', doc: 'a module of your own cases instead of the suite' },
    save: { value: 'FILE', doc: 'write the run as JSON, to compare with later' },
    compare: { value: 'FILE', doc: 'hold the run against a saved one' },
    against: { value: 'PATH', doc: 'hold this build against another one, in turn with it: the surest comparison' },
    tolerance: { value: 'PERCENT', doc: 'changes of up to this count as none (5)' },
    force: { doc: 'give verdicts on runs of other machines and noisy times all the same' },
    runs: { value: 'N', doc: 'times to take of each case at most (40)' },
    time: { value: 'S', doc: 'seconds to measure each case and build (1)' },
    processes: { value: 'N', doc: 'processes to spread them over, one after another (5)' },
    scale: { value: 'X', doc: 'sizes of all cases times this (1)' },
    html: { value: 'FILE', doc: 'write a report in pictures too' },
    json: { doc: 'print one JSON object instead of text' },
    serve: { doc: '' },
  },
  about: `orthant bench --save base.json          then change something, and
orthant bench --compare base.json       is anything slower? On this machine, when it is quiet.
orthant bench --against ../other        both builds in turn: noise hits both alike
orthant bench --compare a.json b.json   two saved runs; measures nothing
orthant bench --cases ./my_cases.mjs    what a module exports: docs/guide/benchmarking.md

A case is slower when the 99 % interval of the ratio of medians (bootstrap over
processes and times) lies above 1 and the ratio is past the tolerance; it is the
same when the interval is narrow enough to tell, else unclear. What is not the same
is measured once more before it is told. A saved run of another machine, Node, BLAS or number of threads, or a machine
that was throttled or busy, gives no verdicts without --force. The suite lasts about
a minute, twice that with --against.
`,
  exits: {
    0: 'measured; with a comparison: no case is slower',
    1: 'a case is slower, failed or gave a wrong result, or it could not be done',
    3: 'no conclusion: the machine is too noisy, or the runs are not comparable',
  },
  run: async (given) => (given.flag('serve') ? (await import('./serve.ts')).serve() : run(given)),
};

async function casesAt(place: Place, filter: string | undefined, scale: number): Promise<readonly CaseInfo[]> {
  const { side, cases } = await startSide(place);
  side.stop();
  const texts = filter
    ?.toLowerCase()
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const wanted = cases.filter(
    ({ name }) => texts === undefined || texts.some((text) => name.toLowerCase().includes(text)),
  );
  if (wanted.length === 0) throw new UsageError(`no case has '${filter}' in its name: see --list`);
  return wanted.map((one) => ({ ...one, size: Math.max(1, Math.round(one.size * scale)) }));
}

async function run(given: Given): Promise<number> {
  refuseContradictions(given);
  const effort = effortOf(given);
  const [scale, tolerance] = [amount(given, 'scale', 1), amount(given, 'tolerance', 5) / 100];
  const [saved] = given.args;
  const [save, page, compareWith, other] = ['save', 'html', 'compare', 'against'].map((option) => given.text(option));
  refuseUnwritable(save, page);
  const stored = compareWith === undefined ? undefined : readRun(compareWith);
  const build = other === undefined ? undefined : buildAt(other);
  if (saved !== undefined) {
    const now = readRun(saved);
    const comparison = stored && compareRuns(now, stored, { basis: 'stored', tolerance, forced: given.flag('force') });
    return tell(given, { run: now, comparison, failures: {}, before: compareWith });
  }

  const place: Place = { build: undefined, cases: given.text('cases') };
  const cases = await casesAt(place, given.text('filter'), scale);
  if (given.flag('list')) {
    process.stdout.write(given.flag('json') ? `${JSON.stringify({ cases }, null, 2)}\n` : listText(cases));
    return 0;
  }
  const compare: Compare = (now, theirs) => {
    const basis = theirs === undefined ? 'stored' : 'interleaved';
    const before = theirs ?? stored;
    return before && compareRuns(now, before, { basis, tolerance, forced: given.flag('force') });
  };
  const places = build === undefined ? [place] : [place, { ...place, build }];
  const session = await takeRun(places, cases, effort, compare, given.flag('json'));
  if (save !== undefined && session.run.cases.length > 0) saveRun(save, session.run);
  return tell(given, { ...session, before: compareWith ?? other });
}

/** Prints and writes what was found; gives the exit code. */
async function tell(given: Given, findings: Findings): Promise<number> {
  const { run, comparison, failures } = findings;
  const [save, page] = [given.text('save'), given.text('html')];
  const failed = Object.entries(failures);
  if (page !== undefined) {
    const { benchPage } = await import('./report.ts'); // Plot and its document, only when wanted
    writeText(page, benchPage(findings));
  }
  const told = warnings(run, comparison);
  if (given.flag('json')) {
    const verdicts = comparison && { ...comparison, refused: refused(comparison), conclusion: conclusion(comparison) };
    process.stdout.write(`${JSON.stringify({ ...run, failures, warnings: told, comparison: verdicts }, null, 2)}\n`);
  } else {
    const paint = paintFor(process.stdout);
    const say = (text: string) => process.stdout.write(text);
    say(`${machineLine(run)}\n\n`);
    say(comparison === undefined ? runText(run) : comparisonText(comparison, paint));
    for (const [name, why] of failed) say(`  ${paint('bad', 'failed')}: ${printable(name)}: ${printable(why)}\n`);
    for (const text of told) say(`  ${paint('warning', 'warning')}: ${printable(text)}\n`);
    if (comparison !== undefined) say(`\n${conclusion(comparison)}\n`);
    if (save !== undefined && run.cases.length > 0) say(`\nsaved: ${save}\n`);
    if (page !== undefined) say(`\npictures: ${pathToFileURL(resolve(page)).href}\n`);
  }
  if (failed.length > 0) return 1;
  return comparison === undefined ? 0 : exitCodeOf(comparison);
}

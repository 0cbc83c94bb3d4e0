// `orthant doctor [--pid N]`: what is wrong with this machine, this process, or another one, Node or Python: threads
// against quotas, copies of BLAS, memory against limits. The facts and rules are src/diag/doctor/; here they are asked
// for and printed.
import { type Finding, findingsOf } from '../../src/diag/doctor/findings.ts';
import { ownFindings } from '../../src/diag/doctor/own_findings.ts';
import type { ProcessFacts } from '../../src/diag/doctor/process_facts.ts';
import * as np from '../../src/index.ts';
import { printable, table } from '../amounts.ts';
import { paintFor } from '../colour.ts';
import { type Command, type Given, wholeNumber } from '../command.ts';
import { writeText } from '../files.ts';
import { type Host, thisHost } from './host.ts';
import { lookAt, lookHere } from './look.ts';
import { findingText, machineRows, processRows, runtimeRows } from './text.ts';

const row = {
  name: 'doctor',
  summary: 'Find what is wrong with threads, memory and BLAS, here or in a running process.',
  takes: [],
  options: {
    pid: { value: 'N', doc: 'look at this process instead: Node, Python, anything on Linux' },
    samples: { value: 'N', doc: 'looks at what changes (5 with --pid, else 1)' },
    interval: { value: 'MS', doc: 'milliseconds between them (200)' },
    json: { doc: 'print one JSON object instead of text' },
    html: { value: 'PAGE', doc: 'write one HTML page too' },
  },
  about: `Shows processors, SIMD, quota, memory and its limit, thread variables and the BLAS
and OpenMP copies that are loaded, then what is wrong with them: severity, evidence,
fix. A process is only read about, in /proc: it does not notice.
`,
  exits: { 1: 'a finding is an error, or nothing could be looked at' },
} satisfies Omit<Command, 'run'>;

/** All that was found. */
export interface Diagnosis {
  readonly facts: ProcessFacts;
  /** Of this process only. */
  readonly runtime: np.RuntimeReport | undefined;
  readonly findings: readonly Finding[];
}

/** The command on a host: this one, or a test's. */
export const doctorOn = (host: Host): Command => ({ ...row, run: (given) => run(given, host) });
export const doctor: Command = doctorOn(thisHost);

async function diagnosed(given: Given, host: Host): Promise<Diagnosis> {
  const number = (option: string, usual: number): number => wholeNumber(given.text(option) ?? String(usual), option, 1);
  const asked = given.text('pid');
  const pid = asked === undefined ? undefined : wholeNumber(asked, 'pid', 1);
  const looks = { count: number('samples', pid === undefined ? 1 : 5), interval: number('interval', 200) };
  if (pid !== undefined) {
    const facts = await lookAt(host, pid, looks);
    return { facts, runtime: undefined, findings: findingsOf(facts) };
  }
  np.matmul(np.ones([256, 256]), np.ones([256, 256])); // so that a BLAS is chosen
  const facts = await lookHere(host, looks);
  const runtime = np.runtime();
  return { facts, runtime, findings: [...ownFindings(runtime), ...findingsOf(facts)] };
}

async function run(given: Given, host: Host): Promise<number> {
  const found = await diagnosed(given, host);
  const { facts, runtime, findings } = found;
  if (given.flag('json')) {
    const { memory, blas, engine } = runtime ?? {};
    process.stdout.write(`${JSON.stringify({ facts, engine, blas, memory, findings }, null, 2)}\n`);
  } else process.stdout.write(text(found));
  const page = given.text('html');
  if (page !== undefined) {
    const { doctorPage } = await import('./page.ts'); // with the charts, which are heavy
    writeText(page, doctorPage(found));
  }
  return findings.some((f) => f.severity === 'error') ? 1 : 0;
}

function text({ facts, runtime, findings }: Diagnosis): string {
  const paint = paintFor(process.stdout);
  const parts = [machineRows(facts), processRows(facts), runtime === undefined ? [] : runtimeRows(runtime)];
  const shown = table(
    parts.flat().map(([name, value]) => [paint('quiet', name), value]),
    '  ',
    'left',
  );
  const told = findings.map((finding) => findingText(finding, paint)).join('\n');
  return `${paint('strong', printable(facts.command))} (${facts.pid})\n\n${shown}\n${told === '' ? 'Nothing is wrong.\n' : told}`;
}

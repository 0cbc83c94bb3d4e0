// `orthant doctor [--pid N]`: what is wrong with this machine, this process, or another one, Node or Python: threads
// against quotas, copies of BLAS, memory against limits. The facts and rules are src/diag/doctor/; here they are read
// and printed.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Finding, findingsOf, processorsOf } from '../../src/diag/doctor/findings.ts';
import { ownFindings } from '../../src/diag/doctor/own_findings.ts';
import {
  factsOf,
  type ProcessFacts,
  type Read,
  readAs,
  type Sample,
  sampleOf,
} from '../../src/diag/doctor/process_facts.ts';
import * as np from '../../src/index.ts';
import { bytesText, printable, table } from '../amounts.ts';
import { type Command, type Given, wholeNumber } from '../command.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'Find what is wrong with threads, memory and BLAS, here or in a running process.',
  takes: [],
  options: {
    pid: { value: 'N', doc: 'look at this process instead: Node, Python, anything on Linux' },
    samples: { value: 'N', doc: 'looks at what changes (5 with --pid, else 1)' },
    interval: { value: 'MS', doc: 'milliseconds between them (200)' },
    json: { doc: 'print one JSON object instead of text' },
  },
  about: `Shows processors, quota, memory limit, thread variables and the BLAS and OpenMP
copies that are loaded, then what is wrong with them: severity, evidence, fix.
Exits with 1 when a finding is an error.
`,
  run,
};

// A file that is missing says nothing; one that may not be read is told.
const read: Read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // of the file system: it has one
    if (code === 'EACCES' || code === 'EPERM') throw error;
    return undefined;
  }
};

const gone = (pid: number): np.OrthantError =>
  new np.ArgumentError(`there is no process ${pid}`, 'pass the number of a running process', { pid });

async function samplesOf(of: Read, pid: number, count: number, interval: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let i = 0; i < count; i++) {
    if (i > 0) await sleep(interval);
    const sample = sampleOf(of);
    if (sample === undefined) throw gone(pid);
    samples.push(sample);
  }
  return samples;
}

async function run(given: Given): Promise<number> {
  const asked = given.text('pid');
  const pid = asked === undefined ? process.pid : wholeNumber(asked, 'pid', 1);
  const number = (option: string, usual: number, least: number): number =>
    wholeNumber(given.text(option) ?? String(usual), option, least);
  const [count, interval] = [number('samples', asked === undefined ? 1 : 5, 1), number('interval', 200, 1)];
  if (read('/proc/self/status') === undefined) {
    throw new np.ArgumentError('processes cannot be looked at here: there is no /proc', 'use it on Linux', {});
  }
  const own = asked === undefined;
  if (own) np.matmul(np.ones([256, 256]), np.ones([256, 256])); // so that a BLAS is chosen
  const of = readAs(read, own ? 'self' : pid);
  const facts = factsOf(of, pid, await samplesOf(of, pid, count, interval));
  if (facts === undefined) throw gone(pid);
  const runtime = own ? np.runtime() : undefined;
  const findings = [...(runtime === undefined ? [] : ownFindings(runtime)), ...findingsOf(facts)];
  if (given.flag('json')) {
    const { memory, blas, engine } = runtime ?? {};
    process.stdout.write(`${JSON.stringify({ facts, engine, blas, memory, findings }, null, 2)}\n`);
  } else {
    process.stdout.write(`${printable(facts.command)} (${pid})\n\n${table(factRows(facts, runtime), '  ', 'left')}\n`);
    process.stdout.write(findings.length === 0 ? 'Nothing is wrong.\n' : findings.map(findingText).join('\n'));
  }
  return findings.some((f) => f.severity === 'error') ? 1 : 0;
}

function factRows(facts: ProcessFacts, runtime: np.RuntimeReport | undefined): string[][] {
  const { processors, quotas, memoryLimits, variables, libraries, samples, hugePages } = facts;
  const last = samples[samples.length - 1];
  const rows = [['processors', `${processorsOf(facts)} of ${processors}`]];
  for (const { processors: quota, source } of quotas) rows.push(['quota', `${quota} processors (${source})`]);
  rows.push(['threads', String(last.threads)], ['memory', `${bytesText(last.rss)} resident`]);
  for (const { bytes, source } of memoryLimits) rows.push(['memory limit', `${bytesText(bytes)} (${source})`]);
  if (hugePages !== undefined) rows.push(['large pages', hugePages]);
  for (const [name, value] of Object.entries(variables)) rows.push([name, printable(value)]);
  for (const { name, file } of libraries) rows.push([name, printable(file)]);
  if (runtime !== undefined) {
    const { engine, blas, threads } = runtime;
    const features = [
      engine.simd && 'SIMD',
      engine.relaxedSimd && 'relaxed SIMD',
      engine.sharedMemory && 'shared memory',
    ];
    rows.push(['engine', `${engine.runtime}: ${features.filter(Boolean).join(', ')}`]);
    rows.push(['pool', `${threads.size} threads (${threads.source})`]);
    rows.push(['linear algebra', `${blas.provider}${blas.library === undefined ? '' : `: ${blas.library}`}`]);
  }
  return rows;
}

const findingText = ({ severity, id, what, evidence, fix }: Finding): string =>
  `${severity}: ${what} [${id}]\n${evidence.map((line) => `    ${printable(line)}\n`).join('')}  fix: ${fix}\n`;

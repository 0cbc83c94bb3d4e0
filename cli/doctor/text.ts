// Facts and findings as rows for a terminal and for the page.
import { type Finding, processorsOf } from '../../src/diag/doctor/findings.ts';
import type { ProcessFacts } from '../../src/diag/doctor/process_facts.ts';
import type * as np from '../../src/index.ts';
import { bytesText, printable } from '../amounts.ts';
import type { Paint } from '../colour.ts';

const present = (rows: readonly (readonly [string, string | undefined | false])[]): [string, string][] =>
  rows.flatMap(([name, value]): [string, string][] => (value ? [[name, printable(value)]] : []));

/** The machine. */
export function machineRows({ machine: m }: ProcessFacts): [string, string][] {
  const waiting = Object.entries(m.pressure).flatMap(([name, share]) => (share ? [`${name} ${share} %`] : []));
  return present([
    ['processor', m.model],
    ['SIMD', m.simd],
    [
      'memory',
      m.memory !== undefined &&
        `${bytesText(m.memory)}${m.available === undefined ? '' : `, ${bytesText(m.available)} available`}`,
    ],
    ['large pages', m.hugePages],
    ['waited for', waiting.length > 0 && `${waiting.join(', ')} of the last 10 s`],
  ]);
}

/** The process. */
export function processRows(facts: ProcessFacts): [string, string][] {
  const { processors, quotas, memoryLimits, variables, libraries, samples, machine } = facts;
  const last = samples[samples.length - 1];
  const [first] = samples;
  const peak = facts.peak === undefined ? '' : `, at most ${bytesText(facts.peak)}`;
  const used = samples.length > 1 && `${((last.ran - first.ran) / last.time).toFixed(1)} on average`;
  return present([
    ['program', facts.engine],
    ['processors', `${processorsOf(facts)} of ${machine.processors ?? processors}`],
    ...quotas.map(({ processors: quota, source }) => ['quota', `${quota} processors (${source})`] as const),
    ['threads', last.threads > 0 && `${last.threads}, ${last.runnable} could run`],
    ['processor use', used],
    [
      'memory',
      `${bytesText(last.rss)} resident${peak}${last.swapped > 0 ? `, ${bytesText(last.swapped)} swapped out` : ''}`,
    ],
    ...memoryLimits.map(({ bytes, source }) => ['memory limit', `${bytesText(bytes)} (${source})`] as const),
    ['addresses', facts.addressLimit !== undefined && `${bytesText(facts.addressLimit)} at most`],
    ...Object.entries(variables),
    ...libraries.map(({ name, file }) => [name, file] as const),
  ]);
}

/** What Orthant says of itself in this process. */
export function runtimeRows({ engine, blas, threads, memory, settings }: np.RuntimeReport): [string, string][] {
  const features = [
    engine.simd && 'SIMD',
    engine.relaxedSimd && 'relaxed SIMD',
    engine.sharedMemory && 'shared memory',
  ];
  const limit = settings['memory.limit']?.source;
  return present([
    ['engine', `${engine.runtime}: ${features.filter(Boolean).join(', ')}`],
    ['pool', `${threads.size} threads (${threads.source})`],
    ['linear algebra', `${blas.provider}${blas.library === undefined ? '' : `: ${blas.library}`}`],
    ['chosen by', blas.why],
    ['arrays', `${bytesText(memory.limit)} at most (${limit ?? 'default'})`],
  ]);
}

const styles = { error: 'bad', warning: 'warning', note: 'quiet' } as const;

export const findingText = ({ severity, id, what, evidence, fix }: Finding, paint: Paint): string =>
  `${paint(styles[severity], `${severity}:`)} ${what} ${paint('quiet', `[${id}]`)}\n${evidence
    .map((line) => `    ${printable(line)}\n`)
    .join('')}  fix: ${fix}\n`;

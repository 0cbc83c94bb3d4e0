// `orthant doctor` as users run it: on itself, on processes that really run, on none.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { findNumpy } from '../../tools/requirements.ts';
import { useCli } from './_cli.ts';

const { run } = useCli();
const numpy = findNumpy();
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that prints a line when it is ready, and waits. */
async function started(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout ?? child, 'data');
  return String(child.pid);
}
const node = (env: Record<string, string>): Promise<string> =>
  started(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], env);

interface Report {
  readonly facts: { readonly command: string; readonly libraries: readonly { readonly name: string }[] };
  readonly findings: readonly { readonly id: string; readonly severity: string }[];
}

test('itself', async () => {
  const { status, output, errors } = await run('doctor');
  expect(errors).toBe('');
  expect([0, 1]).toContain(status); // as this machine is
  for (const row of ['processors', 'threads', 'memory', 'engine', 'pool', 'linear algebra']) {
    expect(output).toMatch(new RegExp(`^ {2}${row} +\\S`, 'm'));
  }
});

test.runIf(process.platform === 'linux')('a process that asks for too many threads', async () => {
  const pid = await node({ OMP_NUM_THREADS: '9999', OPENBLAS_NUM_THREADS: '2' });
  const { status, output } = await run('doctor', '--pid', pid, '--samples', '2', '--interval', '10');
  expect(status).toBe(1);
  expect(output).toContain('error: more threads are asked for');
  expect(output).toContain('OMP_NUM_THREADS=9999');
  expect(output).toContain('warning: thread variables contradict each other');
  const json: Report = JSON.parse((await run('doctor', '--pid', pid, '--samples', '1', '--json')).output);
  expect(json.findings.map((f) => f.id)).toContain('threads.more-than-processors');
});

test.runIf(process.platform === 'linux' && numpy !== undefined)('Python with NumPy', async () => {
  const both =
    'import numpy, time\ntry:\n import scipy.linalg\nexcept ImportError: pass\nprint(1, flush=True)\ntime.sleep(60)';
  const pid = await started(numpy?.python ?? '', ['-c', both], { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' });
  const { output } = await run('doctor', '--pid', pid, '--samples', '1', '--json');
  const { facts, findings }: Report = JSON.parse(output);
  expect(facts.command).toContain('import numpy');
  const copies = facts.libraries.filter((l) => /BLAS|MKL|BLIS/.test(l.name)).length;
  expect(copies).toBeGreaterThan(0);
  expect(findings.some((f) => f.id === 'blas.copies')).toBe(copies > 1);
});

test.each<[args: string[], status: number, message: RegExp]>([
  [['--pid', '4194305'], 1, /there is no process 4194305/],
  [['--pid', 'abc'], 2, /--pid takes a whole number/],
  [['--pid', '0'], 2, /--pid takes a whole number/],
  [['--samples', '0'], 2, /--samples takes a whole number/],
  [['7'], 2, /unexpected argument '7'/],
])('doctor %j', async (args, status, message) => {
  const outcome = await run('doctor', ...args);
  expect(outcome.status).toBe(status);
  expect(outcome.errors).toMatch(message);
  expect(outcome.output).toBe('');
});

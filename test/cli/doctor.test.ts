// `orthant doctor` as users run it: on itself, on processes that really run, on none, and where there is no /proc.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { doctor, doctorOn } from '../../cli/doctor/command.ts';
import { denied, type Host, thisHost } from '../../cli/doctor/host.ts';
import { findScipy } from '../../tools/requirements.ts';
import { runHere, useFolder } from './_here.ts';

const at = useFolder();
const run = (...args: readonly string[]) => runHere(doctor, ...args);
const linux = process.platform === 'linux';
const python = findScipy();
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that prints a line when it is ready, and goes on. */
async function started(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout ?? child, 'data');
  return String(child.pid);
}
const node = (env: Record<string, string>, code = 'setInterval(() => {}, 1000)'): Promise<string> =>
  started(process.execPath, ['-e', `console.log(1); ${code}`], env);

interface Report {
  readonly facts: {
    readonly command: string;
    readonly engine: string;
    readonly libraries: readonly { readonly name: string; readonly file: string }[];
    readonly samples: readonly { readonly rss: number; readonly ran: number }[];
    readonly variables: Readonly<Record<string, string>>;
  };
  readonly findings: readonly { readonly id: string; readonly severity: string; readonly evidence: string[] }[];
}

async function reportOn(pid: string, ...args: readonly string[]): Promise<Report> {
  const { output, errors } = await run('--pid', pid, '--json', ...args);
  expect(errors).toBe('');
  return JSON.parse(output);
}

test('itself', async () => {
  const page = at('doctor.html');
  const { status, output, errors } = await run('--html', page);
  expect(errors).toBe('');
  expect([0, 1]).toContain(status); // as this machine is
  for (const row of [
    'processors',
    'memory',
    'engine',
    'pool',
    'linear algebra',
    'chosen by',
    ...(linux ? ['SIMD'] : []),
  ]) {
    expect(output).toMatch(new RegExp(`^ {2}${row} +\\S`, 'm'));
  }
  const html = readFileSync(page, 'utf8');
  expect(html).toContain('<h2>Findings</h2>');
  expect(html).not.toMatch(/<script|src="http/);
});

describe.runIf(linux)('processes', () => {
  test('one that asks for too many threads', async () => {
    const pid = await node({ OMP_NUM_THREADS: '9999', OPENBLAS_NUM_THREADS: '2' });
    const page = at('threads.html');
    const { status, output } = await run('--pid', pid, '--samples', '2', '--interval', '10', '--html', page);
    expect(status).toBe(1);
    expect(output).toContain('error: more threads are asked for');
    expect(output).toContain('OMP_NUM_THREADS=9999');
    expect(output).toContain('warning: thread variables contradict each other');
    expect(readFileSync(page, 'utf8')).toContain('<svg');
  });

  test('one that grows', { retry: 3 }, async () => {
    const grow = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(2e7, 1)), 10)';
    const pid = await node({}, grow);
    const { facts, findings } = await reportOn(pid, '--samples', '3', '--interval', '150');
    expect(facts.samples.map((s) => s.rss)).toEqual([...facts.samples.map((s) => s.rss)].sort((a, b) => a - b));
    expect(findings.map(({ id }) => id)).toContain('memory.grows');
  });

  test('one that ends while it is watched, and one that has ended', async () => {
    const pid = await node({}, 'setTimeout(() => {}, 300)');
    const { status, output, errors } = await run('--pid', pid, '--samples', '50', '--interval', '100');
    expect([status, output]).toEqual([1, '']);
    expect(errors).toMatch(
      /^orthant doctor: (process \d+ ended while it was watched, after \d+ looks|there is no process \d+).*\n$/,
    );
    // A shell that does not ask how its child ended leaves it a zombie.
    const parent = await started('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60']);
    const children = `/proc/${parent}/task/${parent}/children`;
    const zombie = existsSync(children) ? readFileSync(children, 'utf8').trim() : '';
    if (zombie === '') return; // a kernel that does not list them
    await vi.waitUntil(() => readFileSync(`/proc/${zombie}/status`, 'utf8').includes('State:\tZ'), { timeout: 10_000 });
    const refused = await run('--pid', zombie);
    expect(refused.status).toBe(1);
    expect(refused.errors).toMatch(/process \d+ has ended, and its parent has not asked how; to fix it: /);
  });
});

describe.runIf(linux && python !== undefined)('Python with NumPy and SciPy from wheels', () => {
  const both = 'import numpy, scipy.linalg, time\nprint(1, flush=True)\ntime.sleep(60)';
  const busy = `import numpy, threading
a = numpy.ones((400, 400))
def work():
    while True: a @ a
for _ in range(8): threading.Thread(target=work).start()
print(1, flush=True)`;

  test('two copies of a BLAS are found, and who brought them', async () => {
    const pid = await started(python ?? '', ['-c', both], { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' });
    const { facts, findings } = await reportOn(pid, '--samples', '1');
    expect(facts.engine).toMatch(/^Python 3\.\d+$/);
    expect(facts.command).toContain('import numpy');
    const copies = facts.libraries.filter(({ name }) => name === 'OpenBLAS').map(({ file }) => file);
    expect(copies).toHaveLength(2);
    const finding = findings.find(({ id }) => id === 'blas.copies');
    expect(finding?.severity).toBe('warning');
    for (const file of copies) expect(finding?.evidence.join('\n')).toContain(file);
    expect(findings.map(({ id }) => id)).not.toContain('threads.more-than-processors');
  });

  test('more threads than processors, told by the variable', async () => {
    const pid = await started(python ?? '', ['-c', both], { OPENBLAS_NUM_THREADS: '999' });
    const { facts, findings } = await reportOn(pid, '--samples', '1');
    expect(facts.variables.OPENBLAS_NUM_THREADS).toBe('999');
    expect(findings.find(({ id }) => id === 'threads.more-than-processors')?.severity).toBe('error');
  });

  // No variable tells of a program's own threads that each multiply: what they do does. One processor for all of them,
  // so that it is the same on every machine.
  test.runIf(existsSync('/usr/bin/taskset'))(
    'more threads than processors, told by what they do',
    { retry: 3 },
    async () => {
      const pid = await started('taskset', ['-c', '0', python ?? '', '-c', busy], { OPENBLAS_NUM_THREADS: '1' });
      const { facts, findings } = await reportOn(pid, '--samples', '4', '--interval', '100');
      expect(facts.variables).toEqual({ OPENBLAS_NUM_THREADS: '1' });
      expect(findings.find(({ id }) => id === 'threads.crowded')?.severity).toBe('error');
    },
  );
});

describe('other systems', () => {
  const without: Host = { ...thisHost, read: () => undefined, list: () => undefined };

  test('without /proc this process is told about by the runtime', async () => {
    const { status, output, errors } = await runHere(doctorOn(without));
    expect([0, 1]).toContain(status);
    expect(errors).toBe('');
    expect(output).toMatch(/^ {2}processors +\d/m);
    expect(output).toMatch(/^ {2}linear algebra +\S/m);
  });

  test('without /proc no other can be looked at', async () => {
    const { status, output, errors } = await runHere(doctorOn(without), '--pid', '1');
    expect([status, output]).toEqual([1, '']);
    expect(errors).toMatch(/there is no \/proc; to fix it: use it on Linux\n$/);
  });

  test('a process of another user', async () => {
    const refusing: Host = {
      ...thisHost,
      read: (path) => {
        if (path === '/proc/7/status') return 'Name:\tx\nState:\tS\nTgid:\t7\nPid:\t7\nVmRSS:\t8 kB\n';
        if (path.startsWith('/proc/7/')) throw denied(7, path);
        return '';
      },
    };
    const { status, output, errors } = await runHere(doctorOn(refusing), '--pid', '7');
    expect([status, output]).toEqual([1, '']);
    expect(errors).toMatch(/^orthant doctor: process 7 may not be looked at by this user: .*; to fix it: .*sudo\)\n$/);
  });
});

test.each<[args: string[], status: number, message: RegExp]>([
  [['--pid', '4194305'], 1, linux ? /there is no process 4194305/ : /there is no \/proc/],
  [['--pid', 'abc'], 2, /--pid takes a whole number/],
  [['--pid', '0'], 2, /--pid takes a whole number/],
  [['--samples', '0'], 2, /--samples takes a whole number/],
  [['--html', '/no/such/folder/page.html'], 1, /no such file/],
  [['7'], 2, /unexpected argument '7'/],
])('doctor %j', async (args, status, message) => {
  const outcome = await run(...args);
  expect(outcome.status).toBe(status);
  expect(outcome.errors).toMatch(message);
  if (!args.includes('--html')) expect(outcome.output).toBe('');
});

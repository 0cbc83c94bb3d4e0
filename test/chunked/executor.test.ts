// Plans as plain data, and blocks computed by others: the same bits, each block once, whoever computes which.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChunkedArray } from '../../src/chunked/array.ts';
import { inline } from '../../src/chunked/executor.ts';
import * as np from '../../src/index.ts';
import { bundled } from './_bundle.ts';
import { storeOf } from './_stores.ts';

const values = np.sin(np.arange(512 * 256)).reshape(512, 256) as np.NDArray;
let directory: string;
let path: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'chunked-executor-'));
  path = join(directory, 'values.npy');
  await np.save(path, values);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const open = (): Promise<ChunkedArray> => np.chunked.open(path, { chunks: [64, 256] });
const bytes = (x: unknown): string =>
  x instanceof np.NDArray ? `${x.dtype.name} ${x.shape} ${Buffer.from(x.tobytes()).toString('base64')}` : String(x);
const throughText = async (a: ChunkedArray): Promise<ChunkedArray> =>
  (await np.chunked.fromJSON(JSON.parse(JSON.stringify(np.chunked.toJSON([a])))))[0];

const plans: [string, (a: ChunkedArray) => ChunkedArray][] = [
  ['elementwise', (a) => a.add(1).sqrt().multiply(a)],
  ['odd numbers', (a) => a.add(Number.NaN).maximum(Number.NEGATIVE_INFINITY).add(-0)],
  ['integers and complex numbers', (a) => a.astype('int64').add(3n).multiply(new np.Complex(1, -2))],
  ['an array in memory', (a) => a.subtract(np.arange(256))],
  ['a mask', (a) => a.sum(0, { where: a.greater(0) as never })],
  ['views', (a) => a.get('3:400:3', '::-2').transpose()],
  ['reductions', (a) => a.std(0).add(a.max(0)).add(a.argmin(0))],
  ['a full reduction', (a) => a.var({ ddof: 1 })],
  ['other blocks', (a) => a.add(1).rechunk([512, 32]).multiply(2)],
  ['running sums', (a) => np.chunked.cumsum(a, 0)],
  ['products', (a) => np.chunked.matmul(a.transpose(), a)],
  ['nothing but a file', (a) => a],
  [
    'made of nothing',
    () => np.chunked.arange(0, 1000, 1, { chunks: 100 }).add(np.chunked.full([1000], 2, { chunks: 100 })),
  ],
];

describe('a plan that was written down', () => {
  it.each(plans)('%s: the same bits', async (_, make) => {
    const plan = make(await open());
    expect(bytes(await (await throughText(plan)).compute())).toBe(bytes(await plan.compute()));
  });

  it('cannot hold functions of users, nor arrays that are nowhere', async () => {
    const own = np.ufunc({ name: 'next', nin: 1, body: (x: { add(n: number): unknown }) => x.add(1) } as never);
    expect(() => np.chunked.toJSON([own(np.chunked.ones([4]) as never) as never])).toThrow(/function of yours/);
    expect(() => np.chunked.toJSON([np.chunked.from(storeOf(values))])).toThrow(/nowhere/);
  });

  it.each([[null], [{}], [{ version: 2 }], [{ version: 1, nodes: [], operations: [], results: [0] }]])(
    '%j is none',
    async (plan) => {
      const made = np.chunked.fromJSON(plan as never).then(([a]) => a.compute());
      await expect(made).rejects.toThrow();
    },
  );
});

describe('blocks computed by others', () => {
  it.each(plans)('%s: the same bits by jobs', async (_, make) => {
    const plan = make(await open());
    const made = await plan.compute({ memory: '16MB', workspace: directory, executor: { ...inline, jobs: 3 } });
    expect(bytes(made)).toBe(bytes(await plan.compute({ memory: '16MB' })));
    expect(readdirSync(directory)).toEqual(['values.npy']);
  });

  it('that leave blocks out: they are computed here', async () => {
    const plan = (await open()).add(1).rechunk([512, 32]).std(0);
    const lazy: np.chunked.Executor = {
      name: 'does the first job',
      jobs: 2,
      run: async ([first]) => void (await np.chunked.runJob(first)),
    };
    const made = await plan.compute({ memory: '16MB', workspace: directory, executor: lazy });
    expect(bytes(made)).toBe(bytes(await plan.compute({ memory: '16MB' })));
  });

  it('one half in a second process', async () => {
    const module = await bundled('test/chunked/_worker.ts');
    const child = spawn(process.execPath, [module.path], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const there: number[] = [];
    const here: number[] = [];
    const halves: np.chunked.Executor = {
      name: 'two processes',
      jobs: 2,
      async run(jobs) {
        const [first, ...others] = jobs;
        child.stdin.write(`${JSON.stringify(first)}\n`);
        for (const job of others) here.push(await np.chunked.runJob(job));
        there.push(Number((await lines.next()).value));
      },
    };
    try {
      const plan = (await open()).add(1).rechunk([512, 32]).multiply(2).std(0);
      const made = await plan.compute({ memory: '16MB', workspace: directory, executor: halves });
      expect(bytes(made)).toBe(bytes(await plan.compute({ memory: '16MB' })));
      expect(there[0]).toBe(4);
      expect(here[0]).toBe(4);
      expect(existsSync(join(directory, 'orthant-run'))).toBe(false);
    } finally {
      child.stdin.end();
      module.remove();
    }
  });
});

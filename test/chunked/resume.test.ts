// Runs that are taken up again: after an abort, after a failure, and after their process was killed. What an earlier run has
// finished is not computed again, what is damaged is, and another plan is refused.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChunkedArray } from '../../src/chunked/array.ts';
import * as np from '../../src/index.ts';
import { bundled } from './_bundle.ts';
import { killable } from './_plan.ts';
import { storeOf, targetOf } from './_stores.ts';

const MB = 1e6;
let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'chunked-resume-'));
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));
const run = (): string => join(workspace, 'orthant-run');

const values = np.sin(np.arange(512 * 512)).reshape(512, 512) as np.NDArray;
const expected = np.multiply(np.add(values, 1), 2) as np.NDArray;

/** Ends by itself after so many reads, if asked to. */
function plan(last = Number.POSITIVE_INFINITY, of = values) {
  const end = new AbortController();
  const store = storeOf(of, { before: (_, nth) => (nth > last ? end.abort('killed') : undefined) });
  const a = np.chunked.from(store, { chunks: [64, 512] });
  return { store, a, signal: end.signal, result: a.add(1).rechunk([512, 32]).multiply(2) };
}

describe('after an abort', () => {
  it.each([1, 3, 5, 8])('after %i reads: the same bits, and what was finished is not read again', async (last) => {
    const first = plan(last);
    const options = { memory: 12 * MB, workspace, resume: true };
    const ended = await first.result.compute({ ...options, signal: first.signal }).catch((e: unknown) => e);
    const second = plan();
    const made = await second.result.compute(options);
    expect(np.array_equal(made as np.NDArray, expected)).toBe(true);
    if (ended === 'killed') expect(second.store.reads).toBeLessThan(8 + (last < 4 ? 1 : 0));
    expect(existsSync(run())).toBe(false);
  });

  it('the blocks of stores are written again from what was finished', async () => {
    const first = plan(5);
    const options = { memory: 12 * MB, workspace, resume: true };
    const target = targetOf([512, 512]);
    const half = first.a.add(1).store(target, { ...options, signal: first.signal });
    await expect(half).rejects.toBe('killed');
    const second = plan();
    const whole = targetOf([512, 512]);
    await second.a.add(1).store(whole, options);
    expect(np.array_equal(whole.array, np.add(values, 1))).toBe(true);
    expect(second.store.reads).toBeLessThan(8);
  });

  it('small results of blocks are in the journal', async () => {
    const options = { memory: 12 * MB, workspace, resume: true };
    const first = plan(5);
    await expect(first.a.std().compute({ ...options, signal: first.signal })).rejects.toBe('killed');
    const second = plan();
    const made = await second.a.std().compute(options);
    expect(made).toBe(
      await plan()
        .a.std()
        .compute({ memory: 12 * MB }),
    );
    expect(second.store.reads).toBeLessThan(8);
  });
});

describe('what is damaged is computed again', () => {
  const options = () => ({ memory: 12 * MB, workspace, resume: true });
  const half = async (): Promise<string[]> => {
    const first = plan(6);
    await expect(first.result.compute({ ...options(), signal: first.signal })).rejects.toBe('killed');
    return readdirSync(run()).sort();
  };
  const blocks = (files: string[]): string[] => files.filter((f) => /^\d+-\d+-\d+$/.test(f));
  const finished = async (): Promise<void> => {
    expect(np.array_equal((await plan().result.compute(options())) as np.NDArray, expected)).toBe(true);
  };

  it('a block with a wrong byte', async () => {
    const [file] = blocks(await half());
    const bytes = readFileSync(join(run(), file));
    bytes[1000] ^= 1;
    writeFileSync(join(run(), file), bytes);
    await finished();
  });
  it('a block that was cut off, one that is gone, one of rubbish', async () => {
    const [first, second, third] = blocks(await half());
    truncateSync(join(run(), first), 77);
    rmSync(join(run(), second));
    writeFileSync(join(run(), third), 'rubbish');
    await finished();
  });
  it('a journal with rubbish at its end, and one that was cut off', async () => {
    const journals = (await half()).filter((f) => f.startsWith('stage-'));
    appendFileSync(join(run(), journals[0]), 'rubbish, and more of it');
    await finished();
    const again = (await half()).filter((f) => f.startsWith('stage-'));
    truncateSync(join(run(), again[0]), readFileSync(join(run(), again[0])).length - 3);
    await finished();
  });
  it('files that were being written do no harm', async () => {
    await half();
    writeFileSync(join(run(), '0-0-7.tmp'), 'half a block');
    await finished();
  });
});

describe('another plan is refused, and says what differs', () => {
  it.each<[string, (a: ChunkedArray) => ChunkedArray, RegExp]>([
    ['another operation', (a) => a.subtract(1).rechunk([512, 32]).multiply(2), /"name":"subtract"/],
    ['another number', (a) => a.add(3).rechunk([512, 32]).multiply(2), /held 3/],
    ['other blocks', (a) => a.add(1).rechunk([512, 64]).multiply(2), /\(512,64\)/],
  ])('%s', async (_, other, difference) => {
    const options = { memory: 12 * MB, workspace, resume: true };
    const first = plan(5);
    await expect(first.result.compute({ ...options, signal: first.signal })).rejects.toBe('killed');
    const second = plan();
    const failed = (await other(second.a)
      .compute(options)
      .catch((e: unknown) => e)) as np.ArgumentError;
    expect(failed).toBeInstanceOf(np.ArgumentError);
    expect(failed.message).toMatch(difference);
    expect(second.store.reads).toBe(0);
    expect(np.array_equal((await plan().result.compute(options)) as np.NDArray, expected)).toBe(true);
  });
});

describe('a process that was killed', () => {
  it('is taken up by another, with the same bits and fewer reads', async () => {
    const module = await bundled('test/chunked/_killed.ts');
    try {
      const child = spawn(process.execPath, [module.path, workspace], { stdio: 'inherit' });
      const ended = new Promise((done) => child.on('exit', (_, signal) => done(signal)));
      const journal = (): number =>
        existsSync(run()) ? readdirSync(run()).filter((f) => /^\d+-\d+-\d+$/.test(f)).length : 0;
      while (journal() < 4 && child.exitCode === null) await new Promise((go) => setTimeout(go, 5));
      child.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');
      const { store, result, values: all } = await killable(0);
      const made = (await result.compute({ memory: '12MB', workspace, resume: true })) as np.NDArray;
      const whole = (await (await killable(0)).result.compute({ memory: '12MB' })) as np.NDArray;
      expect(np.array_equal(made, whole)).toBe(true);
      expect(np.allclose(made, np.std(np.multiply(np.add(all, 1), 2), 0))).toBe(true);
      expect(store.reads).toBeLessThanOrEqual(12);
      expect(existsSync(run())).toBe(false);
    } finally {
      module.remove();
    }
  });
});

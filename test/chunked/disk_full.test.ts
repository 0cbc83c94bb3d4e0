// A full disk: a clear error, nothing half written, nothing left behind. The disk is the real one with a limit of its own.
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { allowedMemory } from '../../src/chunked/allowed.ts';
import { resultNode } from '../../src/chunked/compute.ts';
import { planOf } from '../../src/chunked/plan.ts';
import { project } from '../../src/chunked/projection.ts';
import { runPlan } from '../../src/chunked/run.ts';
import { ArrayTarget } from '../../src/chunked/target.ts';
import * as np from '../../src/index.ts';
import { storeOf } from './_stores.ts';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'chunked-full-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

/** A file system on which no more than so many bytes can be written. */
function small(room: number): typeof fs {
  let left = room;
  return Object.assign(Object.create(fs), {
    write(
      fd: number,
      bytes: Uint8Array,
      from: number,
      length: number,
      at: number,
      done: (e: unknown, n: number) => void,
    ) {
      const taken = Math.min(length, left);
      left -= taken;
      const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      if (taken === 0) setImmediate(() => done(full, 0));
      else fs.write(fd, bytes, from, taken, at, done);
    },
  }) as typeof fs;
}

const values = np.arange(512 * 512).reshape(512, 512) as np.NDArray;

function run(room: number) {
  const a = np.chunked.from(storeOf(values), { chunks: [64, 512] });
  const result = resultNode(a.add(1).rechunk([512, 32]).multiply(2).node);
  const allowed = allowedMemory('6MB', 'test');
  const plan = planOf([result], allowed.bytes);
  const target = new ArrayTarget(result);
  const targets = new Map([[result, target]]);
  return runPlan(plan, targets, project(plan, targets, allowed), { workspace: directory, fs: small(room) });
}

it.each([0, 10, 100_000, 300_000])('after %i bytes: what is missing where, and nothing left', async (room) => {
  const live = np.memory.snapshot().live;
  const failed = (await run(room).catch((e: unknown) => e)) as np.OrthantError;
  expect(failed).toBeInstanceOf(np.OrthantError);
  expect(failed.message).toMatch(/the disk is full: 256 KiB were to be written, .* are free/);
  expect(failed.message).toContain(directory);
  expect(failed.facts).toMatchObject({ code: 'ENOSPC', needed: 64 * 512 * 8 });
  expect(fs.readdirSync(directory)).toEqual([]);
  expect(np.memory.snapshot().live - live).toBeLessThan(3e6); // the result that the target holds
});

it('large enough: done', async () => {
  expect((await run(1e7)).spilled).toBeGreaterThan(0);
});

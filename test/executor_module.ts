// The module that executors start with, bundled for the tests that want one: threads do not load TypeScript. Built at
// the first request of a run, removed when the run ends.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { bundledText } from '../tools/bundled_text.mjs';

/** Where the bundle is: the runner's process names it for all processes of the run. */
export const executorModule: string =
  process.env.ORTHANT_EXECUTOR ?? resolve('node_modules/.cache/orthant', `executor.${process.pid}.mjs`);

/** Builds it, unless another test file has. */
export async function buildExecutor(): Promise<void> {
  if (existsSync(executorModule)) return;
  const unfinished = `${executorModule}.${process.pid}`;
  await build({
    entryPoints: ['src/executor.ts'],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    plugins: [bundledText],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  renameSync(unfinished, executorModule);
}

/** Called by the runner at the end. */
export function teardown(): void {
  rmSync(executorModule, { force: true });
}

// Runs the command as users do: cli/main.ts bundled once per test file, in a process of its own.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { bundledText } from '../../tools/bundled_text.mjs';

export interface Outcome {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

/** A folder for the tests of this file, and the command; made before and removed after them. */
export function useCli() {
  // Inside the project, so that packages are found.
  const bundle = resolve(`node_modules/.cache/orthant/cli.${process.pid}`);
  const main = join(bundle, 'main.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'orthant-cli-'));
  beforeAll(async () => {
    await build({
      entryPoints: ['cli/main.ts'],
      outdir: bundle,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true, // as in dist/: a command loads what it needs
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      plugins: [bundledText],
      logLevel: 'warning',
    });
  });
  afterAll(() => {
    rmSync(bundle, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (...args: readonly string[]): Promise<Outcome> =>
    new Promise((done) => {
      execFile(process.execPath, [main, ...args], (error, output, errors) =>
        done({ status: error === null ? 0 : Number(error.code), output, errors }),
      );
    });
  return { run, main, at: (name: string) => join(folder, name) };
}

// Bundles the module that executors start with, once per run: threads do not load TypeScript.
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** Where the bundle is. */
export const executorModule: string = resolve('node_modules/.cache/orthant', `executor.${process.pid}.mjs`);

export async function setup(): Promise<void> {
  await build({
    entryPoints: ['src/executor.ts'],
    outfile: executorModule,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

export function teardown(): void {
  rmSync(executorModule, { force: true });
}

// Modules of these tests for processes of their own: bundled, as Node does not take TypeScript everywhere.
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { bundledText } from '../../tools/bundled_text.mjs';

/** The path of a bundled module, and its end. */
export async function bundled(entry: string): Promise<{ readonly path: string; remove(): void }> {
  const path = resolve(`node_modules/.cache/orthant/${entry.replace(/\W+/g, '_')}.${process.pid}.mjs`);
  await build({
    entryPoints: [entry],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    plugins: [bundledText],
  });
  return { path, remove: () => rmSync(path, { force: true }) };
}

// Runs a TypeScript file: `node tools/run.mjs tools/layers.ts [arguments]`. Node 20 cannot strip types, so esbuild
// bundles the file first; packages stay imports. Paths in tools are relative to the project's root, which is the
// working directory of npm scripts.
import { mkdirSync, rmSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundledText } from './bundled_text.mjs';

const [file, ...rest] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node tools/run.mjs file.ts [arguments]');
  process.exit(2);
}
const folder = resolve('node_modules/.cache/orthant');
mkdirSync(folder, { recursive: true });
const outfile = resolve(folder, `${basename(file, '.ts')}.${process.pid}.mjs`);
process.on('exit', () => rmSync(outfile, { force: true }));
await build({
  entryPoints: [file],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  plugins: [bundledText],
  sourcemap: 'inline',
  logLevel: 'warning',
});
process.setSourceMapsEnabled(true);
process.argv = [process.argv[0], resolve(file), ...rest];
await import(pathToFileURL(outfile).href);

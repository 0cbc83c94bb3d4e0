// Builds dist/: code by esbuild (entry points with shared chunks), types by tsc. The entry points are read from
// package.json: `exports` ./dist/name.js comes from src/name.ts, `bin` ./dist/cli.js from cli/main.ts.
// Run: node tools/run.mjs tools/build.ts [--if-stale]
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { bundledInputs, bundledText } from './bundled_text.mjs';
import { buildIsFresh, sourceStamp } from './stamp.mjs';

interface Manifest {
  exports: Record<string, string | { default: string }>;
  bin: Record<string, string>;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'));

/** Output name to source file, for the sources that exist. */
function entryPoints(): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const target of Object.values(manifest.exports)) {
    const name = /^\.\/dist\/(.+)\.js$/.exec(typeof target === 'string' ? target : target.default)?.[1];
    if (name !== undefined) entries[name] = `src/${name}.ts`;
  }
  for (const target of Object.values(manifest.bin)) {
    const name = /^(?:\.\/)?dist\/(.+)\.js$/.exec(target)?.[1];
    if (name !== undefined && existsSync('cli/main.ts')) entries[name] = 'cli/main.ts';
  }
  return entries;
}

async function code(): Promise<void> {
  const { metafile } = await build({
    entryPoints: entryPoints(),
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    chunkNames: 'chunks/[name]-[hash]',
    sourcemap: true,
    sourcesContent: false,
    // Less to parse at import; names and lines stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    legalComments: 'none',
    metafile: true,
    external: [
      'node:*',
      ...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies }),
    ],
    // Engines without explicit resource management: the symbol that compilers' helpers look for instead.
    define: { 'Symbol.dispose': 'disposeSymbol', 'Symbol.asyncDispose': 'asyncDisposeSymbol' },
    inject: ['tools/dispose_symbols.mjs'],
    plugins: [bundledText],
    logLevel: 'warning',
  });
  writeFileSync('dist/THIRD_PARTY.txt', notices([...Object.keys(metafile.inputs), ...bundledInputs]));
}

/** The licence texts of the packages whose code was bundled. */
function notices(inputs: readonly string[]): string {
  const packages = new Set<string>();
  for (const input of inputs) {
    const name = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name !== undefined) packages.add(name);
  }
  const texts = [...packages].sort().map((name) => {
    const folder = `node_modules/${name}`;
    const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
    const text = file === undefined ? `Licence: ${license}` : readFileSync(`${folder}/${file}`, 'utf8').trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  return `Code of these packages is part of the bundles.\n\n${texts.join('\n----\n\n')}`;
}

function types(): void {
  const args = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error('tsc found errors');
}

if (process.argv[2] !== '--if-stale' || !buildIsFresh()) {
  const stamp = sourceStamp(); // before the build: a file saved meanwhile makes it stale
  const start = performance.now();
  rmSync('dist', { recursive: true, force: true });
  await code();
  types();
  writeFileSync('dist/.stamp', stamp);
  console.log(`built ${Object.keys(entryPoints()).join(', ')} in ${Math.round(performance.now() - start)} ms`);
}

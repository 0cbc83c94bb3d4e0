// Packs the package as npm would publish it, unpacks it into an empty project, and compiles and runs a user's file
// against it: catches files that `files` forgot, exports that lead nowhere and types that do not resolve.
// Run after a build: node tools/run.mjs tools/package.ts
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = mkdtempSync(join(tmpdir(), 'orthant-package-'));
const run = (command: string, ...args: readonly string[]) =>
  execFileSync(command, args, { cwd: project, stdio: ['ignore', 'inherit', 'inherit'] });

try {
  const packing = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', project];
  const packed: { filename: string; size: number; files: { path: string }[] }[] = JSON.parse(
    execFileSync('npm', packing, { encoding: 'utf8' }),
  );
  const [{ filename, size, files }] = packed;
  const target = join(project, 'node_modules/orthant');
  mkdirSync(target, { recursive: true });
  run('tar', '-xzf', filename, '--strip-components=1', '-C', target);
  copyFileSync('test/package/consumer.ts', join(project, 'consumer.ts'));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const strict = '--strict --target es2022 --lib es2023,esnext.disposable,dom --types --skipLibCheck false'.split(' ');
  strict.splice(strict.indexOf('--types') + 1, 0, '');
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    run(process.execPath, tsc, ...strict, '--module', module, '--moduleResolution', resolution, 'consumer.ts');
    run(process.execPath, 'consumer.js');
  }
  const stray = files.filter(({ path }) => !/^(?:dist\/|README\.md|CHANGELOG\.md|LICENSE|package\.json)/.test(path));
  for (const { path } of stray) console.log(`error: ${path} should not be published`);
  console.log(`package: ${files.length} files, ${Math.round(size / 1024)} KiB packed`);
  process.exitCode = stray.length > 0 ? 1 : 0;
} finally {
  rmSync(project, { recursive: true, force: true });
}

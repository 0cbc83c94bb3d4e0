// Holds `import 'orthant'` to its limit: the best of several fresh processes, since a loaded machine only adds time.
// Run after a build: node tools/run.mjs tools/startup.ts
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const limit = 60; // milliseconds
const runs = 7;

const entry = pathToFileURL('dist/index.js').href;
const script = `const t = performance.now(); await import('${entry}'); console.log(performance.now() - t)`;
const times = Array.from({ length: runs }, () =>
  Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })),
);
const best = Math.min(...times);
console.log(`import: ${best.toFixed(1)} ms at best of ${runs}, ${limit} ms at most`);
process.exitCode = best <= limit ? 0 : 1;

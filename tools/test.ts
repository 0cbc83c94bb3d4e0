// `npm test`: Vitest with the arguments given, then what this machine left out and how to get it.
// With CI=true the counts also go to out/tests.json, where .ci/run reads them. Run: node tools/run.mjs tools/test.ts
import { spawnSync } from 'node:child_process';
import { requirements } from './requirements.ts';

const report =
  process.env.CI === 'true' ? ['--reporter=default', '--reporter=json', '--outputFile=out/tests.json'] : [];
const args = ['node_modules/vitest/vitest.mjs', 'run', ...report, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });

for (const [name, { find, leavesOut, get }] of Object.entries(requirements)) {
  if (find() === undefined) console.log(`left out, ${name} is absent: ${leavesOut} (${get})`);
}
process.exitCode = status ?? 1;

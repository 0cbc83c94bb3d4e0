// What `npm start` and `npm test` run first, so that a fresh clone needs no other command: installs the locked packages
// when node_modules does not hold them, and builds when the sources are not those of dist/. Quiet when there is
// nothing to do. Optional packages may be missing; that never fails.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const needed = '20.16.0';

function main() {
  if (compareVersions(process.versions.node, needed) < 0) {
    stop(`Node ${process.versions.node} is too old: Orthant needs ${needed} or newer`);
  }
  if (!installed()) {
    console.error('installing the locked packages (npm ci)');
    run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  run(process.execPath, ['tools/run.mjs', 'tools/build.ts', '--if-stale']);
}

/** Does node_modules hold every package of the lock, at its version? npm notes what it installed in a second lock. */
function installed() {
  const noted = 'node_modules/.package-lock.json';
  if (!existsSync(noted)) return false;
  const want = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const have = JSON.parse(readFileSync(noted, 'utf8')).packages;
  return Object.entries(want).every(
    ([path, { version, optional }]) => path === '' || optional || have[path]?.version === version,
  );
}

function compareVersions(a, b) {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

function run(command, args) {
  // Standard output stays clean for the command that follows; npm and the build speak on standard error.
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) stop(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
}

function stop(why) {
  console.error(why);
  process.exit(1);
}

main();
